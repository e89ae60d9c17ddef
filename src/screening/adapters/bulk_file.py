"""A zip with one large text table, read once from beginning to end into an index on disk by organisation number.

Never whole in memory: rows go from the zip's stream straight into a private database of SQLite's, which lies in a file
that goes when it is closed. Numbers that can be a person's are not taken in.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from hashlib import sha256
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import IO, Final

from screening.adapters.wire import SWEDISH_TIME

MAX_BYTES: Final = 8_000_000_000  # unpacked; the register's file is said to be 231 MB packed
BATCH: Final = 1_000
BLOCK: Final = 1 << 20
_NOT_SET: Final = 1980  # the year of a zip that does not date its members
_SUFFIXES: Final = frozenset({".txt", ".csv", ".tsv"})
_ORGANISATION: Final = re.compile(r"(?:16)?(\d\d[2-9]\d{7})")


class Damaged(Exception):  # noqa: N818 - what a file is
    """A file that cannot be used, as a Swedish sentence."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How the table is written. ``columns``: (our field, header); ``header#2`` is its second part between ``$``, and
    several headers with ``+`` between are joined by a space. One is ``number``."""  # noqa: D205, D209 - a table in words

    columns: tuple[tuple[str, str], ...]
    separator: str = ";"
    encoding: str = "utf-8-sig"
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Bulk:
    """A file that was read to its end. ``file_on``: when the table was packed."""

    name: str
    file_on: date
    sha256: str
    rows: int
    _index: sqlite3.Connection

    def about(self, number: str) -> list[Mapping[str, str] | None]:
        """Every row about ten digits; ``None`` for one that is not as wide as the header."""
        found = self._index.execute("SELECT cells FROM line WHERE number = ?", (number,))
        return [json.loads(cells) for (cells,) in found]


@lru_cache(maxsize=4)
def read_file(path: Path, layout: Layout, _changed: int, _size: int) -> Bulk:
    """One file, read once for each change of it: a run asks in chunks.

    Raises:
        Damaged: no zip, not one table in it, cut, another encoding, or a header that the layout names is not there.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            member = _table(path, archive)
            index = sqlite3.connect("", check_same_thread=False)  # a file of its own, gone when it is closed
            try:
                rows = _take_in(path, archive, member, layout, index)
            except BaseException:
                index.close()
                raise
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Damaged(f"{path.name} är trasig eller avhuggen ({type(error).__name__})") from error
    except UnicodeError as error:
        raise Damaged(f"{path.name} är inte skriven i {layout.encoding}") from error
    except csv.Error as error:
        raise Damaged(f"{path.name} går inte att läsa som tabell ({error})") from error
    except (RuntimeError, sqlite3.Error) as error:
        raise Damaged(f"{path.name} kan inte läsas in ({error})") from error
    return Bulk(path.name, _packed(path, member), _hash(path), rows, index)


def _packed(path: Path, member: zipfile.ZipInfo) -> date:
    """The day that the zip says; the file's own where it says none."""
    with suppress(ValueError):
        if member.date_time[0] > _NOT_SET:
            return date(*member.date_time[:3])
    return datetime.fromtimestamp(path.stat().st_mtime, SWEDISH_TIME).date()


def _table(path: Path, archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    tables = [item for item in archive.infolist() if Path(item.filename).suffix.lower() in _SUFFIXES]
    if len(tables) != 1:
        raise Damaged(f"{path.name} innehåller {len(tables)} textfiler; väntat en")
    if tables[0].file_size > MAX_BYTES:
        raise Damaged(f"{path.name} är större än {MAX_BYTES // 1_000_000_000} GB uppackad")
    return tables[0]


def _take_in(
    path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo, layout: Layout, index: sqlite3.Connection
) -> int:
    """Every row into the index; how many there were. Reading to the end also proves the zip's checksum."""
    index.executescript("PRAGMA journal_mode = OFF; CREATE TABLE line (number TEXT, cells TEXT)")
    count = 0
    with archive.open(member) as stream:
        lines = _lines(path, stream, layout)
        while batch := list(islice(lines, BATCH)):
            count += len(batch)
            index.executemany("INSERT INTO line VALUES (?, ?)", [line for line in batch if line[0]])
    index.execute("CREATE INDEX by_number ON line (number)")
    if not count:
        raise Damaged(f"{path.name} har inga rader")
    return count


def _lines(path: Path, stream: IO[bytes], layout: Layout) -> Iterator[tuple[str, str]]:
    """(number, our cells as JSON) of each row; no number where it is not an organisation's."""
    reader = csv.reader(
        TextIOWrapper(stream, encoding=layout.encoding, newline=""),
        delimiter=layout.separator,
        quoting=csv.QUOTE_MINIMAL if layout.quoted else csv.QUOTE_NONE,
        strict=True,  # a quotation mark that is never closed would swallow the rest of the file
    )
    header = [cell.strip().casefold() for cell in next(reader, [])]
    places = {field: _places(path, header, written) for field, written in layout.columns}
    numbers = places.pop("number")
    for cells in reader:
        if not cells:
            continue
        whole = len(cells) == len(header)
        found = _ORGANISATION.fullmatch(re.sub(r"[^0-9]", "", _cell(cells, numbers).partition("$")[0]))
        told = {field: _cell(cells, where) for field, where in places.items()} if whole and found else None
        yield (found[1] if found else ""), json.dumps(told, ensure_ascii=False)


def _places(path: Path, header: list[str], written: str) -> list[tuple[int, int]]:
    """(column, part from 1; 0: the whole cell) of ``header``, ``header#2`` or ``one+another``."""
    found = []
    for name in written.split("+"):
        title, _, part = name.strip().partition("#")
        if title.strip().casefold() not in header:
            raise Damaged(
                f"{path.name} saknar kolumnen {title.strip()!r}; kolumnerna i filen heter {', '.join(header[:12])}"
            )
        if part and not part.isdecimal():
            raise Damaged(f"{written!r} är ingen kolumn; väntat som rubrik#2")
        found.append((header.index(title.strip().casefold()), int(part or 0)))
    return found


def _cell(cells: list[str], places: list[tuple[int, int]]) -> str:
    parts = []
    for column, part in places:
        text = cells[column] if column < len(cells) else ""
        pieces = text.split("$")
        parts.append((text if not part else pieces[part - 1] if part <= len(pieces) else "").strip())
    return " ".join(part for part in parts if part)


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while block := stream.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()
