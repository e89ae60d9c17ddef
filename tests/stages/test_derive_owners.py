"""What spans suppliers: shared addresses, chains of owners, and who took over in a merger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.identity import from_stored, luhn
from screening.model import (
    Address,
    CompanyRecord,
    Credit,
    Dossier,
    Fact,
    Origin,
    Ownership,
    Proceeding,
    Provenance,
    SharedAddress,
    Shareholder,
    Shareholders,
    StatusElsewhere,
    Successor,
    Supplier,
    SupplierKind,
)
from screening.rules import Rule, load
from screening.stages.derive import derive
from screening.store import Run, Store

RULES = Path(__file__).resolve().parents[2] / "rules"
KINDS = frozenset(
    {"shared_address", "ownership", "successor", "company_record", "address", "shareholders", "status_elsewhere"}
)


def number(place: int) -> str:
    """A fictitious company number."""
    body = f"559999{place:03}"
    return body + next(str(digit) for digit in range(10) if luhn(body + str(digit)))


def came(day: str, source: str = "r") -> Provenance:
    at = datetime.combine(date.fromisoformat(day), time(6), UTC)
    return Provenance(source=source, origin=Origin.AUTHORITY, as_of=at.date(), fetched_at=at)


@dataclass
class Desk:
    """A store with a run of some suppliers, and the rules that want derived facts."""

    store: Store
    rules: Mapping[str, Rule]
    config: Config
    run: Run = field(init=False)

    def begin(self, day: str, *suppliers: tuple[int, SupplierKind, str], kind: Any = "monthly") -> list[str]:
        at = datetime.combine(date.fromisoformat(day), time(12), UTC)
        self.run = self.store.begin_run(kind, day[:7], date.fromisoformat(day), at, "1.0", {})
        self.store.begin_population(self.run.id)
        made = []
        for place, what, country in suppliers:
            kind_of = "foreign" if what == "foreign" else "orgnr"
            identity = from_stored(kind_of, country, number(place))
            supplier_id = self.store.supplier_id(what, identity, f"Bolag {place}")
            made.append(Supplier(supplier_id, what, identity, f"Bolag {place}", country=country))
        self.store.put_suppliers(self.run.id, made)
        return [item.id for item in made]

    def put(self, supplier_id: str, *facts: Fact) -> None:
        for fact in facts:
            self.store.put_facts(self.run.id, supplier_id, [fact], fact.provenance.fetched_at)

    def derive(self) -> dict[str, Dossier]:
        at = datetime.combine(self.run.as_of, time(13), UTC)
        derive(self.store, self.run, self.config, self.rules, {}, at)
        return {item.supplier.name: item for item in self.store.dossiers(self.run.id, KINDS, self.run.as_of, {})}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    profile = {"name": "alla", "rules": ["AGA-03", "AGA-09", "AGA-12", "AGA-14"]}
    document = {"organisation": {"name": "Fjärdvik", "orgnr": "5599999009"}, "profile": [profile]}
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        yield Desk(store, load(RULES), validate("screening.toml", document, Config))


def org(*places: int) -> tuple[tuple[int, SupplierKind, str], ...]:
    return tuple((place, "organisation", "SE") for place in places)


def at(day: str, street: str | None) -> Address:
    return Address(provenance=came(day), street=street, postcode="111 22", city="Sjövika")


def shared(found: Mapping[str, Dossier]) -> dict[str, int]:
    return {
        name: fact.suppliers
        for name, dossier in found.items()
        for fact in dossier.facts.get("shared_address", ())[-1:]
        if isinstance(fact, SharedAddress)
    }


# --- addresses --------------------------------------------------------------------------------------------------------
def test_suppliers_at_one_address_are_counted_whatever_the_spelling(desk: Desk) -> None:
    """Who is alone gets no fact, nor one without a street; who moves away is told to be alone."""
    ids = desk.begin("2026-10-31", *org(1, 2, 3, 4))
    for who, street in zip(ids, ("Storgatan 1", "STORG. 1", "Ågatan 2", None), strict=True):
        desk.put(who, at("2026-10-20", street))
    assert shared(desk.derive()) == {"Bolag 1": 2, "Bolag 2": 2}
    ids = desk.begin("2026-11-30", *org(1, 2, 3, 4))
    desk.put(ids[1], at("2026-11-20", "Ågatan 2"))
    assert shared(desk.derive()) == {"Bolag 1": 1, "Bolag 2": 2, "Bolag 3": 2}


def test_a_check_before_a_contract_does_not_know_every_supplier(desk: Desk) -> None:
    """So it counts none."""
    ids = desk.begin("2026-10-31", *org(1, 2), kind="case")
    for who in ids:
        desk.put(who, at("2026-10-20", "Storgatan 1"))
    assert shared(desk.derive()) == {}


def test_without_addresses_nothing_is_counted(desk: Desk) -> None:
    """An empty run."""
    desk.begin("2026-10-31", *org(1))
    assert shared(desk.derive()) == {}


# --- owners -----------------------------------------------------------------------------------------------------------
def holder(place: int, share: str) -> Shareholder:
    part = Decimal(share)
    return Shareholder(f"K-{place}", f"Bolag {place}", "SE", part, part, holder="organisation", number=number(place))


def held(day: str, *owners: Shareholder) -> Shareholders:
    return Shareholders(provenance=came(day), owners=owners)


def test_chains_go_through_other_suppliers_and_end_in_circles(desk: Desk) -> None:
    """By the stored answers on each of them; persons alone make no chain."""
    ids = desk.begin("2026-10-31", *org(1, 2, 3))
    desk.put(ids[0], held("2026-10-20", holder(2, "0.6")))
    desk.put(ids[1], held("2026-10-20", holder(1, "1")))
    desk.put(ids[2], held("2026-10-20", Shareholder("K-A", "Alva Ek", holder="person")))
    found = desk.derive()
    (fact,) = found["Bolag 1"].facts["ownership"]
    assert isinstance(fact, Ownership)
    assert [(chain.names, chain.end) for chain in fact.chains] == [(("Bolag 2", "Bolag 1"), "circular")]
    assert "ownership" not in found["Bolag 3"].facts


def test_a_chain_that_is_gone_is_told_to_be(desk: Desk) -> None:
    """Else last month's would stand."""
    (who,) = desk.begin("2026-10-31", *org(1))
    desk.put(who, held("2026-10-20", holder(2, "0.6")))
    desk.derive()
    (who,) = desk.begin("2026-11-30", *org(1))
    desk.put(who, held("2026-11-20", Shareholder("K-A", "Alva Ek", holder="person")))
    rows = desk.derive()["Bolag 1"].facts["ownership"]
    assert [len(row.chains) for row in rows if isinstance(row, Ownership)] == [1, 0]


def test_a_foreign_suppliers_country_is_our_own_lists(desk: Desk) -> None:
    """No Swedish register knows it."""
    desk.begin("2026-10-31", (1, "foreign", "RU"))
    (fact,) = desk.derive()["Bolag 1"].facts["ownership"]
    assert isinstance(fact, Ownership)
    assert (fact.country, fact.chains) == ("RU", ())


# --- mergers ----------------------------------------------------------------------------------------------------------
def gone(source: str, day: str, successor: str | None = None) -> CompanyRecord:
    return CompanyRecord(
        provenance=came(day, source),
        state="deregistered",
        deregistration_reason="FUAV",
        successor_name=successor,
        successor_number=number(9) if successor else None,
    )


def test_who_took_over_is_found_in_another_sources_answer(desk: Desk) -> None:
    """Only where the one does not name it; a company that is there has no successor."""
    ids = desk.begin("2026-10-31", *org(1, 2, 3))
    desk.put(ids[0], gone("hvd", "2026-10-20"), gone("v4", "2026-10-10", "Ny AB"))
    desk.put(ids[1], gone("hvd", "2026-10-20", "Känd AB"))
    desk.put(ids[2], CompanyRecord(provenance=came("2026-10-20", "hvd"), state="registered"))
    found = desk.derive()
    (fact,) = found["Bolag 1"].facts["successor"]
    assert isinstance(fact, Successor)
    assert (fact.name, fact.number, fact.told_by) == ("Ny AB", number(9), "v4")
    assert all("successor" not in found[name].facts for name in ("Bolag 2", "Bolag 3"))


def test_who_took_over_is_found_wherever_it_is_stored(desk: Desk) -> None:
    """In an earlier answer of the same source, and of a source that alone knows that the company is gone."""
    desk.config = desk.config.model_copy(update={"sources": {"company_record": ("hvd", "v4")}})
    ids = desk.begin("2026-10-31", *org(1, 2))
    desk.put(ids[0], gone("hvd", "2026-10-10", "Ny AB"), gone("hvd", "2026-10-20"))
    desk.put(ids[1], status("hvd", "2026-10-10"), gone("v4", "2026-10-20", "Annan AB"))
    found = desk.derive()
    for name, successor, source in (("Bolag 1", "Ny AB", "hvd"), ("Bolag 2", "Annan AB", "v4")):
        (fact,) = found[name].facts["successor"]
        assert isinstance(fact, Successor)
        assert (fact.name, fact.told_by) == (successor, source)
    elsewhere = told(found, "Bolag 2")
    assert elsewhere is not None
    assert (elsewhere.state, elsewhere.deregistration_reason) == ("deregistered", "FUAV")


def status(source: str, day: str, *codes: str) -> CompanyRecord:
    runs = tuple(Proceeding(code=code, from_on=date(2026, 10, 1)) for code in codes)
    return CompanyRecord(provenance=came(day, source), state="registered", proceedings=runs)


def told(found: Mapping[str, Dossier], name: str) -> StatusElsewhere | None:
    rows = found[name].facts.get("status_elsewhere", ())
    assert all(isinstance(row, StatusElsewhere) for row in rows)
    return rows[-1] if rows else None  # type: ignore[return-value]  # asserted above


def test_what_another_source_says_of_the_status_is_told(desk: Desk) -> None:
    """An authority before a bureau; agreeing answers are not told of; and when they agree again, that is told once."""
    desk.config = desk.config.model_copy(update={"sources": {"company_record": ("hvd", "v4")}})
    ids = desk.begin("2026-10-31", *org(1, 2, 3, 4))
    bureau = Credit(provenance=came("2026-10-25", "creditsafe"), company_status="Active")
    desk.put(ids[0], status("hvd", "2026-10-20", "KK"), status("v4", "2026-10-30"), bureau)
    desk.put(ids[1], status("hvd", "2026-10-20", "KK"), bureau)
    desk.put(ids[2], status("hvd", "2026-10-20"), status("v4", "2026-10-30"), bureau)
    desk.put(ids[3], bureau)
    found = desk.derive()
    first, second = told(found, "Bolag 1"), told(found, "Bolag 2")
    assert first is not None
    assert (first.told_by, first.authority, first.holds_on, first.proceedings) == ("v4", True, date(2026, 10, 30), ())
    assert second is not None
    assert (second.told_by, second.authority, second.text) == ("creditsafe", False, "Active")
    assert told(found, "Bolag 3") is told(found, "Bolag 4") is None
    desk.begin("2026-11-30", *org(1, 2, 3, 4))
    desk.put(ids[0], status("hvd", "2026-11-20"), status("v4", "2026-11-20"))
    after = told(desk.derive(), "Bolag 1")
    assert after is not None
    assert not after.differs


def test_nobody_is_named_where_no_source_does(desk: Desk) -> None:
    """The rule says so."""
    (who,) = desk.begin("2026-10-31", *org(1))
    desk.put(who, gone("hvd", "2026-10-20"))
    assert "successor" not in desk.derive()["Bolag 1"].facts


def test_what_no_rule_wants_is_not_worked_out(desk: Desk) -> None:
    """A workspace without these rules pays nothing for them."""
    document = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "profile": [{"name": "a", "rules": ["SKA-01"]}],
    }
    desk.config = validate("screening.toml", document, Config)
    ids = desk.begin("2026-10-31", *org(1, 2))
    for who in ids:
        desk.put(who, at("2026-10-20", "Storgatan 1"), held("2026-10-20", holder(2, "0.6")), gone("hvd", "2026-10-20"))
    assert all(
        {"shared_address", "ownership", "successor", "status_elsewhere"}.isdisjoint(item.facts)
        for item in desk.derive().values()
    )
