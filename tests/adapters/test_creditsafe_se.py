"""Creditsafe Sweden: a block of the customer's own fields, rejection codes inside 200, and DateCheck before anything is bought."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from screening.adapters.creditsafe_se import ADAPTER
from screening.adapters.source import Answer
from screening.connectors import load_sources
from screening.errors import ConfigError, SourceUnavailable
from screening.model import Accounts, Credit, EnforcementDebt
from screening.stub.world import Fault

OPTIONS = load_sources(Path(__file__).parents[2] / "connectors")["creditsafe_se"].table.options
NUMBER = "5599999017"
COMPANY = {
    "number": NUMBER, "name": "Exempel AB", "credit": {"score": 62, "limit_sek": 900000, "changed_on": "2026-09-14"},
    "debts": {"public_sek": 70000, "public_cases": 3, "last_case_on": "2026-10-01"},
    "accounts": {"period_to_on": "2025-12-31", "turnover_sek": 18400000, "employees": 11},
    "event": [{"on": "2026-11-20", "set": {"credit": {"score": 20}}}],
}  # fmt: skip
KINDS = ("accounts", "credit", "enforcement_debt")


def desk(bench: Any, *faults: str, **more: Any) -> Any:
    struck = [Fault(source="creditsafe_se", kind=kind) for kind in faults]
    options = {**OPTIONS, **more.pop("options", {})}
    return bench.stubbed(ADAPTER, COMPANY, faults=struck, options=options, price_sek=Decimal(6), **more)


def asked(one: Any, bench: Any, held_on: date | None = None, kinds: tuple[str, ...] = KINDS) -> Answer:
    answer: Answer = one.one(replace(bench.request(NUMBER, *kinds), held_on=held_on))
    return answer


def facts(answer: Answer) -> tuple[Accounts, Credit, EnforcementDebt]:
    accounts, credit, debt = answer.facts
    assert isinstance(accounts, Accounts)
    assert isinstance(credit, Credit)
    assert isinstance(debt, EnforcementDebt)
    return accounts, credit, debt


@pytest.mark.parametrize("fault", [(), ("odd",)])
def test_the_block_becomes_facts(bench: Any, fault: tuple[str, ...]) -> None:
    """Whether numbers are numbers or texts with spaces and commas."""
    one = desk(bench, *fault)
    accounts, credit, debt = facts(asked(one, bench))
    assert (credit.score, credit.credit_limit_sek, credit.company_status) == (20, Decimal(900000), "Aktivt")
    assert (debt.public_debt_sek, debt.public_cases, debt.last_case_on) == (Decimal(70000), 3, date(2026, 10, 1))
    assert (accounts.period_to_on, accounts.turnover_sek, accounts.employees) == (
        date(2025, 12, 31),
        Decimal(18400000),
        11,
    )
    assert one.billed


def test_what_changed_is_bought_and_what_did_not_is_not(bench: Any) -> None:
    """DateCheck tells of the day; the day itself is not enough."""
    one = desk(bench)
    assert asked(one, bench, held_on=date(2026, 11, 25)).confirms == set(KINDS)
    assert not one.billed
    assert asked(one, bench, held_on=date(2026, 11, 20)).facts
    assert asked(one, bench, held_on=date(2026, 11, 10)).facts
    assert len(one.billed) == 2


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b"{}", b'{"report": {}}', b'{"metaData": {"timeStamp": "2020-01-01"}}',
     b'{"error": {"code": "S231"}, "report": {"x": "2020-01-01"}}', b'{"report": {"x": "2026-13-45"}}'],
)  # fmt: skip
def test_a_date_check_that_cannot_be_read_proves_nothing(bench: Any, body: bytes) -> None:
    """The block is bought."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "authenticate" in request.url.path:
            return httpx.Response(200, json={"token": "t"})
        if "datecheck" in request.url.path:
            return httpx.Response(200, content=body, headers={"content-type": "application/json"})
        return httpx.Response(200, json={"metaData": {}, "report": {"RATING": 62}})

    one = bench.answering(
        ADAPTER, answer, options=OPTIONS, price_sek=Decimal(6), address="https://x", token_address="https://t"
    )
    assert asked(one, bench, held_on=date(2026, 11, 25), kinds=("credit",)).facts


def test_a_token_that_ended_is_renewed_once(bench: Any) -> None:
    """403 with R2 is an ended token here."""
    one = bench.stubbed(
        ADAPTER, COMPANY, options=OPTIONS, faults=[Fault(source="creditsafe_se", kind="expired", first=1)]
    )
    assert asked(one, bench).facts
    with pytest.raises(SourceUnavailable, match="ny token"):
        asked(desk(bench, "unauthorized"), bench)


def test_another_403_is_the_agreement(bench: Any) -> None:
    """The source stops, also at DateCheck."""
    for held_on in (None, date(2026, 11, 25)):
        with pytest.raises(SourceUnavailable, match="abonnemanget"):
            asked(desk(bench, "forbidden"), bench, held_on)


@pytest.mark.parametrize(
    ("fault", "reason", "billed"),
    [
        ("unknown", "not_found", 0),
        ("rejected_bare", "not_found", 1),
        ("protected", "redacted", 1),
        ("truncated", "partial", 1),
    ],
)
def test_answers_without_data_have_a_reason(bench: Any, fault: str, reason: str, billed: int) -> None:
    """Never zero debts, never a rating."""
    answer = asked(desk(bench, fault), bench)
    assert answer.facts == ()
    assert {why for why, _ in answer.missing.values()} == {reason}
    assert answer.billable_calls == billed


def test_data_beside_a_rejection_code_are_data(bench: Any) -> None:
    """A winding-up that has ended, with the report."""
    _, credit, debt = facts(asked(desk(bench, "rejected"), bench))
    assert credit.company_status == "Aktivt"
    assert debt.public_debt_sek == Decimal(70000)


def test_a_negative_code_is_no_rating(bench: Any) -> None:
    """It is the reason for having none."""
    _, credit, _ = facts(asked(desk(bench, "no_rating"), bench))
    assert (credit.score, credit.no_rating_reason) == (None, "-29")


def test_fields_that_are_left_out_are_not_zero(bench: Any) -> None:
    """Unless the connector says that they are."""
    answer = asked(desk(bench, "partial"), bench)
    assert {kind: reason for kind, (reason, _) in answer.missing.items()} == {
        "accounts": "not_found", "credit": "partial", "enforcement_debt": "partial",
    }  # fmt: skip
    zero = {"absent_is_zero": ["PUBLIC_DEBT", "PRIVATE_DEBT"]}
    (debt,) = asked(desk(bench, "partial", options=zero), bench, kinds=("enforcement_debt",)).facts
    assert isinstance(debt, EnforcementDebt)
    assert (debt.public_debt_sek, debt.private_debt_sek, debt.public_cases) == (Decimal(0), Decimal(0), None)


@pytest.mark.parametrize(
    ("field", "value", "kind"), [("RATING", "hög", "credit"), ("ACCOUNTS_TO", "snart", "accounts")]
)
def test_odd_values_are_doubtful(bench: Any, field: str, value: str, kind: str) -> None:
    """They are not guessed."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "authenticate" in request.url.path:
            return httpx.Response(200, json={"token": "t"})
        return httpx.Response(200, json={"report": {field: value}})

    one = bench.answering(ADAPTER, answer, options=OPTIONS, address="https://x", token_address="https://t")
    assert asked(one, bench, kinds=(kind,)).missing[kind][0] == "doubtful"


@pytest.mark.parametrize(("status", "reason"), [(400, "rejected_input"), (404, "source_down"), (418, "source_down")])
def test_other_statuses_are_no_answers(bench: Any, status: int, reason: str) -> None:
    """A 404 of another's page is not that nobody is there."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "authenticate" in request.url.path:
            return httpx.Response(200, json={"token": "t"})
        return httpx.Response(status, json={"error": {"code": "15" if status == 400 else "7"}})

    one = bench.answering(ADAPTER, answer, options=OPTIONS, address="https://x", token_address="https://t")
    assert asked(one, bench, kinds=("credit",)).missing["credit"][0] == reason


def test_persons_are_not_asked_about(bench: Any) -> None:
    """The number would be in an address, and the person would get a letter."""
    answer = desk(bench).one(bench.request(bench.person, "credit"))
    assert answer.missing["credit"][0] == "not_allowed"


def test_a_field_that_no_fact_has_is_refused(bench: Any) -> None:
    """With what there is."""
    with pytest.raises(ConfigError, match=r"credit\.scoree.*credit\.score"):
        asked(desk(bench, options={"fields": {"credit.scoree": "X"}}), bench)


@pytest.mark.parametrize(
    ("dates", "proved"),
    [
        ({"rating": "20261118", "board": "2026-10-01"}, True),
        ({"rating": 20261118}, True),
        ({"rating": "20261128", "board": "2026-10-01"}, False),
        ({"rating": "18.11.2026", "board": "2026-10-01"}, False),
        ({"rating": "18/11/26", "board": "2026-10-01"}, False),
        ({"rating": "2026-11-18T03:00:00+01:00", "board": None}, True),
    ],
)
def test_a_date_that_cannot_be_read_is_no_old_one(bench: Any, dates: dict[str, Any], proved: bool) -> None:
    """With dashes or without; in another order it may be the newest, and then nothing is proved."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "authenticate" in request.url.path:
            return httpx.Response(200, json={"token": "t"})
        if "datecheck" in request.url.path:
            return httpx.Response(200, json={"metaData": {"timeStamp": "2026-11-30"}, "report": dates})
        return httpx.Response(200, json={"report": {"RATING": 62}})

    one = bench.answering(ADAPTER, answer, options=OPTIONS, address="https://x", token_address="https://t")
    assert bool(asked(one, bench, held_on=date(2026, 11, 25), kinds=("credit",)).confirms) is proved


@pytest.mark.parametrize("value", ["NaN", "Infinity", "sextio", "1E+60"])
def test_a_number_that_is_none_is_no_number(bench: Any, value: str) -> None:
    """The kind that it belongs to is a gap; what was paid for stays paid for, and the others stand."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "authenticate" in request.url.path:
            return httpx.Response(200, json={"token": "t"})
        return httpx.Response(200, json={"report": {"RATING": 62, "PUBLIC_DEBT": value}})

    one = bench.answering(ADAPTER, answer, options=OPTIONS, address="https://x", token_address="https://t")
    told = asked(one, bench, kinds=("credit", "enforcement_debt"))
    assert [fact.kind for fact in told.facts] == ["credit"]
    assert told.missing["enforcement_debt"][0] in ("doubtful", "partial")
    assert told.billable_calls == 1
