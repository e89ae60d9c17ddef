# ruff: noqa: PLC0415 - what is imported is part of what is measured
"""Writing a workbook with its looks, links and drop-downs, against a bare write of the same cells.

    python -m benchmarks.workbook [--flags 20000] [--repeat 3]

Each measurement runs in a process of its own, ours and the bare ones taking turns; the fastest of each counts. The bare
writes put the same values in the same sheets, row by row, with no format, height, table, link or check. Memory is the peak
above what the imports and the rows took. ``--suppliers`` makes a sheet too big for memory, which goes to disk as it is written.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.process import Figures, above, in_turn, mib, peak_mib, run

UNITS = ("Äldreförvaltningen", "Individ- och familjeomsorgen", "Samhällsbyggnadsförvaltningen", "Serviceförvaltningen")
RULES = ("SKA-01", "SKA-02", "REG-01", "REG-02", "AGA-01", "AGA-12", "KRE-01")
ACTION = "Ta reda på vad skulden avser, verifiera beloppet vid källan, begär förklaring och bedöm proportionaliteten."
CAUTION = "Betald efter uttagsdatum; överklagad; böter, avgifter eller trängselskatt; förväxlat nummer."
ROWS_PER_SUPPLIER = 4
Sheets = Mapping[str, Sequence[Sequence[object]]]


def sheets(flags: int, suppliers: int) -> Sheets:
    """Rows as a run stores them: flags, their suppliers, and the answer behind each flag."""
    count = max(flags // ROWS_PER_SUPPLIER, suppliers, 1)
    return {
        "Flaggor": [_flag(number, count) for number in range(flags)],
        "Leverantörer": [_supplier(number) for number in range(count)],
        "Underlag": [_evidence(number, count) for number in range(flags)],
    }


def _who(number: int) -> list[object]:
    return [
        f"Leverantören {number} i Sjövika AB",
        f"5599{number // 10_000:02d}-{number % 10_000:04d}",
        f"{10_000 + number}",
    ]


def _flag(number: int, suppliers: int) -> list[object]:
    day = date(2026, 9, 1) + timedelta(days=number % 90)
    rule, unit = RULES[number % len(RULES)], UNITS[number % len(UNITS)]
    notice = ("", "Ny leverantör", "Handläggningen är försenad", "Avtal A-7 slutar 2026-12-31")[number % 4]
    return [
        _id(number), "Sjövika kommun", unit, "Upphandlare 3", rule, "Skuld i allmänna mål hos Kronofogden",
        ("KRITISK", "HÖG", "MEDEL", "LÅG")[number % 4], *_who(number % suppliers), f"A-{number}\nB-{number}", "2027-08-28",
        "Avtal", f"{number} kr i allmänna mål per {day} (gräns 10 000 kr). Andel av omsättningen: 0,5 %.", number, number * 31.5,
        day.isoformat(), "Kronofogden (skuldsammanställning)", number % 45, "LOU (2016:1145) 13:2 andra stycket; LOU 13:5",
        "får", ACTION, CAUTION, ("Ny", "Kvarstår", "Värre")[number % 3], "2026-09", day.isoformat(), None, None, None, None,
        None, None, notice, f"{_id(number)} M-2026-11-1 {number:016x}",
    ]  # fmt: skip


def _supplier(number: int) -> list[object]:
    states = ["OK", "FLAGGA", "EJ BEDÖMBAR", "EJ AKTUELL", "OK"]
    return [
        *_who(number), "Juridisk person", UNITS[number % len(UNITS)], number * 1_000, *states, "Iakttagelser", 2, "HÖG", 9,
        "Skuld i allmänna mål hos Kronofogden. 1 iakttagelse, under gränsen för fördjupad kontroll.", "",
    ]  # fmt: skip


def _evidence(number: int, suppliers: int) -> list[object]:
    return [
        _id(number), RULES[number % len(RULES)], *_who(number % suppliers), UNITS[number % len(UNITS)],
        f"public_debt_sek: {number} kr\nlimit_sek: 10 000 kr", "Skuldsaldo hos Kronofogden", "", "Kronofogden", "Myndighet",
        "2026-11-30", "2026-11-30 05:30", "", f"ref-{number}", f"{number:064x}",
    ]  # fmt: skip


def _id(number: int) -> str:
    return f"{RULES[number % len(RULES)]}-{number:08d}"


# --- the ways ---------------------------------------------------------------------------------------------------------
def ours(content: Sheets, path: Path) -> None:
    """The real writer."""
    from screening.report.layout import LAYOUTS
    from screening.report.workbook import Book, Page, render

    pages = [Page(LAYOUTS[name], LAYOUTS[name].names, rows) for name, rows in content.items()]
    made = datetime(2026, 11, 30, tzinfo=UTC)
    render(Book("bench", "Sjövika kommun", "M-2026-11-1", made, "sv", simulated=True, summary=[], pages=pages), path)


def bare_xlsxwriter(content: Sheets, path: Path) -> None:
    """XlsxWriter as it comes, but for texts that look like formulas or links."""
    import xlsxwriter

    from screening.report.layout import LAYOUTS

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as file:
        for name, rows in content.items():
            sheet = file.add_worksheet(name)
            sheet.write_row(0, 0, LAYOUTS[name].names)
            for number, row in enumerate(rows, start=1):
                sheet.write_row(number, 0, row)


def bare_openpyxl(content: Sheets, path: Path) -> None:
    """The quickest that openpyxl can do: it only appends rows."""
    import openpyxl

    from screening.report.layout import LAYOUTS

    file = openpyxl.Workbook(write_only=True)
    for name, rows in content.items():
        sheet = file.create_sheet(name)
        sheet.append(LAYOUTS[name].names)
        for row in rows:
            sheet.append(row)
    file.save(path)


WAYS = {"ours": ours, "xlsxwriter": bare_xlsxwriter, "openpyxl": bare_openpyxl}


def alone(way: str, flags: int, suppliers: int) -> Figures:
    """One measurement, in this process."""
    import xlsxwriter  # noqa: F401 - its import is no part of the writing

    content = sheets(flags, suppliers)
    write: Any = WAYS[way]
    write(sheets(1, 1), Path(tempfile.mkdtemp()) / "warm.xlsx")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out.xlsx"
        before, started = peak_mib(), time.process_time()
        write(content, path)
        return {"seconds": time.process_time() - started, "mib": above(before), "size": path.stat().st_size / 2**20}


def measured(flags: int, repeat: int, suppliers: int = 0) -> Sequence[Figures]:
    """Ours, bare XlsxWriter and bare openpyxl."""

    def way(name: str) -> Figures:
        return run("workbook", "--only", name, "--flags", flags, "--suppliers", suppliers)

    return in_turn(repeat, *((lambda name=name: way(name)) for name in WAYS))


def lines(flags: int, suppliers: int, found: Sequence[Figures]) -> Iterator[str]:
    """A table of what was measured."""
    cells = sum(len(row) for rows in sheets(min(flags, 100), 0).values() for row in rows) * flags // min(flags, 100)
    yield f"{flags:,} flags and {max(flags // ROWS_PER_SUPPLIER, suppliers):,} suppliers, about {cells:,} cells"
    for name, figures in zip(WAYS, found, strict=True):
        yield f"  {name:<12} {figures['seconds']:6.2f} s  {mib(figures['mib'])}  {figures['size']:.1f} MiB on disk"
    yield f"  ratio        {found[0]['seconds'] / min(item['seconds'] for item in found[1:]):6.2f} to the faster bare write"


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flags", type=int, default=20_000)
    parser.add_argument("--suppliers", type=int, default=0)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=tuple(WAYS))
    given = parser.parse_args()
    if given.only:
        print(json.dumps(alone(given.only, given.flags, given.suppliers)))
        return
    for line in lines(given.flags, given.suppliers, measured(given.flags, given.repeat, given.suppliers)):
        print(line)


if __name__ == "__main__":
    main()
