"""Times and values to and from columns: ISO text that sorts, and JSON that keeps dates and exact decimals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import msgspec

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder()


def stamp(moment: datetime) -> str:
    """UTC ISO text of fixed width, so that text order is time order.

    Raises:
        ValueError: the moment has no time zone.
    """
    if moment.tzinfo is None:
        message = "a time without a zone cannot be stored; expected UTC"
        raise ValueError(message)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def moment(text: str) -> datetime:
    """The time of a stamp. Not cached, unlike dates: few answers share one."""
    return datetime.fromisoformat(text)


@lru_cache(maxsize=8192)
def day(text: str) -> date:
    """The date of an ISO text."""
    return date.fromisoformat(text)


def maybe_moment(text: str | None) -> datetime | None:
    """The time of a stamp, if there is one."""
    return None if text is None else moment(text)


def maybe_day(text: str | None) -> date | None:
    """The date of an ISO text, if there is one."""
    return None if text is None else day(text)


def maybe_stamp(value: datetime | None) -> str | None:
    """The stamp of a time, if there is one."""
    return None if value is None else stamp(value)


def maybe_iso(value: date | None) -> str | None:
    """The ISO text of a date, if there is one."""
    return None if value is None else value.isoformat()


def pack(value: object) -> str:
    """JSON of a value made of mappings, sequences, text, numbers, dates and ``None``; exact, mappings in the order given.

    Raises:
        TypeError: a value of another type.
    """
    return _ENCODER.encode(_plain(value)).decode()


def unpack(text: str) -> Any:
    """What ``pack`` was given; sequences come back as tuples."""
    return _typed(_DECODER.decode(text))


def _plain(value: object) -> object:
    """Dates and decimals as objects with one key that starts with ``$``, which no field name does."""
    kind = type(value)  # most values are of few exact types; asking for abstract ones costs ten times more
    if kind is str or kind is int or kind is bool or value is None:
        return value
    if kind is dict:
        return {str(key): _plain(item) for key, item in cast("dict[object, object]", value).items()}
    if kind is tuple or kind is list:
        return [_plain(item) for item in cast("Sequence[object]", value)]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes | bytearray):
        return [_plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: object) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        return {"$n": str(value)}
    if isinstance(value, datetime):
        return {"$t": stamp(value)}
    if isinstance(value, date):
        return {"$d": value.isoformat()}
    message = f"{type(value).__name__} cannot be stored"
    raise TypeError(message)


_NESTED = (list, dict)
"""What ``_typed`` has to look into: asking first saves a call for each of the others, which are nearly all."""


def _typed(value: object) -> object:
    if isinstance(value, list):
        return tuple([_typed(item) if type(item) in _NESTED else item for item in value])
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        ((key, item),) = value.items()
        if key == "$n":
            return Decimal(item)
        if key == "$t":
            return moment(item)
        if key == "$d":
            return day(item)
    return {key: _typed(item) if type(item) in _NESTED else item for key, item in value.items()}
