"""Stage 5: every supplier of the run against the rules that its profile expects. Pure per supplier, streamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from screening.config import Config
from screening.decisions import in_time, worse
from screening.model import Judged, Outcome
from screening.rules import Judging, Rule, weigh
from screening.rules.weighing import Call, raisers
from screening.store import Decision, Run, Store

STANDING: frozenset[Outcome] = frozenset({"flag", "unknown"})
"""What is stored of every supplier; other verdicts only where a finding stood before."""


@dataclass(slots=True)
class Tally:
    """What judging counted: verdicts per rule, and how many suppliers could be judged whole."""

    coverage: dict[str, Counter[str]] = field(default_factory=dict)
    in_scope: int = 0
    fully_checked: int = 0
    unidentified: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """Which flags a decision holds for on the day, before other rules' flags have raised any."""

    store: Store
    decisions: Mapping[str, Decision]
    day: date
    worse_share: Decimal

    def holds(self, supplier_id: str, call: Call) -> bool:
        """Whether a flag is accepted as explained or a false hit, and no worse than when that was decided."""
        if not self.decisions:
            return False
        rule = call.bound.rule
        decision = self.decisions.get(self.store.finding_id(rule.table.id, supplier_id, call.scope_key))
        if decision is None or not in_time(decision, self.day):
            return False
        value = call.verdict.seen.get(rule.table.measure or "")
        measure = Decimal(str(value)) if isinstance(value, int | float | Decimal) else None
        return not worse(decision, rule.severity_of(call.verdict.level), measure, self.worse_share)


def judge(
    store: Store,
    run: Run,
    config: Config,
    rules: Mapping[str, Rule],
    precedence: Mapping[str, tuple[str, ...]],
    *,
    also: Collection[tuple[str, str, str]] = frozenset(),
    decisions: Mapping[str, Decision] | None = None,
    today: date | None = None,
) -> Tally:
    """Judges the run's suppliers and stores flags, unknowns and the coverage, in place of what the run had.

    Args:
        store: holds the run's population, facts and gaps.
        run: the run.
        config: profiles.
        rules: the rules in force.
        precedence: kind of fact -> sources, best first.
        also: (supplier, rule, scope key) of findings that stood before: their verdicts are kept whatever they are.
        decisions: finding id -> the newest decision: a flag that is accepted or a false hit does not raise others.
        today: the day to judge; the run's own unless given.
    """
    day = today or run.as_of
    judging = Judging(rules, config, day)
    tally = Tally()
    settled = Settled(store, decisions or {}, day, config.assessment.worse_share)
    store.put_judged(run.id, _judged(store, run, judging, precedence, also, tally, settled))
    store.put_coverage(run.id, tally.coverage)
    return tally


def _judged(
    store: Store,
    run: Run,
    judging: Judging,
    precedence: Mapping[str, tuple[str, ...]],
    also: Collection[tuple[str, str, str]],
    tally: Tally,
    settled: Settled,
) -> Iterator[Judged]:
    coverage = tally.coverage
    watched = {supplier_id for supplier_id, _rule, _key in also}
    for dossier in store.dossiers(run.id, judging.kinds, settled.day, precedence):
        calls = judging.calls(dossier)
        supplier_id = dossier.supplier.id
        whole = bool(calls)
        kept = []
        raising = []
        for call in calls:
            outcome, name = call.verdict.outcome, call.bound.rule.table.id
            counts = coverage.get(name)
            if counts is None:
                counts = coverage[name] = Counter()
            counts[outcome] += 1
            if outcome == "flag":
                if not settled.holds(supplier_id, call):
                    raising.append(call)
            elif outcome == "unknown":
                whole = False
            elif supplier_id not in watched or (supplier_id, name, call.scope_key) not in also:
                continue
            kept.append(call)
        tally.in_scope += bool(calls)
        tally.fully_checked += whole
        tally.unidentified += dossier.supplier.kind == "unidentified"
        if kept:
            yield from weigh(kept, supplier_id, raisers(raising))
