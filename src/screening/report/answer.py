"""The answer workbook of an import: row by row what was taken, what not and why, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import xlsxwriter

from screening.decisions.answer import Answer, Language, Result
from screening.decisions.importing import ANSWER
from screening.errors import StoreError
from screening.identity import mask_text
from screening.report.cells import clean
from screening.report.place import Placed, place, safe_name
from screening.report.style import FONT, NAVY

COLUMNS = (
    ("Blad", "Sheet", 14),
    ("Rad", "Row", 6),
    ("Gäller", "About", 18),
    ("Leverantör", "Supplier", 28),
    ("Besked", "Answer", 16),
    ("Skrivet", "Written", 40),
    ("Varför", "Why", 62),
    ("Gör så här", "What to do", 52),
)
WORDS = {
    "taken": ("Togs emot", "Taken"),
    "known": ("Redan inläst", "Known before"),
    "noted": ("Läs", "Note"),
    "refused": ("Togs inte emot", "Not taken"),
}
LOOKS = {"taken": "#DCFCE7", "known": "#F1F5F9", "noted": "#FEF9C3", "refused": "#FEE2E2"}
ORDER = ("refused", "noted", "taken", "known")


def write_answers(
    result: Result, language: Language, fallback: Path, known: Callable[[Path], str | None]
) -> list[Placed]:
    """One ``svar-<file>.xlsx`` beside each file in which something was taken, refused or noted.

    An answer that people have written in, or hold open, keeps its place, and the new one gets a number.

    Args:
        result: what came of the import.
        language: of the sentences.
        fallback: a folder for answers to files in folders that cannot be written.
        known: the hash of what we last wrote under a name.

    Returns:
        Where each answer came to stand.

    Raises:
        StoreError: neither folder can be written.
    """
    written: dict[Path, Placed] = {}
    for name, answers in result.by_file().items():
        if any(item.outcome != "known" for item in answers):
            book, path = Book(name, answers, language), result.paths[name]
            try:
                placed = place(_free(path.parent, path, written), partial(render, book), known)
            except StoreError:
                placed = place(_free(fallback, path, written), partial(render, book), known)
            written[placed.path] = placed
    return list(written.values())


def _free(folder: Path, path: Path, written: Collection[Path]) -> Path:
    """What the answer to ``path`` is called; with its ending where a file of the same name was answered just now."""
    first, *others = (folder / f"{ANSWER}{safe_name(mask_text(name))}.xlsx" for name in (path.stem, path.name))
    while first in written:
        first = others.pop() if others else first.with_name(f"{first.stem}-2.xlsx")
    return first


@dataclass(frozen=True, slots=True)
class Book:
    """The answer to one file."""

    name: str
    answers: Sequence[Answer]
    language: Language


def render(book: Book, path: Path) -> None:
    """Writes the answer: what was refused first, then what should be read, then what was taken."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    english = book.language == "en"
    with xlsxwriter.Workbook(str(path), options) as file:
        sheet = file.add_worksheet("Answer" if english else "Svar")
        bold = file.add_format({"font_name": FONT, "bold": True, "font_size": 13, "font_color": NAVY})
        plain = file.add_format({"font_name": FONT, "font_size": 9})
        head = {"font_name": FONT, "font_size": 9, "bold": True, "bg_color": NAVY, "font_color": "#FFFFFF"}
        title = f"Answer to {book.name}" if english else f"Svar på {book.name}"
        sheet.write_string(0, 0, clean(mask_text(title)), bold)
        counts = [
            f"{WORDS[word][english]}: {count}"
            for word in ORDER
            if (count := sum(item.outcome == word for item in book.answers))
        ]
        sheet.write_string(1, 0, " · ".join(counts), plain)
        for column, (swedish, word, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
            sheet.write_string(3, column, word if english else swedish, file.add_format(head))
        looks = {
            word: file.add_format(
                {"font_name": FONT, "font_size": 9, "text_wrap": True, "valign": "top", "bg_color": look, "bottom": 4}
            )
            for word, look in LOOKS.items()
        }
        ordered = sorted(book.answers, key=lambda item: (ORDER.index(item.outcome), item.place))
        for row, item in enumerate(ordered, start=4):
            _row(sheet, row, item, book.language, looks[item.outcome])
        sheet.autofilter(3, 0, 3 + max(len(ordered), 1), len(COLUMNS) - 1)
        sheet.freeze_panes(4, 3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(3)


def _row(sheet: Any, row: int, item: Answer, language: Language, look: Any) -> None:
    english = language == "en"
    to_do = dict.fromkeys(filter(None, (remark.to_do(language) for remark in item.remarks)))
    texts = [
        item.place.sheet,
        None,
        item.subject,
        item.supplier,
        WORDS[item.outcome][english],
        item.written,
        "\n".join(remark.said(language) for remark in item.remarks),
        "\n".join(to_do),
    ]
    for column, text in enumerate(texts):
        if text is None:
            if item.place.row:
                sheet.write_number(row, column, item.place.row, look)
            else:
                sheet.write_blank(row, column, None, look)
        else:
            sheet.write_string(row, column, clean(mask_text(text)), look)
