"""Rows of facts as the model's facts."""

from __future__ import annotations

from typing import Any

from screening.model import Fact, Origin, Provenance, from_payload
from screening.store.history import is_historic
from screening.store.values import day, moment

_ORIGINS = {item.value: item for item in Origin}


def make_fact(
    kind: str,
    source: str,
    place: str,
    as_of: str,
    fetched_at: str,
    confirmed_at: str | None,
    payload: str,
    origin: str,
    request_ref: str,
    raw_sha256: bytes | None,
    simulated: int,
    scope_key: str,
) -> Fact:
    """A fact from columns of its row. Provenance is not shared: nearly every answer has a reference and time of its own."""
    came = Provenance(
        source=source,
        origin=_ORIGINS[origin],
        as_of=day(as_of),
        fetched_at=moment(fetched_at),
        confirmed_at=None if confirmed_at is None else moment(confirmed_at),
        request_ref=request_ref,
        raw_sha256="" if raw_sha256 is None else raw_sha256.hex(),
        simulated=bool(simulated),
        historic=is_historic(place, origin),
    )
    return from_payload(kind, payload, came, scope_key)


def decode_fact(row: Any) -> Fact:
    """A whole row of the table of facts as the fact that it is now."""
    return make_fact(
        row.kind,
        row.source,
        row.place,
        row.as_of,
        row.fetched_at,
        row.confirmed_at,
        row.payload,
        row.origin,
        row.request_ref,
        row.raw_sha256,
        row.simulated,
        row.scope_key,
    )
