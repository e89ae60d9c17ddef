"""An extract of the register of beneficial owners, fetched by hand in Bolagsverket's e-service and laid in the inbox.

For a buyer that may not use the API (``verkliga_huvudman``). CSV or a workbook with a row per owner, or JSON in the shape of the
API. A file counts for the numbers that stand *in* it, must say for which day it holds, and of several the newest wins. What is
missing, misspelt or about a day to come is told; what a file does not say of a supplier is not known. Layout and wording of the
e-service's own extract are not published: columns are found by the names below and those of the connector.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from screening.adapters import cells
from screening.adapters.bolagsverket import Code, PersonName
from screening.adapters.bolagsverket import Identity as Number
from screening.adapters.persons import redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.table import Row as Line
from screening.adapters.table import Sheet, open_table
from screening.adapters.table_texts import Refused
from screening.adapters.verkliga_huvudman import Extent, Organisation, Register, Row, read
from screening.adapters.wire import day as wire_day
from screening.adapters.wire import shaped
from screening.errors import ConfigError, SupplierFailed
from screening.identity import Identity, mask_text
from screening.identity import read as read_number
from screening.model import Origin

MAX_BYTES = 20_000_000
MAX_ROWS = 50_000
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "number": ("organisationsnummer", "orgnr", "org nr", "organisationsnr", "identitetsbeteckning"),
    "extract_on": ("utdragsdatum", "uttagsdatum", "utskriftsdatum", "datum för utdrag", "hämtad", "uppgift per"),
    "status": ("status", "registreringsstatus", "status för verklig huvudman", "status för verkliga huvudmän"),
    "reason": ("orsak", "skäl", "anledning"),
    "registered_on": ("anmäld", "anmälningsdatum", "senast anmäld", "registreringsdatum"),
    "owner": ("verklig huvudman", "huvudman", "namn", "namn på verklig huvudman"),
    "first_name": ("förnamn", "tilltalsnamn"),
    "last_name": ("efternamn",),
    "owner_number": ("personnummer", "person- eller samordningsnummer", "huvudmannens personnummer"),
    "born": ("födelsedatum", "född", "födelsetid"),
    "country": ("bosättningsland", "hemvist", "land", "medborgarskap"),
    "share": ("omfattning", "omfattning av kontroll", "andel", "ägarandel", "kontroll"),
    "since_on": ("kontroll från", "sedan", "fr o m"),
    "anonymous": ("skyddade personuppgifter", "anonym", "skyddad"),
}
"""What a file may call each thing, whatever the case, spaces and signs; the connector's ``columns`` add to it."""
_OWNER = ("owner", "first_name", "last_name", "owner_number", "born")
_SEEN = ("owner", "last_name", "owner_number", "status")  # one of them makes a line with a number a header
_ABOVE = 60  # lines among which the header is looked for


class Unreadable(Exception):  # noqa: N818 - what a file is
    """A file that cannot be used. The text is a Swedish sentence without personal numbers."""


@dataclass(frozen=True, slots=True)
class Extract:
    """What one file says of one organisation."""

    file: str
    number: Identity
    day: date
    register: Register
    raw: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """One file of the folder: its extracts, or why it cannot be used."""

    name: str
    extracts: tuple[Extract, ...] = ()
    problem: str = ""


# --- the source -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Extracts:
    session: Session
    folder: Path
    headers: Mapping[str, str] = field(default_factory=dict)  # header -> field

    async def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """Reads the folder once and answers for each supplier; no network, no cost."""
        del open_tickets
        files = list(self._files())
        about: dict[Identity, list[Extract]] = {}
        for extract in (item for found in files for item in found.extracts):
            about.setdefault(extract.number, []).append(extract)
        problems = [f"{found.name}: {found.problem}" for found in files if found.problem]
        for request in requests:
            yield self._answer(request, about.get(request.identity, []), problems)

    def _answer(self, request: Request, extracts: Sequence[Extract], problems: Sequence[str]) -> Answer:
        """The newest extract that has been; else why there is none."""
        today = self.session.now().date()
        usable = [item for item in extracts if item.day <= today]
        if usable:
            return self._fact(request, max(usable, key=lambda item: (item.day, item.file)))
        if extracts:
            why = f"{extracts[0].file}: utdraget är daterat {extracts[0].day}, som inte har varit"
            return _nothing(request, "rejected_input", why)
        why = "inget utdrag om verkliga huvudmän har lagts in"
        if problems:
            why += f"; {len(problems)} filer kan inte läsas: {'; '.join(problems[:3])}"
        return _nothing(request, "not_found", why)

    def _fact(self, request: Request, extract: Extract) -> Answer:
        raw = redact(extract.raw, self.session.pseudonym)
        provenance = self.session.provenance(raw, as_of=extract.day, request_ref=extract.file)
        try:
            fact = read(extract.register, request.supplier_id, provenance, self.session.pseudonym)
        except SupplierFailed as error:
            return _nothing(request, error.reason, f"{extract.file}: {error.detail}")
        return Answer(supplier_id=request.supplier_id, facts=(fact,), raw=raw)

    def _files(self) -> Iterator[Found]:
        """Every file of the folder and below it, in order of name; a folder that is not there is empty."""
        headers = tuple(sorted(self.headers.items()))
        for path in sorted(path for path in self.folder.rglob("*") if not path.name.startswith((".", "~$"))):
            if path.is_file():
                stat = path.stat()
                yield _file(path, stat.st_mtime_ns, stat.st_size, headers)


def _nothing(request: Request, reason: str, why: str) -> Answer:
    return Answer(supplier_id=request.supplier_id, missing=dict.fromkeys(request.kinds, (reason, why)))


@lru_cache(maxsize=4096)
def _file(path: Path, _changed: int, size: int, headers: tuple[tuple[str, str], ...]) -> Found:
    """One file, read once for each change of it: a run asks in chunks."""
    name = mask_text(path.name)
    if size > MAX_BYTES:
        return Found(name, problem=f"filen är större än {MAX_BYTES // 1_000_000} MB")
    try:
        if path.suffix.lower() == ".json":
            extracts = list(_of_json(name, path.read_bytes()))
        else:
            extracts = list(_of_table(name, path, dict(headers)))
    except (Unreadable, Refused) as error:
        return Found(name, problem=str(error))
    except OSError:
        return Found(name, problem="filen kan inte öppnas")
    return Found(name, tuple(extracts))


# --- JSON: the shape of the API, with the day of the extract -------------------------------------------------------------
def _of_json(name: str, content: bytes) -> Iterator[Extract]:
    try:
        document: Any = json.loads(content)
    except (ValueError, RecursionError):
        raise Unreadable("filen är skadad: inte JSON") from None
    outer = document if isinstance(document, dict) else {}
    listed = outer.get("organisationer", document)
    for element in listed if isinstance(listed, list) else [listed]:
        try:
            register = shaped(Register, element)
            on = wire_day(element.get("utdragsdatum") or outer.get("utdragsdatum"))
        except SupplierFailed as error:
            raise Unreadable(error.detail) from None
        except ValueError:
            raise Unreadable("utdragets datum kan inte läsas") from None
        organisation = register.organisation or Organisation()
        number = organisation.identitetsbeteckning or (organisation.identitet or Number()).identitetsbeteckning
        raw = json.dumps(element, ensure_ascii=False, sort_keys=True).encode()
        yield Extract(name, _number(number, "filen"), _day(on), register, raw)


# --- tables: a row per owner --------------------------------------------------------------------------------------------
def _of_table(name: str, path: Path, headers: Mapping[str, str]) -> Iterator[Extract]:
    table = open_table(path)
    try:
        for sheet in table.sheets:
            said, header, columns = _head(sheet, headers)
            if columns:
                return iter(_organisations(name, sheet, said, header, columns))
    finally:
        table.close()
    raise Unreadable("ingen rad har rubriker för organisationsnummer och verklig huvudman eller status")


def _head(sheet: Sheet, headers: Mapping[str, str]) -> tuple[dict[str, str], int, dict[int, str]]:
    """What the lines above the table say, the number of the header's line, and field by place."""
    said: dict[str, str] = {}
    for line in sheet.head()[:_ABOVE]:
        columns: dict[int, str] = {}
        for place, cell in enumerate(line.cells):
            name = headers.get(cells.header_key(cell))
            if name is not None and name not in columns.values():
                columns[place] = name
        if len(columns) > 1 and set(columns.values()) & set(_SEEN) and "number" in (*columns.values(), *said):
            return said, line.number, columns
        filled = [cell for cell in line.cells if cells.clean(cell)]
        if len(filled) > 1 and (label := headers.get(cells.header_key(filled[0]))):
            said.setdefault(label, cells.clean(filled[1]))
    return said, 0, {}


def _organisations(
    name: str, sheet: Sheet, above: Mapping[str, str], header: int, columns: Mapping[int, str]
) -> list[Extract]:
    """One extract per number; what stands above the table holds for every row that does not say otherwise."""
    rows: dict[Identity, list[dict[str, str]]] = {}
    for count, line in enumerate(sheet.rows(header)):
        if count >= MAX_ROWS:
            raise Unreadable(f"filen har fler än {MAX_ROWS} rader")
        if any(cells.clean(cell) for cell in line.cells):
            said = {**above, **_said(line, columns)}
            rows.setdefault(_number(said.get("number"), f"rad {line.number}"), []).append(said)
    if not rows:
        raise Unreadable("filen har inga rader")
    return [_extract(name, number, every) for number, every in rows.items()]


def _said(line: Line, columns: Mapping[int, str]) -> dict[str, str]:
    texts = {field: cells.clean(line.cells[place]) for place, field in columns.items() if place < len(line.cells)}
    return {field: text for field, text in texts.items() if text}


def _extract(name: str, number: Identity, rows: Sequence[Mapping[str, str]]) -> Extract:
    """The rows of one organisation in the API's shape.

    Raises:
        Unreadable: a date that cannot be read, no day or several, or a status that differs between rows.
    """
    try:
        days = {cells.day(row.get("extract_on")) for row in rows}
        filed = [on for row in rows if (on := cells.day(row.get("registered_on")))]
        owners = tuple(_owner(row) for row in rows if _names_an_owner(row))
    except ValueError:
        raise Unreadable("ett datum eller ett ja eller nej i filen kan inte läsas") from None
    words = {key: list(dict.fromkeys(row[key] for row in rows if key in row)) for key in ("status", "reason")}
    if len(days) != 1 or len(words["status"]) > 1:
        raise Unreadable("raderna om en och samma organisation säger olika om dag eller status")
    register = Register(
        organisation=Organisation(
            status=Code(klartext=next(iter(words["status"]), None)),
            orsak=next(iter(words["reason"]), None),
            registreringsdatum=max(filed, default=None),
        ),
        owners=owners,
    )
    raw = json.dumps({"file": name, "rows": [dict(row) for row in rows]}, ensure_ascii=False, sort_keys=True).encode()
    return Extract(name, number, _day(days.pop()), register, raw)


def _names_an_owner(row: Mapping[str, str]) -> bool:
    return any(key in row for key in _OWNER) or cells.yes_no(row.get("anonymous")) is True


def _owner(row: Mapping[str, str]) -> Row:
    number, country = row.get("owner_number"), row.get("country", "")
    name = PersonName(fornamn=row.get("owner") or row.get("first_name"), efternamn=row.get("last_name"))
    return Row(
        ar_anonym=cells.yes_no(row.get("anonymous")) is True,
        personnamn=name,
        identitet=Number(identitetsbeteckning=number) if number else None,
        fodelsedatum=row.get("born"),
        bosattningsland=Code(kod="SE" if country.casefold() == "sverige" else country),
        omfattning_av_kontroll=Extent(klartext=row.get("share")),
        registreringsdatum=cells.day(row.get("since_on")),
    )


def _number(value: object, where: str) -> Identity:
    identity = read_number(value).identity if value not in (None, "") else None
    if identity is None or identity.is_person:
        raise Unreadable(f"{where} har inget giltigt organisationsnummer; filen används inte")
    return identity


def _day(on: date | None) -> date:
    if on is None:
        raise Unreadable("filen säger inte för vilken dag utdraget gäller")
    return on


def _open(session: Session) -> _Extracts:
    where = f"{session.connector}.toml"
    if session.inbox is None:
        message = f'{where}: inbox: missing; expected a folder, as inbox = "in/verkliga-huvudman"'
        raise ConfigError(message)
    headers = {cells.header_key(label): field for field, labels in COLUMNS.items() for label in labels}
    for name, labels in session.options.get("columns", {}).items():
        if name not in COLUMNS or not isinstance(labels, list):
            message = f"{where}: options.columns.{name}: expected a list of headers for one of {', '.join(COLUMNS)}"
            raise ConfigError(message)
        headers |= {cells.header_key(label): name for label in labels}
    return _Extracts(session, session.inbox, headers)


ADAPTER = Adapter(
    gives=frozenset({"beneficial_owners"}),
    origin=Origin.AUTHORITY,
    open=_open,
    options={"columns": dict},
)
