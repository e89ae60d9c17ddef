"""Bolagsverket's and SCB's weekly files of every organisation, as zips in the connector's ``inbox`` folder: a free baseline.

Nothing is sent anywhere, and nobody learns whom we look at. The layouts are not verified: the connector says how columns
are headed, and a header that is not there makes the file unreadable. A file is read once for each change of it, row by row
into an index on disk; only when it has been read to its end is a number that is not there *not found*.
"""

from __future__ import annotations

import asyncio
import codecs
import json
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from screening.adapters.bolagsverket import Code, name_kind
from screening.adapters.bulk_file import Bulk, Damaged, Layout, read_file
from screening.adapters.fanout import UNLIKE
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import clean, day
from screening.errors import ConfigError, SourceUnavailable, SupplierFailed
from screening.model import (
    Address,
    CompanyName,
    CompanyRecord,
    Fact,
    Industry,
    Origin,
    Proceeding,
    Provenance,
    TaxRegistration,
)

Gap = tuple[str, str]
Which = Literal["bolagsverket", "scb"]
FILES: Final[Mapping[Which, str]] = {"bolagsverket": "bolagsverket_bulkfil", "scb": "scb_bulkfil"}
"""How the names of the files begin."""
FIELDS: Final[Mapping[Which, frozenset[str]]] = {
    "bolagsverket": frozenset({
        "number", "names", "form", "registered_on", "deregistered_on", "deregistration_reason", "proceedings",
        "care_of", "street", "postcode", "city",
    }),
    "scb": frozenset({
        "number", "sni", "status", "care_of", "street", "postcode", "city", "f_tax", "vat", "employer",
    }),
}  # fmt: skip
NEEDED: Final[Mapping[Which, frozenset[str]]] = {
    "bolagsverket": frozenset({"number", "names", "form", "deregistered_on", "proceedings"}),
    "scb": frozenset({"number"}),
}
"""Without the day of deregistration or the proceedings a company would look alive that is not."""
STATES: Final[Mapping[str, Literal["never", "active", "ended"]]] = {"0": "never", "1": "active", "9": "ended"}
LEAST_SHARE: Final = 0.9
"""Of the rows of the file used last: with fewer, a file has been cut. Our choice; the register grows week by week."""
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Found:
    """One file's row about a supplier, with what a fact from it is dated by."""

    row: Row
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class _BulkFiles:
    session: Session
    folder: Path
    layouts: Mapping[Which, Layout]

    async def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """One answer per request; the files are read once for all.

        Raises:
            SourceUnavailable: no file is there that can be read.
        """
        del open_tickets
        files: dict[Which, Bulk | Gap] = {which: await self._file(which) for which in self.layouts}
        unread = [file[1] for file in files.values() if isinstance(file, tuple) and file[0] != "too_old"]
        if len(unread) == len(files):
            raise SourceUnavailable(f"{self.session.connector}: {'; '.join(unread)}; hämta filerna på nytt")
        for request in requests:
            yield self._answer(request, files)

    async def _file(self, which: Which) -> Bulk | Gap:
        """The newest file of a kind, or why it is of no use."""
        paths = [path for path in self.folder.glob("*.zip") if path.name.lower().startswith(FILES[which])]
        if not paths:
            return "no_source", f"{FILES[which]}.zip ligger inte i mappen {self.folder.name}"
        try:
            path = max(paths, key=lambda path: (path.stat().st_mtime_ns, path.name))
            stat = path.stat()
            found = await asyncio.to_thread(read_file, path, self.layouts[which], stat.st_mtime_ns, stat.st_size)
        except (Damaged, OSError) as error:
            return "source_down", str(error)
        return self._usable(which, found)

    def _usable(self, which: Which, found: Bulk) -> Bulk | Gap:
        """Neither from tomorrow, nor too old, nor cut between two rows."""
        today, limit = self.session.now().date(), int(self.session.options.get("max_age_days", 14))
        if found.file_on > today:
            return "source_down", f"{found.name} är daterad {found.file_on}, som inte har varit"
        if found.file_on < today - timedelta(days=limit):
            return "too_old", f"{found.name} är från {found.file_on}, äldre än {limit} dagar; hämta en ny"
        before = int(self.session.state.get(f"rows:{which}", "0"))
        least = max(int(self.session.options.get(f"least_rows_{which}", 1)), int(before * LEAST_SHARE))
        if found.rows < least:
            return "source_down", f"{found.name} har {found.rows} rader, väntat minst {least}; den är troligen avhuggen"
        self.session.state[f"rows:{which}"] = str(found.rows)
        return found

    def _answer(self, request: Request, files: Mapping[Which, Bulk | Gap]) -> Answer:
        if request.identity.is_person:
            why = ("no_source", "enskilda näringsidkare finns inte i filerna")
            return Answer(supplier_id=request.supplier_id, missing=dict.fromkeys(sorted(request.kinds), why))
        number = request.identity.reveal()
        rows = {which: _row(file, number) for which, file in files.items()}
        raw = _evidence(files, rows)
        had: dict[Which, _Found | Gap] = {}
        for which, row in rows.items():
            file = files[which]
            if isinstance(row, tuple) or isinstance(file, tuple):
                had[which] = row if isinstance(row, tuple) else ("source_down", "")
            else:
                reference = f"{file.name} {file.sha256[:12]}"
                had[which] = _Found(row, self.session.provenance(raw, as_of=file.file_on, request_ref=reference))
        facts: list[Fact] = []
        missing: dict[str, Gap] = {}
        for kind in sorted(request.kinds):
            made = _made(kind, had)
            if isinstance(made, Fact):
                facts.append(made)
            else:
                missing[kind] = made
        return Answer(supplier_id=request.supplier_id, facts=tuple(facts), missing=missing, raw=raw if facts else b"")


def _row(file: Bulk | Gap, number: str) -> Row | Gap:
    """The one row about a number."""
    if isinstance(file, tuple):
        return file
    rows = file.about(number)
    if not rows:
        return "not_found", f"numret finns inte i {file.name} från {file.file_on}"
    if len(rows) > 1 or rows[0] is None:
        return "doubtful", f"{file.name} har {len(rows)} rader om numret, eller en som inte går att läsa"
    return rows[0]


def _evidence(files: Mapping[Which, Bulk | Gap], rows: Mapping[Which, Row | Gap]) -> bytes:
    """The rows as they stand, with the name, day and hash of the file that each is from."""
    kept = {
        which: {"file": file.name, "file_on": file.file_on.isoformat(), "sha256": file.sha256, "row": row}
        for which, file in files.items()
        if isinstance(file, Bulk) and not isinstance(row := rows[which], tuple)
    }
    return json.dumps(kept, ensure_ascii=False, sort_keys=True).encode()


def _made(kind: str, had: Mapping[Which, _Found | Gap]) -> Fact | Gap:
    """The fact from the first file that has it; else the reason of the first."""
    reasons: list[Gap] = []
    for which in READS[kind]:
        found = had.get(which, ("no_source", f"kolumnerna i {FILES[which]} är inte inlagda i kopplingen"))
        if isinstance(found, tuple):
            reasons.append(found)
            continue
        try:
            other = had.get("scb")
            return READERS[kind](found, other if isinstance(other, _Found) else None)
        except SupplierFailed as error:
            reasons.append((error.reason, error.detail))
        except UNLIKE:
            reasons.append(("partial", f"raden i {FILES[which]} ser inte ut som väntat"))
    return reasons[0]


# --- one row ----------------------------------------------------------------------------------------------------------
def _items(cell: str) -> list[list[str]]:
    """``a$b|c`` is ``[[a, b], [c]]``: how the register packs lists and parts into a cell, by what has been seen."""
    return [[part.strip() for part in item.split("$")] for item in cell.split("|") if item.strip()]


def _code(text: str) -> str:
    """``AB-ORGFO`` is ``AB``: the code without the name of its list."""
    return text.partition("-")[0].strip()


def _first(row: Row, field: str) -> str | None:
    items = _items(row.get(field, ""))
    return clean(items[0][0]) if items else None


def _record(found: _Found, scb: _Found | None) -> Fact:
    row = found.row
    names = tuple(
        CompanyName(
            item[0],
            kind=name_kind(Code(kod=_code(item[1])) if len(item) > 1 and item[1] else None),
            from_on=day(item[2]) if len(item) > 2 else None,
        )
        for item in _items(row["names"])
        if item[0]
    )
    form = _first(row, "form")
    if not names or form is None:
        raise SupplierFailed("partial", "raden saknar namn eller organisationsform")
    ended = day(_first(row, "deregistered_on"))
    reason = _first(row, "deregistration_reason")
    return CompanyRecord(
        provenance=found.provenance,
        state="registered" if ended is None else "deregistered",
        legal_form=_code(form),
        names=tuple(sorted(names, key=lambda name: name.kind != "name")),
        registered_on=day(_first(row, "registered_on")),
        deregistered_on=ended,
        deregistration_reason=_code(reason) if ended and reason else None,
        proceedings=tuple(
            Proceeding(_code(item[0]) or "?", text=item[0], from_on=_dated(item)) for item in _items(row["proceedings"])
        ),
        has_any_tax_registration={"1": True, "0": False, "9": False}.get(scb.row.get("status", "")) if scb else None,
    )


def _dated(item: Sequence[str]) -> date | None:
    """The first part after the code that is a date."""
    return next((day(part) for part in item[1:] if re.fullmatch(r"\d{4}-\d{2}-\d{2}", part)), None)


def _address(found: _Found, _scb: _Found | None) -> Fact:
    care_of, street, postcode, city = (clean(found.row.get(name)) for name in ("care_of", "street", "postcode", "city"))
    if not (street or postcode or city):
        raise SupplierFailed("not_found", "ingen adress i filen")
    return Address(provenance=found.provenance, care_of=care_of, street=street, postcode=postcode, city=city)


def _industry(found: _Found, _scb: _Found | None) -> Fact:
    """SCB has the codes; the register the words, which are no code."""
    codes = tuple(dict.fromkeys((code, "") for code in found.row.get("sni", "").split() if code.strip("0")))
    if not codes:
        raise SupplierFailed("not_found", "ingen näringsgren i filen")
    return Industry(provenance=found.provenance, codes=codes)


def _tax(found: _Found, _scb: _Found | None) -> Fact:
    said = {name: found.row.get(name, "").strip() for name in ("f_tax", "vat", "employer")}
    if not any(said.values()):
        raise SupplierFailed("no_source", "F-skatt, moms och arbetsgivare finns inte i filen")
    if unknown := sorted(name for name, code in said.items() if code and code not in STATES):
        raise SupplierFailed("doubtful", f"okänd kod för {', '.join(unknown)}")
    f_tax, vat, employer = (STATES.get(said[name]) for name in ("f_tax", "vat", "employer"))
    return TaxRegistration(provenance=found.provenance, f_tax=f_tax, vat=vat, employer=employer)


READERS: Final[Mapping[str, Callable[[_Found, _Found | None], Fact]]] = {
    "address": _address,
    "company_record": _record,
    "industry": _industry,
    "tax_registration": _tax,
}
READS: Final[Mapping[str, tuple[Which, ...]]] = {
    "address": ("bolagsverket", "scb"),
    "company_record": ("bolagsverket",),
    "industry": ("scb",),
    "tax_registration": ("scb",),
}
"""Kind of fact -> the files that it is read from, in order."""


# --- the connector ----------------------------------------------------------------------------------------------------
def _layout(session: Session, which: Which, columns: Mapping[str, Any]) -> Layout:
    """The columns as the connector names them.

    Raises:
        ConfigError: a field that no fact has, or one that must be there and is not.
    """
    where = f"{session.connector}.toml: options.{which}"
    if unknown := sorted(columns.keys() - FIELDS[which]):
        raise ConfigError(f"{where}.{unknown[0]}: no such field; expected one of {', '.join(sorted(FIELDS[which]))}")
    if missing := sorted(name for name in NEEDED[which] if not columns.get(name)):
        raise ConfigError(f"{where}.{missing[0]}: missing; expected the header of its column")
    options = session.options
    separator, encoding = str(options.get("separator", ";")), str(options.get("encoding", "utf-8-sig"))
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise ConfigError(
            f"{session.connector}.toml: options.encoding: {encoding!r}; expected one such as utf-8"
        ) from None
    if len(separator) != 1:
        raise ConfigError(f"{session.connector}.toml: options.separator: {separator!r}; expected one character")
    written = tuple((name, str(header)) for name, header in sorted(columns.items()))
    return Layout(written, separator, encoding, quoted=bool(options.get("quoted", True)))


def _open(session: Session) -> _BulkFiles:
    if session.inbox is None:
        message = f'{session.connector}.toml: inbox: missing; expected a folder, as inbox = "in/bulk"'
        raise ConfigError(message)
    layouts: dict[Which, Layout] = {
        which: _layout(session, which, columns) for which in FILES if (columns := session.options.get(which))
    }
    return _BulkFiles(session, session.inbox, layouts)


ADAPTER = Adapter(
    gives=frozenset(READERS),
    origin=Origin.AUTHORITY,
    open=_open,
    options={
        "separator": str,
        "quoted": bool,
        "encoding": str,
        "max_age_days": int,
        "least_rows_bolagsverket": int,
        "least_rows_scb": int,
        "bolagsverket": dict,
        "scb": dict,
    },
    required_options=("bolagsverket",),
)
