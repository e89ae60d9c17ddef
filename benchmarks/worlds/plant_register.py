"""Planted events of the AGA family's other half: shelf companies, prohibitions, addresses, auditors, accounts and branches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, cast

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.base import dated, prohibitions_of
from benchmarks.worlds.life import LONG_AGO, PENDING, Life, Planter, Seat, always, company, month_ends, steps
from benchmarks.worlds.plant_owners import SEASON, board_changed, sitting, succeed

from screening.model import (
    Address,
    AddressInBid,
    CompanyName,
    CompanyRecord,
    Credit,
    Engagement,
    Industry,
    RoleEngagements,
    Severity,
    TradingProhibition,
)

SHELF = frozenset({"record", "name", "board", "declaration", "owners", "award", "spend", "industry", "credit"})
BAN = frozenset({"prohibition", "board"})
ROLES = frozenset({"roles"})
PLACE = frozenset({"address"})
AUDIT = frozenset({"board", "declaration", "accounts"})
REPORT = frozenset({"accounts"})
BRANCH = frozenset({"industry"})
THRESHOLD_SEK = 3_000_000  # above every threshold but that of works and annex 2


State = Literal["active", "ended", "exempted"]


# --- AGA-04: shelf companies ------------------------------------------------------------------------------------------------
def _activated(life: Life, *, business: bool) -> date:
    """Name, board and (or not) business change within a fortnight; gives the day of the name."""
    month = next((number for number, day in enumerate(life.days) if number and day.month not in SEASON), 2)
    on = life.days[month] - timedelta(days=4)
    sound = cast("CompanyRecord", life.says["company_record"](life.first))
    other = replace(sound, names=(CompanyName("Yttersta Skärets Nya AB", from_on=on),))
    life.says["company_record"] = steps((LONG_AGO, sound), (on, other))
    succeed(life, sitting(life)[0], on + timedelta(days=1))
    board_changed(life, [on + timedelta(days=1)])
    if business:
        old = cast("Industry", life.says["industry"](life.first))
        new = replace(old, codes=(("73111", "reklam"),), description="reklam och evenemang")
        life.says["industry"] = steps((LONG_AGO, old), (on + timedelta(days=2), new))
    return on


def _contracted_on(life: Life, day: date) -> None:
    """Nothing was bought before that day."""
    life.contracts = [replace(contract, awarded_on=day) for contract in life.contracts]
    was = life.spend
    life.spend = lambda today: replace(was(today), first_on=max(day, LONG_AGO))


def shelf_put_to_use(life: Life) -> None:
    """Bought from only after name, board and business had all changed."""
    on = _activated(life, business=True)
    _contracted_on(life, on + timedelta(days=20))
    life.mark("AGA-04", "flag", since=life.days[life.month_of(on + timedelta(days=2))])


def renewed_but_known(life: Life) -> None:
    """All three changed, but we have bought from it for years."""
    _activated(life, business=True)


def renewed_same_business(life: Life) -> None:
    """A new name and a new director, the same business."""
    _contracted_on(life, _activated(life, business=False) + timedelta(days=20))


def marked_as_shelf(life: Life) -> None:
    """The bureau calls it a shelf company, and the contract is half a year old at most."""
    credit = cast("Credit", life.says["credit"](life.first))
    life.says["credit"] = always(replace(credit, company_status="lagerbolag"))
    awarded = life.first - timedelta(days=100)
    _contracted_on(life, awarded)
    life.mark("AGA-04", "flag", until=awarded + timedelta(days=law.FIRST_INVOICE_DAYS + 1), severity="medium")


# --- AGA-05: trading prohibition ---------------------------------------------------------------------------------------------
def _banned(life: Life, role: str | None = None, state: State = "active") -> None:
    seat = sitting(life)[0]
    clear = prohibitions_of(life)
    listed = TradingProhibition(
        provenance=PENDING, scope_key=seat.key, state=state, person_key=seat.key, role_code=role or seat.role
    )
    life.says["trading_prohibition"] = lambda day: (
        listed,
        *(fact for fact in cast("tuple[TradingProhibition, ...]", clear(day)) if fact.person_key != seat.key),
    )


def prohibited(life: Life) -> None:
    """A director is listed."""
    _banned(life, life.random.choice(("LE", "OF", "VD")))
    life.mark("AGA-05", "flag", severity="critical")


def deputy_prohibited(life: Life) -> None:
    """A deputy is in the circle only partly."""
    _banned(life, "SU")
    life.mark("AGA-05", "flag", severity="high")


def prohibition_over(life: Life) -> None:
    """It has ended, or the person is exempt."""
    state: State = life.random.choice(("ended", "exempted"))
    _banned(life, state=state)


def prohibitions_not_asked(life: Life) -> None:
    """The register gives no answer."""
    life.says["trading_prohibition"] = always("source_down")
    life.mark("AGA-05", "unknown")


# --- AGA-06 and AGA-07: what the representatives do elsewhere -----------------------------------------------------------------
def _engaged(life: Life, *engagements: Engagement) -> None:
    life.says["role_engagements"] = always(RoleEngagements(provenance=PENDING, engagements=engagements))


def _failed(life: Life, place: int, day: date, **known: object) -> Engagement:
    person = sitting(life)[0].key
    found = Engagement(person, f"C-{life.tag}-x{place}", "LE", day - timedelta(days=900), bankrupt_on=day, employees=4)
    return replace(found, **known)  # type: ignore[arg-type]


def two_bankruptcies(life: Life) -> None:
    """In office at one, gone for eleven months at the other."""
    one, two = life.first - timedelta(days=1_500), life.first - timedelta(days=200)
    _engaged(life, _failed(life, 1, one), _failed(life, 2, two, to_on=two - timedelta(days=330)))
    life.mark("AGA-06", "flag", severity="medium")


def bankruptcies_of_two(life: Life) -> None:
    """One each of two directors; or one within five years and one before; or one a year and more after leaving."""
    one = _failed(life, 1, life.first - timedelta(days=400))
    two = life.random.choice(
        (
            _failed(life, 2, life.first - timedelta(days=300), person_key=sitting(life)[1].key),
            _failed(life, 2, life.first - timedelta(days=1_827)),
            _failed(life, 2, life.first - timedelta(days=300), to_on=life.first - timedelta(days=665)),
        )
    )
    _engaged(life, one, two)


def bankruptcies_by_calling(life: Life) -> None:
    """A liquidator's work, or two companies of one group."""
    days = (life.first - timedelta(days=400), life.first - timedelta(days=300))
    known = life.random.choice(({"role_code": "LIKV"}, {"group_key": "G-1"}))
    _engaged(life, *(_failed(life, place, day, **known) for place, day in enumerate(days)))


def roles_not_answered(life: Life) -> None:
    """The register gives no answer on either."""
    life.says["role_engagements"] = always("not_found")
    life.mark("AGA-06", "unknown")
    life.mark("AGA-07", "unknown")


def _many(life: Life, count: int, **known: object) -> None:
    person = sitting(life)[0].key
    _engaged(
        life,
        *(
            replace(Engagement(person, f"C-{life.tag}-{place}", "LE", LONG_AGO, employees=2), **known)  # type: ignore[arg-type]
            for place in range(count)
        ),
    )


def eleven_companies(life: Life) -> None:
    """More than ten small companies of one director."""
    _many(life, law.COMPANIES + 1)
    life.mark("AGA-07", "flag", severity="low")


def ten_companies(life: Life) -> None:
    """Exactly ten; or eleven with three employees each."""
    if life.random.random() < 0.5:
        _many(life, law.COMPANIES)
    else:
        _many(life, law.COMPANIES + 1, employees=3)


def companies_of_a_group(life: Life) -> None:
    """Twenty companies of one group, or twenty that a liquidator winds up."""
    _many(life, 20, **life.random.choice(({"group_key": "G-1"}, {"role_code": "LIKV"})))


# --- AGA-08: young and large ---------------------------------------------------------------------------------------------------
def _young(life: Life, directors: int, bought: int, days_old: int) -> date:
    """Gives the day of registration."""
    born = life.registered_on = life.first - timedelta(days=days_old)
    record = cast("CompanyRecord", life.says["company_record"](life.first))
    names = (CompanyName(life.name, from_on=born),)
    life.says["company_record"] = always(replace(record, registered_on=born, names=names))
    seats = sitting(life)[:directors]
    life.board = [replace(seat, since=born, role="LE") for seat in seats] + [
        replace(seat, since=born) for seat in life.board if seat.role == "REV"
    ]
    life.owners = [(replace(owner, since_on=born), since, until) for owner, since, until in life.owners]
    was = life.spend
    life.spend = lambda day: replace(was(day), last_12_months_sek=Decimal(bought))
    return born


def young_and_large(life: Life) -> None:
    """One director, less than a year, more than a million: until the year has gone."""
    born = _young(life, 1, 1_000_001, life.random.choice((120, 300)))
    life.mark("AGA-08", "flag", until=born.replace(year=born.year + 1), severity="medium")


def young_not_large(life: Life) -> None:
    """Exactly a million; or two directors; or a year old on the day of the first run."""
    directors, bought, days = life.random.choice(((1, 1_000_000, 200), (2, 5_000_000, 200), (1, 5_000_000, 366)))
    _young(life, directors, bought, days)


# --- AGA-09: addresses ---------------------------------------------------------------------------------------------------------
def _address(life: Life) -> Address:
    return cast("Address", life.says["address"](life.first))


def box_only(life: Life) -> None:
    """A box, or somebody else's address."""
    care_of = Address(provenance=PENDING, care_of="Ek")
    places = (Address(provenance=PENDING, street="Box 12"), care_of, replace(care_of, street="Norrgatan 5"))
    place = life.random.choice(places)
    life.says["address"] = always(replace(place, postcode="99999", city="Sjövika"))
    life.past = [(day, fact) for day, fact in life.past if not isinstance(fact, Address)]
    life.mark("AGA-09", "flag", severity="low")


def _moves(life: Life, count: int) -> None:
    months = life.days[1 : count + 1]
    home = _address(life)
    life.says["address"] = steps(
        (LONG_AGO, home),
        *((day, replace(home, street=f"{word}gatan 5")) for day, word in zip(months, WAYS, strict=False)),
    )


def three_moves(life: Life) -> None:
    """The third in two years."""
    _moves(life, 3)
    life.mark("AGA-09", "flag", since=life.days[3], severity="low")


def two_moves(life: Life) -> None:
    """Two."""
    _moves(life, 2)


def _bid_from(life: Life, street: str, stated: date) -> None:
    paper = AddressInBid(provenance=dated(stated), street=street, postcode="99999", city="Sjövika", stated_on=stated)
    life.hand_in(paper, stated)


def other_address_in_bid(life: Life) -> None:
    """The bid gave a street that the register has never had."""
    _bid_from(life, "Helt Andra Vägen 3", life.first - timedelta(days=30))
    life.mark("AGA-09", "flag", severity="low")


def address_spelled_otherwise(life: Life) -> None:
    """Capitals and two spaces in the bid; the register spells it shorter later."""
    home = _address(life)
    _bid_from(life, (home.street or "").upper().replace(" ", "  "), life.first - timedelta(days=30))
    shorter = replace(home, street=(home.street or "").replace("gatan ", "g. "))
    life.says["address"] = steps((LONG_AGO, home), (life.during(), shorter))


def address_for_the_first_time(life: Life) -> None:
    """First asked by us, without what was before: two years are not covered."""
    life.past = [(day, fact) for day, fact in life.past if not isinstance(fact, Address)]
    life.mark("AGA-09", "unknown")


WAYS = ("Norr", "Söder", "Väster")


# --- AGA-10: auditors -----------------------------------------------------------------------------------------------------------
def _auditor(life: Life) -> Seat:
    return next(seat for seat in life.board if seat.role == "REV")


def auditor_left_early(life: Life) -> None:
    """Left outside the season of meetings, and another came."""
    month = next((number for number, day in enumerate(life.days) if number and day.month not in SEASON), None)
    if month is None:
        return
    on = life.days[month] - timedelta(days=2)
    succeed(life, _auditor(life), on)
    life.mark("AGA-10", "flag", since=on)


def auditor_missing(life: Life) -> None:
    """None, in a company that has passed all three sizes."""
    life.board.remove(_auditor(life))
    life.mark("AGA-10", "flag")


def auditor_changed_at_meeting(life: Life) -> None:
    """The meeting chose another."""
    month = next((number for number, day in enumerate(life.days) if number and day.month in SEASON), None)
    if month is not None and life.days[month - 1].month in SEASON:
        on = life.days[month] - timedelta(days=2)
        succeed(life, _auditor(life), on)
        life.mark("AGA-10", "unknown", since=on)  # whether the one before had come within two years is not known


def small_without_auditor(life: Life) -> None:
    """One size passed, which takes none; whether it had one before nobody knows."""
    life.board.remove(_auditor(life))
    life.employees, life.turnover_sek = 3, 3_000_000
    life.mark("AGA-10", "unknown")


# --- AGA-11: annual reports ------------------------------------------------------------------------------------------------------
def _reported(life: Life, ended: date, next_ends: date | None = None) -> None:
    """The newest report is that of the year before the one that ended then."""
    newest = ended.replace(year=ended.year - 1) if (ended.month, ended.day) != (2, 29) else ended - timedelta(days=366)
    was = life.says["accounts"]
    life.says["accounts"] = lambda day: replace(
        was(day),  # type: ignore[type-var]
        period_to_on=newest,
        next_period_to_on=next_ends,
    )


def _months_before(day: date, months: int) -> date:
    """The end of the month so many months before the one that ends on ``day``."""
    total = day.year * 12 + day.month - 1 - months
    return month_ends(total // 12, total % 12 + 1, 1)[0]


def report_late(life: Life) -> None:
    """Seven months after the year's end on the second run: late from the third, HÖG two months on, KRITISK after four."""
    ended = _months_before(life.days[1], 7)
    if ended.month == 2:
        return
    _reported(life, ended)
    marks: tuple[tuple[int, Severity], ...] = ((2, "medium"), (4, "high"), (6, "critical"))
    for place, severity in marks:
        if place < len(life.days):
            life.mark("AGA-11", "flag", since=life.days[place], severity=severity)


def report_just_in_time(life: Life) -> None:
    """Seven months to the day on the last run."""
    ended = _months_before(life.last, 7)
    if ended.month != 2:
        _reported(life, ended)


def longer_year(life: Life) -> None:
    """A changed fiscal year, as the source says: the year is eighteen months."""
    ended = _months_before(life.days[1], 7)
    if ended.month != 2:
        _reported(life, ended, _months_before(life.days[1], 1))


def no_accounts(life: Life) -> None:
    """The source gives none."""
    life.says["accounts"] = always("source_down")
    life.mark("AGA-11", "unknown")


# --- AGA-13: branches ------------------------------------------------------------------------------------------------------------
def _industry(life: Life) -> Industry:
    return cast("Industry", life.says["industry"](life.first))


def turned_to_care(life: Life) -> None:
    """From consulting to care, with a new description of the business."""
    on = life.during(latest=4)
    new = Industry(provenance=PENDING, codes=(("87301", "särskilt boende"),), description="omsorg om äldre")
    life.says["industry"] = steps((LONG_AGO, _industry(life)), (on, new))
    life.mark("AGA-13", "flag", since=on, severity="low")


def unfit_for_contract(life: Life) -> None:
    """None of its codes is of the contract's service."""
    strange = Industry(provenance=PENDING, codes=(("47999", "handel"),), description="handel")
    life.says["industry"] = always(strange)
    life.past = [(day, fact) for day, fact in life.past if not isinstance(fact, Industry)]
    life.past.append((life.first - timedelta(days=1_000), strange))
    life.mark("AGA-13", "flag", severity="low")


def recoded(life: Life) -> None:
    """The same business under the new list of codes."""
    old = replace(_industry(life), version="SNI2007")
    new = replace(old, version="SNI2025", codes=(("87309", old.codes[0][1]),))
    life.says["industry"] = steps((LONG_AGO, old), (life.during(), new))


def codes_of_unknown_past(life: Life) -> None:
    """First asked by us: a year is not covered until a year has gone."""
    life.past = [(day, fact) for day, fact in life.past if not isinstance(fact, Industry)]
    life.mark("AGA-13", "unknown")


# --- AGA-14: Russian ownership ------------------------------------------------------------------------------------------------------
def owned_from(life: Life, country: str, share: str, value: int, name: str | None = None) -> None:
    """So large a share is owned from a country, and the contracts are worth so much."""
    life.contracts = [replace(contract, value_sek=Decimal(value)) for contract in life.contracts]
    owner, since, until = life.owners[0]
    part = Decimal(share)
    other = replace(owner, country=country, share_from=part, share_to=part, name=name or owner.name)
    life.owners = [(other, since, until)]


def owned_from_russia(life: Life) -> None:
    """More than half, on a contract above the threshold."""
    owned_from(life, "RU", life.random.choice(("0.51", "1")), THRESHOLD_SEK)
    life.mark("AGA-14", "flag", severity="critical")


def half_owned_from_russia(life: Life) -> None:
    """Half is not more than half."""
    owned_from(life, "RU", "0.50", THRESHOLD_SEK)


def russian_by_name(life: Life) -> None:
    """A name says nothing of where anybody is registered; nor does the ban concern small contracts."""
    country, value, name = life.random.choice((("SE", THRESHOLD_SEK, "Sergej Ivanovitj Petrov"), ("RU", 900_000, None)))
    owned_from(life, country, "1", value, name)
    if value < THRESHOLD_SEK:
        life.contracts = [replace(contract, regime="LOU_under") for contract in life.contracts]


def owners_of_large_contract_unknown(life: Life) -> None:
    """No register of owners has answered."""
    life.contracts = [replace(contract, value_sek=Decimal(THRESHOLD_SEK)) for contract in life.contracts]
    life.says["beneficial_owners"] = always("source_down")
    for rule in ("AGA-02", "AGA-03", "AGA-14"):
        life.mark(rule, "unknown")


def _board_of(life: Life) -> bool:
    return life.form in ("AB", "EK") and len(sitting(life)) >= 3 and life.kind == "organisation"


def consulting(life: Life) -> bool:
    """A company with a board that is contracted for consulting."""
    return _board_of(life) and life.profile == "standard"


def _limited(life: Life) -> bool:
    return life.form == "AB" and life.kind == "organisation"


def _reporting(life: Life) -> bool:
    return life.form in ("AB", "EK") and life.kind == "organisation"


def _expected(life: Life) -> bool:
    return company(life) and life.contracts[0].service in ("hemtjänst", "personlig assistans", "hvb", "skola")


def owned_large(life: Life) -> bool:
    """A company with registered owners and contracts under LOU."""
    return company(life) and bool(life.owners) and life.profile == "standard" and life.contracts[0].regime == "LOU"


OWNED = frozenset({"owners", "award", "bid", "declaration", "attestation"})
PLANTERS = (
    Planter("AGA-04", "planted", shelf_put_to_use, SHELF, consulting),
    Planter("AGA-04", "planted", marked_as_shelf, SHELF, consulting),
    Planter("AGA-04", "near", renewed_same_business, SHELF, consulting),
    Planter("AGA-04", "alike", renewed_but_known, SHELF, consulting),
    Planter("AGA-05", "planted", prohibited, BAN, _board_of),
    Planter("AGA-05", "planted", deputy_prohibited, BAN, _board_of),
    Planter("AGA-05", "alike", prohibition_over, BAN, _board_of),
    Planter("AGA-05", "missing", prohibitions_not_asked, BAN, company),
    Planter("AGA-06", "planted", two_bankruptcies, ROLES, _board_of),
    Planter("AGA-06", "near", bankruptcies_of_two, ROLES, _board_of),
    Planter("AGA-06", "alike", bankruptcies_by_calling, ROLES, _board_of),
    Planter("AGA-06", "missing", roles_not_answered, ROLES, company),
    Planter("AGA-07", "planted", eleven_companies, ROLES, _board_of),
    Planter("AGA-07", "near", ten_companies, ROLES, _board_of),
    Planter("AGA-07", "alike", companies_of_a_group, ROLES, _board_of),
    Planter("AGA-08", "planted", young_and_large, SHELF | AUDIT, _board_of),
    Planter("AGA-08", "near", young_not_large, SHELF | AUDIT, _board_of),
    Planter("AGA-09", "planted", box_only, PLACE, company),
    Planter("AGA-09", "planted", three_moves, PLACE | {"award"}, company),
    Planter("AGA-09", "planted", other_address_in_bid, PLACE, company),
    Planter("AGA-09", "near", two_moves, PLACE, company),
    Planter("AGA-09", "alike", address_spelled_otherwise, PLACE, company),
    Planter("AGA-09", "missing", address_for_the_first_time, PLACE, company),
    Planter("AGA-10", "planted", auditor_left_early, AUDIT, _limited),
    Planter("AGA-10", "planted", auditor_missing, AUDIT, _limited),
    Planter("AGA-10", "alike", auditor_changed_at_meeting, AUDIT, _limited),
    Planter("AGA-10", "missing", small_without_auditor, AUDIT | {"debt"}, _limited),
    Planter("AGA-11", "planted", report_late, REPORT | {"record"}, _reporting),
    Planter("AGA-11", "near", report_just_in_time, REPORT, _reporting),
    Planter("AGA-11", "alike", longer_year, REPORT, _reporting),
    Planter("AGA-11", "missing", no_accounts, REPORT | {"debt", "board"}, _reporting),
    Planter("AGA-13", "planted", turned_to_care, BRANCH | {"award"}, consulting),
    Planter("AGA-13", "planted", unfit_for_contract, BRANCH, _expected),
    Planter("AGA-13", "alike", recoded, BRANCH, consulting),
    Planter("AGA-13", "missing", codes_of_unknown_past, BRANCH, company),
    Planter("AGA-14", "planted", owned_from_russia, OWNED, owned_large),
    Planter("AGA-14", "near", half_owned_from_russia, OWNED, owned_large),
    Planter("AGA-14", "alike", russian_by_name, OWNED, owned_large),
    Planter("AGA-14", "missing", owners_of_large_contract_unknown, OWNED, owned_large),
)
