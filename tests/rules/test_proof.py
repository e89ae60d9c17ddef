"""Each thing that a rule must show is told when it does not, with the file and what was expected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from screening.rules import Rule
from screening.rules.proof import LOADED_EN, LOADED_SV, problems
from screening.rules.table import Ask, Text, Variant


def told(rule: Rule, **change: Any) -> str:
    """What is wrong with a rule of which something is changed."""
    return "\n".join(problems(replace(rule, table=rule.table.model_copy(update=change))))


def text(swedish: str, english: str) -> Text:
    return Text(sv=swedish, en=english)


@pytest.fixture
def rule(rules: Mapping[str, Rule]) -> Rule:
    """A whole rule."""
    found = rules["SKA-01"]
    assert list(problems(found)) == []
    return found


@pytest.mark.parametrize("outcome", ["flag", "clear", "unknown", "not_applicable"])
def test_an_outcome_that_no_case_shows(rule: Rule, outcome: str) -> None:
    """Each of the four."""
    kept = tuple(case for case in rule.cases if case.expect != outcome)
    assert f"ska_01_allmanna_mal.toml: case: none is {outcome}" in told(rule, case=kept)


def test_a_false_alarm_that_is_missing_or_flagged(rule: Rule) -> None:
    """The look-alike is the point of the rule."""
    plain = tuple(case.model_copy(update={"false_positive": False}) for case in rule.cases)
    assert "none has false_positive" in told(rule, case=plain)
    flagged = tuple(case.model_copy(update={"false_positive": case.expect == "flag"}) for case in rule.cases)
    assert "a false positive that is flagged" in told(rule, case=flagged)


def test_a_limit_with_one_side_or_no_such_limit(rule: Rule) -> None:
    """Both sides of each; a misspelt boundary proves nothing."""
    one_side = tuple(case for case in rule.cases if not ("limit_sek" in case.boundaries and case.expect == "clear"))
    assert 'boundary = "limit_sek": 1 side shown' in told(rule, case=one_side)
    young = tuple(case for case in rule.cases if "max_age_days" not in case.boundaries)
    assert 'boundary = "max_age_days": 0 side shown' in told(rule, case=young)
    wrong = (rule.cases[0].model_copy(update={"boundary": "limit"}), *rule.cases[1:])
    assert 'boundary = "limit": no such limit; expected one of limit_sek' in told(rule, case=wrong)


def test_a_field_that_is_not_in_the_evidence(rule: Rule) -> None:
    """Of any text, also one that only some ground uses."""
    assert "caution says {colour}, which is not in the evidence" in told(rule, caution=text("{colour}", "{colour}"))
    ground = rule.table.ground[0].model_copy(update={"action": text("Gör {x}.", "Do {x}.")})
    assert "ground 1.action says {x}" in told(rule, ground=(ground, *rule.table.ground[1:]))
    assert "phase_action.tender says {x}" in told(rule, phase_action={"tender": text("Gör {x}.", "Do {x}.")})
    braces = told(rule, resolves=text("None gäller", "None of it holds"))
    assert "resolves reads 'None'" in braces


def test_languages_that_differ(rule: Rule) -> None:
    """The same fields, and a translation."""
    assert "action: sv and en have other fields" in told(rule, action=text("{limit_sek}", "the limit"))
    assert "why: sv and en are the same" in told(rule, why=text("a b c d e", "a b c d e"))
    assert "condition.sv: {public_debt_sek} is no limit" in told(
        rule, condition=text("{public_debt_sek}", "{public_debt_sek}")
    )


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("action", ("Leverantören ska uteslutas.", "The supplier must be excluded.")),
        ("why", ("Det tyder på fusk.", "It is cheating.")),
        ("title", ("Kriminella ägare", "A dishonest owner")),
        ("caution", ("Måste hävas", "Should be terminated")),
    ],
)
def test_words_that_accuse(rule: Rule, key: str, words: tuple[str, str]) -> None:
    """In either language, in any text."""
    found = told(rule, **{key: text(*words)})
    assert f"{key}.sv: " in found
    assert f"{key}.en: " in found
    assert "expected neutral words" in found


@pytest.mark.parametrize("words", ["kan utgöra skäl för uteslutning", "Uteslutningsgrunden", "belastningsregistret"])
def test_words_of_the_law_are_not_loaded(words: str) -> None:
    """What the law itself says of itself is no accusation."""
    assert LOADED_SV.search(words) is None
    assert LOADED_EN.search("may be reason for exclusion under 13:2") is None


def test_variants_levels_and_measures_that_no_case_reaches(rule: Rule) -> None:
    """Words that are never told are not proven."""
    more = rule.table.variant | {"new": Variant(finding=text("Ny.", "New."))}
    assert "variant.new: no case is told so" in told(rule, variant=more)
    assert "levels.huge: no case reaches it" in told(rule, levels=rule.table.levels | {"huge": "critical"})
    assert "measure: no flag has a number in colour" in told(rule, measure="colour")


def test_a_finding_that_says_nothing(rule: Rule) -> None:
    """A flag has a sentence."""
    blank = {name: Variant(finding=text(" ", " ")) for name in rule.table.variant}
    assert "the finding is empty" in told(rule, variant=blank)


def test_a_basis_without_a_paragraph(rule: Rule) -> None:
    """At the top, in a ground, or in a variant."""
    assert "basis: 'God sed' names no paragraph" in told(rule, basis=("God sed",))
    ground = rule.table.ground[0].model_copy(update={"basis": ("LOU",)})
    assert "ground 1.basis: 'LOU' names no paragraph" in told(rule, ground=(ground, *rule.table.ground[1:]))


def test_limits_from_before_the_law_was_read(rule: Rule) -> None:
    """The first limits hold from a day that has been."""
    assert "params.from: 2024-01-01 is after the law was read (2023-01-01)" in told(rule, checked=date(2023, 1, 1))


def test_what_is_asked_for(rule: Rule) -> None:
    """It can be filled, and waits on reasons that there are."""
    asks = (
        Ask(kind="explanation", what=text("{accounts}", "{accounts}")),
        Ask(kind="explanation", what=text("{x}", "{x}"), outcomes=("unknown",), reasons=("later",)),
    )
    found = told(rule, ask=asks)
    assert "ask 1 says {accounts}, which the flag has not" in found
    assert "ask 2.what: {x} is not known of an unknown" in found
    assert "ask 2.reasons: 'later'" in found


def test_words_without_a_sentence(rule: Rule, rules: Mapping[str, Rule]) -> None:
    """Unknown and not applicable are told in words, and an unknown says what is missing."""
    from screening.model import Verdict

    def said(outcome: Any, reason: str) -> Rule:
        binding = replace(rule.binding, check=lambda *_arguments: Verdict(outcome, reason=reason))
        return replace(rule, binding=binding)

    assert "'blue' has no sentence" in "\n".join(problems(said("unknown", "blue")))
    assert "'blue' has no sentence" in "\n".join(problems(said("not_applicable", "blue")))
    assert list(problems(rules["IDE-01"])) == []
