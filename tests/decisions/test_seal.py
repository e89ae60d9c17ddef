from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from screening.decisions import Seal, opened, sealed
from screening.decisions.seal import plain
from screening.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real store."""
    with Store.open("sqlite:///store.db", tmp_path, organisation="5599990009") as found:
        yield found


def test_a_check_value_says_whose_row_it_is_and_of_which_run(store: Store) -> None:
    """A name may hold spaces."""
    value = sealed(store, "M-2026-11-1", "S-1 tax_account", ["Ek AB", 5])
    found = opened(value)
    assert found == Seal("S-1 tax_account", "M-2026-11-1", value.split()[-1])
    assert [opened(text) for text in (None, "", "SKA-01-7F3K9Q2M", 7)] == [None] * 4


def test_a_changed_cell_another_run_or_another_row_has_another_value(store: Store) -> None:
    """And the same cells have the same."""
    value = sealed(store, "M-2026-11-1", "F", ["Ek AB", None])
    assert value == sealed(store, "M-2026-11-1", "F", ["Ek AB", ""])
    others = [("M-2026-11-2", "F", "Ek AB"), ("M-2026-11-1", "G", "Ek AB"), ("M-2026-11-1", "F", "Al AB")]
    marks = {sealed(store, run, name, [cell, None]).split()[-1] for run, name, cell in others}
    assert value.split()[-1] not in marks
    assert len(marks) == 3


def test_another_store_makes_other_marks(store: Store, tmp_path: Path) -> None:
    """The key never leaves the store, so a row cannot be made to look as if it had been written by it."""
    with Store.open("sqlite:///other.db", tmp_path, organisation="5599990009") as other:
        assert sealed(store, "M-2026-11-1", "F", ["a"]) != sealed(other, "M-2026-11-1", "F", ["a"])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("  två\n ord\u00a0här ", "två ord här"),
        (5.0, "5"),
        (5.25, "5.25"),
        (Decimal("7.00"), "7"),
        (Decimal("7.50"), "7.50"),
        (date(2026, 11, 30), "2026-11-30"),
        (datetime(2026, 11, 30, 5, tzinfo=UTC), "2026-11-30"),
    ],
)
def test_a_cell_as_text_that_survives_another_program(value: object, text: str) -> None:
    """Days are ISO, whole numbers have no decimals, and space is single."""
    assert plain(value) == text
