"""Numbers that people accepted in *Indatafel*: remembered for the name and the number as the export writes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from screening.decisions.answer import Answer, Outcome, Remark, remark
from screening.decisions.columns import DECIDED_BY, NUMBER_DECISIONS, RIGHT, SUPPLIER, VERDICT, WRITTEN
from screening.decisions.reading import Row
from screening.identity import Identity, mask_text, read
from screening.names import is_hidden, normalise
from screening.store import Store

ACCEPT = "godta nummer"
LEFT = frozenset({"rätta i källan", "ignorera"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number that a row accepts."""

    row: Row
    sha: str
    identity: Identity


def accept(store: Store, rows: Sequence[tuple[Row, str, Sequence[Remark]]], by: str, at: datetime) -> Iterator[Answer]:
    """Remembers the numbers that people accepted; two rows that disagree are both refused.

    Args:
        store: remembers them.
        rows: each with the hash of its file, and why it cannot be taken whatever stands in it.
        by: who imports; stands for *Beslutat av* where that is empty.
        at: when.
    """
    by_key: dict[tuple[str, str], list[Wanted]] = defaultdict(list)
    for row, sha, problems in rows:
        if not row.text(VERDICT) and not row.text(RIGHT):
            continue
        found = _answer(row, "refused", *problems) if problems else _judge(row)
        if isinstance(found, Answer):
            yield found
        else:
            by_key[normalise(row.text(SUPPLIER)), row.text(WRITTEN)].append(Wanted(row, sha, found))
    for items in by_key.values():
        if len({item.identity for item in items}) > 1:
            yield from (_answer(item.row, "refused", remark("numbers_differ")) for item in items)
        else:
            yield from _accept(store, items[0], by, at)


def _judge(row: Row) -> Identity | Answer:
    """The number that the row accepts, or what to say of it."""
    decision, name, written = row.text(VERDICT), row.text(SUPPLIER), row.text(WRITTEN)
    words = ", ".join(NUMBER_DECISIONS)
    if decision.casefold() in LEFT:
        return _answer(row, "noted", remark("number_left", verdict=decision))
    if not decision:
        return _answer(row, "refused", remark("no_word", column=VERDICT, words=words))
    if decision.casefold() != ACCEPT:
        return _answer(row, "refused", remark("unknown_word", column=VERDICT, value=mask_text(decision), words=words))
    for wrong, code in ((not name, "no_name"), (is_hidden(name), "hidden_name"), ("*" in written, "hidden_number")):
        if wrong:
            return _answer(row, "refused", remark(code))
    reading = read(row.cells[RIGHT] if row.text(RIGHT) else row.cells[WRITTEN])
    if reading.identity is None:
        why = reading.problem.text("sv") if reading.problem else ""
        return _answer(row, "refused", remark("number_wrong", written=reading.written, why=why))
    return reading.identity


def _accept(store: Store, item: Wanted, by: str, at: datetime) -> Iterator[Answer]:
    name, written = item.row.text(SUPPLIER), item.row.text(WRITTEN)
    values: Mapping[str, object] = {"number": item.identity.display}
    if store.accepted().get((normalise(name), written)) == item.identity:
        yield _answer(item.row, "known", remark("number_known", **values))
        return
    store.accept_number(name, written, item.identity, item.row.text(DECIDED_BY) or by, at, item.sha)
    yield _answer(item.row, "taken", remark("number_taken", **values))


def _answer(row: Row, outcome: Outcome, *remarks: Remark) -> Answer:
    return Answer(outcome, row.place, "", mask_text(row.text(SUPPLIER)), "", remarks)
