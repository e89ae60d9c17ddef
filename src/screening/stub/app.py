"""The embedded provider: one Starlette application that serves every protocol in this folder from one world.

Each module here that has ``routes(stub)`` is mounted under its own name; it may also have ``ERRORS`` (fault kind -> JSON
body, or a function of the ``Ask``) and ``LIMIT`` (calls, seconds), which is imitated on request. What is common to all
stands here: the day, tokens, faults, limits and the ledger of calls. Nothing is written anywhere.
"""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from hashlib import blake2b
from types import ModuleType
from typing import Any, Final

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from screening import stub as package
from screening.errors import ConfigError
from screening.stub.world import COMMON_FAULTS, Company, Fault, Person, Registration, World

__all__ = ["Ask", "Call", "Embedded", "Stub", "make_app"]

TOKEN_LIFE_S: Final = 3600.0
RETRY_AFTER_S: Final = 60
WRONG: Final = "wrong"  # the one password, secret or key that the stub does not take
_HTML: Final = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>"
_STATUS: Final = {
    "bad_gateway": 502,
    "down": 503,
    "error": 500,
    "gateway_timeout": 504,
    "unauthorized": 401,
    "forbidden": 403,
    "bad_credentials": 401,
    "throttled": 429,
}
LETTER_FORMS: Final = frozenset({"E", "HB", "KB"})
_PAGES: Final = frozenset({"bad_gateway", "gateway_timeout"})  # said by a proxy in front, with a web page
_A_MONTH: Final = timedelta(days=30)
_PATIENCE: Final = "stub.patience"

REFUSALS: Final = frozenset({*_STATUS, "throttled_silent", "throttled_next_access", "throttled_prolonged"})

Handler = Callable[["Ask"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Call:
    """One call that the stub got. ``subject`` is a keyed hash of the number asked about, new for each stub."""

    at: float
    adapter: str
    operation: str
    subject: str
    billable: bool
    status: int
    letter: bool = False  # the persons behind the company are sent a copy


class Refused(Exception):  # noqa: N818 - ends the handling of one call with a ready answer
    """The fault's answer, in place of the handler's."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class Dropped(Exception):  # noqa: N818 - what happened to the connection
    """The connection closed before the answer was whole (in process)."""


class TooSlow(Exception):  # noqa: N818 - what happened to the call
    """The caller's read time-out has passed (in process)."""


class _Drop(Response):
    """An answer that breaks off: over a socket the server closes the connection in the middle of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        if _PATIENCE in scope:
            raise Dropped
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})


@dataclass(slots=True)
class Stub:
    """What one provider's module is given: its own name, the world, and what all providers share."""

    adapter: str
    world: World
    today: Callable[[], date]
    monotonic: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    ledger: deque[Call]
    module: ModuleType
    people: Mapping[str, Person]
    faults: tuple[Fault, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    limit: tuple[int, float] | None = None
    _tokens: dict[str, float] = field(default_factory=dict)
    _served: dict[int, int] = field(default_factory=dict)
    _recent: deque[float] = field(default_factory=deque)
    _blocked_until: float = 0.0
    _salt: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def route(
        self,
        path: str,
        handler: Handler,
        *,
        operation: str,
        method: str = "GET",
        billable: bool = False,
        charged: frozenset[int] = frozenset(),
        discloses: bool = False,
        token: bool = False,
        authorised: Callable[[Request], bool] | None = None,
    ) -> Route:
        """One operation of the provider.

        Args:
            path: under ``/<adapter>``.
            handler: answers an ``Ask``; it calls ``ask.about(number)`` before it looks anything up.
            operation: its name in the ledger.
            method: the HTTP method.
            billable: whether a 200 costs money.
            charged: statuses of 400 and above that cost as much, since they are an answer.
            discloses: whether a 200 on a sole trader, HB or KB sends the persons behind it a copy.
            token: this operation gives tokens: open to all, and where ``bad_credentials`` strikes.
            authorised: who may ask; by default whoever has a token of this stub that has not ended.
        """
        allowed = (lambda _: True) if token else authorised or self.bearer

        async def endpoint(request: Request) -> Response:
            ask = Ask(self, request, self._day(request))
            try:
                response = await self._answer(ask, handler, token=token, allowed=allowed)
            except Refused as refused:
                response = refused.response
            bought = billable and (response.status_code < 400 or response.status_code in charged)
            letter = bought and discloses and ask.form in LETTER_FORMS
            self.ledger.append(
                Call(self.monotonic(), self.adapter, operation, ask.subject, bought, response.status_code, letter)
            )
            return response

        return Route(path, endpoint, methods=[method])

    def issue_token(self) -> str:
        """A new token, good for an hour of the stub's own time."""
        token = secrets.token_urlsafe(24)
        self._tokens[token] = self.monotonic() + TOKEN_LIFE_S
        return token

    def bearer(self, request: Request) -> bool:
        """Whether the request carries a token of ours that has not ended."""
        _, _, token = request.headers.get("authorization", "").rpartition(" ")
        return self._tokens.get(token, 0.0) > self.monotonic()

    def error(self, kind: str, ask: Ask) -> Response:
        """The provider's own way to say it: its module's ``ERRORS``, else a plain message."""
        if kind in _PAGES:
            return Response(_HTML, _STATUS[kind], media_type="text/html")
        base = kind.partition("_")[0] if kind.startswith("throttled") else kind
        body = getattr(self.module, "ERRORS", {}).get(base, {"message": base})
        said = body(ask) if callable(body) else body
        headers = {}
        if base == "throttled":
            headers = {"Retry-After": str(RETRY_AFTER_S), "Date": format_datetime(ask.moment, usegmt=True)}
            if kind != "throttled" or self.options.get("silent_throttle"):
                del headers["Retry-After"]
            if kind in ("throttled_silent", "throttled_prolonged"):
                said = {"message": "Too many requests"}
            elif kind == "throttled_next_access":
                said = {"code": "900804", "message": "Message throttled out", "nextAccessTime": ask.next_access_text}
        own = getattr(self.module, "UNAUTHORIZED", 401) if base == "unauthorized" else _STATUS[base]
        return JSONResponse(said, own, headers)

    def forget_tokens(self) -> None:
        """Every token given so far has ended."""
        self._tokens.clear()

    def blocked(self, *, begin: bool) -> bool:
        """Whether calls are refused now; each call that comes too early makes the block a minute long again."""
        now = self.monotonic()
        if begin or now < self._blocked_until:
            self._blocked_until = now + RETRY_AFTER_S
            return True
        return False

    def subject(self, number: str) -> str:
        """How the ledger names a number."""
        return blake2b(number[-10:].encode(), digest_size=6, key=self._salt).hexdigest()

    def active(self, day: date, number: str | None, *, token: bool = False) -> Iterable[Fault]:
        """Faults that strike a call; those with ``first`` are used up one call at a time."""
        for index, fault in enumerate(self.faults):
            inside = (fault.from_on or date.min) <= day <= (fault.to_on or date.max)
            concerned = number in fault.numbers if fault.numbers else number is None
            if not inside or not concerned or (fault.kind == "bad_credentials") is not token:
                continue
            if fault.first is not None:
                if self._served.get(index, 0) >= fault.first:
                    continue
                self._served[index] = self._served.get(index, 0) + 1
            yield fault

    async def _answer(self, ask: Ask, handler: Handler, *, token: bool, allowed: Callable[[Request], bool]) -> Response:
        if self.limit is not None and not token and self._too_many(*self.limit):
            return self.error("throttled", ask)
        if token:
            struck = list(self.active(ask.day, None, token=True))
            return self.error("bad_credentials", ask) if struck else await handler(ask)
        if self.blocked(begin=False):
            return self.error("throttled_prolonged", ask)
        if not allowed(ask.request):
            return self.error("unauthorized", ask)
        await ask.strike(None)
        response = await handler(ask)
        if ask.truncated:
            return Response(
                bytes(response.body)[: len(response.body) // 2], response.status_code, media_type="application/json"
            )
        return response

    def _too_many(self, calls: int, seconds: float) -> bool:
        now = self.monotonic()
        while self._recent and self._recent[0] <= now - seconds:
            self._recent.popleft()
        if len(self._recent) >= calls:
            return True
        self._recent.append(now)
        return False

    def _day(self, request: Request) -> date:
        """The day of the run that asks, else the stub's own."""
        said = request.headers.get("x-screening-date", "")
        try:
            return date.fromisoformat(said) if said else self.today()
        except ValueError:
            return self.today()


@dataclass(slots=True)
class Ask:
    """One call as a provider's module sees it."""

    stub: Stub
    request: Request
    day: date
    subject: str = ""
    form: str = ""  # of the company asked about
    partial: bool = False  # a fault says that parts of the answer fail
    truncated: bool = False
    scenarios: set[str] = field(default_factory=set)  # faults that the provider's own module acts out

    @property
    def moment(self) -> datetime:
        """The stub's time of day, for ``Date`` and ``nextAccessTime``."""
        return datetime(self.day.year, self.day.month, self.day.day, 8, tzinfo=UTC)

    @property
    def next_access(self) -> datetime:
        """When a throttled caller may come back."""
        return self.moment + timedelta(seconds=RETRY_AFTER_S)

    @property
    def next_access_text(self) -> str:
        """The same as WSO2's gateways write it."""
        return self.next_access.strftime("%Y-%b-%d %H:%M:%S+0000 UTC")

    @property
    def people(self) -> Mapping[str, Person]:
        """Persons of the world by id."""
        return self.stub.people

    async def json(self) -> Any:
        """The request's JSON body, or ``None`` when it has none that can be read."""
        try:
            return await self.request.json()
        except ValueError:
            return None

    async def about(self, number: str) -> Company | None:
        """The company with ``number`` as this provider knows it on the day; faults that name it strike here.

        Raises:
            Refused: a fault answers instead.
        """
        number = plain(number)
        self.subject = self.stub.subject(number)
        await self.strike(number)
        company = self.company(number)
        if company is None or self.stub.adapter in company.unknown_to or "unknown" in self.scenarios:
            return None
        self.form = company.form
        return self._changed(company)

    def company(self, number: str) -> Company | None:
        """The company with ``number`` on the day, whoever knows it."""
        return self.stub.world.at(self.day).get(plain(number))

    def _changed(self, company: Company) -> Company:
        """The company as the faults of this call make it out to be."""
        changes: dict[str, object] = {}
        if "protected" in self.scenarios:
            changes["protected"] = True
        for kind, key, day in (("ended", "to_on", self.day - _A_MONTH), ("future", "from_on", self.day + _A_MONTH)):
            if kind in self.scenarios:
                for name in ("f_tax", "vat", "employer"):
                    registration: Registration = getattr(company, name)
                    if registration.from_on is not None:
                        changes[name] = registration.model_copy(update={key: day})
        return company.model_copy(update=changes) if changes else company

    async def strike(self, number: str | None) -> None:
        """Let the world's faults act on this call."""
        for fault in self.stub.active(self.day, number):
            match fault.kind:
                case "html":
                    raise Refused(Response(_HTML, media_type="text/html"))
                case "drop":
                    raise Refused(_Drop())
                case "slow":
                    await self._wait(fault.seconds)
                case "partial":
                    self.partial = True
                case "truncated":
                    self.truncated = True
                case "expired":
                    self.stub.forget_tokens()
                    raise Refused(self.stub.error("unauthorized", self))
                case "throttled_prolonged":
                    self.stub.blocked(begin=True)
                    raise Refused(self.stub.error(fault.kind, self))
                case kind if kind not in REFUSALS:
                    self.scenarios.add(kind)
                case _:
                    raise Refused(self.stub.error(fault.kind, self))

    async def _wait(self, seconds: float) -> None:
        patience = self.request.scope.get(_PATIENCE)
        if patience is not None and seconds > patience:
            await self.stub.sleep(patience)
            raise TooSlow
        await self.stub.sleep(seconds)


class Embedded(httpx.AsyncBaseTransport):
    """The stub in process, as a transport: whatever the host in the address, this application answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Hand the request to the application, with the read time-out that a socket would have enforced."""
        patience = request.extensions.get("timeout", {}).get("read") or float("inf")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app({**scope, _PATIENCE: patience}, receive, send)

        try:
            return await httpx.ASGITransport(app).handle_async_request(request)
        except Dropped:
            raise httpx.RemoteProtocolError("the connection was closed", request=request) from None
        except TooSlow:
            raise httpx.ReadTimeout("no answer in time", request=request) from None


def make_app(
    world: World,
    today: Callable[[], date],
    *,
    faults: Iterable[Fault] = (),
    monotonic: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    imitate_limits: bool = False,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Starlette:
    """The application; ``app.state.ledger`` holds a ``Call`` for each call, ``GET /ledger`` tells the same.

    Args:
        world: what it knows.
        today: its day, for calls that do not say theirs in ``X-Screening-Date``.
        faults: beside those of the world.
        monotonic: its time for tokens and limits; the client's virtual time when both live in one process.
        sleep: how it waits when it is slow.
        imitate_limits: answer 429 beyond each provider's real limit.
        options: adapter -> that module's own switches.

    Raises:
        ConfigError: a fault names a source that is not served here.
    """
    ledger: deque[Call] = deque(maxlen=1_000_000)
    modules = providers()
    every = (*world.fault, *faults)
    if unknown := sorted({fault.source for fault in every} - set(modules)):
        message = f"world: fault.source = {unknown[0]}: no such provider; expected one of {', '.join(modules)}"
        raise ConfigError(message)
    for fault in every:
        if fault.kind not in (known := kinds_of(modules[fault.source])):
            message = f"world: fault.kind = {fault.kind}: {fault.source} has no such fault; expected one of {', '.join(known)}"
            raise ConfigError(message)
    people = world.people()
    mounts: list[Mount | Route] = []
    for name, module in modules.items():
        stub = Stub(
            adapter=name,
            world=world,
            today=today,
            monotonic=monotonic,
            sleep=sleep,
            ledger=ledger,
            module=module,
            people=people,
            faults=tuple(fault for fault in every if fault.source == name),
            options=(options or {}).get(name, {}),
            limit=getattr(module, "LIMIT", None) if imitate_limits else None,
        )
        mounts.append(Mount(f"/{name}", routes=module.routes(stub)))
    mounts.append(Route("/ledger", partial(_tell, ledger)))
    app = Starlette(routes=mounts)
    app.state.ledger = ledger
    app.state.adapters = tuple(modules)
    return app


async def _tell(ledger: deque[Call], _: Request) -> Response:
    return JSONResponse([asdict(call) for call in ledger])


def kinds_of(module: ModuleType) -> Mapping[str, str]:
    """Every fault that a provider can be struck by: kind -> what the caller meets."""
    return {**COMMON_FAULTS, **getattr(module, "SCENARIOS", {})}


def providers() -> dict[str, ModuleType]:
    """Every module of this folder that serves a protocol, by name."""
    found = {}
    for info in pkgutil.iter_modules(package.__path__):
        if info.name in ("app", "catalogue", "server", "world"):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        if hasattr(module, "routes"):
            found[info.name] = module
    return found


def plain(number: str) -> str:
    """A number as the world writes it: 12 digits for persons, 10 for others (16 in front is taken off)."""
    return number[2:] if len(number) == 12 and number.startswith("16") else number
