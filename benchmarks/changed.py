"""How many paid answers are bought again in a month in which a twentieth of the suppliers changed.

``python -m benchmarks.changed`` prints the table of ``docs/performance.md``. Two months of a municipality: in the first every
answer is bought; between them some suppliers change, and the cheaper proof of each source tells which: Creditsafe's monitoring,
Creditsafe Sweden's DateCheck, Bolagsverket's notices. The free register is asked about everybody both times. What was bought
stands in the provider's own ledger.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.collecting import ROOT, numbers

from screening.config import Config
from screening.connectors import Connector, load_sources
from screening.identity import read
from screening.model import Fact, Supplier
from screening.network import Reach
from screening.stages.collect import Asking, collect
from screening.stages.routing import routing
from screening.store import Store
from screening.stub.app import Call, Embedded, make_app
from screening.stub.world import World

FIRST, SECOND = date(2026, 10, 31), date(2026, 11, 30)
PEOPLE = (("anna", "194012239101"), ("tor", "196107293059"))  # published test numbers
BAR = 0.07


@dataclass(frozen=True)
class Case:
    """One source with its cheaper proof."""

    source: str
    proof: str
    kinds: tuple[str, ...]
    change: Mapping[str, Any]  # what happens to those that change
    options: Mapping[str, Any] = field(default_factory=dict)


CASES = (
    Case("creditsafe", "monitoring", ("credit", "accounts"), {"credit": {"score": 20}}, {"monitoring": True}),
    Case(
        "creditsafe_se",
        "DateCheck",
        ("credit", "enforcement_debt"),
        {"debts": {"public_sek": 90_000, "public_cases": 2}},
    ),
    Case(
        "foretagsinformation",
        "notices",
        ("officers", "signatory", "accounts"),
        {"officers": [{"person": "tor", "role": "LE"}]},
        {"notices": {"kinds": ["officers", "signatory", "accounts"]}, "history_days": []},
    ),
)


@dataclass(frozen=True)
class Bought:
    """What two months came to.

    Attributes:
        first: paid calls in the first month, by the provider's ledger.
        second: in the second.
        changed: suppliers that changed.
        seen: of those, whose new answer is stored.
        confirmed: others, whose answer is shown to hold on the second month's day.
        operations: calls of the second month by operation, free ones too.
    """

    first: int
    second: int
    changed: int
    seen: int
    confirmed: int
    operations: Mapping[str, int]


def town(case: Case, suppliers: int, share: float, seed: int) -> tuple[World, set[str]]:
    """The companies, and those that change between the months."""
    every = numbers(suppliers)
    changed = set(Random(seed).sample(every, round(share * suppliers)))
    companies = [
        {
            "number": number, "name": f"Bolag {number} AB", "registered_on": "2015-03-01", "credit": {"score": 60},
            "officers": [{"person": "anna", "role": "LE"}], "signatory": "Firman tecknas av styrelsen",
            "accounts": {"period_to_on": "2025-12-31", "registered_on": "2026-05-04"},
            "event": [{"on": "2026-11-12", "set": case.change}] if number in changed else [],
        }
        for number in every
    ]  # fmt: skip
    people = [{"id": name, "number": number, "first_name": "A", "last_name": name} for name, number in PEOPLE]
    return World.model_validate({"company": companies, "person": people}), changed


def measured(case: Case, suppliers: int = 400, share: float = 0.05, seed: int = 1) -> Bought:
    """Two months of one source."""
    world, changed = town(case, suppliers, share, seed)
    ledger: list[Call] = []
    months = []
    app = make_app(world, lambda: FIRST)  # one provider for both months: it remembers whom it watches
    with tempfile.TemporaryDirectory() as folder, Store.open("sqlite:///s.db", Path(folder)) as store:
        for day in (FIRST, SECOND):
            before = len(app.state.ledger)
            _month(store, Path(folder), case, world, day, app)
            ledger = [call for call in list(app.state.ledger)[before:] if call.adapter != "bolagsverket_hvd"]
            months.append(sum(call.billable for call in ledger))
        held = {who.identity.reveal(): _newest(store, who.id, case) for who in _suppliers(store, world) if who.identity}
    seen = sum(any(fact.provenance.fetched_at.date() == SECOND for fact in held[one].values()) for one in changed)
    kept = [facts for number, facts in held.items() if number not in changed]
    confirmed = sum(all(fact.provenance.held_on == SECOND for fact in facts.values()) for facts in kept)
    operations = Counter(call.operation for call in ledger)
    return Bought(months[0], months[1], len(changed), seen, confirmed, operations)


def _month(store: Store, home: Path, case: Case, world: World, day: date, app: Any) -> None:
    connectors = _connectors(case)
    config = Config.model_validate(
        {
            "organisation": {"name": "X", "orgnr": "5599990016"},
            "profile": [{"name": "a", "rules": []}],
            "sources": {"company_record": ["bolagsverket_hvd"], **{kind: [case.source] for kind in case.kinds}},
        }
    )
    now = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    run = store.begin_run("monthly", f"{day:%Y-%m}", day, now, "0", {})
    store.begin_population(run.id)
    store.put_suppliers(run.id, list(_suppliers(store, world)))
    asking = Asking(
        config=config,
        routing=routing(config, connectors),
        network=Reach(stub=lambda _time: Embedded(app), secret=lambda _name: None),
        home=home,
        now=lambda: now,
        needs=lambda *_: frozenset({"company_record", *case.kinds}),
        stopped=lambda _dossier: False,
    )
    collect(store, run, asking)


def _connectors(case: Case) -> dict[str, Connector]:
    found = {}
    for name, source in load_sources(ROOT / "connectors").items():
        if name in ("bolagsverket_hvd", case.source):
            limits = source.table.limits.model_copy(update={"per_second": None, "per_minute": None})
            options = {**source.table.options, **(case.options if name == case.source else {})}
            table = source.table.model_copy(update={"limits": limits, "options": options, "enabled": True})
            found[name] = replace(source, table=table)
    return found


def _suppliers(store: Store, world: World) -> Iterator[Supplier]:
    for company in world.company:
        identity = read(company.number).identity
        yield Supplier(
            store.supplier_id("organisation", identity, company.name), "organisation", identity, company.name
        )


def _newest(store: Store, supplier_id: str, case: Case) -> Mapping[str, Fact]:
    found = {kind: store.current(supplier_id, kind, case.source) for kind in case.kinds}
    return {kind: fact for kind, fact in found.items() if fact is not None}


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suppliers", type=int, default=400)
    parser.add_argument("--share", type=float, default=0.05)
    given = parser.parse_args()
    print(
        "| source | proof | bought first | changed | bought again | share (bar 7 %) | changes seen | others shown to hold |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for case in CASES:
        found = measured(case, given.suppliers, given.share)
        share = found.second / given.suppliers
        others = given.suppliers - found.changed
        print(
            f"| {case.source} | {case.proof} | {found.first} | {found.changed} | {found.second} | {share:.1%} "
            f"| {found.seen} of {found.changed} | {found.confirmed} of {others} |"
        )


if __name__ == "__main__":
    main()
