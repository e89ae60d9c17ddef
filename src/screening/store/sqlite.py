"""Everything that is SQLite's own: opening the file safely, pragmas, transactions, triggers, what its errors mean."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import StaticPool

from screening.errors import StoreError

BUSY_S = 60  # how long a writer waits for another process's transaction, all of which are short

_MEANING = (
    ("locked", "används av en annan körning; inget gick förlorat, kör samma kommando igen om en stund"),
    ("busy", "används av en annan körning; inget gick förlorat, kör samma kommando igen om en stund"),
    ("full", "kan inte växa, disken är full; gör plats och kör samma kommando igen"),
    ("readonly", "kan inte skrivas; kontrollera rättigheterna till filen och mappen"),
    (
        "not a database",
        "är inget lager för screening; återställ det från säkerhetskopia eller ange en annan fil i [store] url",
    ),
    ("malformed", "är skadat; återställ det från säkerhetskopia"),
    ("unable to open", "kan inte öppnas; kontrollera att mappen finns och får skrivas"),
    (
        "disk i/o",
        "kan inte läsas eller skrivas, disken sviktar, är full eller borta; kontrollera den och kör samma kommando igen",
    ),
)


def engine_for(url: str, home: Path) -> tuple[Engine, str]:
    """An engine on a file of owner-only permissions, and what to call it in messages.

    Raises:
        StoreError: not a SQLite address, a network path, or a file that cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        message = f"{url}: är ingen adress till ett lager; ange sqlite:///SÖKVÄG"
        raise StoreError(message) from None
    if parsed.get_backend_name() != "sqlite":
        message = f"{parsed.get_backend_name()}: den sortens lager stöds inte ännu; ange sqlite:///SÖKVÄG"
        raise StoreError(message)
    if parsed.database in (None, "", ":memory:"):
        where = "the store in memory"
        engine = create_engine(
            "sqlite://", poolclass=StaticPool, connect_args=_arguments(), hide_parameters=True, echo=False
        )
    else:
        path = _checked(home, str(parsed.database))
        where = str(path)
        _make_private(path)
        engine = create_engine(
            parsed.set(database=str(path)), connect_args=_arguments(), hide_parameters=True, echo=False
        )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine, where


def _arguments() -> dict[str, Any]:
    return {"timeout": BUSY_S, "check_same_thread": False, "isolation_level": None}


def _checked(home: Path, database: str) -> Path:
    """The path under ``home``; network paths are refused because SQLite's write-ahead log does not work there."""
    for part in (database, str(home / database)):
        if part.replace("\\", "/").startswith("//"):
            message = (
                f"{part}: ett lager kan inte ligga på en nätverksplats; ange en mapp på den här datorn i [store] url"
            )
            raise StoreError(message)
    return home / database


def _make_private(path: Path) -> None:
    """The file and its folder, readable by the owner alone (POSIX; a Windows profile folder already is)."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if os.name == "posix":
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(explain(str(path), error)) from error


def _prepare(connection: Any, _record: object) -> None:
    """Every connection: write-ahead log, full sync, foreign keys, and time to wait for others."""
    for pragma in (
        f"busy_timeout = {BUSY_S * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -16000",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Writers take the write lock at once: a reader that becomes a writer could fail without waiting."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def protect_audit(connection: Connection) -> None:
    """Triggers that refuse to change or delete a line of the audit log."""
    for action in ("UPDATE", "DELETE"):
        connection.execute(
            text(
                f"CREATE TRIGGER IF NOT EXISTS audit_no_{action.lower()} BEFORE {action} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
            )
        )


def explain(where: str, error: BaseException) -> str:
    """A sentence that says what happened to the store and what to do."""
    said = str(getattr(error, "orig", None) or error)
    for sign, meaning in _MEANING:
        if sign in said.lower():
            return f"{where}: lagret {meaning}"
    if isinstance(error, OSError):
        return f"{where}: lagret kan inte användas ({error.strerror or said}); kontrollera mappen och dess rättigheter"
    return f"{where}: lagret avvisade arbetet ({said}); inget är halvskrivet"
