"""What people decided about findings, and the append-only log of who did what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, select

from screening.identity import Identity, mask_text
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


class AuditLog(Base):
    """Lines can be added; the database refuses to change or delete one, and a changed file breaks the chain."""

    def audit(self, who: str, action: str, at: datetime, detail: Mapping[str, object]) -> str:
        """Adds one line and gives its hash; personal numbers in texts are masked."""
        body = pack(_masked(detail))
        with self._write() as connection:
            previous = connection.execute(select(AUDIT.c.sha256).order_by(AUDIT.c.id.desc()).limit(1)).scalar() or ""
            line = {"at": stamp(at), "who": mask_text(who), "action": action, "detail": body}
            digest = sha256(pack([previous, *line.values()]).encode()).hexdigest()
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


def _masked(value: object) -> object:
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {mask_text(str(key)): _masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_masked(item) for item in value]
    return str(value) if isinstance(value, Identity) else value
