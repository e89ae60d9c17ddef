"""Bolagsverket's free API for valuable data sets (HVD): status, form, names, address and industry of an organisation.

HTTP 200 is no answer by itself: each field has a producer (Bolagsverket or SCB) and may carry ``fel`` instead of data. An
organisation that Bolagsverket does not know comes back with ``ORGANISATION_FINNS_EJ`` on Bolagsverket's fields. That is the
fact ``not_registered``, and it is also what municipalities, regions and state authorities get, since they are not in that
register. Who took over in a merger is not told here.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import AliasChoices, Field

from screening.adapters.bolagsverket import Code, Identity, about, call, name_kind, refused
from screening.adapters.fanout import each
from screening.adapters.oauth import client_credentials
from screening.adapters.persons import redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import Day, Wire, clean, shaped
from screening.errors import SupplierFailed
from screening.model import Address, CompanyName, CompanyRecord, Fact, Industry, Origin, Proceeding, Provenance

SCOPES = "vardefulla-datamangder:read vardefulla-datamangder:ping"
NOT_THERE = "ORGANISATION_FINNS_EJ"
_DOWN = frozenset({"OTILLGANGLIG_UPPGIFTSKALLA", "TIMEOUT"})
_PROTECTED = re.compile(r"skydda|sekretess", re.IGNORECASE)
_MUST_BE_THERE = ("organisationsnamn", "organisationsform", "avregistrerad_organisation", "pagaende_forfarande")


class Failure(Wire):
    """``fel``: why a field has no data."""

    typ: str | None = None
    fel_beskrivning: str | None = None


class Produced(Wire):
    """A field with its producer."""

    dataproducent: str | None = None
    fel: Failure | None = None


class ProducedCode(Produced):
    """A field that is a code."""

    kod: str | None = None
    klartext: str | None = None


class NameRow(Wire):
    """One registered name."""

    namn: str | None = None
    organisationsnamntyp: Code | None = None
    registreringsdatum: Day = None


class Names(Produced):
    """``organisationsnamn``."""

    organisationsnamn_lista: tuple[NameRow, ...] | None = None


class Deregistered(Produced):
    """``avregistreradOrganisation``."""

    avregistreringsdatum: Day = None


class ProceedingRow(Wire):
    """One winding-up or restructuring."""

    kod: str | None = None
    klartext: str | None = None
    from_datum: Day = None


_PROCEEDINGS = "AvvecklingsEllerOmstruktureringsforfarande"


class Proceedings(Produced):
    """``pagaendeAvvecklingsEllerOmstruktureringsforfarande``, also in the official example's spelling ``pagande…``."""

    rows: tuple[ProceedingRow, ...] | None = Field(
        default=None, validation_alias=AliasChoices(f"pagaende{_PROCEEDINGS}Lista", f"pagande{_PROCEEDINGS}Lista")
    )


class Dates(Produced):
    """``organisationsdatum``."""

    registreringsdatum: Day = None


class Description(Produced):
    """``verksamhetsbeskrivning``."""

    beskrivning: str | None = None


class SniCodes(Produced):
    """``naringsgrenOrganisation``."""

    sni: tuple[Code, ...] | None = None


class Postal(Wire):
    """A postal address."""

    utdelningsadress: str | None = None
    co_adress: str | None = None
    postnummer: str | None = None
    postort: str | None = None
    land: str | None = None


class PostalField(Produced):
    """``postadressOrganisation``."""

    postadress: Postal | None = None


class Organisation(Wire):
    """One element of the answer: an organisation, or one of the businesses of a sole trader."""

    organisationsidentitet: Identity | None = None
    namnskyddslopnummer: int | None = None
    fel: Failure | None = None
    organisationsnamn: Names | None = None
    organisationsform: ProducedCode | None = None
    avregistrerad_organisation: Deregistered | None = None
    avregistreringsorsak: ProducedCode | None = None
    pagaende_forfarande: Proceedings | None = Field(
        default=None, validation_alias=AliasChoices(f"pagaende{_PROCEEDINGS}", f"pagande{_PROCEEDINGS}")
    )
    organisationsdatum: Dates | None = None
    verksamhetsbeskrivning: Description | None = None
    verksam_organisation: ProducedCode | None = None
    naringsgren_organisation: SniCodes | None = None
    postadress_organisation: PostalField | None = None

    def failures(self, *fields: str) -> dict[str, str]:
        """Field -> ``fel.typ`` of those that failed."""
        if self.fel is not None:
            return dict.fromkeys(fields, self.fel.typ or "okänt fel")
        values: dict[str, Produced | None] = {field: getattr(self, field) for field in fields}
        return {field: value.fel.typ or "okänt fel" for field, value in values.items() if value and value.fel}

    @property
    def unknown(self) -> bool:
        """Whether Bolagsverket says that it has no such organisation, on each of its own fields that it answers."""
        own = ("organisationsnamn", "organisationsform", *self.own_dates)
        failed = self.failures(*own)
        answered = [field for field in own if self.fel is not None or getattr(self, field) is not None]
        return bool(answered) and all(failed.get(field) == NOT_THERE for field in answered)

    @property
    def own_dates(self) -> tuple[str, ...]:
        """``organisationsdatum`` where Bolagsverket answers for it; for some forms SCB does."""
        by_scb = self.organisationsdatum is not None and self.organisationsdatum.dataproducent == "SCB"
        return () if by_scb else ("organisationsdatum",)

    @property
    def hollow(self) -> Iterator[tuple[str, str]]:
        """Fields that are there without the member that says what they are about, as when it is spelt in yet another way."""
        for field, part in (("avregistrerad_organisation", "avregistreringsdatum"), ("pagaende_forfarande", "rows")):
            value = getattr(self, field)
            if value is not None and value.fel is None and part not in value.model_fields_set:
                yield field, part

    @property
    def struck_off_because(self) -> str | None:
        """The code of why it was struck off."""
        return clean(self.avregistreringsorsak.kod) if self.avregistreringsorsak else None

    @property
    def deregistered_on(self) -> date | None:
        """When it was struck off."""
        return self.avregistrerad_organisation.avregistreringsdatum if self.avregistrerad_organisation else None


class Organisations(Wire):
    """The whole answer."""

    organisationer: tuple[Organisation, ...]


@dataclass(frozen=True, slots=True)
class _Hvd:
    session: Session

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """One call for each supplier."""
        del open_tickets
        return each(self.session, requests, self.one)

    async def one(self, request: Request) -> Answer:
        """The answer about one supplier.

        Raises:
            SupplierFailed: no usable answer.
            SourceUnavailable: the source stops.
        """
        body = {"identitetsbeteckning": request.identity.reveal()}
        reply, reference, _ = await call(self.session, request, "/organisationer", body)
        if reply.status != 200:
            return refused(request, reply)
        found = shaped(Organisations, reply.table()).organisationer
        if not found:
            raise SupplierFailed("partial", "svaret innehöll ingen organisation")
        about(self.session, request, [item.organisationsidentitet for item in found])
        raw = redact(reply.body, self.session.pseudonym)
        return read(request, found, raw, self.session.provenance(raw, request_ref=reference))


def read(request: Request, found: Sequence[Organisation], raw: bytes, provenance: Provenance) -> Answer:
    """Facts of the wanted kinds, and a reason for each that is not there."""
    found = sorted(found, key=lambda item: item.namnskyddslopnummer or 0)
    person = request.identity.is_person
    made: Mapping[str, Fact | tuple[str, str]] = {
        "company_record": _record(found, provenance, person=person),
        "address": _address(found, provenance, person=person),
        "industry": _industry(found, provenance),
    }
    wanted = {kind: value for kind, value in made.items() if kind in request.kinds}
    return Answer(
        supplier_id=request.supplier_id,
        facts=tuple(value for value in wanted.values() if isinstance(value, Fact)),
        missing={kind: value for kind, value in wanted.items() if not isinstance(value, Fact)},
        raw=raw,
    )


# --- the record -------------------------------------------------------------------------------------------------------
def _record(found: Sequence[Organisation], provenance: Provenance, *, person: bool) -> CompanyRecord | tuple[str, str]:
    """Never ``registered`` on half an answer: a field that failed may be the one that says bankruptcy."""
    if all(item.unknown for item in found):
        return CompanyRecord(provenance=provenance, state="not_registered")
    if gap := _record_gap(found, person=person):
        return gap
    living = [item for item in found if item.deregistered_on is None]
    shown = living or found
    first = shown[0]
    ended = None if living else max(item.deregistered_on or date.min for item in found)
    last = next((item for item in found if item.deregistered_on == ended), first)
    return CompanyRecord(
        provenance=provenance,
        state="registered" if living else "deregistered",
        legal_form=first.organisationsform.kod if first.organisationsform else None,
        names=_unique(
            name
            for item in [*shown, *(item for item in found if item not in shown)]
            for name in _names(item, living=bool(living))
        ),
        registered_on=min(
            (d for item in found if (d := item.organisationsdatum and item.organisationsdatum.registreringsdatum)),
            default=None,
        ),
        deregistered_on=ended,
        deregistration_reason=last.avregistreringsorsak.kod if ended and last.avregistreringsorsak else None,
        proceedings=_unique(row for item in shown for row in _proceedings(item)),
        has_any_tax_registration=_tax(shown),
        businesses=_unique(name for item in shown if (name := _first_name(item))) if len(found) > 1 else (),
    )


def _record_gap(found: Sequence[Organisation], *, person: bool) -> tuple[str, str] | None:
    """Why there is no record: a producer is down, or something that decides the status is not there."""
    own = (*_MUST_BE_THERE, "avregistreringsorsak")
    failed = {field: typ for item in found for field, typ in item.failures(*own, *item.own_dates).items()}
    if failed:
        detail = "Bolagsverket: " + ", ".join(f"{field} {typ}" for field, typ in sorted(failed.items()))
        all_down = set(failed) >= set(_MUST_BE_THERE) and set(failed.values()) <= _DOWN
        return ("source_down" if all_down else "partial"), detail
    absent = {field for item in found for field in _MUST_BE_THERE if field not in item.model_fields_set}
    absent |= {
        "organisationsform" for item in found if not (item.organisationsform and clean(item.organisationsform.kod))
    }
    absent |= {f"{field}.{part}" for item in found for field, part in item.hollow}
    if not person:  # a person with protected identity is in the register without a name
        absent |= {"organisationsnamn" for item in found if not _names(item, living=True)}
    if absent:
        return "partial", f"svaret saknar {', '.join(sorted(absent))}"
    if any(item.deregistered_on is None and item.struck_off_because for item in found):
        return "doubtful", "svaret har en orsak till avregistrering men inget datum"
    return None


def _names(item: Organisation, *, living: bool) -> list[CompanyName]:
    """Names of one business; those of a business that has ended beside others that live are former names."""
    rows = (item.organisationsnamn.organisationsnamn_lista if item.organisationsnamn else None) or ()
    names = [
        CompanyName(name, kind=name_kind(row.organisationsnamntyp), from_on=row.registreringsdatum)
        for row in rows
        if (name := clean(row.namn))
    ]
    names.sort(key=lambda name: name.kind != "name")
    if living and item.deregistered_on is not None:
        return [replace(name, kind="former", to_on=item.deregistered_on) for name in names]
    return names


def _first_name(item: Organisation) -> str | None:
    names = _names(item, living=False)
    return names[0].name if names else None


def _proceedings(item: Organisation) -> list[Proceeding]:
    """As they are coded, also codes that we do not know; the reader of the fact decides which of them is distress."""
    rows = (item.pagaende_forfarande.rows if item.pagaende_forfarande else None) or ()
    return [
        Proceeding(row.kod or "?", text=clean(row.klartext) or "", from_on=row.from_datum)
        for row in rows
        if row.kod or clean(row.klartext)
    ]


def _tax(found: Sequence[Organisation]) -> bool | None:
    said = {item.verksam_organisation.kod for item in found if item.verksam_organisation}
    return True if "JA" in said else False if "NEJ" in said else None


# --- address and industry ---------------------------------------------------------------------------------------------
def _address(found: Sequence[Organisation], provenance: Provenance, *, person: bool) -> Address | tuple[str, str]:
    if failed := _failed(found, "postadress_organisation"):
        return failed
    for item in found:
        post = item.postadress_organisation.postadress if item.postadress_organisation else None
        lines = post and [
            clean(post.co_adress),
            clean(post.utdelningsadress),
            clean(post.postnummer),
            clean(post.postort),
        ]
        if post is None or not lines or not any(lines):
            continue
        if person and any(_PROTECTED.search(line) for line in lines if line):
            return "redacted", "skyddade personuppgifter"
        care_of, street, postcode, city = lines
        return Address(
            provenance=provenance,
            care_of=care_of,
            street=street,
            postcode=postcode,
            city=city,
            country=clean(post.land),
        )
    return ("redacted", "adressen lämnas inte ut") if person else ("not_found", "ingen adress i registret")


def _industry(found: Sequence[Organisation], provenance: Provenance) -> Industry | tuple[str, str]:
    if failed := _failed(found, "naringsgren_organisation"):
        return failed
    codes = _unique(
        (code, clean(row.klartext) or "")
        for item in found
        for row in (item.naringsgren_organisation.sni if item.naringsgren_organisation else None) or ()
        if (code := clean(row.kod)) and code.strip("0")
    )
    texts = _unique(
        text
        for item in found
        if item.verksamhetsbeskrivning and (text := clean(item.verksamhetsbeskrivning.beskrivning))
    )
    if not codes and not texts:
        return "not_found", "ingen näringsgren i registret"
    return Industry(provenance=provenance, codes=codes, description="\n".join(texts) or None)


def _failed(found: Sequence[Organisation], field: str) -> tuple[str, str] | None:
    """The reason when this field failed everywhere."""
    failed = [item.failures(field).get(field) for item in found]
    if not all(failed):
        return None
    typ = failed[0] or ""
    producer = next(
        (value.dataproducent for item in found if (value := getattr(item, field)) and value.dataproducent), "SCB"
    )
    reason = "source_down" if typ in _DOWN else "not_found" if typ == NOT_THERE else "partial"
    return reason, f"{producer}: {typ}"


def _unique(values: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(values))


def _open(session: Session) -> _Hvd:
    session.client.authenticate(client_credentials(session, scope=str(session.options.get("scope", SCOPES))))
    return _Hvd(session)


ADAPTER = Adapter(
    gives=frozenset({"company_record", "address", "industry"}),
    origin=Origin.AUTHORITY,
    open=_open,
    secrets=("client_id", "client_secret"),
    options={"scope": str, "token_credentials": str},
    stub_path="/bolagsverket_hvd/vardefulla-datamangder/v1",
    stub_token_path="/bolagsverket_hvd/oauth2/token",  # noqa: S106 - an address
)
