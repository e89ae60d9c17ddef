"""What people decided about findings and wrote of what is missing, and the append-only log of who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, insert, select

from screening.identity import Identity, mask_text
from screening.store.base import Base, insert_many
from screening.store.rows import AuditEntry, Decision, FollowUp
from screening.store.schema import AUDIT, DECISIONS, FOLLOW_UPS, META
from screening.store.values import maybe_day, maybe_iso, moment, pack, stamp

_TAIL = "audit_tail"


class Decisions(Base):
    """Decisions and follow-ups are added, never changed: the newest one holds."""

    def put_decision(self, decision: Decision) -> None:
        """One decision."""
        self.put_decisions([decision])

    def put_decisions(self, decisions: Sequence[Decision]) -> None:
        """Several, in order."""
        with self._write() as connection:
            insert_many(connection, DECISIONS, [_decision_row(item) for item in decisions])

    def decisions(self, finding_id: str | None = None) -> list[Decision]:
        """Every decision, or those on one finding; oldest first."""
        statement = select(DECISIONS).order_by(DECISIONS.c.id)
        if finding_id is not None:
            statement = statement.where(DECISIONS.c.finding_id == finding_id)
        return [_decision(row) for row in self._all(statement)]

    def newest_decisions(self, period: str) -> dict[str, Decision]:
        """Finding id -> the newest decision among those written in workbooks of a period or of earlier ones."""
        statement = select(DECISIONS).where(DECISIONS.c.period <= period).order_by(DECISIONS.c.id)
        return {row.finding_id: _decision(row) for row in self._all(statement)}

    def put_follow_ups(self, items: Sequence[FollowUp]) -> None:
        """What people wrote about things that are missing."""
        with self._write() as connection:
            insert_many(connection, FOLLOW_UPS, [_follow_up_row(item) for item in items])

    def follow_ups(self, period: str) -> dict[tuple[str, str], FollowUp]:
        """(supplier id, missing thing) -> the newest follow-up written in workbooks of a period or of earlier ones."""
        statement = select(FOLLOW_UPS).where(FOLLOW_UPS.c.period <= period).order_by(FOLLOW_UPS.c.id)
        return {(row.supplier_id, row.thing): _follow_up(row) for row in self._all(statement)}

    def written_follow_ups(self) -> list[FollowUp]:
        """Every follow-up, oldest first."""
        return [_follow_up(row) for row in self._all(select(FOLLOW_UPS).order_by(FOLLOW_UPS.c.id))]


def _decision_row(item: Decision) -> dict[str, object]:
    return {
        "finding_id": item.finding_id,
        "by_whom": item.by,
        "assessment": item.assessment,
        "reason": item.reason,
        "until": maybe_iso(item.until),
        "diary": item.diary,
        "at": stamp(item.at),
        "file_sha256": item.file_sha,
        "reply_by": maybe_iso(item.reply_by),
        "run_id": item.run_id,
        "period": item.period,
        "place": item.place,
        "severity": item.severity,
        "measure": None if item.measure is None else str(item.measure),
        "occurrence": item.occurrence,
        "pair": item.pair,
    }


def _decision(row: Any) -> Decision:
    return Decision(
        finding_id=row.finding_id,
        by=row.by_whom,
        assessment=row.assessment,
        reason=row.reason,
        until=maybe_day(row.until),
        diary=row.diary,
        reply_by=maybe_day(row.reply_by),
        at=moment(row.at),
        file_sha=row.file_sha256,
        place=row.place,
        run_id=row.run_id,
        period=row.period,
        severity=row.severity,
        measure=None if row.measure is None else Decimal(row.measure),
        occurrence=row.occurrence,
        pair=row.pair,
        id=row.id,
    )


def _follow_up_row(item: FollowUp) -> dict[str, object]:
    return {
        "supplier_id": item.supplier_id,
        "thing": item.thing,
        "requested_on": maybe_iso(item.requested_on),
        "reply_by": maybe_iso(item.reply_by),
        "by_whom": item.by,
        "comment": item.comment,
        "at": stamp(item.at),
        "run_id": item.run_id,
        "period": item.period,
        "place": item.place,
        "file_sha256": item.file_sha,
    }


def _follow_up(row: Any) -> FollowUp:
    return FollowUp(
        supplier_id=row.supplier_id,
        thing=row.thing,
        requested_on=maybe_day(row.requested_on),
        reply_by=maybe_day(row.reply_by),
        by=row.by_whom,
        comment=row.comment,
        at=moment(row.at),
        run_id=row.run_id,
        period=row.period,
        place=row.place,
        file_sha=row.file_sha256,
    )


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
            connection.execute(delete(META).where(META.c.name == _TAIL))
            connection.execute(insert(META).values(name=_TAIL, value=digest))
            return digest

    def audit_tail(self) -> str | None:
        """The hash of the last line as noted beside the log; ``None`` where no line has been added since it was noted."""
        row = self._one(select(META.c.value).where(META.c.name == _TAIL))
        return None if row is None else str(row.value)

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
