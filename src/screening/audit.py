"""The append-only log of who ran, imported, exported, decided and purged: lines without personal numbers, chained."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from screening.identity import Identity, mask_text


class Action(StrEnum):
    """What is logged."""

    RUN = "run"
    CHECK = "check"
    IMPORT = "import"
    EXPORT = "export"
    DECIDE = "decide"
    ACCEPT = "accept"
    EVIDENCE = "evidence"
    PURGE = "purge"


class Log(Protocol):
    """Where lines go: the store."""

    def audit(self, who: str, action: str, at: datetime, detail: Mapping[str, object]) -> str:
        """Adds a line and gives its hash."""
        ...

    def audit_broken_at(self) -> int | None:
        """The first line that does not follow from the one before, if any."""
        ...


def record(log: Log, who: str, action: Action, at: datetime, **detail: object) -> str:
    """Adds one line; numbers of persons in ``detail`` are masked. Gives the line's hash."""
    return log.audit(mask_text(who), action.value, at, {name: masked(value) for name, value in detail.items()})


def masked(value: object) -> object:
    """The value with every personal number in its texts masked, also in lists and mappings."""
    if isinstance(value, Identity):
        return value.display
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {mask_text(str(key)): masked(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [masked(item) for item in value]
    return value


def verify(log: Log) -> str | None:
    """``None`` when the chain holds, else a sentence that names the first line that was tampered with."""
    broken = log.audit_broken_at()
    if broken is None:
        return None
    return (
        f"audit log: line {broken} does not follow from the one before; it, or a line before it, was changed or removed"
    )
