from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from screening.rules import Rule, load_rule
from screening.rules.catalogue import index, page
from screening.rules.notes import notes_of


def test_every_rule_has_a_whole_page(rules: Mapping[str, Rule]) -> None:
    """Condition, why, law, limits, example, cautions, action: no field is left unfilled."""
    for rule in rules.values():
        text = page(rule)
        for heading in ("När den flaggar", "Varför det är en signal", "Lag", "Exempel", "Felkällor", "Prövade fall"):
            assert f"\n## {heading}\n" in text
        assert "{" not in text
        assert "\u00a0" not in text


def test_a_page_shows_limits_ages_law_and_an_example(rules: Mapping[str, Rule]) -> None:
    """What a controller looks for stands there in figures."""
    text = page(rules["SKA-01"])
    assert "| gräns (`limit_sek`) | 10 000 kr | Skatteverket's own limit" in text
    assert "- Skuldsaldo hos Kronofogden (`enforcement_debt`): historiken, krävs; högst 45 dagar gammalt" in text
    assert "handlingens egen ålder avgör" in text
    assert "| LOU_under, LOU_annex2 | alla | alla | från 2022-02-01 | LOU 19:17 | får |" in text
    assert "> **HÖG** 10 000 kr i allmänna mål" in text
    assert "HÖG tillsammans med AGA-03" in page(rules["AGA-01"])


def test_the_index_links_every_rule(rules: Mapping[str, Rule]) -> None:
    """One row each."""
    text = index(rules.values())
    assert all(f"[{name}]({name}.md)" in text for name in rules)


@pytest.mark.parametrize("name", ["ska_06_f_skatt.toml"])
def test_a_rule_without_a_flagged_case_has_no_example(name: str) -> None:
    """The section is left out rather than empty."""
    rule = load_rule(Path(__file__).resolve().parents[2] / "rules" / name)
    bare = type(rule)(rule.table.model_copy(update={"case": ()}), rule.binding, rule.limits, rule.file, rule.text)
    assert "## Exempel" not in page(bare)


def test_a_page_shows_every_way_of_being_flagged_in_both_languages(rules: Mapping[str, Rule]) -> None:
    """Each variant and level once, as the report would say it; what is asked for, and for whom the rule is not."""
    text = page(rules["SAN-01"])
    assert text.count("> **MEDEL**") == 2
    assert "svagt alias" in text
    assert "> **HIGH** Kvarnholms Rederi AB is like" in text
    assert "artikel 5k" in text
    text = page(rules["SKA-02"])
    assert "Vid en flagga, inom 10 arbetsdagar: **förklaring**." in text
    assert "Vid underlag som saknas, inom 10 arbetsdagar: **kontoutdrag**." in text
    assert "Gäller bara juridiska personer, utländska leverantörer." in page(rules["IDE-03"])
    assert "vid gränsen `min_rows`, typiskt falsklarm" in page(rules["IDE-03"])


def test_what_stands_beside_a_limit_is_its_note() -> None:
    """By valid-from date; a sign in a text is no comment, and cases are not limits."""
    text = """
title = "x"   # not a limit
[[params]]
from  = 2024-01-01   # the first
limit = 10           # our choice | a guess
codes = ["#1", "b"]  # two
plain = 3
[[params]]
from  = 2027-01-01
limit = 20           # decided by the board
[[case]]
limit = 5            # no limit
"""
    first, second = date(2024, 1, 1), date(2027, 1, 1)
    assert notes_of(text) == {
        (first, "limit"): "our choice / a guess",
        (first, "codes"): "two",
        (second, "limit"): "decided by the board",
    }


def test_the_index_has_a_heading_per_family(rules: Mapping[str, Rule]) -> None:
    """With a name that says what it is about."""
    text = index(rules.values())
    assert "## SAN: Sanktioner" in text
    assert "## SKA: Skatt" in text


def test_a_page_tells_what_changes_from_a_day_on(rules: Mapping[str, Rule], tmp_path: Path) -> None:
    """Severities, ages and how old events may be, each with its day."""
    path = tmp_path / rules["SKA-01"].file
    more = """
[[change]]
from = 2027-01-01
severity = "low"
levels = { large = "high" }
max_age_days = 60
max_age = { accounts = 400 }
[[look_back]]
from = 2022-07-01
years = 3
basis = "LOU 13:3 a"
elsewhere = false
"""
    path.write_text(rules["SKA-01"].text + more, encoding="utf-8")
    text = page(load_rule(path))
    told = "Från 2027-01-01: allvarlighet LÅG; `large` HÖG; högst 60 dagar gammalt underlag; Bokslut högst 400 dagar gammalt."
    assert told in text
    assert "Från 2022-07-01: händelser äldre än 3 år används inte (LOU 13:3 a). Bara i upphandlingar" in text
    assert "I fasen avtal: Skulden kan utgöra skäl för åtgärd enligt avtalet." in text


def test_a_page_of_a_day_has_the_limits_of_that_day(rules: Mapping[str, Rule], tmp_path: Path) -> None:
    """A limit that is raised from January is not told as the limit in November."""
    path = tmp_path / rules["SKA-01"].file
    path.write_text(rules["SKA-01"].text + "[[params]]\nfrom = 2027-01-01\nlimit_sek = 20_000\n", encoding="utf-8")
    rule = load_rule(path)
    for today, limit in ((date(2026, 12, 31), "10 000"), (date(2027, 1, 1), "20 000"), (None, "20 000")):
        text = page(rule, today)
        assert f"Skulden i allmänna mål är minst gränsen ({limit} kr)" in text
        assert f"Ett nyare svar under {limit} kr" in text
        assert f"Public claims reach the limit (SEK {limit.replace(' ', ',')})" in text
