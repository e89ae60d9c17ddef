"""A run that asks sources about made-up suppliers, as a month does: shared by what measures pace and storing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from screening.config import Config
from screening.connectors import Connector, load_sources
from screening.identity import luhn, read
from screening.model import Contract, Supplier
from screening.stages.collect import Asking
from screening.stages.routing import routing
from screening.stages.session import Network
from screening.store import Run, Store

ROOT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 11, 30, 6, tzinfo=UTC)


def numbers(count: int) -> list[str]:
    """So many Luhn-valid organisation numbers of the series kept for fiction; beyond it, of one with no real ones either."""
    bodies = (f"55{body:07}" for body in (*range(9_900_000, 10_000_000), *range(2_000_000, 2_000_000 + count)))
    found = (next(body + digit for digit in "0123456789" if luhn(body + digit)) for body in bodies)
    return [next(found) for _ in range(count)]


def sources(limits: Mapping[str, Any], waves: Mapping[str, int]) -> dict[str, Connector]:
    """The named connectors with other limits, each in its wave."""
    loaded = load_sources(ROOT / "connectors")
    found = {}
    for name, wave in waves.items():
        table = loaded[name].table
        changed = table.model_copy(update={"limits": table.limits.model_copy(update=limits), "wave": wave})
        found[name] = replace(loaded[name], table=changed)
    return found


@contextmanager
def asked(
    suppliers: Sequence[str], kinds: Mapping[str, str], connectors: Mapping[str, Connector], network: Network
) -> Iterator[tuple[Store, Run, Asking]]:
    """A new store with a run of these suppliers, and what asking them needs. ``kinds``: kind of fact -> its source."""
    config = Config.model_validate(
        {
            "organisation": {"name": "X", "orgnr": "5599990016"},
            "profile": [{"name": "a", "rules": []}],
            "sources": {kind: [name] for kind, name in kinds.items()},
        }
    )
    with tempfile.TemporaryDirectory() as folder, Store.open("sqlite:///s.db", Path(folder)) as store:
        run = store.begin_run("monthly", "2026-11", date(2026, 11, 30), NOW, "0", {})
        store.begin_population(run.id)
        made = []
        for number in suppliers:
            identity = read(number).identity
            name = f"Bolag {number} AB"
            made.append(Supplier(store.supplier_id("organisation", identity, name), "organisation", identity, name))
        store.put_suppliers(run.id, made)
        store.put_contracts(run.id, [(item.id, Contract(id="A", value_sek=Decimal(1))) for item in made])
        asking = Asking(
            config=config,
            routing=routing(config, connectors),
            network=network,
            home=Path(folder),
            now=lambda: NOW,
            needs=lambda *_: frozenset(kinds),
            stopped=lambda _dossier: False,
        )
        yield store, run, asking
