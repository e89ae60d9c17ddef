"""The append-only log as its reader meets it: does the chain of hashes hold, and what does each line say."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Protocol


class Entry(Protocol):
    """One line, as the store keeps it: ``detail`` is JSON, ``at`` ISO text, and ``sha256`` covers both and the rest."""

    @property
    def id(self) -> int:
        """Its number in the log."""
        ...

    @property
    def at(self) -> str:
        """When, as ISO text."""
        ...

    @property
    def who(self) -> str:
        """Who did it."""
        ...

    @property
    def action(self) -> str:
        """What was done."""
        ...

    @property
    def detail(self) -> str:
        """With what, as JSON."""
        ...

    @property
    def previous_sha256(self) -> str:
        """The hash of the line before; empty for the first."""
        ...

    @property
    def sha256(self) -> str:
        """The hash of this line."""
        ...


def broken_at(entries: Iterable[Entry]) -> int | None:
    """The id of the first line that was changed, or before which one was removed; ``None`` when the chain holds.

    Lines cut from the end leave no trace in the log itself: see ``is_cut``.
    """
    previous = ""
    for entry in entries:
        if entry.previous_sha256 != previous or not holds(entry):
            return entry.id
        previous = entry.sha256
    return None


def is_cut(entries: Sequence[Entry], tail: str | None) -> bool:
    """Whether lines are missing from the end: the last one is not the one that was noted beside the log.

    Whoever can write in the file can change the note too: a hash kept elsewhere (a bundle of evidence has some) says more.
    """
    return tail is not None and (not entries or entries[-1].sha256 != tail)


def holds(entry: Entry) -> bool:
    """Whether a line says what its hash was made of."""
    parts = [entry.previous_sha256, entry.at, entry.who, entry.action, entry.detail]
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return entry.sha256 == sha256(text.encode()).hexdigest()


def line(entry: Entry) -> str:
    """One line for reading: when, who, what, and the details in the order given."""
    detail = json.loads(entry.detail)
    told = "; ".join(f"{name}: {_plain(value)}" for name, value in detail.items())
    return f"{entry.at[:19].replace('T', ' ')}  {entry.who}  {entry.action}  {told}".rstrip()


def _plain(value: object) -> str:
    if isinstance(value, dict) and len(value) == 1:
        ((name, inner),) = value.items()
        if name.startswith("$"):  # a date or an exact number, as the store writes them
            return str(inner)
    if isinstance(value, list):
        return ", ".join(map(_plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    return str(value)
