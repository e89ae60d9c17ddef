"""What each case of each rule shows beside its verdict, line by line; written by ``python -m benchmarks.mutants.evidence``."""

from __future__ import annotations

import pytest
from benchmarks.mutants.evidence import FOLDER, changed, every_rule, path_of

from screening.rules import Rule

KEPT = [rule for rule in every_rule().values() if path_of(rule).exists()]


@pytest.mark.parametrize("rule", KEPT, ids=[rule.id for rule in KEPT])
def test_evidence_is_what_was_read_and_agreed_to(rule: Rule) -> None:
    """A verdict shows the same facts and values as when its file was last read as a diff; new cases wait for the next."""
    assert changed(rule) == []


def test_no_file_is_left_behind() -> None:
    """Each belongs to a rule that is there."""
    assert {path_of(rule) for rule in KEPT} == set(FOLDER.glob("*.txt"))
    assert len(KEPT) >= 40
