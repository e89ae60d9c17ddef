"""A file exchange: a batch of numbers is laid in an outbox, and receipt, answer and error file come to an inbox, hours or days later.

Two exchanges speak it: ``skatteverket_etransport`` and ``kronofogden_fil``. How files are laid out is a TOML file of its own
(``layout``). What carries the files between the folders and the receiver is not ours. Nothing that came is changed or deleted:
it may be left where it is or moved to the folder ``klart``, and is read again with the same outcome.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from filelock import Timeout

from screening.adapters.file_exchange.facts import facts
from screening.adapters.file_exchange.layout import Layout, load
from screening.adapters.file_exchange.outgoing import Batch, Outgoing
from screening.adapters.file_exchange.received import Answered, Damaged, File, answer, files, receipt, refusals
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.errors import ConfigError, SourceUnavailable
from screening.identity import Identity
from screening.model import Origin

T = TypeVar("T")
LATE_DAYS = 25
"""How old an answer may be that came when nobody waited any more; how long a number that was refused is not sent again."""
_REFUSED = "refused "


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What has come of a batch. ``why`` says what is missing, and ``final`` that nothing more is to be waited for."""

    whole: Answered | None = None
    numbers: Mapping[str, Identity] = field(default_factory=dict)  # keyed hash -> number of the answer
    refused: Mapping[str, str] | None = None  # keyed hash -> why
    reason: str = "awaited"
    why: str = ""
    final: bool = False


@dataclass(frozen=True, slots=True)
class _Exchange:
    session: Session
    layout: Layout
    inbox: Path
    outgoing: Outgoing

    async def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        """Collects what has come, then hands in one batch with everybody who has not been asked about.

        Raises:
            SourceUnavailable: a folder cannot be used, or another run is handing in.
        """
        try:
            with self.outgoing.lock():
                for item in self._turn(requests, open_tickets):
                    yield item
        except Timeout:
            message = f"{self.session.connector}: en annan körning lämnar in just nu; kör igen om en stund"
            raise SourceUnavailable(message) from None
        except OSError as error:
            message = f"{self.session.connector}: en mapp kan inte användas ({error.strerror}); se inbox och outbox"
            raise SourceUnavailable(message) from None

    def _turn(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> Iterator[Answer | Ticket]:
        batches = {batch.ref: batch for batch in self.outgoing.batches()}
        handed_in = {ticket.ref for ticket in open_tickets}
        for ticket in open_tickets:
            yield from self._collected(ticket, batches)
        left = {request.supplier_id: request for request in requests}
        for batch in [item for ref, item in batches.items() if ref not in handed_in]:
            yield from self._forgotten(batch, left)
        for supplier_id, why in self._refused_lately(left):
            request = left.pop(supplier_id)
            yield Answer(supplier_id=supplier_id, missing=dict.fromkeys(request.kinds, ("rejected_input", why)))
        yield from self._beyond_quota(left, batches.values())
        if left:
            batch = self.outgoing.submit(list(left.values()), self.session.now(), self.session.wait_days)
            yield batch.ticket

    # --- what has come --------------------------------------------------------------------------------------------------
    def _collected(self, ticket: Ticket, batches: dict[str, Batch]) -> Iterator[Answer]:
        """The answers to an open ticket; nothing while it is inside its time and nothing is wrong."""
        batch = batches.get(ticket.ref)
        if batch is None:
            why = f"{ticket.ref}: anteckningen om vilka frågan gällde finns inte kvar; de frågas på nytt"
            for supplier_id in ticket.supplier_ids:
                missing = dict.fromkeys(ticket.kinds, ("source_down", why))
                yield Answer(supplier_id=supplier_id, missing=missing, ticket=ticket.ref)
            return
        if not batch.ticketed:
            batch = replace(batch, ticketed=True)
            self.outgoing.note(batch)
        outcome = self._outcome(batch)
        if not outcome.final and self.session.now().date() > batch.due_on:
            late = f"inget svar på {batch.ref} från {batch.submitted_at:%Y-%m-%d}, väntat senast {batch.due_on}"
            outcome = _Outcome(
                reason="source_down", why=f"{late}{f' ({outcome.why})' if outcome.why else ''}", final=True
            )
            self.outgoing.note(replace(batch, given_up=True))
        if outcome.final or outcome.why:
            for supplier_id in ticket.supplier_ids:
                yield self._answer(batch, supplier_id, outcome)

    def _forgotten(self, batch: Batch, left: dict[str, Request]) -> Iterator[Answer | Ticket]:
        """A batch of which the store knows nothing (a crash), or whose time had passed: its people are not asked anew."""
        concerned = batch.subjects.keys() & left.keys()
        if batch.ticketed and not (batch.given_up and concerned):
            return
        outcome = self._outcome(batch)
        if outcome.whole is not None and (not batch.ticketed or self._is_young(outcome.whole)):
            for supplier_id in sorted(concerned if batch.ticketed else batch.subjects):
                yield self._answer(batch, supplier_id, outcome)
            self.outgoing.note(replace(batch, ticketed=True))
        elif not batch.ticketed:
            yield batch.ticket
        else:
            return
        for supplier_id in concerned:
            del left[supplier_id]

    def _is_young(self, whole: Answered) -> bool:
        """Whether an answer that nobody waited for any more is still worth as much as a new one."""
        return whole.day >= self.session.now().date() - timedelta(days=LATE_DAYS)

    def _outcome(self, batch: Batch) -> _Outcome:
        """What the files say, together."""
        names, ref, today = self.layout.names, batch.ref, self.session.now().date()
        problems: list[str] = []
        wholes = list(self._read(names.answer, ref, partial(answer, ref=ref, today=today), problems))
        faults = [item for some in self._read(names.errors, ref, refusals, problems) for item in some]
        said = list(self._read(names.receipt, ref, receipt, problems))
        refused = {self.session.pseudonym(item.number.reveal()): item.why for item in faults if item.number is not None}
        if len(wholes) > 1:
            listed = ", ".join(sorted(item.name for item in wholes))
            return _Outcome(
                reason="doubtful", why=f"olika svar på samma fråga: {listed}; inget av dem används", final=True
            )
        if wholes:
            return self._whole(batch, wholes[0], refused)
        batch_faults = [item.why for item in faults if item.number is None]
        rejected = [text for word, text in said if word == "rejected"]
        if batch_faults or (rejected and not any(word == "accepted" for word, _ in said)):
            told = "; ".join(dict.fromkeys(text for text in (*rejected, *batch_faults) if text)) or "utan angivet skäl"
            return _Outcome(refused=refused, reason="source_down", why=f"{ref} avvisades: {told}", final=True)
        return _Outcome(reason="partial" if problems else "awaited", why="; ".join(problems))

    def _read(self, name: str, ref: str, read: Callable[[Layout, File], T], problems: list[str]) -> Iterator[T]:
        """Every file of a name that can be believed; what is wrong with the others is noted."""
        for file in files(self.inbox, name, ref, problems):
            try:
                yield read(self.layout, file)
            except Damaged as error:
                problems.append(str(error))

    def _whole(self, batch: Batch, whole: Answered, refused: Mapping[str, str]) -> _Outcome:
        """A whole answer, unless a value in it is not understood; who has no row in it is told apart."""
        try:
            for rows in whole.rows.values():
                facts(self.layout, whole.name, rows, self.layout.gives, self.session.provenance(b""))
        except Damaged as error:
            return _Outcome(reason="partial", why=str(error))
        numbers = {self.session.pseudonym(number.reveal()): number for number in whole.rows}
        answered = len(numbers.keys() & _keys(batch))
        why = f"{whole.name} har ingen rad om leverantören ({answered} av {len(batch.subjects)} besvarade)"
        return _Outcome(whole, numbers, refused, "partial", why, final=True)

    # --- one supplier ---------------------------------------------------------------------------------------------------
    def _answer(self, batch: Batch, supplier_id: str, outcome: _Outcome) -> Answer:
        """Its facts; else why there are none. The ticket stays open while a better file may come."""
        key, kinds = batch.subjects[supplier_id]
        ticket = batch.ref if outcome.final else None
        whole = outcome.whole
        number = outcome.numbers.get(key)
        refused = (outcome.refused or {}).get(key)
        if whole is not None and (number is not None or (refused is None and self._says_none(batch, whole))):
            raw = self._evidence(batch, whole, number)
            provenance = self.session.provenance(raw, as_of=whole.day, request_ref=_reference(batch, outcome, whole))
            rows = whole.rows[number] if number is not None else ()
            found, missing = facts(self.layout, whole.name, rows, kinds, provenance)
            return Answer(supplier_id=supplier_id, facts=found, missing=missing, raw=raw, ticket=ticket)
        if refused is not None:
            why = f"{batch.ref}: numret avvisades ({refused})"
            self.session.state[_REFUSED + supplier_id] = f"{self.session.now():%Y-%m-%d} {why}"
            return Answer(supplier_id=supplier_id, missing=dict.fromkeys(kinds, ("rejected_input", why)), ticket=ticket)
        return Answer(
            supplier_id=supplier_id, missing=dict.fromkeys(kinds, (outcome.reason, outcome.why)), ticket=ticket
        )

    def _says_none(self, batch: Batch, whole: Answered) -> bool:
        """Whether no row means no debt: only where the layout says so, and everybody asked about has been answered."""
        return self.layout.no_row == "none" and whole.subjects == len(_keys(batch))

    def _evidence(self, batch: Batch, whole: Answered, number: Identity | None) -> bytes:
        """The supplier's own rows, and what file they stood in; a person's number is not kept."""
        rows = whole.rows[number] if number is not None else ()
        document = {
            "file": whole.name,
            "sha256": whole.sha256,
            "layout": self.layout.title,
            "layout_sha256": self.layout.sha256,
            "layout_verified": self.layout.verified,
            "dated": whole.day,
            "asked": len(batch.subjects),
            "number": None if number is None or number.is_person else number.reveal(),
            "rows": [{"means": row.means, **row.said} for row in rows],
        }
        return json.dumps(document, ensure_ascii=False, default=str, sort_keys=True).encode()

    # --- whom not to send -----------------------------------------------------------------------------------------------
    def _refused_lately(self, left: Mapping[str, Request]) -> list[tuple[str, str]]:
        """Who was refused a short while ago: the same number in a new batch would be refused again, and others with it."""
        since = self.session.now().date() - timedelta(days=LATE_DAYS)
        for key, said in list(self.session.state.items()):
            if key.startswith(_REFUSED) and date.fromisoformat(said[:10]) < since:
                del self.session.state[key]
        noted = {
            key.removeprefix(_REFUSED): said[11:]
            for key, said in self.session.state.items()
            if key.startswith(_REFUSED)
        }
        return [(supplier_id, noted[supplier_id]) for supplier_id in left if supplier_id in noted]

    def _beyond_quota(self, left: dict[str, Request], batches: Iterable[Batch]) -> Iterator[Answer]:
        """Those for whom the sender's quota does not suffice; the first in line are sent."""
        quota = self.session.options.get("quota")
        if quota is None:
            return
        days = self.session.options.get("quota_days", 30)
        since = self.session.now().date() - timedelta(days=days)
        used = sum(len(item.subjects) for item in batches if item.submitted_at.date() > since)
        why = f"avsändarens kvot är {quota} nummer på {days} dagar"
        for supplier_id in list(left)[max(0, quota - used) :]:
            request = left.pop(supplier_id)
            yield Answer(supplier_id=supplier_id, missing=dict.fromkeys(request.kinds, ("over_budget", why)))


def _keys(batch: Batch) -> set[str]:
    return {key for key, _ in batch.subjects.values()}


def _reference(batch: Batch, outcome: _Outcome, whole: Answered) -> str:
    """The file, and how many of its numbers nobody asked about."""
    strange = len(outcome.numbers.keys() - _keys(batch))
    return whole.name + (f"; {strange} nummer som inte frågades lästes inte" if strange else "")


def exchange(gives: frozenset[str]) -> Adapter:
    """The adapter of an exchange that gives these kinds of fact."""

    def opened(session: Session) -> _Exchange:
        where = f"{session.connector}.toml"
        if session.inbox is None or session.outbox is None or session.files is None:
            message = f'{where}: inbox and outbox: expected two folders, as inbox = "in/{session.connector}"'
            raise ConfigError(message)
        if not re.fullmatch(r"[A-Za-z0-9]{1,12}", session.options["sender"]):
            message = (
                f"{where}: options.sender: expected at most twelve letters and digits, as given with the agreement"
            )
            raise ConfigError(message)
        layout = load(session.files / session.options["layout"], gives)
        outgoing = Outgoing(session.outbox, layout, session.options["sender"], session.pseudonym)
        return _Exchange(session, layout, session.inbox, outgoing)

    return Adapter(
        gives=gives,
        origin=Origin.AUTHORITY,
        open=opened,
        options={"layout": str, "sender": str, "quota": int, "quota_days": int},
        required_options=("layout", "sender"),
        in_one_batch=True,
    )
