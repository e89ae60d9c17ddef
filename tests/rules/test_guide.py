"""The guide's example is a real rule: what it says is what happens."""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from screening.config import Profile
from screening.errors import UsageError
from screening.rules import Rule, load_rule, own_limits
from screening.rules.case_table import CaseSpend
from screening.rules.cases import judge_case, run_cases
from screening.rules.proof import problems
from screening.rules.texts import NO_BREAK, condition
from screening.rules.trial import changed, now, settings

RULES = Path(__file__).resolve().parents[2] / "rules"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "add-a-rule.md"


def block(*holds: str) -> str:
    """The one TOML block of the guide that holds these words."""
    found: list[str] = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    (chosen,) = [text for text in found if all(words in text for words in holds)]
    return chosen


def test_the_example_in_the_guide_is_a_working_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check and one TOML, as written there, load and hold their cases."""
    text = GUIDE.read_text(encoding="utf-8")
    (check,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    rule, cases = block('id       = "EGN-03"'), block('boundary = ["young_days"')
    package = tmp_path / "checks_of_the_guide"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "young_company.py").write_text(check, encoding="utf-8")
    path = tmp_path / "egn_03_ungt_bolag.toml"
    path.write_text(rule + cases, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    loaded = load_rule(path, package.name)
    assert list(run_cases(loaded)) == []
    assert len(loaded.cases) == 2


def test_the_rule_without_python_in_the_guide_works(tmp_path: Path) -> None:
    """One TOML alone."""
    path = tmp_path / "egn_02_negativt_eget_kapital.toml"
    path.write_text(block('id       = "EGN-02"'), encoding="utf-8")
    loaded = load_rule(path)
    assert list(run_cases(loaded)) == []
    assert list(problems(loaded)) == []


def test_younger_than_a_year_and_over_a_million_is_one_toml(tmp_path: Path) -> None:
    """Saved as it stands in the guide and named in a profile, it judges: no Python is written."""
    path = tmp_path / "egn_01_nytt_och_stort.toml"
    path.write_text(block('id       = "EGN-01"'), encoding="utf-8")
    rule = load_rule(path)
    assert list(run_cases(rule)) == []
    assert list(problems(rule)) == []
    told = condition(rule, date(2026, 11, 30)).replace(NO_BREAK, " ")
    assert told == "Registrerat för mindre än 12 månader sedan, och köpt för minst 1 000 000 kr på tolv månader."


def test_a_limit_is_raised_from_new_year_as_the_guide_says(tmp_path: Path) -> None:
    """The block, written as it stands below the last limits of the rule, holds from its day and not before."""
    text = (RULES / "ska_01_allmanna_mal.toml").read_text(encoding="utf-8")
    path = tmp_path / "ska_01_allmanna_mal.toml"
    path.write_text(text.replace("[[case]]", f"{block('limit_sek = 20_000')}\n[[case]]", 1), encoding="utf-8")
    rule = load_rule(path)
    assert list(run_cases(rule)) == []
    found = [rule.limits.values(day) for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert [values["limit_sek"] for values in found if values] == [10_000, 20_000]
    assert [values["large_sek"] for values in found if values] == [100_000, 100_000]
    assert [line.partition("; expected")[0] for line in problems(rule)] == [
        "ska_01_allmanna_mal.toml: params.from 2027-01-01: limit_sek is new, and 0 side of it shown"
    ]
    cases = block("from January a debt of twenty thousand")
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{cases}", encoding="utf-8")
    assert list(run_cases(load_rule(path))) == []
    assert list(problems(load_rule(path))) == []


def test_a_profile_of_the_guide_has_limits_of_its_own(rules: Mapping[str, Rule]) -> None:
    """On every day, and from a day on."""
    profile = Profile.model_validate(tomllib.loads(block('name   = "bygg"'))["profile"][0])
    dated = own_limits(profile, rules["SKA-01"])
    values = [rules["SKA-01"].limits.values(day, dated) for day in (date(2026, 12, 31), date(2027, 1, 1))]
    assert [item["limit_sek"] for item in values if item] == [10_000, 50_000]
    (always,) = own_limits(profile, rules["AGA-12"])
    assert always[1] == {"critical_codes": ("KK",)}


def test_the_dated_blocks_of_the_guide_load(tmp_path: Path) -> None:
    """A change of severity and age, and a limit on how old an event may be."""
    case = '[[case]]\nname = "x"\ntoday = 2026-11-30\nexpect = "not_applicable"\nreason = "aged_out"\n'
    path = tmp_path / "ska_01_allmanna_mal.toml"
    text = (RULES / path.name).read_text(encoding="utf-8")
    path.write_text(f"{text}\n{block('[[change]]')}\n{block('[[look_back]]')}\n{case}", encoding="utf-8")
    rule = load_rule(path).on(date(2027, 1, 1))
    assert (rule.severity, rule.severity_of("large"), rule.max_age_days("enforcement_debt")) == (
        "critical",
        "critical",
        60,
    )
    limit = rule.table.looks_back(date(2027, 1, 1))
    assert limit is not None
    assert limit.first_day(date(2027, 1, 1)) == date(2024, 1, 1)


def test_the_grounds_in_the_guide_are_law_that_loads(tmp_path: Path) -> None:
    """The pattern to copy holds for a mandatory ground, too: every regime and phase is told its own law."""
    grounds = block('["LOU_under", "LOU_annex2"]', "19 a kap.")
    for force in ("får", "ska"):
        text = block('id       = "EGN-02"').replace('force     = "avtal"', f'force     = "{force}"')
        path = tmp_path / f"egn_02_{force}.toml"
        path.write_text(text.replace("[[params]]", f"{grounds}\n[[params]]", 1), encoding="utf-8")
        rule = load_rule(path)
        assert rule.law(date(2026, 11, 30), "LOU", "tender").force == force
        assert rule.law(date(2026, 11, 30), "LOU_annex2", "tender").force == "får"
        assert rule.law(date(2026, 11, 30), "LUF", "contract").basis[1] == "LUF 16:13"


def test_a_rule_on_several_fields_is_tried_by_the_names_of_its_texts(tmp_path: Path) -> None:
    """The guide's rule: younger than a year, and over a million."""
    path = tmp_path / "egn_01_nytt_och_stort.toml"
    path.write_text(block('id       = "EGN-01"'), encoding="utf-8")
    rule = load_rule(path)
    name = "at_least_last_12_months_sek"
    assert now(rule, name) == "1 000 000 kr"
    tried = changed(rule, settings(rule, [f"{name}=2_000_000", "younger_than_months_registered_on=24"]))
    case = next(item for item in rule.cases if item.name == "a day short of a year, and a million, is flagged")
    assert [judge_case(item, case)[0].verdict.outcome for item in (rule, tried)] == ["flag", "clear"]
    larger = case.model_copy(update={"spend": CaseSpend(last_12_months_sek=Decimal(2_000_000))})
    assert judge_case(tried, larger)[0].verdict.outcome == "flag"
    for given in (
        "of=1",
        f"{name}='2'",
        "younger_than_months_registered_on=-1",
        "younger_than_months_registered_on=1.5",
    ):
        with pytest.raises(UsageError, match=r"ingen sådan gräns.*younger_than_months_registered_on|samma slag som nu"):
            settings(rule, [given])
