"""Which of a rule's own cases resemble a verdict most: same outcome, level and words first, then the nearest numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from screening.model import Judged, Value
from screening.rules.case_table import Case
from screening.rules.cases import judge_case
from screening.rules.rule import Rule
from screening.rules.table import Language

SHOWN = 3


def alike(rule: Rule, item: Judged, language: Language = "sv") -> tuple[str, ...]:
    """Titles of the cases that came out the same way, the most alike first; at most three."""
    scored = []
    for place, (case, judged) in enumerate(_judged(rule)):
        verdict = judged.verdict
        if not verdict.outcome == item.verdict.outcome == case.expect:
            continue  # also where a case shows another of its verdicts
        same = (
            verdict.level == item.verdict.level,
            verdict.reason == item.verdict.reason,
            verdict.seen.get("variant") == item.verdict.seen.get("variant"),
            judged.severity == item.severity,
        )
        distance = _distance(verdict.seen, item.verdict.seen)
        scored.append((-sum(same), distance, place, case.title(language)))
    return tuple(dict.fromkeys(name for *_, name in sorted(scored)))[:SHOWN]


def _judged(rule: Rule) -> list[tuple[Case, Judged]]:
    return [(case, judged) for case in rule.cases for judged in judge_case(rule, case)]


def _distance(one: Mapping[str, Value], two: Mapping[str, Value]) -> float:
    """How far apart the values are that both have, 0-1 each, on average; 1 when they share none."""
    parts = [_apart(one[name], two[name]) for name in one.keys() & two.keys() if name != "variant"]
    told = [part for part in parts if part is not None]
    return sum(told) / len(told) if told else 1.0


def _apart(one: Value, two: Value) -> float | None:
    """Numbers by their ratio; other values are the same or not; days of cases say nothing of today's."""
    if isinstance(one, bool) or isinstance(two, bool) or isinstance(one, str) or isinstance(two, str):
        return float(one != two)
    if one is None or two is None:
        return float(one is not two)
    if isinstance(one, date) or isinstance(two, date):
        return None
    first, second = abs(Decimal(str(one))), abs(Decimal(str(two)))
    largest = max(first, second)
    return float(abs(first - second) / largest) if largest else 0.0
