"""What came back: the answer, a token, and how long a provider that refuses wants us to wait."""

from __future__ import annotations

import codecs
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
_SLACK_S: Final = (
    1.0  # seconds are whole and may have been cut, and some providers prolong the block of whoever is early
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
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

    @classmethod
    def received(cls, status: int, headers: Mapping[str, str], body: bytes) -> Reply:
        """An answer off the wire, its text in UTF-8 without a mark of order, whatever it came in."""
        return cls(status, headers, _utf8(body, headers.get("content-type", "")))

    @property
    def is_page(self) -> bool:
        """Whether it is a web page (or other XML), whatever its label says: nothing that an interface here answers."""
        return self.body[:512].lstrip()[:1] == b"<"

    @property
    def is_json(self) -> bool:
        """Whether the interface itself answered, not a gateway's or proxy's page: JSON by its label or its content."""
        label = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if label not in ("", "text/plain"):
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


def _utf8(body: bytes, label: str) -> bytes:
    """The same text in UTF-8; as it is where it cannot be read by its own mark or label."""
    named = _CHARSET.search(label) if "charset" in label.lower() else None
    codec = next((name for mark, name in _MARKS if body.startswith(mark)), named[1].lower() if named else "utf-8")
    if codec in ("utf-8", "utf8"):
        return body
    try:
        return body.decode(codec).encode()
    except (LookupError, UnicodeError):
        return body


def wait_s(reply: Reply, now: datetime, unsaid: float = THROTTLED_S) -> float:
    """How long the provider wants us to wait: seconds, an HTTP date, WSO2's ``nextAccessTime``, or else ``unsaid``.

    Dates are read against the answer's own ``Date``, so that a clock that is wrong at either end does not matter;
    ``now`` is used where it has none.
    """
    said = reply.headers.get("Retry-After", "").strip()
    if said.isdecimal():
        return float(said) + _SLACK_S
    moment = _http_date(said) or _next_access(reply.body)
    if moment is None:
        return unsaid
    theirs = reply.dated
    wait = (moment - (theirs or now)).total_seconds()
    if wait <= 0 and theirs is None:  # a clock is wrong, and nothing says by how much
        return unsaid
    return max(0.0, wait) + _SLACK_S


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
