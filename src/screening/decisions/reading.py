"""A workbook as somebody left it: its sheets known by their headers, their rows by column, wherever anything was moved."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from screening.adapters.cells import clean, header_key
from screening.adapters.table_guard import FileKind, kind_of
from screening.adapters.table_texts import Refused
from screening.decisions.answer import Answer, NotRead, Place, remark
from screening.decisions.columns import CHECK, Form, form_of
from screening.decisions.formulas import formulas

MOST_BYTES = 200_000_000
HEADER_ROWS = 50
_RUN = re.compile(r"\b([A-Z]-\d{4}-\d{2}-\d+)\b")
_RUN_LABELS = frozenset({"körningsid", "runid"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet that people fill in.

    Attributes:
        form: which sheet.
        place: file, sheet and row, as a person finds it.
        cells: column -> what stands there, the columns that people added too.
        formulas: the columns to fill in whose cell is a formula: the value that was saved with it is what was read.
        epoch_1904: bare day numbers count from 1904.
    """

    form: Form
    place: Place
    cells: Mapping[str, object]
    formulas: frozenset[str] = frozenset()
    epoch_1904: bool = False

    def text(self, column: str) -> str:
        """The cell as text; empty when there is none."""
        return clean(self.cells.get(column))


@dataclass(slots=True)
class Book:
    """One workbook: its rows, the run that wrote it as far as it says, and what could not be read of it."""

    name: str
    sha: str
    run_id: str = ""
    rows: list[Row] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def read_book(path: Path, called: str = "") -> Book:
    """The rows of every sheet that people fill in, of a workbook in .xlsx, .xlsm or .ods.

    Args:
        path: the workbook.
        called: what answers call it; its own name unless given.

    Raises:
        NotRead: it cannot be opened, grows beyond reason when unpacked, or has no sheet of ours.
    """
    content, kind = _content(path)
    book = Book(called or path.name, sha256(content).hexdigest())
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as file:
            names = [item.name for item in file.sheets_metadata if item.typ is SheetTypeEnum.WorkSheet]
            sheets = {name: file.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
        found = {name: _header(cells) for name, cells in sheets.items()}
        told = formulas(content, kind, [name for name, (_start, form) in found.items() if form is not None])
        book.run_id = _run_id(content, kind, sheets)
        epoch_1904 = kind == "xlsx" and _counts_from_1904(content)
    except (CalamineError, ValueError) as error:
        raise NotRead("not_a_workbook") from error
    for name, (start, form) in found.items():
        if form is not None:
            _read_sheet(book, form, name, sheets[name], start, told.get(name, frozenset()), epoch_1904=epoch_1904)
    if not book.rows and all(form is None for _start, form in found.values()):
        raise NotRead("no_sheet")
    return book


def _content(path: Path) -> tuple[bytes, FileKind]:
    """The bytes, once they are known not to unpack to more than is reasonable."""
    try:
        if path.is_dir():
            raise NotRead("not_a_file")
        if path.stat().st_size > MOST_BYTES:
            raise NotRead("too_big", mb=MOST_BYTES // 1_000_000)
        if path.with_name(f"~${path.name}").exists() or path.with_name(f".~lock.{path.name}#").exists():
            raise NotRead("open_elsewhere")
        kind = kind_of(path)
        if kind not in ("xlsx", "ods"):
            raise NotRead("not_a_workbook")
        return path.read_bytes(), kind
    except Refused as error:
        raise NotRead("file_refused", why=error) from error
    except FileNotFoundError as error:
        raise NotRead("no_file") from error
    except PermissionError as error:
        raise NotRead("locked") from error
    except OSError as error:
        raise NotRead("unreadable", detail=error.strerror or type(error).__name__) from error


def _header(cells: Sequence[Sequence[object]]) -> tuple[int, Form | None]:
    """The row of headers and the sheet it belongs to: a title or rows may have been put above it."""
    for number, row in enumerate(cells[:HEADER_ROWS]):
        if (form := form_of(row)) is not None:
            return number, form
    return 0, None


def _read_sheet(
    book: Book,
    form: Form,
    sheet: str,
    cells: Sequence[Sequence[object]],
    start: int,
    told: Collection[tuple[int, int]],
    *,
    epoch_1904: bool,
) -> None:
    """The rows below the header that hold anything."""
    places, twice = _places(form, cells[start])
    if twice:
        book.answers.append(Answer("refused", Place(book.name, sheet), remarks=(remark("column_twice", column=twice),)))
        return
    by_row: dict[int, set[str]] = defaultdict(set)
    fills = {places[name]: name for name in form.fills if name in places}
    for line, column in told:
        if column in fills:
            by_row[line].add(fills[column])
    for number, row in enumerate(cells[start + 1 :], start=start + 1):
        values = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        if any(value not in ("", None) for value in values.values()):
            place = Place(book.name, sheet, number + 1)
            book.rows.append(Row(form, place, values, frozenset(by_row.get(number, ())), epoch_1904=epoch_1904))


def _places(form: Form, header: Sequence[object]) -> tuple[dict[str, int], str]:
    """Every named column and where it stands, under our own spelling; and one of ours that stands there twice."""
    ours = {header_key(name): name for name in (*form.needs, *form.fills, *form.own, CHECK)}
    found: dict[str, int] = {}
    twice = ""
    for place, value in enumerate(header):
        written = clean(value)
        name = ours.get(header_key(written), written)
        if not name:
            continue
        if name in found and (name in form.fills or name in form.needs or name == CHECK):
            twice = twice or name
        found.setdefault(name, place)
    return found, twice


def _run_id(content: bytes, kind: FileKind, sheets: Mapping[str, Sequence[Sequence[object]]]) -> str:
    """The run that wrote the workbook, as its properties or the sheet *Körning* say; empty when neither does."""
    with ZipFile(BytesIO(content)) as archive:
        part = "meta.xml" if kind == "ods" else "docProps/core.xml"
        text = archive.read(part).decode("utf-8", "replace") if part in archive.namelist() else ""
    if found := _RUN.search(text):
        return found[1]
    for cells in sheets.values():
        for row in cells[:HEADER_ROWS]:
            words = [clean(value) for value in row]
            if any(header_key(word) in _RUN_LABELS for word in words):
                found = _RUN.search(" ".join(words))
                return found[1] if found else ""
    return ""


def _counts_from_1904(content: bytes) -> bool:
    """Whether bare day numbers count from 1904 (workbooks first made on an old Macintosh)."""
    with ZipFile(BytesIO(content)) as archive:
        return bool(re.search(rb'date1904="(?:1|true)"', archive.read("xl/workbook.xml")[:65_536]))
