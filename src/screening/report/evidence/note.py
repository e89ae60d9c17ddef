"""One page for the file (*tjänsteanteckning*): what was seen, by which source and when, under which law, to be signed.

HTML for A4 without scripts, links or anything fetched; every text from outside is masked, escaped, and cut where it is
long. Texts are cut further until all of it fits one page: the whole of them stands in the bundle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

from screening.identity import mask_text
from screening.model import SEVERITIES, Contract, Finding
from screening.report.cells import capped
from screening.report.evidence.gather import Evidence
from screening.report.ruletexts import RuleTexts
from screening.report.texts import FORCE, KIND, SEVERITY, STATUS, SYMBOL, word
from screening.report.widths import wrapped

POINTS = 9
WIDE, BESIDE = 92, 70  # width of the page, and of a row beside its heading, in digits of Arial at 7 pixels
ROOM = 64  # lines of the body's size that an A4 page holds inside its margins (67), with a few to spare
NAME = 90

_STYLE = (
    "@page{size:A4;margin:15mm 18mm}"
    "body{font:9pt/1.25 Arial,'Liberation Sans',sans-serif;color:#111;margin:0 auto;max-width:174mm}"
    "h1{font-size:15pt;margin:0 0 2mm}h2{font-size:10pt;margin:2.5mm 0 1mm;border-bottom:0.4pt solid #555}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;vertical-align:top;padding:0 2mm 0 0}"
    "th{font-weight:bold;width:34mm}p{margin:0 0 0.5mm}ul{margin:0;padding-left:4.5mm}"
    ".facts th,.facts td{border-bottom:0.3pt solid #bbb;width:auto;font-size:8pt}"
    ".made{color:#7b1e1e;font-weight:bold}.fill{border:0.6pt solid #333;height:18mm;margin-top:1mm}"
    ".sign{margin-top:9mm}.sign td{border-top:0.6pt solid #333;padding-top:1mm;width:33%;font-size:8pt}"
    ".seal{font:7.5pt 'Liberation Mono',Consolas,monospace;word-break:break-all}.small{font-size:8pt;color:#333}"
    "@media print{body{max-width:none}}"
)
_FIXED = 3 + 7 + 4 + 3 + 2  # lines of title, box to write in, signature, foot and seal


@dataclass(frozen=True, slots=True)
class _Size:
    """How much of everything is shown. ``full``: with action and caution, not only what was seen and the law."""

    text: int
    flags: int
    facts: int
    decisions: int
    full: bool


_SIZES = (
    _Size(420, 2, 8, 3, full=True),
    _Size(300, 2, 6, 3, full=True),
    _Size(200, 2, 5, 2, full=True),
    _Size(190, 5, 4, 2, full=False),
    _Size(150, 4, 4, 2, full=False),
    _Size(110, 3, 3, 1, full=False),
    _Size(80, 2, 2, 1, full=False),
)


@dataclass(slots=True)
class _Sheet:
    """What is on the page so far, and how many lines it takes."""

    words: RuleTexts
    size: _Size
    parts: list[str] = field(default_factory=list)
    lines: float = _FIXED

    def say(self, swedish: str, english: str) -> str:
        return english if self.words.language == "en" else swedish

    def heading(self, text: str) -> None:
        self.parts.append(f"<h2>{escape(text)}</h2>")
        self.lines += 2

    def line(self, text: str, most: int = 300) -> None:
        said = _said(text, most)
        self.parts.append(f"<p>{escape(said)}</p>")
        self.lines += wrapped(said, WIDE, POINTS)

    def rows(self, rows: Iterable[tuple[str, str, int]]) -> None:
        """Heading, text and the most characters of it."""
        made = []
        for name, text, most in rows:
            said = _said(text, most) or "–"
            made.append(f"<tr><th>{escape(name)}</th><td>{escape(said)}</td></tr>")
            self.lines += wrapped(said, BESIDE, POINTS)
        self.parts.append(f"<table>{''.join(made)}</table>")

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        made = []
        for row in rows:
            cells = [_said(cell, 60) for cell in row]
            made.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
            self.lines += max(wrapped(cell, WIDE / len(head) - 2, POINTS - 1) for cell in cells) + 0.2
        heads = "".join(f"<th>{escape(name)}</th>" for name in head)
        self.parts.append(f"<table class='facts'><tr>{heads}</tr>{''.join(made)}</table>")
        self.lines += 1.2


def page(evidence: Evidence, seal: str, *, case: str = "", in_clear: bool = False) -> str:
    """The page as HTML, as full as fits one A4.

    Args:
        evidence: what was gathered.
        seal: of the bundle that it belongs to.
        case: the diary number that the caller names; else that of the newest decision; else a line to fill in.
        in_clear: the bundle holds personal numbers, which the page says.
    """
    words = evidence.words
    sheet = next((made for size in _SIZES if (made := _body(evidence, words, size, case)).lines <= ROOM), None)
    sheet = sheet or _body(evidence, words, _SIZES[-1], case)
    say = sheet.say
    title = say("Tjänsteanteckning", "Official note")
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        f"<title>{title} {escape(evidence.subject)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{title}: {say('leverantörskontroll', 'supplier check')}</h1>{''.join(sheet.parts)}"
        f"<h2>{say('Leverantörens yttrande och handläggarens bedömning', 'Reply of the supplier, assessment of the officer')}</h2>"
        f"<div class='fill'></div>{_signature(say)}<p class='small'>{_foot(say, in_clear=in_clear)}</p>"
        f"<p class='seal'>{say('Sigill', 'Seal')} (SHA-256): {seal}</p></body></html>\n"
    )


def _body(evidence: Evidence, words: RuleTexts, size: _Size, case: str) -> _Sheet:
    sheet = _Sheet(words, size)
    _head(sheet, evidence, case)
    _flags(sheet, evidence)
    _unknowns(sheet, evidence)
    _facts(sheet, evidence)
    _decisions(sheet, evidence)
    return sheet


def _head(sheet: _Sheet, evidence: Evidence, case: str) -> None:
    supplier, run, say = evidence.supplier, evidence.run, sheet.say
    if any(fact.provenance.simulated for fact, _ids in evidence.facts):
        warning = say(
            "SIMULERADE KÄLLOR: gäller inget verkligt företag.", "SIMULATED SOURCES: true of no real company."
        )
        sheet.parts.append(f'<p class="made">{warning}</p>')
        sheet.lines += 1
    number = supplier.identity.display if supplier.identity is not None else say("okänt nummer", "no known number")
    diary = case or next((item.diary for item in reversed(evidence.decisions) if item.diary), "") or run.case
    rows = [
        (say("Myndighet", "Authority"), evidence.past.config.organisation.name, NAME),
        (say("Diarienummer", "Diary number"), diary or "_" * 22, NAME),
        (say("Leverantör", "Supplier"), f"{capped(supplier.name, NAME)}  {number}", NAME + 20),
        (say("Kontrollerad", "Checked"), f"{run.as_of}, {say('körning', 'run')} {run.id}", NAME),
    ]
    if supplier.supplier_numbers:
        rows.append((say("Leverantörsnr", "Own number"), ", ".join(supplier.supplier_numbers), NAME))
    if named := _named(evidence):
        told = "; ".join(" ".join(filter(None, (item.id, item.title, item.diary_number))) for item in named)
        rows.append((say("Avtal", "Contracts"), told, sheet.size.text // 2))
    sheet.rows(rows)


def _named(evidence: Evidence) -> list[Contract]:
    """The contracts that the flags concern; a supplier without flags: all."""
    ids = {name for item in evidence.findings for name in item.contracts}
    return [item for item in evidence.contracts if not ids or item.id in ids]


def _flags(sheet: _Sheet, evidence: Evidence) -> None:
    """The worst flags first."""
    order = sorted(
        evidence.findings, key=lambda item: (SEVERITIES.index(item.severity or "low"), item.rule, item.scope_key)
    )
    sheet.heading(sheet.say("Iakttagelser", "Observations"))
    if not order:
        sheet.line(sheet.say("Inga flaggor stod vid kontrollen.", "No flags stood at the check."))
    for item in order[: sheet.size.flags]:
        _flag(sheet, evidence, item)
    if (more := len(order) - sheet.size.flags) > 0:
        sheet.line(f"{sheet.say('Ytterligare flaggor', 'Further flags')}: {more} (findings.json)")


def _flag(sheet: _Sheet, evidence: Evidence, item: Finding) -> None:
    say, words, size = sheet.say, sheet.words, sheet.size
    severity = item.severity or "low"
    contract = next(iter(evidence.concerned(item)), None)
    law = words.law(item, contract)
    key = f" ({item.scope_key})" if item.scope_key else ""
    title = _said(f"{item.finding_id}  {words.title(item.rule)}{key}", 110)
    mark = f"{SYMBOL[severity]} {word(SEVERITY, severity, words.language)}"
    sheet.parts.append(f"<p><b>{escape(mark)} &nbsp; {escape(title)}</b></p>")
    sheet.lines += wrapped(f"{mark}  {title}", WIDE * 0.92, POINTS)
    dated = f", {say('uppgift per', 'as of')} {item.as_of}" if item.as_of else ""
    state = f"{word(STATUS, item.status, words.language)}, {say('först sedd', 'first seen')} {item.first_seen}"
    basis = (
        f"{'; '.join(law.basis) or words.no_basis(item.rule) or '–'} ({word(FORCE, law.force, words.language)})"
        if law
        else "–"
    )
    rows = [
        (say("Sett", "Seen"), words.observed(item), size.text),
        (say("Källa", "Source"), f"{words.source(item.source)}{dated}. {state}", NAME + 60),
        (say("Lagrum", "Law"), basis, size.text),
    ]
    if size.full:
        rows += [
            (say("Föreslagen åtgärd", "Proposed action"), words.action(item, contract), size.text),
            (say("Kan bero på", "May be due to"), words.caution(item), size.text),
        ]
    sheet.rows(rows)


def _unknowns(sheet: _Sheet, evidence: Evidence) -> None:
    words = sheet.words
    things = sorted({word(KIND, words.missing(item), words.language) for item in evidence.unknowns})
    if things:
        told = sheet.say("Kunde inte kontrolleras (not_assessable.json)", "Could not be checked (not_assessable.json)")
        sheet.line(f"{told}: {', '.join(things)}.", 200)


def _facts(sheet: _Sheet, evidence: Evidence) -> None:
    """The facts that flags rest on; without a flag, the first few that were looked at."""
    say, words = sheet.say, sheet.words
    facts = [fact for fact, ids in evidence.facts if ids] or [fact for fact, _ids in evidence.facts]
    sheet.heading(say("Underlag", "Evidence"))
    head = (
        say("Uppgift", "Fact"),
        say("Källa", "Source"),
        say("Uppgift per", "As of"),
        say("Hämtad", "Fetched"),
        say("Råsvar, SHA-256", "Raw answer, SHA-256"),
    )
    rows = [
        (
            word(KIND, fact.kind, words.language),
            words.source(fact.provenance.source),
            str(fact.provenance.held_on),
            f"{(fact.provenance.confirmed_at or fact.provenance.fetched_at):%Y-%m-%d %H:%M} UTC",
            fact.provenance.raw_sha256[:16] or "–",
        )
        for fact in facts[: sheet.size.facts]
    ]
    if rows:
        sheet.table(head, rows)
    if (more := len(facts) - sheet.size.facts) > 0:
        sheet.line(f"{say('Ytterligare uppgifter', 'Further facts')}: {more} (facts.json)")


def _decisions(sheet: _Sheet, evidence: Evidence) -> None:
    if not evidence.decisions:
        return
    sheet.heading(sheet.say("Beslut", "Decisions"))
    for item in reversed(evidence.decisions[-sheet.size.decisions :]):
        until = f", {sheet.say('gäller t.o.m.', 'until')} {item.until}" if item.until else ""
        sheet.line(f"{item.at.date()} {item.by}: {item.assessment}{until}. {item.reason}", sheet.size.text // 2 + 60)


def _signature(say: Callable[[str, str], str]) -> str:
    cells = (
        say("Datum", "Date"),
        say("Underskrift", "Signature"),
        say("Namnförtydligande och befattning", "Name in print and position"),
    )
    return "<table class='sign'><tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr></table>"


def _foot(say: Callable[[str, str], str], *, in_clear: bool) -> str:
    text = say(
        "Underlag: en flagga är ingen slutsats. Leverantören ska höras och en namngiven handläggare bedömer. Bevismappen"
        " kontrolleras med <b>screening evidence verify</b>; sigillet ska vara detta.",
        "A basis: a flag is no conclusion. The supplier is to be heard and a named officer decides. The bundle is checked"
        " with <b>screening evidence verify</b>; the seal is to be this one.",
    )
    if in_clear:
        text += say(
            " <b>Råsvaren i mappen kan innehålla personnummer.</b>", " <b>Raw answers may hold personal numbers.</b>"
        )
    return text


def _said(text: str, most: int) -> str:
    """A text from outside: on one line, masked, cut."""
    return capped(mask_text(" ".join(text.split())), most)
