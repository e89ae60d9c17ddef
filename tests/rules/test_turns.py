"""What would turn a flag clear: found by trying, told with the nearest value that does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from screening.model import Dossier
from screening.rules import Judging, Rule
from screening.rules.cases import dossier_of, judge_case
from screening.rules.turns import Turn, turns


def found(rules: Mapping[str, Rule], make: Any, dossier: Dossier, rule: str, key: str = "") -> dict[str, Turn]:
    """Field (or kind, of a fact that is given) -> what clears."""
    judging = Judging(rules, make.config({"rules": [rule]}), make.today)
    return {item.field or item.kind: item for item in turns(judging, dossier, rules[rule], key)}


def test_the_largest_debt_that_is_clear_is_told(rules: Mapping[str, Rule], make: Any) -> None:
    """One krona below the limit; a payment plan as in the rule's own case would do as well, its days moved to today."""
    debt = make.fact("enforcement_debt", public_debt_sek=Decimal(52_000), tax_debt_sek=Decimal(52_000))
    seen = found(rules, make, make.dossier(debt), "SKA-01")
    amount = seen["public_debt_sek"]
    assert (amount.limit, amount.now, amount.then) == ("at_most", Decimal(52_000), Decimal(9_999))
    plan = seen["payment_agreement"]
    assert plan.limit == "given"
    assert dict(plan.example)["agreement"] in ("payment_plan", "respite")
    assert "tax_debt_sek" not in seen


def test_a_plan_that_has_ended_clears_when_it_lasts_longer(rules: Mapping[str, Rule], make: Any) -> None:
    """The first day on which it would still run: today."""
    debt = make.fact("enforcement_debt", public_debt_sek=Decimal(52_000))
    plan = make.fact("payment_agreement", agreement="payment_plan", valid_to_on=date(2026, 11, 15))
    day = found(rules, make, make.dossier(debt, plan), "SKA-01")["valid_to_on"]
    assert (day.limit, day.then) == ("at_least", make.today)


def test_a_word_is_told_by_the_one_that_clears(rules: Mapping[str, Rule], make: Any) -> None:
    """F-tax that has ended, the register does not say when."""
    tax = make.fact("tax_registration", f_tax="ended")
    spend = make.spend(last_90_days_sek=Decimal(50_000), last_12_months_sek=Decimal(50_000))
    turn = found(rules, make, make.dossier(tax, spend=spend), "SKA-06")["f_tax"]
    assert (turn.limit, turn.now, turn.then) == ("is", "ended", "active")


def test_an_end_is_told_by_the_first_day_that_clears(rules: Mapping[str, Rule], make: Any) -> None:
    """F-tax that ended on a day: today would still be one."""
    tax = make.fact("tax_registration", f_tax="ended", f_tax_to_on=date(2026, 6, 1))
    spend = make.spend(last_90_days_sek=Decimal(50_000), last_12_months_sek=Decimal(50_000))
    turn = found(rules, make, make.dossier(tax, spend=spend), "SKA-06")["f_tax_to_on"]
    assert (turn.limit, turn.then) == ("at_least", make.today)


def test_a_score_is_told_by_the_lowest_that_clears(rules: Mapping[str, Rule], make: Any) -> None:
    """Above what it is, not below."""
    score = found(rules, make, make.dossier(make.fact("credit", score=12, band="D")), "KRE-01")["score"]
    assert (score.limit, score.now, score.then) == ("at_least", 12, 40)


def test_an_item_is_tried_by_itself(rules: Mapping[str, Rule], make: Any) -> None:
    """Another quarter's attestation, or another request, is left as it is."""
    told = {"state": "received", "in_scope": 5, "checked_before_start": 3}
    both = [
        make.fact("record_check_attestation", scope_key=f"2026Q3/{area}", quarter="2026Q3", area=area, **told)
        for area in ("hvb", "school")
    ]
    turn = found(rules, make, make.dossier(*both), "REG-04", "2026Q3/hvb")["checked_before_start"]
    assert (turn.limit, turn.then) == ("at_least", 5)


@pytest.mark.parametrize("rule", ["REG-04", "REG-05", "REG-08", "AGA-11", "AGA-14"])
def test_what_nobody_can_honestly_do_is_no_remedy(rules: Mapping[str, Rule], make: Any, rule: str) -> None:
    """To hand nothing in, to be struck off the register, to have no owners: the rule would not concern it, or not see."""
    seen = 0
    for case in rules[rule].cases:
        if case.expect != "flag":
            continue
        (item, *_rest) = judge_case(rules[rule], case)
        judging = Judging(rules, make.config({"rules": [rule]}), case.today)
        for turn in turns(judging, dossier_of(case), rules[rule], item.scope_key):
            seen += 1
            assert (turn.field, turn.then) not in {("state", "none"), ("state", "deregistered"), ("owners", None)}, (
                case.name
            )
    assert seen or rule == "AGA-14"  # nothing that one field says would do there


def test_a_list_is_tried_empty(rules: Mapping[str, Rule], make: Any) -> None:
    """A bankruptcy that is not there."""
    from screening.model import Proceeding

    record = make.fact(
        "company_record", state="registered", legal_form="AB", proceedings=(Proceeding("KK", from_on=date(2026, 9, 1)),)
    )
    turn = found(rules, make, make.dossier(record), "AGA-12")["proceedings"]
    assert (turn.limit, turn.now) == ("empty", 1)


def test_where_no_single_fact_is_enough_nothing_is_told(rules: Mapping[str, Rule], make: Any) -> None:
    """A name that no register's has: no field of a number or word would do."""
    from screening.model import CompanyName

    record = make.fact("company_record", state="registered", names=(CompanyName("Tallmora Åkeri AB"),))
    dossier = make.dossier(record, who=make.supplier(name="Granliden Omsorg AB"))
    assert set(found(rules, make, dossier, "IDE-01")) <= {"names", "state"}


@pytest.mark.parametrize("name", ["SKA-01", "SKA-02", "KRE-01", "REG-04", "AGA-12", "SAN-01"])
def test_every_change_told_does_clear_the_rules_own_cases(rules: Mapping[str, Rule], make: Any, name: str) -> None:
    """Made for every flagged case of a rule, and tried again from outside."""
    rule = rules[name]
    told = 0
    for case in rule.cases:
        flagged = [item for item in judge_case(rule, case) if item.verdict.outcome == "flag"]
        if case.expect != "flag" or len(flagged) != 1 or case.contracts:
            continue
        config = make.config({"rules": [name]}, population={"contracts": "none"})
        judging = Judging(rules, config, case.today)
        dossier = dossier_of(case)
        if any(item.rule == name and item.verdict.outcome == "flag" for item in judging.judge(dossier)):
            told += bool(turns(judging, dossier, rule, flagged[0].scope_key))
    assert told
