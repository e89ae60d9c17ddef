from __future__ import annotations

from datetime import date, datetime

import pytest

from screening.adapters.wire import Day, Many, Wire, Yes, clean, day, shaped
from screening.errors import SupplierFailed


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2023-05-05", date(2023, 5, 5)),
        ("2023-05-05T00:00:00.000+00:00", date(2023, 5, 5)),
        ("2023-05-04T22:00:00Z", date(2023, 5, 5)),
        ("2023-12-31T00:00:00.000+02:00", date(2023, 12, 31)),
        ("2023-12-31T00:00:00-05:00", date(2023, 12, 31)),
        ("2023-05-05T10:00:00", date(2023, 5, 5)),
        (datetime(2023, 5, 5, 1), date(2023, 5, 5)),  # noqa: DTZ001 - what a spreadsheet gives
        (date(2023, 5, 5), date(2023, 5, 5)),
        (None, None),
        (" n/a ", None),
    ],
)
def test_a_date_may_come_with_a_time(written: object, meant: date | None) -> None:
    """A moment counts as its day in Sweden."""
    assert day(written) == meant


@pytest.mark.parametrize("written", ["igår", 20230505, "2023-13-01"])
def test_what_is_no_date_is_refused(written: object) -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match=r".+"):
        day(written)


def test_what_says_nothing_is_none() -> None:
    """``n/a`` is no text."""
    assert [clean(text) for text in (None, " ", "n/a", " x ")] == [None, None, None, "x"]


def test_a_wrong_shape_names_the_place_and_not_the_value() -> None:
    """An error says where, never what."""

    class Shape(Wire):
        from_datum: Day = None

    with pytest.raises(SupplierFailed, match="fromDatum") as raised:
        shaped(Shape, {"fromDatum": "198501011234"})
    assert raised.value.reason == "partial"
    assert "1985" not in raised.value.detail
    with pytest.raises(SupplierFailed, match="hela svaret"):
        shaped(Shape, [])


@pytest.mark.parametrize(
    ("written", "meant"), [(None, False), ("JA", True), ("nej", False), ("", False), (True, True), (1, True)]
)
def test_yes_and_no_in_swedish_and_not_at_all(written: object, meant: bool) -> None:
    """Nothing is no; any other word is refused."""

    class Shape(Wire):
        hidden: Yes = False
        rows: Many[Wire] = ()

    assert shaped(Shape, {"hidden": written, "rows": None}) == Shape(hidden=meant)
    with pytest.raises(SupplierFailed, match="hidden"):
        shaped(Shape, {"hidden": "kanske"})
