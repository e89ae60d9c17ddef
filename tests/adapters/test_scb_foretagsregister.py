"""SCB's register: codes, both spellings, and what has not been ordered."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from screening.adapters.scb_foretagsregister import ADAPTER
from screening.client import Limits
from screening.errors import SourceUnavailable
from screening.model import TaxRegistration

NUMBER = "5599999017"
KIND = "tax_registration"

Bench = Any  # the class stands in conftest.py, which a test cannot import


def answered(bench: Bench, document: object, status: int = 200) -> Any:
    return bench.answering(ADAPTER, lambda _: httpx.Response(status, json=document)).one(bench.request(NUMBER, KIND))


@pytest.fixture
def sample(bench: Bench) -> list[dict[str, str]]:
    document: list[dict[str, str]] = json.loads((bench.samples / "scb_foretagsregister.json").read_text("utf-8"))
    return document


def test_the_recorded_row(bench: Bench, sample: list[dict[str, str]]) -> None:
    """9 has ended, 3 is registered through a representative, a star has not been ordered."""
    fact = answered(bench, sample).facts[0]
    assert isinstance(fact, TaxRegistration)
    assert (fact.f_tax, fact.vat, fact.employer) == ("ended", "active", None)
    assert fact.provenance.as_of == bench.day


@pytest.mark.parametrize(
    ("code", "state"),
    [("0", "never"), ("1", "active"), ("2", "active"), ("3", "active"), ("4", "active"), ("9", "ended")],
)
def test_documented_names_carry_the_code_alone(bench: Bench, code: str, state: str) -> None:
    """``F-skattstatus`` and ``Fskattstatus, kod`` are the same member."""
    row = {"OrgNr (10 siffror)": "559999-9017", "F-skattstatus": "1", "Momsstatus": "0", "Arbetsgivarstatus": code}
    fact = answered(bench, [row]).facts[0]
    assert (fact.f_tax, fact.vat, fact.employer) == ("active", "never", state)


@pytest.mark.parametrize("spelling", ["documented", "seen"])
def test_the_stub_speaks_both_spellings(bench: Bench, spelling: str) -> None:
    """Registrations begin and end on their days."""
    company = {
        "number": NUMBER,
        "name": "A",
        "f_tax": {"from_on": "2019-01-01", "to_on": "2026-11-30"},
        "vat": {"from_on": "2019-01-01", "to_on": "2026-12-01"},
        "employer": {"from_on": "2026-12-01"},
    }
    desk = bench.stubbed(ADAPTER, company, stub_options={"scb_foretagsregister": {"spelling": spelling}})
    fact = desk.one(bench.request(NUMBER, KIND)).facts[0]
    assert (fact.f_tax, fact.vat, fact.employer) == ("ended", "active", "never")
    assert b"status" not in desk.sent[0].content.lower()


def test_a_struck_off_company_is_found(bench: Bench) -> None:
    """The question has no filter on status, under which it would look unknown."""
    company = {"number": NUMBER, "name": "A", "deregistered_on": "2026-10-01", "f_tax": {"from_on": "2019-01-01"}}
    desk = bench.stubbed(ADAPTER, company)
    assert desk.one(bench.request(NUMBER, KIND)).facts


def test_a_sole_trader_is_asked_about_in_the_body(bench: Bench) -> None:
    """The number is in no address."""
    desk = bench.stubbed(
        ADAPTER, {"number": bench.person, "name": "Firma", "form": "E", "f_tax": {"from_on": "2019-01-01"}}
    )
    answer = desk.one(bench.request(bench.person, KIND))
    assert answer.facts[0].f_tax == "active"
    assert bench.person[2:] not in str(desk.sent[0].url)
    assert bench.person[2:].encode() not in answer.raw


def test_nobody_of_that_number(bench: Bench) -> None:
    """An empty list is not found."""
    assert bench.stubbed(ADAPTER).one(bench.request(NUMBER, KIND)).missing[KIND][0] == "not_found"


def test_nothing_ordered_is_no_source(bench: Bench) -> None:
    """Stars in every member: the agreement with SCB does not hold them, and they are not zero."""
    stars = {"scb_foretagsregister": {"not_ordered": ("F-skattstatus", "Momsstatus", "Arbetsgivarstatus")}}
    desk = bench.stubbed(ADAPTER, {"number": NUMBER, "name": "A"}, stub_options=stars)
    assert desk.one(bench.request(NUMBER, KIND)).missing[KIND][0] == "no_source"


@pytest.mark.parametrize(
    ("document", "status", "reason"),
    [
        ({"Message": "x"}, 200, "partial"),
        (["x"], 200, "partial"),
        ([{"PeOrgNr": "165599999009", "Momsstatus": "1"}], 200, "doubtful"),
        ([{"Momsstatus": "1"}], 200, "doubtful"),
        ([{"PeOrgNr": "165599999017", "Momsstatus": "7"}], 200, "doubtful"),
        ({"Message": "x"}, 400, "rejected_input"),
        ({"Message": "x"}, 404, "source_down"),
    ],
)
def test_what_cannot_be_read_has_a_reason(bench: Bench, document: object, status: int, reason: str) -> None:
    """Another shape, another number, an unknown code, a refusal: no registration is made up."""
    assert answered(bench, document, status).missing[KIND][0] == reason


def test_ten_calls_in_ten_seconds(bench: Bench) -> None:
    """The declared limit keeps us inside the one that SCB has: no call is refused."""
    numbers = ["5599999017", "5599999009", "5599999025", "5599999033", "5599999041", "5599999058"] * 4
    limits = Limits(per_second=1, concurrent=2, reserve=0)
    desk = bench.stubbed(ADAPTER, imitate_limits=True, limits=limits)
    assert len(desk.ask(*(bench.request(number, KIND) for number in numbers))) == len(numbers)
    assert {call.status for call in desk.ledger} == {200}


def test_a_wrong_id_stops_the_source(bench: Bench) -> None:
    """The id is one for all suppliers."""
    with pytest.raises(SourceUnavailable, match="nyckel"):
        bench.stubbed(ADAPTER, secrets={"api_id": "wrong"}).one(bench.request(NUMBER, KIND))


def test_a_registration_after_one_that_ended_is_active(bench: Bench) -> None:
    """A world's timeline sets the new first day; the last day of the old one stays."""
    company = {"number": NUMBER, "name": "A", "f_tax": {"from_on": "2026-11-10", "to_on": "2026-09-05"}}
    answer = bench.stubbed(ADAPTER, company).one(bench.request(NUMBER, "tax_registration"))
    assert answer.facts[0].f_tax == "active"
