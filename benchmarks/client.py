"""Answers per second through the whole client and adapter, against a bare httpx loop on the same transport.

The stub runs in another process over loopback, without limits. The bare loop sends the same calls on the same kind of
transport and only parses the JSON; ours also keeps limits and retries, checks the shape and makes facts. Each measurement is
the best of three rounds, ours and bare taking turns. *With storing* is the whole stage as a month runs it: who needs what,
asking, and every answer in the store.

    python -m benchmarks.client [--calls 3000]
    python -m benchmarks.client --stored 8 --suppliers 20000     # one measurement, with the memory that it took
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection

import httpx
from benchmarks import process
from benchmarks.collecting import asked, numbers, sources
from benchmarks.process import Figures

from screening.adapters.debtor_summary import ADAPTER
from screening.adapters.source import UNPAID, Answer, Paid, Request, Session
from screening.client import REAL, Client, Limits, Timebase, make_transport
from screening.connectors import Connector
from screening.identity import read
from screening.stages.collect import collect
from screening.stub.app import make_app
from screening.stub.server import running
from screening.stub.world import World

SUPPLIERS = 500
LEAST = 0.6


def main() -> None:
    """Measure and print; exits with 1 when ours is below 60 % of bare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--stored", type=int, metavar="CONNECTIONS", help="only this, printed as JSON")
    parser.add_argument("--suppliers", type=int, default=3000)
    given = parser.parse_args()
    if given.stored:
        with _stub(given.suppliers) as address:
            print(json.dumps(_stored(address, given.suppliers, given.stored)))
        return
    worst = 1.0
    for connections, bare, ours in measured(given.calls):
        worst = min(worst, ours / bare)
        stored = stored_in_turn(given.calls, connections)
        print(
            f"{connections:3d} connections: bare {bare:6.0f}/s, ours {ours:6.0f}/s, {ours / bare:.0%}; "
            f"with storing {stored['rate']:6.0f}/s, {stored['rate'] / bare:.0%}"
        )
    raise SystemExit(0 if worst >= LEAST else 1)


def measured(calls: int) -> list[tuple[int, float, float]]:
    """(connections, answers per second of the bare loop, of ours)."""
    found = []
    with _stub(SUPPLIERS) as address:
        for connections in (8, 32):
            bare = ours = 0.0
            for _ in range(3):
                bare = max(bare, asyncio.run(_bare(address, calls, connections)))
                ours = max(ours, asyncio.run(_ours(address, calls, connections)))
            found.append((connections, bare, ours))
    return found


def stored_in_turn(suppliers: int, connections: int) -> Figures:
    """The same with storing, in a process of its own: answers per second, and memory above the imports."""
    return process.run("client", "--stored", connections, "--suppliers", suppliers)


class _Loopback:
    """The stub in the other process."""

    def transport(self, connector: Connector) -> httpx.AsyncBaseTransport:
        """The real transport."""
        return make_transport(connector.limits)

    def timebase(self, connector: Connector) -> Timebase:
        """Real."""
        del connector
        return REAL

    def secret(self, name: str) -> str | None:
        """Any will do."""
        return name


def _stored(address: str, suppliers: int, connections: int) -> Figures:
    limits = {"per_second": None, "per_minute": None, "concurrent": connections}
    made = sources(limits, {"kronofogden": 1})
    source = made["kronofogden"]
    made["kronofogden"] = replace(source, table=source.table.model_copy(update={"address": address}))
    every = numbers(suppliers)
    with asked(every, {"enforcement_debt": "kronofogden"}, made, _Loopback()) as (store, run, asking):
        before = process.peak_mib()
        begun = time.perf_counter()
        collect(store, run, asking)
        took = time.perf_counter() - begun
        answered = sum(counts.answered for counts in store.calls(run.id).values())
    assert answered == suppliers, f"{answered} answers"
    return {"rate": suppliers / took, "seconds": took, "mib": process.above(before)}


@contextmanager
def _stub(suppliers: int) -> Iterator[str]:
    """The stub in a process of its own; gives the address of its debtor summary."""
    ours_end, theirs_end = multiprocessing.Pipe()
    stub = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs_end, suppliers), daemon=True)
    stub.start()
    yield f"{ours_end.recv()}/debtor_summary"
    ours_end.send("end")
    stub.join()


def _serve(end: Connection, suppliers: int) -> None:
    debts = {"public_sek": 5000, "public_cases": 2, "private_sek": 100, "private_cases": 1}
    made = [{"number": number, "name": "Exempel AB", "debts": debts} for number in numbers(suppliers)]
    world = World.model_validate({"company": made})
    with running(make_app(world, lambda: date(2026, 11, 30))) as address:
        end.send(address)
        end.recv()


async def _bare(address: str, calls: int, connections: int) -> float:
    limits = Limits(concurrent=connections)
    every = numbers(SUPPLIERS)
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
    identities = [reading.identity for reading in map(read, numbers(SUPPLIERS))]
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
    async def billing(request: Request) -> AsyncIterator[Paid]:
        del request  # free: nothing to commit
        yield UNPAID

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
