"""Dossiers: everything known about each supplier of a run on a day, streamed in order of id.

This is the path that a million suppliers take: a few statements per chunk, the driver's plain tuples, and dates,
provenance and identities made as seldom as possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, cast

from sqlalchemy import Connection

from screening.model import GIVES_WAY, Dossier, Fact, Gap, Spend
from screening.store.base import Base, fetch, in_lists
from screening.store.decode import make_fact
from screening.store.history import is_historic
from screening.store.population import SUPPLIER_COLUMNS, decode_contract, decode_spend, decode_supplier
from screening.store.values import day, stamp

SUPPLIERS = 250  # per chunk: its rows stay in the processor's cache until they are dossiers
Row = tuple[Any, ...]
Pairs = list[tuple[str, str]]
_NONE: tuple[Row, ...] = ()
_NO_SPEND = Spend()
_LAST = 1_000  # the rank of a source that is not named in [sources]
_BEYOND = "\U0010ffff"  # after every supplier id
_TIE, _SEEN, _KIND, _SOURCE, _PLACE, _AS_OF, _FETCHED, _ORIGIN = 1, 2, 3, 4, 5, 6, 7, 10  # columns of _FACTS
_FROM_KIND = slice(_KIND, None)  # what ``make_fact`` takes

_EACH, _SOME = "rs.supplier_id BETWEEN :first AND :last", "rs.supplier_id IN :ids"
_SUPPLIERS = f"""SELECT {SUPPLIER_COLUMNS} FROM run_suppliers rs JOIN suppliers s ON s.id = rs.supplier_id
    WHERE rs.run_id = :run AND %s ORDER BY rs.supplier_id"""  # noqa: S608 - names of columns
_NEXT = _SUPPLIERS % "rs.supplier_id > :after" + " LIMIT :size"
_CONTRACTS = """SELECT rs.supplier_id, rs.payload FROM contracts rs WHERE rs.run_id = :run AND %s
    ORDER BY rs.supplier_id, rs.contract_id, rs.id"""
_SPEND = "SELECT rs.supplier_id, rs.payload FROM spend rs WHERE rs.run_id = :run AND %s"
# COALESCE: one walk over a supplier's entries of the index is faster than looking each kind up.
_FACTS = """SELECT f.supplier_id, f.tie,
    CASE WHEN f.observed_at < :end THEN f.observed_at ELSE COALESCE((SELECT MAX(o.observed_at) FROM observations o
        WHERE o.fact_id = f.id AND o.observed_at < :end), f.fetched_at) END,
    f.kind, f.source, f.place, f.as_of, f.fetched_at,
    CASE WHEN f.observed_at < :end THEN f.confirmed_at ELSE (SELECT MAX(o.confirms) FROM observations o
        WHERE o.fact_id = f.id AND o.observed_at < :end AND o.as_of <= :today) END,
    f.payload, f.origin, f.request_ref, f.raw_sha256, f.simulated, f.scope_key
    FROM run_suppliers rs JOIN facts f ON f.supplier_id = rs.supplier_id
    WHERE rs.run_id = :run AND %s AND COALESCE(f.kind, '') IN :kinds AND f.fetched_at < :end AND f.as_of <= :today AND f.void = 0
    ORDER BY rs.supplier_id, f.kind, f.source"""
_GAPS = """SELECT g.supplier_id, g.kind, g.source, g.reason, g.detail, g.at
    FROM run_suppliers rs JOIN gaps g ON g.supplier_id = rs.supplier_id
    WHERE rs.run_id = :run AND %s AND g.kind IN :kinds AND (g.at < :end OR g.run_id = :run)
    AND (g.closed_at IS NULL OR g.closed_at >= :end) ORDER BY rs.supplier_id, g.kind, g.at, g.id"""


class Dossiers(Base):
    """Reads what the other parts wrote."""

    def dossiers(
        self,
        run_id: str,
        kinds: frozenset[str],
        today: date,
        precedence: Mapping[str, tuple[str, ...]],
        supplier_ids: Iterable[str] | None = None,
    ) -> Iterator[Dossier]:
        """The run's suppliers with what was known of them by the end of ``today`` (UTC), in order of id.

        ``facts[kind]`` are the rows of the first source in precedence that has any, oldest first, all scope keys
        together; the others' are under ``kind@source``. A source whose newest attempt failed gives way to one that
        has answered since.

        Args:
            run_id: whose suppliers, contracts and spend.
            kinds: which facts to read.
            today: the day that is judged; later answers, and documents dated later, are not known.
            precedence: kind -> sources, best first; sources not named come last.
            supplier_ids: only these; those that are not in the run are left out.
        """
        reader = _Reader(run_id, kinds, today, precedence)
        if supplier_ids is not None:
            for ids in in_lists(sorted(set(supplier_ids))):
                with self._read() as connection:
                    suppliers = fetch(connection, _SUPPLIERS % _SOME, {"run": run_id, "ids": ids})
                    chunk = reader.read(connection, suppliers, _SOME, {"ids": ids})
                yield from chunk
            return
        after = ""
        while True:
            with self._read() as connection:
                suppliers = fetch(connection, _NEXT, {"run": run_id, "after": after, "size": SUPPLIERS})
                if not suppliers:
                    return
                ends = {"first": suppliers[0][0], "last": suppliers[-1][0]}
                chunk = reader.read(connection, suppliers, _EACH, ends)
            yield from chunk
            after = suppliers[-1][0]


class _Reader:
    """Reads the dossiers of one chunk of suppliers with four statements."""

    def __init__(
        self, run_id: str, kinds: frozenset[str], today: date, precedence: Mapping[str, tuple[str, ...]]
    ) -> None:
        end = stamp(datetime.combine(today + timedelta(days=1), time.min, UTC))
        self.values = {"run": run_id, "kinds": sorted(kinds), "end": end, "today": today.isoformat()}
        self.rank = {
            (kind, source): index for kind, sources in precedence.items() for index, source in enumerate(sources)
        }

    def read(
        self, connection: Connection, suppliers: list[Row], which: str, who: Mapping[str, object]
    ) -> Iterator[Dossier]:
        """The rows are read at once, the dossiers made as they are asked for.

        Args:
            connection: to read from.
            suppliers: the chunk's rows, in order of id.
            which: the condition that picks the chunk's suppliers.
            who: the values of that condition.
        """
        values = {**self.values, **who}
        contracts, spend, facts, gaps = (
            fetch(connection, sql % which, values) for sql in (_CONTRACTS, _SPEND, _FACTS, _GAPS)
        )
        return self._make(suppliers, facts, _by_supplier(gaps), _by_supplier(contracts), dict(cast("Pairs", spend)))

    def _make(
        self,
        suppliers: list[Row],
        facts: list[Row],
        gaps: dict[str, list[Row]],
        contracts: dict[str, list[Row]],
        spend: dict[str, str],
    ) -> Iterator[Dossier]:
        facts.append((_BEYOND,))
        index = 0
        for row in suppliers:
            supplier_id = row[0]
            start = index
            while facts[index][0] == supplier_id:
                index += 1
            attempts = gaps.get(supplier_id, _NONE)
            found, met, observed_from = self._facts(facts[start:index], attempts)
            payload = spend.get(supplier_id)
            yield Dossier(
                decode_supplier(row),
                tuple([decode_contract(item[1]) for item in contracts.get(supplier_id, _NONE)]),
                _NO_SPEND if payload is None else decode_spend(payload),
                found,
                self._gaps(attempts, met) if attempts else {},
                observed_from,
            )

    def _facts(
        self, rows: list[Row], attempts: Sequence[Row]
    ) -> tuple[dict[str, tuple[Fact, ...]], dict[str, str], dict[tuple[str, str], date]]:
        """Facts by kind, when each kind was last met, and since when each source's answers tell of it.

        The rows stand in order of kind and source.
        """
        found: dict[str, tuple[Fact, ...]] = {}
        met: dict[str, str] = {}
        chosen: dict[str, tuple[tuple[bool, int, str], str]] = {}  # kind -> (rank, source)
        observed_from: dict[tuple[str, str], date] = {}
        if not attempts and len({row[_KIND] for row in rows}) == len(rows):  # most suppliers: one row of each kind
            for row in rows:
                kind = row[_KIND]
                found[kind] = (make_fact(*row[_FROM_KIND]),)
                observed_from[kind, row[_SOURCE]] = _observed_from(row, row[_FETCHED])
            return found, met, observed_from
        for (kind, source), of_source in groupby(rows, itemgetter(_KIND, _SOURCE)):
            same = sorted(of_source, key=itemgetter(_PLACE, _TIE))
            made = tuple([make_fact(*row[_FROM_KIND]) for row in same])
            seen = max(row[_SEEN] for row in same)
            observed_from[kind, source] = _observed_from(same[0], min(row[_FETCHED] for row in same))
            failed = any(item[1] == kind and item[2] == source and item[5] > seen for item in attempts)
            rank = (failed, self.rank.get((kind, source), _LAST), source)
            before = chosen.get(kind)
            if before is None:
                chosen[kind] = (rank, source)
                found[kind] = made
                met[kind] = seen
                continue
            met[kind] = max(met[kind], seen)
            if rank < before[0]:
                found[f"{kind}@{before[1]}"] = found[kind]
                chosen[kind] = (rank, source)
                found[kind] = made
            else:
                found[f"{kind}@{source}"] = made
        return found, met, observed_from

    def _gaps(self, attempts: Sequence[Row], met: Mapping[str, str]) -> dict[str, Gap]:
        """The newest attempt at each kind since it was last met from any source.

        Ties go by precedence, but a source that only may not or cannot tell gives way to one that has nothing.
        """
        found: dict[str, tuple[tuple[str, bool, int], Gap]] = {}
        for _, kind, source, reason, detail, at in attempts:
            if at <= met.get(kind, ""):
                continue
            order = (at, reason not in GIVES_WAY, -self.rank.get((kind, source), _LAST))
            if kind not in found or order > found[kind][0]:
                found[kind] = (order, Gap(kind, reason, source, detail))
        return {kind: gap for kind, (_, gap) in found.items()}


def _observed_from(first: Row, fetched: str) -> date:
    """Since when the answers tell: from the first answer, or from the earlier day that the source was asked about."""
    return day(first[_AS_OF] if is_historic(first[_PLACE], first[_ORIGIN]) else fetched[:10])


def _by_supplier(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found
