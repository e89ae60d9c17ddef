"""Dossiers: everything known about each supplier of a run on a day, streamed in order of id.

This is the path that a million suppliers take: a few statements per chunk, the driver's plain tuples, and dates,
provenance and identities made as seldom as possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from screening.model import Dossier, Fact, Gap, Spend, from_payload
from screening.store.base import Base, fetch, in_lists
from screening.store.decode import provenance
from screening.store.history import is_historic
from screening.store.population import SUPPLIER_COLUMNS, decode_contract, decode_spend, decode_supplier
from screening.store.values import day, stamp

SUPPLIERS = 1_000  # per chunk
Row = tuple[Any, ...]
_NONE: tuple[Row, ...] = ()
_NO_SPEND = Spend()
_LAST = 1_000  # the rank of a source that is not named in [sources]
_BEYOND = "\U0010ffff"  # after every supplier id
_ORDER, _FETCHED, _SEEN = itemgetter(1, 2, 3, 4), itemgetter(6), itemgetter(8)

_SOME = f"""SELECT {SUPPLIER_COLUMNS} FROM run_suppliers rs JOIN suppliers s ON s.id = rs.supplier_id
    WHERE rs.run_id = :run AND rs.supplier_id IN :ids ORDER BY rs.supplier_id"""  # noqa: S608 - names of columns
_NEXT = f"""SELECT {SUPPLIER_COLUMNS} FROM run_suppliers rs JOIN suppliers s ON s.id = rs.supplier_id
    WHERE rs.run_id = :run AND rs.supplier_id > :after ORDER BY rs.supplier_id LIMIT :size"""  # noqa: S608 - as above
_FACTS = """SELECT f.supplier_id, f.kind, f.source, f.place, f.tie, f.as_of, f.fetched_at,
    CASE WHEN f.observed_at < :end THEN f.confirmed_at ELSE (SELECT MAX(o.confirms) FROM observations o
        WHERE o.fact_id = f.id AND o.observed_at < :end AND o.as_of <= :today) END,
    CASE WHEN f.observed_at < :end THEN f.observed_at ELSE COALESCE((SELECT MAX(o.observed_at) FROM observations o
        WHERE o.fact_id = f.id AND o.observed_at < :end), f.fetched_at) END,
    f.payload, f.origin, f.request_ref, f.raw_sha256, f.simulated, f.scope_key
    FROM facts f WHERE f.supplier_id IN :ids AND f.kind IN :kinds AND f.fetched_at < :end
    AND f.as_of <= :today AND f.void = 0 ORDER BY f.supplier_id"""
_GAPS = """SELECT g.supplier_id, g.kind, g.source, g.reason, g.detail, g.at
    FROM gaps g WHERE g.supplier_id IN :ids AND g.kind IN :kinds AND (g.at < :end OR g.run_id = :run)
    AND (g.closed_at IS NULL OR g.closed_at >= :end) ORDER BY g.supplier_id, g.kind, g.at, g.id"""
_CONTRACTS = """SELECT supplier_id, payload FROM contracts WHERE run_id = :run AND supplier_id IN :ids
    ORDER BY supplier_id, contract_id, id"""
_SPEND = "SELECT supplier_id, payload FROM spend WHERE run_id = :run AND supplier_id IN :ids"


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
                    suppliers = fetch(connection, _SOME, {"run": run_id, "ids": ids})
                    chunk = reader.read(connection, suppliers)
                yield from chunk
            return
        after = ""
        while True:
            with self._read() as connection:
                suppliers = fetch(connection, _NEXT, {"run": run_id, "after": after, "size": SUPPLIERS})
                if not suppliers:
                    return
                chunk = reader.read(connection, suppliers)
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

    def read(self, connection: Connection, suppliers: list[Row]) -> Iterator[Dossier]:
        """The rows are read at once, the dossiers made as they are asked for."""
        values = {**self.values, "ids": [row[0] for row in suppliers]}
        contracts, spend, facts, gaps = (fetch(connection, sql, values) for sql in (_CONTRACTS, _SPEND, _FACTS, _GAPS))
        return self._make(
            suppliers, facts, _by_supplier(gaps), _by_supplier(contracts), {row[0]: row[1] for row in spend}
        )

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
            supplier = decode_supplier(row)
            supplier_id = supplier.id
            start = index
            while facts[index][0] == supplier_id:
                index += 1
            attempts = gaps.get(supplier_id, _NONE)
            found, met, observed_from = self._facts(facts[start:index], attempts)
            yield Dossier(
                supplier=supplier,
                contracts=tuple([decode_contract(item[1]) for item in contracts.get(supplier_id, _NONE)]),
                spend=decode_spend(spend[supplier_id]) if supplier_id in spend else _NO_SPEND,
                facts=found,
                gaps=self._gaps(attempts, met) if attempts else {},
                observed_from_on=observed_from,
            )

    def _facts(
        self, rows: list[Row], attempts: Sequence[Row]
    ) -> tuple[dict[str, tuple[Fact, ...]], dict[str, str], dict[tuple[str, str], date]]:
        """Facts by kind, when each kind was last met, and since when each source's answers tell of it."""
        found: dict[str, tuple[Fact, ...]] = {}
        met: dict[str, str] = {}
        chosen: dict[str, tuple[tuple[bool, int, str], str]] = {}  # kind -> (rank, source)
        observed_from: dict[tuple[str, str], date] = {}
        rows.sort(key=_ORDER)
        at, count = 0, len(rows)
        while at < count:
            _, kind, source = rows[at][:3]
            start = at
            while at < count and rows[at][2] == source and rows[at][1] == kind:
                at += 1
            if at - start == 1:
                row = rows[start]
                made: tuple[Fact, ...] = (_fact(row),)
                fetched, seen = row[6], row[8]
            else:
                same = rows[start:at]
                made = tuple([_fact(row) for row in same])
                fetched, seen = min(map(_FETCHED, same)), max(map(_SEEN, same))
            first = rows[start]
            observed_from[kind, source] = day(first[5] if is_historic(first[3], first[10]) else fetched[:10])
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
        """The newest attempt at each kind since it was last met from any source; ties go by precedence."""
        found: dict[str, tuple[tuple[str, int], Gap]] = {}
        for _, kind, source, reason, detail, at in attempts:
            if at <= met.get(kind, ""):
                continue
            order = (at, -self.rank.get((kind, source), _LAST))
            if kind not in found or order > found[kind][0]:
                found[kind] = (order, Gap(kind, reason, source, detail))
        return {kind: gap for kind, (_, gap) in found.items()}


def _fact(row: Row) -> Fact:
    came = provenance(row[2], row[10], row[5], row[6], row[7], row[11], row[12], row[13], row[3])
    return from_payload(row[1], row[9], came, row[14])


def _by_supplier(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found
