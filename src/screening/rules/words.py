"""What people read instead of the names of kinds, fields, limits and words: ``words.toml``, and each rule's ``[labels]``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, get_args, get_origin, get_type_hints

from screening.model import KINDS, Value
from screening.rules.table import Language, RuleTable

Words = Mapping[str, tuple[str, str]]

_ALL: Mapping[str, Mapping[str, list[str]]] = tomllib.loads(
    files("screening.rules").joinpath("words.toml").read_text(encoding="utf-8")
)


def _words(section: str) -> Words:
    return {name: (swedish, english) for name, (swedish, english) in _ALL[section].items()}


KIND, FIELD = _words("kind"), _words("field")
_VALUE, _LIMIT = _words("value"), _words("limit")
_GENERAL: Words = {
    "kind": ("uppgift", "fact"),
    "field": ("fält", "field"),
    "limit": ("gräns", "limit"),
    "words": ("någon av orden", "one of the words"),
    "months": ("äldre än, månader", "older than, months"),
    "days": ("och dagar", "and days"),
}
"""Limits of the general checks on one field."""


def kind(name: str, language: Language) -> str:
    """A kind of fact, of whichever source (``enforcement_debt@creditsafe``)."""
    return _said(KIND, name.partition("@")[0], language)


def field(name: str, language: Language, table: RuleTable | None = None) -> str:
    """A field of a fact, or a value of a flag's evidence; of the rule's limits among them by the rule's own words."""
    return _said(FIELD, name, language) if name in FIELD else limit(name, language, table)


def limit(name: str, language: Language, table: RuleTable | None = None) -> str:
    """A limit, by the rule's own words; of a general rule by the field's; else its name, which is all there is."""
    if table is not None and name in table.labels:
        return table.labels[name].of(language)
    for how in _LIMIT:
        if name.startswith(f"{how}_"):
            return _said(_LIMIT, how, language).format(field(name.removeprefix(f"{how}_"), language))
    return _said(_GENERAL, name, language)


def key(scope_key: str, language: Language) -> str:
    """What one of several items is about: a quarter and law area (``2026Q3/hvb``), or what was asked for, in words."""
    parts = (
        _said(KIND, part, language) if part in KIND else _said(_VALUE, part, language) for part in scope_key.split("/")
    )
    return "/".join(parts)


def word(name: str, value: Value, language: Language) -> Value:
    """The value of a field as people say it, where it is one of a list of words, or names a kind, field or item; else as it is."""
    if isinstance(value, str) and name == "point":
        return key(value, language)
    if isinstance(value, str) and name in ("kind", "field"):
        return kind(value, language) if name == "kind" else field(value, language)
    if isinstance(value, str) and name in _SOURCES_OWN:
        return ", ".join(_said(_VALUE, part, language) for part in value.split(", "))
    if isinstance(value, str) and value in _VALUE and name in _listed():
        return _said(_VALUE, value, language)
    return value


_SOURCES_OWN = frozenset({"elsewhere_says", "company_status"})
"""Fields in a source's own words, of which those that are not Swedish are known here."""
_OF_LIMITS = frozenset({
    "refused_for", "areas", "critical_areas", "statutory_areas", "note_only_areas", "demanded_by",
})  # fmt: skip


@lru_cache
def _listed() -> frozenset[str]:
    """The fields that hold one of a list of words."""
    hints = ((name, hint) for of in KINDS.values() for name, hint in get_type_hints(of).items())
    return _OF_LIMITS.union(name for name, hint in hints if _is_list(hint))


def _is_list(hint: Any) -> bool:
    return get_origin(hint) is Literal or any(map(_is_list, get_args(hint)))


def _said(words: Words, name: str, language: Language) -> str:
    return words[name][language == "en"] if name in words else name
