from decimal import Decimal

import pytest

from screening.model import KINDS, SEVERITIES
from screening.report import texts


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0\u00a0kr"), (1234567, "1\u00a0234\u00a0567\u00a0kr"), (Decimal("-12.50"), "-12,50\u00a0kr")],
)
def test_kronor_as_people_write_them(value: Decimal, written: str) -> None:
    """Thousands are set apart by no-break spaces; öre show only where there are any."""
    assert texts.kronor(value) == written


@pytest.mark.parametrize(
    ("part", "whole", "written"),
    [
        (1, 3, "33\u00a0%"),
        (999, 1000, "99\u00a0%"),
        (1, 1000, "1\u00a0%"),
        (0, 5, "0\u00a0%"),
        (5, 5, "100\u00a0%"),
        (0, 0, "–"),
    ],
)
def test_a_share_is_100_only_when_it_is_all(part: int, whole: int, written: str) -> None:
    """Rounding never says that everybody was checked, nor that nobody was."""
    assert texts.share(part, whole) == written


def test_month_in_words() -> None:
    """A period reads as a month; what is not a period stands as it is."""
    assert texts.month("2026-11", "sv") == "november 2026"
    assert texts.month("2026-03", "en") == "March 2026"
    assert texts.month("2026-13", "sv") == "2026-13"
    assert texts.month("Q3", "sv") == "Q3"


def test_every_kind_and_severity_has_words() -> None:
    """Nothing in a report is called by its name in code."""
    assert KINDS.keys() <= texts.KIND.keys()
    assert set(SEVERITIES) == texts.SEVERITY.keys() == texts.SYMBOL.keys()
    assert texts.word(texts.SEVERITY, "high", "sv") == "HÖG"
    assert texts.word(texts.SEVERITY, "high", "en") == "HIGH"
    assert texts.word(texts.SEVERITY, "odd", "sv") == "odd"
