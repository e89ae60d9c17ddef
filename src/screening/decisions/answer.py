"""What came of each row that somebody wrote in: taken, known before, noted or refused; why, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from screening.adapters.table_texts import Refused
from screening.decisions.texts import HEADS, SAID, TO_DO
from screening.errors import InputError
from screening.identity import mask_text

Outcome = Literal["taken", "known", "noted", "refused"]
OUTCOMES: tuple[Outcome, ...] = ("taken", "known", "noted", "refused")
Language = Literal["sv", "en"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """File, sheet and row, as a person finds them; row 0 for a file or sheet as a whole."""

    file: str
    sheet: str = ""
    row: int = 0

    def said(self, language: Language = "sv") -> str:
        """``avvikelserapport.xlsx, Flaggor rad 7``."""
        row = f" {'row' if language == 'en' else 'rad'} {self.row}" if self.row else ""
        return mask_text(f"{self.file}, {self.sheet}{row}" if self.sheet else self.file)


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence of the catalogue in ``decisions.texts`` with its values."""

    code: str
    values: Mapping[str, object] = field(default_factory=dict)

    def said(self, language: Language = "sv") -> str:
        """What happened."""
        return self._of(SAID, language)

    def to_do(self, language: Language = "sv") -> str:
        """What the reader should do; empty when nothing."""
        return self._of(TO_DO, language) if self.code in TO_DO else ""

    def _of(self, table: Mapping[str, tuple[str, str]], language: Language) -> str:
        values = {name: _told(value, language) for name, value in self.values.items()}
        return table[self.code][language == "en"].format_map(values)


def remark(code: str, **values: object) -> Remark:
    """A sentence."""
    return Remark(code, values)


def _told(value: object, language: Language) -> object:
    if isinstance(value, Refused):
        return value.say(language)
    if isinstance(value, Place):
        return value.said(language)
    return mask_text(value) if isinstance(value, str) else value


class NotRead(InputError):  # noqa: N818 - what happened to the file, not a fault of ours
    """A file or a sheet that is not read, with its sentence in either language."""

    def __init__(self, code: str, **values: object) -> None:
        self.remark = Remark(code, values)
        super().__init__(self.remark.said())


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of the answer: what came of a row, a sheet or a file.

    Attributes:
        outcome: ``taken``; ``known`` (read in before); ``noted`` (nothing to do here); ``refused``.
        place: where it was written.
        subject: finding id, or what else the row is about; no personal number.
        supplier: the supplier's name as the report writes it.
        written: what was written, in short.
        remarks: why it was refused, or what should be known of what was taken.
    """

    outcome: Outcome
    place: Place
    subject: str = ""
    supplier: str = ""
    written: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def head(self) -> str:
        """Under which heading of ``decisions.texts`` it is told on the screen."""
        numbers = any(item.code == "number_taken" for item in self.remarks)
        return "numbers" if numbers else self.outcome

    def line(self, language: Language = "sv") -> str:
        """One line for the screen."""
        parts = [self.place.said(language), *filter(None, (mask_text(self.supplier), self.subject))]
        said = "; ".join(filter(None, (mask_text(self.written), *(item.said(language) for item in self.remarks))))
        to_do = " ".join(dict.fromkeys(filter(None, (item.to_do(language) for item in self.remarks))))
        return f"{', '.join(parts)}: {said}{f'. {to_do}' if to_do else ''}"


@dataclass(slots=True)
class Result:
    """Everything that came of an import.

    Attributes:
        paths: what answers call a file -> where it is.
        hashes: the same -> its SHA-256; files that could not be read have none.
        untouched: rows in which nobody wrote.
    """

    answers: list[Answer] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    untouched: int = 0

    def add(self, answers: Iterable[Answer]) -> None:
        """More rows."""
        self.answers += answers

    def of(self, outcome: Outcome) -> list[Answer]:
        """Those of one outcome."""
        return [item for item in self.answers if item.outcome == outcome]

    @property
    def counts(self) -> Counter[str]:
        """How many rows came to what."""
        return Counter(item.outcome for item in self.answers)

    def by_file(self) -> Mapping[str, list[Answer]]:
        """The answers of each file, in the order of sheets and rows; every file has its own."""
        found: dict[str, list[Answer]] = {name: [] for name in self.paths}
        for item in self.answers:
            found.setdefault(item.place.file, []).append(item)
        return {name: sorted(items, key=lambda item: item.place) for name, items in found.items()}

    def lines(self, language: Language = "sv", most: int = 20) -> list[str]:
        """For the person at the screen: counts, and the rows that she should look at."""
        return list(self._lines(language, most)) or [HEADS["nothing"][language == "en"]]

    def _lines(self, language: Language, most: int) -> Iterator[str]:
        for head in ("numbers", *OUTCOMES):
            items = [item for item in self.answers if item.head == head]
            if items:
                yield f"{HEADS[head][language == 'en']}: {len(items)}"
                yield from (f"  {item.line(language)}" for item in items[:most])
                if len(items) > most:
                    yield f"  … {HEADS['more'][language == 'en'].format(count=len(items) - most)}"
