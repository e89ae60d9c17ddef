"""Notices: who had none since the answer is not bought again, and trouble with them only costs a call."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from screening.adapters.bolagsverket_v4 import ADAPTER
from screening.adapters.source import Answer
from screening.errors import ConfigError

NUMBER, OTHER = "5599999017", "5599998019"
COMPANY = {"number": NUMBER, "name": "Exempel AB", "signatory": "Firman tecknas av styrelsen"}
CHANGED = {
    "number": OTHER, "name": "Annat AB", "signatory": "Firman tecknas av styrelsen",
    "event": [{"on": "2026-11-20", "set": {"signatory": "Firman tecknas av två i förening"}}],
}  # fmt: skip
TOLD = {"notices": {"kinds": ["signatory"]}, "history_days": []}
BOUGHT = date(2026, 11, 2)


def asked(
    desk: Any, bench: Any, number: str = NUMBER, held_on: date | None = BOUGHT, kind: str = "signatory"
) -> Answer:
    answer: Answer = desk.one(replace(bench.request(number, kind), held_on=held_on))
    return answer


def on(desk: Any, day: date) -> None:
    """The day of the run, for us and for the provider."""
    desk.at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
    inner = desk.inner

    async def dated(request: httpx.Request) -> httpx.Response:
        request.headers["X-Screening-Date"] = day.isoformat()
        response: httpx.Response = await inner.handle_async_request(request)
        await response.aread()
        return response

    desk.transport = httpx.MockTransport(dated)


def subscribed(bench: Any, *companies: Any, **more: Any) -> Any:
    """A desk whose companies were bought at the beginning of the month."""
    desk = bench.stubbed(ADAPTER, *companies, price_sek=Decimal(2), options=more.pop("options", TOLD), **more)
    desk.inner = desk.transport
    on(desk, BOUGHT)
    for company in companies:
        assert asked(desk, bench, company["number"], None).facts
    on(desk, date(2026, 11, 30))
    desk.billed.clear()
    return desk


def test_without_a_notice_nothing_is_bought(bench: Any) -> None:
    """The answer of the month before is shown to hold."""
    answer = asked(subscribed(bench, COMPANY), bench)
    assert answer.confirms == {"signatory"}
    assert not answer.facts
    assert answer.billable_calls == 0


def test_with_a_notice_it_is_bought_and_the_notice_is_over(bench: Any) -> None:
    """Then it holds again; others are not concerned."""
    desk = subscribed(bench, COMPANY, CHANGED)
    (fact,) = asked(desk, bench, OTHER).facts
    assert "två i förening" in getattr(fact, "text", "")
    assert len(desk.billed) == 1
    assert asked(desk, bench, OTHER, date(2026, 11, 30)).confirms
    assert asked(desk, bench).confirms


def test_a_notice_is_kept_until_the_answer_is_bought(bench: Any) -> None:
    """Also when it was read in a month in which the answer could not be had."""
    desk = subscribed(bench, CHANGED)
    well = desk.transport

    async def sick(request: httpx.Request) -> httpx.Response:
        if "organisationer" in request.url.path:
            return httpx.Response(500, json={})
        response: httpx.Response = await well.handle_async_request(request)
        return response

    desk.transport = httpx.MockTransport(sick)
    assert not asked(desk, bench, OTHER).facts
    on(desk, date(2026, 12, 31))
    assert asked(desk, bench, OTHER).facts


@pytest.mark.parametrize("held_on", [None, date(2026, 11, 1)])
def test_what_was_not_subscribed_to_then_is_bought(bench: Any, held_on: date | None) -> None:
    """An answer from before, or none."""
    assert asked(subscribed(bench, COMPANY), bench, held_on=held_on).facts


def test_a_kind_that_notices_are_not_sent_for_is_bought(bench: Any) -> None:
    """The agreement says which they are."""
    desk = subscribed(bench, COMPANY)
    asked(desk, bench, kind="officers")
    assert len(desk.billed) == 1


def test_notices_that_reach_too_short_prove_nothing(bench: Any) -> None:
    """What happened before they reach back is not known; the subscription counts anew from today."""
    desk = subscribed(bench, COMPANY, options={**TOLD, "notices": {"kinds": ["signatory"], "reach_days": 20}})
    assert asked(desk, bench).facts
    assert asked(desk, bench, held_on=date(2026, 11, 30)).confirms


@pytest.mark.parametrize(
    "told",
    [
        httpx.Response(403, json={"code": "900908"}),
        httpx.Response(404, json={"detail": "finns inte"}),
        httpx.Response(200, json={"annat": []}),
        httpx.Response(200, json={"notiser": [{"arendenummer": "1"}]}),
        httpx.Response(200, json={"notiser": ["x"]}),
        httpx.Response(200, json=[{"organisationsnummer": NUMBER, "registreringsdatum": "i fjol"}]),
        httpx.Response(200, text="<html>"),
    ],
)
def test_notices_that_cannot_be_read_prove_nothing(bench: Any, told: httpx.Response) -> None:
    """Whatever is wrong with them, the answer is bought."""
    desk = subscribed(bench, COMPANY)
    well = desk.transport

    async def odd(request: httpx.Request) -> httpx.Response:
        if "omsandningar" in request.url.path:
            return httpx.Response(told.status_code, headers=told.headers, content=told.content)
        response: httpx.Response = await well.handle_async_request(request)
        return response

    desk.transport = httpx.MockTransport(odd)
    assert asked(desk, bench).facts
    assert len(desk.billed) == 1


def test_a_notice_without_a_day_is_of_today(bench: Any) -> None:
    """Members by the connector's own names, in a bare list."""
    names = {
        "kinds": ["signatory"],
        "number": "orgnr",
        "day": "tid",
        "address": "http://stub/bolagsverket_v4/notifiering/v1",
    }
    desk = subscribed(bench, COMPANY, options={**TOLD, "notices": names})
    well = desk.transport

    async def bare(request: httpx.Request) -> httpx.Response:
        if "omsandningar" in request.url.path:
            return httpx.Response(200, json=[{"orgnr": f"16{NUMBER}"}])
        response: httpx.Response = await well.handle_async_request(request)
        return response

    desk.transport = httpx.MockTransport(bare)
    assert asked(desk, bench).facts


def test_a_subscription_that_is_refused_is_bought_when_it_is_due(bench: Any) -> None:
    """Nothing is proved about it; one that is there already counts from today."""
    desk = bench.stubbed(ADAPTER, COMPANY, price_sek=Decimal(2), options=TOLD)
    inner = desk.transport

    def answering(status: int) -> httpx.MockTransport:
        async def handler(request: httpx.Request) -> httpx.Response:
            if "prenumerationer" in request.url.path:
                return httpx.Response(status, json={})
            response: httpx.Response = await inner.handle_async_request(request)
            await response.aread()
            return response

        return httpx.MockTransport(handler)

    for status, proved in ((403, False), (503, False), (409, True)):
        desk.transport = answering(status)
        assert asked(desk, bench, held_on=None).facts
        assert bool(asked(desk, bench, held_on=date(2026, 11, 30)).confirms) is proved


def test_a_misspelt_name_is_refused(bench: Any) -> None:
    """The message names the file and what there is."""
    with pytest.raises(ConfigError, match=r"test\.toml: options\.notices\.numer: unknown; expected one of"):
        asked(bench.stubbed(ADAPTER, COMPANY, options={"notices": {"numer": "x"}}), bench)
    assert not ADAPTER.proves({})
    assert ADAPTER.proves(TOLD)


def test_the_stub_takes_each_subscription_once(bench: Any) -> None:
    """And refuses who is not there, and days that are none."""
    desk = bench.stubbed(ADAPTER, COMPANY, options=TOLD)
    base = "http://stub/bolagsverket_v4/notifiering/v1"

    async def statuses() -> list[int]:
        async with desk.session() as session:
            ADAPTER.open(session)
            calls = [
                ("prenumerationer", {"identitetsbeteckning": NUMBER}),
                ("prenumerationer", {"identitetsbeteckning": NUMBER}),
                ("prenumerationer", {"identitetsbeteckning": OTHER}),
                ("prenumerationer", {"identitetsbeteckning": "1"}),
                ("omsandningar", {"from": "i fjol"}),
            ]
            return [
                (await session.client.post(f"{base}/{path}", json=body, repeatable=True)).status for path, body in calls
            ]

    assert asyncio.run(statuses()) == [201, 409, 404, 400, 400]
