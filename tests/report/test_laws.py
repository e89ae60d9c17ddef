"""A flag that concerns contracts of several regimes tells each its own law, in one row."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from screening.model import Contract, Finding, Value
from screening.report.ruletexts import RuleTexts
from screening.report.working import told
from screening.rules import load_rule

RULE = load_rule(Path(__file__).resolve().parents[2] / "rules" / "ska_01_allmanna_mal.toml")
WORDS = RuleTexts({"SKA-01": RULE}, date(2026, 11, 30), "sv")
FINDING = Finding(
    finding_id="SKA-01-7F3K9Q2M",
    supplier_id="S-1",
    rule="SKA-01",
    scope_key="",
    outcome="flag",
    verdict="flag",
    severity="high",
    level="",
    status="new",
    occurrence=1,
    first_seen="2026-11",
)
TENDER, CARE = Contract("ANBUD", regime="LOU", phase="tender"), Contract("OMSORG", regime="LOU_annex2")
OTHER = Contract("LÄGRE", regime="LOU_under", phase="tender")


def test_one_law_is_told_without_its_contracts() -> None:
    """The usual row reads as before."""
    basis, force, action = told(WORDS, FINDING, [CARE])
    assert (basis, force) == ("Avtalets villkor", "avtal")
    assert action.startswith("Skulden kan utgöra skäl för åtgärd enligt avtalet.")


def test_two_laws_are_told_with_their_contracts() -> None:
    """The tender first: an exclusion ground there, and the contract's own terms for the other."""
    basis, force, action = (text.split("\n") for text in told(WORDS, FINDING, [CARE, TENDER]))
    assert basis == ["ANBUD: LOU (2016:1145) 13:2 andra stycket; LOU 13:4; LOU 13:5", "OMSORG: Avtalets villkor"]
    assert force == ["ANBUD: får", "OMSORG: avtal"]
    assert [line.split(": ")[0] for line in action] == ["ANBUD", "OMSORG"]


def test_the_same_action_is_told_once() -> None:
    """Two laws that want the same."""
    basis, _force, action = told(WORDS, FINDING, [OTHER, TENDER])
    assert basis.count("\n") == 1
    assert action.startswith("Skulden kan utgöra skäl för uteslutning.")
    third = told(WORDS, FINDING, [OTHER, TENDER, CARE])[2].split("\n")
    assert [line.split(": ")[0] for line in third] == ["LÄGRE, ANBUD", "OMSORG"]


@pytest.mark.parametrize("contracts", [[], [TENDER]])
def test_a_rule_that_is_gone_has_no_law(contracts: list[Contract]) -> None:
    """An old report names it by its id alone."""
    assert told(RuleTexts({}, date(2026, 11, 30), "sv"), FINDING, contracts) == ("", "", "")


def test_a_report_tells_the_severity_of_its_day(tmp_path: Path) -> None:
    """The sheet of rules for December does not know of a change in January."""
    path = tmp_path / RULE.file
    path.write_text(f'{RULE.text}\n[[change]]\nfrom = 2027-01-01\nseverity = "low"\n', encoding="utf-8")
    rule = load_rule(path)
    words = {day: RuleTexts({"SKA-01": rule}, day, "sv") for day in (date(2026, 12, 31), date(2027, 1, 1))}
    assert [item.rules["SKA-01"].severity for item in words.values()] == ["high", "low"]


def test_another_source_is_named_as_people_know_it() -> None:
    """By the title of its connector; by its name where the run did not keep its file."""
    rule = load_rule(Path(__file__).resolve().parents[2] / "rules" / "aga_12_insolvens.toml")
    seen: dict[str, Value] = {
        "variant": "KK",
        "elsewhere": "creditsafe",
        "elsewhere_says": "Active",
        "elsewhere_on": date(2026, 11, 30),
    }
    finding = replace(FINDING, finding_id="AGA-12-7F3K9Q2M", rule="AGA-12", evidence=seen)
    words = RuleTexts({"AGA-12": rule}, date(2026, 11, 30), "sv", {"creditsafe": "Creditsafe Connect"})
    assert "Creditsafe Connect anger verksam per 2026-11-30." in words.observed(finding)
    assert "creditsafe anger verksam" in replace(words, titles={}).observed(finding)
