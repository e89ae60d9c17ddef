"""Changes as dated events, from successive answers and from the dates that a source itself gives.

A change between two answers happened on a day after the one by which the older was last shown to hold, and at the latest
on the newer's. Where the source dates it, and the date fits the two answers, that is its day. A missing answer between
two, a value that a source left out, and another spelling are no changes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from screening.model.facts import BeneficialOwners, Officers, Owner, Shareholders
from screening.model.provenance import Fact
from screening.model.states import PROCEEDING, TELLING, Member, State, auditors, board, others, owners, states
from screening.names import SAME, fold, likeness

FOUNDING_DAYS = 60
"""Whoever came within so many days of registration was there from the start: a beginning is no change. It is also how
long a register may lag: a date that far before the older answer still belongs to the newer one."""

FOLLOWED = frozenset({
    "company_record", "address", "industry", "officers", "signatory", "beneficial_owners", "shareholders",
    "tax_registration", "credit", "enforcement_debt",
})  # fmt: skip
"""The kinds of fact that have changes to follow."""


@dataclass(frozen=True, slots=True)
class Event:
    """One change.

    Attributes:
        kind: the kind of fact that shows it.
        what: what changed: ``board``, ``auditor``, ``role``, ``title`` (same person, other role), ``owners``,
            ``shareholders``, ``owner_name`` (a name that may be another spelling or another person's), ``share``, ``filing``, ``name``, ``legal_form``, ``status``, ``proceeding <code>``,
            ``address``, ``care_of``, ``industry``, ``description``, ``signatory``, ``f_tax``, ``vat``, ``employer``,
            ``rating``, ``score``, ``public_debt``, ``private_debt``.
        before: what was, several names on lines; ``None`` where it is not known, empty where there was nothing.
        after: what came instead; empty where nothing did.
        on: the latest day that it can have been.
        after_day: it was some day after this one; ``None`` where ``on`` is its day.
        dated_by: ``source`` where the register gives the day, ``seen`` where it is the day of the answer that showed it.
        source: the connector whose answers show it.
        facts: the answers, the newest first.
    """

    kind: str
    what: str
    before: str | None
    after: str
    on: date
    after_day: date | None
    dated_by: Literal["source", "seen"]
    source: str
    facts: tuple[Fact, ...] = field(default=(), repr=False, compare=False)

    @property
    def earliest(self) -> date:
        """The first day that it can have been."""
        return self.on if self.after_day is None else self.after_day + timedelta(days=1)


def events(
    kind: str,
    rows: Sequence[Fact],
    *,
    registered_on: date | None = None,
    today: date | None = None,
    what: Collection[str] | None = None,
) -> tuple[Event, ...]:
    """Every change that the rows of one kind show, oldest first.

    Args:
        kind: the kind of fact.
        rows: its rows, oldest first (``Dossier.facts[kind]``, ``History.versions``); several sources are kept apart.
        registered_on: when the company was registered: what began with it is no change.
        today: later events are left out.
        what: only these.
    """
    if kind not in FOLLOWED or not rows:
        return ()
    found: list[Event] = []
    by_source: defaultdict[tuple[str, str], list[Fact]] = defaultdict(list)
    for row in rows:
        by_source[row.provenance.source, row.scope_key].append(row)
    for same in by_source.values():
        found += _of_people(same, registered_on, what)
        found += _of_states(same, registered_on)
    kept = [item for item in found if (what is None or item.what in what) and (today is None or item.on <= today)]
    return tuple(sorted(kept, key=lambda item: (item.on, item.what, item.before or "", item.after)))


def dated(own: date | None, before: Fact, after: Fact) -> tuple[date, date | None, Literal["source", "seen"]]:
    """(day, the day after which it was, dated by) of a change between two answers; the source's own date where it fits."""
    since, seen_on = before.provenance.as_of, after.provenance.as_of
    if own is not None and since - timedelta(days=FOUNDING_DAYS) <= own <= seen_on:
        return own, None, "source"
    held = before.provenance.held_on
    return seen_on, held if held < seen_on else None, "seen"


def same_name(one: str, other: str) -> bool:
    """Whether two names are spellings of one person or organisation, also with the first name last."""
    if not one or not other:
        return False
    return likeness(one, other) >= SAME or _words(one) == _words(other)


def spelled_alike(one: str, other: str) -> bool:
    """Whether two names that are alike differ in spelling alone: case, accents, order, hyphens, or forenames left out."""
    left, right = (frozenset(_WORD.findall(fold(name))) for name in (one, other))
    return left == right or (min(len(left), len(right)) > 1 and (left <= right or right <= left))


_WORD = re.compile(r"\w+")


def _words(name: str) -> list[str]:
    return sorted(name.casefold().replace(",", " ").split())


def founded_by(registered_on: date) -> date:
    """The last day on which what begins belongs to the founding."""
    return registered_on + timedelta(days=FOUNDING_DAYS)


# --- single values ----------------------------------------------------------------------------------------------------
def _of_states(rows: Sequence[Fact], registered_on: date | None) -> Iterator[Event]:
    known: dict[str, tuple[State, Fact]] = {}
    for number, row in enumerate(rows):
        said = {state.what: state for state in states(row)}
        for what, state in said.items():
            if what in known:
                was, at = known[what]
                if was.key != state.key:
                    on, after_day, by = dated(state.since_on, at, row)
                    yield _event(row, what, was.text, state.text, on, after_day, by, (row, at))
            elif number == 0 or not what.startswith(PROCEEDING):
                yield from _first_said(row, state, registered_on)
            else:
                on, after_day, by = dated(state.since_on, rows[number - 1], row)
                yield _event(row, what, state.before, state.text, on, after_day, by, (row, rows[number - 1]))
        for what in [item for item in known if item.startswith(PROCEEDING) and item not in said]:
            was, at = known.pop(what)
            if was.text:
                on, after_day, by = dated(None, at, row)
                yield _event(row, what, was.text, "", on, after_day, by, (row, at))
        known |= {what: (state, row) for what, state in said.items()}


def _first_said(row: Fact, state: State, registered_on: date | None) -> Iterator[Event]:
    """A change that the first answer dates itself; not the state that a company began in."""
    if state.since_on is None:
        return
    later = registered_on is not None and state.since_on > founded_by(registered_on)
    if state.before is not None or (later and state.what not in ("public_debt", "private_debt", "rating", "score")):
        yield _event(row, state.what, state.before, state.text, state.since_on, None, "source", (row,))


def _event(
    row: Fact,
    what: str,
    before: str | None,
    after: str,
    on: date,
    after_day: date | None,
    by: Literal["source", "seen"],
    facts: tuple[Fact, ...],
) -> Event:
    return Event(row.kind, what, before, after, on, after_day, by, row.provenance.source, facts)


# --- people -----------------------------------------------------------------------------------------------------------
_OF_OFFICERS = (("board", board), ("auditor", auditors), ("role", others))


def _of_people(rows: Sequence[Fact], registered_on: date | None, what: Collection[str] | None) -> Iterator[Event]:
    first = rows[0]
    if isinstance(first, Officers):
        for name, reader in _OF_OFFICERS:
            if what is None or name in what or "title" in what:
                groups = [(row, reader(row)) for row in rows if isinstance(row, Officers)]
                if name == "board":  # nobody at all is no board, but an answer that lacks it
                    groups = [(row, members) for row, members in groups if members]
                yield from _of_group(groups, name, registered_on)
    elif isinstance(first, BeneficialOwners):
        filings = [row for row in rows if isinstance(row, BeneficialOwners)]
        yield from _of_owners([row for row in filings if row.state in TELLING], filings[0], registered_on, "owners")
        for before, after in pairwise(filings):
            if before.state != after.state:
                on, after_day, by = dated(after.registered_on, before, after)
                yield _event(after, "filing", before.state, after.state, on, after_day, by, (after, before))
    elif isinstance(first, Shareholders):
        holders = [row for row in rows if isinstance(row, Shareholders) and row.owners]  # an empty list tells of nobody
        yield from _of_owners(holders, first, registered_on, "shareholders")


def _of_group(
    rows: Sequence[tuple[Officers, Mapping[str, Member]]], what: str, registered_on: date | None
) -> Iterator[Event]:
    """Who came and who left, paired, so that one who takes another's place is one change; and new roles of the same."""
    for row, first in rows[:1]:
        for since, member in _later(first, registered_on):
            yield _event(row, what, None, member.text, since, None, "source", (row,))
    for (old_row, old), (new_row, new) in pairwise(rows):
        came, left, _doubtful = difference(old, new)
        arrivals = sorted((*dated(member.since_on, old_row, new_row), member.text) for member in came)
        leaving = sorted(member.text for member in left)
        for number in range(max(len(arrivals), len(leaving))):
            on, after_day, by = dated(None, old_row, new_row)
            after = ""
            if number < len(arrivals):
                on, after_day, by, after = arrivals[number]
            before = leaving[number] if number < len(leaving) else ""
            yield _event(new_row, what, before, after, on, after_day, by, (new_row, old_row))
        for key in sorted(old.keys() & new.keys()):
            if old[key].role != new[key].role:
                on, after_day, by = dated(None, old_row, new_row)
                yield _event(new_row, "title", old[key].text, new[key].text, on, after_day, by, (new_row, old_row))


def _of_owners(
    rows: Sequence[BeneficialOwners | Shareholders], oldest: Fact, registered_on: date | None, what: str
) -> Iterator[Event]:
    """One event per pair of answers whoever came and left: owners change together. Shares alone are ``share``.

    Where a name became another that is nearly the same, and nothing tells whether they are two, that is ``owner_name``.
    """
    if rows and rows[0] is oldest:
        by_day: defaultdict[date, list[Member]] = defaultdict(list)
        for since, member in _later(owners(rows[0]), registered_on):
            by_day[since].append(member)
        for since, members in by_day.items():
            yield _event(rows[0], what, None, _lines(members), since, None, "source", (rows[0],))
    for before, after in pairwise(rows):
        old, new = owners(before), owners(after)
        came, left, doubtful = difference(old, new)
        facts = (after, before)
        if doubtful:
            on, after_day, by = dated(None, before, after)
            was, now = zip(*doubtful, strict=True)
            yield _event(after, "owner_name", _lines(was), _lines(now), on, after_day, by, facts)
        if came or left:
            own = [day for member in came if (day := member.since_on) and dated(day, before, after)[2] == "source"]
            on, after_day, by = dated(max(own, default=None), before, after)
            yield _event(after, what, _lines(old.values()), _lines(new.values()), on, after_day, by, facts)
        elif _shares(before.owners) != _shares(after.owners):
            on, after_day, by = dated(None, before, after)
            yield _event(after, "share", _lines(old.values()), _lines(new.values()), on, after_day, by, facts)


Renamed = list[tuple[Member, Member]]
"""Who stood before, and who now stands in the same place under nearly the same name."""


def difference(old: Mapping[str, Member], new: Mapping[str, Member]) -> tuple[list[Member], list[Member], Renamed]:
    """Who came, who left, and whose names are nearly the same while nothing tells whether they are one.

    One person is one by key. Where keys differ, two of one day of birth and nearly one name are one, of two days two; where
    no day tells, two are one when only the spelling differs. Organisations are told apart by their numbers.
    """
    came = [new[key] for key in new if key not in old]
    left = [old[key] for key in old if key not in new]
    doubtful: Renamed = []
    for surely in (True, False):
        for member in list(came):
            same = next((item for item in left if _is_same(item, member, surely=surely)), None)
            if same is not None:
                came.remove(member)
                left.remove(same)
                if not surely:
                    doubtful.append((same, member))
    return came, left, doubtful


def _is_same(one: Member, other: Member, *, surely: bool) -> bool:
    """Whether two members under different keys are one: surely, or as far as is told."""
    if not same_name(one.name, other.name):
        return False
    told = [
        mine == theirs
        for mine, theirs in ((one.born, other.born), (one.number, other.number), (one.sort, other.sort))
        if mine and theirs
    ]
    if not all(told):
        return False
    proven = bool(one.born and other.born) or bool(one.number and other.number)
    return not surely or proven or spelled_alike(one.name, other.name)


def _later(first: Mapping[str, Member], registered_on: date | None) -> list[tuple[date, Member]]:
    """Those of the first answer who came after the founding, by the source's dates; without its day, after the first."""
    since = sorted(
        ((member.since_on, member) for member in first.values() if member.since_on is not None),
        key=lambda item: (item[0], item[1].name),
    )
    if not since:
        return []
    beginning = founded_by(registered_on) if registered_on is not None else since[0][0]
    return [item for item in since if item[0] > beginning]


def _shares(rows: Sequence[Owner]) -> list[tuple[object, object]]:
    return sorted(((item.share_from, item.share_to) for item in rows), key=str)


def _lines(members: Collection[Member]) -> str:
    return "\n".join(sorted(member.text for member in members))
