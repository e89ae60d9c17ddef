"""One client per source, and the four ways in which a call can end.

* it is returned: 2xx, 3xx, 400, 404, 409 … are for the adapter to read;
* it is waited for: 429 stops all work on the source until the provider's own time is up, 5xx and lost connections are
  tried again when the call may be repeated;
* ``SupplierFailed``: this one call gave nothing;
* ``SourceUnavailable``: nothing more is sent to this source in this run.

No error, log line or traceback text of ours holds an address, a body or a secret: an address may name a supplier.
"""

from __future__ import annotations

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Final

import httpx
import tenacity

from screening.client.pace import Limits, Timebase, windows
from screening.client.reply import Reply, Token, wait_s
from screening.client.transport import LOST, silence, what_happened
from screening.errors import SourceUnavailable, SupplierFailed

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""Not followed: our keys and numbers would go where nobody has looked. An adapter that reads one names it in ``expect``."""
_RENEW_EARLY_S: Final = 60.0
_MOST_TOKENS: Final = 10  # in one call; each of them was good for another
_MOST_BYTES: Final = 100_000_000  # the largest report known of is some ten
_LONGEST_WAIT_S: Final = 900.0  # a quota that returns tomorrow or next month is no reason to sit and wait


class _Lost(Exception):  # noqa: N818 - one attempt that gave nothing; never leaves this module
    """An attempt failed in a way that may pass.

    ``sent`` is false when the provider cannot have seen it; ``heard`` is true when it did answer, with an error.
    ``again`` is false when the same question would meet the same.
    """

    def __init__(self, what: str, sent: bool = True, *, heard: bool = False, again: bool = True) -> None:
        super().__init__(what)
        self.what = what
        self.sent = sent
        self.heard = heard
        self.again = again

    @property
    def cause(self) -> httpx.TransportError | None:
        """Set when the provider may have acted on a call whose answer we never got: whoever pays must know."""
        return httpx.TransportError(self.what) if self.sent and not self.heard else None


def _may_pass(error: BaseException, *, repeatable: bool) -> bool:
    return isinstance(error, _Lost) and error.again and (repeatable or not error.sent)


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
        silence()
        self._source = source
        self._limits = limits
        self._time = timebase
        self._now = now
        self._headers = headers if callable(headers) else (lambda: headers or {})
        self._deadline = deadline
        self._windows = windows(limits, adhoc=adhoc)
        self._open = asyncio.Semaphore(limits.concurrent)
        self._gate = asyncio.Lock()
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
        self._good: set[str] = set()  # tokens that the provider has taken
        self._out: Counter[str] = Counter()  # calls on their way, by token
        self._back = asyncio.Condition()
        self._blocked_until = -math.inf
        self._failures = 0
        self._stopped: SourceUnavailable | None = None
        self._half_open = False  # after a stop: one call at a time, until one is answered
        self._probe = asyncio.Lock()
        self.calls = 0  # attempts sent, token calls included
        self._last: tuple[Reply, datetime] | None = None  # the last answer, and when it came by our clock

    def authenticate(
        self,
        fetch: Callable[[], Awaitable[Token]],
        *,
        header: str = "Authorization",
        scheme: str = "Bearer",
        expired: Callable[[Reply], bool] | None = None,
    ) -> None:
        """Put a token on every call made with ``auth=True``.

        ``fetch`` makes the token call (``post(..., auth=False)``); it is called once, 60 s before the token ends, and
        when ``expired`` (default: status 401) says that the provider no longer takes the token. A new token that was never
        taken for any call stops the source.
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

    async def sign_in(self) -> bool:
        """Fetches a token now, if the adapter has said how; whether there was anything to fetch.

        Raises:
            SupplierFailed, SourceUnavailable: as for any call.
        """
        if self._fetch is None:
            return False
        await self._current_token()
        return True

    @property
    def ahead_s(self) -> float | None:
        """How many seconds our clock is ahead of the provider's, by its last answer; ``None`` where that has no date."""
        if self._last is None or (theirs := self._last[0].dated) is None:
            return None
        return (self._last[1] - theirs).total_seconds()

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def put(self, url: str, *, json: object, expect: frozenset[int] = frozenset()) -> Reply:
        """``PUT`` of ``json``: what is there afterwards is the same however often it is sent.

        Raises:
            SupplierFailed: ``source_down``: no answer to this call.
            SourceUnavailable: no more calls to this source.
        """
        request = {"method": "PUT", "url": url, "json": json, "headers": None}
        return await self._call(request, repeatable=True, auth=True, expect=expect)

    def reopen(self) -> bool:
        """One more try with a source that trouble has stopped: its next call is sent alone, and decides for the rest.

        Returns:
            Whether there is anything to try: false where the stop was for a reason that does not pass.
        """
        if self._stopped is None or not self._stopped.passes:
            return False
        self._stopped, self._half_open, self._failures = None, True, 0
        return True

    # --- one call -----------------------------------------------------------------------------------------------------
    async def _call(self, request: dict[str, Any], *, repeatable: bool, auth: bool, expect: frozenset[int]) -> Reply:
        if not self._half_open or not auth:
            return await self._tried(request, repeatable=repeatable, auth=auth, expect=expect)
        async with self._probe:
            return await self._tried(request, repeatable=repeatable, auth=auth, expect=expect)

    async def _tried(self, request: dict[str, Any], *, repeatable: bool, auth: bool, expect: frozenset[int]) -> Reply:
        auth = auth and self._fetch is not None
        try:
            try:
                reply = await self._accepted(request, auth=auth, expect=expect)
            except _Lost as lost:
                if not _may_pass(lost, repeatable=repeatable):
                    raise
                reply = await self._again(lost, request, repeatable=repeatable, auth=auth, expect=expect)
        except _Lost as lost:
            self._failures += 1
            if self._half_open:
                raise self._stop(f"källan svarade inte heller vid ett nytt försök: {lost.what}") from lost.cause
            if self._failures >= self._limits.break_after:
                why = f"{self._failures} anrop i rad misslyckades; det sista: {lost.what}"
                raise self._stop(why, passes=True) from lost.cause
            raise SupplierFailed("source_down", f"{self._source}: {lost.what}") from lost.cause
        self._failures, self._half_open = 0, False
        return reply

    async def _again(
        self, lost: _Lost, request: dict[str, Any], *, repeatable: bool, auth: bool, expect: frozenset[int]
    ) -> Reply:
        """Waits and sends again, ``lost`` being the first attempt; most calls never come here."""
        before = [lost]

        async def attempt() -> Reply:
            if before:
                raise before.pop()
            return await self._accepted(request, auth=auth, expect=expect)

        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self._limits.tries),
            wait=tenacity.wait_random_exponential(multiplier=1, max=30) + tenacity.wait_fixed(self._limits.retry_s),
            retry=tenacity.retry_if_exception(lambda error: _may_pass(error, repeatable=repeatable)),
            sleep=self._sleep,
            reraise=True,
        )
        reply: Reply = await retrying(attempt)
        return reply

    async def _accepted(self, request: dict[str, Any], *, auth: bool, expect: frozenset[int]) -> Reply:
        """An answer past tokens and throttling. Neither was acted on by the provider, so both are safe to send again."""
        renewed, throttled = 0, 0
        while True:
            token, reply = await self._send(request, auth=auth)
            if reply.status == 429 and 429 not in expect:
                throttled += 1
                wait = wait_s(reply, self._now())
                if throttled >= self._limits.tries:
                    raise self._stop(f"källan avvisade {throttled} försök i rad, för att anropen var för många")
                if wait > _LONGEST_WAIT_S:
                    raise self._stop(f"kvoten är slut; källan öppnar igen om {wait / 3600:.1f} timmar")
                self._blocked_until = max(self._blocked_until, self._time.monotonic() + wait)
            elif auth and self._expired(reply):
                if renewed and (renewed >= _MOST_TOKENS or not await self._was_good(token)):
                    raise self._stop("källan godtar inte ens en ny token; se efter vad avtalet och nyckeln omfattar")
                renewed += 1
                if self._token is token:
                    self._token_until = -math.inf
            else:
                return self._sorted(reply, expect)

    def _sorted(self, reply: Reply, expect: frozenset[int]) -> Reply:
        if reply.status in expect:
            return reply
        if reply.status == 401:
            raise self._stop("källan godtar inte användarnamn, lösenord eller nyckel; kontrollera kopplingens secrets")
        if reply.status == 403 and reply.is_page:
            raise self._stop("en brandvägg eller sluss framför källan avvisar oss (403 med en webbsida)", passes=True)
        if reply.status == 403:
            raise self._stop(
                "frågan ingår inte i abonnemanget (403); kontrollera avtalet med leverantören av uppgifterna"
            )
        if reply.status >= 500 or reply.status == 408:
            self._heed(reply)
            raise _Lost(f"källan svarade {reply.status}", heard=True)
        if reply.is_page:  # an outage or a login; who knows whether a paid question got through before it
            theirs = reply.status >= 300
            raise _Lost(f"källan svarade med en webbsida ({reply.status})", heard=theirs, again=not theirs)
        if reply.status in REDIRECTS:
            raise _Lost(f"källan hänvisar till en annan adress ({reply.status})", heard=True, again=False)
        return reply

    def _heed(self, reply: Reply) -> None:
        """A source that says when it is back is left alone until then, by everybody."""
        wait = wait_s(reply, self._now(), unsaid=0.0)
        if wait > _LONGEST_WAIT_S:
            raise self._stop(f"källan är stängd och öppnar igen om {wait / 3600:.1f} timmar", passes=True)
        if wait:
            self._blocked_until = max(self._blocked_until, self._time.monotonic() + wait)

    async def _send(self, request: dict[str, Any], *, auth: bool) -> tuple[Token | None, Reply]:
        while True:
            token = await self._current_token() if auth else None
            async with self._open:
                await self._turn()
                if token is not None and self._time.monotonic() >= self._token_until:
                    continue  # it ended, or was refused for another call, while this one waited
                headers = {**self._headers(), **(request["headers"] or {})}
                if token is not None:
                    headers[self._header] = f"{self._scheme} {token.value}".strip()
                return token, await self._sent_with(token, {**request, "headers": headers})

    async def _sent_with(self, token: Token | None, request: dict[str, Any]) -> Reply:
        """Sends, and notes whether the provider took the token."""
        if token is None:
            return await self._sent(request)
        self._out[token.value] += 1
        try:
            reply = await self._sent(request)
            if (reply.status < 400 or reply.status in (400, 404, 409)) and not self._expired(reply):
                self._good.add(token.value)
            return reply
        finally:
            self._out[token.value] -= 1
            async with self._back:
                self._back.notify_all()

    async def _was_good(self, token: Token | None) -> bool:
        """Whether a refused token has been taken for another call, so that it has ended and is no wrong one.

        Calls with the same token may be on their way; they are waited for, since they tell.
        """
        value = token.value if token is not None else ""
        async with self._back:
            await self._back.wait_for(lambda: value in self._good or not self._out[value])
        return value in self._good

    async def _sent(self, request: dict[str, Any]) -> Reply:
        self.calls += 1
        try:
            # The read time-out is per chunk: a body that drips must end some time, too.
            async with asyncio.timeout(self._limits.connect_s + 4 * self._limits.timeout_s):
                async with self._http.stream(**request) as answer:
                    body = await _whole(answer)
        except LOST as error:
            raise _Lost(*what_happened(error)) from None
        reply = Reply.received(answer.status_code, answer.headers, body)
        self._last = (reply, self._now())
        return reply

    # --- when ---------------------------------------------------------------------------------------------------------
    async def _turn(self) -> None:
        """Wait for this call's moment, first come first served: the rate, and any block that the provider has set for all."""
        async with self._gate:
            while True:
                if self._stopped is not None:
                    raise self._halted(self._stopped)
                now = self._time.monotonic()
                if self._deadline is not None and now >= self._deadline:
                    raise self._stop("tiden för körningen är slut")
                moment = max([now, self._blocked_until, *(window.earliest(now) for window in self._windows)])
                if moment <= now:
                    break
                await self._sleep(moment - now)
            for window in self._windows:
                window.take(now)

    async def _sleep(self, seconds: float) -> None:
        if self._deadline is not None and self._time.monotonic() + seconds > self._deadline:
            raise self._stop("tiden för körningen är slut")
        await self._time.sleep(seconds)

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

    def _stop(self, why: str, *, passes: bool = False) -> SourceUnavailable:
        """Remember why nothing more is sent, so that every worker stops for the same reason."""
        if self._stopped is None:
            self._stopped = SourceUnavailable(f"{self._source}: {why}", passes=passes)
        return self._halted(self._stopped)

    @staticmethod
    def _halted(why: SourceUnavailable) -> SourceUnavailable:
        """The same again for another worker: an error that is raised twice would carry both tracebacks."""
        return SourceUnavailable(str(why), passes=why.passes)


async def _whole(answer: httpx.Response) -> bytes:
    """The body, unpacked as it comes: what grows beyond all reason is let go before it fills the memory."""
    parts, size = [], 0
    async for part in answer.aiter_bytes():
        parts.append(part)
        size += len(part)
        if size > _MOST_BYTES:
            what = f"svaret är större än {_MOST_BYTES // 1_000_000} MB"
            raise SupplierFailed("partial", what) from httpx.TransportError(what)
    return b"".join(parts)


def _unauthorized(reply: Reply) -> bool:
    return reply.status == 401
