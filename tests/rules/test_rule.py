from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screening.errors import ConfigError
from screening.model import Phase, Regime
from screening.rules import Rule, load, load_rule, verify

MINIMAL = """
id = "SKA-01"
check = "enforcement_debt"
severity = "high"
levels = { large = "critical" }
max_age_days = 45
checked = 2026-03-31
force = "avtal"
basis = ["LOU 13:2"]
title = { sv = "a", en = "a" }
condition = { sv = "a", en = "a" }
why = { sv = "a", en = "a" }
finding = { sv = "a", en = "a" }
action = { sv = "rule", en = "rule" }
caution = { sv = "a", en = "a" }
resolves = { sv = "a", en = "a" }
source = { sv = "a", en = "a" }
"""
PARAMS = """
[[params]]
from = 2024-01-01
limit_sek = 10_000
large_sek = 100_000
large_share = 0.01
open_ended_days = 365
"""


def write(folder: Path, text: str, name: str = "x.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_is_one_file(tmp_path: Path) -> None:
    """The smallest rule: words, law, limits; it has a hash and a family."""
    rule = load_rule(write(tmp_path, MINIMAL + PARAMS))
    assert (rule.id, rule.family, rule.scope, rule.severity, rule.title["en"]) == (
        "SKA-01",
        "SKA",
        "supplier",
        "high",
        "a",
    )
    assert len(rule.sha256) == 64
    assert rule.severity_of("") == "high"
    assert rule.severity_of("large") == "critical"
    assert rule.cases == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("severity =", "severitty ="), r"x.toml: severitty"),
        (('"enforcement_debt"', '"no_such"'), r"x.toml: check = \"no_such\": no such check"),
        (("limit_sek = 10_000", "limit_sek = true"), r"x.toml: params.limit_sek: True; expected a number"),
        (('basis = ["LOU 13:2"]', "basis = []"), r"expected a paragraph, or no_basis"),
        (
            ("max_age_days = 45", "max_age_days = 45\nmax_age = { credit = 3 }"),
            r"max_age.credit: not used by the check",
        ),
        (("max_age_days = 45", 'max_age_days = 45\nscope = "unit"'), r"x.toml: scope"),
        (('id = "SKA-01"', 'id = "SKA1"'), r"x.toml: id"),
        (
            ("[[params]]", '[labels]\nlimit = { sv = "g", en = "l" }\n[[params]]'),
            r"x.toml: labels.limit: no such limit",
        ),
    ],
)
def test_a_mistake_is_named_by_file_and_key(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    """The controller who edits a rule is told where and what was expected."""
    with pytest.raises(ConfigError, match=message):
        load_rule(write(tmp_path, (MINIMAL + PARAMS).replace(*change)))


def test_a_case_of_an_unknown_kind_is_an_error(tmp_path: Path) -> None:
    """A misspelt fact would make a case prove nothing."""
    case = '[[case]]\nname = "n"\ntoday = 2026-11-30\ngiven.enforcment_debt = {}\nexpect = "clear"\n'
    with pytest.raises(ConfigError, match=r"case 'n': given.enforcment_debt: no such kind"):
        load_rule(write(tmp_path, MINIMAL + PARAMS + case))


def test_a_case_of_an_unknown_level_is_an_error(tmp_path: Path) -> None:
    """Levels are named in the rule."""
    case = '[[case]]\nname = "n"\ntoday = 2026-11-30\nexpect = "flag"\nlevel = "huge"\n'
    with pytest.raises(ConfigError, match=r"level 'huge' is not in levels; expected one of large"):
        load_rule(write(tmp_path, MINIMAL + PARAMS + case))


def test_a_point_of_the_letter_at_an_unknown_level_is_an_error(tmp_path: Path) -> None:
    """It would never be asked."""
    ask = '[[ask]]\nkind = "explanation"\nlevels = ["huge"]\nwhat = { sv = "Vad?", en = "What?" }\n'
    with pytest.raises(ConfigError, match=r"ask.levels: 'huge' is not in levels; expected one of large"):
        load_rule(write(tmp_path, MINIMAL + PARAMS + ask))


def test_an_item_rule_takes_its_fact_one_at_a_time(tmp_path: Path) -> None:
    """A check on a history cannot be asked about one item."""
    text = MINIMAL.replace('"enforcement_debt"', '"owner_change"').replace(
        "levels = { large", 'scope = "item"\nlevels = { large'
    )
    with pytest.raises(ConfigError, match="expected one fact for scope item"):
        load_rule(write(tmp_path, text))


def test_a_folder_tells_all_its_mistakes_at_once(tmp_path: Path) -> None:
    """One run of the loader shows every file that is wrong."""
    write(tmp_path, MINIMAL, "a.toml")
    write(tmp_path, "id = 3", "b.toml")
    with pytest.raises(ConfigError) as raised:
        load(tmp_path)
    assert "a.toml" in str(raised.value)
    assert "b.toml" in str(raised.value)


def test_two_rules_of_one_id_are_an_error(tmp_path: Path) -> None:
    """A finding must belong to one rule."""
    write(tmp_path, MINIMAL + PARAMS, "a.toml")
    write(tmp_path, MINIMAL + PARAMS, "b.toml")
    with pytest.raises(ConfigError, match=r"b.toml: id: SKA-01 is also in a.toml"):
        load(tmp_path)


def test_a_rule_raised_by_one_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """Raising by a misspelt rule would never happen."""
    raised = MINIMAL.replace("max_age_days", 'raised_by = { rules = ["AGA-99"], to = "high" }\nmax_age_days')
    write(tmp_path, raised + PARAMS)
    with pytest.raises(ConfigError, match=r"raised_by.rules: no rule AGA-99"):
        load(tmp_path)


def test_a_rule_raised_by_what_no_finding_tells_is_an_error(tmp_path: Path) -> None:
    """A misspelt field would never raise anything."""
    raised = MINIMAL.replace(
        "max_age_days", 'raised_by = { rules = ["SKA-01"], seen = ["supliers"], to = "high" }\nmax_age_days'
    )
    write(tmp_path, raised + PARAMS)
    with pytest.raises(ConfigError, match=r"raised_by.seen: supliers is in no finding of SKA-01"):
        load(tmp_path)


def test_an_empty_folder_is_an_error(tmp_path: Path) -> None:
    """A workspace without rules would call everyone clear."""
    with pytest.raises(ConfigError, match="no rules"):
        load(tmp_path)


# --- law ----------------------------------------------------------------------------------------------------------------
def test_the_first_ground_that_holds_is_the_law(rules: Mapping[str, Rule]) -> None:
    """A tender above the threshold, one below, and a contract in force rest on different law."""
    rule = rules["SKA-01"]
    day = date(2026, 11, 30)
    assert rule.law(day, "LOU", "tender").basis[0] == "LOU (2016:1145) 13:2 andra stycket"
    assert rule.law(day, "LOU_under", "tender").basis == ("LOU 19:17",)
    assert rule.law(day, "LOU_under", "contract").force == "avtal"
    assert rule.law(day).force == "får"


def test_a_contract_outside_lou_rests_on_its_own_terms(rules: Mapping[str, Rule]) -> None:
    """LOU 17 kap. is for contracts under LOU: not under LOV, LUF or LUK, nor after direct procurement."""
    day = date(2026, 11, 30)
    regimes: tuple[Regime, ...] = ("LOV", "LUF", "LUK", "direct")
    phases: tuple[Phase, ...] = ("contract", "payment")
    for name in ("SKA-01", "SKA-02", "REG-01", "AGA-02", "AGA-03", "AGA-12"):
        for regime in regimes:
            for phase in phases:
                law = rules[name].law(day, regime, phase)
                assert not any(item.startswith("LOU") for item in law.basis), (name, regime, phase, law)
    for name in ("SKA-01", "AGA-02", "AGA-03", "AGA-12"):
        assert all("LOU (" not in item for item in rules[name].law(day, "LOV", "tender").basis)


def test_a_variant_may_rest_on_other_law(rules: Mapping[str, Rule]) -> None:
    """A debt that is not tax is no ground under 13:2, in any phase; what a contract may demand differs by its law."""
    day = date(2026, 11, 30)
    said: dict[tuple[Regime, Phase], str] = {
        ("LOU", "tender"): "LOU (2016:1145) 14 kap. 1 § (bara när underlaget kräver det)",
        ("LOU_under", "tender"): "LOU 19:9 (bara när underlaget kräver det)",
        ("LUK", "tender"): "LUK (2016:1147) 12:2 (bara när underlaget kräver det)",
        ("LOV", "tender"): "Avtalets eller underlagets krav",
        ("direct", "tender"): "Avtalets eller underlagets krav",
        ("LOU", "contract"): "Avtalets eller beställningens villkor",
        ("LUK", "contract"): "Avtalets eller beställningens villkor",
    }
    for (regime, phase), basis in said.items():
        law = rules["SKA-01"].law(day, regime, phase, "no_tax")
        assert (law.basis[0], law.force) == (basis, "avtal")
        assert "13:2" not in law.action.sv


def test_a_ground_holds_from_its_day(rules: Mapping[str, Rule]) -> None:
    """Law that was not in force yet is not shown."""
    rule = rules["SKA-01"]
    assert rule.law(date(2022, 1, 31), "LOU_under", "tender").basis[0].startswith("LOU (2016:1145) 13:2")
    assert rule.law(date(2022, 2, 1), "LOU_under", "tender").basis == ("LOU 19:17",)


def test_a_variant_has_its_own_action(rules: Mapping[str, Rule]) -> None:
    """What to do after a merger is not what to do in a bankruptcy."""
    rule = rules["AGA-12"]
    day = date(2026, 11, 30)
    assert "övertagande bolaget" in rule.law(day, variant="merged").action.sv
    assert rule.law(day, variant="KK").action == rule.table.action
    assert rule.law(day, variant=None).action == rule.table.action


# --- profiles' own words --------------------------------------------------------------------------------------------------
def test_a_profile_that_names_no_such_rule_is_an_error(rules: Mapping[str, Rule], make: Any) -> None:
    """The error names the profile."""
    with pytest.raises(ConfigError, match=r"profile p0: no rule SKA-99; expected one of AGA-01"):
        verify(make.config({"rules": ["SKA-99"]}), rules)


def test_a_profile_that_overrides_no_such_limit_is_an_error(rules: Mapping[str, Rule], make: Any) -> None:
    """A misspelt limit would silently leave the rule's own."""
    with pytest.raises(ConfigError, match=r"limits.SKA-01.limit_sk: unknown; expected one of large_sek"):
        verify(make.config({"rules": ["SKA-01"], "limits": {"SKA-01": {"limit_sk": 5}}}), rules)
