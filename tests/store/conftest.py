"""A real store in a folder of its own, and short ways to make what goes into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from screening.adapters.source import Answer
from screening.model import EnforcementDebt, Fact, Finding, Origin, Provenance, Supplier
from screening.store import Run, Store

URL = "sqlite:///.screening/store.db"


def noon(day: str) -> datetime:
    """Noon UTC of a day."""
    return datetime.combine(date.fromisoformat(day), time(12), UTC)


def came(day: str, source: str = "kronofogden", as_of: str = "", origin: Origin = Origin.AUTHORITY) -> Provenance:
    """Provenance of an answer had at noon."""
    return Provenance(source=source, origin=origin, as_of=date.fromisoformat(as_of or day), fetched_at=noon(day))


def debt(
    amount: int,
    day: str,
    *,
    source: str = "kronofogden",
    as_of: str = "",
    origin: Origin = Origin.AUTHORITY,
    key: str = "",
) -> EnforcementDebt:
    """A debt of so many kronor."""
    return EnforcementDebt(provenance=came(day, source, as_of, origin), scope_key=key, public_debt_sek=Decimal(amount))


def answer(supplier_id: str, *facts: Fact, **more: object) -> Answer:
    """An answer with facts."""
    return Answer(supplier_id=supplier_id, facts=facts, **more)  # type: ignore[arg-type]


def finding(finding_id: str, supplier_id: str, **more: object) -> Finding:
    """A new high flag of SKA-01."""
    values: dict[str, object] = {
        "finding_id": finding_id,
        "supplier_id": supplier_id,
        "rule": "SKA-01",
        "scope_key": "",
        "outcome": "flag",
        "verdict": "flag",
        "severity": "high",
        "level": "",
        "status": "new",
        "occurrence": 1,
        "first_seen": "2026-09",
    }
    return Finding(**{**values, **more})  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def made() -> SimpleNamespace:
    """``made.noon``, ``made.debt``, ``made.answer``, ``made.finding``: see the functions above."""
    return SimpleNamespace(noon=noon, debt=debt, answer=answer, finding=finding, came=came)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(URL, tmp_path, organisation="5599990009") as opened:
        yield opened


@pytest.fixture
def begin(store: Store) -> Callable[..., Run]:
    """Begins a run: ``begin("2026-09-30")``, ``begin("2026-09-30", kind="case")``."""

    def make(day: str, kind: str = "monthly", **more: object) -> Run:
        texts = more.pop("texts", {})
        return store.begin_run(kind, day[:7], date.fromisoformat(day), noon(day), "1.0", texts, **more)  # type: ignore[arg-type]

    return make


@pytest.fixture
def supplier(store: Store) -> Callable[..., str]:
    """The id of a supplier by name, put into a run when one is given."""

    def make(name: str = "Alfa AB", run: Run | None = None) -> str:
        supplier_id = store.supplier_id("unidentified", None, name)
        if run is not None:
            store.put_suppliers(run.id, [Supplier(supplier_id, "unidentified", None, name)])
        return supplier_id

    return make
