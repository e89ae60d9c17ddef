"""Sizes against known tables, draws against an independent script, and intervals against their definition."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.sampling import Unit, draw, estimate, population_hash, rank, shares, size, size_of_endless

SURE, FIVE, TEN = Decimal("0.95"), Decimal("0.05"), Decimal("0.10")

SCRIPT = """
import hashlib, sys
seed, counts, lines = sys.argv[1], dict(pair.split("=") for pair in sys.argv[2].split(",")), sys.stdin.read().splitlines()
print(hashlib.sha256("".join(line + "\\n" for line in sorted(lines)).encode()).hexdigest())
strata = {}
for line in lines:
    number, stratum = line.split("\\t")
    strata.setdefault(stratum, []).append((hashlib.sha256(f"{seed}:{number}".encode()).hexdigest(), number))
for stratum in sorted(strata):
    print(*[number for _, number in sorted(strata[stratum])[: int(counts.get(stratum, 0))]], sep="\\n")
"""
"""All that an auditor needs: Python without anything of ours."""


def test_the_known_sizes_of_an_endless_population() -> None:
    """59 for one deviation in twenty, 29 for one in ten, with 95 per cent."""
    assert (size_of_endless(SURE, FIVE), size_of_endless(SURE, TEN)) == (59, 29)
    assert size_of_endless(Decimal("0.99"), Decimal("0.01")) == 459
    with pytest.raises(ValueError, match="larger deviation"):
        size_of_endless(SURE, Decimal("0.000001"))


@pytest.mark.parametrize(
    ("population", "drawn"), [(0, 0), (1, 1), (10, 10), (20, 19), (40, 31), (100, 45), (1_000, 57), (1_000_000, 59)]
)
def test_a_small_population_needs_fewer(population: int, drawn: int) -> None:
    """Without replacement: of 20 with one deviating, 19 have to be drawn."""
    assert size(population, SURE, FIVE) == drawn


@given(st.integers(1, 400), st.sampled_from(["0.5", "0.9", "0.95", "0.99"]), st.integers(1, 100))
@settings(deadline=None)
def test_a_size_is_the_smallest_that_suffices(population: int, confidence: str, per_cent: int) -> None:
    """By the definition, with whole numbers alone."""
    drawn = size(population, Decimal(confidence), Decimal(per_cent) / 100)
    deviating = -(-population * per_cent // 100)
    risk = 1 - Fraction(confidence)

    def missed(n: int) -> Fraction:
        return Fraction(comb(population - deviating, n), comb(population, n))

    assert missed(drawn) <= risk
    assert missed(drawn - 1) > risk


@pytest.mark.parametrize(("confidence", "deviation"), [("0", "0.05"), ("1", "0.05"), ("0.95", "0"), ("0.95", "1.01")])
def test_shares_outside_their_bounds_are_refused(confidence: str, deviation: str) -> None:
    """For both kinds of population."""
    for make in (lambda c, d: size(100, c, d), size_of_endless):
        with pytest.raises(ValueError, match="above 0"):
            make(Decimal(confidence), Decimal(deviation))


def test_strata_share_in_proportion_and_none_goes_without() -> None:
    """What is left over goes to the largest remainders; a stratum that would have none gets one."""
    assert shares({"a": 50, "b": 30, "c": 20}, 10) == {"a": 5, "b": 3, "c": 2}
    assert shares({"a": 97, "b": 2, "c": 1}, 10) == {"a": 10, "b": 1, "c": 1}
    assert shares({"b": 1, "a": 1, "c": 1}, 2) == {"a": 1, "b": 1, "c": 1}
    assert shares({"a": 3, "b": 0}, 100) == {"a": 3}
    assert shares({}, 5) == {}


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 500), min_size=1), st.integers(0, 300))
def test_shares_add_up_and_never_exceed_a_stratum(strata: dict[str, int], drawn: int) -> None:
    """At least what was asked for, as far as there are that many."""
    found = shares(strata, drawn)
    assert all(1 <= found[name] <= strata[name] for name in strata)
    assert sum(found.values()) >= min(drawn, sum(strata.values()))
    assert sum(found.values()) <= max(drawn, 0) + len(strata)


UNITS = st.sets(st.text("0123456789P-", min_size=1, max_size=8), min_size=1, max_size=60)


@given(UNITS, st.text("abc 123", min_size=1), st.integers(1, 20))
@settings(max_examples=10, deadline=None)
def test_an_independent_script_draws_the_same(ids: set[str], seed: str, drawn: int) -> None:
    """From the document alone: seed, how many of each stratum, and the lines of the population."""
    units = [Unit(item, "even" if len(item) % 2 == 0 else "odd") for item in ids]
    strata = {name: sum(unit.stratum == name for unit in units) for name in ("even", "odd")}
    counts = shares(strata, drawn)
    told = ",".join(f"{name}={count}" for name, count in counts.items())
    lines = "".join(f"{unit.id}\t{unit.stratum}\n" for unit in units)
    command = [sys.executable, "-c", SCRIPT, seed, told]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True, encoding="utf-8")
    first, *drawn_there = done.stdout.split()
    assert first == population_hash(units)
    assert drawn_there == [unit.id for unit in draw(units, counts, seed)]


def test_the_rank_is_a_plain_hash() -> None:
    """Which any tool can make: printf '%s' 2026:5599000001 | sha256sum."""
    told = "eb4a7a4cef51908fccd26c4b447092a81026939c3948adf1ac8e8e6757f55223"
    assert rank("2026", "5599000001") == told


def test_a_draw_does_not_depend_on_the_order_of_the_population() -> None:
    """And another seed draws others."""
    units = [Unit(f"{place:04d}") for place in range(200)]
    one = draw(units, {"": 20}, "s")
    assert one == draw(list(reversed(units)), {"": 20}, "s")
    assert one != draw(units, {"": 20}, "t")
    assert one[:10] == draw(units, {"": 10}, "s")


def test_ids_that_cannot_be_written_on_a_line_are_refused() -> None:
    """Nor may one stand twice."""
    for wrong in ("", "a\tb", "a\nb"):
        with pytest.raises(ValueError, match="one line"):
            Unit(wrong)
    with pytest.raises(ValueError, match="twice"):
        draw([Unit("a"), Unit("a", "x")], {}, "s")


@pytest.mark.parametrize(
    ("population", "reviewed", "deviating", "low", "high"),
    [(1_000, 59, 0, 0, 58), (100, 100, 7, 7, 7), (100, 0, 0, 0, 100), (20, 10, 10, 16, 20)],
)
def test_what_a_sample_says_of_the_rest(population: int, reviewed: int, deviating: int, low: int, high: int) -> None:
    """All reviewed: exactly those found; none reviewed: anything."""
    found = estimate(population, reviewed, deviating)
    assert (found.low, found.high) == (low, high)
    assert found.share == (None if not reviewed else Fraction(deviating, reviewed))


@given(st.integers(1, 60), st.data())
@settings(deadline=None)
def test_an_interval_holds_just_the_numbers_that_neither_tail_speaks_against(
    population: int, data: st.DataObject
) -> None:
    """By the definition, number by number."""
    reviewed = data.draw(st.integers(0, population))
    deviating = data.draw(st.integers(0, reviewed))

    def chance(n: int, k: int) -> Fraction:
        return Fraction(comb(n, k) * comb(population - n, reviewed - k), comb(population, reviewed))

    tail = Fraction(25, 1000)
    held = [
        n
        for n in range(deviating, population - (reviewed - deviating) + 1)
        if sum(chance(n, k) for k in range(deviating + 1)) > tail
        and sum(chance(n, k) for k in range(deviating, reviewed + 1)) > tail
    ]
    found = estimate(population, reviewed, deviating)
    assert (found.low, found.high) == (held[0], held[-1])


def test_parts_that_are_none_are_refused() -> None:
    """More found than reviewed, or more reviewed than there are."""
    for wrong in ((10, 5, 6), (10, 11, 0), (10, 5, -1)):
        with pytest.raises(ValueError, match="part of a part"):
            estimate(*wrong)
