"""Sets what the rules said against the labels: precision and recall per rule, and every disagreement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.worlds.life import Life
from benchmarks.worlds.months import Said, Verdicts

SHOWN = 8
"""Disagreements told in full for each rule."""


@dataclass
class Score:
    """One rule's figures. Counted are verdicts: a supplier (or contract, or quarter) in a month.

    Attributes:
        counts: hit (flag where one should be), invented (flag where none should be), missed (none where one should be),
            unknown_hit, unknown_invented, unknown_missed likewise, severity_wrong, life_wrong.
        planted: suppliers by sort of what was planted for the rule.
        wrong: the first disagreements, in words.
    """

    counts: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Of the flags, how many should be there."""
        flags = self.counts["hit"] + self.counts["invented"]
        return self.counts["hit"] / flags if flags else None

    @property
    def recall(self) -> float | None:
        """Of the flags that should be there, how many are."""
        due = self.counts["hit"] + self.counts["missed"]
        return self.counts["hit"] / due if due else None

    def add(self, other: Score) -> None:
        """Another world's figures beside these."""
        self.counts += other.counts
        self.planted += other.planted
        self.wrong += other.wrong[: SHOWN - len(self.wrong)]

    def note(self, what: str, where: str) -> None:
        """Counts one outcome; what is wrong is told."""
        self.counts[what] += 1
        if what not in ("hit", "unknown_hit") and len(self.wrong) < SHOWN:
            self.wrong.append(f"{what}: {where}")


Scores = dict[str, Score]


def score(lives: Sequence[Life], months: Iterator[Said], catalogue: Sequence[str]) -> Scores:
    """Every rule's figures over one world."""
    scores = {rule: Score() for rule in catalogue}
    for life in lives:
        for rule, sort, _name in life.planted:
            scores.setdefault(row(life, rule), Score()).planted["planted" if sort == "likeness" else sort] += 1
    before: set[tuple[str, str, str]] = set()
    for month, said in enumerate(months):
        for life in lives:
            _compare(life, month, said.get(life.tag, {}), scores)
            _follow(life, month, said, before, scores)
        before = said.stands
    return scores


def row(life: Life, rule: str) -> str:
    """The line of the table that a rule's verdicts on a supplier belong to."""
    likeness = any(of == rule and sort == "likeness" for of, sort, _name in life.planted)
    return f"{rule}*" if likeness else rule


def _compare(life: Life, month: int, said: Verdicts, scores: Scores) -> None:
    for rule, key in {*said, *life.marks}:
        if rule not in scores:
            continue
        label, severity = life.due(rule, key, month)
        got, got_severity = said.get((rule, key), ("quiet", None))
        where = _where(life, month, rule, key, f"{got} {got_severity or ''}; expected {label} {severity or ''}")
        own = scores[row(life, rule)]
        if got == "flag":
            own.note("hit" if label == "flag" else "invented", where)
            if label == "flag" and severity is not None and got_severity != severity:
                own.note("severity_wrong", where)
        elif label == "flag":
            own.note("missed", where)
        if label == "unknown":
            own.note("unknown_hit" if got == "unknown" else "unknown_missed", where)
        elif got == "unknown" and label == "quiet":
            own.note("unknown_invented", where)


def _follow(life: Life, month: int, said: Said, before: set[tuple[str, str, str]], scores: Scores) -> None:
    """An open finding is one that is flagged now, or was open and cannot be judged now: silence closes nothing."""
    verdicts = said.get(life.tag, {})
    for rule in [name for name in scores if not name.endswith("*")]:
        keys = {key for name, key in verdicts if name == rule} | {
            k for tag, name, k in before if tag == life.tag and name == rule
        }
        for key in keys:
            got = verdicts.get((rule, key), ("quiet", None))[0]
            should = got == "flag" or (got == "unknown" and (life.tag, rule, key) in before)
            if should != ((life.tag, rule, key) in said.stands):
                scores[row(life, rule)].note(
                    "life_wrong", _where(life, month, rule, key, f"{got}; finding open: {not should}")
                )


def _where(life: Life, month: int, rule: str, key: str, what: str) -> str:
    planted = ", ".join(f"{name} ({of})" for of, _sort, name in life.planted)
    return f"{rule} {key} {life.tag} {life.kind} {life.form} {life.profile} {life.days[month]}: {what} [{planted}]"


def table(scores: Mapping[str, Score]) -> Iterator[str]:
    """One line per rule."""
    head = (
        "rule",
        "events",
        "near",
        "alike",
        "missing",
        "flags due",
        "precision",
        "recall",
        "unknown due",
        "agreed",
        "other",
    )
    yield "{:<8}{:>8}{:>7}{:>7}{:>9}{:>11}{:>11}{:>8}{:>13}{:>8}  {}".format(*head)
    for rule, own in sorted(scores.items()):
        counts, planted = own.counts, own.planted
        other = [
            f"{what} {counts[what]}" for what in ("unknown_invented", "severity_wrong", "life_wrong") if counts[what]
        ]
        yield (
            f"{rule:<8}{planted['planted']:>8,}{planted['near']:>7,}{planted['alike']:>7,}{planted['missing']:>9,}"
            f"{counts['hit'] + counts['missed']:>11,}{_share(own.precision):>11}{_share(own.recall):>8}"
            f"{counts['unknown_hit'] + counts['unknown_missed']:>13,}{counts['unknown_hit']:>8,}  {', '.join(other)}"
        )


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
