"""The table of facts: it grows only on change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from screening.model import Fact
from screening.store.base import CHUNK, Base, chunks
from screening.store.decode import decode_fact
from screening.store.gaps import close_gaps
from screening.store.growth import grow
from screening.store.history import sighting
from screening.store.schema import FACTS, OBSERVATIONS
from screening.store.values import stamp

_F = FACTS.c


class Facts(Base):
    """Facts from files and derived ones come in here; answers of sources through ``put_answer``."""

    def put_facts(self, run_id: str, supplier_id: str, facts: Iterable[Fact], at: datetime) -> None:
        """Facts on one supplier, from files or derived. ``at`` is the run's clock; each fact has its own ``fetched_at``."""
        self.put_all_facts(run_id, ((supplier_id, fact) for fact in facts), at)

    def put_all_facts(self, run_id: str, facts: Iterable[tuple[str, Fact]], at: datetime) -> None:
        """(supplier id, fact) pairs on many suppliers, streamed in short transactions."""
        stamp(at)  # refuses a time without a zone before anything is written
        for chunk in chunks(facts, CHUNK):
            with self._write() as connection:
                sightings = [sighting(supplier_id, fact, run_id) for supplier_id, fact in chunk]
                grow(connection, sightings)
                close_gaps(connection, sightings)

    def current(
        self, supplier_id: str, kind: str, source: str | None = None, scope_key: str | None = None
    ) -> Fact | None:
        """The newest fact of a kind, of any source and scope key unless one is named."""
        statement = _facts_of(supplier_id, kind).where(_F.superseded_at.is_(None))
        if source is not None:
            statement = statement.where(_F.source == source)
        if scope_key is not None:
            statement = statement.where(_F.scope_key == scope_key)
        rows = self._all(statement)
        return decode_fact(rows[-1]) if rows else None

    def history(self, supplier_id: str, kind: str) -> tuple[Fact, ...]:
        """Every row of a kind, of all sources and scope keys, oldest first."""
        return tuple(decode_fact(row) for row in self._all(_facts_of(supplier_id, kind)))

    def confirming(self, supplier_id: str, fact: Fact) -> tuple[str, ...]:
        """Hashes of the raw answers by which a fact was last shown to hold, beside the one that it came with."""
        came = fact.provenance
        if came.confirmed_at is None:
            return ()
        own = FACTS.join(OBSERVATIONS, OBSERVATIONS.c.fact_id == _F.id)
        statement = (
            select(OBSERVATIONS.c.raw_sha256)
            .select_from(own)
            .where(
                _F.supplier_id == supplier_id,
                _F.kind == fact.kind,
                _F.source == came.source,
                _F.scope_key == fact.scope_key,
                OBSERVATIONS.c.confirms == stamp(came.confirmed_at),
                OBSERVATIONS.c.raw_sha256.is_not(None),
            )
            .distinct()
            .order_by(OBSERVATIONS.c.raw_sha256)
        )
        return tuple(row.raw_sha256.hex() for row in self._all(statement) if row.raw_sha256.hex() != came.raw_sha256)

    def last_success(self, source: str) -> datetime | None:
        """When a source last answered about anybody."""
        row = self._one(select(_F.observed_at).where(_F.source == source).order_by(_F.observed_at.desc()).limit(1))
        return None if row is None else datetime.fromisoformat(row.observed_at)


def _facts_of(supplier_id: str, kind: str) -> Any:
    same = (_F.supplier_id == supplier_id) & (_F.kind == kind) & (_F.void == 0)
    return select(FACTS).where(same).order_by(_F.place, _F.tie, _F.id)
