"""How answers become rows: a new row when the answer changed, a confirmation when it did not, late ones at their place.

An *answer* (authority, bureau) stands in the history where it was fetched; the day it is fetched, it shows that what it
says still holds. A *document* (file, handed in by the supplier) stands where it is dated, and shows nothing of later
days: the same document read again next month confirms nothing, and an older one that is read later does not undo a
newer. So does a *historic* answer: the source was asked for its state on an earlier day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import sha256
from itertools import pairwise

from screening.identity import mask_json
from screening.model import Fact, Origin, to_payload
from screening.store.values import stamp

DOCUMENTS = frozenset({Origin.FILE, Origin.SUPPLIER_SUBMITTED})
_DATE = len("2026-11-30")


def is_dated(place: str) -> bool:
    """Whether what stands at a place stands where it is dated, not where it was fetched."""
    return len(place) == _DATE


def is_historic(place: str, origin: str) -> bool:
    """Whether what stands there is an answer about an earlier day."""
    return len(place) == _DATE and origin not in DOCUMENTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One answer or document met once. Times are stamps, ``confirms`` the time for which it shows that it holds."""

    supplier_id: str
    kind: str
    source: str
    scope_key: str
    payload: str
    payload_hash: bytes
    place: str
    tie: int = 0
    observed_at: str
    as_of: str
    confirms: str
    origin: str
    request_ref: str
    simulated: int
    raw_id: int | None = None
    raw_sha256: bytes | None = None
    run_id: str | None = None
    fact_id: int | None = None  # the row that it belongs to, or heads
    observation_id: int | None = None  # its own line, unless it heads a row

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What one history is about."""
        return (self.supplier_id, self.kind, self.source, self.scope_key)


def sighting(
    supplier_id: str, fact: Fact, run_id: str | None, raw_id: int | None = None, raw_sha256: bytes | None = None
) -> Sighting:
    """A fact as it was met just now; ``raw_sha256`` stands in where the fact has none of its own."""
    came = fact.provenance
    payload = mask_json(to_payload(fact).decode()).encode()  # names in a register may hold a number; the store does not
    observed = stamp(came.fetched_at)
    dated_there = came.historic or came.origin in DOCUMENTS
    dated = stamp(datetime.combine(came.as_of, time.min, UTC))
    return Sighting(
        supplier_id=supplier_id,
        kind=fact.kind,
        source=came.source,
        scope_key=fact.scope_key,
        payload=payload.decode(),
        payload_hash=sha256(payload).digest(),
        place=came.as_of.isoformat() if dated_there else observed,
        observed_at=observed,
        as_of=came.as_of.isoformat(),
        confirms=min(dated, observed) if dated_there else observed,
        origin=came.origin.value,
        request_ref=came.request_ref,
        simulated=int(came.simulated),
        raw_id=raw_id,
        raw_sha256=bytes.fromhex(came.raw_sha256) if came.raw_sha256 else raw_sha256,
        run_id=run_id,
    )


@dataclass(frozen=True, slots=True)
class RowOfHistory:
    """Equal sightings in a row, and when the next, different one was met."""

    members: tuple[Sighting, ...]
    superseded_at: str | None

    @property
    def head(self) -> Sighting:
        """The first, which gives the row its dates."""
        return self.members[0]

    @property
    def confirmed_at(self) -> str | None:
        """The newest time for which a later one showed that it holds."""
        return max((member.confirms for member in self.members[1:]), default=None)

    @property
    def observed_at(self) -> str:
        """When it was last met."""
        return max(member.observed_at for member in self.members)


def rows_of(sightings: Iterable[Sighting]) -> list[RowOfHistory]:
    """The rows that a history's sightings make.

    A sighting met before the head of the row it would join opens its own, or a dossier of a day between would lose it.
    """
    groups: list[list[Sighting]] = []
    for item in sorted(sightings, key=lambda one: (one.place, one.tie)):
        head = groups[-1][0] if groups else None
        if head is not None and head.payload_hash == item.payload_hash and item.observed_at >= head.observed_at:
            groups[-1].append(item)
        else:
            groups.append([item])
    ends = [_end(one, two) for one, two in pairwise(groups)]
    return [RowOfHistory(tuple(group), end) for group, end in zip(groups, [*ends, None], strict=True)]


def _end(group: Sequence[Sighting], following: Sequence[Sighting]) -> str:
    return max(group[0].observed_at, following[0].observed_at)
