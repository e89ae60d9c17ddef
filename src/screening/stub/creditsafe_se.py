"""Creditsafe Sweden's GetData and DateCheck as the stub serves them; the token is that of its Connect.

Names of fields are the stub's own: a real block's are agreed with Creditsafe. Members without a value are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import WRONG, Ask, Stub
from screening.stub.world import Company

LIMIT: Final = (60, 60.0)
SCENARIOS: Final = {
    "rejected": "200 with a rejection code (S231) and the report beside it",
    "rejected_bare": "200 with a rejection code (S200) and no report",
    "odd": "numbers as texts with spaces and commas",
    "no_rating": "a negative code in place of a rating",
}
CATEGORIES: Final = ("credit", "debts", "accounts", "officers", "address", "name", "deregistered_on", "proceedings")


def _error(code: str, text: str) -> dict[str, Any]:
    return {"metaData": {"apiLogId": "0", "resource": "getdata"}, "error": {"code": code, "text": text}}


ERRORS: Final[Mapping[str, Any]] = {
    "unauthorized": _error("R2", "Token is missing, invalid or expired"),
    "forbidden": _error("R9", "Access forbidden"),
    "bad_credentials": {"message": "Invalid username or password."},
    "throttled": {"message": "Too many requests"},
    "error": _error("99", "An unexpected error occurred."),
    "down": {"message": "Service unavailable"},
}
UNAUTHORIZED: Final = 403


def routes(stub: Stub) -> list[Route]:
    """Token, the block, and the day of the last change."""
    return [
        stub.route("/authenticate", _authenticate, operation="authenticate", method="POST", token=True),
        stub.route("/getdata", _get_data, operation="getdata", billable=True, discloses=True),
        stub.route("/datecheck/company", _date_check, operation="datecheck"),
    ]


async def _authenticate(ask: Ask) -> Response:
    body = await ask.json()
    if not isinstance(body, dict) or body.get("password") in (None, WRONG):
        return ask.stub.error("bad_credentials", ask)
    return JSONResponse({"token": ask.stub.issue_token()})


async def _get_data(ask: Ask) -> Response:
    query = ask.request.query_params
    number = query.get("searchnumber", "")
    if not number:
        return JSONResponse(_error("15", "searchnumber missing"), 400)
    company = await ask.about(number)
    if company is None:
        return JSONResponse(_error("15", "Ingen träff"), 404)
    meta = {"apiLogId": f"L-{ask.day:%Y%m%d}-{number[-4:]}", "resource": "getdata"}
    if company.protected:
        return JSONResponse({"metaData": meta, "error": {"code": "S2", "text": "Skyddad identitet"}, "report": {}})
    if "rejected_bare" in ask.scenarios:
        return JSONResponse({"metaData": meta, "error": {"code": "S200", "text": "Inaktivt"}})
    body: dict[str, Any] = {"metaData": meta, "report": _block(ask, company)}
    if "rejected" in ask.scenarios or company.deregistered_on:
        body["error"] = {"code": "S231", "text": "Likvidation avslutad"}
    return JSONResponse(body)


async def _date_check(ask: Ask) -> Response:
    """The newest change of each category before the day; the stub's beginning where nothing ever changed."""
    number = ask.request.query_params.get("searchnumber", "")
    company = await ask.about(number)
    if company is None:
        return JSONResponse(_error("15", "Ingen träff"), 404)
    born = next(item for item in ask.stub.world.company if item.number == company.number)
    newest: dict[str, str] = dict.fromkeys(CATEGORIES, "2019-01-01")
    for event in sorted(born.event, key=lambda item: item.on):
        if event.on <= ask.day:
            newest |= {name: event.on.isoformat() for name in CATEGORIES if name in event.set}
    rows = [{"category": name, "latestChange": on} for name, on in newest.items()]
    return JSONResponse({"metaData": {"apiLogId": "D", "resource": "datecheck"}, "report": {"categories": rows}})


def _block(ask: Ask, company: Company) -> dict[str, Any]:
    credit, accounts, debts = company.credit, company.accounts, company.debts
    values: dict[str, Any] = {
        "COMPANY_NAME": company.name,
        "STATUS": "Avregistrerat" if company.deregistered_on else "Aktivt",
        "PUBLIC_DEBT": debts.public_sek,
        "PUBLIC_CASES": debts.public_cases,
        "PRIVATE_DEBT": debts.private_sek,
        "PRIVATE_CASES": debts.private_cases,
        "APPLICATIONS": debts.applications,
        "APPLICATIONS_SUM": debts.applications_sek,
        "LAST_CASE": debts.last_case_on,
        "RATING": -29
        if "no_rating" in ask.scenarios
        else (credit.score if credit and credit.no_rating is None else None),
        "CREDIT_LIMIT": credit.limit_sek if credit else None,
        "RATING_CHANGED": credit.changed_on if credit else None,
        "ACCOUNTS_TO": accounts.period_to_on if accounts else None,
        "TURNOVER": accounts.turnover_sek if accounts else None,
        "EQUITY": accounts.equity_sek if accounts else None,
        "EMPLOYEES": accounts.employees if accounts else None,
    }
    if ask.partial:
        values = {name: values[name] for name in ("COMPANY_NAME", "STATUS")}
    return {name: _written(value, odd="odd" in ask.scenarios) for name, value in values.items() if value is not None}


def _written(value: Any, *, odd: bool) -> Any:
    if isinstance(value, str | int):
        return f" {value} " if odd else value
    if hasattr(value, "isoformat"):
        return f"{value.isoformat()}T00:00:00" if odd else value.isoformat()
    return f"{value:,.2f}".replace(",", " ").replace(".", ",") if odd else float(value)
