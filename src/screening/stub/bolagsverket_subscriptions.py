"""Notices as the stub's Bolagsverket sends them: whom is subscribed to, and what has been registered about them since.

Paths and members are our guess: what is documented openly is that there are subscriptions, that notices are sent again, and
that one carries number, form, case number and subject.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from screening.stub.app import Ask, Stub, plain
from screening.stub.bolagsverket import api_error, number_in, wrong_number

BASE: Final = "/notifiering/v1"
REGISTERED: Final = ("officers", "signatory", "accounts", "name", "names", "address", "proceedings", "deregistered_on")
"""What of a company, when it changes, is registered and told."""


@dataclass(slots=True)
class Subscriptions:
    """Whom is subscribed to since when, by number."""

    since: dict[str, date] = field(default_factory=dict)

    def routes(self, stub: Stub) -> list[Route]:
        """Subscribe, and have notices sent again."""
        return [
            stub.route(f"{BASE}/prenumerationer", self.subscribe, operation="prenumeration", method="POST"),
            stub.route(f"{BASE}/omsandningar", self.again, operation="omsandning", method="POST"),
        ]

    async def subscribe(self, ask: Ask) -> Response:
        """One organisation; a second time it is 409."""
        number = await number_in(ask)
        if wrong := wrong_number(ask, number):
            return wrong
        company = await ask.about(number)
        if company is None:
            return api_error(ask, 404, "Uppgift saknas", "Organisationen finns inte.", "FM404")
        if company.number in self.since:
            return api_error(ask, 409, "Finns redan", "Organisationen har redan en prenumeration.", "FM409")
        self.since[company.number] = ask.day
        return JSONResponse({"identitetsbeteckning": number}, 201)

    async def again(self, ask: Ask) -> Response:
        """The notices between two days."""
        body = await ask.json()
        try:
            first, last = (date.fromisoformat(str(body[name])) for name in ("from", "tom"))
        except (KeyError, TypeError, ValueError):
            return api_error(ask, 400, "Fel format", "from och tom ska vara datum", "FM001")
        rows = [row for on, row in self._notices(ask) if first <= on <= min(last, ask.day)]
        return JSONResponse({"notiser": rows})

    def _notices(self, ask: Ask) -> Iterator[tuple[date, dict[str, Any]]]:
        by_number = {company.number: company for company in ask.stub.world.company}
        for number, since in self.since.items():
            company = by_number[plain(number)]
            for place, event in enumerate(company.event):
                if event.on > since and set(event.set) & set(REGISTERED):
                    row = {
                        "organisationsnummer": number,
                        "organisationsform": company.form,
                        "arendenummer": f"{place + 1}/{event.on:%Y}",
                        "arende": "Ändring",
                        "registreringsdatum": event.on.isoformat(),
                    }
                    yield event.on, row
