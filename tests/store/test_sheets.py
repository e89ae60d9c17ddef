from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from screening.store import Run, Store
from screening.store.base import CHUNK


def test_rows_come_back_with_typed_cells(store: Store, begin: Callable[..., Run]) -> None:
    """Text, numbers, money, dates and nothing; a sheet may be empty."""
    run = begin("2026-09-30")
    rows = [["=text", 1, Decimal("1.10"), date(2026, 9, 30), None, 0.5], ["", 0, Decimal(0), None, None, None]]
    store.put_sheet(run.id, "Flaggor", ["a", "b"], rows)
    store.put_sheet(run.id, "Avslutade", ["c"], [])
    columns, found = store.sheet(run.id, "Flaggor")
    assert (columns, list(found)) == (["a", "b"], rows)
    assert list(store.sheet(run.id, "Avslutade")[1]) == []


def test_sheets_keep_their_order_when_one_is_put_again(store: Store, begin: Callable[..., Run]) -> None:
    """And the new rows replace the old, over chunks."""
    run = begin("2026-09-30")
    for name in ("Sammanfattning", "Flaggor"):
        store.put_sheet(run.id, name, ["a"], ([index] for index in range(3)))
    store.put_sheet(run.id, "Sammanfattning", ["b"], ([index] for index in range(CHUNK + 1)))
    assert store.sheets(run.id) == ["Sammanfattning", "Flaggor"]
    assert [row[0] for row in store.sheet(run.id, "Sammanfattning")[1]] == list(range(CHUNK + 1))
    assert store.sheets("M-1999-01-1") == []


def test_a_sheet_that_is_not_there_is_named(store: Store, begin: Callable[..., Run]) -> None:
    """When it is asked for, not when its rows are."""
    with pytest.raises(KeyError, match="Ingen"):
        store.sheet(begin("2026-09-30").id, "Ingen")


def test_the_newest_hash_of_a_workbook_counts(store: Store, begin: Callable[..., Run]) -> None:
    """By its path."""
    run = begin("2026-09-30")
    store.put_workbook(run.id, "reports/a.xlsx", "1")
    store.put_workbook(run.id, "reports/a.xlsx", "2")
    assert (store.workbook_sha("reports/a.xlsx"), store.workbook_sha("reports/b.xlsx")) == ("2", None)
