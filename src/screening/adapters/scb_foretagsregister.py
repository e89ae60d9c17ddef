"""SCB's Företagsregister: F-skatt, moms and employer registration of one organisation or sole trader.

The question never filters on status: a filter on active companies makes a struck-off supplier look unknown. The answer
is a list of objects whose values are all text; names of members are met in two spellings (``"F-skattstatus"`` and
``"Fskattstatus, kod"``), and a variable that has not been ordered says ``"*"``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, Literal

from screening.adapters.fanout import each
from screening.adapters.persons import redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.client import Reply
from screening.errors import SupplierFailed
from screening.model import Origin, TaxRegistration

State = Literal["never", "active", "ended"]
KIND: Final = TaxRegistration.kind
CODES: Final[Mapping[str, Mapping[str, State]]] = {
    "fskattstatus": {"0": "never", "1": "active", "9": "ended"},
    "momsstatus": {"0": "never", "1": "active", "3": "active", "9": "ended"},
    "arbetsgivarstatus": {"0": "never", "1": "active", "2": "active", "3": "active", "4": "active", "9": "ended"},
}
"""State by variable and code; 3 is through a representative, 2 a private employer, 4 an embassy."""
NOT_ORDERED: Final = "*"


class ScbForetagsregister:
    """The opened source."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        """One answer per request: whether one question may list several numbers is not known."""
        del open_tickets
        return each(self._session, requests, self._one)

    async def _one(self, request: Request) -> Answer:
        twelve = request.identity.reveal_twelve()
        header = str(self._session.options.get("id_header", "ApiId"))
        reply = await self._session.client.post(
            f"{self._session.address}/api/je/hamtaforetag",
            json=question(twelve[2:]),
            headers={header: self._session.secrets.get("api_id", "")},
            repeatable=True,
        )
        if reply.status == 400:
            raise SupplierFailed("rejected_input", "SCB godtog inte frågan")
        if reply.status != 200:
            raise SupplierFailed("source_down", f"SCB svarade {reply.status}")
        row = _row(reply, twelve)
        if row is None:
            reason = ("not_found", "numret finns inte i SCB:s företagsregister")
            return Answer(supplier_id=request.supplier_id, missing={KIND: reason}, raw=reply.body)
        raw = redact(reply.body, self._session.pseudonym)
        fact = TaxRegistration(
            provenance=self._session.provenance(raw),
            f_tax=_state(row, "fskattstatus"),
            vat=_state(row, "momsstatus"),
            employer=_state(row, "arbetsgivarstatus"),
        )
        if fact.f_tax is fact.vat is fact.employer is None:
            reason = ("no_source", "F-skatt, moms och arbetsgivare ingår inte i beställningen hos SCB")
            return Answer(supplier_id=request.supplier_id, missing={KIND: reason}, raw=raw)
        return Answer(supplier_id=request.supplier_id, facts=(fact,), raw=raw)


def question(ten: str) -> Mapping[str, Any]:
    """The body for one number, in the body so that it is in no address."""
    variable = {"Variabel": "OrgNr (10 siffror)", "Operator": "ArLikaMed", "Varde1": ten, "Varde2": ""}
    return {"Kategorier": [], "variabler": [variable]}


def _row(reply: Reply, twelve: str) -> Mapping[str, str] | None:
    """The one row about ``twelve``, with names in one spelling; ``None`` when SCB knows nobody of that number.

    Raises:
        SupplierFailed: ``partial`` for another shape, ``doubtful`` for rows about others only.
    """
    document = reply.json()
    if not isinstance(document, list) or not all(isinstance(row, dict) for row in document):
        raise SupplierFailed("partial", "svaret har en oväntad form")
    rows = [{_plain(key): str(value).strip() for key, value in row.items() if value is not None} for row in document]
    if not rows:
        return None
    for row in rows:
        number = row.get("peorgnr") or row.get("orgnr") or row.get("orgnr(10siffror)") or ""
        if number.replace("-", "")[-10:] == twelve[2:]:
            return row
    raise SupplierFailed("doubtful", "svaret gäller ett annat nummer än det vi frågade om")


def _state(row: Mapping[str, str], name: str) -> State | None:
    """The state of one registration; ``None`` when it is not part of what has been ordered.

    Raises:
        SupplierFailed: ``doubtful``: a code that is in no list.
    """
    code = row.get(f"{name},kod", row.get(name, NOT_ORDERED))
    if code in (NOT_ORDERED, ""):
        return None
    state = CODES[name].get(code)
    if state is None:
        raise SupplierFailed("doubtful", f"okänd kod för {name}")
    return state


def _plain(name: str) -> str:
    """A member's name without case, space and hyphen: ``"F-skattstatus"`` is ``"Fskattstatus"``."""
    return name.casefold().replace(" ", "").replace("-", "")


ADAPTER = Adapter(
    gives=frozenset({KIND}),
    origin=Origin.AUTHORITY,
    open=ScbForetagsregister,
    secrets=("api_id",),
    options={"id_header": str},
    stub_path="/scb_foretagsregister",
)
