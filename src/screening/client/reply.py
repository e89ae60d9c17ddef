"""What came back: the answer, a token, and how long a provider that refuses wants us to wait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final

import msgspec

from screening.errors import SupplierFailed

THROTTLED_S: Final = 60.0  # a 429 that does not say when: the longest window that a Swedish source is known to use
_SLACK_S: Final = 1.0  # a date has whole seconds, and some providers prolong the block of whoever is early
_NEXT_ACCESS = re.compile(r"(\d{4})-([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_JSON = msgspec.json.Decoder(float_hook=Decimal)


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

    @property
    def is_json(self) -> bool:
        """Whether the interface itself answered, not a gateway's or proxy's page: JSON by its label or its content."""
        label = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if label:
            return label == "application/json" or label.endswith("+json")
        return self.body.lstrip()[:1] in {b"{", b"["}

    @property
    def dated(self) -> datetime | None:
        """When the provider says that it answered."""
        return _http_date(self.headers.get("Date", ""))

    def json(self) -> Any:
        """The body as JSON, decimals as ``Decimal``.

        Raises:
            SupplierFailed: ``partial``: HTML, cut off, empty.
        """
        try:
            return _JSON.decode(self.body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            start = self.body.lstrip()[:1]
            what = "tomt" if not start else "en webbsida" if start == b"<" else "avhugget eller trasigt"
            raise SupplierFailed("partial", f"svaret var {what}") from None

    def table(self) -> Mapping[str, Any]:
        """The body as a JSON object.

        Raises:
            SupplierFailed: ``partial``: anything else.
        """
        document = self.json()
        if not isinstance(document, dict):
            raise SupplierFailed("partial", "svaret har en oväntad form")
        return document


def wait_s(reply: Reply, now: datetime) -> float:
    """How long the provider wants us to wait: seconds, an HTTP date, WSO2's ``nextAccessTime``, or a minute.

    Dates are read against the answer's own ``Date``, so that a clock that is wrong at either end does not matter;
    ``now`` is used where it has none.
    """
    said = reply.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said)
    moment = _http_date(said) or _next_access(reply.body)
    if moment is None:
        return THROTTLED_S
    theirs = _http_date(reply.headers.get("Date", "")) or now
    return max(0.0, (moment - theirs).total_seconds()) + _SLACK_S


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
