"""People who sit in several suppliers: what the rules on bankruptcies and on many companies get of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.identity import from_stored, luhn
from screening.model import (
    Accounts,
    CompanyRecord,
    Engagement,
    Fact,
    Officer,
    Officers,
    Origin,
    Proceeding,
    Provenance,
    Shareholder,
    Shareholders,
    Supplier,
    SupplierRoles,
)
from screening.rules import load
from screening.stages.derive import derive
from screening.store import Run, Store

RULES = load(Path(__file__).resolve().parents[2] / "rules")


def number(place: int) -> str:
    """A fictitious company number."""
    body = f"559999{place:03}"
    return body + next(str(digit) for digit in range(10) if luhn(body + str(digit)))


def came(day: str) -> Provenance:
    at = datetime.combine(date.fromisoformat(day), time(6), UTC)
    return Provenance(source="r", origin=Origin.AUTHORITY, as_of=at.date(), fetched_at=at)


@dataclass
class Desk:
    """A store with a run of companies, and the two rules that want people's roles."""

    store: Store
    rules: tuple[str, ...] = ("AGA-06", "AGA-07")
    run: Run = field(init=False)

    def begin(self, day: str, count: int, kind: Any = "monthly", foreign: bool = False) -> list[str]:
        at = datetime.combine(date.fromisoformat(day), time(12), UTC)
        self.run = self.store.begin_run(kind, day[:7], date.fromisoformat(day), at, "1.0", {})
        self.store.begin_population(self.run.id)
        made = []
        for place in range(count):
            identity = from_stored("orgnr", "SE", number(place))
            supplier_id = self.store.supplier_id("organisation", identity, f"Bolag {place}")
            made.append(Supplier(supplier_id, "organisation", identity, f"Bolag {place}"))
        if foreign:
            identity = from_stored("foreign", "NO", "923609016")
            made.append(Supplier(self.store.supplier_id("foreign", identity, "Nord"), "foreign", identity, "Nord"))
        self.store.put_suppliers(self.run.id, made)
        return [item.id for item in made]

    def put(self, supplier_id: str, *facts: Fact) -> None:
        for fact in facts:
            self.store.put_facts(self.run.id, supplier_id, [fact], fact.provenance.fetched_at)

    def found(self) -> dict[str, tuple[Engagement, ...]]:
        """Supplier's name -> what was worked out last."""
        profile = {"name": "alla", "rules": list(self.rules)}
        document = {"organisation": {"name": "Fjärdvik", "orgnr": "5599999009"}, "profile": [profile]}
        at = datetime.combine(self.run.as_of, time(13), UTC)
        derive(self.store, self.run, validate("screening.toml", document, Config), RULES, {}, at)
        told = {}
        for item in self.store.dossiers(self.run.id, frozenset({SupplierRoles.kind}), self.run.as_of, {}):
            rows = item.facts.get(SupplierRoles.kind, ())
            if rows:
                assert isinstance(rows[-1], SupplierRoles)
                told[item.supplier.name] = rows[-1].engagements
        return told


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        yield Desk(store)


def led(day: str, *people: tuple[str, str]) -> Officers:
    """A board: (key, role)."""
    return Officers(provenance=came(day), people=tuple(Officer(key, f"Namn {key}", role) for key, role in people))


def test_one_who_sits_in_two_suppliers_is_told_of_both(desk: Desk) -> None:
    """Their own and the other; an auditor in both, and one who sits in one alone, are no such people."""
    ids = desk.begin("2026-10-31", 3)
    desk.put(ids[0], led("2026-10-20", ("A", "LE"), ("R", "REV")))
    desk.put(ids[1], led("2026-10-20", ("A", "VD"), ("R", "REV"), ("B", "LE")))
    desk.put(ids[2], led("2026-10-20", ("C", "LE"), ("R", "REV")))
    found = desk.found()
    first, second = (desk.store.pseudonym(number(place)) for place in (0, 1))
    assert found.keys() == {"Bolag 0", "Bolag 1"}
    for items in found.values():
        assert {(item.person_key, item.role_code, item.company_key) for item in items} == {
            ("A", "LE", first),
            ("A", "VD", second),
        }


def test_who_has_left_a_bankrupt_supplier_is_told_in_the_one_where_he_sits(desk: Desk) -> None:
    """With the day by which he had left, the day of the bankruptcy, and the size; nothing where he no longer sits."""
    ids = desk.begin("2026-10-31", 2)
    run = Proceeding("KK", from_on=date(2026, 9, 1))
    top = Shareholder("T", "Toppen AB")
    desk.put(ids[0], led("2026-06-20", ("A", "LE")), led("2026-08-20", ("B", "LE")))
    desk.put(ids[0], CompanyRecord(provenance=came("2026-10-20"), state="registered", proceedings=(run,)))
    desk.put(ids[0], Accounts(provenance=came("2026-10-20"), employees=4))
    desk.put(ids[0], Shareholders(provenance=came("2026-10-20"), ultimate_parent=top))
    desk.put(ids[1], led("2026-10-20", ("A", "LE")))
    found = desk.found()
    assert found["Bolag 0"] == ()
    first = next(item for item in found["Bolag 1"] if item.bankrupt_on is not None)
    assert (first.to_on, first.bankrupt_on, first.employees, first.group_key) == (
        date(2026, 8, 20),
        date(2026, 9, 1),
        4,
        "T",
    )


@pytest.mark.parametrize(("reason", "days"), [("KKAV", (date(2026, 9, 9), None)), ("LIAV", (None, date(2026, 9, 9)))])
def test_a_company_that_is_gone_went_bankrupt_or_ceased(
    desk: Desk, reason: str, days: tuple[date | None, date | None]
) -> None:
    """By the reason of its deregistration."""
    ids = desk.begin("2026-10-31", 2)
    for who in ids:
        desk.put(who, led("2026-10-20", ("A", "LE")))
    gone = CompanyRecord(
        provenance=came("2026-10-20"),
        state="deregistered",
        deregistered_on=date(2026, 9, 9),
        deregistration_reason=reason,
    )
    desk.put(ids[0], gone)
    items = desk.found()["Bolag 1"]
    first = next(item for item in items if item.company_key == desk.store.pseudonym(number(0)))
    assert (first.bankrupt_on, first.ended_on) == days


def test_one_who_no_longer_sits_in_two_is_told_to(desk: Desk) -> None:
    """Else last month's roles would stand."""
    ids = desk.begin("2026-10-31", 2)
    for who in ids:
        desk.put(who, led("2026-10-20", ("A", "LE")))
    assert len(desk.found()["Bolag 1"]) == 2
    ids = desk.begin("2026-11-30", 2)
    desk.put(ids[1], led("2026-11-20", ("B", "LE")))
    assert desk.found()["Bolag 1"] == ()


@pytest.mark.parametrize(("kind", "rules"), [("case", ("AGA-06",)), ("monthly", ("SKA-01",))])
def test_it_is_worked_out_for_a_month_and_for_rules_that_want_it(desk: Desk, kind: str, rules: tuple[str, ...]) -> None:
    """A check before a contract does not know every supplier."""
    desk.rules = rules
    for who in desk.begin("2026-10-31", 2, kind=kind):
        desk.put(who, led("2026-10-20", ("A", "LE")))
    assert desk.found() == {}


def test_a_foreign_supplier_is_in_no_swedish_register(desk: Desk) -> None:
    """Whatever an answer says of it."""
    ids = desk.begin("2026-10-31", 1, foreign=True)
    for who in ids:
        desk.put(who, led("2026-10-20", ("A", "LE")))
    assert desk.found() == {}
