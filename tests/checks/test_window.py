"""What rules on changes share: windows, seasons, and contract dates that a change lies near."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from screening.checks._names import likest, registered_names, said
from screening.checks._services import of_services, spelled, sub_suppliers
from screening.checks._timing import Near, Timing, near
from screening.checks._window import all_dated, at_latest, months
from screening.identity import from_stored
from screening.model import (
    CompanyName,
    CompanyRecord,
    Context,
    Contract,
    Event,
    History,
    Origin,
    Provenance,
    Supplier,
)
from screening.model.states import Member

TODAY = date(2026, 11, 30)
SUPPLIER = Supplier("S", "organisation", from_stored("orgnr", "SE", "5599999017"), "Exempel AB")
LIMITS = Timing(near_days=90, option_days=180)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        (date(2026, 3, 31), date(2026, 3, 1), {3}),
        (date(2026, 11, 1), date(2027, 2, 28), {11, 12, 1, 2}),
        (date(2025, 12, 31), date(2026, 1, 1), {12, 1}),
        (date(2025, 1, 1), date(2026, 12, 31), set(range(1, 13))),
    ],
)
def test_months_go_from_the_first_day_to_the_last(start: date, end: date, found: set[int]) -> None:
    """Over the end of a year, and no month more."""
    assert months(start, end) == found


def context(*contracts: Contract) -> Context:
    return Context(TODAY, SUPPLIER, None, contracts)


def test_a_change_ninety_days_from_award_is_near_and_ninety_one_is_not() -> None:
    """On both sides of it."""
    awarded = Contract("A-1", awarded_on=date(2026, 6, 30))
    for on, level in ((date(2026, 9, 28), "near_award"), (date(2026, 9, 29), ""), (date(2026, 4, 1), "near_award")):
        assert near([on], context(awarded), LIMITS).level == level
    assert near([date(2026, 3, 31)], context(awarded), LIMITS).level == ""


def test_before_an_option_counts_and_after_it_does_not() -> None:
    """From half a year before the day to the day itself; it weighs more in the last ninety days."""
    contract = Contract("A-1", ends_on=date(2026, 8, 1), option_until_on=date(2028, 8, 1))
    assert near([date(2026, 8, 1)], context(contract), LIMITS).level == "near_option"
    assert near([date(2026, 5, 3)], context(contract), LIMITS).level == "near_option"
    assert near([date(2026, 5, 2)], context(contract), LIMITS).level == "before_option"
    assert near([date(2026, 2, 2)], context(contract), LIMITS).level == "before_option"
    assert near([date(2026, 2, 1)], context(contract), LIMITS).level == ""
    assert near([date(2026, 8, 2)], context(contract), LIMITS).level == ""


def test_the_award_goes_before_the_option_and_the_nearer_change_before_the_farther() -> None:
    """Whatever order they come in."""
    award = Contract("A-1", awarded_on=date(2026, 6, 1))
    option = Contract("A-0", ends_on=date(2026, 6, 10), option_until_on=date(2028, 6, 1))
    found = near([date(2026, 5, 1), date(2026, 5, 20)], context(option, award), LIMITS)
    assert found.level == "near_award"
    assert found.first is not None
    assert (found.first.contract_id, found.first.point, found.first.days) == ("A-1", "award", -12)
    assert found.on == date(2026, 5, 20)


def test_of_two_changes_equally_near_the_first_is_told() -> None:
    """Before and after by as many days."""
    award = Contract("A-1", awarded_on=date(2026, 6, 10))
    assert near([date(2026, 6, 5), date(2026, 6, 15)], context(award), LIMITS).on == date(2026, 6, 5)


def test_a_nearer_change_is_not_replaced_by_a_farther_one_before_it() -> None:
    """Days are counted in both directions."""
    award = Contract("A-1", awarded_on=date(2026, 6, 10))
    assert near([date(2026, 6, 13), date(2026, 5, 20)], context(award), LIMITS).on == date(2026, 6, 13)


def test_contract_dates_come_weightiest_first_then_nearest_then_by_contract() -> None:
    """Awards, then options, then ends: the first is the one that a finding names."""
    contracts = (
        Contract("A-6", ends_on=date(2026, 6, 2)),
        Contract("A-5", ends_on=date(2026, 7, 9), option_until_on=date(2028, 1, 1)),
        Contract("A-4", ends_on=date(2026, 6, 9), option_until_on=date(2028, 1, 1)),
        Contract("A-3", awarded_on=date(2026, 4, 1)),
        Contract("A-2", awarded_on=date(2026, 5, 1)),
        Contract("A-1", awarded_on=date(2026, 5, 1)),
    )
    found = near([date(2026, 6, 1)], context(*contracts), LIMITS).found
    assert [moment.contract_id for moment, _on in found] == ["A-1", "A-2", "A-3", "A-4", "A-5", "A-6"]


def test_a_start_without_an_award_weighs_as_one() -> None:
    """Where no award is dated."""
    assert near([date(2026, 6, 1)], context(Contract("A-1", starts_on=date(2026, 6, 1))), LIMITS).level == "near_award"


def test_of_two_options_the_nearer_says_how_near() -> None:
    """Within as many days as of an award it is near; before that it is yet to come. Which limit was used is no part of it."""
    far, close = (
        Contract(name, ends_on=day, option_until_on=date(2028, 8, 1))
        for name, day in (("A-1", date(2026, 11, 20)), ("A-2", date(2026, 8, 10)))
    )
    assert near([date(2026, 8, 1)], context(far, close), LIMITS).level == "near_option"
    assert near([date(2026, 8, 1)], context(far), LIMITS).level == "before_option"
    found = near([date(2026, 8, 9)], context(close), LIMITS)
    assert (Near(found.found).level, Near(found.found)) == ("before_option", found)


def test_nothing_near_is_nothing() -> None:
    """No level, no contract, no day."""
    empty = Near()
    assert (empty.level, empty.first, empty.on) == ("", None, None)


def test_all_dated_is_all() -> None:
    """One without a day is enough."""
    one, other = Member("A", since_on=date(2020, 1, 1)), Member("B")
    assert all_dated([one])
    assert not all_dated([one, other])


def test_the_day_of_an_answer_is_not_told_as_the_day_of_a_change() -> None:
    """Unless the answer before it held until the day before, or the source gives the day."""
    for after, latest in ((date(2026, 11, 28), True), (date(2026, 11, 29), False), (None, False)):
        event = Event("officers", "board", "", "Bo", TODAY, after, "seen", "case")
        assert at_latest(event) is latest


def test_services_are_compared_without_case_and_space() -> None:
    """And a supplier without such contracts has no sub-suppliers."""
    assert spelled("  Personlig   Assistans ") == "personlig assistans"
    contracts = (Contract("A-1", service="HVB", sub_suppliers=2), Contract("A-2", service="konsult", sub_suppliers=9))
    assert [item.id for item in of_services(contracts, ["hvb"])] == ["A-1"]
    assert sub_suppliers(of_services(contracts, ["hvb"])) == 2
    assert sub_suppliers(()) == 0


def test_a_name_that_says_nothing_is_not_compared() -> None:
    """Empty, or taken away by the publisher."""
    assert said(["Exempel AB", "", "  ", "Skyddad identitet"]) == ["Exempel AB"]


def test_the_names_that_the_register_has_now_come_before_those_it_had() -> None:
    """The first is the one that a finding shows; none is told twice."""
    came = Provenance(
        source="case", origin=Origin.AUTHORITY, as_of=TODAY, fetched_at=datetime(2026, 11, 30, tzinfo=UTC)
    )
    old, new = (
        CompanyRecord(provenance=came, state="registered", names=tuple(map(CompanyName, names)), businesses=own)
        for names, own in (((("Tallmora AB", "Lövnäs AB")), ()), (("Granliden AB", "Lövnäs AB"), ("Keramik",)))
    )
    found = registered_names(History((old, new), TODAY))
    assert found == ("Granliden AB", "Lövnäs AB", "Keramik", "Tallmora AB")


def test_the_likest_name_is_the_very_same_where_there_is_one() -> None:
    """Not another spelling of it that stands before."""
    assert likest("Lövnäs AB", ("LÖVNÄS AB", "Lövnäs AB")) == ("Lövnäs AB", Decimal(1))
    assert likest("Lövnäs AB", ()) == ("", Decimal(0))
