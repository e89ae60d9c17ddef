"""A general check: a word that a rule names is one of those it lists."""

from __future__ import annotations

from dataclasses import dataclass

from screening.checks import General
from screening.model import Fact, Value, Verdict, clear, flag, unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class P(General):
    """A field with a word, and the words that flag."""

    holds = (str,)

    words: tuple[str, ...]


def check(fact: Fact, p: P) -> Verdict:
    """Flags when the field is one of the words."""
    value: object = getattr(fact, p.field)
    if not isinstance(value, str):
        return unknown("partial")
    seen: dict[str, Value] = {p.field: value, "as_of_on": fact.provenance.held_on}
    return flag(fact, level="", **seen) if value in p.words else clear(fact, **seen)
