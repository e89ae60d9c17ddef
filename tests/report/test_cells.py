from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.report.cells import CELL, CUT, as_date, capped, clean, sheet_name


def test_control_characters_are_removed() -> None:
    """What XML and Excel cannot hold goes; line breaks and tabs stay."""
    assert clean("a\x00b\x0bc\x1fd\ud800e\ufffef\r\ng\th") == "abcdef\ng\th"


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    """32,767 characters are the limit."""
    assert clean("x" * CELL) == "x" * CELL
    cut = clean("x" * (CELL + 1))
    assert len(cut) == CELL
    assert cut.endswith(CUT)


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Flaggor", "Flaggor (2)"), ("a/b:c", "a b c"), ("'x'", "x"), ("", "Blad"), ("å" * 40, "å" * 31)],
)
def test_sheet_names_that_excel_takes(name: str, expected: str) -> None:
    """Forbidden signs go, 31 characters are the limit, and no name comes twice whatever its case."""
    assert sheet_name(name, ["FLAGGOR"]) == expected


def test_a_long_name_taken_keeps_room_for_its_number() -> None:
    """The number is never cut off."""
    assert sheet_name("x" * 40, ["x" * 31]) == "x" * 27 + " (2)"


@pytest.mark.parametrize("odd", ["inget", "1899-12-31", "1900-02-28", None, 17])
def test_what_excel_cannot_show_as_a_date_is_not_one(odd: object) -> None:
    """Before March 1900 Excel's days are off by one."""
    assert as_date(odd) is None


def test_iso_text_and_dates_are_dates() -> None:
    """Rows hold ISO text."""
    assert as_date("2026-11-30") == as_date(date(2026, 11, 30)) == as_date("2026-11-30T10:00:00") == date(2026, 11, 30)


def test_excel_counts_in_utf_16() -> None:
    """A character outside the first plane counts as two; none is cut in half."""
    whole = "\U0001f4a9" * (CELL // 2)
    assert clean(whole) == whole
    cut = clean(whole + "ab")
    assert len(cut.encode("utf-16-le")) // 2 <= CELL
    assert cut.endswith("\U0001f4a9" + CUT)


def test_marks_that_turn_or_hide_text_go() -> None:
    """What a person does not see is not there; every kind of line break is one."""
    assert clean("\u202ecod.exe\u202c\u200b\u200f\ufeff") == "cod.exe"
    assert clean("a\rb\u2028c\u2029d\x85e") == "a\nb\nc\nd\ne"


def test_history_is_a_sheet_that_excel_keeps() -> None:
    """The name gets a number."""
    assert sheet_name("History", []) == "History (2)"


@given(st.text(max_size=200), st.integers(2, 60))
def test_a_capped_text_is_one_line_of_that_length(text: str, most: int) -> None:
    """The cut is shown."""
    found = capped(text, most)
    assert len(found) <= most
    assert "\n" not in found
    assert found.endswith("…") or found == " ".join(clean(text).split())
