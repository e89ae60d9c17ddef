"""Verdicts after they are set against each other: the worst of several answers, severities that other flags raise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from screening.model import SEVERITIES, Contract, Judged, Outcome, Severity, Value, Verdict
from screening.rules.bound import Bound
from screening.rules.rule import Rule

OUTCOMES: tuple[Outcome, ...] = ("flag", "unknown", "clear", "not_applicable")  # worst first


class Call(NamedTuple):
    """One verdict before it is weighed: what ``Judging.judged`` makes findings from."""

    bound: Bound
    scope_key: str
    verdict: Verdict
    contracts: tuple[Contract, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple[Call, ...] = ()  # per profile, where profiles with other limits gave answers of their own


def worst_of(parts: Sequence[Call]) -> Call:
    """One answer on the supplier from one per profile: the worst, for the contracts that it is about; the rest beside.

    A flag goes before what could not be judged, and that before clear; of several flags the most severe one.
    """

    def key(call: Call) -> tuple[int, int]:
        outcome = call.verdict.outcome
        severity = call.bound.rule.severity_of(call.verdict.level) if outcome == "flag" else "low"
        return OUTCOMES.index(outcome), SEVERITIES.index(severity)

    worst = min(parts, key=key)
    alike = [part for part in parts if part.verdict.outcome == worst.verdict.outcome]
    contracts = tuple(contract for part in alike for contract in part.contracts)
    return worst._replace(contracts=contracts, parts=tuple(parts))


def fields_told(verdict: Verdict) -> frozenset[str]:
    """The fields in which the evidence of a verdict has a value."""
    return frozenset(name for name, value in verdict.seen.items() if value is not None)


def weigh(
    calls: Iterable[Call], supplier_id: str, flagged: Mapping[str, Collection[str]] | None = None
) -> list[Judged]:
    """Verdicts with what the store and the report need.

    Args:
        calls: what the rules said of one supplier.
        supplier_id: whose they are.
        flagged: ids of the rules that flag this supplier, each with the fields that its evidence tells; by default
            those among ``calls``.
    """
    calls = list(calls)
    if flagged is None:
        flagged = raisers(call for call in calls if call.verdict.outcome == "flag")
    return [_weigh(call, supplier_id, flagged) for call in calls]


def raisers(calls: Iterable[Call]) -> dict[str, frozenset[str]]:
    """The rules of some flags, each with the fields that its evidence tells."""
    found: dict[str, frozenset[str]] = {}
    for call in calls:
        name = call.bound.rule.table.id
        found[name] = found.get(name, frozenset()) | fields_told(call.verdict)
    return found


def _weigh(call: Call, supplier_id: str, flagged: Mapping[str, Collection[str]]) -> Judged:
    rule, verdict = call.bound.rule, call.verdict
    severity: Severity | None = None
    raised_by: tuple[str, ...] = ()
    measure: Decimal | None = None
    if verdict.outcome == "flag":
        severity, raised_by = _raised(rule, rule.severity_of(verdict.level), flagged)
        measure = _measure(verdict.seen.get(rule.table.measure or ""))
        verdict = replace(verdict, seen={**call.bound.shown, **verdict.seen})
    missing = _missing(call)
    if missing != verdict.missing:
        verdict = replace(verdict, missing=missing)
    provenance = verdict.facts[0].provenance if verdict.facts else None
    return Judged(
        supplier_id=supplier_id,
        rule=rule.table.id,
        scope_key=call.scope_key,
        verdict=verdict,
        severity=severity,
        raised_by=raised_by,
        measure=measure,
        contracts=tuple(contract.id for contract in call.contracts),
        source=provenance.source if provenance else "",
        as_of=provenance.held_on if provenance else None,
    )


SHORT = "short_history"


def _missing(call: Call) -> tuple[str, ...]:
    """The kinds that were missing; behind an unknown that the check itself said, those it could not do without.

    A history too short to judge by is what is missing itself, before whatever could not be weighed beside it.
    """
    missing = (*call.verdict.missing, *call.missing)
    if call.verdict.reason == SHORT and not call.verdict.missing:
        (kind, *_more) = (
            need.kind for need in sorted(call.bound.rule.binding.needs, key=lambda n: n.shape != "history")
        )
        return (kind, *(name for name in call.missing if name != kind))
    if missing or call.verdict.outcome != "unknown" or call.verdict.reason == "identity":
        return missing
    return (call.bound.rule.binding.needs[0].kind,)


def _raised(rule: Rule, severity: Severity, flagged: Mapping[str, Collection[str]]) -> tuple[Severity, tuple[str, ...]]:
    raises = rule.table.raised_by
    if raises is None or SEVERITIES.index(raises.to) >= SEVERITIES.index(severity):
        return severity, ()
    by = raises.among(flagged)
    return (raises.to, by) if by else (severity, ())


def _measure(value: Value) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(str(value))
