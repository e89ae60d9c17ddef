"""The moments at which calls may start."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from screening.client.pace import Limits, Window, windows


def starts(window: Window, asked: Iterable[float]) -> list[float]:
    """When each call starts, each wanted at a moment, one after the other."""
    found: list[float] = []
    for moment in asked:
        begun = window.earliest(max([moment, *found[-1:]]))
        window.take(begun)
        found.append(begun)
    return found


def of(per_second: float, *, reserve: float = 0.0, adhoc: bool = False) -> Window:
    """The window that a limit gives."""
    return windows(Limits(per_second=per_second, reserve=reserve), adhoc=adhoc)[0]


@given(
    st.lists(st.floats(0, 3), min_size=1, max_size=300),
    st.sampled_from([1.0, 2.5, 10.0, 50.0]),
    st.sampled_from([0.0, 0.2]),
)
def test_no_second_ever_has_more_than_its_limit(gaps: list[float], rate: float, reserve: float) -> None:
    """However calls come and stop, any second holds at most the limit."""
    moments = [sum(gaps[: n + 1]) / 20 for n in range(len(gaps))]
    found = starts(of(rate, reserve=reserve), moments)
    assert all(sum(begun <= other < begun + 1 for other in found) <= ceil(rate) for begun in found)


def test_calls_are_sent_evenly_from_the_first() -> None:
    """Ten wanted at once go out a beat apart: nobody gets a burst because nothing was sent before."""
    assert starts(of(10), [7.0] * 4) == [7.0, 7.101, 7.202, 7.303]


def test_turns_lost_in_a_short_stop_are_made_up() -> None:
    """Three tenths of a second without a call cost nothing: the beat goes on from where it was."""
    found = starts(of(10), [0.0, 0.0, 0.5, 0.5, 0.5, 0.5, 0.5])
    assert [round(moment, 3) for moment in found] == [0.0, 0.101, 0.5, 0.5, 0.5, 0.505, 0.606]


def test_after_a_long_stop_the_beat_begins_anew() -> None:
    """A source that nobody asked for a while is not asked many times at once."""
    assert starts(of(10), [0.0, 3.0, 3.0, 3.0]) == [0.0, 3.0, 3.101, 3.202]


def test_a_check_may_spend_the_reserve_at_once() -> None:
    """Two tenths of fifty are ten calls without waiting; the eleventh waits."""
    found = starts(of(50, reserve=0.2, adhoc=True), [0.0] * 11)
    assert found == [*[0.0] * 10, 1.0]
