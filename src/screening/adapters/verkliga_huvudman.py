"""Bolagsverket's register of beneficial owners (verkliga huvudmän).

The shape is known from clients alone, so it is read tolerantly: what a status means is decided by its words, and a status
that is not understood is no answer. Purpose and legal basis belong to every question: they are required options of the
connector, sent as declared there and kept with each answer. Whether a municipality may use this API at all is for
Bolagsverket to say (since 1 July 2026 it is listed for supervisory authorities and obliged entities).
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal
from urllib.parse import quote

from pydantic import AliasChoices, Field

from screening.adapters.bolagsverket import Code, Identity, PersonName, about, call, refused
from screening.adapters.fanout import each
from screening.adapters.oauth import client_credentials
from screening.adapters.persons import births, person_key, redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import Day, Wire, Yes, clean, shaped
from screening.client import Reply
from screening.errors import ConfigError, SupplierFailed
from screening.model import BeneficialOwners, Origin, Owner, Provenance

State = Literal["registered", "none_registered", "none_exists", "unknown_filed", "exempt"]
_STATES: tuple[tuple[State, re.Pattern[str]], ...] = (
    ("exempt", re.compile(r"undant|behöver inte|ej skyldig|inte skyldig")),
    ("unknown_filed", re.compile(r"okänd|okand|fastställ|faststall|tillräckliga uppgifter saknas")),
    (
        "none_registered",
        re.compile(r"(ej|inte|aldrig|ingen|inga|saknar|saknas)[ _]?(anmäl|anmal|regist)"),
    ),
    ("none_exists", re.compile(r"sakna[rs]|finns ingen|ingen verklig|ingen[ _]?huvudman|har ingen")),
    ("registered", re.compile(r"registrerad|anmäld|anmald|finns")),
)
"""What the words of a status mean; first match wins. Codes and wording are not verified."""
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d+)?")
_HUNDRED = Decimal(100)


class Extent(Wire):
    """``omfattningAvKontroll``: a code, a text or both."""

    kod: str | None = None
    klartext: str | None = None


class Control(Wire):
    """``kontroll``: how an owner controls."""

    art_av_kontroll: Code | None = None
    omfattning_av_kontroll: Extent | None = None
    registreringsdatum: Day = None


class Row(Wire):
    """One owner."""

    ar_anonym: Yes = False
    personnamn: PersonName | None = None
    identitet: Identity | None = None
    fodelsedatum: str | None = None
    bosattningsland: Code | None = None
    medborgarskap: tuple[Code, ...] | None = None
    omfattning_av_kontroll: Extent | None = None
    kontroll: tuple[Control, ...] | None = None
    registreringsdatum: Day = None


class Organisation(Wire):
    """The organisation asked about, with the state of its filing."""

    identitetsbeteckning: str | None = None
    identitet: Identity | None = None
    status: Code | None = Field(
        default=None, validation_alias=AliasChoices("statusForVerkligHuvudman", "statusForVerkligaHuvudman", "status")
    )
    registreringsdatum: Day = None
    orsak: str | None = None


class Register(Wire):
    """One answer."""

    organisation: Organisation | None = None
    owners: tuple[Row, ...] | None = Field(
        default=None, validation_alias=AliasChoices("verkligHuvudman", "verkligaHuvudman", "verkligaHuvudmän")
    )


@dataclass(frozen=True, slots=True)
class _VerkligaHuvudman:
    session: Session
    purpose: str
    legal_basis: str

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """One call for each supplier, with purpose and legal basis."""
        del open_tickets
        return each(self.session, requests, self.one)

    async def one(self, request: Request) -> Answer:
        """The answer about one supplier.

        Raises:
            SupplierFailed: the call was not answered, or not sent (over budget).
            SourceUnavailable: the source stops.
        """
        calls = int(self.session.price_sek > 0)
        body: dict[str, Any] = {"identitetsbeteckning": request.identity.reveal()}
        headers = {}
        match self.session.options.get("send_purpose", "header"):
            case "body":
                body |= {"andamal": self.purpose, "rattsligGrund": self.legal_basis}
            case "header":
                headers = {"X-Andamal": quote(self.purpose), "X-Rattslig-Grund": quote(self.legal_basis)}
        reply, reference, _ = await call(self.session, request, "/organisationer", body, headers)
        if reply.status != 200:
            return refused(request, reply, billable_calls=calls)
        raw = redact(reply.body, self.session.pseudonym)
        reference = f"{reference}; {self.purpose}; {self.legal_basis}"
        provenance = self.session.provenance(raw, request_ref=reference)
        try:
            fact = read(self._register(request, reply), request.supplier_id, provenance, self.session.pseudonym)
        except SupplierFailed as error:
            missing = dict.fromkeys(request.kinds, (error.reason, error.detail))
            return Answer(supplier_id=request.supplier_id, missing=missing, raw=raw, billable_calls=calls)
        return Answer(supplier_id=request.supplier_id, facts=(fact,), raw=raw, billable_calls=calls)

    def _register(self, request: Request, reply: Reply) -> Register:
        """The one element of an object, an array, or an array under ``organisationer``."""
        document = reply.json()
        if isinstance(document, Mapping) and isinstance(document.get("organisationer"), list):
            document = document["organisationer"]
        elements = document if isinstance(document, list) else [document]
        if len(elements) != 1:
            raise SupplierFailed("partial", f"svaret innehöll {len(elements)} organisationer; väntade en")
        register = shaped(Register, elements[0])
        about(self.session, request, _identities(register))
        return register


def _identities(register: Register) -> list[Identity | None]:
    """The number stands beside the organisation's name or one level further in."""
    organisation = register.organisation or Organisation()
    return [organisation.identitet, Identity(identitetsbeteckning=organisation.identitetsbeteckning)]


def read(
    register: Register, supplier_id: str, provenance: Provenance, pseudonym: Callable[[str], str]
) -> BeneficialOwners:
    """The owners, or why none are listed.

    Raises:
        SupplierFailed: ``partial``: no owners, and a status that we do not understand.
    """
    organisation = register.organisation or Organisation()
    status = organisation.status or Code()
    words = f"{clean(status.klartext) or ''} {clean(status.kod) or ''}".strip()
    owners = [_owner(row, f"{supplier_id}|{n}", pseudonym) for n, row in enumerate(register.owners or ())]
    state = "registered" if owners else _state(words)
    if state is None or (state == "registered" and not owners):
        detail = f"inga ägare i svaret och en status som inte säger varför ({words or 'ingen'})"
        raise SupplierFailed("partial", detail)
    return BeneficialOwners(
        provenance=provenance,
        state=state,
        owners=tuple(sorted(owners, key=lambda owner: (owner.name, owner.person_key))),
        none_reason=None if owners else clean(organisation.orsak) or clean(status.klartext) or clean(status.kod),
        registered_on=organisation.registreringsdatum,
        births=births(pseudonym, _known(owners, register.owners or ())),
    )


def _known(owners: Sequence[Owner], rows: Sequence[Row]) -> Iterator[tuple[str, str | None, str | None]]:
    """Key, number and date of birth of those whose identity is not protected."""
    for owner, row in zip(owners, rows, strict=True):
        if not owner.anonymous:
            yield owner.person_key, row.identitet.identitetsbeteckning if row.identitet else None, row.fodelsedatum


def _state(words: str) -> State | None:
    text = words.casefold()
    return next((state for state, pattern in _STATES if pattern.search(text)), None)


def _owner(row: Row, place: str, pseudonym: Callable[[str], str]) -> Owner:
    """An anonymous owner is told from others by its place in the answer alone."""
    name = "" if row.ar_anonym else row.personnamn.text() if row.personnamn else ""
    number = clean(row.identitet.identitetsbeteckning) if row.identitet and not row.ar_anonym else None
    extents = [row.omfattning_av_kontroll, *(item.omfattning_av_kontroll for item in row.kontroll or ())]
    share_from, share_to = next((share for item in extents if item and (share := _share(item))), (None, None))
    return Owner(
        person_key=person_key(pseudonym, number, name, row.fodelsedatum)
        if name or number
        else pseudonym(f"anonym|{place}"),
        name=name or "Anonym",
        country=_country(row),
        share_from=share_from,
        share_to=share_to,
        since_on=row.registreringsdatum
        or min((d for item in row.kontroll or () if (d := item.registreringsdatum)), default=None),
        anonymous=row.ar_anonym or not (name or number),
    )


def _country(row: Row) -> str | None:
    """Two letters from ``SE``, ``SE-LAND`` …: where the owner lives, else the first citizenship."""
    for code in (row.bosattningsland, *(row.medborgarskap or ())):
        text = clean(code.kod) if code else None
        if text and re.match(r"[A-Za-z]{2}(\b|_|$)", text):
            return text[:2].upper()
    return None


def _share(extent: Extent) -> tuple[Decimal | None, Decimal | None] | None:
    """An interval of 0-1 from words such as "Mer än 25 % till och med 50 %" or "75 % eller mer"."""
    numbers = [
        Decimal(n.replace(",", ".")) / _HUNDRED
        for n in _PERCENT.findall(clean(extent.klartext) or clean(extent.kod) or "")
    ]
    numbers = [n for n in numbers if n <= 1]
    if len(numbers) >= 2:
        return min(numbers), max(numbers)
    if numbers and re.search(r"mer|minst|över|lägst|from", (extent.klartext or extent.kod or "").casefold()):
        return numbers[0], Decimal(1)
    return (numbers[0], numbers[0]) if numbers else None


def _open(session: Session) -> _VerkligaHuvudman:
    purpose, legal_basis = (str(session.options.get(name, "")).strip() for name in ("purpose", "legal_basis"))
    if not (purpose and legal_basis):
        message = f"{session.connector}.toml: options.purpose and options.legal_basis: expected why you ask, and by what right"
        raise ConfigError(message)
    session.client.authenticate(client_credentials(session, scope=str(session.options.get("scope", ""))))
    return _VerkligaHuvudman(session, purpose, legal_basis)


ADAPTER = Adapter(
    gives=frozenset({"beneficial_owners"}),
    origin=Origin.AUTHORITY,
    open=_open,
    secrets=("client_id", "client_secret"),
    options={"purpose": str, "legal_basis": str, "send_purpose": str, "scope": str, "token_credentials": str},
    required_options=("purpose", "legal_basis"),
    stub_path="/verkliga_huvudman/verkliga-huvudman/v1",
    stub_token_path="/verkliga_huvudman/oauth2/token",  # noqa: S106 - an address
)
