"""Planted events of the SKA family: debts, deficits, agreements and registrations."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.base import dated, nothing_owed
from benchmarks.worlds.life import FAR_AHEAD, LONG_AGO, PENDING, Life, Planter, always, company, steps, taxed

from screening.model import EnforcementDebt, PaymentAgreement, Severity, TaxAccount, TaxRegistration

DEBT = frozenset({"debt", "agreement"})
ACCOUNT = frozenset({"account", "agreement"})
REGISTRATION = frozenset({"registration", "spend"})


# --- SKA-01: public claims ----------------------------------------------------------------------------------------------
def claims(life: Life, sek: Decimal | int, *, tax: bool = False) -> EnforcementDebt:
    """Public claims of some size."""
    amount = Decimal(sek)
    return replace(nothing_owed(life), public_debt_sek=amount, public_cases=1, tax_debt_sek=amount if tax else None)


def _owes(life: Life, sek: Decimal | int, *, since: date = LONG_AGO, until: date = FAR_AHEAD) -> Severity | None:
    """The debt over a time; gives how severe it is, ``None`` below the limit."""
    debt = claims(life, sek, tax=life.random.random() < 0.5)
    life.says["enforcement_debt"] = steps((LONG_AGO, nothing_owed(life)), (since, debt), (until, nothing_owed(life)))
    amount = Decimal(sek)
    if amount < law.PUBLIC_CLAIMS_SEK:
        return None
    share = amount / life.turnover_sek if life.kind == "organisation" else Decimal(0)
    return "critical" if amount >= law.LARGE_CLAIMS_SEK or share >= law.LARGE_CLAIMS_SHARE else "high"


def public_claims(life: Life) -> None:
    """A debt of common size that comes and is paid."""
    start = life.during(latest=3)
    paid = life.random.choice((FAR_AHEAD, start + timedelta(days=life.random.randint(40, 90))))
    severity = _owes(life, life.random.randint(10_001, 99_999), since=start, until=paid)
    life.mark("SKA-01", "flag", since=start, until=paid, severity=severity)


def claims_at_limit(life: Life) -> None:
    """Exactly the limit."""
    life.mark("SKA-01", "flag", severity=_owes(life, law.PUBLIC_CLAIMS_SEK))


def large_claims(life: Life) -> None:
    """From a hundred thousand on."""
    sek = life.random.choice((law.LARGE_CLAIMS_SEK, life.random.randint(100_001, 900_000)))
    life.mark("SKA-01", "flag", severity=_owes(life, sek))


def claims_large_for_turnover(life: Life) -> None:
    """Small in kronor, but a hundredth of what a small company turns over; or just less than that."""
    life.turnover_sek = life.random.randint(15, 90) * 100_000
    limit = max(life.turnover_sek // 100, law.PUBLIC_CLAIMS_SEK)
    life.mark("SKA-01", "flag", severity=_owes(life, life.random.choice((limit, limit - 1, limit + 5_000))))


def claims_below(life: Life) -> None:
    """One öre, or one krona, less than the limit."""
    _owes(life, life.random.choice((Decimal("9999.99"), Decimal(9_999))))


def claims_paid_before(life: Life) -> None:
    """Cases on file, and everything paid."""
    life.says["enforcement_debt"] = always(replace(nothing_owed(life), public_cases=life.random.randint(1, 4)))


def private_claims_only(life: Life) -> None:
    """Debts to others than the state, small against the turnover."""
    life.says["enforcement_debt"] = always(
        replace(nothing_owed(life), private_debt_sek=Decimal(life.random.randint(1_000, 9_000)), private_cases=1)
    )


def register_of_debts_down(life: Life) -> None:
    """The source answers in the first months and is down after that: what it said goes out of date."""
    stops = life.random.randint(1, 3)
    sek = life.random.choice((0, 25_000))
    severity = _owes(life, sek)
    answer = life.says["enforcement_debt"]
    last = life.days[stops - 1]
    life.says["enforcement_debt"] = lambda day: answer(day) if day <= last else "source_down"
    if severity is not None:
        life.mark("SKA-01", "flag", severity=severity)
    _nothing_known(life, last + timedelta(days=law.CLAIMS_AGE_DAYS + 1))


def debts_never_answered(life: Life) -> None:
    """No answer at all."""
    life.says["enforcement_debt"] = always(life.random.choice(("source_down", "over_budget", "not_found")))
    _nothing_known(life, LONG_AGO)


def _nothing_known(life: Life, since: date) -> None:
    """Every rule on debts lacks its answer from a day on; those on private claims concern companies alone."""
    company_only = ("KRE-02", "KRE-03", "KRE-04") if life.kind == "organisation" else ()
    for rule in ("SKA-01", "SKA-04", *company_only):
        life.mark(rule, "unknown", since=since)


# --- SKA-05: agreements, which bar SKA-01 and SKA-02 ----------------------------------------------------------------------
def _agree(life: Life, decided: date, ends: date | None, *, documented: bool = True) -> None:
    word: Literal["payment_plan", "respite"] = life.random.choice(("payment_plan", "respite"))
    life.hand_in(
        PaymentAgreement(
            provenance=dated(decided), agreement=word, decided_on=decided, valid_to_on=ends, documented=documented
        ),
        decided,
    )


def _watched(life: Life, ends: date) -> None:
    """LÅG while it runs, MEDEL in its last thirty days."""
    ending = ends - timedelta(days=law.AGREEMENT_ENDING_DAYS)
    life.mark("SKA-05", "flag", until=ending, severity="low")
    life.mark("SKA-05", "flag", since=ending, until=ends + timedelta(days=1), severity="medium")


def plan_for_claims(life: Life) -> None:
    """A debt under a documented plan that outlasts the world, or ends in it."""
    severity = _owes(life, life.random.randint(10_000, 90_000))
    ends = life.random.choice((life.last + timedelta(days=200), life.during(earliest=1)))
    _agree(life, life.first - timedelta(days=life.random.randint(5, 200)), ends)
    _watched(life, ends)
    life.mark("SKA-01", "flag", since=ends + timedelta(days=1), severity=severity)


def plan_made_later(life: Life) -> None:
    """The plan comes while the debt stands: the flag on the debt ends, the watch begins."""
    decided = life.during(latest=3)
    ends = life.last + timedelta(days=90)
    severity = _owes(life, life.random.randint(10_000, 90_000))
    _agree(life, decided, ends)
    life.mark("SKA-01", "flag", until=decided, severity=severity)
    life.mark("SKA-05", "flag", since=decided, severity="low")


def plan_only_spoken_of(life: Life) -> None:
    """No decision on file: the debt is flagged, and so is the plan."""
    severity = _owes(life, life.random.randint(10_000, 90_000))
    _agree(life, life.first - timedelta(days=20), life.last + timedelta(days=200), documented=False)
    life.mark("SKA-01", "flag", severity=severity)
    life.mark("SKA-05", "flag", severity="medium")


def plan_without_debt(life: Life) -> None:
    """All is paid; the plan is history."""
    _owes(life, life.random.choice((0, law.PUBLIC_CLAIMS_SEK - 1)))
    _agree(life, life.first - timedelta(days=40), life.last + timedelta(days=100))


def plan_that_has_ended(life: Life) -> None:
    """The plan ran out the day before the first run."""
    severity = _owes(life, 30_000)
    _agree(life, life.first - timedelta(days=300), life.first - timedelta(days=1))
    life.mark("SKA-01", "flag", severity=severity)


def respite_for_deficit(life: Life) -> None:
    """A deficit that Skatteverket has given respite for."""
    life.says["tax_account"] = always(_deficit(life.random.randint(10_000, 80_000), life.first - timedelta(days=100)))
    ends = life.last + timedelta(days=31)
    _agree(life, life.first - timedelta(days=90), ends)
    _watched(life, ends)


# --- SKA-02: the tax account ----------------------------------------------------------------------------------------------
def _deficit(sek: int, since: date | None, *, due: int | None = None, reconciled: int | None = None) -> TaxAccount:
    return TaxAccount(
        provenance=PENDING,
        balance_sek=Decimal(-sek),
        due_sek=None if due is None else Decimal(due),
        deficit_since_on=since,
        reconciliations_in_deficit=reconciled,
        signed=True,
    )


def deficit(life: Life) -> None:
    """A new deficit at the limit or above: MEDEL at first, HÖG when it has stood over two reconciliations."""
    since = life.during(latest=3)
    sek = life.random.choice((law.DEFICIT_SEK, life.random.randint(10_001, 90_000)))
    paid = since + timedelta(days=life.random.randint(20, 100))
    fine = life.says["tax_account"](life.first)

    def say(day: date) -> TaxAccount:
        if not since <= day < paid:
            assert isinstance(fine, TaxAccount)
            return fine
        return _deficit(sek, since, reconciled=_reconciled(since, day))

    life.says["tax_account"] = say
    for day in life.days:
        if since <= day < paid:
            severity: Severity = "high" if _reconciled(since, day) >= 2 else "medium"
            life.mark("SKA-02", "flag", since=day, until=day + timedelta(days=1), severity=severity)


def _reconciled(since: date, day: date) -> int:
    """Monthly reconciliations in deficit: the first weekend of each month, taken as the first day."""
    return (day.year - since.year) * 12 + day.month - since.month


def small_deficit_for_long(life: Life) -> None:
    """Two thousand or more for half a year: flagged from the day that makes it half a year."""
    turns = life.random.choice(life.days[1:])
    since = turns - timedelta(days=law.SMALL_DEFICIT_DAYS)
    life.says["tax_account"] = always(_deficit(life.random.choice((law.SMALL_DEFICIT_SEK, 9_999)), since))
    life.mark("SKA-02", "flag", since=turns)


def deficit_below(life: Life) -> None:
    """A krona less than either limit, or a day short of half a year."""
    short = life.last - timedelta(days=law.SMALL_DEFICIT_DAYS - 1)
    sek, since = life.random.choice(
        ((law.SMALL_DEFICIT_SEK - 1, life.first - timedelta(days=900)), (law.DEFICIT_SEK - 1, short))
    )
    life.says["tax_account"] = always(_deficit(sek, since))


def deficit_not_due(life: Life) -> None:
    """An assessment just posted: large, but nothing of it past its due date."""
    sek = life.random.randint(10_000, 90_000)
    life.says["tax_account"] = always(_deficit(sek, life.first - timedelta(days=10), due=0))


def no_extract(life: Life) -> None:
    """The supplier sends none."""
    life.says["tax_account"] = always("not_found")
    life.mark("SKA-02", "unknown")


# --- SKA-06: F-tax --------------------------------------------------------------------------------------------------------
def _registered(
    f_tax: Literal["never", "active", "ended", "future"] | None, until: date | None = None
) -> TaxRegistration:
    form: Literal["F"] | None = "F" if f_tax == "active" else None
    return TaxRegistration(
        provenance=PENDING, f_tax=f_tax, f_tax_form=form, f_tax_to_on=until, vat="active", employer="active"
    )


def f_tax_revoked(life: Life) -> None:
    """Approved until some day, paid all along."""
    ended = life.during(latest=4)
    life.says["tax_registration"] = steps((LONG_AGO, _registered("active")), (ended, _registered("ended", ended)))
    life.mark("SKA-06", "flag", since=ended + timedelta(days=1), severity="high")


def f_tax_begins_later(life: Life) -> None:
    """Paid all along, approved only from a day that comes after the last month."""
    begins = life.last + timedelta(days=life.random.randint(1, 60))
    life.says["tax_registration"] = always(replace(_registered("future"), f_tax_from_on=begins))
    life.mark("SKA-06", "flag", severity="high")


def f_tax_has_begun(life: Life) -> None:
    """The register still says that it is to come, but its first day is the first month's."""
    life.says["tax_registration"] = always(replace(_registered("future"), f_tax_from_on=life.first))


def never_f_tax(life: Life) -> None:
    """Never approved."""
    life.says["tax_registration"] = always(_registered("never"))
    life.mark("SKA-06", "flag", severity="high")


def f_tax_ends_later(life: Life) -> None:
    """Ended in the register, but from a day that has not come."""
    life.says["tax_registration"] = always(_registered("ended", life.last + timedelta(days=life.random.randint(1, 60))))


def no_f_tax_nothing_paid(life: Life) -> None:
    """Without F-tax, and no invoice for more than ninety days."""
    life.says["tax_registration"] = always(_registered("never"))
    was = life.spend
    life.spend = lambda day: replace(was(day), last_90_days_sek=Decimal(0), last_on=day - timedelta(days=91))


def fa_tax(life: Life) -> None:
    """FA-tax invoked in writing counts as approved."""
    life.says["tax_registration"] = always(replace(_registered("active"), f_tax_form="FA"))


def association_without_f_tax(life: Life) -> None:
    """An association needs none."""
    life.says["tax_registration"] = always(_registered("never"))


def register_without_f_tax(life: Life) -> None:
    """A source that does not carry the register of F-tax."""
    life.says["tax_registration"] = always(_registered(None))
    life.mark("SKA-06", "unknown")


def _is_association(life: Life) -> bool:
    return life.form == "I"


def _business(life: Life) -> bool:
    return company(life) or life.kind == "person"


PLANTERS = (
    Planter("SKA-01", "planted", public_claims, DEBT, taxed),
    Planter("SKA-01", "planted", claims_at_limit, DEBT, taxed),
    Planter("SKA-01", "planted", large_claims, DEBT, taxed),
    Planter("SKA-01", "planted", claims_large_for_turnover, DEBT | {"accounts"}, company),
    Planter("SKA-01", "near", claims_below, DEBT, taxed),
    Planter("SKA-01", "alike", claims_paid_before, DEBT, taxed),
    Planter("SKA-01", "alike", private_claims_only, DEBT, taxed),
    Planter("SKA-01", "missing", register_of_debts_down, DEBT, taxed),
    Planter("SKA-01", "missing", debts_never_answered, DEBT, taxed),
    Planter("SKA-05", "planted", plan_for_claims, DEBT, taxed),
    Planter("SKA-05", "planted", plan_made_later, DEBT, taxed),
    Planter("SKA-05", "planted", plan_only_spoken_of, DEBT, taxed),
    Planter("SKA-05", "planted", respite_for_deficit, ACCOUNT | DEBT, taxed),
    Planter("SKA-05", "near", plan_without_debt, DEBT | ACCOUNT, taxed),
    Planter("SKA-05", "alike", plan_that_has_ended, DEBT, taxed),
    Planter("SKA-02", "planted", deficit, ACCOUNT, taxed),
    Planter("SKA-02", "planted", small_deficit_for_long, ACCOUNT, taxed),
    Planter("SKA-02", "near", deficit_below, ACCOUNT, taxed),
    Planter("SKA-02", "alike", deficit_not_due, ACCOUNT, taxed),
    Planter("SKA-02", "missing", no_extract, ACCOUNT, taxed),
    Planter("SKA-06", "planted", f_tax_revoked, REGISTRATION, _business),
    Planter("SKA-06", "planted", never_f_tax, REGISTRATION, _business),
    Planter("SKA-06", "planted", f_tax_begins_later, REGISTRATION, _business),
    Planter("SKA-06", "near", f_tax_has_begun, REGISTRATION, _business),
    Planter("SKA-06", "near", f_tax_ends_later, REGISTRATION, _business),
    Planter("SKA-06", "near", no_f_tax_nothing_paid, REGISTRATION, _business),
    Planter("SKA-06", "alike", fa_tax, REGISTRATION, _business),
    Planter("SKA-06", "alike", association_without_f_tax, REGISTRATION, _is_association),
    Planter("SKA-06", "missing", register_without_f_tax, REGISTRATION, _business),
)
