"""The list of services and the codes that fit them, as a controller writes it."""

from __future__ import annotations

import pytest
from benchmarks.process import ROOT

from screening.checks import industry_change
from screening.errors import ConfigError
from screening.rules.cases import run_case
from screening.rules.rule import load

RULE = load(ROOT / "rules")["AGA-13"]


@pytest.mark.parametrize("line", ["hvb 87", " = 87", "hvb =", "hvb = 87a", "hvb = 87, x", "hvb = x, 87"])
def test_a_line_that_is_no_service_with_codes_is_told(line: str) -> None:
    """It names the line and what was expected."""
    with pytest.raises(ConfigError) as told:
        RULE.limits.params(RULE.cases[0].today, {"expected": (line,)})
    assert str(told.value).endswith(
        f'expected: {line!r}; expected "service = 88, 87": a service, and how its codes begin'
    )


def test_services_are_compared_without_case_and_space() -> None:
    """As everywhere."""
    params = RULE.limits.params(RULE.cases[0].today, {"expected": ("Personlig   Assistans = 86, 87",)})
    assert isinstance(params, industry_change.P)
    assert params.by_service == {"personlig assistans": ("86", "87")}


def test_the_rules_own_cases_hold() -> None:
    """So that what is tried above is the check in use."""
    assert all(run_case(RULE, case) == "" for case in RULE.cases)
