"""How the files of an exchange are laid out, as a TOML file says: the real layouts are given with the agreement, not published."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from screening.errors import ConfigError

Meaning = Literal[
    "start", "end", "subject", "public_debt", "private_debt", "application", "registration", "contribution", "other"
]
Written = Literal["sender", "ref", "day", "number10", "number12", "count", "blank"]
_NUMBERED: Mapping[str, tuple[str, ...]] = {
    "start": ("ref", "day"),
    "end": ("rows",),
    "subject": ("number",),
    "public_debt": ("number", "amount"),
    "private_debt": ("number", "amount"),
    "application": ("number",),
    "registration": ("number",),
    "contribution": ("number", "month", "amount"),
    "other": (),
}
_REGISTERS = ("f_tax", "vat", "employer")
_MORE: Mapping[str, tuple[str, ...]] = {
    "end": ("subjects",),
    "subject": ("status",),
    "public_debt": ("cases", "day", "kind"),
    "private_debt": ("cases", "day"),
    "application": ("amount", "cases"),
    "registration": tuple(f"{name}{end}" for name in _REGISTERS for end in ("", "_from", "_to")),
}
"""What a record of each meaning must hold, and what it may hold beside that."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(_Strict):
    """Where a field stands: from which sign and how wide, or in which column; both count from 1."""

    at: Annotated[int, Field(ge=1)]
    width: Annotated[int, Field(ge=1)] | None = None


class Cell(Place):
    """A field that we write."""

    write: Written


class Sent(_Strict):
    """A kind of record that we send; ``each``: one for every number, else one alone."""

    record: str
    each: bool = False
    fields: tuple[Cell, ...] = ()


class Came(_Strict):
    """A kind of record of the answer, with what it means."""

    record: str
    means: Meaning
    fields: Mapping[str, Place] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _fields(self) -> Self:
        needed, known = _NUMBERED[self.means], {*_NUMBERED[self.means], *_MORE.get(self.means, ())}
        if missing := [name for name in needed if name not in self.fields]:
            message = f"record {self.record} ({self.means}): fields.{missing[0]} is missing"
            raise ValueError(message)
        if unknown := sorted(set(self.fields) - known):
            message = f"record {self.record} ({self.means}): fields.{unknown[0]} is not known; expected one of {', '.join(sorted(known))}"
            raise ValueError(message)
        return self


class Receipt(_Strict):
    """The receipt: which word stands for taken, and which for refused."""

    record: str
    status: Place
    accepted: tuple[str, ...]
    rejected: tuple[str, ...]
    text: Place | None = None


class Errors(_Strict):
    """The error file: one record per fault; one without a number is about the whole batch."""

    record: str
    number: Place
    code: Place | None = None
    text: Place | None = None


class Names(_Strict):
    """What files are called. ``{ref}`` is our reference; ``*`` stands for anything in what we look for."""

    request: str
    receipt: str
    answer: str
    errors: str

    @field_validator("*")
    @classmethod
    def _has_ref(cls, value: str) -> str:
        if "{ref}" not in value or "/" in value or "\\" in value:
            message = "expected a file name with {ref}"
            raise ValueError(message)
        return value


class Words(_Strict):
    """What codes mean. A code that is not listed is not understood, and the file is not believed."""

    found: tuple[str, ...] = ()
    not_found: tuple[str, ...] = ()
    redacted: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    future: tuple[str, ...] = ()
    tax: tuple[str, ...] = ()  # kinds of public debt that are tax or contributions; without any the split is not known


class Layout(_Strict):
    """One exchange.

    Attributes:
        verified: the description (name, version, day) against which this was checked; empty: it has not been.
        delimiter: what separates fields; empty: fixed width.
        type: where the type of each record stands.
        no_row: ``none``: whoever has no row in a whole answer owes nothing; ``unknown``: that says nothing of anybody.
        amounts: the unit that amounts are written in.
    """

    title: str
    verified: str = ""
    gives: frozenset[Literal["enforcement_debt", "tax_registration", "employer_contributions"]]
    encoding: str = "iso-8859-1"
    delimiter: Annotated[str, Field(max_length=1)] = ""
    no_row: Literal["unknown", "none"] = "unknown"
    amounts: Literal["kronor", "ore"] = "kronor"
    type: Place
    names: Names
    request: tuple[Sent, ...]
    receipt: Receipt
    errors: Errors
    answer: tuple[Came, ...]
    words: Words = Words()
    sha256: str = ""

    @field_validator("encoding")
    @classmethod
    def _known(cls, value: str) -> str:
        try:
            return codecs.lookup(value).name
        except LookupError:
            message = "no such encoding"
            raise ValueError(message) from None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """The frame of the answer is there, nothing is told twice, and widths are given where they are needed."""
        meanings = [item.means for item in self.answer]
        for one in ("start", "end"):
            if meanings.count(one) != 1:
                message = f"answer: expected one record that means {one}"
                raise ValueError(message)
        if len({item.record for item in self.answer}) != len(self.answer):
            message = "answer: two meanings for one type of record"
            raise ValueError(message)
        if sum(item.each for item in self.request) != 1:
            message = "request: expected one record with each = true"
            raise ValueError(message)
        if self.no_row == "none" and "subjects" not in self.came("end").fields:
            message = 'no_row = "none": the end record must say how many numbers were answered (fields.subjects)'
            raise ValueError(message)
        if self.no_row == "unknown" and not self.has("subject"):
            message = (
                'answer: no_row = "unknown" needs a record that means subject, by which it is known who was answered'
            )
            raise ValueError(message)
        places = [self.type, *(cell for sent in self.request for cell in sent.fields), self.receipt.status]
        places += [place for came in self.answer for place in came.fields.values()]
        if not self.delimiter and any(place.width is None for place in places):
            message = "a field of a fixed layout has no width"
            raise ValueError(message)
        return self

    def came(self, means: Meaning) -> Came:
        """The kind of record with a meaning that every layout has."""
        return next(item for item in self.answer if item.means == means)

    def has(self, means: Meaning) -> bool:
        """Whether answers have records of a meaning."""
        return any(item.means == means for item in self.answer)


def load(path: Path, gives: frozenset[str]) -> Layout:
    """The layout in a file, for an exchange that gives some kinds of fact.

    Raises:
        ConfigError: not there, not of the schema, or of other facts.
    """
    try:
        content = path.read_bytes()
        document = tomllib.loads(content.decode("utf-8-sig"))
    except (OSError, ValueError) as error:
        message = f"{path.name}: cannot be read as a layout ({error.__class__.__name__}); expected TOML"
        raise ConfigError(message) from None
    try:
        layout = Layout.model_validate({**document, "sha256": sha256(content).hexdigest()})
    except ValidationError as error:
        lines = [f"{path.name}: {'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_url=False)]
        raise ConfigError("\n".join(lines)) from None
    if not layout.gives or not layout.gives <= gives:
        message = f"{path.name}: gives: {', '.join(sorted(layout.gives))}; expected some of {', '.join(sorted(gives))}"
        raise ConfigError(message)
    return layout
