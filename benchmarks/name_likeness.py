"""How often the likeness of names errs, by limit: the labelled pairs, and names of unrelated companies by chance.

``python benchmarks/name_likeness.py`` prints the figures of ``docs/name-likeness.md``; ``--errors`` the pairs behind.
The limit is chosen on the training pairs alone; the hold-out pairs were written after the method was frozen.
"""

from __future__ import annotations

import csv
import sys
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from screening.names import SAME, likeness

HERE = Path(__file__).parent
LIMITS = tuple(round(0.50 + 0.05 * step, 2) for step in range(9))


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, and whether a person says that they are of the same supplier."""

    export: str
    register: str
    same: bool
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class Figures:
    """At one limit: of the pairs taken for the same, how many are; of those that are, how many are taken so."""

    limit: float
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def pairs(part: str) -> list[Pair]:
    """The labelled pairs of ``train`` or ``holdout``, scored."""
    with (HERE / f"name_pairs_{part}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Pair(
                row["export"],
                row["register"],
                row["same"] == "yes",
                row["why"],
                likeness(row["export"], row["register"]),
            )
            for row in csv.DictReader(file, delimiter=";")
        ]


def figures(labelled: list[Pair], limit: float) -> Figures:
    """Precision and recall at a limit."""
    taken = [pair for pair in labelled if pair.score >= limit]
    right = sum(pair.same for pair in taken)
    return Figures(limit, right / max(1, len(taken)), right / max(1, sum(pair.same for pair in labelled)))


def by_chance() -> list[float]:
    """Likeness of unrelated names, what a swapped number meets: every training name against every hold-out name."""
    train, holdout = ({pair.register for pair in pairs(part)} for part in ("train", "holdout"))
    return [likeness(one, other) for one, other in product(sorted(train), sorted(holdout))]


def main(arguments: list[str]) -> None:
    """Print the figures."""
    chance = by_chance()
    for part in ("train", "holdout"):
        labelled = pairs(part)
        print(f"\n{part}: {sum(p.same for p in labelled)} same, {sum(not p.same for p in labelled)} different\n")
        print("| limit | precision | recall | F1 |\n|---|---|---|---|")
        for limit in LIMITS:
            row = figures(labelled, limit)
            print(f"| {limit:.2f} | {row.precision:.3f} | {row.recall:.3f} | {row.f1:.3f} |")
        if "--errors" in arguments:
            for pair in sorted((p for p in labelled if p.same is not (p.score >= SAME)), key=lambda p: p.score):
                print(
                    f"  {pair.score:.2f} {'same' if pair.same else 'different'}: {pair.export} | {pair.register} ({pair.why})"
                )
    print(
        f"\nunrelated: {sum(score >= SAME for score in chance)} of {len(chance)} at or above {SAME:.2f}, highest {max(chance):.2f}"
    )
    names = [pair.export for part in ("train", "holdout") for pair in pairs(part)]
    started = time.perf_counter()
    compared = sum(1 for one, other in product(names, names) if likeness(one, other) >= 0)
    print(f"{compared / (time.perf_counter() - started):,.0f} comparisons a second")


if __name__ == "__main__":
    main(sys.argv[1:])
