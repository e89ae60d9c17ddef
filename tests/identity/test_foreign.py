from __future__ import annotations

import pytest

from screening.identity import Caution, Identity, Kind, Problem, read
from screening.identity.foreign import country_code


@pytest.mark.parametrize(
    ("raw", "country", "expected"),
    [
        ("NO923609016MVA", None, "NO923609016"), ("NO 923 609 016 MVA", None, "NO923609016"), ("923609016", "Norge", "NO923609016"),
        (923609016, "NO", "NO923609016"), ("no923609016", "SE", "NO923609016"), ("DE136695976", None, "DE136695976"),
        ("HRB 12345", "DE", "DEHRB12345"), ("FI 2077474-0", None, "FI20774740"), ("FI20774740", "Finland", "FI20774740"),
        ("201724-4", "FI", "FI02017244"), ("DK13585628", None, "DK13585628"), ("GB 123 4567 89", None, "GB123456789"),
        ("SC123456", "Storbritannien", "GBSC123456"), ("IE1234567WA", None, "IE1234567WA"), ("NL123456789B01", None, "NL123456789B01"),
        ("ATU12345678", None, "ATU12345678"), ("CHE-123.456.789 MWST", None, "CH123456789"), ("EL123456789", None, "GR123456789"),
        ("LV40003000000", None, "LV40003000000"), ("US123456789", None, "US123456789"), ("PL 5260001246", None, "PL5260001246"),
    ],
)  # fmt: skip
def test_foreign_numbers_are_read_with_their_country(raw: object, country: str | None, expected: str) -> None:
    """By the code in the number or by the country column."""
    reading = read(raw, country=country)
    assert reading.identity is not None
    assert (reading.identity.kind, reading.identity.compact) == (Kind.FOREIGN, expected)
    assert set(reading.warnings) <= {Caution.OTHER_COUNTRY}


@pytest.mark.parametrize("raw", ["DE123456789", "FI1234567-8", "NO923609017", "DK12345678", "PL5260001247"])
def test_a_foreign_check_digit_that_does_not_fit_is_remarked_on(raw: str) -> None:
    """No Swedish register is asked about it, so it is kept; but never silently."""
    assert read(raw).warnings == (Caution.FOREIGN_CHECK_DIGIT,)


def test_an_unusual_form_is_kept_as_it_stands_with_a_remark() -> None:
    """Registers have more forms than we know."""
    reading = read("NO12345678")
    assert reading.identity == Identity(Kind.FOREIGN, "NO", "12345678")
    assert reading.warnings == (Caution.FOREIGN_UNUSUAL,)


def test_the_code_in_the_number_wins_over_the_column() -> None:
    """With a remark when they differ."""
    reading = read("NO923609016", country="DK")
    assert reading.identity == Identity(Kind.FOREIGN, "NO", "923609016")
    assert reading.warnings == (Caution.OTHER_COUNTRY,)


@pytest.mark.parametrize(
    ("raw", "country"),
    [("010190-1234", "DK"), ("01019012345", "NO"), ("010190-123A", "FI"), ("0101901239", "IS"), ("90010112345", "PL")],
)
def test_a_foreign_personal_number_is_refused_and_not_echoed(raw: str, country: str) -> None:
    """Only a registration number of the business is kept."""
    reading = read(raw, country=country)
    assert (reading.identity, reading.problem) == (None, Problem.FOREIGN_PERSON)
    assert not any(char.isdigit() for char in reading.written)


def test_a_swedish_branch_of_a_foreign_company_is_swedish() -> None:
    """The country column says where the company is, the number where it is registered."""
    reading = read("559999-9017", country="Tyskland")
    assert reading.identity == Identity(Kind.ORGNR, "SE", "5599999017")
    assert reading.warnings == (Caution.SWEDISH_DESPITE_COUNTRY,)


def test_a_text_is_no_foreign_number() -> None:
    """Neither with a country nor with words that begin like a code."""
    assert read("Nordfjell Trafikk", country="NO").problem is Problem.FOREIGN_FORM
    assert read("IT-konsulter 2000").problem is not None


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Norge", "NO"), ("norway", "NO"), (" SE ", "SE"), ("Sverige", "SE"), ("United  Kingdom", "GB"), ("EL", "GR"), ("jp", "JP"),
        ("", None), (None, None), ("Atlantis", None), ("ZZ", None),
    ],
)  # fmt: skip
def test_country_columns(written: str | None, code: str | None) -> None:
    """Codes and names; what is not known says nothing."""
    assert country_code(written) == code
