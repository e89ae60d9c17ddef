from pathlib import Path
from typing import Any

import openpyxl
import pytest

from screening.decisions import opened, sealed
from screening.report import kept
from screening.report.kept import OfUnit, Stored, pages, unit_pages
from screening.report.layout import UNKNOWNS
from screening.report.workbook import Row

MAIN = "Leverantörer"


def of_unit(built: Any, name: str, unit: str) -> list[dict[str, Any]]:
    """The rows of a sheet in one unit's workbook."""
    whole = pages(built.store, built.run, built.config.report)
    for page, place, own in unit_pages(built.store, built.run, whole):
        if page.layout.name == name:
            return [dict(zip(page.columns, row, strict=True)) for row in OfUnit(page.rows, place, unit, own)]
    return []


def test_a_unit_sees_its_own_flags_and_money_of_a_supplier_of_several(built: Any) -> None:
    """The whole shows the sum; each unit what is its own."""
    columns, rows = built.store.sheet(built.run.id, MAIN)
    whole = {row["Leverantör"]: row for row in (dict(zip(columns, row, strict=True)) for row in rows)}
    shared = [row for row in whole.values() if "\n" in row["Enhet"]]
    assert shared
    row = whole["Solgläntans Omsorg AB"]
    assert row["Enhet"].split("\n") == ["Hemtjänst", "Skola & förskola"]
    first, second = (
        next(item for item in of_unit(built, MAIN, unit) if item["Leverantör"] == row["Leverantör"])
        for unit in row["Enhet"].split("\n")
    )
    assert (first["Enhet"], second["Enhet"]) == ("Hemtjänst", "Skola & förskola")
    assert first["Flaggor"] > second["Flaggor"]  # the bankruptcy is told of the first unit's contract
    assert (first["Köpt 12 mån (kr)"], second["Köpt 12 mån (kr)"]) == (row["Köpt 12 mån (kr)"], 0)


def test_a_row_that_reads_otherwise_in_a_units_workbook_has_its_own_check_value(built: Any) -> None:
    """Else the import would take the unit's name for a changed cell."""
    shared = [row for unit in ("Primärvård", "Hemtjänst") for row in of_unit(built, UNKNOWNS.name, unit)]
    assert shared
    for row in shared:
        seal = opened(row["Kontroll"])
        assert seal is not None
        fixed = [row[column.name] for column in UNKNOWNS.columns if not column.fill and column.name != "Kontroll"]
        assert sealed(built.store, built.run.id, seal.name, fixed) == row["Kontroll"]


def test_a_big_sheet_is_read_from_the_store_each_time(built: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the same, and never whole in memory."""
    columns, rows = built.store.sheet(built.run.id, MAIN)
    expected = list(rows)
    stored = Stored(built.store, built.run.id, MAIN, len(expected), columns)
    assert [*stored] == [*stored] == expected
    assert len(stored) == built.store.sheet_length(built.run.id, MAIN)
    monkeypatch.setattr(kept, "CELLS_IN_MEMORY", 10)
    big = Stored(built.store, built.run.id, MAIN, len(expected), columns)
    assert [*big] == [*big] == expected
    assert big._few is None


def test_rows_of_a_unit_are_counted_without_being_kept() -> None:
    """A unit that shares a row is named alone in it, where no row of its own was stored."""
    rows: list[Row] = [["a", "X"], ["b", "X\nY"], ["c", "Y"]]
    found = OfUnit(rows, 1, "X", {})
    assert len(found) == 2
    assert [*found] == [["a", "X"], ["b", "X"]]
    assert [*OfUnit(rows, 1, "X", {(1, "X"): ["own", "X"]})] == [["a", "X"], ["own", "X"]]


def test_every_sheet_of_a_unit_is_about_that_unit_alone(finished: Any) -> None:
    """No other unit's contract stands in it."""
    path: Path = next(path for path in finished[1] if path.name == "Primärvård.xlsx")
    book = openpyxl.load_workbook(path)
    built = finished[0]
    others = {
        contract.id
        for supplier_id in built.ids
        for contract in built.store.contracts(built.run.id, supplier_id)
        if contract.unit != "Primärvård"
    }
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value}
    words = {word.strip(".:") for cell in cells for word in cell.split()}
    assert not words & others
