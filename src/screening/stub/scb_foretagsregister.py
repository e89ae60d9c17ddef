"""SCB's Företagsregister as the stub serves it: one question by number, a list of rows whose values are all text.

Switches (``options`` of ``make_app``): ``spelling = "documented"`` gives ``"F-skattstatus"`` with the code alone, instead
of ``"Fskattstatus, kod"`` beside the text; ``not_ordered`` lists members that answer ``"*"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import WRONG, Ask, Stub, plain
from screening.stub.world import Company, Registration

LIMIT: Final = (10, 10.0)
ERRORS: Final[Mapping[str, Any]] = {
    "unauthorized": {"Message": "Unauthorized"},
    "forbidden": {"Message": "Forbidden"},
    "throttled": {"Message": "API calls quota exceeded"},
    "error": {"Message": "An error has occurred."},
    "down": {"Message": "The service is unavailable."},
}
HAS_TOKENS: Final = False
SCENARIOS: Final = {
    "not_ordered": "200 with `*` for registrations that the subscription does not hold",
    "odd": "the documented spelling of the members, with the codes alone",
}
TEXTS: Final[Mapping[str, str]] = {"0": "Har aldrig varit registrerad", "1": "Är registrerad", "9": "Är avregistrerad"}
MEMBERS: Final = (
    ("F-skattstatus", "Fskattstatus", "f_tax"),
    ("Momsstatus", "Momsstatus", "vat"),
    ("Arbetsgivarstatus", "Arbetsgivarstatus", "employer"),
)


def routes(stub: Stub) -> list[Route]:
    """The one operation that the adapter uses."""
    path = "/api/je/hamtaforetag"
    return [stub.route(path, _fetch, operation="hamtaforetag", method="POST", authorised=_has_id)]


def _has_id(request: Request) -> bool:
    """Over a socket the certificate would have decided before; the id is what is left to look at."""
    return request.headers.get("apiid", "") not in ("", WRONG)


async def _fetch(ask: Ask) -> Response:
    body = await ask.json()
    asked = _asked(body)
    if asked is None:
        return JSONResponse({"Message": "The request is invalid."}, 400)
    company = await ask.about(_known(ask, asked))
    if company is None or _filtered(body, company):
        return JSONResponse([])
    return JSONResponse([_row(ask, company)])


def _asked(body: Any) -> str | None:
    """The ten digits asked for, when the question is of a shape that SCB takes."""
    variables = body.get("variabler") if isinstance(body, dict) else None
    if not isinstance(variables, list) or len(variables) != 1 or not isinstance(variables[0], dict):
        return None
    one = variables[0]
    if one.get("Variabel") != "OrgNr (10 siffror)" or one.get("Operator") != "ArLikaMed":
        return None
    value = one.get("Varde1")
    return value if isinstance(value, str) and len(value) == 10 else None


def _known(ask: Ask, ten: str) -> str:
    """The number as the world has it: sole traders are asked for with ten digits here, and stand there with twelve."""
    companies = ask.stub.world.at(ask.day)
    return next((century + ten for century in ("19", "20") if century + ten in companies), ten)


def _filtered(body: Mapping[str, Any], company: Company) -> bool:
    """A filter on status hides whoever is struck off, as it does at SCB."""
    return body.get("Företagsstatus") == "1" and company.deregistered_on is not None


def _row(ask: Ask, company: Company) -> dict[str, str]:
    number = plain(company.number)
    row = {
        "PeOrgNr": number if len(number) == 12 else f"16{number}",
        "Företagsnamn": "" if company.protected else company.name,
        "Företagsstatus, kod": "9" if company.deregistered_on else "1",
        "Registreringsstatus, kod": "9" if company.deregistered_on else "1",
    }
    for documented, seen, field in MEMBERS:
        code = _code(getattr(company, field), ask.day)
        if ask.partial or "not_ordered" in ask.scenarios or documented in ask.stub.options.get("not_ordered", ()):
            code = "*"
        if ask.stub.options.get("spelling") == "documented" or "odd" in ask.scenarios:
            row[documented] = code
        else:
            row[f"{seen}, kod"] = code
            row[seen] = TEXTS.get(code, "*")
    return row


def _code(registration: Registration, day: date) -> str:
    if registration.from_on is None or registration.from_on > day:
        return "0"
    ended = registration.to_on is not None and registration.from_on <= registration.to_on <= day
    return "9" if ended else "1"  # a later from_on is a new registration after the one that ended
