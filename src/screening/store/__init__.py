"""The store: facts that grow on change, runs, findings over time, money intents, decisions, audit log.

One store is one organisation's. ``Store`` is the whole of it; its parts are one module each.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from types import TracebackType
from typing import Self

from screening.store import sqlite
from screening.store.accepted import Accepted, Accepting
from screening.store.answers import Answers
from screening.store.decisions import AuditLog, Decisions
from screening.store.dossiers import Dossiers
from screening.store.facts import Facts
from screening.store.findings import Findings
from screening.store.gaps import Gaps
from screening.store.migrations import migrate
from screening.store.parts import Parts
from screening.store.population import Population
from screening.store.purge import Purge
from screening.store.rows import (
    AuditEntry,
    Counts,
    Decision,
    FollowUp,
    InputFile,
    Intent,
    KnownSupplier,
    Member,
    Purged,
    Reject,
    RowOrigin,
    Run,
    Sample,
    SampleResult,
)
from screening.store.runs import Runs
from screening.store.samples import Samples
from screening.store.shapes import Shape, Shapes, Sighted
from screening.store.sheets import Sheets

__all__ = [
    "Accepted",
    "AuditEntry",
    "Counts",
    "Decision",
    "FollowUp",
    "InputFile",
    "Intent",
    "KnownSupplier",
    "Member",
    "Purged",
    "Reject",
    "RowOrigin",
    "Run",
    "Sample",
    "SampleResult",
    "Shape",
    "Sighted",
    "Store",
]


class Store(
    Accepting,
    Runs,
    Population,
    Facts,
    Gaps,
    Answers,
    Parts,
    Dossiers,
    Findings,
    Sheets,
    Decisions,
    Samples,
    AuditLog,
    Shapes,
    Purge,
):
    """An open store. Times are given by the caller, in UTC; every write is on disk when its method returns.

    May be used as a context manager. Not to be shared between threads.
    """

    folder: Path | None

    @classmethod
    def open(cls, url: str, home: Path, organisation: str = "") -> Self:
        """Opens the store at a SQLAlchemy address, a relative path under ``home``; makes or updates it when needed.

        Args:
            url: ``sqlite:///PATH``; ``sqlite://`` is a store in memory.
            home: the workspace.
            organisation: the organisation number; remembered the first time, and compared after that.

        Raises:
            StoreError: a network path, another organisation's store, one made by a newer version, or unusable.
        """
        engine, where = sqlite.engine_for(url, home)
        store = cls(engine, where)
        try:
            store.folder = Path(where).parent if engine.url.database else None
            store.owner = secrets.token_hex(8)
            with store._write() as connection:
                migrate(connection, where)
                store.key = bytes.fromhex(store._remember(connection, "key", secrets.token_hex(32)))
            store._belongs_to(organisation)
        except BaseException:
            engine.dispose()
            raise
        return store

    def close(self) -> None:
        """Lets go of the file."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
