"""How fast a source may be asked, and the time in which that is waited for."""

from __future__ import annotations

import asyncio
import heapq
import math
import time
from collections import deque
from dataclasses import dataclass
from itertools import count
from typing import Final

_SPACING_SLACK: Final = 1.01  # calls sent evenly arrive unevenly; one per cent keeps them inside the provider's window
_CATCH_UP_S: Final = 0.5  # a stop no longer than this
_MANY: Final = 10  # calls in a window; with fewer, whole calls would be too coarse a share of it
_IDLE_TURNS: Final = 20  # more than any step of a call in process needs from being woken to being sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard one source may be asked.

    ``reserve``: the share of the rate kept for ad-hoc checks. ``retry_s``: how long a call that failed is let rest at least.
    """

    per_second: float | None = None
    per_minute: float | None = None
    concurrent: int = 4
    timeout_s: float = 30.0
    connect_s: float = 5.0
    reserve: float = 0.2
    tries: int = 4
    retry_s: float = 0.0
    break_after: int = 5


class Timebase:
    """Time as the client waits for it. This one is real."""

    def monotonic(self) -> float:
        """Seconds from some fixed point."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class VirtualTimebase(Timebase):
    """Time that passes only while everyone waits, and then at once: minutes of limits and tokens in milliseconds.

    Whoever wakes first moves the time, once nobody else has anything left to do.
    """

    def __init__(self) -> None:
        self._now = 0.0
        self._sleepers: list[tuple[float, int]] = []
        self._numbers = count()

    def monotonic(self) -> float:
        """Seconds waited so far."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait; the earliest sleeper gives the others some turns of the loop before it moves the time."""
        entry = (self._now + max(0.0, seconds), next(self._numbers))
        heapq.heappush(self._sleepers, entry)
        turns = 0
        try:
            while self._now < entry[0]:
                await asyncio.sleep(0)
                turns = turns + 1 if self._sleepers[0] == entry else 0
                if turns == _IDLE_TURNS:
                    self._now = max(self._now, entry[0])
        finally:
            self._sleepers.remove(entry)
            heapq.heapify(self._sleepers)


REAL: Final = Timebase()


class Window:
    """At most ``calls`` starts in any ``seconds``, one each ``interval``.

    Turns lost in a short stop, because the reader or the store was busy, are made up; the window holds all the same.
    After a longer one the beat begins anew.
    """

    def __init__(self, calls: int, seconds: float, interval: float = 0.0) -> None:
        self._starts: deque[float] = deque(maxlen=calls)
        self._seconds, self._interval = seconds, interval
        self._due = -math.inf

    def earliest(self, now: float) -> float:
        """The first moment at which one more call may start."""
        if len(self._starts) < (self._starts.maxlen or 0):
            return max(now, self._due)
        return max(now, self._due, self._starts[0] + self._seconds)

    def take(self, moment: float) -> None:
        """Note that a call starts at ``moment``."""
        self._starts.append(moment)
        self._due = (self._due if moment - self._due <= _CATCH_UP_S else moment) + self._interval


def windows(limits: Limits, *, adhoc: bool) -> tuple[Window, ...]:
    """A monthly run sends evenly with its share of the rate; an ad-hoc check may spend the reserve at once."""
    windows = []
    for limit, seconds in ((limits.per_second, 1.0), (limits.per_minute, 60.0)):
        if limit is None:
            continue
        share = limit * ((limits.reserve or 1.0) if adhoc else 1.0 - limits.reserve)
        interval = seconds / share * _SPACING_SLACK
        if adhoc and share >= 1:
            windows.append(Window(int(share), seconds))
        elif share >= _MANY:
            windows.append(Window(int(share), seconds * _SPACING_SLACK, interval))
        else:
            windows.append(Window(1, interval))
    return tuple(windows)
