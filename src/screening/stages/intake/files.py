"""Which files a run reads, which connector takes each sheet, and which column is the supplier's number."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from screening.adapters.cells import clean, header_key
from screening.adapters.table import Row, Sheet, Table, open_table
from screening.adapters.table_texts import Refused, say
from screening.config import Config
from screening.exports import Export, Recognition, closest, header_guess, nearest, recognise
from screening.identity import Problem, mask_text, read
from screening.stages.intake.desk import Digest, Part, Tally

_SHOWN_COLUMNS = 40
_SAMPLE = 200  # rows by which a number column is judged
_ENOUGH = 10  # distinct cells before a column without a single valid number is called internal


@dataclass(frozen=True, slots=True)
class Found:
    """One file to read, or a pattern that matches none (``path`` is ``None``)."""

    name: str
    path: Path | None
    connector: str | None


def find_files(config: Config, home: Path, period: str) -> Iterator[Found]:
    """The files of ``[[intake]]`` in order; a file that several patterns match is read once, by the first."""
    taken: set[Path] = set()
    for entry in config.intake:
        pattern = entry.files.replace("{period}", period)
        matches = sorted(Path(home, item) for item in glob.glob(pattern, root_dir=home, recursive=True))  # noqa: PTH207 - absolute patterns too
        files = [path for path in matches if path.is_file()]
        if not any(not is_lock(path) for path in files):
            yield Found(pattern, None, entry.connector)
        for path in files:
            resolved = path.resolve()
            if resolved not in taken:
                taken.add(resolved)
                yield Found(shown_name(path, home), path, entry.connector)


def is_lock(path: Path) -> bool:
    """Whether the file is what Excel lays beside a workbook that is open."""
    return path.name.startswith(("~$", ".~lock"))


def shown_name(path: Path, home: Path) -> str:
    """The name under which reports show a file, masked: relative to the workspace where it lies there."""
    try:
        return mask_text(path.resolve().relative_to(home.resolve()).as_posix())
    except ValueError:
        return mask_text(path.name)


@dataclass(slots=True)
class Opened:
    """A file whose sheets have been taken by connectors."""

    table: Table
    parts: list[Part]
    notes: list[str] = field(default_factory=list)

    @property
    def connector(self) -> str:
        """The connectors that took it, comma between."""
        return ", ".join(dict.fromkeys(part.export.name for part in self.parts))


class Opener:
    """Opens files of one run."""

    def __init__(self, exports: Mapping[str, Export], buyer: str, language: str) -> None:
        self._exports = exports
        self._buyer = read(buyer).identity
        self._language = language

    def say(self, code: str, **values: object) -> str:
        """A sentence in the organisation's language."""
        return say(code, self._language, **values)

    def open(self, name: str, path: Path, connector: str | None, *, tally: Tally, digest: Digest) -> Opened:
        """Opens a file and finds the connector of each sheet.

        Raises:
            Refused: it cannot be read, or no connector knows any header in it.
        """
        if connector is not None and connector not in self._exports:
            raise Refused("no_connector", connector=connector, known=", ".join(self._exports) or "–")
        table = open_table(path)
        opened = Opened(table, [])
        heads = self._heads(opened)
        found = self._recognised(heads, connector)
        if table.alternatives and found:
            found = dict([max(found.items(), key=lambda item: item[1].score)])
        if not found:
            table.close()
            self._refuse(heads, connector)
        for place, (sheet, head) in enumerate(heads):
            if place in found:
                if table.encoding:
                    delimiter = {"\t": "TAB"}.get(sheet.delimiter, sheet.delimiter)
                    opened.notes.append(self.say("encoding", encoding=table.encoding, delimiter=delimiter))
                part = Part(name, digest, sheet, found[place].export, found[place], {}, tally)
                opened.parts.append(self._placed(part, head, opened.notes))
            elif not table.alternatives:
                code = "sheet_no_header" if _has_content(head) else "sheet_empty"
                opened.notes.append(self.say(code, sheet=mask_text(sheet.name)))
        return opened

    def _heads(self, opened: Opened) -> list[tuple[Sheet, list[Row]]]:
        """The first rows of every sheet that a person sees; the others are named."""
        if opened.table.replaced:
            opened.notes.append(self.say("replaced"))
        hidden = [sheet for sheet in opened.table.sheets if sheet.hidden]
        opened.notes.extend(self.say("sheet_hidden", sheet=mask_text(sheet.name)) for sheet in hidden)
        return [(sheet, sheet.head()) for sheet in opened.table.sheets if not sheet.hidden]

    # --- recognising ----------------------------------------------------------------------------------------------------
    def _recognised(self, heads: Sequence[tuple[Sheet, list[Row]]], connector: str | None) -> dict[int, Recognition]:
        """Place of the sheet -> connector and header."""
        found: dict[int, Recognition] = {}
        for place, (sheet, head) in enumerate(heads):
            if connector is None:
                one = recognise(self._exports, head)
            else:
                one = closest(self._exports[connector], head, self._exports)
                one = None if one is None or one.missing() else one
            if one is not None and not _named(sheet.name, one.export.table.options.skip_sheets):
                found[place] = one
        return found

    def _refuse(self, heads: Sequence[tuple[Sheet, list[Row]]], connector: str | None) -> None:
        """Says which columns the file has and which connector is nearest.

        Raises:
            Refused: always.
        """
        guesses = [header_guess(head) for _, head in heads]
        guess = max(guesses, key=len, default=())
        if not any(_has_content(head) for _, head in heads):
            raise Refused("empty")
        near = nearest(self._exports, guess)
        columns = _listed(guess)
        named = near.name if near else "–"
        if connector is not None:
            missing = self._missing(heads, connector)
            raise Refused("not_this_connector", connector=connector, missing=missing, columns=columns, nearest=named)
        if near is not None and not _has_supplier(near, guess):
            raise Refused("no_supplier_column", columns=columns, nearest=named)
        raise Refused("no_header", columns=columns, nearest=named)

    def _missing(self, heads: Sequence[tuple[Sheet, list[Row]]], connector: str) -> str:
        """The spellings of which the header should have had one."""
        export = self._exports[connector]
        for _, head in heads:
            one = closest(export, head, self._exports)
            if one is not None and one.missing():
                group = one.missing()[0]
                return " / ".join(item for name in group for item in export.table.columns.get(name, ())[:2])
        return " / ".join(spellings[0] for spellings in list(export.table.columns.values())[:4])

    # --- columns --------------------------------------------------------------------------------------------------------
    def _placed(self, part: Part, head: list[Row], notes: list[str]) -> Part:
        """The part with one column per field, and notes that name every column."""
        found, sheet = part.found, part.sheet
        options = found.export.table.options
        sample = [row for row in head if row.number > found.header][:_SAMPLE]
        places: dict[str, int] = {}
        expired = _named(sheet.name, options.expired_sheets)
        notes.append(
            self.say("connector", connector=found.export.name) + f"; {self.say('header_row', row=found.header)}"
        )
        if expired:
            notes.append(self.say("sheet_expired", sheet=sheet.name))
        for field_name, candidates in found.places.items():
            places[field_name] = self._place(field_name, candidates, sample, found, notes)
        self._number_column(places, sample, found, notes)
        mapped = set(places.values())
        for field_name, place in places.items():
            notes.append(self.say("column_mapped", column=mask_text(found.headers[place]), field=field_name))
        spare = tuple(place for several in found.places.values() for place in several)
        for code, left in (("column_ignored", (*found.ignored, *spare)), ("column_unknown", found.unknown)):
            if columns := [mask_text(found.headers[place]) for place in left if place not in mapped]:
                notes.append(self.say(code, columns=", ".join(columns)))
        even = bool(sheet.delimiter) and _is_even(sample, len(found.headers)) and found.export.kind != "attestations"
        if not even and any(_beyond(row, len(found.headers)) for row in sample):
            notes.append(self.say("column_unnamed"))
        return replace(part, places=places, expired=expired, even=even)

    def _place(
        self, name: str, candidates: Sequence[int], sample: Sequence[Row], found: Recognition, notes: list[str]
    ) -> int:
        """Which of the columns that a field may be read from is meant.

        The spelling that the connector names first; of equal headers the first that is not the buyer's own number.
        """
        order = list(map(header_key, found.export.table.columns[name]))
        ranked = sorted(candidates, key=lambda item: (_rank(order, header_key(found.headers[item])), item))
        place = ranked[0]
        if name == "supplier_id" and len(ranked) > 1:
            place = next((item for item in ranked if not self._is_buyers(item, sample)), place)
        if any(
            header_key(found.headers[item]) == header_key(found.headers[place]) for item in candidates if item != place
        ):
            notes.append(self.say("column_twice", column=mask_text(found.headers[place]), place=place + 1))
        return place

    def _number_column(
        self, places: dict[str, int], sample: Sequence[Row], found: Recognition, notes: list[str]
    ) -> None:
        """Says which column is the supplier's number and why, after looking at what stands in it.

        Raises:
            Refused: it is the buyer's own.
        """
        place = places.get("supplier_id")
        if place is None:
            notes.append(self.say("number_none"))
            return
        column = mask_text(found.headers[place])
        if self._is_buyers(place, sample):
            raise Refused("buyers_number", column=column)
        if self._is_internal(place, sample):
            del places["supplier_id"]
            places.setdefault("supplier_no", place)
            notes.append(self.say("number_internal", column=column))
            return
        several = len(found.places["supplier_id"]) > 1
        why = self.say("why_buyer") if several else self.say("why_name", connector=found.export.name)
        notes.append(self.say("number_column", place=place + 1, column=column, why=why))

    def _is_buyers(self, place: int, sample: Sequence[Row]) -> bool:
        """Whether every filled cell is the buyer's own number, in more rows than chance allows."""
        cells = [text for row in sample if place < len(row.cells) and (text := clean(row.cells[place]))]
        numbers = {read(text).identity for text in set(cells)}
        return self._buyer is not None and len(cells) > 1 and numbers == {self._buyer}

    def _is_internal(self, place: int, sample: Sequence[Row]) -> bool:
        """Whether the cells are digits of another sort: none valid, none of ten or twelve digits."""
        cells = {text for row in sample if place < len(row.cells) and (text := clean(row.cells[place]))}
        digits = {text for text in cells if text.isascii() and text.isdigit() and text.strip("0")}
        if len(digits) < _ENOUGH or len(digits) * 10 < len(cells) * 9:
            return False
        readings = [read(text) for text in digits]
        return all(item.identity is None and item.problem is not Problem.LOST_ZERO for item in readings) and not any(
            len(text) in (10, 12) for text in digits
        )


def _has_content(head: Sequence[Row]) -> bool:
    return any(clean(cell) for row in head for cell in row.cells)


def _beyond(row: Row, width: int) -> bool:
    """Whether a row has a filled cell beyond the header."""
    return any(clean(cell) for cell in row.cells[width:])


def _is_even(sample: Sequence[Row], width: int) -> bool:
    """Whether cells beyond the header are exceptions and not a column that nobody named."""
    return 2 * sum(1 for row in sample if _beyond(row, width)) < max(len(sample), 1)


def _rank(order: Sequence[str], header: str) -> int:
    """Where a header stands among the connector's spellings; a cut one stands last."""
    return order.index(header) if header in order else len(order)


def _named(sheet: str, words: Sequence[str]) -> bool:
    return any(word.casefold() in sheet.casefold() for word in words)


def _listed(headers: Sequence[str]) -> str:
    """Headers as a list in a sentence, masked; what may be data rather than a header is left out."""
    shown = [mask_text(item) for item in headers[:_SHOWN_COLUMNS]]
    more = f" +{len(headers) - _SHOWN_COLUMNS}" if len(headers) > _SHOWN_COLUMNS else ""
    return (", ".join(shown) + more) or "–"


def _has_supplier(export: Export, headers: Sequence[str]) -> bool:
    """Whether a header like one of the connector's supplier columns is there."""
    columns = [header_key(item) for item in headers]
    names = {
        header_key(item)
        for name in ("supplier_name", "supplier_id", "supplier_no")
        for item in export.table.columns.get(name, ())
    }
    return any(
        item in names or any(item.startswith(other) or other.startswith(item) for other in names)
        for item in columns
        if item
    )
