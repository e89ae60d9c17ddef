from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from screening.adapters.skattekonto_v2 import ADAPTER
from screening.adapters.source import Answer
from screening.errors import SourceUnavailable
from screening.model import EmployerContributions, Origin, TaxAccount
from screening.stub.world import Fault

NUMBER = "5599990008"
ACCOUNT = {
    "ombud": True,
    "balance_sek": -48210,
    "at_enforcement_sek": 12500,
    "transactions": [
        (date(2026, 8, 20), "Inbetalning bokförd 260820", 1790),
        (date(2026, 9, 12), "Arbetsgivaravgift augusti 2026", -20000),
        (date(2026, 11, 12), "Arbetsgivaravgift oktober 2026", -30000),
        (date(2026, 12, 12), "Debiterad preliminärskatt", -9000),
    ],
}
COMPANY = {"number": NUMBER, "name": "Granlida AB", "tax_account": ACCOUNT}


def account(answer: Answer) -> TaxAccount:
    (fact,) = answer.facts
    assert isinstance(fact, TaxAccount)
    return fact


def answering(bench: Any, saldo: httpx.Response, rows: httpx.Response | None = None, **desk: Any) -> Any:
    def handler(request: httpx.Request) -> httpx.Response:
        if "token" in request.url.path:
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        return saldo if request.url.path.endswith("saldo") else rows or httpx.Response(200, json={})

    return bench.answering(ADAPTER, handler, **desk)


def test_a_recorded_answer_is_read(bench: Any) -> None:
    """The source's own day is what it holds for."""
    document = json.loads((bench.samples / "skattekonto_v2.json").read_bytes())
    saldo, rows = (httpx.Response(200, json=document[part]) for part in ("saldo", "transaktioner"))
    answer = answering(bench, saldo, rows).one(bench.request(NUMBER, "tax_account"))
    fact = account(answer)
    assert (fact.balance_sek, fact.at_enforcement_sek) == (Decimal(-48210), Decimal(12500))
    assert (fact.deficit_since_on, fact.reconciliations_in_deficit) == (date(2026, 9, 12), 2)
    assert fact.next_reconciliation_on == date(2026, 12, 5)
    assert fact.provenance.as_of == date(2026, 11, 14)
    assert fact.provenance.origin is Origin.AUTHORITY
    assert json.loads(answer.raw) == {"saldo": document["saldo"], "transaktioner": document["transaktioner"]}


def test_the_stub_answers_for_those_whose_ombud_we_are(bench: Any) -> None:
    """Twelve digits in the address, both pairs of keys, the same reference in header and fact."""
    desk = bench.stubbed(
        ADAPTER, COMPANY, secrets={"client_id": "a", "client_secret": "b", "gateway_id": "c", "gateway_secret": "d"}
    )
    fact = account(desk.one(bench.request(NUMBER, "tax_account")))
    assert (fact.balance_sek, fact.at_enforcement_sek) == (Decimal(-48210), Decimal(12500))
    assert (fact.deficit_since_on, fact.reconciliations_in_deficit) == (date(2026, 9, 12), 2)
    assert fact.next_reconciliation_on == date(2026, 12, 5)
    token, saldo, rows = desk.sent
    assert token.url.path == "/skattekonto_v2/oauth2/v1/org/token"
    assert saldo.url.path.endswith("/skattekonton/165599990008/saldo")
    assert rows.url.path.endswith("/skattekonton/165599990008/transaktioner")
    assert (saldo.headers["client_id"], saldo.headers["client_secret"]) == ("c", "d")
    assert saldo.headers["skv_client_correlation_id"] == fact.provenance.request_ref


def test_the_other_spelling_of_the_address_is_an_option(bench: Any) -> None:
    """Some notes have it."""
    desk = answering(bench, httpx.Response(200, json={"saldoSkatteverket": 0}), options={"base": "skattekonten"})
    fact = account(desk.one(bench.request(NUMBER, "tax_account")))
    assert "/skattekonten/" in desk.sent[1].url.path
    assert (fact.balance_sek, fact.at_enforcement_sek, fact.reconciliations_in_deficit) == (Decimal(0), None, None)
    assert fact.provenance.as_of == bench.day


@pytest.mark.parametrize("change", [{"tax_account": ACCOUNT | {"ombud": False}}, {"tax_account": None}])
def test_someone_elses_account_is_not_allowed_and_the_source_goes_on(bench: Any, change: dict[str, Any]) -> None:
    """It says nothing about the source."""
    other = COMPANY | {"number": "5599990016"} | change
    desk = bench.stubbed(ADAPTER, COMPANY, other)
    answers = desk.ask(*(bench.request(number, "tax_account") for number in ("5599990016", NUMBER, "5599990024")))
    reasons = {answer.missing["tax_account"][0] for answer in answers if answer.missing}
    assert reasons == {"not_allowed"}
    assert sum(len(answer.facts) for answer in answers) == 1


@pytest.mark.parametrize(
    ("status", "reason"), [(404, "not_allowed"), (400, "rejected_input"), (302, "source_down"), (500, "source_down")]
)
def test_other_statuses_have_their_reason(bench: Any, status: int, reason: str) -> None:
    """404 is also how an account that is not ours may look."""
    answer = answering(bench, httpx.Response(status, json={"message": "…"})).one(bench.request(NUMBER, "tax_account"))
    assert answer.missing["tax_account"][0] == reason


@pytest.mark.parametrize("body", [b'{"code": "900908"}', b'{"message": "Access forbidden"}', b"<html>"])
def test_a_no_from_the_gateway_stops_the_source(bench: Any, body: bytes) -> None:
    """We are not subscribed: nobody's account will be answered."""
    with pytest.raises(SourceUnavailable, match="släpper inte in oss"):
        answering(bench, httpx.Response(403, content=body)).one(bench.request(NUMBER, "tax_account"))


def test_half_an_answer_is_no_fact(bench: Any) -> None:
    """A balance without rows would look like a shorter deficit than there is."""
    saldo = httpx.Response(200, json={"saldoSkatteverket": -5, "saldoKronofogden": 0})
    answer = answering(bench, saldo, httpx.Response(500)).one(bench.request(NUMBER, "tax_account"))
    assert answer.missing["tax_account"][0] == "source_down"
    answer = answering(bench, httpx.Response(200, json={})).one(bench.request(NUMBER, "tax_account"))
    assert answer.missing["tax_account"][0] == "partial"


def test_a_row_without_an_amount_is_tolerated(bench: Any) -> None:
    """The balance stands; how long it has lasted does not."""
    fault = Fault(source="skattekonto_v2", kind="partial")
    fact = account(bench.stubbed(ADAPTER, COMPANY, faults=[fault]).one(bench.request(NUMBER, "tax_account")))
    assert fact.balance_sek == Decimal(-48210)
    assert (fact.deficit_since_on, fact.reconciliations_in_deficit) == (None, None)


def test_persons_are_left_alone_unless_the_connector_says_otherwise(bench: Any) -> None:
    """Their number would stand in an address; when it may, it is in no raw answer, not even inside the OCR number."""
    trader = COMPANY | {"number": bench.person, "form": "E"}
    desk = bench.stubbed(ADAPTER, trader)
    assert desk.one(bench.request(bench.person, "tax_account")).missing["tax_account"][0] == "not_allowed"
    assert desk.sent == []
    answer = bench.stubbed(ADAPTER, trader, options={"persons": True}).one(bench.request(bench.person, "tax_account"))
    assert account(answer).balance_sek == Decimal(-48210)
    assert bench.person[2:].encode() not in answer.raw


def test_a_day_that_lies_ahead_is_today(bench: Any) -> None:
    """No answer holds longer than it has been."""
    saldo = httpx.Response(200, json={"saldoSkatteverket": 1, "senastUppdaterad": "2027-01-01"})
    assert account(answering(bench, saldo).one(bench.request(NUMBER, "tax_account"))).provenance.as_of == bench.day


@pytest.mark.parametrize("kind", ["unauthorized", "bad_credentials", "forbidden"])
def test_wrong_keys_stop_the_source(bench: Any, kind: Any) -> None:
    """Rather than say that every supplier withdrew its ombud."""
    with pytest.raises(SourceUnavailable):
        bench.stubbed(ADAPTER, COMPANY, faults=[Fault(source="skattekonto_v2", kind=kind)]).one(
            bench.request(NUMBER, "tax_account")
        )


def test_contributions_are_read_from_the_same_rows(bench: Any) -> None:
    """Asked for alone, they come alone."""
    answer: Answer = bench.stubbed(ADAPTER, COMPANY).one(bench.request(NUMBER, "employer_contributions"))
    (fact,) = answer.facts
    assert isinstance(fact, EmployerContributions)
    assert fact.months == (("2026-08", Decimal(20_000)), ("2026-10", Decimal(30_000)))
