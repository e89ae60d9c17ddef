"""The world file: its schema, its timeline, and the page that describes both."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from screening.config import Strict
from screening.errors import ConfigError
from screening.stub import world as module
from screening.stub.world import Fault, World, load

PAGE = (Path(__file__).parents[2] / "docs" / "world-file.md").read_text(encoding="utf-8")
TABLES = [
    kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, Strict) and kind is not Strict
]


@pytest.fixture
def example(tmp_path: Path) -> World:
    found = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    path = tmp_path / "world.toml"
    path.write_text(found[1], encoding="utf-8")
    return load(path)


def test_the_example_tells_a_story(example: World) -> None:
    """The page's own example: a debt in October, no F-skatt in November."""
    before, october, november = (example.at(date(2026, month, 20))["5599999017"] for month in (9, 10, 11))
    assert [int(state.debts.public_sek) for state in (before, october)] == [0, 120000]
    assert (october.credit is not None and october.credit.score, october.f_tax.to_on) == (31, None)
    assert november.f_tax.to_on == date(2026, 11, 5)
    assert november.f_tax.from_on == date(2019, 4, 1)
    assert "5599999017" not in example.at(date(2019, 3, 31))


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_on_the_page(table: type[Strict]) -> None:
    """A key that can be written is described."""
    assert [name for name in table.model_fields if f"`{name}`" not in PAGE] == []


def test_every_fault_is_on_the_page() -> None:
    """So is every kind of fault."""
    kinds = get_args(Fault.model_fields["kind"].annotation)
    assert [kind for kind in kinds if f"`{kind}`" not in PAGE] == []


def test_json_is_read_as_well(tmp_path: Path) -> None:
    """The same schema in the other notation."""
    path = tmp_path / "world.json"
    path.write_text('{"company": [{"number": "5599999017", "name": "A"}]}', encoding="utf-8")
    assert list(load(path).at(date(2026, 1, 1))) == ["5599999017"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("company = 1", r"world.toml: company"),
        ("[[company]]\nnumber = '1'\nname = 'A'\nnmae = 'B'", r"world.toml: company.0.nmae"),
        ("not toml", r"world.toml: cannot be read as a world"),
        ("[[company]]\nnumber = '1'\nname = 'A'\nofficers = [{ person = 'x' }]", "no such person x"),
        (
            "[[company]]\nnumber = '1'\nname = 'A'\n[[company]]\nnumber = '1'\nname = 'B'",
            "two companies with one number",
        ),
    ],
)
def test_a_wrong_world_is_told_by_place(tmp_path: Path, text: str, message: str) -> None:
    """File, place and what is wrong."""
    path = tmp_path / "world.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        load(path)
