"""The one HTTP client: time-outs, retries, rate limits, tokens, circuit breaker; injectable transport and time.

One ``Client`` serves one source. Every answer falls into one of four:

* it is returned: 2xx, 3xx, 400, 404, 409 … are for the adapter to read;
* it is waited for: 429 stops all work on the source until the provider's own time is up, 5xx and lost connections are
  tried again when the call may be repeated;
* ``SupplierFailed``: this one call gave nothing;
* ``SourceUnavailable``: nothing more is sent to this source in this run.

No error, log line or traceback text of ours holds an address, a body or a secret: an address may name a supplier.
"""

from __future__ import annotations

import asyncio
import logging
import math
import re
import ssl
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import httpx
import msgspec
import tenacity
import truststore
from httpx_aiohttp import AiohttpTransport

from screening.errors import ConfigError, SourceUnavailable, SupplierFailed

__all__ = [
    "REAL",
    "Client",
    "Limits",
    "Reply",
    "Timebase",
    "Token",
    "VirtualTimebase",
    "clock_header",
    "make_transport",
]

_RENEW_EARLY_S: Final = 60.0
_THROTTLED_S: Final = 60.0  # a 429 that does not say when: the longest window that a Swedish source is known to use
_LONGEST_WAIT_S: Final = 900.0  # a quota that returns tomorrow or next month is no reason to sit and wait
_HTTP_DATE_SLACK_S: Final = 1.0  # such dates have whole seconds, and some providers prolong the block of who is early
_SPACING_SLACK: Final = 1.01  # calls sent evenly arrive unevenly; one per cent keeps them inside the provider's window
_NEXT_ACCESS = re.compile(r"(\d{4})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JSON = msgspec.json.Decoder(float_hook=Decimal)
_LOST = (httpx.RequestError, aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How hard one source may be asked. ``reserve``: the share of the rate kept for ad-hoc checks."""

    per_second: float | None = None
    per_minute: float | None = None
    concurrent: int = 4
    timeout_s: float = 30.0
    connect_s: float = 5.0
    reserve: float = 0.2
    tries: int = 4
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
    """Time that passes only when someone waits, and then at once: minutes of limits and tokens in milliseconds."""

    def __init__(self) -> None:
        self._now = 0.0

    def monotonic(self) -> float:
        """Seconds waited so far."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Move the time forward; the others run in between."""
        self._now += max(0.0, seconds)
        await asyncio.sleep(0)


REAL: Final = Timebase()


@dataclass(frozen=True, slots=True)
class Token:
    """What a token call gave."""

    value: str
    expires_in_s: float

    def __repr__(self) -> str:
        """Without the value."""
        return f"Token(expires_in_s={self.expires_in_s})"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as received. ``headers`` do not tell upper from lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def __repr__(self) -> str:
        """Without the body, which is about someone."""
        return f"Reply(status={self.status}, {len(self.body)} bytes)"

    def json(self) -> Any:
        """The body as JSON, decimals as ``Decimal``.

        Raises:
            SupplierFailed: ``partial``: HTML, cut off, empty.
        """
        try:
            return _JSON.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            what = "empty" if not self.body.strip() else "a web page" if self.body.lstrip()[:1] == b"<" else "broken"
            raise SupplierFailed("partial", f"the answer was {what}; expected JSON") from None

    def table(self) -> Mapping[str, Any]:
        """The body as a JSON object.

        Raises:
            SupplierFailed: ``partial``: anything else.
        """
        document = self.json()
        if not isinstance(document, dict):
            raise SupplierFailed("partial", "the answer was not a JSON object")
        return document


class _Lost(Exception):  # noqa: N818 - one attempt that gave nothing; never leaves this module
    """An attempt failed in a way that may pass. ``sent`` is false when the provider cannot have seen it."""

    def __init__(self, what: str, *, sent: bool = True) -> None:
        super().__init__(what)
        self.what = what
        self.sent = sent


def _may_pass(error: BaseException, *, repeatable: bool) -> bool:
    return isinstance(error, _Lost) and (repeatable or not error.sent)


class _Window:
    """At most ``calls`` starts in any ``seconds``: hands out the moments at which calls may start."""

    def __init__(self, calls: int, seconds: float) -> None:
        self._starts: deque[float] = deque(maxlen=calls)
        self._seconds = seconds

    def earliest(self, now: float) -> float:
        if len(self._starts) < (self._starts.maxlen or 0):
            return now
        return max(now, self._starts[0] + self._seconds)

    def take(self, moment: float) -> None:
        self._starts.append(moment)


def _windows(limits: Limits, *, adhoc: bool) -> tuple[_Window, ...]:
    """A monthly run sends evenly with its share of the rate; an ad-hoc check may spend the reserve at once."""
    windows = []
    for limit, seconds in ((limits.per_second, 1.0), (limits.per_minute, 60.0)):
        if limit is None:
            continue
        share = limit * ((limits.reserve or 1.0) if adhoc else 1.0 - limits.reserve)
        if adhoc and share >= 1:
            windows.append(_Window(int(share), seconds))
        else:
            windows.append(_Window(1, seconds / share * _SPACING_SLACK))
    return tuple(windows)


class Client:
    """HTTP to one source.

    Args:
        source: the connector's name, for messages.
        limits: see ``Limits``.
        transport: ``make_transport(...)``, the embedded provider, or a test's handler.
        timebase: ``REAL``, or a ``VirtualTimebase`` where the embedded provider answers.
        now: the run's clock, UTC; used for dates in answers that carry no date of their own.
        headers: sent with every call; a function is asked anew each time (see ``clock_header``).
        deadline: on ``timebase``: no call is sent or waited for after it.
        adhoc: whether this is a check beside the monthly run, which may use the reserve and nothing else.
    """

    def __init__(
        self,
        source: str,
        limits: Limits,
        transport: httpx.AsyncBaseTransport,
        *,
        timebase: Timebase,
        now: Callable[[], datetime],
        headers: Mapping[str, str] | Callable[[], Mapping[str, str]] | None = None,
        deadline: float | None = None,
        adhoc: bool = False,
    ) -> None:
        _silence()
        self._source = source
        self._limits = limits
        self._time = timebase
        self._now = now
        self._headers = headers if callable(headers) else (lambda: headers or {})
        self._deadline = deadline
        self._windows = _windows(limits, adhoc=adhoc)
        self._open = asyncio.Semaphore(limits.concurrent)
        self._http = httpx.AsyncClient(
            transport=transport,
            timeout=httpx.Timeout(limits.timeout_s, connect=limits.connect_s, pool=None),
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", "User-Agent": "screening"},
        )
        self._fetch: Callable[[], Awaitable[Token]] | None = None
        self._expired: Callable[[Reply], bool] = _unauthorized
        self._header, self._scheme = "Authorization", "Bearer"
        self._token: Token | None = None
        self._token_until = -math.inf
        self._token_lock = asyncio.Lock()
        self._blocked_until = -math.inf
        self._failures = 0
        self._stopped: str | None = None
        self.calls = 0  # attempts sent, token calls included

    def authenticate(
        self,
        fetch: Callable[[], Awaitable[Token]],
        *,
        header: str = "Authorization",
        scheme: str = "Bearer",
        expired: Callable[[Reply], bool] | None = None,
    ) -> None:
        """Put a token on every call made with ``auth=True``.

        ``fetch`` makes the token call (``post(..., auth=False)``); it is called once, 60 s before the token ends, and once
        more when ``expired`` (default: status 401) says that the provider no longer takes the token.
        """
        self._fetch, self._header, self._scheme = fetch, header, scheme
        self._expired = expired or _unauthorized

    async def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool = True,
        auth: bool = True,
        expect: frozenset[int] = frozenset(),
    ) -> Reply:
        """``GET``. ``repeatable=False`` for what costs money. ``expect``: statuses that the adapter reads itself.

        Raises:
            SupplierFailed: ``source_down``: no answer to this call.
            SourceUnavailable: no more calls to this source.
        """
        request = {"method": "GET", "url": url, "params": params, "headers": headers}
        return await self._call(request, repeatable=repeatable, auth=auth, expect=expect)

    async def post(
        self,
        url: str,
        *,
        json: object = None,
        data: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        repeatable: bool,
        auth: bool = True,
        expect: frozenset[int] = frozenset(),
    ) -> Reply:
        """``POST`` of ``json`` or a form. ``repeatable`` has no default: only the adapter knows whether it only reads.

        Raises:
            SupplierFailed: ``source_down``: no answer to this call.
            SourceUnavailable: no more calls to this source.
        """
        request = {"method": "POST", "url": url, "json": json, "data": data, "headers": headers}
        return await self._call(request, repeatable=repeatable, auth=auth, expect=expect)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    # --- one call -----------------------------------------------------------------------------------------------------
    async def _call(self, request: dict[str, Any], *, repeatable: bool, auth: bool, expect: frozenset[int]) -> Reply:
        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self._limits.tries),
            wait=tenacity.wait_random_exponential(multiplier=1, max=30),
            retry=tenacity.retry_if_exception(lambda error: _may_pass(error, repeatable=repeatable)),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            reply: Reply = await retrying(self._accepted, request, auth=auth and self._fetch is not None, expect=expect)
        except _Lost as lost:
            self._failures += 1
            if self._failures >= self._limits.break_after:
                raise self._stop(f"{self._failures} calls in a row failed (the last one: {lost.what})") from None
            raise SupplierFailed("source_down", f"{self._source}: {lost.what}") from None
        self._failures = 0
        return reply

    async def _accepted(self, request: dict[str, Any], *, auth: bool, expect: frozenset[int]) -> Reply:
        """An answer past tokens and throttling. Neither was acted on by the provider, so both are safe to send again."""
        renewed, throttled = False, 0
        while True:
            token, reply = await self._send(request, auth=auth)
            if reply.status == 429 and 429 not in expect:
                throttled += 1
                wait = self._throttle_s(reply)
                if throttled >= self._limits.tries:
                    raise self._stop(f"refused {throttled} times in a row because of too many calls")
                if wait > _LONGEST_WAIT_S:
                    raise self._stop(f"the quota is used up; it says to come back in {wait / 3600:.1f} hours")
                self._blocked_until = max(self._blocked_until, self._time.monotonic() + wait)
            elif auth and self._expired(reply):
                if renewed:
                    raise self._stop("it refuses also a new token; check what the subscription or key may do")
                renewed = True
                if self._token is token:
                    self._token_until = -math.inf
            else:
                return self._sorted(reply, expect)

    def _sorted(self, reply: Reply, expect: frozenset[int]) -> Reply:
        if reply.status in expect:
            return reply
        if reply.status == 401:
            raise self._stop("it refuses the user name, password or key; check the connector's secrets")
        if reply.status == 403:
            raise self._stop("not subscribed: the account may not ask this; check the agreement with the provider")
        if reply.status >= 500 or reply.status == 408:
            raise _Lost(f"it answered {reply.status}")
        return reply

    async def _send(self, request: dict[str, Any], *, auth: bool) -> tuple[Token | None, Reply]:
        await self._turn()
        headers = {**self._headers(), **(request["headers"] or {})}
        token = await self._current_token() if auth else None
        if token is not None:
            headers[self._header] = f"{self._scheme} {token.value}".strip()
        async with self._open:
            if self._stopped is not None:
                raise SourceUnavailable(self._stopped)
            self.calls += 1
            try:
                # The read time-out is per chunk: a body that drips must end some time, too.
                async with asyncio.timeout(self._limits.connect_s + 4 * self._limits.timeout_s):
                    answer = await self._http.request(**{**request, "headers": headers})
            except httpx.ConnectError:
                raise _Lost("no connection", sent=False) from None
            except (httpx.TimeoutException, TimeoutError):
                raise _Lost("no answer in time") from None
            except _LOST:
                raise _Lost("the connection was lost") from None
        return token, Reply(answer.status_code, answer.headers, answer.content)

    # --- when ---------------------------------------------------------------------------------------------------------
    async def _turn(self) -> None:
        """Wait for this call's moment: the rate, and any block that the provider has set for all of us."""
        while True:
            if self._stopped is not None:
                raise SourceUnavailable(self._stopped)
            now = self._time.monotonic()
            if self._deadline is not None and now >= self._deadline:
                raise self._stop("the time for this run is over")
            moment = max([now, self._blocked_until, *(window.earliest(now) for window in self._windows)])
            for window in self._windows:
                window.take(moment)
            if moment <= now:
                return
            await self._sleep(moment - now)
            if self._blocked_until <= self._time.monotonic():
                return

    async def _sleep(self, seconds: float) -> None:
        if self._deadline is not None and self._time.monotonic() + seconds > self._deadline:
            raise self._stop("the time for this run is over")
        await self._time.sleep(seconds)

    def _throttle_s(self, reply: Reply) -> float:
        """How long the provider wants us to wait: seconds, an HTTP date, WSO2's ``nextAccessTime``, or a minute."""
        said = reply.headers.get("Retry-After", "").strip()
        if said.isdigit():
            return float(said)
        moment = _http_date(said) or _next_access(reply.body)
        if moment is None:
            return _THROTTLED_S
        theirs = _http_date(reply.headers.get("Date", "")) or self._now()
        return max(0.0, (moment - theirs).total_seconds()) + _HTTP_DATE_SLACK_S

    # --- tokens and stopping ------------------------------------------------------------------------------------------
    async def _current_token(self) -> Token:
        assert self._fetch is not None
        if self._token is not None and self._time.monotonic() < self._token_until:
            return self._token
        async with self._token_lock:
            if self._token is None or self._time.monotonic() >= self._token_until:
                token = await self._fetch()
                early = min(_RENEW_EARLY_S, token.expires_in_s / 2)
                self._token, self._token_until = token, self._time.monotonic() + token.expires_in_s - early
            return self._token

    def _stop(self, why: str) -> SourceUnavailable:
        """Remember why nothing more is sent, so that every worker stops for the same reason."""
        if self._stopped is None:
            self._stopped = f"{self._source}: {why}"
        return SourceUnavailable(self._stopped)


def clock_header(now: Callable[[], datetime]) -> Callable[[], Mapping[str, str]]:
    """Tells a stub over a socket which day it is. For ``headers=`` of simulated sources; live ones never get it."""
    return lambda: {"X-Screening-Date": now().date().isoformat()}


def make_transport(limits: Limits, certificate: Path | None = None, *, address: str = "") -> httpx.AsyncBaseTransport:
    """The real transport: system trust store, keep-alive, the system's proxy, optionally a client certificate.

    It is aiohttp's: httpx's own pool scans its connections for each call and falls to a third at 32 of them.

    Args:
        limits: for the number of connections.
        certificate: PEM with key and certificates, or a folder-less name beside it with ``.key``; see ``_context``.
        address: whose proxy to use; empty for none.

    Raises:
        ConfigError: the certificate cannot be read.
    """
    context = _context(certificate)
    parts = urlsplit(address)
    proxy = None
    if parts.hostname and not proxy_bypass(parts.hostname):
        proxy = getproxies().get(parts.scheme)

    def session() -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=limits.concurrent + 1, ssl=context, keepalive_timeout=15)
        made = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())
        # aiohttp sends a GET again by itself when a kept connection turns out to be dead; a paid GET must not be.
        made._retry_connection = False  # noqa: SLF001
        return made

    return AiohttpTransport(verify=context, client=session, proxy=httpx.Proxy(proxy) if proxy else None)


def _context(certificate: Path | None) -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if certificate is not None:
        try:
            context.load_cert_chain(certificate)
        except (OSError, ssl.SSLError) as error:
            message = f"client_certificate = {certificate.name}: {error.__class__.__name__}; expected PEM with key and certificate"
            raise ConfigError(message) from None
    return context


def _unauthorized(reply: Reply) -> bool:
    return reply.status == 401


def _http_date(text: str) -> datetime | None:
    with suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(text)
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return None


def _next_access(body: bytes) -> datetime | None:
    """WSO2's ``2026-Nov-21 09:00:00+0000 UTC``, at the top or inside ``fault``; month names whatever the locale."""
    with suppress(msgspec.DecodeError, UnicodeDecodeError):
        document = _JSON.decode(body)
        if isinstance(document, dict):
            inner = document.get("fault")
            text = document.get("nextAccessTime") or (inner.get("nextAccessTime") if isinstance(inner, dict) else None)
            if isinstance(text, str) and (found := _NEXT_ACCESS.match(text)) and found[2] in _MONTHS:
                year, day, hour, minute, second = (int(found[n]) for n in (1, 3, 4, 5, 6))
                return datetime(year, _MONTHS.index(found[2]) + 1, day, hour, minute, second, tzinfo=UTC)
    return None


def _keep_warnings(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


def _silence() -> None:
    """Keep httpx, httpcore and aiohttp from logging addresses, which may name a supplier."""
    for name in ("httpx", "httpcore", "httpcore.connection", "httpcore.http11", "aiohttp.client"):
        logger = logging.getLogger(name)
        if _keep_warnings not in logger.filters:
            logger.addFilter(_keep_warnings)
