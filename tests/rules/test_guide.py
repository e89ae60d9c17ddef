"""The guide's example is a real rule: what it says is what happens."""

from __future__ import annotations

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from screening.rules import load_rule
from screening.rules.cases import run_cases

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
    rule, cases = block('id       = "AGA-08"'), block("a day short of a year")
    package = tmp_path / "checks_of_the_guide"
    package.mkdir()
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "young_company.py").write_text(check, encoding="utf-8")
    path = tmp_path / "aga_08_nyregistrerat.toml"
    path.write_text(rule + cases, encoding="utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    loaded = load_rule(path, package.name)
    assert list(run_cases(loaded)) == []
    assert len(loaded.cases) == 2


def test_the_rule_without_python_in_the_guide_works(tmp_path: Path) -> None:
    """One TOML alone."""
    path = tmp_path / "kre_04_negativt_eget_kapital.toml"
    path.write_text(block('id       = "KRE-04"'), encoding="utf-8")
    loaded = load_rule(path)
    assert list(run_cases(loaded)) == []
    assert len(loaded.cases) == 2


def test_the_grounds_in_the_guide_are_law_that_loads(tmp_path: Path) -> None:
    """The pattern to copy holds for a mandatory ground, too: every regime and phase is told its own law."""
    grounds = block('["LOU_under", "LOU_annex2"]', "19 a kap.")
    for force in ("får", "ska"):
        text = block('id       = "KRE-04"').replace('force     = "avtal"', f'force     = "{force}"')
        path = tmp_path / f"kre_04_{force}.toml"
        path.write_text(text.replace("[[params]]", f"{grounds}\n[[params]]", 1), encoding="utf-8")
        rule = load_rule(path)
        assert rule.law(date(2026, 11, 30), "LOU", "tender").force == force
        assert rule.law(date(2026, 11, 30), "LOU_annex2", "tender").force == "får"
        assert rule.law(date(2026, 11, 30), "LUF", "contract").basis[1] == "LUF 16:13"
