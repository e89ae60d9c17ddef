"""Stage 2: what would be asked of whom, at what price and in what time. Asks nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal

from screening.connectors import Connector
from screening.model import Dossier
from screening.stages.collect import CHUNK, Asking, begun, bought_lately, lately, legal_form_of
from screening.stages.heard import Heard
from screening.store import Run, Store


@dataclass(slots=True)
class SourcePlan:
    """One source's part of the plan.

    Attributes:
        suppliers: how many need it as their first choice for some kind of fact.
        fresh: how many of those have an answer that is fresh enough, so that nothing is asked.
        calls_at_least: suppliers that will be asked whatever the register says about their number.
        calls_at_most: the same, with those that wave 1 might still stop, those whom an earlier choice might fail, and
            the earlier days that a source is asked about the first time it is asked about a supplier.
        letters: disclosure letters to persons, at most.
        cannot: reason -> suppliers that cannot be asked.
        seconds: at most, at the source's own limits.
    """

    source: str
    wave: int
    price_sek: Decimal
    suppliers: int = 0
    fresh: int = 0
    calls_at_least: int = 0
    calls_at_most: int = 0
    letters: int = 0
    cannot: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def sek_at_least(self) -> Decimal:
        """The price of the fewest calls."""
        return self.price_sek * self.calls_at_least

    @property
    def sek_at_most(self) -> Decimal:
        """The price of the most calls."""
        return self.price_sek * self.calls_at_most


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would ask: per source, in the order of the waves."""

    suppliers: int
    unidentified: int
    without_source: Counter[str]  # kind of fact -> suppliers for whom nothing is configured
    sources: tuple[SourcePlan, ...]
    budget_sek: Decimal | None
    budget_letters: int | None
    spent_sek: Decimal

    @property
    def sek_at_least(self) -> Decimal:
        """Over all sources."""
        return sum((item.sek_at_least for item in self.sources), Decimal(0))

    @property
    def sek_at_most(self) -> Decimal:
        """Over all sources, before the budget cuts."""
        return sum((item.sek_at_most for item in self.sources), Decimal(0))


def plan(store: Store, run: Run, asking: Asking) -> Plan:
    """The plan of a run whose population is in the store.

    ``calls_at_least`` leaves out everybody that wave 1 has yet to identify; on an empty store that is everybody beyond
    the register itself.
    """
    maker = _Planner(store, run, asking)
    ids = store.suppliers_by_value(run.id)
    unidentified = 0
    for start in range(0, len(ids), CHUNK):
        for dossier in maker.dossiers(ids[start : start + CHUNK]):
            if dossier.supplier.identity is None:
                unidentified += 1
            else:
                maker.add(dossier)
    return Plan(
        suppliers=len(ids),
        unidentified=unidentified,
        without_source=maker.without_source,
        sources=maker.finished(),
        budget_sek=asking.config.budget.max_sek,
        budget_letters=asking.config.budget.max_letters,
        spent_sek=Decimal(store.spent_ore(run.period)) / 100,
    )


class _Planner:
    def __init__(self, store: Store, run: Run, asking: Asking) -> None:
        self.store, self.run, self.asking = store, run, asking
        self.heard = Heard(store, asking.routing, asking.rests, run.as_of)
        self.without_source: Counter[str] = Counter()
        self.parts: dict[str, SourcePlan] = {
            item.name: SourcePlan(item.name, item.wave, item.table.price_sek)
            for item in asking.routing.connectors.values()
        }
        self.fresh: dict[tuple[str, str], set[str]] = {}
        self.paid: dict[str, set[str]] = {}
        self.begun: dict[tuple[str, str], set[str]] = {}
        self.held: dict[str, Collection[str]] = {}

    def dossiers(self, ids: list[str]) -> Iterator[Dossier]:
        kinds = self.asking.register_kinds
        return self.store.dossiers(self.run.id, kinds, self.run.as_of, self.asking.routing.precedence, supplier_ids=ids)

    def add(self, dossier: Dossier) -> None:
        supplier = dossier.supplier
        legal_form = legal_form_of(dossier)
        known = any(dossier.facts.get(kind) for kind in self.asking.register_kinds)
        stopped = known and self.asking.stopped(dossier)
        asked: dict[str, bool] = {}  # connector -> surely asked
        looking_back: Counter[str] = Counter()  # connector -> calls about earlier days
        chosen: dict[str, bool] = {}  # connector, as first choice -> every answer is fresh
        cannot: set[tuple[str, str]] = set()
        kinds = self.asking.needs(supplier, dossier.contracts, dossier.spend, legal_form)
        for kind in kinds - self.heard.of(dossier, legal_form):
            seen = (asked, looking_back, chosen, cannot)
            self._kind(dossier, kind, legal_form, seen, sure=known, stopped=stopped)
        for name, fresh in chosen.items():
            self.parts[name].suppliers += 1
            self.parts[name].fresh += fresh
        for name, reason in cannot:
            self.parts[name].cannot[reason] += 1
        for name, sure in asked.items():
            part, connector = self.parts[name], self.asking.routing.connectors[name]
            part.calls_at_most += 1 + looking_back[name]
            part.calls_at_least += sure and not self._may_be_proved(connector, supplier.id)
            part.letters += self.asking.routing.sends_letter(connector, supplier, legal_form)

    def _kind(
        self,
        dossier: Dossier,
        kind: str,
        legal_form: str | None,
        seen: tuple[dict[str, bool], Counter[str], dict[str, bool], set[tuple[str, str]]],
        *,
        sure: bool,
        stopped: bool,
    ) -> None:
        asked, looking_back, chosen, cannot = seen
        candidates = self.asking.routing.candidates(kind)
        if not candidates:
            self.without_source[kind] += 1
        first = True
        for connector in candidates:
            refusal = self.asking.routing.refusal(connector, dossier.supplier, legal_form)
            if refusal is not None or (stopped and connector.wave > 1):
                cannot.add((connector.name, refusal or "identity"))
                continue
            fresh = self._is_fresh(connector, kind, dossier.supplier.id)
            if first:
                chosen[connector.name] = chosen.get(connector.name, True) and fresh
            if fresh:
                return
            certain = first and (connector.wave == 1 or sure)
            asked[connector.name] = asked.get(connector.name, False) or certain
            first = False
            more = self._looks_back(connector, kind, dossier.supplier.id)
            looking_back[connector.name] = max(looking_back[connector.name], more)

    def _is_fresh(self, connector: Connector, kind: str, supplier_id: str) -> bool:
        key = (connector.name, kind)
        if key not in self.fresh:
            window = lately(connector, self.run.as_of)
            self.fresh[key] = self.store.fresh(connector.name, kind, *window)
        if supplier_id in self.fresh[key]:
            return True
        if connector.name not in self.paid:
            self.paid[connector.name] = bought_lately(self.store, connector, self.run.as_of)
        paid = supplier_id in self.paid[connector.name]
        return paid and self.store.gap(supplier_id, kind, connector.name) is not None

    def _may_be_proved(self, connector: Connector, supplier_id: str) -> bool:
        """Whether a cheaper proof than a new answer may show that the one stored still holds."""
        if not connector.adapter.proves(connector.table.options):
            return False
        if connector.name not in self.held:
            self.held[connector.name] = self.store.held(connector.name, datetime.max.replace(tzinfo=UTC)).keys()
        return supplier_id in self.held[connector.name]

    def _looks_back(self, connector: Connector, kind: str, supplier_id: str) -> int:
        count = connector.adapter.first_calls.get(kind)
        if count is None:
            return 0
        key = (connector.name, kind)
        if key not in self.begun:
            self.begun[key] = begun(self.store, connector, kind)
        return 0 if supplier_id in self.begun[key] else count(connector.table.options)

    def finished(self) -> tuple[SourcePlan, ...]:
        for name, part in self.parts.items():
            limits = self.asking.routing.connectors[name].table.limits
            rate = min(limits.per_second or float("inf"), (limits.per_minute or float("inf")) / 60)
            part.seconds = 0.0 if rate == float("inf") else part.calls_at_most / rate
        return tuple(sorted(self.parts.values(), key=lambda part: (part.wave, part.source)))
