"""Answers that take several paid calls: cut off anywhere and asked again, what had come is not bought again."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import httpx
import pytest

from screening.adapters import bolagsverket_personer, bolagsverket_v4, roaring
from screening.adapters.source import Adapter, Answer

NUMBER = "5599999017"
SIV, TOR = "196010113030", "196107293059"  # published test numbers
PEOPLE = [
    {"id": "siv", "number": SIV, "first_name": "Siv", "last_name": "Ekdal", "prohibition": {"from_on": "2025-03-01"}},
    {"id": "tor", "number": TOR, "first_name": "Tor", "last_name": "Alm"},
]
COMPANY = {
    "number": NUMBER, "name": "Exempel AB", "registered_on": "2019-04-01", "signatory": f"Firman tecknas av {SIV}",
    "officers": [{"person": "siv", "role": "LE"}],
    "accounts": {"period_to_on": "2025-12-31"}, "f_tax": {"from_on": "2019-04-01"},
    "owners": {"state": "registered", "rows": [{"person": "siv", "share_from": "0.25"}]},
    "event": [{"on": "2026-08-15", "set": {"officers": [{"person": "siv", "role": "LE"}, {"person": "tor", "role": "OF"}]}}],
}  # fmt: skip
ADAPTERS = {"v4": bolagsverket_v4.ADAPTER, "personer": bolagsverket_personer.ADAPTER, "roaring": roaring.ADAPTER}
OPTIONS = {"v4": {"history_days": [90, 180, 365]}, "roaring": {"token_credentials": "basic"}}
CALLS = {"v4": 4, "personer": 3, "roaring": 4}
CASES = [(name, call, answered) for name in CALLS for call in range(1, CALLS[name] + 1) for answered in (False, True)]


class Killed(Exception):  # noqa: N818 - what happened to the process
    """Nobody here knows it, so it goes through everything."""


def desk(bench: Any, name: str) -> Any:
    return bench.stubbed(
        ADAPTERS[name], COMPANY, people=PEOPLE, price_sek=Decimal(2), options=OPTIONS.get(name, {}), concurrent=1
    )


def request(bench: Any, adapter: Adapter) -> Any:
    made = bench.request(NUMBER, *sorted(adapter.gives), legal_form="AB")
    return replace(made, first=made.kinds)


def content(answer: Answer) -> list[str]:
    """The facts without what tells one try from another."""
    none = {"request_ref": "", "raw_sha256": ""}
    return sorted(
        repr(replace(fact, provenance=replace(fact.provenance, **none)))  # type: ignore[arg-type]
        for fact in answer.facts
    )


def killed_at(one: Any, call: int, *, answered: bool) -> bool:
    """Breaks off at a paid call, before or after the provider has answered it; whether it came so far."""
    inner, paid = one.transport, [0]

    async def handler(sent: httpx.Request) -> httpx.Response:
        if "token" in sent.url.path:
            response: httpx.Response = await inner.handle_async_request(sent)
            await response.aread()
            return response
        paid[0] += 1
        if paid[0] == call and not answered:
            raise Killed
        response = await inner.handle_async_request(sent)
        await response.aread()
        if paid[0] == call:
            raise Killed
        return response

    one.transport = httpx.MockTransport(handler)
    try:
        one.one(one.wanted)
    except Killed:
        return True
    finally:
        one.transport = inner
    return False


@pytest.mark.parametrize(("name", "call", "answered"), CASES)
def test_what_had_come_before_a_crash_is_not_bought_again(bench: Any, name: str, call: int, answered: bool) -> None:
    """The answer is the same; what is bought twice is no more than what was open, and no personal number was kept."""
    adapter = ADAPTERS[name]
    whole = desk(bench, name)
    undisturbed = whole.one(request(bench, adapter))
    calls = sum(item.billable for item in whole.ledger)
    assert undisturbed.billable_calls == calls == CALLS[name]
    one = desk(bench, name)
    one.wanted = request(bench, adapter)
    assert killed_at(one, call, answered=answered)
    bought = sum(item.billable for item in one.ledger)
    doubtful = len(one.billed) - len(one.kept)
    assert doubtful <= adapter.open_calls
    again = one.one(one.wanted)
    assert content(again) == content(undisturbed)
    assert again.missing == undisturbed.missing
    assert again.billable_calls == calls
    assert sum(item.billable for item in one.ledger) <= calls + min(bought, doubtful)
    for number in (SIV, TOR):
        assert not any(number[2:].encode() in kept.data for kept in one.kept.values())


def test_a_part_of_an_earlier_day_keeps_its_time(bench: Any) -> None:
    """What the board was when it was asked for, not when the rest came."""
    one = desk(bench, "v4")
    one.wanted = request(bench, ADAPTERS["v4"])
    assert killed_at(one, 3, answered=False)
    came = one.at
    one.at = came.replace(hour=23)
    board = next(fact for fact in one.one(one.wanted).facts if fact.kind == "signatory")
    assert board.provenance.fetched_at == came
