import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from screening.errors import StoreError
from screening.store import Store
from screening.store.migrations import VERSION

V0 = Path(__file__).with_name("v0.sql")


@pytest.fixture
def v0(tmp_path: Path) -> Path:
    path = tmp_path / "s.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(V0.read_text(encoding="utf-8"))
    return path


def schema(path: Path) -> dict[str, set[tuple[object, ...]]]:
    """Columns of every table, and names of triggers."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'trigger')").fetchall()
        return {name: {row[1:] for row in connection.execute(f"PRAGMA table_info({name})")} for (name,) in names}


def without_places(found: dict[str, set[tuple[object, ...]]]) -> dict[str, set[object]]:
    return {name: {(row[0], row[1], row[2]) for row in rows} for name, rows in found.items()}


def test_a_store_of_the_first_version_is_brought_forward_with_what_it_holds(v0: Path) -> None:
    """Old rows can be read, and new columns have a value that is true of them."""
    with Store.open("sqlite:///s.db", v0.parent, organisation="5599990009") as store:
        assert store.run("M-2026-09-1").state == "done"
        assert (store.spent_ore("2026-09"), store.letters("2026-09")) == (1200, 0)
        known = store.supplier("S-00000001")
        assert known is not None
        assert known.name == "Alfa AB"
        assert store._raw_rows("SELECT version FROM schema_version", {}) == [(VERSION,)]
        store.put_proposals("M-2026-09-1", "S-00000001", [("1", "A", 0.5)])


def test_an_updated_store_has_the_schema_of_a_new_one(v0: Path, tmp_path: Path) -> None:
    """Table by table, column by column."""
    Store.open("sqlite:///s.db", v0.parent).close()
    Store.open("sqlite:///new.db", tmp_path).close()
    assert without_places(schema(v0)) == without_places(schema(tmp_path / "new.db"))


def test_a_store_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    """With a sentence that says what to do."""
    Store.open("sqlite:///s.db", tmp_path).close()
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        connection.execute("UPDATE schema_version SET version = 999")
        connection.commit()
    with pytest.raises(StoreError, match="made by a newer version of screening; install that version"):
        Store.open("sqlite:///s.db", tmp_path)


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """It has tables, but not ours."""
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection:
        connection.execute("CREATE TABLE invoices (id INTEGER)")
    with pytest.raises(StoreError, match="database of something else"):
        Store.open("sqlite:///s.db", tmp_path)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    """A crash before the first transaction leaves one."""
    (tmp_path / "s.db").touch()
    with Store.open("sqlite:///s.db", tmp_path) as store:
        assert store.runs() == []
