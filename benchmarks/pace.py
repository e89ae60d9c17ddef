"""How near a run comes to the bound that its sources' limits set: three sources, each 50 calls a second and 50 ms an answer.

The register is asked first, taxes a chunk behind it, debts behind these; every answer is stored. The bound is the suppliers
divided by the rate, once, since the sources are asked beside each other.

    python -m benchmarks.pace [--suppliers 2000]
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import httpx

from screening.client import REAL, Timebase
from screening.config import Config
from screening.connectors import Connector, load_sources
from screening.identity import luhn, read
from screening.model import Contract, Supplier
from screening.stages.collect import Asking, collect
from screening.stages.routing import routing
from screening.store import Store
from screening.stub.app import Embedded, make_app
from screening.stub.world import Fault, World

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)
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
    numbers = list(_numbers(suppliers))
    world = World.model_validate({"company": [{"number": item, "name": f"Bolag {item} AB"} for item in numbers]})
    connectors = {name: _fast(item) for name, item in load_sources(ROOT / "connectors").items() if name in WAVES}
    config = Config.model_validate(
        {
            "organisation": {"name": "X", "orgnr": "5599990016"},
            "profile": [{"name": "a", "rules": []}],
            "sources": {kind: [name] for kind, name in KINDS.items()},
        }
    )
    with tempfile.TemporaryDirectory() as folder, Store.open("sqlite:///s.db", Path(folder)) as store:
        run = store.begin_run("monthly", "2026-11", date(2026, 11, 30), NOW, "0", {})
        store.begin_population(run.id)
        made = []
        for number in numbers:
            identity = read(number).identity
            name = f"Bolag {number} AB"
            made.append(Supplier(store.supplier_id("organisation", identity, name), "organisation", identity, name))
        store.put_suppliers(run.id, made)
        store.put_contracts(run.id, [(item.id, Contract(id="A", value_sek=Decimal(1))) for item in made])
        asking = Asking(
            config=config,
            routing=routing(config, connectors),
            network=Near(world),
            home=Path(folder),
            now=lambda: NOW,
            needs=lambda *_: frozenset(KINDS),
            stopped=lambda _dossier: False,
        )
        begun = time.perf_counter()
        collect(store, run, asking)
        took = time.perf_counter() - begun
        answered = sum(counts.answered for counts in store.calls(run.id).values())
    assert answered == suppliers * len(KINDS), f"{answered} answers"
    return took, suppliers / RATE


def _fast(connector: Connector) -> Connector:
    limits = connector.table.limits.model_copy(
        update={"per_second": float(RATE), "per_minute": None, "reserve": 0.0, "concurrent": 8}
    )
    table = connector.table.model_copy(update={"limits": limits, "wave": WAVES[connector.name]})
    return replace(connector, table=table)


def _numbers(count: int) -> list[str]:
    bodies = (f"5599{place:05}" for place in range(99_999))
    found = []
    for body in bodies:
        number = body + next(str(digit) for digit in range(10) if luhn(body + str(digit)))
        found.append(number)
        if len(found) == count:
            break
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suppliers", type=int, default=2_000)
    took, bound = measured(parser.parse_args().suppliers)
    print(f"{took:.1f} s, bound {bound:.1f} s, ratio {took / bound:.2f} (bar {MOST})")


if __name__ == "__main__":
    main()
