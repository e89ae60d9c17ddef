"""Suppliers with nothing wrong: forms, boards, owners, contracts and answers as a municipality meets them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from random import Random

from benchmarks.judge_store import number
from benchmarks.process import ROOT
from benchmarks.worlds.life import LONG_AGO, PENDING, Life, Says, Seat, always

from screening.identity import Identity, Kind
from screening.model import (
    Accounts,
    Address,
    BeneficialOwners,
    CarePermit,
    CompanyName,
    CompanyRecord,
    Contract,
    Credit,
    Declaration,
    EmployerContributions,
    EnforcementDebt,
    Engagement,
    Fact,
    Industry,
    InvoicedVat,
    LawArea,
    Owner,
    Provenance,
    RecordCheckAttestation,
    RoleEngagements,
    Sanctions,
    SanctionsHit,
    Spend,
    TaxAccount,
    TaxRegistration,
    TradingProhibition,
)
from screening.model.supplier import Regime

FORMS = (("AB", 0.78), ("HB", 0.04), ("EK", 0.03), ("I", 0.03), ("E", 0.09), ("foreign", 0.03))
"""Legal form and share of suppliers: a choice, near what a municipality's ledger holds."""
SERVICES: tuple[tuple[str, str, Regime, LawArea | None, str], ...] = (
    ("standard", "konsult", "LOU", None, "62010"),
    ("standard", "transport", "LOU_under", None, "49410"),
    ("standard", "livsmedel", "LOU", None, "46390"),
    ("standard", "lokalhyra", "direct", None, "68204"),
    ("bygg", "bygg", "LOU_under", None, "41200"),
    ("hemtjänst", "hemtjänst", "LOV", "home_care", "88101"),
    ("assistans", "personlig assistans", "LOU_annex2", "lss_child", "88102"),
    ("hvb", "hvb", "LOU_annex2", "hvb", "87902"),
    ("skola", "skola", "LOU_annex2", "school", "85201"),
)
"""Profile, service, regime, area of record checks and the SNI code that fits it (codes from memory: only compared)."""
PERMITS = {
    "hemtjänst": "Hemtjänst",
    "personlig assistans": "Personlig assistans",
    "hvb": "Hem för vård eller boende (HVB)",
}
"""Services that take a permit from IVO, and what the register calls it."""
HEADS = (
    "Aldar Bromm Celk Drev Eksk Fjal Gnist Hovr Ilmar Jork Klyv Lomv Mjerd Norsk Ovans Pilg Qvarn Rydm Sjon Tjurb Ulvs"
)
TAILS = "vik berga torp malm sund holmen stad dal näs hult moen fors lunda gärd borg skär åker rud bäck löv"
TRADES = "Bygg Konsult Omsorg Transport Städ Måltid Skola Assistans Fastighet Teknik"
FIRST = "Alva Bo Cia Dag Elin Fred Greta Hugo Ines Jon Kaj Lo Maj Nils Olga Per Rut Sten Tova Ulf Vera Ylva"
LAST = "Abelvik Brontorp Cedmark Dalsand Edhult Fallmo Granskär Hedlund Islöv Jarnäs Kvistfors Lindrud Mossberg Nordal"


@cache
def _stock() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Made-up names of companies, no two alike, and test personal numbers."""
    firms = tuple(head + tail for head in HEADS.split() for tail in TAILS.split())
    text = (ROOT / "data" / "sample" / "test_personnummer.txt").read_text(encoding="utf-8")
    people = tuple(word for word in text.split() if word.isdigit() and len(word) == 12)
    return firms, people


def lives(seed: int, count: int, days: tuple[date, ...]) -> Iterator[Life]:
    """So many suppliers with nothing wrong."""
    random = Random(f"base-{seed}")
    firms, people = _stock()
    firms_left, people_left = random.sample(firms, len(firms)), iter(random.sample(people, len(people)))
    names, weights = zip(*FORMS, strict=True)
    for index in range(count):
        form = random.choices(names, weights)[0]
        round_, place = divmod(index, len(firms_left))
        firm = firms_left[place] + (f" {firms_left[(place * 7 + round_) % len(firms_left)]}" if round_ else "")
        own = Random(f"life-{seed}-{index}")
        yield _life(f"{seed}-{index}", own, days, form, firm, next(people_left, "") if form == "E" else number(index))


def _life(tag: str, random: Random, days: tuple[date, ...], form: str, firm: str, digits: str) -> Life:
    registered_on = days[0] - timedelta(days=random.randint(1_500, 9_000))
    profile, service, regime, area, _sni = random.choice(SERVICES)
    person, foreign = form == "E" and digits != "", form == "foreign"
    if form == "E":
        form = "E" if person else "AB"
    identity = Identity(Kind.ORGNR, "SE", digits or number(int(tag.split("-")[1]) + 500_000))
    name = f"{firm} {random.choice(TRADES.split())} {'AB' if form in ('AB', 'foreign') else ''}".strip()
    if person:
        identity = Identity(Kind.PERSONNUMMER, "SE", digits)
        name = f"{firm} Enskild firma"
    if foreign:
        identity = Identity(Kind.FOREIGN, "NO", f"9{digits[2:10]}")
    if person or foreign or form == "I":
        profile, service, regime, area = "standard", "konsult", "LOU", None
    life = Life(
        tag=tag,
        random=random,
        days=days,
        kind="person" if person else "foreign" if foreign else "organisation",
        identity=identity,
        name=name,
        form=None if foreign else form,
        registered_on=registered_on,
        contracts=[],
        spend=_no_spend,
        area=area or "",
        profile=profile,
    )
    _buys(life, service, regime, area)
    if foreign:
        life.other = "no_flag"
        life.says["sanctions"] = listed()
        _papers(life, area)
        return life
    _led(life)
    _answers(life)
    _papers(life, area)
    return life


def _no_spend(_day: date) -> Spend:
    return Spend()


def _buys(life: Life, service: str, regime: Regime, area: LawArea | None) -> None:
    """One or two contracts, awarded long enough ago that no change lies near, and a year's purchases."""
    random = life.random
    for index in range(random.choice((1, 1, 2))):
        awarded = life.first - timedelta(days=random.randint(900, 1_400))
        life.contracts.append(
            Contract(
                id=f"A-{life.tag}-{index}",
                title=f"Avtal om {service}",
                unit="Enheten",
                service=service,
                regime=regime,
                awarded_on=awarded,
                starts_on=awarded + timedelta(days=30),
                ends_on=life.last + timedelta(days=random.randint(400, 900)),
                value_sek=Decimal(random.randint(2, 9) * 100_000),
                record_check=True if area == "home_care" else None,  # there only a contract can demand it
            )
        )
    yearly = Decimal(random.randint(20, 400) * 1_000)
    monthly = yearly / 12
    life.spend = lambda day: Spend(
        yearly,
        yearly / 4,
        day - timedelta(days=360),
        day - timedelta(days=7),
        24,
        (("Enheten", yearly),),
        tuple((month, monthly) for month in months_before(day, 6)),
    )
    life.says["invoiced_vat"] = invoiced(yearly / 4)
    life.says["employer_contributions"] = contributions(monthly * Decimal("0.6"))


def months_before(day: date, count: int) -> tuple[str, ...]:
    """So many months up to that of the day, oldest first."""
    last = day.year * 12 + day.month - 1
    return tuple(f"{number // 12}-{number % 12 + 1:02}" for number in range(last - count + 1, last + 1))


def invoiced(vat_sek: Decimal) -> Says:
    """A year's VAT in the ledger, on twelve invoice days."""

    def say(day: date) -> InvoicedVat:
        each = (vat_sek / 12).quantize(Decimal("0.01"))
        days = tuple((day - timedelta(days=30 * back + 7), 2, each) for back in reversed(range(12)))
        return InvoicedVat(provenance=PENDING, rows=24, vat_sek=each * 12, days=days)

    return say


def contributions(wages_sek: Decimal) -> Says:
    """Employer contributions of the last six months, of so much wages a month."""
    amount = (wages_sek * Decimal("0.3142")).quantize(Decimal("0.01"))
    return lambda day: EmployerContributions(
        provenance=PENDING, months=tuple((month, amount) for month in months_before(day, 6))
    )


def _led(life: Life) -> None:
    """A board and owners who have been there for long."""
    random = life.random
    first, last = FIRST.split(), LAST.split()
    random.shuffle(first)
    random.shuffle(last)
    people = [f"{one} {other}" for one, other in zip(first, last, strict=False)]
    chosen, life.strangers = people[:7], [f"{one} {other}gren" for one, other in zip(first, last[::-1], strict=False)]
    if life.form in ("AB", "EK", "I"):
        roles = ["OF", "LE", "LE", "LE", "LE", "VD"][: random.choice((3, 4, 6))]
    else:
        roles = ["BOLM", "BOLM"] if life.form == "HB" else []
    for place, role in enumerate(roles):
        since = life.registered_on + timedelta(days=random.choice((0, 0, random.randint(70, 900))))
        life.board.append(Seat(f"K-{life.tag}-{place}", chosen[place], role, since))
    if life.form == "AB":
        life.board.append(Seat(f"K-{life.tag}-rev", f"{people[7]} Revision", "REV", life.registered_on))
    count = 0 if life.form in ("E", "I") else random.choice((1, 2, 3))
    for place in range(count):
        share = Decimal(round(1 / count, 2)).quantize(Decimal("0.01"))
        owner = Owner(
            f"K-{life.tag}-{place}", chosen[place], "SE", share, share, life.registered_on + timedelta(days=20)
        )
        life.owners.append((owner, LONG_AGO, date(2090, 1, 1)))


def _answers(life: Life) -> None:
    random = life.random
    life.turnover_sek = random.randint(20, 400) * 1_000_000
    life.employees = random.randint(8, 60)
    record = CompanyRecord(
        provenance=PENDING,
        state="registered",
        legal_form=life.form,
        names=(CompanyName(life.name, from_on=life.registered_on),),
        registered_on=life.registered_on,
        has_any_tax_registration=True,
    )
    score = random.randint(45, 99)
    service = life.contracts[0].service
    sni = next(code for _profile, name, _regime, _area, code in SERVICES if name == service)
    given: dict[str, Fact] = {
        "company_record": record,
        "tax_registration": TaxRegistration(
            provenance=PENDING, f_tax="active", f_tax_form="F", vat="active", employer="active"
        ),
        "enforcement_debt": nothing_owed(life),
        "tax_account": TaxAccount(provenance=PENDING, balance_sek=Decimal(random.randint(0, 9_000)), signed=True),
    }
    if life.kind == "organisation":
        given |= {
            "credit": Credit(provenance=PENDING, score=score, band="ABCDE"[4 - score // 20]),
            "address": Address(
                provenance=PENDING,
                street=f"{life.name.split()[0]}vägen {random.randint(1, 90)}",
                postcode="99999",
                city="Sjövika",
                country="SE",
            ),
            "role_engagements": RoleEngagements(
                provenance=PENDING,
                engagements=tuple(
                    Engagement(seat.key, f"C-{life.tag}-{place}", "LE", seat.since, employees=12)
                    for place, seat in enumerate(life.board[:2])
                ),
            ),
            "industry": Industry(provenance=PENDING, codes=((sni, "verksamhet"),), description="verksamhet"),
        }
    life.says["sanctions"] = listed()
    if service in PERMITS:
        given["care_permit"] = CarePermit(
            provenance=PENDING, scope_key=PERMITS[service], state="valid", service=PERMITS[service]
        )
    if life.kind == "person":
        given["trading_prohibition"] = TradingProhibition(
            provenance=PENDING, scope_key="K", state="none", person_key="K"
        )
    life.says |= {kind: always(fact) for kind, fact in given.items()}
    if life.kind == "organisation":
        life.says["accounts"] = accounts_of(life)
        life.says["trading_prohibition"] = prohibitions_of(life)
        life.past = [
            (life.first - timedelta(days=1_000), fact)
            for kind, fact in given.items()
            if kind in ("address", "industry")
        ]
        life.says["officers"] = life.seats
        life.says["beneficial_owners"] = owners_of(life)


def prohibitions_of(life: Life) -> Says:
    """The register of trading prohibitions: nobody who sits is in it."""

    def say(day: date) -> tuple[TradingProhibition, ...]:
        keys = sorted({person.person_key for person in life.seats(day).people})
        return tuple(
            TradingProhibition(provenance=PENDING, scope_key=key, state="none", person_key=key) for key in keys
        )

    return say


def accounts_of(life: Life) -> Says:
    """The newest annual report: that of the last year from the middle of June on, of the year before until then."""

    def say(day: date) -> Accounts:
        year = day.year - (1 if (day.month, day.day) >= (6, 15) else 2)
        return Accounts(
            provenance=PENDING,
            period_to_on=date(year, 12, 31),
            registered_on=date(year + 1, 6, 15),
            turnover_sek=Decimal(life.turnover_sek),
            equity_sek=Decimal(life.turnover_sek // 5),
            assets_sek=Decimal(life.turnover_sek // 2),
            employees=life.employees,
        )

    return say


def nothing_owed(life: Life) -> EnforcementDebt:
    """No debts, remarks or applications, and a list of referrals that is whole for years back."""
    return EnforcementDebt(
        provenance=PENDING,
        public_cases=0,
        private_debt_sek=Decimal(0),
        private_cases=0,
        applications=0,
        applications_sek=Decimal(0),
        referrals_from_on=life.first - timedelta(days=800),
        remarks=0,
        remarks_sek=Decimal(0),
    )


def listed(*hits: SanctionsHit) -> Says:
    """A look in the newest list of the day before: as a whole, and hit by hit."""

    def say(day: date) -> tuple[Sanctions, ...]:
        whole = Sanctions(provenance=PENDING, list_on=day - timedelta(days=1), list_sha256="ab" * 32, hits=hits)
        return (whole, *(replace(whole, scope_key=hit.entity_id, hits=(hit,)) for hit in hits))

    return say


def owners_of(life: Life) -> Says:
    """The register of beneficial owners as it follows the owners; associations have none to find."""

    def say(day: date) -> BeneficialOwners:
        owned = life.owned(day)
        if not owned:
            since = life.registered_on + timedelta(days=20)
            return BeneficialOwners(
                provenance=PENDING, state="none_exists", none_reason="spritt ägande", registered_on=since
            )
        return BeneficialOwners(
            provenance=PENDING,
            state="registered",
            owners=owned,
            registered_on=life.registered_on + timedelta(days=20),
        )

    return say


# --- papers -------------------------------------------------------------------------------------------------------------
def _papers(life: Life, area: LawArea | None) -> None:
    """A statement that lasts the world out, and an attestation in time for every quarter."""
    life.declared_on = life.first - timedelta(days=life.random.randint(10, 150))
    declare(life, life.declared_on)
    if area is not None:
        for quarter in quarters(life):
            scope = life.random.randint(3, 40)
            attest(life, quarter, area, quarter_end(quarter) + timedelta(days=12), in_scope=scope, checked=scope)


def declare(life: Life, signed_on: date, handed_in: date | None = None) -> None:
    """A sworn statement on file."""
    paper = Declaration(
        provenance=dated(signed_on), scope_key="", state="received", signed_on=signed_on, signatory_role="VD"
    )
    life.hand_in(paper, handed_in or signed_on)


def attest(life: Life, quarter: str, area: LawArea, handed_in: date, *, in_scope: int, checked: int) -> None:
    """An attestation of record checks, dated the day it came."""
    life.hand_in(
        RecordCheckAttestation(
            provenance=dated(handed_in),
            scope_key=f"{quarter}/{area}",
            state="received",
            quarter=quarter,
            area=area,
            in_scope=in_scope,
            checked_before_start=checked,
            pending=0,
            too_old=0,
            signed_on=handed_in,
            signatory_role="firmatecknare",
        ),
        handed_in,
    )


def without_papers(life: Life, keep: Callable[[Fact], bool]) -> None:
    """Takes documents out of the case file."""
    life.papers = [(on, paper) for on, paper in life.papers if keep(paper)]


def dated(day: date) -> Provenance:
    """A document's own date; the rest is filled in when it is read."""
    return replace(PENDING, as_of=day)


def quarters(life: Life) -> list[str]:
    """Every quarter whose attestation may be due in the world's months, and the one before."""
    found = []
    start = life.first - timedelta(days=250)
    year, number_ = start.year, (start.month - 1) // 3 + 1
    while quarter_end(f"{year}Q{number_}") <= life.last:
        found.append(f"{year}Q{number_}")
        year, number_ = (year, number_ + 1) if number_ < 4 else (year + 1, 1)
    return found


def quarter_end(quarter: str) -> date:
    """The last day of ``2026Q3``."""
    year, place = int(quarter[:4]), int(quarter[5])
    return date(year + place // 4, 3 * (place % 4) + 1, 1) - timedelta(days=1)
