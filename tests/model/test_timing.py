"""Events against a contract's dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.checks._timing import Near, Timing, near
from screening.model import Context, Contract, Supplier
from screening.model.timing import ORDER, Moment, decode, encode, moments
from screening.rules.texts import written

TODAY = date(2026, 11, 30)
EVENT = date(2026, 10, 5)


def points(**contract: object) -> list[tuple[str, int]]:
    return [(item.point, item.days) for item in moments(Contract("A-1", **contract), EVENT, TODAY)]  # type: ignore[arg-type]


def test_a_contract_has_an_award_or_a_start_and_an_option_or_an_end() -> None:
    """Days from the contract's date to the event: negative when the event came first."""
    assert points(awarded_on=date(2026, 10, 10), starts_on=date(2027, 1, 1)) == [("award", -5)]
    assert points(starts_on=date(2026, 10, 1), ends_on=date(2026, 10, 15)) == [("start", 4), ("end", -10)]
    assert points(ends_on=date(2026, 12, 4), option_until_on=date(2028, 12, 4)) == [("option", -60)]
    assert points(ends_on=date(2026, 12, 4), option_until_on=date(2026, 12, 4)) == [("end", -60)]
    assert points(phase="tender") == [("tender", -56)]
    assert points(phase="tender", awarded_on=date(2026, 10, 4)) == [("award", 1)]
    assert points() == []


@given(
    st.lists(
        st.builds(
            Moment,
            st.sampled_from(ORDER),
            st.text(max_size=12),
            st.dates(),
            st.integers(min_value=-4000, max_value=4000),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_moments_survive_being_evidence(found: list[Moment]) -> None:
    """Whatever a contract is called."""
    encoded = encode(found)
    assert encoded is not None
    assert decode(encoded) == tuple(found)
    assert encode([]) is None


@pytest.mark.parametrize(
    ("moment", "swedish", "english"),
    [
        (Moment("award", "A-1", EVENT, 0), "samma dag som tilldelning av avtal A-1 (2026-10-05)", "on the day of the award of contract A-1 (2026-10-05)"),
        (Moment("option", "A-1", EVENT, -1), "1 dag före option i avtal A-1 (2026-10-05)", "1 day before an option of contract A-1 (2026-10-05)"),
        (Moment("start", "A-1", EVENT, 2), "2 dagar efter start av avtal A-1 (2026-10-05)", "2 days after the start of contract A-1 (2026-10-05)"),
        (Moment("tender", "D-9", TODAY, -56), "56 dagar före kontrollen av anbud D-9", "56 days before this check of tender D-9"),
        (Moment("tender", "anbud KS 2026/41", TODAY, -2), "2 dagar före kontrollen av anbud KS 2026/41", "2 days before this check of tender KS 2026/41"),
        (Moment("tender", "anbud", TODAY, -2), "2 dagar före kontrollen av anbud", "2 days before this check of tender"),
        (Moment("end", "A-1", EVENT, -3), "3 dagar före slutet på avtal A-1 (2026-10-05)", "3 days before the end of contract A-1 (2026-10-05)"),
    ],
)  # fmt: skip
def test_moments_read_in_both_languages(moment: Moment, swedish: str, english: str) -> None:
    """A tender has no date of its own: it is the day of the check. That it is one is said once, whatever it is called."""
    told = encode([moment])
    assert written("contracts_timing", told, "sv") == swedish
    assert written("contracts_timing", told, "en") == english


def test_the_award_goes_before_the_option_and_the_nearest_change_counts() -> None:
    """Several changes, several contracts: each date once."""
    contracts = (
        Contract("A-1", awarded_on=date(2026, 9, 1), ends_on=date(2026, 12, 31), option_until_on=date(2027, 12, 31)),
        Contract("A-2", awarded_on=date(2020, 1, 1), ends_on=date(2027, 1, 31)),
    )
    context = Context(TODAY, Supplier("S", "organisation", None, "Exempel AB"), contracts=contracts)
    limits = Timing(near_days=90, option_days=180)
    found = near([date(2026, 9, 30), EVENT], context, limits)
    assert [(moment.point, moment.contract_id, moment.days) for moment, _on in found.found] == [
        ("award", "A-1", 29),
        ("option", "A-1", -87),
        ("end", "A-2", -118),
    ]
    assert (found.level, found.on) == ("near_award", date(2026, 9, 30))
    assert near([date(2026, 11, 30)], context, Timing(near_days=5, option_days=180)).level == "before_option"
    assert near([date(2020, 6, 1)], context, limits) == Near()
    nothing = Near()
    assert (nothing.first, nothing.on, nothing.timing) == (None, None, None)
    assert nothing.level == ""
