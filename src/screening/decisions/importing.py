"""Reads what people wrote in workbooks: read, match, validate, apply, answer. Nothing is dropped and nothing is guessed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from screening.config import Config
from screening.decisions.answer import Answer, NotRead, Place, Remark, Result
from screening.decisions.columns import CHECK, FINDING, SUPPLIER, Kind
from screening.decisions.flags import WRONG_NAME, Known, decide
from screening.decisions.matching import Match, Matcher
from screening.decisions.missing import follow_up
from screening.decisions.numbers import accept
from screening.decisions.reading import Book, Row, read_book
from screening.decisions.reviews import review
from screening.decisions.seal import opened
from screening.decisions.standing import FALSE_HIT
from screening.decisions.wishes import Wish, touched, wish
from screening.store import Decision, Store

ANSWER = "svar-"
"""How the name of an answer workbook begins."""
_ENDINGS = frozenset({".xlsx", ".xlsm", ".ods"})


def import_inbox(store: Store, config: Config, home: Path, by: str, at: datetime) -> Result:
    """Reads every workbook in ``[decisions] inbox``; what was read before is read again without effect."""
    if config.decisions.inbox is None:
        return Result()
    folder = home / config.decisions.inbox
    if not folder.is_dir():
        return Result()
    return import_files(store, config, [path for path in sorted(folder.iterdir()) if is_filled_in(path)], by, at)


def is_filled_in(path: Path) -> bool:
    """Whether a file of an inbox is a workbook to read: not a lock file, and not our own answer."""
    name = path.name
    return path.suffix.casefold() in _ENDINGS and not name.startswith(("~$", ".", ANSWER)) and path.is_file()


def import_files(store: Store, config: Config, files: Sequence[Path], by: str, at: datetime) -> Result:
    """Reads decisions, follow-ups, numbers and results of samples, and stores what can be taken.

    The same content twice changes nothing. Each file is one line of the audit log, with its hash.

    Args:
        store: knows what was written in each workbook, and what was decided before.
        config: whose organisation it is, and when facts are worse.
        files: workbooks that people have filled in, in any order.
        by: who imports; stands for whoever decided where the row does not say.
        at: when.
    """
    result = Result()
    work = _Work(store, Matcher(store, config.organisation.name), result)
    for path in files:
        name = path.name if path.name not in result.paths else f"{path.parent.name}/{path.name}"
        result.paths[name] = path
        try:
            book = read_book(path, name)
        except NotRead as error:
            result.add([Answer("refused", Place(name), remarks=(error.remark,))])
            continue
        result.hashes[name] = book.sha
        result.add(book.answers)
        work.take(book)
    _apply(work, Known.of(store, by, at, config.assessment.worse_share))
    _log(store, result, by, at)
    return result


@dataclass(slots=True)
class _Work:
    """The rows that somebody wrote in, by sheet."""

    store: Store
    matcher: Matcher
    result: Result
    wishes: dict[Kind, list[Wish]] = field(default_factory=lambda: defaultdict(list))
    numbers: list[tuple[Row, str, Sequence[Remark]]] = field(default_factory=list)

    def take(self, book: Book) -> None:
        """One workbook's rows: those that nobody wrote in are only counted, or told where other cells were changed."""
        for row in book.rows:
            if row.form.kind == "numbers":
                sealed = opened(row.cells.get(CHECK)) is not None
                self.numbers.append((row, book.sha, self.matcher.match(book, row).problems if sealed else ()))
            else:
                self._row(row, self.matcher.match(book, row), book.sha)

    def _row(self, row: Row, match: Match, sha: str) -> None:
        if touched(row, match) and match.run is not None:
            self.wishes[row.form.kind].append(wish(row, match, sha))
        elif touched(row, match):
            written = "; ".join(filter(None, (row.text(column) for column in row.form.fills)))
            supplier = row.text(SUPPLIER)
            self.result.add([Answer("refused", row.place, row.text(FINDING), supplier, written, match.problems)])
        else:
            self.result.untouched += 1
            if match.written is not None and (match.problems or match.remarks):
                told = (*match.problems, *match.remarks)
                self.result.add([Answer("noted", row.place, match.name, row.text(SUPPLIER), remarks=told)])


def _apply(work: _Work, known: Known) -> None:
    """Stores everything in one transaction; numbers are their own."""
    store, result = known.store, work.result
    decisions, told = decide(known, work.wishes["flags"])
    items, answers = follow_up(known, work.wishes["unknowns"])
    results, said = review(known, work.wishes["sample"])
    with store.batch():
        store.put_decisions(decisions)
        store.put_follow_ups(items)
        store.put_sample_results(results)
    result.add([*told, *answers, *said])
    result.add(accept(store, work.numbers, known.by, known.at))
    for item in decisions:
        _accept_name(known, item)


def _accept_name(known: Known, decision: Decision) -> None:
    """A false hit on the registered name is an acceptance of the number for the name as the export writes it."""
    if decision.assessment != FALSE_HIT or not decision.finding_id.startswith(WRONG_NAME):
        return
    finding = known.state(known.store.run(decision.run_id), decision.finding_id)
    if finding is not None:
        known.store.accept_names(decision.run_id, finding.supplier_id, decision.by, known.at, decision.file_sha)


def _log(store: Store, result: Result, by: str, at: datetime) -> None:
    by_file = result.by_file()
    for name, sha in result.hashes.items():
        counts = Result(answers=list(by_file[name])).counts
        detail = {
            "file": name,
            "sha256": sha,
            **{word: counts[word] for word in ("taken", "known", "noted", "refused")},
        }
        store.audit(by, "decisions import", at, detail)
