from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from screening.model import REASONS, Contract
from screening.rules import Rule, texts

NB = "\u00a0"


@pytest.mark.parametrize(
    ("field", "value", "sv", "en"),
    [
        ("debt_sek", Decimal(12_500), f"12{NB}500{NB}kr", f"SEK{NB}12,500"),
        ("debt_sek", Decimal("1234567.50"), f"1{NB}234{NB}567,50{NB}kr", f"SEK{NB}1,234,567.50"),
        ("debt_sek", Decimal(-2000), f"−2{NB}000{NB}kr", f"SEK{NB}−2,000"),
        ("debt_sek", 0, f"0{NB}kr", f"SEK{NB}0"),
        ("debt_sek", 99.5, f"99,50{NB}kr", f"SEK{NB}99.50"),
        ("debt_share", Decimal("0.0125"), f"1,2{NB}%", "1.2%"),
        ("debt_share", Decimal("0.5"), f"50{NB}%", "50%"),
        ("share", Decimal("0.5"), f"50{NB}%", "50%"),
        ("debt_share", Decimal("0.00024"), f"under 0,1{NB}%", "below 0.1%"),
        ("debt_share", Decimal("0.001"), f"0,1{NB}%", "0.1%"),
        ("debt_share", Decimal(0), f"0{NB}%", "0%"),
        ("seen_on", date(2026, 11, 3), "2026-11-03", "2026-11-03"),
        ("seen_on", "2026-11-03", "2026-11-03", "2026-11-03"),
        ("age_days", 366, "366", "366"),
        ("score", Decimal(39), "39", "39"),
        ("likeness", 0.75, "0,75", "0.75"),
        ("documented", False, "nej", "no"),
        ("documented", True, "ja", "yes"),
        ("code", None, "uppgift saknas", "not known"),
    ],
)
def test_a_value_is_written_as_people_read_it(field: str, value: Any, sv: str, en: str) -> None:
    """The suffix says the unit; thousands never break over a line."""
    assert texts.written(field, value, "sv") == sv
    assert texts.written(field, value, "en") == en


def test_a_field_without_a_value_says_so() -> None:
    """An old finding may lack a field that a newer text has; nothing breaks."""
    assert texts.fill("Skäl: {reason}.", {}) == "Skäl: uppgift saknas."


@pytest.mark.parametrize(
    ("evidence", "text"),
    [
        ({"before": "Alva Ek", "after": "Bo Lind"}, "Bytt från Alva Ek till Bo Lind."),
        ({"before": "", "after": "Bo Lind"}, "Bytt till Bo Lind."),
        ({"after": None}, "Bytt."),
    ],
)
def test_a_part_in_brackets_is_left_out_when_its_field_has_no_value(evidence: Mapping[str, Any], text: str) -> None:
    """Nobody reads "from nobody to somebody"."""
    assert texts.fill("Bytt[ från {before}][ till {after}].", evidence) == text


def test_a_place_in_a_file_is_told_by_file_sheet_and_row() -> None:
    """Folders say nothing to whoever has to open the file."""
    place = {"file_ref": "in/2026-11/intyg.xlsx#Intyg#2"}
    assert texts.fill("({file_ref})", place) == "(intyg.xlsx, bladet Intyg, rad 2)"
    assert texts.fill("({file_ref})", place, "en") == "(intyg.xlsx, sheet Intyg, row 2)"


def test_the_variant_chooses_the_words(rules: Mapping[str, Rule]) -> None:
    """A finding read back from the store is told in the same words, in either language."""
    evidence = {"variant": "merged", "since_on": "2026-11-01", "successor": "Moder AB"}
    assert "övertagande bolag: Moder AB" in texts.finding(rules["AGA-12"], evidence)
    assert "taken over by: Moder AB" in texts.finding(rules["AGA-12"], evidence, "en")
    assert "sedan" in texts.finding(rules["AGA-12"], {"variant": "gone"})


def test_a_condition_is_told_with_the_limits_of_the_day(rules: Mapping[str, Rule]) -> None:
    """Before the first valid-from date the first known limits are told."""
    for day in (date(2026, 11, 30), date(2020, 1, 1)):
        assert f"10{NB}000{NB}kr" in texts.condition(rules["SKA-01"], day)
    assert "3, 4, 5, 6, 7" in texts.condition(rules["AGA-01"], date(2026, 11, 30), "en")
    assert "F-skatt" in texts.condition(rules["SKA-06"], date(2026, 11, 30))


def test_limits_may_be_evidence() -> None:
    """Lists are one text, an empty one a dash."""
    assert texts.shown({"codes": ("KK", "LI"), "none": (), "limit_sek": Decimal(5), "odd": 1.5}) == {
        "codes": "KK, LI",
        "none": "–",
        "limit_sek": Decimal(5),
        "odd": "1.5",
    }


def test_every_reason_of_the_model_has_a_sentence_that_says_what_to_do() -> None:
    """``not_needed`` never stands behind an unknown."""
    assert set(texts.REASON) == set(REASONS) - {"not_needed"}
    for word in texts.REASON:
        for language in ("sv", "en"):
            assert texts.reason(word, language).count(". ") >= 1


def test_why_a_rule_is_not_applicable_is_told_in_both_languages() -> None:
    """A word that is not listed is a fault of ours, not an empty sentence."""
    assert texts.why("regime") == "Gäller inte det här regelverket."
    assert texts.why("regime", "en") == "Does not concern this procurement regime."
    with pytest.raises(KeyError):
        texts.why("no such word")


@pytest.mark.parametrize(
    ("contract", "sv", "en"),
    [
        (Contract("A-1"), "A-1", "A-1"),
        (
            Contract("A-1", role="sub", main_contract="A-1"),
            "A-1 (underleverantör)",
            "A-1 (sub-supplier)",
        ),
        (
            Contract("U-7", role="relied_on", main_contract="A-1"),
            "U-7 (åberopat företag, till A-1)",
            "U-7 (relied on, under A-1)",
        ),
        (Contract("A-1", role="consortium"), "A-1 (i konsortium)", "A-1 (in a consortium)"),
    ],
)
def test_a_contract_is_named_with_the_suppliers_part_in_it(contract: Contract, sv: str, en: str) -> None:
    """A sub-supplier is linked to the contract that it works under."""
    assert (texts.contract_name(contract), texts.contract_name(contract, "en")) == (sv, en)
