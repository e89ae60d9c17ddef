"""The schema's versions: a new store is made whole, an older one is brought forward step by step."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select, text

from screening.errors import StoreError
from screening.store.schema import METADATA, SCHEMA_VERSION
from screening.store.sqlite import protect_audit


def _letters(connection: Connection) -> None:
    """Version 1: whether a call sends the person a copy by post (omfrågandekopia), for ``[budget] max_letters``."""
    connection.execute(text("ALTER TABLE intents ADD COLUMN letter INTEGER NOT NULL DEFAULT 0"))


def _proposals(connection: Connection) -> None:
    """Version 2: what a supplier's number may have been meant to be, with the register's names."""
    connection.execute(
        text(
            "CREATE TABLE proposals (run_id TEXT NOT NULL REFERENCES runs (id), "
            "supplier_id TEXT NOT NULL REFERENCES suppliers (id), proposals TEXT NOT NULL, "
            "PRIMARY KEY (run_id, supplier_id))"
        )
    )


def _decided(connection: Connection) -> None:
    """Version 3: what a finding was when it was decided on, follow-ups of what is missing, and samples with results."""
    for column in (
        "reply_by TEXT",
        "run_id TEXT NOT NULL DEFAULT ''",
        "period TEXT NOT NULL DEFAULT ''",
        "place TEXT NOT NULL DEFAULT ''",
        "severity TEXT",
        "measure TEXT",
        "occurrence INTEGER NOT NULL DEFAULT 1",
        "pair TEXT NOT NULL DEFAULT ''",
    ):
        connection.execute(text(f"ALTER TABLE decisions ADD COLUMN {column}"))
    for table in (
        "follow_ups (id INTEGER NOT NULL PRIMARY KEY, supplier_id TEXT NOT NULL, thing TEXT NOT NULL, requested_on TEXT, reply_by TEXT, by_whom TEXT NOT NULL, comment TEXT NOT NULL, at TEXT NOT NULL, run_id TEXT NOT NULL, period TEXT NOT NULL, place TEXT NOT NULL, file_sha256 TEXT NOT NULL)",
        "samples (id TEXT NOT NULL PRIMARY KEY, run_id TEXT NOT NULL REFERENCES runs (id), number INTEGER NOT NULL, method TEXT NOT NULL, by_whom TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (run_id, number))",
        "sample_members (sample_id TEXT NOT NULL REFERENCES samples (id), supplier_id TEXT NOT NULL, public_id TEXT NOT NULL, stratum TEXT NOT NULL, drawn INTEGER, PRIMARY KEY (sample_id, supplier_id))",
        "sample_results (id INTEGER NOT NULL PRIMARY KEY, sample_id TEXT NOT NULL REFERENCES samples (id), supplier_id TEXT NOT NULL, result TEXT NOT NULL, reviewed_on TEXT, reviewer TEXT NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL, place TEXT NOT NULL, file_sha256 TEXT NOT NULL)",
    ):
        connection.execute(text(f"CREATE TABLE {table}"))
    connection.execute(text("CREATE INDEX follow_ups_by_supplier ON follow_ups (supplier_id)"))
    connection.execute(text("CREATE INDEX sample_results_by_sample ON sample_results (sample_id)"))


def _shapes(connection: Connection) -> None:
    """Version 4: what a run's answers from a source looked like, to see when a source goes quiet."""
    connection.execute(
        text(
            "CREATE TABLE shapes (run_id TEXT NOT NULL REFERENCES runs (id), source TEXT NOT NULL, kind TEXT NOT NULL, "
            "measure TEXT NOT NULL, form TEXT NOT NULL, answers INTEGER NOT NULL, filled INTEGER NOT NULL, "
            "known INTEGER NOT NULL, lost INTEGER NOT NULL, doubtful INTEGER NOT NULL, "
            "PRIMARY KEY (run_id, source, kind, measure, form))"
        )
    )
    connection.execute(text("CREATE INDEX shapes_by_source ON shapes (source)"))


def _parts(connection: Connection) -> None:
    """Version 5: paid parts of an answer that is not whole yet, so that none is bought twice."""
    connection.execute(
        text(
            "CREATE TABLE parts (id INTEGER NOT NULL PRIMARY KEY, source TEXT NOT NULL, supplier_id TEXT NOT NULL, "
            "part TEXT NOT NULL, data BLOB NOT NULL, at TEXT NOT NULL, UNIQUE (source, supplier_id, part))"
        )
    )


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_letters, _proposals, _decided, _shapes, _parts)
"""Step n brings a store from version n to n + 1. A step is never changed once released."""

VERSION = len(MIGRATIONS)


def migrate(connection: Connection, where: str) -> None:
    """Makes or updates the schema, inside the caller's transaction.

    Raises:
        StoreError: the store was made by a newer version of the program, or is something else.
    """
    tables = inspect(connection).get_table_names()
    if not tables:
        METADATA.create_all(connection)
        protect_audit(connection)
        connection.execute(SCHEMA_VERSION.insert().values(version=VERSION))
        return
    if SCHEMA_VERSION.name not in tables:
        message = f"{where}: is a database of something else; expected a store of screening in [store] url"
        raise StoreError(message)
    found = connection.execute(select(SCHEMA_VERSION.c.version)).scalar_one()
    if found > VERSION:
        message = f"{where}: the store was made by a newer version of screening; install that version or newer"
        raise StoreError(message)
    if found < VERSION:
        for step in MIGRATIONS[found:]:
            step(connection)
        connection.execute(SCHEMA_VERSION.update().values(version=VERSION))
