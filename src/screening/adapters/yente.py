"""OpenSanctions' matcher *yente*, run by the buyer itself: sanctions lists of more than the EU, asked about many names at once.

A batch has at most 100 questions, and each has a status of its own inside HTTP 200. The list's day is that of the index that
was searched, which the catalogue tells as its version; without it, or when it is old, nobody has been looked for. What yente
finds is compared with our own names again, so that the alias that is alike can be told; the higher likeness counts, and a hit
says nothing of identity. Of persons the number is never sent. It is asked of the buyer's own server alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote, urlencode

from pydantic import AliasChoices, Field

from screening.adapters.eu_sanctions.listing import KEEP, MAX_HITS, Alias, Entity, List, Subject, answered, countries
from screening.adapters.fanout import failed
from screening.adapters.persons import redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import Many, Wire, shaped
from screening.client import Reply
from screening.errors import SourceUnavailable, SupplierFailed
from screening.model import Origin, Sanctions, SanctionsHit
from screening.names import is_hidden

BATCH: Final = 100  # questions; yente refuses more
ALGORITHM: Final = (
    "logic-v2"  # named, so that the same question is weighed the same after yente has changed its default
)
MAX_AGE_DAYS: Final = 31
LEAST_SHARE: Final = (
    0.7  # of the entities of the list used last; with fewer, half an index has been searched. Our choice
)
_COUNT: Final = "entities"
_VERSION: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_SUBJECTS: Final[Mapping[str, Subject]] = {"Person": "person", "Company": "enterprise", "Organization": "enterprise"}
_NAMES: Final = (("name", True), ("alias", True), ("previousName", True), ("weakAlias", False))
_COUNTRIES: Final = ("jurisdiction", "country", "mainCountry", "nationality", "citizenship")


class Dataset(Wire):
    """One line of the catalogue. How many entities there are is told by some versions, under one name or another."""

    name: str
    version: str | None = None
    index_version: str | None = None
    index_current: bool | None = None
    entities: int | None = Field(
        default=None, validation_alias=AliasChoices("entity_count", "thing_count", "target_count")
    )


class Catalogue(Wire):
    """``/catalog``."""

    datasets: tuple[Dataset, ...]


class Result(Wire):
    """One listed entity that yente finds alike."""

    id: str
    caption: str = ""
    kind: str | None = Field(default=None, alias="schema")
    properties: Mapping[str, tuple[Any, ...]] = Field(default_factory=dict)
    score: float

    def texts(self, name: str) -> list[str]:
        """The values of a property that are texts."""
        return [value for value in self.properties.get(name, ()) if isinstance(value, str)]

    def entity(self) -> Entity:
        """The same as a list holds it."""
        aliases = [Alias(name, strong) for key, strong in _NAMES for name in self.texts(key)]
        return Entity(
            id=self.id,
            subject=_SUBJECTS.get(self.kind or ""),
            aliases=tuple(aliases or [Alias(self.caption, None)]),
            countries=countries(code.upper()[:2] for key in _COUNTRIES for code in self.texts(key)),
            regulation=None,
            programme=next((text for key in ("programId", "program") for text in self.texts(key)), None),
            listed_on=None,
        )


class Matches(Wire):
    """What one question was answered."""

    status: int = 200
    results: Many[Result] = ()


@dataclass(frozen=True, slots=True)
class _Listed:
    """The list that is searched."""

    dataset: str
    version: str
    on: date

    @property
    def sha256(self) -> str:
        """What stands for the list: yente's version tells one index from another."""
        return sha256(f"{self.dataset} {self.version}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class _Yente:
    session: Session

    @property
    def dataset(self) -> str:
        """The name of the list in yente."""
        return str(self.session.options.get("dataset", "eu_fsf"))

    async def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """One answer per request.

        Raises:
            SourceUnavailable: yente's list is not one to look in.
        """
        del open_tickets
        try:
            listed = await self._listed()
        except SupplierFailed as error:
            for request in requests:
                yield failed(request, error)
            return
        for start in range(0, len(requests), BATCH):
            for answer in await self._batch(requests[start : start + BATCH], listed):
                yield answer

    async def _listed(self) -> _Listed:
        """The list's version and day, from the catalogue."""
        name = self.session.connector
        reply = await self.session.client.get(f"{self.session.address}/catalog")
        if reply.status != 200:
            message = f"{name}: yente svarade {reply.status} på frågan om sina listor; kontrollera address"
            raise SourceUnavailable(message)
        datasets = shaped(Catalogue, reply.table()).datasets
        found = next((item for item in datasets if item.name == self.dataset), None)
        if found is None:
            raise SourceUnavailable(f"{name}: yente har ingen lista {self.dataset}; kontrollera options.dataset")
        version = found.index_version or (found.version if found.index_current else None) or ""
        listed = _Listed(self.dataset, version, self._day(version))
        self._check(found)
        return listed

    def _day(self, version: str) -> date:
        """The day of a version such as ``20261120061502-abc``, not too old and not to come."""
        name, today = self.session.connector, self.session.now().date()
        written = _VERSION.match(version)
        try:
            on = date(*(int(part) for part in written.groups())) if written else None
        except ValueError:
            on = None
        if on is None:
            message = f"{name}: yente säger inte från vilken dag listan {self.dataset} är ({version or 'inget index'})"
            raise SourceUnavailable(message)
        most = int(self.session.options.get("max_age_days", MAX_AGE_DAYS))
        if not today - timedelta(days=most) <= on <= today:
            message = f"{name}: listan {self.dataset} i yente är från {on}, väntat högst {most} dagar före {today}; uppdatera indexet"
            raise SourceUnavailable(message)
        return on

    def _check(self, found: Dataset) -> None:
        """Refuses an index that has lost much of what the one before had."""
        if found.entities is None:
            return
        least = int(self.session.options.get("least_entities", int(self.session.state.get(_COUNT, "0")) * LEAST_SHARE))
        if found.entities < least:
            message = (
                f"{self.session.connector}: listan {self.dataset} i yente har {found.entities} poster, väntat minst {least}; "
                "indexet är troligen inte helt"
            )
            raise SourceUnavailable(message)
        self.session.state[_COUNT] = str(found.entities)

    async def _batch(self, requests: Sequence[Request], listed: _Listed) -> list[Answer]:
        """Everybody's answer. A batch that is refused is asked in halves, until it is clear which question is at fault."""
        asked = {f"q{n}": (request, example(request)) for n, request in enumerate(requests)}
        queries = {key: query for key, (_, query) in asked.items() if query is not None}
        try:
            reply = await self._match(queries) if queries else None
            if reply is not None and reply.status == 400 and len(queries) > 1:
                middle = len(requests) // 2
                return [*await self._batch(requests[:middle], listed), *await self._batch(requests[middle:], listed)]
            responses = self._responses(reply) if reply is not None else {}
        except SupplierFailed as error:
            return [failed(request, error) for request in requests]
        return [self._answer(request, query, responses.get(key), listed) for key, (request, query) in asked.items()]

    async def _match(self, queries: Mapping[str, Any]) -> Reply:
        params = {
            "algorithm": str(self.session.options.get("algorithm", ALGORITHM)),
            "threshold": f"{KEEP:g}",
            "limit": str(MAX_HITS),
        }
        address = f"{self.session.address}/match/{quote(self.dataset, safe='')}?{urlencode(params)}"
        return await self.session.client.post(address, json={"queries": queries}, repeatable=True)

    def _responses(self, reply: Reply) -> Mapping[str, Any]:
        if reply.status == 400:
            raise SupplierFailed("rejected_input", "yente godtog inte frågan")
        if reply.status == 404:
            raise SourceUnavailable(f"{self.session.connector}: yente har ingen lista {self.dataset}")
        if reply.status != 200:
            raise SupplierFailed("source_down", f"yente svarade {reply.status}")
        responses = reply.table().get("responses")
        if not isinstance(responses, Mapping):
            raise SupplierFailed("partial", "svaret har en oväntad form (responses)")
        return responses

    def _answer(self, request: Request, query: Any, document: Any, listed: _Listed) -> Answer:
        """One question's answer; one that is not there, or failed by itself, is no clean record."""
        if query is None:
            return failed(request, SupplierFailed("rejected_input", "leverantören har inget namn att söka på"))
        try:
            matches = _matches(document)
        except SupplierFailed as error:
            return failed(request, error)
        found = hits(request, matches.results)
        raw = redact(_evidence(listed, document), self.session.pseudonym)
        look = Sanctions(
            provenance=self.session.provenance(raw, request_ref=f"{listed.dataset} {listed.version}"),
            list_on=listed.on,
            list_sha256=listed.sha256,
            hits=found,
        )
        return answered(request, look, raw)


def _matches(document: Any) -> Matches:
    """What one question was answered.

    Raises:
        SupplierFailed: it was left out, failed by itself, or has another shape.
    """
    if document is None:
        raise SupplierFailed("partial", "yente svarade inte på just den frågan")
    matches = shaped(Matches, document)
    if matches.status != 200:
        raise SupplierFailed("source_down", f"yente svarade {matches.status} på just den frågan")
    return matches


def example(request: Request) -> Mapping[str, Any] | None:
    """A question about one supplier: every name it has had, and of an organisation its number; ``None`` without either."""
    names = [name for name in request.names or (request.name,) if name and not is_hidden(name)]
    person = request.identity.is_person
    country = request.identity.country.lower()
    properties: dict[str, list[str]] = {"country" if person else "jurisdiction": [country]}
    if names:
        properties["name"] = names
    if not person:
        properties["registrationNumber"] = [request.identity.reveal()]
    elif not names:
        return None
    return {"schema": "LegalEntity" if person else "Company", "properties": properties}


def hits(request: Request, results: Sequence[Result]) -> tuple[SanctionsHit, ...]:
    """What is alike enough by yente's measure or by ours, the likest first, with the alias that is alike."""
    names, country = request.names or (request.name,), request.identity.country
    entities = {result.id: result.entity() for result in results}
    ours = {hit.entity_id: hit for hit in List(date.min, "", list(entities.values())).hits(names, country)}
    found = []
    for result in results:
        entity, hit = entities[result.id], ours.get(result.id)
        score = min(1.0, max(result.score, hit.score if hit else 0.0))
        if score < KEEP:
            continue
        found.append(
            replace(hit, score=score)
            if hit
            else SanctionsHit(
                entity_id=entity.id,
                name=result.caption or entity.aliases[0].name,
                score=score,
                programme=entity.programme,
                country=country if country in entity.countries else next(iter(entity.countries), None),
                subject=entity.subject,
                own_name=request.name,
            )
        )
    unique = {hit.entity_id: hit for hit in sorted(found, key=lambda hit: hit.score)}
    return tuple(sorted(unique.values(), key=lambda hit: (-hit.score, hit.entity_id))[:MAX_HITS])


def _evidence(listed: _Listed, document: Mapping[str, Any]) -> bytes:
    """What was looked in and what was answered, without the echo of the question: the same bytes for everyone without hits."""
    told = {key: value for key, value in document.items() if key != "query"}
    head = {"dataset": listed.dataset, "version": listed.version, "answer": told}
    return json.dumps(head, ensure_ascii=False, default=str, sort_keys=True).encode()


ADAPTER = Adapter(
    gives=frozenset({Sanctions.kind}),
    origin=Origin.AUTHORITY,
    open=_Yente,
    options={"dataset": str, "algorithm": str, "max_age_days": int, "least_entities": int},
    foreign=True,
    stub_path="/yente",
)
