"""The files of a monthly run, rendered from what it stored."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from screening.config import Config
from screening.report import jsonl
from screening.report.asking import OPEN, POINTS
from screening.report.kept import OfUnit, pages, unit_pages
from screening.report.layout import SUMMARY, Layout
from screening.report.letters import MERGE, Sender, letter, merge_rows, recipients, template
from screening.report.manifest import dump
from screening.report.place import HALF_MADE, beside, digest, place, safe_name, to_disk
from screening.report.texts import Language
from screening.report.workbook import Book, Page, Row, render
from screening.store import Run, Store

UNITS = "enheter"
REQUESTS, LETTERS = "begaran", "brev"


def write_reports(
    store: Store, run: Run, config: Config, folder: Path, tell: Callable[[str], None] | None = None
) -> list[Path]:
    """Renders a run from what it stored: the workbook, one per unit, findings.jsonl and manifest.json.

    Args:
        store: holds the rows of every sheet.
        run: the run to render, with its manifest; nothing is judged again.
        config: for the organisation's name and the language.
        folder: where reports go; the run's stand in ``folder/<period>``, a replaced one's in a folder of its own there.
        tell: told a sentence for each workbook that was not replaced because people have worked in it or hold it open.

    Returns:
        The files written.

    Raises:
        StoreError: the disk is full or the folder cannot be written; what stood there before still stands.
    """
    kept = {page.layout.name: page for page in pages(store, run, config.report)}
    summary = list(kept.pop(SUMMARY).rows) if SUMMARY in kept else []
    asked = [_asked(kept, layout) for layout in (POINTS, OPEN)]
    whole = list(kept.values())
    parts = list(unit_pages(store, run, whole))
    title = f"avvikelserapport-{run.period}"
    created = datetime.combine(run.as_of, time(12), UTC)  # no clock: the same rows give the same bytes
    simulated = any(row[1] == "simulated" for row in summary)

    def book(name: str, own: Sequence[Row], lists: Sequence[Page]) -> Book:
        return Book(name, config.organisation.name, run.id, created, config.report.language, simulated, own, lists)

    where = folder / run.period / run.id if run.replaced_by else folder / run.period
    target = Target(store, run, where, config.report.language)
    target.workbook(f"{title}.xlsx", book(title, [row for row in summary if not row[0]], whole))
    for unit, name in unit_files(str(row[0]) for row in summary if row[0]).items():
        own = [row for row in summary if row[0] == unit]
        its = [Page(page.layout, page.columns, OfUnit(page.rows, place, unit, rows)) for page, place, rows in parts]
        target.workbook(f"{UNITS}/{name}.xlsx", book(f"{title} {unit}", own, its))
    _requests(target, asked, config, run, simulated=simulated)
    target.text("findings.jsonl", jsonl.lines(store, run, config))
    target.text("manifest.json", [dump(run.manifest)])
    if tell is not None:
        for sentence in target.kept:
            tell(sentence)
    return target.paths


def _requests(
    target: Target, asked: Sequence[tuple[Layout, list[str], list[Row]]], config: Config, run: Run, *, simulated: bool
) -> None:
    """The list of what to ask suppliers for, the letter's template, and a letter per supplier; nothing when there is none."""
    rows = asked[0][2]
    written: set[str] = set()
    if any(own for _layout, _columns, own in asked):
        language, organisation = config.report.language, config.organisation.name
        title = f"begaran-{run.period}"
        created = datetime.combine(run.as_of, time(12), UTC)
        merge = Page(MERGE, MERGE.names, list(merge_rows(rows, language)))
        pages = [Page(layout, columns, own) for layout, columns, own in asked]
        target.workbook(
            f"{REQUESTS}/{title}.xlsx",
            Book(title, organisation, run.id, created, language, simulated, None, [pages[0], merge, pages[1]]),
        )
        sender = Sender(organisation, run.as_of.isoformat(), language, simulated)
        target.text(f"{REQUESTS}/brevmall.txt", template(sender))
        people = recipients(rows)
        names = unit_files(f"{who.name} {who.own}".strip() for who in people)
        for who in people:
            name = f"{REQUESTS}/{LETTERS}/{names[f'{who.name} {who.own}'.strip()]}.txt"
            target.letter(name, letter(who, sender))
            written.add(name)
    target.clear(f"{REQUESTS}/{LETTERS}", written)


def unit_files(units: Iterable[str]) -> dict[str, str]:
    """Unit -> its file's name without ending, in order of first mention; no two the same on a disk blind to case."""
    found: dict[str, str] = {}
    used: set[str] = set()
    for unit in units:
        if unit in found:
            continue
        base = safe_name(unit)
        name, number = base, 1
        while name.casefold() in used:
            number += 1
            name = f"{base} ({number})"
        used.add(name.casefold())
        found[unit] = name
    return found


def sweep(folder: Path) -> None:
    """Takes away what a run that was killed while it wrote left half-made. Only while no other run writes there."""
    for left in folder.glob(f"*/**/{HALF_MADE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


class Target:
    """The folder that a run writes to."""

    def __init__(self, store: Store, run: Run, folder: Path, language: Language) -> None:
        self.store, self.run, self.folder, self.english = store, run, folder, language == "en"
        self.paths: list[Path] = []
        self.kept: list[str] = []

    def text(self, name: str, lines: Iterable[str]) -> None:
        """A text file, line by line."""
        path = self.folder / name
        with beside(path) as made:
            _write_lines(made, lines)
            to_disk(made)
            made.replace(path)
        self.paths.append(path)

    def workbook(self, name: str, book: Book) -> None:
        """A workbook under its own name, or with ``-2``, ``-3`` … beside one that holds people's work."""
        self._kept(name, lambda made: render(book, made))

    def letter(self, name: str, lines: Sequence[str]) -> None:
        """A text that people may go on writing in: as a workbook, it is never replaced once they have."""
        self._kept(name, lambda made: _write_lines(made, lines))

    def clear(self, name: str, written: Collection[str]) -> None:
        """Takes away letters of an earlier run of the period that nobody has touched and that are not to be sent now."""
        for path in sorted((self.folder / name).glob("*.txt")):
            relative = path.relative_to(self.folder).as_posix()
            if relative not in written and digest(path) == self.store.workbook_sha(self._key(path)):
                path.unlink()

    def _kept(self, name: str, fill: Callable[[Path], None]) -> None:
        placed = place(self.folder / name, fill, lambda path: self.store.workbook_sha(self._key(path)))
        self.store.put_workbook(self.run.id, self._key(placed.path), placed.sha256)
        self.paths.append(placed.path)
        self.kept += placed.told(english=self.english)

    def _key(self, path: Path) -> str:
        return f"{self.folder.name}/{path.relative_to(self.folder).as_posix()}"


def _asked(kept: dict[str, Page], layout: Layout) -> tuple[Layout, list[str], list[Row]]:
    """The rows of a list about what suppliers are asked for, which is no sheet of the report."""
    page = kept.pop(layout.name, None)
    return (layout, list(page.columns), list(page.rows)) if page is not None else (layout, [], [])
