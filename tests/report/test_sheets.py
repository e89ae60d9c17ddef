import re
from collections.abc import Callable
from typing import Any

import pytest

from screening.report.layout import LAYOUTS, SUMMARY
from screening.report.sheets import build_sheets
from screening.rules import Rule

Rows = Callable[[str], list[dict[str, Any]]]

NAMES = [
    "Sammanfattning", "Flaggor", "Leverantörer", "Ej bedömbara", "Ägarförändringar", "Registerkontroller", "Avslutade",
    "Indatafel", "Stickprov", "Nämndrapport", "Riskregister", "Regler", "Körning", "Underlag",
]  # fmt: skip
REQUESTS = ["Begäran", "Begärda"]  # what to ask suppliers for: stored with the others, written in a folder of their own
FLAGS = [
    "Flagg-ID", "Organisation", "Enhet", "Avtalsansvarig", "Regel-ID", "Regel", "Allvarlighet", "Leverantör", "Orgnr",
    "Leverantörsnr", "Avtal", "Avtal t.o.m.", "Fas", "Iakttagelse", "Belopp (kr)", "Köpt 12 mån (kr)", "Uppgift per",
    "Källa", "Uppgiftens ålder (dagar)", "Lagrum", "Styrka", "Föreslagen åtgärd", "Felkällor", "Status", "Först sedd",
    "Handläggs senast", "Leverantörens svar senast", "Handläggare", "Bedömning", "Motivering", "Gäller t.o.m.",
    "Diarienummer", "Observera", "Kontroll",
]  # fmt: skip


def test_the_sheets_are_those_of_the_contract(finished: Any) -> None:
    """Names and order are what users rely on."""
    built = finished[0]
    assert built.store.sheets(built.run.id) == [*NAMES, *REQUESTS]
    assert [SUMMARY, *LAYOUTS] == NAMES


def test_the_columns_of_flaggor_are_those_of_the_contract(finished: Any) -> None:
    """Exactly these, in this order; the hidden check value comes last."""
    built = finished[0]
    columns, _rows = built.store.sheet(built.run.id, "Flaggor")
    assert columns == FLAGS


def test_flags_stand_worst_first_and_new_before_remaining(rows: Rows) -> None:
    """The list opens on what matters."""
    flags = rows("Flaggor")
    order = ["KRITISK", "HÖG", "MEDEL", "LÅG"]
    ranks = [order.index(row["Allvarlighet"]) for row in flags]
    assert ranks == sorted(ranks)
    high = [row["Status"] for row in flags if row["Allvarlighet"] == "HÖG"]
    assert {"Ny", "Värre"} >= set(high[: high.index("Kvarstår")])
    assert set(high[high.index("Kvarstår") :]) == {"Kvarstår"}


def test_a_flag_has_one_row_per_unit_with_that_units_contracts(rows: Rows) -> None:
    """A supplier with contracts in two units stands in both, each with its own contract and money."""
    both = [
        row
        for row in rows("Flaggor")
        if row["Leverantör"] == "Hjärtat Personlig Assistans AB" and row["Regel-ID"] == "AGA-12"
    ]
    assert {(row["Enhet"], row["Avtal"]) for row in both} == {("Primärvård", "A-112"), ("Föreningsbidrag", "A-212")}
    assert len({row["Flagg-ID"] for row in both}) == 1
    assert min(row["Köpt 12 mån (kr)"] for row in both) == 0
    assert len({row["Kontroll"] for row in both}) == 2


def test_a_flag_shows_what_where_when_and_what_to_do(rows: Rows) -> None:
    """Every flag can be traced and acted on."""
    row = next(row for row in rows("Flaggor") if row["Regel-ID"] == "SKA-06")
    assert row["Iakttagelse"] == "F-skatten upphörde 2026-11-10. Betalt 412\u00a0300\u00a0kr de senaste 90 dagarna."
    assert row["Uppgift per"] == "2026-11-24"
    assert row["Uppgiftens ålder (dagar)"] == 6
    assert row["Källa"] == "kronofogden"
    assert row["Lagrum"] == "LOU (2016:1145) 13:2 andra stycket; LOU 13:5"
    assert row["Styrka"] == "får"
    assert row["Belopp (kr)"] == 412_300
    assert row["Handläggs senast"] == "2026-12-07"
    assert row["Bedömning"] is None


def test_persons_are_masked_everywhere(finished: Any) -> None:
    """No sheet holds the digits of a personal number; the buyer's own number leads to it."""
    built = finished[0]
    for name in built.store.sheets(built.run.id):
        _columns, rows = built.store.sheet(built.run.id, name)
        text = re.sub(r"[0-9a-f]{16,}", "", repr(list(rows)))  # hashes may hold any four digits
        assert "2382" not in text
        assert "3030" not in text
    columns, rows = built.store.sheet(built.run.id, "Flaggor")
    person = next(dict(zip(columns, row, strict=True)) for row in rows if "Vera Testdotter" in row)
    assert person["Orgnr"] == "19440101-****"
    assert person["Leverantörsnr"] == "5001"


def test_suppliers_flagged_then_unchecked_then_clear(rows: Rows) -> None:
    """One row per supplier; a sole trader without a finding is only counted."""
    suppliers = rows("Leverantörer")
    names = [row["Leverantör"] for row in suppliers]
    assert len(names) == len(set(names)) == 33
    assert "Ivar Prov" not in names
    status = [row["Samlad status"] for row in suppliers]
    first_clear = status.index("Utan anmärkning")
    assert "Inte helt kontrollerad" in status[:first_clear]
    assert set(status[first_clear:]) == {"Utan anmärkning"}
    counted = [row for row in rows("Körning") if row["Post"] == "Leverantörer"]
    assert "1 enskilda näringsidkare utan iakttagelse (listas inte)" in counted[0]["Detalj"]


def test_flagged_suppliers_stand_in_order_of_risk_and_money(rows: Rows) -> None:
    """The number says where to begin, and nothing else; the formula stands in Körning."""
    order = [row["Läs i ordning"] for row in rows("Leverantörer") if row["Flaggor"]]
    assert order == sorted(order, reverse=True)
    assert set(order) <= set(range(1, 17))
    said = next(row for row in rows("Körning") if row["Post"] == "Läs i ordning")
    assert "Det avgör ingenting" in said["Resultat"]
    assert "risk × pengar" in said["Detalj"]


def test_unknown_is_never_shown_as_ok(rows: Rows) -> None:
    """A source that did not answer leaves the area EJ BEDÖMBAR, and the supplier not fully checked."""
    by_name = {row["Leverantör"]: row for row in rows("Leverantörer")}
    unchecked = by_name["Norrskenets Vårdcentral AB"]
    assert unchecked["Skatt"] == "EJ BEDÖMBAR"
    assert unchecked["Samlad status"] == "Inte helt kontrollerad"
    assert "Kontoutdrag från skattekontot" in unchecked["Förklaring"]
    unidentified = by_name["Okänd Firma"]
    assert {unidentified[area] for area in ("Skatt", "Registerkontroll", "Ägare", "Kredit", "Register")} == {
        "EJ BEDÖMBAR"
    }
    assert by_name["Solgläntans Omsorg AB"]["Skatt"] == "FLAGGA"
    assert by_name["Kronans Livsmedel AB"]["Skatt"] == "OK"


def test_one_row_per_supplier_and_missing_thing(rows: Rows) -> None:
    """The rules that it blocks, why, what to do, and what was asked for already."""
    missing = rows("Ej bedömbara")
    identity = [row for row in missing if row["Leverantör"] == "Bokens Förlag AB"]
    assert [row["Hindrar regler"] for row in identity] == ["KRE-01, SKA-01"]
    assert identity[0]["Saknas"] == "Bekräftat organisationsnummer"
    asked = next(row for row in missing if row["Leverantör"] == "Norrskenets Vårdcentral AB")
    assert (asked["Slag"], asked["Begärd den"], asked["Svar senast"]) == ("Handling", "2026-11-18", "2026-12-02")
    assert all(row["Orsak"] and row["Gör så här"] for row in missing)


def test_an_unidentified_supplier_with_no_rule_still_shows_what_is_missing(month: Any) -> None:
    """A row with a name but no number is coverage, even where no profile concerns it."""
    month.store.put_judged(month.run.id, [])
    month.build()
    columns, rows = month.store.sheet(month.run.id, "Ej bedömbara")
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [(row["Leverantör"], row["Saknas"], row["Hindrar regler"]) for row in found] == [
        ("Okänd Firma", "Bekräftat organisationsnummer", "")
    ]


def test_ended_flags_are_listed_once_with_why(rows: Rows) -> None:
    """Resolved first, then what is no longer concerned."""
    ended = rows("Avslutade")
    assert [(row["Leverantör"], row["Status"]) for row in ended] == [
        ("Riddaren Bevakning AB", "Löst"),
        ("Bävern VVS AB", "Upphörd"),
    ]
    assert all(row["Varför"] for row in ended)
    assert not {row["Flagg-ID"] for row in ended} & {row["Flagg-ID"] for row in rows("Flaggor")}


def test_input_errors_name_file_sheet_row_and_proposals(rows: Rows) -> None:
    """Refused files, refused rows, wrong numbers and missing ones, with columns to fill in."""
    errors = rows("Indatafel")
    assert errors[0]["Fel"] == "Filen lästes inte: okänd rubrikrad: Kol1, Kol2"
    assert "mycket mindre" in errors[1]["Fel"]
    assert errors[2]["Förslag"].startswith("559900-104")
    assert "(97\u00a0%)" in errors[2]["Förslag"]
    wrong = next(row for row in errors if row["Leverantör"] == "Bokens Förlag AB")
    assert "Lyktan Redovisning AB" in wrong["Fel"]
    assert wrong["Förslag"] == ""  # the stranger's own number is no proposal
    unread = next(row for row in errors if row["Leverantör"] == "Okänd Firma")
    assert unread["Fel"] == "Organisationsnummer saknas eller går inte att läsa. Gäller 1 rad till."
    assert {row["Rätt orgnr"] for row in errors} == {None}


def test_a_supplier_outside_every_profile_is_not_checked(month: Any) -> None:
    """Nothing was expected, so nothing is said to be in order."""
    config = month.config.model_copy(
        update={
            "profile": (
                month.config.profile[0].model_copy(
                    update={"match": month.config.profile[0].match.model_copy(update={"unit": ("IT",)})}
                ),
            )
        }
    )
    build_sheets(month.store, month.run, config, month.rules, {})
    columns, rows = month.store.sheet(month.run.id, "Leverantörer")
    outside = [
        row
        for row in (dict(zip(columns, row, strict=True)) for row in rows)
        if row["Samlad status"] == "Utanför kontroll"
    ]
    assert outside
    assert {row["Skatt"] for row in outside} == {"EJ AKTUELL", "EJ BEDÖMBAR"}
    assert all("Ingen profil" in row["Förklaring"] for row in outside)


def test_the_run_says_what_it_used(rows: Rows) -> None:
    """Files with hashes and counts, coverage per rule, rule files by hash, and that answers were made up."""
    lines = rows("Körning")
    assert lines[0]["Avsnitt"] == "SIMULERADE KÄLLOR"
    text = repr(lines)
    assert "44 rader: 40 godtagna, 1 sammanslagna, 3 avvisade" in text
    assert "c0" * 32 in text
    assert "3 med flagga · 24 utan anmärkning · 2 ej bedömbara · 5 ej aktuella" in text


def test_rules_are_listed_with_limits_law_and_outcome(finished: Any, rows: Rows) -> None:
    """Every rule that some profile expects."""
    built = finished[0]
    listed = rows("Regler")
    assert [row["Regel-ID"] for row in listed] == sorted(built.rules)
    assert listed[0]["Lagen läst"] == "2026-03-31"


def test_the_risk_register_names_the_owner(rows: Rows) -> None:
    """One row per unit and rule, with a stable external id."""
    risks = rows("Riskregister")
    assert len({row["Extern-ID"] for row in risks}) == len(risks)
    row = next(row for row in risks if row["Extern-ID"] == "SKA-06/IT")
    assert row["Ansvarig"] == "Chef it"
    assert row["Beskrivning"].startswith("1 leverantör har en stående flagga.")


def test_english_changes_texts_but_not_columns(month: Any) -> None:
    """Sheet and column names are a contract in both languages."""
    month.config = month.config.model_copy(update={"report": month.config.report.model_copy(update={"language": "en"})})
    month.build()
    assert month.store.sheets(month.run.id) == [*NAMES, *REQUESTS]
    columns, rows = month.store.sheet(month.run.id, "Flaggor")
    first = dict(zip(columns, next(iter(rows)), strict=True))
    assert columns == FLAGS
    assert first["Allvarlighet"] == "CRITICAL"
    assert first["Status"] == "New"
    for name in NAMES:
        assert "leverantörer är inte" not in repr(list(month.store.sheet(month.run.id, name)[1]))


def test_a_flag_of_a_supplier_that_is_gone_ends_under_its_old_name(store: Any, month: Any) -> None:
    """The run before named it."""
    month.build()
    month.store.finish_run(month.run.id, "done", month.run.started, 0, {})
    from dataclasses import replace

    later = store.begin_run(
        "monthly", "2026-12", month.run.as_of.replace(month=12), started=month.run.started, version="1", texts={}
    )
    store.begin_population(later.id)
    old = next(item for item in store.findings(month.run.id) if item.rule == "SKA-06")
    store.put_findings(later.id, [replace(old, status="ended", verdict="not_applicable")])
    build_sheets(store, later, month.config, month.rules, {})
    columns, rows = store.sheet(later.id, "Avslutade")
    ended = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [(row["Leverantör"], row["Status"]) for row in ended] == [("Granit & Grus i Väst AB", "Upphörd")]


def test_a_rule_that_is_no_longer_there_is_named_by_its_id(month: Any) -> None:
    """An old finding still shows."""
    rules: dict[str, Rule] = {name: rule for name, rule in month.rules.items() if name != "REG-04"}
    profile = month.config.profile[0].model_copy(update={"rules": tuple(rules)})
    build_sheets(month.store, month.run, month.config.model_copy(update={"profile": (profile,)}), rules, {})
    columns, rows = month.store.sheet(month.run.id, "Flaggor")
    row = next(row for row in (dict(zip(columns, row, strict=True)) for row in rows) if row["Regel-ID"] == "REG-04")
    assert (row["Regel"], row["Iakttagelse"], row["Lagrum"], row["Föreslagen åtgärd"]) == ("REG-04", "", "", "")


@pytest.mark.parametrize("name", NAMES)
def test_stored_rows_fit_their_header(finished: Any, name: str) -> None:
    """Every row has a cell for every column."""
    built = finished[0]
    columns, rows = built.store.sheet(built.run.id, name)
    assert {len(row) for row in rows} <= {len(columns)}


def test_an_empty_month_has_every_sheet(store: Any, month: Any) -> None:
    """No supplier, no flag: the sheets are there and the page says so."""
    run = store.begin_run("monthly", "2027-01", month.run.as_of, started=month.run.started, version="1", texts={})
    store.begin_population(run.id)
    build_sheets(store, run, month.config, month.rules, {})
    _columns, rows = store.sheet(run.id, "Sammanfattning")
    text = repr(list(rows))
    assert "Inget är nytt eller värre sedan förra gången." in text
    assert "0 av 0" in text
    assert "Inget är försenat." in text
