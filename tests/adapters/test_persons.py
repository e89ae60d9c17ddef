from __future__ import annotations

import json
from hashlib import sha256

import pytest

from screening.adapters.persons import births, person_key, person_number, redact, redact_text

NUMBER = "196010113030"  # published test number


def keyed(text: str) -> str:
    return "K-" + sha256(text.encode()).hexdigest()[:12]


@pytest.mark.parametrize("written", [NUMBER, "19601011-3030", "6010113030", "601011-3030"])
def test_one_person_has_one_key_however_the_number_is_written(written: str) -> None:
    """Ten digits, twelve, with and without a hyphen."""
    assert person_key(keyed, written, "Siv Ekdal") == keyed(NUMBER)


@pytest.mark.parametrize("written", ["5599990008", "559999-0008", "165599990008"])
def test_an_organisation_in_a_role_is_keyed_by_its_number(written: str) -> None:
    """However it is written."""
    assert person_key(keyed, written, "Revision AB") == keyed("5599990008")


def test_who_has_no_swedish_number_is_keyed_by_name_and_birth() -> None:
    """Case and spacing do not matter; a foreign number is taken as it stands."""
    assert person_key(keyed, None, "Ola  Nordmann", "1970-05-17") == person_key(keyed, "", "OLA NORDMANN", "1970-05-17")
    assert person_key(keyed, "NO 17057012345", "Ola Nordmann") == keyed("NO 17057012345")


def test_a_number_with_a_wrong_check_digit_still_names_someone() -> None:
    """Test environments are full of them."""
    assert person_number("198210300002") == "198210300002"
    assert person_number("5599990008") is None
    assert person_number("hej") is None


def test_the_day_of_birth_tells_two_people_of_one_name_apart() -> None:
    """By number or by date, however written; a company and a word that is no day have none. Never the day itself."""
    day = keyed("born|601011")
    people = [("A", NUMBER, None), ("B", "601011-3030", None), ("C", None, "1960-10-11"), ("D", "", "1960-10-11T00:00")]
    assert births(keyed, people) == (("A", day), ("B", day), ("C", day), ("D", day))
    assert births(keyed, [("A", None, "1960-10-12")]) != births(keyed, [("A", NUMBER, None)])
    assert (
        births(keyed, [("A", "5599990008", None), ("B", None, None), ("C", "NO 12", "okänt"), ("D", "", "1960")]) == ()
    )


def test_a_coordination_number_has_the_day_of_the_personal_number() -> None:
    """Sixty is added to its day, so one who gets a personal number in its place stays one."""
    assert births(keyed, [("A", None, "1960-10-71")]) == births(keyed, [("A", None, "1960-10-11")])


def test_every_personal_number_in_an_answer_is_replaced_and_nothing_else() -> None:
    """Strings, bare numbers, and numbers inside sentences; organisations, amounts, dates and ids stay."""
    document = {
        "identitetsbeteckning": NUMBER,
        "bar": int(NUMBER),
        "text": 'Firman "tecknas" av 601011-3030',
        "org": "5599990008",
        "belopp": 1234567890,
        "datum": "2026-11-21T10:00:00.000+01:00",
        "id": "d120654c-0d09-481a-8956-940a76474e6b",
    }
    raw = json.dumps(document, indent=1).encode()
    told = json.loads(redact(raw, keyed))
    assert told == document | {
        "identitetsbeteckning": keyed(NUMBER),
        "bar": keyed(NUMBER),
        "text": f'Firman "tecknas" av {keyed(NUMBER)}',
    }


def test_a_known_number_is_found_inside_a_longer_one() -> None:
    """An OCR number begins with the personal number of its account."""
    assert redact(f'{{"ocrNummer": "{NUMBER}6", "x": "5599990008"}}'.encode(), keyed, also=[NUMBER]) == (
        f'{{"ocrNummer": "{keyed(NUMBER)}", "x": "5599990008"}}'.encode()
    )


def test_plain_text_is_redacted_too() -> None:
    """CSV, and bytes that are no UTF-8 come back as they were."""
    assert redact(b"Namn;601011-3030;\xe5", keyed) == f"Namn;{keyed(NUMBER)};".encode() + b"\xe5"
    assert redact_text("tel 08-123 45 67, 5599990008", keyed) == "tel 08-123 45 67, 5599990008"
