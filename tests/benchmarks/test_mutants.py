"""Mutation testing itself: small changes are made, and the cases notice them."""

from __future__ import annotations

import ast

import pytest
from benchmarks.mutants.known import Figures, survivors
from benchmarks.mutants.places import mutants
from benchmarks.mutants.trying import Worker, files_of
from benchmarks.mutants.worker import CHECKS, modules, shared, uses

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


STEPS = """
def steps(days: list[int], names: list[str]) -> list[str]:
    found: list[str] = []
    for day in sorted(days, key=lambda item: (item % 7, item)):
        if day < 0:
            continue
        found.append(names[day:][0].casefold() if names else "")
        total = abs(day)
        total += len({name for name in names})
        clear(found, *names, level=total)
    return found
"""


@pytest.mark.parametrize(
    ("source", "change"),
    [
        (SOURCE, "total > LIMIT"),
        (SOURCE, "amount - total"),
        (SOURCE, "LIMIT = 11"),
        (SOURCE, "is not None"),
        (SOURCE, "return True"),
        (SOURCE, "is None and (not more)"),
        (SOURCE, "total = None"),
        (SOURCE, "if True:"),
        (SOURCE, "if False:"),
        (SOURCE, "for x in more)"),
        (STEPS, "in list(days):"),
        (STEPS, "in sorted(days):"),
        (STEPS, "lambda item: (item,)"),
        (STEPS, "break"),
        (STEPS, "names[:][0]"),
        (STEPS, "str(names[day:][0]) if names else"),
        (STEPS, "names[day:][0].casefold() if True else"),
        (STEPS, "total = +day"),
        (STEPS, "total -= len"),
        (STEPS, "len([name for name in names])"),
        (STEPS, "clear(*names, level=total)"),
        (STEPS, "clear(found, level=total)"),
        (STEPS, "clear(found, *names)"),
        (STEPS, "return None"),
        (STEPS, "        pass\n        total = abs(day)"),
        (STEPS, "total = abs(day)\n        pass\n"),
    ],
)
def test_the_slips_that_people_make_are_among_them(source: str, change: str) -> None:
    """Off by one, the other way round, and/or, a statement, branch, filter, order or argument forgotten."""
    assert any(change in mutant.source for mutant in mutants(source))


def test_a_mutant_is_known_again_by_its_function_and_code() -> None:
    """Lines move; the same change twice in a function is told apart."""
    names = [(mutant.where, mutant.what) for mutant in mutants(STEPS)]
    assert len(names) == len(set(names))
    moved = [(mutant.where, mutant.what) for mutant in mutants(f"\n\n{STEPS}")]
    assert moved == names


def test_docstrings_annotations_and_imports_are_left_alone() -> None:
    """They do not run."""
    assert all('"""Says."""' in mutant.source and "Decimal | None" in mutant.source for mutant in mutants(SOURCE))


def test_helpers_are_tried_by_the_rules_that_use_them() -> None:
    """Through other helpers too."""
    assert "_quarters" in uses()["record_check_coverage"]
    assert "_agreement" in uses()["enforcement_debt"]
    assert "__init__" in uses()["enforcement_debt"]


def test_what_the_rules_machinery_holds_on_to_is_known() -> None:
    """With a mutant of one of these it must be imported anew."""
    assert {"__init__", "_condition"} <= shared()
    assert "enforcement_debt" not in shared()


def test_a_test_is_found_by_what_it_imports() -> None:
    """The tests of rules on general checks try what those use."""
    assert files_of("_window") == ["tests/checks/test_window.py"]
    assert "tests/rules/test_general.py" in files_of("_condition")
    assert files_of("enforcement_debt") == []


def test_tests_notice_a_change_and_not_a_module_unchanged() -> None:
    """The module itself is never written to."""
    source = (CHECKS / "_window.py").read_text(encoding="utf-8")
    files = files_of("_window")
    with Worker() as worker:
        assert worker.noticed("_window", source, files) == "nobody"
        changed = source.replace("event.earliest < event.on", "event.earliest <= event.on")
        assert changed != source
        assert worker.noticed("_window", changed, files) != "nobody"
        assert worker.noticed("_window", source, files) == "nobody"


def test_every_survivor_listed_has_a_reason() -> None:
    """And stands in a module that is there; the runner tells one that has been killed since."""
    known = survivors()
    assert all(len(reason) > 20 for reason in known.values())
    assert {what.module for what in known} <= set(modules())


def test_figures_count_who_noticed() -> None:
    """All but nobody have killed it."""
    figures = Figures("x", 0, 0, 0, 0, 0, 0)
    assert figures.share == 1
    for by in ("cases", "boundaries", "evidence", "tests", "nobody"):
        figures = figures.with_one(by)
    assert (figures.mutants, figures.killed, figures.share) == (5, 4, 0.8)


def test_the_cases_notice_a_moved_limit_and_not_a_module_unchanged() -> None:
    """A worker says who notices."""
    source = (CHECKS / "enforcement_debt.py").read_text(encoding="utf-8")
    with Worker() as worker:
        assert worker.noticed("enforcement_debt", source) == "nobody"
        moved = source.replace("amount < p.limit_sek", "amount <= p.limit_sek")
        assert worker.noticed("enforcement_debt", moved) == "cases"
        silent = source.replace("public_cases=debt", "xpublic_cases=debt")
        assert worker.noticed("enforcement_debt", silent) == "evidence"
