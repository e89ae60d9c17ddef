"""Creditsafe Connect as the stub serves it: authenticate, search, report.

Switches (``options`` of ``make_app``): ``large``: numbers whose report is a redirect to another host; ``gone``: numbers
whose connectId has changed since it was last given out (``status`` 404 or 400).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import blake2b
from typing import Any, Final

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from screening.stub.app import WRONG, Ask, Stub
from screening.stub.creditsafe_monitoring import Portfolio
from screening.stub.world import Company, CreditRow, HolderRow, OwnerRow

LIMIT: Final = (5, 1.0)
ERRORS: Final[Mapping[str, Any]] = {
    "unauthorized": {"error": "The token is invalid or has expired."},
    "forbidden": {"message": "Access forbidden"},
    "bad_credentials": {"message": "Invalid username or password."},
    "throttled": {"message": "Too many requests"},
    "error": {"message": "An unexpected error occurred."},
    "down": {"message": "Service unavailable"},
}
SCENARIOS: Final = {
    "gone_400": "the connectId of the search is not known to the report: 400",
    "gone_404": "the connectId of the search is not known to the report: 404",
    "large": "a report so large that it is had at another host: 302",
    "late_import": "monitoring: a company is accepted, and is in the portfolio the day after; a second time it is 409",
    "lost_page": "monitoring: an event is lost between two pages",
    "no_rating": "no rating: a negative code as text, and no limit",
    "odd": "numbers as texts and texts as numbers, fields that nobody has heard of",
}
LTD: Final = frozenset({"AB", "BAB", "FAB", "SE"})
FORMS: Final[Mapping[str, str]] = {
    "AB": "Aktiebolag",
    "HB": "Handelsbolag",
    "KB": "Kommanditbolag",
    "EK": "Ekonomisk förening",
    "BRF": "Bostadsrättsförening",
    "E": "Enskild firma",
    "I": "Ideell förening",
    "S": "Stiftelse",
}
NO_RATING: Final[Mapping[int, str]] = {-28: "Felaktigt bokslut", -29: "Konkursansökan", -95: "Status saknas"}


def routes(stub: Stub) -> list[Route]:
    """The operations that the adapter uses."""
    return [
        stub.route("/v1/authenticate", _authenticate, operation="authenticate", method="POST", token=True),
        stub.route("/v1/companies", _search, operation="search"),
        stub.route("/v1/companies/{id}", _report, operation="report", billable=True, discloses=True),
        stub.route("/v1/large/{id}", _large, operation="large_report", authorised=lambda _: True),
        *Portfolio(_connect_id).routes(stub),
    ]


async def _authenticate(ask: Ask) -> Response:
    body = await ask.json()
    if not isinstance(body, dict) or not {"username", "password"} <= body.keys():
        return JSONResponse({"message": "username and password are required"}, 400)
    if body["password"] == WRONG:
        return ask.stub.error("bad_credentials", ask)
    return JSONResponse({"token": ask.stub.issue_token()})


async def _search(ask: Ask) -> Response:
    query = ask.request.query_params
    number = query.get("regNo", "")
    if "countries" not in query or not number:
        body = {
            "correlationId": _correlation(ask),
            "message": "Bad request",
            "details": "countries and regNo are required",
        }
        return JSONResponse(body, 400)
    company = await ask.about(number)
    page = int(query.get("page", "1"))  # pages are counted from 1 here; monitoring counts from 0
    hits = [_hit(ask, company)] if company is not None and page == 1 else []
    none = {"type": "Information", "code": "NoResults", "text": "No results were found for the search."}
    return JSONResponse(
        {
            "correlationId": _correlation(ask),
            "messages": [] if company else [none],
            "totalSize": int(company is not None),
            "companies": hits,
        }
    )


async def _report(ask: Ask) -> Response:
    connect_id = ask.request.path_params["id"]
    number = connect_id.rpartition("-")[2]
    company = await ask.about(number)
    gone = ask.scenarios & {"gone_400", "gone_404"}
    if company is None or gone or connect_id != _connect_id(ask, company):
        body = {"correlationId": _correlation(ask), "message": "Not found", "details": "No company has this id."}
        return JSONResponse(body, 400 if "gone_400" in gone else int(ask.stub.options.get("status", 404)))
    if "large" in ask.scenarios or number in ask.stub.options.get("large", ()):
        base = ask.request.url.replace(query="", path=f"/{ask.stub.adapter}/v1/large/{connect_id}")
        host = "localhost" if base.hostname == "127.0.0.1" else "reports.stub"
        return RedirectResponse(str(base.replace(hostname=host)), 302)
    document = _report_body(ask, company)
    return JSONResponse(_odd(document) if "odd" in ask.scenarios else document)


async def _large(ask: Ask) -> Response:
    """The other host: it takes its own address as the key, and refuses one key too many, as S3 does."""
    if "authorization" in ask.request.headers:
        return Response("<Error><Code>InvalidArgument</Code></Error>", 400, media_type="application/xml")
    company = await ask.about(ask.request.path_params["id"].rpartition("-")[2])
    return JSONResponse(_report_body(ask, company)) if company else Response(status_code=404)


def _connect_id(ask: Ask, company: Company) -> str:
    moved = company.number in ask.stub.options.get("gone", ())
    return f"SE-{'Y' if moved else 'X'}-{company.number}"


def _hit(ask: Ask, company: Company) -> dict[str, Any]:
    """One hit. ``vatNo`` is a list for some and text for others, as in the real answers."""
    vat = f"SE{company.number[-10:]}01"
    industry = (
        {"code": company.sni[0][0], "description": company.sni[0][1], "classification": "SNI"} if company.sni else None
    )
    address = (
        None
        if company.protected
        else {
            "type": "registered",
            "street": company.address.street,
            "city": company.address.city,
            "postalCode": company.address.postcode,
            "country": "SE",
        }
    )
    return {
        "id": _connect_id(ask, company),
        "country": "SE",
        "regNo": company.number,
        "safeNo": f"SE{ask.stub.subject(company.number)[:8].upper()}",
        "idType": "RegistrationNumber",
        "name": "" if company.protected else company.name,
        "type": "Ltd" if company.form in LTD else "NonLtd",
        "officeType": "registered",
        "status": "NonActive" if company.deregistered_on else "Active",
        "vatNo": [vat] if int(company.number[-1]) % 2 else vat,
        "legalForm": FORMS.get(company.form, company.form),
        "activityCode": industry["code"] if industry else None,
        "activity": industry,
        "address": address,
    }


def _report_body(ask: Ask, company: Company) -> dict[str, Any]:
    credit = company.credit or CreditRow()
    if "no_rating" in ask.scenarios:
        credit = credit.model_copy(update={"no_rating": -28, "limit_sek": None})
    failed = [*credit.failed_sections, *(["CreditScore", "NegativeInformation"] if ask.partial else [])]
    score = credit.score if credit.no_rating is None else None  # an event cannot take a score away, only withdraw it
    rating = _rating(score, credit.no_rating, credit)
    sections: dict[str, tuple[str, Any]] = {
        "companySummary": ("CompanySummary", _summary(company, rating)),
        "creditScore": ("CreditScore", _score(credit, rating) if company.credit else None),
        "shareCapitalStructure": ("ShareCapitalStructure", _capital(ask, company)),
        "directors": ("Directors", {"currentDirectors": _directors(ask, company), "previousDirectors": []}),
        "otherInformation": ("OtherInformation", _other(company)),
        "financialStatements": ("GlobalFinancialStatements", _statements(company)),
        "negativeInformation": ("NegativeInformation", None),
        "additionalInformation": ("AdditionalInformation", {}),
        "paymentData": ("PaymentData", {}),
    }
    if (group := _group(company)) is not None:
        sections["groupStructure"] = ("GroupStructure", group)
    report = {name: None if section in failed else content for name, (section, content) in sections.items()}
    return {
        "correlationId": _correlation(ask),
        "failedSections": failed,
        "companyId": _connect_id(ask, company),
        "dateOfOrder": _time(ask.day),
        "language": "en",
        "userId": "101",
        "report": {"companyId": _connect_id(ask, company), "language": "EN", **report},
    }


def _summary(company: Company, rating: Mapping[str, Any]) -> dict[str, Any]:
    accounts = company.accounts
    status = ("NonActive", "Avregistrerat") if company.deregistered_on else ("Active", "Aktivt")
    turnover = accounts.turnover_sek if accounts else None
    equity = accounts.equity_sek if accounts else None
    return {
        "businessName": company.name,
        "country": "SE",
        "companyRegistrationNumber": company.number,
        "companyStatus": {"status": status[0], "description": status[1]},
        "latestTurnoverFigure": None if turnover is None else {"currency": "SEK", "value": float(turnover)},
        "latestShareholdersEquityFigure": None if equity is None else {"currency": "SEK", "value": float(equity)},
        "creditRating": rating if company.credit else None,
    }


def _score(credit: CreditRow, rating: Mapping[str, Any]) -> dict[str, Any]:
    previous = None if credit.previous_score is None else _rating(credit.previous_score, None, CreditRow())
    return {
        "currentCreditRating": rating,
        "currentContractLimit": None,
        "previousCreditRating": previous,
        "latestRatingChangeDate": _time(credit.changed_on) if credit.changed_on else None,
    }


def _rating(score: int | None, no_rating: int | None, credit: CreditRow) -> dict[str, Any]:
    """Numbers are texts here; a company without a rating has a negative code and no limit."""
    value = score if score is not None else no_rating if no_rating is not None else -95
    band = "E" if score is None else "A" if score > 70 else "B" if score > 50 else "C" if score >= 30 else "D"
    rated = {"A": "Very low risk", "B": "Low risk", "C": "Moderate risk", "D": "High risk", "E": "Not rated"}[band]
    limit = (
        None if credit.limit_sek is None or score is None else {"currency": "SEK", "value": f"{credit.limit_sek:.0f}"}
    )
    return {
        "commonValue": band,
        "commonDescription": rated,
        "creditLimit": limit,
        "providerValue": {"maxValue": "100", "minValue": "0", "value": str(value)},
        "providerDescription": NO_RATING.get(value, rated),
    }


def _capital(ask: Ask, company: Company) -> dict[str, Any] | None:
    if company.form not in LTD:
        return None
    return {
        "nominalShareCapital": {"currency": "SEK", "value": 50000},
        "shareHolders": [_shareholder(ask, row) for row in company.shareholders]
        or [_holder(ask, row) for row in company.owners.rows if not row.anonymous],
    }


def _shareholder(ask: Ask, row: HolderRow) -> dict[str, Any]:
    person = ask.people.get(row.person or "")
    return {
        "id": row.number,
        "idType": "RegistrationNumber" if row.number else "Other",
        "name": f"{person.first_name} {person.last_name}" if person else row.name,
        "shareholderType": "Person" if person else "Company",
        "country": row.country,
        "percentSharesHeld": None if row.share is None else float(row.share * 100),
        "startDate": _time(row.since_on) if row.since_on else None,
    }


def _group(company: Company) -> dict[str, Any] | None:
    top = company.ultimate_parent
    if top is None:
        return None
    parent = {"name": top.name, "country": top.country, "regNo": top.number}
    return {"ultimateParent": parent, "immediateParent": None, "subsidiaryCompanies": [], "affiliatedCompanies": []}


def _holder(ask: Ask, row: OwnerRow) -> dict[str, Any]:
    person = ask.people.get(row.person or "")
    share = row.share_to if row.share_to is not None else row.share_from
    return {
        "idType": "Other",
        "name": f"{person.first_name} {person.last_name}" if person else row.name,
        "shareholderType": "Person" if person else "Other",
        "country": row.country,
        "percentSharesHeld": None if share is None else float(share * 100),
        "startDate": _time(row.since_on) if row.since_on else None,
    }


def _directors(ask: Ask, company: Company) -> list[dict[str, Any]]:
    rows = []
    for index, role in enumerate(company.officers, start=1):
        person = ask.people[role.person]
        position = {"dateAppointed": _time(role.from_on) if role.from_on else None, "positionName": role.role}
        name = f"{person.first_name} {person.last_name}"
        rows.append(
            {"id": str(index), "idType": "Other", "name": name, "directorType": "Person", "positions": [position]}
        )
    return rows


def _other(company: Company) -> dict[str, Any]:
    accounts = company.accounts
    if accounts is None or accounts.employees is None:
        return {"employeesInformation": []}
    return {
        "employeesInformation": [{"year": accounts.period_to_on.year, "numberOfEmployees": str(accounts.employees)}]
    }


def _statements(company: Company) -> list[dict[str, Any]]:
    accounts = company.accounts
    if accounts is None:
        return []
    revenue = None if accounts.turnover_sek is None else float(accounts.turnover_sek)
    return [
        {
            "type": "GlobalFinancialsGGS",
            "yearEndDate": _time(accounts.period_to_on),
            "numberOfWeeks": 52,
            "currency": "SEK",
            "consolidatedAccounts": False,
            "profitAndLoss": {"revenue": revenue},
            "balanceSheet": {},
        }
    ]


def _odd(value: Any) -> Any:
    """The same content as it may also be written: numbers as texts, and members beside those that are known."""
    if isinstance(value, dict):
        return {**{key: _odd(item) for key, item in value.items()}, "newMember": {"x": [1, None]}}
    if isinstance(value, list):
        return [_odd(item) for item in value]
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _correlation(ask: Ask) -> str:
    """Of the question and the day, so that the same question gives the same bytes."""
    asked = f"{ask.request.url.path}?{ask.request.url.query} {ask.day}"
    return f"6f0c2c2e-0000-4000-8000-{blake2b(asked.encode(), digest_size=6).hexdigest()}"
