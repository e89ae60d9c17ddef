import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from screening.errors import StoreError
from screening.store import Run, Store
from screening.store.sqlite import explain

posix = pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")


@posix
def test_only_the_owner_may_read_the_store(tmp_path: Path) -> None:
    """The file, its log and its folder."""
    with Store.open("sqlite:///.screening/s.db", tmp_path) as store:
        store.put_state("a", {"b": "c"})
        assert store.folder == tmp_path / ".screening"
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / ".screening").iterdir()}
        assert modes == {"s.db": 0o600, "s.db-wal": 0o600, "s.db-shm": 0o600}
        assert stat.S_IMODE((tmp_path / ".screening").stat().st_mode) == 0o700


def test_every_commit_is_on_disk_and_keys_are_checked(store: Store) -> None:
    """Write-ahead log, full sync, foreign keys, and patience with other processes."""
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
    with store._read() as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    assert values == ["wal", 2, 1, 60_000]


@pytest.mark.parametrize("path", [r"\\server\share\s.db", "//server/share/s.db"])
def test_a_network_path_is_refused(tmp_path: Path, path: str) -> None:
    """SQLite's write-ahead log does not work there."""
    with pytest.raises(StoreError, match="kan inte ligga på en nätverksplats"):
        Store.open(f"sqlite:///{path}", tmp_path)


def test_a_network_workspace_is_refused() -> None:
    """Also when the store's own path is relative."""
    with pytest.raises(StoreError, match="kan inte ligga på en nätverksplats"):
        Store.open("sqlite:///s.db", Path("//server/share"))


@pytest.mark.parametrize(
    ("url", "said"), [("postgresql://x/y", "stöds inte ännu"), ("not a url", "är ingen adress till ett lager")]
)
def test_another_kind_of_address_is_refused(tmp_path: Path, url: str, said: str) -> None:
    """With what was expected."""
    with pytest.raises(StoreError, match=said):
        Store.open(url, tmp_path)


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    """A file stands where the folder should."""
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="kan inte användas"):
        Store.open("sqlite:///taken/s.db", tmp_path)


def test_a_file_that_is_no_database_is_a_sentence(tmp_path: Path) -> None:
    """And is not touched."""
    (tmp_path / "s.db").write_bytes(b"Leverantor;Belopp\n" * 500)
    with pytest.raises(StoreError, match="inget lager för screening"):
        Store.open("sqlite:///s.db", tmp_path)
    assert (tmp_path / "s.db").read_bytes().startswith(b"Leverantor")


def test_another_organisations_store_is_refused(tmp_path: Path) -> None:
    """One store holds one organisation; opening without saying which is fine."""
    Store.open("sqlite:///s.db", tmp_path).close()
    Store.open("sqlite:///s.db", tmp_path, organisation="5599990009").close()
    with Store.open("sqlite:///s.db", tmp_path) as store:
        assert store.organisation == "5599990009"
    with pytest.raises(StoreError, match="one store each"):
        Store.open("sqlite:///s.db", tmp_path, organisation="5599999900")


def test_the_key_is_made_once(tmp_path: Path) -> None:
    """Every opening has the same 32 bytes; a store in memory has its own."""
    with Store.open("sqlite:///s.db", tmp_path) as first, Store.open("sqlite:///s.db", tmp_path) as second:
        assert first.key == second.key
        assert len(first.key) == 32
        with Store.open("sqlite://", tmp_path) as other:
            assert other.folder is None
            assert other.key != first.key


def test_a_damaged_store_is_a_sentence(store: Store, begin: Callable[..., Run], tmp_path: Path) -> None:
    """Never a traceback of the database, never a value in it."""
    for index in range(200):
        store.put_state(f"source {index}", {"cursor": "hemligt" * 50})
    store.close()
    path = tmp_path / ".screening" / "store.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    body = bytearray(path.read_bytes())
    body[4096:] = b"\xff" * (len(body) - 4096)
    path.write_bytes(bytes(body))
    with pytest.raises(StoreError, match="skadat; återställ det från säkerhetskopia") as caught:
        Store.open("sqlite:///.screening/store.db", tmp_path)
    assert "hemligt" not in str(caught.value)


def test_a_full_disk_is_a_sentence_and_nothing_is_half_written(store: Store) -> None:
    """SQLite's own limit on pages stands in for the disk."""
    with store._read() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def fill() -> None:
        with store.batch():
            for index in range(50):
                store.put_state(f"s{index}", {"cursor": "x" * 4000})

    with pytest.raises(StoreError, match="disken är full; gör plats"):
        fill()
    assert store.state("s0") == {}


def test_a_batch_is_all_or_nothing(store: Store) -> None:
    """An error of the caller's own takes everything back and is not renamed."""

    def fail() -> None:
        with store.batch():
            store.put_state("a", {"b": "c"})
            assert store.state("a") == {"b": "c"}
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        fail()
    assert store.state("a") == {}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (sqlite3.OperationalError("database is locked"), "används av en annan körning"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "kontrollera rättigheterna"),
        (sqlite3.OperationalError("disk I/O error"), "disken sviktar, är full eller borta"),
        (sqlite3.OperationalError("unable to open database file"), "kontrollera att mappen finns"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (sqlite3.IntegrityError("FOREIGN KEY constraint failed"), "inget är halvskrivet"),
    ],
)
def test_each_fault_says_what_to_do(error: Exception, said: str) -> None:
    """And which store it is."""
    assert explain("x.db", error).startswith("x.db: lagret ")
    assert said in explain("x.db", error)
