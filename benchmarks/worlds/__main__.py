"""Precision and recall of every rule over labelled worlds.

    python -m benchmarks.worlds [--seeds 50] [--suppliers 400] [--months 6] [--rule SKA-01] [--processes 2] [--quick]

Each seed is a world of its own in a store of its own, held in memory and let go before the next. ``--quick`` takes two.
"""

from __future__ import annotations

import argparse
import time

from benchmarks.worlds import world
from benchmarks.worlds.score import table

SOME = 3  # disagreements told of each rule when none is named


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--suppliers", type=int, default=400)
    parser.add_argument("--months", type=int, default=6, help="at least six")
    parser.add_argument("--rule", help="tell the disagreements of this rule alone")
    parser.add_argument("--processes", type=int, default=1, help="how many worlds at a time")
    parser.add_argument("--quick", action="store_true", help="two seeds")
    given = parser.parse_args()
    seeds = range(given.first, given.first + (2 if given.quick else given.seeds))
    started = time.perf_counter()
    scores = world.measured(seeds, given.suppliers, given.months, given.processes)
    for line in table(scores):
        print(line)
    for rule, own in sorted(scores.items()):
        if own.wrong and (given.rule == rule or (given.rule is None and not rule.endswith("*"))):
            print(f"\n{rule}: the first disagreements")
            print("\n".join(f"  {line}" for line in own.wrong[: None if given.rule else SOME]))
    print(
        f"{len(seeds)} worlds of {given.suppliers} suppliers and {given.months} months: {time.perf_counter() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
