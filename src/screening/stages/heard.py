"""What need not be asked for this month: kinds of fact that rest by the profile's cadence, and have an answer since."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time

from screening.model import Contract, Dossier, Spend, Supplier
from screening.stages.routing import Routing
from screening.store import Store

Rests = Callable[[Supplier, Sequence[Contract], Spend, str | None], Mapping[str, date]]
"""Kinds of fact that rest this month for a supplier: kind -> since when an answer suffices."""


class Heard:
    """Answers each supplier's question once per kind and day, from one look in the store for all suppliers."""

    def __init__(self, store: Store, routing: Routing, rests: Rests, day: date) -> None:
        self.store, self.routing, self.rests, self.day = store, routing, rests, day
        self.answered: dict[tuple[str, date], set[str]] = {}

    def of(self, dossier: Dossier, legal_form: str | None) -> frozenset[str]:
        """The kinds that are not asked for; none where every profile asks every month."""
        supplier = dossier.supplier
        rests = self.rests(supplier, dossier.contracts, dossier.spend, legal_form)
        return frozenset(kind for kind, since in rests.items() if supplier.id in self._since(kind, since))

    def _since(self, kind: str, since: date) -> set[str]:
        """The suppliers about whom some source has answered since then, as known on the day."""
        key = (kind, since)
        if key not in self.answered:
            first, last = datetime.combine(since, time.min, UTC), datetime.combine(self.day, time.max, UTC)
            names = [connector.name for connector in self.routing.candidates(kind)]
            self.answered[key] = set().union(*(self.store.fresh(name, kind, first, last) for name in names))
        return self.answered[key]
