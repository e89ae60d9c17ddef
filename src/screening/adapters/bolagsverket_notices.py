"""Bolagsverket's notices (``/notifiering/v1``): on which organisations nothing has been registered since last.

A notice carries number, form, case number and subject, and may be sent again (``omsandningar``). That is what was to be read
in November 2026: paths, members and how far back notices are sent again are parameters of the connector, with their doubt.
An organisation is subscribed to before it is first bought. An answer is proved to hold when the organisation was subscribed to
on the day of the answer, and no notice has come since; if the notices could not be read, nothing is proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final

from screening.adapters.fanout import UNLIKE
from screening.adapters.persons import person_key
from screening.adapters.source import Request, Session
from screening.adapters.wire import day
from screening.errors import ConfigError, SupplierFailed

NAMES: Final[Mapping[str, str]] = {
    "address": "",
    "subscribe": "/prenumerationer",
    "again": "/omsandningar",
    "asks_with": "identitetsbeteckning",
    "from": "from",
    "to": "tom",
    "list": "notiser",
    "number": "organisationsnummer",
    "day": "registreringsdatum",
}
"""Our name -> theirs, where the connector does not say another."""
REACH_DAYS: Final = 40
"""How far back notices can be sent again, unless ``reach_days`` says: not published. Longer ago, what has happened is not known."""
OVERLAP: Final = timedelta(days=7)  # read twice: a notice may be sent so long after what it tells
THERE_ALREADY: Final = 409
UNORDERED: Final = frozenset({403})


class Notices:
    """The subscriptions of one agreement. What is subscribed to, and the last notices, are kept in ``session.state``."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._state = session.state
        said = dict(session.options.get("notices", {}))
        self._kinds = frozenset(said.pop("kinds", ()))
        self._reach = timedelta(days=int(said.pop("reach_days", REACH_DAYS)))
        if unknown := sorted(set(said) - set(NAMES)):
            known = ", ".join(sorted({*NAMES, "kinds", "reach_days"}))
            message = (
                f"connectors/{session.connector}.toml: options.notices.{unknown[0]}: unknown; expected one of {known}"
            )
            raise ConfigError(message)
        self._names = {**NAMES, **{name: str(value) for name, value in said.items()}}
        self.whole = False

    async def open(self) -> None:
        """Reads the notices since last. Trouble here proves nothing, and costs nothing but the proofs."""
        today = self._session.now().date()
        last = date.fromisoformat(self._state["notices"]) if "notices" in self._state else today
        if today - last > self._reach:
            self._forget()
        try:
            for number, on in await self._read(last - OVERLAP, today):
                key = f"notice:{self._key(number)}"
                self._state[key] = max(self._state.get(key, ""), on.isoformat())
        except (SupplierFailed, *UNLIKE):
            return
        self._state["notices"] = today.isoformat()
        self.whole = True

    def proves(self, request: Request) -> bool:
        """Whether the stored answers of the wanted kinds are shown to hold."""
        if not self.whole or request.held_on is None or not request.kinds <= self._kinds:
            return False
        key, held = self._key(request.identity.reveal()), request.held_on.isoformat()
        since = self._state.get(f"subscribed:{key}")
        return since is not None and since <= held and self._state.get(f"notice:{key}", "") < held

    async def subscribe(self, request: Request) -> None:
        """Before its answer is bought: what happens from now on is told. Who cannot be subscribed to is bought when it is due."""
        key = self._key(request.identity.reveal())
        if f"subscribed:{key}" in self._state or request.identity.is_person or not self.whole:
            return
        body = {self._names["asks_with"]: request.identity.reveal()}
        try:
            reply = await self._session.client.post(self._at("subscribe"), json=body, repeatable=True, expect=UNORDERED)
        except SupplierFailed:
            return
        if reply.status in (200, 201, 204, THERE_ALREADY):
            self._state[f"subscribed:{key}"] = self._session.now().date().isoformat()

    def renewed(self, request: Request) -> None:
        """A new answer is here: what was told before it is of no interest any more."""
        key = f"notice:{self._key(request.identity.reveal())}"
        if self._state.get(key, "9") < self._session.now().date().isoformat():
            self._state.pop(key)

    async def _read(self, since: date, until: date) -> list[tuple[str, date]]:
        """(number, day) of every notice from one day to another, both counted."""
        body = {self._names["from"]: since.isoformat(), self._names["to"]: until.isoformat()}
        reply = await self._session.client.post(self._at("again"), json=body, repeatable=True, expect=UNORDERED)
        if reply.status != 200:
            raise SupplierFailed("source_down", f"notiserna svarade {reply.status}")
        return list(self._notices(reply.json(), until))

    def _notices(self, document: Any, today: date) -> Iterator[tuple[str, date]]:
        """A notice without a readable day is of today; one without a number could be about anybody.

        Raises:
            SupplierFailed: ``partial``: the answer has another form.
        """
        rows = document if isinstance(document, list) else document.get(self._names["list"])
        if not isinstance(rows, list):
            raise SupplierFailed("partial", "notiserna har en oväntad form")
        for row in rows:
            number = "".join(char for char in str(row.get(self._names["number"], "")) if char.isdecimal())
            if len(number) not in (10, 12):
                raise SupplierFailed("partial", "en notis saknar organisationsnummer")
            yield number[-10:], day(row.get(self._names["day"])) or today

    def _forget(self) -> None:
        for name in [name for name in self._state if name.partition(":")[0] in ("subscribed", "notice")]:
            del self._state[name]

    def _key(self, number: str) -> str:
        return person_key(self._session.pseudonym, number, "")

    def _at(self, what: str) -> str:
        base = self._names["address"] or self._session.address.replace("/foretagsinformation/v4", "/notifiering/v1")
        return f"{base.rstrip('/')}{self._names[what]}"
