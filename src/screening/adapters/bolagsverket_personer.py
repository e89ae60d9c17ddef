"""Bolagsverket's Företagsinformation v4, ``/personer``: trading prohibitions of a supplier's people, and their roles elsewhere.

One counted call for who they are, and one for each of them. The reason of a prohibition, and who decided it, is cut away
before anything is handed on: a role and dates is all that is kept. Where someone cannot be asked about (no Swedish number,
a call that failed), nobody is told to be without: only a prohibition that was found is a fact then.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from screening.adapters.bolagsverket import Identity, about, call, missed
from screening.adapters.bolagsverket_engagemang import MEMBER, engagements, kept, without_numbers
from screening.adapters.bolagsverket_v4 import SETS, Organisation, Organisations
from screening.adapters.fanout import UNLIKE, each
from screening.adapters.oauth import client_credentials
from screening.adapters.persons import person_key, person_number, redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import Day, Wire, clean, shaped
from screening.errors import SourceUnavailable, SupplierFailed
from screening.model import Engagement, Fact, Origin, Provenance, RoleEngagements, TradingProhibition

KIND, ROLES_ELSEWHERE = TradingProhibition.kind, RoleEngagements.kind
ASKED = {KIND: "NARINGSFORBUD", ROLES_ELSEWHERE: "ORGANISATIONSENGAGEMANG"}
"""Kind of fact -> the set of information that it takes; one call tells both."""
ROLES = ("LE", "OF", "VD", "EVD", "VVD", "KPL", "BOLM", "EFT", "LIKV", "SU", "PROK")
"""Whose prohibitions are asked for, the gravest role first: it is the one that a person with several is told in."""
MOST = 10
"""People asked about for one supplier at most; a larger board is ``partial``."""
KEPT = ("slutligt", "tillfalligt", "undantag")
"""Parts of a prohibition that are kept: its days. Why, and by which court, is not."""


class Span(Wire):
    """Between two days; the last is open where it is not given."""

    from_on: Day = Field(default=None, alias="from")
    tom: Day = None
    aterkallat_datum: Day = None

    def holds(self, today: date) -> bool:
        """Whether the day is in it, and it has not been revoked."""
        ended = (self.tom, self.aterkallat_datum)
        return (self.from_on is None or self.from_on <= today) and all(day is None or day >= today for day in ended)


class Prohibition(Wire):
    """``naringsforbud``: final or temporary, perhaps with an exemption."""

    slutligt: Span | None = None
    tillfalligt: Span | None = None
    undantag: Span | None = None


class PersonAnswer(Wire):
    """One person. The number is told one way or the other, or not at all."""

    identitet: Identity | None = None
    identitetsbeteckning: str | None = None
    naringsforbud: Prohibition | None = None


class People(Wire):
    """The whole answer; the specification's examples have one person, with or without a list around it."""

    personer: tuple[PersonAnswer, ...]


_Answers = Sequence[tuple[str, Any]]
"""Number of a person, and the answer about it."""


@dataclass(frozen=True, slots=True)
class _Personer:
    session: Session

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """A call for each supplier, and one for each of its people."""
        del open_tickets
        return each(self.session, requests, self.one)

    async def one(self, request: Request) -> Answer:
        """The answer about one supplier.

        Raises:
            SupplierFailed: the first call was not answered, or not sent (over budget).
            SourceUnavailable: the source stops.
        """
        body = {
            "identitetsbeteckning": request.identity.reveal(),
            "organisationInformationsmangd": list(SETS["officers"]),
        }
        heard = await call(self.session, request, "/organisationer", body)
        reply = heard.reply
        if reply.status != 200:
            return missed(self.session, request, heard)
        try:
            found = shaped(Organisations, {"organisationer": reply.json()}).organisationer
            about(self.session, request, [item.identitet for item in found])
        except SupplierFailed as error:
            raw = redact(reply.body, self.session.pseudonym)
            return _missing(request, error.reason, error.detail, raw, 1)
        people, without = representatives(found)
        if not people:
            raw = redact(reply.body, self.session.pseudonym)
            return _missing(request, "not_found", "inga företrädare med svenskt personnummer", raw, 1)
        asked = list(people.items())[:MOST]
        told = await self._each_person(request, asked)
        answers = [(number, document) for number, document, _ in told]
        raw = _kept(answers, self.session.pseudonym)
        came = self.session.provenance(raw, request_ref=heard.reference)
        if told:
            oldest = min(at for *_, at in told)
            came = replace(came, fetched_at=oldest, as_of=oldest.date())
        facts: list[Fact] = []
        if KIND in request.kinds:
            facts += self._prohibitions(answers, people, came, everyone=not without)
        if ROLES_ELSEWHERE in request.kinds:
            facts += self._engagements(answers, people, came, everyone=not without)
        lacks = request.kinds - {fact.kind for fact in facts}
        return Answer(
            supplier_id=request.supplier_id,
            facts=tuple(facts),
            missing=dict.fromkeys(sorted(lacks), ("partial", "alla företrädare kunde inte slås upp")),
            raw=raw,
            billable_calls=1 + len(answers),
        )

    def _prohibitions(
        self, answers: _Answers, people: Mapping[str, str], came: Provenance, *, everyone: bool
    ) -> list[TradingProhibition]:
        """One for each person; only those found where somebody could not be asked about."""
        facts = [fact for number, document in answers if (fact := self._fact(number, people[number], document, came))]
        whole = everyone and len(facts) == len(people)
        return facts if whole else [fact for fact in facts if fact.state == "active"]

    def _engagements(
        self, answers: _Answers, people: Mapping[str, str], came: Provenance, *, everyone: bool
    ) -> list[RoleEngagements]:
        """Everybody's roles as one fact, said to be partial where somebody could not be asked about."""
        read = [found for number, document in answers if (found := self._roles(number, document)) is not None]
        if not read:
            return []
        whole = everyone and len(read) == len(people)
        items = tuple(item for found in read for item in found)
        return [RoleEngagements(provenance=came, engagements=items, partial=None if whole else True)]

    def _roles(self, number: str, document: Any) -> tuple[Engagement, ...] | None:
        """``None`` for an answer of another form, or about somebody else."""
        key = person_key(self.session.pseudonym, number, "")
        try:
            return None if self._others(document, key) else engagements(document, key, self.session.pseudonym)
        except (SupplierFailed, *UNLIKE):
            return None

    def _others(self, document: Any, key: str) -> set[str]:
        """The keys of whomever else the answer names as the one that it is about."""
        return {person_key(self.session.pseudonym, told, "") for told in _numbers(document)} - {key}

    async def _each_person(self, request: Request, asked: Sequence[tuple[str, str]]) -> list[tuple[str, Any, datetime]]:
        """(number, answer, when) of everyone who was answered about; each is on disk before the next is asked."""
        answers: list[tuple[str, Any, datetime]] = []
        sets = [name for kind, name in ASKED.items() if kind in request.kinds]
        for number, _role in asked:
            part = " ".join([person_key(self.session.pseudonym, number, ""), *sets])
            if (had := self.session.kept(request, part)) is not None:
                answers.append((number, json.loads(had.data), had.at))
                continue
            body = {"identitetsbeteckning": number, "personInformationsmangd": sets}
            try:
                heard = await call(self.session, request, "/personer", body)
            except (SupplierFailed, SourceUnavailable):
                break  # over budget, or the source stops: its next question will tell
            try:
                document = heard.reply.json() if heard.reply.status == 200 else None
            except SupplierFailed:
                document = None  # cut off: nothing is known of this one
            document = _readable(document, self.session.pseudonym)
            heard.paid.keep(part, json.dumps(document, ensure_ascii=False).encode())
            answers.append((number, document, self.session.now()))
        return answers

    def _fact(self, number: str, role: str, document: Any, came: Provenance) -> TradingProhibition | None:
        """``None`` for an answer of another form, or about somebody else."""
        key = person_key(self.session.pseudonym, number, "")
        try:
            state, span = stands(document, self.session.now().date())
            others = self._others(document, key)
        except (SupplierFailed, *UNLIKE):
            return None
        if others:
            return None
        return TradingProhibition(
            provenance=came,
            scope_key=key,
            state=state,
            person_key=key,
            role_code=role,
            from_on=span.from_on if span else None,
            to_on=span.tom if span else None,
        )


def representatives(found: Sequence[Organisation]) -> tuple[dict[str, str], int]:
    """Number -> gravest role of the people in the circle, and how many of them have no Swedish number."""
    people: dict[str, str] = {}
    without = 0
    for item in found:
        for holder in item.funktionarer or ():
            held = {clean(role.kod) for role in holder.funktionarsroller or ()}
            role = next((code for code in ROLES if code in held), None)
            if role is None:
                continue
            written = clean(holder.identitet.identitetsbeteckning) if holder.identitet else None
            number = person_number(written) if written else None
            if number is None:
                without += 1
            elif number not in people or ROLES.index(role) < ROLES.index(people[number]):
                people[number] = role
    return dict(sorted(people.items(), key=lambda pair: (ROLES.index(pair[1]), pair[0]))), without


State = Literal["none", "active", "ended", "exempted"]


def stands(document: Any, today: date) -> tuple[State, Span | None]:
    """The state of a prohibition on the day, and the days it is from and to. A part that is not there is no *none*.

    Raises:
        SupplierFailed: ``partial``: the answer has another form.
    """
    rows = document if isinstance(document, list) else [document]
    if not rows or any(not isinstance(row, dict) or "naringsforbud" not in row for row in rows):
        raise SupplierFailed("partial", "svaret har inget om näringsförbud")
    person = next((item for item in shaped(People, {"personer": rows}).personer if item.naringsforbud), None)
    ban = person.naringsforbud if person else None
    spans = [span for span in (ban.slutligt, ban.tillfalligt) if span is not None] if ban else []
    if not spans:
        return "none", None
    standing = next((span for span in spans if span.holds(today)), None)
    if standing is None:
        return "ended", spans[0]
    exempt = ban is not None and ban.undantag is not None and ban.undantag.holds(today)
    return ("exempted" if exempt else "active"), standing


def _numbers(document: Any) -> Iterator[str]:
    """The numbers by which an answer names whom it is about."""
    for row in document if isinstance(document, list) else [document]:
        person = shaped(PersonAnswer, row)
        for number in (person.identitetsbeteckning, person.identitet and person.identitet.identitetsbeteckning):
            if number and clean(number):
                yield number


def _readable(document: Any, pseudonym: Callable[[str], str]) -> list[Any]:
    """An answer in its own shape with what is read of it alone, and keyed hashes in place of numbers; empty when it is none."""
    rows = document if isinstance(document, list) else [] if document is None else [document]
    return [_row(row, pseudonym) if isinstance(row, dict) else None for row in rows]


def _row(row: Mapping[str, Any], pseudonym: Callable[[str], str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if isinstance(number := row.get("identitetsbeteckning"), str):
        made["identitetsbeteckning"] = person_key(pseudonym, number, "")
    identity = row.get("identitet")
    if isinstance(identity, dict) and isinstance(number := identity.get("identitetsbeteckning"), str):
        made["identitet"] = {"identitetsbeteckning": person_key(pseudonym, number, "")}
    if "naringsforbud" in row:
        ban = row["naringsforbud"]
        made["naringsforbud"] = _without(ban) if isinstance(ban, dict) else ban
    if row.get(MEMBER) is not None:
        made[MEMBER] = without_numbers(row[MEMBER], pseudonym)
    return made


def _kept(answers: _Answers, pseudonym: Callable[[str], str]) -> bytes:
    """The answers as they may be kept: by keyed hash, of a prohibition its days alone, of a role its code and company's key."""
    rows = [
        {
            "person": person_key(pseudonym, number, ""),
            "naringsforbud": [_without(row) for row in _bans(document)],
            "organisationsengagemang": kept(document, pseudonym),
        }
        for number, document in answers
    ]
    return json.dumps(rows, ensure_ascii=False).encode()


def _bans(document: Any) -> list[Mapping[str, Any]]:
    rows = document if isinstance(document, list) else [document]
    bans = [row.get("naringsforbud") for row in rows if isinstance(row, dict)]
    return [ban for ban in bans if isinstance(ban, dict)]


def _without(ban: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in ban.items() if name in KEPT}


def _missing(request: Request, reason: str, detail: str, raw: bytes, calls: int) -> Answer:
    missing = dict.fromkeys(request.kinds, (reason, detail))
    return Answer(supplier_id=request.supplier_id, missing=missing, raw=raw, billable_calls=calls)


def _open(session: Session) -> _Personer:
    session.client.authenticate(client_credentials(session, scope=str(session.options.get("scope", ""))))
    return _Personer(session)


ADAPTER = Adapter(
    gives=frozenset(ASKED),
    origin=Origin.AUTHORITY,
    open=_open,
    secrets=("client_id", "client_secret"),
    options={"scope": str, "token_credentials": str, "misses_cost": bool},
    stub_path="/bolagsverket_personer/foretagsinformation/v4",
    stub_token_path="/bolagsverket_personer/oauth2/token",  # noqa: S106 - an address
    more_calls=dict.fromkeys(ASKED, lambda _options: MOST),
    open_calls=2,  # who they are, until the last of them is answered about, and one of them
)
