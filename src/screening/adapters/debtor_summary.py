"""Debts at Kronofogden as a debtor summary: public and private claims, and applications for payment orders.

A company without debts is a 404 here, and that is a good answer, so only the interface's own 404 counts: an outage page
says nothing about anyone.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from screening.adapters.fanout import each
from screening.adapters.persons import redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import SWEDISH_TIME, Day, Wire, clean, shaped
from screening.client import Reply
from screening.errors import SourceUnavailable, SupplierFailed
from screening.model import EnforcementDebt, Origin

KIND: Final = EnforcementDebt.kind
_ORE: Final = Decimal("0.01")
_MILLISECONDS: Final = 100_000_000_000  # as seconds, the year 5138: such a time stamp counts milliseconds
_TAX = re.compile(r"skatt|moms|arbetsgivaravgift|socialavgift", re.IGNORECASE)
_NOT_OWED_AS_TAX = re.compile(r"trängselskatt|fordonsskatt", re.IGNORECASE)
_TELLS_NOTHING = re.compile(r"^(allmänna mål|a-mål|övrigt|public)?$", re.IGNORECASE)


Amount = Annotated[
    Decimal, Field(alias="totalAmountInSEK")
]  # always there: an amount that is not read must not be zero


class Claims(Wire):
    """A sum of claims of one kind."""

    description: str | None = None
    total_amount_in_sek: Amount
    number_of_cases: int | None = None


class Balance(Wire):
    """What is owed now: allmänna mål (public) and enskilda mål (private). The total tells whether the parts are whole.

    Without a total both parts must be there, so that a part that was left out is not taken for no debt.
    """

    last_updated: int | None = None
    total_amount_in_sek: Annotated[Decimal | None, Field(alias="totalAmountInSEK")] = None
    public: tuple[Claims, ...] | None = None
    private: Claims | None = None


class Order(Wire):
    """An application for a payment order: a claim that nobody has tried yet."""

    amount: Decimal | None = None
    application_withdrawn: bool | None = None


class Applications(Wire):
    """Applications for payment orders."""

    number_of_cases: int
    total_amount_in_sek: Annotated[Decimal | None, Field(alias="totalAmountInSEK")] = None
    last_case_date: Day = None
    order_to_pay_cases: tuple[Order, ...] | None = None


class Remarks(Wire):
    """Records of non-payment (betalningsanmärkningar)."""

    number_of_cases: int | None = None
    total_amount_in_sek: Annotated[Decimal | None, Field(alias="totalAmountInSEK")] = None
    last_case_date: Day = None


class DebtorSummary(Wire):
    """The whole answer. ``debtBalance`` null: nothing is owed; not there at all: the answer is not whole.

    A record that is null holds no case; one that is not there at all is not told.
    """

    record_of_payment_applications: Applications | None = None
    record_of_non_payment: Remarks | None = None
    debt_balance: Balance | None


NOTHING: Final = Claims(total_amount_in_sek=Decimal(0), number_of_cases=0)


class DebtorSummarySource:
    """The opened source."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._path = str(session.options.get("path", "/companies/{number}/debtor-summary"))

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        """One answer per request."""
        del open_tickets
        return each(self._session, requests, self._one)

    async def _one(self, request: Request) -> Answer:
        identity = request.identity
        if identity.is_person and not self._session.options.get("persons", False):
            reason = ("not_allowed", "frågan skulle lägga personnumret i en webbadress")
            return Answer(supplier_id=request.supplier_id, missing=dict.fromkeys(sorted(request.kinds), reason))
        reply = await self._call(request, self._path.replace("{number}", identity.reveal()))
        own_404 = reply.status == 404 and reply.is_json
        if own_404 and _no_such_address(reply):
            message = (
                f"{self._session.connector}: adressen leder inte till tjänsten (404 från dess sluss); kontrollera "
                "address och options.path"
            )
            raise SourceUnavailable(message)
        if reply.status != 200 and not own_404:
            raise SupplierFailed("source_down", f"skuldfrågan svarade {reply.status}")
        raw = redact(reply.body, self._session.pseudonym)
        billed = int(self._session.price_sek > 0)
        try:
            fact = self._none(raw, reply) if own_404 else self._debts(raw, reply)
        except SupplierFailed as error:
            missing = dict.fromkeys(sorted(request.kinds), (error.reason, error.detail))
            return Answer(supplier_id=request.supplier_id, missing=missing, raw=raw, billable_calls=billed)
        return Answer(supplier_id=request.supplier_id, facts=(fact,), raw=raw, billable_calls=billed)

    async def _call(self, request: Request, path: str) -> Reply:
        headers = {"x-api-key": self._session.secrets.get("api_key", "")}
        address = f"{self._session.address}{path}"
        if self._session.price_sek > 0:
            async with self._session.billing(request):
                return await self._session.client.get(address, headers=headers, repeatable=False)
        return await self._session.client.get(address, headers=headers)

    def _none(self, raw: bytes, reply: Reply) -> EnforcementDebt:
        """No debts: zeros, which is something else than not knowing."""
        return EnforcementDebt(
            provenance=self._session.provenance(raw, request_ref=_reference(reply)),
            public_debt_sek=Decimal(0),
            public_cases=0,
            tax_debt_sek=Decimal(0),
            private_debt_sek=Decimal(0),
            private_cases=0,
            applications=0,
            applications_sek=Decimal(0),
            remarks=0,
            remarks_sek=Decimal(0),
        )

    def _debts(self, raw: bytes, reply: Reply) -> EnforcementDebt:
        summary = shaped(DebtorSummary, reply.table())
        balance = summary.debt_balance or Balance(total_amount_in_sek=Decimal(0))
        public, private = balance.public or (), balance.private or NOTHING
        public_sek = _sum(row.total_amount_in_sek for row in public)
        private_sek = private.total_amount_in_sek.quantize(_ORE)
        total = balance.total_amount_in_sek
        if total is None:
            if balance.public is None or balance.private is None:
                raise SupplierFailed("partial", "varken hela skulden eller alla dess delar finns i svaret")
            total = public_sek + private_sek
        if abs(total - public_sek - private_sek) >= 1:
            raise SupplierFailed("doubtful", "delsummorna stämmer inte med den totala skulden")
        applied = summary.record_of_payment_applications or Applications(number_of_cases=0)
        count, amount = _applications(applied)
        remarks = _remarks(summary)
        dates = [applied.last_case_date, remarks.last_case_date]
        return EnforcementDebt(
            provenance=self._session.provenance(raw, as_of=_updated(balance), request_ref=_reference(reply)),
            public_debt_sek=public_sek,
            public_cases=_cases(public),
            tax_debt_sek=_tax(public),
            private_debt_sek=private_sek,
            private_cases=private.number_of_cases,
            applications=count,
            applications_sek=amount,
            last_case_on=max((day for day in dates if day), default=None),
            remarks=remarks.number_of_cases,
            remarks_sek=None if remarks.total_amount_in_sek is None else remarks.total_amount_in_sek.quantize(_ORE),
            last_remark_on=remarks.last_case_date,
        )


def _no_such_address(reply: Reply) -> bool:
    """Whether a gateway says in JSON that it has no such address, which would make everybody free of debts.

    The shapes are those of gateways in general use (WSO2 and Apigee, Azure, Kong, Spring); what the provider's own 404 holds
    is not documented, so one that is not recognised here is taken for its answer. Not verified.
    """
    try:
        table = reply.table()
    except SupplierFailed:
        return False
    said = str(table.get("message", "")).casefold()
    return (
        "fault" in table
        or str(table.get("code", "")) == "404"
        or {"timestamp", "path"} <= table.keys()
        or "statusCode" in table
        or "no route" in said
        or "resource not found" in said
    )


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0)).quantize(_ORE)


def _cases(rows: Sequence[Claims]) -> int | None:
    counts = [row.number_of_cases for row in rows]
    return None if None in counts else sum(count or 0 for count in counts)


def _tax(rows: Sequence[Claims]) -> Decimal | None:
    """The part that is tax, when every row says what it is about; else ``None``: a guess would be a flag."""
    words = [(clean(row.description) or "", row.total_amount_in_sek) for row in rows]
    if any(_TELLS_NOTHING.match(text) for text, _ in words):
        return None
    return _sum(amount for text, amount in words if _TAX.search(text) and not _NOT_OWED_AS_TAX.search(text))


def _applications(applied: Applications) -> tuple[int, Decimal | None]:
    """Applications that stand; a withdrawn one is no claim."""
    cases = applied.order_to_pay_cases
    if not cases:
        amount = applied.total_amount_in_sek
        return applied.number_of_cases, Decimal(0) if not applied.number_of_cases else amount
    standing = [case for case in cases if not case.application_withdrawn]
    amounts = [case.amount for case in standing]
    return len(standing), None if None in amounts else _sum(amount or Decimal(0) for amount in amounts)


def _remarks(summary: DebtorSummary) -> Remarks:
    """The record of non-payment; a null one is a record of none."""
    if summary.record_of_non_payment is not None:
        return summary.record_of_non_payment
    told = "record_of_non_payment" in summary.model_fields_set
    return Remarks(number_of_cases=0, total_amount_in_sek=Decimal(0)) if told else Remarks()


def _updated(balance: Balance) -> date | None:
    """The day of the balance, in Sweden."""
    if balance.last_updated is None:
        return None
    seconds = balance.last_updated / (1000 if balance.last_updated > _MILLISECONDS else 1)
    return datetime.fromtimestamp(seconds, UTC).astimezone(SWEDISH_TIME).date()


def _reference(reply: Reply) -> str:
    return reply.headers.get("x-request-id", "")


OPTIONS: Final[Mapping[str, type]] = {"path": str, "persons": bool}
ADAPTER = Adapter(
    gives=frozenset({KIND}),
    origin=Origin.BUREAU,
    open=DebtorSummarySource,
    secrets=("api_key",),
    options=OPTIONS,
    stub_path="/debtor_summary",
)
