"""A finding: the life, over all runs, of one (organisation, rule, supplier, scope key)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from screening.model.judgement import Outcome, Severity, Status, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The state of one finding in one run: what ``findings.jsonl`` and the sheets are made from.

    ``outcome`` is what stands (a flag that became unknown keeps ``flag`` with status ``unverified``); ``verdict`` is
    this run's. ``severity`` is ``None`` for unknown findings. ``first_seen`` is a period (``YYYY-MM``) for monthly runs.
    """

    finding_id: str
    supplier_id: str  # the store's internal id
    rule: str
    scope_key: str
    outcome: Literal["flag", "unknown"]
    verdict: Outcome
    severity: Severity | None
    level: str
    status: Status
    occurrence: int
    first_seen: str
    evidence: Mapping[str, Value] = field(default_factory=dict)  # the values seen
    facts: tuple[Mapping[str, object], ...] = ()  # kind, source, origin, as_of, fetched_at, raw_sha256 … per fact
    missing: tuple[str, ...] = ()
    raised_by: tuple[str, ...] = ()
    source: str = ""
    as_of: date | None = None
    fetched_at: datetime | None = None
    contracts: tuple[str, ...] = ()
    reason: str = ""
    measure: Decimal | None = None
    reported_measure: Decimal | None = None  # the value when last decided on or reported
