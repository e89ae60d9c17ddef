"""Roaring: overview, board, accounts and beneficial owners of a company, each an interface (API) of its own.

An answer is ``{"records": […], "status": {"code": 0, …}}``. Code 1 is that nobody is found, also inside HTTP 200; any
other is no answer. 403 is that this one API is not in the subscription. Each answer of an API is paid for, and kept as it comes. What stands inside the records of board and
beneficial owners is not documented openly: they are read by several spellings, and what cannot be read is *partial*.
The number stands in the address, so persons are never asked about. Amounts are thousands of SEK.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import AliasChoices, BeforeValidator, Field

from screening.adapters.fanout import UNLIKE, each
from screening.adapters.oauth import client_credentials
from screening.adapters.persons import births, births_in, person_key, redact, with_births
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket, billed
from screening.adapters.wire import Wire, Yes, clean, day, shaped
from screening.client import Reply
from screening.errors import SourceUnavailable, SupplierFailed
from screening.model import (
    Accounts,
    Address,
    BeneficialOwners,
    CompanyName,
    CompanyRecord,
    Fact,
    Industry,
    Officer,
    Officers,
    Origin,
    Owner,
    Proceeding,
    Provenance,
    TaxRegistration,
)

Records = Sequence[Mapping[str, Any]]
Registered = Literal["active", "ended"]
PATHS: Final[Mapping[str, str]] = {
    "overview": "/se/company/overview/2.0/{number}",
    "board": "/se/company/board-members/2.0/{number}",
    "economy": "/se/company/economy-overview/2.1/{number}",
    "owners": "/se/beneficialowner/2.1/company/{number}",
}
FOUND, NOT_FOUND = "0", "1"
_THOUSAND: Final = Decimal(1000)
_HUNDRED: Final = Decimal(100)
_PROCEEDINGS: Final = (
    ("KK", r"konkurs"),
    ("LI", r"likvidation"),
    ("FR", r"rekonstruktion"),
    ("FU", r"fusion"),
    ("DE", r"delning"),
)
_OVER: Final = re.compile(r"avslut|upplös|upphäv|återkall|hävd|förfall")
_GONE: Final = re.compile(r"avregistr|upplös|(konkurs|likvidation|fusion)\w* avslut(?!.*överskott)")
_ALIVE: Final = re.compile(r"aktiv")
ROLES: Final[Mapping[str, str]] = {
    "ordförande": "OF", "ledamot": "LE", "styrelseledamot": "LE", "ordinarie ledamot": "LE",
    "verkställande direktör": "VD", "vd": "VD", "vice verkställande direktör": "VVD", "vice vd": "VVD",
    "extern verkställande direktör": "EVD", "extern vd": "EVD", "suppleant": "SU", "styrelsesuppleant": "SU",
    "revisor": "REV", "likvidator": "LIKV", "komplementär": "KPL", "bolagsman": "BOLM", "prokurist": "PROK",
    "extern firmatecknare": "EFT",
}  # fmt: skip
"""Bolagsverket's code by the role's name; a role that is not here keeps its own code or name."""


def _date(value: object) -> date | None:
    """A date as ``20190401`` or as everybody writes it."""
    if isinstance(value, str) and re.fullmatch(r"\d{8}", value.strip()):
        text = value.strip()
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    return day(value)


def _flag(value: object) -> bool | None:
    """True or false, also as text; anything else that is not empty is refused."""
    said = str(value).strip().lower() if value is not None else ""
    if said in ("true", "false"):
        return said == "true"
    if said in ("", "null", "none"):
        return None
    message = "not true or false"
    raise ValueError(message)


Day = Annotated[date | None, BeforeValidator(_date)]
Flag = Annotated[bool | None, BeforeValidator(_flag)]


class Overview(Wire):
    """``overview/2.0``."""

    company_name: str | None = None
    status_text_high: str | None = None
    status_text_detailed: str | None = None
    status_date_from: Day = None
    preliminary_tax_reg: Flag = None
    vat_reg: Flag = None
    employer_contribution_reg: Flag = None
    legal_group_code: str | None = None
    company_registration_date: Day = None
    co_address: str | None = None
    address: str | None = None
    zip_code: str | None = None
    town: str | None = None
    industry_code: str | None = None
    industry_text: str | None = None


class Position(Wire):
    """A role of a member."""

    role_code: str | None = Field(default=None, validation_alias=AliasChoices("roleCode", "functionCode", "code"))
    role_name: str | None = Field(
        default=None,
        validation_alias=AliasChoices("roleText", "roleName", "functionText", "function", "role", "positionTitle"),
    )
    since: Day = Field(default=None, validation_alias=AliasChoices("fromDate", "electionDate", "roleDate", "startDate"))


class Member(Position):
    """One line of ``board-members/2.0``, and what an owner's name and number have in common with it."""

    name: str | None = Field(default=None, validation_alias=AliasChoices("name", "fullName", "companyName"))
    first: str | None = Field(default=None, validation_alias=AliasChoices("firstName", "givenName"))
    last: str | None = Field(default=None, validation_alias=AliasChoices("surName", "lastName", "surname"))
    number: str | None = Field(
        default=None,
        validation_alias=AliasChoices("personalNumber", "roleHolderPersonalNumber", "idNumber", "personId"),
    )
    birth_date: str | None = None
    positions: tuple[Position, ...] | None = None

    @property
    def full(self) -> str:
        """First name first."""
        return clean(self.name) or " ".join(part for part in (clean(self.first), clean(self.last)) if part)


class Statement(Wire):
    """One year of ``economy-overview/2.1``, in thousands."""

    currency: str | None = None
    to_date: Day = None
    sales: Decimal | None = Field(default=None, validation_alias=AliasChoices("plNetSales", "plSales"))
    equity: Decimal | None = Field(default=None, validation_alias=AliasChoices("bsTotalEquity"))
    assets: Decimal | None = Field(default=None, validation_alias=AliasChoices("bsTotalEquityAndLiabilities"))
    number_of_employees: Decimal | None = None


class OwnerRow(Member):
    """One beneficial owner."""

    country: str | None = Field(
        default=None, validation_alias=AliasChoices("countryCode", "country", "residenceCountryCode")
    )
    share_from: Decimal | None = Field(
        default=None, validation_alias=AliasChoices("ownershipFrom", "percentageFrom", "shareFrom", "extentFrom")
    )
    share_to: Decimal | None = Field(
        default=None, validation_alias=AliasChoices("ownershipTo", "percentageTo", "shareTo", "extentTo")
    )
    anonymous: Yes = Field(default=False, validation_alias=AliasChoices("anonymous", "isAnonymous"))


class Filing(Wire):
    """``beneficialowner/2.1``."""

    beneficial_owners: tuple[OwnerRow, ...] | None = None
    registration_date: Day = None


@dataclass(frozen=True, slots=True)
class _Part:
    """What one API answered: its records, or why there are none."""

    records: Records = ()
    body: bytes = b""
    gap: tuple[str, str] | None = None
    status: int = 0
    at: datetime | None = None  # kept from an earlier try
    births: Mapping[str, str] = field(default_factory=dict)  # ``births_in`` what was kept


@dataclass(frozen=True, slots=True)
class _Read:
    """What a reader is given."""

    records: Records
    request: Request
    provenance: Provenance
    pseudonym: Callable[[str], str]


@dataclass(slots=True)
class _Roaring:
    session: Session
    working: set[str] = field(default_factory=set)  # APIs that have answered since this source was opened
    refused: set[str] = field(default_factory=set)  # those that are not in the subscription

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        """One answer per request."""
        del open_tickets
        return each(self.session, requests, self.one)

    async def one(self, request: Request) -> Answer:
        """What every API that the wanted kinds need says; one that fails leaves the facts of the others.

        Raises:
            SupplierFailed: no API answered, or the budget is spent.
            SourceUnavailable: the source stops, and none had answered before it did.
        """
        if request.identity.is_person:
            why = ("not_allowed", "frågan skulle lägga personnumret i en webbadress")
            return Answer(supplier_id=request.supplier_id, missing=dict.fromkeys(sorted(request.kinds), why))
        parts = await self._parts(request)
        bodies = {api: part.body for api, part in parts.items() if part.body}
        raw = b"{" + b",\n".join(json.dumps(api).encode() + b": " + body for api, body in bodies.items()) + b"}"
        facts, missing = self._facts(request, parts, raw)
        return Answer(
            supplier_id=request.supplier_id,
            facts=facts,
            missing=missing,
            raw=raw if bodies else b"",
            billable_calls=sum(part.status == 200 for part in parts.values()) if self.session.price_sek > 0 else 0,
        )

    async def _parts(self, request: Request) -> Mapping[str, _Part]:
        parts: dict[str, _Part] = {}
        lost: SupplierFailed | None = None
        for api in [api for api in PATHS if any(READERS[kind][0] == api for kind in request.kinds)]:
            try:
                parts[api] = await self._part(request, api)
            except SupplierFailed as error:
                lost = error
                parts[api] = _Part(gap=(error.reason, error.detail))
            except SourceUnavailable as error:
                if not _answered(parts):
                    raise
                parts[api] = _Part(gap=("source_down", str(error)))
        if lost is not None and not _answered(parts):
            raise lost
        if not (self.working or _answered(parts)):
            message = (
                f"{self.session.connector}: inget av det vi frågar om ingår i abonnemanget (403); kontrollera avtalet"
            )
            raise SourceUnavailable(message)
        return parts

    async def _part(self, request: Request, api: str) -> _Part:
        """One API's answer about one company."""
        not_ordered = _Part(gap=("no_source", f"{api} ingår inte i abonnemanget hos Roaring"), status=403)
        if api in self.refused:
            return not_ordered
        if (kept := self.session.kept(request, api)) is not None:
            head, _, body = kept.data.partition(b"\n")
            return replace(self._heard(request, api, Reply(200, {}, body)), at=kept.at, births=json.loads(head))
        async with billed(self.session, request) as paid:
            reply = await self.session.client.get(
                self.session.address + PATHS[api].format(number=request.identity.reveal()),
                repeatable=self.session.price_sek == 0,
                expect=frozenset({403}),
            )
        if reply.status == 200:
            heard = self._heard(request, api, reply)
            births_told = births_in(reply.body, self.session.pseudonym)
            paid.keep(api, json.dumps(births_told).encode() + b"\n" + heard.body)
            return heard
        paid.free()
        if reply.status == 403 and reply.is_json:
            self.refused.add(api)
            return not_ordered
        if reply.status == 404 and reply.is_json:
            self.working.add(api)
            return _Part(gap=("not_found", "Roaring har inget sådant företag"), status=404)
        raise SupplierFailed("source_down", f"Roaring ({api}) svarade {reply.status}")

    def _heard(self, request: Request, api: str, reply: Reply) -> _Part:
        """The envelope of a 200, opened. It was paid for, whatever it holds."""
        body = redact(reply.body, self.session.pseudonym)
        if not _is_json(reply):
            body = json.dumps(body.decode(errors="replace")).encode()
        try:
            records = _records(reply, request.identity.reveal(), members=api == "board")
        except SupplierFailed as error:
            if error.reason == "not_found":
                self.working.add(api)
            return _Part(body=body, gap=(error.reason, f"{error.detail} ({api})"), status=200)
        self.working.add(api)
        return _Part(records, body, status=200)

    def _facts(
        self, request: Request, parts: Mapping[str, _Part], raw: bytes
    ) -> tuple[tuple[Fact, ...], dict[str, tuple[str, str]]]:
        provenance = self.session.provenance(raw)
        earlier = [part.at for part in parts.values() if part.at is not None]
        if earlier:  # what an earlier try had paid for is no younger than it was
            provenance = replace(provenance, fetched_at=min(earlier), as_of=min(earlier).date())
        facts: list[Fact] = []
        missing: dict[str, tuple[str, str]] = {}
        for kind in sorted(request.kinds):
            api, read = READERS[kind]
            part = parts[api]
            if part.gap is not None:
                missing[kind] = part.gap
                continue
            try:
                fact = read(_Read(part.records, request, provenance, self.session.pseudonym))
                facts.append(with_births(fact, part.births))
            except SupplierFailed as error:
                missing[kind] = (error.reason, error.detail)
            except UNLIKE as error:
                missing[kind] = ("partial", f"svaret ser inte ut som väntat ({type(error).__name__})")
        return tuple(facts), missing


def _answered(parts: Mapping[str, _Part]) -> bool:
    return any(part.status in (200, 404) for part in parts.values())


def _is_json(reply: Reply) -> bool:
    try:
        reply.json()
    except SupplierFailed:
        return False
    return True


def _records(reply: Reply, number: str, *, members: bool) -> Records:
    """The records of an answer that found somebody; ``members``: a company in a line may be one on the board.

    Raises:
        SupplierFailed: nobody found, no answer, another shape, or about another company.
    """
    table = reply.table()
    status = table.get("status")
    code = str(status.get("code")) if isinstance(status, Mapping) else FOUND if "beneficialOwners" in table else "?"
    if code == NOT_FOUND:
        raise SupplierFailed("not_found", "Roaring har inget sådant företag")
    if code != FOUND:
        raise SupplierFailed("source_down", f"Roaring svarade med koden {code[:20]}")
    records = table.get("records", [table] if "beneficialOwners" in table else None)
    if not isinstance(records, list) or not all(isinstance(row, Mapping) for row in records):
        raise SupplierFailed("partial", "svaret saknar poster")
    for row in records:
        about = re.sub(r"\D", "", str(row.get("companyId") or ""))
        if about and about[-10:] != number[-10:] and not members:
            raise SupplierFailed("doubtful", "svaret gäller ett annat nummer än det vi frågade om")
    return records


# --- overview ---------------------------------------------------------------------------------------------------------
def _overview(read: _Read) -> Overview:
    if not read.records:
        raise SupplierFailed("not_found", "Roaring har inga uppgifter om företaget")
    return shaped(Overview, read.records[0])


def _record(read: _Read) -> Fact:
    """The state by the words of the status: what its codes mean is not documented. Never registered on words not known."""
    found = _overview(read)
    words = [text for raw in (found.status_text_detailed, found.status_text_high) if (text := clean(raw))]
    folded = [text.casefold() for text in words]
    gone, alive = any(map(_GONE.search, folded)), any(map(_ALIVE.match, folded))
    if gone and alive:
        raise SupplierFailed("doubtful", f"företagets status säger emot sig själv ({'; '.join(words)})")
    proceedings = () if gone else tuple(_proceedings(words, found.status_date_from))
    name = clean(found.company_name)
    if name is None or not (gone or proceedings or alive):
        said = "; ".join(words) or "ingen status"
        raise SupplierFailed("partial", f"företagets namn eller status går inte att läsa ({said})")
    flags = {found.preliminary_tax_reg, found.vat_reg, found.employer_contribution_reg}
    return CompanyRecord(
        provenance=read.provenance,
        state="deregistered" if gone else "registered",
        legal_form=clean(found.legal_group_code),
        names=(CompanyName(name),),
        registered_on=found.company_registration_date,
        deregistered_on=found.status_date_from if gone else None,
        proceedings=proceedings,
        has_any_tax_registration=True if True in flags else None if None in flags else False,
    )


def _proceedings(words: Sequence[str], since: date | None) -> list[Proceeding]:
    """Those that the status tells of and that have not ended."""
    found: dict[str, Proceeding] = {}
    for text in words:
        folded = text.casefold()
        if _OVER.search(folded):
            continue
        for code, pattern in _PROCEEDINGS:
            if re.search(pattern, folded):
                petition = code == "KK" and "ansök" in folded
                found.setdefault(code, Proceeding("KKAN" if petition else code, text=text, from_on=since))
    return list(found.values())


def _tax(read: _Read) -> Fact:
    """Registered now or not; an answer without one of them does not know it. Since when, or until when, is not told."""
    found = _overview(read)
    f_tax, vat, employer = (
        _state(flag) for flag in (found.preliminary_tax_reg, found.vat_reg, found.employer_contribution_reg)
    )
    if f_tax is vat is employer is None:
        raise SupplierFailed("partial", "svaret saknar F-skatt, moms och arbetsgivare")
    return TaxRegistration(provenance=read.provenance, f_tax=f_tax, vat=vat, employer=employer)


def _state(registered: bool | None) -> Registered | None:
    """``ended`` without a day for false: not registered today; whether it ever was is not said."""
    return None if registered is None else "active" if registered else "ended"


def _address(read: _Read) -> Fact:
    found = _overview(read)
    care_of, street, postcode, city = (
        clean(text) for text in (found.co_address, found.address, found.zip_code, found.town)
    )
    if not (street or postcode or city):
        told = {"address", "zip_code", "town"} & found.model_fields_set
        raise SupplierFailed("not_found" if told else "partial", "ingen adress i svaret")
    return Address(provenance=read.provenance, care_of=care_of, street=street, postcode=postcode, city=city)


def _industry(read: _Read) -> Fact:
    found = _overview(read)
    code = clean(found.industry_code)
    if code is None or not code.strip("0"):
        told = "industry_code" in found.model_fields_set
        raise SupplierFailed("not_found" if told else "partial", "ingen näringsgren i svaret")
    return Industry(provenance=read.provenance, codes=((code, clean(found.industry_text) or ""),))


# --- board, accounts and owners ---------------------------------------------------------------------------------------
def _officers(read: _Read) -> Fact:
    """Everyone on the board. One without a name makes it partial: a board that is short is not the board."""
    rows = _lines(read.records, ("boardMembers", "members", "board"))
    if not rows:
        raise SupplierFailed("not_found", "svaret har inga funktionärer")
    people: set[Officer] = set()
    numbers: list[tuple[str, str | None, str | None]] = []
    for row in rows:
        member = shaped(Member, row)
        if not member.full:
            raise SupplierFailed("partial", "svaret har funktionärer utan namn")
        key = person_key(read.pseudonym, member.number, member.full, member.birth_date)
        numbers.append((key, member.number, member.birth_date))
        for position in member.positions or (member,):
            role = clean(position.role_name) or ""
            code = ROLES.get(role.casefold()) or clean(position.role_code) or role or "?"
            people.add(Officer(key, member.full, code, role=role, from_on=position.since))
    return Officers(
        provenance=read.provenance,
        people=tuple(sorted(people, key=lambda item: (item.role_code, item.name, item.person_key))),
        births=births(read.pseudonym, numbers),
    )


def _lines(records: Records, members: Sequence[str]) -> list[Mapping[str, Any]]:
    """The records themselves, or the lists inside them: both are met."""
    lines: list[Mapping[str, Any]] = []
    for record in records:
        inner = next((record[name] for name in members if name in record), None)
        lines += [record] if inner is None else list(inner)
    return lines


def _accounts(read: _Read) -> Fact:
    """The newest year in SEK."""
    years = [shaped(Statement, row) for row in read.records]
    known = [year for year in years if year.to_date is not None]
    if not known:
        told = bool(years)
        raise SupplierFailed("partial" if told else "not_found", "inget bokslut med dag i svaret")
    newest = max(known, key=lambda year: year.to_date or date.min)
    if (clean(newest.currency) or "SEK") not in ("SEK", "KSEK", "TSEK"):
        raise SupplierFailed("doubtful", "bokslutet är i en annan valuta än kronor")
    return Accounts(
        provenance=read.provenance,
        period_to_on=newest.to_date,
        turnover_sek=_sek(newest.sales),
        equity_sek=_sek(newest.equity),
        assets_sek=_sek(newest.assets),
        employees=None if newest.number_of_employees is None else int(newest.number_of_employees),
    )


def _sek(thousands: Decimal | None) -> Decimal | None:
    return None if thousands is None else (thousands * _THOUSAND).quantize(Decimal("0.01"))


def _owners(read: _Read) -> Fact:
    """The owners of the filing; none where it does not say why there are none."""
    if not read.records:
        raise SupplierFailed("not_found", "svaret har ingen anmälan om verklig huvudman")
    filing = shaped(Filing, read.records[0])
    rows = filing.beneficial_owners
    if not rows:
        raise SupplierFailed("partial", "inga ägare i svaret, och det säger inte om det är anmält eller aldrig anmält")
    owners = [_owner(row, f"{read.request.supplier_id}|{n}", read.pseudonym) for n, row in enumerate(rows)]
    return BeneficialOwners(
        provenance=read.provenance,
        state="registered",
        owners=tuple(sorted(owners, key=lambda owner: (owner.name, owner.person_key))),
        registered_on=filing.registration_date,
        births=births(
            read.pseudonym,
            (
                (owner.person_key, row.number, row.birth_date)
                for owner, row in zip(owners, rows, strict=True)
                if not owner.anonymous
            ),
        ),
    )


def _owner(row: OwnerRow, place: str, pseudonym: Callable[[str], str]) -> Owner:
    hidden = row.anonymous or not row.full
    country = clean(row.country)
    return Owner(
        person_key=pseudonym(f"anonym|{place}")
        if hidden
        else person_key(pseudonym, row.number, row.full, row.birth_date),
        name="Anonym" if hidden else row.full,
        country=country.upper() if country and len(country) == 2 else None,
        share_from=_share(row.share_from),
        share_to=_share(row.share_to),
        since_on=row.since,
        anonymous=hidden,
    )


def _share(percent: Decimal | None) -> Decimal | None:
    if percent is None:
        return None
    if not 0 <= percent <= _HUNDRED:
        raise SupplierFailed("doubtful", "en ägarandel utanför 0-100 procent")
    return percent / _HUNDRED


READERS: Final[Mapping[str, tuple[str, Callable[[_Read], Fact]]]] = {
    "accounts": ("economy", _accounts),
    "address": ("overview", _address),
    "beneficial_owners": ("owners", _owners),
    "company_record": ("overview", _record),
    "industry": ("overview", _industry),
    "officers": ("board", _officers),
    "tax_registration": ("overview", _tax),
}
"""Kind of fact -> its API and its reader."""


def _open(session: Session) -> _Roaring:
    session.client.authenticate(client_credentials(session))
    return _Roaring(session)


ADAPTER = Adapter(
    gives=frozenset(READERS),
    origin=Origin.BUREAU,
    open=_open,
    secrets=("client_id", "client_secret"),
    options={"token_credentials": str},
    call_for=lambda kind: READERS[kind][0],
    stub_path="/roaring",
    stub_token_path="/roaring/token",  # noqa: S106 - an address
)
