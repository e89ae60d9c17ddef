"""One supplier with several contracts: each has its own law and limits, and the answer says which is which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from screening.model import Contract, Fact, Judged
from screening.rules import Judging, Rule
from screening.rules.explain import explain
from screening.rules.reasoning import lines

DAY = date(2026, 11, 30)
CARE = Contract("OMSORG", service="hemtjänst", regime="LOV", phase="contract")
BUILD = Contract("BYGG", service="bygg", regime="LOU", phase="tender")
PROFILES: tuple[Mapping[str, object], ...] = (
    {"match": {"service": ["bygg"]}, "rules": ["SKA-01"], "limits": {"SKA-01": {"limit_sek": 50_000}}},
    {"rules": ["SKA-01"]},
)


def debt(make: Any, sek: int, **more: Any) -> Fact:
    fact: Fact = make.fact("enforcement_debt", public_debt_sek=sek, **more)
    return fact


def judged(
    make: Any, rules: Mapping[str, Rule], *facts: Fact, contracts: tuple[Contract, ...] = (BUILD, CARE)
) -> Judged:
    found: list[Judged] = Judging(rules, make.config(*PROFILES), DAY).judge(make.dossier(*facts, contracts=contracts))
    (only,) = found
    return only


@pytest.mark.parametrize("contracts", [(BUILD, CARE), (CARE, BUILD)])
def test_each_contract_is_judged_by_the_limits_of_its_profile(
    rules: Mapping[str, Rule], make: Any, contracts: tuple[Contract, ...]
) -> None:
    """A debt between the limits is flagged for the one contract alone, whichever profile stands first."""
    between = judged(make, rules, debt(make, 30_000), contracts=contracts)
    assert (between.verdict.outcome, between.contracts) == ("flag", ("OMSORG",))
    assert between.verdict.seen["limit_sek"] == 10_000
    above = judged(make, rules, debt(make, 60_000), contracts=contracts)
    assert set(above.contracts) == {"OMSORG", "BYGG"}
    below = judged(make, rules, debt(make, 9_999), contracts=contracts)
    assert below.verdict.outcome == "clear"


def test_the_worst_answer_stands(rules: Mapping[str, Rule], make: Any) -> None:
    """Of two flags the more severe; what could not be judged for one is not clear for the supplier."""
    config = make.config(
        {
            "match": {"service": ["bygg"]},
            "rules": ["SKA-01"],
            "limits": {"SKA-01": {"large_sek": 20_000}},
            "cadence": "yearly",
        },
        {"rules": ["SKA-01"]},
    )
    judging = Judging(rules, config, DAY)
    (large,) = judging.judge(make.dossier(debt(make, 30_000), contracts=(CARE, BUILD)))
    assert (large.severity, large.verdict.level) == ("critical", "large")
    old = make.fact("enforcement_debt", as_of=date(2026, 9, 1), public_debt_sek=0)
    (unknown,) = judging.judge(make.dossier(old, contracts=(CARE, BUILD)))
    assert (unknown.verdict.outcome, unknown.contracts) == ("unknown", ("OMSORG",))


def test_the_explanation_has_both_answers(rules: Mapping[str, Rule], make: Any) -> None:
    """Per contract: the outcome and the limits that it was judged by."""
    judging = Judging(rules, make.config(*PROFILES), DAY)
    (item,) = explain(judging, make.dossier(debt(make, 30_000), contracts=(BUILD, CARE)))
    assert {part.contracts: part.outcome for part in item.parts} == {("BYGG",): "clear", ("OMSORG",): "flag"}
    told = "\n".join(lines([item]))
    assert "BYGG: utan anmärkning." in told
    assert "gräns: 50\u00a0000\u00a0kr" in told
    assert "OMSORG: FLAGGA." in told


def test_contracts_of_two_regimes_have_two_laws(rules: Mapping[str, Rule], make: Any) -> None:
    """The tender is told the ground of exclusion, the contract its own terms: one flag, both shown."""
    judging = Judging(rules, make.config(*PROFILES), DAY)
    (item,) = explain(judging, make.dossier(debt(make, 150_000), contracts=(CARE, BUILD)))
    assert [(law.force, contracts) for law, contracts in item.laws] == [("får", ("BYGG",)), ("avtal", ("OMSORG",))]
    told = list(lines([item]))
    assert any(line.startswith("  Lag (BYGG: LOU, anbud, bygg): LOU (2016:1145) 13:2 andra stycket") for line in told)
    assert any(line.startswith("  Lag (OMSORG: LOV, avtal, hemtjänst): Avtalets villkor (avtal)") for line in told)
    assert sum(line.startswith("  Åtgärd (") for line in told) == 2


def test_contracts_of_one_law_are_told_it_once(rules: Mapping[str, Rule], make: Any) -> None:
    """No list of one."""
    judging = Judging(rules, make.config(*PROFILES), DAY)
    (item,) = explain(judging, make.dossier(debt(make, 150_000), contracts=(CARE, Contract("C", regime="LOV"))))
    assert (item.laws, item.parts) == ((), ())
    assert sum(line.startswith("  Lag") for line in lines([item])) == 1


def test_a_supplier_without_a_contract_has_one_law(rules: Mapping[str, Rule]) -> None:
    """That of what is paid without one."""
    ((law, contracts),) = rules["SKA-01"].laws_of((), DAY)
    assert (law.force, contracts) == ("avtal", ())


@pytest.mark.parametrize(
    ("language", "build", "care"),
    [
        ("sv", "Lag (BYGG: LOU, anbud, bygg)", "Lag (OMSORG: direktupphandling, avtal, hemtjänst)"),
        ("en", "Law (BYGG: LOU, tender, bygg)", "Law (OMSORG: direct procurement, contract, hemtjänst)"),
    ],
)
def test_each_law_says_whose_in_the_readers_language(
    rules: Mapping[str, Rule], make: Any, language: Any, build: str, care: str
) -> None:
    """Regime and phase as people say them, not as the configuration spells them."""
    judging = Judging(rules, make.config({"rules": ["SKA-01"]}), DAY)
    contracts = (BUILD, replace(CARE, regime="direct"))
    told = "\n".join(lines(explain(judging, make.dossier(debt(make, 30_000), contracts=contracts), language), language))
    assert build in told
    assert care in told
