from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from screening.rules import Rule, load_rule
from screening.rules.catalogue import index, page


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
    assert "| `limit_sek` | 10 000 kr |" in text
    assert "- `enforcement_debt`: senaste svaret, krävs; högst 45 dagar gammalt" in text
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
