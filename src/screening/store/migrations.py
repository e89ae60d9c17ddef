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


MIGRATIONS: tuple[Callable[[Connection], None], ...] = (_letters, _proposals)
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
