"""The measurement of the whole catalogue: the store that it makes, and the line that it fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks import whole
from benchmarks.worlds.months import rules


def test_a_straight_line_fits_itself() -> None:
    """Start, slope and an R² of 1."""
    line = whole.fit([(1, 5), (2, 7), (4, 11)])
    assert line == pytest.approx((3, 2, 1))


def test_what_bends_fits_worse() -> None:
    """A square is no line."""
    assert whole.fit([(1, 1), (2, 4), (3, 9), (4, 16)]).r_squared < 0.99


def test_rules_are_spread_over_the_families() -> None:
    """Five of the catalogue are not five of one family."""
    chosen = whole.spread(tuple(rules()), 5)
    assert len({name[:3] for name in chosen}) > 2
    assert whole.spread(("A", "B"), None) == ("A", "B")


def test_every_copy_is_judged_as_its_original(tmp_path: Path) -> None:
    """Twice the suppliers make twice the verdicts."""
    for name, suppliers in (("one", 20), ("two", 40)):
        (tmp_path / name).mkdir()
        whole.fill(tmp_path / name, suppliers, template=20, months_lived=6)
    one, two = whole.judged(tmp_path / "one", None), whole.judged(tmp_path / "two", None)
    assert one["rules"] == len(rules())
    assert two["suppliers"] == 40
    assert two["verdicts"] / two["suppliers"] == pytest.approx(one["verdicts"] / one["suppliers"], rel=0.1)
