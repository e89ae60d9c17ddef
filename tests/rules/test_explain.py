from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from screening.rules import Judging, Rule
from screening.rules.explain import explain
from screening.rules.reasoning import lines

NB = "\u00a0"


def told(judging: Judging, dossier: Any, language: Any = "sv", rule: str | None = None) -> str:
    return "\n".join(lines(explain(judging, dossier, language, rule), language)).replace(NB, " ")


def test_a_flag_is_explained_by_facts_limits_law_and_what_would_clear_it(rules: Mapping[str, Rule], make: Any) -> None:
    """Everything that led to it, in the order that a reader asks."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"]}), make.today)
    text = told(judging, make.dossier(make.fact("enforcement_debt", public_debt_sek=Decimal(12_500))))
    assert text.startswith("SKA-01 Skuld i allmänna mål hos Kronofogden: FLAGGA, HÖG\n  12 500 kr i allmänna mål")
    assert "Uppgifter: Skuldsaldo hos Kronofogden (kalla) per 2026-11-20, hämtad 2026-11-20" in text
    assert "gräns: 10 000 kr" in text
    assert "Lag: Avtalets villkor; LOU 17:13; LOU 17:17 (avtal)" in text
    assert "Kunde inte vägas in: Bokslut; Betalningsplan eller anstånd" in text
    assert "Löses av: Ett nyare svar under 10 000 kr" in text
    assert "Liknande fall: en skuld på gränsen flaggas" in text


def test_a_clear_supplier_is_told_why_not(rules: Mapping[str, Rule], make: Any) -> None:
    """What was seen, and when it would have been flagged."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"]}), make.today)
    text = told(judging, make.dossier(make.fact("enforcement_debt", public_debt_sek=Decimal(500))), "en")
    assert "SKA-01 Public claims at the Enforcement Authority: clear" in text
    assert "public claims: SEK 500" in text
    assert "Flags when: Public claims reach the limit (SEK 10,000)" in text
    assert "Cautions" not in text


def test_an_unknown_says_what_to_do_and_a_rule_not_concerned_why(rules: Mapping[str, Rule], make: Any) -> None:
    """Each outcome has its sentence."""
    judging = Judging(rules, make.config({"rules": ["SKA-01", "SKA-05"]}), make.today)
    dossier = make.dossier(gaps={"enforcement_debt": "source_down"})
    text = told(judging, dossier)
    assert "EJ BEDÖMBAR\n  Källan svarade inte. Kör om när den fungerar." in text
    assert "ej aktuell\n  Ingen överenskommelse finns." in text
    assert "SKA-05" not in told(judging, dossier, rule="SKA-01")


def test_scope_keys_contracts_and_raising_rules_are_told(rules: Mapping[str, Rule], make: Any) -> None:
    """A finding on one contract names it; a raised one says by what."""
    config = make.config({"rules": ["REG-01", "AGA-01", "AGA-03"]})
    record = make.fact("company_record", state="registered", legal_form="AB", registered_on=date(2012, 2, 1))
    owners = make.fact("beneficial_owners", state="none_registered")
    officers = make.fact("officers", people=make.model_officers(4))
    declaration = make.fact("declaration", state="none")
    judging = Judging(rules, config, make.today)
    dossier = make.dossier(record, owners, officers, declaration)
    text = told(judging, dossier)
    assert "Höjd på grund av: AGA-03" in text
    assert "(A-1): FLAGGA, MEDEL" in text
    assert len(explain(judging, dossier, scope_key="A-1")) == 1


def test_outside_every_profile_says_so(rules: Mapping[str, Rule], make: Any) -> None:
    """An empty explanation would look like a fault."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"], "match": {"service": ["x"]}}), make.today)
    assert "Ingen profil" in told(judging, make.dossier())
