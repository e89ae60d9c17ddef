"""Planted events of the AGA family: boards, owners and insolvency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, cast

from benchmarks.worlds import catalogue as law
from benchmarks.worlds.base import dated, declare, owners_of
from benchmarks.worlds.life import FAR_AHEAD, LONG_AGO, PENDING, Life, Planter, Seat, always, company, steps
from benchmarks.worlds.plant_records import statement_lacks

from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Officer,
    Officers,
    OwnersInBid,
    Proceeding,
    Severity,
    Shareholder,
    Shareholders,
)

BOARD = frozenset({"board", "declaration"})
OWNERS = frozenset({"owners", "award", "bid"})
RECORD = frozenset({"record"})
SEASON = (3, 4, 5, 6, 7)  # annual meetings are held within six months of a year's end, most of them by June


# --- AGA-01: the board ----------------------------------------------------------------------------------------------------
def newcomer(life: Life) -> tuple[str, str]:
    """A person who was not there before, unlike all others by name: key and name."""
    name = life.strangers.pop()
    return f"K-{life.tag}-{name}", name


def succeed(life: Life, seat: Seat, on: date) -> Seat:
    """Someone takes another's place on a day."""
    seat.until = on
    key, name = newcomer(life)
    heir = Seat(key, name, seat.role, on, told=seat.told)
    life.board.append(heir)
    return heir


def sitting(life: Life) -> list[Seat]:
    """Those on the board, without the auditor."""
    return [seat for seat in life.board if seat.until == FAR_AHEAD and seat.role != "REV"]


def board_changed(life: Life, days: Sequence[date]) -> None:
    """The statement on file is from before the changes, unless a new one follows in the same month."""
    last = max(days)
    if life.random.random() < 0.5:
        seen = life.month_of(last)
        fresh = life.days[seen] if seen < len(life.days) else last
        declare(life, max(fresh, last))
        ended = fresh
    else:
        ended = FAR_AHEAD
    later = [day for day in days if day > life.declared_on]
    if later:
        statement_lacks(life, min(later), ended)


def outside_season(life: Life, count: int, start: date, end: date) -> list[date]:
    """Days on which no annual meeting is held, each a day of its own, so many as asked for or fewer."""
    span = [start + timedelta(days=step) for step in range((end - start).days + 1)]
    fitting = [day for day in span if day.month not in SEASON]
    return sorted(life.random.sample(fitting, min(count, len(fitting))))


def board_changes(life: Life) -> None:
    """Three or four replacements in a year, some of them before the first run, which the register dates itself."""
    days = outside_season(life, life.random.choice((3, 4)), life.last - timedelta(days=law.BOARD_DAYS - 5), life.last)
    seats = life.random.sample(sitting(life), 2)
    for place, day in enumerate(days):
        seats[place % 2] = succeed(life, seats[place % 2], day)
    for run in life.days:
        # One who came and went again between two runs is in no answer.
        known = [day for place, day in enumerate(days) if _is_seen(life, days, place, run)]
        if sum((run - day).days <= law.BOARD_DAYS for day in known) >= law.BOARD_CHANGES:
            life.mark("AGA-01", "flag", since=run, until=run + timedelta(days=1))
    board_changed(life, days)


def _is_seen(life: Life, days: Sequence[date], place: int, run: date) -> bool:
    """Whether the one who came that day was still there at some run up to this one."""
    gone = next(iter(days[place + 2 :: 2]), FAR_AHEAD)
    return any(days[place] <= day < gone for day in life.days if day <= run)


def half_replaced(life: Life) -> None:
    """More than half of the board leaves within a month, on days without an annual meeting."""
    month = _month_outside(life)
    if month is None:
        return
    start, end = life.days[month - 1], life.days[month]
    there = sitting(life)
    gone = there[: len(there) // 2 + 1]
    day = start + timedelta(days=life.random.randint(1, (end - start).days))
    for seat in gone:
        succeed(life, seat, day)
    life.mark("AGA-01", "flag", since=end)
    board_changed(life, [day])


def _month_outside(life: Life) -> int | None:
    months = [number for number, day in enumerate(life.days) if number and day.month not in SEASON]
    return life.random.choice(months) if months else None


def two_changes(life: Life) -> None:
    """One fewer than three, and not half of the board."""
    days = outside_season(life, 2, life.first - timedelta(days=200), life.last)
    seat = sitting(life)[0]
    for day in days:
        seat = succeed(life, seat, day)
    if days:
        board_changed(life, days)


def half_exactly(life: Life) -> None:
    """Two of four or three of six: not more than half. One change fewer than three besides."""
    month = _month_outside(life)
    there = sitting(life)
    if month is None or len(there) != 4:
        return
    day = life.days[month]
    for seat in there[:2]:
        succeed(life, seat, day)
    board_changed(life, [day])


def annual_meeting(life: Life) -> None:
    """Two replaced at the meeting and one more at another time: no pattern."""
    meetings = [number for number, day in enumerate(life.days) if number and day.month in SEASON]
    if not meetings or len(sitting(life)) < 6:
        return
    month = life.random.choice(meetings)
    day = life.days[month] - timedelta(days=life.random.randint(0, 20))
    there = sitting(life)
    for seat in there[:2]:
        succeed(life, seat, day)
    days = [day]
    other = outside_season(life, 1, life.first - timedelta(days=150), life.first - timedelta(days=1))
    for earlier in other:
        succeed(life, there[2], earlier)
        days.append(earlier)
    board_changed(life, days)


def same_people_other_words(life: Life) -> None:
    """The same people from a day on: names in capitals or with an initial, and other roles among them."""
    on = life.during()

    def say(day: date) -> Officers:
        told = life.seats(day)
        if day < on:
            return told
        return replace(
            told, people=tuple(person if person.role_code == "REV" else _other_words(person) for person in told.people)
        )

    life.says["officers"] = say


def _other_words(person: Officer) -> Officer:
    first, last = person.name.split(" ", 1)
    name = person.name.upper() if len(last) % 2 else f"{first[0]}. {last}"
    return replace(person, name=name, role_code={"LE": "OF", "OF": "LE"}.get(person.role_code, person.role_code))


def board_without_dates(life: Life) -> None:
    """A register without dates of entry: nobody knows what happened before the first answer."""
    for seat in sitting(life):
        seat.told = False
    life.mark("AGA-01", "unknown")


# --- AGA-02: owners ---------------------------------------------------------------------------------------------------------
def bought(life: Life, on: date) -> None:
    """A new owner in the place of the largest, on a day."""
    held = [place for place, (_owner, _since, until) in enumerate(life.owners) if until == FAR_AHEAD]
    place = held[0]
    owner, since, _until = life.owners[place]
    life.owners[place] = (owner, since, on)
    key, name = newcomer(life)
    life.owners.append((replace(owner, person_key=key, name=name, since_on=on), on, FAR_AHEAD))


def owner_changed(life: Life) -> None:
    """One change in the last year, far from any award."""
    on = life.first + timedelta(days=life.random.randint(-law.OWNER_DAYS + 190, (life.last - life.first).days))
    bought(life, on)
    life.mark("AGA-02", "flag", since=on, until=on + timedelta(days=law.OWNER_DAYS + 1), severity="medium")


def owner_changed_a_year_ago(life: Life) -> None:
    """A year and a day on the last run; a year or less before that."""
    on = life.days[-1] - timedelta(days=law.OWNER_DAYS + 1)
    bought(life, on)
    life.mark("AGA-02", "flag", until=on + timedelta(days=law.OWNER_DAYS + 1), severity="medium")


def owners_changed_twice(life: Life) -> None:
    """Two in two years: the first more than a year ago, dated by the register itself where still there, or seen."""
    first = life.during(latest=2)
    second = life.during(earliest=3)
    bought(life, first)
    newest = life.owners.pop()
    life.owners.append((newest[0], newest[1], second))
    key, name = newcomer(life)
    life.owners.append((replace(newest[0], person_key=key, name=name, since_on=second), second, FAR_AHEAD))
    seen = life.days[life.month_of(second)]
    life.mark("AGA-02", "flag", since=first, until=seen, severity="medium")
    life.mark("AGA-02", "flag", since=seen, severity="high")


def owner_changed_near_award(life: Life) -> None:
    """Ninety days from the award, before or after; or one day more."""
    on = life.during(latest=4)
    distance = life.random.choice((-90, -30, 0, 45, 90, 91, -91))
    awarded = on + timedelta(days=distance)
    life.contracts[0] = replace(life.contracts[0], awarded_on=awarded)
    bought(life, on)
    near: Severity = "high" if abs(distance) <= law.OWNER_NEAR_AWARD_DAYS else "medium"
    life.mark("AGA-02", "flag", since=on, severity=near)


def owner_spelled_otherwise(life: Life) -> None:
    """Another spelling and another share; the person is the same."""
    on = life.during()
    for place, (owner, since, _until) in enumerate(list(life.owners)):
        share = Decimal("0.30") if life.random.random() < 0.5 else owner.share_from
        other = replace(owner, name=owner.name.upper(), share_from=share, share_to=share)
        life.owners[place] = (owner, since, on)
        life.owners.append((other, on, FAR_AHEAD))


def bought_within_the_group(life: Life) -> None:
    """The shares move to a holding company of the same person: who controls it in the end is the same."""
    on = life.during()
    same = tuple(Shareholder(owner.person_key, owner.name, owner.country) for owner in life.owned(life.first))
    holding = Shareholder(
        f"K-{life.tag}-holding", f"{life.name.split()[0]} Holding AB", "SE", Decimal(1), Decimal(1), on
    )
    life.says["shareholders"] = steps(
        (LONG_AGO, Shareholders(provenance=PENDING, owners=same)),
        (on, Shareholders(provenance=PENDING, owners=(holding,))),
    )


def owners_without_dates(life: Life) -> None:
    """A register without dates, first asked by us: a year is not covered until a year has gone."""
    without = tuple(replace(owner, since_on=None) for owner in life.owned(life.first))
    answer = BeneficialOwners(provenance=PENDING, state="registered", owners=without)
    life.says["beneficial_owners"] = always(answer)
    life.mark("AGA-02", "unknown")


def generational_change(life: Life) -> None:
    """A child takes over: another person with another number, whose name is nearly the same."""
    on = life.during()
    owner, since, _until = life.owners[0]
    first, last = owner.name.split(" ", 1)
    heir = replace(
        owner, person_key=f"{owner.person_key}-heir", name=f"{first}{life.random.choice('aes')} {last}", since_on=on
    )
    life.owners[0] = (owner, since, on)
    life.owners.append((heir, on, FAR_AHEAD))
    life.mark("AGA-02", "flag", since=on)


# --- AGA-03: owners missing or other than the bid's ----------------------------------------------------------------------------
def no_owner_filed(life: Life) -> None:
    """Nothing filed, or filed as unknown; in half of them the filing comes in the end."""
    word: Literal["none_registered", "unknown_filed"] = life.random.choice(("none_registered", "unknown_filed"))
    filed = life.random.choice((FAR_AHEAD, life.during(earliest=1)))
    then = owners_of(life)
    missing = BeneficialOwners(provenance=PENDING, state=word)
    life.says["beneficial_owners"] = lambda day: missing if day < filed else then(day)
    life.mark("AGA-03", "flag", until=filed, severity="high")
    life.mark("AGA-02", "no_flag")


def owners_unlike_the_bid(life: Life) -> None:
    """The bid names someone whom the register does not have."""
    stated = life.first - timedelta(days=20)
    life.hand_in(OwnersInBid(provenance=dated(stated), names=("Zackarias Quistbro",), stated_on=stated), stated)
    life.mark("AGA-03", "flag", severity="high")


def owners_as_in_the_bid(life: Life) -> None:
    """The same owners, with a second forename or in capitals."""
    stated = life.first - timedelta(days=20)
    names = tuple(
        life.random.choice((owner.name.upper(), owner.name.replace(" ", " Karin "))) for owner in life.owned(life.first)
    )
    life.hand_in(OwnersInBid(provenance=dated(stated), names=names, stated_on=stated), stated)


def lawfully_none(life: Life) -> None:
    """Spread ownership, or a form that is exempt."""
    life.owners = []
    if life.random.random() < 0.5:
        life.says["beneficial_owners"] = always(BeneficialOwners(provenance=PENDING, state="exempt"))


def just_registered(life: Life) -> None:
    """Registered so lately that the first filing is still in progress at the first run; too late from the next on."""
    life.registered_on = life.first - timedelta(days=life.random.choice((0, 14, law.FIRST_FILING_DAYS)))
    _reregister(life, registered_on=life.registered_on)
    for seat in life.board:
        seat.since = life.registered_on
    life.says["beneficial_owners"] = always(BeneficialOwners(provenance=PENDING, state="none_registered"))
    late = life.registered_on + timedelta(days=law.FIRST_FILING_DAYS + 1)
    life.mark("AGA-03", "flag", since=late)
    life.mark("AGA-02", "no_flag")


# --- AGA-12: insolvency ------------------------------------------------------------------------------------------------------
def _record(life: Life) -> CompanyRecord:
    return cast("CompanyRecord", life.says["company_record"](life.first))


def _reregister(life: Life, **changes: object) -> None:
    life.says["company_record"] = always(replace(_record(life), **changes))  # type: ignore[arg-type]


def insolvent(life: Life) -> None:
    """A proceeding begins: bankruptcy and winding-up are KRITISK, a petition or reorganisation HÖG."""
    code = life.random.choice(("KK", "LI", "KKAN", "FR", "AC"))
    severity: Severity = "critical" if code in ("KK", "LI") else "high"
    start = life.during(latest=4)
    ends = life.random.choice((FAR_AHEAD, start + timedelta(days=life.random.randint(31, 80))))
    sound = _record(life)
    began = replace(sound, proceedings=(Proceeding(code, from_on=start),))
    ended = replace(sound, proceedings=(Proceeding(code, from_on=start, ended_on=ends),))
    life.says["company_record"] = steps((LONG_AGO, sound), (start, began), (ends, ended))
    life.mark("AGA-12", "flag", since=start, until=ends, severity=severity)


def gone(life: Life) -> None:
    """Deregistered after bankruptcy or winding-up: nobody may be paid. After a merger someone else has taken over."""
    start = life.during(latest=4)
    reason = life.random.choice(("KKAV", "LIAV", "FUAV"))
    sound = _record(life)
    closed = replace(sound, state="deregistered", deregistered_on=start, deregistration_reason=reason)
    if reason == "FUAV":
        closed = replace(closed, successor_name="Efterföljaren AB", successor_number="5599900103")
    life.says["company_record"] = steps((LONG_AGO, sound), (start, closed))
    life.mark("AGA-12", "flag", since=start, severity="high" if reason == "FUAV" else "critical")


def proceeding_over(life: Life) -> None:
    """A petition withdrawn, or a reorganisation that ended, the day before the first run."""
    code = life.random.choice(("KKAN", "FR", "LI"))
    ended = life.first - timedelta(days=1)
    _reregister(life, proceedings=(Proceeding(code, from_on=ended - timedelta(days=90), ended_on=ended),))


def taking_over(life: Life) -> None:
    """A merger in which the supplier takes another company in."""
    _reregister(life, proceedings=(Proceeding("FUOT", from_on=life.first - timedelta(days=15)),))


def register_down(life: Life) -> None:
    """The register answers in the first month and never again: after three months its word is too old."""
    said = life.says["company_record"]
    first = life.first
    life.says["company_record"] = lambda day: said(day) if day <= first else "source_down"
    old = first + timedelta(days=law.REGISTER_AGE_DAYS + 1)
    life.mark("AGA-12", "unknown", since=old)
    life.mark("IDE-01", "unknown", since=old)
    for rule in ("IDE-02", "AGA-04", "AGA-08"):
        life.mark(rule, "unknown", since=old)


def _six(life: Life) -> bool:
    return life.form in ("AB", "EK") and len(life.board) >= 5


def owned(life: Life) -> bool:
    """A company with registered owners."""
    return company(life) and bool(life.owners)


PLANTERS = (
    Planter("AGA-01", "planted", board_changes, BOARD, _six),
    Planter("AGA-01", "planted", half_replaced, BOARD, _six),
    Planter("AGA-01", "near", two_changes, BOARD, _six),
    Planter("AGA-01", "near", half_exactly, BOARD, _six),
    Planter("AGA-01", "alike", annual_meeting, BOARD, _six),
    Planter("AGA-01", "alike", same_people_other_words, BOARD, _six),
    Planter("AGA-01", "missing", board_without_dates, BOARD, _six),
    Planter("AGA-02", "planted", owner_changed, OWNERS, owned),
    Planter("AGA-02", "planted", owners_changed_twice, OWNERS, owned),
    Planter("AGA-02", "planted", owner_changed_near_award, OWNERS | {"declaration", "attestation"}, owned),
    Planter("AGA-02", "near", owner_changed_a_year_ago, OWNERS, owned),
    Planter("AGA-02", "alike", owner_spelled_otherwise, OWNERS, owned),
    Planter("AGA-02", "alike", bought_within_the_group, OWNERS, owned),
    Planter("AGA-02", "likeness", generational_change, OWNERS, owned),
    Planter("AGA-02", "missing", owners_without_dates, OWNERS, owned),
    Planter("AGA-03", "planted", no_owner_filed, OWNERS, owned),
    Planter("AGA-03", "planted", owners_unlike_the_bid, OWNERS, owned),
    Planter("AGA-03", "alike", owners_as_in_the_bid, OWNERS, owned),
    Planter("AGA-03", "alike", lawfully_none, OWNERS, owned),
    Planter("AGA-03", "near", just_registered, OWNERS | RECORD | BOARD | {"industry", "address"}, owned),
    Planter("AGA-12", "planted", insolvent, RECORD, company),
    Planter("AGA-12", "planted", gone, RECORD, company),
    Planter("AGA-12", "near", proceeding_over, RECORD, company),
    Planter("AGA-12", "alike", taking_over, RECORD, company),
    Planter("AGA-12", "missing", register_down, RECORD, company),
)
