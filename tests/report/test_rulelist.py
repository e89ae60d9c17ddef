"""Rules as one workspace has them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.report.rulelist import rule_here, rule_lines
from screening.rules import load

RULES = load(Path(__file__).resolve().parents[2] / "rules")


def config(language: str = "sv") -> Config:
    document: dict[str, Any] = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "report": {"language": language},
        "profile": [
            {"name": "vård", "rules": ["SKA-01", "REG-01"], "limits": {"SKA-01": {"limit_sek": 5_000}}},
            {"name": "övriga", "rules": ["SKA-01"]},
        ],
    }
    return validate("screening.toml", document, Config)


@pytest.mark.parametrize(
    ("language", "told"), [("sv", ("HÖG", "2 profiler", "ingen profil")), ("en", ("HIGH", "2 profiles", "no profile"))]
)
def test_the_list_tells_severity_title_and_profiles(language: str, told: tuple[str, str, str]) -> None:
    """A rule that nobody expects is told as such: it is never judged."""
    lines = {line[:6]: line for line in rule_lines(config(language), RULES)}
    assert set(lines) == set(RULES)
    assert told[0] in lines["SKA-01"]
    assert told[1] in lines["SKA-01"]
    assert told[2] in lines["SKA-02"]
    assert RULES["SKA-01"].title[language] in lines["SKA-01"]


def test_a_rule_is_shown_with_the_profiles_own_limits() -> None:
    """Those in force on the day."""
    text = "\n".join(rule_here(config(), RULES["SKA-01"], date(2026, 11, 30))).replace("\u00a0", " ")
    assert "Förväntas av profilerna: vård, övriga." in text
    assert "gräns: 10 000 kr" in text
    assert "gräns (vård): 5 000 kr" in text
    english = "\n".join(rule_here(config("en"), RULES["SKA-02"], date(2026, 11, 30)))
    assert "Expected by the profiles: none." in english
