"""How near a run comes to the bound that its sources' limits set: three sources, each 50 calls a second and 50 ms an answer.

The register is asked first, taxes a chunk behind it, debts behind these; every answer is stored. The bound is the suppliers
divided by the rate, once, since the sources are asked beside each other.

    python -m benchmarks.pace [--suppliers 2000]
"""

from __future__ import annotations

import argparse
import asyncio
import time

import httpx
from benchmarks.collecting import NOW, asked, numbers, sources

from screening.client import REAL, Timebase
from screening.connectors import Connector
from screening.stages.collect import collect
from screening.stub.app import Embedded, make_app
from screening.stub.world import Fault, World

RATE, LATENCY_S, MOST = 50, 0.05, 1.05
WAVES = {"bolagsverket_hvd": 1, "scb": 2, "kronofogden": 3}
KINDS = {"company_record": "bolagsverket_hvd", "tax_registration": "scb", "enforcement_debt": "kronofogden"}


class Near:
    """Every source is the stub in this process, in real time."""

    def __init__(self, world: World) -> None:
        self._world = world

    def transport(self, connector: Connector) -> httpx.AsyncBaseTransport:
        """A stub of its own, which takes its time."""
        slow = Fault(source=connector.table.adapter, kind="slow", seconds=LATENCY_S)
        return Embedded(make_app(self._world, NOW.date, faults=[slow], sleep=asyncio.sleep))

    def timebase(self, connector: Connector) -> Timebase:
        """Real."""
        del connector
        return REAL

    def secret(self, name: str) -> str | None:
        """Any will do."""
        return name


def measured(suppliers: int) -> tuple[float, float]:
    """(seconds, the bound in seconds)."""
    every = numbers(suppliers)
    world = World.model_validate({"company": [{"number": item, "name": f"Bolag {item} AB"} for item in every]})
    limits = {"per_second": float(RATE), "per_minute": None, "reserve": 0.0, "concurrent": 8}
    with asked(every, KINDS, sources(limits, WAVES), Near(world)) as (store, run, asking):
        begun = time.perf_counter()
        collect(store, run, asking)
        took = time.perf_counter() - begun
        answered = sum(counts.answered for counts in store.calls(run.id).values())
    assert answered == suppliers * len(KINDS), f"{answered} answers"
    return took, suppliers / RATE


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=2_000)
    took, bound = measured(parser.parse_args().suppliers)
    print(f"{took:.1f} s, bound {bound:.1f} s, ratio {took / bound:.2f} (bar {MOST})")


if __name__ == "__main__":
    main()
