"""Stage 3: ask the sources in waves, retry, and store each answer before it counts.

Waves: 1 identity and register (free), 2 what wave 1 allows, 3 what costs money. A supplier whose registered name is unlike
the export's, or whose number is not registered, is asked nothing after wave 1. About one of whom the register has never told,
nothing is bought: its number may be a stranger's. What is free is asked all the same: one dead source silences no other.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Collection,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any, Literal, TypeVar

import httpx

from screening.adapters.source import Answer, Billing, Kept, Paid, Request, Session, Source, Ticket
from screening.client import Client, Timebase
from screening.config import Config
from screening.connectors import Connector
from screening.errors import ScreeningError, SourceUnavailable, SupplierFailed
from screening.identity import Identity
from screening.model import GIVES_WAY, CompanyRecord, Contract, Dossier, Spend, Supplier
from screening.stages.heard import Heard, Rests
from screening.stages.routing import LETTER_FORMS, Routing
from screening.stages.session import Network, client_of, secrets_of, session_of
from screening.stages.stored import PASSING, Stored, lately
from screening.store import Run, Store

T = TypeVar("T")
CHUNK = 100  # suppliers; a later wave is at most so many behind the one before it
FEWEST, SHARE = 10, 100
"""Of fewer suppliers a chunk is a hundredth, but no less than ten: a wave waits so long for the one before it."""
BATCH_S = 0.5  # how long a free answer may wait to be written with others
WAVES = (1, 2, 3)
PAID = 3  # the wave of what costs money
MERGED = "FUAV"
"""Bolagsverket's reason for a company that was struck off since another took it over."""
SHORTFALL: frozenset[str] = frozenset({"source_down", "partial", "doubtful", "over_budget"})
"""Reasons that make a run incomplete: it did not get what it set out to get."""
LOST_CALL = "ett betalt anrop kan ha kommit fram utan att svaret nådde oss; det skickas inte igen i samma körning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What collecting needs beside the store and the run.

    Attributes:
        needs: kinds of fact that the expected rules of a supplier use.
        rests: kinds of fact that need not be asked for this month, with the day since which an answer suffices.
        stopped: whether a supplier may not be asked further (wrong number); looks at its register facts.
        register_kinds: kinds that ``stopped`` looks at.
        forms: legal forms by which ``needs`` tells suppliers apart.
        progress: told (connector, suppliers done, suppliers to ask).
        offline: ask nothing; missing kinds get the reason that they have.
        again: ask free sources again also where a fresh answer is stored.
    """

    config: Config
    routing: Routing
    network: Network
    home: Path
    now: Callable[[], datetime]
    needs: Callable[[Supplier, Sequence[Contract], Spend, str | None], frozenset[str]]
    stopped: Callable[[Dossier], bool]
    rests: Rests = lambda *_supplier: {}
    register_kinds: frozenset[str] = frozenset({"company_record"})
    forms: tuple[str, ...] = ()
    progress: Callable[[str, int, int], None] = lambda _name, _done, _total: None
    offline: bool = False
    again: bool = False


def collect(store: Store, run: Run, asking: Asking) -> None:
    """Asks every source that the expected rules need, wave by wave, and stores each answer.

    May be run again after a crash: what is stored is not asked again. Sources that stop leave a gap with its reason for
    each of their suppliers; nothing raises for a dead source.
    """
    to_end(Collector(store, run, asking).all_waves())


def to_end(work: Coroutine[Any, Any, T]) -> T:
    """Runs asynchronous work; of several tasks' errors the first of ours is raised, so that callers see its kind.

    Raises:
        ScreeningError: as the work did.
    """
    try:
        return asyncio.run(work)
    except BaseExceptionGroup as group:
        ours, others = group.split(ScreeningError)
        raise _first(ours or others or group) from None


def _first(group: BaseExceptionGroup[Any]) -> BaseException:
    inner: BaseException = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


@dataclass
class _Need:
    """One supplier in one wave: what is still wanted of it, and whom it has been asked of."""

    dossier: Dossier
    legal_form: str | None
    kinds: frozenset[str]
    tried: set[tuple[str, str]] = field(default_factory=set)  # source, and which of its calls
    got: set[str] = field(default_factory=set)
    gaps: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # kind -> reason, source, detail

    @property
    def supplier(self) -> Supplier:
        return self.dossier.supplier

    def note(self, kind: str, why: tuple[str, str, str]) -> None:
        """Why there is no answer: what the first source said, unless it was only that it may not or cannot tell."""
        noted = self.gaps.get(kind)
        if noted is None or (noted[0] in GIVES_WAY and why[0] not in GIVES_WAY):
            self.gaps[kind] = why


class Collector:
    """One run's asking: clients, what is fresh, and which sources have stopped."""

    def __init__(self, store: Store, run: Run, asking: Asking) -> None:
        self.store, self.run, self.asking = store, run, asking
        self.routing = asking.routing
        self.stopped_sources: dict[str, str] = {}
        self.stored = Stored(store, run.as_of)
        self.held: dict[str, Mapping[str, Mapping[str, date]]] = {}
        self.from_store: dict[str, set[str]] = defaultdict(set)
        self.answered: dict[tuple[str, str], set[str]] = defaultdict(set)  # source and kind -> told of in this asking
        self.heard = Heard(store, asking.routing, asking.rests, run.as_of)
        self.again: frozenset[str] = frozenset()  # sources that are tried once more, at the end
        self.begun_at = asking.now()
        self.given: dict[tuple[str, str], set[str]] = {}  # whom they have answered in this run, before that
        self.asked_before: dict[str, set[str]] = {}
        self.lost: dict[str, set[str]] = {}  # whose paid calls were sent and never heard of again
        self.visited: set[str] = set()  # sources that have been asked at all
        self.clients: dict[str, Client] = {}
        self.sources: dict[str, tuple[Session, Source]] = {}
        self.deadlines: dict[Timebase, float] = {}
        self.unwritten: list[tuple[str, Answer, datetime]] = []
        self.written_at = monotonic()

    async def all_waves(self) -> None:
        """Every supplier through every wave; then once more those whom a source in trouble has left unanswered."""
        try:
            if not self.asking.offline:
                self.store.reopen(self.run.id, PASSING)
            await self._waves(self._by_value())
            if not self.asking.offline and self.run.kind == "monthly":
                await self._collect_left()
            await self._once_more()
        finally:
            for name, supplier_ids in self.from_store.items():
                self.store.put_from_store(self.run.id, name, supplier_ids)
            await self.close()

    async def _waves(self, ids: Sequence[str]) -> None:
        """Each wave over every chunk, a chunk behind the wave before it: so that slow sources wait for each other once only."""
        size = min(CHUNK, max(FEWEST, len(ids) // SHARE))
        chunks = list(_chunks(ids, max(1, len(ids)) if self._batched() else size))
        ended = {wave: [asyncio.Event() for _ in chunks] for wave in WAVES}

        async def one(wave: int) -> None:
            totals = self._totals(wave)
            for place, chunk in enumerate(chunks):
                if wave > WAVES[0]:
                    await ended[wave - 1][place].wait()
                await self._chunk(wave, chunk, totals)
                ended[wave][place].set()

        async with asyncio.TaskGroup() as group:
            for wave in WAVES:
                group.create_task(one(wave))

    def _batched(self) -> list[Connector]:
        """The sources in use that take everybody in one batch."""
        names = {name for order in self.routing.precedence.values() for name in order}
        connectors = (self.routing.connectors[name] for name in sorted(names))
        return [item for item in connectors if item.adapter.in_one_batch]

    async def _collect_left(self) -> None:
        """Batches that nobody of this run waits for are collected, too: they would be open for ever."""
        for connector in self._batched():
            if connector.name not in self.visited and self.store.open_tickets(connector.name):
                await self._ask(connector, (), 0)
        self._write()

    async def _once_more(self) -> None:
        """Trouble may have passed while the rest was asked. A paid call that may have been answered is not sent again."""
        batched = {item.name for item in self._batched()}  # what came of a batch is told before anybody is asked anew
        self.again = frozenset(
            name
            for name, client in self.clients.items()
            if name not in batched
            if (client.reopen() if name in self.stopped_sources else self.store.was_down(self.run.id, name))
        )
        for name in self.again:
            self.stopped_sources.pop(name, None)
            self.lost[name] = {intent.supplier_id for intent in self.store.in_doubt(name, self.run.id)}
        if self.again:
            self.stored.forget_bought()  # what this very run has bought counts from here on
            left = self.store.reopen(self.run.id, {"source_down"}, self.again)
            await self._waves([supplier_id for supplier_id in self._by_value() if supplier_id in left])

    def _had_its_turn(self, name: str, supplier_id: str) -> bool:
        """Whether nothing more is asked of the source about the supplier at the last try."""
        if not self.again or name in self.again:
            return supplier_id in self.lost.get(name, ())
        if name not in self.asked_before:
            self.asked_before[name] = self.store.asked(self.run.id, name)
        return supplier_id in self.asked_before[name]

    def _given(self, name: str, kind: str) -> set[str]:
        """The suppliers about whom the source had told this run by the time that it was tried once more."""
        if (name, kind) not in self.given:
            until = datetime.combine(self.run.as_of, time.max, UTC)
            self.given[name, kind] = self.store.fresh(name, kind, self.begun_at, until)
        return self.given[name, kind]

    async def look_up(self, identities: Sequence[Identity]) -> Mapping[Identity, str]:
        """Asks the free register about numbers that no supplier of the run has; identity -> internal id."""
        ids = {identity: self.store.supplier_id("organisation", identity, "") for identity in identities}
        suppliers = [Supplier(ids[identity], "organisation", identity, "") for identity in identities]
        kinds = frozenset({"company_record"})
        if any(item.table.price_sek for item in self.routing.candidates("company_record")):
            return ids  # a guess is never paid for
        needs = [_Need(Dossier(supplier), None, kinds) for supplier in suppliers]
        await self._rounds(1, needs, self._totals(1))
        return ids

    async def close(self) -> None:
        """Counts the calls and closes the connections."""
        for name, client in self.clients.items():
            self.store.put_calls(self.run.id, name, client.calls)
            await client.aclose()
        self.clients.clear()
        self.sources.clear()

    # --- who needs what ------------------------------------------------------------------------------------------------
    def _by_value(self) -> list[str]:
        """Supplier ids, highest contract value and spend first: so money goes where most is at stake when it is short."""
        return self.store.suppliers_by_value(self.run.id)

    def _dossiers(self, ids: Sequence[str], kinds: frozenset[str]) -> Iterator[Dossier]:
        return self.store.dossiers(self.run.id, kinds, self.run.as_of, self.routing.precedence, supplier_ids=ids)

    def _needs(self, wave: int, ids: Sequence[str]) -> list[_Need]:
        found = []
        stopped: list[_Need] = []
        unheard: list[_Need] = []
        for dossier in self._dossiers(ids, self.asking.register_kinds):
            legal_form = legal_form_of(dossier)
            kinds = self.asking.needs(dossier.supplier, dossier.contracts, dossier.spend, legal_form)
            kinds -= self.heard.of(dossier, legal_form)
            need = _Need(dossier, legal_form, kinds)
            if wave > 1 and (dossier.supplier.identity is None or self.asking.stopped(dossier)):
                stopped.append(need)
            elif wave == PAID and self._is_unheard(need, wave):
                unheard.append(need)
            else:
                found.append(need)
        with self.store.batch():
            for need in stopped:
                self._stop(need, wave, "identity")
            for need in unheard:
                self._stop(need, wave, *self._silence(need))
        place = {supplier_id: index for index, supplier_id in enumerate(ids)}
        return sorted(found, key=lambda need: place[need.supplier.id])

    def _is_unheard(self, need: _Need, wave: int) -> bool:
        """Whether the register should have told who it is before this wave, and never has."""
        if "company_record" not in need.kinds or need.dossier.facts.get("company_record"):
            return False
        may = [
            item
            for item in self.routing.candidates("company_record")
            if self.routing.refusal(item, need.supplier, need.legal_form) is None
        ]
        return bool(may) and all(item.wave < wave for item in may) and not self.asking.offline

    def _silence(self, need: _Need) -> tuple[str, str, str]:
        """Why the register has not answered about a supplier, in what words, and which register it is."""
        registers = [item.name for item in self.routing.candidates("company_record")]
        for name in registers:
            if (gap := self.store.gap(need.supplier.id, "company_record", name)) is not None:
                return gap.reason, gap.detail, name
        return "source_down", "", registers[0]

    def _stop(self, need: _Need, wave: int, reason: str, detail: str = "", source: str = "") -> None:
        """Writes the reason behind every kind that this wave would have asked for."""
        for kind in need.kinds:
            candidates = self.routing.candidates(kind)
            if candidates and min(item.wave for item in candidates) == wave:
                name = source or candidates[0].name
                self.store.put_gap(self.run.id, need.supplier.id, kind, name, reason, detail, self.asking.now())

    def _totals(self, wave: int) -> dict[str, int]:
        return {item.name: 0 for item in self.routing.connectors.values() if item.wave == wave}

    # --- one chunk of suppliers through one wave -----------------------------------------------------------------------
    async def _chunk(self, wave: int, ids: Sequence[str], totals: dict[str, int]) -> None:
        await self._rounds(wave, self._needs(wave, ids), totals)

    async def _rounds(self, wave: int, needs: Sequence[_Need], totals: dict[str, int]) -> None:
        """Asks the first choice for each kind, then the next for those it gave nothing, until nobody is left to ask."""
        while True:
            batches: dict[str, list[tuple[_Need, frozenset[str]]]] = defaultdict(list)
            for need in needs:
                for name, kinds in self._next(need, wave).items():
                    batches[name].append((need, kinds))
            if not batches:
                break
            for name, batch in batches.items():
                totals[name] += len(batch)
            try:
                async with asyncio.TaskGroup() as group:
                    for name, batch in batches.items():
                        group.create_task(self._ask(self.routing.connectors[name], batch, totals[name]))
            finally:
                self._write()
        with self.store.batch():
            for need in needs:
                for kind, (reason, source, detail) in need.gaps.items():
                    if kind not in need.got:
                        self.store.put_gap(
                            self.run.id, need.supplier.id, kind, source, reason, detail, self.asking.now()
                        )

    def _next(self, need: _Need, wave: int) -> dict[str, frozenset[str]]:
        """The next source for each kind still wanted: connector -> kinds. Notes the reason where there is none."""
        chosen: dict[str, set[str]] = defaultdict(set)
        for kind in need.kinds:
            for connector in self._to_ask(need, kind, wave):
                chosen[connector.name].add(kind)
        for connector in self._who_names_successor(need, wave):
            chosen[connector.name].add(CompanyRecord.kind)
        return {name: frozenset(kinds | self._beside(need, name, kinds)) for name, kinds in chosen.items()}

    def _who_names_successor(self, need: _Need, wave: int) -> Iterator[Connector]:
        """Of a company that has merged into another: the source that names that one, where no stored answer does."""
        if CompanyRecord.kind not in need.kinds or self.asking.offline or not merged_into_unnamed(need.dossier):
            return
        for connector in self.routing.connectors.values():
            tried = (connector.name, connector.adapter.call_for(CompanyRecord.kind)) in need.tried
            able = connector.table.enabled and connector.adapter.names_successor and connector.wave == wave > WAVES[0]
            if able and not tried and self._turn(need, CompanyRecord.kind, connector, wave) == "ask":
                yield connector
                return

    def _beside(self, need: _Need, name: str, chosen: Collection[str]) -> set[str]:
        """What else the source can tell in the same answer: a report is not bought again for another kind of fact."""
        connector = self.routing.connectors[name]
        calls = {connector.adapter.call_for(kind) for kind in chosen}
        return {
            kind
            for kind in need.kinds & connector.adapter.gives
            if connector.adapter.call_for(kind) in calls
            if name in self.routing.precedence.get(kind, ()) and kind not in need.got
            if not self._stored(connector, kind, need) and not self._told_before(need, kind, name)
        }

    def _told_before(self, need: _Need, kind: str, name: str) -> bool:
        """Whether a preferred source of an earlier wave has told of the kind: what this one lacks of it is no shortfall."""
        candidates = self.routing.candidates(kind)
        preferred = candidates[: next(n for n, item in enumerate(candidates) if item.name == name)]
        wave = self.routing.connectors[name].wave
        return kind not in self.routing.cross_check and any(
            need.supplier.id in self.answered[item.name, kind] or self._stored(item, kind, need) == "answered"
            for item in preferred
            if item.wave < wave
        )

    def _to_ask(self, need: _Need, kind: str, wave: int) -> Iterator[Connector]:
        """The first source in precedence that has neither answered nor been tried; every one for kinds cross-checked."""
        every = kind in self.routing.cross_check
        if kind in need.got and not every:
            return
        candidates = self.routing.candidates(kind)
        if not candidates and wave == WAVES[0]:
            need.note(kind, ("no_source", "", ""))
        for connector in candidates:
            if connector.wave > wave:
                return
            if (connector.name, connector.adapter.call_for(kind)) in need.tried:
                continue
            told = need.supplier.id in self.answered[connector.name, kind]
            turn = "answered" if told else self._turn(need, kind, connector, wave)
            if turn == "ask":
                yield connector
            if turn != "pass" and not every:
                return

    def _turn(self, need: _Need, kind: str, connector: Connector, wave: int) -> Literal["ask", "answered", "pass"]:
        """Whether it is this source's turn; notes why it cannot be asked."""
        refusal = self.routing.refusal(connector, need.supplier, need.legal_form)
        if refusal is not None:
            if connector.wave == wave:
                need.note(kind, (refusal, connector.name, ""))
            return "pass"
        stored = self._stored(connector, kind, need)
        if stored:
            if not self.again:
                self.from_store[connector.name].add(need.supplier.id)
            return "answered" if stored == "answered" else "pass"
        if connector.wave < wave:
            return "pass"  # had its turn in an earlier wave and gave nothing
        if self._had_its_turn(connector.name, need.supplier.id):
            if connector.name in self.lost:
                need.note(kind, ("source_down", connector.name, LOST_CALL))
            return "pass"
        if connector.name in self.stopped_sources or self.asking.offline:
            reason = "source_down" if connector.name in self.stopped_sources else "not_found"
            need.note(kind, (reason, connector.name, self.stopped_sources.get(connector.name, "")))
            return "pass"
        return "ask"

    def _stored(self, connector: Connector, kind: str, need: _Need) -> str:
        """``answered`` or ``nothing`` when the store holds a fresh answer of this source, else empty."""
        if connector.name in self.again and need.supplier.id in self._given(connector.name, kind):
            return "answered" if self.store.gap(need.supplier.id, kind, connector.name) is None else "nothing"
        if self.asking.again and connector.table.price_sek == 0:
            return ""
        had = self.stored.of(connector, kind, need.supplier.id)
        if had.what == "nothing" and had.gap is not None:
            need.note(kind, (had.gap.reason, connector.name, had.gap.detail))
        return had.what

    def _first(self, connector: Connector, need: _Need, kinds: frozenset[str]) -> frozenset[str]:
        """The kinds for which an adapter that looks back has yet to do so about this supplier."""
        looking_back = kinds & connector.adapter.first_calls.keys()
        return frozenset(kind for kind in looking_back if need.supplier.id not in self.stored.begun(connector, kind))

    def _held(self, connector: Connector) -> Mapping[str, Mapping[str, date]]:
        """Supplier -> kind -> the day on which the source's answer last held, where a cheaper proof may stand in for a new one."""
        if not connector.adapter.proves(connector.table.options):
            return {}
        if connector.name not in self.held:
            renewed = datetime.combine(self.run.as_of - timedelta(days=connector.table.renew_days), time.min, UTC)
            until = datetime.combine(self.run.as_of, time.max, UTC)
            paid = self.store.bought(connector.name, renewed, until) if connector.table.price_sek else None
            held = self.stored.held(connector)
            self.held[connector.name] = {who: days for who, days in held.items() if paid is None or who in paid}
        return self.held[connector.name]

    # --- one source ----------------------------------------------------------------------------------------------------
    async def _ask(self, connector: Connector, batch: Sequence[tuple[_Need, frozenset[str]]], total: int) -> None:
        waiting = {need.supplier.id: (need, kinds) for need, kinds in batch}
        self.visited.add(connector.name)
        for need, kinds in batch:
            need.tried.update((connector.name, connector.adapter.call_for(kind)) for kind in kinds)
        tickets = self.store.open_tickets(connector.name)
        handed_in = {supplier_id for ticket in tickets for supplier_id in ticket.supplier_ids}
        held = self._held(connector)
        requests = [
            _request(need, kinds, self._first(connector, need, kinds), held)
            for need, kinds in batch
            if need.supplier.id not in handed_in
        ]
        why = ""
        try:
            session, source = self._opened(connector)
            try:
                stream = source.ask(requests, tickets)
                async with aclosing(_answers(stream)) as answers:
                    async for answer in answers:
                        if isinstance(answer, Ticket):
                            self._ticket(connector, answer, waiting)
                        else:
                            self._take(connector, answer, waiting)
                            self.asking.progress(connector.name, total - len(waiting), total)
            finally:
                self.store.put_state(connector.name, session.state)
            for supplier_id in handed_in & waiting.keys():
                self._await(connector, supplier_id, waiting)
        except SourceUnavailable as error:
            why = str(error)
            self.stopped_sources[connector.name] = why
        if waiting:
            self.store.put_failed(self.run.id, connector.name, waiting.keys())
        for need, kinds in waiting.values():
            for kind in kinds:
                need.note(kind, ("source_down", connector.name, why))

    def _take(self, connector: Connector, answer: Answer, waiting: dict[str, tuple[_Need, frozenset[str]]]) -> None:
        if answer.billable_calls or connector.table.price_sek:
            cost = int(connector.table.price_sek * 100) * answer.billable_calls
            self.store.put_answer(
                self.run.id, connector.name, answer, self.asking.now(), billed=answer.billable_calls, cost_ore=cost
            )
        else:
            self.unwritten.append((connector.name, answer, self.asking.now()))
            if monotonic() - self.written_at > BATCH_S:
                self._write()
        need, _ = waiting.pop(answer.supplier_id, (None, frozenset()))
        if need is not None:
            told = answer.confirms | {fact.kind for fact in answer.facts}
            need.got |= told
            for kind in told:
                self.answered[connector.name, kind].add(answer.supplier_id)
            for kind, (reason, detail) in answer.missing.items():
                need.note(kind, (reason, connector.name, detail))

    def _write(self) -> None:
        """Free answers that have waited for each other; a paid one never waits."""
        with self.store.batch():
            for source, answer, at in self.unwritten:
                self.store.put_answer(self.run.id, source, answer, at)
        self.unwritten.clear()
        self.written_at = monotonic()

    def _ticket(self, connector: Connector, ticket: Ticket, waiting: dict[str, tuple[_Need, frozenset[str]]]) -> None:
        self.store.put_ticket(self.run.id, connector.name, ticket)
        for supplier_id in ticket.supplier_ids:
            self._await(connector, supplier_id, waiting)

    def _await(self, connector: Connector, supplier_id: str, waiting: dict[str, tuple[_Need, frozenset[str]]]) -> None:
        """Asked, and inside its time: a later run collects the answer."""
        need, kinds = waiting.pop(supplier_id, (None, frozenset()))
        if need is not None:
            for kind in kinds:
                need.note(kind, ("awaited", connector.name, ""))

    def _opened(self, connector: Connector) -> tuple[Session, Source]:
        """The source, opened once in a run: what it learns at first (events of a portfolio, APIs not ordered) holds for all."""
        if connector.name not in self.sources:
            session = self._session(connector)
            self.sources[connector.name] = (session, connector.adapter.open(session))
        return self.sources[connector.name]

    def _session(self, connector: Connector) -> Session:
        network = self.asking.network
        secrets = secrets_of(connector, network)
        if connector.name not in self.clients:
            deadline = self._deadline(network.timebase(connector))
            self.clients[connector.name] = client_of(
                connector, network, self.asking.now, deadline, adhoc=self.run.kind == "case"
            )
        return session_of(
            connector,
            self.clients[connector.name],
            secrets,
            home=self.asking.home,
            now=self.asking.now,
            pseudonym=self.store.pseudonym,
            billing=self._billing(connector),
            state=self.store.state(connector.name),
            kept=self._kept(connector),
        )

    def _kept(self, connector: Connector) -> Callable[[Request, str], Kept | None]:
        since, _ = lately(connector, self.run.as_of)
        return lambda request, part: self.store.part(connector.name, request.supplier_id, part, since)

    def _deadline(self, timebase: Timebase) -> float | None:
        """When this run stops asking, on the time of a source; counted from its first question to any source of that time."""
        minutes = self.asking.config.budget.max_minutes
        if minutes is None:
            return None
        return self.deadlines.setdefault(timebase, timebase.monotonic() + 60 * minutes)

    def _billing(self, connector: Connector) -> Billing:
        def around(request: Request) -> AbstractAsyncContextManager[Paid]:
            return _Billable(self.store, self.run, self.asking, connector, request)

        return around


class _Billable(AbstractAsyncContextManager[Paid]):
    """Around one billable call: budget first, then the intent is committed, then the call is sent."""

    def __init__(self, store: Store, run: Run, asking: Asking, connector: Connector, request: Request) -> None:
        self.store, self.run, self.asking = store, run, asking
        self.connector, self.request = connector, request
        self.intent = 0

    def keep(self, part: str, data: bytes) -> None:
        """See ``Paid``."""
        self.store.keep_part(self.intent, part, data, self.asking.now())

    def free(self) -> None:
        """See ``Paid``."""
        self.store.settle(self.intent, "released", self.asking.now())

    async def __aenter__(self) -> Paid:
        price = int(self.connector.table.price_sek * 100)
        letter = self.connector.table.disclosure_letters and (
            self.request.identity.is_person or self.request.legal_form in LETTER_FORMS
        )
        self.intent = self.store.intend(
            self.run.id,
            self.connector.name,
            self.request.supplier_id,
            price,
            self.asking.now(),
            letter=letter,
            budget=self.asking.config.budget,
        )
        return self

    async def __aexit__(self, _type: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, (SupplierFailed, SourceUnavailable)):
            lost = isinstance(error.__cause__, httpx.TransportError)
            self.store.settle(self.intent, "in_doubt" if lost else "failed", self.asking.now())


async def _answers(stream: AsyncIterator[Answer | Ticket]) -> AsyncGenerator[Answer | Ticket, None]:
    async for item in stream:
        yield item


def _request(
    need: _Need, kinds: frozenset[str], first: frozenset[str], held: Mapping[str, Mapping[str, date]]
) -> Request:
    assert need.supplier.identity is not None
    days = held.get(need.supplier.id, {})
    return Request(
        supplier_id=need.supplier.id,
        identity=need.supplier.identity,
        kinds=kinds,
        name=need.supplier.name,
        names=_names(need.dossier),
        legal_form=need.legal_form,
        contracts=need.dossier.contracts,
        first=first,
        held_on=min(days[kind] for kind in kinds) if kinds <= days.keys() else None,
    )


def _names(dossier: Dossier) -> tuple[str, ...]:
    """Every name of our lists, and every one that the register has told."""
    found = dict.fromkeys((dossier.supplier.name, *dossier.supplier.names))
    for record in dossier.facts.get("company_record", ()):
        if isinstance(record, CompanyRecord):
            found |= dict.fromkeys((*(item.name for item in record.names), *record.businesses))
    return tuple(name for name in found if name)


def merged_into_unnamed(dossier: Dossier) -> bool:
    """Whether the register has struck it off in a merger, or without a reason, and no stored answer names who took over."""
    rows = [row for kept in dossier.facts.values() for row in kept if isinstance(row, CompanyRecord)]
    newest = dossier.facts.get(CompanyRecord.kind, ())[-1:]
    gone = [row for row in newest if isinstance(row, CompanyRecord) and row.state == "deregistered"]
    merged = any(row.deregistration_reason in (None, MERGED) for row in gone)
    return merged and not any(row.successor_number or row.successor_name for row in rows)


def legal_form_of(dossier: Dossier) -> str | None:
    """The registered legal form (Bolagsverket's code), when the register has answered."""
    rows = dossier.facts.get("company_record", ())
    return getattr(rows[-1], "legal_form", None) if rows else None


def _chunks(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
