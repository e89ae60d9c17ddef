"""Samples drawn from a month: who may be drawn, what the protocol says, and that it can be repeated from that alone."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from screening.errors import UsageError
from screening.report import protocol
from screening.report.desk import Desk, lay_out
from screening.report.sample import Ask, board, draw_sample, newest, rows, said, sheet
from screening.store import Sample, SampleResult

AT = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def desk_of(month: Any) -> Desk:
    """The month laid out."""
    return lay_out(month.store, month.run, month.config, month.rules, {})


def drawn(month: Any, **more: Any) -> Sample:
    """A sample of the month."""
    return draw_sample(desk_of(month), Ask(seed="tärning 4 2 6", **more), "revisor", AT)


def result(sample: Sample, supplier_id: str, word: str) -> SampleResult:
    """What a reviewer found."""
    day = date(2026, 12, 3)
    return SampleResult(
        sample_id=sample.id, supplier_id=supplier_id, result=word, reviewed_on=day, reviewer="Eva", note="Sett", at=AT
    )


def test_suppliers_with_a_flag_are_not_drawn_unless_asked_for(month: Any) -> None:
    """The population is those in scope without a standing flag; with --all everyone."""
    flagged = {item.supplier_id for item in month.store.findings(month.run.id) if item.outcome == "flag"}
    closed = {item.supplier_id for item in month.store.findings(month.run.id) if item.status in ("resolved", "ended")}
    members = month.store.sample_members(drawn(month).id)
    assert not {item.supplier_id for item in members} & (flagged - closed)
    everyone = drawn(month, everyone=True)
    assert everyone.method["population"] == len(list(month.store.suppliers(month.run.id)))


def test_the_same_again_is_the_same_sample(month: Any) -> None:
    """Another seed, or another method, is another one."""
    first = drawn(month, size=3)
    assert drawn(month, size=3) == first
    assert drawn(month, size=4).number == 2
    assert [item.number for item in newest(month.store, "2026-12")] == [1, 2]
    assert newest(month.store, "2026-10") == []


def test_a_size_follows_from_what_is_asked_for(month: Any) -> None:
    """All of a small population at five per cent; fewer for a coarser question; or as many as were asked for."""
    count = drawn(month).method["population"]
    assert drawn(month).method["drawn"] == count
    assert 0 < int(str(drawn(month, deviation=Decimal("0.5")).method["drawn"])) < int(str(count))
    assert (drawn(month, size=2).method["drawn"], drawn(month, size=99).method["drawn"]) == (2, count)
    with pytest.raises(UsageError, match="a confidence is above 0"):
        drawn(month, confidence=Decimal(1))


def test_strata_are_services_and_sizes(month: Any) -> None:
    """Each has one at least."""
    sample = drawn(month, stratified=True, everyone=True, size=5)
    strata: Any = sample.method["strata"]
    assert all(drawn >= 1 for _count, drawn in strata.values())
    assert any(re.fullmatch(r"hemtjänst, .*mnkr", name) for name in strata)
    assert any(name.startswith("utan avtal, ") for name in strata)


def test_the_protocol_alone_is_enough_to_draw_again(month: Any, tmp_path: Path) -> None:
    """Ten lines of another program, fed with the text and nothing else."""
    sample = drawn(month, everyone=True, stratified=True, size=7)
    written, kept = protocol.write(month.store, sample, month.config, tmp_path)
    text = next(path for path in written if path.suffix == ".txt").read_text(encoding="utf-8")
    seed = re.search(r"^Frö: (.*)$", text, re.MULTILINE)
    assert seed is not None
    lines = text.split("Population (id, stratum):\n")[1].splitlines()
    digest = hashlib.sha256("".join(f"{line}\n" for line in sorted(lines)).encode()).hexdigest()
    assert f"Populationens SHA-256: {digest}" in text
    again = []
    for name, count in re.findall(r"^Stratum: (.*): (\d+) av \d+$", text, re.MULTILINE):
        ids = [line.split("\t")[0] for line in lines if line.split("\t")[1] == name]
        ids.sort(key=lambda number: hashlib.sha256(f"{seed[1]}:{number}".encode()).hexdigest())
        again += ids[: int(count)]
    told = [line.split("\t")[1] for line in text.split("Dragna:\n")[1].split("\n\n")[0].splitlines()]
    assert again == told == [item.public_id for item in month.store.sample_members(sample.id, drawn=True)]
    assert kept == []


def test_the_three_papers_say_the_same_and_no_persons_number(month: Any, tmp_path: Path) -> None:
    """Text, page and workbook; sole traders are pseudonyms in all of them, without their names."""
    sample = drawn(month, everyone=True)
    written, _ = protocol.write(month.store, sample, month.config, tmp_path)
    assert [path.suffix for path in written] == [".xlsx", ".txt", ".html"]
    book = CalamineWorkbook.from_path(written[0])
    assert book.sheet_names == ["Sammanfattning", "Stickprov", "Protokoll", "Population"]
    workbook = "\n".join(str(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())
    digest = str(sample.method["population_sha256"])
    for said_there in (workbook, *(path.read_text(encoding="utf-8") for path in written[1:])):
        assert digest in said_there
        assert "tärning 4 2 6" in said_there
        assert "P-" in said_there
        for private in ("Vera Testdotter", "Ivar Prov", "4401012382", "6107293059", "440101-", "19440101"):
            assert private not in said_there


def test_in_english(month: Any, tmp_path: Path) -> None:
    """The texts follow the language; what is stored does not."""
    config = month.config.model_copy(update={"report": month.config.report.model_copy(update={"language": "en"})})
    sample = drawn(month, size=2)
    written, _ = protocol.write(month.store, sample, config, tmp_path)
    text = written[1].read_text(encoding="utf-8")
    assert text.startswith("Drawing protocol\n")
    assert "Size: 2 (the size was given)" in text
    assert "Selection: simple random" in text
    everyone = dict(protocol.lines(drawn(month, everyone=True, stratified=True), config))
    assert "every supplier in scope" in everyone["Population"]
    assert "in an endless population" in everyone["Size"]
    assert "stratified by service" in everyone["Selection"]
    assert " of " in everyone["Stratum"]


def test_a_workbook_that_holds_work_is_not_replaced(month: Any, tmp_path: Path) -> None:
    """The new one gets a number, and it is said."""
    sample = drawn(month, size=2)
    first, _ = protocol.write(month.store, sample, month.config, tmp_path)
    with first[0].open("ab") as file:
        file.write(b"work")
    again, kept = protocol.write(month.store, sample, month.config, tmp_path)
    assert again[0].name == f"stickprov-{sample.id}-2.xlsx"
    assert "innehåller arbete" in kept[0]


def test_the_sheet_shows_the_drawn_with_what_was_found(month: Any) -> None:
    """And how to draw one where none has been."""
    desk = desk_of(month)
    assert "Inget stickprov är draget" in str(next(iter(sheet(desk, 7))))
    sample = drawn(month, size=2)
    first, second = month.store.sample_members(sample.id, drawn=True)
    month.store.put_sample_results([result(sample, first.supplier_id, "Avvikelse")])
    shown = list(sheet(desk, 7))
    assert [row[5] for row in shown] == [f"{sample.id} nr 1", f"{sample.id} nr 2"]
    assert shown[0][6:10] == ["2026-12-03", "Eva", "Avvikelse", "Sett"]
    assert shown[1][6:10] == [None] * 4
    assert all(str(row[10]).startswith(f"{sample.id} ") for row in shown)
    assert second.supplier_id in str(shown[1][10])


def test_a_supplier_that_the_store_no_longer_has_in_the_run_is_a_pseudonym(month: Any) -> None:
    """Its population may have been purged."""
    sample = drawn(month, size=1)
    month.store.begin_population(month.run.id)
    (row,) = rows(month.store, sample, sample.run_id, "sv")
    assert row[0] == month.store.sample_members(sample.id, drawn=True)[0].public_id


def test_what_a_sample_says_of_the_rest_for_the_board(month: Any) -> None:
    """Drawn, reviewed, deviating, and an exact interval; what was not carried out says nothing."""
    desk = desk_of(month)
    assert next(iter(board(desk)))[2] == 0
    sample = drawn(month, everyone=True, size=10)
    members = month.store.sample_members(sample.id, drawn=True)
    assert "inget är granskat ännu" in str(list(board(desk))[2][3])
    words = ["Avvikelse", *["Utan anmärkning"] * 7, "Ej genomförd", "Avvikelse"]
    month.store.put_sample_results(
        [result(sample, item.supplier_id, word) for item, word in zip(members, words, strict=True)]
    )
    found = said(month.store, sample)
    assert (found.reviewed, found.deviating) == (9, 2)
    drawn_line, reviewed, deviating = board(desk)
    assert (drawn_line[2], reviewed[2], deviating[2]) == (10, 9, 2)
    assert str(deviating[3]).startswith(f"22\u00a0% av de granskade; mellan {found.low} och {found.high} av")
    stratified = drawn(month, everyone=True, stratified=True)
    month.store.put_sample_results([result(stratified, members[0].supplier_id, "Avvikelse")])
    assert "ungefärligt" in str(list(board(desk))[-1][3])


def test_nobody_to_draw_from_is_said(month: Any) -> None:
    """A run without suppliers."""
    month.store.begin_population(month.run.id)
    with pytest.raises(UsageError, match="ingen leverantör att dra ur"):
        drawn(month)
