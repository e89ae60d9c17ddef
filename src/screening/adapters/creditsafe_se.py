"""Creditsafe Sweden's own services: GetData, a block of fields of the customer's own, and DateCheck, asked before it.

DateCheck tells when something last changed, and never sends a letter.
What a block holds is agreed with Creditsafe (some 500 fields for companies), so the connector says which of its fields is
which of ours: ``[options.fields]``. Fields without a value are left out of the answer; so what is not there is not known,
unless ``absent_is_zero`` names it. The token is Connect's. An ended token is answered 403 with code R2, not 401.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import uuid4

from screening.adapters.creditsafe_connect import sign_in
from screening.adapters.fanout import UNLIKE, each
from screening.adapters.persons import redact
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import clean, day
from screening.client import Reply
from screening.errors import ConfigError, SourceUnavailable, SupplierFailed
from screening.model import Accounts, Credit, EnforcementDebt, Fact, Origin, Provenance

Fields = Mapping[str, str]
NO_MATCH: Final = "15"
PROTECTED: Final = "S2"
NOT_GIVEN_OUT: Final = frozenset({"S2", "S3"})  # protected identity, blocked
_PERSONAL: Final = frozenset({"S2", "S3", "S4", "S5", "S6", "S7"})
TRANSACTION_LENGTH: Final = 14
_DATED: Final = re.compile(r"(?:19|20)\d\d(?:-|\d{4}$)|\d{1,4}[./-]\d{1,2}[./-]\d{1,4}")
"""How a date begins, in whatever order: a change that is not seen must not pass for none."""


class CreditsafeSe:
    """The opened source."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._fields = _fields(session)
        session.client.authenticate(lambda: sign_in(session, session.token_address or ""), expired=_ended)

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer | Ticket]:
        """One answer per request."""
        del open_tickets
        return each(self._session, requests, self._one)

    async def _one(self, request: Request) -> Answer:
        if request.identity.is_person and not self._session.options.get("persons", False):
            refusal = ("not_allowed", "kreditupplysning på fysisk person är avstängd")
            return Answer(supplier_id=request.supplier_id, missing=dict.fromkeys(sorted(request.kinds), refusal))
        if request.held_on is not None and await self._unchanged(request, request.held_on):
            return Answer(supplier_id=request.supplier_id, confirms=request.kinds)
        params = {"blockname": str(self._session.options["block"]), **self._about(request)}
        async with self._session.billing(request) as paid:
            reply = await self._session.client.get(
                f"{self._session.address}/getdata", params=params, repeatable=False, expect=frozenset({403})
            )
        if reply.status >= 400:  # no block: taken to cost nothing
            paid.free()
        return self._read(request, reply)

    async def _unchanged(self, request: Request, since: date) -> bool:
        """Whether DateCheck tells of no change since a day. An answer that cannot be read proves nothing."""
        params = {"referencedate": since.isoformat(), **self._about(request)}
        reply = await self._session.client.get(
            f"{self._session.address}/datecheck/company", params=params, expect=frozenset({403})
        )
        if reply.status != 200:
            self._heed_refusal(reply)
            return False
        try:
            table = reply.table()
            dates = list(_dates({key: value for key, value in table.items() if key != "metaData"}))
        except (SupplierFailed, ValueError):
            return False
        return bool(dates) and _code(table) == "" and max(dates) < since

    def _about(self, request: Request) -> Mapping[str, str]:
        digits = request.identity.reveal_twelve() if request.identity.is_person else request.identity.reveal()
        return {"searchnumber": digits, "language": "sv", "transactionid": uuid4().hex[:TRANSACTION_LENGTH]}

    def _heed_refusal(self, reply: Reply) -> None:
        if reply.status == 403:
            message = (
                f"{self._session.connector}: frågan ingår inte i abonnemanget (403); kontrollera avtalet med Creditsafe"
            )
            raise SourceUnavailable(message)

    def _read(self, request: Request, reply: Reply) -> Answer:
        """What was paid for: data, data with a rejection code beside it, or a code alone."""
        self._heed_refusal(reply)
        if reply.status == 404 and reply.is_json and _code(reply.table()) == NO_MATCH:
            return self._nothing(request, reply, ("not_found", "kreditupplysaren har inget sådant nummer"), billed=0)
        if reply.status == 400 and reply.is_json:
            raise SupplierFailed("rejected_input", "kreditupplysaren godtog inte frågan")
        if reply.status != 200:
            raise SupplierFailed("source_down", f"kreditupplysaren svarade {reply.status}")
        try:
            table = reply.table()
            code, report = _code(table), table.get("report")
            if code in NOT_GIVEN_OUT or (code in _PERSONAL and not isinstance(report, Mapping)):
                return self._nothing(
                    request, reply, ("redacted", f"kreditupplysaren lämnar inte ut uppgiften ({code})")
                )
            if not isinstance(report, Mapping):
                why = ("not_found", f"inga uppgifter ({code})") if code else ("partial", "svaret saknar uppgifter")
                return self._nothing(request, reply, why)
        except SupplierFailed as error:
            return self._nothing(request, reply, (error.reason, error.detail))
        return self._facts(request, reply, report, code)

    def _facts(self, request: Request, reply: Reply, report: Mapping[str, Any], code: str) -> Answer:
        raw = redact(reply.body, self._session.pseudonym)
        meta = reply.table().get("metaData")
        reference = str(meta.get("apiLogId", "")) if isinstance(meta, Mapping) else ""
        provenance = self._session.provenance(raw, request_ref=reference)
        facts: list[Fact] = []
        missing: dict[str, tuple[str, str]] = {}
        for kind in sorted(request.kinds):
            try:
                values = Values(report, self._fields.get(kind, {}), self._session.options.get("absent_is_zero", []))
                facts.append(READERS[kind](values, provenance, code))
            except SupplierFailed as error:
                missing[kind] = (error.reason, error.detail)
            except UNLIKE as error:
                missing[kind] = ("partial", f"blocket ser inte ut som väntat ({type(error).__name__})")
        return Answer(supplier_id=request.supplier_id, facts=tuple(facts), missing=missing, raw=raw, billable_calls=1)

    def _nothing(self, request: Request, reply: Reply, why: tuple[str, str], billed: int = 1) -> Answer:
        raw = redact(reply.body, self._session.pseudonym)
        missing = dict.fromkeys(sorted(request.kinds), why)
        return Answer(supplier_id=request.supplier_id, missing=missing, raw=raw, billable_calls=billed)


def _ended(reply: Reply) -> bool:
    """403 with code R2: missing, invalid or ended token."""
    if reply.status != 403 or not reply.is_json:
        return reply.status == 401
    try:
        return _code(reply.table()).startswith("R2")
    except SupplierFailed:
        return False


def _code(table: Mapping[str, Any]) -> str:
    error = table.get("error")
    return str(error.get("code", "")) if isinstance(error, Mapping) else ""


def _dates(value: object) -> Iterator[date]:
    """Every date anywhere in an answer whose shape is only known to hold the newest change of each category.

    Raises:
        ValueError: something looks like a date, and cannot be read as one: it may be the newest.
    """
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _dates(item)
    elif isinstance(value, list):
        for item in value:
            yield from _dates(item)
    elif isinstance(value, int | str) and _DATED.match(text := str(value).strip()):
        found = day(f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == len("20261118") else text)
        if found is not None:
            yield found


# --- the block ---------------------------------------------------------------------------------------------------------
class Values:
    """The fields of one kind in one report, by our names."""

    def __init__(self, report: Mapping[str, Any], fields: Fields, zero: Sequence[str]) -> None:
        self._report, self._fields, self._zero = report, fields, frozenset(zero)

    def text(self, name: str) -> str | None:
        """The field as text; ``None`` when it is not in the block or the answer."""
        value: object = self._report
        if (path := self._fields.get(name)) is None:
            return None
        for step in path.split("."):
            value = value.get(step) if isinstance(value, Mapping) else None
        return clean(str(value)) if value is not None else "0" if path in self._zero else None

    def number(self, name: str) -> Decimal | None:
        """The field as a number.

        Raises:
            SupplierFailed: ``doubtful``: it is something else.
        """
        text = self.text(name)
        if text is None:
            return None
        try:
            value = Decimal(text.replace("\u00a0", "").replace(" ", "").replace(",", "."))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            raise SupplierFailed("doubtful", f"fältet {self._fields[name]} är inget tal")
        return value

    def sek(self, name: str) -> Decimal | None:
        """An amount in kronor, as the block is agreed to give it."""
        value = self.number(name)
        return None if value is None else value.quantize(Decimal("0.01"))

    def whole(self, name: str) -> int | None:
        """A count."""
        value = self.number(name)
        return None if value is None else int(value)

    def day(self, name: str) -> date | None:
        """A date.

        Raises:
            SupplierFailed: ``doubtful``: it is something else.
        """
        try:
            return day(self.text(name))
        except ValueError:
            raise SupplierFailed("doubtful", f"fältet {self._fields[name]} är inget datum") from None


def _credit(values: Values, provenance: Provenance, code: str) -> Credit:
    score = values.whole("score")
    if score is None and values.text("band") is None and not code:
        raise SupplierFailed("partial", "fälten för betyg finns inte i svaret")
    rated = score is not None and 0 <= score <= 100
    reason = None if rated else " ".join(part for part in (str(score) if score is not None else "", code) if part)
    return Credit(
        provenance=provenance,
        score=score if rated else None,
        band=values.text("band"),
        no_rating_reason=reason or None,
        rating_changed_on=values.day("rating_changed_on"),
        credit_limit_sek=values.sek("credit_limit_sek"),
        company_status=values.text("company_status") or code or None,
    )


def _debts(values: Values, provenance: Provenance, code: str) -> EnforcementDebt:
    del code
    public = values.sek("public_debt_sek")
    if public is None:
        raise SupplierFailed("partial", "fältet för allmänna mål finns inte i svaret")
    return EnforcementDebt(
        provenance=provenance,
        public_debt_sek=public,
        public_cases=values.whole("public_cases"),
        private_debt_sek=values.sek("private_debt_sek"),
        private_cases=values.whole("private_cases"),
        applications=values.whole("applications"),
        applications_sek=values.sek("applications_sek"),
        last_case_on=values.day("last_case_on"),
    )


def _accounts(values: Values, provenance: Provenance, code: str) -> Accounts:
    del code
    period = values.day("period_to_on")
    if period is None:
        raise SupplierFailed("not_found", "inget bokslut i svaret")
    return Accounts(
        provenance=provenance,
        period_to_on=period,
        turnover_sek=values.sek("turnover_sek"),
        equity_sek=values.sek("equity_sek"),
        employees=values.whole("employees"),
    )


READERS: Final[Mapping[str, Callable[[Values, Provenance, str], Fact]]] = {
    "accounts": _accounts,
    "credit": _credit,
    "enforcement_debt": _debts,
}
KNOWN: Final = {
    "accounts": frozenset({"period_to_on", "turnover_sek", "equity_sek", "employees"}),
    "credit": frozenset({"score", "band", "rating_changed_on", "credit_limit_sek", "company_status"}),
    "enforcement_debt": frozenset({
        "public_debt_sek", "public_cases", "private_debt_sek", "private_cases", "applications", "applications_sek",
        "last_case_on",
    }),
}  # fmt: skip


def _fields(session: Session) -> Mapping[str, Fields]:
    """``kind.field`` -> their name, by kind.

    Raises:
        ConfigError: a field that no fact has.
    """
    found: dict[str, dict[str, str]] = {}
    for name, theirs in dict(session.options["fields"]).items():
        kind, _, field = str(name).partition(".")
        if field not in KNOWN.get(kind, frozenset()):
            known = ", ".join(f"{kind}.{field}" for kind in sorted(KNOWN) for field in sorted(KNOWN[kind]))
            message = (
                f"connectors/{session.connector}.toml: options.fields.{name}: no such field; expected one of {known}"
            )
            raise ConfigError(message)
        found.setdefault(kind, {})[field] = str(theirs)
    return found


ADAPTER = Adapter(
    gives=frozenset(READERS),
    origin=Origin.BUREAU,
    open=CreditsafeSe,
    secrets=("username", "password"),
    options={"block": str, "fields": dict, "absent_is_zero": list, "persons": bool},
    required_options=("block", "fields"),
    stub_path="/creditsafe_se",
    stub_token_path="/creditsafe_se",  # noqa: S106 - an address
    proves=lambda _options: True,
)
