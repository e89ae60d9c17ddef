from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date
from typing import Any

import httpx

from screening.stub.app import make_app
from screening.stub.world import World

NUMBER = "5599990008"
ACCOUNT: dict[str, Any] = {
    "ombud": True,
    "balance_sek": -100,
    "at_enforcement_sek": 50,
    "transactions": [
        (date(2024, 1, 1), "Äldst", 1),
        (date(2026, 11, 1), "Bokförd", -100),
        (date(2026, 12, 12), "Kommande", -9),
    ],
}


def get(what: str, headers: Mapping[str, str] | None = None, day: date = date(2026, 11, 30)) -> httpx.Response:
    app = make_app(
        World.model_validate({"company": [{"number": NUMBER, "name": "A", "tax_account": ACCOUNT}]}), lambda: day
    )

    async def run() -> httpx.Response:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://stub/skattekonto_v2"
        ) as client:
            form = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}
            token = (await client.post("/oauth2/v1/org/token", data=form)).json()["access_token"]
            path = f"/beskattning/skattekonto/v2/skattekonton/165599990008/{what}"
            return await client.get(path, headers={"Authorization": f"Bearer {token}", **(headers or {})})

    return asyncio.run(run())


KEYS = {"client_id": "c", "client_secret": "d", "skv_client_correlation_id": "e"}


def test_the_gateways_own_keys_are_needed_beside_the_token() -> None:
    """Two pairs, not one."""
    answer = get("saldo")
    assert (answer.status_code, answer.json()["message"]) == (401, "Ej inloggad")


def test_balances_are_negative_for_debts_and_the_next_reconciliation_is_a_first_saturday() -> None:
    """Whole kronor."""
    saldo = get("saldo", KEYS).json()
    assert (saldo["saldoSkatteverket"], saldo["saldoKronofogden"]) == (-100, -50)
    assert (saldo["nastaAvstamningsdatum"], saldo["senastUppdaterad"]) == ("2026-12-05", "2026-11-30")
    assert get("saldo", KEYS, date(2026, 12, 5)).json()["nastaAvstamningsdatum"] == "2027-01-02"


def test_rows_reach_back_555_days_and_what_is_coming_stands_apart() -> None:
    """Newest first."""
    rows = get("transaktioner", KEYS).json()
    assert [row["transaktionstext"] for row in rows["tidigareTransaktioner"]] == ["Bokförd"]
    assert [row["forfallodatum"] for row in rows["kommandeTransaktioner"]] == ["2026-12-12"]
