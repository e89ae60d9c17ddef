"""Answers per second through the whole client and adapter, against a bare httpx loop on the same transport.

The stub runs in another process over loopback, without limits. The bare loop sends the same calls on the same kind of
transport and only parses the JSON; ours also keeps limits and retries, checks the shape and makes facts. Storing is not
part of it. Each measurement is the best of three rounds, ours and bare taking turns.

    python -m benchmarks.client [--calls 3000]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection

import httpx

from screening.adapters.debtor_summary import ADAPTER
from screening.adapters.source import Answer, Request, Session
from screening.client import REAL, Client, Limits, make_transport
from screening.identity import luhn, read
from screening.stub.app import make_app
from screening.stub.server import running
from screening.stub.world import World

SUPPLIERS = 500
LEAST = 0.6


def main() -> None:
    """Measure and print; exits with 1 when ours is below 60 % of bare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=3000)
    worst = 1.0
    for connections, bare, ours in measured(parser.parse_args().calls):
        worst = min(worst, ours / bare)
        print(f"{connections:3d} connections: bare {bare:6.0f}/s, ours {ours:6.0f}/s, {ours / bare:.0%}")
    raise SystemExit(0 if worst >= LEAST else 1)


def measured(calls: int) -> list[tuple[int, float, float]]:
    """(connections, answers per second of the bare loop, of ours)."""
    ours_end, theirs_end = multiprocessing.Pipe()
    stub = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs_end,), daemon=True)
    stub.start()
    address = f"{ours_end.recv()}/debtor_summary"
    found = []
    for connections in (8, 32):
        bare = ours = 0.0
        for _ in range(3):
            bare = max(bare, asyncio.run(_bare(address, calls, connections)))
            ours = max(ours, asyncio.run(_ours(address, calls, connections)))
        found.append((connections, bare, ours))
    ours_end.send("end")
    stub.join()
    return found


def numbers() -> list[str]:
    """Luhn-valid organisation numbers of the series kept for fiction."""
    found = (f"5599{n:05d}{check}" for n in range(90000, 90000 + SUPPLIERS) for check in range(10))
    return [number for number in found if luhn(number)]


def _serve(end: Connection) -> None:
    debts = {"public_sek": 5000, "public_cases": 2, "private_sek": 100, "private_cases": 1}
    world = World.model_validate({"company": [{"number": n, "name": "Exempel AB", "debts": debts} for n in numbers()]})
    with running(make_app(world, lambda: date(2026, 11, 30))) as address:
        end.send(address)
        end.recv()


async def _bare(address: str, calls: int, connections: int) -> float:
    limits = Limits(concurrent=connections)
    every = numbers()
    waiting = iter([every[n % SUPPLIERS] for n in range(calls)])
    async with httpx.AsyncClient(transport=make_transport(limits), timeout=30) as http:

        async def work() -> None:
            for number in waiting:
                reply = await http.get(f"{address}/companies/{number}/debtor-summary", headers={"x-api-key": "k"})
                json.loads(reply.content)

        start = time.perf_counter()
        await asyncio.gather(*(work() for _ in range(connections)))
        return calls / (time.perf_counter() - start)


async def _ours(address: str, calls: int, connections: int) -> float:
    identities = [reading.identity for reading in map(read, numbers())]
    requests = [
        Request(supplier_id=str(n), identity=identity, kinds=ADAPTER.gives)
        for n in range(calls)
        if (identity := identities[n % SUPPLIERS]) is not None
    ]
    async with _session(address, connections) as session:
        start = time.perf_counter()
        found = 0
        async for answer in ADAPTER.open(session).ask(requests, ()):
            assert isinstance(answer, Answer)
            found += bool(answer.facts)
        assert found == calls
        return calls / (time.perf_counter() - start)


@asynccontextmanager
async def _session(address: str, connections: int) -> AsyncIterator[Session]:
    limits = Limits(concurrent=connections)

    def now() -> datetime:
        return datetime.now(UTC)

    @asynccontextmanager
    async def billing(request: Request) -> AsyncIterator[None]:
        del request  # free: nothing to commit
        yield

    client = Client("bench", limits, make_transport(limits), timebase=REAL, now=now)
    yield Session(
        connector="bench",
        origin=ADAPTER.origin,
        address=address,
        token_address=None,
        secrets={"api_key": "k"},
        client=client,
        now=now,
        pseudonym=lambda text: text,
        billing=billing,
        state={},
        options={},
        concurrent=connections,
        simulated=True,
    )
    await client.aclose()


if __name__ == "__main__":
    main()
