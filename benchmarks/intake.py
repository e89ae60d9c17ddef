# ruff: noqa: PLC0415 - what is imported is part of what is measured
"""Intake of a 1,000,000-row CSV ledger and a 100,000-row XLSX against bare ``pandas.read_*`` with a group-by.

    python -m benchmarks.intake [--rows 1000000] [--sheet-rows 100000] [--suppliers 9000]

Each measurement runs in a process of its own, ours and the bare script taking turns; the fastest of each counts. ``whole`` is the stage as a run
does it: file recognised, every cell checked, rows counted once, numbers classified, suppliers joined, and the population stored in a new store.
``read`` is the part of it that a bare script does too: from the file to sums per supplier and unit, nothing stored.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

from benchmarks.process import ROOT, Figures, above, in_turn, mib, peak_mib, run

FILES = ("ledger.csv", "ledger.xlsx")
HEADER = (
    "kopare_id",
    "kopare",
    "verifikationsnummer",
    "leverantor",
    "leverantor_id",
    "konto_nr",
    "konto_text",
    "bokforingsdatum",
    "forvaltning",
    "fakturanummer",
    "nettobelopp",
    "grund",
    "avtal",
    "kommun_id",
    "s_kod_nr",
)


def make_rows(count: int, suppliers: int) -> list[tuple[object, ...]]:
    """Rows like a published ledger's; every number has a right check digit."""
    from screening.identity import luhn

    chance = Random(7)
    numbers = [
        next(f"{prefix}{end}" for end in range(10) if luhn(f"{prefix}{end}"))
        for prefix in range(559_900_000, 559_900_000 + suppliers)
    ]
    rows: list[tuple[object, ...]] = []
    for index in range(count):
        one = chance.randrange(suppliers)
        rows.append(
            (2120000001, "Provköpings kommun", 700_000 + index // 2, f"Leverantör {one} AB", int(numbers[one]), 4000 + one % 900,
             f"Kontotext {one % 900}", f"2026-{1 + index % 11:02d}-{1 + index % 28:02d}", f"Förvaltning {one % 12}", index // 3,
             chance.randrange(-100_000, 99_999_999) / 100, "", "", 1480, "")
        )  # fmt: skip
    return rows


def make_files(folder: Path, rows: int, sheet_rows: int, suppliers: int) -> None:
    """The two files."""
    import xlsxwriter

    made = make_rows(max(rows, sheet_rows), suppliers)
    with (folder / "ledger.csv").open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(";".join(HEADER) + "\n")
        stream.writelines(";".join(map(str, row)) + "\n" for row in made[:rows])
    with xlsxwriter.Workbook(folder / "ledger.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Blad1")
        for place, row in enumerate([tuple(HEADER), *made[:sheet_rows]]):
            sheet.write_row(place, 0, row)


def bare(path: Path) -> Figures:
    """What a script would do."""
    import pandas as pd

    before = peak_mib()
    start = time.perf_counter()
    table = pd.read_csv(path, sep=";") if path.suffix == ".csv" else pd.read_excel(path, engine="calamine")
    table.groupby(["leverantor_id", "forvaltning"])["nettobelopp"].sum()
    return {"seconds": time.perf_counter() - start, "mib": above(before)}


def ours(path: Path, folder: Path, *, whole: bool) -> Figures:
    """The stage, or the part of it that reads."""
    import pandas as pd  # noqa: F401 - imported before the clock starts, as for the bare script
    import python_calamine  # noqa: F401

    from screening.config import Config
    from screening.exports import load_exports
    from screening.stages.intake import intake
    from screening.stages.intake.stage import read_files
    from screening.store import Reject, Store

    config = Config.model_validate(
        {
            "organisation": {"name": "Provköpings kommun", "orgnr": "2120000001"},
            "intake": [{"files": path.as_posix()}],
            "profile": [{"name": "alla", "rules": ["SKA-01"]}],
        }
    )
    exports = load_exports(ROOT / "connectors")
    store = Store.open("sqlite:///bench.db", folder)
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    begun = store.begin_run("monthly", "2026-11", date(2026, 11, 30), at, "bench", {})
    before = peak_mib()
    start = time.perf_counter()
    if whole:
        intake(store, begun, config, exports, folder, at)
    else:
        read_files(begun, config, exports, folder, at, list[Reject]().extend, {}, store.is_finding)
    found = {"seconds": time.perf_counter() - start, "mib": above(before)}
    for file in store.inputs(begun.id):
        assert file.rows == file.accepted + file.merged + file.rejected > 0
    store.close()
    return found


def measured(path: Path, rounds: int) -> tuple[Figures, Figures, Figures]:
    """The bare script, the part that reads, and the whole stage."""

    def way(what: str) -> Figures:
        with tempfile.TemporaryDirectory() as folder:
            return run("intake", "--only", what, "--file", path, "--folder", folder)

    script, read, whole = in_turn(rounds, lambda: way("bare"), lambda: way("read"), lambda: way("whole"))
    return script, read, whole


def files(folder: Path, rows: int, sheet_rows: int, suppliers: int) -> list[Path]:
    """The files to read, made in a process of its own: peak memory is inherited by children."""
    given = ("--rows", rows, "--sheet-rows", sheet_rows, "--suppliers", suppliers)
    run("intake", "--only", "make", "--folder", folder, *given)
    return [folder / name for name in FILES]


def main() -> None:
    """Prints one line per file and way."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sheet-rows", type=int, default=100_000)
    parser.add_argument("--suppliers", type=int, default=9_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", choices=("make", "bare", "read", "whole"))
    parser.add_argument("--file", type=Path)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.only == "make":
        make_files(given.folder, given.rows, given.sheet_rows, given.suppliers)
        print("{}")
        return
    if given.only:
        found = (
            bare(given.file) if given.only == "bare" else ours(given.file, given.folder, whole=given.only == "whole")
        )
        print(json.dumps(found))
        return
    with tempfile.TemporaryDirectory() as name:
        for path in files(Path(name), given.rows, given.sheet_rows, given.suppliers):
            script, read, whole = measured(path, given.repeat)
            print(f"{path.name}: pandas {script['seconds']:.2f} s, {mib(script['mib'])} above imports")
            for title, figures in (("read", read), ("whole stage", whole)):
                ratio = figures["seconds"] / script["seconds"]
                print(f"  {title} {figures['seconds']:.2f} s, {mib(figures['mib'])}, {ratio:.2f} x")


if __name__ == "__main__":
    main()
