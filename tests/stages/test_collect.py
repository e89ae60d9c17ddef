"""Collecting: waves, precedence, freshness, money, and what a source that stops leaves behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from screening.adapters.fanout import each
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.client import Timebase, VirtualTimebase
from screening.config import Config
from screening.connectors import Connector, SourceTable
from screening.errors import ConfigError, SourceUnavailable, SupplierFailed
from screening.identity import read
from screening.model import (
    CompanyName,
    CompanyRecord,
    Contract,
    Credit,
    EnforcementDebt,
    Fact,
    Origin,
    Supplier,
    TaxRegistration,
)
from screening.stages.collect import CHUNK, Asking, collect
from screening.stages.plan import plan
from screening.stages.routing import routing
from screening.store import Run, Store

DAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
EARLIER = (date(2025, 11, 30), date(2026, 6, 3))
MAKERS: Mapping[str, Callable[..., Fact]] = {
    "company_record": lambda **who: CompanyRecord(
        state="registered", names=(CompanyName("Exempel AB"),), legal_form="AB", **who
    ),
    "tax_registration": lambda **who: TaxRegistration(f_tax="active", **who),
    "enforcement_debt": EnforcementDebt,
    "credit": lambda **who: Credit(score=60, **who),
}


@dataclass
class Fake:
    """A source in memory: what it says, and a ledger of what it was asked, in order."""

    name: str
    gives: frozenset[str]
    price_sek: int = 0
    says: Callable[[Request], str] = lambda _request: ""  # a reason, or empty for facts
    dies_after: int | None = None
    raises: Exception | None = None
    refuses: Callable[[Request], bool] = lambda _request: False
    bills: bool = False  # also for an answer without facts
    ledger: list[str] = field(default_factory=list)
    table: dict[str, Any] = field(default_factory=dict)
    whole: bool = False  # takes everybody in one batch
    names_successor: bool = False
    makers: Mapping[str, Callable[..., Fact]] = field(default_factory=lambda: MAKERS)
    looks_back: frozenset[str] = frozenset()  # kinds of which two earlier days are asked for the first time

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        return each(self.session, requests, self._one)

    def open(self, session: Session) -> Fake:
        self.session = session
        return self

    async def _one(self, request: Request) -> Answer:
        if self.dies_after is not None and len(self.ledger) >= self.dies_after:
            message = f"{self.name}: källan svarar inte"
            raise SourceUnavailable(message)
        async with self.session.billing(request) if self.price_sek else _free():
            self.ledger.append(request.supplier_id)
            if self.raises is not None:
                raise self.raises
            if self.refuses(request):
                raise SupplierFailed("source_down", "503")
        for day in EARLIER if request.first else ():
            async with self.session.billing(request) if self.price_sek else _free():
                self.ledger.append(f"{request.supplier_id} {day}")
        reason = self.says(request)
        if reason:
            missing = dict.fromkeys(request.kinds, (reason, ""))
            return Answer(supplier_id=request.supplier_id, missing=missing, billable_calls=int(self.bills))
        came = self.session.provenance(b"{}")
        past = [self.session.provenance(b"{}", as_of=day, historic=True) for day in EARLIER if request.first]
        facts = [self.makers[kind](provenance=each_day) for kind in sorted(request.first) for each_day in past]
        facts += [self.makers[kind](provenance=came) for kind in sorted(request.kinds)]
        billed = 1 + len(past) if self.price_sek else 0
        return Answer(supplier_id=request.supplier_id, facts=tuple(facts), raw=b"{}", billable_calls=billed)

    def connector(self) -> Connector:
        adapter = Adapter(
            gives=self.gives,
            origin=Origin.AUTHORITY,
            open=self.open,
            stub_path=f"/{self.name}",
            first_calls=dict.fromkeys(self.looks_back, lambda _options: len(EARLIER)),
            in_one_batch=self.whole,
            names_successor=self.names_successor,
        )
        table = SourceTable(role="source", adapter=self.name, price_sek=Decimal(self.price_sek), **self.table)
        return Connector(self.name, table, adapter, "")


class _free:  # noqa: N801 - reads as a word where it is used
    async def __aenter__(self) -> None: ...
    async def __aexit__(self, *_: object) -> None: ...


class NoNetwork:
    """Fakes need no transport; a live address has no secret."""

    def transport(self, connector: Connector) -> httpx.AsyncBaseTransport:
        return httpx.MockTransport(lambda _request: httpx.Response(500))

    def timebase(self, connector: Connector) -> Timebase:
        return VirtualTimebase()

    def secret(self, name: str) -> str | None:
        return None


NUMBERS = ("5599999017", "5599998019", "5599997011")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open("sqlite://", tmp_path, "5599990016")
    yield opened
    opened.close()


def begin(
    store: Store,
    count: int = 3,
    kind: Any = "monthly",
    period: str = "2026-11",
    day: date = DAY,
    numbers: Sequence[str] = NUMBERS,
) -> Run:
    run = store.begin_run(kind, period, day, NOW, "0", {})
    store.begin_population(run.id)
    suppliers, contracts = [], []
    for place, number in enumerate(numbers[:count]):
        identity = read(number).identity
        assert identity is not None
        supplier_id = store.supplier_id("organisation", identity, "Exempel AB")
        suppliers.append(Supplier(supplier_id, "organisation", identity, "Exempel AB", ("Exempel AB",)))
        contracts.append((supplier_id, Contract(id=f"A-{place}", value_sek=Decimal(1000 * (place + 1)))))
    store.put_suppliers(run.id, suppliers)
    store.put_contracts(run.id, contracts)
    return run


def asking(*fakes: Fake, stopped: Callable[[Any], bool] = lambda _dossier: False, **settings: Any) -> Asking:
    options = {key: settings.pop(key) for key in ("offline", "again") if key in settings}
    config = Config.model_validate(
        {"organisation": {"name": "X", "orgnr": "5599990016"}, "profile": [{"name": "alla", "rules": []}], **settings}
    )
    connectors = {fake.name: fake.connector() for fake in fakes}
    wanted = frozenset[str]().union(*(fake.gives for fake in fakes))
    return Asking(
        config=config,
        routing=routing(config, connectors),
        network=NoNetwork(),
        home=Path(),
        now=lambda: NOW,
        needs=lambda _supplier, _contracts, _spend, _form: wanted,
        stopped=stopped,
        **options,
    )


def register(**changes: Any) -> Fake:
    return Fake("register", frozenset({"company_record"}), **changes)


def bureau(**changes: Any) -> Fake:
    return Fake("bureau", frozenset({"credit"}), price_sek=12, **changes)


def reasons(store: Store, run: Run, kind: str) -> set[str]:
    dossiers = store.dossiers(run.id, frozenset({kind}), DAY, {})
    return {dossier.gaps[kind].reason for dossier in dossiers if kind in dossier.gaps}


def test_waves_go_from_register_to_money(store: Store) -> None:
    """The register is asked about everybody before anything is bought, and the highest contract value goes first."""
    order: list[tuple[str, str]] = []
    first, paid = register(), bureau(table={"limits": {"concurrent": 1}})

    def noting(name: str) -> Callable[[Request], str]:
        def says(request: Request) -> str:
            order.append((name, request.supplier_id))
            return ""

        return says

    for fake in (first, paid):
        fake.says = noting(fake.name)
    run = begin(store)
    collect(store, run, asking(paid, first))
    assert [name for name, _ in order] == ["register"] * 3 + ["bureau"] * 3
    assert [who for name, who in order if name == "bureau"] == store.suppliers_by_value(run.id)


def test_a_doubtful_number_is_asked_nothing_further(store: Store) -> None:
    """No report is bought on a stranger; the reason is identity."""
    first, paid = register(), bureau()
    run = begin(store)
    wrong = store.suppliers_by_value(run.id)[0]
    collect(store, run, asking(first, paid, stopped=lambda dossier: dossier.supplier.id == wrong))
    assert wrong in first.ledger
    assert wrong not in paid.ledger
    assert len(paid.ledger) == 2
    gap = store.gap(wrong, "credit", "bureau")
    assert gap is not None
    assert gap.reason == "identity"


def test_nothing_is_bought_about_somebody_the_register_has_never_told_of(store: Store) -> None:
    """Its number may be a stranger's. One that the register has told of is asked about though the register is silent."""
    first, paid = register(), bureau()
    collect(store, begin(store, 1, kind="case"), asking(first, paid))
    silent = register(raises=SupplierFailed("source_down", "503"), table={"fresh_days": -1})
    again = bureau(table={"fresh_days": -1})
    run = begin(store)
    collect(store, run, asking(silent, again))
    assert again.ledger == paid.ledger
    never = next(item for item in store.suppliers_by_value(run.id) if item not in paid.ledger)
    gap = store.gap(never, "credit", "register")
    assert gap is not None
    assert (gap.reason, gap.detail) == ("source_down", "503")


def test_a_fresh_answer_is_not_asked_for_again(store: Store) -> None:
    """The same run again asks nothing; the counts say that answers came from the store in another run."""
    first, paid = register(), bureau()
    run = begin(store)
    collect(store, run, asking(first, paid))
    collect(store, run, asking(first, paid))
    assert (len(first.ledger), len(paid.ledger)) == (3, 3)
    other = begin(store, kind="case")
    collect(store, other, asking(first, paid))
    assert (len(first.ledger), len(paid.ledger)) == (3, 3)
    assert store.calls(other.id)["bureau"].from_store == 3


def test_again_asks_only_what_is_free(store: Store) -> None:
    """What was bought is never bought again."""
    first, paid = register(), bureau()
    run = begin(store)
    collect(store, run, asking(first, paid))
    collect(store, run, asking(first, paid, again=True))
    assert (len(first.ledger), len(paid.ledger)) == (6, 3)


def test_the_next_source_is_asked_only_where_the_first_gave_nothing(store: Store) -> None:
    """Order is precedence; one supplier is unknown to the first."""
    run = begin(store)
    missing = store.suppliers_by_value(run.id)[1]
    first = Fake("a", frozenset({"enforcement_debt"}), says=lambda r: "not_found" if r.supplier_id == missing else "")
    second = Fake("b", frozenset({"enforcement_debt"}))
    collect(store, run, asking(first, second, sources={"enforcement_debt": ["a", "b"]}))
    assert len(first.ledger) == 3
    assert second.ledger == [missing]
    assert reasons(store, run, "enforcement_debt") == set()


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("not_allowed", "not_found", ("not_found", "b")),  # nobody has handed an extract in: that is what is missing
        ("source_down", "not_found", ("source_down", "a")),
        ("not_allowed", "not_allowed", ("not_allowed", "a")),
    ],
)
def test_what_may_not_be_told_gives_way_to_what_is_missing(
    store: Store, first: str, second: str, told: tuple[str, str]
) -> None:
    """Of two sources without an answer the first one's reason stands, unless it only was not allowed to tell."""
    run = begin(store)
    kinds = frozenset({"enforcement_debt"})
    fakes = Fake("a", kinds, says=lambda _request: first), Fake("b", kinds, says=lambda _request: second)
    collect(store, run, asking(*fakes, sources={"enforcement_debt": ["a", "b"]}))
    rank = {"enforcement_debt": ("a", "b")}
    for dossier in store.dossiers(run.id, kinds, DAY, rank):
        gap = dossier.gaps["enforcement_debt"]
        assert (gap.reason, gap.source) == told


@pytest.mark.parametrize("again", [False, True])
def test_a_later_and_paid_choice_is_not_asked_where_an_earlier_wave_answered(store: Store, again: bool) -> None:
    """The free register told: nothing is bought on top of it, also when free sources are asked anew."""
    first, paid = register(), Fake("bureau", frozenset({"company_record", "credit"}), price_sek=12)
    run = begin(store)
    what = replace(
        asking(first, paid, sources={"company_record": ["register", "bureau"]}, again=again),
        needs=lambda *_supplier: frozenset({"company_record"}),
    )
    collect(store, run, what)
    assert (len(first.ledger), paid.ledger) == (3, [])


def test_who_took_over_is_asked_of_the_source_that_names_it_and_of_no_other(store: Store) -> None:
    """Once: of a company that the first register has as merged; nothing is bought about one that lives, or when named."""
    gone: Callable[..., CompanyRecord] = partial(CompanyRecord, state="deregistered", deregistration_reason="FUAV")
    record = frozenset({"company_record"})
    first = register(makers={"company_record": gone})
    named = {"company_record": partial(gone, successor_number=NUMBERS[1])}
    paid = Fake("v4", record | {"credit"}, price_sek=2, names_successor=True, makers=named)
    deaf = Fake("other", record | {"credit"}, price_sek=1)
    run = begin(store, 1)
    sources = {"company_record": ["register"], "credit": []}
    what = replace(asking(first, paid, deaf, sources=sources), needs=lambda *_supplier: record)
    collect(store, run, what)
    assert (len(paid.ledger), deaf.ledger) == (1, [])
    (dossier,) = store.dossiers(run.id, record, DAY, {"company_record": ("register",)})
    told = {kind: rows[-1] for kind, rows in dossier.facts.items()}
    assert {kind: getattr(row, "successor_number", "") for kind, row in told.items()} == {
        "company_record": None,
        "company_record@v4": NUMBERS[1],
    }
    later = begin(store, 1, period="2027-03", day=date(2027, 3, 31))
    collect(store, later, what)
    assert len(paid.ledger) == 1
    first.makers = MAKERS
    living = begin(store, period="2027-06", day=date(2027, 6, 30))
    collect(store, living, what)
    assert len(paid.ledger) == 1


def test_cross_check_asks_every_source(store: Store) -> None:
    """For kinds named in cross_check the second is asked about everybody."""
    kinds = frozenset({"enforcement_debt"})
    first, second = Fake("a", kinds), Fake("b", kinds)
    run = begin(store)
    collect(store, run, asking(first, second, cross_check=["enforcement_debt"]))
    assert (len(first.ledger), len(second.ledger)) == (3, 3)


def test_a_source_that_dies_leaves_its_reason_and_harms_no_other(store: Store) -> None:
    """The rest become source_down; other sources' answers are there."""
    first, tax = register(), Fake("tax", frozenset({"tax_registration"}), dies_after=1)
    run = begin(store)
    collect(store, run, asking(first, tax))
    dossiers = list(store.dossiers(run.id, frozenset({"company_record", "tax_registration"}), DAY, {}))
    assert all("company_record" in dossier.facts for dossier in dossiers)
    assert sum("tax_registration" in dossier.facts for dossier in dossiers) == 1
    assert reasons(store, run, "tax_registration") == {"source_down"}
    assert store.calls(run.id)["tax"].failed == 2


def test_what_a_dead_source_did_not_answer_is_asked_next_time(store: Store) -> None:
    """The same command again asks the two that are left, and the gaps close."""
    tax = Fake("tax", frozenset({"tax_registration"}), dies_after=1)
    run = begin(store)
    collect(store, run, asking(tax))
    tax.dies_after = None
    collect(store, run, asking(tax))
    assert len(tax.ledger) == 3
    assert reasons(store, run, "tax_registration") == set()


def test_the_budget_is_never_exceeded(store: Store) -> None:
    """25 kronor buy two reports at 12; the third supplier, of the lowest value, says over_budget."""
    paid = bureau()
    run = begin(store)
    collect(store, run, asking(paid, budget={"max_sek": 25}))
    by_value = store.suppliers_by_value(run.id)
    assert sorted(paid.ledger) == sorted(by_value[:2])
    assert store.spent_ore("2026-11") == 2400
    assert reasons(store, run, "credit") == {"over_budget"}


def test_a_lost_answer_is_in_doubt_and_counts_against_the_budget(store: Store) -> None:
    """The call may have been billed; one that the source refused was not."""
    lost = SupplierFailed("source_down", "förbindelsen bröts")
    lost.__cause__ = httpx.TransportError("")
    run = begin(store, 1)
    collect(store, run, asking(bureau(raises=lost)))
    assert len(store.in_doubt("bureau")) == 1
    assert store.spent_ore("2026-11") == 1200
    other = begin(store, 1, kind="case", period="2026-10")
    collect(store, other, asking(bureau(raises=SupplierFailed("source_down", "503"))))
    assert store.spent_ore("2026-10") == 0


def test_a_crash_leaves_its_call_in_doubt_and_asks_once_more(tmp_path: Path) -> None:
    """An intent without an answer, from a process that is gone, is shown, counted, and the supplier asked again."""
    with Store.open("sqlite:///s.db", tmp_path) as dying:
        run = begin(dying, 1)
        dying.intend(run.id, "bureau", dying.suppliers_by_value(run.id)[0], 1200, NOW)
    with Store.open("sqlite:///s.db", tmp_path) as store:
        run = begin(store, 1)
        assert len(store.in_doubt("bureau")) == 1
        paid = bureau()
        collect(store, run, asking(paid))
        assert len(paid.ledger) == 1
        assert store.spent_ore("2026-11") == 2400


def test_offline_asks_nothing(store: Store) -> None:
    """What is not stored stays unknown."""
    first = register()
    run = begin(store)
    collect(store, run, asking(first, offline=True))
    assert first.ledger == []
    assert reasons(store, run, "company_record") == {"not_found"}


def test_a_live_source_without_its_secret_stops_and_says_which(store: Store) -> None:
    """Only the name of the variable is shown."""
    fake = Fake(
        "tax",
        frozenset({"tax_registration"}),
        table={"address": "https://example.invalid", "secrets": {"key": "TAX_KEY"}},
    )
    made = fake.connector()
    connector = Connector(
        "tax",
        made.table,
        Adapter(gives=made.adapter.gives, origin=Origin.AUTHORITY, open=fake.open, secrets=("key",), stub_path="/tax"),
        "",
    )
    config = Config.model_validate(
        {"organisation": {"name": "X", "orgnr": "1"}, "profile": [{"name": "a", "rules": []}]}
    )
    run = begin(store, 1)
    base = asking(fake)
    collect(
        store,
        run,
        Asking(
            config=config,
            routing=routing(config, {"tax": connector}),
            network=NoNetwork(),
            home=Path(),
            now=lambda: NOW,
            needs=base.needs,
            stopped=base.stopped,
        ),
    )
    gap = store.gap(store.suppliers_by_value(run.id)[0], "tax_registration", "tax")
    assert gap is not None
    assert gap.reason == "source_down"
    assert "TAX_KEY" in gap.detail


def test_an_answer_of_an_unexpected_shape_is_one_suppliers_unknown(store: Store) -> None:
    """A provider that sends a list where an object was is no crash."""
    run = begin(store)
    collect(store, run, asking(register(raises=TypeError("list indices"))))
    assert reasons(store, run, "company_record") == {"partial"}


def test_a_plan_on_an_empty_store_promises_what_is_then_asked(store: Store) -> None:
    """At most equals what collecting asks; at least leaves out whom the register has yet to know."""
    first, paid = register(), bureau()
    run = begin(store)
    made = plan(store, run, asking(first, paid))
    parts = {part.source: part for part in made.sources}
    assert (parts["register"].calls_at_least, parts["register"].calls_at_most) == (3, 3)
    assert (parts["bureau"].calls_at_least, parts["bureau"].calls_at_most) == (0, 3)
    assert (made.sek_at_least, made.sek_at_most) == (Decimal(0), Decimal(36))
    collect(store, run, asking(first, paid))
    assert len(paid.ledger) == parts["bureau"].calls_at_most
    again = {part.source: part for part in plan(store, run, asking(first, paid)).sources}
    assert (again["bureau"].calls_at_most, again["bureau"].fresh) == (0, 3)


def test_earlier_days_are_asked_about_once_and_planned_for(store: Store) -> None:
    """The first time a supplier is asked about; at least leaves them out, since a young company has fewer."""
    paid = bureau(looks_back=frozenset({"credit"}))
    run = begin(store)
    part = next(item for item in plan(store, run, asking(register(), paid)).sources if item.source == "bureau")
    assert (part.calls_at_least, part.calls_at_most, part.sek_at_most) == (0, 9, Decimal(108))
    collect(store, run, asking(register(), paid))
    assert len(paid.ledger) == part.calls_at_most
    assert store.spent_ore("2026-11") == 10800
    (dossier, *_) = store.dossiers(run.id, frozenset({"credit"}), DAY, {})
    assert dossier.observed_from_on["credit", "bureau"] == EARLIER[0]
    assert dossier.facts["credit"][0].provenance.historic
    later = begin(store, period="2027-01", day=date(2027, 1, 31))
    planned = next(item for item in plan(store, later, asking(register(), paid)).sources if item.source == "bureau")
    assert (planned.calls_at_least, planned.calls_at_most) == (3, 3)
    paid.ledger.clear()
    collect(store, later, asking(register(), paid))
    assert len(paid.ledger) == planned.calls_at_most


@pytest.mark.parametrize("price", [0, 1])
def test_one_answer_of_a_source_serves_every_kind_that_it_gives(store: Store, price: int) -> None:
    """First choice for one kind and second for another is one call, as planned; a run again buys nothing."""
    first = Fake("a", frozenset({"enforcement_debt"}), price_sek=price, says=lambda _request: "not_found")
    second = Fake("b", frozenset({"credit", "enforcement_debt"}), price_sek=2)
    what = asking(first, second, sources={"enforcement_debt": ["a", "b"], "credit": ["b"]})
    run = begin(store)
    planned = next(part for part in plan(store, run, what).sources if part.source == "b")
    collect(store, run, what)
    assert len(second.ledger) == planned.calls_at_most == 3
    assert reasons(store, run, "enforcement_debt") == set()
    collect(store, run, what)
    assert len(second.ledger) == 3


def begin_id(store: Store, run: Run) -> str:
    """The supplier of the highest value."""
    return store.suppliers_by_value(run.id)[0]


def test_what_a_preferred_source_has_told_is_no_shortfall_of_another(store: Store) -> None:
    """The second choice for debts is bought for credit alone, and that it has no debts makes no run incomplete."""
    first = Fake("a", frozenset({"enforcement_debt"}))
    second = Fake("b", frozenset({"credit", "enforcement_debt"}), price_sek=2, says=lambda _: "partial", bills=True)
    what = asking(first, second, sources={"enforcement_debt": ["a", "b"], "credit": ["b"]})
    run = begin(store)
    collect(store, run, what)
    assert len(second.ledger) == 3
    assert store.gap(begin_id(store, run), "enforcement_debt", "b") is None
    assert reasons(store, run, "enforcement_debt") == set()
    assert reasons(store, run, "credit") == {"partial"}
    assert [(source, reason, count) for source, reason, count in store.gap_counts(run.id)] == [("b", "partial", 3)]


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ({"debts": ["a"]}, "sources.debts: no such kind"),
        ({"credit": ["b"]}, "no connector 'b'"),
        ({"credit": ["a"]}, "does not give it"),
    ],
)
def test_a_misspelt_source_is_refused(sources: dict[str, list[str]], said: str) -> None:
    """The message names the key and what was expected."""
    with pytest.raises(ConfigError, match=said):
        asking(Fake("a", frozenset({"enforcement_debt"})), sources=sources)


class Exchange(Fake):
    """A file exchange: hands in a batch, and has the answers the next time it is asked."""

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        return self._exchange(requests, open_tickets)

    async def _exchange(
        self, requests: Sequence[Request], open_tickets: Sequence[Ticket]
    ) -> AsyncIterator[Answer | Ticket]:
        for ticket in open_tickets:
            for supplier_id in ticket.supplier_ids[: self.dies_after]:
                fact = EnforcementDebt(provenance=self.session.provenance(b"file"))
                yield Answer(supplier_id=supplier_id, facts=(fact,), raw=b"file", ticket=ticket.ref)
        if requests:
            ids = tuple(request.supplier_id for request in requests)
            self.ledger += ids
            yield Ticket(f"batch {len(self.ledger)}", ids, requests[0].kinds, NOW)


def test_a_file_exchange_hands_in_once_and_collects_later(store: Store) -> None:
    """The first run awaits; the next turns the ticket into answers, and nobody is handed in twice."""
    run = begin(store)
    exchange = Exchange("files", frozenset({"enforcement_debt"}))
    collect(store, run, asking(exchange))
    assert reasons(store, run, "enforcement_debt") == {"awaited"}
    assert len(store.open_tickets("files")) == 1
    exchange.dies_after = 2  # the answer file lacks one supplier
    collect(store, run, asking(exchange))
    assert len(exchange.ledger) == 3
    assert reasons(store, run, "enforcement_debt") == {"awaited"}
    exchange.dies_after = None
    collect(store, run, asking(exchange))
    assert len(exchange.ledger) == 3
    assert reasons(store, run, "enforcement_debt") == set()
    assert store.open_tickets("files") == []


def test_an_exchange_takes_everybody_in_one_batch(store: Store) -> None:
    """Whatever the number of suppliers: one file a run and source, and nobody handed in twice when it is collected."""
    digits = [f"5599{n:06}" for n in range(10 * (CHUNK + 3))]
    numbers = [number for number in digits if read(number).identity is not None]
    run = begin(store, CHUNK + 3, numbers=numbers)
    exchange = Exchange("files", frozenset({"enforcement_debt"}), whole=True)
    collect(store, run, asking(exchange))
    (ticket,) = store.open_tickets("files")
    assert len(ticket.supplier_ids) == CHUNK + 3
    collect(store, run, asking(exchange))
    assert len(exchange.ledger) == CHUNK + 3
    assert store.open_tickets("files") == []
    assert reasons(store, run, "enforcement_debt") == set()


def test_a_batch_that_nobody_waits_for_is_collected_too(store: Store) -> None:
    """Its suppliers have left: else every later run would be waiting for it. A check before a contract leaves it alone."""
    exchange = Exchange("files", frozenset({"enforcement_debt"}), whole=True)
    collect(store, begin(store), asking(exchange))
    needless = replace(asking(exchange), needs=lambda *_supplier: frozenset())
    collect(store, begin(store, kind="case"), needless)
    assert len(store.open_tickets("files")) == 1
    collect(store, begin(store, period="2026-12", day=date(2026, 12, 31)), needless)
    assert store.open_tickets("files") == []


def test_a_paid_answer_that_told_only_a_part_is_not_bought_again(store: Store) -> None:
    """The same run again buys nothing, says the same, and the plan promises no call."""
    first, paid = register(), bureau(says=lambda _request: "partial", bills=True)
    run = begin(store, 1)
    collect(store, run, asking(first, paid))
    assert (len(paid.ledger), store.spent_ore("2026-11")) == (1, 1200)
    collect(store, run, asking(first, paid))
    again = begin(store, 1, kind="case")
    collect(store, again, asking(first, paid))
    assert (len(paid.ledger), store.spent_ore("2026-11")) == (1, 1200)
    assert ("bureau", "partial", 1) in store.gap_counts(again.id)
    planned = next(part for part in plan(store, again, asking(first, paid)).sources if part.source == "bureau")
    assert planned.calls_at_most == 0


# --- cadence ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("price", [0, 12])
@pytest.mark.parametrize("told", ["", "not_found", "partial"])
def test_what_was_answered_is_not_asked_for_at_the_last_try(store: Store, price: int, told: str) -> None:
    """One supplier's answer is lost at each of two sources: each is asked once more about that one, and about no other."""
    tried: set[str] = set()

    def once_for(place: int) -> Callable[[Request], bool]:
        def refuses(request: Request) -> bool:
            name = f"{place} {request.supplier_id}"
            new = request.identity.compact == NUMBERS[place] and name not in tried
            tried.add(name)
            return new

        return refuses

    tax = Fake("tax", frozenset({"tax_registration"}), refuses=once_for(0))
    paid = Fake("paid", frozenset({"credit"}), price_sek=price, says=lambda _: told, bills=True, refuses=once_for(1))
    run = begin(store)
    collect(store, run, asking(tax, paid))
    assert sorted(Counter(tax.ledger).values()) == [1, 1, 2]
    if price or told != "partial":  # what is free may be asked for the rest of an answer
        assert sorted(Counter(paid.ledger).values()) == [1, 1, 2]
    assert reasons(store, run, "credit") == ({told} if told else set())
    assert reasons(store, run, "tax_registration") == set()
    assert store.calls(run.id)["paid"].from_store == 0


def test_outside_its_month_only_a_new_supplier_is_asked_about(store: Store) -> None:
    """A quarterly profile in December, asked in November: what was answered then suffices, and the plan says the same."""
    first, paid = register(), bureau()
    collect(store, begin(store, 2), asking(first, paid))
    december = begin(store, 3, period="2026-12", day=date(2026, 12, 31))
    resting = {"company_record": date(2026, 11, 1), "credit": date(2026, 11, 1)}
    what = replace(asking(first, paid), rests=lambda *_supplier: resting)
    planned = {part.source: (part.calls_at_least, part.calls_at_most) for part in plan(store, december, what).sources}
    assert planned == {"register": (1, 1), "bureau": (0, 1)}
    collect(store, december, what)
    new = store.suppliers_by_value(december.id)[0]
    assert (first.ledger[2:], paid.ledger[2:]) == ([new], [new])


def test_a_month_of_asking_that_gave_nothing_is_made_up_for(store: Store) -> None:
    """The answer is from before the last month of asking, so it does not suffice."""
    first, paid = register(), bureau()
    collect(store, begin(store, 1), asking(first, paid))
    january = begin(store, 1, period="2027-01", day=date(2027, 1, 31))
    collect(store, january, replace(asking(first, paid), rests=lambda *_supplier: {"credit": date(2026, 12, 1)}))
    assert (len(first.ledger), len(paid.ledger)) == (2, 2)
