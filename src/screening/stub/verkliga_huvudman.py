"""The stub's register of beneficial owners, in the shape that clients of it read; codes and wording are our guess."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import Ask, Stub, plain
from screening.stub.bolagsverket import ERRORS, api_error, number_in, token, wrong_number
from screening.stub.world import OwnerRow

__all__ = ["ERRORS", "LIMIT", "routes"]

LIMIT = (20, 1.0)
BASE = "/verkliga-huvudman/v1"
_STATUS = {
    "registered": {"kod": "REGISTRERAD", "klartext": "Verklig huvudman är registrerad"},
    "none_registered": {"kod": "EJ_ANMALD", "klartext": "Ingen anmälan om verklig huvudman har gjorts"},
    "none_exists": {"kod": "SAKNAS", "klartext": "Organisationen har ingen verklig huvudman"},
    "unknown_filed": {"kod": "OKAND", "klartext": "Verklig huvudman kan inte fastställas"},
    "exempt": {"kod": "UNDANTAGEN", "klartext": "Organisationen är undantagen från anmälan"},
}


def routes(stub: Stub) -> list[Route]:
    """Token and the question."""
    return [
        stub.route("/oauth2/token", token, operation="token", method="POST", token=True),
        stub.route(f"{BASE}/organisationer", organisations, operation="organisationer", method="POST"),
    ]


async def organisations(ask: Ask) -> Response:
    """The owners; whoever does not say why is refused. With the fault ``partial`` the owners are not there."""
    number = await number_in(ask)
    if wrong := wrong_number(ask, number):
        return wrong
    body = await ask.json()
    if not (ask.request.headers.get("x-andamal") or body.get("andamal")):
        return api_error(ask, 400, "Felaktig begäran", "Ändamål saknas.")
    company = await ask.about(number)
    if company is None:
        return api_error(ask, 404, "Uppgift saknas", "Organisationen finns inte i registret.")
    owners = company.owners
    shown = owners.state == "registered" and not ask.partial
    return JSONResponse(
        {
            "organisation": {
                "identitetsbeteckning": plain(number),
                "organisationsnamn": company.name,
                "statusForVerkligHuvudman": _STATUS[owners.state],
                "registreringsdatum": owners.registered_on.isoformat() if owners.registered_on else None,
                "orsak": owners.none_reason,
                "felaktigaUppgifterIRegistretOverVerkligaHuvudman": [],
            },
            "verkligHuvudman": [_owner(row, ask) for row in owners.rows] if shown else [],
            "foretradare": [],
        }
    )


def _owner(row: OwnerRow, ask: Ask) -> dict[str, Any]:
    country = {"kod": f"{row.country}-LAND", "klartext": row.country}
    control = {"artAvKontroll": {"kod": "AGANDE", "klartext": "Ägande eller röster"}, "indirektKontroll": None}
    told: dict[str, Any] = {
        "arAnonym": row.anonymous,
        "personnamn": None,
        "identitet": None,
        "bosattningsland": None if row.anonymous else country,
        "omfattningAvKontroll": _extent(row.share_from, row.share_to),
        "kontroll": [control],
        "registreringsdatum": row.since_on.isoformat() if row.since_on else None,
    }
    if row.anonymous:
        return told
    if row.person is None:
        first, _, last = row.name.rpartition(" ")
        return {**told, "personnamn": {"fornamn": first or None, "mellannamn": None, "efternamn": last}}
    person = ask.people[row.person]
    return {
        **told,
        "personnamn": {"fornamn": person.first_name, "mellannamn": None, "efternamn": person.last_name},
        "identitet": {
            "typ": {"kod": "PERSONNUMMER", "klartext": "Personnummer"},
            "identitetsbeteckning": person.number,
        },
    }


def _extent(share_from: Decimal | None, share_to: Decimal | None) -> dict[str, str] | None:
    if share_from is None:
        return None
    low = f"{share_from * 100:f}".rstrip("0").rstrip(".").replace(".", ",") or "0"
    if share_to is None or share_to == 1:
        return {"kod": "INTERVALL", "klartext": f"{low} % eller mer"}
    high = f"{share_to * 100:f}".rstrip("0").rstrip(".").replace(".", ",") or "0"
    return {"kod": "INTERVALL", "klartext": f"Mer än {low} % till och med {high} %"}
