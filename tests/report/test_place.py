"""Files in their place: whole or not at all, and never over work."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from screening.errors import StoreError
from screening.report.place import Placed, place, writable


def put(path: Path, content: bytes, known: dict[Path, str]) -> Placed:
    """Places ``content``, and remembers its hash as the store does."""
    placed = place(path, lambda made: made.write_bytes(content), known.get)
    known[placed.path] = placed.sha256
    return placed


def test_ours_gives_way_and_work_does_not(tmp_path: Path) -> None:
    """Also where -2 exists and holds work of its own."""
    known: dict[Path, str] = {}
    path = tmp_path / "bok.xlsx"
    assert put(path, b"1", known).path == path
    assert put(path, b"2", known).path == path
    path.write_bytes(b"work")
    (tmp_path / "bok-2.xlsx").write_bytes(b"other work")
    placed = put(path, b"3", known)
    assert placed.path == tmp_path / "bok-3.xlsx"
    assert [kept.name for kept, _why in placed.kept] == ["bok.xlsx", "bok-2.xlsx"]
    assert put(path, b"4", known).path == tmp_path / "bok-3.xlsx"
    assert {item.name: item.read_bytes() for item in tmp_path.iterdir()} == {
        "bok.xlsx": b"work", "bok-2.xlsx": b"other work", "bok-3.xlsx": b"4",
    }  # fmt: skip
    assert placed.sha256 == sha256(b"3").hexdigest()


def test_a_file_that_was_never_ours_is_left(tmp_path: Path) -> None:
    """Whatever it is, also a folder or a broken link."""
    (tmp_path / "a.html").write_bytes(b"somebody's")
    (tmp_path / "b.html").mkdir()
    assert put(tmp_path / "a.html", b"x", {}).path.name == "a-2.html"
    assert "inte en fil" not in "".join(put(tmp_path / "a.html", b"y", {}).told(english=False))
    told = put(tmp_path / "b.html", b"x", {}).told(english=False)
    assert told == [
        "b.html: ersattes inte, där finns något som inte är en fil",
        "b.html: den nya rapporten heter b-2.html",
    ]
    assert (tmp_path / "b.html").is_dir()


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
def test_a_link_to_nowhere_is_left(tmp_path: Path) -> None:
    """It is not ours to follow."""
    (tmp_path / "c.html").symlink_to(tmp_path / "nowhere")
    assert put(tmp_path / "c.html", b"x", {}).path.name == "c-2.html"
    assert not (tmp_path / "nowhere").exists()


def test_a_place_is_tried_without_leaving_anything(tmp_path: Path) -> None:
    """And one that is no place is told."""
    writable(tmp_path / "new" / "a.html")
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(StoreError, match="kunde inte skrivas"):
        writable(tmp_path / "file" / "a.html")
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["file"]


@pytest.mark.skipif(
    sys.platform == "win32" or getattr(os, "geteuid", lambda: 1)() == 0, reason="needs a user that modes bind"
)
def test_a_read_only_folder_is_a_sentence(tmp_path: Path) -> None:
    """What stands there still stands."""
    (tmp_path / "a.html").write_bytes(b"old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="kunde inte skrivas"):
            put(tmp_path / "a.html", b"new", {tmp_path / "a.html": sha256(b"old").hexdigest()})
    finally:
        tmp_path.chmod(0o700)
    assert (tmp_path / "a.html").read_bytes() == b"old"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_what_stood_there(tmp_path: Path) -> None:
    """In a process of its own whose files may not grow: the old workbook is whole, and nothing is left beside it."""
    (tmp_path / "bok.xlsx").write_bytes(b"old")
    code = """
import resource, signal, sys
from pathlib import Path
from screening.errors import StoreError
from screening.report.place import digest, place
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
path = Path(sys.argv[1])
known = digest(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    place(path, lambda made: made.write_bytes(b"x" * 5000), lambda _path: known)
except StoreError as error:
    sys.exit(7 if "kunde inte skrivas" in str(error) else 8)
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "bok.xlsx")], check=False, capture_output=True)
    assert done.returncode == 7, done.stderr
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"bok.xlsx": b"old"}
