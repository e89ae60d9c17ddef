"""The cases that resemble a verdict most."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from screening.rules import Judging, Rule
from screening.rules.alike import alike
from screening.rules.cases import judge_case


def judged(rules: Mapping[str, Rule], make: Any, rule: str, *facts: Any, **more: Any) -> Any:
    judging = Judging(rules, make.config({"rules": [rule]}), make.today)
    (item,) = [item for item in judging.judge(make.dossier(*facts, **more)) if item.rule == rule]
    return item


def test_a_case_is_most_like_itself(rules: Mapping[str, Rule]) -> None:
    """Of every rule, a flagged case is told first for what it says, or one that says the very same."""
    for rule in rules.values():
        case = next(item for item in rule.cases if item.expect == "flag")
        item = next(item for item in judge_case(rule, case) if item.verdict.outcome == "flag")
        first, *_ = alike(rule, item, "en")
        other = next(item for item in rule.cases if item.name == first)
        same = next(item for item in judge_case(rule, other) if item.verdict.outcome == "flag")
        assert first == case.name or (same.verdict.level, same.severity) == (item.verdict.level, item.severity)


def test_the_nearest_amount_comes_first(rules: Mapping[str, Rule], make: Any) -> None:
    """Of cases with the same level and words."""
    small = judged(rules, make, "SKA-01", make.fact("enforcement_debt", public_debt_sek=Decimal(10_100)))
    assert alike(rules["SKA-01"], small, "en")[0] == "a debt at the limit is flagged"
    large = judged(rules, make, "SKA-01", make.fact("enforcement_debt", public_debt_sek=Decimal(101_000)))
    assert "not large" not in alike(rules["SKA-01"], large, "en")[0]


def test_the_same_reason_comes_first(rules: Mapping[str, Rule], make: Any) -> None:
    """Unknown for want of a source is not unknown for age; at most three are told."""
    item = judged(rules, make, "SKA-01", gaps={"enforcement_debt": "source_down"})
    names = alike(rules["SKA-01"], item, "en")
    assert names[0] == "a source that was down is unknown, never clear"
    assert len(names) <= 3


def test_a_case_that_shows_something_else_is_not_alike(rules: Mapping[str, Rule]) -> None:
    """The look as a whole has a hit beside it that is flagged; the case is about the look."""
    rule = rules["SAN-01"]
    case = next(item for item in rule.cases if item.expect == "flag")
    item = next(item for item in judge_case(rule, case) if item.verdict.outcome == "flag")
    assert all("the look as a whole" not in name for name in alike(rule, item, "en"))
