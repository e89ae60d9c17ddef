"""Plan, money and letters against the provider's own ledger, over random small worlds, configurations and stored states."""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from screening.config import Config
from screening.connectors import Connector, load_sources
from screening.identity import read
from screening.model import CompanyRecord, Contract, Dossier, Supplier
from screening.network import Reach
from screening.stages.collect import Asking, Collector, collect, to_end
from screening.stages.plan import Plan, plan
from screening.stages.routing import routing
from screening.store import Run, Store
from screening.stub.app import Embedded, make_app
from screening.stub.world import Fault, World

ROOT = Path(__file__).resolve().parents[2]
SOURCES = load_sources(ROOT / "connectors")
FIRST, SECOND = date(2026, 10, 31), date(2026, 11, 30)
NUMBERS = tuple(f"5599{n:06}" for n in range(120) if read(f"5599{n:06}").identity is not None)[:6]
TRADER = "196010113030"  # published test numbers, as the people's below
PEOPLE = tuple(
    {"id": number, "number": number, "first_name": "Siv", "last_name": f"Ekdal {place}"}
    for place, number in enumerate(("196010113030", "196107293059"))
)
PRICES = {
    "creditsafe": 12, "creditsafe_se": 6, "foretagsinformation": 2, "naringsforbud": 2, "roaring": 3, "kronofogden": 5,
}  # fmt: skip
KINDS = ("company_record", "officers", "signatory", "accounts", "credit", "enforcement_debt", "tax_registration",
         "trading_prohibition", "beneficial_owners")  # fmt: skip
DISCLOSING = frozenset({"creditsafe", "creditsafe_se"})
ALONE = {
    "company_record": ["bolagsverket_hvd"], "officers": ["foretagsinformation"], "signatory": ["foretagsinformation"],
    "accounts": ["roaring"], "credit": ["creditsafe"], "enforcement_debt": ["creditsafe_se"], "tax_registration": ["roaring"],
    "trading_prohibition": ["naringsforbud"], "beneficial_owners": ["verkliga_huvudman"],
}  # fmt: skip


class Killed(Exception):  # noqa: N818 - what happened to the process
    """Nobody here knows it, so it goes through everything."""


@dataclass(frozen=True)
class Setting:
    """A world, and how it is asked."""

    world: Mapping[str, Any]
    sources: Mapping[str, Sequence[str]]
    cross_check: Sequence[str] = ()
    kinds: frozenset[str] = frozenset(KINDS)
    history_days: Sequence[int] = (90, 365)
    monitoring: bool = False
    persons: bool = False
    budget: Mapping[str, int] | None = None
    faults: tuple[Fault, ...] = ()  # in the first month

    def connectors(self) -> dict[str, Connector]:
        """Those in use, with prices of their own."""
        found = {}
        for name in sorted({name for names in self.sources.values() for name in names}):
            source = SOURCES[name]
            options = dict(source.table.options)
            if name == "foretagsinformation":
                options["history_days"] = list(self.history_days)
                if self.monitoring:
                    options["notices"] = {"kinds": ["officers", "signatory"]}
            if name == "creditsafe":
                options |= {"monitoring": self.monitoring, "persons": self.persons}
            limits = source.table.limits.model_copy(update={"per_second": None, "per_minute": None})
            changed = {"enabled": True, "price_sek": Decimal(PRICES.get(name, 0)), "options": options, "limits": limits}
            found[name] = replace(source, table=source.table.model_copy(update=changed))
        return found

    def config(self) -> Config:
        """What ``screening.toml`` would say."""
        return Config.model_validate(
            {
                "organisation": {"name": "X", "orgnr": "5599990016"},
                "profile": [{"name": "alla", "rules": []}],
                "sources": self.sources,
                "cross_check": self.cross_check,
                "budget": self.budget or {},
                "privacy": {"credit_on_persons": self.persons},
            }
        )


@dataclass
class Town:
    """One organisation's store, the providers, and what they have billed."""

    setting: Setting
    home: Path

    def __post_init__(self) -> None:
        self.world = World.model_validate(self.setting.world)
        self.config, self.connectors = self.setting.config(), self.setting.connectors()
        struck = [fault.model_copy(update={"to_on": FIRST}) for fault in self.setting.faults]
        self.app = make_app(
            self.world, lambda: FIRST, faults=struck
        )  # one for both months: it remembers whom it watches
        self.told = 0  # calls of its ledger that have been counted
        self.paid_calls = 0
        self.kill_at: tuple[int, bool] | None = None  # (billable call, after its answer)

    @contextmanager
    def opened(self) -> Iterator[Store]:
        with Store.open("sqlite:///s.db", self.home, "5599990016") as store:
            yield store

    def begin(self, store: Store, day: date, kind: Any = "monthly") -> Run:
        """A run with every company as a supplier, of falling value."""
        run = store.begin_run(kind, f"{day:%Y-%m}", day, self.now(day), "0", {})
        store.begin_population(run.id)
        suppliers, contracts = [], []
        for place, company in enumerate(self.world.company):
            identity = read(company.number).identity
            assert identity is not None
            sort: Any = "person" if identity.is_person else "organisation"
            supplier_id = store.supplier_id(sort, identity, company.name)
            suppliers.append(Supplier(supplier_id, sort, identity, company.name, (company.name,)))
            contracts.append((supplier_id, Contract(id=f"A-{place}", value_sek=Decimal(9000 - place))))
        store.put_suppliers(run.id, suppliers)
        store.put_contracts(run.id, contracts)
        return run

    @staticmethod
    def now(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)

    def asking(self, day: date) -> Asking:
        def provider(_time: Any) -> httpx.AsyncBaseTransport:
            return Ear(self, Embedded(self.app), self.app.state.ledger)

        return Asking(
            config=self.config,
            routing=routing(self.config, self.connectors),
            network=Reach(stub=provider, secret=lambda _name: None),
            home=self.home,
            now=lambda: self.now(day),
            needs=lambda *_supplier: self.setting.kinds,
            stopped=unknown_number,
        )

    def planned(self, day: date) -> Plan:
        with self.opened() as store:
            return plan(store, self.begin(store, day, "plan"), self.asking(day))

    def month(self, day: date) -> None:
        with self.opened() as store:
            collect(store, self.begin(store, day), self.asking(day))

    def billed(self) -> list[Any]:
        """Calls that cost money by the providers' own ledger, whose price we know, since it was last asked."""
        adapters = {item.table.adapter: name for name, item in self.connectors.items() if item.table.price_sek}
        ledger = list(self.app.state.ledger)
        calls = [call for call in ledger[self.told :] if call.billable and call.adapter in adapters]
        self.told = len(ledger)
        return [(adapters[call.adapter], call.letter) for call in calls]


class Ear(httpx.AsyncBaseTransport):
    """Kills the run around a chosen billable call."""

    def __init__(self, town: Town, inner: httpx.AsyncBaseTransport, ledger: Any) -> None:
        self.town, self.inner, self.ledger = town, inner, ledger
        self.dead = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.dead:
            raise Killed
        before = sum(call.billable for call in self.ledger)
        response = await self.inner.handle_async_request(request)
        await response.aread()
        if self.town.kill_at is not None and sum(call.billable for call in self.ledger) > before:
            self.town.paid_calls += 1
            if self.town.paid_calls == self.town.kill_at[0]:
                self.dead = True
                raise Killed
        return response


def unknown_number(dossier: Dossier) -> bool:
    """Whether the register says that nobody has the number."""
    rows = dossier.facts.get("company_record", ())
    return bool(rows) and isinstance(rows[-1], CompanyRecord) and rows[-1].state == "not_registered"


# --- what may come --------------------------------------------------------------------------------------------------------
def company(number: str, **more: Any) -> dict[str, Any]:
    """One that every provider knows well."""
    return {
        "number": number, "name": f"Exempel {number[-3:]} AB", "registered_on": "2019-04-01", "form": "AB",
        "officers": [{"person": TRADER, "role": "LE"}], "signatory": "Firman tecknas av styrelsen",
        "accounts": {"period_to_on": "2025-12-31", "turnover_sek": 900}, "credit": {"score": 60},
        "f_tax": {"from_on": "2019-04-01"}, "debts": {"public_sek": 100, "public_cases": 1},
        "owners": {"state": "registered", "rows": [{"person": TRADER, "share_from": "0.5"}]}, **more,
    }  # fmt: skip


EVENTS = st.sampled_from(
    [
        {"credit": {"score": 20}},
        {"officers": [{"person": PEOPLE[1]["id"], "role": "LE"}]},
        {"deregistered_on": "2026-11-12"},
        {"debts": {"public_sek": 5000, "public_cases": 3}},
        {"accounts": {"period_to_on": "2026-06-30"}},
    ]
)


@st.composite
def companies(draw: st.DrawFn, number: str) -> dict[str, Any]:
    """Of any form, young or old, perhaps unknown to some, with something that happens between the months."""
    adapters = sorted({SOURCES[name].table.adapter for name in PRICES} | {"bolagsverket_hvd"})
    person = len(number) == 12
    board = draw(st.lists(st.sampled_from([item["id"] for item in PEOPLE]), unique=True))
    happens = draw(st.lists(EVENTS, max_size=1))
    return company(
        number,
        form="E" if person else draw(st.sampled_from(["AB", "AB", "HB", "KB", "I"])),
        registered_on=draw(st.sampled_from(["2019-04-01", "2026-03-01", "2026-10-20"])),
        officers=[{"person": item, "role": "LE"} for item in board],
        unknown_to=draw(st.one_of(st.just(()), st.lists(st.sampled_from(adapters), unique=True, max_size=2))),
        event=[{"on": "2026-11-12", "set": item} for item in happens],
    )


CHOICES = {
    "company_record": [
        ["bolagsverket_hvd"],
        ["bolagsverket_hvd", "roaring"],
        ["bolagsverket_hvd", "foretagsinformation"],
    ],
    "officers": [["foretagsinformation"], ["roaring"], ["foretagsinformation", "roaring"]],
    "signatory": [["foretagsinformation"]],
    "accounts": [["creditsafe", "roaring"], ["roaring", "creditsafe_se"], ["foretagsinformation", "creditsafe"]],
    "credit": [["creditsafe"], ["creditsafe_se"], ["creditsafe_se", "creditsafe"]],
    "enforcement_debt": [["kronofogden"], ["creditsafe_se"], ["creditsafe_se", "kronofogden"]],
    "tax_registration": [["roaring"]],
    "trading_prohibition": [["naringsforbud"]],
    "beneficial_owners": [["verkliga_huvudman"], ["verkliga_huvudman", "roaring"]],
}


@st.composite
def settings_of(draw: st.DrawFn, *, budget: bool = False) -> Setting:
    """Any of them."""
    numbers = [*NUMBERS[: draw(st.integers(1, 5))], *([TRADER] if draw(st.booleans()) else [])]
    made = [draw(companies(number)) for number in numbers]
    kinds = {"company_record", *draw(st.lists(st.sampled_from(KINDS), min_size=1, unique=True))}
    sources = {kind: draw(st.sampled_from(CHOICES[kind])) for kind in sorted(kinds)}
    cross = [kind for kind, names in sources.items() if len(names) > 1 and draw(st.booleans())]
    limits = {"max_sek": draw(st.integers(0, 120)), "max_letters": draw(st.integers(0, 3))}
    return Setting(
        world={"person": PEOPLE, "company": made},
        sources=sources,
        cross_check=cross,
        kinds=frozenset(kinds),
        history_days=draw(st.sampled_from([(), (90,), (90, 180, 365)])),
        monitoring=draw(st.booleans()),
        persons=draw(st.booleans()),
        budget=limits if budget or draw(st.booleans()) else None,
        faults=draw(st.lists(FAULTS, max_size=2).map(tuple)),
    )


FAULTS = st.builds(
    Fault,
    source=st.sampled_from(["creditsafe_connect", "creditsafe_se", "bolagsverket_v4", "roaring", "bolagsverket_hvd"]),
    kind=st.sampled_from(["down", "drop", "html", "partial", "unknown"]),
    first=st.one_of(st.none(), st.integers(1, 3)),
)
SOME = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking takes minutes, and an example is small as it is
)


@contextmanager
def town(setting: Setting) -> Iterator[Town]:
    """In a folder of its own."""
    home = Path(tempfile.mkdtemp())
    try:
        yield Town(setting, home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def holds(made: Plan, billed: Sequence[tuple[str, bool]], *, well: bool) -> None:
    """The ledger lies between *at least* and *at most*: calls, kronor and letters, source by source and together."""
    calls = Counter(name for name, _ in billed)
    letters = Counter(name for name, letter in billed if letter)
    for part in made.sources:
        if not part.price_sek:
            continue
        assert calls[part.source] <= part.calls_at_most, part
        assert letters[part.source] <= part.letters, part
        if well:
            assert calls[part.source] >= part.calls_at_least, part
            assert letters[part.source] >= part.letters_at_least, part
    spent = sum(PRICES[name] for name, _ in billed)
    assert spent <= made.sek_at_most
    if well:
        assert spent >= made.sek_at_least


def affordable(setting: Setting, billed: Sequence[tuple[str, bool]]) -> None:
    """What the providers bill in a month is never above the budget."""
    budget = setting.budget or {}
    assert sum(PRICES[name] for name, _ in billed) <= budget.get("max_sek", 10**6)
    assert sum(letter for _, letter in billed) <= budget.get("max_letters", 10**6)


@SOME
@given(setting=settings_of())
def test_the_ledger_lies_inside_the_plan(setting: Setting) -> None:
    """In a first month, perhaps with sources in trouble, and in the month after it, when something has changed."""
    with town(setting) as place:
        for day, well in ((FIRST, not setting.faults), (SECOND, True)):
            made = place.planned(day)
            place.month(day)
            billed = place.billed()
            holds(made, billed, well=well)
            affordable(setting, billed)
        again = place.planned(SECOND)
        place.month(SECOND)
        holds(again, place.billed(), well=True)


@SOME
@given(count=st.integers(1, 6), board=st.integers(0, 2), days=st.sampled_from([(), (90, 365)]))
def test_on_an_empty_store_the_ledger_is_the_plans_most(count: int, board: int, days: Sequence[int]) -> None:
    """With one source for each kind, all of them well, and companies that all of them know."""
    roles = [{"person": item["id"], "role": "LE"} for item in PEOPLE[:board]]
    made = [company(number, officers=roles) for number in NUMBERS[:count]]
    setting = Setting({"person": PEOPLE, "company": made}, ALONE, history_days=days)
    with town(setting) as place:
        planned = {part.source: part for part in place.planned(FIRST).sources}
        place.month(FIRST)
        calls = Counter(name for name, _ in place.billed())
        few = planned["naringsforbud"]  # how many they are is not known before they are asked for
        assert few.calls_at_most >= calls.pop("naringsforbud") == count * (1 + board)
        assert dict(calls) == {
            name: part.calls_at_most
            for name, part in planned.items()
            if part.price_sek and name != few.source and part.calls_at_most
        }
        assert calls["roaring"] == 2 * count  # overview and economy
        assert calls["foretagsinformation"] == count * (1 + len(days))


def killed(place: Town, day: date, call: int) -> Counter[str]:
    """Kills the month when a paid call has been answered; how many calls are in doubt by source."""
    place.kill_at, place.paid_calls = (call, True), 0
    with contextlib.suppress(Killed):
        place.month(day)
    place.kill_at = None
    with place.opened() as store:
        return Counter(intent.source for intent in store.in_doubt())


def known(place: Town) -> Counter[tuple[str, ...]]:
    """Every fact that is stored, without ids and keyed hashes, which are each store's own."""
    statement = """SELECT s.digits, f.kind, f.source, f.place, f.payload FROM facts f
        JOIN suppliers s ON s.id = f.supplier_id"""
    with place.opened() as store:
        rows = store._raw_rows(statement, {})
    return Counter(tuple(re.sub(r"K-[0-9A-Z]{12}", "K", str(cell)) for cell in row) for row in rows)


@SOME
@given(setting=settings_of(), call=st.integers(1, 14))
def test_a_crash_repeats_no_more_than_what_was_open(setting: Setting, call: int) -> None:
    """Each paid answer is stored before the next is bought: the same facts, and what is billed twice was in doubt."""
    setting = replace(setting, budget=None, faults=())
    with town(setting) as whole:
        whole.month(FIRST)
        undisturbed = Counter(name for name, _ in whole.billed())
        facts = known(whole)
    with town(setting) as place:
        doubtful = killed(place, FIRST, call)
        for name, count in doubtful.items():
            assert count <= place.connectors[name].table.limits.concurrent, name
        place.month(FIRST)
        total = Counter(name for name, _ in place.billed())
        for name, count in total.items():
            assert undisturbed[name] <= count <= undisturbed[name] + doubtful[name], name
        assert known(place) == facts


@SOME
@given(setting=settings_of(budget=True), calls=st.lists(st.integers(1, 8), max_size=2), checks=st.booleans())
def test_the_budget_holds_over_crashes_and_checks(setting: Setting, calls: list[int], checks: bool) -> None:
    """Whatever is killed when, and whoever is checked between: the providers' bill of the period is within it."""
    with town(setting) as place:
        for call in calls:
            killed(place, FIRST, call)
            if checks:
                with place.opened() as store:
                    collect(store, place.begin(store, FIRST, "case"), place.asking(FIRST))
        place.month(FIRST)
        billed = place.billed()
        affordable(setting, billed)
        with place.opened() as store:
            assert store.spent_ore("2026-10") >= 100 * sum(PRICES[name] for name, _ in billed)
            assert store.letters("2026-10") >= sum(letter for _, letter in billed)


@SOME
@given(setting=settings_of(budget=True))
def test_the_budget_holds_for_two_at_once(setting: Setting) -> None:
    """The monthly run and a check before a contract, each with the store open by itself."""
    with town(setting) as place, place.opened() as one, place.opened() as other:
        monthly, case = place.begin(one, FIRST), place.begin(other, FIRST, "case")

        async def both() -> None:
            await asyncio.gather(
                Collector(one, monthly, place.asking(FIRST)).all_waves(),
                Collector(other, case, place.asking(FIRST)).all_waves(),
            )

        to_end(both())
        affordable(setting, place.billed())


@SOME
@given(
    name=st.sampled_from(["creditsafe", "creditsafe_se", "foretagsinformation"]),
    most=st.integers(0, 60),
    call=st.integers(0, 5),
)
def test_the_highest_value_goes_first_when_the_budget_bites(name: str, most: int, call: int) -> None:
    """Only those whose call is in doubt may be passed by somebody of lower value."""
    kind = {"foretagsinformation": "signatory"}.get(name, "credit")
    setting = Setting(
        {"person": PEOPLE, "company": [company(number) for number in NUMBERS]},
        {"company_record": ["bolagsverket_hvd"], kind: [name]},
        kinds=frozenset({"company_record", kind}),
        budget={"max_sek": most},
    )
    with town(setting) as place:
        doubtful = killed(place, FIRST, call).total() if call else 0
        place.month(FIRST)
        with place.opened() as store:
            run = store.begin_run("monthly", "2026-10", FIRST, place.now(FIRST), "0", {})
            assert len(store.suppliers_by_value(run.id)) == len(NUMBERS)
            had = [bool(store.history(who, kind)) for who in store.suppliers_by_value(run.id)]
        lowest = max((place for place, bought in enumerate(had) if bought), default=-1)
        assert had[: lowest + 1].count(False) <= doubtful
        assert sum(had) + doubtful >= min(len(had), most // PRICES[name])
