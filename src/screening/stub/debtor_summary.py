"""Debtor summaries as the stub serves them: 404 for whoever owes nothing, known or not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import WRONG, Ask, Stub
from screening.stub.world import DebtRow

LIMIT: Final = (20, 1.0)
ERRORS: Final[Mapping[str, Any]] = {
    "unauthorized": {"title": "Unauthorized", "status": 401},
    "forbidden": {"title": "Forbidden", "status": 403},
    "throttled": {"title": "Too Many Requests", "status": 429},
    "error": {"title": "Internal Server Error", "status": 500},
    "down": {"title": "Service Unavailable", "status": 503},
}


HAS_TOKENS: Final = False
SCENARIOS: Final = {"odd": "amounts as texts, no total, fields that nobody has heard of"}


def routes(stub: Stub) -> list[Route]:
    """The one operation."""
    path = "/companies/{number}/debtor-summary"
    return [
        stub.route(
            path, _summary, operation="debtor_summary", billable=True, charged=frozenset({404}), authorised=_has_key
        )
    ]


def _has_key(request: Request) -> bool:
    return request.headers.get("x-api-key", "") not in ("", WRONG)


async def _summary(ask: Ask) -> Response:
    company = await ask.about(ask.request.path_params["number"])
    if ask.partial:
        return JSONResponse({"foreclosure": None, "executions": []})  # not whole: no balance at all
    debts = company.debts if company else DebtRow()
    if not (debts.public_sek or debts.private_sek or debts.applications or debts.remarks):
        return JSONResponse({"title": "Not Found", "status": 404}, 404)
    applications: dict[str, Any] = {
        "numberOfCases": debts.applications,
        "totalAmountInSEK": float(debts.applications_sek),
        "lastCaseDate": debts.last_case_on.isoformat() if debts.last_case_on else None,
        "orderToPayCases": [],
    }
    balance = {
        "lastUpdated": int(datetime(ask.day.year, ask.day.month, ask.day.day, 3, tzinfo=UTC).timestamp()),
        "totalAmountInSEK": float(debts.public_sek + debts.private_sek),
        "public": _public(debts),
        "private": {"numberOfCases": debts.private_cases, "totalAmountInSEK": float(debts.private_sek)},
    }
    if "odd" in ask.scenarios:
        balance = {key: value for key, value in balance.items() if key != "totalAmountInSEK"} | {"newMember": []}
        balance["private"] = {"numberOfCases": str(debts.private_cases), "totalAmountInSEK": str(debts.private_sek)}
    return JSONResponse(
        {
            "foreclosure": None,
            "debtRestructuring": None,
            "recordOfPaymentApplications": applications if debts.applications else None,
            "recordOfNonPayment": _remarks(debts),
            "debtBalance": balance,
            "executions": [],
        }
    )


def _remarks(debts: DebtRow) -> dict[str, Any] | None:
    """Payment remarks, and the day of the last case."""
    if not debts.remarks and debts.last_case_on is None:
        return None
    return {
        "numberOfCases": debts.remarks,
        "totalAmountInSEK": float(debts.remarks_sek),
        "lastCaseDate": debts.last_case_on.isoformat() if debts.last_case_on else None,
    }


def _public(debts: DebtRow) -> list[dict[str, Any]]:
    """Allmänna mål: by what they are about where the world says how much is tax, else in one sum."""
    if not debts.public_sek:
        return []
    if debts.tax_sek is None:
        return [_row("Allmänna mål", debts.public_sek, debts.public_cases)]
    rest = debts.public_sek - debts.tax_sek
    tax_cases = debts.public_cases if not rest else max(1, debts.public_cases - 1) if debts.tax_sek else 0
    rows = [
        ("Skatter och avgifter", debts.tax_sek, tax_cases),
        ("Böter och viten", rest, debts.public_cases - tax_cases),
    ]
    return [_row(*row) for row in rows if row[1]]


def _row(description: str, amount: Decimal, cases: int) -> dict[str, Any]:
    return {"description": description, "totalAmountInSEK": float(amount), "numberOfCases": cases}
