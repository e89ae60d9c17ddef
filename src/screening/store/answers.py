"""Taking an answer in: raw bytes, facts, gaps, intents and ticket in one transaction."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, bindparam, select, update

from screening.adapters.source import Answer
from screening.identity import from_stored
from screening.store.asking import Asking, note_ask
from screening.store.base import Base, insert_one
from screening.store.gaps import ANSWERED_NOTHING, close_gaps, write_gap
from screening.store.growth import confirm_newest, grow
from screening.store.history import sighting
from screening.store.parts import take_parts
from screening.store.schema import GAPS, RAW, SUPPLIERS
from screening.store.values import stamp

_SAME_RAW = select(RAW.c.id, RAW.c.size, RAW.c.at).where(RAW.c.sha256 == bindparam("digest"))


class Answers(Asking, Base):
    """What sources said."""

    def put_answer(
        self, run_id: str, source: str, answer: Answer, at: datetime, billed: int = 0, cost_ore: int = 0
    ) -> None:
        """One answer, whole or not at all; on disk when this returns, so it is never bought twice.

        Args:
            run_id: the run that asked.
            source: the connector's name.
            answer: with facts whose provenance says when they were fetched.
            at: by the run's clock.
            billed: how many calls cost money, those of parts that were kept among them; each open intent of this
                supplier at the source counts as one.
            cost_ore: what they cost together, for calls that had no intent.
        """
        now = stamp(at)
        with self._write() as connection:
            raw_id, digest = _put_raw(connection, answer.raw, now)
            sightings = [sighting(answer.supplier_id, fact, run_id, raw_id, digest) for fact in answer.facts]
            grow(connection, sightings)
            close_gaps(connection, sightings)
            if answer.confirms:
                confirm_newest(connection, answer.supplier_id, source, answer.confirms, now)
                _close_confirmed(connection, answer, source, now)
            for kind, (reason, detail) in answer.missing.items():
                write_gap(connection, run_id, answer.supplier_id, kind, source, reason, detail, now)
            kept = take_parts(connection, source, answer.supplier_id) if answer.raw or answer.facts else 0
            self._close_intents(connection, run_id, source, answer.supplier_id, now, max(0, billed - kept), cost_ore)
            note_ask(connection, run_id, source, answer.supplier_id, _outcome(answer))
            if answer.ticket is not None:
                self._answer_ticket(connection, source, answer.ticket, answer.supplier_id, now)

    def put_answers(self, run_id: str, source: str, answers: Iterable[Answer], at: datetime) -> None:
        """Several free answers in one transaction."""
        with self.batch():
            for answer in answers:
                self.put_answer(run_id, source, answer, at)

    def raw(self, digest: str) -> bytes | None:
        """The raw answer with a hash; ``None`` when it was never stored, or has been purged."""
        row = self._one(select(RAW.c.data).where(RAW.c.sha256 == bytes.fromhex(digest)))
        return None if row is None or row.data is None else zlib.decompress(row.data)

    def raw_size(self, digest: str) -> int | None:
        """How many bytes the raw answer with a hash has, or had before it was purged; ``None`` when never stored."""
        row = self._one(select(RAW.c.size).where(RAW.c.sha256 == bytes.fromhex(digest)))
        return None if row is None else int(row.size)

    def shows_number(self, supplier_id: str, text: str) -> bool:
        """Whether the digits of ``text``, whatever stands between them, hold the supplier's personal number."""
        row = self._one(select(SUPPLIERS.c.kind, SUPPLIERS.c.digits).where(SUPPLIERS.c.id == supplier_id))
        if row is None or row.kind is None or not from_stored(row.kind, "SE", row.digits).is_person:
            return False
        return row.digits[-10:] in "".join(char for char in text if char.isdigit())


def _put_raw(connection: Connection, raw: bytes, now: str) -> tuple[int | None, bytes | None]:
    """The row of these bytes, stored once however often they come."""
    if not raw:
        return None, None
    digest = sha256(raw).digest()
    row = connection.execute(_SAME_RAW, {"digest": digest}).first()
    if row is None:
        values = {"sha256": digest, "size": len(raw), "data": zlib.compress(raw), "at": now}
        return insert_one(connection, RAW, values), digest
    newer = {"at": max(now, row.at)}
    connection.execute(update(RAW).where(RAW.c.id == row.id).values(**newer))
    purged = (RAW.c.id == row.id) & RAW.c.data.is_(None)
    connection.execute(update(RAW).where(purged).values(data=zlib.compress(raw)))
    return row.id, digest


def _close_confirmed(connection: Connection, answer: Answer, source: str, now: str) -> None:
    same = (GAPS.c.supplier_id == answer.supplier_id) & (GAPS.c.source == source) & GAPS.c.closed_at.is_(None)
    confirmed = GAPS.c.kind.in_(sorted(answer.confirms)) & (GAPS.c.at <= now)
    connection.execute(update(GAPS).where(same, confirmed).values(closed_at=now))


def _outcome(answer: Answer) -> str:
    """Whether the source answered: with facts, with proof that nothing changed, or that it has nothing."""
    if answer.facts or answer.confirms or not answer.missing:
        return "answered"
    reasons = {reason for reason, _ in answer.missing.values()}
    return "answered" if reasons & set(ANSWERED_NOTHING) else "failed"
