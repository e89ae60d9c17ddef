"""Between collecting and judging: a source whose answers have become suspiciously empty is not believed in silence.

A dead source is told by itself. One that answers, but leaves things out, looks like good news: no debts, no owners, no such
company. So each source's answers are held against its own earlier ones about the same suppliers, and against the shares
that its connector declares under ``[expect]``. What had gone missing in a suspicious set is ``doubtful``; what was known
before stands, and the run is incomplete.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from functools import cache
from math import exp, lgamma, log, log1p
from typing import Final

from screening.connectors import Connector
from screening.model import KINDS
from screening.store import Run, Shape, Sighted, Store

ANSWER: Final = "answer"
"""The measure of whether there is an answer at all."""
EMPTY_WORDS: Final = frozenset({"none", "none_registered", "none_exists", "not_registered", "never", "unknown_filed"})
"""States that say that there is nothing: a source in trouble may answer so."""
ACCEPTED: Final = "accepted_from"
"""Under this name a source's state keeps the period from which a person has said that its answers are as they should be."""
SURE: Final = 1e-4  # chance that a well source is doubted, for each measure
LOSS: Final = (
    0.01  # share of suppliers that may lose what most have, from one month to the next, if history says no more
)
PASSING: Final = 0.25  # the same for what few have: debts are paid, proceedings end
FEWEST: Final = 3  # losses that are a pattern at all
MEMORY: Final = 50  # suppliers that the assumed loss weighs as much as
SMALLEST: Final = 20  # answers that a share says anything about


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a source's answers of one kind are not believed.

    Attributes:
        source: the connector's name.
        kind: of fact.
        measure: the field that has gone missing, or ``answer``.
        form: legal form concerned; empty for all.
        missing: how many lack it.
        of: of how many.
        expected: how many were to be expected to lack it, at most.
        by_history: whether the source's earlier answers say so; else the connector's declared share.
    """

    source: str
    kind: str
    measure: str
    form: str
    missing: int
    of: int
    expected: int
    by_history: bool

    def concerns(self, answer: Sighted, form: str) -> bool:
        """Whether it is one of the answers in which the measure is missing that was there, or should have been."""
        if answer.kind != self.kind or self.form not in ("", form):
            return False
        had = self.measure in filled(answer.kind, answer.before)
        return (had or answer.first) and self.measure not in filled(answer.kind, answer.now)

    def text(self) -> str:
        """A sentence for the report."""
        what = "svar" if self.measure == ANSWER else f"uppgiften {self.measure}"
        whom = f"{self.of} leverantörer{f' med formen {self.form}' if self.form else ''}"
        if self.by_history:
            return f"{self.missing} av {whom} som hade {what} ({self.kind}) saknar det nu; högst {self.expected} vore väntat"
        return f"{self.missing} av {whom} saknar {what} ({self.kind}); högst {self.expected} vore väntat"


def doubt(store: Store, run: Run, connectors: Mapping[str, Connector], at: datetime) -> list[Doubt]:
    """Holds the run's answers against what is to be expected, and disbelieves those that are missing from a suspicious set.

    Args:
        store: holds the run's answers and those before them.
        run: a monthly run whose sources have been asked.
        connectors: the sources in use.
        at: the run's clock.

    Returns:
        Every doubt, for the log.
    """
    forms = store.legal_forms()
    found: list[Doubt] = []
    for name, connector in connectors.items():
        counted = Counted.of(store.sighted(run.id, name), forms)
        if not counted.answers:
            continue
        since = store.state(name).get(ACCEPTED, "")
        history = store.shapes(name, run.period, since)
        believed = since == run.period  # a person has looked at these very answers
        doubts = [] if believed else list(doubts_of(name, counted, history, connector.table.expect))
        if doubts:
            _disbelieve(store, run, name, doubts, forms, at)
        store.put_shapes(run.id, name, counted.shapes(), doubtful=bool(doubts))
        found += doubts
    return found


def _disbelieve(
    store: Store, run: Run, source: str, doubts: Iterable[Doubt], forms: Mapping[str, str], at: datetime
) -> None:
    by_doubt: dict[Doubt, list[Sighted]] = defaultdict(list)
    for answer in store.sighted(run.id, source):
        form = forms.get(answer.supplier_id, "")
        if (why := next((item for item in doubts if item.concerns(answer, form)), None)) is not None:
            by_doubt[why].append(answer)
    for item, answers in by_doubt.items():
        store.disbelieve(run.id, source, answers, item.text(), at)


# --- counting ----------------------------------------------------------------------------------------------------------
def filled(kind: str, payload: Mapping[str, object] | None) -> frozenset[str]:
    """Every measure of one answer that holds something: ``answer``, and the fields that are not empty, zero or "none"."""
    if payload is None:
        return frozenset()
    return frozenset({ANSWER, *(name for name in _measures(kind)[1:] if _says(payload.get(name)))})


@cache
def _measures(kind: str) -> tuple[str, ...]:
    own = {item.name for item in fields(KINDS[kind])} - {"provenance", "scope_key"}
    return (ANSWER, *sorted(own))


def _says(value: object) -> bool:
    if isinstance(value, str):
        return bool(value) and value not in EMPTY_WORDS
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return value != 0
    return value is not None and value not in ([], {})


Key = tuple[str, str, str]  # kind, measure, form


@dataclass(slots=True)
class Counted:
    """One source's answers of one run, by measure: how many there are, have it, had it, lost it; first ones, and those bare."""

    answers: Counter[Key] = field(default_factory=Counter)
    filled: Counter[Key] = field(default_factory=Counter)
    known: Counter[Key] = field(default_factory=Counter)
    lost: Counter[Key] = field(default_factory=Counter)
    first: Counter[Key] = field(default_factory=Counter)
    bare: Counter[Key] = field(default_factory=Counter)

    @classmethod
    def of(cls, answers: Iterable[Sighted], forms: Mapping[str, str]) -> Counted:
        """Counts, each supplier once for all and once for its legal form."""
        made = cls()
        for item in answers:
            now, before = filled(item.kind, item.now), filled(item.kind, item.before)
            for form in {"", forms.get(item.supplier_id, "")}:
                for measure in _measures(item.kind):
                    made._add((item.kind, measure, form), has=measure in now, had=measure in before, first=item.first)
        return made

    def _add(self, key: Key, *, has: bool, had: bool, first: bool) -> None:
        self.answers[key] += 1
        self.filled[key] += has
        self.known[key] += had
        self.lost[key] += had and not has
        self.first[key] += first
        self.bare[key] += first and not has

    def shapes(self) -> Iterator[Shape]:
        """The counts, to be kept for later runs."""
        for key, answers in sorted(self.answers.items()):
            yield Shape(*key, answers, self.filled[key], self.known[key], self.lost[key])


# --- judging -----------------------------------------------------------------------------------------------------------
def doubts_of(source: str, counted: Counted, history: Iterable[Shape], expect: Mapping[str, float]) -> Iterator[Doubt]:
    """The measures that are suspicious: by the source's own history, and by what its connector declares."""
    past: dict[Key, Counter[str]] = defaultdict(Counter)
    for item in history:
        sums = past[item.kind, item.measure, item.form]
        for name in ("answers", "filled", "known", "lost"):
            sums[name] += getattr(item, name)
    for key in sorted(counted.answers, key=_widest_first):
        if (
            found := _lost(source, key, counted, past[key]) or _bare(source, key, counted, past[key], expect)
        ) is not None:
            yield found


def _widest_first(key: Key) -> tuple[bool, bool, Key]:
    return (key[1] != ANSWER, bool(key[2]), key)


def _lost(source: str, key: Key, counted: Counted, past: Counter[str]) -> Doubt | None:
    """Whether more of those who had it have lost it than from one month to the next before."""
    lost, known = counted.lost[key], counted.known[key]
    floor = LOSS if 2 * known >= counted.answers[key] else PASSING
    usual = max(floor, (past["lost"] + floor * MEMORY) / (past["known"] + MEMORY))
    if lost < FEWEST or at_least(lost, known, usual) >= SURE:
        return None
    return Doubt(source, *key, lost, known, most(known, usual), by_history=True)


def _bare(source: str, key: Key, counted: Counted, past: Counter[str], expect: Mapping[str, float]) -> Doubt | None:
    """Whether more answers lack it than the connector declares, or of the first ones than of all in earlier runs."""
    kind, measure, form = key
    named = kind if measure == ANSWER else f"{kind}.{measure}"
    declared = expect.get(f"{named}@{form}" if form else named)
    if declared is not None:
        of, missing, share = counted.answers[key], counted.answers[key] - counted.filled[key], 1 - declared
    elif past["answers"] >= SMALLEST:
        of, missing, share = counted.first[key], counted.bare[key], 1 - past["filled"] / past["answers"] + LOSS
    else:
        return None
    share = min(1.0, max(share, LOSS))
    if of < SMALLEST or missing < FEWEST or at_least(missing, of, share) >= SURE:
        return None
    return Doubt(source, *key, missing, of, most(of, share), by_history=False)


def at_least(count: int, of: int, share: float) -> float:
    """The chance of ``count`` or more out of ``of`` when each happens with ``share`` (binomial)."""
    if count <= 0 or share >= 1:
        return 1.0
    if share <= 0:
        return 0.0
    term = exp(
        lgamma(of + 1) - lgamma(count + 1) - lgamma(of - count + 1) + count * log(share) + (of - count) * log1p(-share)
    )
    total = 0.0
    for number in range(count, of + 1):
        total += term
        term *= (of - number) / (number + 1) * share / (1 - share)
        if term < total * 1e-12:
            break
    return min(1.0, total)


def most(of: int, share: float) -> int:
    """The largest number that would not have been suspicious."""
    count = int(of * share)
    while count < of and at_least(count + 1, of, share) >= SURE:
        count += 1
    return max(count, FEWEST - 1)
