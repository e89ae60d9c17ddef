"""What the store hands out beside the model: runs, inputs, rejects, counts, intents, decisions, log entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from screening.identity import Identity
from screening.model import Severity

RunKind = Literal["monthly", "case", "plan"]
RunState = Literal["running", "waiting", "done"]
IntentState = Literal["open", "answered", "failed", "released", "in_doubt"]


@dataclass(frozen=True, slots=True)
class Run:
    """One execution. ``finished`` and ``exit`` are ``None`` until it has ended; ``replaced_by`` is a later run's id."""

    id: str
    kind: RunKind
    period: str  # YYYY-MM
    as_of: date
    state: RunState
    stage: str
    started: datetime
    finished: datetime | None
    version: str
    case: str
    exit: int | None
    manifest: Mapping[str, object] = field(default_factory=dict)
    replaced_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One file that intake read, or could not read (``error``). ``notes`` are what a person should know about it."""

    name: str
    sha256: str
    connector: str = ""
    sheet_count: int = 1
    rows: int = 0
    accepted: int = 0
    merged: int = 0
    rejected: int = 0
    error: str = ""
    doubtful: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One row that was not taken. ``written`` is masked; ``proposals`` are (number, registered name, likeness)."""

    file: str
    sheet: str
    row: int
    reason: str
    code: str = ""
    written: str = ""
    name: str = ""
    proposals: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class RowOrigin:
    """A row of a file that made, or was merged into, a supplier."""

    supplier_id: str
    file: str
    sheet: str
    row: int


@dataclass(frozen=True, slots=True)
class KnownSupplier:
    """A supplier of any run, as the store remembers it. ``identity`` is ``None`` for unidentified ones."""

    id: str
    identity: Identity | None
    name: str


@dataclass(frozen=True, slots=True)
class Intent:
    """A billable call that was about to be sent."""

    id: int
    run_id: str
    source: str
    supplier_id: str
    price_ore: int
    at: datetime
    state: IntentState


@dataclass(frozen=True, slots=True)
class Counts:
    """What one source did in one run: suppliers asked, answered, answered from the store, failed; calls; money."""

    asked: int = 0
    answered: int = 0
    from_store: int = 0
    failed: int = 0
    calls: int = 0
    in_doubt: int = 0
    cost_ore: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person wrote about a finding, and what the finding was when it was written.

    Attributes:
        reply_by: by when the supplier is to answer.
        at: when it was read in.
        file_sha: the hash of the workbook that it was read from.
        place: file, sheet and row.
        run_id: the run whose workbook it was written in.
        period: that run's (``YYYY-MM``): the decision holds from there on, whenever it was read in.
        severity, measure, occurrence: the finding's in that run; what is worse is worse than this.
        pair: for identity: whom and what the finding took for the same; empty for other rules.
        id: rises with every decision stored; 0 for one that is not.
    """

    finding_id: str
    by: str
    assessment: str
    reason: str = ""
    until: date | None = None
    diary: str = ""
    reply_by: date | None = None
    at: datetime
    file_sha: str = ""
    place: str = ""
    run_id: str = ""
    period: str = ""
    severity: Severity | None = None
    measure: Decimal | None = None
    occurrence: int = 1
    pair: str = ""
    id: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What a person wrote about something that is missing (*Ej bedömbara*). ``thing``: the kind of fact, or identity."""

    supplier_id: str
    thing: str
    requested_on: date | None = None
    reply_by: date | None = None
    by: str = ""
    comment: str = ""
    at: datetime
    run_id: str = ""
    period: str = ""
    place: str = ""
    file_sha: str = ""


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample that was drawn from a run's suppliers. ``method``: everything by which it can be drawn again."""

    id: str
    run_id: str
    number: int  # which of the run's
    method: Mapping[str, object]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One of the population that a sample was drawn from. ``drawn``: its place among the drawn; ``None``: not drawn."""

    supplier_id: str
    public_id: str  # the organisation number, or a keyed hash for persons
    stratum: str = ""
    drawn: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleResult:
    """What a reviewer found of one of the drawn."""

    sample_id: str
    supplier_id: str
    result: str
    reviewed_on: date | None = None
    reviewer: str = ""
    note: str = ""
    at: datetime
    place: str = ""
    file_sha: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the append-only log; ``sha256`` covers the line and the hash of the one before."""

    id: int
    at: str  # ISO text as written, so that the hash can be computed again
    who: str
    action: str
    detail: str  # canonical JSON
    previous_sha256: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge deletes, or would delete: ``what`` in words, from ``table``, and how many rows."""

    table: str
    what: str
    rows: int
