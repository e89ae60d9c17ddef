"""Text files as sheets: encoding, delimiter, quoting and line ends are told from the whole file, not from its name."""

from __future__ import annotations

import codecs
import csv
import re
from collections import Counter
from collections.abc import Generator, Hashable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from screening.adapters.cells import DecimalSign
from screening.adapters.table import CHUNK_ROWS, HEAD_ROWS, Chunk, Coded, Column, Row, Table
from screening.adapters.table_texts import Refused

_BLOCK = 1 << 18  # stays in the cache, and its memory is reused
_NUMBER = re.compile(r"-?[0-9]*[.,]?[0-9]*")
_DELIMITERS = (";", "\t", "|", ",")
_MIXED = "screening-cp1252"  # invalid UTF-8 read as cp1252, byte by byte
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8, as the Windows letters they were written as (Latin-1 where cp1252 has none)."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    try:
        return wrong.decode("cp1252"), error.end
    except UnicodeDecodeError:
        return wrong.decode("latin-1"), error.end


codecs.register_error(_MIXED, _as_cp1252)


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the bytes become text, and text becomes cells."""

    encoding: str
    errors: str
    quoted: bool

    @property
    def quoting(self) -> Literal[0, 3]:
        return csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE


@dataclass(frozen=True, slots=True)
class TextSheet:
    """A text file read with one delimiter. Row numbers count records: what Excel shows."""

    path: Path
    delimiter: str
    reading: _Reading
    name: str = ""
    hidden: bool = False
    epoch_1904: bool = False

    def _records(self) -> Generator[list[str], None, None]:
        with self.path.open(encoding=self.reading.encoding, errors=self.reading.errors, newline=None) as stream:
            reader = csv.reader(stream, delimiter=self.delimiter, quoting=self.reading.quoting)
            try:
                if self.reading.quoted:
                    yield from reader
                else:
                    for cells in reader:
                        yield [_unquoted(cell) for cell in cells]
            except csv.Error as error:
                raise Refused("unreadable", detail=str(error)) from error

    def head(self) -> list[Row]:
        """The first rows."""
        with closing(self._records()) as records:
            return [Row(number, cells) for number, cells in enumerate(islice(records, HEAD_ROWS), 1)]

    def rows(self, after: int) -> Iterator[Row]:
        """Every row after ``after``."""
        return (Row(number, cells) for number, cells in enumerate(self._records(), 1) if number > after)

    def chunks(self, after: int, width: int, text: frozenset[int], decimal: DecimalSign) -> Iterator[Chunk]:
        """Rows as columns by pandas' own parser; what it cannot take, such as a row too long, record by record."""
        if not self.reading.quoted:  # a stray quote: pandas would keep those around whole cells
            yield from self._slow_chunks(after, width)
            return
        done = after
        widest = max((len(row.cells) for row in (*self.head(), *islice(self.rows(after), 1))), default=0)
        widest = max(widest, width + 1)  # pandas cuts every row at the first one's width if it is wider than this
        try:
            with pd.read_csv(
                self.path,
                sep=self.delimiter,
                header=None,
                names=list(range(widest)),
                index_col=False,
                skiprows=after,
                dtype=self._types(after, width, text),
                decimal=decimal or ".",
                quoting=self.reading.quoting,
                encoding=self.reading.encoding,
                encoding_errors=self.reading.errors,
                keep_default_na=False,
                na_values=[""],
                skip_blank_lines=False,
                low_memory=False,
                chunksize=CHUNK_ROWS,
            ) as parts:
                for part in filter(len, _ahead(parts)):
                    columns = tuple(_coded(part[place]) for place in range(width))
                    beyond = part.iloc[:, width:].notna().any(axis=1)
                    yield Chunk(done + 1, columns, beyond.to_numpy(dtype=bool))
                    done += len(part)
        except pd.errors.EmptyDataError:
            return
        except pd.errors.ParserError:
            yield from self._slow_chunks(done, width)

    def _types(self, after: int, width: int, text: frozenset[int]) -> dict[Hashable, Any]:
        """How pandas is to read each column: few distinct texts as codes, texts as written, the rest as it finds."""
        sample = [row.cells for row in self.head() if row.number > after]
        types: dict[Hashable, Any] = dict.fromkeys(text, object)
        for place in range(width):
            cells = [cells[place] for cells in sample if place < len(cells) and cells[place]]
            words = place in text or any(not _NUMBER.fullmatch(str(cell)) for cell in cells)
            if words and len(set(cells)) < len(cells):  # one repetition in 400 rows: fewer than some 80,000 distinct
                types[place] = "category"
        return types

    def _slow_chunks(self, after: int, width: int) -> Iterator[Chunk]:
        rows = self.rows(after)
        while batch := list(islice(rows, CHUNK_ROWS // 4)):
            yield chunk_of(batch, width)


def _coded(column: pd.Series[Any]) -> Column:
    """A column as codes where pandas read it so, else as it stands."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return Coded(column.cat.codes.to_numpy().astype(np.int64), list(column.cat.categories))
    return column.to_numpy()


def _ahead(parts: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    """Each part while the next is parsed in another thread: parsing lets the interpreter go."""
    iterator = iter(parts)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, iterator, None)
        while (part := coming.result()) is not None:
            coming = pool.submit(next, iterator, None)
            yield part


def _unquoted(cell: str) -> str:
    """A cell without the quotes around it."""
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def chunk_of(rows: list[Row], width: int) -> Chunk:
    """Rows as columns: of numbers where every cell is one, else of objects."""
    overflow = np.zeros(len(rows), dtype=bool)
    if max(len(row.cells) for row in rows) > width:
        overflow[:] = [any(cell not in ("", None) for cell in row.cells[width:]) for row in rows]
    if min(len(row.cells) for row in rows) < width:
        table = [(*row.cells[:width], *("",) * (width - len(row.cells))) for row in rows]
        columns = tuple(map(_column, zip(*table, strict=True)))
    else:
        columns = tuple(map(_column, islice(zip(*(row.cells for row in rows), strict=False), width)))
    return Chunk(rows[0].number, columns, overflow)


def _column(cells: tuple[object, ...]) -> Column:
    if set(map(type, cells)) <= {int, float}:
        return np.array(cells, dtype=np.float64)
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


def open_text(path: Path) -> Table:
    """A text file with its plausible delimiters, the likeliest first.

    Raises:
        Refused: binary, or no text at all.
    """
    reading, replaced = _reading(path)
    return Table(path, _sheets(path, reading), alternatives=True, encoding=_name(reading), replaced=replaced)


def _name(reading: _Reading) -> str:
    if reading.errors == _MIXED:
        return "UTF-8 + cp1252"
    return {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (BOM)"}.get(reading.encoding, reading.encoding)


def _reading(path: Path) -> tuple[_Reading, bool]:
    """Encoding and quoting of the whole file, and whether it already held U+FFFD."""
    with path.open("rb") as stream:
        start = stream.read(4096)
    encoding = next((name for bom, name in _BOMS if start.startswith(bom)), "") or _utf16_without_bom(start) or "utf-8"
    quotes, replaced, wrong = _scan(path, encoding)
    errors = "strict"
    if wrong and encoding.startswith("utf-16"):
        raise Refused("binary")
    if wrong and _letters(path) > wrong:
        errors = _MIXED
    elif wrong:
        encoding = _single_byte(path)
    return _Reading(encoding, errors, quotes % 2 == 0), replaced


def _utf16_without_bom(start: bytes) -> str:
    """UTF-16 told by where its zero bytes stand; empty when it is not."""
    if start.count(0) * 5 < len(start) * 2:
        return ""
    return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"


def _scan(path: Path, encoding: str) -> tuple[int, bool, int]:
    """Number of quotes, whether U+FFFD itself is there, and bytes that do not decode."""
    wide = encoding.startswith("utf-16")
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    quotes = wrong = 0
    replaced = False
    with path.open("rb") as stream:
        while True:
            block = stream.read(_BLOCK)
            quotes += block.count(b'"')
            if not wide and b"\x00" in block:
                raise Refused("binary")
            text = decoder.decode(block, final=not block)
            if not text.isascii() and (lost := text.count("\ufffd")):
                written = (b"\xfd\xff", b"\xff\xfd") if wide else (b"\xef\xbf\xbd",)
                own = min(lost, sum(map(block.count, written)))
                replaced = replaced or own > 0
                wrong += lost - own
            if not block:
                return quotes, replaced, wrong


def _letters(path: Path) -> int:
    """How many letters of several bytes are right UTF-8 in a file where some are not."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
    found = 0
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            found += sum(1 for letter in decoder.decode(block) if letter > "\x7f")
    return found


def _single_byte(path: Path) -> str:
    """cp1252, unless the file uses one of the five bytes that cp1252 lacks."""
    lacking = b"\x81\x8d\x8f\x90\x9d"
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            if len(block.translate(None, lacking)) != len(block):
                return "latin-1"
    return "cp1252"


def _sheets(path: Path, reading: _Reading) -> tuple[TextSheet, ...]:
    """One sheet per delimiter that gives several columns, the steadiest and widest first; else one of one column."""
    scored: list[tuple[int, TextSheet]] = []
    for delimiter in _DELIMITERS:
        sheet = TextSheet(path, delimiter, reading)
        widths = Counter(len(row.cells) for row in sheet.head() if len(row.cells) > 1)
        if widths:
            width, count = max(widths.items(), key=lambda item: (item[1], item[0]))
            scored.append((count * (width - 1), sheet))
    scored.sort(key=lambda item: -item[0])
    return tuple(sheet for _, sheet in scored) or (TextSheet(path, ";", reading),)
