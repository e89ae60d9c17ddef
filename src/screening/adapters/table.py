"""Any CSV, TSV, XLSX, XLSM, XLSB, XLS or ODS as sheets of typed cells with the row numbers that a person sees.

A sheet is read twice at most: its head, by which the header is found, and its data rows after the header, one by one
(``rows``) or as columns in chunks (``chunks``, for ledgers). Nothing is kept of a row once it has been handed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from screening.adapters.cells import DecimalSign
from screening.adapters.table_guard import kind_of
from screening.adapters.table_texts import Refused

__all__ = ["HEAD_ROWS", "Chunk", "Coded", "Column", "Row", "Sheet", "Table", "hash_of", "open_table", "size_of"]

HEAD_ROWS = 400  # rows among which the header is looked for and by which columns are judged
CHUNK_ROWS = 250_000


@dataclass(frozen=True, slots=True)
class Coded:
    """A column of few distinct texts: a code per row, -1 for an empty cell."""

    codes: npt.NDArray[np.int64]
    cells: list[str]

    def __getitem__(self, at: int) -> str:
        code = self.codes[at]
        return self.cells[code] if code >= 0 else ""

    def __len__(self) -> int:
        return len(self.codes)


Column = npt.NDArray[Any] | Coded


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a person sees it, and its cells."""

    number: int
    cells: Sequence[object]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows as columns.

    ``columns`` are numbers where every cell is one, texts by code where they are few, else objects (``""`` or NaN when
    empty).

    ``overflow`` marks rows that have a filled cell beyond the header's last column.
    """

    first_number: int
    columns: tuple[Column, ...]
    overflow: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.overflow)


class Sheet(Protocol):
    """One sheet of a workbook, or a text file read with one delimiter."""

    @property
    def name(self) -> str:
        """The sheet's name; empty for a text file."""
        ...

    @property
    def hidden(self) -> bool:
        """Whether a person who opens the workbook does not see it."""
        ...

    @property
    def epoch_1904(self) -> bool:
        """Whether bare day numbers count from 1904."""
        ...

    @property
    def delimiter(self) -> str:
        """What separates cells; empty in workbooks."""
        ...

    def head(self) -> list[Row]:
        """The first ``HEAD_ROWS`` rows."""
        ...

    def rows(self, after: int) -> Iterator[Row]:
        """Every row after row number ``after``, blank ones too."""
        ...

    def chunks(self, after: int, width: int, text: frozenset[int], decimal: DecimalSign) -> Iterator[Chunk]:
        """The same rows as columns.

        Args:
            after: the header's row number.
            width: the header's number of columns.
            text: places of columns whose cells must stay as written (numbers with zeros first).
            decimal: the decimal sign of numbers.
        """
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """One opened file.

    Attributes:
        sheets: every sheet; for a text file one per plausible delimiter, the likeliest first (``alternatives``).
        alternatives: whether ``sheets`` are readings of one and the same text, of which one is to be chosen.
        encoding: of a text file.
        replaced: whether the file already held U+FFFD when we got it.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    alternatives: bool = False
    encoding: str = ""
    replaced: bool = False
    close: Callable[[], None] = field(default=lambda: None)


def open_table(path: Path) -> Table:
    """Opens ``path``, whatever its ending says, once its bytes have been found safe to open.

    Raises:
        Refused: not a table, damaged, protected, empty, too big, or held open by another program.
    """
    from screening.adapters import table_sheet, table_text  # noqa: PLC0415 - each imports its own heavy library

    try:
        kind = kind_of(path)
        if kind == "text":
            return table_text.open_text(path)
        return table_sheet.open_workbook(path, kind)
    except PermissionError as error:
        raise Refused("locked") from error
    except OSError as error:
        raise Refused("unreadable", detail=error.__class__.__name__) from error


def hash_of(path: Path) -> str:
    """The SHA-256 of a file's bytes; empty when it cannot be read."""
    digest = sha256()
    try:
        with path.open("rb") as stream:
            while block := stream.read(1 << 18):
                digest.update(block)
    except OSError:
        return ""
    return digest.hexdigest()


def size_of(path: Path) -> int:
    """A file's size in bytes; -1 when it cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return -1
