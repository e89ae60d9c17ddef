"""What judging works on and says: history, context, dossier, verdict, finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, Literal, TypeVar

from screening.model.provenance import Fact
from screening.model.quick import quick
from screening.model.supplier import Contract, Spend, Supplier

F = TypeVar("F", bound=Fact)

Outcome = Literal["clear", "flag", "unknown", "not_applicable"]
Severity = Literal["critical", "high", "medium", "low"]
SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low")  # worst first

Status = Literal["new", "remaining", "worse", "resolved", "unverified", "ended"]

REASONS: tuple[str, ...] = (
    "no_source",
    "not_allowed",
    "over_budget",
    "awaited",
    "not_found",
    "too_old",
    "redacted",
    "partial",
    "source_down",
    "doubtful",
    "identity",
    "short_history",
    "rejected_input",
    "not_needed",
)
"""Why there is no fact. ``not_needed`` never stands behind an unknown."""

GIVES_WAY: tuple[str, ...] = ("not_allowed", "no_source")
"""Reasons that say only that one source may not or cannot tell: what another one says of the same kind goes before them.

A tax account that the buyer is no agent for is not forbidden, when the supplier's own extract of it is what is missing.
"""

Value = str | int | float | bool | date | Decimal | None
"""What evidence may hold: shown in texts and stored."""


@dataclass(frozen=True, slots=True)
class History(Generic[F]):
    """All rows of one kind from one source, oldest first. A row is a change: equal answers made no new row.

    ``observed_from_on`` is the first day on which the source was asked with success, or the earliest that it was asked
    about (``Provenance.historic``), by which a check knows whether a window is covered. A check that declares
    ``officers: History[Officers]`` needs at least one row.
    """

    versions: tuple[F, ...]
    observed_from_on: date

    @property
    def latest(self) -> F:
        """The newest row."""
        return self.versions[-1]

    def changes(self) -> tuple[tuple[F, F], ...]:
        """Neighbours (before, after), oldest first."""
        return tuple(zip(self.versions, self.versions[1:], strict=False))


@quick
@dataclass(frozen=True, slots=True)
class Context:
    """What a check may know beside its facts. ``contract`` is set for rules of scope ``contract`` alone.

    ``contracts`` are those of this supplier that the rule's profile expects it for, in force or in tender.
    """

    today: date
    supplier: Supplier
    contract: Contract | None = None
    contracts: tuple[Contract, ...] = ()
    spend: Spend = field(default_factory=Spend)


@quick
@dataclass(frozen=True, slots=True)
class Verdict:
    """What one call of a rule says. Made by ``flag``, ``clear``, ``unknown`` and ``not_applicable`` alone.

    ``facts`` are the facts behind a flag; ``seen`` the named values that texts and evidence use; ``missing`` the kinds
    of optional facts that could not be weighed (added by the engine).
    """

    outcome: Outcome
    level: str = ""  # a name in the rule's ``levels``; empty for the base severity
    reason: str = ""  # one of REASONS for unknown; a word for not_applicable
    facts: tuple[Fact, ...] = ()
    seen: Mapping[str, Value] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def flag(fact: Fact, *more: Fact, level: str = "", **seen: Value) -> Verdict:
    """A flag, with the fact that shows it: a flag without evidence cannot be written."""
    return Verdict("flag", level=level, facts=(fact, *more), seen=seen)


def clear(*facts: Fact, **seen: Value) -> Verdict:
    """Looked at and in order; the facts that show it, for the explanation."""
    return Verdict("clear", facts=facts, seen=seen)


def unknown(reason: str, **seen: Value) -> Verdict:
    """EJ BEDÖMBAR: never shown as in order.

    Raises:
        ValueError: a reason outside ``REASONS``, or ``not_needed``.
    """
    if reason not in REASONS or reason == "not_needed":
        message = f"{reason}: not a reason for unknown"
        raise ValueError(message)
    return Verdict("unknown", reason=reason, seen=seen)


def lacks(kind: str) -> Verdict:
    """Unknown for want of an optional fact that is needed in this case after all; the engine says why it is not there."""
    return Verdict("unknown", missing=(kind,))


def not_applicable(why: str, **seen: Value) -> Verdict:
    """The rule does not concern this supplier or contract: legal form, regime, phase, service."""
    return Verdict("not_applicable", reason=why, seen=seen)


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a kind of fact is missing for a supplier, from the last attempt."""

    kind: str
    reason: str
    source: str = ""
    detail: str = ""


@quick
@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything known about one supplier on a day: one run's contracts and spend, all runs' facts.

    Attributes:
        facts: kind -> sources in order of precedence -> rows, oldest first (for kinds with scope keys: per key).
            Only what was fetched by the end of the day and happened on or before it.
        gaps: kind -> why it is missing.
        observed_from_on: (kind, source) -> first day with an answer, or the earliest day that one was about.
        judged_first_on: the first day of any finished run that had this supplier.
    """

    supplier: Supplier
    contracts: tuple[Contract, ...] = ()
    spend: Spend = field(default_factory=Spend)
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    gaps: Mapping[str, Gap] = field(default_factory=dict)
    observed_from_on: Mapping[tuple[str, str], date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict with the rule, scope key and severity it concerns: what judging hands on."""

    supplier_id: str
    rule: str
    scope_key: str
    verdict: Verdict
    severity: Severity | None = None  # None unless a flag
    raised_by: tuple[str, ...] = ()  # rules that raised the severity
    measure: Decimal | None = None  # the value of the rule's measure field
    contracts: tuple[str, ...] = ()  # ids concerned
    source: str = ""  # of the first fact
    as_of: date | None = None
