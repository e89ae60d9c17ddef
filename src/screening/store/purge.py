"""What may go by ``[retention]``: shown first, deleted only when an archive decision is named. Hashes stay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, text

from screening.config import Retention
from screening.store.base import Base, fetch
from screening.store.purge_rows import rows_of_persons
from screening.store.rows import Purged
from screening.store.values import stamp

_LAST_RUN = """(SELECT MAX(r.as_of) FROM findings g JOIN runs r ON r.id = g.run_id
    WHERE g.finding_id = {finding})"""
_STANDING = """SELECT f.finding_id FROM findings f JOIN runs r ON r.id = f.run_id
    WHERE f.outcome = 'flag' AND f.status NOT IN ('resolved', 'ended') AND r.replaced_by IS NULL AND r.kind <> 'plan'
    AND NOT EXISTS (SELECT 1 FROM findings g JOIN runs q ON q.id = g.run_id WHERE g.finding_id = f.finding_id
        AND q.kind = r.kind AND q.replaced_by IS NULL
        AND (q.period > r.period OR (q.period = r.period AND q.number > r.number)))"""
"""Flags whose newest state has not closed."""

_OLD_RAW = f"""raw.data IS NOT NULL AND raw.at < :raw_before
    AND raw.sha256 NOT IN (SELECT b.raw_sha256 FROM finding_raw b WHERE b.finding_id IN ({_STANDING})
        OR b.finding_id IN (SELECT d.finding_id FROM decisions d JOIN findings f ON f.finding_id = d.finding_id))"""  # noqa: S608
_UNFLAGGED = """SELECT s.id FROM suppliers s WHERE s.kind IN ('personnummer', 'samordningsnummer')
    AND s.id NOT IN (SELECT supplier_id FROM findings WHERE outcome = 'flag')"""
_OF_PERSONS = "persons without a flag, older than unflagged_persons_days"
_OLD_RUNS = "SELECT id FROM runs WHERE as_of < :{before}"
_NO_FINDING = "finding_id NOT IN (SELECT finding_id FROM findings)"
_OLD_FINDINGS = f"""run_id IN ({_OLD_RUNS.format(before="findings_before")})
    AND {_LAST_RUN.format(finding="findings.finding_id")} < :findings_before
    AND finding_id NOT IN ({_STANDING})"""


@dataclass(frozen=True, slots=True)
class _Step:
    table: str
    what: str
    where: str
    keeps_row: bool = False  # only the content goes


def steps() -> tuple[_Step, ...]:
    """In the order of deletion: what refers to other rows goes before them."""
    persons = f"supplier_id IN ({_UNFLAGGED})"
    old_for_persons = f"{persons} AND run_id IN ({_OLD_RUNS.format(before='persons_before')})"
    unflagged = _OF_PERSONS
    finished = f"run_id IN ({_OLD_RUNS.format(before='findings_before')})"
    old = "older than findings_days"
    old_samples = "sample_id IN (SELECT id FROM samples WHERE at < :persons_before)"
    old_facts = f"{persons} AND observed_at < :persons_before"
    return (
        _Step(
            "raw", "raw answers older than raw_days, behind no standing or decided finding", _OLD_RAW, keeps_row=True
        ),
        _Step("parts", "parts of answers never made whole, older than raw_days", "at < :raw_before"),
        *(
            _Step(table, unflagged, old_for_persons)
            for table in ("origins", "proposals", "contracts", "spend", "judged", "findings", "run_suppliers")
        ),
        _Step("asks", unflagged, old_for_persons),
        _Step("follow_ups", unflagged, f"{persons} AND at < :persons_before"),
        _Step("sample_results", unflagged, f"{persons} AND at < :persons_before"),
        _Step("sample_members", unflagged, f"{persons} AND {old_samples}"),
        _Step("gaps", unflagged, f"{persons} AND at < :persons_before"),
        _Step("observations", unflagged, f"fact_id IN (SELECT id FROM facts WHERE {old_facts})"),  # noqa: S608 - fixed text
        _Step("facts", unflagged, old_facts),
        _Step("suppliers", unflagged, f"id IN ({_UNFLAGGED}) AND {_nowhere()}"),
        _Step("findings", f"findings {old}, closed or never flagged", _OLD_FINDINGS),
        _Step("judged", f"verdicts {old}", finished),
        _Step("sheet_rows", f"rows of sheets {old}", finished),
        _Step("sheets", f"sheets {old}", finished),
        _Step("rejects", f"rejected rows {old}", finished),
        _Step("origins", f"rows of files {old}", finished),
        _Step("decisions", f"decisions {old}, on findings that are gone", f"{_NO_FINDING} AND at < :findings_before"),
        _Step("finding_raw", f"decisions {old}, on findings that are gone", _NO_FINDING),
        _Step("follow_ups", f"follow-ups {old}", "at < :findings_before"),
        _Step(
            "observations",
            "facts not met for findings_days",
            "fact_id IN (SELECT id FROM facts WHERE observed_at < :findings_before)",
        ),
        _Step("facts", "facts not met for findings_days", "observed_at < :findings_before"),
    )


def _nowhere() -> str:
    """A supplier to which nothing refers any more, and that belongs to no run of late."""
    tables = (
        "origins",
        "contracts",
        "spend",
        "judged",
        "findings",
        "run_suppliers",
        "facts",
        "gaps",
        "accepted_numbers",
        "follow_ups",
        "sample_members",
    )
    return " AND ".join(f"id NOT IN (SELECT supplier_id FROM {table})" for table in tables)  # noqa: S608 - fixed names


class Purge(Base):
    """Deletion by policy."""

    def purge(self, policy: Retention, today: date, dry_run: bool) -> list[Purged]:
        """What goes by the policy on a day; deleted unless ``dry_run``, and only when ``policy.decision`` names one.

        Everything is counted as the steps would leave it, and in one transaction; a dry run takes it back.
        """
        values = {
            "raw_before": _before(today, policy.raw_days),
            "persons_before": _before(today, policy.unflagged_persons_days),
            "findings_before": _before(today, policy.findings_days),
        }
        shown_only = dry_run or not policy.decision
        with self._write() as connection:
            savepoint = connection.begin_nested()
            gone = rows_of_persons(connection, _UNFLAGGED, values["persons_before"])
            done = [Purged("sheet_rows", _OF_PERSONS, gone)]
            done += [_take(connection, step, values) for step in steps()]
            if shown_only:
                savepoint.rollback()
            else:
                savepoint.commit()
        return [item for item in done if item.rows]


def _before(today: date, days: int) -> str:
    """A stamp; it also sorts right against plain dates."""
    return stamp(datetime.combine(today - timedelta(days=days), time.min, UTC))


def _take(connection: Connection, step: _Step, values: dict[str, str]) -> Purged:
    used = {name: value for name, value in values.items() if f":{name}" in step.where}
    count = fetch(connection, f"SELECT COUNT(*) FROM {step.table} WHERE {step.where}", used)[0][0]  # noqa: S608 - fixed text
    if count:
        act = f"UPDATE {step.table} SET data = NULL" if step.keeps_row else f"DELETE FROM {step.table}"  # noqa: S608
        connection.execute(text(f"{act} WHERE {step.where}"), used)
    return Purged(step.table, step.what, count)
