"""The whole reasoning about a finding or a supplier, from what the run itself used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.errors import UsageError
from screening.identity import read
from screening.model import CompanyName, CompanyRecord, Contract, EnforcementDebt, Origin, Provenance, Supplier
from screening.report.explain import explain_lines
from screening.rules import load
from screening.stages.compare import compare
from screening.stages.judge import judge
from screening.store import Decision, Run, Store

RULES = load(Path(__file__).resolve().parents[2] / "rules")
DAY = date(2026, 11, 30)
NOON = datetime.combine(DAY, time(12), UTC)
NUMBER = "5599990008"
SETTINGS = """
[organisation]
name = "Fjärdvik"
orgnr = "5599999009"
[[profile]]
name = "vård"
match = { service = ["hvb"] }
rules = ["SKA-01", "REG-01", "REG-02"]
record_check = "hvb"
record_check_by = "statute"
[[profile]]
name = "övriga"
rules = ["SKA-01", "SKA-05", "KRE-01"]
"""
CONTRACTS = (
    Contract(id="U-1", service="städ", phase="tender"),
    Contract(id="A-1", service="hvb", regime="LOU_annex2", starts_on=date(2025, 1, 1)),
)


def came() -> Provenance:
    return Provenance(source="kfm", origin=Origin.AUTHORITY, as_of=DAY, fetched_at=NOON)


@dataclass
class Office:
    """One finished run with one supplier that owes, and has two contracts."""

    store: Store
    config: Config
    run: Run
    supplier_id: str
    language: Any = "sv"

    @property
    def finding_id(self) -> str:
        return self.store.finding_id("SKA-01", self.supplier_id, "")

    def explain(self, subject: str) -> str:
        report = self.config.report.model_copy(update={"language": self.language})
        config = self.config.model_copy(update={"report": report})
        lines = explain_lines(self.store, config, RULES, {}, subject, lambda _text: self.supplier_id)
        return "\n".join(lines).replace("\u00a0", " ")


def make(store: Store, texts: dict[tuple[str, str], str], kind: Any = "monthly") -> Office:
    import tomllib

    config = validate("screening.toml", tomllib.loads(SETTINGS), Config)
    run = store.begin_run(kind, "2026-11", DAY, NOON, "1.0", texts)
    identity = read(NUMBER).identity
    supplier_id = store.supplier_id("organisation", identity, "Alfa AB")
    store.begin_population(run.id)
    store.put_suppliers(run.id, [Supplier(supplier_id, "organisation", identity, "Alfa AB", ("Alfa AB",))])
    store.put_contracts(run.id, [(supplier_id, item) for item in CONTRACTS])
    facts = [
        EnforcementDebt(provenance=came(), public_debt_sek=Decimal(52_000)),
        CompanyRecord(provenance=came(), state="registered", legal_form="AB", names=(CompanyName("Alfa AB"),)),
    ]
    store.put_facts(run.id, supplier_id, facts, NOON)
    judge(store, run, config, RULES, {})
    compare(store, run, Decimal("0.25"))
    store.finish_run(run.id, "done", NOON, 0, {})
    return Office(store, config, store.run(run.id), supplier_id)


def texts() -> dict[tuple[str, str], str]:
    used = {"SKA-01", "SKA-05", "KRE-01", "REG-01", "REG-02"}
    return {("config", "screening.toml"): SETTINGS} | {("rule", name): RULES[name].text for name in used}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        yield make(store, texts())


def test_a_finding_is_told_with_law_per_contract_limits_and_what_would_clear_it(office: Office) -> None:
    """Facts with dates, valid-from of the limits, the law of each contract's regime and phase, and a change that clears."""
    text = office.explain(office.finding_id.lower())
    assert text.startswith(office.finding_id)
    assert "Alfa AB  559999-0008" in text
    assert "Skuldsaldo hos Kronofogden (kfm) per 2026-11-30, hämtad 2026-11-30" in text
    assert "Gränser (från 2024-01-01): gräns: 10 000 kr" in text
    assert "Lag (U-1: LOU, anbud, städ): LOU (2016:1145) 13:2 andra stycket" in text
    assert "Lag (A-1: LOU bilaga 2, avtal, hvb): " in text
    assert (
        "Blir utan anmärkning om: Skuldsaldo hos Kronofogden: skuld i allmänna mål är högst 9 999 kr (nu 52 000 kr)"
        in text
    )
    assert "Betalningsplan eller anstånd finns, till exempel överenskommelse: betalningsplan" in text
    assert "Per körning:\n  2026-11: HÖG Ny" in text
    assert "Beslut" not in text


def test_decisions_on_it_are_told_with_what_they_mean(office: Office) -> None:
    """Every one, oldest first; what is written is masked."""
    common: dict[str, Any] = {"finding_id": office.finding_id, "by": "AB", "at": NOON, "period": "2026-11"}
    office.store.put_decision(Decision(assessment="Yttrande begärt", reply_by=date(2026, 12, 14), **common))
    office.store.put_decision(
        Decision(
            assessment="Godtagen förklaring",
            until=date(2027, 5, 31),
            reason="Betald, intyg av 19401223-9101",
            diary="KS 2026/12",
            **common,
        )
    )
    text = office.explain(office.finding_id)
    assert "Beslut:\n  2026-11-30 AB: Yttrande begärt; svar senast 2026-12-14\n  2026-11-30 AB: Godtagen" in text
    assert "gäller t.o.m. 2027-05-31; Betald, intyg av" in text
    assert "9101" not in text
    assert "dnr KS 2026/12" in text
    compare(office.store, office.run, Decimal("0.25"))
    assert "flaggan väger inte" in office.explain(office.finding_id)


def test_a_supplier_with_two_contracts_gets_both_answers_and_every_rule(office: Office) -> None:
    """What stands first, then what could not be judged, then why not the rest; the care rules for the care contract alone."""
    text = office.explain("559999-0008")
    assert text.startswith("M-2026-11-1, 2026-11-30")
    assert "1 flaggas, 3 kan inte bedömas, 0 utan anmärkning, 1 ej aktuella." in text
    assert text.index("SKA-01") < text.index("REG-01") < text.index("SKA-05")
    assert "REG-01 Sanningsförsäkran saknas eller är gammal (A-1)" in text
    assert "(U-1): EJ" not in text
    assert "Ingen överenskommelse finns." in text
    assert f"Flagg-ID: {office.finding_id}" in text


def test_it_can_be_told_in_english(office: Office) -> None:
    """The same in other words."""
    office.language = "en"
    text = office.explain(office.finding_id)
    assert "Clear if: Debts at the Enforcement Authority: public claims is at most SEK 9,999 (now SEK 52,000)" in text
    assert "Per run:" in text
    assert "1 flagged, 3 not assessable, 0 clear, 1 not applicable." in office.explain(NUMBER)


def test_the_rules_of_the_run_are_used_and_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    """A limit raised since does not change the answer; a text that this version cannot read is replaced by today's."""
    used = texts()
    used["rule", "SKA-01"] = used["rule", "SKA-01"].replace("limit_sek       = 10_000", "limit_sek       = 50_000")
    used["rule", "KRE-01"] = "x = 1"
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        text = make(store, used).explain(NUMBER)
        assert "gräns 50 000 kr" in text
        assert "Dagens version används för: KRE-01" in text


def test_a_check_before_a_contract_is_told_where_no_month_knows_the_supplier(tmp_path: Path) -> None:
    """Who has bid is secret until award, but the officer who asked may see."""
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        assert make(store, texts(), "case").explain(NUMBER).startswith("C-2026-11-1")


def test_what_is_not_there_is_told(office: Office) -> None:
    """With what can be given instead."""
    with pytest.raises(UsageError, match="ingen sådan flagga"):
        office.explain("SKA-01-AAAAAAAA")
    office.supplier_id = "S-OKÄND"
    with pytest.raises(UsageError, match="finns inte i någon klar körning"):
        office.explain("5599990016")
