"""Deriving: "we looked and there is none" is a fact, but only where somebody looked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.identity import from_stored
from screening.model import Contract, Declaration, Dossier, Origin, Provenance, RecordCheckAttestation, Supplier
from screening.rules import Judging, Rule, load
from screening.stages.derive import derive
from screening.store import InputFile, Run, Store

RULES = Path(__file__).resolve().parents[2] / "rules"
KINDS = frozenset({"declaration", "record_check_attestation", "company_record"})


@dataclass(frozen=True)
class Export:
    """As much of an export connector as deriving looks at."""

    kind: str


EXPORTS: Mapping[str, Any] = {
    "akt": Export("documents"),
    "registerkontroll": Export("attestations"),
    "avtal": Export("contracts"),
}


def noon(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(12), UTC)


@dataclass
class Desk:
    """A workspace with a store, rules and profiles, and one supplier."""

    store: Store
    rules: Mapping[str, Rule]
    config: Config
    run: Run = field(init=False)
    supplier_id: str = ""

    def begin(self, day: str, *files: InputFile, contracts: tuple[Contract, ...]) -> None:
        self.run = self.store.begin_run("monthly", day[:7], date.fromisoformat(day), noon(day), "1.0", {})
        self.store.begin_population(self.run.id)
        identity = from_stored("orgnr", "SE", "5599999017")
        self.supplier_id = self.store.supplier_id("organisation", identity, "Exempel AB")
        self.store.put_suppliers(self.run.id, [Supplier(self.supplier_id, "organisation", identity, "Exempel AB")])
        self.store.put_contracts(self.run.id, [(self.supplier_id, item) for item in contracts])
        for file in files:
            self.store.put_input(self.run.id, file)

    def derive(self) -> Dossier:
        derive(self.store, self.run, self.config, self.rules, EXPORTS, noon(self.run.as_of.isoformat()))
        (found,) = self.store.dossiers(self.run.id, KINDS, self.run.as_of, {})
        return found

    def put(self, *facts: Any) -> None:
        self.store.put_facts(self.run.id, self.supplier_id, facts, noon(self.run.as_of.isoformat()))

    def verdicts(self, dossier: Dossier) -> dict[str, tuple[str, str]]:
        judging = Judging(self.rules, self.config, self.run.as_of)
        return {
            f"{x.rule} {x.scope_key}".strip(): (x.verdict.outcome, x.verdict.reason) for x in judging.judge(dossier)
        }


PROFILE = {
    "name": "hvb",
    "rules": ["REG-01", "REG-02", "REG-04"],
    "record_check": "hvb",
    "record_check_by": "statute",
}
HVB = Contract(id="H", service="hvb", starts_on=date(2025, 1, 1))
AKT = InputFile(name="akt.csv", sha256="aa" * 32, connector="akt")
Q3 = InputFile(name="registerkontroll-2026Q3.csv", sha256="bb" * 32, connector="registerkontroll")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    document = {"organisation": {"name": "Fjärdvik", "orgnr": "5599999009"}, "profile": [PROFILE]}
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        yield Desk(store, load(RULES), validate("screening.toml", document, Config))


def came(day: str, file: InputFile) -> Provenance:
    return Provenance(
        source=file.connector,
        origin=Origin.FILE,
        as_of=date.fromisoformat(day),
        fetched_at=noon("2026-11-30"),
        request_ref=f"{file.name}#2",
        raw_sha256=file.sha256,
    )


def attestation(day: str, quarter: str = "2026Q3", file: InputFile = Q3) -> RecordCheckAttestation:
    return RecordCheckAttestation(
        provenance=came(day, file),
        scope_key=f"{quarter}/hvb",
        state="received",
        quarter=quarter,
        area="hvb",
        in_scope=2,
        checked_before_start=2,
    )


def test_no_file_read_makes_no_fact(desk: Desk) -> None:
    """Nobody looked, so nobody knows: unknown, not a flag."""
    desk.begin("2026-11-30", contracts=(HVB,))
    found = desk.derive()
    assert found.facts == {}
    assert desk.verdicts(found)["REG-01 H"] == ("unknown", "not_found")


def test_what_was_looked_for_and_not_there_is_none(desk: Desk) -> None:
    """Both the declaration and the quarter's attestation are flagged, and name the file that was read."""
    desk.begin("2026-11-30", AKT, Q3, contracts=(HVB,))
    found = desk.derive()
    assert desk.verdicts(found) == {
        "REG-01 H": ("flag", ""),
        "REG-02 2026Q3/hvb": ("flag", ""),
        "REG-04 2026Q3/hvb": ("not_applicable", "no_attestation"),
    }
    (declaration,) = found.facts["declaration"]
    assert declaration.provenance.request_ref == "akt.csv"
    assert declaration.provenance.raw_sha256 == "aa" * 32
    assert declaration.provenance.as_of == date(2026, 11, 30)


def test_deriving_again_changes_nothing(desk: Desk) -> None:
    """A repeated stage, and a later month, confirm the same row."""
    desk.begin("2026-10-31", AKT, Q3, contracts=(HVB,))
    desk.derive()
    desk.derive()
    desk.begin("2026-11-30", AKT, Q3, contracts=(HVB,))
    found = desk.derive()
    assert {kind: len(rows) for kind, rows in found.facts.items()} == {"declaration": 1, "record_check_attestation": 1}


def test_what_is_there_is_not_denied(desk: Desk) -> None:
    """A declaration and an attestation on file stay the current facts."""
    desk.begin("2026-11-30", AKT, Q3, contracts=(HVB,))
    signed = Declaration(provenance=came("2026-06-01", AKT), state="received", signed_on=date(2026, 6, 1))
    desk.put(signed, attestation("2026-10-10"))
    assert desk.verdicts(desk.derive()) == {
        "REG-01 H": ("clear", ""),
        "REG-02 2026Q3/hvb": ("clear", ""),
        "REG-04 2026Q3/hvb": ("clear", ""),
    }


def test_a_document_handed_in_late_displaces_the_none_of_an_earlier_month(desk: Desk) -> None:
    """In October there was none; in November it comes in, dated before October's look."""
    desk.begin("2026-10-31", AKT, Q3, contracts=(HVB,))
    assert desk.verdicts(desk.derive())["REG-01 H"] == ("flag", "")
    desk.begin("2026-11-30", AKT, Q3, contracts=(HVB,))
    signed = Declaration(provenance=came("2026-06-01", AKT), state="received", signed_on=date(2026, 6, 1))
    desk.put(signed, attestation("2026-10-10"))
    found = desk.verdicts(desk.derive())
    assert found["REG-01 H"] == ("clear", "")
    assert found["REG-02 2026Q3/hvb"] == ("clear", "")


def test_a_doubtful_file_accuses_nobody(desk: Desk) -> None:
    """A file that shrank is half a file: unknown, with that reason."""
    half = InputFile(name="akt.csv", sha256="aa" * 32, connector="akt", doubtful=True)
    q3 = InputFile(name="registerkontroll-2026Q3.csv", sha256="bb" * 32, connector="registerkontroll", doubtful=True)
    desk.begin("2026-11-30", half, q3, contracts=(HVB,))
    found = desk.verdicts(desk.derive())
    assert found["REG-01 H"] == ("unknown", "doubtful")
    assert found["REG-02"] == ("unknown", "doubtful")


def test_a_file_that_could_not_be_read_is_not_looked_in(desk: Desk) -> None:
    """Its error is shown elsewhere; here it is as if it had not come."""
    broken = InputFile(name="akt.csv", sha256="aa" * 32, connector="akt", error="okänd rubrik")
    other = InputFile(name="avtal.csv", sha256="cc" * 32, connector="avtal")
    desk.begin("2026-11-30", broken, other, contracts=(HVB,))
    assert desk.derive().facts == {}


def test_the_quarter_is_told_by_the_rows_where_the_name_does_not(desk: Desk) -> None:
    """One supplier's row shows which quarter the file was about; the others' rows are then missing in it."""
    file = InputFile(name="intyg.csv", sha256="dd" * 32, connector="registerkontroll")
    desk.begin("2026-11-30", file, contracts=(HVB,))
    other = desk.store.supplier_id("unidentified", None, "Beta AB")
    desk.store.put_suppliers(desk.run.id, [Supplier(other, "unidentified", None, "Beta AB")])
    desk.store.put_facts(desk.run.id, other, [attestation("2026-10-10", file=file)], noon("2026-11-30"))
    derive(desk.store, desk.run, desk.config, desk.rules, EXPORTS, noon("2026-11-30"))
    found = desk.store.current(desk.supplier_id, "record_check_attestation")
    assert isinstance(found, RecordCheckAttestation)
    assert (found.state, found.quarter) == ("none", "2026Q3")


@pytest.mark.parametrize(
    ("contract", "owes"),
    [
        (HVB, True),
        (Contract(id="H", phase="tender"), False),
        (Contract(id="H", starts_on=date(2026, 10, 1)), False),
        (Contract(id="H", starts_on=date(2026, 9, 30)), True),
        (Contract(id="H", ends_on=date(2026, 12, 31)), True),
    ],
)
def test_who_owes_an_attestation_had_a_contract_in_the_quarter(desk: Desk, contract: Contract, owes: bool) -> None:
    """A tenderer owes none, nor does one whose contract began after the quarter."""
    desk.begin("2026-11-30", Q3, contracts=(contract,))
    assert ("record_check_attestation" in desk.derive().facts) == owes


def test_a_quarter_that_has_not_ended_is_not_missing(desk: Desk) -> None:
    """A file for the running quarter is early, not a list of the missing."""
    early = InputFile(name="registerkontroll-2026Q4.csv", sha256="ee" * 32, connector="registerkontroll")
    desk.begin("2026-11-30", early, contracts=(HVB,))
    assert desk.derive().facts == {}


def test_direct_procurement_owes_no_declaration(desk: Desk) -> None:
    """The rule does not concern it, so nothing is noted as missing."""
    desk.begin("2026-11-30", AKT, contracts=(Contract(id="D", regime="direct"),))
    assert "declaration" not in desk.derive().facts


def test_by_contract_only_where_the_contract_demands_it(desk: Desk) -> None:
    """A home-care contract that says no owes none; of one that is silent it is not known."""
    profile = {"name": "h", "rules": ["REG-03"], "record_check": "home_care", "record_check_by": "contract"}
    document = {"organisation": {"name": "Fjärdvik", "orgnr": "5599999009"}, "profile": [profile]}
    desk.config = validate("screening.toml", document, Config)
    for demanded, owes in ((False, False), (None, False), (True, True)):
        desk.begin("2026-11-30", Q3, contracts=(Contract(id="C", record_check=demanded),))
        assert ("record_check_attestation" in desk.derive().facts) == owes


def test_an_unidentified_supplier_is_left_alone(desk: Desk) -> None:
    """It may be anyone; nothing is noted on it."""
    desk.begin("2026-11-30", AKT, contracts=())
    desk.store.begin_population(desk.run.id)
    desk.store.put_input(desk.run.id, AKT)
    other = desk.store.supplier_id("unidentified", None, "Beta AB")
    desk.store.put_suppliers(desk.run.id, [Supplier(other, "unidentified", None, "Beta AB")])
    desk.store.put_contracts(desk.run.id, [(other, HVB)])
    assert desk.derive().facts == {}
