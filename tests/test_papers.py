"""The papers in ``docs/papper/`` say what the program does: their tables come from it, and their words are checked against it."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

from screening.config import Privacy, Retention
from screening.console import PURGE_WORDS
from screening.model import KINDS
from screening.report.layout import LAYOUTS, SUMMARY
from screening.store.purge import steps

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "papper"
PAPERS = sorted(FOLDER.glob("*.md"))


@pytest.fixture(scope="module")
def made() -> ModuleType:
    """``docs/papers.py``, which is a script's module and no package's."""
    spec = importlib.util.spec_from_file_location("papers", ROOT / "docs" / "papers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["papers"] = module
    spec.loader.exec_module(module)
    return module


def text(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def test_the_five_papers_are_there_and_in_step(made: ModuleType) -> None:
    """What the code has now stands in them."""
    assert {path.stem for path in PAPERS} >= {"konsekvensbedomning", "registerforteckning", "information-artikel-14", "sekretess", "gallringsbeslut"}  # fmt: skip
    for path, now in made.papers():
        assert path.read_text(encoding="utf-8") == now, f"{path.name}: run docs/generate.py"
        assert "görs av docs/generate.py -->\n<!-- slut" not in now, f"{path.name}: an empty table"


def test_every_kind_of_fact_is_told_and_classified(made: ModuleType) -> None:
    """In the assessment, the record of processing and the information to people."""
    assert set(made.PERSONAL) == set(KINDS)
    rows = [line for line in text("registerforteckning.md").splitlines() if line.startswith("| ")]
    for kind in KINDS:
        assert any(made.KIND[kind][0] in row for row in rows), kind


def test_every_sheet_has_a_proposed_ground(made: ModuleType) -> None:
    """And says whether it was read or remembered."""
    assert set(made.GROUNDS) == {SUMMARY, *LAYOUTS}
    for name, (_holds, ground, checked) in made.GROUNDS.items():
        for law in re.findall(r"(17:1–2|19:3|21:7|27:1|31:16)", ground):
            assert law in checked or checked in (made.VERIFIED, made.MEMORY), (name, law)
        assert ("17:1" in ground) <= (made.MEMORY in checked)


def test_defaults_are_those_of_the_code() -> None:
    """Days, and what is off until somebody turns it on."""
    said = text("gallringsbeslut.md")
    for name, value in Retention().model_dump().items():
        assert f"| `{name}` | {f'{value} dagar' if value else 'tomt: inget tas bort'} |" in said
    assert Privacy().credit_on_persons is False
    assert "[30] dagar" in text("konsekvensbedomning.md")
    assert Retention().unflagged_persons_days == 30
    assert (Retention().raw_days, Retention().findings_days // 365) == (90, 5)


def test_every_step_of_a_purge_is_told_in_words() -> None:
    """Table by table, in the decision and on the terminal."""
    said = text("gallringsbeslut.md")
    for step in steps():
        assert f"| `{step.table}` | {PURGE_WORDS[step.what]} |" in said


def test_every_line_of_the_log_is_told(made: ModuleType) -> None:
    """The actions in the code are those in the papers."""
    found = set()
    for path in (ROOT / "src").rglob("*.py"):
        found |= set(re.findall(r'\.audit\((?:around\.)?\w+(?:\(\))?, "([a-z ]+)"', path.read_text(encoding="utf-8")))
    assert found == set(made.ACTIONS)


def test_they_are_ready_to_fill_in() -> None:
    """Places for a name, a date and a decision, and no paragraph from memory without its mark."""
    for path in PAPERS:
        if path.stem != "README":
            assert text(path.name).count("[") > 3, path.name
    assert "ej verifierat" in text("sekretess.md")
    assert "imy.se" in text("information-artikel-14.md")
