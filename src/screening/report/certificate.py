"""The paper of a check before a contract: what was checked, when, against which sources, what was not, and by whom judged.

A page to print (HTML without scripts, links or anything fetched) and a workbook with the bidders side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from html import escape
from pathlib import Path
from typing import Any

import xlsxwriter

from screening.config import Config
from screening.report.card import Seen, called, card, seen_in
from screening.report.cells import clean
from screening.report.files import beside, to_disk
from screening.report.ruletexts import RuleTexts, because, titles
from screening.report.texts import KIND, SEVERITY, SYMBOL, Language, word
from screening.rules import Rule
from screening.store import Run, Store

_STYLE = (
    "body{font:11pt/1.4 'Segoe UI',Arial,sans-serif;margin:2cm;max-width:46em}"
    "h1{font-size:17pt;margin:0}h2{font-size:13pt;border-bottom:1px solid #333;margin-top:1.6em}"
    "pre{font:10pt/1.45 Consolas,'DejaVu Sans Mono',monospace;white-space:pre-wrap}"
    ".judgement{border:1px solid #333;padding:.6em;min-height:7em}.made{color:#7b1e1e;font-weight:bold}"
    "section{page-break-inside:avoid}@media print{body{margin:0}}"
)


def write_html(store: Store, run: Run, config: Config, rules: Mapping[str, Rule], path: Path) -> Path:
    """A page with one section per supplier, and room for the officer's assessment.

    Raises:
        StoreError: it cannot be written; what stood there before still stands.
    """
    language = config.report.language
    words = RuleTexts(rules, run.as_of, language, titles(store.texts(run.id)), without="tender")
    say = _sayer(language)
    sections = [_section(run, seen, words, say) for seen in seen_in(store, run, config, rules)]
    title = say("Leverantörskontroll före avtal", "Supplier check before a contract")
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"<p>{escape(config.organisation.name)}. {say('Dag', 'Day')} {run.as_of}."
        f" {say('Ärende', 'Case')}: {escape(run.case) or '–'}. {say('Körning', 'Run')} {run.id}.</p>"
        f"<p>{say('Ett underlag: leverantören ska höras och en namngiven handläggare bedömer.', 'A basis: the supplier is heard and a named person decides.')}</p>"
        + "".join(sections)
        + "</body></html>\n"
    )
    with beside(path) as made:
        made.write_text(text, encoding="utf-8", newline="\n")
        to_disk(made)
        made.replace(path)
    return path


def _section(run: Run, seen: Seen, words: RuleTexts, say: Callable[[str, str], str]) -> str:
    head, *rest = card(run, seen, words)
    judged = say("Handläggarens bedömning, namn och datum", "The officer's assessment, name and date")
    return (
        f"<section><h2>{escape(head)}</h2><pre>{escape(chr(10).join(rest))}</pre>"
        f'<p>{judged}:</p><div class="judgement"></div></section>'
    )


def write_xlsx(store: Store, run: Run, config: Config, rules: Mapping[str, Rule], path: Path) -> Path:
    """A workbook with one column per supplier: each rule's outcome, then sources and dates, then the assessment.

    Raises:
        StoreError: it cannot be written; what stood there before still stands.
    """
    language = config.report.language
    words = RuleTexts(rules, run.as_of, language, titles(store.texts(run.id)), without="tender")
    everyone = list(seen_in(store, run, config, rules))
    with beside(path) as made:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        with xlsxwriter.Workbook(made, options) as book:
            book.set_properties({"title": "Leverantörskontroll", "created": datetime.combine(run.as_of, time(12), UTC)})
            _fill(book, run, config, everyone, words, _sayer(language))
        to_disk(made)
        made.replace(path)
    return path


def _fill(
    book: Any, run: Run, config: Config, everyone: list[Seen], words: RuleTexts, say: Callable[[str, str], str]
) -> None:
    sheet = book.add_worksheet("Kontroll")
    bold = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
    cell = book.add_format({"valign": "top", "text_wrap": True, "border": 1, "border_color": "#B8C0CC"})
    flagged = book.add_format({"valign": "top", "text_wrap": True, "border": 1, "bold": True, "bg_color": "#F6D9A8"})
    unknown = book.add_format({"valign": "top", "text_wrap": True, "border": 1, "italic": True, "bg_color": "#E3E6EB"})
    fill_in = book.add_format({"valign": "top", "text_wrap": True, "border": 1, "bg_color": "#FFF6DD"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, max(1, len(everyone)), 44)
    title = say("Leverantörskontroll före avtal", "Supplier check before a contract")
    sheet.write_string(0, 0, f"{title}, {config.organisation.name}", bold)
    sheet.write_string(1, 0, f"{run.as_of}  {run.case}  {run.id}".strip())
    if any(fact.provenance.simulated for seen in everyone for fact in seen.facts):
        sheet.write_string(2, 0, say("SIMULERADE KÄLLOR", "SIMULATED SOURCES"), bold)
    rows = sorted(
        {finding.rule for seen in everyone for finding in seen.flags} | {i.rule for s in everyone for i in s.unknowns}
    )
    labels = [say("Leverantör", "Supplier"), say("Samlad status", "Overall"), *rows]
    labels += [
        say("Underlag", "Looked at"),
        say("Handläggarens bedömning", "The officer's assessment"),
        say("Namn och datum", "Name and date"),
    ]
    for row, label in enumerate(labels, start=4):
        sheet.write_string(row, 0, clean(f"{label} {words.title(label)}" if label in rows else label), bold)
    for column, seen in enumerate(everyone, start=1):
        supplier = seen.supplier
        number = supplier.identity.display if supplier.identity is not None else "–"
        sheet.write_string(4, column, clean(f"{called(seen, words.language)} {number}"), bold)
        overall = f"{seen.overall.heading(words.language)}. {seen.overall.sentence(words.language)}"
        sheet.write_string(5, column, clean(overall), flagged if seen.flags else unknown if seen.unknowns else cell)
        for row, rule in enumerate(rows, start=6):
            text, kind = _outcome(seen, rule, words, say)
            sheet.write_string(row, column, clean(text), {"flag": flagged, "unknown": unknown}.get(kind, cell))
        sheet.write_string(6 + len(rows), column, clean(_looked_at(seen, words)), cell)
        sheet.write_blank(7 + len(rows), column, None, fill_in)
        sheet.write_blank(8 + len(rows), column, None, fill_in)
    sheet.set_row(7 + len(rows), 90)
    sheet.freeze_panes(5, 1)


def _outcome(seen: Seen, rule: str, words: RuleTexts, say: Callable[[str, str], str]) -> tuple[str, str]:
    flags = [finding for finding in seen.flags if finding.rule == rule]
    if flags:
        worst = flags[0].severity or "low"
        told = "\n".join(words.observed(finding) for finding in flags)
        return f"{SYMBOL[worst]} {word(SEVERITY, worst, words.language)}: {told}", "flag"
    for item in seen.unknowns:
        if item.rule == rule:
            why, to_do = because(item.verdict.reason, words.language)
            label = say("EJ BEDÖMBAR", "NOT ASSESSABLE")
            return f"{label}: {word(KIND, words.missing(item), words.language)}. {why} {to_do}".strip(), "unknown"
    return say("Utan iakttagelse, eller berörs inte", "No observation, or not concerned"), "clear"


def _looked_at(seen: Seen, words: RuleTexts) -> str:
    return "\n".join(
        f"{word(KIND, fact.kind, words.language)}: {words.source(fact.provenance.source)} {fact.provenance.held_on}"
        for fact in seen.facts
    )


def _sayer(language: Language) -> Callable[[str, str], str]:
    return lambda sv, en: en if language == "en" else sv
