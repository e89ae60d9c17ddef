"""Files written whole or not at all; one that people have worked in, or hold open, is never replaced."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from screening.errors import StoreError
from screening.report.cells import clean

HALF_MADE = ".screening-"
"""How the hidden folders begin in which files are filled."""

_RESERVED = frozenset({
    "con", "prn", "aux", "nul", "conin$", "conout$",
    *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"),
})  # fmt: skip
"""Names that Windows keeps for devices, whatever ending they have."""


def safe_name(name: str) -> str:
    """``name`` as a file on Windows too: å, ä and ö stay; no slashes, reserved names, or dot and space at the end."""
    plain = re.sub(r'[<>:"/\\|?*\x00-\x1f\x7f]+', "-", clean(name))
    plain = re.sub(r"\s+", " ", plain).strip(" .-~$")[:80].rstrip(" .") or "enhet"
    first, dot, rest = plain.partition(".")
    return f"{first.strip()}_{dot}{rest}" if first.strip().casefold() in _RESERVED else plain


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A file to fill in a hidden folder beside ``path``; it is gone afterwards unless it was put in place.

    Raises:
        StoreError: the disk is full or the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=HALF_MADE, dir=path.parent) as folder:
            yield Path(folder) / f"new{path.suffix}"
    except OSError as error:
        raise unwritable(path, error) from error


def writable(path: Path) -> None:
    """Tries whether a file can be made where a person wants it, before anything is asked for its sake.

    Raises:
        StoreError: it cannot; says why.
    """
    with beside(path) as made:
        made.touch()


def to_disk(made: Path) -> None:
    """Readable by its owner alone, and on the disk before it takes the old one's place."""
    made.chmod(0o600)
    with made.open("rb+") as file:
        os.fsync(file.fileno())


def unwritable(path: Path, error: OSError) -> StoreError:
    """What a person is told when a file cannot be written."""
    why = "disken är full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else f"det gick inte ({error.strerror})"
    return StoreError(f"{path}: kunde inte skrivas, {why}; det som fanns där förut är kvar, kör samma kommando igen")


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a file came to stand: ``path``, and each file that was kept because it holds work or is open."""

    first: Path
    path: Path
    sha256: str
    kept: tuple[tuple[Path, tuple[str, str]], ...]

    def told(self, *, english: bool) -> list[str]:
        """A sentence for each file kept, and the new one's name."""
        said = "not replaced" if english else "ersattes inte"
        lines = [f"{path.name}: {said}, {why[english]}" for path, why in self.kept]
        if self.path != self.first:
            said = "the new report is" if english else "den nya rapporten heter"
            lines.append(f"{self.first.name}: {said} {self.path.name}")
        return lines


def place(first: Path, write: Callable[[Path], object], known: Callable[[Path], str | None]) -> Placed:
    """Writes a file whole, under its own name or with ``-2``, ``-3`` … beside one that holds people's work.

    Args:
        first: the name wanted.
        write: fills a file that does not exist yet.
        known: the hash of what we last wrote under a name; a file with another hash holds work.

    Raises:
        StoreError: the disk is full or the folder cannot be written; what stood there before still stands.
    """
    kept: list[tuple[Path, tuple[str, str]]] = []
    with beside(first) as made:
        write(made)
        to_disk(made)
        new = digest(made)
        for path in _numbered(first):
            why = _put(made, path, new, known)
            if why is None:
                break
            kept.append((path, why))
    return Placed(first, path, new, tuple(kept))


def _put(made: Path, path: Path, new: str, known: Callable[[Path], str | None]) -> tuple[str, str] | None:
    """Puts ``made`` in the place of ``path``; why not, when it holds work or is held open."""
    try:
        if (path.exists() or path.is_symlink()) and (why := _in_the_way(path, new, known)) is not _OURS:
            return why
        made.replace(path)
    except PermissionError:
        return _OPEN
    return None


def _in_the_way(path: Path, new: str, known: Callable[[Path], str | None]) -> tuple[str, str] | None:
    """Why what stands there must be left; ``None`` when it is the very same, ``_OURS`` when it may be replaced."""
    if path.with_name(f"~${path.name}").exists() or path.with_name(f".~lock.{path.name}#").exists():
        return _OPEN
    if not path.is_file():
        return _NO_FILE
    old = digest(path)
    if old == new:  # a run that was killed between placing and noting it
        return None
    return _OURS if old == known(path) else _WORK


_OURS = ("", "")
_OPEN = ("den är öppen i Excel eller låst", "it is open in Excel or locked")
_NO_FILE = ("där finns något som inte är en fil", "something that is no file stands there")
_WORK = ("den innehåller arbete som gjorts efter att den skrevs", "it holds work done after it was written")


def digest(path: Path) -> str:
    """The file's SHA-256, hex."""
    with path.open("rb") as file:
        found = sha256()
        while block := file.read(1 << 20):
            found.update(block)
    return found.hexdigest()


def _numbered(path: Path) -> Iterator[Path]:
    yield path
    number = 2
    while True:
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
