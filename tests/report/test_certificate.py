"""The papers of a check before a contract: what was checked, against what, what was not, and room to decide."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from screening.cli import run_command
from screening.model import Outcome
from screening.report.card import seen_in
from screening.report.certificate import page, write_html
from screening.report.certificate_book import write_xlsx
from screening.report.checked import Paper, in_groups, paper
from screening.workspace import Workspace, open_workspace

BIDDERS = ("559996-5836", "559992-8628", "559999-9991", "559997-9258", "559995-0127", "5599998779")
LONG = "=Långt & <b>namn</b> " * 40


@pytest.fixture(scope="module")
def checked(three_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Six bidders of one procurement, checked at the end of November."""
    home = Path(shutil.copytree(three_months, tmp_path_factory.mktemp("bidders") / "home"))
    command = ("check", *BIDDERS, "--as-of", "2026-11-30", "--case", "KS 2026/17")
    assert run_command(["--home", str(home), "--quiet", *command]) in (0, 3)
    with open_workspace(home) as workspace:
        yield workspace


@pytest.fixture
def told(checked: Workspace) -> Paper:
    """The papers' data."""
    return of(checked)


def of(workspace: Workspace, **report: Any) -> Paper:
    """The papers of the newest check, with other settings of ``[report]``."""
    config = workspace.config
    config = config.model_copy(update={"report": config.report.model_copy(update=report)})
    run = workspace.store.runs(kind="case")[0]
    return paper(workspace.store, run, config, workspace.rules, workspace.routing.precedence)


def grid(path: Path, name: str) -> list[list[str]]:
    book = openpyxl.load_workbook(path)
    rows = [["" if cell is None else str(cell) for cell in row] for row in book[name].iter_rows(values_only=True)]
    book.close()
    return rows


def test_every_verdict_is_the_one_that_the_run_stored(checked: Workspace, told: Paper) -> None:
    """Flags and unknowns are what was judged; every other expected rule has its outcome, limits and sources."""
    store, run = checked.store, checked.store.runs(kind="case")[0]
    for seen in seen_in(store, run, checked.config, checked.rules):
        number = seen.supplier.identity.display if seen.supplier.identity else ""
        item = next(one for one in told.suppliers if one.number == number)
        kept: dict[Outcome, set[tuple[str, str]]] = {"flag": set(), "unknown": set()}
        for judged in store.judged(run.id, seen.supplier.id):
            kept[judged.verdict.outcome].add((judged.rule, judged.scope_key))
        for outcome, keys in kept.items():
            assert {(check.rule, check.scope_key) for check in item.of(outcome)} == keys
        assert {check.outcome for check in item.checks} <= {"flag", "unknown", "clear", "not_applicable"}
        assert all(check.facts for check in item.of("flag"))
        assert len(item.checks) >= 8
        assert {rule for part in item.blocked for rule in part.rules} == {rule for rule, _key in kept["unknown"]}


def test_a_bidder_with_flags_is_told_to_be_half_checked(told: Paper) -> None:
    """The overall line of one that also has something not checked says so; that of one that is fully checked does not."""
    flagged = [item for item in told.suppliers if item.of("flag")]
    assert {bool(item.blocked) for item in flagged} == {True, False}
    for item in flagged:
        assert item.sentence.endswith("Allt kunde inte kontrolleras.") is bool(item.blocked)


def test_the_page_says_what_was_checked_and_what_was_not(told: Paper) -> None:
    """For each bidder a page with findings and law, gaps, rules with limits, sources with dates, and room to sign."""
    text = page(told)
    assert text.count("<section") == len(BIDDERS)
    for part in ("KS 2026/17", "C-2026-11-1", "Sjövika kommun", "SIMULERADE KÄLLOR", "Anbudsgivarna sida vid sida", "Lagrum:", "Gräns:",
                 "Kunde inte kontrolleras", "Kontrollerade regler", "Källor", "gräns: 10", "Hämtad", "Underskrift"):  # fmt: skip
        assert part in text, part
    for item in told.suppliers:
        assert item.number in text
        assert all(source.as_of in text for source in item.sources)
    assert text.count("<h3>Leverantörens yttrande") == len(BIDDERS)


def test_one_bidder_needs_no_comparison(told: Paper) -> None:
    """One page, with the same head."""
    text = page(replace(told, suppliers=told.suppliers[:1]))
    assert "sida vid sida" not in text
    assert "class='one'" not in text


def test_nothing_is_run_or_fetched(told: Paper, tmp_path: Path) -> None:
    """Whatever a name says."""
    nasty = '<script>alert(1)</script><a href="http://x">'
    found = replace(told, case=nasty, organisation=nasty, suppliers=(replace(told.suppliers[0], name=nasty),))
    write_html(found, tmp_path / "a.html")
    text = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|img|a|link|iframe|object|svg)\b", text)
    assert "url(" not in text


def test_english(checked: Workspace) -> None:
    """By the setting; sheet names stay."""
    text = page(of(checked, language="en"))
    for part in ("Supplier check before a contract", "The bidders side by side", "Could not be checked", "Signature"):
        assert part in text
    assert not re.search(r"Utan anmärkning|Gör så här|Källor<", text)


def test_a_bidder_of_whom_nothing_is_known_is_not_clear(told: Paper, tmp_path: Path) -> None:
    """No rule expected, no source: said in words."""
    empty = replace(told.suppliers[0], checks=(), blocked=(), sources=(), overall="Ingen källa har svarat")
    found = replace(told, suppliers=(empty, told.suppliers[1]))
    text = page(found)
    assert "inget är kontrollerat" in text
    assert "Ingen källa har svarat om leverantören" in text
    write_xlsx(found, tmp_path / "a.xlsx")
    column = [row[1] for row in grid(tmp_path / "a.xlsx", "Kontroll")]
    assert "✓ Utan anmärkning" not in column
    assert "– ingår inte" in column


def test_the_workbook_has_the_bidders_side_by_side(told: Paper, tmp_path: Path) -> None:
    """One column each, a row per rule, then sources and rows to fill in; and lists of everything."""
    path = tmp_path / "kontroll.xlsx"
    write_xlsx(told, path)
    rows = grid(path, "Kontroll")
    assert rows[0][0] == "Leverantörskontroll före avtal, Sjövika kommun"
    assert [cell for cell in rows[4][1:] if cell] == [f"{item.name} {item.number}" for item in told.suppliers]
    labels = [row[0] for row in rows]
    assert [label.split()[0] for label in labels[6 : 6 + len(told.rules)]] == [rule for rule, _title in told.rules]
    assert labels[-4:-1] == ["Underlag, källa och dag", "Leverantörens yttrande", "Handläggarens bedömning"]
    flagged = sum(len(item.of("flag")) for item in told.suppliers)
    assert len(grid(path, "Iakttagelser")) == flagged + 1
    assert len(grid(path, "Regler")) == sum(len(item.checks) for item in told.suppliers) + 1
    assert len(grid(path, "Källor")) == sum(len(item.sources) for item in told.suppliers) + 1
    assert len(grid(path, "Ej kontrollerat")) == max(1, sum(len(item.blocked) for item in told.suppliers)) + 1


def test_the_same_check_gives_the_same_bytes(told: Paper, tmp_path: Path) -> None:
    """So that a file in which nobody has worked is known again."""
    for name in ("a", "b"):
        write_xlsx(told, tmp_path / f"{name}.xlsx")
        write_html(told, tmp_path / f"{name}.html")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_it_prints_on_a4(told: Paper, tmp_path: Path) -> None:
    """Upside: three bidders on a page, the rule's name on each."""
    write_xlsx(told, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape"), sheet.title
    side = book["Kontroll"]
    assert side.print_title_cols == "$A:$A"
    assert side.page_setup.fitToWidth == 2
    assert max(side.row_dimensions[number].height or 0 for number in range(1, 40)) <= 409
    book.close()


def test_long_and_strange_names_stay_text_and_are_capped(checked: Workspace, told: Paper, tmp_path: Path) -> None:
    """Text, never a formula, in every cell."""
    suppliers = tuple(replace(item, name=LONG) for item in told.suppliers)
    write_xlsx(replace(told, suppliers=suppliers, organisation="=1+1", case="@x"), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
    assert book["Kontroll"]["B5"].quotePrefix
    book.close()
    assert all(len(item.name) <= 120 for item in told.suppliers)


def test_groups_that_fit_a_page() -> None:
    """Four and the rest."""
    item: Any = object()
    assert [len(group) for group in in_groups([item] * 9, 4)] == [4, 4, 1]
