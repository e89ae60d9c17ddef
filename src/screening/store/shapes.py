"""What a run's answers from one source looked like beside the answers before them: to see that a source has gone quiet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import delete, insert, select, update

from screening.store.base import Base, fetch
from screening.store.gaps import write_gap
from screening.store.schema import FACTS, RUNS, SHAPES
from screening.store.values import stamp

_F, _S = FACTS.c, SHAPES.c
Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Sighted:
    """One supplier's answer of one kind in a run. ``now``: ``None`` when the source said that it has nothing.

    Attributes:
        before: the source's newest earlier answer; ``None`` when there was none.
        first: whether the source had not been asked for the kind about the supplier in any earlier run.
        fact_id: the row that the run added; ``None`` when the answer was equal to the one before, or nothing.
        before_id: the row that it superseded.
    """

    supplier_id: str
    kind: str
    now: Payload | None
    before: Payload | None
    first: bool = False
    fact_id: int | None = None
    before_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shape:
    """How one measure of a source's answers went in one run.

    Attributes:
        answers: suppliers with an answer of the kind.
        filled: of these, those in whose answer the measure is filled.
        known: suppliers in whose earlier answer the measure was filled, and who were answered now.
        lost: of these, those in whose answer it no longer is.
    """

    kind: str
    measure: str
    form: str
    answers: int
    filled: int
    known: int
    lost: int


class Shapes(Base):
    """Counts per run, source, kind, measure and legal form."""

    def sighted(self, run_id: str, source: str) -> Iterator[Sighted]:
        """Every answer of a source in a run, with the one before it; the newest where a run met several."""
        with self._read() as connection:
            for row in fetch(connection, _NEW, {"run": run_id, "source": source}):
                before = _payload(row[3])
                yield Sighted(row[0], row[1], _payload(row[2]), before, before is None and not row[6], row[4], row[5])
            for row in fetch(connection, _SAME, {"run": run_id, "source": source}):
                yield Sighted(row[0], row[1], _payload(row[2]), _payload(row[2]))
            for row in fetch(connection, _NOTHING, {"run": run_id, "source": source}):
                before = _payload(row[2])
                yield Sighted(row[0], row[1], None, before, before is None and not row[3])

    def legal_forms(self) -> dict[str, str]:
        """Supplier -> registered legal form, by the newest record of any source."""
        with self._read() as connection:
            return {row[0]: str(form) for row in fetch(connection, _FORMS, {}) if (form := _payload(row[1]).get("legal_form"))}  # type: ignore[union-attr]  # fmt: skip

    def disbelieve(self, run_id: str, source: str, answers: Iterable[Sighted], detail: str, at: datetime) -> None:
        """These answers are no facts: what was known before them stands, and what they would have said is ``doubtful``."""
        with self._write() as connection:
            for item in answers:
                if item.fact_id is not None:
                    connection.execute(update(FACTS).where(_F.id == item.fact_id).values(void=1))
                if item.before_id is not None:
                    connection.execute(update(FACTS).where(_F.id == item.before_id).values(superseded_at=None))
                write_gap(connection, run_id, item.supplier_id, item.kind, source, "doubtful", detail, stamp(at))

    def put_shapes(self, run_id: str, source: str, shapes: Iterable[Shape], *, doubtful: bool) -> None:
        """What a run's answers looked like, in place of what it had."""
        rows = [
            {"run_id": run_id, "source": source, "doubtful": int(doubtful)}
            | {name: getattr(item, name) for name in Shape.__slots__}
            for item in shapes
        ]
        with self._write() as connection:
            connection.execute(delete(SHAPES).where((_S.run_id == run_id) & (_S.source == source)))
            if rows:
                connection.execute(insert(SHAPES), rows)

    def doubted(self, run_id: str) -> frozenset[str]:
        """The sources whose answers in a run are not all believed."""
        same = (_S.run_id == run_id) & (_S.doubtful == 1)
        return frozenset(row.source for row in self._all(select(_S.source).where(same).distinct()))

    def shapes(self, source: str, before_period: str, since_period: str = "") -> list[Shape]:
        """What the source's answers looked like in finished, believed runs of earlier periods, newest first."""
        finished = (RUNS.c.kind == "monthly") & RUNS.c.finished.is_not(None) & RUNS.c.replaced_by.is_(None)
        inside = (RUNS.c.period < before_period) & (RUNS.c.period >= since_period)
        statement = (
            select(SHAPES)
            .join(RUNS, RUNS.c.id == _S.run_id)
            .where(_S.source == source, _S.doubtful == 0, finished, inside)
            .order_by(RUNS.c.period.desc())
        )
        return [Shape(**{name: getattr(row, name) for name in Shape.__slots__}) for row in self._all(statement)]


def _payload(text: str | bytes | None) -> Payload | None:
    return None if text is None else msgspec.json.decode(text, type=dict[str, object])


_BEFORE = """SELECT b.{column} FROM facts b WHERE b.supplier_id = f.supplier_id AND b.kind = f.kind AND b.source = f.source
    AND b.scope_key = f.scope_key AND b.void = 0 AND b.place < f.place ORDER BY b.place DESC, b.tie DESC LIMIT 1"""
_ASKED = """EXISTS (SELECT 1 FROM gaps a WHERE a.supplier_id = {t}.supplier_id AND a.kind = {t}.kind
    AND a.source = {t}.source AND a.run_id != :run)"""
_NEW = f"""SELECT f.supplier_id, f.kind, f.payload, ({_BEFORE.format(column="payload")}), f.id, ({_BEFORE.format(column="id")}),
    {_ASKED.format(t="f")} FROM facts f WHERE f.run_id = :run AND f.source = :source AND f.void = 0 AND f.superseded_at IS NULL"""  # noqa: S608
_SAME = """SELECT f.supplier_id, f.kind, f.payload FROM observations o JOIN facts f ON f.id = o.fact_id
    WHERE o.run_id = :run AND f.source = :source AND f.void = 0 AND f.superseded_at IS NULL AND f.run_id != :run
    GROUP BY f.id"""
_NOTHING = f"""SELECT g.supplier_id, g.kind, (SELECT b.payload FROM facts b WHERE b.supplier_id = g.supplier_id
        AND b.kind = g.kind AND b.source = g.source AND b.void = 0 AND b.superseded_at IS NULL LIMIT 1),
    {_ASKED.format(t="g")} FROM gaps g WHERE g.run_id = :run AND g.source = :source AND g.reason = 'not_found' AND g.closed_at IS NULL"""  # noqa: S608
_FORMS = """SELECT supplier_id, payload FROM facts WHERE kind = 'company_record' AND void = 0 AND superseded_at IS NULL
    ORDER BY place"""
