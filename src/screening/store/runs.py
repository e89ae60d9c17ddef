"""Runs: begun, resumed, finished, replaced; and the texts of rules, connectors and profiles that each used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from screening.errors import StoreError
from screening.store.base import Base
from screening.store.rows import Run, RunKind, RunState
from screening.store.schema import RUN_TEXTS, RUNS, TEXTS
from screening.store.values import day, maybe_moment, moment, pack, stamp, unpack


def counts_as_finished() -> ColumnElement[bool]:
    """Monthly runs that others are compared with: finished (also with open tickets) and not replaced."""
    return and_(RUNS.c.kind == "monthly", RUNS.c.state.in_(("done", "waiting")), RUNS.c.replaced_by.is_(None))


class Runs(Base):
    """The table of runs."""

    def begin_run(
        self,
        kind: RunKind,
        period: str,
        as_of: date,
        started: datetime,
        version: str,
        texts: Mapping[tuple[str, str], str],
        case: str = "",
    ) -> Run:
        """A new run; the period's unfinished run (running, or waiting for tickets) goes on, unless it is a case.

        Args:
            kind: ``monthly``, ``case``, or ``plan`` (only asks what a monthly run would do).
            period: ``YYYY-MM``.
            as_of: the day that is judged.
            started: by the run's clock.
            version: the program's.
            texts: (kind, name) -> text of every rule, profile and connector file in use.
            case: the diary number of a case, if any.
        """
        with self._write() as connection:
            run_id = None if kind == "case" else self._unfinished(connection, kind, period)
            if run_id is None:
                run_id = self._insert(connection, kind, period, as_of, stamp(started), version, case)
            else:
                again = {"state": "running", "as_of": as_of.isoformat(), "version": version}
                connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(**again))
            self._put_texts(connection, run_id, texts)
            return decode_run(connection.execute(select(RUNS).where(RUNS.c.id == run_id)).one())

    def _unfinished(self, connection: Connection, kind: RunKind, period: str) -> str | None:
        unfinished = RUNS.c.state.in_(("running", "waiting")) & RUNS.c.replaced_by.is_(None)
        statement = select(RUNS.c.id).where(RUNS.c.kind == kind, RUNS.c.period == period, unfinished)
        return connection.execute(statement.order_by(RUNS.c.number.desc())).scalar()

    def _insert(
        self, connection: Connection, kind: RunKind, period: str, as_of: date, started: str, version: str, case: str
    ) -> str:
        same = select(func.max(RUNS.c.number)).where(RUNS.c.kind == kind, RUNS.c.period == period)
        number = (connection.execute(same).scalar() or 0) + 1
        run_id = f"{kind[0].upper()}-{period}-{number}"
        connection.execute(
            insert(RUNS).values(
                id=run_id,
                kind=kind,
                period=period,
                number=number,
                as_of=as_of.isoformat(),
                state="running",
                stage="",
                started=started,
                version=version,
                case_ref=case,
                manifest="{}",
            )
        )
        return run_id

    def _put_texts(self, connection: Connection, run_id: str, texts: Mapping[tuple[str, str], str]) -> None:
        """Each text once, however many runs used it."""
        connection.execute(delete(RUN_TEXTS).where(RUN_TEXTS.c.run_id == run_id))
        for (kind, name), body in texts.items():
            digest = sha256(body.encode()).hexdigest()
            if connection.execute(select(TEXTS.c.sha256).where(TEXTS.c.sha256 == digest)).first() is None:
                connection.execute(insert(TEXTS).values(sha256=digest, body=body))
            connection.execute(insert(RUN_TEXTS).values(run_id=run_id, kind=kind, name=name, sha256=digest))

    def texts(self, run_id: str) -> Mapping[tuple[str, str], str]:
        """(kind, name) -> text of what the run used."""
        statement = (
            select(RUN_TEXTS.c.kind, RUN_TEXTS.c.name, TEXTS.c.body)
            .join(TEXTS)
            .where(RUN_TEXTS.c.run_id == run_id)
            .order_by(RUN_TEXTS.c.kind, RUN_TEXTS.c.name)
        )
        return {(row.kind, row.name): row.body for row in self._all(statement)}

    def run(self, run_id: str) -> Run:
        """One run.

        Raises:
            StoreError: no such run.
        """
        row = self._one(select(RUNS).where(RUNS.c.id == run_id))
        if row is None:
            message = f"{self._where}: no run {run_id}; expected one of the store's runs"
            raise StoreError(message)
        return decode_run(row)

    def runs(self, kind: RunKind | None = None, period: str | None = None) -> list[Run]:
        """Runs, newest first: by period, then by number within it."""
        statement = select(RUNS).order_by(RUNS.c.period.desc(), RUNS.c.number.desc(), RUNS.c.kind.desc())
        if kind is not None:
            statement = statement.where(RUNS.c.kind == kind)
        if period is not None:
            statement = statement.where(RUNS.c.period == period)
        return [decode_run(row) for row in self._all(statement)]

    def predecessor(self, run: Run) -> Run | None:
        """The newest finished monthly run of an earlier period that has not been replaced."""
        earlier = counts_as_finished() & (RUNS.c.period < run.period)
        row = self._one(select(RUNS).where(earlier).order_by(RUNS.c.period.desc(), RUNS.c.number.desc()))
        return None if row is None else decode_run(row)

    def set_stage(self, run_id: str, stage: str) -> None:
        """Notes how far the run has come."""
        with self._write() as connection:
            connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(stage=stage))

    def finish_run(
        self,
        run_id: str,
        state: RunState,
        finished: datetime,
        exit: int,  # noqa: A002 - the contract's word
        manifest: Mapping[str, object],
    ) -> None:
        """Ends the run; a monthly one replaces earlier runs of its period."""
        with self._write() as connection:
            values = {"state": state, "finished": stamp(finished), "exit": exit, "manifest": pack(manifest)}
            connection.execute(update(RUNS).where(RUNS.c.id == run_id).values(**values))
            own = connection.execute(select(RUNS).where(RUNS.c.id == run_id)).one()
            if own.kind == "monthly":
                earlier = (RUNS.c.kind == "monthly") & (RUNS.c.period == own.period) & (RUNS.c.number < own.number)
                connection.execute(update(RUNS).where(earlier).values(replaced_by=run_id))


def decode_run(row: Any) -> Run:
    """A row of the table of runs."""
    return Run(
        id=row.id,
        kind=row.kind,
        period=row.period,
        as_of=day(row.as_of),
        state=row.state,
        stage=row.stage,
        started=moment(row.started),
        finished=maybe_moment(row.finished),
        version=row.version,
        case=row.case_ref,
        exit=row.exit,
        manifest=unpack(row.manifest),
        replaced_by=row.replaced_by,
    )
