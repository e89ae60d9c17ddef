"""Loads connectors with ``role = "export"`` and tells by a file's header which of them it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator
from rapidfuzz import fuzz

from screening.adapters.cells import DecimalSign, clean, header_key, key
from screening.adapters.table import Row
from screening.config import Strict, parse_toml
from screening.errors import ConfigError
from screening.model import LawArea, PartyRole, Phase, Regime

Kind = Literal["contracts", "suppliers", "ledger", "attestations", "documents", "permits", "monthly"]

_SUPPLIER = ("supplier_name", "supplier_id", "supplier_no")
FIELDS: Mapping[Kind, tuple[str, ...]] = {
    "contracts": (
        *_SUPPLIER, "contract_id", "title", "unit", "service", "regime", "phase", "role", "main_contract", "awarded_on",
        "starts_on", "ends_on", "period", "option_until_on", "value_sek", "record_check", "owner", "diary_number",
        "country", "share",
    ),
    "suppliers": (*_SUPPLIER, "country"),
    "ledger": (
        "buyer_id", "buyer", "voucher", *_SUPPLIER, "amount_sek", "booked_on", "month", "unit", "account",
        "account_text", "invoice_no", "invoice_on", "vat_sek",
    ),
    "attestations": (
        *_SUPPLIER, "quarter", "area", "in_scope", "checked_before_start", "pending", "too_old", "oldest_days",
        "signed_on", "signatory_role",
    ),
    "documents": (
        *_SUPPLIER, "document", "dated_on", "valid_to_on", "received_on", "signatory_role", "checked_by", "detail",
    ),
    "permits": (*_SUPPLIER, "service", "state", "dated_on", "valid_to_on"),
    "monthly": (*_SUPPLIER, "month", "hours", "contributions_sek"),
}  # fmt: skip
"""The fields that a column can be mapped to, per kind."""

NEEDS: Mapping[Kind, tuple[tuple[str, ...], ...]] = {
    "contracts": (_SUPPLIER, ("contract_id", "title", "starts_on", "ends_on", "period", "diary_number")),
    "suppliers": (_SUPPLIER, ("supplier_id", "supplier_no")),
    "ledger": (_SUPPLIER, ("amount_sek",)),
    "attestations": (_SUPPLIER, ("quarter",)),
    "documents": (_SUPPLIER, ("document",)),
    "permits": (("supplier_id", "supplier_no"), ("service",)),
    "monthly": (_SUPPLIER, ("month",), ("hours", "contributions_sek")),
}
"""At least one of each group must be among a file's columns."""

ASKED_FOR = (
    "tax_account", "record_check_attestation", "declaration", "payment_agreement", "care_permit", "explanation",
)  # fmt: skip
"""What a supplier can be asked for; a rule's ``[[ask]]`` names one of them."""

DOCUMENTS = (
    "declaration", "declaration_confirmed", "payment_plan", "respite", "final_decision", "final_decision_settled",
    "care_permit", "care_permit_sister", "care_permit_applied", "power_of_attorney", "owners_in_bid", "address_in_bid",
    *(f"{kind}_{what}" for kind in ASKED_FOR for what in ("requested", "received")),
)  # fmt: skip
"""The meanings of a word in the column ``document``."""

MEANINGS: Mapping[str, frozenset[str]] = {
    "regime": frozenset(get_args(Regime)),
    "phase": frozenset(get_args(Phase)),
    "role": frozenset(get_args(PartyRole)),
    "area": frozenset(get_args(LawArea)),
    "document": frozenset(DOCUMENTS),
    "state": frozenset({"valid", "pending", "ended"}),
}
"""What ``[values.FIELD]`` may mean; other fields may mean any word."""

_KNOWN_SHARE = 0.65  # of a header's columns that are not ignored by name must be mapped for a file to be recognised
_KNOWN_SHARE_LIST = 0.75  # a supplier list: nearly every contract list also has a name and a number
_CUT = 8  # a header cut off by its system keeps at least this many letters
_LIKE = 85  # likeness, 0-100, of a header with a known spelling when the nearest connector is suggested


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        message = f"not a regular expression ({error})"
        raise ValueError(message) from None
    return text


class ExportOptions(Strict):
    """What else a format needs said.

    Attributes:
        needs: fields without which a header is not this format's, beside those that its kind needs.
        ignore: headers that are known and not used.
        volatile: headers whose cells differ between two exports of the same row (row number, date of extraction).
        expired_sheets: words in the names of sheets that hold expired contracts.
        skip_sheets: words in the names of sheets that are not to be read.
        decimal: the decimal sign, where the file's own amounts may not show it.
        negate: amounts are written with the sign turned.
        file_month: a regular expression with the groups ``year`` and ``month``, where the file name says the month.
        defaults: field -> value for every row of a format that does not carry it.
    """

    needs: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    volatile: tuple[str, ...] = ()
    expired_sheets: tuple[str, ...] = ("utgång", "utgått", "avslutad", "upphörd", "historik")
    skip_sheets: tuple[str, ...] = ()
    decimal: DecimalSign = ""
    negate: bool = False
    file_month: Annotated[str, AfterValidator(_expression)] | None = None
    defaults: dict[str, str] = Field(default_factory=dict)


class ExportTable(Strict):
    """One export format: which header means which field, and which word means what."""

    role: Literal["export"]
    adapter: Literal["table"] = "table"
    kind: Kind
    title: str = ""
    columns: dict[str, tuple[str, ...]]
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    options: ExportOptions = ExportOptions()

    @model_validator(mode="after")
    def _known(self) -> ExportTable:
        """Every field, group and meaning is one that we know."""
        fields = FIELDS[self.kind]
        if strange := [
            name
            for name in (*self.columns, *self.values, *self.options.defaults, *self.options.needs)
            if name not in fields
        ]:
            message = f"{strange[0]}: not a field of {self.kind}; expected one of {', '.join(fields)}"
            raise ValueError(message)
        for group in NEEDS[self.kind]:
            if not any(name in self.columns for name in group):
                message = f"columns: expected one of {', '.join(group)}"
                raise ValueError(message)
        for name, words in self.values.items():
            known = MEANINGS.get(name)
            if known is not None and (wrong := [word for word, meaning in words.items() if meaning not in known]):
                message = f"values.{name}.{wrong[0]}: {words[wrong[0]]}; expected one of {', '.join(sorted(known))}"
                raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _each_once(self) -> ExportTable:
        """No header means two fields."""
        seen: dict[str, str] = {}
        for name, spellings in (*self.columns.items(), ("options.ignore", self.options.ignore)):
            for spelling in spellings:
                if (other := seen.setdefault(header_key(spelling), name)) != name:
                    message = f"{name}: {spelling!r} is also a spelling of {other}; expected it once"
                    raise ValueError(message)
        return self


@dataclass(frozen=True)
class Export:
    """A loaded export connector."""

    name: str
    table: ExportTable
    text: str  # the TOML as read, stored with each run

    @property
    def kind(self) -> Kind:
        """What its rows are."""
        return self.table.kind

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """Normalised header -> field."""
        return {header_key(item): name for name, spellings in self.table.columns.items() for item in spellings}

    @cached_property
    def ignored(self) -> frozenset[str]:
        """Normalised headers that are known and not used."""
        return frozenset(header_key(item) for item in (*self.table.options.ignore, *self.table.options.volatile))

    @cached_property
    def meanings(self) -> Mapping[str, Mapping[str, str]]:
        """Field -> normalised word -> meaning."""
        return {name: {key(word): item for word, item in words.items()} for name, words in self.table.values.items()}


@dataclass(frozen=True, slots=True)
class Recognition:
    """Which connector a header belongs to.

    Attributes:
        header: the header's row number.
        headers: its cells as text, trailing empty ones dropped.
        places: field -> places of the columns that are called so (several when a header occurs more than once).
        ignored: places known and not used. unknown: places that the connector does not name.
    """

    export: Export
    header: int
    headers: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]]
    ignored: tuple[int, ...]
    unknown: tuple[int, ...]

    @property
    def score(self) -> tuple[int, float]:
        """Fields found, then how much of what the connector knows was found."""
        return len(self.places), len(self.places) / len(self.export.table.columns)

    def missing(self) -> tuple[tuple[str, ...], ...]:
        """Groups of fields of which the header has none."""
        own = tuple((name,) for name in self.export.table.options.needs)
        groups = (*NEEDS[self.export.kind], *own)
        return tuple(group for group in groups if not any(name in self.places for name in group))

    def is_sure(self) -> bool:
        """Whether the header is this format's and not one that only shares a few names with it."""
        used = sum(len(places) for places in self.places.values())
        limit = _KNOWN_SHARE_LIST if self.export.kind == "suppliers" else _KNOWN_SHARE
        return len(self.places) > 1 and not self.missing() and used >= limit * (used + len(self.unknown))


def load_exports(folder: Path) -> Mapping[str, Export]:
    """Every ``role = "export"`` connector in ``folder``, by name (the file's stem), in order of name.

    Raises:
        ConfigError: an unreadable file, an unknown key or field, a spelling given twice.
    """
    found: dict[str, Export] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            message = f"{path.name}: cannot be read; {error.__class__.__name__}"
            raise ConfigError(message) from error
        if re.search(r'^\s*role\s*=\s*"export"', text, re.MULTILINE):
            found[path.stem] = Export(path.stem, parse_toml(path, ExportTable), text)
    return found


def recognise(exports: Mapping[str, Export], head: Sequence[Row]) -> Recognition | None:
    """The connector and header row that fit ``head`` best, or ``None`` when none is sure."""
    sure = [item for item in _readings(exports, head) if item.is_sure()]
    return max(sure, key=lambda item: (*item.score, -item.header), default=None)


def closest(export: Export, head: Sequence[Row], exports: Mapping[str, Export]) -> Recognition | None:
    """The header that fits ``export`` best, sure or not, when the configuration has named it."""
    others = {**exports, export.name: export}
    found = [item for item in _readings(others, head) if item.export is export and item.places]
    return max(found, key=lambda item: (-len(item.missing()), *item.score, -item.header), default=None)


def _readings(exports: Mapping[str, Export], head: Sequence[Row]) -> Iterator[Recognition]:
    """Every row of ``head`` as a header of every export."""
    known = frozenset(item for export in exports.values() for item in export.spellings)
    starts = frozenset(item[:length] for item in known for length in range(_CUT, len(item) + 1)) | known
    for row in head:
        headers = tuple(clean(cell) for cell in row.cells)
        while headers and not headers[-1]:
            headers = headers[:-1]
        keys = tuple(map(header_key, headers))
        if sum(1 for item in keys if item in starts) < 2:
            continue
        for export in exports.values():
            yield _reading(export, row.number, headers, keys, known)


def _reading(
    export: Export, number: int, headers: tuple[str, ...], keys: tuple[str, ...], known: frozenset[str]
) -> Recognition:
    places: dict[str, tuple[int, ...]] = {}
    ignored: list[int] = []
    unknown: list[int] = []
    for place, item in enumerate(keys):
        if field := export.spellings.get(item) or _cut(export, item, known):
            places[field] = (*places.get(field, ()), place)
        elif item in export.ignored:
            ignored.append(place)
        elif item:
            unknown.append(place)
    return Recognition(export, number, headers, places, tuple(ignored), tuple(unknown))


def _cut(export: Export, item: str, known: frozenset[str]) -> str | None:
    """The field of a header that its system cut off (``ORGANISATIO``), unless the stump is a header of its own."""
    if len(item) < _CUT or item in known or item in export.ignored:
        return None
    fields = {field for spelling, field in export.spellings.items() if spelling.startswith(item)}
    return fields.pop() if len(fields) == 1 else None


def header_guess(head: Sequence[Row]) -> tuple[str, ...]:
    """The row of ``head`` that looks most like a header: most cells of text without digits. Empty when none does."""
    best: tuple[str, ...] = ()
    for row in head:
        cells = tuple(clean(cell) for cell in row.cells)
        words = tuple(cell for cell in cells if cell)
        wordy = sum(1 for cell in words if not re.search(r"\d{4}", cell) and len(cell) <= 60)
        if words and wordy == len(words) > len(best):
            best = words
    return best


def nearest(exports: Mapping[str, Export], headers: Sequence[str]) -> Export | None:
    """The connector whose spellings are most like ``headers``; ``None`` when none has two of them."""
    scored = [(_likeness(export, headers), export) for export in exports.values()]
    score, export = max(scored, key=lambda item: item[0], default=((0, 0.0), None))
    return export if score[0] > 1 else None


def _likeness(export: Export, headers: Sequence[str]) -> tuple[int, float]:
    """How many headers are like a spelling of the export, and their share of its fields."""
    fields: set[str] = set()
    for item in map(header_key, headers):
        score, field = max(((fuzz.ratio(item, other), field) for other, field in export.spellings.items()))
        if score >= _LIKE:
            fields.add(field)
    return len(fields), len(fields) / len(export.table.columns)
