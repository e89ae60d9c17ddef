"""Bolagsverket's Företagsinformation v4: officers, signatory, accounts, and the detailed status as a second record.

The answer is a bare JSON array, and an unknown number is 404. Each call counts against a paid monthly quota, so only the
sets of information behind the wanted kinds are asked for, and a question without an answer is not repeated by itself.
Personal numbers are replaced by keyed hashes before anything is handed on.

It gives no dates on roles. So the first time it is asked for a supplier's officers it is also asked for its state on
``history_days`` before (``tidpunkt``), one more counted call each: successive boards show what changed between them. Each
of these answers is kept as it comes, so that none is bought again after a crash.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import AliasChoices, Field

from screening.adapters.bolagsverket import Code, Heard, Identity, PersonName, about, call, missed, name_kind
from screening.adapters.bolagsverket_notices import Notices
from screening.adapters.fanout import UNLIKE, each
from screening.adapters.oauth import client_credentials
from screening.adapters.persons import births, births_in, person_key, redact, redact_text, with_births
from screening.adapters.source import Adapter, Answer, Kept, Request, Session, Ticket
from screening.adapters.wire import Day, Wire, clean, shaped
from screening.client import Reply
from screening.errors import SourceUnavailable, SupplierFailed
from screening.model import (
    Accounts,
    CompanyName,
    CompanyRecord,
    Fact,
    Officer,
    Officers,
    Origin,
    Proceeding,
    Provenance,
    Signatory,
)

SETS: Mapping[str, tuple[str, ...]] = {
    "officers": ("FUNKTIONARER",),
    "signatory": ("FIRMATECKNING",),
    "accounts": ("FINANSIELLA_RAPPORTER", "RAKENSKAPSAR"),
    "company_record": ("DETALJERAD_STATUS", "SAMTLIGA_ORGANISATIONSNAMN", "ORGANISATIONSDATUM"),
}
"""Kind of fact -> ``organisationInformationsmangd``."""

DATES = "ORGANISATIONSDATUM"
STRUCK_OFF = frozenset({
    "AKEJH", "ARSEED", "AVREG", "BABAKEJH", "DELAV", "DOM", "FUAV", "GROMAV", "KKAV", "LIAV", "NYINN", "OMAV", "OMBAB",
    "OVERK", "UTLKKLI", "VDSAK", "VERKUPP",
})  # fmt: skip
"""Why an organisation is no longer registered, by code (as in HVD)."""


class Name(Wire):
    """A name of an organisation."""

    typ: Code | None = None
    namn: str | None = None
    registreringsdatum: Day = None


class Status(Wire):
    """``organisationsstatusar``: a code with its kind and date."""

    kod: str | None = None
    klartext: str | None = None
    typ: Code | None = None
    datum: Day = None

    @property
    def ended(self) -> bool:
        """Whether it is the status of an organisation that has been struck off: by the kind, or by the code."""
        kind = f"{self.typ.kod} {self.typ.klartext}" if self.typ else ""
        return "avregistrerad" in kind.casefold() or clean(self.kod) in STRUCK_OFF

    @property
    def alive(self) -> bool:
        """Whether it only says that the organisation is registered or active, which is no proceeding."""
        return _ALIVE.match(f"{clean(self.klartext) or self.kod}") is not None


class Dates(Wire):
    """``organisationsdatum``."""

    registreringsdatum: Day = None


class SigningRule(Wire):
    """``firmateckning``."""

    klartext: str | None = None
    prokuratext: str | None = None


class Officeholder(Wire):
    """``funktionarer``: a person or an organisation with its roles."""

    personnamn: PersonName | None = None
    organisationsnamn: Name | None = None
    identitet: Identity | None = None
    fodelsedatum: str | None = None
    funktionarsroller: tuple[Code, ...] | None = None


class Period(Wire):
    """A reporting period."""

    period_from: Day = None
    period_tom: Day = None


class Report(Wire):
    """A financial report that has come in."""

    rapporteringsperiod: Period | None = None
    rapport_typ: Code | None = None
    registrerad_datum: Day = None


class Reports(Wire):
    """The reports of one case."""

    rapporter: tuple[Report, ...] | None = None


class FiscalYear(Wire):
    """``rakenskapsar``: month and day on which the fiscal year ends from now on."""

    rakenskapsar_avslutas: str | None = None


class StruckOff(Wire):
    """``detaljeradStatus.avregistreradOrganisation``."""

    avregistreringsdatum: Day = None
    avregistreringsorsak: Code | None = None


class WindingUpEvent(Wire):
    """When a winding-up began and ended."""

    inledd_datum: Day = None
    avslutad_datum: Day = None
    beslutsdatum: Day = None


class WindingUp(Wire):
    """Bankruptcy, liquidation, restructuring. The short names are those of notes, the long ones of the specification."""

    kind: Code | None = Field(
        default=None, validation_alias=AliasChoices("avvecklingsEllerOmstruktureringsforfarandetyp", "typ")
    )
    event: WindingUpEvent | None = Field(
        default=None, validation_alias=AliasChoices("avvecklingsEllerOmstruktureringsforfarandehandelse", "handelse")
    )


class SwedishOrganisation(Wire):
    """A party to a merger."""

    identitetsbeteckning: str | None = None
    namn: str | None = None


class ForeignOrganisation(Wire):
    """A party to a merger, registered abroad."""

    organisationsnamn: Name | None = None


class MergerParty(Wire):
    """Either."""

    svensk_organisation: SwedishOrganisation | None = None
    utlandsk_organisation: ForeignOrganisation | None = None


class MergerEvent(Wire):
    """How far a merger has come; ``genomford``: carried through, ``forfallen`` and ``atergangen``: given up."""

    inledd_datum: Day = None
    genomford_datum: Day = None
    forfallen_datum: Day = None
    atergangen_datum: Day = None


class Merger(Wire):
    """Merger, division or transformation."""

    roll_i_forfarandet: str | None = None  # OVERLATANDE | OVERTAGANDE
    kind: Code | None = Field(
        default=None, validation_alias=AliasChoices("fusionsDelningsEllerOmbildningsforfarandetyp", "typ")
    )
    event: MergerEvent | None = Field(
        default=None, validation_alias=AliasChoices("fusionsDelningsEllerOmbildningsforfarandehandelse", "handelse")
    )
    overtagande_organisationer: tuple[MergerParty, ...] | None = None


class DetailedStatus(Wire):
    """``detaljeradStatus``."""

    avregistrerad_organisation: StruckOff | None = None
    avvecklings_eller_omstruktureringsforfaranden: tuple[WindingUp, ...] | None = None
    fusions_delnings_eller_ombildningsforfaranden: tuple[Merger, ...] | None = None


class Organisation(Wire):
    """One element of the answer; a sole trader has one for each business."""

    identitet: Identity | None = None
    namnskyddslopnummer: int | None = None
    organisationsnamn: Name | None = None
    samtliga_organisationsnamn: tuple[Name, ...] | None = None
    organisationsform: Code | None = None
    organisationsstatusar: tuple[Status, ...] | None = None
    organisationsdatum: Dates | None = None
    firmateckning: SigningRule | None = None
    funktionarer: tuple[Officeholder, ...] | None = None
    finansiella_rapporter: tuple[Reports, ...] | None = None
    rakenskapsar: FiscalYear | None = None
    detaljerad_status: DetailedStatus | None = None


class Organisations(Wire):
    """The whole answer."""

    organisationer: tuple[Organisation, ...]


Gap = tuple[str, str]
_ALIVE = re.compile(r"aktiv|registrerad", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Said:
    """One answered question: now, or in an earlier try that was cut off (``heard`` is ``None``)."""

    reply: Reply
    reference: str
    at: datetime
    day: date | None  # the earlier day that it is about
    heard: Heard | None
    births: Mapping[str, str]  # ``births_in`` what was kept

    def keep(self, part: str, raw: bytes, pseudonym: Callable[[str], str]) -> None:
        """On disk, with what it cost."""
        if self.heard is not None:
            about = {"status": self.reply.status, "reference": self.reference, "day": self.day and str(self.day)}
            about |= {"births": births_in(self.reply.body, pseudonym)}
            self.heard.paid.keep(part, json.dumps(about).encode() + b"\n" + raw)

    @classmethod
    def again(cls, kept: Kept) -> _Said:
        """As it was kept: without personal numbers, which the keyed hashes stand for just as well."""
        head, _, body = kept.data.partition(b"\n")
        about = json.loads(head)
        day = date.fromisoformat(about["day"]) if about["day"] else None
        return cls(Reply(about["status"], {}, body), about["reference"], kept.at, day, None, about["births"])


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The answered question about the state on one earlier day; ``found`` is empty where it was of no use."""

    said: _Said
    day: date
    found: tuple[Organisation, ...]
    raw: bytes


def history_days(options: Mapping[str, Any]) -> tuple[int, ...]:
    """How many days back to ask for officers the first time, nearest first."""
    return tuple(sorted(set(options.get("history_days", ()))))


@dataclass(slots=True)
class _Foretagsinformation:
    session: Session
    notices: Notices | None

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """One counted call for each supplier; more the first time; none where notices show that nothing has changed."""
        del open_tickets
        return each(self.session, requests, self.one) if self.notices is None else self._told(requests, self.notices)

    async def _told(self, requests: Sequence[Request], notices: Notices) -> AsyncIterator[Answer]:
        """The notices first, once in a run."""
        if not notices.whole:
            await notices.open()
        async for answer in each(self.session, requests, self.one):
            yield answer

    async def one(self, request: Request) -> Answer:
        """The answer about one supplier; once the call has been answered it is an ``Answer``, whatever it holds.

        Raises:
            SupplierFailed: the call was not answered, or not sent (over budget).
            SourceUnavailable: the source stops.
        """
        if self.notices is None:
            return await self._buy(request)
        if self.notices.proves(request):
            return Answer(supplier_id=request.supplier_id, confirms=request.kinds)
        await self.notices.subscribe(request)
        answer = await self._buy(request)
        if answer.facts:
            self.notices.renewed(request)
        return answer

    async def _buy(self, request: Request) -> Answer:
        sets = [name for kind, names in SETS.items() if kind in request.kinds for name in names]
        look_back = "officers" in request.first & request.kinds and bool(history_days(self.session.options))
        if look_back and DATES not in sets:
            sets.append(DATES)
        today = " ".join(["today", *sets])
        said = await self._asked(request, sets, part=today if look_back else "")
        if said.reply.status != 200 and said.heard is not None:
            return missed(self.session, request, said.heard)
        raw = redact(said.reply.body, self.session.pseudonym)
        try:
            found = self._found(request, said.reply)
        except SupplierFailed as error:
            missing = dict.fromkeys(request.kinds, (error.reason, error.detail))
            return Answer(supplier_id=request.supplier_id, missing=missing, raw=raw, billable_calls=1)
        if not look_back or all(item.funktionarer is None for item in found):
            return read(request, found, raw, self._came(raw, said), self.session.pseudonym)
        said.keep(today, raw, self.session.pseudonym)
        earlier = await self._earlier(request, _days_back(self.session, found))
        raw = _together(raw, earlier)
        answer = read(request, found, raw, self._came(raw, said), self.session.pseudonym)
        told: list[tuple[Fact | Gap, _Said]] = [
            (_officers(item.found, self._came(raw, item.said, item.day), self.session.pseudonym), item.said)
            for item in earlier
            if item.found
        ]
        told += [(fact, said) for fact in answer.facts]
        return replace(
            answer,
            facts=tuple(with_births(fact, came.births) for fact, came in told if isinstance(fact, Fact)),
            billable_calls=1 + len(earlier),
        )

    def _came(self, raw: bytes, said: _Said, day: date | None = None) -> Provenance:
        came = self.session.provenance(
            raw, as_of=day or said.at.date(), request_ref=said.reference, historic=day is not None
        )
        return replace(came, fetched_at=said.at)

    async def _earlier(self, request: Request, days: Mapping[str, date]) -> list[_Earlier]:
        """The boards on earlier days, oldest first.

        Asked nearest first, and no further when a day gives none: so those before today's are without a hole, and a
        history that could not be had whole is short, never thin. What is had is kept.
        """
        answered: list[_Earlier] = []
        for part, day in days.items():
            try:
                said = await self._asked(request, list(SETS["officers"]), day, part=part)
            except (SupplierFailed, SourceUnavailable):
                break  # over budget, or the source stops: its next question will tell
            raw = redact(said.reply.body, self.session.pseudonym)
            said.keep(part, raw, self.session.pseudonym)
            try:
                found = self._found(request, said.reply) if said.reply.status == 200 else ()
            except (SupplierFailed, *UNLIKE):
                found = ()
            usable = () if all(item.funktionarer is None for item in found) else found
            answered.append(_Earlier(said, said.day or day, usable, raw))
            if not usable:
                break
        return answered[::-1]

    async def _asked(self, request: Request, sets: Sequence[str], day: date | None = None, *, part: str = "") -> _Said:
        """One question, unless its answer was kept as a part."""
        if part and (kept := self.session.kept(request, part)) is not None:
            return _Said.again(kept)
        body = {"identitetsbeteckning": request.identity.reveal(), "organisationInformationsmangd": list(sets)}
        if day is not None:
            body["tidpunkt"] = f"{day}T12:00:00Z"  # noon: the same day in Sweden, summer and winter
        heard = await call(self.session, request, "/organisationer", body)
        return _Said(heard.reply, heard.reference, self.session.now(), day, heard, {})

    def _found(self, request: Request, reply: Reply) -> tuple[Organisation, ...]:
        document = reply.json()
        found = shaped(Organisations, {"organisationer": document}).organisationer
        if not found:
            raise SupplierFailed("partial", "svaret innehöll ingen organisation")
        about(self.session, request, [item.identitet for item in found])
        return found


def _days_back(session: Session, found: Sequence[Organisation]) -> dict[str, date]:
    """The days to ask about by the name of their part, nearest first.

    For days before the registration the day after it is asked about once.
    """
    today = session.now().date()
    days = {f"{back} days back": today - timedelta(days=back) for back in history_days(session.options)}
    registered_on = _registered_on(found)
    if registered_on is None or min(days.values()) > registered_on:
        return days
    since = {part: day for part, day in days.items() if day > registered_on}
    first = registered_on + timedelta(days=1)
    return {**since, "registered": first} if first < min(since.values(), default=today) else since


def _together(raw: bytes, earlier: Sequence[_Earlier]) -> bytes:
    """The answers of one supplier as one JSON array, each with the day that it was asked about; today's last."""
    parts = [f'{{"tidpunkt": "{item.day}", "svar": '.encode() + _as_json(item.raw) + b"}" for item in earlier]
    return b"[" + b",\n".join([*parts, b'{"tidpunkt": null, "svar": ' + raw + b"}"]) + b"]"


def _as_json(raw: bytes) -> bytes:
    """As received where it is JSON, else as a JSON string."""
    try:
        json.loads(raw)
    except ValueError:
        return json.dumps(raw.decode("utf-8", errors="replace")).encode()
    return raw


def read(
    request: Request,
    found: Sequence[Organisation],
    raw: bytes,
    provenance: Provenance,
    pseudonym: Callable[[str], str],
) -> Answer:
    """Facts of the wanted kinds, and a reason for each that is not there."""
    made: dict[str, Fact | Gap] = {}
    if "officers" in request.kinds:
        made["officers"] = _officers(found, provenance, pseudonym)
    if "signatory" in request.kinds:
        made["signatory"] = _signatory(found, provenance, pseudonym)
    if "accounts" in request.kinds:
        made["accounts"] = _accounts(found, provenance)
    if "company_record" in request.kinds:
        made["company_record"] = _record(found, provenance, request.identity.reveal())
    return Answer(
        supplier_id=request.supplier_id,
        facts=tuple(value for value in made.values() if isinstance(value, Fact)),
        missing={kind: value for kind, value in made.items() if not isinstance(value, Fact)},
        raw=raw,
        billable_calls=1,
    )


def _officers(found: Sequence[Organisation], provenance: Provenance, pseudonym: Callable[[str], str]) -> Officers | Gap:
    """In a fixed order, so that the same board in another order is the same fact."""
    if all(item.funktionarer is None for item in found):
        return "partial", "svaret saknar de funktionärer som frågan gällde"
    people: set[Officer] = set()
    numbers: list[tuple[str, str | None, str | None]] = []
    for item in found:
        for holder in item.funktionarer or ():
            organisation = clean(holder.organisationsnamn.namn) if holder.organisationsnamn else None
            name = organisation or (holder.personnamn.text() if holder.personnamn else "")
            number = clean(holder.identitet.identitetsbeteckning) if holder.identitet else None
            key = person_key(pseudonym, number, name, holder.fodelsedatum)
            numbers.append((key, number, holder.fodelsedatum))
            for role in holder.funktionarsroller or (Code(),):
                people.add(Officer(key, name, clean(role.kod) or "?", role=clean(role.klartext) or ""))
    return Officers(
        provenance=provenance,
        people=tuple(sorted(people, key=lambda o: (o.role_code, o.name, o.person_key))),
        births=births(pseudonym, numbers),
    )


def _signatory(
    found: Sequence[Organisation], provenance: Provenance, pseudonym: Callable[[str], str]
) -> Signatory | Gap:
    texts = [
        text
        for item in found
        if item.firmateckning
        for text in (clean(item.firmateckning.klartext), clean(item.firmateckning.prokuratext))
        if text
    ]
    if not texts:
        return "not_found", "svaret har ingen firmateckning"
    return Signatory(provenance=provenance, text=redact_text("\n".join(texts), pseudonym))


def _accounts(found: Sequence[Organisation], provenance: Provenance) -> Accounts | Gap:
    """The newest period that a registered report ends; a report that only came in counts when there is no other."""
    reports = [
        (row.registrerad_datum is not None, row.rapporteringsperiod.period_tom, row.registrerad_datum or date.min)
        for item in found
        for case in item.finansiella_rapporter or ()
        for row in case.rapporter or ()
        if row.rapporteringsperiod and row.rapporteringsperiod.period_tom and _is_annual(row.rapport_typ)
    ]
    if not reports:
        return "not_found", "inga årsredovisningar i registret"
    registered, period_to, registered_on = max(reports)
    return Accounts(
        provenance=provenance,
        period_to_on=period_to,
        registered_on=registered_on if registered else None,
        next_period_to_on=_next_year_end(found, period_to),
    )


LONGEST_YEAR_DAYS = 549
"""Eighteen months: a fiscal year that is changed is shortened, or prolonged to so much at most (BFL 3:3, from memory)."""


def _next_year_end(found: Sequence[Organisation], period_to: date) -> date | None:
    """When the year after the reported one ends, where the register has another end of year: the last day that it can be.

    A shortened year cannot be told from a prolonged one; the later day accuses nobody wrongly.
    """
    for item in found:
        written = clean(item.rakenskapsar.rakenskapsar_avslutas) if item.rakenskapsar else None
        try:
            month, day = (int(part) for part in (written or "").split("-"))
            ends = [date(period_to.year + years, month, day) for years in (0, 1, 2)]
        except ValueError:
            continue
        if (month, day) != (period_to.month, period_to.day):
            fitting = [end for end in ends if 0 < (end - period_to).days <= LONGEST_YEAR_DAYS]
            return max(fitting, default=None)
    return None


def _is_annual(code: Code | None) -> bool:
    """Interim reports are no annual accounts; an unknown or missing kind counts."""
    return not (code and f"{code.kod} {code.klartext}".casefold().find("delår") >= 0)


# --- the record -------------------------------------------------------------------------------------------------------
def _record(found: Sequence[Organisation], provenance: Provenance, own_number: str) -> CompanyRecord | Gap:
    if any(item.detaljerad_status is None and item.organisationsstatusar is None for item in found):
        return "partial", "svaret saknar status"
    ended = [_struck_off(item) for item in found]
    living = [item for item, end in zip(found, ended, strict=True) if end is None]
    shown = living or list(found)
    end = None if living else max((end for end in ended if end), key=lambda end: end[0] or date.min)
    successor = _successor(found, own_number) if end else None
    first = shown[0]
    return CompanyRecord(
        provenance=provenance,
        state="deregistered" if end else "registered",
        legal_form=clean(first.organisationsform.kod) if first.organisationsform else None,
        names=tuple(dict.fromkeys(name for item in shown for name in _names(item))),
        registered_on=_registered_on(found),
        deregistered_on=end[0] if end else None,
        deregistration_reason=end[1] if end else None,
        proceedings=tuple(dict.fromkeys(row for item in shown for row in _proceedings(item))),
        successor_number=successor[0] if successor else None,
        successor_name=successor[1] if successor else None,
        businesses=tuple(dict.fromkeys(names[0].name for item in shown if (names := _names(item))))
        if len(found) > 1
        else (),
    )


def _registered_on(found: Sequence[Organisation]) -> date | None:
    dates = (item.organisationsdatum.registreringsdatum for item in found if item.organisationsdatum)
    return min((day for day in dates if day), default=None)


def _struck_off(item: Organisation) -> tuple[date | None, str | None] | None:
    """(day, reason code) of a deregistration, from the detailed status or from the list of statuses."""
    detailed = item.detaljerad_status.avregistrerad_organisation if item.detaljerad_status else None
    if detailed and (detailed.avregistreringsdatum or detailed.avregistreringsorsak):
        return detailed.avregistreringsdatum, clean(
            detailed.avregistreringsorsak.kod
        ) if detailed.avregistreringsorsak else None
    for status in item.organisationsstatusar or ():
        if status.ended:
            return status.datum, clean(status.kod)
    return None


def _names(item: Organisation) -> list[CompanyName]:
    rows = item.samtliga_organisationsnamn or ((item.organisationsnamn,) if item.organisationsnamn else ())
    names = [
        CompanyName(name, kind=name_kind(row.typ), from_on=row.registreringsdatum)
        for row in rows
        if (name := clean(row.namn))
    ]
    return sorted(names, key=lambda name: name.kind != "name")


def _proceedings(item: Organisation) -> list[Proceeding]:
    """From the detailed status; a status that it does not have is added from the list of statuses."""
    detailed = item.detaljerad_status or DetailedStatus()
    rows = [_winding_up(row) for row in detailed.avvecklings_eller_omstruktureringsforfaranden or ()]
    rows += [_merger(row) for row in detailed.fusions_delnings_eller_ombildningsforfaranden or ()]
    known = {row.code for row in rows}
    for status in item.organisationsstatusar or ():
        code = clean(status.kod)
        if code and code not in known and not status.ended and not status.alive:
            rows.append(Proceeding(code, text=clean(status.klartext) or "", from_on=status.datum))
    return rows


def _winding_up(row: WindingUp) -> Proceeding:
    code = row.kind or Code()
    event = row.event or WindingUpEvent()
    return Proceeding(
        clean(code.kod) or "?",
        text=clean(code.klartext) or "",
        from_on=event.inledd_datum or event.beslutsdatum,
        ended_on=event.avslutad_datum,
    )


def _merger(row: Merger) -> Proceeding:
    """Codes as in HVD: the party that hands over ends in L, the one that takes over in T."""
    kind = row.kind or Code()
    event = row.event or MergerEvent()
    code, role = clean(kind.kod) or "?", (row.roll_i_forfarandet or "").upper()
    stem = "FUO" if code.upper().startswith("FU") else "DEO" if code.upper().startswith("DE") else ""
    if stem and len(code) != len("FUOL") and role in {"OVERLATANDE", "OVERTAGANDE"}:
        code = stem + ("L" if role == "OVERLATANDE" else "T")
    return Proceeding(
        code,
        text=clean(kind.klartext) or "",
        from_on=event.inledd_datum,
        ended_on=event.genomford_datum or event.forfallen_datum or event.atergangen_datum,
    )


def _successor(found: Sequence[Organisation], own_number: str) -> tuple[str | None, str | None] | None:
    """(number, name) of the one that took over, from a merger that was not given up."""
    for item in found:
        for row in (item.detaljerad_status or DetailedStatus()).fusions_delnings_eller_ombildningsforfaranden or ():
            event = row.event or MergerEvent()
            if (
                event.forfallen_datum
                or event.atergangen_datum
                or (row.roll_i_forfarandet or "").upper() == "OVERTAGANDE"
            ):
                continue
            for party in row.overtagande_organisationer or ():
                swedish, foreign = party.svensk_organisation, party.utlandsk_organisation
                if swedish and clean(swedish.identitetsbeteckning) not in {None, own_number}:
                    return clean(swedish.identitetsbeteckning), clean(swedish.namn)
                if foreign and foreign.organisationsnamn:
                    return None, clean(foreign.organisationsnamn.namn)
    return None


def _open(session: Session) -> _Foretagsinformation:
    session.client.authenticate(client_credentials(session, scope=str(session.options.get("scope", ""))))
    return _Foretagsinformation(session, Notices(session) if session.options.get("notices") else None)


ADAPTER = Adapter(
    gives=frozenset(SETS),
    origin=Origin.AUTHORITY,
    open=_open,
    secrets=("client_id", "client_secret"),
    options={"scope": str, "token_credentials": str, "history_days": list[int], "misses_cost": bool, "notices": dict},
    proves=lambda options: bool(options.get("notices")),
    names_successor=True,
    stub_path="/bolagsverket_v4/foretagsinformation/v4",
    stub_token_path="/bolagsverket_v4/oauth2/token",  # noqa: S106 - an address
    first_calls={"officers": lambda options: len(history_days(options))},
)
