"""What a rule's file says beside its limits: where a figure comes from, and how sure it is."""

from __future__ import annotations

import re
from datetime import date

_LINE = re.compile(r"""^(\w+)\s*=\s*((?:"[^"]*"|'[^']*'|[^#"'])*?)\s*(?:#\s*(.*))?$""")


def notes_of(text: str) -> dict[tuple[date, str], str]:
    """(valid from, limit) -> what its file says beside it: where the figure comes from, and how sure it is."""
    found: dict[tuple[date, str], str] = {}
    start: date | None = None
    inside = False
    for line in text.splitlines():
        if line.startswith("["):
            inside, start = line.strip() == "[[params]]", None
        elif inside and (match := _LINE.match(line)) is not None:
            name, value, note = match.groups()
            if name == "from":
                start = date.fromisoformat(value.strip())
            elif start is not None and note:
                found[start, name] = note.replace("|", "/")
    return found
