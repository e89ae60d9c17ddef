"""How the table of facts grows: in bulk where answers come in order, row by row where one comes late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from screening.store.base import in_lists, insert_one
from screening.store.history import RowOfHistory, Sighting, is_dated, rows_of
from screening.store.schema import FACTS, OBSERVATIONS

_F, _O = FACTS.c, OBSERVATIONS.c
Key = tuple[str, str, str, str]
_NEWEST = select(
    *(_F.supplier_id, _F.kind, _F.source, _F.scope_key, _F.id, _F.payload_hash),
    *(_F.last_place, _F.fetched_at, _F.observed_at, _F.confirmed_at),
).where(
    _F.supplier_id.in_(bindparam("who", expanding=True)),
    _F.kind.in_(bindparam("what", expanding=True)),
    _F.superseded_at.is_(None),
    _F.void == 0,
)


def grow(connection: Connection, sightings: Sequence[Sighting]) -> None:
    """Takes sightings into the histories that they belong to; many at a time when each has a history of its own."""
    for group in _once_each(sightings):
        newest = _newest(connection, group)
        new, confirming, read_again, late = [], [], [], []
        for item in group:
            row = newest.get(item.key)
            if row is None:
                new.append((item, None))
            elif item.place > row.last_place and item.payload_hash != row.payload_hash:
                new.append((item, row.id))
            elif item.place > row.last_place and item.observed_at >= row.fetched_at:
                confirming.append((item, row))
            elif (
                item.place == row.last_place
                and item.payload_hash == row.payload_hash
                and item.observed_at >= row.observed_at
            ):
                read_again.append({"row_id": row.id, "observed": item.observed_at})
            else:
                late.append(item)
        _insert(connection, new)
        _confirm(connection, confirming)
        _touch(connection, read_again)
        for item in late:
            _take_late(connection, item)


def confirm_newest(connection: Connection, supplier_id: str, source: str, kinds: Iterable[str], at: str) -> None:
    """A cheaper proof that the newest facts of these kinds still hold at ``at``."""
    for kind in sorted(kinds):
        same = (_F.supplier_id == supplier_id) & (_F.kind == kind) & (_F.source == source) & (_F.void == 0)
        rows = connection.execute(select(FACTS).where(same, _F.superseded_at.is_(None))).all()
        grow(
            connection,
            [
                replace(_head(row), observed_at=at, place=at, as_of=at[:10], confirms=at, tie=0)
                for row in rows
                if at > row.last_place
            ],
        )


def _once_each(sightings: Sequence[Sighting]) -> Iterator[list[Sighting]]:
    """The sightings in rounds, in order, so that no history occurs twice in a round."""
    waiting = list(sightings)
    while waiting:
        taken: list[Sighting] = []
        left: list[Sighting] = []
        seen: set[Key] = set()
        for item in waiting:
            (left if item.key in seen else taken).append(item)
            seen.add(item.key)
        yield taken
        waiting = left


def _newest(connection: Connection, sightings: Sequence[Sighting]) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    kinds = sorted({item.kind for item in sightings})
    for ids in in_lists(sorted({item.supplier_id for item in sightings})):
        for row in connection.execute(_NEWEST, {"who": ids, "what": kinds}):
            found[row[0], row[1], row[2], row[3]] = row
    return found


def _insert(connection: Connection, new: Sequence[tuple[Sighting, int | None]]) -> None:
    """Rows of their own, each ending the row before it."""
    ended = [{"row_id": row_id, "end": item.observed_at} for item, row_id in new if row_id is not None]
    if ended:
        statement = update(FACTS).where(_F.id == bindparam("row_id")).values(superseded_at=bindparam("end"))
        connection.execute(statement, ended)
    if new:
        connection.execute(insert(FACTS), [_row_values(RowOfHistory((item,), None)) for item, _ in new])


def _confirm(connection: Connection, confirming: Sequence[tuple[Sighting, Row[Any]]]) -> None:
    if not confirming:
        return
    connection.execute(
        update(FACTS)
        .where(_F.id == bindparam("row_id"))
        .values(confirmed_at=bindparam("confirmed"), observed_at=bindparam("observed"), last_place=bindparam("last")),
        [
            {
                "row_id": row.id,
                "confirmed": max(item.confirms, row.confirmed_at or ""),
                "observed": max(item.observed_at, row.observed_at),
                "last": item.place,
            }
            for item, row in confirming
        ],
    )
    connection.execute(insert(OBSERVATIONS), [_line_values(item, row.id) for item, row in confirming])


def _touch(connection: Connection, read_again: Sequence[dict[str, object]]) -> None:
    """The same document read again, or the same answer stored again after a crash: nothing new is known."""
    if read_again:
        statement = update(FACTS).where(_F.id == bindparam("row_id")).values(observed_at=bindparam("observed"))
        connection.execute(statement, read_again)


def _take_late(connection: Connection, item: Sighting) -> None:
    """A sighting whose place is inside the history: all its rows are made again from all its sightings."""
    supplier_id, kind, source, scope_key = item.key
    same = (_F.supplier_id == supplier_id) & (_F.kind == kind) & (_F.source == source) & (_F.scope_key == scope_key)
    rows = {row.id: row for row in connection.execute(select(FACTS).where(same, _F.void == 0)).all()}
    known = [_head(row) for row in rows.values()]
    lines = connection.execute(select(OBSERVATIONS).where(_O.fact_id.in_(sorted(rows)))).all()
    known += [_member(line, rows[line.fact_id]) for line in lines]
    same_place = [one for one in known if one.place == item.place]
    before = next((one for one in same_place if one.payload_hash == item.payload_hash), None)
    if before is None:
        known.append(replace(item, tie=max((one.tie + 1 for one in same_place), default=0)))
    elif item.observed_at < before.observed_at:  # the same document, and now known to have been read earlier
        known.remove(before)
        known.append(replace(before, observed_at=item.observed_at, run_id=item.run_id))
    else:
        assert before.fact_id is not None
        observed = max(item.observed_at, rows[before.fact_id].observed_at)
        _touch(connection, [{"row_id": before.fact_id, "observed": observed}])
        return
    _rewrite(connection, rows_of(known), {row_id: row.observed_at for row_id, row in rows.items()})


def _rewrite(connection: Connection, history: Sequence[RowOfHistory], observed: dict[int, str]) -> None:
    used: set[int] = set()
    for row in history:
        row_id = next((one.fact_id for one in row.members if one.fact_id is not None and one.fact_id not in used), None)
        values = _row_values(row)
        if row_id is None:
            row_id = insert_one(connection, FACTS, values)
        else:
            values["observed_at"] = max(row.observed_at, observed[row_id])
            connection.execute(update(FACTS).where(_F.id == row_id).values(**values))
        used.add(row_id)
        if row.head.observation_id is not None:
            connection.execute(delete(OBSERVATIONS).where(_O.id == row.head.observation_id))
        for member in row.members[1:]:
            if member.observation_id is None:
                connection.execute(insert(OBSERVATIONS).values(**_line_values(member, row_id)))
            else:
                moved = update(OBSERVATIONS).where(_O.id == member.observation_id)
                connection.execute(moved.values(**_line_values(member, row_id)))
    joined = sorted(set(observed) - used)  # rows whose sightings are now another's confirmations
    connection.execute(delete(FACTS).where(_F.id.in_(joined)))


def _row_values(row: RowOfHistory) -> dict[str, Any]:
    head = row.head
    return {
        "supplier_id": head.supplier_id,
        "kind": head.kind,
        "source": head.source,
        "scope_key": head.scope_key,
        "place": head.place,
        "tie": head.tie,
        "last_place": row.members[-1].place,
        "as_of": head.as_of,
        "fetched_at": head.observed_at,
        "confirmed_at": row.confirmed_at,
        "observed_at": row.observed_at,
        "superseded_at": row.superseded_at,
        "payload": head.payload,
        "payload_hash": head.payload_hash,
        "raw_id": head.raw_id,
        "raw_sha256": head.raw_sha256,
        "origin": head.origin,
        "request_ref": head.request_ref,
        "simulated": head.simulated,
        "run_id": head.run_id,
    }


def _line_values(item: Sighting, fact_id: int) -> dict[str, Any]:
    return {
        "fact_id": fact_id,
        "place": item.place,
        "tie": item.tie,
        "observed_at": item.observed_at,
        "as_of": item.as_of,
        "confirms": item.confirms,
        "raw_id": item.raw_id,
        "raw_sha256": item.raw_sha256,
        "request_ref": item.request_ref,
        "simulated": item.simulated,
        "run_id": item.run_id,
    }


def _head(row: Row[Any]) -> Sighting:
    """The sighting that a row was made from."""
    dated = row.as_of + "T00:00:00.000000+00:00"
    return Sighting(
        supplier_id=row.supplier_id,
        kind=row.kind,
        source=row.source,
        scope_key=row.scope_key,
        payload=row.payload,
        payload_hash=row.payload_hash,
        place=row.place,
        tie=row.tie,
        observed_at=row.fetched_at,
        as_of=row.as_of,
        confirms=min(dated, row.fetched_at) if is_dated(row.place) else row.fetched_at,
        origin=row.origin,
        request_ref=row.request_ref,
        simulated=row.simulated,
        raw_id=row.raw_id,
        raw_sha256=row.raw_sha256,
        run_id=row.run_id,
        fact_id=row.id,
    )


def _member(line: Row[Any], row: Row[Any]) -> Sighting:
    """The sighting that an observation holds, with what it shares with its row."""
    return replace(
        _head(row),
        place=line.place,
        tie=line.tie,
        observed_at=line.observed_at,
        as_of=line.as_of,
        confirms=line.confirms,
        raw_id=line.raw_id,
        raw_sha256=line.raw_sha256,
        request_ref=line.request_ref,
        simulated=line.simulated,
        run_id=line.run_id,
        observation_id=line.id,
    )
