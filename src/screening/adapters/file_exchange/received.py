"""What comes back: receipts, answers and error files, read by the layout. A file that is not whole is not read at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import translate
from hashlib import sha256
from pathlib import Path
from typing import Literal

from screening.adapters import cells
from screening.adapters.file_exchange.layout import Came, Layout, Meaning, Place
from screening.identity import Identity, mask_text, read

MAX_BYTES = 100_000_000
DONE = "klart"
"""A folder of the inbox that people may move files to; it is looked through all the same."""


class Damaged(Exception):  # noqa: N818 - what a file is
    """A file of which nothing is believed. The text is a Swedish sentence without personal numbers."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that came."""

    name: str
    content: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Row:
    """One record about one number; ``said`` are its other fields as written."""

    means: Meaning
    number: Identity
    said: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer file; ``subjects`` is how many numbers it says that it answers, where it does."""

    name: str
    sha256: str
    day: date
    rows: Mapping[Identity, Sequence[Row]]
    subjects: int | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A fault that the receiver found; ``number`` is ``None`` when it is about the whole batch."""

    number: Identity | None
    why: str


def files(folder: Path, name: str, ref: str, problems: list[str]) -> list[File]:
    """Every file of that name in the inbox, each content once, in order of name; what cannot be read is noted."""
    pattern = re.compile(translate(name.format(ref=ref)), re.IGNORECASE)
    found: dict[str, File] = {}
    for place in (folder, folder / DONE):
        for path in sorted(place.iterdir()) if place.is_dir() else ():
            if not pattern.fullmatch(path.name):
                continue
            try:
                if path.stat().st_size > MAX_BYTES:
                    problems.append(f"{path.name} är större än {MAX_BYTES // 1_000_000} MB")
                    continue
                content = path.read_bytes()
            except OSError as error:
                problems.append(f"{path.name} kan inte öppnas ({error.strerror})")
                continue
            digest = sha256(content).hexdigest()
            found.setdefault(digest, File(path.name, content, digest))
    return list(found.values())


def receipt(layout: Layout, file: File) -> tuple[Literal["accepted", "rejected"], str]:
    """What a receipt says, with its own words.

    Raises:
        Damaged: it says neither, or both.
    """
    said = [line for line in _lines(layout, file) if _at(layout, line, layout.type) == layout.receipt.record]
    words = {_at(layout, line, layout.receipt.status) for line in said}
    text = "; ".join(filter(None, (_at(layout, line, layout.receipt.text) for line in said)))
    if words and words <= set(layout.receipt.accepted):
        return "accepted", mask_text(text)
    if words and words <= set(layout.receipt.rejected):
        return "rejected", mask_text(text)
    raise Damaged(f"{file.name} säger varken godtagen eller avvisad")


def refusals(layout: Layout, file: File) -> list[Refusal]:
    """The faults of an error file.

    Raises:
        Damaged: it is no text, or names a number that cannot be read.
    """
    found = []
    for line in _lines(layout, file):
        if _at(layout, line, layout.type) != layout.errors.record:
            continue
        said = (_at(layout, line, layout.errors.code), _at(layout, line, layout.errors.text))
        why = mask_text(" ".join(filter(None, said))) or "utan angivet skäl"
        number = _at(layout, line, layout.errors.number)
        found.append(Refusal(_identity(file, number) if number.strip("0") else None, why))
    return found


def answer(layout: Layout, file: File, ref: str, today: date) -> Answered:
    """A whole answer file.

    Raises:
        Damaged: cut, glued, of another batch, with counts that do not agree or something that is not understood.
    """
    lines = list(_lines(layout, file))
    kinds = {item.record: item for item in layout.answer}
    records = [(kinds.get(_at(layout, line, layout.type)), line) for line in lines]
    if strange := [line for kind, line in records if kind is None]:
        raise Damaged(
            f"{file.name} har posttypen {mask_text(_at(layout, strange[0], layout.type))!r}, som layouten saknar"
        )
    means = [kind.means for kind, _ in records if kind is not None]
    frame = means[:1] + means[-1:]
    if frame != ["start", "end"] or len(means) < 2 or {"start", "end"} & set(means[1:-1]):
        raise Damaged(f"{file.name} är inte hel: den börjar inte med en startpost eller slutar inte med en slutpost")
    start = _fields(layout, file, layout.came("start"), lines[0])
    if start["ref"] != ref:
        raise Damaged(f"{file.name} hör till en annan fråga")
    day = on_day(file.name, start["day"])
    if day is None or day > today:
        raise Damaged(f"{file.name} är daterad {day or 'ingen dag'}; väntat en dag som har varit")
    rows: dict[Identity, list[Row]] = {}
    for kind, line in records[1:-1]:
        assert kind is not None
        if kind.means == "other":
            continue
        said = _fields(layout, file, kind, line)
        number = _identity(file, said.pop("number"))
        rows.setdefault(number, []).append(Row(kind.means, number, said))
    end = _fields(layout, file, layout.came("end"), lines[-1])
    if _number(file, end["rows"]) != len(lines) - 2:
        raise Damaged(f"{file.name} har {len(lines) - 2} rader, men slutposten säger {end['rows']}")
    subjects = _number(file, end["subjects"]) if "subjects" in end else None
    counted = sum(any(row.means == "subject" for row in every) for every in rows.values())
    if layout.has("subject") and subjects not in (None, counted):
        raise Damaged(f"{file.name} har svar om {counted} nummer, men slutposten säger {subjects}")
    return Answered(file.name, file.sha256, day, rows, subjects)


# --- fields -------------------------------------------------------------------------------------------------------------
def on_day(name: str, text: str) -> date | None:
    """A day of the file; nothing written is no day.

    Raises:
        Damaged: something else than a day.
    """
    if not text.strip("0"):
        return None
    try:
        return cells.day(text)
    except ValueError:
        raise Damaged(f"{name} har ett datum som inte kan läsas") from None


def money(layout: Layout, name: str, text: str) -> Decimal:
    """An amount of the file in kronor.

    Raises:
        Damaged: not an amount, or below zero.
    """
    try:
        amount = Decimal(int(text)) / 100 if layout.amounts == "ore" else Decimal(cells.ore(text) or 0) / 100
    except ValueError:
        amount = Decimal(-1)
    if amount < 0:
        raise Damaged(f"{name} har ett belopp som inte kan läsas")
    return amount


def _number(file: File, text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise Damaged(f"{file.name}: antalet i slutposten kan inte läsas")
    return int(text)


def _identity(file: File, text: str) -> Identity:
    identity = read(text).identity
    if identity is None:
        raise Damaged(f"{file.name} har ett nummer som inte kan läsas")
    return identity


def _fields(layout: Layout, file: File, kind: Came, line: str) -> dict[str, str]:
    """Every field of a record as written; those that the meaning needs are not empty."""
    said = {name: _at(layout, line, place) for name, place in kind.fields.items()}
    for name in ("number", "amount", "month", "ref", "rows"):
        if said.get(name) == "" and not (name == "amount" and kind.means == "application"):
            raise Damaged(f"{file.name}: en post av typ {kind.record} saknar {name}")
    return said


def _at(layout: Layout, line: str, place: Place | None) -> str:
    if place is None:
        return ""
    if layout.delimiter:
        parts = line.split(layout.delimiter)
        return parts[place.at - 1].strip() if place.at <= len(parts) else ""
    assert place.width is not None
    return line[place.at - 1 : place.at - 1 + place.width].strip()


def _lines(layout: Layout, file: File) -> Iterator[str]:
    try:
        text = file.content.decode(layout.encoding)
    except UnicodeDecodeError:
        raise Damaged(f"{file.name} är inte text i {layout.encoding}") from None
    for line in text.rstrip("\x1a\r\n ").replace("\r\n", "\n").split("\n"):
        yield line.rstrip("\r")
