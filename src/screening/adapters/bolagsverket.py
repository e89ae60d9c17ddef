"""What Bolagsverket's three services share: codes, names, error bodies and how a call is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple
from uuid import uuid4

from pydantic import model_validator

from screening.adapters.persons import person_key
from screening.adapters.source import Answer, Paid, Request, Session, billed
from screening.adapters.wire import Wire, clean
from screening.client import Reply
from screening.errors import SupplierFailed
from screening.identity import mask_text

NameKind = Literal["name", "special", "foreign", "former"]
NAME_KINDS: Mapping[str, NameKind] = {
    "FORETAGSNAMN": "name",
    "NAMN": "name",
    "SARSKILT_FORETAGSNAMN": "special",
    "BIFIRMA": "special",
    "FORETAGSNAMN_PA_FRAMMANDE_SPRAK": "foreign",
    "FORNAMN_FRSPRAK": "foreign",
}
"""Kinds of name by code; a code that is not here is shown as ``special``: never the first name, never lost."""

MISSES = frozenset({400, 404})
"""Answers that tell nothing about the organisation. Whether they count against a quota that is paid for is not known."""


class Code(Wire):
    """``{kod, klartext}``; ``klartext`` may be ``n/a``."""

    kod: str | None = None
    klartext: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: object) -> object:
        """A code may stand by itself, as a text."""
        return {"kod": value} if isinstance(value, str) else value


class PersonName(Wire):
    """A person's name."""

    fornamn: str | None = None
    mellannamn: str | None = None
    efternamn: str | None = None

    def text(self) -> str:
        """First name first."""
        return " ".join(part for part in (clean(self.fornamn), clean(self.mellannamn), clean(self.efternamn)) if part)


class Identity(Wire):
    """A number with its kind; documented and observed codes differ, so the digits decide."""

    identitetsbeteckning: str | None = None
    typ: Code | None = None


def name_kind(code: Code | None) -> NameKind:
    """The kind of a registered name."""
    return NAME_KINDS.get((code.kod if code else None) or "FORETAGSNAMN", "special")


class Heard(NamedTuple):
    """What came of one question: the reply, the id that Bolagsverket logs it under, and what was paid for it."""

    reply: Reply
    reference: str
    paid: Paid


async def call(
    session: Session, request: Request, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Heard:
    """One question.

    A question that costs money is not repeated by itself: nobody knows whether one without an answer was counted.
    """
    reference = str(uuid4())
    async with billed(session, request) as paid:
        reply = await session.client.post(
            session.address + path,
            json=body,
            headers={"X-Request-Id": reference, **(headers or {})},
            repeatable=session.price_sek == 0,
        )
    return Heard(reply, reference, paid)


def missed(session: Session, request: Request, heard: Heard) -> Answer:
    """The answer for a status that is not 200 to a question that costs, unless such answers are free (``misses_cost``)."""
    costs = heard.reply.status not in MISSES or bool(session.options.get("misses_cost", True))
    if not costs:
        heard.paid.free()
    return refused(request, heard.reply, billable_calls=int(costs))


def refused(request: Request, reply: Reply, *, billable_calls: int = 0) -> Answer:
    """The answer for a status that is not 200: 400 is our number, 404 is not there, the rest is theirs."""
    problem = _api_error(reply)
    if reply.status == 400:
        reason, detail = "rejected_input", problem or "Bolagsverket tog inte emot numret"
    elif reply.status == 404 and problem:
        reason, detail = "not_found", problem
    else:
        reason, detail = "source_down", f"Bolagsverket svarade {reply.status}; kontrollera anslutningens adress"
    return Answer(
        supplier_id=request.supplier_id,
        missing=dict.fromkeys(request.kinds, (reason, detail)),
        raw=mask_text(reply.body.decode("utf-8", errors="replace")).encode(),
        billable_calls=billable_calls,
    )


def _api_error(reply: Reply) -> str:
    """The sentence of an ``ApiError``, masked; empty for a body of another shape (a gateway's, a web page)."""
    try:
        table = reply.table()
    except SupplierFailed:
        return ""
    if not ("instance" in table or "detail" in table or str(table.get("type", "")).startswith("urn:bolagsverket")):
        return ""
    text = str(table.get("detail") or table.get("title") or "fel utan text")
    code = table.get("code")
    return mask_text(f"{text} ({code})" if code else text)


def about(session: Session, request: Request, identities: Iterable[Identity | None]) -> None:
    """Refuses an answer that is about someone else than we asked about; a missing number passes.

    Raises:
        SupplierFailed: ``doubtful``.
    """
    asked = person_key(session.pseudonym, request.identity.reveal(), "")
    for identity in identities:
        number = clean(identity.identitetsbeteckning) if identity else None
        if number and person_key(session.pseudonym, number, "") != asked:
            raise SupplierFailed("doubtful", "svaret gäller ett annat nummer än det vi frågade om")
