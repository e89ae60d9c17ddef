"""Roaring as the stub serves it: token, overview, board, accounts in thousands, beneficial owners.

Members inside board and beneficial owners are our guess: the real ones are not documented openly.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import WRONG, Ask, Stub
from screening.stub.bolagsverket import FORMS, PROCEEDINGS, ROLES
from screening.stub.world import Company, OwnerRow, Registration

LIMIT: Final = (5, 1.0)  # not published
SCENARIOS: Final = {
    "code_1": "an unknown number as 200 without records and with status.code 1, in place of 404",
    "code_9": "200 with a status.code that is no answer",
    "no_board": "403 for the board alone: not in the subscription",
    "no_owners": "403 for beneficial owners alone",
    "odd": "dates without hyphens, registrations and amounts as texts",
}
ERRORS: Final[Mapping[str, Any]] = {
    "unauthorized": {"error": "invalid_token", "error_description": "The access token expired"},
    "forbidden": {"message": "The subscription does not include this API"},
    "bad_credentials": {"error": "invalid_client", "error_description": "Client authentication failed"},
    "throttled": {"message": "Too many requests"},
    "error": {"message": "Internal server error"},
    "down": {"message": "Service unavailable"},
}
_THOUSAND: Final = Decimal(1000)
Reader = Callable[[Ask, Company], Sequence[Mapping[str, Any]]]


def routes(stub: Stub) -> list[Route]:
    """Token and the four APIs."""
    return [
        stub.route("/token", _token, operation="token", method="POST", token=True),
        stub.route("/se/company/overview/2.0/{number}", _api(_overview), operation="overview", billable=True),
        stub.route(
            "/se/company/board-members/2.0/{number}", _api(_board, "no_board"), operation="board-members", billable=True
        ),
        stub.route(
            "/se/company/economy-overview/2.1/{number}", _api(_economy), operation="economy-overview", billable=True
        ),
        stub.route(
            "/se/beneficialowner/2.1/company/{number}",
            _api(_filing, "no_owners"),
            operation="beneficialowner",
            billable=True,
        ),
    ]


async def _token(ask: Ask) -> Response:
    """Credentials stand in the header (Basic), never in the body."""
    scheme, _, pair = ask.request.headers.get("authorization", "").partition(" ")
    if scheme != "Basic" or base64.b64decode(pair).decode().partition(":")[2] in ("", WRONG):
        return ask.stub.error("bad_credentials", ask)
    return JSONResponse(
        {"access_token": ask.stub.issue_token(), "scope": "default", "token_type": "Bearer", "expires_in": 3600}
    )


def _api(read: Reader, closed: str = "") -> Callable[[Ask], Awaitable[Response]]:
    async def handler(ask: Ask) -> Response:
        company = await ask.about(ask.request.path_params["number"])
        if closed in ask.scenarios:
            return ask.stub.error("forbidden", ask)
        if "code_9" in ask.scenarios:
            return JSONResponse({"records": [], "status": {"code": 9, "text": "Error"}})
        if "code_1" in ask.scenarios:
            return JSONResponse({"records": [], "status": {"code": 1, "text": "Not found"}})
        if company is None:
            return JSONResponse({"message": "Not found"}, 404)
        rows = read(ask, company)
        if "odd" in ask.scenarios:
            rows = [{name: _odd(name, value) for name, value in row.items()} for row in rows]
        return JSONResponse({"records": rows, "status": {"code": 0, "text": "Found"}})

    return handler


def _odd(name: str, value: Any) -> Any:
    if name.endswith("Date") and value:
        return value.replace("-", "")
    return str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, float) else value


def _overview(ask: Ask, company: Company) -> list[Mapping[str, Any]]:
    if ask.partial:
        return [{"companyId": company.number, "companyName": company.name}]
    hidden = company.protected
    status, since = _status(company)
    return [
        {
            "companyId": company.number,
            "companyName": company.name,
            "statusTextHigh": status,
            "statusDateFrom": since,
            "preliminaryTaxReg": _on(company.f_tax, ask),
            "vatReg": _on(company.vat, ask),
            "employerContributionReg": _on(company.employer, ask),
            "legalGroupCode": company.form,
            "legalGroupText": FORMS.get(company.form, (company.form, ""))[0],
            "companyRegistrationDate": company.registered_on.isoformat() if company.registered_on else None,
            "coAddress": "" if hidden else company.address.care_of,
            "address": "" if hidden else company.address.street,
            "zipCode": "" if hidden else company.address.postcode,
            "town": "" if hidden else company.address.city,
            "industryCode": company.sni[0][0] if company.sni else None,
            "industryText": company.sni[0][1] if company.sni else None,
        }
    ]


def _status(company: Company) -> tuple[str, str | None]:
    if company.deregistered_on:
        return "Avregistrerat", company.deregistered_on.isoformat()
    open_ = next((row for row in company.proceedings if row.ended_on is None), None)
    if open_ is None:
        return "Aktivt", None
    return f"{PROCEEDINGS.get(open_.code, open_.code)} inledd", open_.from_on.isoformat()


def _on(registration: Registration, ask: Ask) -> bool:
    begun = registration.from_on is not None and registration.from_on <= ask.day
    return begun and (registration.to_on is None or registration.to_on > ask.day)


def _board(ask: Ask, company: Company) -> list[Mapping[str, Any]]:
    if ask.partial:
        return []
    return [
        {
            "companyId": company.number,
            "personalNumber": ask.people[role.person].number,
            "firstName": ask.people[role.person].first_name,
            "surName": ask.people[role.person].last_name,
            "roleText": ROLES.get(role.role, role.role),
            "fromDate": role.from_on.isoformat() if role.from_on else None,
        }
        for role in company.officers
    ]


def _economy(ask: Ask, company: Company) -> list[Mapping[str, Any]]:
    year = company.accounts
    if year is None:
        return []
    row: dict[str, Any] = {"companyId": company.number, "currency": "SEK", "toDate": year.period_to_on.isoformat()}
    if not ask.partial:
        row |= {
            "plNetSales": None if year.turnover_sek is None else float(year.turnover_sek / _THOUSAND),
            "bsTotalEquity": None if year.equity_sek is None else float(year.equity_sek / _THOUSAND),
            "numberOfEmployees": year.employees,
        }
    return [row]


def _filing(ask: Ask, company: Company) -> list[Mapping[str, Any]]:
    owners = company.owners
    rows = [] if ask.partial else [_owner(row, ask) for row in owners.rows]
    registered = owners.registered_on.isoformat() if owners.registered_on else None
    return [
        {
            "companyId": company.number,
            "hasBeneficialOwners": owners.state == "registered",
            "beneficialOwners": rows,
            "registrationDate": registered,
        }
    ]


def _owner(row: OwnerRow, ask: Ask) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "anonymous": row.anonymous,
        "countryCode": row.country,
        "percentageFrom": None if row.share_from is None else float(row.share_from * 100),
        "percentageTo": None if row.share_to is None else float(row.share_to * 100),
    }
    if row.anonymous:
        return told
    if row.person is None:
        return {**told, "name": row.name}
    person = ask.people[row.person]
    return {**told, "personalNumber": person.number, "firstName": person.first_name, "surName": person.last_name}
