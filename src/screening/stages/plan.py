"""Stage 2: what would be asked of whom, at what price and in what time. Asks nothing.

*At least* takes the register to say of each number what it said last, sources to answer, and a source to know whom it knew:
about others a paid answer is not sure. *At most* holds whatever they say; a budget cuts the former, and is told beside the latter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from screening.connectors import Connector
from screening.model import Dossier, Supplier
from screening.stages.collect import CHUNK, Asking, legal_form_of
from screening.stages.heard import Heard
from screening.stages.routing import LETTER_FORMS
from screening.stages.stored import Stored, lately
from screening.store import Run, Store


@dataclass(slots=True)
class SourcePlan:
    """One source's part of the plan.

    Attributes:
        suppliers: how many need it as their first choice for some kind of fact.
        fresh: how many of those have an answer that is fresh enough, so that nothing is asked.
        calls_at_least: calls that will be made; of a paid source, those about whom it has answered before, whom no cheaper
            proof may spare, and for whom the budget suffices whatever the others cost.
        calls_at_most: all that may be made: also about those that wave 1 might still stop or whom an earlier choice might
            fail, every part of an answer, and the earlier days that a source is asked about the first time.
        letters_at_least: disclosure letters to persons among the former.
        letters: among the latter; whose legal form is not known yet may be a partnership, and counts.
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
    letters_at_least: int = 0
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
    """The plan of a run whose population is in the store; on an empty store nothing but the register is sure."""
    maker = _Planner(store, run, asking)
    ids = store.suppliers_by_value(run.id)
    unidentified = 0
    for start in range(0, len(ids), CHUNK):
        for dossier in maker.dossiers(ids[start : start + CHUNK]):
            if dossier.supplier.identity is None:
                unidentified += 1
            else:
                maker.add(dossier)
    budget, spent = asking.config.budget, Decimal(store.spent_ore(run.period)) / 100
    sek_left = None if budget.max_sek is None else budget.max_sek - spent
    letters_left = None if budget.max_letters is None else budget.max_letters - store.letters(run.period)
    return Plan(
        suppliers=len(ids),
        unidentified=unidentified,
        without_source=maker.without_source,
        sources=maker.finished(sek_left, letters_left),
        budget_sek=budget.max_sek,
        budget_letters=budget.max_letters,
        spent_sek=spent,
    )


@dataclass(slots=True)
class _Calls:
    """What one supplier takes of one source: name of each call -> whether it is sure to be made."""

    calls: dict[str, bool] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Seen:
    """What planning one supplier has found."""

    dossier: Dossier
    form: str | None
    sure: bool  # the register has told who it is, and nothing stops it
    certain: frozenset[str]  # kinds that are needed whatever the legal form
    settled: bool  # the register will not be asked again
    stopped: bool
    asked: dict[str, _Calls] = field(default_factory=dict)
    chosen: dict[str, bool] = field(default_factory=dict)  # connector, as first choice -> every answer is fresh
    cannot: set[tuple[str, str]] = field(default_factory=set)


class _Planner:
    def __init__(self, store: Store, run: Run, asking: Asking) -> None:
        self.store, self.run, self.asking = store, run, asking
        self.routing = asking.routing
        self.heard = Heard(store, asking.routing, asking.rests, run.as_of)
        self.stored = Stored(store, run.as_of)
        self.without_source: Counter[str] = Counter()
        self.parts: dict[str, SourcePlan] = {
            item.name: SourcePlan(item.name, item.wave, item.table.price_sek)
            for item in asking.routing.connectors.values()
        }
        self.begun: dict[str, set[str]] = {}  # source -> suppliers of whom parts of an answer are kept

    def dossiers(self, ids: list[str]) -> Iterator[Dossier]:
        kinds = self.asking.register_kinds
        return self.store.dossiers(self.run.id, kinds, self.run.as_of, self.routing.precedence, supplier_ids=ids)

    def add(self, dossier: Dossier) -> None:
        form = legal_form_of(dossier)
        known = any(dossier.facts.get(kind) for kind in self.asking.register_kinds)
        stopped = known and self.asking.stopped(dossier)
        certain, possible = self._kinds(dossier, form)
        settled = all(self._is_settled(dossier, kind) for kind in self.asking.register_kinds & possible)
        seen = _Seen(dossier, form, known and not stopped, certain, settled, stopped)
        for kind in possible:
            self._kind(kind, seen)
        for name, fresh in seen.chosen.items():
            self.parts[name].suppliers += 1
            self.parts[name].fresh += fresh
        for name, reason in seen.cannot:
            self.parts[name].cannot[reason] += 1
        for name, asked in seen.asked.items():
            self._count(self.routing.connectors[name], asked, seen)

    def _kinds(self, dossier: Dossier, form: str | None) -> tuple[frozenset[str], frozenset[str]]:
        """Kinds that are asked for whatever the legal form turns out to be, and those that may be."""
        forms = (form,) if form is not None else (None, *self.asking.forms)
        supplier = dossier.supplier
        each = [
            self.asking.needs(supplier, dossier.contracts, dossier.spend, one) - self.heard.of(dossier, one)
            for one in forms
        ]
        return each[0].intersection(*each), each[0].union(*each)

    def _is_settled(self, dossier: Dossier, kind: str) -> bool:
        """Whether the register is not asked about the supplier before what comes after it."""
        for connector in self.routing.candidates(kind):
            if self.routing.refusal(connector, dossier.supplier, None) is None:
                had = self.stored.of(connector, kind, dossier.supplier.id).what
                if had != "nothing":
                    return had == "answered"
        return True

    def _kind(self, kind: str, seen: _Seen) -> None:
        """Goes through the sources of a kind as collecting will, as far as it may come."""
        candidates = self.routing.candidates(kind)
        every = kind in self.routing.cross_check
        supplier = seen.dossier.supplier
        if not candidates:
            self.without_source[kind] += 1
        first, shown = True, False  # nobody before it is asked; the first choice has been shown
        for connector in candidates:
            refusal = self.routing.refusal(connector, supplier, seen.form) or _own_refusal(connector, supplier)
            barred = seen.stopped and connector.wave > 1
            if refusal is not None or (barred and seen.settled):
                seen.cannot.add((connector.name, refusal or "identity"))
                continue
            had = self.stored.of(connector, kind, supplier.id).what
            if not shown:
                seen.chosen[connector.name] = seen.chosen.get(connector.name, True) and bool(had)
                shown = True
            if had == "answered" and not every:
                return
            if had:
                continue
            sure = first and kind in seen.certain and (connector.wave == 1 or seen.sure)
            asked = seen.asked.setdefault(connector.name, _Calls())
            call = connector.adapter.call_for(kind)
            asked.calls[call] = asked.calls.get(call, False) or (sure and self._is_sure(connector, kind, seen))
            asked.kinds.add(kind)
            first = every

    def _is_sure(self, connector: Connector, kind: str, seen: _Seen) -> bool:
        """Whether a question to the source is a call that counts: paid for, where it has a price."""
        supplier_id = seen.dossier.supplier.id
        if seen.form is None and connector.table.forms:
            return False
        if not connector.table.price_sek:
            return True
        if connector.name not in self.begun:
            self.begun[connector.name] = self.store.in_parts(connector.name, lately(connector, self.run.as_of)[0])
        held = kind in self.stored.held(connector).get(supplier_id, ())
        proved = connector.adapter.proves(connector.table.options)
        return held and not proved and supplier_id not in self.begun[connector.name]

    def _count(self, connector: Connector, asked: _Calls, seen: _Seen) -> None:
        part, adapter, options = self.parts[connector.name], connector.adapter, connector.table.options
        supplier = seen.dossier.supplier
        least = sum(asked.calls.values())
        more = [count(options) for kind, count in adapter.more_calls.items() if kind in asked.kinds]
        more += [
            count(options)
            for kind, count in adapter.first_calls.items()
            if kind in asked.kinds and supplier.id not in self.stored.begun(connector, kind)
        ]
        most = len(asked.calls) + max(more, default=0)
        part.calls_at_least += least
        part.calls_at_most += most
        if self.routing.sends_letter(connector, supplier, seen.form):
            part.letters_at_least += least
            part.letters += most
        elif seen.form is None and self.routing.sends_letter(connector, supplier, min(LETTER_FORMS)):
            part.letters += most

    def finished(self, sek_left: Decimal | None, letters_left: int | None) -> tuple[SourcePlan, ...]:
        """The parts in order of their waves, with what is sure cut to what the budget lets through."""
        letters = sum(part.letters for part in self.parts.values())
        sek = sum((part.sek_at_most for part in self.parts.values()), Decimal(0))
        for name, part in self.parts.items():
            if letters_left is not None:
                sure = min(part.letters_at_least, max(0, letters_left - (letters - part.letters_at_least)))
                part.calls_at_least -= part.letters_at_least - sure
                part.letters_at_least = sure
            if sek_left is not None and part.price_sek:
                paid = max(Decimal(0), sek_left - (sek - part.sek_at_least)) // part.price_sek
                part.letters_at_least = max(0, part.letters_at_least - max(0, part.calls_at_least - int(paid)))
                part.calls_at_least = min(part.calls_at_least, int(paid))
            limits = self.routing.connectors[name].table.limits
            rate = min(limits.per_second or float("inf"), (limits.per_minute or float("inf")) / 60)
            part.seconds = 0.0 if rate == float("inf") else part.calls_at_most / (rate * (1 - limits.reserve))
        return tuple(sorted(self.parts.values(), key=lambda part: (part.wave, part.source)))


def _own_refusal(connector: Connector, supplier: Supplier) -> str | None:
    """Why the adapter itself will not ask: its option ``persons`` is off."""
    off = "persons" in connector.adapter.options and not connector.table.options.get("persons", False)
    return "not_allowed" if supplier.kind == "person" and off else None
