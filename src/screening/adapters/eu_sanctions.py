"""The EU consolidated financial sanctions list (FSF, XML 1.1) as a file in the connector's ``inbox`` folder.

The newest file counts. Every name of a supplier, ours and the register's, is compared with every name of the list that
shares the beginning of a word with it; what is alike enough becomes a hit for a person to compare. Nothing is asked of
anybody, and a hit says nothing of identity. The answer keeps the list's own entries behind the hits, its date and hash.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree as ET

from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.errors import ConfigError, SourceUnavailable
from screening.model import Origin, Sanctions, SanctionsHit
from screening.names import is_hidden, likeness, normalise
from screening.names.parts import parts
from screening.names.words import PLACE, weight

KEEP = 0.70
"""From which likeness a hit is kept. A rule's limit below this finds no more."""
MAX_HITS = 10  # per supplier, the likest first
MAX_BYTES = 200_000_000
Subject = Literal["person", "enterprise"]
_UNKNOWN_COUNTRY = "00"
_SOUNDS = str.maketrans({"c": "k", "w": "v"})


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


# --- the source -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Screening:
    session: Session
    folder: Path

    async def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """Reads the newest list once and looks every supplier up; no network, no cost.

        Raises:
            SourceUnavailable: there is no list, or it cannot be read: nobody has been looked for.
        """
        del open_tickets
        today = self.session.now().date()
        found = newest(self.folder, today)
        for request in requests:
            yield self._answer(request, found)

    def _answer(self, request: Request, found: List) -> Answer:
        hits = found.hits(request.names or (request.name,), request.identity.country)
        raw = _evidence(found, hits)
        look = Sanctions(
            provenance=self.session.provenance(raw, request_ref=f"list {found.list_on} {found.sha256[:12]}"),
            list_on=found.list_on,
            list_sha256=found.sha256,
            hits=hits,
        )
        each = tuple(replace(look, scope_key=hit.entity_id, hits=(hit,)) for hit in hits)
        return Answer(supplier_id=request.supplier_id, facts=(look, *each), raw=raw)


def _evidence(found: List, hits: Sequence[SanctionsHit]) -> bytes:
    """What was looked through and what the list says of each hit: the same bytes for everyone without hits."""
    behind = {hit.entity_id for hit in hits}
    entries = (
        [
            {
                "id": entity.id,
                "subject": entity.subject,
                "names": [{"name": alias.name, "strong": alias.strong} for alias in entity.aliases],
                "countries": entity.countries,
                "regulation": entity.regulation,
                "programme": entity.programme,
                "listed_on": entity.listed_on,
            }
            for entity in found.entities
            if entity.id in behind
        ]
        if behind
        else []
    )
    head = {"list_on": found.list_on, "sha256": found.sha256, "entities": len(found.entities), "entries": entries}
    return json.dumps(head, ensure_ascii=False, default=str, sort_keys=True).encode()


# --- the file ---------------------------------------------------------------------------------------------------------
def newest(folder: Path, today: date) -> List:
    """The list with the latest date of its own that is not after ``today``, among the XML files of the folder.

    Raises:
        SourceUnavailable: none there, or none can be read; says which and what was expected.
    """
    lists: list[List] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.xml")) if folder.is_dir() else ():
        try:
            stat = path.stat()
            lists.append(_file(path, stat.st_mtime_ns, stat.st_size))
        except OSError as error:
            problems.append(f"{path.name} kan inte öppnas ({error.strerror})")
        except Unreadable as error:
            problems.append(f"{path.name}: {error}")
    usable = [item for item in lists if item.list_on <= today]
    if usable:
        return max(usable, key=lambda item: item.list_on)
    why = "; ".join(problems) or ("listan är daterad efter körningens dag" if lists else "mappen har ingen XML-fil")
    message = (
        f"{folder.name}: ingen sanktionslista att läsa, {why}; hämta EU:s konsoliderade lista (XML 1.1) och kör igen"
    )
    raise SourceUnavailable(message)


class Unreadable(Exception):  # noqa: N818 - what a file is
    """A file that is not the list. The text is a Swedish sentence."""


@lru_cache(maxsize=4)
def _file(path: Path, _changed: int, size: int) -> List:
    """One file, read once for each change of it: a run asks in chunks."""
    if size > MAX_BYTES:
        raise Unreadable(f"filen är större än {MAX_BYTES // 1_000_000} MB")
    return parse(path.read_bytes())


def parse(content: bytes) -> List:
    """The list from the bytes of a file; entities declared in XML are refused.

    Raises:
        Unreadable: not XML, not the list, or without its date.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unreadable("filen deklarerar egna XML-entiteter; det gör inte EU:s lista")
    try:
        root = ET.fromstring(content)  # noqa: S314 - no declarations, so no entities to expand
    except ET.ParseError:
        raise Unreadable("filen är inte XML") from None
    list_on = _day(root.get("generationDate"))
    if _tag(root) != "export" or list_on is None:
        raise Unreadable("filen är inte EU:s konsoliderade lista (export med generationDate)")
    entities = [_entity(item) for item in root if _tag(item) == "sanctionEntity"]
    if not entities:
        raise Unreadable("listan har inga poster")
    return List(list_on, sha256(content).hexdigest(), [item for item in entities if item.aliases])


def _entity(node: ET.Element) -> Entity:
    children: dict[str, list[ET.Element]] = defaultdict(list)
    for child in node:
        children[_tag(child)].append(child)
    first = children["regulation"][0].attrib if children["regulation"] else {}
    code = children["subjectType"][0].get("code", "") if children["subjectType"] else ""
    places = (*children["citizenship"], *children["address"], *children["identification"])
    countries = (item.get("countryIso2Code", "") for item in places)
    return Entity(
        id=node.get("euReferenceNumber") or f"logicalId {node.get('logicalId', '')}",
        subject=_SUBJECT.get(code),
        aliases=tuple(_aliases(children["nameAlias"])),
        countries=tuple(dict.fromkeys(code for code in countries if code and code != _UNKNOWN_COUNTRY)),
        regulation=first.get("numberTitle"),
        programme=first.get("programme"),
        listed_on=_day(first.get("publicationDate")),
    )


def _aliases(nodes: Iterable[ET.Element]) -> Iterator[Alias]:
    for node in nodes:
        whole = node.get("wholeName") or " ".join(
            part for key in ("firstName", "middleName", "lastName") if (part := node.get(key, ""))
        )
        if whole.strip():
            yield Alias(" ".join(whole.split()), _STRONG.get(node.get("strong", "")))


_SUBJECT: Mapping[str, Subject] = {"person": "person", "enterprise": "enterprise"}
_STRONG: Mapping[str, bool] = {"true": True, "false": False}


def _tag(node: ET.Element) -> str:
    """The name of an element without its namespace."""
    return node.tag.rsplit("}", 1)[-1]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _open(session: Session) -> _Screening:
    if session.inbox is None:
        message = f'{session.connector}.toml: inbox: missing; expected a folder, as inbox = "in/sanktioner"'
        raise ConfigError(message)
    return _Screening(session, session.inbox)


ADAPTER = Adapter(gives=frozenset({"sanctions"}), origin=Origin.AUTHORITY, open=_open, foreign=True)
