"""Stage 6: the life of each finding, by setting this run's verdicts against the last earlier period's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from screening.decisions import FALSE_HIT, handled, pair_of, worse
from screening.decisions import standing as decided
from screening.model import SEVERITIES, Fact, Finding, Judged, Severity, Status
from screening.store import Decision, Run, Store

CLOSED: frozenset[Status] = frozenset({"resolved", "ended"})
FRESH: frozenset[Status] = frozenset({"new", "worse"})


def compare(store: Store, run: Run, worse_share: Decimal) -> None:
    """Sets this run's verdicts against the newest finished monthly run of an earlier period and stores the findings.

    What people decided in workbooks of this period or earlier ones counts: see ``Decided``.

    A case run is compared with nothing: who has bid is secret, and its findings are its own.

    Args:
        store: holds what was judged (flags, unknowns, and this run's verdicts on findings that stood before).
        run: the run that was judged.
        worse_share: how much the measure must have grown since last reported to be called worse (0-1).
    """
    before: dict[str, Finding] = {}
    standing_unknowns: set[str] = set()
    if run.kind == "monthly":
        before = {finding.finding_id: finding for finding in store.last_states(run.period)}
        predecessor = store.predecessor(run)
        if predecessor is not None:
            standing_unknowns = {
                finding.finding_id for finding in store.findings(predecessor.id) if finding.outcome == "unknown"
            }
    decisions = Decided(decided(store, run), run, worse_share)
    store.put_findings(run.id, _lives(store, store.judged(run.id), before, standing_unknowns, decisions))


def standing(store: Store, run: Run) -> frozenset[tuple[str, str, str]]:
    """(supplier, rule, scope key) of every flag that stood before: judging keeps its verdicts on these, also clear ones."""
    if run.kind != "monthly":
        return frozenset()
    return frozenset(
        (finding.supplier_id, finding.rule, finding.scope_key)
        for finding in store.last_states(run.period)
        if finding.outcome == "flag" and finding.status not in CLOSED
    )


class Decided:
    """What decisions make of findings: an acceptance keeps one out of *new* and *worse* until its day, or worse facts.

    When it has run out, or the facts have outgrown it, the finding comes back once as new or worse.
    """

    def __init__(self, decisions: Mapping[str, Decision], run: Run, worse_share: Decimal) -> None:
        self.decisions, self.run, self.worse_share = decisions, run, worse_share
        self.pairs = {item.pair: item for item in decisions.values() if item.assessment == FALSE_HIT and item.pair}

    def known(self, finding_id: str, old: Finding | None) -> Finding | None:
        """``old`` as last decided on: a decision of an earlier period that is new since then is what to compare with."""
        decision = self.decisions.get(finding_id)
        if old is None or decision is None or decision.measure is None or decision.id == old.decision:
            return old
        return replace(old, reported_measure=decision.measure) if decision.period < self.run.period else old

    def apply(self, finding: Finding, old: Finding | None) -> Finding:
        """This run's state with what was decided."""
        if finding.outcome != "flag" or finding.status in CLOSED:
            return finding
        decision = self.decisions.get(finding.finding_id) or self.pairs.get(pair_of(finding))
        if decision is None:
            return finding
        state = handled(decision, finding, old, self.run, self.worse_share)
        told = replace(finding, handled=state, decision=decision.id)
        if finding.status == "unverified" or self.run.kind != "monthly":
            return told
        if told.settled:
            return replace(told, status="remaining", reported_measure=decision.measure or finding.measure)
        if state in ("expired", "outgrown") and (old is None or old.handled != state or old.status == "unverified"):
            grown = worse(decision, finding.severity, finding.measure, self.worse_share)
            return replace(told, status="worse" if grown else "new", reported_measure=finding.measure)
        return told


def _lives(
    store: Store,
    judged: Iterable[Judged],
    before: Mapping[str, Finding],
    standing_unknowns: set[str],
    decisions: Decided,
) -> Iterator[Finding]:
    seen: set[str] = set()
    for item in judged:
        finding_id = store.finding_id(item.rule, item.supplier_id, item.scope_key)
        seen.add(finding_id)
        old = decisions.known(finding_id, before.get(finding_id))
        if old is not None and old.outcome == "unknown" and finding_id not in standing_unknowns:
            old = None  # an unknown that closed silently some period ago
        if (finding := life(finding_id, item, old, decisions.run.period, decisions.worse_share)) is not None:
            told = decisions.apply(finding, old)
            yield replace(told, since=_since(store, told, old, decisions.run))
    for finding_id, old in before.items():
        if finding_id not in seen and old.outcome == "flag" and old.status not in CLOSED:
            yield replace(old, status="ended", verdict="not_applicable", reason="")


def _since(store: Store, finding: Finding, old: Finding | None, run: Run) -> date | None:
    """The day from which it is to be handled as it stands: this run's for what is new, back or worse."""
    if old is None or finding.status in FRESH:
        return run.as_of
    if old.since is not None or finding.outcome != "flag":
        return old.since
    earlier = [
        before.as_of
        for before, state in store.finding(finding.finding_id)  # kept by a version that did not note the day
        if state.status in FRESH and before.kind == "monthly" and before.period < run.period and not before.replaced_by
    ]
    return earlier[-1] if earlier else None


def life(finding_id: str, item: Judged, old: Finding | None, period: str, worse_share: Decimal) -> Finding | None:
    """This run's state of one finding; ``None`` when there is nothing to show (never flagged, or closed before)."""
    outcome = item.verdict.outcome
    if outcome == "flag":
        return _flagged(finding_id, item, old, period, worse_share)
    if old is not None and old.outcome == "flag" and old.status not in CLOSED:
        if outcome == "unknown":
            return replace(old, status="unverified", verdict="unknown", reason=item.verdict.reason)
        return _closed(old, item)
    if outcome == "unknown":
        fresh = _state(finding_id, item, period)
        if old is None or old.outcome != "unknown":
            return fresh
        return replace(fresh, status="remaining", occurrence=old.occurrence, first_seen=old.first_seen)
    return None


def _flagged(finding_id: str, item: Judged, old: Finding | None, period: str, worse_share: Decimal) -> Finding:
    fresh = _state(finding_id, item, period)
    if old is None or old.outcome != "flag":
        return fresh
    if old.status in CLOSED:
        return replace(fresh, first_seen=old.first_seen, occurrence=old.occurrence + 1)
    lived = replace(fresh, first_seen=old.first_seen, occurrence=old.occurrence)
    if _worse(item, old, worse_share):
        return replace(lived, status="worse")
    return replace(lived, status="remaining", reported_measure=old.reported_measure)


def _closed(old: Finding, item: Judged) -> Finding:
    """The flag as it stood, closed; with the dates of the answer that showed it, where there is one."""
    closed = replace(
        old, status="resolved" if item.verdict.outcome == "clear" else "ended", verdict=item.verdict.outcome, reason=""
    )
    if not item.verdict.facts:
        return closed
    came = item.verdict.facts[0].provenance
    return replace(closed, source=came.source, as_of=came.held_on, fetched_at=came.fetched_at)


def _state(finding_id: str, item: Judged, period: str) -> Finding:
    """The verdict as a finding met for the first time."""
    came = item.verdict.facts[0].provenance if item.verdict.facts else None
    return Finding(
        finding_id=finding_id,
        supplier_id=item.supplier_id,
        rule=item.rule,
        scope_key=item.scope_key,
        outcome="flag" if item.verdict.outcome == "flag" else "unknown",
        verdict=item.verdict.outcome,
        severity=item.severity,
        level=item.verdict.level,
        status="new",
        occurrence=1,
        first_seen=period,
        evidence=dict(item.verdict.seen),
        facts=tuple(_fact_reference(fact) for fact in item.verdict.facts),
        missing=item.verdict.missing,
        raised_by=item.raised_by,
        source=item.source,
        as_of=item.as_of,
        fetched_at=came.fetched_at if came is not None else None,
        contracts=item.contracts,
        reason=item.verdict.reason if item.verdict.outcome == "unknown" else "",
        measure=item.measure,
        reported_measure=item.measure,
    )


def _worse(item: Judged, old: Finding, worse_share: Decimal) -> bool:
    if _rank(item.severity) < _rank(old.severity):
        return True
    if item.measure is None or old.reported_measure is None or item.measure <= old.reported_measure:
        return False
    return item.measure >= old.reported_measure * (1 + worse_share)


def _rank(severity: Severity | None) -> int:
    return len(SEVERITIES) if severity is None else SEVERITIES.index(severity)


def _fact_reference(fact: Fact) -> dict[str, object]:
    came = fact.provenance
    return {
        "kind": fact.kind,
        "scope_key": fact.scope_key,
        "source": came.source,
        "origin": came.origin.value,
        "as_of": came.as_of.isoformat(),
        "fetched_at": came.fetched_at.isoformat(),
        "confirmed_at": came.confirmed_at.isoformat() if came.confirmed_at else None,
        "request_ref": came.request_ref,
        "raw_sha256": came.raw_sha256,
        "simulated": came.simulated,
        "historic": came.historic,
    }
