"""Why a kind of fact is missing: the newest attempt of each run, until the source answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from screening.identity import mask_text
from screening.model import REASONS, Gap
from screening.store.base import Base, fetch
from screening.store.history import Sighting
from screening.store.schema import GAPS
from screening.store.values import stamp

_G = GAPS.c
_CLOSE = (
    update(GAPS)
    .where(
        _G.supplier_id == bindparam("who"),
        _G.kind == bindparam("what"),
        _G.source == bindparam("whence"),
        _G.at <= bindparam("met"),
        _G.closed_at.is_(None),
    )
    .values(closed_at=bindparam("met"))
)
ANSWERED_NOTHING = ("not_found", "redacted")  # asked, and the source had nothing that may be known


class Gaps(Base):
    """Gaps are kept per supplier, kind, source and run."""

    def put_gap(
        self, run_id: str, supplier_id: str, kind: str, source: str, reason: str, detail: str, at: datetime
    ) -> None:
        """Notes why an attempt gave no fact.

        Raises:
            ValueError: a reason outside ``REASONS``.
        """
        with self._write() as connection:
            write_gap(connection, run_id, supplier_id, kind, source, reason, detail, stamp(at))

    def gap(self, supplier_id: str, kind: str, source: str) -> Gap | None:
        """The newest attempt's reason, unless the source has answered since."""
        same = (_G.supplier_id == supplier_id) & (_G.kind == kind) & (_G.source == source) & _G.closed_at.is_(None)
        row = self._one(select(GAPS).where(same).order_by(_G.at.desc(), _G.id.desc()))
        return None if row is None else Gap(row.kind, row.reason, row.source, row.detail)

    def gap_counts(self, run_id: str) -> list[tuple[str, str, int]]:
        """(source, reason, number of suppliers) of what a run did not get, ordered."""
        statement = (
            select(_G.source, _G.reason, func.count(_G.supplier_id.distinct()))
            .where(_G.run_id == run_id, _G.closed_at.is_(None))
            .group_by(_G.source, _G.reason)
            .order_by(_G.source, _G.reason)
        )
        return [(row[0], row[1], row[2]) for row in self._all(statement)]

    def held(self, source: str, until: datetime) -> dict[str, dict[str, date]]:
        """Supplier -> kind -> the last day on which the source's newest answer is shown to hold, as known at a time."""
        statement = """SELECT supplier_id, kind, COALESCE(confirmed_at, fetched_at) FROM facts WHERE source = :source
            AND void = 0 AND superseded_at IS NULL AND fetched_at <= :until"""
        found: dict[str, dict[str, date]] = {}
        with self._read() as connection:
            for supplier_id, kind, at in fetch(connection, statement, {"source": source, "until": stamp(until)}):
                found.setdefault(supplier_id, {})[kind] = date.fromisoformat(at[:10])
        return found

    def was_down(self, run_id: str, source: str) -> bool:
        """Whether the source gave no answer about some supplier of a run."""
        same = (_G.run_id == run_id) & (_G.source == source) & (_G.reason == "source_down") & _G.closed_at.is_(None)
        return bool(self._one(select(func.count()).where(same))[0])

    def gap_detail(self, run_id: str, source: str, reason: str) -> str:
        """What the source's gaps of a reason in a run say most often; may be empty."""
        same = (_G.run_id == run_id) & (_G.source == source) & (_G.reason == reason) & _G.closed_at.is_(None)
        statement = select(_G.detail).where(same).group_by(_G.detail).order_by(func.count().desc(), _G.detail)
        row = self._one(statement)
        return "" if row is None else str(row.detail)

    def reopen(self, run_id: str, reasons: Collection[str], sources: Collection[str] | None = None) -> set[str]:
        """Forgets what a run did not get for these reasons, because it is about to try again.

        Returns:
            The suppliers concerned.
        """
        same = (_G.run_id == run_id) & _G.reason.in_(sorted(reasons)) & _G.closed_at.is_(None)
        if sources is not None:
            same &= _G.source.in_(sorted(sources))
        with self._write() as connection:
            found = set(connection.execute(select(_G.supplier_id).where(same).distinct()).scalars())
            connection.execute(delete(GAPS).where(same))
        return found

    def fresh(self, source: str, kind: str, since: datetime, until: datetime | None = None) -> set[str]:
        """The suppliers about whom the source has answered between two times, also that it has nothing.

        Args:
            source: the connector's name.
            kind: of fact.
            since: older answers are not fresh.
            until: later answers are not known on the day that is judged; without it they count.
        """
        times = {"source": source, "kind": kind, "since": stamp(since), "until": stamp(until) if until else "9"}
        answered = """SELECT f.supplier_id FROM facts f
            WHERE f.source = :source AND f.kind = :kind AND f.void = 0 AND f.observed_at >= :since
            AND (f.observed_at <= :until OR f.fetched_at BETWEEN :since AND :until OR EXISTS (
                SELECT 1 FROM observations o WHERE o.fact_id = f.id AND o.observed_at BETWEEN :since AND :until))"""
        nothing = """SELECT supplier_id FROM gaps WHERE source = :source AND kind = :kind AND closed_at IS NULL
            AND reason IN ('not_found', 'redacted') AND at BETWEEN :since AND :until"""
        with self._read() as connection:
            return {row[0] for row in fetch(connection, f"{answered} UNION {nothing}", times)}


def write_gap(
    connection: Connection, run_id: str, supplier_id: str, kind: str, source: str, reason: str, detail: str, at: str
) -> None:
    """The run's newest attempt, in place of its earlier one."""
    if reason not in REASONS:
        message = f"{reason}: not a reason; expected one of {', '.join(REASONS)}"
        raise ValueError(message)
    same = (_G.supplier_id == supplier_id) & (_G.kind == kind) & (_G.source == source) & (_G.run_id == run_id)
    values: dict[str, Any] = {
        "reason": reason,
        "detail": mask_text(detail),
        "at": at,
        "closed_at": _answered_after(connection, supplier_id, kind, source, at),
    }
    if connection.execute(update(GAPS).where(same).values(**values)).rowcount == 0:
        who = {"supplier_id": supplier_id, "kind": kind, "source": source, "run_id": run_id}
        connection.execute(insert(GAPS).values(**who, **values))


def _answered_after(connection: Connection, supplier_id: str, kind: str, source: str, at: str) -> str | None:
    """When the source answered next: an attempt of an earlier day may be noted after a later day's answer."""
    sql = """SELECT MIN(met) FROM (
        SELECT f.fetched_at AS met FROM facts f WHERE f.supplier_id = :supplier AND f.kind = :kind
            AND f.source = :source AND f.void = 0 AND f.fetched_at > :at
        UNION ALL SELECT o.observed_at FROM facts f JOIN observations o ON o.fact_id = f.id
            WHERE f.supplier_id = :supplier AND f.kind = :kind AND f.source = :source AND f.void = 0
            AND o.observed_at > :at) AS later"""
    found = fetch(connection, sql, {"supplier": supplier_id, "kind": kind, "source": source, "at": at})
    met: str | None = found[0][0]
    return met


def close_gaps(connection: Connection, sightings: Iterable[Sighting]) -> None:
    """The source has answered: what it did not give before is no longer missing."""
    answered = {(item.supplier_id, item.kind, item.source): item.observed_at for item in sightings}
    if not answered:
        return
    connection.execute(
        _CLOSE,
        [{"who": who, "what": what, "whence": whence, "met": met} for (who, what, whence), met in answered.items()],
    )
