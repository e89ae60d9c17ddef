"""The stub's Skattekonto API v2: open for accounts whose holder has made the caller its ombud, 403 for all others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import Ask, Stub, plain
from screening.stub.bolagsverket import token
from screening.stub.world import TaxAccountRow

BASE = "/beskattning/skattekonto/v2/skattekonton/{identitet}"
_WINDOW = timedelta(days=555)


def _said(message: str) -> Any:
    def body(ask: Ask) -> dict[str, str]:
        reference = ask.request.headers.get("skv_client_correlation_id", "")
        return {"skv_client_correlation_id": reference, "message": message}

    return body


_REFUSED = _said("Åtkomst nekad")
SCENARIOS = {"without_amount": "a row of the account that lacks its amount"}
ERRORS: Mapping[str, Any] = {
    "bad_credentials": {"error": "invalid_client"},
    "down": _said("Timeout"),
    "error": _said("Tekniskt fel"),
    "forbidden": {"code": "900908", "message": "Access forbidden"},
    "throttled": _said("Too many requests"),
    "unauthorized": _said("Ej inloggad"),
}


def routes(stub: Stub) -> list[Route]:
    """Token, balance, transactions."""

    def both(request: Request) -> bool:
        """A token and the gateway's own pair of keys."""
        return stub.bearer(request) and {"client_id", "client_secret", "skv_client_correlation_id"} <= set(
            request.headers
        )

    return [
        stub.route("/oauth2/v1/org/token", token, operation="token", method="POST", token=True),
        stub.route(f"{BASE}/saldo", balance, operation="saldo", authorised=both),
        stub.route(f"{BASE}/transaktioner", transactions, operation="transaktioner", authorised=both),
    ]


async def balance(ask: Ask) -> Response:
    """``saldo``."""
    account = await _account(ask)
    if account is None:
        return JSONResponse(_REFUSED(ask), 403)
    return JSONResponse(
        {
            "nastaAvstamningsdatum": _next_reconciliation(ask.day).isoformat(),
            "senastUppdaterad": ask.day.isoformat(),
            "saldoSkatteverket": account.balance_sek,
            "saldoKronofogden": -abs(account.at_enforcement_sek),
            "rantaSkatteverket": 0,
            "rantaKronofogden": 0,
            "informationstext": [],
            "ocrNummer": f"{ask.request.path_params['identitet']}1",
        }
    )


async def transactions(ask: Ask) -> Response:
    """``transaktioner``, newest first; with the fault ``partial`` the newest row lacks its amount."""
    account = await _account(ask)
    if account is None:
        return JSONResponse(_REFUSED(ask), 403)
    rows = [
        {
            "transaktionsidentitet": 9000 + index,
            "transaktionsdatum": on.isoformat(),
            "ranteberakningsdatum": on.isoformat(),
            "transaktionstext": text,
            "beloppSkatteverket": amount,
            "beloppKronofogden": 0,
        }
        for index, (on, text, amount) in enumerate(account.transactions)
    ]
    rows.sort(key=lambda row: str(row["transaktionsdatum"]), reverse=True)
    today, first = ask.day.isoformat(), (ask.day - _WINDOW).isoformat()
    booked = [row for row in rows if first <= str(row["transaktionsdatum"]) <= today]
    if (ask.partial or "without_amount" in ask.scenarios) and booked:
        del booked[0]["beloppSkatteverket"]
    coming = [
        {**row, "forfallodatum": row["transaktionsdatum"]} for row in rows if str(row["transaktionsdatum"]) > today
    ]
    return JSONResponse({"tidigareTransaktioner": booked, "kommandeTransaktioner": coming})


async def _account(ask: Ask) -> TaxAccountRow | None:
    company = await ask.about(plain(ask.request.path_params["identitet"]))
    account = company.tax_account if company else None
    return account if account is not None and account.ombud else None


def _next_reconciliation(day: date) -> date:
    """The first Saturday after ``day`` that is the first of its month."""
    found = day + timedelta(days=1)
    while found.weekday() != 5 or found.day > 7:
        found += timedelta(days=1)
    return found
