"""Decisions read back from real workbooks that were filled in, moved about, mistyped and disagreed on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest

from screening.decisions.answer import Result

DEBTS = {0: 20_000, 1: 30_000, 2: 45_000}


def told(result: Result, outcome: Any = "refused") -> str:
    """Everything said of an outcome."""
    return "\n".join(item.line() for item in result.of(outcome))


def test_a_decision_is_stored_with_everything_that_was_written(office: Any, filled: Any) -> None:
    """Who, what, why, until when, diary number, reply; and what the flag was."""
    run = office.month("2026-09", DEBTS)
    flag = office.finding_id(1)
    path = filled(office.report("2026-09")).accept(flag, diary="KS 2026/17", reply=date(2026, 10, 20)).save()
    result = office.bring(path)
    assert result.counts == {"taken": 1}
    (decision,) = office.store.decisions()
    assert (decision.finding_id, decision.by, decision.assessment) == (flag, "Anna Ek", "Godtagen förklaring")
    assert (decision.reason, decision.until, decision.diary) == ("Betald 3/10", date(2027, 3, 31), "KS 2026/17")
    assert (decision.reply_by, decision.run_id, decision.period) == (date(2026, 10, 20), run.id, "2026-09")
    assert (decision.severity, decision.measure, decision.occurrence) == ("high", 30_000, 1)
    assert decision.place == "avvikelserapport-2026-09.xlsx, Flaggor rad 4"
    log = office.store.audit_log()[-1]
    assert (log.action, decision.file_sha in log.detail) == ("decisions import", True)


def test_one_finding_in_several_units_is_one_decision(office: Any, filled: Any) -> None:
    """Two rows that say the same; what one leaves out the other adds; both people are named."""
    office.month("2026-09", DEBTS)
    flag = office.finding_id(0)
    book = filled(office.report("2026-09"))
    one, two = book.rows(flag)
    book.write(one, who="Anna Ek", what="Falsk träff", why="Fel bolag")
    result = office.bring(book.write(two, who="Bo Alm", what="Falsk träff", diary="KS 1").save())
    assert result.counts == {"taken": 2}
    assert "samma beslut står också" in told(result, "taken")
    (decision,) = office.store.decisions()
    assert (decision.by, decision.reason, decision.diary) == ("Anna Ek, Bo Alm", "Fel bolag", "KS 1")


def test_units_that_decide_differently_are_both_told(office: Any, filled: Any) -> None:
    """Neither is taken; each names the other."""
    office.month("2026-09", DEBTS)
    flag = office.finding_id(0)
    one = filled(office.unit("2026-09", "Hemtjänst")).accept(flag).save()
    two = filled(office.unit("2026-09", "Skola & förskola"))
    two.write(two.rows(flag)[0], who="Bo Alm", what="Under utredning").save()
    result = office.bring(one, two.path)
    assert (result.counts, office.store.decisions()) == ({"refused": 2}, [])
    assert "Hemtjänst.xlsx, Flaggor rad" in told(result)
    assert "Skola & förskola.xlsx, Flaggor rad" in told(result)


def test_the_same_again_changes_nothing(office: Any, filled: Any) -> None:
    """By content: also in another file, and after a later decision, which then still holds."""
    office.month("2026-09", DEBTS)
    flag = office.finding_id(1)
    old = filled(office.report("2026-09")).accept(flag).save(office.home / "old.xlsx")
    office.bring(old)
    assert office.bring(old).counts == {"known": 1}
    october = office.month("2026-10", DEBTS)
    assert office.state(october, 1).handled == "accepted"
    later = filled(office.report("2026-10"))
    office.bring(later.write(later.rows(flag)[0], who="Anna Ek", what="Under utredning").save())
    again = office.bring(old)
    assert again.counts == {"known": 1}
    assert "ett senare beslut av Anna Ek gäller: Under utredning" in told(again, "known")
    assert [item.assessment for item in office.store.decisions()] == ["Godtagen förklaring", "Under utredning"]


def test_two_people_who_decided_one_after_the_other(office: Any, filled: Any) -> None:
    """Bo did not see what Anna had decided; Anna may change her own mind; whoever sees it may change it."""
    office.month("2026-09", DEBTS)
    flag = office.finding_id(1)
    path = office.report("2026-09")
    office.bring(filled(path).accept(flag).save(office.home / "anna.xlsx"))
    second = filled(path).accept(flag, who="Bo Alm", what="Avtalsåtgärd").save(office.home / "bo.xlsx")
    assert "Anna Ek beslutade 'Godtagen förklaring' efter att" in told(office.bring(second))
    agreed = office.bring(filled(path).accept(flag, who="Bo Alm").save(office.home / "bo2.xlsx"))
    assert "har redan beslutat detsamma" in told(agreed, "known")
    changed = office.bring(filled(path).accept(flag, until=date(2026, 12, 31)).save(office.home / "anna.xlsx"))
    assert "ersätter Anna Eks tidigare" in told(changed, "taken")
    more = filled(path).accept(flag, who="Bo Alm", why="Ringt", until=date(2026, 12, 31)).save(office.home / "bo3.xlsx")
    assert "har redan beslutat detsamma" in told(office.bring(more), "taken")
    assert [(item.by, item.reason) for item in office.store.decisions()][-1] == ("Bo Alm", "Ringt")
    october = office.month("2026-10", DEBTS)
    assert office.state(october, 1).settled
    seen = filled(office.report("2026-10")).accept(flag, who="Bo Alm", what="Avtalsåtgärd").save()
    assert office.bring(seen).counts == {"taken": 1}


def test_a_flag_that_has_got_worse_since_is_decided_on_anew(office: Any, filled: Any) -> None:
    """In September's workbook, when October already tells of more; a smaller change is only told."""
    office.month("2026-09", DEBTS)
    office.month("2026-10", {0: 20_000, 1: 40_000, 2: 46_000})
    book = filled(office.report("2026-09"))
    for place in DEBTS:
        book.accept(office.finding_id(place))
    result = office.bring(book.save())
    (refused,) = result.of("refused")
    assert refused.subject == office.finding_id(1)
    assert "high 30000 då, high 40000 i 2026-10" in refused.line()
    assert "har ändrats sedan arbetsboken skrevs, men inte till det sämre" in told(result, "taken")
    assert {item.finding_id for item in office.store.decisions()} == {office.finding_id(0), office.finding_id(2)}


def test_a_decision_on_a_flag_that_is_gone_is_kept(office: Any, filled: Any) -> None:
    """Paid in October: said so, and it holds if the debt returns."""
    office.month("2026-09", DEBTS)
    office.month("2026-10", {0: 20_000})
    result = office.bring(filled(office.report("2026-09")).accept(office.finding_id(1)).save())
    assert "flaggan står inte längre i 2026-10" in told(result, "taken")
    assert office.state(office.month("2026-11", DEBTS), 1).handled == "accepted"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"what": "Godtagen förklaring", "until": date(2027, 1, 31)}, "kräver en motivering"),
        ({"what": "Falsk träff"}, "kräver en motivering"),
        ({"what": "Godtagen förklaring", "why": "Betald"}, "kräver ett datum"),
        ({"what": "Kanske"}, "'Kanske' finns inte i listan"),
        ({"why": "Ringt dem"}, "Bedömning är tom"),
        ({"what": "Åtgärdad", "until": "31 februari 2027"}, "är inget datum"),
        ({"what": "Åtgärdad", "until": "2027-02-30"}, "är inget datum"),
        ({"what": "Åtgärdad", "until": "tills vidare"}, "är inget datum"),
        ({"what": "Åtgärdad", "until": "1999-01-01"}, "utanför 2000"),
        ({"what": "Falsk träff", "why": "x", "until": "2026-09-29"}, "hade redan passerat"),
        ({"what": "=A1"}, "Bedömning är en formel"),
    ],
)
def test_what_is_not_valid_is_told_with_what_to_do(office: Any, filled: Any, cells: dict[str, Any], said: str) -> None:
    """Nothing is stored."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09"))
    result = office.bring(book.write(book.rows(office.finding_id(1))[0], **cells).save())
    assert (result.counts, office.store.decisions()) == ({"refused": 1}, [])
    assert said in told(result)
    assert all(remark.to_do() for item in result.answers for remark in item.remarks)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2027-03-31", "2027-03-31"),
        ("31.3.2027", "2027-03-31"),
        ("31/3 2027", "2027-03-31"),
        ("31 mars 2027", "2027-03-31"),
        ("20270331", "2027-03-31"),
        (46477, "2027-03-31"),
        ("46477", "2027-03-31"),
        (datetime(2027, 3, 31, 12), "2027-03-31"),  # noqa: DTZ001 - as a workbook holds it
        ("\u00a02027-03-31 ", "2027-03-31"),
        ("2027-03", "2027-03-31"),
    ],
)
def test_days_as_people_and_programs_write_them(office: Any, filled: Any, written: Any, day: str) -> None:
    """Text, serial numbers and months; words in any case, with any space."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(
        office.finding_id(1), until=written, what=" godtagen\u00a0FÖRKLARING "
    )
    result = office.bring(book.save())
    assert str(office.store.decisions()[0].until) == day
    assert ("lästes som 2027-03-31" in told(result, "taken")) == (written == "2027-03")


def test_rows_and_columns_may_be_anywhere(office: Any, filled: Any) -> None:
    """Sheets renamed and copied, header moved down, columns moved and added, rows turned about and deleted."""
    office.month("2026-09", DEBTS)
    source = filled(office.report("2026-09")).accept(office.finding_id(0)).accept(office.finding_id(1)).sheet
    rows = [[cell.value for cell in row] for row in source]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Min lista"
    sheet.append(["Vår egen lista"])
    sheet.append([])
    order = list(reversed(range(len(rows[0]))))
    for row in (rows[0], *reversed(rows[2:])):
        sheet.append([*(row[place] for place in order), "eget"])
    path = office.home / "egen.xlsm"
    book.save(path)
    result = office.bring(path)
    kept = {office.finding_id(0), office.finding_id(1)} & {str(row[0]) for row in rows[2:]}
    assert {item.finding_id for item in office.store.decisions()} == kept
    assert not result.of("refused")


def test_rows_that_were_sorted_without_all_columns_are_not_taken(office: Any, filled: Any) -> None:
    """The hidden check value stands beside another flag."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09"))
    first, second = book.rows(office.finding_id(1))[0], book.rows(office.finding_id(2))[0]
    book.accept(office.finding_id(1))
    one, two = (book.sheet.cell(row, book.columns["Kontroll"]) for row in (first, second))
    one.value, two.value = two.value, one.value
    assert "rader och kolumner har förskjutits" in told(office.bring(book.save()))


def test_changed_cells_are_told(office: Any, filled: Any) -> None:
    """What identifies the row: not taken. Anything else: taken, and the change is not read."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(office.finding_id(1)).accept(office.finding_id(2))
    book.write(book.rows(office.finding_id(1))[0], supplier="En annan AB")
    book.write(book.rows(office.finding_id(2))[0], seen="Ingen skuld", **{"Belopp (kr)": 0})
    book.write(book.rows(office.finding_id(0))[0], seen="Också ändrat")
    result = office.bring(book.save())
    assert result.counts == {"taken": 2, "refused": 1, "noted": 1}
    assert "Leverantör var 'Leverantör 1 AB' och är nu 'En annan AB'" in told(result)
    assert "Belopp (kr) var '45000' och är nu '0'; ändringen lästes inte" in told(result, "taken")
    assert "'Också ändrat'" in told(result, "noted")


def test_cells_saved_by_another_program_are_not_changed(office: Any, filled: Any) -> None:
    """Numbers as text, text as numbers without their zeros, days as text or serial numbers, other spaces."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(office.finding_id(1))
    row = book.rows(office.finding_id(1))[0]
    names = ("Leverantörsnr", "Belopp (kr)", "Uppgift per", "Handläggs senast", "Iakttagelse")
    was = {name: book.sheet.cell(row, book.columns[name]).value for name in names}
    assert (was["Leverantörsnr"], was["Belopp (kr)"], was["Uppgift per"]) == ("001", 30_000, datetime(2026, 9, 30))  # noqa: DTZ001
    serial = (was["Handläggs senast"] - datetime(1899, 12, 30)).days  # noqa: DTZ001
    cells = [1, "30 000,00 kr", "30.9.2026", serial, f" {was['Iakttagelse']}\u00a0"]
    result = office.bring(book.write(row, **dict(zip(names, cells, strict=True))).save())
    assert [len(item.remarks) for item in result.of("taken")] == [0]


def test_what_the_run_itself_filled_in_is_nobodys_decision(office: Any, filled: Any) -> None:
    """October shows September's decision: unless it is changed nothing is read, and emptying it takes nothing back."""
    office.month("2026-09", DEBTS)
    office.bring(filled(office.report("2026-09")).accept(office.finding_id(1)).save())
    run = office.month("2026-10", DEBTS)
    columns, rows = office.store.sheet(run.id, "Flaggor")
    prefilled = next(row for row in rows if row[0] == office.finding_id(1))[columns.index("Bedömning")]
    assert office.bring(office.report("2026-10")).answers == []
    if prefilled:
        book = filled(office.report("2026-10"))
        empty = dict.fromkeys(("who", "what", "why", "until"))
        result = office.bring(book.write(book.rows(office.finding_id(1))[0], **empty).save())
        assert "är borttaget" in told(result)


def test_another_organisations_workbook_and_unknown_runs(office: Any, filled: Any) -> None:
    """Told as what they are; nothing is stored."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(office.finding_id(1))
    book.write(book.rows(office.finding_id(1))[0], Organisation="Annanby kommun")
    assert "arbetsboken är Annanby kommuns, inte Granby kommuns" in told(office.bring(book.save()))
    run = filled(office.report("2026-09"))
    cell = run.sheet.cell(run.rows(office.finding_id(1))[0], run.columns["Kontroll"])
    cell.value = str(cell.value).replace("M-2026-09-1", "M-2031-01-1")
    run.write(cell.row, Organisation="Granby kommun")
    assert "en körning som inte finns här (M-2031-01-1)" in told(office.bring(run.save()))
    assert office.store.decisions() == []


def test_without_the_hidden_column_the_workbook_itself_says_its_run(office: Any, filled: Any) -> None:
    """By its properties; a row that is not among that run's is told; without either nothing is known."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(office.finding_id(1))
    book.sheet.delete_cols(book.columns["Kontroll"])
    assert office.bring(book.save(office.home / "a.xlsx")).counts == {"taken": 1}
    book.write(book.rows(office.finding_id(1))[0], **{"Flagg-ID": "SKA-01-AAAAAAAA"})
    assert "SKA-01-AAAAAAAA finns inte i körningen M-2026-09-1" in told(office.bring(book.save(office.home / "b.xlsx")))
    book.book.properties.description = ""
    del book.book["Körning"]
    assert "Kontroll saknas" in told(office.bring(book.save(office.home / "c.xlsx")))


def test_a_tampered_check_value_is_compared_cell_by_cell_all_the_same(office: Any, filled: Any) -> None:
    """The stored row decides; one that is nowhere is told."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(office.finding_id(1))
    cell = book.sheet.cell(book.rows(office.finding_id(1))[0], book.columns["Kontroll"])
    cell.value = f"{str(cell.value)[:-4]}0000"
    assert office.bring(book.save(office.home / "a.xlsx")).counts == {"taken": 1}
    book.write(cell.row, Enhet="Annan enhet")
    assert "raden är inte som den skrevs" in told(office.bring(book.save(office.home / "b.xlsx")))


def test_a_formula_in_a_column_to_fill_in_is_read_by_its_value_and_told(office: Any, filled: Any) -> None:
    """openpyxl saves no value beside it, so nothing stands there."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(office.finding_id(1), until="=TODAY()")
    result = office.bring(book.save())
    assert "Gäller t.o.m. är en formel; värdet som sparats med den lästes: ''" in told(result)


def test_personal_numbers_are_masked_and_offences_warned_about(office: Any, filled: Any) -> None:
    """Before anything is stored; the decision itself is taken."""
    office.month("2026-09", DEBTS)
    why = "Företrädaren 19440101-2382 är dömd för bokföringsbrott"
    result = office.bring(filled(office.report("2026-09")).accept(office.finding_id(1), why=why).save())
    (decision,) = office.store.decisions()
    assert decision.reason == "Företrädaren 19440101-**** är dömd för bokföringsbrott"
    assert "maskerades innan det sparades" in told(result, "taken")
    assert "nämner brott" in told(result, "taken")
    assert "2382" not in told(result, "taken")


def test_whoever_read_the_file_in_stands_for_a_row_without_a_name(office: Any, filled: Any) -> None:
    """And it is told; the same row again is known, whoever reads it in."""
    office.month("2026-09", DEBTS)
    path = filled(office.report("2026-09")).accept(office.finding_id(1), who=None).save()
    assert "ekonom, som läste in filen, står som ansvarig" in told(office.bring(path), "taken")
    assert office.store.decisions()[0].by == "ekonom"
    assert office.bring(path, by="någon annan").counts == {"known": 1}


def test_a_row_that_cannot_be_read_holds_back_the_others_of_its_flag(office: Any, filled: Any) -> None:
    """Nobody knows whether it says the same."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(office.finding_id(0))
    book.write(book.rows(office.finding_id(0))[1], until="imorgon")
    result = office.bring(book.save())
    assert result.counts == {"refused": 2}
    assert "en annan rad om samma sak kunde inte tas emot" in told(result)


def test_a_date_far_away_is_taken_and_told(office: Any, filled: Any) -> None:
    """More than two years."""
    office.month("2026-09", DEBTS)
    result = office.bring(filled(office.report("2026-09")).accept(office.finding_id(1), until=date(2031, 1, 1)).save())
    assert "mer än två år bort" in told(result, "taken")


def test_two_files_of_one_name_have_their_own_answers(office: Any, filled: Any) -> None:
    """Mailed by two units."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09"))
    for place, folder in ((1, "a"), (2, "b")):
        (office.home / folder).mkdir()
        filled(book.path).accept(office.finding_id(place)).save(office.home / folder / "svar.xlsx")
    result = office.bring(office.home / "a" / "svar.xlsx", office.home / "b" / "svar.xlsx")
    assert [len(items) for items in result.by_file().values()] == [1, 2]
    assert list(result.paths) == ["svar.xlsx", "b/svar.xlsx"]


def test_follow_ups_of_what_is_missing_come_back(office: Any, filled: Any) -> None:
    """Asked on, reply by, who and a comment; the same again is known; a reply before the question is not taken."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09"), "Ej bedömbara")
    book.write(2, asked="2026-10-01", due="15 oktober 2026", who="Bo Alm", comment="Ringt 19440101-2382")
    book.write(3, asked="2026-10-15", due="2026-10-01")
    result = office.bring(book.save())
    assert result.counts == {"taken": 1, "refused": 1}
    assert "Svar senast 2026-10-01 ligger före Begärd den 2026-10-15" in told(result)
    (item,) = office.store.written_follow_ups()
    assert (item.requested_on, item.reply_by, item.by) == (date(2026, 10, 1), date(2026, 10, 15), "Bo Alm")
    assert (item.thing, item.comment) == ("declaration", "Ringt 19440101-****")
    assert item.supplier_id in {office.supplier(place).id for place in range(8)}
    assert office.bring(book.path).counts == {"known": 1, "refused": 1}


def test_columns_that_stand_twice_are_not_guessed_between(office: Any, filled: Any) -> None:
    """The sheet is not read; the others are."""
    office.month("2026-09", DEBTS)
    book = filled(office.report("2026-09")).accept(office.finding_id(1))
    book.sheet.cell(1, book.sheet.max_column + 1).value = "Motivering"
    assert "kolumnen Motivering finns två gånger" in told(office.bring(book.save()))


def test_a_run_reads_decisions_at_the_time_it_is_given(office: Any, filled: Any) -> None:
    """The moment is stored with the decision."""
    office.month("2026-09", DEBTS)
    moment = datetime(2026, 10, 2, 9, tzinfo=UTC)
    office.bring(filled(office.report("2026-09")).accept(office.finding_id(1)).save(), day=moment)
    assert office.store.decisions()[0].at == moment


def test_a_run_whose_rows_have_been_purged_cannot_be_compared_with(office: Any, filled: Any) -> None:
    """Nothing is taken on trust."""
    run = office.month("2026-09", DEBTS)
    path = filled(office.report("2026-09")).accept(office.finding_id(1)).save()
    office.store.put_sheet(run.id, "Flaggor", ["Flagg-ID"], [])
    assert "raden är inte som den skrevs" in told(office.bring(path))


def test_a_false_hit_on_the_registered_name_accepts_the_number_for_the_name(office: Any, filled: Any) -> None:
    """From the next run the row is read as that supplier, however the number is written; and it is told."""
    from screening.decisions.flags import Known
    from screening.decisions.importing import _accept_name
    from screening.identity import read
    from screening.names import normalise
    from screening.store import Decision

    run = office.month("2026-09", DEBTS)
    supplier = office.supplier(1)
    finding_id = office.store.finding_id("IDE-01", supplier.id, "")
    found = next(item for item in office.store.findings(run.id) if item.supplier_id == supplier.id)
    from dataclasses import replace

    office.store.put_findings(run.id, [replace(found, finding_id=finding_id, rule="IDE-01")], add=True)
    known = Known.of(office.store, "ekonom", run.started, office.config.assessment.worse_share)
    decision = Decision(
        finding_id=finding_id, by="Anna", assessment="Falsk träff", reason="Bifirma", at=run.started, run_id=run.id
    )
    _accept_name(known, replace(decision, assessment="Åtgärdad"))
    assert not office.store.accepted()
    _accept_name(known, decision)
    identity = supplier.identity
    for written in (identity.display, identity.compact, f"16{identity.compact}", f"SE{identity.compact}01"):
        assert office.store.accepted()[normalise(supplier.name), written] == identity
    assert office.store.accepted().listed() == [(normalise(supplier.name), read(identity.display).identity)]
