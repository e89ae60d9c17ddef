"""Roaring: four APIs of one subscription, each of which may fail by itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from screening.adapters.roaring import ADAPTER, PATHS
from screening.adapters.source import Answer
from screening.errors import SourceUnavailable
from screening.model import Accounts, Address, BeneficialOwners, CompanyRecord, Officers, TaxRegistration
from screening.stub.world import Fault

Bench = Any  # the class stands in conftest.py, which a test cannot import
NUMBER = "5599999017"
KINDS = tuple(sorted(ADAPTER.gives))
BASIC = {"token_credentials": "basic"}
COMPANY = {
    "number": NUMBER, "name": "Exempel AB", "registered_on": "2019-04-01", "sni": [["43120", "Markarbeten"]],
    "address": {"street": "Storgatan 1", "postcode": "11122", "city": "Stockholm"},
    "f_tax": {"from_on": "2019-04-01"}, "vat": {"from_on": "2019-04-01", "to_on": "2026-01-31"},
    "officers": [{"person": "anna", "role": "OF", "from_on": "2019-04-01"}],
    "accounts": {"period_to_on": "2025-12-31", "turnover_sek": 18400500, "employees": 11},
    "owners": {"state": "registered", "rows": [{"person": "anna", "share_from": "0.25", "share_to": "0.5"},
                                               {"name": "Kari Eksempel", "country": "NO"}, {"anonymous": True}]},
}  # fmt: skip
OVERVIEW = {"company_record", "tax_registration", "address", "industry"}


def stubbed(bench: Bench, *faults: str, company: dict[str, Any] | None = None, **more: Any) -> Any:
    people = [{"id": "anna", "number": bench.person, "first_name": "Anna", "last_name": "Exempel"}]
    struck = [Fault(source="roaring", kind=kind) for kind in faults]
    return bench.stubbed(ADAPTER, company or COMPANY, people=people, faults=struck, options=BASIC, **more)


def asked(desk: Any, bench: Bench, *kinds: str) -> Answer:
    answer: Answer = desk.one(bench.request(NUMBER, *(kinds or KINDS)))
    return answer


def told(bench: Bench, api: str, change: Callable[[dict[str, Any]], None] | Any, *kinds: str) -> Answer:
    """The answer when one API's recorded answer is changed, or replaced by a response."""
    sample = json.loads((bench.samples / "roaring.json").read_text("utf-8"))
    if callable(change):
        change(sample[api])

    def reply(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        name = next(name for name in sample if f"/{name}/" in request.url.path)
        if name == api and isinstance(change, httpx.Response):
            return httpx.Response(change.status_code, headers=change.headers, content=change.content)
        return httpx.Response(200, json=sample[name])

    desk = bench.answering(ADAPTER, reply, address="https://r", token_address="https://r/token", options=BASIC)
    return asked(desk, bench, *kinds)


def fact(answer: Answer, kind: str) -> Any:
    return next(item for item in answer.facts if item.kind == kind)


def test_the_recorded_answers(bench: Bench) -> None:
    """Words become a state, thousands kronor, roles Bolagsverket's codes, and numbers of persons keys."""
    answer = told(bench, "overview", lambda _: None)
    assert not answer.missing
    record, tax, accounts = (fact(answer, kind) for kind in ("company_record", "tax_registration", "accounts"))
    assert isinstance(record, CompanyRecord)
    assert (record.state, record.legal_form, record.registered_on) == ("registered", "AB", date(2019, 4, 1))
    assert record.has_any_tax_registration is True
    assert isinstance(tax, TaxRegistration)
    assert (tax.f_tax, tax.vat, tax.employer) == ("active", "active", "ended")
    assert isinstance(accounts, Accounts)
    assert (accounts.period_to_on, accounts.turnover_sek) == (date(2025, 12, 31), Decimal("18400500.00"))
    assert (accounts.equity_sek, accounts.assets_sek, accounts.employees) == (Decimal(2500000), Decimal(9100000), 11)
    officers, owners = fact(answer, "officers"), fact(answer, "beneficial_owners")
    assert isinstance(officers, Officers)
    assert [(item.name, item.role_code) for item in officers.people] == [
        ("Anna Exempel", "Hedersgäst"), ("Anna Exempel", "OF"), ("Bo Exempel", "SU"), ("Anna Exempel", "VD"),
    ]  # fmt: skip
    assert isinstance(owners, BeneficialOwners)
    assert {(item.name, item.share_from, item.anonymous) for item in owners.owners} == {
        ("Anna Exempel", Decimal("0.25"), False), ("Anonym", Decimal("0.5"), True),
    }  # fmt: skip
    assert owners.owners[0].person_key in {item.person_key for item in officers.people}
    assert json.loads(answer.raw).keys() == {"overview", "board", "economy", "owners"}


@pytest.mark.parametrize("fault", [(), ("odd",)])
def test_the_stub_tells_the_world(bench: Bench, fault: tuple[str, ...]) -> None:
    """Also in texts and dates without hyphens; credentials go in the header."""
    desk = stubbed(bench, *fault)
    answer = asked(desk, bench)
    assert not answer.missing
    tax = fact(answer, "tax_registration")
    assert (tax.f_tax, tax.vat, tax.employer) == ("active", "ended", "ended")
    assert fact(answer, "accounts").turnover_sek == Decimal(18400500)
    assert {item.country for item in fact(answer, "beneficial_owners").owners} == {"SE", "NO"}
    assert desk.sent[0].headers["authorization"].startswith("Basic ")


def test_only_the_apis_that_are_needed_are_asked(bench: Bench) -> None:
    """The four kinds of the overview are one call."""
    desk = stubbed(bench)
    asked(desk, bench, "address", "company_record")
    assert [request.url.path for request in desk.sent[1:]] == [f"/roaring/se/company/overview/2.0/{NUMBER}"]


@pytest.mark.parametrize("fault", ["unknown", "code_1"])
def test_nobody_found(bench: Bench, fault: str) -> None:
    """404, or code 1 inside 200."""
    answer = asked(stubbed(bench, fault), bench)
    assert not answer.facts
    assert {reason for reason, _ in answer.missing.values()} == {"not_found"}


def test_another_code_is_no_answer(bench: Bench) -> None:
    """Neither found nor not found."""
    answer = asked(stubbed(bench, "code_9"), bench)
    assert {reason for reason, _ in answer.missing.values()} == {"source_down"}


@pytest.mark.parametrize(("fault", "kind"), [("no_board", "officers"), ("no_owners", "beneficial_owners")])
def test_one_api_that_is_not_ordered_is_that_kind_alone(bench: Bench, fault: str, kind: str) -> None:
    """It is not asked again for the next supplier."""
    desk = stubbed(bench, fault)
    answers = desk.ask(*[bench.request(NUMBER, *KINDS)] * 9)
    for answer in answers:
        assert {name: reason for name, (reason, _) in answer.missing.items()} == {kind: "no_source"}
    refused = [call for call in desk.ledger if call.status == 403]
    assert 1 <= len(refused) <= desk.concurrent


def test_a_subscription_without_any_of_it_stops_the_source(bench: Bench) -> None:
    """Nothing that is asked for is in it."""
    with pytest.raises(SourceUnavailable, match="abonnemanget"):
        asked(stubbed(bench, "forbidden"), bench)


def test_a_proxys_403_is_not_the_subscription(bench: Bench) -> None:
    """It is no answer."""
    page = httpx.Response(403, text="<html>", headers={"content-type": "text/html"})
    answer = told(bench, "board-members", page)
    assert {kind: reason for kind, (reason, _) in answer.missing.items()} == {"officers": "source_down"}


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (httpx.Response(500, json={"message": "x"}), "source_down"),
        (httpx.Response(404, text="<html>", headers={"content-type": "text/html"}), "source_down"),
        (httpx.Response(404, json={"message": "Not found"}), "not_found"),
        (httpx.Response(200, text="<html>"), "source_down"),
        (httpx.Response(200, text='{"records": ['), "partial"),
        (httpx.Response(200, json={"status": {"code": 0}}), "partial"),
        (httpx.Response(200, json={"records": [1], "status": {"code": 0}}), "partial"),
        (httpx.Response(200, json={"records": []}), "source_down"),
        (httpx.Response(200, json={"records": [], "status": {"code": 0}}), "not_found"),
    ],
)
def test_one_api_in_trouble_leaves_the_others(bench: Bench, response: httpx.Response, reason: str) -> None:
    """Their facts stand."""
    for api, kinds in (("economy-overview", {"accounts"}), ("beneficialowner", {"beneficial_owners"})):
        answer = told(bench, api, response)
        assert {kind: why for kind, (why, _) in answer.missing.items()} == dict.fromkeys(kinds, reason)
        assert len(answer.facts) == len(KINDS) - 1


def test_a_stop_in_the_middle_keeps_what_was_had(bench: Bench) -> None:
    """The overview was answered; then the source refuses every token."""
    answer = told(bench, "board-members", httpx.Response(401, json={"error": "x"}))
    assert {item.kind for item in answer.facts} == OVERVIEW
    assert {reason for reason, _ in answer.missing.values()} == {"source_down"}
    with pytest.raises(SourceUnavailable):
        asked(stubbed(bench, "unauthorized"), bench)


@pytest.mark.parametrize(
    ("high", "detailed", "state", "codes"),
    [
        ("Aktivt", None, "registered", []),
        ("Aktivt", "Konkurs inledd", "registered", ["KK"]),
        ("Konkurs", "Konkursansökan", "registered", ["KK"]),
        (None, "Konkursansökan inlämnad", "registered", ["KKAN"]),
        ("Aktivt", "Företagsrekonstruktion avslutad", "registered", []),
        ("Aktivt", "Likvidation upphävd", "registered", []),
        ("Likvidation", "Likvidation inledd", "registered", ["LI"]),
        ("Fusion pågår", None, "registered", ["FU"]),
        ("Delning pågår", None, "registered", ["DE"]),
        ("Avregistrerat", "Konkurs avslutad", "deregistered", []),
        (None, "Upplöst genom fusion", "deregistered", []),
    ],
)
def test_words_of_the_status(
    bench: Bench, high: str | None, detailed: str | None, state: str, codes: list[str]
) -> None:
    """What is over is not open, and what is gone has its day."""
    changes = {"statusTextHigh": high, "statusTextDetailed": detailed, "statusDateFrom": "20260901"}
    answer = told(bench, "overview", lambda api: api["records"][0].update(changes), "company_record")
    record = fact(answer, "company_record")
    assert (record.state, sorted({row.code for row in record.proceedings} - {"KKAN"} or codes)) == (state, codes)
    assert record.deregistered_on == (date(2026, 9, 1) if state == "deregistered" else None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"statusTextHigh": "Inaktivt"}, "partial"),
        ({"statusTextHigh": "Ej aktivt"}, "partial"),
        ({"statusTextHigh": None}, "partial"),
        ({"statusTextHigh": "Konkurs avslutad med överskott"}, "partial"),
        ({"companyName": ""}, "partial"),
        ({"statusTextDetailed": "Likvidation avslutad"}, "doubtful"),
        ({"companyId": "5599999009"}, "doubtful"),
        ({"vatReg": "kanske"}, "partial"),
    ],
)
def test_a_status_that_is_not_understood_is_no_record(bench: Bench, changes: dict[str, Any], reason: str) -> None:
    """Nobody is registered on a guess."""
    answer = told(bench, "overview", lambda api: api["records"][0].update(changes), "company_record")
    assert answer.missing["company_record"][0] == reason


def test_what_the_overview_leaves_out_is_not_known(bench: Bench) -> None:
    """Not one registration is ``ended`` because it is not told."""
    names = ("preliminaryTaxReg", "vatReg", "address", "zipCode", "town", "industryCode")
    strip = lambda api: [api["records"][0].pop(name) for name in names]  # noqa: E731 - one line
    answer = told(bench, "overview", strip, *OVERVIEW)
    tax = fact(answer, "tax_registration")
    assert (tax.f_tax, tax.vat, tax.employer) == (None, None, "ended")
    assert fact(answer, "company_record").has_any_tax_registration is None
    assert {kind: why for kind, (why, _) in answer.missing.items()} == {"address": "partial", "industry": "partial"}
    none = dict.fromkeys((*names, "employerContributionReg"))
    answer = told(bench, "overview", lambda api: api["records"][0].update(none), *OVERVIEW)
    assert {kind: why for kind, (why, _) in answer.missing.items()} == {
        "address": "not_found", "industry": "not_found", "tax_registration": "partial",
    }  # fmt: skip


def test_no_registration_at_all(bench: Bench) -> None:
    """Three times false is a no."""
    none = dict.fromkeys(("preliminaryTaxReg", "vatReg", "employerContributionReg"), False)
    answer = told(bench, "overview", lambda api: api["records"][0].update(none), "company_record", "address")
    assert fact(answer, "company_record").has_any_tax_registration is False
    assert isinstance(fact(answer, "address"), Address)


@pytest.mark.parametrize(
    ("api", "kind", "records", "reason"),
    [
        ("board-members", "officers", [{"companyId": NUMBER, "boardMembers": []}], "not_found"),
        ("board-members", "officers", [{"personalNumber": "x"}], "partial"),
        ("board-members", "officers", [{"members": 3}], "partial"),
        ("economy-overview", "accounts", [{"plSales": 3}], "partial"),
        ("economy-overview", "accounts", [{"toDate": "2025-12-31", "currency": "EUR"}], "doubtful"),
        ("economy-overview", "accounts", [{"toDate": "2025-12-31", "plSales": "mycket"}], "partial"),
        ("beneficialowner", "beneficial_owners", [{"hasBeneficialOwners": False, "beneficialOwners": []}], "partial"),
        ("beneficialowner", "beneficial_owners", [{"beneficialOwners": [{"name": "A", "shareTo": 140}]}], "doubtful"),
    ],
)
def test_records_that_cannot_be_read(bench: Bench, api: str, kind: str, records: list[Any], reason: str) -> None:
    """A reason, never a board or owners that are short."""
    answer = told(bench, api, lambda body: body.update(records=records), kind)
    assert answer.missing[kind][0] == reason


def test_a_board_inside_one_record_with_an_organisation_on_it(bench: Bench) -> None:
    """Its number is not the supplier's, which is no reason to doubt."""
    members = [{"companyName": "Revision AB", "companyId": "5599999033", "roleText": "Revisor"}]
    answer = told(bench, "board-members", lambda body: body.update(records=[{"boardMembers": members}]), "officers")
    assert [(item.name, item.role_code) for item in fact(answer, "officers").people] == [("Revision AB", "REV")]
    answer = told(bench, "board-members", lambda body: body.update(records=members), "officers")
    assert fact(answer, "officers").people[0].name == "Revision AB"


def test_an_answer_of_a_shape_nobody_expected(bench: Bench) -> None:
    """One supplier's unknown, not a crash."""
    answer = told(bench, "board-members", lambda body: body.update(records=[{"members": 3}]), "officers")
    assert answer.missing["officers"] == ("partial", "svaret ser inte ut som väntat (TypeError)")


def test_wrong_credentials_stop_the_source(bench: Bench) -> None:
    """As does a secret that is not there."""
    with pytest.raises(SourceUnavailable, match=r"nycklarna|lösenord"):
        asked(stubbed(bench, secrets={"client_id": "x", "client_secret": "wrong"}), bench)


def test_a_company_without_accounts_or_with_little_of_them(bench: Bench) -> None:
    """The stub leaves out what is not there; protected identity has no address."""
    bare = {name: value for name, value in COMPANY.items() if name != "accounts"}
    answer = asked(stubbed(bench, "protected", "partial", company=bare), bench)
    assert {kind: why for kind, (why, _) in answer.missing.items()} == {
        "accounts": "not_found", "address": "partial", "beneficial_owners": "partial", "company_record": "partial",
        "industry": "partial", "officers": "not_found", "tax_registration": "partial",
    }  # fmt: skip
    assert asked(stubbed(bench, "protected"), bench, "address").missing["address"][0] == "not_found"
    assert fact(asked(stubbed(bench, "partial"), bench, "accounts"), "accounts").turnover_sek is None


def test_owners_without_an_envelope(bench: Bench) -> None:
    """Seen in clients: the filing stands at the top."""
    filing = {"beneficialOwners": [{"name": "Anna Exempel", "country": "Sverige"}], "registrationDate": "2020-01-02"}
    answer = told(bench, "beneficialowner", httpx.Response(200, json=filing), "beneficial_owners")
    owners = fact(answer, "beneficial_owners")
    assert (owners.registered_on, owners.owners[0].country, owners.owners[0].share_from) == (
        date(2020, 1, 2),
        None,
        None,
    )


def test_each_answer_of_an_api_is_paid_for_and_kept(bench: Bench) -> None:
    """As many as there are APIs; nothing for whom nobody knows, and a lost one is not asked for again by itself."""
    desk = stubbed(bench, price_sek=Decimal(2))
    assert asked(desk, bench).billable_calls == len(desk.billed) == len(PATHS)
    assert sum(call.billable for call in desk.ledger) == len(PATHS)
    assert {part for _, part in desk.kept} == set(PATHS)
    unknown = stubbed(bench, "unknown", price_sek=Decimal(2))
    assert (asked(unknown, bench).billable_calls, unknown.free) == (0, len(PATHS))
    lost = stubbed(bench, "down", price_sek=Decimal(2))
    assert {why for why, _ in asked(lost, bench).missing.values()} == {"source_down"}
    assert sum("/overview/" in request.url.path for request in lost.sent) == 1


def test_persons_are_not_asked_about(bench: Bench) -> None:
    """The number would stand in an address."""
    desk = stubbed(bench)
    answer = desk.one(bench.request(bench.person, *KINDS))
    assert {reason for reason, _ in answer.missing.values()} == {"not_allowed"}
    assert not desk.sent


@pytest.mark.parametrize(
    ("event", "state"),
    [
        ({"deregistered_on": "2026-05-01"}, "deregistered"),
        ({"proceedings": [{"code": "KK", "from_on": "2026-05-01"}]}, "registered"),
    ],
)
def test_what_ends_a_company_in_the_stub(bench: Bench, event: dict[str, Any], state: str) -> None:
    """In its own words."""
    record = fact(asked(stubbed(bench, company={**COMPANY, **event}), bench, "company_record"), "company_record")
    assert record.state == state
    assert record.deregistered_on == (date(2026, 5, 1) if state == "deregistered" else None)
    assert [row.from_on for row in record.proceedings] == ([date(2026, 5, 1)] if state == "registered" else [])
