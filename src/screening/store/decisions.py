"""What people decided about findings, and the append-only log of who did what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, select

from screening.store.base import Base
from screening.store.rows import AuditEntry, Decision
from screening.store.schema import AUDIT, DECISIONS
from screening.store.values import maybe_day, maybe_iso, moment, pack, stamp


class Decisions(Base):
    """Decisions are added, never changed: the newest one holds."""

    def put_decision(self, decision: Decision) -> None:
        """One decision."""
        with self._write() as connection:
            connection.execute(
                insert(DECISIONS).values(
                    finding_id=decision.finding_id,
                    by_whom=decision.by,
                    assessment=decision.assessment,
                    reason=decision.reason,
                    until=maybe_iso(decision.until),
                    diary=decision.diary,
                    at=stamp(decision.at),
                    file_sha256=decision.file_sha,
                )
            )

    def decisions(self, finding_id: str | None = None) -> list[Decision]:
        """Every decision, or those on one finding; oldest first."""
        statement = select(DECISIONS).order_by(DECISIONS.c.id)
        if finding_id is not None:
            statement = statement.where(DECISIONS.c.finding_id == finding_id)
        return [
            Decision(
                finding_id=row.finding_id,
                by=row.by_whom,
                assessment=row.assessment,
                reason=row.reason,
                until=maybe_day(row.until),
                diary=row.diary,
                at=moment(row.at),
                file_sha=row.file_sha256,
            )
            for row in self._all(statement)
        ]


def chain(previous: str, at: str, who: str, action: str, detail: str) -> str:
    """The hash of one line of the log: of all that it says and of the line before."""
    return sha256(pack([previous, at, who, action, detail]).encode()).hexdigest()


class AuditLog(Base):
    """Lines can be added; the database refuses to change or delete one, and a changed file breaks the chain."""

    def audit(self, who: str, action: str, at: datetime, detail: Mapping[str, object]) -> str:
        """Adds one line and gives its hash. ``detail`` holds no personal number: ``screening.audit`` sees to that."""
        body = pack(detail)
        with self._write() as connection:
            previous = connection.execute(select(AUDIT.c.sha256).order_by(AUDIT.c.id.desc()).limit(1)).scalar() or ""
            line = {"at": stamp(at), "who": who, "action": action, "detail": body}
            digest = chain(previous, **line)
            connection.execute(insert(AUDIT).values(previous_sha256=previous, sha256=digest, **line))
            return digest

    def audit_log(self) -> list[AuditEntry]:
        """Every line, oldest first."""
        return [
            AuditEntry(
                id=row.id,
                at=row.at,
                who=row.who,
                action=row.action,
                detail=row.detail,
                previous_sha256=row.previous_sha256,
                sha256=row.sha256,
            )
            for row in self._all(select(AUDIT).order_by(AUDIT.c.id))
        ]

    def audit_broken_at(self) -> int | None:
        """The id of the first line that does not follow from the one before; ``None`` when the chain holds."""
        previous = ""
        for entry in self.audit_log():
            said = chain(previous, entry.at, entry.who, entry.action, entry.detail)
            if entry.previous_sha256 != previous or entry.sha256 != said:
                return entry.id
            previous = entry.sha256
        return None
