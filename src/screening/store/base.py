"""The connection under every part of the store: short transactions, batches, and errors as one sentence."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import BindParameter, Connection, Engine, Executable, Table, TextClause, bindparam, delete, text
from sqlalchemy.exc import SQLAlchemyError

from screening.errors import StoreError
from screening.store import sqlite

T = TypeVar("T")
_NAME = re.compile(r"(?<![:\w]):([a-z]\w*)")
_LIST = re.compile(r"\bIN :([a-z]\w*)")
CHUNK = 2_000  # rows per transaction or statement when many are streamed
NAMES = 500  # values in one IN list


class Base:
    """Reads and writes for the parts of ``Store``. Each write is its own transaction unless inside ``batch``."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine = engine
        self._where = where
        self._open: Connection | None = None

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Everything written inside is committed together, or not at all. Keep it short: other processes wait.

        Not to be held over an ``await``: what another task writes meanwhile would join it.
        """
        with self._write():
            yield

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """A transaction that holds the write lock; inside ``batch``, the batch's own."""
        if self._open is not None:
            with self._told():
                yield self._open
            return
        with self._told(), self._engine.connect() as connection:
            writing = connection.execution_options(writing=True)
            with writing.begin():
                self._open = writing
                try:
                    yield writing
                finally:
                    self._open = None

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        """A connection to read from; inside ``batch``, the batch's own, which sees what it wrote."""
        if self._open is not None:
            with self._told():
                yield self._open
            return
        with self._told(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Whatever the database says is wrong, as a StoreError with a sentence that says what to do."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StoreError(sqlite.explain(self._where, error)) from error

    def _all(self, statement: Executable) -> list[Any]:
        """Every row of a small answer."""
        with self._read() as connection:
            return list(connection.execute(statement).all())

    def _one(self, statement: Executable) -> Any:
        """The first row, or ``None``."""
        with self._read() as connection:
            return connection.execute(statement).first()

    def _raw_rows(self, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """Every row of a statement as the driver's plain tuples: for the paths that must be fast."""
        with self._read() as connection:
            return fetch(connection, sql, values)

    def _replace(self, table: Table, run_id: str, rows: Iterable[Mapping[str, object]], *, add: bool = False) -> None:
        """Puts a run's rows in place of what it had, or beside it; in short transactions, however many there are."""
        if not add:
            with self._write() as connection:
                connection.execute(delete(table).where(table.c.run_id == run_id))
        for chunk in chunks(rows, CHUNK):
            with self._write() as connection:
                insert_many(connection, table, chunk)


def insert_many(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows into a table; none is fine."""
    if rows:
        connection.execute(table.insert(), [dict(row) for row in rows])


def insert_one(connection: Connection, table: Table, values: Mapping[str, object]) -> int:
    """A row into a table with a number of its own, which it gives."""
    key = connection.execute(table.insert(), values).inserted_primary_key
    assert key is not None
    return int(key[0])


def fetch(connection: Connection, sql: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """The driver's plain tuples. ``IN :name`` takes a list; names that the statement does not use are left out."""
    statement, names = _statement(sql)
    cursor = connection.execute(statement, {name: values[name] for name in names}).cursor
    assert cursor is not None
    return list(cursor.fetchall())


@cache
def _statement(sql: str) -> tuple[TextClause, frozenset[str]]:
    names = frozenset(_NAME.findall(sql))
    lists: list[BindParameter[Any]] = [bindparam(name, expanding=True) for name in sorted(set(_LIST.findall(sql)))]
    return text(sql).bindparams(*lists), names


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most ``size`` items."""
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def in_lists(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """The values in lists short enough for one IN."""
    for start in range(0, len(values), NAMES):
        yield values[start : start + NAMES]
