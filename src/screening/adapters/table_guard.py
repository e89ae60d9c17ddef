"""What a file is, told by its bytes, and the refusals that must come before anything opens it."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

from screening.adapters.table_texts import Refused

FileKind = Literal["text", "xlsx", "xlsb", "ods", "xls"]

MAX_UNPACKED = 2 << 30  # bytes over all members: a ledger of 489,000 rows unpacks to about 0.5 GiB
MAX_RATIO = 400  # times its packed size; repetitive sheets reach about 60
RATIO_FROM = 64 << 20  # a small file may be as repetitive as it likes
MAX_CELLS = 64_000_000  # rows x columns between the first and the last cell with a value: about 1.5 GB once read
MAX_REPEAT = 2_000  # times a filled cell or row may be repeated in an ODS

_BLOCK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = ((b"%PDF", "pdf"), (b"\x1f\x8b", "packed"), (b"7z\xbc\xaf", "packed"), (b"Rar!", "packed"))
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>/]*>\s*<(?:\w+:)?(?:v|is|f)\b')
_WIDE = (b'="AA', b'="AAA')  # in a text of which only these signs are left, every capital letter an A
_NAMED = (re.compile(rb'\br="[A-Z]{2,3}\d'), re.compile(rb'\br="[A-Z]{3}\d'))
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TO_A = bytes.maketrans(_LETTERS, b"A" * len(_LETTERS))
_NOT_LETTERS = bytes(sorted(set(range(256)) - set(b'="' + _LETTERS)))
_ROW = re.compile(rb'<(?:\w+:)?(?:row|c)\b[^>]*?\br="[A-Z]{0,3}(\d{1,7})"')
_REPEATED = re.compile(rb'<table:table-(cell|row)\b[^>]*?number-(?:columns|rows)-repeated="(\d+)"[^>]*>')


def kind_of(path: Path) -> FileKind:
    """What ``path`` is.

    Raises:
        Refused: empty, a web page, XML, JSON, PDF, an archive, a protected workbook, or nothing that we know.
    """
    with path.open("rb") as stream:
        head = stream.read(8192)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused("empty" if path.stat().st_size <= len(head) else "binary")
    for magic, code in _MAGIC:
        if head.startswith(magic):
            raise Refused(code)
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_zip(path)
    if head.startswith(_OLE):
        return _kind_of_ole(path)
    _refuse_markup(head)
    return "text"


def _refuse_markup(head: bytes) -> None:
    """Refuses a web page, XML or JSON that carries the name of a table."""
    start = head.replace(b"\x00", b"").removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<meta")):
        raise Refused("html")
    if start.startswith(b"<"):
        raise Refused("html" if b"<html" in start else "xml")
    if start.startswith((b'{"', b"[{", b"{\n", b"{\r", b"[\n", b"[\r")):
        raise Refused("json")


def _kind_of_ole(path: Path) -> FileKind:
    """An old workbook, or the wrapping of a protected new one; stream names are UTF-16 in the directory."""
    found: set[str] = set()
    names = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book")}
    with path.open("rb") as stream:
        tail = b""
        while block := stream.read(_BLOCK):
            found.update(name for name, written in names.items() if written in tail + block)
            tail = block[-64:]
    if "EncryptedPackage" in found:
        raise Refused("password")
    if not found:
        raise Refused("binary")
    return "xls"


def _kind_of_zip(path: Path) -> FileKind:
    """A workbook packed as ZIP, once its size unpacked is known to be reasonable."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = {member.filename for member in members}
            kind = _workbook_kind(names)
            _check_expansion(path, members)
            if kind == "ods" and b"encryption-data" in archive.read("META-INF/manifest.xml"):
                raise Refused("password")
            return kind
    except (zipfile.BadZipFile, KeyError, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused("damaged") from error


def _workbook_kind(names: set[str]) -> FileKind:
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names and "META-INF/manifest.xml" in names:
        return "ods"
    if any(name.startswith("xl/") for name in names):
        raise Refused("damaged")
    raise Refused("packed")


def _check_expansion(path: Path, members: list[zipfile.ZipInfo]) -> None:
    """Counts what the members unpack to by unpacking them, since their declared sizes may lie."""
    limit = min(MAX_UNPACKED, max(RATIO_FROM, MAX_RATIO * path.stat().st_size))
    total = 0
    with path.open("rb") as stream:
        for member in members:
            if member.flag_bits & 1:
                raise Refused("password")
            extent = _Extent(member.filename)
            for block in _unpacked(stream, member):
                total += len(block)
                if total > limit:
                    raise Refused("too_big", detail=f"> {limit >> 20} MB")
                extent.see(block)
            if extent.suspect:
                _check_cells(_unpacked(stream, member))


def _check_cells(blocks: Iterator[bytes]) -> None:
    """Refuses a sheet whose cells with a value span too much; exact, and only for a sheet that is suspect."""
    rows = columns = 0
    tail = b""
    for block in blocks:
        text = tail + block
        for match in _CELL.finditer(text):
            rows, columns = max(rows, int(match[2])), max(columns, _column(match[1]))
        tail = text[-512:]
    if rows * columns > MAX_CELLS:
        raise Refused("too_big", detail=f"{rows} x {columns}")


def _unpacked(stream: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's bytes in blocks of at most one MiB, read past its declared size."""
    stream.seek(member.header_offset)
    header = stream.read(30)
    if header[:4] != b"PK\x03\x04":
        raise Refused("damaged")
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    left = member.compress_size
    if member.compress_type == zipfile.ZIP_STORED:
        while left > 0 and (block := stream.read(min(_BLOCK, left))):
            left -= len(block)
            yield block
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise Refused("damaged")
    inflate = zlib.decompressobj(-15)
    while left > 0 and not inflate.eof and (packed := stream.read(min(_BLOCK, left))):
        left -= len(packed)
        while packed and not inflate.eof:
            yield inflate.decompress(packed, _BLOCK)
            packed = inflate.unconsumed_tail


class _Extent:
    """How far a sheet's cells may reach, so that two cells in opposite corners do not become a billion."""

    def __init__(self, name: str) -> None:
        self.sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
        self.content = name == "content.xml"
        self.tail = b""
        self.rows = 0
        self.letters = 1  # in the widest column's name

    @property
    def suspect(self) -> bool:
        """Whether the widest and lowest cells together could span too much."""
        return self.rows * (26, 702, 16_384)[self.letters - 1] > MAX_CELLS

    def see(self, block: bytes) -> None:
        """Takes one unpacked block."""
        if not (self.sheet or self.content):
            return
        text = self.tail + block
        if self.content:
            _check_repeats(text)
        else:
            self._see_cells(text)
        self.tail = text[-512:]

    def _see_cells(self, text: bytes) -> None:
        slim = text.translate(_TO_A, _NOT_LETTERS)  # r="XY12" is ="AA": found without trying a pattern at every cell
        for letters in (2, 3):
            if self.letters < letters and _WIDE[letters - 2] in slim and _NAMED[letters - 2].search(text):
                self.letters = letters
        at = max(text.rfind(b"<row"), text.rfind(b":row"), 0)
        last = _ROW.search(text, max(at - 1, 0))
        self.rows = max(self.rows, int(last[1]) if last else 0)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_repeats(text: bytes) -> None:
    """Refuses an ODS where a filled cell, or a row with one, is repeated beyond reason."""
    for match in _REPEATED.finditer(text):
        if int(match[2]) <= MAX_REPEAT:
            continue
        filled = match[0] if match[1] == b"cell" else text[match.end() : text.find(b"</table:table-row>", match.end())]
        if b"office:value-type" in filled:
            raise Refused("too_big", detail=f"{match[2].decode()} x")
