"""Samples: how each was drawn, from whom, and what reviewers found of those drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from screening.errors import StoreError
from screening.store.base import CHUNK, Base, chunks, insert_many
from screening.store.rows import Member, Run, Sample, SampleResult
from screening.store.schema import RUNS, SAMPLE_MEMBERS, SAMPLE_RESULTS, SAMPLES
from screening.store.values import maybe_day, maybe_iso, moment, pack, stamp, unpack


class Samples(Base):
    """Samples and results are added, never changed: the newest result of a supplier holds."""

    def put_sample(
        self, run: Run, method: Mapping[str, object], members: Iterable[Member], by: str, at: datetime
    ) -> Sample:
        """A sample with its whole population; both or none are stored."""
        with self.batch(), self._write() as connection:
            highest = connection.execute(select(func.max(SAMPLES.c.number)).where(SAMPLES.c.run_id == run.id)).scalar()
            number = (highest or 0) + 1
            sample_id = f"S-{run.id.partition('-')[2]}-{number}"
            connection.execute(
                insert(SAMPLES).values(
                    id=sample_id, run_id=run.id, number=number, method=pack(method), by_whom=by, at=stamp(at)
                )
            )
            for chunk in chunks(members, CHUNK):
                rows = [
                    {
                        "sample_id": sample_id,
                        "supplier_id": item.supplier_id,
                        "public_id": item.public_id,
                        "stratum": item.stratum,
                        "drawn": item.drawn,
                    }
                    for item in chunk
                ]
                insert_many(connection, SAMPLE_MEMBERS, rows)
            return Sample(sample_id, run.id, number, method, by, at)

    def sample(self, sample_id: str) -> Sample:
        """One sample.

        Raises:
            StoreError: no such sample.
        """
        row = self._one(select(SAMPLES).where(SAMPLES.c.id == sample_id))
        if row is None:
            message = f"{self._where}: no sample {sample_id}; expected one of the store's samples"
            raise StoreError(message)
        return _sample(row)

    def samples(self, period: str = "9999-12") -> list[Sample]:
        """The samples drawn from runs of a period and of earlier ones, newest first."""
        statement = (
            select(SAMPLES)
            .join(RUNS, RUNS.c.id == SAMPLES.c.run_id)
            .where(RUNS.c.period <= period)
            .order_by(RUNS.c.period.desc(), RUNS.c.number.desc(), SAMPLES.c.number.desc())
        )
        return [_sample(row) for row in self._all(statement)]

    def sample_members(self, sample_id: str, *, drawn: bool = False) -> list[Member]:
        """The population in order of public id, or those drawn in the order in which they were."""
        same = SAMPLE_MEMBERS.c.sample_id == sample_id
        order = SAMPLE_MEMBERS.c.drawn if drawn else SAMPLE_MEMBERS.c.public_id
        statement = select(SAMPLE_MEMBERS).where(same, SAMPLE_MEMBERS.c.drawn.is_not(None) if drawn else same)
        return [
            Member(row.supplier_id, row.public_id, row.stratum, row.drawn)
            for row in self._all(statement.order_by(order))
        ]

    def put_sample_results(self, results: Sequence[SampleResult]) -> None:
        """What reviewers found."""
        rows = [
            {
                "sample_id": item.sample_id,
                "supplier_id": item.supplier_id,
                "result": item.result,
                "reviewed_on": maybe_iso(item.reviewed_on),
                "reviewer": item.reviewer,
                "note": item.note,
                "at": stamp(item.at),
                "place": item.place,
                "file_sha256": item.file_sha,
            }
            for item in results
        ]
        with self._write() as connection:
            insert_many(connection, SAMPLE_RESULTS, rows)

    def sample_results(self, sample_id: str) -> list[SampleResult]:
        """Every result of a sample, oldest first."""
        same = SAMPLE_RESULTS.c.sample_id == sample_id
        return [_result(row) for row in self._all(select(SAMPLE_RESULTS).where(same).order_by(SAMPLE_RESULTS.c.id))]


def _sample(row: Any) -> Sample:
    return Sample(row.id, row.run_id, row.number, unpack(row.method), row.by_whom, moment(row.at))


def _result(row: Any) -> SampleResult:
    return SampleResult(
        sample_id=row.sample_id,
        supplier_id=row.supplier_id,
        result=row.result,
        reviewed_on=maybe_day(row.reviewed_on),
        reviewer=row.reviewer,
        note=row.note,
        at=moment(row.at),
        place=row.place,
        file_sha=row.file_sha256,
    )
