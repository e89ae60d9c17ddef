"""The EU consolidated financial sanctions list (FSF 1.1, XML or CSV) as a file in the connector's ``inbox`` folder.

The newest file counts. Every name of a supplier, ours and the register's, is compared with every name of the list that
shares the beginning of a word with it; what is alike enough becomes a hit for a person to compare. Nothing is asked of
anybody, and a hit says nothing of identity. The answer keeps the list's own entries behind the hits, its date and hash.
A list that is empty, cut short, much shorter than the one before or older than the connector allows is no list at all.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from screening.adapters.eu_sanctions import as_csv, as_xml
from screening.adapters.eu_sanctions.listing import KEEP, MAX_HITS, List, Unreadable, answered
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.errors import ConfigError, SourceUnavailable
from screening.model import Origin, Sanctions, SanctionsHit

__all__ = ["ADAPTER", "KEEP", "MAX_HITS", "List", "Unreadable", "newest", "parse"]

MAX_BYTES = 200_000_000
LEAST_SHARE = 0.7
"""Of the entities of the list used last, unless the connector says how many there are at least: with fewer, a list has been
cut. Our choice; delistings are a few at a time."""
_READERS = {".xml": as_xml.read, ".csv": as_csv.read}
_COUNT = "entities"


@dataclass(frozen=True, slots=True)
class _Screening:
    session: Session
    folder: Path

    async def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """Reads the newest list once and looks every supplier up; no network, no cost.

        Raises:
            SourceUnavailable: there is no list, it cannot be read, is cut or too old: nobody has been looked for.
        """
        del open_tickets
        today = self.session.now().date()
        found = newest(self.folder, today)
        self._check(found, today)
        for request in requests:
            yield self._answer(request, found)

    def _check(self, found: List, today: date) -> None:
        """Refuses a list that would make people look clean because it is short or old."""
        options, count = self.session.options, len(found.entities)
        oldest = today - timedelta(days=options.get("max_age_days", today.toordinal() - 1))
        if found.list_on < oldest:
            message = (
                f"sanktionslistan är från {found.list_on} och äldre än {options['max_age_days']} dagar; hämta en ny"
            )
            raise SourceUnavailable(message)
        before = int(self.session.state.get(_COUNT, "0"))
        least = options.get("least_entities", int(before * LEAST_SHARE))
        if count < least:
            message = (
                f"sanktionslistan från {found.list_on} har {count} poster, väntat minst {least}; den är troligen "
                "avhuggen. Hämta den på nytt"
            )
            raise SourceUnavailable(message)
        self.session.state[_COUNT] = str(count)

    def _answer(self, request: Request, found: List) -> Answer:
        hits = found.hits(request.names or (request.name,), request.identity.country)
        raw = _evidence(found, hits)
        look = Sanctions(
            provenance=self.session.provenance(raw, request_ref=f"list {found.list_on} {found.sha256[:12]}"),
            list_on=found.list_on,
            list_sha256=found.sha256,
            hits=hits,
        )
        return answered(request, look, raw)


def _evidence(found: List, hits: Sequence[SanctionsHit]) -> bytes:
    """What was looked through and what the list says of each hit: the same bytes for everyone without hits."""
    behind = {hit.entity_id for hit in hits}
    entries = (
        [
            {
                "id": entity.id,
                "subject": entity.subject,
                "names": [{"name": alias.name, "strong": alias.strong} for alias in entity.aliases],
                "countries": entity.countries,
                "regulation": entity.regulation,
                "programme": entity.programme,
                "listed_on": entity.listed_on,
            }
            for entity in found.entities
            if entity.id in behind
        ]
        if behind
        else []
    )
    head = {"list_on": found.list_on, "sha256": found.sha256, "entities": len(found.entities), "entries": entries}
    return json.dumps(head, ensure_ascii=False, default=str, sort_keys=True).encode()


# --- the file ---------------------------------------------------------------------------------------------------------
def newest(folder: Path, today: date) -> List:
    """The list with the latest date of its own that is not after ``today``, among the XML and CSV files of the folder.

    Of two files with one date the XML counts: it says which names are strong.

    Raises:
        SourceUnavailable: none there, or none can be read; says which and what was expected.
    """
    lists: list[List] = []
    problems: list[str] = []
    for path in _files(folder):
        try:
            stat = path.stat()
            lists.append(_file(path, stat.st_mtime_ns, stat.st_size))
        except OSError as error:
            problems.append(f"{path.name} kan inte öppnas ({error.strerror})")
        except Unreadable as error:
            problems.append(f"{path.name}: {error}")
    usable = [item for item in lists if item.list_on <= today]
    if usable:
        return max(usable, key=lambda item: item.list_on)
    why = "; ".join(problems) or (
        "listan är daterad efter körningens dag" if lists else "mappen har ingen XML-fil eller CSV-fil"
    )
    message = f"{folder.name}: ingen sanktionslista att läsa, {why}; hämta EU:s konsoliderade lista (XML 1.1 eller CSV 1.1) och kör igen"
    raise SourceUnavailable(message)


def _files(folder: Path) -> Iterable[Path]:
    """XML first, each kind in order of name."""
    found = [path for path in folder.iterdir() if path.suffix.lower() in _READERS] if folder.is_dir() else []
    return sorted(found, key=lambda path: (path.suffix.lower() != ".xml", path.name))


@lru_cache(maxsize=4)
def _file(path: Path, _changed: int, size: int) -> List:
    """One file, read once for each change of it: a run asks in chunks."""
    if size > MAX_BYTES:
        raise Unreadable(f"filen är större än {MAX_BYTES // 1_000_000} MB")
    return parse(path.read_bytes(), path.suffix)


def parse(content: bytes, suffix: str = ".xml") -> List:
    """The list from the bytes of a file.

    Raises:
        Unreadable: not the list, without its date, cut, or without entries.
    """
    found = _READERS[suffix.lower()](content)
    if not found.entities:
        raise Unreadable("listan har inga poster")
    return found


def _open(session: Session) -> _Screening:
    if session.inbox is None:
        message = f'{session.connector}.toml: inbox: missing; expected a folder, as inbox = "in/sanktioner"'
        raise ConfigError(message)
    return _Screening(session, session.inbox)


ADAPTER = Adapter(
    gives=frozenset({"sanctions"}),
    origin=Origin.AUTHORITY,
    open=_open,
    options={"max_age_days": int, "least_entities": int},
    foreign=True,
)
