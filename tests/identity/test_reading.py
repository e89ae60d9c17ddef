from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.identity import Caution, Identity, Kind, Problem, luhn, read

COMPANY = "5599999017"
PERSON = "194012239101"  # of Skatteverket's published test numbers, as every personal number here
YOUNG = "200303142392"
TODAY = date(2026, 11, 30)


def last_digit(nine: str) -> str:
    return next(nine + digit for digit in "0123456789" if luhn(nine + digit))


def coordination(twelve: str, *, month: str | None = None, day: str | None = None) -> str:
    """A coordination number made from a published test number."""
    date_part = twelve[2:4] + (month or twelve[4:6]) + (day or str(int(twelve[6:8]) + 60))
    return twelve[:2] + last_digit(date_part + twelve[8:11])


@pytest.mark.parametrize(
    "raw",
    [
        "5599999017", "559999-9017", " 559999 9017 ", "559999\u00a0-\u00a09017", "559999\u20099017", "55 99 99-90 17",
        "559999.9017", "559999–9017", "559999−9017", "5599\u200b999017", "165599999017", "16559999-9017", "16 559999-9017",
        "SE559999901701", "se 559999-9017 01", "SE5599999017", "SE165599999017", "SE-559999901701", "5599999017.0",
        "5599999017,00", "5,599,999,017", "5.599999017E9", '="5599999017"', "'5599999017", '"559999-9017"',
        "Org.nr: 559999-9017", "organisationsnummer 5599999017", "Orgnr 5599999017", "VAT-nr SE559999901701",
        "5599999017$ORGNR-IDORG", "559999-9017_x000D_", "No. 559999-9017", 5599999017, 5599999017.0, 165599999017,
        Decimal(5599999017), np.int64(5599999017), np.float64(5599999017.0), b"559999-9017", bytearray(b"5599999017"),
    ],
)  # fmt: skip
def test_every_common_form_is_one_organisation_without_remarks(raw: object) -> None:
    """Spaces, hyphens, prefixes, VAT form, numeric cells and spreadsheet wrappers."""
    reading = read(raw)
    assert reading.identity == Identity(Kind.ORGNR, "SE", COMPANY)
    assert (reading.problem, reading.warnings) == (None, ())


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ("", Problem.EMPTY), ("   ", Problem.EMPTY), (None, Problem.EMPTY), (math.nan, Problem.EMPTY), (pd.NA, Problem.EMPTY),
        (pd.NaT, Problem.EMPTY), (0, Problem.EMPTY), (0.0, Problem.EMPTY), ("0", Problem.EMPTY), ("0,00", Problem.EMPTY),
        ("n/n", Problem.EMPTY), ("n, n", Problem.EMPTY), ("N/A", Problem.EMPTY), ("-", Problem.EMPTY), ("saknas", Problem.EMPTY),
        ("Uppgift saknas", Problem.EMPTY), ("000000-0000", Problem.EMPTY), ("xxxxxx-xxxx", Problem.EMPTY), ("nan", Problem.EMPTY),
        ("5,56E+09", Problem.MANGLED), ("5.56e+9", Problem.MANGLED), ("1,94E+11", Problem.MANGLED), ("########", Problem.MANGLED),
        ("#VÄRDEFEL!", Problem.MANGLED), (5560000000, Problem.MANGLED),
        ("401223-****", Problem.MASKED), ("19401223-XXXX", Problem.MASKED), ("**********", Problem.MASKED),
        ("[Kan innehålla personuppgifter]", Problem.MASKED), ("401223-xxxx", Problem.MASKED), ("Maskerad", Problem.MASKED),
        ("5599999018", Problem.CHECK_DIGIT), ("559999-9107", Problem.CHECK_DIGIT), ("SE559999901801", Problem.CHECK_DIGIT),
        ("165599999018", Problem.CHECK_DIGIT), ("194012239102", Problem.CHECK_DIGIT), ("401223-9102", Problem.CHECK_DIGIT),
        ("559999901", Problem.LENGTH), ("55999990177", Problem.LENGTH), ("12345", Problem.LENGTH), ("2026-11-30", Problem.LENGTH),
        (10**18, Problem.LENGTH), ("30212345678", Problem.LENGTH),
        (303142392, Problem.LOST_ZERO), ("303142392", Problem.LOST_ZERO), (303142392.0, Problem.LOST_ZERO),
        ("195599999017", Problem.PREFIX), ("005599999017", Problem.PREFIX), ("164012239101", Problem.PREFIX), ("171234567890", Problem.PREFIX),
        ("559999-9017, 559999-9025", Problem.SEVERAL), ("559999-9017 / 559999-9025", Problem.SEVERAL),
        ("5599999017 5599999025", Problem.SEVERAL),
        ("9999999999", Problem.FILLER), ("5555555555", Problem.FILLER), ("1234567897", Problem.FILLER),
        ("٥٥٩٩٩٩٩٠١٧", Problem.ODD_CHARACTERS), ("５５９９９９９０１７", Problem.ODD_CHARACTERS), ("559999901²", Problem.ODD_CHARACTERS),
        ("Svalört Bygg AB", Problem.NOT_A_NUMBER), ("559999-9O17", Problem.NOT_A_NUMBER), (True, Problem.NOT_A_NUMBER),
        (False, Problem.NOT_A_NUMBER), (-5599999017, Problem.NOT_A_NUMBER), (5599999017.5, Problem.NOT_A_NUMBER),
        (math.inf, Problem.NOT_A_NUMBER), ("12345678.90", Problem.NOT_A_NUMBER), (datetime(2026, 11, 30, tzinfo=UTC), Problem.NOT_A_NUMBER),
        (Decimal("sNaN"), Problem.NOT_A_NUMBER), (Decimal("1e5000"), Problem.NOT_A_NUMBER), ([COMPANY], Problem.NOT_A_NUMBER),
        ("559999/9017", Problem.NOT_A_NUMBER), ("559999-9017 (vilande)", Problem.NOT_A_NUMBER),
    ],
)  # fmt: skip
def test_what_is_not_a_number_has_a_reason(raw: object, problem: Problem) -> None:
    """Nothing wrong is accepted, and each kind of wrong is told apart."""
    reading = read(raw, today=TODAY)
    assert reading.identity is None
    assert reading.problem is problem


@pytest.mark.parametrize(
    "raw",
    [PERSON, "19401223-9101", "401223-9101", "4012239101", 4012239101, 194012239101, "SE401223910101", 401223_9101.0],
)
def test_a_person_is_the_same_in_ten_and_twelve_digits(raw: object) -> None:
    """The century is filled in, so that the two forms are equal."""
    identity = read(raw, today=TODAY).identity
    assert identity == Identity(Kind.PERSONNUMMER, "SE", PERSON)
    assert hash(identity) == hash(Identity(Kind.PERSONNUMMER, "SE", PERSON))


@pytest.mark.parametrize(
    ("raw", "today", "birth"),
    [
        ("030314-2392", TODAY, "20030314"), ("030314+2392", TODAY, "19030314"), ("030314+2392", date(2003, 12, 31), "19030314"),
        ("030314-2392", date(2003, 3, 13), "19030314"), ("401223+9101", date(2040, 1, 1), "19401223"),
        ("401223-9101", date(2040, 12, 22), "19401223"), ("401223-9101", date(2040, 12, 23), "20401223"), ("030314-2392", None, "20030314"),
    ],
)  # fmt: skip
def test_the_century_follows_the_day_and_the_plus(raw: str, today: date | None, birth: str) -> None:
    """No birth lies ahead; a plus says at least a hundred years that year."""
    identity = read(raw, today=today).identity
    assert identity is not None
    assert identity.reveal()[:8] == birth


def test_a_coordination_number_has_sixty_added_to_its_day() -> None:
    """It is a person's, in ten digits too."""
    number = coordination(PERSON)
    assert read(number).identity == read(number[2:]).identity == Identity(Kind.SAMORDNINGSNUMMER, "SE", number)


def test_a_coordination_number_without_known_day_is_taken_with_a_remark() -> None:
    """Month 00 and day 60 stand for unknown."""
    reading = read(coordination(PERSON, month="00", day="60"))
    assert reading.identity is not None
    assert reading.warnings == (Caution.UNKNOWN_BIRTHDAY,)


def test_dates_that_do_not_exist_or_lie_ahead_are_refused() -> None:
    """The check digit is right in each of these."""
    impossible = last_digit("401323910")
    leap = last_digit("030229239")
    ahead = "20" + last_digit("991223910")
    for raw in (impossible, f"19{impossible}", leap, ahead, "20" + YOUNG[2:]):
        today = date(2003, 3, 13)
        assert read(raw, today=today).problem is Problem.IMPOSSIBLE_DATE, raw[:4]


def test_an_organisation_cannot_be_a_hundred_years_by_plus() -> None:
    """The plus belongs to persons."""
    assert read("559999+9017").problem is Problem.IMPOSSIBLE_DATE


def test_a_very_old_person_is_remarked_on() -> None:
    """A plus that was meant as a hyphen gives another century."""
    reading = read("401223+9101", today=TODAY)
    assert reading.identity is not None
    assert reading.warnings == (Caution.VERY_OLD,)


def test_a_gd_number_is_of_its_own_kind_and_no_person() -> None:
    """It begins with 302."""
    identity = read(last_digit("302000001")).identity
    assert identity is not None
    assert (identity.kind, identity.is_person) == (Kind.GD, False)


@pytest.mark.parametrize("raw", ["5560000002", "714000-0001", "169160000001", "198210300002", "821030-0002"])
def test_bolagsverkets_test_numbers_are_taken_with_a_warning(raw: str) -> None:
    """Their check digits are wrong: warn, do not drop."""
    reading = read(raw)
    assert reading.identity is not None
    assert reading.warnings == (Caution.TEST_NUMBER,)


@pytest.mark.parametrize(
    ("raw", "caution"),
    [
        ("559999901701", Caution.VAT_WITHOUT_SE), ("SE559999901702", Caution.VAT_SUFFIX), ("5599-999017", Caution.DASH_PLACE),
    ],
)  # fmt: skip
def test_unusual_spellings_are_taken_with_a_remark(raw: str, caution: Caution) -> None:
    """The number is right; how it stands is not."""
    reading = read(raw)
    assert reading.identity == Identity(Kind.ORGNR, "SE", COMPANY)
    assert reading.warnings == (caution,)


def test_a_state_number_is_not_taken_for_a_birth_in_the_2000s() -> None:
    """Authorities' numbers begin with 2021; with 01 after, they look like twelve digits of a person."""
    authority = last_digit("202100999")
    assert read(f"{authority}01").identity == Identity(Kind.ORGNR, "SE", authority)


@given(
    st.one_of(
        st.text(),
        st.integers(),
        st.floats(),
        st.binary(),
        st.booleans(),
        st.decimals(),
        st.none(),
        st.dates(),
        st.lists(st.text()),
    )
)
def test_nothing_raises(raw: object) -> None:
    """Any value gives an identity or a problem, never both, never neither."""
    reading = read(raw)
    assert (reading.identity is None) is (reading.problem is not None)
    assert len(reading.written) <= 40


@given(st.text(alphabet="0123456789-+ .SE*xE,\u00a0٣３", min_size=6, max_size=20))
def test_nothing_without_a_right_check_digit_is_accepted(raw: str) -> None:
    """Whatever the spelling: Swedish numbers pass Luhn or are one of the four test numbers."""
    reading = read(raw)
    identity = reading.identity
    if identity is not None and identity.kind is not Kind.FOREIGN:
        assert luhn(identity.reveal()[-10:]) or reading.warnings[0] is Caution.TEST_NUMBER


@given(st.integers(min_value=0, max_value=9), st.integers(min_value=0, max_value=9))
def test_one_wrong_digit_is_never_accepted(place: int, digit: int) -> None:
    """The check digit shows every single error, as long as the number stays an organisation's."""
    wrong = COMPANY[:place] + str(digit) + COMPANY[place + 1 :]
    assert (read(wrong).identity is not None) is (wrong == COMPANY)


@given(st.from_regex(r"(19|20)?[0-9]{2}(0[1-9]|1[0-2])([0-2][1-9]|[78][1-9])[- +]?[0-9]{4}", fullmatch=True))
def test_what_is_echoed_never_holds_the_last_four_digits_of_a_person(raw: str) -> None:
    """Right or wrong, a number that begins with a date is masked."""
    written = read(raw, today=TODAY).written
    assert not re.search(r"[0-9]{4}$", written)
    assert written.count("*") >= 4


def test_what_is_echoed_of_a_company_is_what_stood_there() -> None:
    """So that a person finds the row."""
    assert read("SE 559999-9018 01").written == "SE 559999-9018 01"
    assert read("202100-" + last_digit("202100999")[-4:]).written.startswith("202100-9")


def test_a_long_text_is_cut_at_forty_characters() -> None:
    """With a sign that it was."""
    written = read("Svalört Bygg AB i Hällmyra, avdelningen för tak och plåt").written
    assert len(written) == 40
    assert written.endswith("…")


def test_the_reading_itself_prints_masked() -> None:
    """``repr`` is what logs and assertions show."""
    assert PERSON[-4:] not in repr(read(PERSON))
    assert PERSON[-4:] not in repr(read("19401223-9101 och mer"))
