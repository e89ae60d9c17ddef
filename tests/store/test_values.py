from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from screening.store.values import maybe_day, maybe_iso, maybe_moment, maybe_stamp, moment, pack, stamp, unpack


def test_stamps_sort_as_times_do() -> None:
    """UTC and fixed width, whatever the zone and fraction given."""
    early = datetime(2026, 9, 30, 12, tzinfo=timezone(timedelta(hours=2)))
    late = datetime(2026, 9, 30, 10, 0, 0, 1, tzinfo=UTC)
    assert stamp(early) < stamp(late)
    assert moment(stamp(early)) == early
    assert len(stamp(early)) == len(stamp(late))


def test_a_time_without_a_zone_is_refused() -> None:
    """It could mean any of two."""
    with pytest.raises(ValueError, match="without a zone"):
        stamp(datetime(2026, 9, 30))  # noqa: DTZ001 - that is the point


def test_values_come_back_as_they_were() -> None:
    """Dates, times and decimals exactly; sequences as tuples; order kept."""
    value = {
        "b": [1, 2.5, True, None, "text"],
        "a": {
            "money": Decimal("10.50"),
            "day": date(2026, 9, 30),
            "at": datetime(2026, 9, 30, tzinfo=UTC),
            "one": {"x": 1},
        },
    }
    back = unpack(pack(value))
    assert back == {"b": (1, 2.5, True, None, "text"), "a": value["a"]}
    assert list(back) == ["b", "a"]
    assert str(back["a"]["money"]) == "10.50"


def test_what_cannot_be_stored_is_refused() -> None:
    """Rather than stored as its name."""
    with pytest.raises(TypeError, match="bytes cannot be stored"):
        pack([b"raw"])


def test_none_stays_none() -> None:
    """In each of the optional columns."""
    assert [maybe_day(None), maybe_iso(None), maybe_moment(None), maybe_stamp(None)] == [None] * 4
    assert maybe_day("2026-09-30") == date(2026, 9, 30)
    assert maybe_iso(date(2026, 9, 30)) == "2026-09-30"
    assert maybe_moment(maybe_stamp(datetime(2026, 9, 30, tzinfo=UTC))) == datetime(2026, 9, 30, tzinfo=UTC)
