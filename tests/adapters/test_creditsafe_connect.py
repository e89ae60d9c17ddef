"""Creditsafe Connect: search, report, and everything that a 200 may fail to mean."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from screening.adapters.creditsafe_connect import ADAPTER
from screening.errors import SourceUnavailable
from screening.model import Accounts, Credit, EnforcementDebt, Shareholders
from screening.stub.world import Fault

NUMBER = "5599999017"
COMPANY = {"number": NUMBER, "name": "Exempel AB", "credit": {"score": 62, "limit_sek": 900000}}
PATHS = {"public_debt_sek": "negativeInformation.claims.public", "private_cases": "negativeInformation.claims.cases"}
HIT = {"id": "SE-X-1", "regNo": "559999-9017", "status": "Active"}

Bench = Any  # the class stands in conftest.py, which a test cannot import


def provider(
    report: dict[str, Any] | Callable[[httpx.Request], httpx.Response], search: dict[str, Any] | None = None
) -> Callable[[httpx.Request], httpx.Response]:
    """Signs in, finds one company, and gives this report."""
    found = search or {"messages": [], "totalSize": 1, "companies": [HIT]}

    def handler(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/authenticate"):
            return httpx.Response(200, json={"token": "T"})
        if request.url.path.endswith("/companies"):
            return httpx.Response(200, json=found)
        return report(request) if callable(report) else httpx.Response(200, json=report)

    return handler


@pytest.fixture
def sample(bench: Bench) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((bench.samples / "creditsafe_connect.json").read_text("utf-8"))
    return document


def test_the_recorded_report(bench: Bench, sample: dict[str, Any]) -> None:
    """Every kind is read from where the bureau puts it; texts become numbers, a group's accounts are left."""
    desk = bench.answering(ADAPTER, provider(sample))
    answer = desk.one(bench.request(NUMBER, "credit", "shareholders", "accounts"))
    assert not answer.missing
    accounts, credit, owners = answer.facts
    assert isinstance(credit, Credit)
    assert (credit.score, credit.band, credit.previous_score, credit.previous_band) == (62, "B", 74, "A")
    assert (credit.credit_limit_sek, credit.company_status) == (Decimal(900000), "Active")
    assert credit.rating_changed_on == date(2026, 9, 14)
    assert (credit.failed_sections, credit.no_rating_reason) == (("NegativeInformation",), None)
    assert isinstance(accounts, Accounts)
    assert (accounts.period_to_on, accounts.employees) == (date(2025, 12, 31), 11)
    assert (accounts.turnover_sek, accounts.equity_sek) == (Decimal(18400000), Decimal("2100000.50"))
    assert isinstance(owners, Shareholders)
    assert [(owner.name, owner.share_from) for owner in owners.owners] == [
        ("Anna Exempel", Decimal("0.6")),
        ("Exempel Holding AB", Decimal("0.4")),
    ]
    assert credit.provenance.as_of == date(2026, 11, 21)
    assert credit.provenance.request_ref == sample["correlationId"]
    assert answer.billable_calls == 1


def test_a_known_id_needs_no_search(bench: Bench) -> None:
    """Next month only the report is asked for; the intent is opened for it alone."""
    desk = bench.stubbed(ADAPTER, COMPANY)
    desk.one(bench.request(NUMBER, "credit"))
    desk.one(bench.request(NUMBER, "credit"))
    operations = [call.operation for call in desk.ledger]
    assert operations == ["authenticate", "search", "report", "authenticate", "report"]
    assert len(desk.billed) == 2


@pytest.mark.parametrize("status", [400, 404])
def test_an_id_that_has_changed_is_searched_for_once(bench: Bench, status: int) -> None:
    """A dead id is dropped, the company searched for, and the report bought once."""
    gone = {"creditsafe_connect": {"gone": {NUMBER}, "status": status}}
    desk = bench.stubbed(ADAPTER, COMPANY, stub_options=gone)
    request = bench.request(NUMBER, "credit")
    desk.state[f"id:{request.supplier_id}"] = f"SE-X-{NUMBER}"
    assert desk.one(request).facts
    assert [call.operation for call in desk.ledger] == ["authenticate", "report", "search", "report"]
    assert sum(call.billable for call in desk.ledger) == 1


def test_an_unknown_company_costs_nothing(bench: Bench) -> None:
    """200 with ``totalSize`` 0 is not found, for every kind; no report is asked for."""
    desk = bench.stubbed(ADAPTER)
    answer = desk.one(bench.request(NUMBER, "credit", "accounts"))
    assert {reason for reason, _ in answer.missing.values()} == {"not_found"}
    assert (set(answer.missing), answer.billable_calls, desk.billed) == ({"credit", "accounts"}, 0, [])


def test_a_person_is_not_asked_about(bench: Bench) -> None:
    """The search has the number in its address, and a report sends the person a letter: off unless turned on."""
    desk = bench.stubbed(ADAPTER, {"number": bench.person, "name": "Firma", "form": "E", "credit": {"score": 50}})
    assert desk.one(bench.request(bench.person, "credit")).missing["credit"][0] == "not_allowed"
    assert not desk.sent
    desk.options = {"persons": True}
    assert desk.one(bench.request(bench.person, "credit")).facts
    assert not desk.state


@pytest.mark.parametrize(
    ("section", "lost", "kept"),
    [
        ("CreditScore", {"credit"}, {"accounts", "shareholders"}),
        ("ShareCapitalStructure", {"shareholders"}, {"accounts", "credit"}),
        ("CompanySummary", {"accounts"}, {"credit", "shareholders"}),
        ("NegativeInformation", set(), {"accounts", "credit", "shareholders"}),
        ("OtherInformation", set(), {"accounts", "credit", "shareholders"}),
        ("GlobalFinancialStatements", set(), {"accounts", "credit", "shareholders"}),
    ],
)
def test_a_failed_section_takes_its_own_kinds(bench: Bench, section: str, lost: set[str], kept: set[str]) -> None:
    """What the bureau could not fetch is partial; the rest of what was paid for is used."""
    company = {
        **COMPANY,
        "credit": {"score": 62, "failed_sections": [section]},
        "accounts": {"period_to_on": "2025-12-31", "turnover_sek": 5, "employees": 2},
    }
    answer = bench.stubbed(ADAPTER, company).one(bench.request(NUMBER, "credit", "accounts", "shareholders"))
    assert {kind: reason for kind, (reason, _) in answer.missing.items()} == dict.fromkeys(lost, "partial")
    assert {fact.kind for fact in answer.facts} == kept


def test_a_negative_score_is_a_reason(bench: Bench) -> None:
    """-29 is no score but a petition for bankruptcy, and there is no limit."""
    withdrawn = {"score": 62, "limit_sek": 900000, "no_rating": -29}  # as a world's timeline leaves it
    answer = bench.stubbed(ADAPTER, {**COMPANY, "credit": withdrawn}).one(bench.request(NUMBER, "credit"))
    credit = answer.facts[0]
    assert isinstance(credit, Credit)
    assert (credit.score, credit.band, credit.credit_limit_sek) == (None, "E", None)
    assert credit.no_rating_reason == "-29 konkursansökan"


@pytest.mark.parametrize(
    ("rating", "reason"),
    [
        ({"commonValue": "E", "providerValue": {"value": "-28"}}, "-28 felaktigt bokslut"),
        (
            {"commonValue": "E", "providerValue": {"value": "spärrad"}, "providerDescription": "Spärrad"},
            "spärrad Spärrad",
        ),
        ({"commonValue": "E"}, "inget betyg"),
    ],
)
def test_any_rating_without_a_score_says_why(bench: Bench, sample: dict[str, Any], rating: Any, reason: str) -> None:
    """A code, a text or nothing at all: never a score of zero."""
    sample["report"]["creditScore"] = {"currentCreditRating": rating}
    credit = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "credit")).facts[0]
    assert (credit.score, credit.no_rating_reason) == (None, reason)


def test_an_order_date_that_cannot_be_read_is_the_answers_day(bench: Bench, sample: dict[str, Any]) -> None:
    """A date in an odd form does not spoil a report that was paid for."""
    sample["dateOfOrder"] = "nyss"
    fact = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "credit")).facts[0]
    assert fact.provenance.as_of == bench.day


def test_no_rating_anywhere_is_partial(bench: Bench, sample: dict[str, Any]) -> None:
    """A report without a rating has not answered the question."""
    sample["report"]["creditScore"] = None
    sample["report"]["companySummary"]["creditRating"] = {}
    answer = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "credit"))
    assert answer.missing["credit"][0] == "partial"
    assert answer.billable_calls == 1
    association = bench.request(NUMBER, "credit", legal_form="I")
    assert bench.answering(ADAPTER, provider(sample)).one(association).missing["credit"][0] == "not_found"


def test_a_section_of_another_shape_is_partial(bench: Bench, sample: dict[str, Any]) -> None:
    """A changed section takes its own kinds, no others, and is told by place."""
    sample["report"]["shareCapitalStructure"] = {"shareHolders": "none"}
    answer = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "shareholders", "credit"))
    assert answer.missing == {"shareholders": ("partial", "svaret har en oväntad form (shareHolders)")}
    assert [fact.kind for fact in answer.facts] == ["credit"]


def test_accounts_from_the_statements_and_none_at_all(bench: Bench, sample: dict[str, Any]) -> None:
    """Turnover may stand in the statements alone; in another currency it is not used; nothing anywhere is not found."""
    report = sample["report"]
    report["companySummary"] = None
    accounts = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "accounts")).facts[0]
    assert accounts.turnover_sek == Decimal(18400000)
    report["financialStatements"] = None
    report["companySummary"] = {"latestTurnoverFigure": {"currency": "EUR", "value": 5}}
    report["otherInformation"] = {"employeesInformation": [{"year": 2025, "numberOfEmployees": "många"}]}
    report["shareCapitalStructure"] = None
    answer = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "accounts", "shareholders"))
    assert {reason for reason, _ in answer.missing.values()} == {"not_found"}


def test_debts_are_read_where_the_connector_says(bench: Bench, sample: dict[str, Any]) -> None:
    """The bureau's Swedish names are not public: without paths there is no source, and nothing is bought for it."""
    request = bench.request(NUMBER, "enforcement_debt")
    silent = bench.answering(ADAPTER, provider(sample))
    assert silent.one(request).missing["enforcement_debt"][0] == "no_source"
    assert not silent.sent
    both = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "enforcement_debt", "credit"))
    assert both.missing["enforcement_debt"][0] == "no_source"

    def asked() -> Any:
        return bench.answering(ADAPTER, provider(sample), options={"debts": PATHS}).one(request)

    assert asked().missing["enforcement_debt"][0] == "partial"
    sample["failedSections"] = []
    sample["report"]["negativeInformation"] = {"claims": {"cases": 2}}
    assert asked().missing["enforcement_debt"][0] == "partial"
    sample["report"]["negativeInformation"]["claims"]["public"] = "12 000"
    debt = asked().facts[0]
    assert isinstance(debt, EnforcementDebt)
    assert (debt.public_debt_sek, debt.private_cases, debt.private_debt_sek) == (Decimal(12000), 2, None)


def test_a_large_report_is_fetched_without_our_token(bench: Bench) -> None:
    """The redirect leads to another host, which would refuse the token and must not see it."""
    desk = bench.stubbed(ADAPTER, COMPANY, stub_options={"creditsafe_connect": {"large": {NUMBER}}})
    answer = desk.one(bench.request(NUMBER, "credit"))
    assert answer.facts
    assert answer.billable_calls == 1
    assert desk.sent[-1].url.host == "reports.stub"
    assert "authorization" not in desk.sent[-1].headers


@pytest.mark.parametrize(
    ("place", "status"), [("http://plain.example/x", 200), ("https://reports.example/x", 403), ("", 200)]
)
def test_a_large_report_that_cannot_be_had_was_still_paid_for(bench: Bench, place: str, status: int) -> None:
    """An unsafe address or an expired key: partial, charged, and the source goes on."""
    handler = provider(
        lambda request: (
            httpx.Response(status)
            if "example" in request.url.host
            else httpx.Response(302, headers={"Location": place})
        )
    )
    desk = bench.answering(ADAPTER, handler, address="https://connect.test/v1")
    answer = desk.one(bench.request(NUMBER, "credit"))
    assert answer.missing["credit"][0] == "partial"
    assert answer.billable_calls == 1
    assert {request.url.scheme for request in desk.sent} == {"https"}


@pytest.mark.parametrize(
    ("reply", "reason", "billed"),
    [
        (httpx.Response(200, text='{"report": {'), "partial", 1),
        (httpx.Response(200, json={"correlationId": "x"}), "partial", 1),
        (httpx.Response(404, json={"message": "no"}), "not_found", 0),
        (httpx.Response(400, json={"message": "no"}), "rejected_input", 0),
        (httpx.Response(404, text="<html>", headers={"Content-Type": "text/html"}), "source_down", 0),
        (httpx.Response(409), "source_down", 0),
    ],
)
def test_what_is_not_a_report(bench: Bench, reply: httpx.Response, reason: str, billed: int) -> None:
    """Each has its own reason; a 200 that cannot be read was paid for all the same."""
    handler = provider(lambda _: httpx.Response(reply.status_code, headers=reply.headers, content=reply.content))
    answer = bench.answering(ADAPTER, handler).one(bench.request(NUMBER, "credit"))
    assert (answer.missing["credit"][0], answer.billable_calls) == (reason, billed)


@pytest.mark.parametrize(
    ("search", "reason"),
    [
        ({"totalSize": 1, "companies": [{"id": "SE-X-2", "regNo": "5599999009"}]}, "doubtful"),
        ({"totalSize": 1, "companies": [{"id": "SE-X-2"}]}, "doubtful"),
        ({"totalSize": 1, "companies": [{"id": "SE-X-2", "vatNo": ["SE559999900901"]}]}, "doubtful"),
        ({"totalSize": 1, "companies": []}, "partial"),
        ({"totalSize": 1, "companies": None, "messages": None}, "partial"),
        ({"companies": []}, "partial"),
        ({"totalSize": "0", "companies": None, "messages": None}, "not_found"),
        ({"messages": [{"code": "NoResults"}]}, "not_found"),
        ({"messages": [{"type": "Error", "code": "TemporarySystemProblem"}], "totalSize": 0}, "source_down"),
        ({"messages": [{"type": "Error", "code": "ReportUnavailableDueToLegal"}], "totalSize": 0}, "redacted"),
        ({"messages": [{"type": "Warning", "code": "AccessLimitsNearing"}], "totalSize": 0}, "not_found"),
    ],
)
def test_a_search_that_did_not_find(bench: Bench, search: dict[str, Any], reason: str) -> None:
    """Another company, nothing where something was counted, or an error inside 200: never someone else's report."""
    desk = bench.answering(ADAPTER, provider({}, search))
    assert desk.one(bench.request(NUMBER, "credit")).missing["credit"][0] == reason
    assert not desk.billed


def test_the_active_one_of_two_is_taken(bench: Bench, sample: dict[str, Any]) -> None:
    """One number may have an inactive entry beside the active one."""
    hits = [{**HIT, "id": "SE-OLD", "status": "NonActive"}, {**HIT, "id": "SE/NEW"}]
    desk = bench.answering(ADAPTER, provider(sample, {"totalSize": 2, "companies": hits}))
    desk.one(bench.request(NUMBER, "credit"))
    assert desk.sent[-1].url.raw_path.startswith(b"/creditsafe_connect/v1/companies/SE%2FNEW")


def test_a_search_that_fails_is_source_down(bench: Bench) -> None:
    """A status that the interface does not document says nothing about the supplier."""

    def handler(request: httpx.Request) -> httpx.Response:
        signed_in = request.url.path.endswith("/authenticate")
        return httpx.Response(200, json={"token": "T"}) if signed_in else httpx.Response(410)

    answer = bench.answering(ADAPTER, handler).one(bench.request(NUMBER, "credit"))
    assert answer.missing["credit"] == ("source_down", "sökningen svarade 410")


def test_no_access_stops_the_source(bench: Bench) -> None:
    """An account that may not ask is told once, in plain words."""
    search = {"messages": [{"type": "Error", "code": "AccessRestricted"}], "totalSize": 0}
    with pytest.raises(SourceUnavailable, match="AccessRestricted"):
        bench.answering(ADAPTER, provider({}, search)).one(bench.request(NUMBER, "credit"))


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (httpx.Response(401, json={"message": "no"}), "lösenord"),
        (httpx.Response(429), "misslyckade inloggningar"),
        (httpx.Response(404), "svarade 404 utan token"),
        (httpx.Response(200, json={}), "svarade 200 utan token"),
    ],
)
def test_a_sign_in_that_fails_is_not_repeated(bench: Bench, reply: httpx.Response, words: str) -> None:
    """Identical wrong credentials lock the account."""
    desk = bench.answering(ADAPTER, lambda _: httpx.Response(reply.status_code, content=reply.content))
    with pytest.raises(SourceUnavailable, match=words):
        desk.ask(bench.request(NUMBER, "credit"), bench.request("5599999009", "credit"))
    assert len(desk.sent) == 1


def test_the_stub_refuses_a_wrong_password(bench: Bench) -> None:
    """The one password that the stub does not take, and the fault that refuses every one."""
    wrong = bench.stubbed(ADAPTER, COMPANY, secrets={"username": "u", "password": "wrong"})
    with pytest.raises(SourceUnavailable, match="lösenord"):
        wrong.one(bench.request(NUMBER, "credit"))
    fault = Fault(source="creditsafe_connect", kind="bad_credentials")
    with pytest.raises(SourceUnavailable, match="lösenord"):
        bench.stubbed(ADAPTER, COMPANY, faults=[fault]).one(bench.request(NUMBER, "credit"))


def test_shareholders_that_are_companies_keep_their_number_and_persons_never(bench: Bench) -> None:
    """By which chains of ownership are followed; the top of the group is told where the report has one."""
    company = {
        **COMPANY,
        "shareholders": [
            {"person": "anna", "share": "0.25"},
            {"name": "Exempel Holding AB", "number": "5599999025", "share": "0.75", "since_on": date(2026, 5, 1)},
            {"name": "Abroad Ltd", "country": "GB"},
        ],
        "ultimate_parent": {"name": "Topco OOO", "country": "RU"},
    }
    people = [{"id": "anna", "number": bench.person, "first_name": "Anna", "last_name": "Exempel"}]
    (fact,) = bench.stubbed(ADAPTER, company, people=people).one(bench.request(NUMBER, "shareholders")).facts
    assert isinstance(fact, Shareholders)
    assert [(row.holder, row.number, row.country, row.share_from) for row in fact.owners] == [
        ("person", None, "SE", Decimal("0.25")),
        ("organisation", "5599999025", "SE", Decimal("0.75")),
        ("organisation", None, "GB", None),
    ]
    assert fact.ultimate_parent is not None
    assert (fact.ultimate_parent.name, fact.ultimate_parent.country) == ("Topco OOO", "RU")


def test_a_company_that_carries_a_persons_number_keeps_none(bench: Bench, sample: dict[str, Any]) -> None:
    """A sole trader as shareholder is a person; a failed group section costs the shareholders nothing."""
    sample["report"]["shareCapitalStructure"]["shareHolders"] = [
        {"name": "Firma", "id": bench.person, "idType": "RegistrationNumber", "shareholderType": "Company"}
    ]
    sample["failedSections"] = ["GroupStructure"]
    (fact,) = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "shareholders")).facts
    assert isinstance(fact, Shareholders)
    assert (fact.owners[0].number, fact.ultimate_parent) == (None, None)


def test_a_group_without_a_name_at_the_top_has_none(bench: Bench, sample: dict[str, Any]) -> None:
    """An empty object is no company."""
    sample["report"]["groupStructure"] = {"ultimateParent": {"name": " "}}
    (fact,) = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "shareholders")).facts
    assert isinstance(fact, Shareholders)
    assert fact.ultimate_parent is None


@pytest.mark.parametrize(
    "hit",
    [
        {"id": 77, "vatNo": "SE559999901701"},
        {"id": "77", "vatNo": ["SE559999901701"]},
        {"id": "77", "regNo": "165599999017"},
    ],
)
def test_a_hit_is_known_by_its_number_or_its_vat_number(
    bench: Bench, sample: dict[str, Any], hit: dict[str, Any]
) -> None:
    """Whichever is there, text or list; messages may be null."""
    found = {"messages": None, "companies": [hit]}
    desk = bench.answering(ADAPTER, provider(sample, found))
    assert desk.one(bench.request(NUMBER, "credit")).facts
    assert desk.state


@pytest.mark.parametrize("place", ["companySummary", "companyIdentification"])
def test_a_report_about_another_company_is_nobodys(bench: Bench, sample: dict[str, Any], place: str) -> None:
    """It was paid for and says nothing of the one we asked about; its id is not used again."""
    other = {"companyRegistrationNumber": "559999-9009"}
    report = sample["report"]
    report["companySummary"] = {**report["companySummary"], "companyRegistrationNumber": None}
    report[place] = {**report.get(place, {}), **(other if place == "companySummary" else {"basicInformation": other})}
    desk = bench.answering(ADAPTER, provider(sample))
    request = bench.request(NUMBER, "credit", "accounts")
    desk.state[f"id:{request.supplier_id}"] = "SE-X-1"
    answer = desk.one(request)
    assert {kind: reason for kind, (reason, _) in answer.missing.items()} == dict.fromkeys(
        ("credit", "accounts"), "doubtful"
    )
    assert (answer.facts, answer.billable_calls, desk.state) == ((), 1, {})


@pytest.mark.parametrize("scale", [{"maxValue": "5"}, {"minValue": "300", "maxValue": "850"}])
def test_a_score_on_another_scale_is_no_score(bench: Bench, sample: dict[str, Any], scale: dict[str, str]) -> None:
    """4 of 5 is not 4 of 100; the band is the bureau's own for every country."""
    rating = sample["report"]["creditScore"]["currentCreditRating"]
    rating["providerValue"] = {"value": "4", **scale}
    credit = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "credit")).facts[0]
    assert isinstance(credit, Credit)
    assert (credit.score, credit.band) == (None, "B")


def test_a_section_that_cannot_be_counted_with_is_partial(bench: Bench, sample: dict[str, Any]) -> None:
    """An amount beyond all measure takes its own kind alone; the report stays paid for."""
    sample["report"]["companySummary"]["latestTurnoverFigure"]["value"] = "1E+60"
    answer = bench.answering(ADAPTER, provider(sample)).one(bench.request(NUMBER, "credit", "accounts"))
    assert [fact.kind for fact in answer.facts] == ["credit"]
    assert (answer.missing["accounts"][0], answer.billable_calls) == ("partial", 1)


@pytest.mark.parametrize("headers", [{}, {"Location": ""}])
def test_a_report_that_lies_nowhere_was_paid_for(bench: Bench, headers: dict[str, str]) -> None:
    """A redirect without a place is no reason to buy again."""
    desk = bench.answering(ADAPTER, provider(lambda _: httpx.Response(308, headers=headers)))
    answer = desk.one(bench.request(NUMBER, "credit"))
    assert (answer.missing["credit"][0], answer.billable_calls, len(desk.billed)) == ("partial", 1, 1)
