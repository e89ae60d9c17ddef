"""Services that profiles match and rules do not list."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

import screening
from screening.config import Config, parse_toml
from screening.rules import Rule, load
from screening.rules.services import unlisted

HOME = Path(__file__).resolve().parents[2]
TEMPLATE = Path(screening.__file__).parent / "template.toml"


@pytest.fixture(scope="module")
def rules() -> Mapping[str, Rule]:
    return load(HOME / "rules")


def profile(*services: str, rules: tuple[str, ...], **more: object) -> Config:
    """A workspace of one profile."""
    own = {"name": "egen", "match": {"service": services}, "rules": rules, **more}
    return Config.model_validate({"organisation": {"name": "Granby", "orgnr": "212000-0000"}, "profile": [own]})


@pytest.mark.parametrize("path", [TEMPLATE, HOME / "screening.toml"], ids=["template", "sample"])
def test_the_shipped_profiles_and_rules_name_the_same_services(path: Path, rules: Mapping[str, Rule]) -> None:
    """A works contract must not be measured as goods because one list says building and the other works."""
    assert list(unlisted(parse_toml(path, Config), rules)) == []


@pytest.mark.parametrize("rule", ["AGA-13", "AGA-14", "SKA-08", "SKA-09"])
def test_the_template_is_whole_also_where_its_user_adds_a_rule_with_a_list(
    rule: str, rules: Mapping[str, Rule]
) -> None:
    """The services of one profile are in a rule's list together, or none of them is."""
    config = parse_toml(TEMPLATE, Config)
    added = tuple(item.model_copy(update={"rules": (*item.rules, rule)}) for item in config.profile)
    grants = [
        line for line in unlisted(config.model_copy(update={"profile": added}), rules) if "föreningsbidrag" not in line
    ]
    assert grants == []


def test_a_service_that_no_list_knows_is_told(rules: Mapping[str, Rule]) -> None:
    """With the lists where it was looked for; case and space do not matter."""
    assert list(unlisted(profile(" HEMTJÄNST ", rules=("SKA-08", "AGA-14")), rules)) == []
    (line,) = unlisted(profile("hemtjänster", rules=("SKA-01", "SKA-08")), rules)
    assert line.startswith(
        "screening.toml: profile egen: match.service: 'hemtjänster' is in no list of SKA-08 (services);"
    )


def test_a_list_that_knows_some_of_a_profiles_services_is_told_of_the_rest(rules: Mapping[str, Rule]) -> None:
    """A list that knows none of them is for other services."""
    (line,) = unlisted(profile("bygg", "transport", rules=("AGA-14", "SKA-08")), rules)
    assert "'transport' is not in params.works_services of aga_14_" in line


def test_the_profiles_own_lists_count(rules: Mapping[str, Rule]) -> None:
    """Its limits go before the rule's."""
    own = {"SKA-08": {"services": ["snöröjning"]}}
    assert list(unlisted(profile("snöröjning", rules=("SKA-08",), limits=own), rules)) == []
    assert len(list(unlisted(profile("snöröjning", rules=("SKA-08",)), rules))) == 1


def test_rules_without_lists_and_profiles_without_services_say_nothing(rules: Mapping[str, Rule]) -> None:
    """There is nothing to hold them against."""
    assert list(unlisted(profile("vad som helst", rules=("SKA-01",)), rules)) == []
    assert list(unlisted(profile(rules=("SKA-08", "AGA-14")), rules)) == []
