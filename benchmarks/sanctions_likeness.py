"""How often a hit in a sanctions list errs, by limit, on made-up names: the figures of ``docs/name-likeness.md``.

``python benchmarks/sanctions_likeness.py`` weighs each pair as SAN-01 does; ``--errors`` tells the pairs behind.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import cast

from screening.checks.sanctions_hit import P
from screening.names import likeness
from screening.rules import load_rule

HERE = Path(__file__).parent
RULE = HERE.parent / "rules" / "san_01_sanktionslista.toml"
LIMITS = tuple(Decimal(step) / 20 for step in range(13, 20))


@dataclass(frozen=True, slots=True)
class Pair:
    """A supplier's name and a listed one, and whether a person says that they are the same; ``weighed`` as the rule does."""

    supplier: str
    listed: str
    same: bool
    why: str
    weighed: Decimal


def pairs(limits: P) -> list[Pair]:
    """The labelled pairs, weighed."""
    with (HERE / "sanctions_pairs.csv").open(encoding="utf-8", newline="") as file:
        return [
            Pair(row["supplier"], row["listed"], row["same"] == "yes", row["why"], weigh(row, limits))
            for row in csv.DictReader(file, delimiter=";")
        ]


def weigh(row: dict[str, str], limits: P) -> Decimal:
    """The likeness times what each doubt leaves of it."""
    weighed = Decimal(str(likeness(row["supplier"], row["listed"])))
    if row["strong"] == "no":
        weighed *= limits.weak_alias_share
    if row["other_country"] == "yes":
        weighed *= limits.other_country_share
    if row["other_form"] == "yes":
        weighed *= limits.other_form_share
    return weighed


def main(arguments: list[str]) -> int:
    """Prints precision and recall per limit, and with ``--errors`` what is wrong at the rule's own."""
    limits = cast("P", load_rule(RULE).limits.params(date(2026, 1, 1)))
    found = pairs(limits)
    same = sum(pair.same for pair in found)
    print(f"{same} pairs of the same, {len(found) - same} of others; the rule's limit: {limits.min_weighed_share}")
    for limit in LIMITS:
        taken = [pair for pair in found if pair.weighed >= limit]
        right = sum(pair.same for pair in taken)
        print(f"{limit:.2f}  precision {right / len(taken) if taken else 1:.3f}  recall {right / same:.3f}")
    if "--errors" in arguments:
        for pair in sorted(found, key=lambda pair: -pair.weighed):
            if pair.same != (pair.weighed >= limits.min_weighed_share):
                print(f"{pair.weighed:.3f}  {pair.supplier} | {pair.listed}: {pair.why}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
