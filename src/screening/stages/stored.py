"""What the store already holds of a source's answers, so that planning and asking agree on what need not be asked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple

from screening.connectors import Connector
from screening.model import Gap
from screening.store import Store

PASSING: frozenset[str] = frozenset({"source_down", "over_budget", "identity"})
"""Reasons that the same command, given again, may find gone."""


class Had(NamedTuple):
    """What is stored: an answer, a paid answer that told nothing of the kind (``gap``, where it is not fresh by itself), or nothing."""

    what: Literal["answered", "nothing", ""]
    gap: Gap | None = None


class Stored:
    """Answers each question from one look in the store for all suppliers, taken when it is first asked."""

    def __init__(self, store: Store, day: date) -> None:
        self.store, self.day = store, day
        self._fresh: dict[tuple[str, str], set[str]] = {}
        self._bought: dict[str, set[str]] = {}
        self._begun: dict[tuple[str, str], set[str]] = {}
        self._held: dict[str, Mapping[str, Mapping[str, date]]] = {}

    def of(self, connector: Connector, kind: str, supplier_id: str) -> Had:
        """Whether a fresh answer of the source is stored.

        A paid answer that told only a part was an answer: it is not bought again while it is fresh, and its gap stands.
        """
        key = (connector.name, kind)
        if key not in self._fresh:
            self._fresh[key] = self.store.fresh(connector.name, kind, *lately(connector, self.day))
        fresh = supplier_id in self._fresh[key]
        if not fresh and supplier_id not in self.bought(connector):
            return Had("")
        gap = self.store.gap(supplier_id, kind, connector.name)
        if gap is None:
            return Had("answered" if fresh else "")  # paid for, but never asked about this kind
        if fresh:
            return Had("nothing")
        return Had("" if gap.reason in PASSING else "nothing", gap)

    def bought(self, connector: Connector) -> set[str]:
        """Suppliers about whom the source was lately paid for a whole answer, whatever it told; none where it is free."""
        if connector.name not in self._bought:
            window = lately(connector, self.day)
            paid = self.store.bought(connector.name, *window) if connector.table.price_sek else set()
            self._bought[connector.name] = paid - self.store.in_parts(connector.name, window[0]) if paid else paid
        return self._bought[connector.name]

    def forget_bought(self) -> None:
        """What has been bought is looked up anew."""
        self._bought.clear()

    def begun(self, connector: Connector, kind: str) -> set[str]:
        """The suppliers about whom the source has ever answered, also that it has nothing."""
        key = (connector.name, kind)
        if key not in self._begun:
            self._begun[key] = self.store.fresh(connector.name, kind, datetime.min.replace(tzinfo=UTC))
        return self._begun[key]

    def held(self, connector: Connector) -> Mapping[str, Mapping[str, date]]:
        """Supplier -> kind -> the last day on which the source's answer is shown to hold."""
        if connector.name not in self._held:
            until = datetime.combine(self.day, time.max, UTC)
            self._held[connector.name] = self.store.held(connector.name, until)
        return self._held[connector.name]


def lately(connector: Connector, day: date) -> tuple[datetime, datetime]:
    """From when to when an answer of this source is fresh on ``day``."""
    since = datetime.combine(day - timedelta(days=connector.table.fresh_days), time.min, UTC)
    return since, datetime.combine(day, time.max, UTC)
