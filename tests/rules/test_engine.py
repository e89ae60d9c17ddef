from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.model import (
    CompanyName,
    Contract,
    Credit,
    Engagement,
    Judged,
    Owner,
    RecordCheckAttestation,
    Verdict,
    clear,
)
from screening.rules import Judging, Rule
from screening.rules.binding import declaration
from screening.rules.bound import Bound

HOME_CARE = Contract(id="A-1", unit="Hemtjänst", service="hemtjänst")


@pytest.fixture
def known(make: Any) -> Any:
    """A company that the register knows under the export's name."""
    return make.fact("company_record", state="registered", legal_form="AB", names=(CompanyName("Exempel AB"),))


def by_rule(judged: list[Judged]) -> dict[str, Judged]:
    return {item.rule: item for item in judged}


# --- expected rules -------------------------------------------------------------------------------------------------------
def test_only_expected_rules_are_judged(rules: Mapping[str, Rule], make: Any) -> None:
    """What no profile names is neither judged nor counted."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"]}), make.today)
    debt = make.fact("enforcement_debt", public_debt_sek=Decimal(12_500))
    (found,) = judging.judge(make.dossier(debt))
    assert (found.rule, found.verdict.outcome, found.severity) == ("SKA-01", "flag", "high")
    assert found.measure == Decimal(12_500)
    assert found.contracts == ("A-1",)
    assert (found.source, found.as_of) == ("kalla", date(2026, 11, 20))
    assert found.verdict.seen["limit_sek"] == Decimal(10_000)
    assert found.verdict.missing == ("accounts", "payment_agreement")


def test_outside_every_profile_nothing_is_expected(rules: Mapping[str, Rule], make: Any) -> None:
    """No verdict, no unknown: the supplier is not concerned."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"], "match": {"service": ["skola"]}}), make.today)
    assert judging.judge(make.dossier()) == []
    assert not judging.stopped(make.dossier())


def test_a_missing_fact_is_unknown_with_the_reason_of_its_gap(rules: Mapping[str, Rule], make: Any) -> None:
    """Never clear: the gap says why, and the verdict what is missing."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"]}), make.today)
    (found,) = judging.judge(make.dossier(gaps={"enforcement_debt": "over_budget"}))
    assert (found.verdict.outcome, found.verdict.reason) == ("unknown", "over_budget")
    assert found.verdict.missing == ("enforcement_debt",)
    assert found.severity is None


def test_a_rule_is_not_in_force_before_its_first_limits(rules: Mapping[str, Rule], make: Any) -> None:
    """A run for an earlier day does not use later limits."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"]}), date(2023, 12, 31))
    (found,) = judging.judge(make.dossier())
    assert (found.verdict.outcome, found.verdict.reason) == ("not_applicable", "not_in_force")


def test_a_profile_has_its_own_limits(rules: Mapping[str, Rule], make: Any) -> None:
    """The same debt is judged by the profile of the contract, and the evidence shows which limit."""
    own = {"rules": ["SKA-01"], "match": {"service": ["hemtjänst"]}, "limits": {"SKA-01": {"limit_sek": 50_000}}}
    judging = Judging(rules, make.config(own, {"rules": ["SKA-01"]}), make.today)
    debt = make.fact("enforcement_debt", public_debt_sek=Decimal(20_000))
    (care,) = judging.judge(make.dossier(debt))
    (other,) = judging.judge(make.dossier(debt, contracts=(Contract(id="B", service="städ"),)))
    assert (care.verdict.outcome, other.verdict.outcome) == ("clear", "flag")


def test_contract_rules_give_a_verdict_per_contract(rules: Mapping[str, Rule], make: Any) -> None:
    """A tender, a contract and a direct procurement of one supplier get three answers."""
    judging = Judging(rules, make.config({"rules": ["REG-01"]}), make.today)
    contracts = (
        Contract(id="T", phase="tender"),
        Contract(id="C"),
        Contract(id="D", regime="direct"),
    )
    none = make.fact("declaration", state="none")
    found = {item.scope_key: item for item in judging.judge(make.dossier(none, contracts=contracts))}
    assert {key: item.severity for key, item in found.items()} == {"T": "high", "C": "medium", "D": None}
    assert found["D"].verdict.reason == "regime"
    assert found["T"].contracts == ("T",)


def test_a_contract_rule_without_a_contract_is_not_applicable(rules: Mapping[str, Rule], make: Any) -> None:
    """A supplier known by spend alone has no contract to judge."""
    judging = Judging(rules, make.config({"rules": ["REG-01"]}), make.today)
    (found,) = judging.judge(make.dossier(contracts=()))
    assert (found.verdict.outcome, found.verdict.reason) == ("not_applicable", "no_contract")


def test_an_ended_contract_expects_nothing(rules: Mapping[str, Rule], make: Any) -> None:
    """Only contracts in force or in tender count, unless the population says all."""
    ended = Contract(id="E", ends_on=date(2026, 11, 29))
    none = make.fact("declaration", state="none")
    in_force = Judging(rules, make.config({"rules": ["REG-01"], "match": {"role": ["main"]}}), make.today)
    everyone = Judging(rules, make.config({"rules": ["REG-01"]}, population={"contracts": "all"}), make.today)
    nobody = Judging(rules, make.config({"rules": ["REG-01"]}, population={"contracts": "none"}), make.today)
    assert in_force.judge(make.dossier(none, contracts=(ended,))) == []
    assert everyone.judge(make.dossier(none, contracts=(ended,)))[0].verdict.outcome == "flag"
    assert nobody.judge(make.dossier(none))[0].verdict.reason == "no_contract"


def test_items_give_a_verdict_each(rules: Mapping[str, Rule], make: Any) -> None:
    """Two law areas of one quarter are two findings."""
    judging = Judging(rules, make.config({"rules": ["REG-02"]}), make.today)
    facts = [
        make.fact("record_check_attestation", scope_key=f"2026Q3/{area}", state="none", quarter="2026Q3", area=area)
        for area in ("school", "hvb")
    ]
    found = {item.scope_key: item.severity for item in judging.judge(make.dossier(*facts))}
    assert found == {"2026Q3/hvb": "critical", "2026Q3/school": "high"}


def test_an_item_that_is_too_old_is_unknown(rules: Mapping[str, Rule], make: Any) -> None:
    """A rule may set an age for documents; then it is kept per item."""
    table = rules["REG-02"].table.model_copy(update={"max_age": {"record_check_attestation": 10}})
    aged = {"REG-02": replace(rules["REG-02"], table=table)}
    fact = make.fact(
        "record_check_attestation",
        as_of=date(2026, 10, 1),
        scope_key="2026Q3/hvb",
        state="received",
        quarter="2026Q3",
        area="hvb",
    )
    (found,) = Judging(aged, make.config({"rules": ["REG-02"]}), make.today).judge(make.dossier(fact))
    assert (found.scope_key, found.verdict.reason) == ("2026Q3/hvb", "too_old")


def test_a_contract_that_does_not_say_whether_it_demands_checks_is_not_judged(
    rules: Mapping[str, Rule], make: Any
) -> None:
    """Whether a quarter was looked for or not: only a yes makes a breach, only a no settles it. The clause is missing."""
    profile = {"rules": ["REG-03"], "record_check": "home_care", "record_check_by": "contract"}
    judging = Judging(rules, make.config(profile), make.today)
    fact = make.fact(
        "record_check_attestation", scope_key="2026Q3/home_care", state="none", quarter="2026Q3", area="home_care"
    )
    (silent,) = judging.judge(make.dossier(fact, contracts=(HOME_CARE,)))
    (refused,) = judging.judge(make.dossier(fact, contracts=(replace(HOME_CARE, record_check=False),)))
    (unread,) = judging.judge(make.dossier(contracts=(HOME_CARE,)))
    for item in (silent, unread):
        assert (item.verdict.outcome, item.verdict.reason) == ("unknown", "partial")
        assert item.verdict.missing == ("record_check_clause",)
    (demanding,) = judging.judge(make.dossier(fact, contracts=(replace(HOME_CARE, record_check=True),)))
    assert demanding.verdict.outcome == "flag"
    assert refused.verdict.reason == "not_demanded"


@given(
    debt=st.integers(0, 40_000),
    balance=st.integers(-40_000, 5_000),
    documented=st.booleans(),
    decided=st.none() | st.integers(-500, 0),
    ends=st.none() | st.integers(-60, 400),
)
def test_a_debt_is_never_lost_behind_an_agreement(
    rules: Mapping[str, Rule],
    make: Any,
    *,
    debt: int,
    balance: int,
    documented: bool,
    decided: int | None,
    ends: int | None,
) -> None:
    """What a plan or respite clears in SKA-01 and SKA-02 is watched in SKA-05; a spoken one clears nothing."""
    own = {
        name: make.today + timedelta(days=days)
        for name, days in (("decided_on", decided), ("valid_to_on", ends))
        if days is not None
    }
    facts = (
        make.fact("enforcement_debt", public_debt_sek=Decimal(debt)),
        make.fact("tax_account", balance_sek=Decimal(balance), reconciliations_in_deficit=1),
    )
    agreement = make.fact("payment_agreement", agreement="payment_plan", documented=documented, **own)
    judging = Judging(rules, make.config({"rules": ["SKA-01", "SKA-02", "SKA-05"]}), make.today)
    bare = {item.rule: item.verdict.outcome for item in judging.judge(make.dossier(*facts))}
    found = {item.rule: item for item in judging.judge(make.dossier(*facts, agreement))}
    cleared = [rule for rule in ("SKA-01", "SKA-02") if bare[rule] == "flag" and found[rule].verdict.outcome != "flag"]
    watched = found["SKA-05"]
    if cleared:
        assert documented
        assert watched.verdict.outcome == "flag"
    if not documented:
        assert cleared == []
        assert watched.verdict.outcome != "flag" or watched.verdict.level == "watch"


HVB = {"rules": ["REG-02", "REG-08"], "record_check": "hvb", "record_check_by": "statute"}


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "outcome"),
    [
        (date(2026, 9, 30), None, ("unknown", "not_found")),  # ran on the last day of the quarter now due
        (date(2026, 10, 1), None, ("not_applicable", "not_due")),
        (None, None, ("unknown", "not_found")),
        (date(2026, 1, 1), date(2026, 12, 31), ("unknown", "not_found")),
    ],
)
def test_no_attestation_is_owed_before_a_quarter_of_the_contract_is_due(
    rules: Mapping[str, Rule], make: Any, starts_on: date | None, ends_on: date | None, outcome: tuple[str, str]
) -> None:
    """A contract that began this quarter owes none yet, so nothing is missing."""
    contract = Contract(id="H-1", service="hvb", starts_on=starts_on, ends_on=ends_on)
    found = Judging(rules, make.config(HVB), make.today).judge(make.dossier(contracts=(contract,)))
    assert {(item.verdict.outcome, item.verdict.reason) for item in found} == {outcome}


def test_a_file_that_nobody_handed_in_holds_nothing_unlawful(rules: Mapping[str, Rule], make: Any) -> None:
    """Whether it is missing is for REG-02 and REG-03 to say."""
    judging = Judging(rules, make.config({**HVB, "rules": ["REG-06"]}), make.today)
    (found,) = judging.judge(make.dossier(contracts=(Contract(id="H-1", service="hvb"),)))
    assert (found.verdict.outcome, found.verdict.reason) == ("not_applicable", "no_attestation")


# --- whom a rule concerns -------------------------------------------------------------------------------------------------
def test_a_rule_on_companies_does_not_concern_others(rules: Mapping[str, Rule], make: Any) -> None:
    """Persons, foreign suppliers and public bodies are not applicable, each with its word."""
    judging = Judging(rules, make.config({"rules": ["KRE-01"]}), make.today)

    def word(who: Any) -> str:
        return judging.judge(make.dossier(who=who))[0].verdict.reason

    assert word(make.supplier("person")) == "person"
    assert word(make.supplier("foreign")) == "foreign"
    assert word(make.supplier(number="2199999997")) == "public_body"
    assert word(make.supplier()) == "no_source"


def test_a_rule_by_legal_form_needs_the_form(rules: Mapping[str, Rule], make: Any) -> None:
    """Without the register's answer it cannot be said whether the rule concerns the company."""
    judging = Judging(rules, make.config({"rules": ["AGA-03"]}), make.today)
    owners = make.fact("beneficial_owners", state="none_registered")
    (found,) = judging.judge(make.dossier(owners, gaps={"company_record": "source_down"}))
    assert (found.verdict.reason, found.verdict.missing) == ("source_down", ("company_record",))
    association = make.fact("company_record", state="registered", legal_form="I")
    assert judging.judge(make.dossier(owners, association))[0].verdict.reason == "legal_form"


# --- the number in doubt --------------------------------------------------------------------------------------------------
def test_a_number_of_someone_else_stops_every_other_rule(rules: Mapping[str, Rule], make: Any) -> None:
    """A stranger's debts and attestations are not used until the number is accepted; IDE-01 itself is told."""
    config = make.config({"rules": ["IDE-01", "SKA-01", "REG-01", "REG-02", "KRE-01"]})
    judging = Judging(rules, config, make.today)
    stranger = make.fact(
        "company_record", state="registered", legal_form="AB", names=(CompanyName("Zetterqvist Måleri HB"),)
    )
    attestation = make.fact(
        "record_check_attestation", scope_key="2026Q3/hvb", state="none", quarter="2026Q3", area="hvb"
    )
    debt = make.fact("enforcement_debt", public_debt_sek=Decimal(500_000))
    dossier = make.dossier(stranger, attestation, debt)
    found = by_rule(judging.judge(dossier))
    assert judging.stopped(dossier)
    assert found["IDE-01"].verdict.outcome == "flag"
    assert {found[name].verdict.reason for name in ("SKA-01", "REG-01", "REG-02", "KRE-01")} == {"identity"}
    assert found["REG-02"].scope_key == "2026Q3/hvb"  # a finding that stood there keeps its place
    assert found["REG-01"].scope_key == "A-1"
    assert found["SKA-01"].verdict.missing == ()


def test_an_accepted_number_stops_nothing(rules: Mapping[str, Rule], make: Any) -> None:
    """A person has said that the number is this supplier's."""
    judging = Judging(rules, make.config({"rules": ["IDE-01", "SKA-01"]}), make.today)
    stranger = make.fact(
        "company_record", state="registered", legal_form="AB", names=(CompanyName("Zetterqvist Måleri HB"),)
    )
    debt = make.fact("enforcement_debt", public_debt_sek=Decimal(500_000))
    dossier = make.dossier(stranger, debt, who=make.supplier(identity_accepted=True))
    assert not judging.stopped(dossier)
    assert by_rule(judging.judge(dossier))["SKA-01"].severity == "critical"


def test_a_number_that_is_not_registered_stops_even_without_the_identity_rule(
    rules: Mapping[str, Rule], make: Any
) -> None:
    """Public bodies are not in the company register, nor are all sole traders: they are not stopped."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"]}), make.today)
    nobody = make.fact("company_record", state="not_registered")
    assert judging.stopped(make.dossier(nobody))
    assert judging.judge(make.dossier(nobody))[0].verdict.reason == "identity"
    assert not judging.stopped(make.dossier(nobody, who=make.supplier(number="2199999997")))
    assert not judging.stopped(make.dossier(nobody, who=make.supplier("person")))


def test_a_supplier_without_a_number_is_unknown_throughout(rules: Mapping[str, Rule], make: Any) -> None:
    """It is in the coverage, and every expected rule says identity."""
    judging = Judging(rules, make.config({"rules": ["IDE-01", "SKA-01", "KRE-01", "AGA-03"]}), make.today)
    found = judging.judge(make.dossier(who=make.supplier("unidentified")))
    assert {(item.verdict.outcome, item.verdict.reason) for item in found} == {("unknown", "identity")}
    assert len(found) == 4


def test_a_known_company_is_not_stopped(rules: Mapping[str, Rule], make: Any, known: Any) -> None:
    """The register's name is the export's."""
    judging = Judging(rules, make.config({"rules": ["IDE-01", "AGA-12"]}), make.today)
    found = by_rule(judging.judge(make.dossier(known)))
    assert not judging.stopped(make.dossier(known))
    assert {item.verdict.outcome for item in found.values()} == {"clear"}


# --- severities -----------------------------------------------------------------------------------------------------------
def test_one_flag_raises_another(rules: Mapping[str, Rule], make: Any, known: Any) -> None:
    """Board changes weigh more where the owner is hidden, and the finding says by what."""
    officers = make.model_officers(4)
    changes = [make.fact("officers", people=officers)]
    record = replace(known, registered_on=date(2012, 2, 1))
    hidden = make.fact("beneficial_owners", state="none_registered")
    shown = make.fact(
        "beneficial_owners", state="registered", owners=(Owner("K-1", "Alva Ek", since_on=date(2013, 1, 1)),)
    )
    judging = Judging(rules, make.config({"rules": ["AGA-01", "AGA-03"]}), make.today)
    raised = by_rule(judging.judge(make.dossier(record, hidden, *changes)))["AGA-01"]
    alone = by_rule(judging.judge(make.dossier(record, shown, *changes)))["AGA-01"]
    assert (raised.severity, raised.raised_by) == ("high", ("AGA-03",))
    assert (alone.severity, alone.raised_by) == ("medium", ())


def test_a_flag_raises_another_only_by_what_it_flags(rules: Mapping[str, Rule], make: Any, known: Any) -> None:
    """Many companies weigh more at an address that many suppliers share, not where the address is a box."""
    engaged = tuple(Engagement("K-1", f"C-{n}", "LE", employees=0) for n in range(11))
    roles = make.fact("role_engagements", engagements=engaged)
    box, street = (
        make.fact("address", street=text, postcode="11122", city="Sjövika") for text in ("Box 1", "Ågatan 2")
    )
    shared = make.fact("shared_address", suppliers=21)
    judging = Judging(rules, make.config({"rules": ["AGA-07", "AGA-09"]}), make.today)
    at_box, at_many = (
        by_rule(judging.judge(make.dossier(known, roles, *facts))) for facts in ((box,), (street, shared))
    )
    assert at_box["AGA-09"].verdict.outcome == at_many["AGA-09"].verdict.outcome == "flag"
    assert (at_box["AGA-07"].severity, at_box["AGA-07"].raised_by) == ("low", ())
    assert (at_many["AGA-07"].severity, at_many["AGA-07"].raised_by) == ("medium", ("AGA-09",))


# --- what collecting asks ---------------------------------------------------------------------------------------------------
def test_needs_are_the_kinds_of_rules_that_can_concern_the_supplier(rules: Mapping[str, Rule], make: Any) -> None:
    """A rating is not bought for a sole trader, nor asked before a rule can use it."""
    judging = Judging(rules, make.config({"rules": ["KRE-01", "SKA-01", "AGA-03"]}), make.today)
    company = judging.needs(make.supplier(), (HOME_CARE,), make.spend(), "AB")
    person = judging.needs(make.supplier("person"), (HOME_CARE,), make.spend(), None)
    association = judging.needs(make.supplier(), (HOME_CARE,), make.spend(), "I")
    assert {"credit", "enforcement_debt", "beneficial_owners", "company_record"} <= company
    assert "credit" not in person
    assert "beneficial_owners" not in association


def test_kinds_hold_what_any_profile_may_look_at(rules: Mapping[str, Rule], make: Any) -> None:
    """The store reads these and no others."""
    judging = Judging(rules, make.config({"rules": ["SKA-06"]}), make.today)
    assert judging.kinds == {"tax_registration", "company_record", "document_request"}
    assert "company_record" in judging.register_kinds


def test_a_rule_may_concern_some_regimes_phases_and_roles_only(rules: Mapping[str, Rule], make: Any) -> None:
    """Each exclusion has its word, per contract."""
    applies = rules["REG-01"].table.applies.model_copy(
        update={"not_regimes": (), "regimes": ("LOU",), "phases": ("tender",), "roles": ("main",)}
    )
    rule = replace(rules["REG-01"], table=rules["REG-01"].table.model_copy(update={"applies": applies}))
    contracts = (
        Contract(id="1", regime="LOV", phase="tender"),
        Contract(id="2", phase="contract"),
        Contract(id="3", phase="tender", role="sub"),
        Contract(id="4", phase="tender"),
    )
    judging = Judging({"REG-01": rule}, make.config({"rules": ["REG-01"]}), make.today)
    found = judging.judge(make.dossier(make.fact("declaration", state="none"), contracts=contracts))
    assert [item.verdict.reason for item in found] == ["regime", "phase", "role", ""]


def test_an_item_rule_may_need_more_than_its_item(make: Any) -> None:
    """A second needed fact that is missing leaves each item unknown, for that fact's reason."""

    def check(item: RecordCheckAttestation, credit: Credit) -> Verdict:
        return clear(item, credit)

    rule = replace(make.rule, binding=declaration("r", "c", check), limits=make.no_limits)
    fact = make.fact("record_check_attestation", scope_key="k", state="none", quarter="2026Q3", area="hvb")
    context = make.context()
    ((key, verdict, _missing),) = Bound(rule, make.today).items(make.dossier(fact), context)
    assert (key, verdict.reason, verdict.missing) == ("k", "no_source", ("credit",))
