"""Attestations: counts, dates and listed words are read; anything else is refused, unread and unechoed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from screening.model import Origin, RecordCheckAttestation

HEADER = (
    "Leverantör;Organisationsnummer;Leverantörsnr;Kvartal;Lagområde;Antal i omfattning;Kontrollerade före start;Pågående;"
    "För gamla;Undertecknat;Undertecknarens roll"
)

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk

GOOD = "Omsorg AB;559999-9991;7;2026Q3;HVB;12;11;1;0;2026-10-05;VD"
PERSON = "194012239101"


def facts(desk: Desk, name: str = "Omsorg AB", number: str = "5599999991") -> tuple[RecordCheckAttestation, ...]:
    """The supplier's attestations, oldest first."""
    from screening.identity import read

    identity = read(number).identity
    assert identity is not None
    found = desk.store.find_supplier(identity)
    assert found is not None
    history = desk.store.history(found, "record_check_attestation")
    return tuple(fact for fact in history if isinstance(fact, RecordCheckAttestation))


def test_an_attestation_becomes_a_fact_of_its_quarter_and_area(desk: Desk) -> None:
    """Submitted by the supplier, as of its signature, with the row it came from."""
    path = desk.lay("q3.csv", HEADER, GOOD)
    (file,) = desk.read()
    (fact,) = facts(desk)
    assert (fact.state, fact.scope_key, fact.quarter, fact.area) == ("received", "2026Q3/hvb", "2026Q3", "hvb")
    assert (fact.in_scope, fact.checked_before_start, fact.pending, fact.too_old) == (12, 11, 1, 0)
    assert (fact.signed_on, fact.signatory_role) == (date(2026, 10, 5), "VD")
    assert fact.provenance.origin is Origin.SUPPLIER_SUBMITTED
    assert (fact.provenance.source, fact.provenance.as_of) == ("registerkontroll", date(2026, 10, 5))
    assert fact.provenance.request_ref == "q3.csv##2"
    assert fact.provenance.raw_sha256 == file.sha256 != ""
    assert file.accepted == 1
    assert path.exists()
    assert desk.suppliers() == {}  # an attestation alone puts nobody in scope


@pytest.mark.parametrize(
    ("row", "why", "secret"),
    [
        (GOOD + f";{PERSON}", "personal_number", PERSON),
        (GOOD + ";19401223-9101 visade", "personal_number", "9101"),
        (GOOD + ";401223-XXXX", "personal_number", "401223"),
        (GOOD.replace(";12;", f";{PERSON};"), "personal_number", PERSON),
        (GOOD.replace("Omsorg AB", f"Omsorg AB {PERSON}"), "personal_number", PERSON),
        (GOOD + ";en anställd dömd för stöld", "offence_word", "stöld"),
        (GOOD.replace(";VD", ";VD, tidigare åtalad"), "offence_word", "åtalad"),
        (GOOD + ";allt väl", "free_text", "allt väl"),
        (GOOD.replace(";VD", ";Vera Ek"), "free_text", "Vera"),
        (GOOD.replace(";12;", ";12 varav 2 nya;"), "free_text", "varav"),
        (GOOD.replace("HVB", "hotell"), "free_text", "hotell"),
        (GOOD.replace("2026Q3", "i höst"), "free_text", "höst"),
        (GOOD.replace("2026-10-05", "nyss"), "free_text", "nyss"),
        (GOOD + ";4711", "unknown_column", "4711"),
    ],
)
def test_what_may_not_be_held_is_refused_unread(desk: Desk, row: str, why: str, secret: str) -> None:
    """A fact says that the row was refused and why; nothing of it is stored or shown."""
    desk.lay("q3.csv", HEADER + ";Anmärkning", row, GOOD.replace("Omsorg AB;559999-9991", "Vård AB;559999-9983"))
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (1, 1)
    (reject,) = desk.rejects()
    assert reject.code == f"refused_{why}"
    assert reject.row == 2
    told = f"{file} {desk.rejects()}"
    if "höst" not in row:
        (fact,) = facts(desk)
        assert (fact.state, fact.refused_for, fact.in_scope, fact.signed_on) == ("refused", why, None, None)
        told += str(fact)
    assert secret not in told


def test_how_old_an_extract_was_is_refused_in_a_school_alone(desk: Desk) -> None:
    """Only that it was shown may be noted there; in a home for children the age is kept, and a school may leave it out."""
    old = HEADER + ";Äldsta utdrag vid start (dagar)"
    other = GOOD.replace("Omsorg AB;559999-9991", "Vård AB;559999-9983").replace("HVB", "förskola")
    desk.lay("q3.csv", old, GOOD.replace("HVB", "skola") + ";200", GOOD + ";200", other + ";")
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (2, 1)
    assert [reject.code for reject in desk.rejects()] == ["refused_issue_age"]
    told = {fact.area: (fact.state, fact.refused_for, fact.oldest_days) for fact in facts(desk)}
    assert told == {"school": ("refused", "issue_age", None), "hvb": ("received", None, 200)}


def test_the_suppliers_own_columns_are_no_offence(desk: Desk) -> None:
    """A name with a listed word in it, a sole trader's number in the number column, words in headings."""
    desk.lay(
        "q3.csv", "Intyg om kontroll i belastningsregistret;;;", HEADER,
        GOOD.replace("Omsorg AB", "Brottås Åtalsvik Omsorg AB"),
        GOOD.replace("Omsorg AB;559999-9991", f"Snickare Spån;{PERSON}"),
    )  # fmt: skip
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (2, 0)
    assert facts(desk, "Snickare Spån", PERSON)[0].state == "received"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (GOOD.replace("2026Q3", ""), "quarter_wrong"),
        (GOOD.replace("HVB", ""), "area_wrong"),
        (GOOD.replace("Omsorg AB;559999-9991;7", ";;"), "supplier_missing"),
    ],
)
def test_rows_that_say_too_little_are_rejected(desk: Desk, row: str, code: str) -> None:
    """Which quarter, which area, whose."""
    desk.lay("q3.csv", HEADER, GOOD, row)
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (1, 1)
    assert desk.rejects()[0].code == code


def test_a_refused_row_that_names_nobody_is_only_rejected(desk: Desk) -> None:
    """There is no supplier to hold the fact."""
    desk.lay("q3.csv", HEADER, GOOD.replace("Omsorg AB;559999-9991;7", ";;") + f";{PERSON}")
    (file,) = desk.read()
    assert file.rejected == 1


def test_the_one_signed_last_holds_and_refused_stands_over_received(desk: Desk) -> None:
    """Twice the same is merged; differing counts are told."""
    desk.lay(
        "q3.csv",
        HEADER,
        GOOD,
        GOOD,
        GOOD.replace("12;11;1", "12;12;0").replace("10-05", "11-05"),
        GOOD.replace("HVB", "skola"),
    )
    desk.lay("q3-sena.csv", HEADER + ";Namn", GOOD.replace("HVB", "skola") + f";{PERSON}")
    first, second = desk.read()
    assert [(item.accepted, item.merged, item.rejected) for item in (first, second)] == [(0, 0, 1), (1, 3, 0)]
    found = {fact.scope_key: fact for fact in facts(desk)}
    assert found["2026Q3/hvb"].checked_before_start == 12
    assert found["2026Q3/school"].state == "refused"
    notes = [note for file in (first, second) for note in file.notes]
    assert any("intyget för 2026Q3/hvb finns flera gånger" in note for note in notes)
