"""Decisions read back from a workbook in which every flag has been decided on, against openpyxl reading its cells alone.

    python -m benchmarks.decisions [--flags N]

One supplier and one flag each. *Read* is the first time, when every decision is new: file checked, rows matched with what was
written, decisions weighed against what is stored, stored, and the answer workbook written. *Again* is the same file once more.
Processor time, since it does nothing but compute.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import xlsxwriter
from benchmarks.judge_store import number
from benchmarks.process import Figures, above, peak_mib, run

from screening.config import Config
from screening.decisions import import_files, sealed
from screening.decisions.columns import CHECK
from screening.identity import Identity, Kind
from screening.model import Finding, Supplier
from screening.report.answer import write_answers
from screening.report.layout import FLAGS
from screening.store import Run, Store

DAY = datetime(2026, 11, 30, 6, tzinfo=UTC)
UNTIL = date(2027, 6, 30)
BAR = 10  # seconds for 20,000


def config() -> Config:
    """An organisation."""
    organisation = {"name": "Granby kommun", "orgnr": "212000-0000"}
    return Config.model_validate({"organisation": organisation, "profile": [{"name": "alla", "rules": ["SKA-01"]}]})


def month(store: Store, flags: int) -> Run:
    """A finished run with a flag per supplier, and the rows of its sheet."""
    made = store.begin_run("monthly", "2026-11", DAY.date(), DAY, "bench", {})
    store.begin_population(made.id)
    identities = [Identity(Kind.ORGNR, "SE", number(index)) for index in range(flags)]
    names = [f"Leverantör {index} AB" for index in range(flags)]
    ids = store.supplier_ids(("organisation", identity, name) for identity, name in zip(identities, names, strict=True))
    suppliers = [
        Supplier(supplier_id, "organisation", identity, name, (name,))
        for supplier_id, identity, name in zip(ids, identities, names, strict=True)
    ]
    store.put_suppliers(made.id, suppliers)
    store.put_findings(made.id, [finding(store, supplier, place) for place, supplier in enumerate(suppliers)])
    rows = [row(store, made, supplier, place) for place, supplier in enumerate(suppliers)]
    store.put_sheet(made.id, FLAGS.name, FLAGS.names, rows)
    store.finish_run(made.id, "done", DAY, 0, {})
    return made


def finding(store: Store, supplier: Supplier, place: int) -> Finding:
    """A new flag."""
    return Finding(
        finding_id=store.finding_id("SKA-01", supplier.id, ""),
        supplier_id=supplier.id,
        rule="SKA-01",
        scope_key="",
        outcome="flag",
        verdict="flag",
        severity="high",
        level="",
        status="new",
        occurrence=1,
        first_seen="2026-11",
        evidence={"public_debt_sek": Decimal(10_000 + place)},
        measure=Decimal(10_000 + place),
    )


def row(store: Store, made: Run, supplier: Supplier, place: int) -> list[object]:
    """A row of *Flaggor* as a run writes it, with texts as long as they are there."""
    finding_id = store.finding_id("SKA-01", supplier.id, "")
    known: dict[str, object] = {
        "Flagg-ID": finding_id,
        "Organisation": "Granby kommun",
        "Enhet": f"Enhet {place % 9}",
        "Regel-ID": "SKA-01",
        "Leverantör": supplier.name,
        "Orgnr": supplier.identity.display if supplier.identity else "",
        "Belopp (kr)": 10_000 + place,
        "Uppgift per": (DAY.date() - timedelta(days=place % 30)).isoformat(),
    }
    cells: list[object] = [
        None if column.fill else known.get(column.name, f"{column.name}: " + "ord " * int(column.width / 4))
        for column in FLAGS.columns
        if column.name != CHECK
    ]
    fixed = [cell for column, cell in zip(FLAGS.columns, cells, strict=False) if not column.fill]
    return [*cells, sealed(store, made.id, finding_id, fixed)]


def filled_in(store: Store, made: Run, path: Path) -> None:
    """The workbook with an accepted explanation in every row."""
    written = {
        "Handläggare": "Anna Ek",
        "Bedömning": "Godtagen förklaring",
        "Motivering": "Betald enligt kvitto",
        "Diarienummer": "KS 2026/117",
    }
    columns, rows = store.sheet(made.id, FLAGS.name)
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(FLAGS.name)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, columns)
        for line, cells in enumerate(rows, start=1):
            for place, (name, value) in enumerate(zip(columns, cells, strict=True)):
                if name == "Gäller t.o.m.":
                    sheet.write_datetime(line, place, datetime(UNTIL.year, UNTIL.month, UNTIL.day), day)  # noqa: DTZ001
                elif (told := written.get(name, value)) is not None:
                    sheet.write(line, place, told)


def measured(flags: int) -> Figures:
    """Seconds and memory of reading, of reading again, and of openpyxl alone; in a process of its own."""
    return run("decisions", "--flags", flags, "--json")


def measure(flags: int, home: Path) -> dict[str, float | int | None]:
    """The measurement itself."""
    with Store.open("sqlite:///bench.db", home, organisation="5599990009") as store:
        path = home / "ifylld.xlsx"
        filled_in(store, month(store, flags), path)
        before, start = peak_mib(), time.process_time()
        result = import_files(store, config(), [path], "bench", DAY)
        read = time.process_time()
        write_answers(result, "sv", home, lambda _path: None)
        whole, mib = time.process_time(), above(before)
        again = import_files(store, config(), [path], "bench", DAY)
        second = time.process_time()
        taken, known = result.counts["taken"], again.counts["known"]
        assert taken == known == flags, (result.counts, again.counts)
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    begun = time.process_time()
    cells = sum(len(line) for line in book[FLAGS.name].iter_rows(values_only=True))
    bare = time.process_time() - begun
    return {
        "cells": cells,
        "read": read - start,
        "seconds": whole - start,
        "again": second - whole,
        "bare": bare,
        "mib": mib,
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--flags", type=int, default=20_000)
    parser.add_argument("--json", action="store_true", help="for the table of all measurements")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measure(arguments.flags, Path(folder))
    if arguments.json:
        print(json.dumps(found))
        return
    print(f"{arguments.flags:,} decisions, {found['cells']:,} cells")
    for name in ("read", "seconds", "again", "bare"):
        print(f"{name:<10} {found[name]:.2f} s")


if __name__ == "__main__":
    main()
