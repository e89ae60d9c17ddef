"""What holds for every rule in ``rules/``: its cases, both sides of each limit, law, texts and pairing with its check."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from screening.model import LawArea
from screening.rules import load
from screening.rules.binding import bind, param_hints
from screening.rules.case_table import Case
from screening.rules.cases import judge_case, run_case
from screening.rules.rule import DOCUMENTS, Rule
from screening.rules.texts import REASON, WHY, fields_in, fields_of, fill, finding, shown

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
def test_rule_has_all_four_outcomes(rule: Rule) -> None:
    """Flag, clear, unknown and not applicable are each shown by a case; a rule for everyone has no exclusion to show."""
    shown = {case.expect for case in rule.cases}
    for_everyone = {"REG-06"}  # whatever was refused is shown; its not_applicable is age
    assert {"flag", "clear", "unknown"} <= shown
    assert "not_applicable" in shown or rule.id in for_everyone or rule.table.stops_others


@EACH
def test_rule_shows_its_typical_false_alarm(rule: Rule) -> None:
    """At least one case is the look-alike that must not be flagged."""
    alarms = [case for case in rule.cases if case.false_positive]
    assert alarms
    assert all(case.expect != "flag" for case in alarms)


@EACH
def test_every_limit_has_a_case_on_each_side(rule: Rule) -> None:
    """Two cases at each numeric limit come out differently: inside and one step outside."""
    sides: defaultdict[str, set[tuple[str, str | None, str | None]]] = defaultdict(set)
    for case in rule.cases:
        for name in case.boundaries:
            sides[name].add((case.expect, case.level, case.reason))
    wanted = {name for name, hint in param_hints(rule.binding).items() if hint in (int, Decimal)}
    if any(rule.max_age_days(kind) is not None for kind in rule.binding.kinds):
        wanted.add("max_age_days")
    if any(limit.event for limit in rule.table.look_back):
        wanted.add("look_back")
    assert {name for name in wanted if len(sides[name]) < 2} == set()


@EACH
def test_case_boundaries_name_limits(rule: Rule) -> None:
    """A misspelt boundary would prove nothing."""
    known = {*param_hints(rule.binding), "max_age_days", "look_back"}
    assert {name for case in rule.cases for name in case.boundaries} <= known


@EACH
def test_every_field_in_a_text_is_in_the_evidence(rule: Rule) -> None:
    """Whatever a flag's sentence says, the finding holds: in every flagged case, for the words of its variant."""
    for case in rule.cases:
        for judged in judge_case(rule, case):
            if judged.verdict.outcome != "flag":
                continue
            seen = judged.verdict.seen
            variant = rule.table.variant.get(str(seen.get("variant", "")))
            texts = [variant.finding if variant else rule.table.finding, rule.table.caution, rule.table.resolves]
            texts += [rule.law(case.today, "LOU", "tender", seen.get("variant")).action]
            for text in texts:
                assert fields_in(text.sv) | fields_in(text.en) <= set(seen), case.name


@EACH
def test_every_variant_is_used_by_a_case_and_every_level_reached(rule: Rule) -> None:
    """Words and levels that no case reaches are not proven."""
    flags = [
        judged.verdict for case in rule.cases for judged in judge_case(rule, case) if judged.verdict.outcome == "flag"
    ]
    assert set(rule.table.variant) <= {str(verdict.seen.get("variant")) for verdict in flags}
    unreached = {"children_in_care"} if rule.id == "REG-03" else set()  # shared with REG-02, where it is reached
    assert set(rule.table.levels) - unreached <= {verdict.level for verdict in flags}


@EACH
def test_the_measure_is_in_the_evidence(rule: Rule) -> None:
    """What can get worse is a number of every flag, or the rule names none."""
    if rule.table.measure is None:
        return
    for case in rule.cases:
        for judged in judge_case(rule, case):
            if judged.verdict.outcome == "flag" and judged.verdict.seen.get(rule.table.measure) is not None:
                assert judged.measure is not None
                return
    pytest.fail(f"no flag of {rule.id} has {rule.table.measure}")


@EACH
def test_a_flag_in_a_case_reads_in_both_languages(rule: Rule) -> None:
    """No brace, no Python word and no bare None is left in what a reader sees."""
    for case in rule.cases:
        for judged in judge_case(rule, case):
            if judged.verdict.outcome == "flag":
                for language in ("sv", "en"):
                    told = finding(rule, judged.verdict.seen, language)
                    assert not re.search(r"[{}]|None|True|False|Decimal", told)


@EACH
def test_the_condition_names_limits_only(rule: Rule) -> None:
    """The condition is filled with limits, for the catalogue and the sheet of rules."""
    limits = {name for _start, values in rule.limits.versions for name in shown(values)}
    for text in (rule.table.condition.sv, rule.table.condition.en):
        assert fields_in(text) <= limits


@EACH
def test_both_languages_name_the_same_fields(rule: Rule) -> None:
    """The English text leaves nothing out that the Swedish says."""
    table = rule.table
    pairs = [table.finding, table.action, table.caution, table.resolves, table.condition]
    pairs += [variant.finding for variant in table.variant.values()]
    for text in pairs:
        assert fields_in(text.sv) == fields_in(text.en)


@EACH
def test_basis_names_a_paragraph_or_says_why_there_is_none(rule: Rule) -> None:
    """A basis is a paragraph, an article, the contract, or a law marked as not verified."""
    table = rule.table
    bases = [*table.basis, *(item for ground in table.ground for item in ground.basis or ())]
    for basis in bases:
        assert re.search(
            r"\d+:\d+|\d+ ?[a-z]? §|art\. \d|kap\.|Avtalets|avtalets|ej kontrollerad|Lag \(20\d\d:\d+\)", basis
        ), basis
    assert table.basis or table.no_basis


@EACH
def test_wording_is_neutral(rule: Rule) -> None:
    """A report is a public record and a person decides: an optional ground is never told as a duty."""
    table = rule.table
    texts = [table.finding, table.action, table.caution, table.resolves, table.why, table.condition]
    texts += [text for item in table.variant.values() for text in (item.finding, item.action) if text]
    texts += [ground.action for ground in table.ground if ground.action]
    for text in texts:
        assert not re.search(r"(?i)ska uteslutas|måste uteslutas|brottslig|skyldig till|fuskar", text.sv)
        assert not re.search(r"(?i)must be excluded|shall be excluded|criminal company|guilty", text.en)


@EACH
def test_limits_are_dated_and_the_rule_is_not_in_force_before(rule: Rule) -> None:
    """A run for a day before the first valid-from date has no limits to judge by."""
    for start, _values in rule.limits.versions[:1]:
        assert rule.limits.values(start) is not None
        assert rule.limits.values(start - timedelta(days=1)) is None


@EACH
def test_reasons_have_sentences(rule: Rule) -> None:
    """Every word that a check or the engine says has a sentence for people."""
    for case in rule.cases:
        for judged in judge_case(rule, case):
            if judged.verdict.outcome == "unknown":
                assert judged.verdict.reason in REASON
            if judged.verdict.outcome == "not_applicable":
                assert judged.verdict.reason in WHY


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
