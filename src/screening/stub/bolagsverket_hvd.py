"""The stub's Bolagsverket HVD: every field with its producer, ``fel`` in place of what is not there.

Options: ``quirks`` answers with what has been seen beside the specification (a misspelt key, dates with a time of day, an
identity without ``typ``, fields that nobody has heard of).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from screening.stub.app import Ask, Stub, plain
from screening.stub.bolagsverket import (
    ERRORS,
    FORMS,
    PROCEEDINGS,
    REASONS,
    api_error,
    code,
    identity,
    number_in,
    token,
    wrong_number,
)
from screening.stub.world import Company, Name, Proceeding, Registration

__all__ = ["ERRORS", "LIMIT", "SCENARIOS", "routes"]

LIMIT = (60, 60.0)
SCENARIOS = {
    "bad_digit": "400: the check digit is wrong",
    "bankrupt": "in konkurs since last week, whatever others say",
    "odd": "a misspelt key, dates with a time of day, an identity without typ, fields that nobody has heard of",
    "producer_down": "200 with OTILLGANGLIG_UPPGIFTSKALLA on every field of SCB's",
    "producer_timeout": "200 with TIMEOUT on every field of SCB's",
    "register_down": "200 with OTILLGANGLIG_UPPGIFTSKALLA on every field of Bolagsverket's own",
    "three_businesses": "three elements for one number",
    "unknown_to_scb": "200 with ORGANISATION_FINNS_EJ on SCB's fields alone",
}
BASE = "/vardefulla-datamangder/v1"
_BV, _SCB = "Bolagsverket", "SCB"
_NAME_CODES = {"name": "FORETAGSNAMN", "special": "SARSKILT_FORETAGSNAMN", "foreign": "FORETAGSNAMN_PA_FRAMMANDE_SPRAK"}
_PROCEEDING = "AvvecklingsEllerOmstruktureringsforfarande"
_BV_FIELDS: dict[str, tuple[str, ...]] = {
    "organisationsnamn": ("organisationsnamnLista",),
    "organisationsform": ("kod", "klartext"),
    "avregistreradOrganisation": ("avregistreringsdatum",),
    "avregistreringsorsak": ("kod", "klartext"),
    f"pagaende{_PROCEEDING}": (f"pagaende{_PROCEEDING}Lista",),
    "organisationsdatum": ("registreringsdatum", "infortHosScb"),
    "verksamhetsbeskrivning": ("beskrivning",),
}
_SCB_FIELDS: dict[str, tuple[str, ...]] = {
    "reklamsparr": ("kod", "klartext"),
    "juridiskForm": ("kod", "klartext"),
    "verksamOrganisation": ("kod", "klartext"),
    "naringsgrenOrganisation": ("sni",),
    "postadressOrganisation": ("postadress",),
}


def routes(stub: Stub) -> list[Route]:
    """Token, the question, the list of documents, and the sign of life."""
    return [
        stub.route("/oauth2/token", token, operation="token", method="POST", token=True),
        stub.route(f"{BASE}/organisationer", organisations, operation="organisationer", method="POST"),
        stub.route(f"{BASE}/dokumentlista", documents, operation="dokumentlista", method="POST"),
        stub.route(f"{BASE}/isalive", alive, operation="isalive"),
    ]


async def alive(_ask: Ask) -> Response:
    """Says nothing about the back ends."""
    return PlainTextResponse("OK")


async def organisations(ask: Ask) -> Response:
    """One element, or one for each business of a sole trader; an unknown number is 200 with ``fel``."""
    number = await number_in(ask)
    if wrong := wrong_number(ask, number):
        return wrong
    company, at_scb = await ask.about(number), ask.company(number)
    if "bad_digit" in ask.scenarios:
        return api_error(ask, 400, "Felaktig begäran", "Identitetsbeteckning har ogiltig kontrollsiffra.")
    if company is not None and "bankrupt" in ask.scenarios:
        since = Proceeding(code="KK", from_on=ask.day - timedelta(days=7))
        company = company.model_copy(update={"proceedings": (*company.proceedings, since)})
    businesses = _businesses(company) if company else [()]
    if "three_businesses" in ask.scenarios:
        businesses = [businesses[0]] * 3
    elements = []
    for serial, names in enumerate(businesses, start=1):
        own, theirs = _own(ask, company, names), _scb_of(ask, company or at_scb)
        element = {
            "organisationsidentitet": identity(plain(number)),
            "namnskyddslopnummer": serial if len(plain(number)) == 12 else None,
            "registreringsland": {"kod": "SE-LAND", "klartext": "Sverige"},
            **own,
            **theirs,
        }
        elements.append(_quirky(element) if ask.stub.options.get("quirks") or "odd" in ask.scenarios else element)
    return JSONResponse({"organisationer": elements})


def _own(ask: Ask, company: Company | None, names: Sequence[Name]) -> dict[str, Any]:
    """Bolagsverket's fields."""
    if "register_down" in ask.scenarios:
        return _missing(_BV_FIELDS, _BV, "OTILLGANGLIG_UPPGIFTSKALLA")
    if company is None:
        return _missing(_BV_FIELDS, _BV, "ORGANISATION_FINNS_EJ")
    return _by_bolagsverket(company, names)


def _scb_of(ask: Ask, company: Company | None) -> dict[str, Any]:
    """SCB's fields."""
    if ask.partial or "producer_timeout" in ask.scenarios:
        return _missing(_SCB_FIELDS, _SCB, "TIMEOUT")
    if "producer_down" in ask.scenarios:
        return _missing(_SCB_FIELDS, _SCB, "OTILLGANGLIG_UPPGIFTSKALLA")
    unheard = ask.scenarios & {"unknown", "unknown_to_scb"}
    if company is None or unheard or "scb_foretagsregister" in company.unknown_to:
        return _missing(_SCB_FIELDS, _SCB, "ORGANISATION_FINNS_EJ")
    return _by_scb(company, ask.day)


async def documents(ask: Ask) -> Response:
    """The annual report of the last accounts."""
    number = await number_in(ask)
    if wrong := wrong_number(ask, number):
        return wrong
    company = await ask.about(number)
    accounts = company.accounts if company else None
    rows = []
    if accounts and accounts.registered_on and accounts.registered_on <= ask.day:
        rows.append(
            {
                "dokumentId": f"{plain(number)[-4:]}-{accounts.period_to_on:%Y}",
                "filformat": "application/zip",
                "rapporteringsperiodTom": accounts.period_to_on.isoformat(),
                "registreringstidpunkt": accounts.registered_on.isoformat(),
            }
        )
    return JSONResponse({"dokument": rows})


def _businesses(company: Company) -> list[tuple[Name, ...]]:
    """The names of each element: a sole trader's special names are businesses of their own."""
    first = Name(name=company.name, kind="name", from_on=company.registered_on)
    more = [name for name in company.names if name.kind != "former"]
    if company.protected:
        return [()]
    if len(company.number) == 12:
        return [(first,), *((name.model_copy(update={"kind": "name"}),) for name in more)]
    return [(first, *more)]


def _by_bolagsverket(company: Company, names: Sequence[Name]) -> dict[str, Any]:
    ongoing = [] if company.deregistered_on else [row for row in company.proceedings if row.ended_on is None]
    return {
        "organisationsnamn": _field(_BV, organisationsnamnLista=[_name(name) for name in names]),
        "organisationsform": _field(_BV, kod=company.form, klartext=FORMS.get(company.form, (company.form, ""))[0]),
        "avregistreradOrganisation": _field(_BV, avregistreringsdatum=_iso(company.deregistered_on)),
        "avregistreringsorsak": _field(_BV, **code(company.deregistration_reason, REASONS)),
        f"pagaende{_PROCEEDING}": {
            **_field(_BV),
            f"pagaende{_PROCEEDING}Lista": [
                {**code(row.code, PROCEEDINGS), "fromDatum": f"{row.from_on}T00:00:00.000+00:00"} for row in ongoing
            ],
        },
        "organisationsdatum": _field(_BV, registreringsdatum=_iso(company.registered_on), infortHosScb=None),
        "verksamhetsbeskrivning": _field(_BV, beskrivning=f" {company.description}" if company.description else None),
    }


def _name(name: Name) -> dict[str, Any]:
    kind = _NAME_CODES[name.kind]
    return {
        "namn": name.name,
        "organisationsnamntyp": {"kod": kind, "klartext": kind.replace("_", " ").capitalize()},
        "registreringsdatum": _iso(name.from_on),
        "verksamhetsbeskrivningSarskiltForetagsnamn": None,
    }


def _by_scb(company: Company, day: date) -> dict[str, Any]:
    taxed = any(_active(row, day) for row in (company.f_tax, company.vat, company.employer))
    at = company.address
    post = {
        "utdelningsadress": at.street or None,
        "coAdress": at.care_of or None,
        "postnummer": at.postcode or None,
        "postort": at.city or None,
        "land": None,
    }
    told = not company.protected and any(post.values())
    return {
        "reklamsparr": _field(_SCB, kod="NEJ", klartext="nej"),
        "juridiskForm": _field(_SCB, kod=FORMS.get(company.form, ("", "99"))[1], klartext="n/a"),
        "verksamOrganisation": _field(_SCB, kod="JA" if taxed else "NEJ", klartext="ja" if taxed else "nej"),
        "naringsgrenOrganisation": _field(_SCB, sni=[{"kod": sni, "klartext": text} for sni, text in company.sni]),
        "postadressOrganisation": _field(_SCB, postadress=post if told else None),
    }


def _active(row: Registration, day: date) -> bool:
    return row.from_on is not None and row.from_on <= day and (row.to_on is None or day <= row.to_on)


def _field(producer: str, **values: Any) -> dict[str, Any]:
    return {**values, "dataproducent": producer, "fel": None}


def _missing(fields: dict[str, tuple[str, ...]], producer: str, typ: str) -> dict[str, Any]:
    """Every field of a producer without data, with the reason."""
    said = "Organisationen finns inte." if typ == "ORGANISATION_FINNS_EJ" else f"Svar saknas från {producer}."
    fel = {"typ": typ, "felBeskrivning": said}
    return {
        field: {**dict.fromkeys(members), "dataproducent": producer, "fel": fel} for field, members in fields.items()
    }


def _quirky(element: dict[str, Any]) -> dict[str, Any]:
    """The same answer as it may also look."""
    right, wrong = f"pagaende{_PROCEEDING}", f"pagande{_PROCEEDING}"
    proceedings = element.pop(right)
    proceedings[f"{wrong}Lista"] = proceedings.pop(f"{right}Lista")
    element[wrong] = proceedings
    del element["organisationsidentitet"]["typ"]
    ended = element["avregistreradOrganisation"]
    if ended["avregistreringsdatum"]:
        ended["avregistreringsdatum"] += "T00:00:00.000+00:00"
    return {**element, "nyttFalt": {"kod": "X", "fel": None}}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
