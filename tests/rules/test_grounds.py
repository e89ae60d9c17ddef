"""The law of a rule for each regime, phase, service and day, and what no rule may say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from screening.errors import ConfigError
from screening.model import Contract, Phase, Regime
from screening.rules import Rule, load_rule
from screening.rules.grounds import EXCLUSION, UNDER

ROOT = Path(__file__).resolve().parents[2]
SKA_01 = (ROOT / "rules" / "ska_01_allmanna_mal.toml").read_text(encoding="utf-8")
DAY = date(2026, 11, 30)
REGIMES: tuple[Regime, ...] = get_args(Regime)
PHASES: tuple[Phase, ...] = get_args(Phase)
WITHOUT = re.sub(r"\[\[ground\]\].*?(?=\[\[(params|ground)\]\])", "", SKA_01, flags=re.DOTALL)
LAW = re.compile(r"^(LOU|LUF|LUK|LOV)\b")


def rule_with(folder: Path, grounds: str = "", top: Mapping[str, str] | None = None) -> Rule:
    """SKA-01 with other grounds, and other words at the top of the file."""
    text = WITHOUT
    for old, new in (top or {}).items():
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "ska_01_prov.toml"
    path.write_text(text.replace("[[params]]", f"{grounds}\n[[params]]", 1), encoding="utf-8")
    return load_rule(path)


NEVER_EXCLUDES = """
[[ground]]
phase = ["contract", "payment"]
from = 2009-01-01
basis = ["Avtalets villkor"]
force = "avtal"
"""
UNDER_19 = """
[[ground]]
regime = ["LOU_under", "LOU_annex2"]
from = 2022-02-01
basis = ["LOU 19:17"]
force = "får"
"""
DIRECT = """
[[ground]]
regime = ["direct"]
from = 2022-02-01
basis = ["LOU 19 a kap."]
force = "intern kontroll"
"""
WHOLE = NEVER_EXCLUDES + UNDER_19 + DIRECT


# --- SKA-01, the pattern --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("regime", "phase"), list(product(REGIMES, PHASES)))
def test_the_pattern_says_the_law_of_every_regime_in_every_phase(
    rules: Mapping[str, Rule], regime: Regime, phase: Phase
) -> None:
    """Seven regimes and three phases: each rests on its own law, and nobody is excluded once chosen."""
    law = rules["SKA-01"].law(DAY, regime, phase)
    family = {"LOU_under": "LOU", "LOU_annex2": "LOU", "direct": "LOU"}.get(regime, regime)
    assert {match[1] for item in law.basis if (match := LAW.match(item))} <= {family}
    if phase != "tender":
        assert law.force == "avtal"
        assert law.basis[0].startswith("Avtalets")
        assert "uteslutning" not in law.action.sv
        assert any("17:1" in item for item in law.basis) == (regime == "LOU")
    elif regime == "direct":
        assert law.force == "intern kontroll"
        assert "uteslutning" not in law.action.sv
    else:
        assert law.force == "får"
        assert "kan utgöra skäl för uteslutning" in law.action.sv


def test_care_services_are_excluded_on_19_17_alone(rules: Mapping[str, Rule]) -> None:
    """There is no right to self-cleaning under 19 kap., so 13:5 is not named; nor 17 kap. during the contract."""
    for regime in sorted(UNDER):
        assert rules["SKA-01"].law(DAY, regime, "tender").basis == ("LOU 19:17",)
        assert rules["SKA-01"].law(DAY, regime, "contract").basis == ("Avtalets villkor",)


def test_what_is_paid_without_a_contract_rests_on_the_order(rules: Mapping[str, Rule]) -> None:
    """A ledger row without a contract is no award: the exclusion ground of the top is not told."""
    law = rules["SKA-01"].law_of(None, DAY)
    assert law.basis == ("Avtalets eller beställningens villkor",)
    assert law.force == "avtal"
    assert rules["SKA-01"].law_of(None, DAY, without="tender").force == "får"


def test_a_contract_says_its_regime_phase_and_service(tmp_path: Path) -> None:
    """The law of a contract is that of its regime, phase and service; case and space do not matter."""
    ground = '[[ground]]\nservice = ["Hemtjänst  natt"]\nphase = ["contract"]\nfrom = 2009-01-01\nbasis = ["LSS 9 d §"]\nforce = "avtal"\n'
    rule = rule_with(tmp_path, ground + WHOLE)
    assert rule.law_of(Contract("A-1", service="hemtjänst NATT"), DAY).basis == ("LSS 9 d §",)
    assert rule.law_of(Contract("A-1", service="hemtjänst"), DAY).basis == ("Avtalets villkor",)


# --- dates ----------------------------------------------------------------------------------------------------------------
def test_a_ground_holds_from_its_first_day_to_its_last(tmp_path: Path) -> None:
    """A change of law on a day: the old ground ends on the day before."""
    old = '[[ground]]\nregime = ["LOV"]\nphase = ["tender"]\nfrom = 2009-01-01\nto = 2026-12-31\nbasis = ["LOV 7:1 (gammal)"]\n'
    new = (
        '[[ground]]\nregime = ["LOV"]\nphase = ["tender"]\nfrom = 2027-01-01\nbasis = ["LOV 7:1 (ny)"]\nforce = "ska"\n'
    )
    rule = rule_with(tmp_path, old + new + WHOLE)
    assert rule.law(date(2026, 12, 31), "LOV", "tender").basis == ("LOV 7:1 (gammal)",)
    assert rule.law(date(2026, 12, 31), "LOV", "tender").force == "får"
    assert rule.law(date(2027, 1, 1), "LOV", "tender").basis == ("LOV 7:1 (ny)",)
    assert rule.law(date(2027, 1, 1), "LOV", "tender").force == "ska"


def test_a_ground_that_ends_before_it_begins_is_an_error(tmp_path: Path) -> None:
    """The error counts grounds as one does in the file."""
    ground = '[[ground]]\nregime = ["LOV"]\nfrom = 2027-01-01\nto = 2026-12-31\nbasis = ["LOV 7:1"]\n'
    with pytest.raises(ConfigError, match=r"ska_01_prov.toml: ground 1.to: 2026-12-31 is before from"):
        rule_with(tmp_path, ground + WHOLE)


# --- what is refused --------------------------------------------------------------------------------------------------------
def test_a_ground_below_one_that_takes_all_is_an_error(tmp_path: Path) -> None:
    """Law that is never shown would be read as if it were."""
    late = '[[ground]]\nregime = ["LUF"]\nphase = ["contract"]\nfrom = 2017-01-01\nbasis = ["LUF 16:17"]\nforce = "avtal"\n'
    with pytest.raises(ConfigError, match=r"ground 4: never reached"):
        rule_with(tmp_path, WHOLE + late)
    assert rule_with(tmp_path, late + WHOLE).law(DAY, "LUF", "contract").basis == ("LUF 16:17",)


def test_a_ground_for_what_the_rule_does_not_concern_is_an_error(tmp_path: Path) -> None:
    """``[applies]`` has taken it away."""
    applies = {
        '[applies]\nkinds = ["organisation", "person"]': '[applies]\nkinds = ["organisation"]\nnot_regimes = ["direct"]'
    }
    with pytest.raises(ConfigError, match=r"ground 3: never reached"):
        rule_with(tmp_path, WHOLE, applies)
    assert rule_with(tmp_path, NEVER_EXCLUDES + UNDER_19, applies).table.applies.not_regimes == ("direct",)


def test_a_ground_reached_on_later_days_alone_is_reached(tmp_path: Path) -> None:
    """The one before it has ended by then."""
    first = (
        '[[ground]]\nregime = ["LUK"]\nfrom = 2017-01-01\nto = 2025-06-30\nphase = ["tender"]\nbasis = ["LUK 11:2"]\n'
    )
    second = '[[ground]]\nregime = ["LUK"]\nfrom = 2017-01-01\nphase = ["tender"]\nbasis = ["LUK 11:4"]\n'
    assert rule_with(tmp_path, first + second + WHOLE).law(DAY, "LUK", "tender").basis == ("LUK 11:4",)


@pytest.mark.parametrize(
    ("grounds", "top", "told"),
    [
        (UNDER_19 + DIRECT, {}, "basis: force 'får' for LOU, contract, 2024-01-01; expected avtal"),
        (NEVER_EXCLUDES + UNDER_19, {}, "force 'får' for direct, tender, 2024-01-01; expected intern kontroll"),
        (NEVER_EXCLUDES + DIRECT, {}, "basis: no 19:17 for LOU_under, tender, 2024-01-01"),
        (NEVER_EXCLUDES + DIRECT, {'force     = "får"': 'force     = "ska"'}, "force 'ska' for LOU_under, tender"),
        (
            NEVER_EXCLUDES + UNDER_19.replace('"LOU 19:17"', '"LOU 19:17", "LOU 13:5"') + DIRECT,
            {},
            "ground 2: 13:5 for LOU_under, tender",
        ),
        (WHOLE, {'force   = "avtal"': 'force   = "får"'}, "variant.no_tax: force 'får' for LOU, contract"),
    ],
)
def test_an_exclusion_where_the_law_has_none_is_an_error(
    tmp_path: Path, grounds: str, top: Mapping[str, str], told: str
) -> None:
    """The award phase alone, never direct procurement, and nothing mandatory under 19 kap."""
    with pytest.raises(ConfigError, match=re.escape(told)):
        rule_with(tmp_path, grounds, top)


def test_a_mandatory_ground_is_optional_below_the_threshold(tmp_path: Path) -> None:
    """13:2 first paragraph is *ska* above it, and *får* under 19:17."""
    rule = rule_with(tmp_path, WHOLE, {'force     = "får"': 'force     = "ska"'})
    assert rule.law(DAY, "LOU", "tender").force == "ska"
    assert {rule.law(DAY, regime, "tender").force for regime in UNDER} == {"får"}
    assert {rule.law(DAY, regime, "contract").force for regime in REGIMES} == {"avtal"}


# --- every rule of the folder -------------------------------------------------------------------------------------------------
def test_no_rule_excludes_outside_the_award_phase(rules: Mapping[str, Rule]) -> None:
    """Whatever the variant: once chosen, a supplier is dealt with under its contract."""
    for rule in rules.values():
        variants = [None, *rule.table.variant]
        for regime, phase, variant in product([*REGIMES, None], PHASES, variants):
            law = rule.law(DAY, regime, phase, variant)
            assert law.force not in EXCLUSION or phase == "tender", (rule.id, regime, phase, variant)


def test_what_is_said_of_lov_is_marked_as_not_verified(rules: Mapping[str, Rule]) -> None:
    """The text of LOV 7:1 was not found; whoever reads a report must see that."""
    for rule in rules.values():
        for ground in rule.table.ground:
            for item in ground.basis or ():
                assert not item.startswith("LOV") or "ej kontrollerad" in item, (rule.id, item)


def test_no_contract_is_told_the_law_of_another_regime(rules: Mapping[str, Rule]) -> None:
    """LOU 13, 15 and 17 kap. are not the law under 19 kap., LUF, LUK or LOV, nor the other way round; an analogy says so."""
    families = {"LOU_under": "LOU", "LOU_annex2": "LOU", "direct": "LOU"}
    for rule in rules.values():
        for regime, phase, variant in product(REGIMES, PHASES, [None, *rule.table.variant]):
            if rule.table.applies.lacks(regime, phase, "", "main") not in (None, "service"):
                continue
            for item in rule.law(DAY, regime, phase, variant).basis:
                law = LAW.match(item)
                if law is None or re.search("analogt|över tröskelvärdet", item):
                    continue
                assert law[1] == families.get(regime, regime), (rule.id, regime, phase, variant, item)
                assert regime in ("LOU", "LUF", "LUK", "LOV") or "19" in item, (rule.id, regime, phase, variant, item)


@pytest.mark.parametrize("name", ["REG-03", "REG-04", "REG-05"])
@pytest.mark.parametrize(("today", "named"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True)])
def test_the_act_on_home_care_is_named_from_the_day_it_is_in_force(
    rules: Mapping[str, Rule], name: str, today: date, *, named: bool
) -> None:
    """Act 2026:43 is of 1 March 2026; before that the contract alone asks, and elsewhere it never does."""
    law = rules[name].law(today, "LOU_annex2", "contract", "area_home_care", "hemtjänst")
    assert any("2026:43" in item for item in law.basis) is named
    for area in ("area_other", "area_child_other"):
        assert not any("2026:43" in item for item in rules[name].law(today, "LOU_annex2", "contract", area).basis)


def test_a_statement_that_is_missing_is_no_ground_by_itself(rules: Mapping[str, Rule]) -> None:
    """It may be asked for; what was asked for and not handed in may exclude (13:3 p. 8), and LUF checks by LOU's chapter."""
    for regime in ("LOU", "LUF", "LUK", "LOV", "LOU_annex2"):
        assert rules["REG-01"].law(date(2026, 11, 30), regime, "tender").force == "signal"
        assert rules["REG-09"].law(date(2026, 11, 30), regime, "tender").force == "får"
    assert (
        "LUF (2016:1146) 14:3 (LOU 15:1–9 tillämpas)" in rules["REG-01"].law(date(2026, 11, 30), "LUF", "tender").basis
    )
