"""A world from its seed, and the figures over many."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from benchmarks.worlds import (
    plant_credit,
    plant_names,
    plant_owners,
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


def measured(seeds: Iterable[int], suppliers: int, months: int) -> Scores:
    """The figures over all worlds."""
    catalogue = rules()
    found: Scores = {}
    for seed in seeds:
        made = grown(seed, suppliers, months)
        for rule, own in score(made, live(made, catalogue), list(catalogue)).items():
            found.setdefault(rule, type(own)()).add(own)
    return found
