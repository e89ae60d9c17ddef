"""One supplier of a world: what is true of it from day to day, and what each rule should therefore say each month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Literal, NamedTuple

from screening.identity import Identity
from screening.model import Contract, Fact, Officer, Officers, Origin, Owner, Provenance, Severity, Spend, SupplierKind

Label = Literal["flag", "quiet", "unknown", "no_flag"]
"""What a rule should say: quiet is clear or not applicable; no_flag is anything but a flag."""
Sort = Literal["planted", "near", "alike", "missing", "likeness"]
"""An event, a miss by one step, something that only looks like one, evidence that is not there, or a likeness of names or
addresses that no fact decides: that one has a row of its own in the table."""
Answer = Fact | tuple[Fact, ...] | str | None
Says = Callable[[date], Answer]
"""What a source answers on a day: facts, the reason why it gives none, or nothing because it is not asked."""

PENDING = Provenance(source="", origin=Origin.AUTHORITY, as_of=date.min, fetched_at=datetime.min.replace(tzinfo=UTC))
"""Until the answer is given: who, when and for which day are filled in then."""
ALL = "all"
"""What a planter touches after which nothing else can be said of the supplier."""
LONG_AGO, FAR_AHEAD = date(1990, 1, 1), date(2090, 1, 1)


class Mark(NamedTuple):
    """A label and, where the catalogue says it, how severe a flag is."""

    label: Label
    severity: Severity | None = None


@dataclass
class Seat:
    """Someone in a role over a time. ``told`` is whether the register dates the entry."""

    key: str
    name: str
    role: str = "LE"
    since: date = LONG_AGO
    until: date = FAR_AHEAD
    told: bool = True


@dataclass
class Life:
    """A supplier in the making; planters change it and say what follows.

    Attributes:
        days: the days of the monthly runs.
        says: kind of fact -> what its source answers on a day.
        papers: (handed in on, document); each bears its own date in ``provenance.as_of``.
        past: (day, answer) of sources that were asked, at the first run, for their state on an earlier day.
        marks: (rule, scope key) -> what the rule should say, month by month; what is not there should be quiet.
        planted: (rule, sort, name) of what was planted, for the table.
        taken: what planters have already had their hands on, so that two do not undo each other.
        fellows: every supplier of the world.
        also: other spellings in our lists.
        strangers: names that nobody in the supplier has yet.
        other: what every rule says that has no mark of its own.
    """

    tag: str
    random: Random
    days: tuple[date, ...]
    kind: SupplierKind
    identity: Identity
    name: str
    form: str | None
    registered_on: date
    contracts: list[Contract]
    spend: Callable[[date], Spend]
    area: str = ""
    profile: str = "standard"
    fellows: Sequence[Life] = ()
    also: tuple[str, ...] = ()
    strangers: list[str] = field(default_factory=list)
    board: list[Seat] = field(default_factory=list)
    owners: list[tuple[Owner, date, date]] = field(default_factory=list)
    says: dict[str, Says] = field(default_factory=dict)
    papers: list[tuple[date, Fact]] = field(default_factory=list)
    marks: dict[tuple[str, str], list[Mark]] = field(default_factory=dict)
    planted: list[tuple[str, Sort, str]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    other: Label = "quiet"
    past: list[tuple[date, Fact]] = field(default_factory=list)
    turnover_sek: int = 50_000_000
    employees: int = 20
    declared_on: date = LONG_AGO

    @property
    def first(self) -> date:
        """The day of the first run."""
        return self.days[0]

    @property
    def last(self) -> date:
        """The day of the last run."""
        return self.days[-1]

    # --- what is true -------------------------------------------------------------------------------------------------
    def seats(self, day: date) -> Officers:
        """Everyone in a role on a day, as the register tells it."""
        held = [seat for seat in self.board if seat.since <= day < seat.until]
        people = tuple(
            Officer(seat.key, seat.name, seat.role, from_on=seat.since if seat.told else None) for seat in held
        )
        return Officers(provenance=PENDING, people=people)

    def owned(self, day: date) -> tuple[Owner, ...]:
        """The beneficial owners on a day."""
        return tuple(owner for owner, since, until in self.owners if since <= day < until)

    def hand_in(self, paper: Fact, on: date) -> None:
        """A document of the case file, there from the first run after ``on``."""
        self.papers.append((on, paper))

    # --- days ---------------------------------------------------------------------------------------------------------
    def during(self, *, earliest: int = -1, latest: int = -1) -> date:
        """Some day between the first run and the last, the day of the first excluded.

        Args:
            earliest: the month (from 0) after whose run the day lies; the first by default.
            latest: the month by whose run it has come; the last by default.
        """
        start = self.days[max(earliest, 0)]
        return start + timedelta(days=self.random.randint(1, (self.days[latest] - start).days))

    def month_of(self, day: date) -> int:
        """The first month whose run sees what happened on ``day``; past the end when none does."""
        return next((number for number, run in enumerate(self.days) if run >= day), len(self.days))

    # --- labels -------------------------------------------------------------------------------------------------------
    def mark(
        self,
        rule: str,
        label: Label,
        *,
        key: str = "",
        since: date = LONG_AGO,
        until: date = FAR_AHEAD,
        severity: Severity | None = None,
    ) -> None:
        """What the rule says in the runs from ``since`` up to, not on, ``until``."""
        marks = self.marks.setdefault((rule, key), [Mark(self.other)] * len(self.days))
        for number, day in enumerate(self.days):
            if since <= day < until:
                marks[number] = Mark(label, severity)

    def due(self, rule: str, key: str, month: int) -> Mark:
        """What a rule should say in a month."""
        marks = self.marks.get((rule, key))
        return marks[month] if marks is not None else Mark(self.other)


def steps(*changes: tuple[date, Answer]) -> Says:
    """A source that answers the same from each day to the next."""

    def say(day: date) -> Answer:
        said: Answer = None
        for since, answer in changes:
            if since <= day:
                said = answer
        return said

    return say


def always(answer: Answer) -> Says:
    """A source that always answers the same."""
    return lambda _day: answer


def month_ends(year: int, month: int, count: int) -> tuple[date, ...]:
    """The last days of so many months."""
    found = []
    for _ in range(count):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        found.append(date(year, month, 1) - timedelta(days=1))
    return tuple(found)


class Planter(NamedTuple):
    """One thing that can happen to a supplier.

    Attributes:
        rule: whose event, near miss or look-alike it is.
        sort: which of these.
        plant: changes the life and marks what follows.
        touches: what it changes; no other planter may change the same in one life.
        fits: which suppliers it can happen to.
    """

    rule: str
    sort: Sort
    plant: Callable[[Life], None]
    touches: frozenset[str]
    fits: Callable[[Life], bool]


def company(life: Life) -> bool:
    """A company with limited liability or partnership that the registers know whole."""
    return life.kind == "organisation" and life.form in ("AB", "HB", "EK")


def taxed(life: Life) -> bool:
    """Anyone with a tax account here."""
    return life.kind in ("organisation", "person")


def disturbs(planter: Planter, life: Life) -> bool:
    """Whether what it changes has been changed by another already, or would be."""
    if ALL in planter.touches:
        return bool(life.taken)
    return ALL in life.taken or bool(planter.touches & life.taken)


def sow(lives: Sequence[Life], planters: Sequence[Planter], random: Random, share: float = 0.75) -> None:
    """Gives most suppliers one to three events that do not disturb each other; each planter in turn, so that none is rare."""
    order = list(planters)
    random.shuffle(order)
    turn = 0
    for life in lives:
        if random.random() >= share:
            continue
        for _ in range(random.choice((1, 1, 2, 3))):
            for ahead in range(len(order)):
                planter = order[(turn + ahead) % len(order)]
                if planter.fits(life) and not disturbs(planter, life):
                    planter.plant(life)
                    life.taken |= planter.touches
                    life.planted.append((planter.rule, planter.sort, planter.plant.__name__))
                    order.append(order.pop((turn + ahead) % len(order)))
                    break
