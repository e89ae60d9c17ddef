"""What spans suppliers: a name that is another's, and a hit that the newest list no longer has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.identity import read
from screening.model import (
    CompanyName,
    CompanyRecord,
    Dossier,
    Fact,
    NameElsewhere,
    Origin,
    Provenance,
    Sanctions,
    SanctionsHit,
    Supplier,
)
from screening.rules import Judging, load
from screening.stages.derive import derive
from screening.store import Run, Store

RULES = load(Path(__file__).resolve().parents[2] / "rules")
KINDS = frozenset({"name_elsewhere", "company_record", "sanctions"})
DAYS = {"2026-10": date(2026, 10, 31), "2026-11": date(2026, 11, 30)}


def came(day: date, source: str = "register") -> Provenance:
    return Provenance(source=source, origin=Origin.AUTHORITY, as_of=day, fetched_at=datetime.combine(day, time(6), UTC))


def registered(*names: str, day: date = date(2026, 11, 30)) -> CompanyRecord:
    return CompanyRecord(provenance=came(day), state="registered", names=tuple(CompanyName(name) for name in names))


@dataclass
class Desk:
    """A workspace whose suppliers are told by number, our name, and what the register says."""

    store: Store
    config: Config
    run: Run = field(init=False)
    ids: dict[str, str] = field(default_factory=dict)

    def begin(self, *suppliers: tuple[str, tuple[str, ...], Fact | None], kind: Any = "monthly", **more: Any) -> None:
        period = more.pop("period", "2026-11")
        day = DAYS[period]
        at = datetime.combine(day, time(6), UTC)
        self.run = self.store.begin_run(kind, period, day, at, "1.0", {})
        self.store.begin_population(self.run.id)
        for number, names, fact in suppliers:
            identity = read(number).identity
            assert identity is not None
            sort: Any = "person" if identity.is_person else "organisation"
            supplier_id = self.ids[number] = self.store.supplier_id(sort, identity, names[0])
            supplier = Supplier(supplier_id, sort, identity, names[0], names, **more)
            self.store.put_suppliers(self.run.id, [supplier])
            if fact is not None:
                self.store.put_facts(self.run.id, supplier_id, [fact], at)

    def derive(self) -> dict[str, Dossier]:
        derive(self.store, self.run, self.config, RULES, {}, datetime.combine(self.run.as_of, time(7), UTC))
        numbers = {supplier_id: number for number, supplier_id in self.ids.items()}
        found = self.store.dossiers(self.run.id, KINDS, self.run.as_of, {})
        return {numbers[item.supplier.id]: item for item in found}

    def elsewhere(self, number: str) -> NameElsewhere | None:
        rows = self.derive()[number].facts.get("name_elsewhere", ())
        assert all(isinstance(item, NameElsewhere) for item in rows)
        return rows[-1] if rows else None  # type: ignore[return-value]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    document = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "profile": [{"name": "alla", "rules": ["IDE-01", "IDE-02", "IDE-03", "SAN-01"]}],
        "population": {"contracts": "none"},
    }
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        yield Desk(store, validate("screening.toml", document, Config))


OWN, OTHER, THIRD, PERSON = "5599990008", "5599990016", "5599990024", "194012239101"


def test_a_name_that_another_supplier_is_registered_under_is_found(desk: Desk) -> None:
    """With the other's number and how alike the names are; whoever has its own name gets no fact."""
    desk.begin(
        (OWN, ("Granliden Omsorg",), registered("Tallmora Åkeri AB")),
        (OTHER, ("Granliden Omsorg AB",), registered("Granliden Omsorg AB")),
        (THIRD, ("Granliden Frakt AB",), registered("Granliden Frakt AB")),
    )
    found = desk.elsewhere(OWN)
    assert found is not None
    assert (found.state, found.other_name, found.other_id) == ("found", "Granliden Omsorg AB", OTHER)
    assert found.likeness_share == 1
    assert desk.elsewhere(OTHER) is None


def test_a_name_of_a_few_rows_is_looked_for_too(desk: Desk) -> None:
    """The main name is right, and some rows bear another's: the likest find is told."""
    desk.begin(
        (OWN, ("Tallmora Åkeri AB", "Kvarnby", "Granliden Omsorg"), registered("Tallmora Åkeri AB")),
        (OTHER, ("Granliden Omsorg AB",), registered("Nytt Namn AB", "Granliden Omsorg AB")),
    )
    found = desk.elsewhere(OWN)
    assert found is not None
    assert (found.export_name, found.other_name) == ("Granliden Omsorg", "Granliden Omsorg AB")


def test_nobody_else_has_the_name(desk: Desk) -> None:
    """We looked through everyone, and there is none: also where a name is only a little alike."""
    desk.begin(
        (OWN, ("Granliden Omsorg AB",), registered("Tallmora Åkeri AB")),
        (OTHER, ("Granliden Frakt AB",), registered("Granliden Frakt AB")),
    )
    found = desk.elsewhere(OWN)
    assert found is not None
    assert (found.state, found.likeness_share) == ("none", None)


def test_it_is_judged_though_the_number_is_in_doubt(desk: Desk) -> None:
    """IDE-01 stops the others; IDE-02 says whose number is meant."""
    desk.begin(
        (OWN, ("Granliden Omsorg AB",), registered("Tallmora Åkeri AB")),
        (OTHER, ("Granliden Omsorg AB",), registered("Granliden Omsorg AB")),
    )
    # a supplier without contracts is expected by what is bought; here the profile matches anyone
    dossier = desk.derive()[OWN]
    judged = {item.rule: item.verdict for item in Judging(RULES, desk.config, desk.run.as_of).judge(dossier)}
    assert (judged["IDE-01"].outcome, judged["IDE-02"].outcome) == ("flag", "flag")
    assert (judged["SAN-01"].outcome, judged["SAN-01"].reason) == ("unknown", "identity")
    assert judged["IDE-02"].seen["other_id"] == OTHER


def test_a_person_is_named_by_internal_id(desk: Desk) -> None:
    """The number of a sole trader is a personal number."""
    desk.begin(
        (OWN, ("Lövnäs Keramik",), registered("Tallmora Åkeri AB")),
        (PERSON, ("Lövnäs Keramik",), registered("Lövnäs Keramik")),
    )
    found = desk.elsewhere(OWN)
    assert found is not None
    assert found.other_id == desk.ids[PERSON]


def test_who_cannot_be_compared_is_left_out(desk: Desk) -> None:
    """An accepted number, one that the register has not told of, and a public body."""
    desk.begin(
        (OWN, ("Granliden Omsorg AB",), registered("Tallmora Åkeri AB")),
        (OTHER, ("Granliden Omsorg AB",), None),
        ("2120000142", ("Granliden Omsorg AB",), registered("Granliden Omsorg AB")),
        identity_accepted=True,
    )
    assert all("name_elsewhere" not in dossier.facts for dossier in desk.derive().values())


def test_a_check_before_a_contract_has_not_looked_through_everyone(desk: Desk) -> None:
    """So it says nothing."""
    desk.begin((OWN, ("Granliden Omsorg AB",), registered("Tallmora Åkeri AB")), kind="case")
    assert desk.elsewhere(OWN) is None


def test_a_corrected_list_is_told_the_next_month(desk: Desk) -> None:
    """The newest look replaces the one before."""
    wrong = (OWN, ("Granliden Omsorg AB",), registered("Tallmora Åkeri AB", day=DAYS["2026-10"]))
    desk.begin(wrong, (OTHER, ("X",), registered("Granliden Omsorg AB", day=DAYS["2026-10"])), period="2026-10")
    assert desk.elsewhere(OWN).state == "found"  # type: ignore[union-attr]
    desk.begin(wrong, period="2026-11")
    assert desk.elsewhere(OWN).state == "none"  # type: ignore[union-attr]


# --- sanctions --------------------------------------------------------------------------------------------------------
HIT = SanctionsHit("EU.9901.1", "Kvarnholm", 0.95)


def look(day: date, *hits: SanctionsHit, scope_key: str = "") -> Sanctions:
    return Sanctions(provenance=came(day, "lista"), scope_key=scope_key, list_on=day, hits=hits)


def test_a_hit_that_the_newest_list_does_not_have_is_gone(desk: Desk) -> None:
    """Its own row says so, month after month, and the finding can be resolved by it."""
    october, november = DAYS["2026-10"], DAYS["2026-11"]
    desk.begin((OWN, ("Kvarnholm AB",), registered("Kvarnholm AB", day=october)), period="2026-10")
    both = [look(october, HIT), look(october, HIT, scope_key="EU.9901.1")]
    desk.store.put_facts(desk.run.id, desk.ids[OWN], both, datetime.combine(october, time(6), UTC))
    assert verdicts(desk)["EU.9901.1"] == ("flag", "")
    desk.begin((OWN, ("Kvarnholm AB",), registered("Kvarnholm AB")), period="2026-11")
    later = datetime.combine(november, time(6), UTC)
    desk.store.put_facts(desk.run.id, desk.ids[OWN], [look(november)], later)
    assert verdicts(desk) == {"": ("clear", ""), "EU.9901.1": ("clear", "")}


def test_a_supplier_that_was_never_looked_for_has_no_hit_to_lose(desk: Desk) -> None:
    """No look, no fact."""
    desk.begin((OWN, ("Kvarnholm AB",), registered("Kvarnholm AB")))
    assert verdicts(desk) == {"": ("unknown", "no_source")}


def verdicts(desk: Desk) -> dict[str, tuple[str, str]]:
    judging = Judging(RULES, desk.config, desk.run.as_of)
    judged = judging.judge(desk.derive()[OWN])
    return {item.scope_key: (item.verdict.outcome, item.verdict.reason) for item in judged if item.rule == "SAN-01"}


def test_nothing_is_derived_that_no_rule_expects(desk: Desk) -> None:
    """Two passes over everyone are not made for nothing."""
    document = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "profile": [{"name": "alla", "rules": ["SKA-01"]}],
    }
    desk.config = validate("screening.toml", document, Config)
    desk.begin((OWN, ("Granliden Omsorg AB",), registered("Tallmora Åkeri AB")))
    assert set(desk.derive()[OWN].facts) == {"company_record"}
