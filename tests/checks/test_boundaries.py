"""One step to either side of each condition: cases too fine for the rules' own pages."""

from __future__ import annotations

from collections import Counter

import pytest
from benchmarks.mutants.evidence import boundaries
from benchmarks.worlds.months import rules

from screening.rules.case_table import Case
from screening.rules.cases import run_case

RULES = rules()
CASES = [pytest.param(rule, case, id=f"{rule}: {case.name}") for rule, cases in boundaries().items() for case in cases]


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_case_comes_out_as_it_says(rule: str, case: Case) -> None:
    """Every example is true."""
    assert run_case(RULES[rule], case) == ""


def test_no_two_cases_have_one_name() -> None:
    """So that a failure names one."""
    names = Counter((rule, case.name) for rule, cases in boundaries().items() for case in (*cases, *RULES[rule].cases))
    assert [name for name, count in names.items() if count > 1] == []
