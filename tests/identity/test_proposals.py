from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.identity import Identity, Kind, luhn, propose, read

COMPANY = Identity(Kind.ORGNR, "SE", "5599999017")
PERSON = Identity(Kind.PERSONNUMMER, "SE", "194012239101")
YOUNG = Identity(Kind.PERSONNUMMER, "SE", "200303142392")


@pytest.mark.parametrize(
    ("raw", "meant", "how"),
    [
        ("5599999018", COMPANY, "digit"), ("559999-9077", COMPANY, "digit"), ("5599999107", COMPANY, "swap"), ("559999-9071", COMPANY, "swap"),
        ("SE559999910701", COMPANY, "swap"), ("165599999107", COMPANY, "swap"), ("559999917", COMPANY, "zero"), ("559999017", COMPANY, "missing"),
        ("55999990177", COMPANY, "extra"), ("1655999990177", COMPANY, "extra"), ("195599999017", COMPANY, "prefix"), ("559999-9O17", COMPANY, "characters"),
        ("559999-90l7", COMPANY, "characters"), ("٥٥٩٩٩٩٩٠١٧", COMPANY, "characters"), ("559999/9017", COMPANY, "characters"),
        ("559999-9017 (vilande)", COMPANY, "inside"), ("Org 559999-9017, 559999-9025", COMPANY, "inside"), (303142392, YOUNG, "zero"),
        ("164012239101", PERSON, "prefix"), ("194012231901", PERSON, "swap"), ("401223-9103", PERSON, "digit"), ("19401223910", PERSON, "missing"),
    ],
)  # fmt: skip
def test_what_was_meant_is_among_the_proposals(raw: object, meant: Identity, how: str) -> None:
    """One digit wrong, two swapped, zeros lost, one digit too many or too few, odd characters."""
    assert read(raw).identity is None
    found = {proposal.identity: proposal.how for proposal in propose(raw)}
    assert found[meant] == how


@pytest.mark.parametrize(
    "raw",
    [
        "",
        None,
        "n/n",
        "5,56E+09",
        "401223-****",
        "9999999999",
        "Svalört Bygg AB",
        True,
        "12345678.90",
        "194012239101",
        "NO923609016",
        12345,
    ],
)
def test_nothing_is_proposed_where_nothing_is_known(raw: object) -> None:
    """Digits that are gone, masked or never were there; and a person whose number is right."""
    assert propose(raw) == ()


def test_a_right_number_gets_the_mistakes_that_its_check_digit_hides() -> None:
    """Digits two places apart, 09 for 90, twins: each a valid number of another company."""
    hidden = {proposal.identity.compact: proposal.how for proposal in propose("559999-0917")}
    assert hidden[COMPANY.compact] == "swap"
    assert hidden["5599990997"[:6] + "1907"] == "swap"
    assert hidden["2299990917"] == "twin"
    assert "5599990917" not in hidden
    assert propose("5599990917") == propose("559999-0917")


@given(st.from_regex(r"[0-9]{7,14}|[0-9]{6}[-+ ][0-9]{4}|SE[0-9]{12}", fullmatch=True))
def test_proposals_are_right_few_and_none_twice(raw: str) -> None:
    """Each passes the check digit, differs from what stands, and the order is the same again."""
    found = propose(raw)
    identities = [proposal.identity for proposal in found]
    assert len(set(identities)) == len(identities) <= 24
    assert all(
        luhn(identity.reveal()[-10:])
        for identity in identities
        if identity.compact not in {"5560000002", "7140000001", "9160000001"}
    )
    assert read(raw).identity not in identities
    assert found == propose(raw)


def test_a_foreign_number_in_odd_digits_is_proposed_in_plain_ones() -> None:
    """Full-width digits come from some keyboards."""
    (proposal,) = propose("NO92360901６")
    assert (proposal.identity.compact, proposal.how, proposal.may_ask) == ("NO923609016", "characters", True)


def test_no_register_is_asked_about_a_guessed_person() -> None:
    """Made-up digits of a person are a stranger's; filled-in zeros are not made up."""
    assert not next(p for p in propose("401223-9103") if p.how == "digit").may_ask
    assert next(p for p in propose(303142392) if p.identity == YOUNG).may_ask
    assert all(p.may_ask for p in propose("5599999018"))


def test_a_wrong_company_number_never_becomes_a_person() -> None:
    """What was written has a company's third digit."""
    assert not any(proposal.identity.is_person for proposal in propose("5509999018"[:2] + "29999018"))
    assert not any(proposal.identity.is_person for proposal in propose("5521999018"))
