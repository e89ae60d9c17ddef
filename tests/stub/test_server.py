"""The stub over a socket."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import UTC, date, datetime

import httpx
import pytest

from screening.client import REAL, Client, Limits, Reply, clock_header, make_transport
from screening.errors import SupplierFailed, UsageError
from screening.stub.app import make_app
from screening.stub.server import running, serve
from screening.stub.world import Fault, World

NUMBER = "5599999017"
WORLD = World.model_validate(
    {
        "company": [
            {
                "number": NUMBER,
                "name": "Exempel AB",
                "debts": {"public_sek": 100, "public_cases": 1},
                "event": [{"on": "2026-10-15", "set": {"debts": {"public_sek": 900}}}],
            }
        ]
    }
)


def asked(address: str, *, calls: int = 1, day: str = "2026-11-30", tries: int = 1) -> list[Reply]:
    limits = Limits(tries=tries, concurrent=8)

    async def work() -> list[Reply]:
        clock = lambda: datetime.fromisoformat(f"{day}T09:00:00").replace(tzinfo=UTC)  # noqa: E731 - a clock in one line
        client = Client("t", limits, make_transport(limits), timebase=REAL, now=clock, headers=clock_header(clock))
        try:
            url = f"{address}/debtor_summary/companies/{NUMBER}/debtor-summary"
            return await asyncio.gather(*(client.get(url, headers={"x-api-key": "k"}) for _ in range(calls)))
        finally:
            await client.aclose()

    return asyncio.run(work())


def test_it_serves_the_same_over_a_socket() -> None:
    """Real connections, the run's day in the header, and every call in the ledger."""
    app = make_app(WORLD, date.today)
    with running(app) as address:
        now = asked(address, calls=20)
        before = asked(address, day="2026-09-30")
    assert {reply.json()["debtBalance"]["totalAmountInSEK"] for reply in now} == {900}
    assert before[0].json()["debtBalance"]["totalAmountInSEK"] == 100
    assert len(app.state.ledger) == 21


def test_a_dropped_connection_is_one() -> None:
    """The answer breaks off in the middle."""
    app = make_app(WORLD, date.today, faults=[Fault(source="debtor_summary", kind="drop")])
    with running(app) as address, pytest.raises(SupplierFailed, match="förbindelsen bröts"):
        asked(address)


def test_a_slow_answer_takes_its_time() -> None:
    """Over a socket the waiting is real."""
    app = make_app(WORLD, date.today, faults=[Fault(source="debtor_summary", kind="slow", seconds=0.05)])
    with running(app) as address:
        assert asked(address)[0].status == 200


def test_a_port_in_use_is_told_in_words() -> None:
    """``stub serve`` on a port that another program has."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="cannot be listened on"):
            serve(make_app(WORLD, date.today), taken.getsockname()[1])


def test_serving_goes_on_until_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """``serve`` holds the caller until the process is told to end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    thread = threading.Thread(target=serve, args=(make_app(WORLD, date.today), port), daemon=True)
    thread.start()
    for _ in range(200):
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/ledger").json() == []
            break
        except httpx.ConnectError:
            thread.join(0.02)
    assert thread.is_alive()
