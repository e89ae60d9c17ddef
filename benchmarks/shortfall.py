"""How often a source that has gone quiet is seen, and how often a well one is doubted: 200 seeded months for each.

``python -m benchmarks.shortfall`` prints the table of ``docs/silent-shortfall.md``. Each month has five earlier ones for history,
in which answers change as they do: people come and go, debts are paid and made, companies end. Then a share of the answers is
dropped as a provider drops them: what was there says that there is nothing.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from screening.stages.doubt import Counted, doubts_of
from screening.store import Shape, Sighted

RUNS = 200
MONTHS = 5
SIZES = (150, 400)
DROPS = (0.0, 0.05, 0.2, 0.5)
Payload = dict[str, object] | None


@dataclass(frozen=True)
class Source:
    """One kind of source: how many have something, how an answer looks with and without it, how many lose and gain it a month."""

    name: str
    kind: str
    share: float
    full: Callable[[random.Random], Payload]
    empty: Payload
    loses: float
    gains: float


SOURCES = (
    Source("register", "company_record", 0.97, lambda _: {"state": "registered", "names": [["A", "name"]]},
           {"state": "not_registered"}, 0.002, 0.002),
    Source("board", "officers", 0.95, lambda r: {"people": [[f"K{r.random()}", "A", "LE"]]}, None, 0.002, 0.002),
    Source("tax flags", "tax_registration", 0.93, lambda _: {"f_tax": "active", "vat": "active"}, None, 0.004, 0.002),
    Source("owners", "beneficial_owners", 0.85, lambda _: {"state": "registered", "owners": [["K", "A"]]},
           {"state": "none_registered"}, 0.003, 0.005),
    Source("debts", "enforcement_debt", 0.03, lambda r: {"public_debt_sek": r.randrange(1_000, 90_000), "public_cases": 2},
           {"public_debt_sek": 0, "public_cases": 0}, 0.15, 0.005),
)  # fmt: skip


def outcome(source: Source, size: int, drop: float, seed: int) -> bool:
    """Whether the last of the months is doubted."""
    chance = random.Random(f"{source.name} {size} {drop} {seed}")
    now: list[Payload] = [source.full(chance) if chance.random() < source.share else source.empty for _ in range(size)]
    history: list[Shape] = []
    before: list[Payload] = [None] * size
    for month in range(MONTHS):
        counted = Counted.of(list(_answers(source, now, before, first=month == 0)), {})
        history += counted.shapes()
        before, now = now, [_later(source, item, chance) for item in now]
    told = [source.empty if item != source.empty and chance.random() < drop else item for item in now]
    counted = Counted.of(list(_answers(source, told, before, first=False)), {})
    return bool(list(doubts_of(source.name, counted, history, {})))


def _later(source: Source, item: Payload, chance: random.Random) -> Payload:
    if item == source.empty:
        return source.full(chance) if chance.random() < source.gains else item
    return source.empty if chance.random() < source.loses else item


def _answers(source: Source, now: list[Payload], before: list[Payload], *, first: bool) -> Iterator[Sighted]:
    for number, (new, old) in enumerate(zip(now, before, strict=True)):
        yield Sighted(f"S-{number}", source.kind, new, old, first)


def measured(runs: int = RUNS, sizes: tuple[int, ...] = SIZES) -> Mapping[tuple[str, int, float], float]:
    """(source, suppliers, share dropped) -> share of months that are doubted."""
    return {
        (source.name, size, drop): sum(outcome(source, size, drop, seed) for seed in range(runs)) / runs
        for source in SOURCES
        for size in sizes
        for drop in DROPS
    }


def main() -> None:
    """Prints the table."""
    runs = 20 if "--quick" in sys.argv else RUNS
    found = measured(runs, SIZES)
    print("| source | suppliers | doubted though well | 5 % dropped | 20 % dropped | 50 % dropped |")
    print("|---|---|---|---|---|---|")
    for name, size in dict.fromkeys((name, size) for name, size, _ in found):
        shares = " | ".join(f"{found[name, size, drop]:.1%}" for drop in DROPS)
        print(f"| {name} | {size:,} | {shares} |")


if __name__ == "__main__":
    main()
