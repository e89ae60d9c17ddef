"""A check before a contract beside the monthly run, at one provider that counts: each keeps to its share of the rate."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from screening.client import Client, Limits, VirtualTimebase
from screening.stub.app import Embedded, make_app
from screening.stub.world import World

NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
WORLD = World.model_validate({"company": [{"number": "5599999017", "name": "Exempel AB"}]})
URL = "http://stub/debtor_summary/companies/5599999017/debtor-summary"
KEY = {"x-api-key": "k"}
RATE = 20  # a second, as the stub's debtor summary imitates it


def both(reserve: float, monthly: int = 400, checks: int = 4) -> tuple[list[float], list[Any]]:
    """A monthly run of so many calls, and in the middle of it a check; how long each of its answers took, and every call."""
    time = VirtualTimebase()
    app = make_app(WORLD, lambda: date(2026, 11, 30), monotonic=time.monotonic, sleep=time.sleep, imitate_limits=True)
    limits = Limits(per_second=RATE, concurrent=4, reserve=reserve)
    took: list[float] = []

    def client(*, adhoc: bool) -> Client:
        return Client("kronofogden", limits, Embedded(app), timebase=time, now=lambda: NOW, adhoc=adhoc)

    async def month(one: Client) -> None:
        gate = asyncio.Semaphore(limits.concurrent)

        async def ask() -> None:
            async with gate:
                await one.get(URL, headers=KEY)

        await asyncio.gather(*(ask() for _ in range(monthly)))

    async def check(one: Client) -> None:
        await time.sleep(5)
        for _ in range(checks):
            begun = time.monotonic()
            await one.get(URL, headers=KEY)
            took.append(time.monotonic() - begun)

    async def all_of_it() -> None:
        run, beside = client(adhoc=False), client(adhoc=True)
        await asyncio.gather(month(run), check(beside))
        await run.aclose()
        await beside.aclose()

    asyncio.run(all_of_it())
    return took, list(app.state.ledger)


def test_the_check_keeps_its_answer_time() -> None:
    """What is kept for it is there at once, and the provider never has to say that the calls are too many."""
    took, ledger = both(reserve=0.2)
    assert max(took) < 0.1
    assert {call.status for call in ledger} == {404}
    assert len(ledger) == 404


def test_without_a_reserve_the_two_are_too_many_together() -> None:
    """The provider refuses, and everybody waits for the minute to pass: what the reserve is for."""
    took, ledger = both(reserve=0.0)
    assert 429 in {call.status for call in ledger}
    assert max(took) >= 60
