"""A small world, the embedded provider that serves it, and sessions for the adapters that ask it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from screening.adapters.source import Adapter, Answer, Kept, Limits, Request, Session, Ticket
from screening.client import Client, VirtualTimebase
from screening.identity import read
from screening.stub.app import Embedded, make_app
from screening.stub.world import Fault, World

DAY = date(2026, 11, 30)
PERSON = "194012239101"  # published test number
SAMPLES = Path(__file__).parent / "samples"


@dataclass
class Desk:
    """One session with everything around it that a test may look at."""

    adapter: Adapter
    transport: httpx.AsyncBaseTransport
    secrets: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)
    address: str = ""
    token_address: str | None = None
    price_sek: Decimal = Decimal(0)
    concurrent: int = 4
    simulated: bool = True
    state: dict[str, str] = field(default_factory=dict)
    billed: list[str] = field(default_factory=list)
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    free: int = 0
    timebase: VirtualTimebase = field(default_factory=VirtualTimebase)
    sent: list[httpx.Request] = field(default_factory=list)
    inbox: Path | None = None
    outbox: Path | None = None
    files: Path | None = None
    at: datetime = datetime(2026, 11, 30, 9, tzinfo=UTC)

    def ask(self, *requests: Request) -> list[Answer | Ticket]:
        """Everything that the source answers."""
        return asyncio.run(self._ask(requests))

    def one(self, request: Request) -> Answer:
        """The one answer."""
        answers = self.ask(request)
        assert len(answers) == 1
        assert isinstance(answers[0], Answer)
        return answers[0]

    async def _ask(self, requests: Sequence[Request]) -> list[Answer | Ticket]:
        found: list[Answer | Ticket] = []
        async with self.session() as session:
            async for answer in self.adapter.open(session).ask(requests, ()):
                found.append(answer)
                self.got = found
        return found

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """An open session."""
        now = lambda: self.at  # noqa: E731 - a clock in one line
        client = Client("test", self.limits, Recorder(self.transport, self.sent), timebase=self.timebase, now=now)

        @asynccontextmanager
        async def billing(request: Request) -> AsyncIterator[Slip]:
            self.billed.append(request.supplier_id)
            yield Slip(self, request.supplier_id)

        yield Session(
            connector="test",
            origin=self.adapter.origin,
            address=self.address or f"http://stub{self.adapter.stub_path}",
            token_address=self.token_address
            or (
                f"http://stub{self.adapter.stub_token_path}"
                if self.adapter.stub_token_path and not self.address
                else None
            ),
            secrets=self.secrets or dict.fromkeys(self.adapter.secrets, "stub"),
            client=client,
            now=now,
            pseudonym=lambda text: "K-" + sha256(text.encode()).hexdigest()[:12],
            billing=billing,
            kept=lambda request, part: self.kept.get((request.supplier_id, part)),
            state=self.state,
            options=self.options,
            price_sek=self.price_sek,
            concurrent=self.concurrent,
            simulated=self.simulated,
            inbox=self.inbox,
            outbox=self.outbox,
            files=self.files,
        )
        await client.aclose()


@dataclass
class Slip:
    """One paid call: what is kept of it goes to the desk."""

    desk: Desk
    supplier_id: str

    def keep(self, part: str, data: bytes) -> None:
        self.desk.kept[self.supplier_id, part] = Kept(data, self.desk.at)

    def free(self) -> None:
        self.desk.free += 1


class Recorder(httpx.AsyncBaseTransport):
    """A transport that remembers what was sent."""

    def __init__(self, inner: httpx.AsyncBaseTransport, sent: list[httpx.Request]) -> None:
        self.inner, self.sent = inner, sent

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return await self.inner.handle_async_request(request)


@dataclass
class Bench:
    """What tests of web adapters share."""

    day: date = DAY
    person: str = PERSON
    samples: Path = SAMPLES

    def request(self, number: str, *kinds: str, name: str = "", legal_form: str | None = None) -> Request:
        """A request for one number."""
        identity = read(number).identity
        assert identity is not None
        return Request(
            supplier_id=f"S-{sha256(number.encode()).hexdigest()[:8]}",
            identity=identity,
            kinds=frozenset(kinds),
            name=name,
            legal_form=legal_form,
        )

    def stubbed(
        self,
        adapter: Adapter,
        *companies: Mapping[str, Any],
        people: Sequence[Mapping[str, Any]] = (),
        faults: Sequence[Fault] = (),
        stub_options: Mapping[str, Mapping[str, Any]] | None = None,
        imitate_limits: bool = False,
        **desk: Any,
    ) -> Desk:
        """A session with the embedded provider, which knows these companies."""
        world = World.model_validate({"company": companies, "person": people})
        timebase = VirtualTimebase()
        app = make_app(
            world,
            lambda: DAY,
            faults=faults,
            monotonic=timebase.monotonic,
            sleep=timebase.sleep,
            options=stub_options,
            imitate_limits=imitate_limits,
        )
        made = Desk(adapter, Embedded(app), timebase=timebase, **desk)
        made.ledger = app.state.ledger  # type: ignore[attr-defined]
        return made

    def answering(
        self,
        adapter: Adapter,
        handler: Callable[[httpx.Request], httpx.Response | Awaitable[httpx.Response]],
        **desk: Any,
    ) -> Desk:
        """A session with a handler in place of the provider."""
        return Desk(adapter, httpx.MockTransport(handler), **desk)  # type: ignore[arg-type]


@pytest.fixture
def bench() -> Bench:
    """See ``Bench``."""
    return Bench()
