"""Labelled worlds: what is planted is found, and nothing else; and the labels themselves tell the truth."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from benchmarks.worlds.life import month_ends
from benchmarks.worlds.months import live, rules
from benchmarks.worlds.score import Scores, score, table
from benchmarks.worlds.world import PLANTERS, grown, measured

from screening.identity import luhn

SEEDS, SUPPLIERS, MONTHS = (0, 7), 400, 6
PLANTED = frozenset(planter.rule for planter in PLANTERS)


@pytest.fixture(scope="module")
def scores() -> Scores:
    """The figures of two worlds of 400 suppliers and six months."""
    return measured(SEEDS, SUPPLIERS, MONTHS)


def test_every_flag_that_facts_decide_is_right(scores: Scores) -> None:
    """Precision and recall are 1 for every rule; only likeness of names and addresses (``*``) may fail."""
    told = [line for rule, own in scores.items() if rule in PLANTED for line in own.wrong]
    assert told == []


def test_every_rule_is_planted(scores: Scores) -> None:
    """Each rule of the catalogue has events that it found, and something near or alike that it let be."""
    assert set(rules()) == PLANTED
    for rule in PLANTED:
        assert scores[rule].counts["hit"] > 0, rule
        assert scores[rule].planted["near"] + scores[rule].planted["alike"] > 0 or rule == "REG-06", rule


def test_every_planter_is_used() -> None:
    """Two worlds hold everything that can happen."""
    used = Counter(name for seed in SEEDS for life in grown(seed, SUPPLIERS, MONTHS) for _, _, name in life.planted)
    assert {planter.plant.__name__ for planter in PLANTERS} <= set(used)


def test_a_world_is_the_same_every_time() -> None:
    """Names, facts and labels follow from the seed alone."""
    one, other = grown(3, 60, MONTHS), grown(3, 60, MONTHS)
    for left, right in zip(one, other, strict=True):
        assert (left.name, left.planted, left.marks, left.papers) == (
            right.name,
            right.planted,
            right.marks,
            right.papers,
        )
        for kind, says in left.says.items():
            assert says(left.last) == right.says[kind](right.last)


def test_a_wrong_label_is_told() -> None:
    """A flag that should not be there, one that is missed, and an unknown that nobody expected each count against the rule."""
    lives = grown(1, 80, MONTHS)
    debtor = next(life for life in lives if any(name == "claims_at_limit" for _, _, name in life.planted))
    clean = next(life for life in lives if not life.planted and life.kind == "organisation")
    debtor.marks.pop(("SKA-01", ""))
    clean.mark("SKA-01", "flag")
    clean.mark("SKA-06", "unknown")
    found = score(lives, live(lives, rules()), list(rules()))
    assert found["SKA-01"].counts["invented"] == MONTHS
    assert found["SKA-01"].counts["missed"] == MONTHS
    assert found["SKA-06"].counts["unknown_missed"] == MONTHS
    assert (found["SKA-01"].precision or 1) < 1
    assert (found["SKA-01"].recall or 1) < 1


def test_the_table_has_a_line_for_each_rule(scores: Scores) -> None:
    """And one more for the likeness of names."""
    lines = list(table(scores))
    assert len(lines) == 1 + len(scores)
    assert any(line.startswith("IDE-01*") for line in lines)


def test_months_end_on_their_last_days() -> None:
    """Also over a year's end and in February."""
    assert month_ends(2026, 12, 3) == (date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28))


def test_numbers_are_of_a_series_that_nobody_has() -> None:
    """Companies' check digits hold, and persons' numbers are published test numbers."""
    for life in grown(0, 60, MONTHS):
        if life.kind == "organisation":
            assert luhn(life.identity.reveal())
            assert life.identity.reveal().startswith("55")
