"""What a case of a rule cannot give: limits other than the rule's own, and where an answer came from."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from screening.checks import (
    address_anomaly,
    annual_report,
    auditor_change,
    bankruptcy_history,
    f_tax,
    final_tax_decision,
    insolvency,
    name_elsewhere,
    number_use,
    repeated_referral,
    russian_ownership,
    sanctions_hit,
    shelf_company,
    tax_account_deficit,
    trading_prohibition,
    unlawful_content,
)
from screening.checks import unregistered_vat as vat
from screening.checks._names import likest
from screening.identity import from_stored
from screening.model import (
    Accounts,
    Address,
    CompanyName,
    CompanyRecord,
    Context,
    Contract,
    Credit,
    EnforcementDebt,
    Engagement,
    FinalDecision,
    History,
    Industry,
    InvoicedVat,
    NameElsewhere,
    NameUse,
    NumberUse,
    Officer,
    Officers,
    Origin,
    Ownership,
    OwnershipChain,
    Provenance,
    RecordCheckAttestation,
    Referral,
    RoleEngagements,
    Sanctions,
    SanctionsHit,
    Shareholder,
    Shareholders,
    Spend,
    StatusElsewhere,
    Supplier,
    SupplierKind,
    TaxAccount,
    TaxRegistration,
    TradingProhibition,
)
from screening.names import likeness

TODAY = date(2026, 11, 30)
CAME = Provenance(
    source="register", origin=Origin.AUTHORITY, as_of=TODAY, fetched_at=datetime(2026, 11, 30, 6, tzinfo=UTC)
)
HALF = Decimal("0.5")
ONE, OTHER, OWN = "Granliden Bygg Mark Städ El", "Granliden VVS El Bygg", "Tallmora Åkeri"


def context(*names: str) -> Context:
    identity = from_stored("orgnr", "SE", "5599999017")
    return Context(TODAY, Supplier("S", "organisation", identity, names[0], names), spend=Spend(rows=1))


def record(*names: str) -> CompanyRecord:
    return CompanyRecord(provenance=CAME, state="registered", names=tuple(map(CompanyName, names)))


def test_who_is_judged_by_another_authoritys_answer_is_shown_with_that_source() -> None:
    """The evidence leads to the answer that was judged by, not to the one that was overruled."""
    before = replace(CAME, as_of=date(2026, 10, 31), fetched_at=datetime(2026, 10, 31, 6, tzinfo=UTC))
    own = replace(record("Exempel AB"), provenance=before)
    other = StatusElsewhere(
        provenance=CAME, told_by="other", holds_on=TODAY, authority=True, state="deregistered", deregistered_on=TODAY
    )
    limits = insolvency.P(critical_codes=(), high_codes=(), other_codes=(), merger_reasons=())
    judged = insolvency.check(own, None, other, context("Exempel AB"), limits)
    assert [(fact.provenance.source, fact.provenance.as_of) for fact in judged.facts] == [
        ("other", TODAY),
        ("register", date(2026, 10, 31)),
    ]


def test_a_name_exactly_as_unlike_as_the_limit_is_its_numbers_own() -> None:
    """Below it and not at it is doubtful."""
    _closest, share = likest(ONE, (OTHER,))
    limits = name_elsewhere.P(min_other_share=Decimal(1), own_below_share=share)
    none = NameElsewhere(provenance=CAME, state="none", export_name=ONE)
    history = History((record(OTHER),), TODAY)
    judged = name_elsewhere.check(history, none, context(ONE), limits)
    assert (judged.outcome, judged.seen["registered_name"]) == ("clear", OTHER)
    above = replace(limits, own_below_share=share + Decimal("0.0001"))
    assert "registered_name" not in name_elsewhere.check(history, none, context(ONE), above).seen


@pytest.mark.parametrize(("step", "outcome"), [(0, "clear"), (1, "flag")])
def test_two_names_exactly_as_unlike_as_the_limit_are_of_one_supplier(step: int, outcome: str) -> None:
    """Below it and not at it they are clearly unlike."""
    share = Decimal(str(likeness(ONE, OTHER)))
    limits = number_use.P(
        unlike_below_share=share + step * Decimal("0.0001"), registered_from_share=Decimal(1), min_rows=1
    )
    use = NumberUse(provenance=CAME, uses=(NameUse(ONE, rows=2), NameUse(OTHER, rows=2)))
    assert number_use.check(use, History((record(OWN),), TODAY), context(ONE, OTHER), limits).outcome == outcome


@pytest.mark.parametrize(("step", "outcome"), [(0, "clear"), (1, "flag")])
def test_a_name_exactly_as_like_as_the_limit_is_a_registered_one(step: int, outcome: str) -> None:
    """Two names of one number are in order when both are registered."""
    _closest, share = likest(ONE, (OTHER,))
    limits = number_use.P(
        unlike_below_share=Decimal("0.3"), registered_from_share=share + step * Decimal("0.0001"), min_rows=1
    )
    use = NumberUse(provenance=CAME, uses=(NameUse(ONE, rows=2), NameUse(OWN, rows=2)))
    assert number_use.check(use, History((record(OTHER, OWN),), TODAY), context(ONE, OWN), limits).outcome == outcome


@pytest.mark.parametrize("word", ["lagerbolag", "Lagerbolag"])
def test_a_bureaus_word_is_compared_whatever_its_case(word: str) -> None:
    """On both sides: a controller may write it as a name."""
    limits = shelf_company.P(
        together_days=30, first_invoice_days=183, window_days=548, statuses=(word,), near_days=90, option_days=180
    )
    facts = (
        History((record("Exempel AB"),), TODAY),
        History((Officers(provenance=CAME),), TODAY),
        History((Industry(provenance=CAME),), TODAY),
    )
    bought = replace(context("Exempel AB"), spend=Spend(first_on=TODAY))
    judged = shelf_company.check(*facts, Credit(provenance=CAME, company_status="LagerBolag"), bought, limits)
    assert (judged.outcome, judged.seen["variant"]) == ("flag", "marked")


def test_a_role_without_a_word_is_told_by_its_code() -> None:
    """A code that a controller adds before we have a word for it."""
    limits = trading_prohibition.P(roles=("XX",), partial_roles=())
    item = TradingProhibition(provenance=CAME, state="active", person_key="K-A", role_code="XX")
    assert trading_prohibition.check((item,), None, context("Exempel AB"), limits).seen["role"] == "XX"


@pytest.mark.parametrize(("ref", "told"), [("intyg-2026Q3.xlsx", "intyg-2026Q3.xlsx"), ("", None)])
def test_a_refused_row_is_told_by_the_file_it_stood_in(ref: str, told: str | None) -> None:
    """And by nothing where the source names none."""
    row = RecordCheckAttestation(
        provenance=replace(CAME, request_ref=ref), quarter="2026Q3", area="school", state="refused"
    )
    judged = unlawful_content.check(row, context("Exempel AB"), unlawful_content.P(max_days=400))
    assert (judged.outcome, judged.seen["file_ref"]) == ("flag", told)


def test_no_vat_outside_the_registration_is_clear_even_with_no_lower_limit() -> None:
    """A limit of nothing does not flag nothing."""
    registration = TaxRegistration(provenance=CAME, vat="active", vat_from_on=date(2020, 1, 1))
    charged = InvoicedVat(provenance=CAME, rows=1, vat_sek=Decimal(5), days=((TODAY, 1, Decimal(5)),))
    limits = vat.P(limit_sek=Decimal(0), pending_days=60)
    assert vat.check(History((registration,), TODAY), charged, context("Exempel AB"), limits).outcome == "clear"


@pytest.mark.parametrize(("long_days", "outcome"), [(155, "unknown"), (156, "clear")])
def test_months_of_thirty_one_days_bound_how_long_a_deficit_may_have_stood(long_days: int, outcome: str) -> None:
    """Four reconciliations, and the month before the first, are at most 155 days: surely less than 156."""
    account = TaxAccount(provenance=CAME, balance_sek=Decimal(-5_000), reconciliations_in_deficit=4)
    limits = tax_account_deficit.P(
        limit_sek=Decimal(10_000),
        long_limit_sek=Decimal(2_000),
        long_days=long_days,
        reconciliations=2,
        open_ended_days=365,
    )
    assert tax_account_deficit.check(History((account,), TODAY), None, context("Exempel AB"), limits).outcome == outcome


def test_another_country_and_another_form_are_doubtful_even_where_the_limit_is_low() -> None:
    """Two doubts do not cancel each other."""
    hit = SanctionsHit("EU.1", "Exempel", 1.0, country="BY", subject="person")
    look = Sanctions(provenance=CAME, scope_key="EU.1", list_on=TODAY, hits=(hit,))
    limits = sanctions_hit.P(
        min_weighed_share=Decimal("0.5"),
        weak_alias_share=Decimal("0.9"),
        other_country_share=Decimal("0.9"),
        other_form_share=Decimal("0.85"),
        same_name_share=Decimal("0.97"),
        list_max_age_days=31,
    )
    judged = sanctions_hit.check(look, context("Exempel"), limits)
    assert (judged.outcome, judged.level) == ("flag", "doubtful")


@pytest.mark.parametrize("word", ["jurist", "Jurist"])
def test_the_word_for_a_lawyer_is_read_whatever_its_case(word: str) -> None:
    """A controller may write it as a title."""
    noted = FinalDecision(provenance=CAME, decided_on=TODAY, final_on=TODAY, set_by="kommunjurist")
    limits = final_tax_decision.P(lawyers=(word,), open_ended_days=365)
    assert final_tax_decision.check(noted, None, context("Exempel AB"), limits).outcome == "flag"


@pytest.mark.parametrize(
    ("from_on", "outcome"), [(None, "flag"), (date(2020, 1, 1), "flag"), (date(2020, 1, 2), "clear")]
)
def test_a_referral_before_the_look_back_does_not_count(from_on: date | None, outcome: str) -> None:
    """However long a window a profile sets."""
    claims = (Referral(date(2020, 1, 1), Decimal(5_000), "1"), Referral(date(2026, 6, 1), Decimal(9_000), "2"))
    debt = EnforcementDebt(provenance=CAME, referrals=claims, referrals_from_on=date(2010, 1, 1))
    limits = repeated_referral.P(
        referrals=2,
        window_days=4_000,
        each_sek=Decimal(2_000),
        same_days=45,
        same_share=Decimal("0.05"),
        events_from_on=from_on,
    )
    history = History((debt,), date(2010, 1, 1))
    assert repeated_referral.check(history, None, context("Exempel AB"), limits).outcome == outcome


def test_accounts_are_late_whatever_the_register_says_nothing_of() -> None:
    """A company that is gone need not report; one that is not known to be gone does."""
    accounts = Accounts(provenance=CAME, period_to_on=date(2024, 12, 31))
    limits = annual_report.P(late_months=7, later_months=9, last_months=11)
    for answer, outcome in ((None, "flag"), (record("Exempel AB"), "flag")):
        assert annual_report.check(accounts, answer, context("Exempel AB"), limits).outcome == outcome


@pytest.mark.parametrize(
    ("kind", "form", "known", "starts", "outcome"),
    [
        ("organisation", None, True, "55", "not_applicable"),
        ("organisation", "AB", True, "55", "flag"),
        ("organisation", None, True, "17", "flag"),
        ("organisation", None, False, "55", "flag"),
        ("person", None, True, "55", "flag"),
    ],
)
def test_a_body_that_needs_no_f_tax_is_known_by_its_number_where_the_form_is_not(
    kind: SupplierKind, form: str | None, known: bool, starts: str, outcome: str
) -> None:
    """By how the number of an organisation begins; the register's form goes before it."""
    identity = from_stored("orgnr", "SE", "5599999017") if known else None
    buyer = Context(TODAY, Supplier("S", kind, identity, "Exempel"), spend=Spend(last_90_days_sek=Decimal(1)))
    answer = replace(record("Exempel"), legal_form=form)
    registration = TaxRegistration(provenance=CAME, f_tax="never")
    limits = f_tax.P(exempt_forms=("I",), exempt_number_starts=(starts,))
    assert f_tax.check(registration, answer, buyer, limits).outcome == outcome


@pytest.mark.parametrize(
    ("answers", "changes", "shown"),
    [(3, 2, date(2026, 5, 10)), (3, 3, date(2025, 12, 10)), (4, 4, date(2026, 10, 20))],
)
def test_of_auditors_who_left_early_or_at_a_meeting_the_last_early_one_is_told(
    answers: int, changes: int, shown: date
) -> None:
    """Where changes are many, the last of them."""

    def answer(as_of: date, until: date, key: str) -> Officers:
        came = replace(CAME, as_of=as_of, confirmed_at=datetime(until.year, until.month, until.day, 6, tzinfo=UTC))
        return Officers(
            provenance=came,
            people=(Officer(key, {"A": "Alva Ek", "B": "Bo Lind", "C": "Cia Berg"}.get(key, "Dan Holm"), "REV"),),
        )

    rows = (
        answer(date(2025, 1, 1), date(2025, 11, 20), "A"),
        answer(date(2025, 12, 10), date(2026, 4, 20), "B"),
        answer(date(2026, 5, 10), date(2026, 9, 20), "C"),
        answer(date(2026, 10, 20), TODAY, "D"),
    )[:answers]
    limits = auditor_change.P(
        near_days=90,
        option_days=180,
        exit_days=365,
        changes=changes,
        window_days=730,
        meeting_months=(3, 4, 5, 6, 7),
        employees=3,
        assets_sek=Decimal(1),
        turnover_sek=Decimal(1),
    )
    judged = auditor_change.check(History(rows, date(2025, 1, 1)), None, None, context("Exempel AB"), limits)
    assert (judged.outcome, judged.seen["changed_on"]) == ("flag", shown)


@pytest.mark.parametrize(("from_on", "flagged"), [(None, True), (date(2020, 1, 1), True), (date(2020, 1, 2), False)])
def test_a_bankruptcy_before_the_look_back_does_not_count(from_on: date | None, flagged: bool) -> None:
    """However long a window a profile sets, and whether roles or totals are told."""
    days = (date(2020, 1, 1), date(2026, 1, 1))
    limits = bankruptcy_history.P(
        bankruptcies=2, window_days=4_000, after_days=365, excluded_roles=(), events_from_on=from_on
    )
    told = tuple(Engagement("K-A", f"C-{day.year}", "LE", bankrupt_on=day) for day in days)
    by_role = RoleEngagements(provenance=CAME, engagements=told)
    total = RoleEngagements(provenance=CAME, bankruptcies_on=days)
    check = bankruptcy_history.check
    assert check(by_role, None, context("Exempel AB"), limits).outcome == ("flag" if flagged else "clear")
    assert check(total, None, context("Exempel AB"), limits).outcome == ("unknown" if flagged else "clear")


@pytest.mark.parametrize(("share", "outcome"), [(None, "unknown"), (Decimal("0.3"), "clear")])
def test_a_way_up_of_which_a_share_is_not_told_may_be_the_most(share: Decimal | None, outcome: str) -> None:
    """Nobody is clear by what a register leaves out."""
    chain = OwnershipChain(("Mellanhand AB", "Topco OOO"), (Decimal(1), share), "unknown", country="RU")
    owner = Shareholder("K-2", "Mellanhand AB", country="SE", share_from=Decimal(1))
    facts = Shareholders(provenance=CAME, owners=(owner,)), Ownership(provenance=CAME, chains=(chain,))
    limits = russian_ownership.P(
        countries=("RU",),
        share=HALF,
        sub_share=HALF,
        goods_sek=HALF,
        works_sek=HALF,
        annex2_sek=HALF,
        utilities_sek=HALF,
        works_services=(),
        doubt_share=Decimal(0),
    )
    buyer = replace(context("Exempel AB"), contracts=(Contract("A-1", value_sek=Decimal(1)),))
    assert russian_ownership.check(None, *facts, buyer, limits).outcome == outcome


@pytest.mark.parametrize(
    ("counts", "street", "outcome"), [(True, "Ågatan 2", "flag"), (False, "Ågatan 2", "clear"), (False, "", "flag")]
)
def test_a_care_of_at_a_street_counts_where_the_limits_say_so(counts: bool, street: str, outcome: str) -> None:
    """Without a street it always does: there is nothing else."""
    address = Address(provenance=CAME, care_of="Byrån", street=street or None, postcode="111 22", city="Sjövika")
    limits = address_anomaly.P(
        moves=3, window_days=0, suppliers=20, care_of_counts=counts, near_days=90, option_days=180
    )
    c = Context(TODAY, Supplier("S", "organisation", from_stored("orgnr", "SE", "5599999017"), "Exempel AB"))
    verdict = address_anomaly.check(History((address,), TODAY), None, None, None, c, limits)
    assert verdict.outcome == outcome
