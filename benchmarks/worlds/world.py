"""A world from its seed, and the figures over many."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from random import Random

from benchmarks.worlds import (
    plant_credit,
    plant_names,
    plant_owners,
    plant_owners_more,
    plant_records,
    plant_records_more,
    plant_register,
    plant_tax,
    plant_tax_more,
)
from benchmarks.worlds.base import lives
from benchmarks.worlds.life import Life, Planter, month_ends, sow
from benchmarks.worlds.months import live, rules
from benchmarks.worlds.score import Scores, score

PLANTERS: tuple[Planter, ...] = (
    *plant_tax.PLANTERS,
    *plant_tax_more.PLANTERS,
    *plant_records.PLANTERS,
    *plant_records_more.PLANTERS,
    *plant_owners.PLANTERS,
    *plant_owners_more.PLANTERS,
    *plant_register.PLANTERS,
    *plant_credit.PLANTERS,
    *plant_names.PLANTERS,
)
"""Everything that can happen."""
FIRST_MONTHS = 12
"""Worlds begin in different months of 2026, so that seasons and quarters fall differently in each."""


def grown(seed: int, suppliers: int, months: int, share: float = 0.75) -> list[Life]:
    """A world's suppliers, a share of them with what has been planted; the same for the same seed."""
    days = month_ends(2026, 1 + seed % FIRST_MONTHS, months)
    made = list(lives(seed, suppliers, days))
    for life in made:
        life.fellows = made
    sow(made, PLANTERS, Random(f"sow-{seed}"), share)
    return made


def measured(seeds: Iterable[int], suppliers: int, months: int, processes: int = 1) -> Scores:
    """The figures over all worlds, each made, lived and let go by itself; several at a time when asked to."""
    found: Scores = {}
    one = partial(_one, suppliers=suppliers, months=months)
    if processes == 1:
        for scores in map(one, seeds):
            _add(found, scores)
        return found
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        for scores in pool.map(one, seeds):
            _add(found, scores)
    return found


def _one(seed: int, suppliers: int, months: int) -> Scores:
    made, catalogue = grown(seed, suppliers, months), rules()
    return score(made, live(made, catalogue), list(catalogue))


def _add(found: Scores, scores: Scores) -> None:
    for rule, own in scores.items():
        found.setdefault(rule, type(own)()).add(own)
