"""What would turn a flag clear, found by trying: one fact changed at a time, and the rule asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from screening.errors import ConfigError
from screening.model import Dossier, Fact, Outcome, Value, fact_type
from screening.rules.binding import ANY, Need
from screening.rules.cases import dossier_of
from screening.rules.engine import Judging
from screening.rules.evidence import newest
from screening.rules.rule import Rule

Limit = Literal["is", "at_most", "at_least", "empty", "given"]
_CLEARED: frozenset[Outcome] = frozenset(
    {"clear"}
)  # not_applicable is no remedy: nothing handed in, a company struck off
_PEOPLE = frozenset({"owners", "officers", "chains", "engagements"})  # to have none is no remedy
_YEARS = 3_660  # days tried on either side of a date
_FAR = 1_000  # how many times a number is multiplied when a larger one might clear it
_OWN = ("provenance", "scope_key", "quarter", "area", "in_scope")  # where a fact is from, and which one it is


@dataclass(frozen=True, slots=True)
class Turn:
    """One change that clears: this field at most, at least or exactly so; emptied; or a fact of the kind given."""

    kind: str
    field: str
    limit: Limit
    now: Value
    then: Value
    example: tuple[tuple[str, Value], ...] = ()  # of a fact that is given


def turns(judging: Judging, dossier: Dossier, rule: Rule, scope_key: str) -> list[Turn]:
    """Every single change of a fact behind the flag that was found to clear it; none where one change is not enough."""
    trying = _Trying(judging.only(rule.id), dossier, rule, scope_key)
    found: list[Turn] = []
    for place, need in enumerate(rule.binding.needs):
        if need.kind == ANY:
            continue
        row = trying.row(need, first=place == 0)
        if row is not None:
            found += trying.fields(row)
        elif need.optional:
            found += trying.given(need)
    return found


@dataclass(frozen=True, slots=True)
class _Trying:
    judging: Judging
    dossier: Dossier
    rule: Rule
    scope_key: str

    def row(self, need: Need, *, first: bool) -> Fact | None:
        """The fact of the kind that was judged: of an item, that item's."""
        rows = self.dossier.facts.get(need.kind, ())
        if first and self.rule.scope == "item":
            rows = tuple(row for row in rows if row.scope_key == self.scope_key)
        return newest(rows) if rows else None

    def clears(self, old: Fact | None, new: Fact) -> bool:
        """Whether the rule says something else than a flag (and can say it) when ``new`` stands in the place of ``old``."""
        rows = self.dossier.facts.get(new.kind, ())
        kept = tuple(new if row is old else row for row in rows) if old is not None else (*rows, new)
        dossier = replace(self.dossier, facts={**self.dossier.facts, new.kind: kept})
        for item in self.judging.judge(dossier):
            if item.rule == self.rule.id and item.scope_key == self.scope_key:
                return item.verdict.outcome in _CLEARED
        return False

    # --- a fact that is there -----------------------------------------------------------------------------------------
    def fields(self, row: Fact) -> Iterator[Turn]:
        """The fields of a fact, each by itself."""
        hints = get_type_hints(type(row))
        for item in fields(row):
            if item.name not in _OWN:
                turn = self._field(row, item.name, _plain(hints[item.name]))
                if turn is not None:
                    yield turn

    def _field(self, row: Fact, name: str, hint: Any) -> Turn | None:
        value = getattr(row, name)

        def tried(other: object) -> bool:
            change: dict[str, Any] = {name: other}
            return self.clears(row, replace(row, **change))

        if get_origin(hint) is Literal:
            return self._word(row, name, value, get_args(hint), tried)
        if get_origin(hint) is tuple:
            told = value and name not in _PEOPLE and tried(())
            return Turn(row.kind, name, "empty", len(value), None) if told else None
        if isinstance(value, bool):
            return Turn(row.kind, name, "is", value, not value) if tried(not value) else None
        if isinstance(value, int | Decimal):
            step = Decimal("0.0001") if name.endswith("_share") else 1
            return self._number(row, name, value, step, tried)
        return self._day(row, name, value, tried) if isinstance(value, date) else None

    def _word(
        self, row: Fact, name: str, value: object, words: tuple[Any, ...], tried: Callable[[object], bool]
    ) -> Turn | None:
        for other in words:
            if other != value and tried(other):
                return Turn(row.kind, name, "is", str(value) if value is not None else None, other)
        return None

    def _number(
        self, row: Fact, name: str, value: int | Decimal, step: int | Decimal, tried: Callable[[object], bool]
    ) -> Turn | None:
        """The nearest value, in whole steps, that clears: below it first, then above."""
        steps = int(value / step)

        def at(count: int) -> int | Decimal:
            return type(value)(count * step)

        beside = [getattr(row, item.name) for item in fields(row) if item.name != name]
        wholes = sorted(int(item / step) for item in beside if type(item) is type(value) and item > value)
        ends = [(min(0, steps), "at_most"), *((end, "at_least") for end in (max(steps, 1) * _FAR, *wholes))]
        for end, limit in ends:  # up as far as may be, or to another number of the fact: all of those that there are
            if end != steps and tried(at(end)):
                then = at(_nearest(end, steps, lambda count: tried(at(count))))
                return Turn(row.kind, name, "at_most" if limit == "at_most" else "at_least", value, then)
        if steps < 0 and tried(at(0)):
            return Turn(row.kind, name, "at_least", value, at(_nearest(0, steps, lambda count: tried(at(count)))))
        return None

    def _day(self, row: Fact, name: str, value: date, tried: Callable[[object], bool]) -> Turn | None:
        today = self.judging.today
        for days, limit in ((_YEARS, "at_least"), (-_YEARS, "at_most")):
            if tried(value + timedelta(days=days)):
                moved = _nearest(days, 0, lambda count: tried(value + timedelta(days=count)))
                then = value + timedelta(days=moved)
                if then > today and not name.startswith(("valid_to", "to_", "reply_by")):
                    return None  # a day that lies ahead is no event
                return Turn(row.kind, name, "at_least" if limit == "at_least" else "at_most", value, then)
        return None

    # --- a fact that is not there -------------------------------------------------------------------------------------
    def given(self, need: Need) -> Iterator[Turn]:
        """A fact as in one of the rule's own clear cases, its days moved to today."""
        for case in self.rule.cases:
            if case.expect not in _CLEARED or need.kind not in case.given:
                continue
            try:
                rows = dossier_of(case).facts[need.kind]
            except ConfigError:
                continue
            fact = _moved(rows[-1], self.judging.today - case.today)
            if self.clears(None, fact):
                yield Turn(need.kind, "", "given", None, None, tuple(_told(fact)))
                return


def _nearest(clears: int, flags: int, tried: Callable[[int], bool]) -> int:
    """Between one that clears and one that flags, the last that clears."""
    while abs(clears - flags) > 1:
        middle = (clears + flags) // 2
        if tried(middle):
            clears = middle
        else:
            flags = middle
    return clears


def _plain(hint: Any) -> Any:
    """The type without ``None``."""
    if get_origin(hint) in (Union, UnionType):
        rest = [part for part in get_args(hint) if part is not type(None)]
        return rest[0] if len(rest) == 1 else hint
    return hint


def _moved(fact: Fact, days: timedelta) -> Fact:
    """A fact of a case as if it had been met as long ago from today."""
    came = fact.provenance
    confirmed = came.confirmed_at + days if came.confirmed_at else None
    own: dict[str, Any] = {
        item.name: value + days
        for item in fields(fact_type(fact.kind))
        if item.name not in _OWN and isinstance(value := getattr(fact, item.name), date)
    }
    provenance = replace(came, as_of=came.as_of + days, fetched_at=came.fetched_at + days, confirmed_at=confirmed)
    return replace(fact, provenance=provenance, **own)


def _told(fact: Fact) -> Iterator[tuple[str, Value]]:
    for item in fields(fact):
        value = getattr(fact, item.name)
        if item.name not in _OWN and value is not None and not isinstance(value, tuple):
            yield item.name, value
