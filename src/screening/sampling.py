"""Samples: how many to draw, whom, and what the result says of the rest. Exact, and repeatable from what is written down."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from math import comb

MOST_ENDLESS = 32_768  # sizes above this are not looked for in an endless population


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """One of a population: its id as documents show it, and its stratum (empty in a simple sample)."""

    id: str
    stratum: str = ""

    def __post_init__(self) -> None:
        """Ids and strata stand on one line each, with a tab between."""
        if not self.id or any(sign in self.id + self.stratum for sign in "\t\n\r"):
            message = f"{self.id!r}: an id of a population is one line without a tab"
            raise ValueError(message)


# --- how many ---------------------------------------------------------------------------------------------------------
def size(population: int, confidence: Decimal, deviation: Decimal) -> int:
    """The fewest to draw so that, if at least ``deviation`` of the population deviates, one is met with ``confidence``.

    Without replacement (hypergeometric), with exact fractions: C(N-D, n) / C(N, n) <= 1 - confidence, where D is the
    smallest whole number that is at least ``deviation`` of N.

    Args:
        population: N, how many there are.
        confidence: above 0 and below 1, such as 0.95.
        deviation: above 0 and at most 1, such as 0.05.

    Raises:
        ValueError: a share outside its bounds.
    """
    _check(confidence, deviation)
    if population <= 0:
        return 0
    deviating = int(-(-population * Fraction(deviation) // 1))  # rounded up
    risk = 1 - Fraction(confidence)

    def enough(drawn: int) -> bool:
        few, many = sorted((drawn, deviating))  # the same chance either way round; the smaller one is quick to count
        return Fraction(comb(population - many, few), comb(population, few)) <= risk

    above = 1
    while not enough(above):
        above = min(2 * above, population)
    return _first(above // 2 + 1 if above > 1 else 1, above, enough)


def size_of_endless(confidence: Decimal, deviation: Decimal) -> int:
    """The same for an endless population (binomial): the smallest n with (1 - deviation)^n <= 1 - confidence."""
    _check(confidence, deviation)
    risk, each = 1 - Fraction(confidence), 1 - Fraction(deviation)
    above = 1
    while each**above > risk:
        above *= 2
        if above > MOST_ENDLESS:
            message = f"{deviation}: needs more than {MOST_ENDLESS // 2} drawn; ask for a larger deviation"
            raise ValueError(message)
    return _first(above // 2 + 1 if above > 1 else 1, above, lambda drawn: each**drawn <= risk)


def _check(confidence: Decimal, deviation: Decimal) -> None:
    if not 0 < confidence < 1:
        message = f"{confidence}: a confidence is above 0 and below 1"
        raise ValueError(message)
    if not 0 < deviation <= 1:
        message = f"{deviation}: a share of deviations is above 0 and at most 1"
        raise ValueError(message)


def shares(strata: Mapping[str, int], drawn: int) -> dict[str, int]:
    """How many of each stratum: in proportion, what is left over to the largest remainders, and at least one of each.

    So the sum is ``drawn``, or more when a stratum would else have had none; never more than the stratum holds.
    """
    total = sum(strata.values())
    if not total:
        return {}
    wanted = min(drawn, total)
    exact = {name: Fraction(wanted * count, total) for name, count in strata.items() if count}
    found = {name: int(share) for name, share in exact.items()}
    rest = sorted(exact, key=lambda name: (found[name] - exact[name], name))  # largest remainder first, then by name
    for name in rest[: wanted - sum(found.values())]:
        found[name] += 1
    return {name: max(count, 1) for name, count in sorted(found.items())}


# --- whom -------------------------------------------------------------------------------------------------------------
def rank(seed: str, unit_id: str) -> str:
    """Where an id stands in the draw: SHA-256, in hexadecimal, of the seed, a colon and the id as UTF-8."""
    return sha256(f"{seed}:{unit_id}".encode()).hexdigest()


def population_hash(units: Iterable[Unit]) -> str:
    """SHA-256 of one line per id in order: id, tab, stratum, line feed."""
    return sha256("".join(f"{unit.id}\t{unit.stratum}\n" for unit in sorted(units)).encode()).hexdigest()


def draw(units: Collection[Unit], counts: Mapping[str, int], seed: str) -> list[Unit]:
    """Of each stratum the first by rank; all of them in order of stratum and rank.

    Raises:
        ValueError: an id that stands twice.
    """
    if len({unit.id for unit in units}) != len(units):
        message = "an id stands twice in the population"
        raise ValueError(message)
    by_stratum: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        by_stratum[unit.stratum].append(unit)
    found: list[Unit] = []
    for stratum, members in sorted(by_stratum.items()):
        members.sort(key=lambda unit: (rank(seed, unit.id), unit.id))
        found += members[: counts.get(stratum, 0)]
    return found


# --- what it says -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Estimate:
    """What a reviewed sample says of its population. ``low`` and ``high``: how many of the population may deviate."""

    population: int
    reviewed: int
    deviating: int
    low: int
    high: int

    @property
    def share(self) -> Fraction | None:
        """The share that deviated of those reviewed; ``None`` when none has been."""
        return Fraction(self.deviating, self.reviewed) if self.reviewed else None


def estimate(population: int, reviewed: int, deviating: int, confidence: Decimal = Decimal("0.95")) -> Estimate:
    """An exact interval (hypergeometric, both tails) for how many of the population deviate.

    Raises:
        ValueError: more deviating than reviewed, or more reviewed than there are.
    """
    if not 0 <= deviating <= reviewed <= population:
        message = f"{deviating} of {reviewed} of {population}: not a part of a part"
        raise ValueError(message)
    tail = (1 - Fraction(confidence)) / 2
    low = _first(
        deviating, population - (reviewed - deviating), lambda n: _tail(population, n, reviewed, deviating) > tail
    )
    least = _first(
        low, population - (reviewed - deviating) + 1, lambda n: _below(population, n, reviewed, deviating) <= tail
    )
    return Estimate(population, reviewed, deviating, low, max(low, least - 1))


def _first(start: int, stop: int, holds: Callable[[int], bool]) -> int:
    """The first number from ``start`` for which something holds that goes on holding; ``stop`` when none does."""
    low, high = start, stop
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _below(population: int, deviating: int, drawn: int, found: int) -> Fraction:
    """The chance of at most ``found`` deviations among those drawn."""
    ways = sum(comb(deviating, k) * comb(population - deviating, drawn - k) for k in range(found + 1))
    return Fraction(ways, comb(population, drawn))


def _tail(population: int, deviating: int, drawn: int, found: int) -> Fraction:
    """The chance of at least ``found`` deviations among those drawn."""
    return 1 - _below(population, deviating, drawn, found - 1) if found else Fraction(1)
