"""The case file's documents as facts: one of each kind holds, dates decide, roles and initials only."""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest

from screening.exports import ASKED_FOR
from screening.identity import read
from screening.model import Finding, Origin
from screening.rules.table import AskedFor

if TYPE_CHECKING:
    from tests.stages.intake.conftest import Desk


HEADER = "Leverantör;Organisationsnummer;Leverantörsnr;Handling;Datum;Giltig till;Undertecknarens roll;Kontrollerad av;Uppgift"


def document(sort: str, day: str, until: str = "", role: str = "", by: str = "", detail: str = "") -> str:
    """One row."""
    return f"Bygg AB;559999-9991;7;{sort};{day};{until};{role};{by};{detail}"


def held(desk: Desk, kind: str, scope_key: str = "") -> Any:
    """The fact that holds, or ``None``."""
    identity = read("5599999991").identity
    assert identity is not None
    found = desk.store.find_supplier(identity)
    assert found is not None
    return desk.store.current(found, kind, scope_key=scope_key)


def told(desk: Desk, *finding_ids: str) -> None:
    """Findings of an earlier run, that requests may name."""
    at = datetime(2026, 10, 31, 12, tzinfo=UTC)
    run = desk.store.begin_run("monthly", "2026-10", at.date(), at, "test", {})
    supplier = desk.store.supplier_id("unidentified", None, "Någon AB")
    rest: dict[str, Any] = {"scope_key": "", "outcome": "flag", "verdict": "flag", "severity": "high", "level": ""}
    rest |= {"status": "new", "occurrence": 1, "first_seen": "2026-10"}
    desk.store.put_findings(
        run.id, [Finding(finding_id=name, supplier_id=supplier, rule=name[:6], **rest) for name in finding_ids]
    )


def test_the_newest_declaration_holds_with_its_confirmation(desk: Desk) -> None:
    """A confirmation of an older one says nothing of the new."""
    desk.lay(
        "akt.csv",
        HEADER,
        document("sanningsförsäkran", "2025-01-10", role="VD"),
        document("sanningsförsäkran", "2026-03-01", role="firmatecknare"),
        document("sanningsförsäkran bekräftad", "2025-06-01"),
        document("Sanningsförsäkran bekräftad", "2026-09-01"),
    )
    (file,) = desk.read()
    fact = held(desk, "declaration")
    assert fact is not None
    assert (fact.state, fact.signed_on, fact.signatory_role, fact.confirmed_on) == (
        "received",
        date(2026, 3, 1),
        "firmatecknare",
        date(2026, 9, 1),
    )
    assert (fact.provenance.origin, fact.provenance.as_of) == (Origin.FILE, date(2026, 9, 1))
    assert fact.provenance.request_ref == "akt.csv##5"
    assert file.accepted == 4


def test_a_confirmation_alone_is_a_declaration_without_a_signature(desk: Desk) -> None:
    """Somebody confirmed one that is not in the list."""
    desk.lay("akt.csv", HEADER, document("sanningsförsäkran bekräftad", "2026-09-01", role="VD"))
    desk.read()
    fact = held(desk, "declaration")
    assert fact is not None
    assert (fact.signed_on, fact.confirmed_on) == (None, date(2026, 9, 1))


def test_the_agreement_that_lasts_longest_holds(desk: Desk) -> None:
    """A short respite does not hide a plan."""
    desk.lay(
        "akt.csv",
        HEADER,
        document("betalningsplan", "2026-03-01", "2027-03-01"),
        document("anstånd", "2026-10-01", "2026-12-01"),
    )
    desk.read()
    fact = held(desk, "payment_agreement")
    assert fact is not None
    assert (fact.agreement, fact.decided_on, fact.valid_to_on) == ("payment_plan", date(2026, 3, 1), date(2027, 3, 1))


@pytest.mark.parametrize(("by", "kept"), [("jurist", "jurist"), ("VE", "VE"), ("Vera Ek", "VE"), ("", "")])
def test_a_final_decision_keeps_a_role_or_initials(desk: Desk, by: str, kept: str) -> None:
    """And the day it became final, where the detail says so."""
    desk.lay("akt.csv", HEADER, document("slutligt avgörande", "2026-03-01", by=by, detail="Laga kraft 2026-03-22"))
    desk.read()
    fact = held(desk, "final_decision")
    assert fact is not None
    assert (fact.decided_on, fact.final_on, fact.set_by) == (date(2026, 3, 1), date(2026, 3, 22), kept)


def test_permits_per_service_powers_per_role_and_owners(desk: Desk) -> None:
    """Each under its own key; a day that does not exist is none."""
    desk.lay(
        "akt.csv", HEADER, document("tillstånd", "2026-01-01", "2028-01-01", detail="Hemtjänst"),
        document("tillstånd", "2026-01-01", "2025-01-01", detail="HVB"), document("fullmakt", "2026-02-01", "2027-02-01", role="Personalchef"),
        document("huvudman i anbud", "2026-02-02", detail='"Vera Ek; Bo Lund;"'), document("slutligt avgörande", "2026-03-01", detail="2026-02-31"),
    )  # fmt: skip
    desk.read()
    permit, ended = held(desk, "care_permit", "hemtjänst"), held(desk, "care_permit", "hvb")
    power, owners, decision = (
        held(desk, "power_of_attorney", "personalchef"),
        held(desk, "owners_in_bid"),
        held(desk, "final_decision"),
    )
    assert permit is not None
    assert ended is not None
    assert power is not None
    assert owners is not None
    assert decision is not None
    assert (permit.state, permit.service, ended.state) == ("valid", "hemtjänst", "ended")
    assert (power.role, power.valid_to_on) == ("Personalchef", date(2027, 2, 1))
    assert owners.names == ("Vera Ek", "Bo Lund")
    assert decision.final_on is None


def test_a_role_has_one_name_in_both_files(desk: Desk) -> None:
    """A power of attorney for the HR manager is found by an attestation signed by one; other roles are kept as written."""
    desk.lay(
        "akt.csv", HEADER, document("fullmakt", "2026-02-01", role="HR-chef"), document("fullmakt", "2026-02-01", role="Nattchef")
    )  # fmt: skip
    desk.read()
    assert held(desk, "power_of_attorney", "personalchef").role == "personalchef"
    assert held(desk, "power_of_attorney", "nattchef").role == "Nattchef"
    connectors = Path(__file__).parents[3] / "connectors"
    filed, attested = (
        tomllib.loads((connectors / f"{name}.toml").read_text(encoding="utf-8"))["values"]["signatory_role"]
        for name in ("akt", "registerkontroll")
    )
    assert filed.items() <= attested.items()
    assert all(word in filed for word, role in attested.items() if word != role)


def test_a_request_is_open_until_the_extract_comes(desk: Desk) -> None:
    """A received one before the newest request does not close it; one that nobody asked for is no request."""
    asked = document("kontoutdrag begärt", "2026-10-01", "2026-10-21")
    desk.lay("akt.csv", HEADER, document("kontoutdrag inkommet", "2026-09-01"), asked)
    desk.read()
    fact = held(desk, "document_request", "tax_account")
    assert fact is not None
    assert (fact.requested_on, fact.reply_by_on, fact.for_kind, fact.received_on) == (
        date(2026, 10, 1),
        date(2026, 10, 21),
        "tax_account",
        None,
    )
    desk.lay("akt.csv", HEADER, asked, document("kontoutdrag inkommet", "2026-10-15"))
    desk.read()
    fact = held(desk, "document_request", "tax_account")
    assert fact is not None
    assert fact.received_on == date(2026, 10, 15)


def test_a_received_extract_alone_is_no_request(desk: Desk) -> None:
    """There is nothing to wait for."""
    desk.lay(
        "akt.csv", HEADER, document("kontoutdrag inkommet", "2026-09-01"), document("sanningsförsäkran", "2026-09-01")
    )
    desk.read()
    assert held(desk, "document_request", "tax_account") is None


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (document("brev", "2026-01-01"), "document_unknown"),
        (document("fullmakt", ""), "date_missing"),
        (document("fullmakt", "snart"), "date_wrong"),
        (";;;fullmakt;2026-01-01;;;;", "supplier_missing"),
    ],
)
def test_rows_that_cannot_be_read_are_rejected(desk: Desk, row: str, code: str) -> None:
    """With the reason."""
    desk.lay("akt.csv", HEADER, document("fullmakt", "2026-01-01"), row)
    (file,) = desk.read()
    assert (file.accepted, file.rejected) == (1, 1)
    assert desk.rejects()[0].code == code


def test_what_is_dated_after_the_runs_day_is_not_known_yet(desk: Desk) -> None:
    """It is accepted and told; equal rows are merged."""
    desk.lay(
        "akt.csv",
        HEADER,
        document("fullmakt", "2026-01-01"),
        document("fullmakt", "2026-01-01"),
        document("sanningsförsäkran", "2026-12-24"),
    )
    (file,) = desk.read()
    assert (file.accepted, file.merged) == (2, 1)
    assert held(desk, "declaration") is None
    assert "rader daterade efter 2026-11-30 räknas inte i perioden: 1" in file.notes


def test_reading_the_same_file_again_makes_no_new_history(desk: Desk) -> None:
    """Equal facts grow nothing."""
    desk.lay(
        "akt.csv", HEADER, document("sanningsförsäkran", "2025-01-10"), document("sanningsförsäkran", "2026-03-01")
    )
    desk.read()
    desk.read()
    identity = read("5599999991").identity
    assert identity is not None
    found = desk.store.find_supplier(identity)
    assert found is not None
    assert len(desk.store.history(found, "declaration")) == 1


def test_requests_of_every_kind_are_kept_by_kind_and_point(desk: Desk) -> None:
    """An explanation by the flag's id, an attestation by quarter and area; other words in Uppgift are notes."""
    told(desk, "SKA-01-7F3K9Q2M", "AGA-02-00000000")
    desk.lay(
        "akt.csv",
        HEADER,
        document("förklaring begärd", "2026-11-02", "2026-11-16", detail="ska-01-7f3k9q2m, skickad med e-post"),
        document("förklaring inkommen", "2026-11-12", detail="SKA-01-7F3K9Q2M"),
        document("förklaring begärd", "2026-11-02", "2026-11-16", detail="AGA-02-00000000"),
        document("intyg begärt", "2026-11-03", detail="2026q3/HVB"),
        document("betalningsplan begärd", "2026-11-04", detail="skickad med e-post"),
    )
    desk.read()
    answered = held(desk, "document_request", "explanation/SKA-01-7F3K9Q2M")
    assert (answered.for_kind, answered.received_on) == ("explanation", date(2026, 11, 12))
    assert held(desk, "document_request", "explanation/AGA-02-00000000").received_on is None
    assert held(desk, "document_request", "record_check_attestation/2026Q3/hvb").requested_on == date(2026, 11, 3)
    assert held(desk, "document_request", "payment_agreement").for_kind == "payment_agreement"


LIST = "Punkt;Leverantör;Orgnr;Leverantörsnr;Enhet;Avtal;Fas;Begäran;Avser;Vad som begärs;Regler;Yttrande enligt;Arbetsdagar;Svar senast;Skickad;Svar inkom;Handläggare"


def point(sort: str, sent: str, came: str = "", about: str = "") -> str:
    """One row of the run's own list of what to ask for."""
    return f"P;Bygg AB;559999-9991;7;Enhet;A-1;avtal;{sort};{about};Text;SKA-02;;10;2026-11-16;{sent};{came};AB"


def test_the_runs_own_list_is_read_when_it_has_been_filled_in(desk: Desk) -> None:
    """A row with a day in Skickad is a request, one without is none, and Svar inkom closes it."""
    desk.lay(
        "akt-begaran.csv",
        LIST,
        point("kontoutdrag begärt", "2026-11-02", "2026-11-20"),
        point("sanningsförsäkran begärd", "2026-11-02", "2026-12-24"),
        point("förklaring begärd", "", about="SKA-01-7F3K9Q2M"),
    )
    (file,) = desk.read()
    assert (file.rows, file.accepted, file.rejected, file.connector) == (2, 2, 0, "akt")
    closed = held(desk, "document_request", "tax_account")
    assert (closed.requested_on, closed.reply_by_on, closed.received_on) == (
        date(2026, 11, 2),
        date(2026, 11, 16),
        date(2026, 11, 20),
    )
    assert closed.provenance.as_of == date(2026, 11, 20)
    assert held(desk, "document_request", "declaration").received_on is None  # a day that lies ahead
    assert held(desk, "document_request", "explanation/SKA-01-7F3K9Q2M") is None


def test_what_rules_ask_for_can_be_entered_in_the_file() -> None:
    """The words of a rule's [[ask]] and of the case file are the same."""
    assert set(get_args(AskedFor)) == set(ASKED_FOR)


def test_a_final_decision_is_settled_by_a_later_note(desk: Desk) -> None:
    """A note from before the decision is about another, and one without a decision is nothing."""
    desk.lay(
        "akt.csv",
        HEADER,
        document("slutligt avgörande betalt", "2025-12-01"),
        document("slutligt avgörande", "2026-03-02", by="kommunjurist", detail="laga kraft 2026-05-04"),
        document("slutligt avgörande betalt", "2026-09-15"),
    )
    desk.read()
    fact = held(desk, "final_decision")
    assert (fact.decided_on, fact.final_on, fact.set_by, fact.settled_on) == (
        date(2026, 3, 2),
        date(2026, 5, 4),
        "kommunjurist",
        date(2026, 9, 15),
    )
    assert fact.provenance.as_of == date(2026, 9, 15)


def test_a_settlement_without_a_decision_is_no_decision(desk: Desk) -> None:
    """Nothing was decided that we know of."""
    desk.lay("akt.csv", HEADER, document("slutligt avgörande betalt", "2025-12-01"), document("anstånd", "2026-01-01"))
    desk.read()
    assert held(desk, "final_decision") is None


def test_a_decision_that_is_not_settled_says_so(desk: Desk) -> None:
    """Only a note settles it."""
    desk.lay("akt.csv", HEADER, document("slutligt avgörande", "2026-03-02", by="jurist"))
    desk.read()
    assert held(desk, "final_decision").settled_on is None


def test_permits_of_others_and_applications_stand_beside_the_suppliers_own(desk: Desk) -> None:
    """Each under a scope key of its own."""
    desk.lay(
        "akt.csv",
        HEADER,
        document("tillstånd", "2024-01-10", until="2026-10-31", detail="Hemtjänst"),
        document("ansökan om tillstånd", "2026-09-01", detail="Hemtjänst"),
        document("tillstånd hos systerbolag", "2025-01-10", detail='"HVB; Bygg Omsorg AB"'),
        document("tillstånd hos systerbolag", "2025-01-11", detail="stödboende"),
    )
    desk.read()
    assert held(desk, "care_permit", "hemtjänst").valid_to_on == date(2026, 10, 31)
    assert held(desk, "care_permit", "hemtjänst/ansökan").state == "pending"
    sister = held(desk, "care_permit", "hvb; bygg omsorg ab/systerbolag")
    assert (sister.state, sister.service, sister.holder_name) == ("valid", "hvb", "Bygg Omsorg AB")
    assert held(desk, "care_permit", "stödboende/systerbolag").holder_name == "annat bolag"


def test_the_address_of_the_bid(desk: Desk) -> None:
    """Street, postcode and city; without a street there is none, and what is no postcode is a city."""
    desk.lay("akt.csv", HEADER, document("adress i anbud", "2026-02-02", detail='"Storgatan 1, 123 45 Sjövika"'))
    desk.read()
    fact = held(desk, "address_in_bid")
    assert fact is not None
    assert (fact.street, fact.postcode, fact.city, fact.stated_on) == (
        "Storgatan 1",
        "123 45",
        "Sjövika",
        date(2026, 2, 2),
    )


@pytest.mark.parametrize(
    ("detail", "place"),
    [('"Hamngatan 2, Sjövika"', ("Hamngatan 2", None, "Sjövika")), ("Hamngatan 2", ("Hamngatan 2", None, None))],
)
def test_an_address_without_postcode(desk: Desk, detail: str, place: tuple[str | None, ...]) -> None:
    """As the bid had it."""
    desk.lay("akt.csv", HEADER, document("adress i anbud", "2026-02-02", detail=detail))
    desk.read()
    fact = held(desk, "address_in_bid")
    assert fact is not None
    assert (fact.street, fact.postcode, fact.city) == place


def test_an_address_without_a_street_is_none(desk: Desk) -> None:
    """Nothing to compare with the register's."""
    desk.lay(
        "akt.csv",
        HEADER,
        document("adress i anbud", "2026-02-02", detail='", 123 45 Sjövika"'),
        document("huvudman i anbud", "2026-02-02", detail="Vera Ek"),
    )
    desk.read()
    assert held(desk, "address_in_bid") is None


def test_a_reply_from_before_its_request_is_refused_and_shown(desk: Desk) -> None:
    """One of the days is wrong: taken, it would make the supplier late who has replied. The same day is no fault."""
    desk.lay(
        "akt-begaran.csv",
        LIST,
        point("kontoutdrag begärt", "2026-11-02", "2026-11-01"),
        point("sanningsförsäkran begärd", "2026-11-02", "2026-11-02"),
    )
    desk.read()
    (reject,) = desk.rejects()
    assert (reject.code, reject.row) == ("reply_before_request", 2)
    assert "daterat 2026-11-01, före begäran 2026-11-02" in reject.reason
    assert held(desk, "document_request", "declaration").received_on == date(2026, 11, 2)


def test_a_request_about_a_flag_that_is_not_there_is_refused_and_shown(desk: Desk) -> None:
    """A mistyped id would be reported late, and the real flag asked about again."""
    told(desk, "SKA-01-7F3K9Q2M")
    desk.lay(
        "akt-begaran.csv",
        LIST,
        point("förklaring begärd", "2026-11-02", about="ska-01-7f3k9q2m"),
        point("förklaring begärd", "2026-11-02", about="SKA-99-XXXXXXXX"),
    )
    desk.read()
    (reject,) = desk.rejects()
    assert (reject.code, reject.row) == ("finding_unknown", 3)
    assert reject.reason.startswith("SKA-99-XXXXXXXX är inget Flagg-ID")
    assert held(desk, "document_request", "explanation/SKA-01-7F3K9Q2M") is not None
    assert held(desk, "document_request", "explanation/SKA-99-XXXXXXXX") is None
