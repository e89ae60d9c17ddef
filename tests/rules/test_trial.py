"""A change to a rule, as a user writes it on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from screening.errors import UsageError
from screening.rules import Rule
from screening.rules.cases import judge_case
from screening.rules.trial import changed, now, settings


def test_values_are_read_as_toml_and_typed_as_the_check_says(rules: Mapping[str, Rule]) -> None:
    """Numbers with underscores, shares, lists, whole numbers and words."""
    given = settings(rules["SKA-01"], ["limit_sek=20_000", "large_share = 0.02", "max_age_days=60", "severity=medium"])
    assert given == {
        "limit_sek": Decimal(20_000),
        "large_share": Decimal("0.02"),
        "max_age_days": 60,
        "severity": "medium",
    }
    assert settings(rules["REG-04"], ['statutory_areas=["hvb"]']) == {"statutory_areas": ("hvb",)}
    assert settings(rules["KRE-01"], ["bands=ABC"]) == {"bands": "ABC"}  # a shell took the quotation marks


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["limit_sek"], "namn och värde"),
        (["=3"], "namn och värde"),
        (["limit=3"], "ingen sådan gräns.*limit_sek, large_sek"),
        (["limit_sek=mycket"], "samma slag som nu, 10 000 kr"),
        (["limit_sek='10000'"], "samma slag"),
        (["open_ended_days=1.5"], "samma slag som nu, 365"),
        (["limit_sek=1", "limit_sek=2"], "två gånger"),
        (["severity=röd"], "samma slag som nu, high"),
        (["max_age_days=-1"], "samma slag som nu, 45"),
        (["max_age_days=true"], "samma slag"),
        ([], "--set saknas.*limit_sek"),
    ],
)
def test_what_cannot_be_tried_is_told_in_plain_words(rules: Mapping[str, Rule], given: list[str], why: str) -> None:
    """With what is there, and what it is now."""
    with pytest.raises(UsageError, match=why):
        settings(rules["SKA-01"], given)


def test_the_changed_rule_judges_by_the_new_limit_on_every_day(rules: Mapping[str, Rule]) -> None:
    """And nothing else of it has changed; the rule itself is as it was."""
    rule = rules["SKA-01"]
    case = next(item for item in rule.cases if item.name == "a debt at the limit is flagged")
    tried = changed(rule, settings(rule, ["limit_sek=10_001"]))
    outcomes = [judge_case(item, case)[0].verdict.outcome for item in (rule, tried)]
    assert outcomes == ["flag", "clear"]
    assert [values["limit_sek"] for _, values in tried.limits.versions] == [10_001] * len(rule.limits.versions)
    assert (tried.text, tried.table) == (rule.text, rule.table)


def test_severity_and_age_can_be_tried(rules: Mapping[str, Rule]) -> None:
    """Beside the limits."""
    tried = changed(rules["SKA-01"], {"severity": "low", "max_age_days": 1})
    assert (tried.severity, tried.max_age_days("enforcement_debt")) == ("low", 1)
    assert (now(tried, "severity"), now(tried, "max_age_days")) == ("low", "1")


def test_now_is_the_newest_limit(rules: Mapping[str, Rule]) -> None:
    """As people read it."""
    assert now(rules["SKA-01"], "large_share") == "1 %"
