import inspect
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, dataclass, field, replace
from datetime import UTC, date, datetime

import pytest

from screening.model import KINDS, Provenance
from screening.model.provenance import Origin
from screening.model.quick import quick


@dataclass(frozen=True, slots=True)
class Base:
    one: int
    two: str = "two"


@dataclass(frozen=True, slots=True)
class Plain(Base):
    many: Mapping[str, int] = field(default_factory=dict)
    only: bool = field(default=False, kw_only=True)


@quick
@dataclass(frozen=True, slots=True)
class Quick(Base):
    many: Mapping[str, int] = field(default_factory=dict)
    only: bool = field(default=False, kw_only=True)


def test_it_takes_the_same_arguments_as_the_dataclass_that_it_was() -> None:
    """Positional, by name, by keyword alone; defaults, and a fresh value of each factory."""
    made = Quick(1, "x", {"a": 2}, only=True)
    assert (made.one, made.two, made.many, made.only) == (1, "x", {"a": 2}, True)
    assert repr(Quick(1)) == repr(Plain(1)).replace("Plain", "Quick")
    assert Quick(1).many is not Quick(1).many
    assert list(inspect.signature(Quick).parameters) == list(inspect.signature(Plain).parameters)


def test_what_is_wrong_with_a_dataclass_is_wrong_with_it() -> None:
    """A missing argument, one too many, one of another name, and writing to what is frozen."""
    for arguments, named in (((), {}), ((1, "x", {}, True), {}), ((1,), {"other": 1})):
        with pytest.raises(TypeError):
            Quick(*arguments, **named)  # type: ignore[arg-type]
    with pytest.raises(FrozenInstanceError):
        Quick(1).one = 2  # type: ignore[misc]


def test_it_is_equal_hashed_and_replaced_as_before() -> None:
    """By value."""
    assert Quick(1) == Quick(1)
    assert Quick(1) != Quick(2)
    assert replace(Quick(1, only=True), one=2) == Quick(2, only=True)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_of_fact_is_made_with_its_provenance_and_key(kind: str) -> None:
    """The fields that it inherits are its own too."""
    came = Provenance(
        source="s", origin=Origin.AUTHORITY, as_of=date(2026, 1, 1), fetched_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    needed = {
        name: None
        for name, parameter in inspect.signature(KINDS[kind]).parameters.items()
        if parameter.default is inspect.Parameter.empty and name != "provenance"
    }
    fact = KINDS[kind](provenance=came, scope_key="k", **needed)
    assert (fact.provenance, fact.scope_key) == (came, "k")
