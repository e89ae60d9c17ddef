"""The stub's questions about persons in Företagsinformation v4: who they are in a company, and whether they may trade.

The wire has a free text with the reason of a prohibition; the stub sends one, so that it is seen to be cut away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import Ask, Stub
from screening.stub.bolagsverket import ERRORS, api_error, number_in, token, wrong_number
from screening.stub.bolagsverket_v4 import organisations, statuses
from screening.stub.world import Elsewhere, Person, Prohibition, companies_of

__all__ = ["ERRORS", "LIMIT", "routes"]

LIMIT = (20, 1.0)
BASE = "/foretagsinformation/v4"
REASON = "Fritext om skälet"
_SETS = frozenset({"ORGANISATIONSENGAGEMANG", "PERSONLIG_KONKURS", "BITRADESFORBUD", "NARINGSFORBUD"})


def routes(stub: Stub) -> list[Route]:
    """Token, who is in a company, and one question per person; both count against the quota."""
    return [
        stub.route("/oauth2/token", token, operation="token", method="POST", token=True),
        stub.route(f"{BASE}/organisationer", organisations, operation="organisationer", method="POST", billable=True),
        stub.route(f"{BASE}/personer", persons, operation="personer", method="POST", billable=True),
    ]


async def persons(ask: Ask) -> Response:
    """The person's prohibition or null; 404 for one that the world does not have."""
    number = await number_in(ask)
    if wrong := wrong_number(ask, number):
        return wrong
    sets = set((await ask.json()).get("personInformationsmangd") or ())
    if unknown := sorted(sets - _SETS):
        return api_error(ask, 400, "Fel format", f"Okänd informationsmängd: {unknown[0]}", "FM001")
    await ask.strike(number)
    person = next((item for item in ask.people.values() if item.number == number), None)
    if person is None or "unknown" in ask.scenarios:
        return api_error(ask, 404, "Uppgift saknas", "Personen finns inte.", "FM404")
    ban = person.prohibition
    begun = ban is not None and ban.from_on <= ask.day
    element: dict[str, Any] = {"identitet": {"identitetsbeteckning": number}}
    if "NARINGSFORBUD" in sets and not ask.partial:
        element["naringsforbud"] = _prohibition(ban) if ban is not None and begun else None
    if "ORGANISATIONSENGAGEMANG" in sets and not ask.partial:
        element["organisationsengagemang"] = [*_roles(ask, person), *map(_elsewhere, person.elsewhere)]
    return JSONResponse([element], headers={"X-Request-Id": ask.request.headers.get("x-request-id", "")})


def _roles(ask: Ask, person: Person) -> Iterator[dict[str, Any]]:
    """The person's roles in the companies of this world."""
    for company in companies_of(ask.stub.world, ask.day).get(person.id, ()):
        held = [role.role for role in company.officers if role.person == person.id]
        yield _role(company.number, company.name, held, statuses(company))


def _elsewhere(row: Elsewhere) -> dict[str, Any]:
    """A role in a company that the world has nothing more of."""
    ended = {"kod": "KKAV" if row.bankrupt else "LIAV", "klartext": None, "typ": "AvregistreradOrganisationstyp"}
    rows = [{**ended, "datum": row.ended_on.isoformat()}] if row.ended_on else []
    return _role(row.number, f"Bolag {row.number}", [row.role], rows)


def _role(number: str, name: str, roles: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {
        "identitet": {"identitetsbeteckning": number},
        "organisationsnamn": {"namn": name},
        "organisationsstatusar": list(rows),
        "funktionarsroller": [{"kod": role, "klartext": None} for role in roles],
    }


def _prohibition(ban: Prohibition) -> dict[str, Any]:
    exempt = ban.exempt_from_on and {
        "from": ban.exempt_from_on.isoformat(),
        "tom": ban.exempt_to_on.isoformat() if ban.exempt_to_on else None,
        "aterkallatDatum": None,
    }
    return {
        "fritext": REASON,
        "slutligt": {"from": ban.from_on.isoformat(), "tom": ban.to_on.isoformat() if ban.to_on else None},
        "tillfalligt": None,
        "beslut": {"typ": "DOM", "datum": ban.from_on.isoformat()},
        "undantag": exempt or None,
    }
