"""Paid parts of an answer that is not whole yet: each is on disk before the next is bought, and goes when the answer is whole."""

from __future__ import annotations

import zlib
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from screening.adapters.source import Kept
from screening.store.base import Base, insert_one
from screening.store.schema import INTENTS, PARTS
from screening.store.values import moment, stamp

_P = PARTS.c


class Parts(Base):
    """One row for each part of a supplier's answer that a source has been paid for."""

    def keep_part(self, intent_id: int, part: str, data: bytes, at: datetime) -> None:
        """The answer to one paid call, in place of an older one of its name; the call is answered when this returns.

        Args:
            intent_id: of the call; tells source and supplier.
            part: the adapter's own name for it.
            data: what the adapter needs to go on; no personal number.
            at: by the run's clock.
        """
        now = stamp(at)
        with self._write() as connection:
            row = connection.execute(select(INTENTS).where(INTENTS.c.id == intent_id)).one()
            about = (_P.source == row.source) & (_P.supplier_id == row.supplier_id) & (_P.part == part)
            connection.execute(delete(PARTS).where(about))
            who = {"source": row.source, "supplier_id": row.supplier_id, "part": part}
            insert_one(connection, PARTS, {**who, "data": zlib.compress(data), "at": now})
            answered = update(INTENTS).where(INTENTS.c.id == intent_id)
            connection.execute(answered.values(state="answered", settled_at=now))

    def part(self, source: str, supplier_id: str, part: str, since: datetime) -> Kept | None:
        """What was kept under a name since a time; ``None`` when nothing was."""
        about = (_P.source == source) & (_P.supplier_id == supplier_id) & (_P.part == part) & (_P.at >= stamp(since))
        row = self._one(select(PARTS).where(about))
        return None if row is None else Kept(zlib.decompress(row.data), moment(row.at))

    def in_parts(self, source: str, since: datetime) -> set[str]:
        """The suppliers about whom a part of an answer has been bought since a time, and the rest has not."""
        statement = select(_P.supplier_id).where(_P.source == source, _P.at >= stamp(since)).distinct()
        return {row.supplier_id for row in self._all(statement)}


def take_parts(connection: Connection, source: str, supplier_id: str) -> int:
    """The answer is whole: its parts go. How many there were."""
    about = (_P.source == source) & (_P.supplier_id == supplier_id)
    found = int(connection.execute(select(func.count()).where(about)).scalar_one())
    if found:
        connection.execute(delete(PARTS).where(about))
    return found
