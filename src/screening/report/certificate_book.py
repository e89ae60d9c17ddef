"""The workbook of a check before a contract: the bidders side by side, then findings, what was not checked, and sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

from screening.report.cells import LEADS, clean
from screening.report.checked import MARKS, OUTCOMES, Check, Checked, Paper
from screening.report.style import FONT
from screening.report.texts import word
from screening.report.widths import wrapped

FIRST = 4  # the row of the suppliers' names
LABEL, WIDTH = 34, 38
BESIDE = 3  # suppliers on one page
A4 = 9
LINE = 12.0  # points
TALL = 400.0  # Excel's rows end at 409


_BASE: dict[str, Any] = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#B8C0CC", "font_size": 9}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "plain": {"valign": "top"},
    "made": {"bold": True, "font_color": "#7B1E1E"},
    "head": {**_BASE, "bold": True, "bg_color": "#EEF1F5"},
    "cell": _BASE,
    "flag": {**_BASE, "bold": True, "bg_color": "#F6D9A8"},
    "unknown": {**_BASE, "italic": True, "bg_color": "#E3E6EB"},
    "fill": {**_BASE, "bg_color": "#FFF6DD"},
}


@dataclass(slots=True)
class _Looks:
    """The formats of one workbook, each made once; ``quoted``: outside text that looks like a formula stays text."""

    book: Any
    formats: dict[tuple[str, bool], Any] = field(default_factory=dict)

    def of(self, name: str, *, quoted: bool) -> Any:
        """One format."""
        if (name, quoted) not in self.formats:
            look = {**_LOOKS[name], "quote_prefix": True} if quoted else _LOOKS[name]
            self.formats[name, quoted] = self.book.add_format(look)
        return self.formats[name, quoted]


def write_xlsx(paper: Paper, path: Path) -> None:
    """The workbook in ``path``. The same check gives the same bytes.

    Raises:
        OSError: it cannot be written.
    """
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": FONT, "font_size": 10},
        "tmpdir": str(path.parent),
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        created = datetime.combine(date.fromisoformat(paper.day), time(12), UTC).replace(tzinfo=None)
        book.set_properties({"title": "Leverantörskontroll", "author": clean(paper.organisation), "created": created})
        looks = _Looks(book)
        _side_by_side(book.add_worksheet("Kontroll"), looks, paper)
        for name, heads, widths, rows in _lists(paper):
            _list(book.add_worksheet(name), looks, paper, heads, widths, rows)


# --- side by side -------------------------------------------------------------------------------------------------------
def _side_by_side(sheet: Any, looks: _Looks, paper: Paper) -> None:
    say = paper.say
    sheet.set_column(0, 0, LABEL)
    sheet.set_column(1, max(1, len(paper.suppliers)), WIDTH)
    title = say("Leverantörskontroll före avtal", "Supplier check before a contract")
    _text(sheet, looks, 0, 0, f"{title}, {paper.organisation}", "title")
    case = f"{say('Ärende', 'Case')}: {paper.case or '–'}.  " if paper.case else ""
    _text(
        sheet,
        looks,
        1,
        0,
        f"{case}{say('Kontrollerad', 'Checked')} {paper.day}, {say('körning', 'run')} {paper.run_id}",
        "plain",
    )
    if paper.simulated:
        _text(sheet, looks, 2, 0, say("SIMULERADE KÄLLOR", "SIMULATED SOURCES"), "made")
    _row(
        sheet,
        looks,
        FIRST,
        say("Leverantör", "Supplier"),
        [("head", f"{item.name} {item.number}") for item in paper.suppliers],
    )
    overall = [(_tone(item), f"{item.overall}. {item.sentence}") for item in paper.suppliers]
    _row(sheet, looks, FIRST + 1, say("Samlad status", "Overall"), overall)
    row = FIRST + 1
    for row, (rule, name) in enumerate(paper.rules, start=FIRST + 2):
        told = [_outcome(paper, [check for check in item.checks if check.rule == rule]) for item in paper.suppliers]
        _row(sheet, looks, row, f"{rule} {name}", told)
    looked = [
        ("cell", "\n".join(f"{part.kind}: {part.source} {part.as_of}" for part in item.sources) or "–")
        for item in paper.suppliers
    ]
    _row(sheet, looks, row + 1, say("Underlag, källa och dag", "Looked at, source and day"), looked)
    for number, label in enumerate(
        (
            say("Leverantörens yttrande", "Reply of the supplier"),
            say("Handläggarens bedömning", "The officer's assessment"),
            say("Datum, underskrift, namn och befattning", "Date, signature, name and position"),
        ),
        start=row + 2,
    ):
        _row(sheet, looks, number, label, [("fill", "") for _item in paper.suppliers])
        sheet.set_row(number, 80)
    sheet.freeze_panes(FIRST + 1, 1)
    _print(sheet, paper, row + 4, 1 + max(1, len(paper.suppliers)))


def _row(sheet: Any, looks: _Looks, number: int, label: str, cells: Sequence[tuple[str, str]]) -> None:
    _text(sheet, looks, number, 0, label, "head")
    lines = wrapped(clean(label), LABEL)
    for column, (look, text) in enumerate(cells, start=1):
        _text(sheet, looks, number, column, text, look)
        lines = max(lines, wrapped(clean(text), WIDTH))
    sheet.set_row(number, min(LINE * lines + 4, TALL))


def _tone(item: Checked) -> str:
    return "flag" if item.of("flag") else "unknown" if item.of("unknown") or not item.checks else "cell"


def _outcome(paper: Paper, checks: Sequence[Check]) -> tuple[str, str]:
    """Every flag and unknown of a rule on one supplier; else its outcome in words."""
    if not checks:
        return "cell", f"{MARKS['not_applicable']} {paper.say('ingår inte', 'not expected')}"
    worst = checks[0].outcome
    if worst in ("flag", "unknown"):
        told = "\n".join(
            dict.fromkeys(
                f"{check.mark} {check.severity or word(OUTCOMES, check.outcome, paper.language)}: {check.told}"
                for check in checks
                if check.outcome == worst
            )
        )
        return ("flag" if worst == "flag" else "unknown"), told
    reason = f": {checks[0].told}" if worst == "not_applicable" else ""
    return "cell", f"{checks[0].mark} {word(OUTCOMES, worst, paper.language)}{reason}"


# --- lists --------------------------------------------------------------------------------------------------------------
_List = tuple[str, Sequence[str], Sequence[int], list[Sequence[str]]]


def _lists(paper: Paper) -> Iterable[_List]:
    """Sheet names are Swedish in both languages, as in the monthly workbook."""
    say = paper.say
    supplier = (say("Leverantör", "Supplier"), say("Orgnr", "Number"))
    heads: Sequence[str] = (
        *supplier, say("Regel", "Rule"), say("Allvarlighet", "Severity"), say("Iakttagelse", "Observation"), say("Gränser", "Limits"),
        say("Uppgift, källa, per", "Fact, source, as of"), say("Lagrum", "Law"), say("Gör så här", "To do"), say("Kan bero på", "May be due to"),
    )  # fmt: skip
    rows: list[Sequence[str]] = [
        (
            item.name, item.number, f"{check.rule} {check.title}" + (f" ({check.scope_key})" if check.scope_key else ""),
            f"{check.mark} {check.severity}", check.told, "\n".join(check.limits), "\n".join(check.facts), check.basis, check.action, check.caution,
        )
        for item in paper.suppliers
        for check in item.of("flag")
    ]  # fmt: skip
    yield "Iakttagelser", heads, (24, 13, 22, 12, 36, 18, 26, 24, 36, 30), rows
    missing: list[Sequence[str]] = [
        (item.name, item.number, part.thing, ", ".join(part.rules), part.why, part.to_do)
        for item in paper.suppliers
        for part in item.blocked
    ]
    heads = (
        *supplier,
        say("Saknas", "Missing"),
        say("Hindrar regler", "Blocks rules"),
        say("Varför", "Why"),
        say("Gör så här", "To do"),
    )
    yield "Ej kontrollerat", heads, (28, 13, 28, 24, 36, 44), missing
    heads = (
        *supplier,
        say("Regel", "Rule"),
        say("Utfall", "Outcome"),
        say("Gränser", "Limits"),
        say("Uppgift, källa, per", "Fact, source, as of"),
    )
    every: list[Sequence[str]] = [
        (item.name, item.number, f"{check.rule} {check.title}" + (f" ({check.scope_key})" if check.scope_key else ""),
         f"{check.mark} {check.severity or word(OUTCOMES, check.outcome, paper.language)}", "\n".join(check.limits), "\n".join(check.facts))
        for item in paper.suppliers
        for check in item.checks
    ]  # fmt: skip
    yield "Regler", heads, (28, 13, 36, 24, 30, 44), every
    heads = (
        *supplier,
        say("Uppgift", "Fact"),
        say("Källa", "Source"),
        say("Uppgift per", "As of"),
        say("Hämtad", "Fetched"),
    )
    sources: list[Sequence[str]] = [
        (item.name, item.number, part.kind, part.source, part.as_of, part.fetched)
        for item in paper.suppliers
        for part in item.sources
    ]
    yield "Källor", heads, (28, 13, 30, 36, 13, 22), sources


def _list(
    sheet: Any, looks: _Looks, paper: Paper, heads: Sequence[str], widths: Sequence[int], rows: Sequence[Sequence[str]]
) -> None:
    for column, (name, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        _text(sheet, looks, 0, column, name, "head")
    if not rows:
        _text(sheet, looks, 1, 0, paper.say("Inga.", "None."), "plain")
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            _text(sheet, looks, number, column, text, "cell")
        lines = max(wrapped(clean(text), width) for text, width in zip(row, widths, strict=True))
        sheet.set_row(number, min(LINE * lines + 4, TALL))
    if rows:
        sheet.autofilter(0, 0, len(rows), len(heads) - 1)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    _print(sheet, paper, len(rows) + 1, len(heads))


def _print(sheet: Any, paper: Paper, rows: int, columns: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(0.4, 0.4, 0.6, 0.6)
    sheet.print_area(0, 0, rows, columns - 1)
    if sheet.get_name() == "Kontroll":
        sheet.repeat_columns(0)
        sheet.repeat_rows(FIRST)
        pages = -(-max(1, len(paper.suppliers)) // BESIDE)
        sheet.set_v_pagebreaks([1 + BESIDE * number for number in range(1, pages)])
        sheet.fit_to_pages(pages, 0)
    else:
        sheet.fit_to_pages(1, 0)
    made = f"&R&8&B{paper.say('SIMULERADE KÄLLOR', 'SIMULATED SOURCES')}" if paper.simulated else ""
    sheet.set_header(f"&L&8&A{made}")
    page = paper.say("Sida &P av &N", "Page &P of &N")
    organisation = clean(paper.organisation).replace("&", "&&")[:80]
    sheet.set_footer(f"&L&8{organisation}&C&8{paper.run_id}&R&8{page}")


def _text(sheet: Any, looks: _Looks, row: int, column: int, text: str, look: str) -> None:
    """Always text; an empty cell keeps its look."""
    said = clean(text)
    if said:
        sheet.write_string(row, column, said, looks.of(look, quoted=said.startswith(LEADS)))
    else:
        sheet.write_blank(row, column, None, looks.of(look, quoted=False))
