"""The guide's example is a real rule: what it says is what happens."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from screening.rules import load_rule
from screening.rules.cases import run_cases

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "add-a-rule.md"


def test_the_example_in_the_guide_is_a_working_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check and one TOML, as written there, load and hold their cases."""
    text = GUIDE.read_text(encoding="utf-8")
    (check,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    _limit, _profile, _general, rule, cases = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
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
    _limit, _profile, general, *_rest = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "kre_04_negativt_eget_kapital.toml"
    path.write_text(general, encoding="utf-8")
    loaded = load_rule(path)
    assert list(run_cases(loaded)) == []
    assert len(loaded.cases) == 2
