"""Monitoring as the stub's Creditsafe serves it: one portfolio, rules that are off at first, events made from the world.

Pages count from 0 here, and from 1 in the search. A company that is added appears at once, with the fault ``late_import`` the
day after; a second time it is 409 all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import Ask, Stub
from screening.stub.world import Company

PORTFOLIO: Final = 4711
RULES: Final = ((101, "International Rating"), (105, "Address"), (1802, "Directors"), (1815, "Group structure"))
SEEN: Final = ("credit", "debts", "accounts", "officers", "owners", "address", "proceedings", "deregistered_on", "name")
ConnectId = Callable[[Ask, Company], str]


@dataclass(slots=True)
class Portfolio:
    """The portfolio: who is in it since when, and whether its rules are on."""

    connect_id: ConnectId
    made: bool = False
    rules_on: bool = False
    companies: dict[str, date] = field(default_factory=dict)  # number -> added

    def routes(self, stub: Stub) -> list[Route]:
        """Portfolio, rules, companies, events."""
        base = "/v1/monitoring"
        own = f"{base}/portfolios/{{portfolio}}"
        return [
            stub.route(f"{base}/portfolios", self.make, operation="portfolio", method="POST"),
            stub.route(f"{base}/eventRules/SE", self.rules, operation="rules"),
            stub.route(f"{own}/eventRules/SE", self.turn_on, operation="rules_on", method="PUT"),
            stub.route(f"{own}/companies", self.add, operation="watch", method="POST"),
            stub.route(f"{own}/companies", self.watched, operation="watched"),
            stub.route(f"{own}/notificationEvents", self.events, operation="events"),
        ]

    async def make(self, ask: Ask) -> Response:
        """A portfolio; there is only one here."""
        body = await ask.json()
        self.made = True
        name = body.get("name", "") if isinstance(body, dict) else ""
        return JSONResponse({"correlationId": "m", "portfolioId": PORTFOLIO, "name": name, "isDefault": False})

    async def rules(self, _ask: Ask) -> Response:
        """The rules there are, none of them on."""
        rows = [{"ruleCode": code, "name": name, "isActive": 0, "param0": None} for code, name in RULES]
        return JSONResponse({"correlationId": "m", "totalCount": len(rows), "data": rows})

    async def turn_on(self, ask: Ask) -> Response:
        """Rules on or off."""
        body = await ask.json()
        self.rules_on = isinstance(body, list) and any(row.get("isActive") == 1 for row in body)
        return Response(status_code=204)

    async def add(self, ask: Ask) -> Response:
        """One company."""
        if (gone := self._missing(ask)) is not None:
            return gone
        body = await ask.json()
        wanted = str(body.get("id", "")) if isinstance(body, dict) else ""
        known = ask.stub.world.at(ask.day)
        number = next((number for number, item in known.items() if self.connect_id(ask, item) == wanted), None)
        if number is None:
            return JSONResponse({"correlationId": "m", "message": "Not found", "details": ""}, 404)
        if number in self.companies:
            return JSONResponse({"correlationId": "m", "message": "Already in the portfolio", "details": ""}, 409)
        if "late_import" in ask.scenarios:
            self.companies[number] = ask.day + timedelta(days=1)
            return JSONResponse({"correlationId": "m", "status": "Accepted for processing. Import Id 17"})
        self.companies[number] = ask.day
        return JSONResponse({"correlationId": "m", "message": "Accepted"}, 201)

    async def watched(self, ask: Ask) -> Response:
        """Who is in it."""
        if (gone := self._missing(ask)) is not None:
            return gone
        known = ask.stub.world.at(ask.day)
        rows = [
            {
                "id": self.connect_id(ask, known[number]),
                "name": known[number].name,
                "countryCode": "SE",
                "portfolioId": PORTFOLIO,
                "dateAdded": f"{added} 03:00:00",
            }
            for number, added in sorted(self.companies.items())
            if number in known and added <= ask.day
        ]
        return _page(ask, rows)

    async def events(self, ask: Ask) -> Response:
        """What has happened to those in it."""
        if (gone := self._missing(ask)) is not None:
            return gone
        since = ask.request.query_params.get("startDate", "")[:10]
        rows = [row for row in self._events(ask) if str(row["eventDate"])[:10] >= since]
        return _page(ask, rows, loses="lost_page" in ask.scenarios)

    def _missing(self, ask: Ask) -> Response | None:
        if self.made and ask.request.path_params["portfolio"] == str(PORTFOLIO):
            return None
        return JSONResponse({"correlationId": "m", "message": "Portfolio not found", "details": ""}, 404)

    def _events(self, ask: Ask) -> Iterator[dict[str, Any]]:
        """What the world says has changed since each company was added; without rules nothing is told."""
        world = ask.stub.world
        for number, added in sorted(self.companies.items()) if self.rules_on else ():
            company = next((item for item in world.company if item.number == number), None)
            for index, event in enumerate(company.event if company else ()):
                before = world.at(event.on - timedelta(days=1)).get(number)
                after = world.at(event.on).get(number)
                if not added < event.on <= ask.day or before is None or after is None:
                    continue
                if any(getattr(before, name) != getattr(after, name) for name in SEEN):
                    yield _event(self.connect_id(ask, after), after.name, number, event.on, index)


def _event(connect_id: str, name: str, number: str, on: date, index: int) -> dict[str, Any]:
    return {
        "company": {"id": connect_id, "name": name, "countryCode": "SE", "portfolioId": PORTFOLIO},
        "eventId": 900_000 + index,
        "eventDate": f"{on} 03:12:44",
        "notificationEventId": (on - date(2020, 1, 1)).days * 1000 + int(number[-3:]),
        "processedDate": None,
        "ruleCode": 101,
        "ruleName": "International Rating",
        "isProcessed": False,
    }


def _page(ask: Ask, rows: list[dict[str, Any]], *, loses: bool = False) -> Response:
    """One page, counted from 0; with the fault ``lost_page`` the page before has swallowed its last item."""
    query = ask.request.query_params
    number, size = int(query.get("page", "0")), int(query.get("pageSize", "50"))
    shown = rows[number * size : (number + 1) * size]
    last = max(0, (len(rows) - 1) // size)
    following = number + 1 if number < last else None
    return JSONResponse(
        {
            "correlationId": "m",
            "totalCount": len(rows),
            "data": shown[:-1] if loses else shown,
            "paging": {"size": size, "prev": number - 1 if number else None, "next": following, "last": last},
        }
    )
