"""Changes as dated events: what counts as one, when it happened, and who says so."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.checks._window import all_dated, at_latest
from screening.model import (
    FOLLOWED,
    KINDS,
    Accounts,
    Address,
    BeneficialOwners,
    CompanyName,
    CompanyRecord,
    Credit,
    EnforcementDebt,
    Event,
    Fact,
    Industry,
    Officer,
    Officers,
    Origin,
    Owner,
    Proceeding,
    Provenance,
    Shareholder,
    Shareholders,
    Signatory,
    TaxRegistration,
    events,
)
from screening.model.states import Member, address_key, board, states

TODAY = date(2026, 11, 30)


def came(day: str, held: str | None = None, source: str = "r") -> Provenance:
    """An answer of the day, shown to hold until another."""
    as_of = date.fromisoformat(day)
    return Provenance(
        source=source,
        origin=Origin.AUTHORITY,
        as_of=as_of,
        fetched_at=datetime.combine(as_of, time(6), UTC),
        confirmed_at=datetime.combine(date.fromisoformat(held), time(6), UTC) if held else None,
    )


def officers(day: str, *people: tuple[str, str, str | None], held: str | None = None) -> Officers:
    """An answer of the day: (key, role, from)."""
    made = tuple(
        Officer(key, f"Namn {key}", role, from_on=date.fromisoformat(since) if since else None)
        for key, role, since in people
    )
    return Officers(provenance=came(day, held), people=made)


def found(*rows: Officers, registered_on: date | None = None, what: str = "board") -> list[tuple[Any, ...]]:
    """(day, after which day, before, after) of each change."""
    known = events("officers", rows, registered_on=registered_on, today=TODAY, what=(what,))
    return [
        (item.on.isoformat(), item.after_day and item.after_day.isoformat(), item.before, item.after) for item in known
    ]


def told(*rows: Fact, **more: Any) -> list[tuple[str, str | None, str, str, str]]:
    """(what, before, after, day, dated by) of each change."""
    known = events(rows[0].kind, rows, today=TODAY, **more)
    return [(item.what, item.before, item.after, item.on.isoformat(), item.dated_by) for item in known]


# --- people -----------------------------------------------------------------------------------------------------------
def test_one_who_takes_anothers_place_is_one_change() -> None:
    """Dated by the newcomer's own day where the register gives it."""
    before = officers("2026-09-30", ("A", "LE", None))
    after = officers("2026-10-31", ("B", "LE", "2026-10-12"))
    assert found(before, after) == [("2026-10-12", None, "Namn A (ledamot)", "Namn B (ledamot)")]


def test_one_who_leaves_without_a_successor_left_between_the_two_answers() -> None:
    """The register gives no day of leaving: after the last day that the older answer held, at the latest when seen."""
    before = officers("2026-06-30", ("A", "LE", None), ("B", "LE", None), held="2026-09-30")
    after = officers("2026-10-31", ("A", "LE", None))
    assert found(before, after) == [("2026-10-31", "2026-09-30", "Namn B (ledamot)", "")]


def test_a_date_far_from_the_answers_is_not_believed() -> None:
    """A newcomer dated years back was registered late or corrected: the day it was seen counts."""
    before = officers("2026-09-30", ("A", "LE", None))
    after = officers("2026-10-31", ("A", "LE", None), ("B", "LE", "2019-01-01"))
    assert found(before, after) == [("2026-10-31", "2026-09-30", "", "Namn B (ledamot)")]


@pytest.mark.parametrize("role", ["SU", "REV", "PROK", "LIKV"])
def test_deputies_auditors_and_the_like_are_no_board(role: str) -> None:
    """Only those who lead count."""
    before = officers("2026-09-30", ("A", "LE", None))
    after = officers("2026-10-31", ("A", "LE", None), ("B", role, None))
    assert found(before, after) == []
    assert len(found(before, after, what="auditor" if role == "REV" else "role")) == 1


def test_a_second_role_of_one_person_keeps_the_first_day() -> None:
    """A director who becomes managing director has been there since the first role."""
    both = officers("2026-10-31", ("A", "VD", "2026-10-01"), ("A", "LE", "2015-01-01"))
    assert board(both) == {"A": Member("Namn A", "vd, ledamot", date(2015, 1, 1))}


def test_another_role_of_the_same_person_is_shown_as_such() -> None:
    """No change of board."""
    before = officers("2026-09-30", ("A", "LE", None))
    after = officers("2026-10-31", ("A", "OF", None))
    assert found(before, after) == []
    assert found(before, after, what="title") == [
        ("2026-10-31", "2026-09-30", "Namn A (ledamot)", "Namn A (ordförande)")
    ]


def test_the_founding_is_no_change() -> None:
    """By the day of registration, or where it is not known by the first arrival."""
    first = officers("2026-10-31", ("A", "LE", "2026-02-01"), ("B", "LE", "2026-02-20"), ("C", "LE", "2026-08-01"))
    assert [item[3] for item in found(first, registered_on=date(2026, 1, 15))] == ["Namn C (ledamot)"]
    assert [item[3] for item in found(first)] == ["Namn B (ledamot)", "Namn C (ledamot)"]
    assert found(officers("2026-10-31", ("A", "LE", None))) == []


def test_the_future_is_not_known() -> None:
    """A role that begins after the day judged is no change yet."""
    first = officers("2026-10-31", ("A", "LE", "2015-01-01"), ("B", "LE", "2026-12-15"))
    assert found(first) == []


def test_another_spelling_of_a_person_without_number_is_no_change() -> None:
    """Keys made from names differ when the name is spelled otherwise."""
    one = Officer("K-1", "Jörgen Håkansson", "LE")
    other = Officer("K-2", "Hakansson, Jorgen", "LE")
    rows = [Officers(provenance=came(day), people=(who,)) for day, who in (("2026-09-30", one), ("2026-10-31", other))]
    assert told(*rows) == []


def named(day: str, key: str, name: str, born: str = "") -> BeneficialOwners:
    """A filing of one owner, perhaps with a day of birth."""
    births = ((key, born),) if born else ()
    return BeneficialOwners(provenance=came(day), state="registered", owners=(Owner(key, name),), births=births)


def test_an_heir_with_nearly_the_same_name_is_told_apart_by_the_day_of_birth() -> None:
    """Two days are two people, one day is one, whatever the numbers and the spelling."""
    father = named("2026-09-30", "K-1", "Lars Berg", "B-1")
    assert [item[:3] for item in told(father, named("2026-10-31", "K-2", "Lars Bergh", "B-2"))] == [
        ("owners", "Lars Berg", "Lars Bergh")
    ]
    assert [item[0] for item in told(father, named("2026-10-31", "K-2", "Lars Berg", "B-2"))] == ["owners"]
    assert told(father, named("2026-10-31", "K-2", "Lars Bergh", "B-1")) == []


@pytest.mark.parametrize(("name", "what"), [("Lars Bergh", ["owner_name"]), ("Berg, Lars", []), ("Lars Olof Berg", [])])
def test_a_name_that_nothing_tells_apart_is_told_of(name: str, what: list[str]) -> None:
    """Unless it is the same words: then it is a spelling."""
    found = told(named("2026-09-30", "K-1", "Lars Berg", "B-1"), named("2026-10-31", "K-2", name))
    assert [item[0] for item in found] == what


def test_organisations_are_told_apart_by_their_numbers() -> None:
    """And from a person of the same name."""

    def held(day: str, key: str, name: str, number: str | None) -> Shareholders:
        sort: Any = "organisation" if number else "person"
        return Shareholders(provenance=came(day), owners=(Shareholder(key, name, holder=sort, number=number),))

    old = held("2026-09-30", "K-1", "Berg Bygg AB", "5599990009")
    assert told(old, held("2026-10-31", "K-2", "Bergs Bygg AB", "5599990009")) == []
    assert [item[0] for item in told(old, held("2026-10-31", "K-2", "Berg Bygg AB", "5599990017"))] == ["shareholders"]
    assert [item[0] for item in told(old, held("2026-10-31", "K-2", "Berg Bygg", None))] == ["shareholders"]


def test_people_of_a_board_are_told_apart_as_well() -> None:
    """A daughter who takes her father's seat is a change of board."""

    def led(day: str, key: str, name: str, born: str) -> Officers:
        return Officers(provenance=came(day), people=(Officer(key, name, "LE"),), births=((key, born),))

    rows = led("2026-09-30", "K-1", "Kim Berg", "B-1"), led("2026-10-31", "K-2", "Kim Bergh", "B-2")
    assert [item[0] for item in told(*rows)] == ["board"]


def test_a_board_is_dated_when_every_member_is() -> None:
    """One undated member hides when the others' predecessors left."""
    dated = officers("2026-10-31", ("A", "LE", "2015-01-01"), ("R", "REV", None))
    assert all_dated(board(dated).values())
    assert not all_dated(board(officers("2026-10-31", ("A", "LE", "2015-01-01"), ("B", "LE", None))).values())


def owners(day: str, *rows: Owner, state: Any = "registered") -> BeneficialOwners:
    """A filing."""
    return BeneficialOwners(provenance=came(day), state=state, owners=rows)


def test_owners_change_together_and_are_dated_by_the_new_one() -> None:
    """One event for the pair of answers, with everyone before and after."""
    half: dict[str, Any] = {"share_from": Decimal("0.5"), "share_to": Decimal("0.75")}
    before = owners("2026-09-30", Owner("A", "Alva Ek", **half), Owner("B", "", anonymous=True))
    after = owners("2026-10-31", Owner("C", "Cia Berg", since_on=date(2026, 10, 5), **half))
    assert told(before, after) == [
        ("owners", "*\nAlva Ek (50–75\u2009%)", "Cia Berg (50–75\u2009%)", "2026-10-05", "source")
    ]


def test_a_filing_and_a_share_are_no_change_of_owner() -> None:
    """A late first filing says nothing of who owned before; another share is the same owner."""
    none = owners("2026-08-31", state="none_registered")
    first = owners("2026-09-30", Owner("A", "Alva Ek", share_from=Decimal("0.5")))
    more = owners("2026-10-31", Owner("A", "Alva Ek", share_from=Decimal(1)))
    assert [item[0] for item in told(none, first, more)] == ["filing", "share"]
    assert told(none, first, more)[1][1:3] == ("Alva Ek (50\u2009%)", "Alva Ek (100\u2009%)")


def test_a_filing_missing_between_two_is_no_change_of_owner() -> None:
    """The same owner before and after it."""
    same = Owner("A", "Alva Ek")
    rows = owners("2026-08-31", same), owners("2026-09-30", state="none_registered"), owners("2026-10-31", same)
    assert [item[0] for item in told(*rows)] == ["filing", "filing"]


def test_shareholders_by_the_bureaus_own_dates() -> None:
    """One who came after the founding, in the first answer."""
    holders = Shareholders(
        provenance=came("2026-10-31"),
        owners=(
            Shareholder("A", "Alva Ek", since_on=date(2015, 3, 1)),
            Shareholder("H", "Holding AB", since_on=date(2026, 5, 1)),
        ),
    )
    assert told(holders, registered_on=date(2015, 2, 1)) == [
        ("shareholders", None, "Holding AB", "2026-05-01", "source")
    ]


def test_an_empty_list_of_shareholders_tells_of_nobody() -> None:
    """One that comes after it is no newcomer, and who is in none of the next is not gone."""
    some = Shareholders(provenance=came("2026-10-31"), owners=(Shareholder("A", "Alva Ek", since_on=date(2016, 3, 1)),))
    before, after = (Shareholders(provenance=came(day)) for day in ("2026-09-30", "2026-11-30"))
    assert told(before, some, after) == []


# --- values -----------------------------------------------------------------------------------------------------------
def record(day: str, name: str = "Exempel AB", from_on: date | None = None, **more: Any) -> CompanyRecord:
    """An answer of the company register."""
    more.setdefault("state", "registered")
    names = (CompanyName(name, from_on=from_on), *more.pop("former", ()))
    return CompanyRecord(provenance=came(day), names=names, **more)


def test_a_new_name_is_dated_by_the_register_and_another_spelling_is_none() -> None:
    """Legal form, case and å/ä/ö aside."""
    old, new = record("2026-09-30", "Exempel Åkeri AB"), record("2026-10-31", "Nya Bolaget AB", date(2026, 10, 7))
    assert told(old, new) == [("name", "Exempel Åkeri AB", "Nya Bolaget AB", "2026-10-07", "source")]
    assert told(old, record("2026-10-31", "EXEMPEL AKERI Aktiebolag")) == []


def test_a_former_name_in_the_first_answer_is_a_change_with_both_sides() -> None:
    """The register's own history."""
    former = CompanyName("Gamla AB", "former", to_on=date(2026, 3, 1))
    only = record("2026-10-31", "Nya AB", date(2026, 3, 1), former=(former,), registered_on=date(2015, 1, 1))
    assert told(only, registered_on=only.registered_on) == [("name", "Gamla AB", "Nya AB", "2026-03-01", "source")]


def test_the_first_name_of_a_company_is_no_change() -> None:
    """It was registered with it."""
    first = record("2026-10-31", from_on=date(2015, 1, 1), registered_on=date(2015, 1, 1))
    assert told(first, registered_on=first.registered_on) == []


def test_form_status_and_proceedings() -> None:
    """A proceeding that came, one that is listed as ended, one that is no longer listed, and a deregistration."""
    rows = [
        record("2026-06-30", legal_form="HB"),
        record("2026-07-31", legal_form="AB", proceedings=(Proceeding("FR", "Rekonstruktion", date(2026, 7, 9)),)),
        record("2026-08-31", legal_form="AB", proceedings=(Proceeding("LI", "Likvidation"),)),
        record(
            "2026-09-30",
            legal_form="AB",
            state="deregistered",
            deregistered_on=date(2026, 9, 12),
            deregistration_reason="LIAV",
            proceedings=(Proceeding("LI", "Likvidation", ended_on=date(2026, 9, 11)),),
        ),
    ]
    assert told(*rows) == [
        ("proceeding FR", "", "Rekonstruktion", "2026-07-09", "source"),
        ("legal_form", "HB", "AB", "2026-07-31", "seen"),
        ("proceeding FR", "Rekonstruktion", "", "2026-08-31", "seen"),
        ("proceeding LI", "", "Likvidation", "2026-08-31", "seen"),
        ("proceeding LI", "Likvidation", "", "2026-09-11", "source"),
        ("status", "registered", "LIAV", "2026-09-12", "source"),
    ]


def test_an_ended_proceeding_that_is_no_longer_listed_is_no_change() -> None:
    """It had ended already; a number that is not registered has nothing to follow."""
    ended = record("2026-09-30", proceedings=(Proceeding("FR", ended_on=date(2026, 2, 1)),))
    assert [item[3] for item in told(ended, record("2026-10-31"))] == ["2026-02-01"]
    assert states(record("2026-10-31", state="not_registered")) == ()


def address(day: str, street: str | None, care_of: str | None = None, city: str = "Sjövika") -> Address:
    """An answer with an address."""
    return Address(provenance=came(day), street=street, care_of=care_of, postcode="123 45", city=city)


@pytest.mark.parametrize("other", ["STORGATAN 1", "Storg. 1", "Storg 1"])
def test_another_spelling_of_a_street_is_no_move(other: str) -> None:
    """As registers and bureaus write it."""
    assert told(address("2026-09-30", "Storgatan 1"), address("2026-10-31", other)) == []
    assert address_key(address("2026-09-30", "Kungs v. 3")) == address_key(address("2026-09-30", "Kungs vägen 3"))


def test_a_move_and_a_care_of_are_told_apart() -> None:
    """A c/o that comes or goes at one address is no move; an answer without an address says nothing."""
    rows = [
        address("2026-07-31", "Storgatan 1"),
        address("2026-08-31", "Storgatan 1", "Byrån"),
        Address(provenance=came("2026-09-30"), care_of="Byrån"),
        address("2026-10-31", "Ågatan 2", "Byrån"),
    ]
    assert [item[:3] for item in told(*rows)] == [
        ("care_of", "", "Byrån"),
        ("address", "Storgatan 1, 123 45, Sjövika", "Ågatan 2, 123 45, Sjövika"),
    ]


def test_industry_description_and_signatory() -> None:
    """The main code is shown; spelling aside."""
    rows = [
        Industry(provenance=came("2026-09-30"), codes=(("43120", "Mark"),), description="Mark- och  anläggning."),
        Industry(provenance=came("2026-10-31"), codes=(("88101", "Hemtjänst"),), description="mark och anläggning"),
    ]
    assert [item[:3] for item in told(*rows)] == [("industry", "43120 Mark", "88101 Hemtjänst")]
    signed = [
        Signatory(provenance=came(day), text=text)
        for day, text in (("2026-09-30", "Av styrelsen."), ("2026-10-31", "av styrelsen"))
    ]
    assert told(*signed) == []
    assert states(Industry(provenance=came("2026-10-31"))) == states(Signatory(provenance=came("2026-10-31"))) == ()


def test_tax_registrations_by_their_own_dates() -> None:
    """An end is always a change; a beginning only after the founding; what has not begun yet is none."""
    ended = TaxRegistration(
        provenance=came("2026-10-31"),
        f_tax="ended",
        f_tax_to_on=date(2026, 10, 5),
        vat="active",
        vat_from_on=date(2019, 5, 1),
        employer="future",
    )
    assert told(ended, registered_on=date(2019, 4, 1)) == [("f_tax", "active", "ended", "2026-10-05", "source")]
    late = TaxRegistration(provenance=came("2026-10-31"), employer="active", employer_from_on=date(2026, 8, 1))
    assert told(late, registered_on=date(2019, 4, 1)) == [("employer", None, "active", "2026-08-01", "source")]


def test_ratings_by_band_score_or_reason() -> None:
    """A better score within the band is no change; a bureau without bands is followed by its score."""
    rows = [
        Credit(provenance=came("2026-07-31"), score=62, band="B"),
        Credit(provenance=came("2026-08-31"), score=66, band="B"),
        Credit(
            provenance=came("2026-09-30"),
            band="E",
            no_rating_reason="-29 konkursansökan",
            rating_changed_on=date(2026, 9, 14),
        ),
    ]
    assert told(*rows) == [("rating", "B 66", "-29 konkursansökan", "2026-09-14", "source")]
    first = Credit(provenance=came("2026-10-31"), score=31, previous_score=62, rating_changed_on=date(2026, 10, 2))
    assert told(first) == [("score", "62", "31", "2026-10-02", "source")]
    assert states(Credit(provenance=came("2026-10-31"))) == ()


def test_debts_in_kronor() -> None:
    """A debt that the source does not carry is no zero."""
    rows = [
        EnforcementDebt(provenance=came("2026-09-30")),
        EnforcementDebt(
            provenance=came("2026-10-31"),
            public_debt_sek=Decimal("120000.50"),
            private_debt_sek=Decimal(5),
            last_case_on=date(2026, 10, 2),
        ),
    ]
    assert told(*rows) == [("public_debt", "0\u00a0kr", "120\u00a0000,5\u00a0kr", "2026-10-02", "source")]


# --- all kinds --------------------------------------------------------------------------------------------------------
def test_what_is_not_followed_has_no_events() -> None:
    """Accounts and the like are compared by their own rules."""
    assert events("accounts", [Accounts(provenance=came("2026-10-31"))]) == ()
    assert events("officers", ()) == ()
    assert set(KINDS) > FOLLOWED


def test_two_sources_are_not_compared_with_each_other() -> None:
    """What one register has and another lacks is no change."""
    one = Signatory(provenance=came("2026-09-30"), text="Av styrelsen")
    other = Signatory(provenance=came("2026-10-31", source="s"), text="Av var och en")
    assert told(one, other) == []


def test_a_change_between_answers_is_told_as_at_the_latest() -> None:
    """Where the source gives its day it is told as that."""
    row = officers("2026-06-30", ("A", "LE", None))
    later = officers("2026-10-31", ("B", "LE", None))
    (event,) = events("officers", (row, later))
    assert at_latest(event)
    assert event.earliest == date(2026, 7, 1)
    assert event.facts == (later, row)
    assert not at_latest(Event("officers", "board", "", "B", TODAY, None, "source", "r"))


@given(st.lists(st.sampled_from([("A",), ("A", "B"), ("B", "C"), ()]), min_size=1, max_size=6), st.integers(0, 5))
def test_an_answer_met_again_or_missing_changes_nothing(boards: list[tuple[str, ...]], repeated: int) -> None:
    """An equal answer between two others adds no event, and no event is dated outside the two answers that show it."""
    rows = [
        officers(f"2026-{number + 1:02}-20", *((key, "LE", None) for key in who)) for number, who in enumerate(boards)
    ]
    again = min(repeated, len(rows) - 1)
    equal = officers(f"2026-{again + 1:02}-25", *((key, "LE", None) for key in boards[again]))
    more = [*rows[: again + 1], equal, *rows[again + 1 :]]
    short = [(item.before, item.after, item.on) for item in events("officers", rows, what=("board",))]
    assert short == [(item.before, item.after, item.on) for item in events("officers", more, what=("board",))]
    for item in events("officers", rows):
        assert item.after_day is not None
        assert item.after_day < item.earliest <= item.on
