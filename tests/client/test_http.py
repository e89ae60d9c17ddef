"""One client per source: what is returned, waited for, given up."""

from __future__ import annotations

import asyncio
import gzip
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import aiohttp
import httpx
import pytest
import respx

from screening.client import REDIRECTS, Client, Limits, Reply, Timebase, Token, VirtualTimebase, clock_header
from screening.errors import SourceUnavailable, SupplierFailed

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
URL = "https://api.example/one"
SECRET = "5599999017"

Handler = Callable[[httpx.Request], httpx.Response]


class Wire:
    """A provider that gives the answers it was told, one after the other (the last for ever), and counts."""

    def __init__(self, *answers: httpx.Response | Exception | Handler) -> None:
        self.answers = list(answers)
        self.sent: list[httpx.Request] = []
        self.at: list[float] = []
        self.time = VirtualTimebase()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        self.at.append(self.time.monotonic())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)
        return answer(request)


def client(wire: Wire, limits: Limits | None = None, **more: Any) -> Client:
    return Client("test", limits or Limits(), httpx.MockTransport(wire), timebase=wire.time, now=lambda: NOW, **more)


def run(wire: Wire, work: Callable[[Client], Awaitable[Any]], limits: Limits | None = None, **more: Any) -> Any:
    async def all_of_it() -> Any:
        one = client(wire, limits, **more)
        try:
            return await work(one)
        finally:
            await one.aclose()

    return asyncio.run(all_of_it())


def get(**more: Any) -> Callable[[Client], Awaitable[Reply]]:
    return lambda one: one.get(URL, **more)


def ok(text: str = '{"a": 1.5}') -> httpx.Response:
    return httpx.Response(200, text=text)


# --- what is returned -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("status", [200, 204, 400, 404, 409])
def test_what_an_adapter_must_read_is_returned_at_once(status: int) -> None:
    """2xx, 400, 404 and 409 say something about the supplier; none is repeated."""
    wire = Wire(httpx.Response(status))
    assert run(wire, get()).status == status
    assert len(wire.sent) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    """Keys and numbers go nowhere else; only an adapter that reads redirects gets one, and five in a row stop the source."""
    moved = httpx.Response(status, headers={"Location": "https://elsewhere.example/"})
    wire = Wire(moved)
    assert run(wire, get(expect=REDIRECTS)).status == status

    async def many(one: Client) -> None:
        for _ in range(4):
            with pytest.raises(SupplierFailed, match="annan adress"):
                await one.get(URL)
        with pytest.raises(SourceUnavailable, match="annan adress"):
            await one.get(URL)

    run(wire, many)
    assert len(wire.sent) == 6
    assert {request.url.host for request in wire.sent} == {"api.example"}


PAGE = "\r\n<!DOCTYPE html><title>Underhåll</title>"


@pytest.mark.parametrize("label", ["text/html; charset=utf-8", "application/json", ""])
def test_a_web_page_is_no_answer(label: str) -> None:
    """An outage page with 200 is tried again like a 503, whatever it calls itself; with 404 it is not, and says nothing."""
    page = httpx.Response(200, headers={"Content-Type": label}, content=PAGE.encode())
    wire = Wire(page, ok())
    assert run(wire, get()).status == 200
    assert len(wire.sent) == 2
    gone = Wire(httpx.Response(404, headers={"Content-Type": label}, content=PAGE.encode()))
    with pytest.raises(SupplierFailed, match="webbsida") as caught:
        run(gone, get())
    assert (caught.value.reason, len(gone.sent)) == ("source_down", 1)


@pytest.mark.parametrize(("status", "in_doubt"), [(200, True), (404, False), (302, False)])
def test_a_page_in_place_of_a_paid_answer_may_have_cost(status: int, in_doubt: bool) -> None:
    """With 200 nobody knows whether the question got through; it is not sent again, and who pays is told."""
    wire = Wire(httpx.Response(status, headers={"Location": "/login"}, text=PAGE if status != 302 else ""))
    with pytest.raises(SupplierFailed) as caught:
        run(wire, get(repeatable=False))
    assert len(wire.sent) == 1
    assert isinstance(caught.value.__cause__, httpx.TransportError) is in_doubt


def test_pages_in_a_row_stop_the_source() -> None:
    """The breaker counts them like lost calls; a firewall's 403 stops at once, and may pass."""
    wire = Wire(httpx.Response(200, text=PAGE))

    async def work(one: Client) -> bool:
        for _ in range(4):
            with pytest.raises(SupplierFailed):
                await one.get(URL)
        with pytest.raises(SourceUnavailable, match="5 anrop i rad"):
            await one.get(URL)
        return one.reopen()

    assert run(wire, work, Limits(tries=1))
    wall = Wire(httpx.Response(403, text=PAGE))

    async def refused(one: Client) -> bool:
        with pytest.raises(SourceUnavailable, match="brandvägg"):
            await one.get(URL)
        return one.reopen()

    assert run(wall, refused)


@pytest.mark.parametrize(
    ("wait", "least", "most"), [("90", 90, 120), ("Mon, 30 Nov 2026 09:02:00 GMT", 120, 150), ("soon", 0, 30)]
)
def test_a_source_that_says_when_it_is_back_is_left_alone(wait: str, least: float, most: float) -> None:
    """503 with Retry-After: nobody asks before that; without one it is tried again soon."""
    wire = Wire(httpx.Response(503, headers={"Retry-After": wait}), ok())

    async def work(one: Client) -> None:
        await asyncio.gather(one.get(URL), one.get(URL))

    run(wire, work, Limits(concurrent=1))
    assert wire.at[0] == 0
    assert all(least <= moment <= most + 1 for moment in wire.at[1:])


def test_a_failed_call_rests_as_long_as_the_connector_says() -> None:
    """Where the provider asks for a minute in its terms and says nothing in its answer."""
    wire = Wire(httpx.Response(503), httpx.Response(500), ok())
    run(wire, get(), Limits(retry_s=60))
    assert wire.at[1] >= 60
    assert wire.at[2] - wire.at[1] >= 60


def test_a_source_that_is_closed_for_hours_is_not_waited_for() -> None:
    """It stops, and is tried once more at the end."""
    wire = Wire(httpx.Response(503, headers={"Retry-After": "7200"}))

    async def work(one: Client) -> bool:
        with pytest.raises(SourceUnavailable, match=r"2\.0 timmar"):
            await one.get(URL)
        return one.reopen()

    assert run(wire, work)
    assert len(wire.sent) == 1


def test_a_body_without_end_is_let_go() -> None:
    """A packed answer that swells beyond all reason fills no memory; it is this supplier's gap, and is not fetched again."""
    packed = gzip.compress(b" " * 120_000_000)
    wire = Wire(httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=b""))

    def swollen(request: httpx.Request) -> httpx.Response:
        wire.sent.append(request)
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(packed))

    async def work() -> None:
        one = Client("t", Limits(), httpx.MockTransport(swollen), timebase=wire.time, now=lambda: NOW)
        await one.get(URL)

    with pytest.raises(SupplierFailed, match="större än 100 MB") as caught:
        asyncio.run(work())
    assert (caught.value.reason, len(wire.sent)) == ("partial", 1)
    assert isinstance(caught.value.__cause__, httpx.TransportError)


def test_an_expected_status_is_returned() -> None:
    """An adapter may read a 403 or a 500 itself."""
    assert run(Wire(httpx.Response(403)), get(expect=frozenset({403}))).status == 403
    assert run(Wire(httpx.Response(429)), get(expect=frozenset({429}))).status == 429


def test_params_headers_json_and_forms_are_sent() -> None:
    """What the adapter gives is what the provider gets."""
    wire = Wire(ok())

    async def work(one: Client) -> None:
        await one.get(URL, params={"regNo": "1"}, headers={"X-Own": "2"})
        await one.post(URL, json={"a": "ö"}, repeatable=True)
        await one.post(URL, data={"grant_type": "x"}, repeatable=True)

    run(wire, work, headers=clock_header(lambda: NOW))
    first, second, third = wire.sent
    assert (first.url.params["regNo"], first.headers["X-Own"]) == ("1", "2")
    assert first.headers["X-Screening-Date"] == "2026-11-30"
    assert second.content.decode() == '{"a":"ö"}'
    assert third.content == b"grant_type=x"


def test_a_respx_router_is_a_transport() -> None:
    """Tests of adapters hand in a router without patching anything."""
    router = respx.Router()
    router.get(URL).respond(200, json={"a": 1})

    async def work() -> Reply:
        transport = httpx.MockTransport(router.async_handler)
        return await Client("test", Limits(), transport, timebase=VirtualTimebase(), now=lambda: NOW).get(URL)

    assert asyncio.run(work()).json() == {"a": 1}


# --- retries ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "failure",
    [
        httpx.Response(500),
        httpx.Response(503),
        httpx.Response(408),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("no"),
        httpx.RemoteProtocolError("gone"),
        aiohttp.ClientPayloadError("half"),
        TimeoutError("slow"),
    ],
)
def test_a_passing_failure_is_tried_again(failure: httpx.Response | Exception) -> None:
    """5xx, time-outs and lost connections of a repeatable call are tried again, after a pause."""
    wire = Wire(failure, ok())
    assert run(wire, get()).status == 200
    assert len(wire.sent) == 2


def test_four_tries_are_enough() -> None:
    """A source that answers 503 four times has not answered about this supplier."""
    wire = Wire(httpx.Response(503))
    with pytest.raises(SupplierFailed, match="source_down: test: källan svarade 503") as caught:
        run(wire, get())
    assert caught.value.reason == "source_down"
    assert len(wire.sent) == 4
    assert wire.at[-1] > 0


@pytest.mark.parametrize(
    ("failure", "in_doubt"),
    [(httpx.ReadTimeout("slow"), True), (httpx.ReadError("x"), True), (httpx.Response(500), False)],
)
def test_a_call_that_costs_is_sent_once(failure: httpx.Response | Exception, in_doubt: bool) -> None:
    """Nobody knows whether a paid call without an answer was charged: it is not sent again, and the error says so."""
    wire = Wire(failure)
    with pytest.raises(SupplierFailed) as caught:
        run(wire, get(repeatable=False))
    assert len(wire.sent) == 1
    assert isinstance(caught.value.__cause__, httpx.TransportError) is in_doubt


def test_a_call_that_was_never_sent_may_be_sent_again() -> None:
    """Where no connection was made, nothing can have been charged."""
    wire = Wire(httpx.ConnectError("no"), ok())
    assert run(wire, get(repeatable=False)).status == 200


def test_a_body_that_drips_ends() -> None:
    """The time-out of a read is per chunk, so a whole call has one, too."""

    async def drip(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(5)
        raise AssertionError

    limits = Limits(timeout_s=0.01, connect_s=0.01, tries=1)

    async def work() -> Reply:
        transport = httpx.MockTransport(drip)
        return await Client("test", limits, transport, timebase=VirtualTimebase(), now=lambda: NOW).get(URL)

    with pytest.raises(SupplierFailed, match="inget svar i tid"):
        asyncio.run(work())


# --- circuit breaker --------------------------------------------------------------------------------------------------
def test_the_source_stops_after_failures_in_a_row() -> None:
    """After ``break_after`` suppliers without an answer nothing more is sent."""
    wire = Wire(httpx.Response(500))

    async def work(one: Client) -> list[str]:
        said = []
        for _ in range(4):
            try:
                await one.get(URL)
            except (SupplierFailed, SourceUnavailable) as error:
                said.append(type(error).__name__)
        return said

    said = run(wire, work, Limits(break_after=3, tries=2))
    assert said == ["SupplierFailed", "SupplierFailed", "SourceUnavailable", "SourceUnavailable"]
    assert len(wire.sent) == 6


def test_one_good_answer_closes_the_count() -> None:
    """Failures that are not in a row do not stop a source."""
    wire = Wire(httpx.Response(500), ok(), httpx.Response(500), ok())

    async def work(one: Client) -> int:
        failed = 0
        for _ in range(4):
            try:
                await one.get(URL)
            except SupplierFailed:
                failed += 1
        return failed

    assert run(wire, work, Limits(break_after=2, tries=1)) == 2


async def _until_stopped(one: Client) -> None:
    with pytest.raises(SupplierFailed):
        await one.get(URL)
    with pytest.raises(SourceUnavailable):
        await one.get(URL)


def test_a_source_that_trouble_stopped_can_be_tried_once_more() -> None:
    """One call goes alone; when it is answered, the rest may follow."""
    wire = Wire(httpx.Response(503), httpx.Response(503), ok())

    async def work(one: Client) -> list[int]:
        await _until_stopped(one)
        assert one.reopen()
        return [reply.status for reply in await asyncio.gather(*(one.get(URL) for _ in range(4)))]

    assert run(wire, work, Limits(break_after=2, tries=1)) == [200] * 4


def test_a_source_that_is_still_in_trouble_gets_one_call_alone() -> None:
    """The others are stopped with it, for a reason that is not tried again."""
    wire = Wire(httpx.Response(503))

    async def work(one: Client) -> list[Any]:
        await _until_stopped(one)
        assert one.reopen()
        results = await asyncio.gather(*(one.get(URL) for _ in range(4)), return_exceptions=True)
        assert not one.reopen()
        return results

    results = run(wire, work, Limits(break_after=2, tries=1))
    assert all(isinstance(result, SourceUnavailable) for result in results)
    assert len(wire.sent) == 3


def test_a_refusal_is_not_tried_again() -> None:
    """Not subscribed now is not subscribed at the end of the batch."""

    async def work(one: Client) -> bool:
        with pytest.raises(SourceUnavailable):
            await one.get(URL)
        return one.reopen()

    assert run(Wire(httpx.Response(403)), work) is False


# --- refusals ---------------------------------------------------------------------------------------------------------
def test_not_subscribed_stops_the_source() -> None:
    """A 403 is about the agreement, not about a supplier."""
    with pytest.raises(SourceUnavailable, match="abonnemanget"):
        run(Wire(httpx.Response(403)), get())


def test_wrong_credentials_stop_the_source_without_a_second_try() -> None:
    """A provider locks the account of whoever repeats a wrong password."""
    wire = Wire(httpx.Response(401, json={"message": "wrong"}))

    async def fetch(one: Client) -> Token:
        await one.post(URL, json={}, repeatable=True, auth=False)
        raise AssertionError

    async def work(one: Client) -> None:
        one.authenticate(lambda: fetch(one))
        results = await asyncio.gather(*(one.get(URL) for _ in range(5)), return_exceptions=True)
        assert all(isinstance(result, SourceUnavailable) for result in results)
        raise results[0]  # type: ignore[misc]

    with pytest.raises(SourceUnavailable, match="lösenord"):
        run(wire, work)
    assert len(wire.sent) == 1


# --- tokens -----------------------------------------------------------------------------------------------------------
class Tokens:
    """Gives out tokens T1, T2 …"""

    def __init__(self, life_s: float = 3600) -> None:
        self.given = 0
        self.life_s = life_s

    async def __call__(self) -> Token:
        self.given += 1
        await asyncio.sleep(0)
        return Token(f"T{self.given}", self.life_s)


def test_many_workers_share_one_token() -> None:
    """The token is fetched once, however many wait for it."""
    wire, tokens = Wire(ok()), Tokens()

    async def work(one: Client) -> None:
        one.authenticate(tokens)
        await asyncio.gather(*(one.get(URL) for _ in range(20)))

    run(wire, work)
    assert tokens.given == 1
    assert {request.headers["Authorization"] for request in wire.sent} == {"Bearer T1"}


def test_a_token_is_renewed_a_minute_early() -> None:
    """At 3,541 s of 3,600 a new token is had before the call."""
    wire, tokens = Wire(ok()), Tokens()

    async def work(one: Client) -> None:
        one.authenticate(tokens, header="X-Token", scheme="")
        await one.get(URL)
        await wire.time.sleep(3539)
        await one.get(URL)
        await wire.time.sleep(2)
        await one.get(URL)

    run(wire, work)
    assert [request.headers["X-Token"] for request in wire.sent] == ["T1", "T1", "T2"]


def test_a_token_of_less_than_a_minute_is_used_for_half_its_life() -> None:
    """Otherwise each call would need a new one."""
    wire, tokens = Wire(ok()), Tokens(life_s=40)

    async def work(one: Client) -> None:
        one.authenticate(tokens)
        await one.get(URL)
        await wire.time.sleep(19)
        await one.get(URL)
        await wire.time.sleep(2)
        await one.get(URL)

    run(wire, work)
    assert tokens.given == 2


def test_a_token_that_ends_early_is_renewed_once() -> None:
    """All workers that meet the 401 share one renewal, and their calls are sent again."""
    tokens = Tokens()
    wire = Wire(lambda request: ok() if request.headers["Authorization"] == "Bearer T2" else httpx.Response(401))

    async def work(one: Client) -> list[Reply]:
        one.authenticate(tokens)
        return await asyncio.gather(*(one.get(URL, repeatable=False) for _ in range(8)))

    assert {reply.status for reply in run(wire, work, Limits(concurrent=8))} == {200}
    assert tokens.given == 2


def test_a_new_token_that_is_refused_stops_the_source() -> None:
    """Once is enough; the provider may count."""
    wire, tokens = Wire(httpx.Response(401)), Tokens()

    async def work(one: Client) -> None:
        one.authenticate(tokens)
        await one.get(URL)

    with pytest.raises(SourceUnavailable, match="ny token"):
        run(wire, work)
    assert len(wire.sent) == 2


def test_a_token_that_ends_after_a_few_calls_is_renewed_as_often_as_it_takes() -> None:
    """A new token that was taken for another call is no wrong one, also when the refusal comes before the acceptance."""
    tokens, used = Tokens(), Counter[str]()

    async def provider(request: httpx.Request) -> httpx.Response:
        used[request.headers["Authorization"]] += 1
        if used[request.headers["Authorization"]] > 3:
            return httpx.Response(401)
        await asyncio.sleep(0.01)
        return ok()

    async def work() -> list[Reply]:
        transport = httpx.MockTransport(provider)
        one = Client("test", Limits(concurrent=5), transport, timebase=VirtualTimebase(), now=lambda: NOW)
        one.authenticate(tokens)
        try:
            return await asyncio.gather(*(one.get(URL) for _ in range(20)))
        finally:
            await one.aclose()

    assert {reply.status for reply in asyncio.run(work())} == {200}
    assert tokens.given >= 7


def test_the_provider_may_say_expired_in_its_own_way() -> None:
    """Creditsafe Sweden answers 403 R2 for a token that has ended."""
    tokens = Tokens()
    wire = Wire(lambda r: ok() if r.headers["Authorization"] == "Bearer T2" else httpx.Response(403, text="R2"))

    async def work(one: Client) -> Reply:
        one.authenticate(tokens, expired=lambda reply: reply.status == 403 and reply.body == b"R2")
        return await one.get(URL)

    assert run(wire, work).status == 200


def test_a_token_is_not_sent_where_it_is_not_wanted() -> None:
    """``auth=False``: another host must not see it."""
    wire = Wire(ok())

    async def work(one: Client) -> None:
        one.authenticate(Tokens())
        await one.get("https://elsewhere.example/", auth=False)

    run(wire, work)
    assert "Authorization" not in wire.sent[0].headers


# --- throttling -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("headers", "body", "least", "most"),
    [
        ({"Retry-After": "7"}, "", 8, 8),
        ({"Retry-After": "0"}, "", 1, 1),
        ({"Retry-After": "Mon, 30 Nov 2026 09:02:00 GMT"}, "", 120, 122),
        ({"Retry-After": "Mon, 30 Nov 2026 03:02:00 GMT", "Date": "Mon, 30 Nov 2026 03:00:00 GMT"}, "", 120, 122),
        ({}, '{"code":"900804","nextAccessTime":"2026-Nov-30 09:01:30+0000 UTC"}', 90, 92),
        ({}, '{"fault":{"code":900804,"nextAccessTime":"2026-Nov-30 09:01:30+0000 UTC"}}', 90, 92),
        ({}, "", 60, 60),
        ({"Retry-After": "soon"}, '{"nextAccessTime": "later"}', 60, 60),
        ({}, "[1]", 60, 60),
        ({"Retry-After": "Mon, 30 Nov 2026 08:59:00 GMT"}, "", 60, 60),
        ({"Retry-After": "Mon, 30 Nov 2026 08:59:00 GMT", "Date": "Mon, 30 Nov 2026 08:59:00 GMT"}, "", 1, 1),
        ({}, '{"nextAccessTime":"2026-Nov-30 08:50:00+0000 UTC"}', 60, 60),
    ],
)
def test_a_throttled_call_waits_as_long_as_the_provider_says(
    headers: dict[str, str], body: str, least: float, most: float
) -> None:
    """Seconds, an HTTP date by the provider's own clock, WSO2's field, or a minute; never earlier."""
    wire = Wire(httpx.Response(429, headers=headers, text=body), ok())
    assert run(wire, get()).status == 200
    assert least <= wire.at[1] <= most


def test_every_worker_waits_for_the_block() -> None:
    """While one is told to wait, no other asks, also not who already stood in line: some providers prolong the block."""
    time, at = VirtualTimebase(), []

    async def handler(request: httpx.Request) -> httpx.Response:
        at.append(time.monotonic())
        first = len(at) == 1
        await asyncio.sleep(0)
        return httpx.Response(429, headers={"Retry-After": "30"}) if first else ok()

    async def work() -> None:
        one = Client("t", Limits(concurrent=1), httpx.MockTransport(handler), timebase=time, now=lambda: NOW)
        await asyncio.gather(*(one.get(URL) for _ in range(10)))

    asyncio.run(work())
    assert at[0] == 0
    assert len(at) == 11
    assert all(moment >= 30 for moment in at[1:])


def test_endless_throttling_stops_the_source() -> None:
    """Four refusals in a row are an answer."""
    wire = Wire(httpx.Response(429, headers={"Retry-After": "1"}))
    with pytest.raises(SourceUnavailable, match="för många"):
        run(wire, get())
    assert len(wire.sent) == 4


def test_a_quota_that_returns_next_month_stops_the_source() -> None:
    """Nobody waits for a month."""
    wire = Wire(httpx.Response(429, headers={"Retry-After": "864000"}))
    with pytest.raises(SourceUnavailable, match=r"kvoten är slut.*240\.0 timmar"):
        run(wire, get())
    assert len(wire.sent) == 1


# --- rates ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("limits", "calls", "window"),
    [
        (Limits(per_second=5, reserve=0), 5, 1.0),
        (Limits(per_second=5, reserve=0.2), 4, 1.0),
        (Limits(per_minute=60, reserve=0.5), 30, 60.0),
        (Limits(per_second=1, per_minute=30, reserve=0), 30, 60.0),
    ],
)
def test_the_rate_is_kept_in_every_window(limits: Limits, calls: int, window: float) -> None:
    """However the window is laid, no more than the share of a monthly run starts inside it, and not much less."""
    wire = Wire(ok())

    async def work(one: Client) -> None:
        await asyncio.gather(*(one.get(URL) for _ in range(3 * calls)))

    run(wire, work, limits)
    starts = wire.at
    assert max(sum(1 for other in starts if start <= other < start + window) for start in starts) <= calls
    assert starts[-1] <= (len(starts) - 1) * window / calls * 1.05


def test_an_ad_hoc_check_uses_the_reserve_at_once() -> None:
    """A check spends its share without pauses, and then waits for the window to pass."""
    wire = Wire(ok())

    async def work(one: Client) -> None:
        await asyncio.gather(*(one.get(URL) for _ in range(13)))

    run(wire, work, Limits(per_minute=60, reserve=0.2), adhoc=True)
    assert wire.at[11] == 0
    assert wire.at[12] == 60


def test_no_more_calls_at_once_than_allowed() -> None:
    """``concurrent`` is the number of calls under way."""
    running = most = 0

    async def handler(request: httpx.Request) -> httpx.Response:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.001)
        running -= 1
        return ok()

    async def work() -> None:
        one = Client("t", Limits(concurrent=3), httpx.MockTransport(handler), timebase=Timebase(), now=lambda: NOW)
        await asyncio.gather(*(one.get(URL) for _ in range(12)))
        await one.aclose()

    asyncio.run(work())
    assert most == 3


def test_the_deadline_is_kept_before_a_call_and_before_a_wait() -> None:
    """No call and no wait after it: what is left becomes unknown, and the run ends in time."""
    wire = Wire(httpx.Response(429, headers={"Retry-After": "30"}))
    with pytest.raises(SourceUnavailable, match="tiden för körningen är slut"):
        run(wire, get(), deadline=10.0)
    assert len(wire.sent) == 1
    late = Wire(ok())
    with pytest.raises(SourceUnavailable, match="tiden för körningen är slut"):
        run(late, get(), deadline=0.0)
    assert not late.sent


# --- privacy ----------------------------------------------------------------------------------------------------------
def test_no_address_is_logged_or_told(caplog: pytest.LogCaptureFixture) -> None:
    """An address may hold a number: neither logs nor errors repeat it, nor a body or a token."""
    caplog.set_level(logging.DEBUG)
    wire = Wire(ok(), httpx.Response(500, text=f"about {SECRET}"))

    async def work(one: Client) -> None:
        await one.get(f"{URL}/{SECRET}", params={"regNo": SECRET})
        await one.get(f"{URL}/{SECRET}")

    with pytest.raises(SupplierFailed) as caught:
        run(wire, work)
    assert SECRET not in str(caught.value)
    assert SECRET not in caplog.text
    assert SECRET not in repr(Reply(200, {}, SECRET.encode()))
    assert SECRET not in repr(Token(SECRET, 1.0))
