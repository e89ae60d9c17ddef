"""The stub's Företagsinformation v4: a bare array, only the sets that were asked for, 404 for who is not there.

With ``tidpunkt`` it answers as of that earlier day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import Ask, Stub, plain
from screening.stub.bolagsverket import (
    ERRORS,
    FORMS,
    PROCEEDINGS,
    REASONS,
    ROLES,
    api_error,
    code,
    identity,
    number_in,
    token,
    wrong_number,
)
from screening.stub.bolagsverket_subscriptions import Subscriptions
from screening.stub.world import Company, Person, Proceeding

__all__ = ["ERRORS", "LIMIT", "SCENARIOS", "routes"]

LIMIT = (20, 1.0)
SCENARIOS = {"odd": "codes by themselves, short names of members, moments for dates, members that nobody has heard of"}
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SHORT = {
    "avvecklingsEllerOmstruktureringsforfarandetyp": "typ",
    "avvecklingsEllerOmstruktureringsforfarandehandelse": "handelse",
    "fusionsDelningsEllerOmbildningsforfarandetyp": "typ",
    "fusionsDelningsEllerOmbildningsforfarandehandelse": "handelse",
}
BASE = "/foretagsinformation/v4"
_NAMES = {"name": "FORETAGSNAMN", "special": "SARSKILT_FORETAGSNAMN", "foreign": "FORETAGSNAMN_PA_FRAMMANDE_SPRAK"}
_MERGERS = frozenset({"FUOL", "FUOT", "DEOL", "DEOT", "OM", "GROM"})
_SETS = frozenset(
    {
        "ORGANISATIONSADRESSER", "FIRMATECKNING", "FUNKTIONARER", "HEMVISTKOMMUN", "RAKENSKAPSAR", "ORGANISATIONSDATUM",
        "VERKSAMHETSBESKRIVNING", "AKTIEINFORMATION", "SAMTLIGA_ORGANISATIONSNAMN", "ORGANISATIONSENGAGEMANG", "TILLSTAND",
        "OVRIG_ORGANISATIONSINFORMATION", "ORGANISATIONSMARKERINGAR", "BESTAMMELSER", "VAKANSER_OCH_UPPLYSNINGAR",
        "EKONOMISK_PLAN", "UTLANDSK_FILIALAGANDE_ORGANISATION", "FINANSIELLA_RAPPORTER", "DETALJERAD_STATUS",
        "UTLANDSKA_FILIALER",
    }
)  # fmt: skip


def routes(stub: Stub) -> list[Route]:
    """Token and the question, which counts against the quota."""
    return [
        stub.route("/oauth2/token", token, operation="token", method="POST", token=True),
        stub.route(f"{BASE}/organisationer", organisations, operation="organisationer", method="POST", billable=True),
        *Subscriptions().routes(stub),
    ]


async def organisations(ask: Ask) -> Response:
    """One element with what was asked for; with the fault ``partial`` the sets that were asked for are not there."""
    number = await number_in(ask)
    if wrong := wrong_number(ask, number):
        return wrong
    sets = set((await ask.json()).get("organisationInformationsmangd") or ())
    if unknown := sorted(sets - _SETS):
        return api_error(ask, 400, "Fel format", f"Okänd informationsmängd: {unknown[0]}", "FM001")
    company = await ask.about(number)
    try:
        past = _past(ask, (await ask.json()).get("tidpunkt"))
    except ValueError:
        return api_error(ask, 400, "Fel format", "tidpunkt ska vara en tidpunkt som har varit.", "FM002")
    if company is not None and past is not None:
        ask.day = past
        company = ask.company(number)
    if company is None:
        return api_error(ask, 404, "Uppgift saknas", "Organisationen finns inte.", "FM404")
    element: dict[str, Any] = {
        "identitet": identity(plain(number)),
        "namnskyddslopnummer": 1 if len(plain(number)) == 12 else None,
        "arende": {"arendenummer": "1234/2026", "avslutatTidpunkt": "2026-01-15T10:00:00.000+01:00"},
        "organisationsnamn": {"typ": code("FORETAGSNAMN"), "namn": None if company.protected else company.name},
        "organisationsform": code(company.form, {form: text for form, (text, _) in FORMS.items()}),
    }
    if not ask.partial:
        element["organisationsstatusar"] = statuses(company)
        for wanted, part in _PARTS.items():
            if wanted in sets:
                element |= part(company, ask)
    headers = {"X-Request-Id": ask.request.headers.get("x-request-id", "")}
    return JSONResponse([_odd(element) if "odd" in ask.scenarios else element], headers=headers)


def _odd(value: Any) -> Any:
    """The same as it may also be written."""
    if isinstance(value, list):
        return [_odd(item) for item in value]
    if not isinstance(value, dict):
        return f"{value}T00:00:00.000+02:00" if isinstance(value, str) and _DAY.fullmatch(value) else value
    if set(value) == {"kod", "klartext"} and value["kod"]:
        return value["kod"]
    return {_SHORT.get(name, name): _odd(item) for name, item in reversed(value.items())} | {"nyttFalt": [None]}


def _past(ask: Ask, said: object) -> date | None:
    """The earlier day that is asked about, if any.

    Raises:
        ValueError: not an ISO time with seconds and zone, or one to come.
    """
    if said is None:
        return None
    moment = datetime.strptime(str(said), "%Y-%m-%dT%H:%M:%S%z")
    if moment.date() > ask.day:
        message = f"{said}: to come"
        raise ValueError(message)
    return moment.date()


def statuses(company: Company) -> list[dict[str, Any]]:
    """A deregistration, or the proceedings that run."""
    rows = []
    if company.deregistered_on:
        rows.append(
            {
                **code(company.deregistration_reason or "AVREG", REASONS),
                "typ": "AvregistreradOrganisationstyp",
                "datum": _iso(company.deregistered_on),
            }
        )
    rows.extend(
        {**code(row.code, PROCEEDINGS), "typ": "AvvecklingsOmstruktureringsforfarande", "datum": _iso(row.from_on)}
        for row in company.proceedings
        if row.ended_on is None and not company.deregistered_on
    )
    return rows


def _officers(company: Company, ask: Ask) -> dict[str, Any]:
    roles: dict[str, list[dict[str, str | None]]] = {}
    for row in company.officers:
        if row.from_on is None or row.from_on <= ask.day:
            roles.setdefault(row.person, []).append(code(row.role, ROLES))
    return {"funktionarer": [{**_person(ask.people[name]), "funktionarsroller": rows} for name, rows in roles.items()]}


def _person(person: Person) -> dict[str, Any]:
    return {
        "personnamn": {"fornamn": person.first_name, "efternamn": person.last_name},
        "identitet": {
            "typ": {"kod": "PERSONNUMMER", "klartext": "Personnummer"},
            "identitetsbeteckning": person.number,
        },
    }


def _signing(company: Company, _ask: Ask) -> dict[str, Any]:
    rule: dict[str, Any] = {"kodad": [], "klartext": company.signatory, "prokuratext": None}
    return {"firmateckning": rule if company.signatory else None}


def _reports(company: Company, ask: Ask) -> dict[str, Any]:
    accounts = company.accounts
    if accounts is None or (accounts.registered_on and accounts.registered_on > ask.day):
        return {"finansiellaRapporter": []}
    report = {
        "rapporteringsperiod": {"periodFrom": None, "periodTom": accounts.period_to_on.isoformat()},
        "rapportTyp": {"kod": "ARSREDOVISNING", "klartext": "Årsredovisning"},
        "ankomDatum": _iso(accounts.registered_on),
        "registreradDatum": _iso(accounts.registered_on),
        "innehallerKoncernredovisning": False,
    }
    return {"finansiellaRapporter": [{"arende": {"arendenummer": "4321/2026"}, "rapporter": [report]}]}


def _year(company: Company, _ask: Ask) -> dict[str, Any]:
    if company.accounts is None:
        return {}
    ends = date.fromisoformat(f"2001-{company.accounts.year_ends}")  # any year but a leap year
    begins = ends + timedelta(days=1)
    return {"rakenskapsar": {"rakenskapsarInleds": f"{begins:%m-%d}", "rakenskapsarAvslutas": f"{ends:%m-%d}"}}


def _dates(company: Company, _ask: Ask) -> dict[str, Any]:
    return {"organisationsdatum": {"registreringsdatum": _iso(company.registered_on), "bildatDatum": None}}


def _names(company: Company, _ask: Ask) -> dict[str, Any]:
    if company.protected:
        return {"samtligaOrganisationsnamn": []}
    rows = [{"typ": code("FORETAGSNAMN"), "namn": company.name, "registreringsdatum": _iso(company.registered_on)}]
    rows += [
        {"typ": code(_NAMES[name.kind]), "namn": name.name, "registreringsdatum": _iso(name.from_on)}
        for name in company.names
        if name.kind != "former"
    ]
    return {"samtligaOrganisationsnamn": rows}


def _status(company: Company, ask: Ask) -> dict[str, Any]:
    ended = company.deregistered_on and {
        "avregistreringsdatum": _iso(company.deregistered_on),
        "avregistreringsorsak": code(company.deregistration_reason or "AVREG", REASONS),
    }
    mergers = [_merger(row, company, ask) for row in company.proceedings if row.code in _MERGERS]
    if company.successor and not any(row.code == "FUOL" for row in company.proceedings):
        carried = Proceeding(code="FUOL", from_on=company.deregistered_on or ask.day, ended_on=company.deregistered_on)
        mergers.append(_merger(carried, company, ask))
    return {
        "detaljeradStatus": {
            "avregistreradOrganisation": ended or None,
            "avvecklingsEllerOmstruktureringsforfaranden": [
                {
                    "avvecklingsEllerOmstruktureringsforfarandetyp": code(row.code, PROCEEDINGS),
                    "avvecklingsEllerOmstruktureringsforfarandehandelse": {
                        "inleddDatum": _iso(row.from_on),
                        "avslutadDatum": _iso(row.ended_on),
                    },
                }
                for row in company.proceedings
                if row.code not in _MERGERS
            ],
            "fusionsDelningsEllerOmbildningsforfaranden": mergers,
        }
    }


def _merger(row: Proceeding, company: Company, ask: Ask) -> dict[str, Any]:
    """The codes of the kinds are our guess; who takes over stands where the specification has it."""
    kind = {"FU": "Fusion", "DE": "Delning"}.get(row.code[:2])
    role = "OVERTAGANDE" if row.code.endswith("OT") else "OVERLATANDE"
    successor = ask.company(company.successor) if company.successor and role == "OVERLATANDE" else None
    party = {
        "svenskOrganisation": {"identitetsbeteckning": company.successor, "namn": successor.name if successor else None}
    }
    return {
        "rollIForfarandet": role,
        "fusionsDelningsEllerOmbildningsforfarandetyp": code(
            row.code[:2] if kind else row.code, {row.code[:2]: kind or row.code}
        ),
        "fusionsDelningsEllerOmbildningsforfarandehandelse": {
            "inleddDatum": _iso(row.from_on),
            "genomfordDatum": _iso(row.ended_on or company.deregistered_on),
        },
        "overtagandeOrganisationer": [party] if company.successor and role == "OVERLATANDE" else [],
    }


_PARTS: Mapping[str, Any] = {
    "FUNKTIONARER": _officers,
    "FIRMATECKNING": _signing,
    "FINANSIELLA_RAPPORTER": _reports,
    "RAKENSKAPSAR": _year,
    "ORGANISATIONSDATUM": _dates,
    "SAMTLIGA_ORGANISATIONSNAMN": _names,
    "DETALJERAD_STATUS": _status,
}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
