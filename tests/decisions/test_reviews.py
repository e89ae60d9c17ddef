"""Results of samples, read back from the workbook of the sample and from the next month's report."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from screening.report import protocol
from screening.report.desk import lay_out
from screening.report.sample import Ask, draw_sample
from screening.store import Sample


@pytest.fixture
def sample(office: Any) -> Sample:
    """Three suppliers of September without a flag, with the papers written."""
    run = office.month("2026-09", {0: 20_000})
    desk = lay_out(office.store, run, office.config, office.rules, {})
    found = draw_sample(desk, Ask(seed="s", size=3), "revisor", run.started)
    protocol.write(office.store, found, office.config, office.home / "reports")
    return found


def paper(office: Any, sample: Sample) -> Any:
    """Where the workbook of the sample is."""
    return office.home / "reports" / "2026-09" / f"stickprov-{sample.id}.xlsx"


def told(result: Any, outcome: str) -> str:
    """Everything said of an outcome."""
    return "\n".join(item.line() for item in result.of(outcome))


def test_results_come_back_like_decisions(office: Any, filled: Any, sample: Sample) -> None:
    """From the sample's own workbook; the same again is known; the next report shows them."""
    book = filled(paper(office, sample), "Stickprov")
    book.write(2, **{"Resultat": "Utan anmärkning", "Granskare": "Eva", "Granskad den": "2026-10-05"})
    book.write(3, Resultat="avvikelse", Anteckning="Saknar F-skatt, 19440101-2382")
    result = office.bring(book.save(), day=sample.at.replace(month=10))
    assert result.counts == {"taken": 2}
    first, second = office.store.sample_results(sample.id)
    assert (first.result, first.reviewer, first.reviewed_on) == ("Utan anmärkning", "Eva", date(2026, 10, 5))
    assert (second.result, second.reviewer, second.note) == ("Avvikelse", "ekonom", "Saknar F-skatt, 19440101-****")
    assert "ekonom, som läste in filen, står som ansvarig" in told(result, "taken")
    assert office.bring(book.path).counts == {"known": 2}
    run = office.month("2026-10", {0: 20_000})
    columns, rows = office.store.sheet(run.id, "Stickprov")
    shown = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [row["Resultat"] for row in shown] == ["Utan anmärkning", "Avvikelse", None]
    assert office.bring(office.report("2026-10")).answers == []


def test_results_written_in_the_next_report_are_read_too(office: Any, filled: Any, sample: Sample) -> None:
    """Whichever workbook is at hand."""
    office.month("2026-10", {0: 20_000})
    book = filled(office.report("2026-10"), "Stickprov")
    book.write(4, Resultat="Ej genomförd", Granskare="Eva")
    assert office.bring(book.save()).counts == {"taken": 1}
    assert office.store.sample_results(sample.id)[0].result == "Ej genomförd"


def test_two_reviewers_who_disagree(office: Any, filled: Any, sample: Sample) -> None:
    """The first result stands until its own reviewer changes it; in one import both are told."""
    book = filled(paper(office, sample), "Stickprov")
    office.bring(book.write(2, Resultat="Avvikelse", Granskare="Eva").save(office.home / "a.xlsx"))
    other = book.write(2, Resultat="Utan anmärkning", Granskare="Bo").save(office.home / "b.xlsx")
    assert "Eva beslutade 'Avvikelse' efter att" in told(office.bring(other), "refused")
    own = book.write(2, Granskare="Eva").save(office.home / "c.xlsx")
    assert "ersätter Evas tidigare 'Avvikelse'" in told(office.bring(own), "taken")
    assert [item.result for item in office.store.sample_results(sample.id)] == ["Avvikelse", "Utan anmärkning"]
    one = book.write(3, Resultat="Avvikelse").save(office.home / "d.xlsx")
    two = book.write(3, Resultat="Utan anmärkning").save(office.home / "e.xlsx")
    assert office.bring(one, two).counts["refused"] == 2


def test_what_is_not_valid(office: Any, filled: Any, sample: Sample) -> None:
    """No result, a day to come, a changed row, and a sample that is not here."""
    book = filled(paper(office, sample), "Stickprov")
    book.write(2, Granskare="Eva")
    book.write(3, **{"Resultat": "Avvikelse", "Granskad den": "2031-01-01"})
    book.write(4, Resultat="Avvikelse", Leverantör="En annan")
    result = office.bring(book.save())
    assert result.counts == {"refused": 3}
    said = told(result, "refused")
    for sentence in ("Resultat är tom", "Granskad den 2031-01-01 ligger i framtiden", "raden är inte som den skrevs"):
        assert sentence in said


def test_a_row_of_a_sample_that_was_never_drawn(office: Any, filled: Any, sample: Sample) -> None:
    """Or of a supplier that was not in it: the check value is right, the store knows better."""
    from screening.decisions import sealed
    from screening.decisions.columns import SAMPLE_FIXED

    book = filled(paper(office, sample), "Stickprov")
    for row, name in ((2, "S-2026-09-1-9 S-AAAAAAAA"), (3, f"{sample.id} S-AAAAAAAA")):
        fixed = [book.sheet.cell(row, book.columns[column]).value for column in SAMPLE_FIXED]
        check = sealed(office.store, sample.run_id, name, fixed)
        book.write(row, Resultat="Avvikelse", Kontroll=check)
    said = told(office.bring(book.save()), "refused")
    assert "stickprovet S-2026-09-1-9 finns inte här" in said
    assert f"leverantören ingår inte i stickprovet {sample.id}" in said
