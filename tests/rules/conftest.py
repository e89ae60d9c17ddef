"""Dossiers, rules and workspaces made small, for tests of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.identity import from_stored
from screening.model import (
    Context,
    Contract,
    Dossier,
    Fact,
    Gap,
    Officer,
    Origin,
    Provenance,
    Spend,
    Supplier,
    fact_type,
)
from screening.rules import Rule, load
from screening.rules.binding import Limits

TODAY = date(2026, 11, 30)
RULES = Path(__file__).resolve().parents[2] / "rules"


class Make:
    """Dossiers and what they are made of."""

    today = TODAY
    rule = load(RULES)["REG-02"]
    no_limits = Limits(None, ())

    @staticmethod
    def context() -> Context:
        """What a check may know beside its facts."""
        return Context(TODAY, Make.supplier())

    @staticmethod
    def came(as_of: date = date(2026, 11, 20), source: str = "kalla", origin: Origin = Origin.AUTHORITY) -> Provenance:
        """Where a fact comes from."""
        return Provenance(source=source, origin=origin, as_of=as_of, fetched_at=datetime.combine(as_of, time(6), UTC))

    @staticmethod
    def fact(kind: str, as_of: date = date(2026, 11, 20), scope_key: str = "", **own: Any) -> Fact:
        """A fact of ``kind``."""
        make: Callable[..., Fact] = fact_type(kind)
        return make(provenance=Make.came(as_of), scope_key=scope_key, **own)

    @staticmethod
    def supplier(kind: Any = "organisation", number: str = "5599999017", **more: Any) -> Supplier:
        """A fictitious supplier; persons and unidentified have no digits here, since nothing looks at them."""
        identity = from_stored("foreign" if kind == "foreign" else "orgnr", "SE", number)
        return Supplier(
            id=more.pop("id", "S-TEST"),
            kind=kind,
            identity=None if kind == "unidentified" else identity,
            name=more.pop("name", "Exempel AB"),
            **more,
        )

    @staticmethod
    def dossier(
        *facts: Fact,
        contracts: tuple[Contract, ...] = (Contract(id="A-1", unit="Hemtjänst", service="hemtjänst"),),
        who: Supplier | None = None,
        spend: Spend | None = None,
        gaps: Mapping[str, str] | None = None,
    ) -> Dossier:
        """Everything known about one supplier."""
        by_kind: dict[str, tuple[Fact, ...]] = {}
        for item in facts:
            by_kind[item.kind] = (*by_kind.get(item.kind, ()), item)
        return Dossier(
            supplier=who or Make.supplier(),
            contracts=contracts,
            spend=spend or Spend(),
            facts=by_kind,
            gaps={kind: Gap(kind, reason) for kind, reason in (gaps or {}).items()},
        )

    @staticmethod
    def spend(**own: Any) -> Spend:
        """What was bought."""
        return Spend(**own)

    @staticmethod
    def model_officers(count: int) -> tuple[Officer, ...]:
        """A founder, and the rest come this year outside the season of annual meetings."""
        first = Officer("K-0", "Alva Ek", "LE", from_on=date(2012, 2, 1))
        return (first, *(Officer(f"K-{n}", f"Bo Lind {n}", "LE", from_on=date(2026, 8, n)) for n in range(1, count)))

    @staticmethod
    def config(*profiles: Mapping[str, Any], **more: Any) -> Config:
        """A workspace with these profiles."""
        document = {
            "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
            "profile": [{"name": f"p{number}", **item} for number, item in enumerate(profiles)],
            **more,
        }
        return validate("screening.toml", document, Config)


@pytest.fixture(scope="session")
def make() -> type[Make]:
    """Makes dossiers and workspaces."""
    return Make


@pytest.fixture(scope="session")
def rules() -> Mapping[str, Rule]:
    """The rules of the repository."""
    return load(RULES)
