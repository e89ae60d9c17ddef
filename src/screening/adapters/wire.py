"""What the JSON shapes of several sources share: a tolerant base, and dates that may come with a time of day."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from screening.errors import SupplierFailed

SWEDISH_TIME = ZoneInfo("Europe/Stockholm")
_SAYS_NOTHING = frozenset({"", "n/a", "null", "-"})
M = TypeVar("M", bound=BaseModel)


class Wire(BaseModel):
    """Part of an answer. New fields of the provider are ignored; an error never repeats what stood in the answer."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="ignore",
        frozen=True,
        coerce_numbers_to_str=True,
        hide_input_in_errors=True,
    )


def day(value: object) -> date | None:
    """A date from ``2023-05-05`` or ``2023-05-05T00:00:00.000+00:00``; a moment counts as its day in Sweden.

    Midnight is a day as written, whatever the zone beside it.

    Raises:
        ValueError: anything else that is not empty.
    """
    if value is None or (isinstance(value, str) and value.strip().lower() in _SAYS_NOTHING):
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if not isinstance(value, str):
        message = "not a date"
        raise ValueError(message)  # noqa: TRY004 - pydantic reads ValueError, not TypeError
    text = value.strip()
    if len(text) == len("2023-05-05"):
        return date.fromisoformat(text)
    moment = datetime.fromisoformat(text)
    midnight = moment.time() == time.min
    return moment.date() if midnight or moment.tzinfo is None else moment.astimezone(SWEDISH_TIME).date()


Day = Annotated[date | None, BeforeValidator(day)]


def _none_is_none(value: object) -> object:
    """``null`` where a list belongs is an empty list."""
    return () if value is None else value


Many = Annotated[tuple[M, ...], BeforeValidator(_none_is_none)]
"""A list that may also be ``null``: for lists whose absence says nothing."""


def _yes(value: object) -> object:
    """``JA``, ``1``, ``true`` or nothing at all, which is no."""
    if isinstance(value, str):
        return {"ja": True, "nej": False, "": False}.get(value.strip().lower(), value)
    return False if value is None else value


Yes = Annotated[bool, BeforeValidator(_yes)]


def clean(text: str | None) -> str | None:
    """Without surrounding space; ``None`` for what says nothing (empty, ``n/a``)."""
    text = (text or "").strip()
    return None if text.lower() in _SAYS_NOTHING else text


def shaped(model: type[M], document: Any) -> M:
    """The answer as ``model``.

    Raises:
        SupplierFailed: ``partial``, with the places that are not as they should be.
    """
    try:
        return model.model_validate(document)
    except ValidationError as error:
        places = sorted({".".join(str(step) for step in item["loc"]) or "hela svaret" for item in error.errors()})
        raise SupplierFailed("partial", f"svaret har en oväntad form ({', '.join(places[:3])})") from None
