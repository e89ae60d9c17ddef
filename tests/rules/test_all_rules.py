"""What holds for every rule in ``rules/``: its cases, both sides of each limit, law, texts and pairing with its check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from screening.model import KINDS, LawArea
from screening.rules import load, words
from screening.rules.binding import bind
from screening.rules.case_table import Case
from screening.rules.cases import judge_case, run_case
from screening.rules.proof import problems
from screening.rules.rule import DOCUMENTS, Rule
from screening.rules.texts import REASON, WHY, fields_of, fill

ROOT = Path(__file__).resolve().parents[2]
RULES = load(ROOT / "rules")
CASES = [pytest.param(rule, case, id=f"{rule.id}: {case.name}") for rule in RULES.values() for case in rule.cases]
EACH = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


@pytest.mark.parametrize(("rule", "case"), CASES)
def test_case_comes_out_as_it_says(rule: Rule, case: Case) -> None:
    """Every example in a rule's file is true."""
    assert run_case(rule, case) == ""


def test_the_first_fifteen_are_there() -> None:
    """The rules of the first milestone are all in the folder."""
    first = {"SKA-01", "SKA-02", "SKA-05", "SKA-06", "REG-01", "REG-02", "REG-03", "REG-04", "REG-06"}
    assert set(RULES) >= first | {"AGA-01", "AGA-02", "AGA-03", "AGA-12", "KRE-01", "IDE-01"}


def test_every_check_has_a_rule_and_every_rule_a_check() -> None:
    """Pairing is by name: a check that no rule names is dead, but for the general ones, which wait for a controller."""
    modules = {path.stem for path in (ROOT / "src/screening/checks").glob("[a-z]*.py")}
    used = {rule.table.check for rule in RULES.values()}
    assert used <= modules
    assert all(bind(name).general for name in modules - used)


def test_a_file_is_named_after_its_rule() -> None:
    """``ska_01_….toml`` holds SKA-01, so that a controller finds it."""
    assert all(rule.file.startswith(rule.id.lower().replace("-", "_") + "_") for rule in RULES.values())


@EACH
def test_rule_is_whole(rule: Rule) -> None:
    """All four outcomes, both sides of each limit, evidence for every text, law named, neutral words in two languages."""
    assert list(problems(rule)) == []


@EACH
def test_limits_are_dated_and_the_rule_is_not_in_force_before(rule: Rule) -> None:
    """A run for a day before the first valid-from date has no limits to judge by."""
    for start, _values in rule.limits.versions[:1]:
        assert rule.limits.values(start) is not None
        assert rule.limits.values(start - timedelta(days=1)) is None


@EACH
def test_an_unknown_for_want_of_a_fact_names_it(rule: Rule) -> None:
    """The report lists what is missing by source or document, so the verdict says which kind."""
    for case in rule.cases:
        for judged in judge_case(rule, case):
            if judged.verdict.reason in ("too_old", "not_found", "source_down", "awaited", "no_source"):
                assert judged.verdict.missing


@EACH
def test_ages_are_set_for_facts_that_need_them(rule: Rule) -> None:
    """Answers of sources have an age limit; documents are weighed by their own dates."""
    for kind in rule.binding.kinds:
        assert (rule.max_age_days(kind) is None) == (kind in DOCUMENTS)


def test_every_word_in_a_check_has_a_sentence() -> None:
    """Also those that no case reaches."""
    for path in (ROOT / "src/screening/checks").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r'not_applicable\("([a-z_]+)"', text)) <= set(WHY), path.name
        assert set(re.findall(r'unknown\("([a-z_]+)"', text)) <= set(REASON), path.name


def test_law_areas_in_texts_are_areas_of_the_model() -> None:
    """A variant for an area that attestations do not know would never be shown."""
    areas = set(get_args(LawArea))
    for rule in RULES.values():
        for name in rule.table.variant:
            if name.startswith("area_"):
                assert name.removeprefix("area_") in areas


def test_text_fields_are_found_in_every_place() -> None:
    """The engine knows which limits texts show, so that evidence holds them."""
    assert {"limit_sek", "public_debt_sek"} <= fields_of(RULES["SKA-01"].table)
    assert "{" not in fill(RULES["SKA-01"].table.finding.sv, {})


def test_a_name_alone_is_never_critical_and_never_the_ban_on_russian_suppliers() -> None:
    """Only a person can say that a hit in a sanctions list is the same one; article 5k asks where an owner is registered."""
    for rule in RULES.values():
        if rule.family == "SAN":
            assert "critical" not in {rule.severity, *rule.table.levels.values()}
            assert rule.table.raised_by is None
            laws = [*rule.table.basis, *(item for ground in rule.table.ground for item in ground.basis or ())]
            assert not any("5k" in item or "833/2014" in item for item in laws)


def _actions(rule: Rule) -> list[str]:
    """Everything that the rule may tell a person to do."""
    table = rule.table
    texts = [table.action, *table.phase_action.values(), *(item.action for item in table.variant.values())]
    return [text.sv for text in (*texts, *(item.action for item in table.ground)) if text is not None]


def _is_request(action: str) -> bool:
    return action.startswith(("Begär ", "Be ", "Påminn "))


def test_what_people_read_has_words(rules: Mapping[str, Rule]) -> None:
    """Limits, fields of facts, values seen and cases are told in the reader's language, never by their names in code."""
    limits = [
        f"{rule.id} {name}" for rule in rules.values() for _day, values in rule.limits.versions for name in values
        if name not in rule.table.labels
    ]  # fmt: skip
    assert limits == []
    own = {item.name for kind in KINDS.values() for item in fields(kind)} - {"provenance", "scope_key"}
    seen = {
        name
        for rule in rules.values()
        for case in rule.cases
        for item in judge_case(rule, case)
        for name in item.verdict.seen
        if name != "variant" and name not in rule.table.labels
    }
    assert sorted((own | seen) - words.FIELD.keys()) == []
    assert [f"{rule.id} {case.name}" for rule in rules.values() for case in rule.cases if not case.sv] == []
    assert [case.name for rule in rules.values() for case in rule.cases if case.sv == case.name] == []


def test_an_action_that_is_a_request_says_what_to_ask_of_the_supplier(rules: Mapping[str, Rule]) -> None:
    """What a person is told to request stands in the letter, too."""
    requests = {name for name, rule in rules.items() if any(map(_is_request, _actions(rule)))}
    assert "AGA-01" in requests
    assert {name for name in requests if not rules[name].table.ask} == set()
