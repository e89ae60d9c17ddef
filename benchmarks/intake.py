# ruff: noqa: PLC0415 - what is imported is part of what is measured
"""Intake of a 1,000,000-row CSV ledger and a 100,000-row XLSX against bare ``pandas.read_*`` with a group-by.

    python benchmarks/intake.py [--rows 1000000] [--sheet-rows 100000] [--suppliers 9000]

Each measurement runs three times in a process of its own and the fastest counts. ``read`` is what pandas does too: file to sums per supplier
and unit (with every cell checked, rows counted once, and numbers classified); ``whole`` adds storing the population.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parents[1]
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


def bare(path: Path) -> dict[str, float]:
    """What a script would do."""
    import pandas as pd

    base = peak()
    start = time.perf_counter()
    table = pd.read_csv(path, sep=";") if path.suffix == ".csv" else pd.read_excel(path, engine="calamine")
    table.groupby(["leverantor_id", "forvaltning"])["nettobelopp"].sum()
    return {"read": time.perf_counter() - start, "peak_mb": peak(), "above_mb": peak() - base}


def ours(path: Path, folder: Path) -> dict[str, float]:
    """The stage itself, and the part of it that reads."""
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
    store = Store.open(f"sqlite:///{(folder / f'{path.suffix[1:]}.db').as_posix()}", folder)
    at = datetime(2026, 11, 30, 12, tzinfo=UTC)
    run = store.begin_run("monthly", "2026-11", date(2026, 11, 30), at, "bench", {})
    base = peak()
    start = time.perf_counter()
    read_files(run, config, exports, folder, at, list[Reject]().extend, {})
    read = time.perf_counter() - start
    above = peak() - base
    start = time.perf_counter()
    intake(store, run, config, exports, folder, at)
    whole = time.perf_counter() - start
    (file,) = store.inputs(run.id)
    assert file.rows == file.accepted + file.merged + file.rejected > 0
    store.close()
    return {"read": read, "whole": whole, "peak_mb": peak(), "above_mb": above}


def peak() -> float:
    """Peak memory of this process in MiB; 0 where the system does not tell."""
    try:
        import resource
    except ImportError:
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(what: str, path: Path, times: int = 3) -> dict[str, float]:
    """The fastest of some runs, each in a process of its own."""
    runs = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, __file__, "--measure", what, str(path), "--folder", folder]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            runs.append(json.loads(done.stdout))
    return min(runs, key=lambda item: item["read"])


def main() -> None:
    """Prints one line per file and way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sheet-rows", type=int, default=100_000)
    parser.add_argument("--suppliers", type=int, default=9_000)
    parser.add_argument("--measure", nargs=2)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--make", type=Path)
    given = parser.parse_args()
    if given.make:
        make_files(given.make, given.rows, given.sheet_rows, given.suppliers)
        return
    if given.measure:
        what, path = given.measure
        print(json.dumps(bare(Path(path)) if what == "bare" else ours(Path(path), given.folder)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        making = [sys.executable, __file__, "--make", str(folder)]
        making += [
            "--rows",
            str(given.rows),
            "--sheet-rows",
            str(given.sheet_rows),
            "--suppliers",
            str(given.suppliers),
        ]
        subprocess.run(making, check=True)  # in a process of its own: peak memory is inherited by children
        for file in ("ledger.csv", "ledger.xlsx"):
            script, stage = measured("bare", folder / file), measured("ours", folder / file)
            print(
                f"{file}: pandas {script['read']:.2f} s ({script['above_mb']:.0f} MiB); read {stage['read']:.2f} s "
                f"({stage['above_mb']:.0f} MiB), {stage['read'] / script['read']:.2f} x; whole stage {stage['whole']:.2f} s"
            )


if __name__ == "__main__":
    main()
