"""Rows of facts as the model's facts, cheaply: dates and provenance repeat, so they are made once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from screening.model import Fact, Origin, Provenance, from_payload
from screening.store.history import is_historic
from screening.store.values import day, maybe_moment, moment

_ORIGINS = {item.value: item for item in Origin}


@lru_cache(maxsize=4096)
def provenance(
    source: str,
    origin: str,
    as_of: str,
    fetched_at: str,
    confirmed_at: str | None,
    request_ref: str,
    raw_sha256: bytes | None,
    simulated: int,
    place: str,
) -> Provenance:
    """The provenance of a row's columns; the facts of one answer share one."""
    return Provenance(
        source=source,
        origin=_ORIGINS[origin],
        as_of=day(as_of),
        fetched_at=moment(fetched_at),
        confirmed_at=maybe_moment(confirmed_at),
        request_ref=request_ref,
        raw_sha256="" if raw_sha256 is None else raw_sha256.hex(),
        simulated=bool(simulated),
        historic=is_historic(place, origin),
    )


def decode_fact(row: Any) -> Fact:
    """A whole row of the table of facts as the fact that it is now."""
    came = provenance(
        row.source,
        row.origin,
        row.as_of,
        row.fetched_at,
        row.confirmed_at,
        row.request_ref,
        row.raw_sha256,
        row.simulated,
        row.place,
    )
    return from_payload(row.kind, row.payload, came, row.scope_key)
