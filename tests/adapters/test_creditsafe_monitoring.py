"""Monitoring: who had no event since the report is not bought again, and trouble with it only costs a report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from screening.adapters.creditsafe_connect import ADAPTER
from screening.adapters.source import Answer
from screening.stub.world import Fault

NUMBER, OTHER = "5599999017", "5599998019"
COMPANY = {"number": NUMBER, "name": "Exempel AB", "credit": {"score": 62}}
CHANGED = {
    "number": OTHER, "name": "Annat AB", "credit": {"score": 62},
    "event": [{"on": "2026-11-20", "set": {"credit": {"score": 20}}}],
}  # fmt: skip
WATCHING = {"monitoring": True}
HELD = date(2026, 11, 10)


def asked(desk: Any, bench: Any, number: str = NUMBER, held_on: date | None = None) -> Answer:
    answer: Answer = desk.one(replace(bench.request(number, "credit"), held_on=held_on))
    return answer


def watched(bench: Any, *companies: Any, **more: Any) -> Any:
    """A desk whose companies were bought and put on watch at the beginning of the month."""
    desk = bench.stubbed(ADAPTER, *(companies or (COMPANY,)), price_sek=Decimal(12), options=WATCHING, **more)
    on_day(desk, date(2026, 11, 2))
    for company in companies or (COMPANY,):
        assert asked(desk, bench, company["number"]).facts
    on_day(desk, date(2026, 11, 30))
    desk.billed.clear()
    return desk


def on_day(desk: Any, day: date) -> None:
    """The stub's day, as a run says it."""
    desk.day = day
    inner = desk.transport
    while hasattr(inner, "inner"):
        inner = inner.inner

    class Dated(httpx.AsyncBaseTransport):
        def __init__(self) -> None:
            self.inner = inner

        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            request.headers["X-Screening-Date"] = day.isoformat()
            response: httpx.Response = await inner.handle_async_request(request)
            return response

    desk.transport = Dated()


def test_without_an_event_nothing_is_bought(bench: Any) -> None:
    """The answer of the month before is shown to hold."""
    answer = asked(watched(bench), bench, held_on=HELD)
    assert answer.confirms == {"credit"}
    assert (answer.facts, answer.billable_calls) == ((), 0)


def test_with_an_event_the_report_is_bought_and_the_event_is_over(bench: Any) -> None:
    """Then it holds again."""
    desk = watched(bench, COMPANY, CHANGED)
    answer = asked(desk, bench, OTHER, HELD)
    assert [getattr(fact, "score", None) for fact in answer.facts] == [20]
    assert len(desk.billed) == 1
    assert asked(desk, bench, OTHER, date(2026, 11, 30)).confirms
    assert asked(desk, bench, NUMBER, HELD).confirms


def test_an_event_is_kept_until_its_report_is_bought(bench: Any) -> None:
    """Also when the cursor has passed it, and the report could not be had."""
    desk = watched(bench, CHANGED)
    sick = desk.transport
    desk.transport = httpx.MockTransport(lambda _request: httpx.Response(503))
    assert not asked(desk, bench, OTHER, HELD).confirms
    desk.transport = sick
    asked(desk, bench, NUMBER, None)  # somebody else is asked; the events are read, and the cursor moves
    desk.billed.clear()
    assert asked(desk, bench, OTHER, HELD).facts
    assert len(desk.billed) == 1


@pytest.mark.parametrize("held_on", [None, date(2026, 11, 1)])
def test_what_was_not_watched_then_is_bought(bench: Any, held_on: date | None) -> None:
    """A report from before the watch, or none."""
    desk = watched(bench)
    assert asked(desk, bench, held_on=held_on).facts
    assert len(desk.billed) == 1


def test_pages_that_do_not_add_up_prove_nothing(bench: Any) -> None:
    """An event may have been lost between them: the report is bought."""
    lost = Fault(source="creditsafe_connect", kind="lost_page", from_on=date(2026, 11, 21))
    desk = watched(bench, COMPANY, CHANGED, faults=[lost])
    assert asked(desk, bench, held_on=HELD).facts
    assert len(desk.billed) == 1


def test_a_company_that_is_in_the_portfolio_later_is_watched_from_then(bench: Any) -> None:
    """Accepted is not added: a report from before is bought anew; a second adding is 409 and harms nothing."""
    late = Fault(source="creditsafe_connect", kind="late_import", to_on=date(2026, 11, 28))
    desk = bench.stubbed(ADAPTER, COMPANY, price_sek=Decimal(12), options=WATCHING, faults=[late])
    on_day(desk, date(2026, 11, 28))
    assert asked(desk, bench).facts
    assert asked(desk, bench).facts  # not in the portfolio yet: added again
    assert [call.status for call in desk.ledger if call.operation == "watch"] == [200, 409]
    on_day(desk, date(2026, 11, 30))
    desk.billed.clear()
    assert asked(desk, bench, held_on=date(2026, 11, 28)).facts
    assert asked(desk, bench, held_on=date(2026, 11, 29)).confirms
    assert len(desk.billed) == 1


@pytest.mark.parametrize(("status", "words"), [(404, "Not found"), (403, "Access forbidden")])
def test_the_account_without_monitoring_buys_as_before(bench: Any, status: int, words: str) -> None:
    """A portfolio that cannot be made is no reason to leave anybody unasked."""
    desk = bench.stubbed(ADAPTER, COMPANY, price_sek=Decimal(12), options=WATCHING)
    inner = desk.transport

    async def refused(request: httpx.Request) -> httpx.Response:
        if "monitoring" in request.url.path:
            return httpx.Response(status, json={"message": words})
        response: httpx.Response = await inner.handle_async_request(request)
        await response.aread()
        return response

    desk.transport = httpx.MockTransport(refused)
    assert asked(desk, bench, held_on=HELD).facts
    assert len(desk.billed) == 1


def test_a_portfolio_that_is_gone_is_made_again(bench: Any) -> None:
    """And nothing is proved meanwhile."""
    desk = watched(bench)
    desk.state["portfolio"] = "1"
    assert asked(desk, bench, held_on=HELD).facts
    assert "portfolio" not in desk.state
    asked(desk, bench, held_on=HELD)
    assert desk.state["portfolio"] == "4711"


def test_rules_are_turned_on_once(bench: Any) -> None:
    """A new portfolio has none; the next month makes no other."""
    desk = watched(bench)
    asked(desk, bench, held_on=HELD)
    paths = [f"{request.method} {request.url.path.rpartition('/v1')[2]}" for request in desk.sent]
    assert paths.count("POST /monitoring/portfolios") == 1
    assert paths.count("PUT /monitoring/portfolios/4711/eventRules/SE") == 1
    assert paths.count("POST /monitoring/portfolios/4711/companies") == 1
