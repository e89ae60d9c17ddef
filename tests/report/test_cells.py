from datetime import date

import pytest

from screening.report.cells import CELL, CUT, as_date, clean, sheet_name


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
