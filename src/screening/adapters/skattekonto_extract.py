"""A skattekonto extract that the supplier itself has handed in: JSON, CSV or Excel in the connector's ``inbox`` folder.

A file counts for the supplier whose number stands *in* it. One that is named after another number, or holds none, is never
used. It must say for which day it holds, and that day may not lie ahead. Of several files the newest extract wins. Of what a
file says in words only a month's employer contributions are read. PDF cannot be read; such a file is named in the answer.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from screening.adapters import cells
from screening.adapters.persons import redact
from screening.adapters.skattekonto import KINDS, Statement, contributions, facts, rows_of
from screening.adapters.skattekonto_v2 import WINDOW, Balance, Transactions, at_enforcement
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import day as wire_day
from screening.adapters.wire import shaped
from screening.errors import ConfigError, SupplierFailed
from screening.identity import Identity, mask_text, read
from screening.model import Origin

MAX_BYTES = 5_000_000
MAX_EXPANDED = 50_000_000
MAX_ROWS = 20_000
MAX_COLUMNS = 50
_EXCEL = frozenset({".xlsx", ".xls", ".ods", ".xlsm"})
_TEXT = frozenset({".csv", ".txt", ".tsv"})
_NUMBER_IN_NAME = re.compile(r"(?<!\d)(?:\d{2})?\d{6}[-+]?\d{4}(?!\d)")

LABELS: Mapping[str, tuple[str, ...]] = {
    "number": (
        "organisationsnummer", "orgnr", "org.nr", "org nr", "organisationsnr", "person-/organisationsnummer",
        "person- eller organisationsnummer", "personnummer", "identitet", "identitetsbeteckning",
    ),
    "balance": (
        "saldo", "utgående saldo", "aktuellt saldo", "saldo skattekonto", "saldo på skattekontot", "saldo skatteverket",
        "saldo hos skatteverket", "saldoskatteverket",
    ),
    "enforcement_balance": ("saldo kronofogden", "saldo hos kronofogden", "saldokronofogden"),
    "enforcement_debt": (
        "skuld hos kronofogden", "restfört", "restfört belopp", "restförda skulder", "överlämnat till kronofogden",
        "varav hos kronofogden",
    ),
    "due": ("förfallet", "förfallet belopp", "förfallet underskott", "varav förfallet"),
    "extract_on": (
        "utdragsdatum", "utskriftsdatum", "utskriven", "uttagsdatum", "datum för utdrag", "datum för utdraget",
        "senast uppdaterad", "senastuppdaterad", "saldo per", "skapad", "uttaget", "per",
    ),
    "period": ("period", "avser period", "avser perioden", "tidsperiod"),
    "from": ("fr.o.m", "från", "från och med", "datum från", "from"),
    "to": ("t.o.m", "till", "till och med", "datum till", "tom"),
    "next": ("nästa avstämning", "nästa avstämningsdatum", "nastaavstamningsdatum"),
    "signed": ("undertecknad", "undertecknat", "signerad", "signerat", "underskriven", "digitalt undertecknad"),
}  # fmt: skip
"""What a file may call each thing, in lower case without colon."""
_FIELD = {label: field for field, labels in LABELS.items() for label in labels}
_DATED_LABEL = re.compile(r"(?i)(ingående|utgående) saldo(?: per)? (\d{4}-\d{2}-\d{2})")
_DATE_HEADERS = frozenset({"datum", "bokföringsdatum", "transaktionsdatum", "bokförd", "bokfört"})
_TEXT_HEADERS = frozenset({"text", "transaktion", "transaktionstext", "specifikation", "händelse"})
_AMOUNT_HEADERS = frozenset({"belopp", "belopp skatteverket", "beloppskatteverket", "summa"})


class Unreadable(Exception):  # noqa: N818 - what a file is
    """A file that cannot be used. The text is a Swedish sentence without personal numbers."""


@dataclass(frozen=True, slots=True)
class Extract:
    """One readable file."""

    identity: Identity
    statement: Statement
    sha256: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """One file of the folder: what it holds, or why it cannot be used, and the number that its name says."""

    name: str
    named: Identity | None
    extract: Extract | None = None
    problem: str = ""


# --- the source -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Extracts:
    session: Session
    folder: Path

    async def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """Reads the folder once and answers for each supplier; no network, no cost."""
        del open_tickets
        files = list(_files(self.folder))
        by_number: dict[str, list[Found]] = {}
        for found in files:
            for identity in {found.named, found.extract.identity if found.extract else None} - {None}:
                assert identity is not None
                by_number.setdefault(identity.reveal(), []).append(found)
        stray = [found for found in files if found.named is None and found.extract is None]
        for request in requests:
            yield self._answer(request, by_number.get(request.identity.reveal(), []), stray)

    def _answer(self, request: Request, files: Sequence[Found], stray: Sequence[Found]) -> Answer:
        """The newest usable extract; else why there is none."""
        today = self.session.now().date()
        usable: list[tuple[date, str, Extract]] = []
        problems: list[str] = []
        for found in files:
            try:
                usable.append((*_usable(found, request.identity, today),))
            except Unreadable as error:
                problems.append(str(error))
        if usable:
            _, name, extract = max(usable, key=lambda item: item[:2])
            return self._fact(request, name, extract)
        if problems:
            reason, detail = "rejected_input", "; ".join(problems[:3])
        else:
            reason, detail = "not_found", "inget kontoutdrag har lämnats in"
            if stray:
                names = ", ".join(found.name for found in stray[:5])
                detail += f"; {len(stray)} filer kan inte läsas eller knytas till någon leverantör: {names}"
        return Answer(supplier_id=request.supplier_id, missing=dict.fromkeys(request.kinds, (reason, detail)))

    def _fact(self, request: Request, name: str, extract: Extract) -> Answer:
        raw = extract.raw
        if request.identity.is_person:
            raw = redact(raw, self.session.pseudonym, also=[request.identity.reveal()])
        provenance = self.session.provenance(raw, as_of=extract.statement.as_of, request_ref=name)
        found, missing = facts(extract.statement, provenance, request.kinds)
        return Answer(supplier_id=request.supplier_id, facts=found, missing=missing, raw=raw)


def _usable(found: Found, identity: Identity, today: date) -> tuple[date, str, Extract]:
    """(day, name, extract) of a file that may be used for ``identity``.

    Raises:
        Unreadable: it is damaged, about someone else, or dated ahead.
    """
    extract = found.extract
    if extract is None:
        raise Unreadable(f"{found.name}: {found.problem}")
    if extract.identity != identity or (found.named is not None and found.named != identity):
        raise Unreadable(f"{found.name}: numret i filen och i filnamnet är inte samma; filen används inte")
    if extract.statement.as_of > today:
        raise Unreadable(f"{found.name}: utdraget är daterat {extract.statement.as_of}, som inte har varit")
    return extract.statement.as_of, found.name, extract


def _files(folder: Path) -> Iterator[Found]:
    """Every file of the folder and below it, in order of name; a folder that is not there is empty."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$"))):
        stat = path.stat()
        yield _file(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4096)
def _file(path: Path, _changed: int, size: int) -> Found:
    """One file, read once for each change of it: a run asks in chunks."""
    name, named = mask_text(path.name), _number_in_name(path.stem)
    if size > MAX_BYTES:
        return Found(name, named, problem=f"filen är större än {MAX_BYTES // 1_000_000} MB")
    try:
        return Found(name, named, extract=parse(path.read_bytes(), path.suffix.lower()))
    except Unreadable as error:
        return Found(name, named, problem=str(error))
    except OSError:
        return Found(name, named, problem="filen kan inte öppnas")


def _number_in_name(stem: str) -> Identity | None:
    """The one valid number that a file name holds."""
    found = {identity for text in _NUMBER_IN_NAME.findall(stem) if (identity := read(text).identity) is not None}
    return found.pop() if len(found) == 1 else None


# --- one file ---------------------------------------------------------------------------------------------------------
def parse(content: bytes, suffix: str) -> Extract:
    """An extract from the bytes of a file.

    Raises:
        Unreadable: damaged, of another kind, or without number, day or balance.
    """
    if suffix == ".json":
        identity, statement = _from_json(content)
        raw = content
    elif suffix in _EXCEL:
        rows = _workbook(content)
        identity, statement = _from_rows(rows)
        raw = content if not identity.is_person else _as_text(rows)  # numbers cannot be masked inside a zip
    elif suffix in _TEXT:
        identity, statement = _from_rows(_csv(content))
        raw = content if not identity.is_person else _decoded(content).encode()
    else:
        raise Unreadable(f"{suffix or 'filer utan ändelse'} kan inte läsas; begär utdraget som CSV, Excel eller JSON")
    return Extract(identity, statement, sha256(content).hexdigest(), raw)


def _from_json(content: bytes) -> tuple[Identity, Statement]:
    """The shape of Skattekonto API v2 with the number beside it, flat or under ``saldo`` and ``transaktioner``."""
    try:
        document: Any = json.loads(_decoded(content), parse_float=Decimal)
    except (ValueError, RecursionError):
        raise Unreadable("filen är skadad: inte JSON") from None
    if not isinstance(document, dict):
        raise Unreadable("filen är inte ett kontoutdrag")
    fields = {str(key).casefold(): value for key, value in document.items()}
    number = next((fields[label] for label in LABELS["number"] if fields.get(label)), None)
    if isinstance(number, dict):
        number = number.get("identitetsbeteckning")
    saldo = fields.get("saldo")
    if not isinstance(saldo, dict):
        saldo = {**document, "saldoSkatteverket": document.get("saldoSkatteverket", saldo)}
    booked = fields.get("transaktioner")
    booked = (
        {"tidigareTransaktioner": booked}
        if isinstance(booked, list)
        else booked
        if isinstance(booked, dict)
        else document
    )
    try:
        balance, rows = shaped(Balance, saldo), shaped(Transactions, booked).tidigare_transaktioner
    except SupplierFailed as error:
        raise Unreadable(error.detail) from None
    as_of = balance.senast_uppdaterad or _json_day(fields)
    if as_of is None:
        raise Unreadable("filen säger inte för vilken dag saldot gäller")
    signed = fields.get("signerad", fields.get("undertecknad"))
    return _identity(number), Statement(
        as_of=as_of,
        balance=balance.saldo_skatteverket,
        at_enforcement=at_enforcement(balance.saldo_kronofogden),
        next_reconciliation=balance.nasta_avstamningsdatum,
        signed=signed if isinstance(signed, bool) else None,
        rows=None if rows is None else rows_of([(r.transaktionsdatum, r.belopp_skatteverket) for r in rows], as_of),
        rows_from=_json_from(fields, as_of),
        contributions=contributions(
            (r.transaktionsdatum, r.transaktionstext or "", r.belopp_skatteverket) for r in rows or ()
        ),
    )


def _json_day(fields: Mapping[str, Any]) -> date | None:
    for label in LABELS["extract_on"]:
        if fields.get(label):
            try:
                return wire_day(fields[label])
            except ValueError:
                raise Unreadable("utdragets datum kan inte läsas") from None
    return None


def _json_from(fields: Mapping[str, Any], as_of: date) -> date:
    """The first day of the list: as the file says, else as the API goes back."""
    period = fields.get("period")
    text = period.get("from", period.get("fromDatum")) if isinstance(period, dict) else fields.get("datumfrom")
    try:
        return wire_day(text) or as_of - WINDOW
    except ValueError:
        return as_of


def _identity(number: object) -> Identity:
    identity = read(number).identity if number not in (None, "") else None
    if identity is None:
        raise Unreadable("filen har inget giltigt organisationsnummer; den används inte")
    return identity


# --- rows: CSV and Excel ----------------------------------------------------------------------------------------------
Rows = Sequence[Sequence[object]]


def _from_rows(rows: Rows) -> tuple[Identity, Statement]:
    """Labels with values first, then a table of transactions with a header that says date and amount."""
    said, start = _labels(rows)
    identity = _identity(said.get("number"))
    columns, table = _table(rows, start)
    try:
        booked = [(_cell_day(row, columns["date"]), _money(_at(row, columns["amount"]))) for row in table]
        balance = _money(said.get("balance"))
        if balance is None:
            balance = _last_balance(table, columns)
        period_from, period_to = _period(said)
        as_of = cells.day(said.get("extract_on")) or period_to
        enforcement = _enforcement(said)
        due, next_on = _money(said.get("due")), cells.day(said.get("next"))
    except ValueError:
        raise Unreadable("ett belopp eller datum i filen kan inte läsas") from None
    if balance is None:
        raise Unreadable("filen har inget saldo")
    if as_of is None:
        raise Unreadable("filen säger inte för vilken dag saldot gäller")
    return identity, Statement(
        as_of=as_of,
        balance=balance,
        at_enforcement=enforcement,
        due=None if due is None else abs(due),
        next_reconciliation=next_on,
        signed=_signed(said.get("signed")),
        rows=rows_of(booked, as_of) if columns else None,
        rows_from=period_from,
        contributions=contributions(
            (on, cells.clean(_at(row, columns["text"])) if "text" in columns else "", amount)
            for row, (on, amount) in zip(table, booked, strict=True)
        ),
    )


def _labels(rows: Rows) -> tuple[dict[str, object], int]:
    """What the lines above the table say, first one wins, and where the table's header stands (or the end)."""
    said: dict[str, object] = {}
    for index, row in enumerate(rows):
        if _columns(row):
            return said, index
        values = [value for value in row if cells.clean(value)]
        if not values:
            continue
        label, value = cells.clean(values[0]), values[1] if len(values) > 1 else None
        if value is None and ":" in label:
            label, value = (part.strip() for part in label.split(":", 1))
        if dated := _DATED_LABEL.fullmatch(label.rstrip(":")):
            edge = "from" if dated[1].casefold() == "ingående" else "extract_on"
            said.setdefault(edge, dated[2])
            if edge == "extract_on" and value is not None:
                said.setdefault("balance", value)
            continue
        field = _FIELD.get(label.casefold().strip(" .:*"))
        if field and value is not None:
            said.setdefault(field, value)
    return said, len(rows)


def _columns(row: Sequence[object]) -> dict[str, int]:
    """Where date, amount and balance stand, when this row is the header of a table of transactions."""
    found: dict[str, int] = {}
    for index, value in enumerate(row):
        name = cells.key(value)
        if name in _DATE_HEADERS:
            found.setdefault("date", index)
        elif name in _AMOUNT_HEADERS:
            found.setdefault("amount", index)
        elif name in _TEXT_HEADERS:
            found.setdefault("text", index)
        elif name == "saldo":
            found.setdefault("balance", index)
    return found if {"date", "amount"} <= set(found) else {}


def _table(rows: Rows, start: int) -> tuple[dict[str, int], list[Sequence[object]]]:
    """The table's columns and rows; sums and other lines without a date are no rows, one with an amount alone is."""
    if start >= len(rows):
        return {}, []
    columns = _columns(rows[start])
    table = []
    for row in rows[start + 1 :]:
        dated = bool(cells.clean(_at(row, columns["date"])))
        if not dated and not cells.clean(_at(row, columns["amount"])):
            continue
        if not dated or not _looks_dated(_at(row, columns["date"])):
            continue
        table.append(row)
    return columns, table


def _looks_dated(value: object) -> bool:
    return isinstance(value, date) or cells.clean(value)[:1].isdigit()


def _last_balance(table: Sequence[Sequence[object]], columns: Mapping[str, int]) -> Decimal | None:
    """The running balance of the newest row; of several on one day, the one at the newer end of the list."""
    if "balance" not in columns or not table:
        return None
    days = [_cell_day(row, columns["date"]) or date.min for row in table]
    rows = list(table) if days[0] <= days[-1] else list(reversed(table))
    return _money(_at(rows[-1], columns["balance"]))


def _period(said: Mapping[str, object]) -> tuple[date | None, date | None]:
    first, last = cells.period(said["period"]) if cells.clean(said.get("period")) else (None, None)
    return first or cells.day(said.get("from")), last or cells.day(said.get("to"))


def _enforcement(said: Mapping[str, object]) -> Decimal | None:
    """A balance at Kronofogden is written negative, a debt there as it is."""
    debt = _money(said.get("enforcement_debt"))
    return abs(debt) if debt is not None else at_enforcement(_money(said.get("enforcement_balance")))


def _signed(value: object) -> bool | None:
    try:
        return cells.yes_no(value)
    except ValueError:
        return None


def _money(value: object) -> Decimal | None:
    ore = cells.ore(value)
    return None if ore is None else Decimal(ore) / 100


def _cell_day(row: Sequence[object], column: int) -> date | None:
    return cells.day(_at(row, column))


def _at(row: Sequence[object], column: int) -> object:
    return row[column] if column < len(row) else None


def _csv(content: bytes) -> Rows:
    text = _decoded(content)
    delimiter = max(";\t,", key=text[:5000].count)
    try:
        rows = [
            row for _, row in zip(range(MAX_ROWS + 1), csv.reader(io.StringIO(text), delimiter=delimiter), strict=False)
        ]
    except csv.Error:
        raise Unreadable("filen är skadad: inte CSV") from None
    return _bounded(rows)


def _decoded(content: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or the Western European of older Windows."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise Unreadable("filen är skadad: inte text") from None
    if b"\0" in content:
        raise Unreadable("filen är skadad: inte text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _workbook(content: bytes) -> Rows:
    """The first sheet, after a look at how much the file would expand to."""
    if content.startswith(b"PK"):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                size = sum(item.file_size for item in archive.infolist())
        except (zipfile.BadZipFile, OSError, ValueError):
            raise Unreadable("filen är skadad: inte en arbetsbok") from None
        if size > MAX_EXPANDED:
            raise Unreadable("filen packas upp till mer än vad som tas emot")
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        rows = sheet.to_python(nrows=MAX_ROWS + 1)
    except (CalamineError, IndexError, ValueError, OSError):
        raise Unreadable("filen är skadad: inte en arbetsbok") from None
    return _bounded(rows)


def _bounded(rows: Rows) -> Rows:
    if len(rows) > MAX_ROWS or any(len(row) > MAX_COLUMNS for row in rows):
        raise Unreadable(f"filen har fler än {MAX_ROWS} rader eller {MAX_COLUMNS} kolumner")
    return rows


def _as_text(rows: Rows) -> bytes:
    return "\n".join(";".join(cells.clean(value) for value in row) for row in rows).encode()


def _open(session: Session) -> _Extracts:
    if session.inbox is None:
        message = f'{session.connector}.toml: inbox: missing; expected a folder, as inbox = "in/skattekonto"'
        raise ConfigError(message)
    return _Extracts(session, session.inbox)


ADAPTER = Adapter(gives=KINDS, origin=Origin.SUPPLIER_SUBMITTED, open=_open)
