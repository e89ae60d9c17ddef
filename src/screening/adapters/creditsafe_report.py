"""A report from Creditsafe Connect, section by section, and what each kind of fact is read from.

A failed or odd section takes with it the kinds that need it, and no others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal

from screening.adapters.persons import births, person_key, person_number
from screening.adapters.source import Session
from screening.adapters.wire import Day, Wire, clean, shaped
from screening.errors import SupplierFailed
from screening.model import Accounts, Credit, EnforcementDebt, Fact, Provenance, Shareholder, Shareholders

NO_RATING: Final[Mapping[int, str]] = {
    -28: "felaktigt bokslut",
    -29: "konkursansökan",
    -95: "status saknas",
    -96: "ofullständiga uppgifter",
    -97: "ofullständiga uppgifter",
}
_DEBT_FIELDS: Final = ("public_debt_sek", "public_cases", "private_debt_sek", "private_cases")


class Figure(Wire):
    """An amount, as number or text."""

    currency: str | None = None
    value: str | None = None

    @property
    def sek(self) -> Decimal | None:
        """The amount when it is in SEK."""
        value = number(self.value)
        return None if value is None or (self.currency or "SEK") != "SEK" else value.quantize(Decimal("0.01"))


class ProviderValue(Wire):
    """The bureau's own score; a negative one is a reason for having none."""

    value: str | None = None
    min_value: str | None = None
    max_value: str | None = None

    @property
    def hundred(self) -> bool:
        """Whether it is on the scale 0-100, which is also what an answer without a scale is on."""
        return number(self.min_value) in (None, 0, 1) and number(self.max_value) in (None, 100)


class Rating(Wire):
    """A rating, present or previous."""

    common_value: str | None = None
    credit_limit: Figure | None = None
    provider_value: ProviderValue | None = None
    provider_description: str | None = None

    @property
    def score(self) -> int | None:
        """0-100, or ``None``."""
        value = number(self.provider_value.value) if self.provider_value and self.provider_value.hundred else None
        return int(value) if value is not None and 0 <= value <= 100 else None

    @property
    def no_rating_reason(self) -> str | None:
        """Why there is no score, with the bureau's code where it gave one."""
        if self.score is not None:
            return None
        written = clean(self.provider_value.value) if self.provider_value else None
        value = number(written)
        text = NO_RATING.get(int(value)) if value is not None else None
        return " ".join(part for part in (written, text or clean(self.provider_description)) if part) or "inget betyg"


class CreditScore(Wire):
    """Section ``creditScore``."""

    current_credit_rating: Rating | None = None
    previous_credit_rating: Rating | None = None
    latest_rating_change_date: Day = None


class CompanyStatus(Wire):
    """Active, NonActive, Pending, Other."""

    status: str | None = None


class Summary(Wire):
    """Section ``companySummary``."""

    company_status: CompanyStatus | None = None
    latest_turnover_figure: Figure | None = None
    latest_shareholders_equity_figure: Figure | None = None
    credit_rating: Rating | None = None


class Holder(Wire):
    """One shareholder."""

    name: str = ""
    id: str | None = None
    id_type: str | None = None
    country: str | None = None
    percent_shares_held: str | None = None
    start_date: Day = None
    shareholder_type: str | None = None  # Person, Company, Other


class Capital(Wire):
    """Section ``shareCapitalStructure``."""

    share_holders: tuple[Holder, ...] | None = None


class GroupCompany(Wire):
    """A company of the group, in the shape of a search answer."""

    name: str = ""
    country: str | None = None
    reg_no: str | None = None


class Group(Wire):
    """Section ``groupStructure``."""

    ultimate_parent: GroupCompany | None = None


class Employees(Wire):
    """Employees in one year, as text."""

    year: int | None = None
    number_of_employees: str | None = None


class Other(Wire):
    """Section ``otherInformation``."""

    employees_information: tuple[Employees, ...] | None = None


class ProfitAndLoss(Wire):
    """Part of a statement."""

    revenue: str | None = None


class Statement(Wire):
    """One year's accounts."""

    year_end_date: Day = None
    currency: str | None = None
    consolidated_accounts: bool | None = None
    profit_and_loss: ProfitAndLoss | None = None


class Statements(Wire):
    """Section ``financialStatements``."""

    financial_statements: tuple[Statement, ...] | None = None


RATED_FORMS = frozenset({"AB", "BAB", "FAB", "SE", "HB", "KB", "EK"})
"""Forms that a bureau rates; of others (associations, foundations) a report without a rating is an answer. Not verified."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report with what each kind of fact is read from."""

    body: Mapping[str, Any]
    failed: tuple[str, ...]
    provenance: Provenance
    session: Session
    rated: bool = True  # whether the bureau rates companies of this legal form

    def section(self, model: type[Any], name: str, section: str) -> Any:
        """One section as ``model``; ``None`` where the report has none.

        Raises:
            SupplierFailed: ``partial``: the bureau says that the section failed, or it has another form.
        """
        if section in self.failed:
            raise SupplierFailed("partial", f"rapportens avsnitt {section} kunde inte hämtas")
        found = self.body.get(name)
        return None if found is None else shaped(model, found)


def _credit(report: Report) -> Fact:
    score = report.section(CreditScore, "creditScore", "CreditScore") or CreditScore()
    summary = (
        Summary() if "CompanySummary" in report.failed else shaped(Summary, report.body.get("companySummary") or {})
    )
    rating = score.current_credit_rating or summary.credit_rating
    if rating is None or (rating.provider_value is None and rating.common_value is None):
        if not report.rated:
            raise SupplierFailed("not_found", "byrån har inget kreditbetyg för den här formen")
        raise SupplierFailed("partial", "rapporten saknar kreditbetyg")
    previous = score.previous_credit_rating
    return Credit(
        provenance=report.provenance,
        score=rating.score,
        band=clean(rating.common_value),
        no_rating_reason=rating.no_rating_reason,
        previous_score=previous.score if previous else None,
        previous_band=clean(previous.common_value) if previous else None,
        rating_changed_on=score.latest_rating_change_date,
        credit_limit_sek=rating.credit_limit.sek if rating.credit_limit else None,
        company_status=clean(summary.company_status.status) if summary.company_status else None,
        failed_sections=report.failed,
    )


def _shareholders(report: Report) -> Fact:
    capital = report.section(Capital, "shareCapitalStructure", "ShareCapitalStructure")
    if capital is None or capital.share_holders is None:
        raise SupplierFailed("not_found", "rapporten har inga uppgifter om aktieägare")
    owners = tuple(_owner(report.session, holder) for holder in capital.share_holders)
    numbers = (holder.id if holder.id_type == "PersonalNumber" else None for holder in capital.share_holders)
    known = ((owner.person_key, number, None) for owner, number in zip(owners, numbers, strict=True))
    return Shareholders(
        provenance=report.provenance,
        owners=owners,
        ultimate_parent=_parent(report),
        births=births(report.session.pseudonym, known),
    )


def _parent(report: Report) -> Shareholder | None:
    """The top of the group, where the report names one; a failed section of its own is no reason to lose the shareholders."""
    if "GroupStructure" in report.failed:
        return None
    group = report.section(Group, "groupStructure", "GroupStructure")
    parent = group.ultimate_parent if group else None
    if parent is None or not clean(parent.name):
        return None
    number = clean(parent.reg_no)
    return Shareholder(
        person_key=person_key(report.session.pseudonym, number, parent.name),
        name=parent.name,
        country=clean(parent.country),
        holder="organisation",
        number=_company(number),
    )


def _owner(session: Session, holder: Holder) -> Shareholder:
    """A number is kept of an organisation alone; of a person, or of what may be one, only the keyed hash."""
    percent = number(holder.percent_shares_held)
    share = None if percent is None else percent / 100
    registered = holder.id if holder.id_type in ("RegistrationNumber", "PersonalNumber") else None
    kind = _KINDS.get(holder.shareholder_type or "")
    return Shareholder(
        person_key=person_key(session.pseudonym, registered, holder.name),
        name=holder.name,
        country=clean(holder.country),
        share_from=share,
        share_to=share,
        since_on=holder.start_date,
        holder=kind,
        number=_company(registered) if kind == "organisation" and holder.id_type == "RegistrationNumber" else None,
    )


_KINDS: Final[Mapping[str, Literal["person", "organisation"]]] = {"Person": "person", "Company": "organisation"}


def _company(text: str | None) -> str | None:
    """The number of an organisation; none where it reads as a person's."""
    return text if text and person_number(text) is None else None


def _accounts(report: Report) -> Fact:
    """Turnover and equity of the company itself; a group's accounts say nothing about its dependence on one buyer."""
    summary = report.section(Summary, "companySummary", "CompanySummary") or Summary()
    newest = None
    if "GlobalFinancialStatements" not in report.failed:
        every = shaped(Statements, {"financialStatements": report.body.get("financialStatements")})
        own = [row for row in every.financial_statements or () if not row.consolidated_accounts and row.year_end_date]
        newest = max(own, key=lambda row: row.year_end_date or date.min, default=None)
    turnover = summary.latest_turnover_figure.sek if summary.latest_turnover_figure else None
    if turnover is None and newest is not None and newest.profit_and_loss is not None:
        turnover = Figure(currency=newest.currency, value=newest.profit_and_loss.revenue).sek
    equity = summary.latest_shareholders_equity_figure
    found = Accounts(
        provenance=report.provenance,
        period_to_on=newest.year_end_date if newest else None,
        turnover_sek=turnover,
        equity_sek=equity.sek if equity else None,
        employees=_employees(report),
    )
    known = (found.period_to_on, found.turnover_sek, found.equity_sek, found.employees)
    if all(value is None for value in known):
        raise SupplierFailed("not_found", "rapporten har inga bokslutsuppgifter")
    return found


def _employees(report: Report) -> int | None:
    if "OtherInformation" in report.failed:
        return None
    other = shaped(Other, report.body.get("otherInformation") or {})
    years = [row for row in other.employees_information or () if number(row.number_of_employees) is not None]
    newest = max(years, key=lambda row: row.year or 0, default=None)
    value = number(newest.number_of_employees) if newest else None
    return None if value is None else int(value)


def _debts(report: Report) -> Fact:
    """Debts from the country's own part of the report, at the paths that the connector gives."""
    paths = report.session.options.get("debts") or {}
    if "public_debt_sek" not in paths:
        raise SupplierFailed("no_source", "kreditupplysarens skulduppgifter är inte inlagda i kopplingen")
    if "NegativeInformation" in report.failed or report.body.get("negativeInformation") is None:
        raise SupplierFailed("partial", "rapportens avsnitt NegativeInformation kunde inte hämtas")
    values = {field: number(_at(report.body, str(paths[field]))) for field in _DEBT_FIELDS if field in paths}
    public = values["public_debt_sek"]
    if public is None:
        raise SupplierFailed("partial", "rapporten saknar skulduppgift på den plats som kopplingen anger")
    public_cases, private_cases = values.get("public_cases"), values.get("private_cases")
    return EnforcementDebt(
        provenance=report.provenance,
        public_debt_sek=public,
        public_cases=None if public_cases is None else int(public_cases),
        private_debt_sek=values.get("private_debt_sek"),
        private_cases=None if private_cases is None else int(private_cases),
    )


READERS: Final[Mapping[str, Callable[[Report], Fact]]] = {
    "credit": _credit,
    "shareholders": _shareholders,
    "accounts": _accounts,
    "enforcement_debt": _debts,
}


def number(text: object) -> Decimal | None:
    """A number that may be written as text; ``None`` for anything else."""
    if text is None or isinstance(text, bool):
        return None
    try:
        value = Decimal(str(text).strip().replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def numbers_of(body: Mapping[str, Any]) -> set[str]:
    """The organisation numbers by which a report names its company, as ten digits; none where it names none."""
    summary, identification = (body.get(name) for name in ("companySummary", "companyIdentification"))
    basic = identification.get("basicInformation") if isinstance(identification, Mapping) else None
    parts = [part for part in (summary, basic) if isinstance(part, Mapping)]
    written = [part.get("companyRegistrationNumber") for part in parts]
    plain = ("".join(char for char in str(text) if char.isdecimal())[-10:] for text in written if text is not None)
    return {digits for digits in plain if len(digits) == 10}


def _at(body: object, path: str) -> object:
    for step in path.split("."):
        body = body.get(step) if isinstance(body, dict) else None
    return body
