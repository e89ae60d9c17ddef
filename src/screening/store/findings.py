"""What was judged, and the life of each finding over the runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Row, delete, exists, insert, select

from screening.model import Fact, Finding, Judged, Origin, Provenance, Verdict, from_payload, to_payload
from screening.store.base import CHUNK, Base, chunks
from screening.store.rows import Run
from screening.store.runs import counts_as_finished, decode_run
from screening.store.schema import COVERAGE, FINDING_RAW, FINDINGS, JUDGED, RUNS
from screening.store.values import maybe_day, maybe_iso, maybe_moment, maybe_stamp, pack, unpack


class Findings(Base):
    """Verdicts, coverage and findings of each run."""

    def put_judged(self, run_id: str, judged: Iterable[Judged], *, add: bool = False) -> None:
        """The run's verdicts, in place of what it had; with ``add`` beside it. Streamed in short transactions."""
        rows = (_judged_row(run_id, item) for item in judged)
        self._replace(JUDGED, run_id, rows, add=add)

    def judged(self, run_id: str, supplier_id: str | None = None) -> Iterator[Judged]:
        """The verdicts kept of a run, streamed in order of supplier, rule and scope key."""
        if supplier_id is not None:
            same = (JUDGED.c.run_id == run_id) & (JUDGED.c.supplier_id == supplier_id)
            yield from map(_judged, self._all(select(JUDGED).where(same).order_by(JUDGED.c.rule, JUDGED.c.scope_key)))
            return
        order = (JUDGED.c.supplier_id, JUDGED.c.rule, JUDGED.c.scope_key)
        statement = select(JUDGED).where(JUDGED.c.run_id == run_id).order_by(*order).limit(CHUNK)
        last: tuple[str, str, str] = ("", "", "")
        while rows := self._all(statement.where(_after(order, last))):
            last = (rows[-1].supplier_id, rows[-1].rule, rows[-1].scope_key)
            yield from map(_judged, rows)

    def put_coverage(self, run_id: str, coverage: Mapping[str, Mapping[str, int]]) -> None:
        """Rule -> outcome -> number of verdicts, in place of what the run had."""
        rows = (
            {"run_id": run_id, "rule": rule, "outcome": outcome, "suppliers": count}
            for rule, counts in coverage.items()
            for outcome, count in counts.items()
        )
        with self.batch():
            self._replace(COVERAGE, run_id, rows)

    def coverage(self, run_id: str) -> dict[str, dict[str, int]]:
        """Rule -> outcome -> number of verdicts."""
        found: dict[str, dict[str, int]] = {}
        for row in self._all(
            select(COVERAGE).where(COVERAGE.c.run_id == run_id).order_by(COVERAGE.c.rule, COVERAGE.c.outcome)
        ):
            found.setdefault(row.rule, {})[row.outcome] = row.suppliers
        return found

    # --- findings -------------------------------------------------------------------------------------------------------
    def put_findings(self, run_id: str, findings: Iterable[Finding], *, add: bool = False) -> None:
        """The run's findings, in place of what it had; with ``add`` beside it. Streamed in short transactions."""
        if not add:
            with self._write() as connection:
                connection.execute(delete(FINDINGS).where(FINDINGS.c.run_id == run_id))
        for chunk in chunks(findings, CHUNK):
            with self._write() as connection:
                connection.execute(insert(FINDINGS), [_finding_row(run_id, item) for item in chunk])
                behind = {(item.finding_id, digest) for item in chunk for digest in _raw_behind(item)}
                for finding_id, digest in sorted(behind):
                    values = {"finding_id": finding_id, "raw_sha256": digest}
                    same = (FINDING_RAW.c.finding_id == finding_id) & (FINDING_RAW.c.raw_sha256 == digest)
                    if connection.execute(select(FINDING_RAW.c.finding_id).where(same)).first() is None:
                        connection.execute(insert(FINDING_RAW).values(**values))

    def findings(self, run_id: str) -> Iterator[Finding]:
        """The findings of a run, streamed in order of id."""
        statement = select(FINDINGS).where(FINDINGS.c.run_id == run_id).order_by(FINDINGS.c.finding_id).limit(CHUNK)
        yield from self._stream(statement)

    def findings_of(self, run_id: str, supplier_id: str) -> list[Finding]:
        """One supplier's findings in a run, in order of id."""
        same = (FINDINGS.c.run_id == run_id) & (FINDINGS.c.supplier_id == supplier_id)
        return [_finding(row) for row in self._all(select(FINDINGS).where(same).order_by(FINDINGS.c.finding_id))]

    def finding(self, finding_id: str) -> list[tuple[Run, Finding]]:
        """Every state of one finding with its run, oldest first."""
        statement = (
            select(FINDINGS, RUNS.c.id)
            .join(RUNS, RUNS.c.id == FINDINGS.c.run_id)
            .where(FINDINGS.c.finding_id == finding_id)
            .order_by(RUNS.c.period, RUNS.c.number, RUNS.c.kind)
        )
        states = self._all(statement)
        runs = {
            row.id: decode_run(row)
            for row in self._all(select(RUNS).where(RUNS.c.id.in_([state.run_id for state in states])))
        }
        return [(runs[state.run_id], _finding(state)) for state in states]

    def is_finding(self, finding_id: str) -> bool:
        """Whether some run told it."""
        return bool(self._all(select(FINDINGS.c.run_id).where(FINDINGS.c.finding_id == finding_id).limit(1)))

    def last_states(self, before_period: str) -> Iterator[Finding]:
        """The newest state of every finding in finished, not replaced monthly runs of earlier periods, in order of id."""
        newer, later = FINDINGS.alias(), RUNS.alias()
        finished_later = (
            (later.c.kind == "monthly")
            & later.c.state.in_(("done", "waiting"))
            & later.c.replaced_by.is_(None)
            & (later.c.period > RUNS.c.period)
            & (later.c.period < before_period)
        )
        has_newer = exists().where(
            newer.c.finding_id == FINDINGS.c.finding_id, later.c.id == newer.c.run_id, finished_later
        )
        statement = (
            select(FINDINGS)
            .join(RUNS, RUNS.c.id == FINDINGS.c.run_id)
            .where(counts_as_finished(), RUNS.c.period < before_period, ~has_newer)
            .order_by(FINDINGS.c.finding_id)
            .limit(CHUNK)
        )
        yield from self._stream(statement)

    def _stream(self, statement: Any) -> Iterator[Finding]:
        last = ""
        while rows := self._all(statement.where(FINDINGS.c.finding_id > last)):
            last = rows[-1].finding_id
            yield from map(_finding, rows)


def _after(columns: tuple[Any, Any, Any], last: tuple[str, str, str]) -> Any:
    """Rows that come after the last one read, in the order of three columns."""
    one, two, three = columns
    return (one > last[0]) | ((one == last[0]) & ((two > last[1]) | ((two == last[1]) & (three > last[2]))))


def _judged_row(run_id: str, item: Judged) -> dict[str, object]:
    verdict = item.verdict
    return {
        "run_id": run_id,
        "supplier_id": item.supplier_id,
        "rule": item.rule,
        "scope_key": item.scope_key,
        "outcome": verdict.outcome,
        "severity": item.severity,
        "body": pack(
            {
                "level": verdict.level,
                "reason": verdict.reason,
                "facts": [_fact_body(fact) for fact in verdict.facts],
                "seen": verdict.seen,
                "missing": verdict.missing,
                "raised_by": item.raised_by,
                "measure": item.measure,
                "contracts": item.contracts,
                "source": item.source,
                "as_of": item.as_of,
            }
        ),
    }


def _judged(row: Row[Any]) -> Judged:
    body = unpack(row.body)
    return Judged(
        supplier_id=row.supplier_id,
        rule=row.rule,
        scope_key=row.scope_key,
        verdict=Verdict(
            outcome=row.outcome,
            level=body["level"],
            reason=body["reason"],
            facts=tuple(_fact(item) for item in body["facts"]),
            seen=body["seen"],
            missing=body["missing"],
        ),
        severity=row.severity,
        raised_by=body["raised_by"],
        measure=body["measure"],
        contracts=body["contracts"],
        source=body["source"],
        as_of=body["as_of"],
    )


def _fact_body(fact: Fact) -> dict[str, object]:
    """A fact as it was when it was judged: what the store knows later does not change an old verdict."""
    came = fact.provenance
    return {
        "kind": fact.kind,
        "scope_key": fact.scope_key,
        "payload": to_payload(fact).decode(),
        "source": came.source,
        "origin": came.origin.value,
        "as_of": came.as_of,
        "fetched_at": came.fetched_at,
        "confirmed_at": came.confirmed_at,
        "request_ref": came.request_ref,
        "raw_sha256": came.raw_sha256,
        "simulated": came.simulated,
        "historic": came.historic,
    }


def _fact(body: Mapping[str, Any]) -> Fact:
    came = Provenance(
        source=body["source"],
        origin=Origin(body["origin"]),
        as_of=body["as_of"],
        fetched_at=body["fetched_at"],
        confirmed_at=body["confirmed_at"],
        request_ref=body["request_ref"],
        raw_sha256=body["raw_sha256"],
        simulated=body["simulated"],
        historic=body.get("historic", False),
    )
    return from_payload(body["kind"], body["payload"], came, body["scope_key"])


def _raw_behind(finding: Finding) -> Iterator[bytes]:
    for fact in finding.facts:
        if digest := str(fact.get("raw_sha256") or ""):
            yield bytes.fromhex(digest)


def _finding_row(run_id: str, item: Finding) -> dict[str, object]:
    return {
        "run_id": run_id,
        "finding_id": item.finding_id,
        "supplier_id": item.supplier_id,
        "rule": item.rule,
        "scope_key": item.scope_key,
        "outcome": item.outcome,
        "verdict": item.verdict,
        "severity": item.severity,
        "level": item.level,
        "status": item.status,
        "occurrence": item.occurrence,
        "first_seen": item.first_seen,
        "source": item.source,
        "as_of": maybe_iso(item.as_of),
        "fetched_at": maybe_stamp(item.fetched_at),
        "reason": item.reason,
        "body": pack(
            {
                "evidence": item.evidence,
                "facts": item.facts,
                "missing": item.missing,
                "raised_by": item.raised_by,
                "contracts": item.contracts,
                "measure": item.measure,
                "reported_measure": item.reported_measure,
                "handled": item.handled,
                "since": item.since,
                "decision": item.decision,
            }
        ),
    }


def _finding(row: Row[Any]) -> Finding:
    body = unpack(row.body)
    return Finding(
        finding_id=row.finding_id,
        supplier_id=row.supplier_id,
        rule=row.rule,
        scope_key=row.scope_key,
        outcome=row.outcome,
        verdict=row.verdict,
        severity=row.severity,
        level=row.level,
        status=row.status,
        occurrence=row.occurrence,
        first_seen=row.first_seen,
        evidence=body["evidence"],
        facts=body["facts"],
        missing=body["missing"],
        raised_by=body["raised_by"],
        source=row.source,
        as_of=maybe_day(row.as_of),
        fetched_at=maybe_moment(row.fetched_at),
        contracts=body["contracts"],
        reason=row.reason,
        measure=body["measure"],
        reported_measure=body["reported_measure"],
        handled=body.get("handled", ""),
        since=body.get("since"),
        decision=body.get("decision", 0),
    )
