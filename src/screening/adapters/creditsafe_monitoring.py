"""Creditsafe Connect's monitoring: which watched companies have had an event since last, so that no report need be bought.

A company is watched from the day that the portfolio says. A report is proved to hold still when the company was watched on
the day of the report, and no event has come since. Events are polled with a cursor of our own on ``notificationEventId``: the
provider's pages count from 0, and items may be repeated or lost between them, so the pages are read until the number of
different events is the one that the provider counts; if it never is, nothing is proved.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from screening.adapters.source import Request, Session
from screening.adapters.wire import Day, Wire, shaped
from screening.errors import SupplierFailed

PAGE_SIZE: Final = 100
READINGS: Final = 3  # of all pages, before the events are given up as not whole
REFUSED: Final = frozenset({403})
"""Monitoring is a product of its own: that it is not ordered is no reason to stop buying reports."""
LATE: Final = timedelta(days=35)  # an event may be told of so long after its own date
PORTFOLIO: Final = "screening"


class Paging(Wire):
    """``next`` is null at the end."""

    next: int | None = None


class Company(Wire):
    """The company of an event, or a line of the portfolio."""

    id: str
    date_added: Day = None


class Event(Wire):
    """One notification."""

    notification_event_id: int
    event_date: Day = None
    company: Company


class Events(Wire):
    """One page."""

    total_count: int
    data: tuple[Event, ...] = ()
    paging: Paging | None = None


class Watched(Wire):
    """One page of the portfolio's companies."""

    total_count: int
    data: tuple[Company, ...] = ()
    paging: Paging | None = None


class Monitoring:
    """The portfolio of one account. Ids and the cursor are kept in ``session.state``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._state = session.state
        self._since: Mapping[str, date] = {}
        self.whole = False

    async def open(self) -> None:
        """Finds or makes the portfolio with its rules on, and reads what is new in it.

        Trouble here proves nothing, and costs nothing but the proofs.
        """
        try:
            if "portfolio" not in self._state:
                await self._make()
            self._since = {item.id: item.date_added async for item in self._companies() if item.date_added is not None}
            await self._read_events()
            self.whole = True
        except SupplierFailed:
            self.whole = False

    def proves(self, request: Request, connect_id: str | None) -> bool:
        """Whether the stored report is shown to hold: watched since before it, and no event after it."""
        if not self.whole or connect_id is None or request.held_on is None:
            return False
        since = self._since.get(connect_id)
        changed = self._state.get(f"event:{connect_id}", "")
        return since is not None and since <= request.held_on and changed < request.held_on.isoformat()

    def renewed(self, connect_id: str) -> None:
        """A new report is here: what happened before it is of no interest any more."""
        self._state.pop(f"event:{connect_id}", None)

    async def watch(self, connect_id: str) -> None:
        """Puts a company on watch before its report is bought; one that is there already is answered 409."""
        if "portfolio" not in self._state or connect_id in self._since:
            return
        await self._session.client.post(self._at("companies"), json={"id": connect_id}, repeatable=True, expect=REFUSED)

    async def _make(self) -> None:
        """A portfolio of ours, with every rule for Sweden on: a new one has none."""
        client, address = self._session.client, self._session.address
        made = await client.post(
            f"{address}/monitoring/portfolios",
            json={"name": PORTFOLIO, "isDefault": False},
            repeatable=False,
            expect=REFUSED,
        )
        number = made.table().get("portfolioId") if made.status in (200, 201) else None
        if number is None:
            raise SupplierFailed("source_down", f"bevakningen svarade {made.status}")
        self._state["portfolio"] = str(number)
        known = await client.get(f"{address}/monitoring/eventRules/SE", expect=REFUSED)
        rules = known.json() if known.status == 200 else []
        rows = rules.get("data", []) if isinstance(rules, dict) else rules
        wanted = [
            {
                "ruleCode": row["ruleCode"],
                "isActive": 1,
                **{name: row.get(name) for name in ("param0", "param1", "param2")},
            }
            for row in rows
            if isinstance(row, dict) and "ruleCode" in row
        ]
        await client.put(self._at("eventRules/SE"), json=wanted, expect=REFUSED)

    async def _read_events(self) -> None:
        """Every event after the cursor, marked by company until its report is bought anew."""
        cursor = int(self._state.get("cursor", "0"))
        polled = self._state.get("polled")
        since = {} if polled is None else {"startDate": (date.fromisoformat(polled) - LATE).isoformat()}
        for _ in range(READINGS):
            seen: dict[int, Event] = {}
            total = 0
            async for page in self._pages(Events, "notificationEvents", since):
                total = max(total, page.total_count)
                seen |= {item.notification_event_id: item for item in page.data}
            if len(seen) >= total:
                for number, event in sorted(seen.items()):
                    if number > cursor:
                        on = event.event_date or self._session.now().date()
                        key = f"event:{event.company.id}"
                        self._state[key] = max(self._state.get(key, ""), on.isoformat())
                self._state["cursor"] = str(max([cursor, *seen]))
                self._state["polled"] = self._session.now().date().isoformat()
                return
        raise SupplierFailed("partial", "bevakningens sidor går inte ihop")

    async def _companies(self) -> AsyncIterator[Company]:
        async for page in self._pages(Watched, "companies"):
            for item in page.data:
                yield item

    async def _pages(self, model: type[Any], what: str, more: Mapping[str, str] | None = None) -> AsyncIterator[Any]:
        """Pages from 0 until ``next`` is null."""
        number: int | None = 0
        while number is not None:
            reply = await self._session.client.get(
                self._at(what),
                params={"page": str(number), "pageSize": str(PAGE_SIZE), **(more or {})},
                expect=REFUSED,
            )
            if reply.status == 404:
                self._state.pop("portfolio", None)  # somebody has taken it away; the next run makes another
            if reply.status != 200:
                raise SupplierFailed("source_down", f"bevakningen svarade {reply.status}")
            page = shaped(model, reply.table())
            yield page
            following = page.paging.next if page.paging else None
            number = following if following is not None and following > number else None

    def _at(self, what: str) -> str:
        return f"{self._session.address}/monitoring/portfolios/{self._state['portfolio']}/{what}"
