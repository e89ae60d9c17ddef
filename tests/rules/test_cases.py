from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from screening.rules import Rule
from screening.rules.case_table import Case
from screening.rules.cases import run_case, run_cases


def case(**own: Any) -> Case:
    debt = {"enforcement_debt": {"public_debt_sek": 20_000, "as_of": date(2026, 11, 20)}}
    return Case.model_validate({"name": "n", "today": date(2026, 11, 30), "given": debt, "expect": "flag", **own})


@pytest.mark.parametrize(
    ("own", "problem"),
    [
        ({}, ""),
        ({"expect": "clear"}, "outcome 'flag'; expected 'clear'"),
        ({"level": "large"}, "level ''; expected 'large'"),
        ({"severity": "critical"}, "severity 'high'; expected 'critical'"),
        ({"reason": "too_old"}, "reason ''; expected 'too_old'"),
        ({"says": ["200 kr"]}, "expected it to hold '200 kr'"),
        ({"scope_key": "2026Q3/hvb"}, "0 verdicts; expected one (scope keys: '')"),
        ({"today": date(2023, 1, 1)}, "before the first [[params]] from"),
        (
            {"given": {"enforcement_debt": {"debt": 3}}},
            "given.enforcement_debt.debt: unknown; expected one of applications",
        ),
        ({"given": {"enforcement_debt": {"public_debt_sek": "x"}}}, "given.enforcement_debt: "),
    ],
)
def test_a_case_that_does_not_hold_says_how(rules: Mapping[str, Rule], own: dict[str, Any], problem: str) -> None:
    """``rules check`` tells what came out and what was expected."""
    found = run_case(rules["SKA-01"], case(**own))
    assert problem in found
    assert bool(found) == bool(problem)


def test_a_rule_tells_its_failed_cases_by_file_and_name(rules: Mapping[str, Rule]) -> None:
    """All hold in the repository; a changed limit shows which do not."""
    rule = rules["SKA-01"]
    assert list(run_cases(rule)) == []
    wrong = rule.table.model_copy(update={"case": (case(expect="clear"),)})
    changed = type(rule)(wrong, rule.binding, rule.limits, rule.file, rule.text)
    assert list(run_cases(changed)) == ["ska_01_allmanna_mal.toml: case 'n': outcome 'flag'; expected 'clear'"]


def test_a_case_may_be_of_an_unidentified_supplier(rules: Mapping[str, Rule]) -> None:
    """Such a supplier has no identity; the rule itself is still what is tried."""
    assert run_case(rules["SKA-01"], case(supplier={"kind": "unidentified"})) == ""
