"""A finding: the life, over all runs, of one (organisation, rule, supplier, scope key)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from screening.model.judgement import Outcome, Severity, Status, Value

Handled = Literal["", "open", "accepted", "false_hit", "expired", "outgrown", "not_done"]
"""What the newest decision means for a finding in a run.

``accepted`` and ``false_hit`` hold; ``expired``: past its date; ``outgrown``: the facts are worse, or others, than when
decided; ``not_done``: said to be put right, and still flagged in a later period; ``open``: any other decision.
"""

SETTLED: frozenset[Handled] = frozenset({"accepted", "false_hit"})
"""Neither new nor worse, and not weighed in the assessment."""


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
    handled: Handled = ""
    since: date | None = None  # day of the run that first told it as it stands: new, back or worse; None in old stores
    decision: int = 0  # the id of the newest decision on it when the run was compared; 0 for none

    @property
    def settled(self) -> bool:
        """Whether an accepted explanation or a false hit holds for it."""
        return self.handled in SETTLED
