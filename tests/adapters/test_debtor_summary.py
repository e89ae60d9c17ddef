"""Debtor summaries: no debts, debts, and answers that are neither."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from screening.adapters.debtor_summary import ADAPTER
from screening.errors import SourceUnavailable
from screening.model import EnforcementDebt

NUMBER = "5599999017"
KIND = "enforcement_debt"

Bench = Any  # the class stands in conftest.py, which a test cannot import


def answered(bench: Bench, reply: httpx.Response, **desk: Any) -> Any:
    handler = lambda _: httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)  # noqa: E731
    return bench.answering(ADAPTER, handler, **desk).one(bench.request(NUMBER, KIND))


@pytest.fixture
def sample(bench: Bench) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((bench.samples / "debtor_summary.json").read_text("utf-8"))
    return document


def test_the_recorded_summary(bench: Bench, sample: dict[str, Any]) -> None:
    """Sums by kind of claim, the tax part by description, applications that stand, and the balance's own day."""
    debt = answered(bench, httpx.Response(200, json=sample)).facts[0]
    assert isinstance(debt, EnforcementDebt)
    assert (debt.public_debt_sek, debt.public_cases) == (Decimal("123500.25"), 6)
    assert debt.tax_debt_sek == Decimal(120000)
    assert (debt.private_debt_sek, debt.private_cases) == (Decimal("25000.50"), 1)
    assert (debt.applications, debt.applications_sek) == (2, Decimal("26000.50"))
    assert debt.last_case_on == date(2026, 11, 3)
    assert debt.provenance.as_of == date(2026, 11, 26)


def test_time_stamps_may_count_milliseconds(bench: Bench, sample: dict[str, Any]) -> None:
    """Both are unix times; the size tells which."""
    sample["debtBalance"]["lastUpdated"] *= 1000
    assert answered(bench, httpx.Response(200, json=sample)).facts[0].provenance.as_of == date(2026, 11, 26)


@pytest.mark.parametrize("description", ["Allmänna mål", "", None])
def test_the_tax_part_is_not_guessed(bench: Bench, sample: dict[str, Any], description: str | None) -> None:
    """One sum for all public claims may be fines: the split is not known."""
    sample["debtBalance"]["public"][1]["description"] = description
    sample["debtBalance"]["public"][1]["numberOfCases"] = None
    debt = answered(bench, httpx.Response(200, json=sample)).facts[0]
    assert (debt.tax_debt_sek, debt.public_cases) == (None, None)


def test_no_debts_is_an_answer(bench: Bench) -> None:
    """The interface's own 404: zeros, as a fact with today's date."""
    answer = bench.stubbed(ADAPTER, {"number": NUMBER, "name": "A"}).one(bench.request(NUMBER, KIND))
    debt = answer.facts[0]
    assert isinstance(debt, EnforcementDebt)
    assert not any((debt.public_debt_sek, debt.private_debt_sek, debt.tax_debt_sek, debt.applications))
    assert None not in (debt.private_debt_sek, debt.tax_debt_sek, debt.applications)
    assert debt.provenance.as_of == bench.day


@pytest.mark.parametrize(
    "reply",
    [
        httpx.Response(404, text="<html>not here</html>", headers={"Content-Type": "text/html"}),
        httpx.Response(404),
        httpx.Response(302, headers={"Location": "https://maintenance.example/"}),
    ],
)
def test_an_outage_page_is_not_no_debts(bench: Bench, reply: httpx.Response) -> None:
    """A 404 of a gateway, or a redirect to a page about maintenance, says nothing about a supplier."""
    assert answered(bench, reply).missing[KIND][0] == "source_down"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.pop("debtBalance"), "partial"),
        (lambda d: (d["debtBalance"].pop("totalAmountInSEK"), d["debtBalance"].pop("private")), "partial"),
        (lambda d: (d["debtBalance"].pop("totalAmountInSEK"), d["debtBalance"].pop("public")), "partial"),
        (lambda d: d["debtBalance"]["public"][0].pop("totalAmountInSEK"), "partial"),
        (lambda d: d["debtBalance"].update(public=[]), "doubtful"),
        (lambda d: d["debtBalance"].update(private=None), "doubtful"),
        (lambda d: d["recordOfPaymentApplications"].update(lastCaseDate="igår"), "partial"),
    ],
)
def test_an_answer_that_is_not_whole_is_no_zero(bench: Bench, sample: dict[str, Any], change: Any, reason: str) -> None:
    """A missing amount or sums that do not add up are never read as no debt."""
    change(sample)
    answer = answered(bench, httpx.Response(200, json=sample), price_sek=Decimal(5))
    assert (answer.missing[KIND][0], answer.facts, answer.billable_calls) == (reason, (), 1)


def test_a_null_balance_is_no_debt(bench: Bench, sample: dict[str, Any]) -> None:
    """Someone with old remarks and applications alone owes nothing now."""
    sample["debtBalance"] = None
    sample["recordOfPaymentApplications"] = None
    debt = answered(bench, httpx.Response(200, json=sample)).facts[0]
    assert (debt.public_debt_sek, debt.private_debt_sek, debt.applications_sek) == (Decimal(0),) * 3
    assert debt.last_case_on == date(2026, 11, 3)


def test_an_application_without_an_amount_has_no_sum(bench: Bench, sample: dict[str, Any]) -> None:
    """The count is known, the sum is not."""
    sample["recordOfPaymentApplications"]["orderToPayCases"][0]["amount"] = None
    debt = answered(bench, httpx.Response(200, json=sample)).facts[0]
    assert (debt.applications, debt.applications_sek) == (2, None)


@pytest.mark.parametrize("tax", [None, 4000, 5000, 0])
def test_the_stub_tells_what_the_world_says(bench: Bench, tax: int | None) -> None:
    """Public, private and tax come back as they were put in."""
    debts = {
        "public_sek": 5000,
        "public_cases": 2,
        "tax_sek": tax,
        "private_sek": 70,
        "private_cases": 1,
        "applications": 1,
    }
    more = {"applications_sek": 99, "last_case_on": "2026-11-01"}
    desk = bench.stubbed(ADAPTER, {"number": NUMBER, "name": "A", "debts": {**debts, **more}}, price_sek=Decimal(5))
    debt = desk.one(bench.request(NUMBER, KIND)).facts[0]
    assert isinstance(debt, EnforcementDebt)
    assert (debt.public_debt_sek, debt.public_cases) == (Decimal(5000), 2)
    assert debt.tax_debt_sek == (None if tax is None else Decimal(tax))
    assert (debt.private_debt_sek, debt.applications, debt.applications_sek) == (Decimal(70), 1, Decimal(99))
    assert debt.last_case_on == date(2026, 11, 1)
    assert len(desk.billed) == 1


def test_a_persons_number_is_kept_out_of_addresses(bench: Bench) -> None:
    """There is no way to ask without it: not asked, unless the connector says that it may be."""
    person = {"number": bench.person, "name": "Firma", "form": "E", "debts": {"public_sek": 900, "public_cases": 1}}
    desk = bench.stubbed(ADAPTER, person)
    assert desk.one(bench.request(bench.person, KIND)).missing[KIND][0] == "not_allowed"
    assert not desk.sent
    desk.options = {"persons": True}
    assert desk.one(bench.request(bench.person, KIND)).facts[0].public_debt_sek == 900


def test_a_wrong_key_stops_the_source(bench: Bench) -> None:
    """The key is one for all suppliers."""
    with pytest.raises(SourceUnavailable, match="nyckel"):
        bench.stubbed(ADAPTER, secrets={"api_key": "wrong"}).one(bench.request(NUMBER, KIND))


def test_remarks_are_counted_where_they_are_told(bench: Bench, sample: dict[str, Any]) -> None:
    """A null record is none; a record that is not there, or without a count, is not known."""
    sample["recordOfNonPayment"] = {"numberOfCases": 3, "totalAmountInSEK": 41250.5, "lastCaseDate": "2026-08-14"}
    told = answered(bench, httpx.Response(200, json=sample)).facts[0]
    assert (told.remarks, told.remarks_sek, told.last_remark_on) == (3, Decimal("41250.50"), date(2026, 8, 14))
    sample["recordOfNonPayment"] = None
    assert answered(bench, httpx.Response(200, json=sample)).facts[0].remarks == 0
    sample["recordOfNonPayment"] = {"lastCaseDate": "2026-08-14"}
    assert answered(bench, httpx.Response(200, json=sample)).facts[0].remarks is None
    del sample["recordOfNonPayment"]
    untold = answered(bench, httpx.Response(200, json=sample)).facts[0]
    assert (untold.remarks, untold.remarks_sek, untold.last_remark_on) == (None, None, None)


@pytest.mark.parametrize(
    ("debts", "remarks"),
    [
        ({"remarks": 2, "remarks_sek": 18_500, "last_case_on": date(2026, 8, 14)}, (2, Decimal(18_500))),
        ({"remarks": 2, "remarks_sek": 18_500}, (2, Decimal(18_500))),
        ({"private_sek": 10_000, "private_cases": 1, "last_case_on": date(2026, 8, 14)}, (0, Decimal(0))),
        ({"private_sek": 10_000, "private_cases": 1}, (0, Decimal(0))),
        ({}, (0, Decimal(0))),
    ],
)
def test_the_stub_tells_the_remarks_of_its_world(
    bench: Bench, debts: dict[str, Any], remarks: tuple[int, Decimal]
) -> None:
    """Whoever has remarks alone is no 404."""
    company = {"number": NUMBER, "name": "A", "debts": debts}
    debt = bench.stubbed(ADAPTER, company).one(bench.request(NUMBER, KIND)).facts[0]
    assert (debt.remarks, debt.remarks_sek) == remarks


@pytest.mark.parametrize(
    "body",
    [
        {
            "code": "404",
            "type": "Status report",
            "message": "Runtime Error",
            "description": "No matching resource found",
        },
        {"fault": {"code": 900906, "message": "No matching resource found"}},
        {"statusCode": 404, "message": "Resource not found"},
        {"message": "no Route matched with those values"},
        {"timestamp": "2026-11-30T09:00:00", "status": 404, "error": "Not Found", "path": "/x"},
    ],
)
def test_a_gateway_without_the_address_is_not_no_debts(bench: Bench, body: dict[str, Any]) -> None:
    """A wrong address would make everybody free of debts: the source stops, and says what to look at."""
    with pytest.raises(SourceUnavailable, match=r"options\.path"):
        answered(bench, httpx.Response(404, json=body))


@pytest.mark.parametrize("body", [{"title": "Not Found", "status": 404}, {"message": "No debts"}, []])
def test_the_interfaces_own_404_is(bench: Bench, body: Any) -> None:
    """As far as its shape is known."""
    assert answered(bench, httpx.Response(404, json=body)).facts
