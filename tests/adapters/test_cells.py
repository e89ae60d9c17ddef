"""Cells as text, money, dates, months, periods, yes/no and counts."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.adapters import cells
from screening.adapters.cells import DecimalSign


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (5599999017.0, "5599999017"),
        (12.5, "12.5"),
        ("  Bygg\xa0 AB\r\n", "Bygg AB"),
        ("Rad ett_x000D_\nrad två", "Rad ett rad två"),
        ("\ufeffLeverantör", "Leverantör"),
        ("A\x07B", "AB"),
        ("a\u030as", "ås"),
    ],
)
def test_a_cell_is_one_clean_line(value: object, text: str) -> None:
    """Line breaks, Excel's escapes, odd spaces and control characters are gone, and whole numbers have no decimals."""
    assert cells.clean(value) == text


@pytest.mark.parametrize(
    ("written", "ore"),
    [
        ("1 234,50", 123450),
        ("1\xa0234,50", 123450),
        ("1\u202f234,5", 123450),
        ("-1302,03", -130203),
        ("1302,03-", -130203),
        ("(1 302,03)", -130203),
        ("\u22121302,03", -130203),
        ("+12", 1200),
        ("1.234,50", 123450),
        ("1,234.50", 123450),
        ("1.234.567", 123456700),
        ("1 234 567", 123456700),
        ("1'234.50", 123450),
        ("0.125", 13),
        ("12,345", 1235),
        (",50", 50),
        ("1 234,50 kr", 123450),
        ("1 234:-", 123400),
        ("500 tkr", 50_000_000),
        ("2,5 mnkr", 250_000_000),
        (12.34, 1234),
        (7, 700),
        (Decimal("7.005"), 701),
        ("", None),
        (None, None),
        (float("nan"), None),
    ],
)
def test_swedish_and_other_amounts_are_exact(written: object, ore: int | None) -> None:
    """Spaces, signs before and after, parentheses, both decimal signs, units."""
    assert cells.ore(written) == ore


@pytest.mark.parametrize(
    ("written", "decimal", "ore"),
    [("1.234", "", 123400), ("1.234", ",", 123400), ("1.234", ".", 123), ("1,234", ".", 123400), ("1,234", "", 123)],
)
def test_a_lone_thousands_sign_is_told_by_the_column(written: str, decimal: DecimalSign, ore: int) -> None:
    """``1.234`` is a thousand unless the column's other amounts have a decimal point."""
    assert cells.ore(written, decimal) == ore


@pytest.mark.parametrize(
    "written",
    [
        "tolv",
        "12 34",
        "1.23.45",
        "1,2,3",
        "--5",
        "12..",
        "٣",
        "5,56E+09",
        True,
        date(2026, 1, 1),
        1e15,
        float("inf"),
        "-",
        "1234,567.8",
    ],
)
def test_what_is_no_amount_is_refused(written: object) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r"\w"):
        cells.ore(written)


@given(st.integers(-(10**12), 10**12))
def test_every_amount_written_the_swedish_way_comes_back(ore: int) -> None:
    """Grouped by spaces, comma before the öre."""
    whole, fraction = divmod(abs(ore), 100)
    written = f"{'-' if ore < 0 else ''}{whole:,}".replace(",", " ") + f",{fraction:02d}"
    assert cells.ore(written) == ore


@pytest.mark.parametrize(
    ("texts", "sign"), [(["1,5", "2"], ","), (["1.50", "1.234"], "."), (["1.234", "5"], ""), ([], ""), (["3,10-"], ",")]
)
def test_the_decimal_sign_is_told_by_one_or_two_last_digits(texts: list[str], sign: str) -> None:
    """Three digits say nothing."""
    assert cells.decimal_sign(texts) == sign


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-12-31", date(2026, 12, 31)),
        ("2026-12-31 00:00:00", date(2026, 12, 31)),
        ("2026-12-31T08:15:00Z", date(2026, 12, 31)),
        ("2026/12/31", date(2026, 12, 31)),
        ("2026.12.31", date(2026, 12, 31)),
        ("31/12 2026", date(2026, 12, 31)),
        ("31.12.2026", date(2026, 12, 31)),
        ("12/31/2026", date(2026, 12, 31)),
        ("31 december 2026", date(2026, 12, 31)),
        ("1 maj 2026", date(2026, 5, 1)),
        (20261231, date(2026, 12, 31)),
        ("20261231", date(2026, 12, 31)),
        (46387, date(2026, 12, 31)),
        (46387.5, date(2026, 12, 31)),
        ("202602", date(2026, 2, 28)),
        ("2026-02", date(2026, 2, 28)),
        ("februari 2026", date(2026, 2, 28)),
        (date(2026, 1, 2), date(2026, 1, 2)),
        (datetime(2026, 1, 2, 3, 4), date(2026, 1, 2)),  # noqa: DTZ001 - as workbooks give it
        ("tills vidare", None),
        ("9999-12-31", None),
        ("", None),
        (0.0, None),
        ("-", None),
    ],
)
def test_dates_in_every_form(written: object, expected: date | None) -> None:
    """ISO, day first, month first where only that fits, numbers, serials, months; open ends are none."""
    assert cells.day(written) == expected


def test_serials_count_from_1904_where_the_workbook_says_so() -> None:
    """The same day, 1,462 days apart."""
    assert cells.day(46387 - 1462, epoch_1904=True) == date(2026, 12, 31)


@pytest.mark.parametrize(
    "written", ["snart", "2026-13-01", "31/31 2026", 123, "19850101-1234", True, timedelta(1), 0.25, "12345678"]
)
def test_what_is_no_date_is_refused(written: object) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r"\w"):
        cells.day(written)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2019-06-01 - 2026-09-30", (date(2019, 6, 1), date(2026, 9, 30))),
        ("2019-06-01-2026-09-30", (date(2019, 6, 1), date(2026, 9, 30))),
        ("2019-06-01–2026-09-30", (date(2019, 6, 1), date(2026, 9, 30))),
        ("20190601-20260930", (date(2019, 6, 1), date(2026, 9, 30))),
        ("1/6 2019 till 30/9 2026", (date(2019, 6, 1), date(2026, 9, 30))),
        ("2019-06-01 t.o.m. tills vidare", (date(2019, 6, 1), None)),
        ("2019-06-01", (date(2019, 6, 1), None)),
        ("", (None, None)),
    ],
)
def test_two_dates_in_one_cell(written: str, expected: tuple[date | None, date | None]) -> None:
    """With a dash of any length, with words, with one end open."""
    assert cells.period(written) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("leverantorsreskontra_202605", (2026, 5)),
        ("2020-05", (2020, 5)),
        ("reskontra 05-2020", (2020, 5)),
        ("fakturor_maj_2026", (2026, 5)),
        ("utdrag 2026-05-31", (2026, 5)),
        ("Blad 2016", (2016, None)),
        ("reskontra", None),
    ],
)
def test_the_month_in_a_file_name(name: str, expected: tuple[int, int | None] | None) -> None:
    """Year and month in either order, a month's name, or the year alone."""
    assert cells.month_in(name) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("202605", (2026, 5)),
        ("2026M05", (2026, 5)),
        ("maj 2026", (2026, 5)),
        ("2026-05-07", (2026, 5)),
        (date(2026, 5, 1), (2026, 5)),
    ],
)
def test_months(written: object, expected: tuple[int, int]) -> None:
    """A month, or the month of a date."""
    assert cells.month(written) == expected


def test_a_month_is_told_from_a_date() -> None:
    """Only year and month."""
    assert cells.is_month("202605")
    assert cells.is_month("maj 2026")
    assert not cells.is_month("1 maj 2026")
    assert not cells.is_month("2026-05-01")
    assert not cells.is_month(date(2026, 5, 1))


def test_no_month_is_refused() -> None:
    """Two years are none."""
    with pytest.raises(ValueError, match="month"):
        cells.month("2025 maj 2026")


@pytest.mark.parametrize("written", ["2026Q3", "2026 Q3", "Q3 2026", "kv 3 2026", "2026-kvartal 3", "2026kv3"])
def test_quarters(written: str) -> None:
    """Year first or last."""
    assert cells.quarter(written) == "2026Q3"
    assert cells.quarter_end("2026Q3") == date(2026, 9, 30)


def test_what_is_no_quarter_is_refused() -> None:
    """There are four."""
    with pytest.raises(ValueError, match="quarter"):
        cells.quarter("2026Q5")


@pytest.mark.parametrize(
    ("word", "answer"), [("Ja", True), ("x", True), (1.0, True), ("NEJ", False), (0, False), ("", None)]
)
def test_yes_and_no(word: object, answer: bool | None) -> None:
    """In the words that exports use."""
    assert cells.yes_no(word) is answer


def test_perhaps_is_neither() -> None:
    """A word that is neither is refused."""
    with pytest.raises(ValueError, match="neither"):
        cells.yes_no("kanske")


@pytest.mark.parametrize(("written", "expected"), [("12", 12), (12.0, 12), ("", None)])
def test_counts(written: object, expected: int | None) -> None:
    """Digits alone."""
    assert cells.count(written) == expected


@pytest.mark.parametrize("written", ["12 varav 2 nya", "-1", "1234567", "²"])
def test_what_is_no_count_is_refused(written: str) -> None:
    """Words, signs and numbers too long to be a count."""
    with pytest.raises(ValueError, match="count"):
        cells.count(written)


def test_signs_that_are_not_seen_are_left_out() -> None:
    """A mark of direction would turn the rest of a row around; a soft hyphen hides a name from comparison."""
    assert cells.clean("\u202eRTL \u200eAB\u00ad") == "RTL AB"
