"""The interface of every source: a batch of requests in, answers or tickets out.

A web source answers at once and ignores tickets. A file exchange writes its batch, yields tickets, and on a later call
turns open tickets into answers. What an answer lacks has a reason; nothing is left out silently.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from types import GenericAlias
from typing import Any, Final, Protocol

from screening.client import Client, Limits
from screening.errors import ConfigError
from screening.identity import Identity
from screening.model import Contract, Fact, Origin, Provenance

__all__ = ["UNPAID", "Adapter", "Answer", "Kept", "Limits", "Paid", "Request", "Session", "Source", "Ticket", "billed"]


@dataclass(frozen=True, slots=True)
class Request:
    """One supplier to ask about.

    Attributes:
        kinds: the kinds of fact wanted.
        names: every name that our lists and, after wave 1, the register have for it, ``name`` first.
        legal_form: what wave 1 found.
        first: those of ``kinds`` that this source is asked for about this supplier for the first time; told to adapters
            that look back (``Adapter.first_calls``).
        held_on: the last day on which this source's stored answers of all ``kinds`` are shown to hold; told to adapters
            that can prove more cheaply that nothing has changed since (``Adapter.proves``). ``None``: buy anew.
    """

    supplier_id: str
    identity: Identity
    kinds: frozenset[str]
    name: str = ""
    names: tuple[str, ...] = ()
    legal_form: str | None = None
    contracts: tuple[Contract, ...] = ()
    first: frozenset[str] = frozenset()
    held_on: date | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """A batch handed in, to be collected later. ``ref`` is the source's or file's own reference."""

    ref: str
    supplier_ids: tuple[str, ...]
    kinds: frozenset[str]
    submitted_at: datetime
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one source said about one supplier.

    Attributes:
        supplier_id: as in the request.
        facts: what it knows; each with full provenance from ``Session.provenance``.
        missing: kind -> (reason, detail) for every wanted kind that has no fact here.
        raw: the raw answer as received (JSON, file bytes); stored compressed with its hash.
        billable_calls: how many calls of this answer cost money, those whose answers were kept as parts among them.
        ticket: the ticket that this answer closes, if any.
        confirms: kinds that a cheaper proof showed to be unchanged; their stored facts move ``confirmed_at``.
    """

    supplier_id: str
    facts: tuple[Fact, ...] = ()
    missing: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    raw: bytes = b""
    billable_calls: int = 0
    ticket: str | None = None
    confirms: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Kept:
    """A part of an answer that an earlier try has paid for, and when it came."""

    data: bytes
    at: datetime


class Paid(Protocol):
    """One billable call, from before it is sent until its answer is stored."""

    def keep(self, part: str, data: bytes) -> None:
        """Its answer is a part of one that takes more calls: on disk when this returns, and not bought again.

        Args:
            part: the adapter's own name for it, by which ``Session.kept`` gives it back.
            data: what the adapter needs to go on; no personal number.
        """

    def free(self) -> None:
        """The provider does not charge for what it answered."""


class _Unpaid:
    """A call that costs nothing has nothing to keep."""

    def keep(self, part: str, data: bytes) -> None:
        """Nothing."""

    def free(self) -> None:
        """Nothing."""


UNPAID: Final[Paid] = _Unpaid()
"""What stands around a call that costs nothing."""


class Billing(Protocol):
    """Opened by an adapter around each billable call: the intent is committed before the call is sent."""

    def __call__(self, request: Request) -> AbstractAsyncContextManager[Paid]:
        """A context around one billable call.

        Raises:
            SupplierFailed: ``over_budget``.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """What an adapter is given: nothing of the environment, clock or store beside this.

    Attributes:
        connector: the connector's name.
        address: base address without a trailing slash; for ``stub:`` the embedded provider's own.
        token_address: where tokens are had, if elsewhere than under ``address``.
        secrets: name -> value, already resolved from the environment.
        client: the one HTTP client, bound to this source's limits and circuit breaker.
        now: the run's clock, UTC.
        pseudonym: person id (12 digits) or any text -> keyed hash, for ``person_key``.
        billing: see ``Billing``.
        kept: request and name of a part -> what an earlier try has paid for; ``None`` when it has not.
        state: the source's own ids and cursors, kept between runs; an adapter may change it.
        files: the workspace folder, under which ``inbox``, ``outbox`` and layouts of files lie.
    """

    connector: str
    origin: Origin
    address: str
    token_address: str | None
    secrets: Mapping[str, str]
    client: Client
    now: Callable[[], datetime]
    pseudonym: Callable[[str], str]
    billing: Billing
    state: dict[str, str]
    options: Mapping[str, Any]
    kept: Callable[[Request, str], Kept | None] = lambda _request, _part: None
    price_sek: Decimal = Decimal(0)
    concurrent: int = 4
    simulated: bool = False
    inbox: Path | None = None
    outbox: Path | None = None
    files: Path | None = None
    wait_days: int = 10

    def provenance(
        self, raw: bytes, *, as_of: date | None = None, request_ref: str = "", historic: bool = False
    ) -> Provenance:
        """Provenance of a fact read from ``raw`` now.

        Args:
            raw: what ``Answer.raw`` will be.
            as_of: the date for which the answer holds; the answer's own day where the source gives none.
            request_ref: the provider's reference.
            historic: the source was asked for its state on ``as_of``, an earlier day.
        """
        now = self.now()
        return Provenance(
            source=self.connector,
            origin=self.origin,
            as_of=as_of or now.date(),
            fetched_at=now,
            request_ref=request_ref,
            raw_sha256=sha256(raw).hexdigest(),
            simulated=self.simulated,
            historic=historic,
        )


def billed(session: Session, request: Request) -> AbstractAsyncContextManager[Paid]:
    """The context around one call: an intent where the connector has a price, nothing otherwise."""
    return session.billing(request) if session.price_sek > 0 else nullcontext(UNPAID)


class Source(Protocol):
    """One opened source."""

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        """Answers in any order, one per request or a ticket that covers it.

        Raises:
            SourceUnavailable: the source stops; requests without an answer become ``source_down``.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """What an adapter module declares as ``ADAPTER``.

    Attributes:
        gives: the kinds of fact it can give.
        origin: who vouches for them, unless the connector says otherwise.
        open: makes the source from a session.
        secrets: names of secrets that a live address needs.
        options: option name -> type, for the connector's ``[options]``; ``list[int]``: whole numbers above 0.
        required_options: those of them that a connector must give.
        stub_path: where the embedded provider serves this protocol, e.g. ``/creditsafe_connect/v1``.
        stub_token_path: where it gives tokens, if elsewhere.
        foreign: whether it can be asked about suppliers outside Sweden.
        first_calls: kind of fact -> how many calls more, by the connector's options, the source is asked at most the
            first time it is asked for that kind about a supplier, because the adapter looks back at earlier days; the same
            calls serve several kinds, so the most of them counts.
        more_calls: the same for what every question about a supplier takes beyond its first call (people asked about).
        call_for: kind of fact -> which of its paid calls about a supplier gives it; by default one call gives every kind.
        open_calls: how many paid calls about one supplier may be without a stored answer at once: so many fewer suppliers
            are asked about at once, and calls in doubt after a crash never exceed ``concurrent``.
        proves: whether, by the connector's options, it can show without a billable call that an earlier answer still holds.
        names_successor: whether its company record names who took over a company in a merger.
    """

    gives: frozenset[str]
    origin: Origin
    open: Callable[[Session], Source]
    secrets: tuple[str, ...] = ()
    options: Mapping[str, type | GenericAlias] = field(default_factory=dict)
    required_options: tuple[str, ...] = ()
    stub_path: str = ""
    stub_token_path: str = ""
    foreign: bool = False
    first_calls: Mapping[str, Callable[[Mapping[str, Any]], int]] = field(default_factory=dict)
    more_calls: Mapping[str, Callable[[Mapping[str, Any]], int]] = field(default_factory=dict)
    call_for: Callable[[str], str] = lambda _kind: ""
    open_calls: int = 1
    in_one_batch: bool = False
    proves: Callable[[Mapping[str, Any]], bool] = lambda _options: False
    names_successor: bool = False

    def check_options(self, where: str, options: Mapping[str, Any]) -> None:
        """ConfigError for an option that the adapter does not know, of the wrong type, or that is required and not there."""
        if missing := [key for key in self.required_options if not options.get(key)]:
            message = f"{where}: options.{missing[0]}: missing; expected {self.options[missing[0]].__name__}"
            raise ConfigError(message)
        for key, value in options.items():
            expected = self.options.get(key)
            if expected is None:
                message = f"{where}: options.{key}: unknown; expected one of {', '.join(self.options) or 'none'}"
                raise ConfigError(message)
            if isinstance(expected, GenericAlias):
                if not (isinstance(value, list) and all(type(item) is int and item > 0 for item in value)):
                    message = f"{where}: options.{key}: {value!r}; expected a list of whole numbers above 0"
                    raise ConfigError(message)
            elif not isinstance(value, expected):
                message = f"{where}: options.{key}: {type(value).__name__}; expected {expected.__name__}"
                raise ConfigError(message)
