"""Mutation testing itself: small changes are made, and the cases notice them."""

from __future__ import annotations

import ast

import pytest
from benchmarks.mutants.__main__ import Worker
from benchmarks.mutants.operators import mutants
from benchmarks.mutants.worker import CHECKS, uses

SOURCE = '''
"""A module."""
from decimal import Decimal
LIMIT = 10
def check(amount: Decimal | None, more: list[int]) -> bool:
    """Says."""
    if amount is None or not more:
        return False
    total = sum(x for x in more if x > 0)
    return amount + total >= LIMIT
'''


def test_each_mutant_differs_in_one_place_and_is_a_module() -> None:
    """None is the module itself, none is met twice, and all compile."""
    original = ast.unparse(ast.parse(SOURCE))
    found = [mutant.source for mutant in mutants(SOURCE)]
    assert original not in found
    assert len(found) == len(set(found))
    for source in found:
        compile(source, "mutant", "exec")


@pytest.mark.parametrize(
    "change",
    [
        "total > LIMIT",
        "amount - total",
        "LIMIT = 11",
        "is not None",
        "return True",
        "is None and (not more)",
        "total = None",
    ],
)
def test_the_slips_that_people_make_are_among_them(change: str) -> None:
    """Off by one, the other way round, and/or, plus/minus, nothing returned."""

    assert any(change in mutant.source for mutant in mutants(SOURCE))


def test_docstrings_annotations_and_imports_are_left_alone() -> None:
    """They do not run."""
    assert all('"""Says."""' in mutant.source and "Decimal | None" in mutant.source for mutant in mutants(SOURCE))


def test_helpers_are_tried_by_the_rules_that_use_them() -> None:
    """Through other helpers too."""
    assert "_quarters" in uses()["record_check_coverage"]
    assert "_agreement" in uses()["enforcement_debt"]


def test_the_cases_notice_a_moved_limit_and_not_a_module_unchanged() -> None:
    """A worker says who notices."""
    source = (CHECKS / "enforcement_debt.py").read_text(encoding="utf-8")
    worker = Worker()
    try:
        assert worker.noticed("enforcement_debt", source) == "nobody"
        assert (
            worker.noticed("enforcement_debt", source.replace("amount < p.limit_sek", "amount <= p.limit_sek"))
            == "cases"
        )
        assert (
            worker.noticed("enforcement_debt", source.replace("public_cases=debt", "xpublic_cases=debt")) == "evidence"
        )
    finally:
        worker.close()
