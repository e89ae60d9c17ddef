"""Reads back what people wrote in workbooks: so far the numbers they accepted in *Indatafel*."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from screening.config import Config
from screening.errors import InputError
from screening.identity import Identity, mask_text, read
from screening.names import is_hidden, normalise
from screening.store import Store

SHEET = "Indatafel"
NAME, WRITTEN, RIGHT, DECISION, WHO = "Leverantör", "Skrivet nummer", "Rätt orgnr", "Beslut", "Beslutat av"
ACCEPT = "godta nummer"
LEFT = frozenset({"rätta i källan", "ignorera"})
MOST_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row that somebody wrote in. ``where`` is file, sheet and row, as a person finds it."""

    where: str
    name: str
    written: str
    right: object
    decision: str
    who: str
    file_sha: str


@dataclass(slots=True)
class Result:
    """What came of the rows: sentences, so that nothing that somebody wrote is dropped in silence."""

    accepted: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    noted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def lines(self, language: str = "sv") -> list[str]:
        """For the person at the screen."""
        english = language == "en"
        heads = (
            (self.accepted, "Godtagna nummer", "Numbers accepted"),
            (self.known, "Redan godtagna", "Accepted before"),
            (self.noted, "Utan åtgärd här", "Nothing to do here"),
            (self.refused, "Togs inte emot", "Not taken"),
        )
        found = []
        for items, swedish, word in heads:
            if items:
                found.append(f"{word if english else swedish}: {len(items)}")
                found += [f"  {item}" for item in items]
        return found or ["No decisions were found." if english else "Inga beslut hittades."]


def import_inbox(store: Store, config: Config, home: Path, by: str, at: datetime) -> list[str]:
    """Reads every workbook in ``[decisions] inbox``; what was read before is read again without effect."""
    if config.decisions.inbox is None:
        return []
    folder = home / config.decisions.inbox
    paths = sorted(path for path in folder.glob("*.xlsx") if not path.name.startswith(("~$", ".")))
    if not paths:
        return []
    result = import_files(store, paths, by, at)
    return result.lines(config.report.language) if result.accepted or result.refused else []


def import_files(store: Store, files: Sequence[Path], by: str, at: datetime) -> Result:
    """Reads numbers that people accepted, and remembers them for the name and number as the export writes them.

    The same file twice changes nothing. Two rows that disagree are both refused.

    Args:
        store: remembers the numbers, and logs each file.
        files: workbooks that people have filled in; columns may have moved and rows been sorted.
        by: who imports; stands for *Beslutat av* where that is empty.
        at: when.
    """
    result = Result()
    rows: list[Row] = []
    hashes: dict[Path, str] = {}
    for path in files:
        try:
            content = _content(path)
            hashes[path] = sha256(content).hexdigest()
            rows += _rows(path, hashes[path])
        except InputError as error:
            result.refused.append(str(error))
    wanted = _wanted(rows, result)
    _accept(store, wanted, by, at, result)
    for path, digest in hashes.items():
        detail = {"file": path.name, "sha256": digest, "accepted": len(result.accepted), "refused": len(result.refused)}
        store.audit(by, "decisions import", at, detail)
    return result


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            message = f"{path.name}: större än {MOST_BYTES // 1_000_000} MB; en ifylld avvikelserapport är mindre"
            raise InputError(message)
        return path.read_bytes()
    except OSError as error:
        message = f"{path.name}: kunde inte läsas ({error.strerror}); stäng den i Excel och kontrollera sökvägen"
        raise InputError(message) from error


# --- reading ----------------------------------------------------------------------------------------------------------
def _rows(path: Path, digest: str) -> Iterator[Row]:
    """Rows of *Indatafel* in which somebody chose a decision or wrote a number.

    Raises:
        InputError: not a workbook, no such sheet, or the columns cannot be found.
    """
    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            if SHEET not in book.sheet_names:
                message = f"{path.name}: bladet {SHEET} finns inte; väntade en avvikelserapport"
                raise InputError(message)
            cells = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        message = f"{path.name}: kunde inte läsas som arbetsbok; spara den som .xlsx och försök igen"
        raise InputError(message) from error
    start, places = _header(path, cells)
    for number, row in enumerate(cells[start + 1 :], start=start + 2):
        found = {name: row[place] if place < len(row) else "" for name, place in places.items()}
        decision = _text(found[DECISION])
        if decision or _text(found[RIGHT]):
            where = f"{path.name}, {SHEET} rad {number}"
            who = _text(found.get(WHO, ""))
            yield Row(where, _text(found[NAME]), _text(found[WRITTEN]), found[RIGHT], decision, who, digest)


def _header(path: Path, cells: Sequence[Sequence[object]]) -> tuple[int, Mapping[str, int]]:
    """The header's row and where each column stands, wherever people moved it."""
    needed = {NAME, WRITTEN, RIGHT, DECISION}
    for number, row in enumerate(cells[:20]):
        places = {_text(value): place for place, value in enumerate(row)}
        if needed <= places.keys():
            return number, {name: places[name] for name in (*sorted(needed), WHO) if name in places}
    message = f"{path.name}: rubrikerna {', '.join(sorted(needed))} finns inte i bladet {SHEET}"
    raise InputError(message)


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


# --- judging what was written -----------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Wanted:
    row: Row
    identity: Identity


def _wanted(rows: Sequence[Row], result: Result) -> list[_Wanted]:
    """The numbers to accept; everything else is told with its reason."""
    by_key: dict[tuple[str, str], list[_Wanted]] = defaultdict(list)
    for row in rows:
        identity = _judge(row, result)
        if identity is not None:
            by_key[normalise(row.name), row.written].append(_Wanted(row, identity))
    chosen = []
    for items in by_key.values():
        if len({item.identity for item in items}) > 1:
            result.refused += [f"{_who(item.row)}: flera rader anger olika nummer; välj ett" for item in items]
        else:
            chosen.append(items[0])
    return chosen


def _judge(row: Row, result: Result) -> Identity | None:
    """The number that the row accepts, if it does."""
    decision = row.decision.casefold()
    if decision in LEFT:
        result.noted.append(f"{_who(row)}: {row.decision}")
        return None
    if decision != ACCEPT:
        problem = f"beslutet {mask_text(row.decision)!r} finns inte i listan" if decision else "Beslut är inte ifyllt"
        result.refused.append(f"{_who(row)}: {problem}; välj Godta nummer, Rätta i källan eller Ignorera")
        return None
    if not row.name:
        result.refused.append(f"{_who(row)}: Leverantör är tom; ett nummer godtas för ett namn")
        return None
    if "*" in row.written or is_hidden(row.name):
        problem = "det skrivna numret är en persons och står inte här; rätta det i källsystemet"
        if is_hidden(row.name):
            problem = "namnet är maskerat och kan stå för flera; rätta det i källsystemet"
        result.refused.append(f"{_who(row)}: {problem}")
        return None
    reading = read(row.right if _text(row.right) else row.written)
    if reading.identity is None:
        why = reading.problem.text("sv") if reading.problem else ""
        result.refused.append(f"{_who(row)}: Rätt orgnr {reading.written!r} kan inte godtas; {why}")
        return None
    return reading.identity


def _accept(store: Store, wanted: Sequence[_Wanted], by: str, at: datetime, result: Result) -> None:
    for item in wanted:
        row = item.row
        told = f"{_who(row)}: {item.identity.display}"
        if store.accepted().get((normalise(row.name), row.written)) == item.identity:
            result.known.append(told)
            continue
        store.accept_number(row.name, row.written, item.identity, row.who or by, at, row.file_sha)
        result.accepted.append(told)


def _who(row: Row) -> str:
    return f"{row.where}, {mask_text(row.name)}" if row.name else row.where
