"""The general checks, tried by rules of the tests' own: one TOML each, as a controller would write it."""

from __future__ import annotations

import pytest
from benchmarks.mutants.evidence import GENERAL

from screening.rules import Rule, load
from screening.rules.case_table import Case
from screening.rules.cases import run_case

RULES = load(GENERAL)
CASES = [pytest.param(rule, case, id=f"{rule.id}: {case.name}") for rule in RULES.values() for case in rule.cases]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_case_comes_out_as_it_says(rule: Rule, case: Case) -> None:
    """Both sides of each limit, and a field that the source left out."""
    assert run_case(rule, case) == ""


def test_every_general_check_is_tried() -> None:
    """By at least one rule."""
    general = {"all_of", "field_at_least", "field_below", "field_one_of", "older_than"}
    assert {rule.table.check for rule in RULES.values()} == general
