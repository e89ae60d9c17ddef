"""The list as it is searched, whatever kind of file it came from: entities, their names, and which are like a supplier's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from screening.adapters.source import Answer, Request
from screening.model import Sanctions, SanctionsHit
from screening.names import is_hidden, likeness, normalise
from screening.names.parts import parts
from screening.names.words import PLACE, weight

KEEP = 0.70
"""From which likeness a hit is kept. A rule's limit below this finds no more."""
MAX_HITS = 10  # per supplier, the likest first
Subject = Literal["person", "enterprise"]
SUBJECT: Mapping[str, Subject] = {"person": "person", "enterprise": "enterprise", "p": "person", "e": "enterprise"}
STRONG: Mapping[str, bool] = {"true": True, "false": False}
UNKNOWN_COUNTRY = "00"
_SOUNDS = str.maketrans({"c": "k", "w": "v"})


class Unreadable(Exception):  # noqa: N818 - what a file is
    """A file that is not the list. The text is a Swedish sentence."""


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of a listed entity; ``strong`` is ``None`` where the list does not say."""

    name: str
    strong: bool | None


@dataclass(frozen=True, slots=True)
class Entity:
    """One listed entity with what a person needs to compare."""

    id: str
    subject: Subject | None
    aliases: tuple[Alias, ...]
    countries: tuple[str, ...]
    regulation: str | None
    programme: str | None
    listed_on: date | None


def answered(request: Request, look: Sanctions, raw: bytes) -> Answer:
    """One look at a list: itself, and each hit by itself, so that each is judged and decided on alone."""
    each = tuple(replace(look, scope_key=hit.entity_id, hits=(hit,)) for hit in look.hits)
    return Answer(supplier_id=request.supplier_id, facts=(look, *each), raw=raw)


class List:
    """The list, ready to be searched by the beginnings of words."""

    def __init__(self, list_on: date, digest: str, entities: Sequence[Entity]) -> None:
        self.list_on, self.sha256, self.entities = list_on, digest, entities
        self._by_word: dict[str, list[tuple[Entity, Alias]]] = defaultdict(list)
        for entity in entities:
            for alias in entity.aliases:
                for word in _words(alias.name):
                    self._by_word[word].append((entity, alias))

    def hits(self, names: Iterable[str], country: str) -> tuple[SanctionsHit, ...]:
        """The likest alias of each entity that is like one of the names, the likest entity first."""
        found: dict[str, SanctionsHit] = {}
        for name in names:
            if not normalise(name) or is_hidden(name):
                continue
            pairs = {
                id(alias): (entity, alias) for word in _words(name) for entity, alias in self._by_word.get(word, ())
            }
            for entity, alias in pairs.values():
                score = likeness(name, alias.name)
                if score >= KEEP and (entity.id not in found or _better(score, alias, found[entity.id])):
                    found[entity.id] = _hit(entity, alias, name, score, country)
        return tuple(sorted(found.values(), key=lambda hit: (-hit.score, hit.entity_id))[:MAX_HITS])


def countries(codes: Iterable[str]) -> tuple[str, ...]:
    """Each country once, in the list's order; what the list itself calls unknown is none."""
    return tuple(dict.fromkeys(code for code in codes if code and code != UNKNOWN_COUNTRY))


def whole(parts_of_name: Iterable[str]) -> str:
    """A name of its parts, with single spaces."""
    return " ".join(" ".join(parts_of_name).split())


def day(text: str | None) -> date | None:
    """The day of ``2026-11-20`` with or without a time; ``None`` for anything else."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _words(name: str) -> set[str]:
    """The beginnings of the words that say something; of all words where none does."""
    taken = parts(name)
    words = {word for part in (taken.main, *taken.others) for word in part.words}
    telling = {word for word in words if weight(word) >= PLACE} or words
    return {word[:4].translate(_SOUNDS) for word in telling}


def _better(score: float, alias: Alias, hit: SanctionsHit) -> bool:
    """The likest alias stands for the entity; of equally like ones a strong one."""
    return (score, alias.strong is not False) > (hit.score, hit.strong_alias is not False)


def _hit(entity: Entity, alias: Alias, own_name: str, score: float, country: str) -> SanctionsHit:
    return SanctionsHit(
        entity_id=entity.id,
        name=alias.name,
        score=score,
        strong_alias=alias.strong,
        programme=entity.programme,
        country=country if country in entity.countries else next(iter(entity.countries), None),
        subject=entity.subject,
        own_name=own_name,
        regulation=entity.regulation,
        listed_on=entity.listed_on,
    )
