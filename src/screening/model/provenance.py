"""Where a fact comes from, and the base that every fact shares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from screening.model.quick import quick


class Origin(StrEnum):
    """Who vouches for a fact."""

    AUTHORITY = "authority"
    BUREAU = "bureau"
    SUPPLIER_SUBMITTED = "supplier_submitted"
    FILE = "file"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Source and times of one fact. ``as_of`` is the date for which the source says that its answer holds.

    Attributes:
        source: the connector's name (the stem of its TOML).
        origin: who vouches for it.
        as_of: the date for which the answer holds; the answer's own date where the source gives none.
        fetched_at: when we got it, UTC, from the run's clock.
        confirmed_at: when a later equal answer or a cheaper proof last showed that it still holds, UTC.
        request_ref: the provider's or file's reference (correlation id, ``file#row``); never a personal number.
        raw_sha256: hash of the raw answer or file, hex; empty where nothing raw exists (derived facts).
        simulated: true when the embedded stub answered.
        historic: the source was asked for its state on ``as_of``, an earlier day.
    """

    source: str
    origin: Origin
    as_of: date
    fetched_at: datetime
    confirmed_at: datetime | None = None
    request_ref: str = ""
    raw_sha256: str = ""
    simulated: bool = False
    historic: bool = False

    @property
    def held_on(self) -> date:
        """The last day for which the fact is shown to hold: the later of ``as_of`` and ``confirmed_at``."""
        if self.confirmed_at is None:
            return self.as_of
        return max(self.as_of, self.confirmed_at.date())


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One dated answer about one supplier from one source. Subclasses add the fields of their kind.

    ``kind`` is the snake_case name used in the store, in rule cases (``given.<kind>``) and in ``[sources]``.
    ``scope_key`` tells several facts of one kind apart (a quarter and area, a fiscal year, a document); empty for
    kinds of which a supplier has one.
    """

    kind: ClassVar[str] = ""
    provenance: Provenance
    scope_key: str = ""
