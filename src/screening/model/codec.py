"""Facts to and from the store's payload: JSON with money as exact decimal numbers and dates as ISO text.

``provenance`` and ``scope_key`` are columns of the store, so the payload holds neither; two equal payloads are the same
answer, byte for byte.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import cache
from typing import Any, TypedDict, cast, get_type_hints

import msgspec

from screening.model import facts as _facts
from screening.model.provenance import Fact, Provenance
from screening.model.quick import quick

KINDS: dict[str, type[Fact]] = {
    item.kind: quick(item)
    for item in vars(_facts).values()
    if isinstance(item, type) and issubclass(item, Fact) and item is not Fact
}
"""Every kind of fact by its name."""

_OWN_COLUMNS = ("provenance", "scope_key")
_ENCODER = msgspec.json.Encoder(decimal_format="number", order="deterministic")


def fact_type(kind: str) -> type[Fact]:
    """The class of a kind.

    Raises:
        KeyError: no such kind.
    """
    return KINDS[kind]


def to_payload(fact: Fact) -> bytes:
    """The fact's own fields as JSON; fields with ``None`` are left out so that a new field changes no stored answer."""
    values = {
        item.name: value
        for item in fields(fact)
        if item.name not in _OWN_COLUMNS and (value := getattr(fact, item.name)) is not None and value != ()
    }
    return _ENCODER.encode(values)


@cache
def _decoder(kind: str) -> tuple[type[Fact], msgspec.json.Decoder[dict[str, object]]]:
    """The class and a typed decoder of its own fields; an absent field takes the class's default."""
    cls = KINDS[kind]
    hints = {name: hint for name, hint in get_type_hints(cls).items() if name not in (*_OWN_COLUMNS, "kind")}
    functional: Any = TypedDict  # made at run time from the class's own hints, which no type checker can follow
    shape = functional(f"{cls.__name__}Payload", hints, total=False)
    return cls, msgspec.json.Decoder(shape)


def from_payload(kind: str, payload: bytes | str, provenance: Provenance, scope_key: str = "") -> Fact:
    """A fact from its payload and columns.

    Raises:
        KeyError: no such kind.
        msgspec.ValidationError: the payload is not of this kind.
    """
    cls, decoder = _decoder(kind)
    make = cast("Callable[..., Fact]", cls)
    return make(provenance=provenance, scope_key=scope_key, **decoder.decode(payload))
