"""The first run of a municipality without history does not drown its reader."""

from __future__ import annotations

import pytest
from benchmarks.worlds.municipality import BAR, measured, told, town
from benchmarks.worlds.rates import NATURAL, PLANTED


@pytest.mark.parametrize("all_rules", [False, True])
def test_few_suppliers_beyond_those_planted_have_a_serious_finding(*, all_rules: bool) -> None:
    """Fewer than 15 % at HÖG or above, under the sample's profiles and with every rule expected of everyone."""
    found = measured(2, 1_000, all_rules=all_rules)
    assert found.beyond < BAR * found.suppliers
    assert found.found > 0.8 * found.planted


def test_the_stated_base_rates_are_the_towns() -> None:
    """2 % are insolvent and 3 % have public claims, of those that can be."""
    made = town(1, 1_000)
    for rate in (*PLANTED, *NATURAL):
        fitting = [
            life for life in made if rate.fits(life) or any(name == rate.befalls.__name__ for *_, name in life.planted)
        ]
        had = [life for life in made if any(name == rate.befalls.__name__ for *_, name in life.planted)]
        assert abs(len(had) - rate.share * len(fitting)) <= 0.02 * len(fitting) + 1, rate.befalls.__name__
    assert {rate.befalls.__name__: rate.share for rate in PLANTED}["insolvency"] == 0.02
    assert {rate.befalls.__name__: rate.share for rate in PLANTED}["public_claims"] == 0.03


def test_the_figures_are_told() -> None:
    """Planted and found, the share beyond, and a line per rule."""
    lines = list(told(measured(3, 200, all_rules=True)))
    assert "bar 15%" in lines[1]
    assert any(line.strip().startswith("SKA-01:") for line in lines)
