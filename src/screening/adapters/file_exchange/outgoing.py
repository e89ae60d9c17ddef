"""Batches handed in: written whole, once, with a note of whom they are about that outlives a crash.

The order is what makes it safe: the file is written beside the outbox, then the note, then the file is moved into the outbox.
A note whose file is still beside it was cut off before the move, and is moved now; one whose file is gone was handed in. A file
without a note was never handed in. Notes hold keyed hashes, never numbers.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock

from screening.adapters.file_exchange.layout import Layout, Sent
from screening.adapters.source import Request, Ticket
from screening.errors import ConfigError, SourceUnavailable
from screening.identity import Identity

BESIDE = "skickat"
"""The folder under the outbox that holds the notes; nothing there is to be sent."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch that was handed in.

    Attributes:
        subjects: internal supplier id -> (keyed hash of its number, the kinds of fact wanted).
        ticketed: the store has been seen to know of it.
        given_up: its time passed without an answer; one that comes late is used all the same.
    """

    ref: str
    submitted_at: datetime
    due_on: date
    subjects: Mapping[str, tuple[str, frozenset[str]]]
    ticketed: bool = False
    given_up: bool = False

    @property
    def ticket(self) -> Ticket:
        """As the store keeps it."""
        kinds = frozenset(kind for _, wanted in self.subjects.values() for kind in wanted)
        return Ticket(self.ref, tuple(self.subjects), kinds, self.submitted_at, self.due_on)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The outbox and its notes."""

    outbox: Path
    layout: Layout
    sender: str
    pseudonym: Callable[[str], str]
    wait_s: float = 60.0  # for another run that is handing in or collecting

    @property
    def beside(self) -> Path:
        """Where notes, and files not yet handed in, lie."""
        return self.outbox / BESIDE

    def lock(self) -> BaseFileLock:
        """Held while batches are handed in and collected: two runs at once must not take each other's for lost."""
        self.beside.mkdir(parents=True, exist_ok=True)
        return FileLock(self.beside / ".lock", timeout=self.wait_s)

    def batches(self) -> Iterator[Batch]:
        """Every batch ever handed in, oldest first; what a crash left half done is finished or taken away."""
        for path in sorted(self.beside.glob("*.json")):
            batch = _read(path)
            unsent = self._unsent(batch.ref)
            if unsent.exists():
                unsent.replace(self._name(batch.ref))
            yield batch
        for path in self.beside.glob("*.tmp"):
            path.unlink()

    def submit(self, requests: Sequence[Request], now: datetime, wait_days: int) -> Batch:
        """Hands in a batch."""
        ref = self._ref(now.date())
        subjects = {
            request.supplier_id: (self.pseudonym(request.identity.reveal()), request.kinds) for request in requests
        }
        batch = Batch(ref, now, now.date() + timedelta(days=wait_days), subjects)
        _write(self._unsent(ref), self.content(ref, now.date(), [request.identity for request in requests]))
        self.note(batch)
        self._unsent(ref).replace(self._name(ref))
        return batch

    def note(self, batch: Batch) -> None:
        """Keeps what is known of a batch, whole or as it was."""
        document: dict[str, Any] = {
            "ref": batch.ref,
            "submitted_at": batch.submitted_at.isoformat(),
            "due_on": batch.due_on.isoformat(),
            "ticketed": batch.ticketed,
            "given_up": batch.given_up,
            "subjects": {who: [key, sorted(kinds)] for who, (key, kinds) in batch.subjects.items()},
        }
        path = self.beside / f"{batch.ref}.json"
        temporary = path.with_suffix(".tmp")
        _write(temporary, json.dumps(document, ensure_ascii=False, indent=1).encode())
        temporary.replace(path)

    def content(self, ref: str, day: date, numbers: Sequence[Identity]) -> bytes:
        """The bytes of a batch."""
        lines = (
            self._line(sent, ref, day, number, len(numbers))
            for sent in self.layout.request
            for number in (numbers if sent.each else (None,))
        )
        return "".join(f"{line}\r\n" for line in lines).encode(self.layout.encoding)

    def _line(self, sent: Sent, ref: str, day: date, number: Identity | None, count: int) -> str:
        ten = number.reveal() if number is not None else ""
        values = {
            "sender": self.sender,
            "ref": ref,
            "day": f"{day:%Y%m%d}",
            "number10": ten[-10:],
            "number12": ten if len(ten) == 12 else f"16{ten}",
            "count": str(count),
            "blank": "",
        }
        cells = [(self.layout.type, sent.record, False)]
        cells += [(cell, values[cell.write], cell.write == "count") for cell in sent.fields]
        if self.layout.delimiter:
            row = [""] * max(cell.at for cell, _, _ in cells)
            for cell, text, _ in cells:
                row[cell.at - 1] = text
            return self.layout.delimiter.join(row)
        line = ""
        for cell, text, right in sorted(cells, key=lambda item: item[0].at):
            width = cell.width or 0
            if len(text) > width:
                message = f"{self.layout.title}: {text} does not fit in {width} signs of a record {sent.record}"
                raise ConfigError(message)
            line = line.ljust(cell.at - 1) + (text.rjust(width, "0") if right else text.ljust(width))
        return line

    def _ref(self, day: date) -> str:
        """Our reference: who sends, the day, and which batch of the day."""
        serial = 1
        while True:
            ref = f"{self.sender}-{day:%y%m%d}-{serial:03}"
            if not (self.beside / f"{ref}.json").exists() and not self._name(ref).exists():
                return ref
            serial += 1

    def _unsent(self, ref: str) -> Path:
        return self.beside / f"{ref}.unsent.tmp"

    def _name(self, ref: str) -> Path:
        return self.outbox / self.layout.names.request.format(ref=ref)


def _read(path: Path) -> Batch:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return Batch(
            document["ref"],
            datetime.fromisoformat(document["submitted_at"]),
            date.fromisoformat(document["due_on"]),
            {who: (key, frozenset(kinds)) for who, (key, kinds) in document["subjects"].items()},
            document["ticketed"],
            document["given_up"],
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"{BESIDE}/{path.name} är skadad; lägg tillbaka den ur en säkerhetskopia, eller flytta den och fråga på nytt"
        raise SourceUnavailable(message) from None


def _write(path: Path, content: bytes) -> None:
    """On disk when this returns."""
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
