"""Words for people instead of names in code: kinds, fields, limits and the words of lists."""

from __future__ import annotations

from typing import Any

import pytest

from screening.model import KINDS, Value
from screening.rules import Rule, words
from screening.rules.table import Language
from screening.rules.texts import written


def test_every_word_is_there_in_both_languages() -> None:
    """Two texts each, none empty, and every kind of fact among them."""
    assert KINDS.keys() <= words.KIND.keys()
    for swedish, english in (*words.KIND.values(), *words.FIELD.values()):
        assert swedish.strip()
        assert english.strip()


@pytest.mark.parametrize(
    ("language", "said"), [("sv", "Skuldsaldo hos Kronofogden"), ("en", "Debts at the Enforcement Authority")]
)
def test_a_kind_is_the_same_whichever_source_it_is_of(language: Language, said: str) -> None:
    """The source behind the @ has a title of its own."""
    assert words.kind("enforcement_debt@creditsafe", language) == words.kind("enforcement_debt", language) == said
    assert words.kind("no_such", language) == "no_such"


def test_an_item_is_called_by_what_it_is_about() -> None:
    """A quarter and law area, or a document that was asked for."""
    assert words.key("2026Q3/hvb", "sv") == "2026Q3/HVB"
    assert words.key("tax_account", "sv") == "Kontoutdrag från skattekontot"
    assert (
        words.key("record_check_attestation/2026Q3/lss_child", "en")
        == "Record check attestation/2026Q3/LSS for children"
    )


def test_a_limit_is_called_as_its_rule_says(rules: dict[str, Rule]) -> None:
    """The same name means another thing in another rule."""
    assert words.limit("max_days", "sv", rules["REG-06"].table) == "visas efter kvartalets slut, dagar"
    assert words.limit("max_days", "en", rules["REG-07"].table) == "greatest age of the document, days"
    assert words.limit("max_days", "sv") == "max_days"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("at_least_last_12_months_sek", "köpt på tolv månader minst"),
        ("below_equity_sek", "eget kapital under"),
        ("younger_than_months_registered_on", "registrerat den, yngre än (månader)"),
        ("limit", "gräns"),
    ],
)
def test_a_general_rules_limits_are_called_by_the_field(name: str, said: str) -> None:
    """Nobody has to name them: the field has its words, and the limit how it is put."""
    assert words.limit(name, "sv") == said


def test_a_value_of_evidence_goes_before_the_limit_of_the_same_name(rules: dict[str, Rule]) -> None:
    """What was seen, then what it was held against."""
    table = rules["AGA-10"].table
    assert words.field("turnover_sek", "sv", table) == "omsättning"
    assert words.limit("turnover_sek", "sv", table) == "gräns för omsättning"
    assert words.field("exit_days", "sv", table) == words.limit("exit_days", "sv", table)


@pytest.mark.parametrize(
    ("name", "value", "language", "said"),
    [
        ("f_tax", "ended", "sv", "upphörd"),
        ("f_tax", "future", "en", "begins later"),
        ("area", "hvb", "sv", "HVB"),
        ("kind", "accounts", "sv", "Bokslut"),
        ("field", "equity_sek", "en", "equity"),
        ("text", "ended", "sv", "ended"),  # another's own words are not ours to translate
        ("band", "none", "sv", "none"),
        ("point", "2026Q3/school", "sv", "2026Q3/skola och förskola"),
        ("point", "SKA-01-7F3K9Q2M", "sv", "SKA-01-7F3K9Q2M"),
        ("score", 12, "sv", 12),
    ],
)
def test_a_word_of_a_list_is_translated_and_nothing_else(
    name: str, value: Value, language: Language, said: Any
) -> None:
    """Only fields that hold one of a list of words."""
    assert words.word(name, value, language) == said
    if isinstance(value, str):
        assert written(name, value, language) == said
