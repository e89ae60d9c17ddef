from __future__ import annotations

import pytest

from screening.config import Assessment
from screening.model import Severity
from screening.rules import assess

LIMITS = Assessment()


@pytest.mark.parametrize(
    ("standing", "state", "because"),
    [
        ([("AGA-12", "critical")], "deep", "critical"),
        ([("SKA-01", "high"), ("AGA-03", "high")], "deep", "high"),
        ([("SKA-01", "high")], "flagged", "flagged"),
        ([("SKA-01", "high"), ("SKA-02", "medium"), ("KRE-01", "medium")], "deep", "high_medium"),
        ([("SKA-01", "high"), ("SKA-02", "medium")], "flagged", "flagged"),
        ([("SKA-02", "medium"), ("SKA-05", "low"), ("AGA-01", "medium"), ("KRE-01", "low")], "deep", "many"),
        ([("SKA-02", "medium"), ("SKA-05", "low"), ("AGA-01", "medium")], "flagged", "flagged"),
        ([("AGA-01", "medium"), ("AGA-02", "medium"), ("AGA-07", "low"), ("AGA-09", "low")], "flagged", "flagged"),
        ([], "clear", "clear"),
    ],
)
def test_the_combination_rule(standing: list[tuple[str, Severity]], state: str, because: str) -> None:
    """1 critical, 2 high, 1 high and 2 medium, or 4 from 2 families; one step less is not enough."""
    found = assess(standing, 0, LIMITS)
    assert (found.state, found.because) == (state, because)


def test_one_gap_in_three_contracts_is_one_signal() -> None:
    """A rule counts once, at its worst: not three times high."""
    found = assess([("REG-01", "medium"), ("REG-01", "high"), ("REG-01", "high")], 0, LIMITS)
    assert (found.state, found.counts["high"], found.counts["all"]) == ("flagged", 1, 1)


def test_nothing_found_is_not_clear_while_something_is_unknown() -> None:
    """Unknown is never clear."""
    found = assess([], 2, LIMITS)
    assert found.state == "not_checked"
    assert "2 regler kunde inte bedömas" in found.sentence()
    assert found.heading("en") == "Not fully checked"


def test_the_limits_are_the_organisations() -> None:
    """``[assessment]`` decides what leads to a deeper check."""
    strict = Assessment(high=1)
    assert assess([("SKA-01", "high")], 0, strict).state == "deep"


def test_the_sentence_is_neutral_and_says_what_counted() -> None:
    """It may be reason; a person decides."""
    found = assess([("SKA-01", "high"), ("AGA-03", "high")], 0, LIMITS)
    assert found.sentence() == (
        "2 allvarliga iakttagelser tillsammans kan utgöra skäl för fördjupad kontroll; en handläggare bedömer."
    )
    assert "a person decides" in found.sentence("en")
    assert found.heading() == "Fördjupad kontroll"


def test_a_supplier_whose_flags_are_all_settled_is_not_without_observation() -> None:
    """They do not weigh, but they are told; one that weighs goes first."""
    settled = assess([], 0, Assessment(), settled=2)
    assert (settled.state, settled.because) == ("flagged", "settled")
    assert settled.sentence().startswith("2 iakttagelser, godtagen")
    assert assess([("SKA-01", "low")], 0, Assessment(), settled=2).because == "flagged"
