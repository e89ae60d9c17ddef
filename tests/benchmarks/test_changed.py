"""A month in which a twentieth of the suppliers changed: what is bought again is that twentieth, source by source."""

from __future__ import annotations

import pytest
from benchmarks.changed import BAR, CASES, Case, measured

ONCE = {"creditsafe": {"events": 1, "watched": 4}, "foretagsinformation": {"omsandning": 1}, "creditsafe_se": {}}
"""Calls that a run of 400 suppliers makes once, whatever the number of its chunks (the portfolio has four pages)."""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
def test_what_has_not_changed_is_not_bought_again(case: Case) -> None:
    """Every change is seen, everybody else is shown to hold, and the proof is asked for once in the run."""
    found = measured(case, 400)
    assert (found.first, found.changed) == (400, 20)
    assert found.changed <= found.second <= BAR * 400
    assert (found.seen, found.confirmed) == (20, 380)
    assert {name: found.operations[name] for name in ONCE[case.source]} == ONCE[case.source]


def test_without_a_change_nothing_is_bought() -> None:
    """And where everybody has changed, everybody is."""
    assert measured(CASES[0], 30, 0.0).second == 0
    assert measured(CASES[2], 30, 1.0).second == 30
