"""A supplier's history as lines: dated changes with who dates them, then answers and findings."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Event,
    Fact,
    Industry,
    Officer,
    Officers,
    Origin,
    Owner,
    Proceeding,
    Provenance,
    TaxRegistration,
)
from screening.report.history import event_line, history_lines, known_events

AT = datetime(2026, 11, 30, 5, tzinfo=UTC)


def came(days: int) -> Provenance:
    """An answer some days before the run."""
    at = AT - timedelta(days=days)
    return Provenance(source="register", origin=Origin.AUTHORITY, as_of=at.date(), fetched_at=at)


def put(month: Any, who: str, *rows: Fact) -> None:
    for row in rows:
        month.store.put_facts(month.run.id, who, [row], row.provenance.fetched_at)


def test_events_of_every_kind_stand_first_by_date(month: Any) -> None:
    """Before and after, and whether the day is the register's or that of the answer; a beginning is no event."""
    who = month.ids[30]
    people = [Officer("K-A", "Alva Ek", "LE", from_on=date(2020, 1, 10)), Officer("K-B", "Bo Lind", "LE")]
    put(
        month,
        who,
        CompanyRecord(
            provenance=came(70),
            state="registered",
            registered_on=date(2020, 1, 10),
            proceedings=(Proceeding("FR", "Rekonstruktion", date(2026, 9, 1)),),
        ),
        TaxRegistration(provenance=came(60), f_tax="ended", f_tax_to_on=date(2026, 9, 15)),
        Officers(provenance=came(40), people=(people[0],)),
        Officers(provenance=came(10), people=(people[1],)),
        BeneficialOwners(provenance=came(39), state="unknown_filed"),
        BeneficialOwners(
            provenance=came(9), state="registered", owners=(Owner("K-C", "", anonymous=True), Owner("K-B", "Bo Lind"))
        ),
    )
    lines = history_lines(month.store, who, "sv")
    assert lines[0] == "Händelser:"
    assert lines[1:6] == [
        "  2026-09-01  Förfarande FR: inget -> Rekonstruktion  [register, källans datum]",
        "  2026-09-15  F-skatt: registrerad -> upphörd  [register, källans datum]",
        "  2026-10-21–2026-11-20  Styrelse eller ledning: Alva Ek (ledamot) -> Bo Lind (ledamot)  [register, sett i svaret]",
        "  2026-10-22–2026-11-21  Anmälan om verklig huvudman: anmält att huvudman inte kan utses -> huvudman anmäld  [register, sett i svaret]",
        "",
    ]
    assert "Events:" in history_lines(month.store, who, "en")
    assert known_events(month.store, who)[0].on == date(2026, 9, 1)


def test_answers_are_told_in_words(month: Any) -> None:
    """Fields, words of lists, dates and yes and no as people write them; what several are, by name; keys never."""
    who = month.ids[31]
    put(
        month,
        who,
        TaxRegistration(provenance=came(60), f_tax="active", f_tax_from_on=date(2020, 1, 10)),
        TaxRegistration(provenance=came(30), f_tax="ended", f_tax_to_on=date(2026, 10, 15)),
        Industry(provenance=came(60), codes=(("88101", "Hemtjänst"), ("88102", ""))),
        CompanyRecord(provenance=came(60), state="registered", has_any_tax_registration=True),
        Officers(provenance=came(60), people=(Officer("K-A", "Alva Ek", "LE"),), births=(("K-A", "K-DAY"),)),
    )
    told = "\n".join(history_lines(month.store, who, "sv"))
    assert "(per 2026-10-01): F-skatt: gäller; F-skatt från: 2020-01-10" in told
    assert "F-skatt: gäller -> upphörd; F-skatt från: 2020-01-10 -> –; F-skatt till: – -> 2026-10-15" in told
    assert "koder: 88101 Hemtjänst, 88102" in told
    assert "läge: registrerad; någon skatteregistrering: ja" in told
    assert "personer: Alva Ek" in told
    assert "K-A" not in told
    english = "\n".join(history_lines(month.store, who, "en"))
    assert "(as of 2026-10-01): F-tax: active; F-tax from: 2020-01-10" in english


def test_a_protected_person_is_never_named_and_no_number_is_shown() -> None:
    """Whatever a register puts in a name."""
    event = Event("beneficial_owners", "owners", None, "*\n19401223-9101 Ek", date(2026, 10, 5), None, "source", "r")
    assert event_line(event, "sv") == (
        "  2026-10-05  Verklig huvudman: inte känt -> Skyddad person; 19401223-**** Ek  [r, källans datum]"
    )
    gone = Event("officers", "board", "Bo Lind", "", date(2026, 10, 5), None, "source", "r")
    assert event_line(gone, "en") == "  2026-10-05  Board or management: Bo Lind -> nothing  [r, the source's date]"
