"""Skatteverket's Skattekonto API v2, for suppliers that have made the buyer their ombud.

For everyone else the account is secret: 403 or 404 about one supplier says ``not_allowed`` for that supplier and nothing
about the source. The provider has the number in the address of the call, so persons are left alone unless the connector's
option ``persons`` allows it. Both questions (balance and rows) must be answered before there is a fact.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from screening.adapters.fanout import each
from screening.adapters.oauth import client_credentials
from screening.adapters.persons import redact
from screening.adapters.skattekonto import KINDS, Statement, contributions, facts, rows_of
from screening.adapters.source import Adapter, Answer, Request, Session, Ticket
from screening.adapters.wire import Day, Wire, shaped
from screening.client import Reply
from screening.errors import SourceUnavailable, SupplierFailed
from screening.model import Origin

WINDOW = timedelta(days=555)
"""What the list of rows reaches back when nothing is asked for."""
_OURS_TO_READ = frozenset({403})
_NOT_OURS = "leverantören har inte gjort oss till ombud hos Skatteverket, eller har återkallat det"


class Balance(Wire):
    """``saldo``."""

    saldo_skatteverket: Decimal
    saldo_kronofogden: Decimal | None = None
    nasta_avstamningsdatum: Day = None
    senast_uppdaterad: Day = None


class Transaction(Wire):
    """One booked row. Of the text only a month's employer contributions are read: it may name persons."""

    transaktionsdatum: Day = None
    transaktionstext: str | None = None
    belopp_skatteverket: Decimal | None = None


class Transactions(Wire):
    """``transaktioner``; what is coming is no part of the balance."""

    tidigare_transaktioner: tuple[Transaction, ...] | None = None


def at_enforcement(balance: Decimal | None) -> Decimal | None:
    """Kronofogden's side of the account as a positive debt; it is written as a negative balance."""
    return None if balance is None else max(Decimal(0), -balance)


@dataclass(frozen=True, slots=True)
class _Skattekonto:
    session: Session

    def ask(self, requests: Sequence[Request], open_tickets: Sequence[Ticket]) -> AsyncIterator[Answer]:
        """Two calls for each supplier."""
        del open_tickets
        return each(self.session, requests, self.one)

    async def one(self, request: Request) -> Answer:
        """The answer about one supplier.

        Raises:
            SupplierFailed: no usable answer.
            SourceUnavailable: the source stops.
        """
        if request.identity.is_person and not self.session.options.get("persons", False):
            raise SupplierFailed("not_allowed", "personnummer sänds inte i adressen till Skatteverket")
        saldo, reference = await self._get(request, "saldo")
        balance = shaped(Balance, saldo.table())
        rows, _ = await self._get(request, "transaktioner")
        today = self.session.now().date()
        as_of = min(balance.senast_uppdaterad or today, today)
        booked = shaped(Transactions, rows.table()).tidigare_transaktioner
        statement = Statement(
            as_of=as_of,
            balance=balance.saldo_skatteverket,
            at_enforcement=at_enforcement(balance.saldo_kronofogden),
            next_reconciliation=balance.nasta_avstamningsdatum,
            rows=None
            if booked is None
            else rows_of([(r.transaktionsdatum, r.belopp_skatteverket) for r in booked], as_of),
            rows_from=as_of - WINDOW,
            contributions=contributions(
                (row.transaktionsdatum, row.transaktionstext or "", row.belopp_skatteverket) for row in booked or ()
            ),
        )
        raw = b'{"saldo":' + saldo.body + b',"transaktioner":' + rows.body + b"}"
        if request.identity.is_person:
            raw = redact(raw, self.session.pseudonym, also=[request.identity.reveal()])
        provenance = self.session.provenance(raw, as_of=as_of, request_ref=reference)
        found, missing = facts(statement, provenance, request.kinds)
        return Answer(supplier_id=request.supplier_id, facts=found, missing=missing, raw=raw)

    async def _get(self, request: Request, what: str) -> tuple[Reply, str]:
        reference = str(uuid4())
        base = str(self.session.options.get("base", "skattekonton"))
        reply = await self.session.client.get(
            f"{self.session.address}/{base}/{request.identity.reveal_twelve()}/{what}",
            headers={**self._gateway(), "skv_client_correlation_id": reference},
            expect=_OURS_TO_READ,
        )
        if reply.status == 200:
            return reply, reference
        if reply.status == 403:
            if _not_subscribed(reply):
                message = (
                    f"{self.session.connector}: Skatteverkets API-sluss släpper inte in oss (403); kontrollera gateway_id, "
                    "gateway_secret och att tjänsten ingår i anslutningen"
                )
                raise SourceUnavailable(message)
            raise SupplierFailed("not_allowed", _NOT_OURS)
        if reply.status == 404:
            raise SupplierFailed("not_allowed", _NOT_OURS)
        if reply.status == 400:
            raise SupplierFailed("rejected_input", "Skatteverket tog inte emot numret")
        raise SupplierFailed("source_down", f"Skatteverket svarade {reply.status}")

    def _gateway(self) -> Mapping[str, str]:
        """The API gateway's own key pair, which is not that of OAuth2."""
        secrets = self.session.secrets
        return {"client_id": secrets.get("gateway_id", ""), "client_secret": secrets.get("gateway_secret", "")}


def _not_subscribed(reply: Reply) -> bool:
    """Whether the gateway, rather than the account's owner, says no."""
    try:
        table = reply.table()
    except SupplierFailed:
        return True
    return str(table.get("code", "")).startswith("9009") or table.get("message") == "Access forbidden"


def _open(session: Session) -> _Skattekonto:
    fetch = client_credentials(session, scope=str(session.options.get("scope", "ska")))
    session.client.authenticate(fetch)
    return _Skattekonto(session)


ADAPTER = Adapter(
    gives=KINDS,
    origin=Origin.AUTHORITY,
    open=_open,
    secrets=("client_id", "client_secret", "gateway_id", "gateway_secret"),
    options={"base": str, "scope": str, "persons": bool, "token_credentials": str},
    stub_path="/skattekonto_v2/beskattning/skattekonto/v2",
    stub_token_path="/skattekonto_v2/oauth2/v1/org/token",  # noqa: S106 - an address
)
