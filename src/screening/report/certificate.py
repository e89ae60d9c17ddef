"""The page of a check before a contract: what was checked, when, against which sources, what was not, and by whom judged.

HTML for A4 without scripts, links or anything fetched; the bidders side by side first, then a page for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path

from screening.report.checked import MARKS, OUTCOMES, Check, Checked, Paper, in_groups
from screening.report.texts import word

BESIDE = 4  # bidders that can be read beside each other on an upright A4

_STYLE = (
    "@page{size:A4;margin:14mm 15mm}"
    "body{font:9.5pt/1.3 Arial,'Liberation Sans',sans-serif;color:#111;margin:0 auto;max-width:180mm}"
    "h1{font-size:16pt;margin:0 0 1mm}h2{font-size:13pt;margin:0 0 1mm}"
    "h3{font-size:10pt;margin:4mm 0 1mm;border-bottom:0.4pt solid #555}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "th,td{text-align:left;vertical-align:top;padding:0.8mm 1.5mm;border:0.3pt solid #aab;overflow-wrap:break-word}"
    "th{background:#eef1f5}thead{display:table-header-group}tr{page-break-inside:avoid}"
    ".flag{background:#f6d9a8;font-weight:bold}.unknown{background:#e3e6eb;font-style:italic}.not_applicable{color:#555}"
    ".made{color:#7b1e1e;font-weight:bold}p{margin:0 0 1mm}.small{font-size:8pt;color:#333}"
    ".overall{font-size:11pt;font-weight:bold;margin:1mm 0}"
    ".finding{border:0.6pt solid #333;padding:1.5mm 2mm;margin:1.5mm 0;page-break-inside:avoid}"
    ".judgement{border:0.6pt solid #333;padding:1mm 2mm;height:32mm}"
    ".end{page-break-inside:avoid}.sign{margin-top:11mm}.sign td{border:0;border-top:0.6pt solid #333;font-size:8pt}"
    "section.one{page-break-before:always}"
    "@media screen{section.one{border-top:2px solid #333;margin-top:10mm;padding-top:5mm}body{padding:8mm}}"
)


def write_html(paper: Paper, path: Path) -> None:
    """The page in ``path``.

    Raises:
        OSError: it cannot be written.
    """
    path.write_text(page(paper), encoding="utf-8", newline="\n")


def page(paper: Paper) -> str:
    """The page as HTML."""
    title = paper.say("Leverantörskontroll före avtal", "Supplier check before a contract")
    sections = [_section(paper, item, first=len(paper.suppliers) == 1) for item in paper.suppliers]
    together = "" if len(paper.suppliers) == 1 else "".join(_together(paper))
    return (
        f'<!doctype html><html lang="{paper.language}"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>{_head(paper)}{together}{''.join(sections)}</body></html>\n"
    )


def _head(paper: Paper) -> str:
    say = paper.say
    warning = say(
        "SIMULERADE KÄLLOR: uppgifterna gäller inget verkligt företag.",
        "SIMULATED SOURCES: nothing here is true of a real company.",
    )
    made = f'<p class="made">{warning}</p>' if paper.simulated else ""
    basis = say(
        "Ett underlag: en iakttagelse är ingen slutsats, och frånvaro av iakttagelser inget godkännande."
        " Leverantören hörs och en namngiven handläggare bedömer.",
        "A basis: an observation is no conclusion, and no observation is no approval. The supplier is heard and a named"
        " officer decides.",
    )
    return (
        f"<p><b>{escape(paper.organisation)}</b>. {say('Ärende', 'Case')}: {escape(paper.case) or '____________________'}."
        f" {say('Kontrollerad', 'Checked')} {paper.day}, {say('körning', 'run')} {paper.run_id}.</p>{made}"
        f"<p class='small'>{basis}</p>"
    )


# --- side by side -------------------------------------------------------------------------------------------------------
def _together(paper: Paper) -> Iterable[str]:
    """Every rule against every bidder; a few bidders per table, so that each can be read."""
    say = paper.say
    yield f"<h3>{say('Anbudsgivarna sida vid sida', 'The bidders side by side')}</h3>"
    signs = f"{MARKS['clear']} {say('utan anmärkning', 'clear')}, {MARKS['unknown']} {say('kunde inte kontrolleras', 'could not be checked')}, {MARKS['not_applicable']} {say('berörs inte', 'not concerned')}"
    yield f"<p class='small'>■ {say('kritisk', 'critical')}, ▲ {say('hög', 'high')}, ● {say('medel', 'medium')}, ○ {say('låg', 'low')}; {signs}</p>"
    for group in in_groups(paper.suppliers, BESIDE):
        heads = "".join(f"<th>{escape(item.name)}<br>{escape(item.number)}</th>" for item in group)
        rows = [_row(say("Samlat", "Overall"), [(_tone(item), item.overall) for item in group])]
        for rule, title in paper.rules:
            cells = [_outcome(paper, [check for check in item.checks if check.rule == rule]) for item in group]
            rows.append(_row(f"{rule} {title}", cells))
        yield f"<table><thead><tr><th style='width:24%'></th>{heads}</tr></thead><tbody>{''.join(rows)}</tbody></table><br>"


def _row(name: str, cells: Iterable[tuple[str, str]]) -> str:
    return f"<tr><th>{escape(name)}</th>" + "".join(f"<td class='{k}'>{escape(t)}</td>" for k, t in cells) + "</tr>"


def _tone(item: Checked) -> str:
    return "flag" if item.of("flag") else "unknown" if item.of("unknown") or not item.checks else "clear"


def _outcome(paper: Paper, checks: Sequence[Check]) -> tuple[str, str]:
    """The worst of a rule's verdicts on one bidder; a rule that was not expected of it is none."""
    if not checks:
        return "not_applicable", f"{MARKS['not_applicable']} {paper.say('ingår inte', 'not expected')}"
    worst = checks[0]
    more = f" ×{len(checks)}" if len(checks) > 1 and worst.outcome == "flag" else ""
    return worst.outcome, f"{worst.mark} {worst.severity or word(OUTCOMES, worst.outcome, paper.language)}{more}"


# --- one bidder ---------------------------------------------------------------------------------------------------------
def _section(paper: Paper, item: Checked, *, first: bool) -> str:
    say = paper.say
    kind = "first" if first else "one"
    parts = [
        f"<section class='{kind}'><h2>{escape(item.name)} &nbsp; {escape(item.number)}</h2>",
        f"<p class='overall'>{escape(item.overall)}. {escape(item.sentence)}</p>",
        f"<h3>{say('Iakttagelser', 'Observations')}</h3>",
        *(_finding(paper, check) for check in item.of("flag")),
    ]
    if not item.of("flag"):
        parts.append(f"<p>{say('Inga.', 'None.')}</p>")
    parts += [*_not_checked(paper, item), *_rules(paper, item), *_sources(paper, item), _judgement(paper)]
    return "".join([*parts, "</section>"])


def _finding(paper: Paper, check: Check) -> str:
    say = paper.say
    key = f" ({check.scope_key})" if check.scope_key else ""
    rows = [
        (say("Uppgift", "Fact"), "; ".join(check.facts)),
        (say("Gräns", "Limit"), "; ".join(check.limits)),
        (say("Lagrum", "Law"), check.basis),
        (say("Gör så här", "To do"), check.action),
        (say("Kan bero på", "May be due to"), check.caution),
    ]
    lines = "".join(f"<br><b>{name}:</b> {escape(text)}" for name, text in rows if text)
    head = f"{check.mark} {check.severity} &nbsp; {check.rule} {escape(check.title + key)}"
    return f"<div class='finding'><b>{head}</b><br>{escape(check.told)}{lines}</div>"


def _not_checked(paper: Paper, item: Checked) -> Iterable[str]:
    say = paper.say
    yield f"<h3>{say('Kunde inte kontrolleras', 'Could not be checked')}</h3>"
    if not item.blocked:
        yield (
            f"<p>{say('Allt som förväntas kunde kontrolleras.', 'All that is expected could be checked.')}</p>"
            if item.checks
            else f"<p>{say('Ingen regel förväntas av leverantören: inget är kontrollerat.', 'No rule is expected of the supplier: nothing was checked.')}</p>"
        )
        return
    rows = [(part.thing, ", ".join(part.rules), part.why, part.to_do) for part in item.blocked]
    heads = (
        say("Saknas", "Missing"),
        say("Hindrar regler", "Blocks rules"),
        say("Varför", "Why"),
        say("Gör så här", "To do"),
    )
    yield _table(heads, rows, (24, 16, 28, 32))


def _rules(paper: Paper, item: Checked) -> Iterable[str]:
    say = paper.say
    yield f"<h3>{say('Kontrollerade regler', 'Rules checked')}</h3>"
    rows = [
        (
            f"{check.rule} {check.title}" + (f" ({check.scope_key})" if check.scope_key else ""),
            f"{check.mark} {check.severity or word(OUTCOMES, check.outcome, paper.language)}"
            + (f": {check.told}" if check.outcome == "not_applicable" else ""),
            "; ".join(check.limits) or "–",
            "; ".join(check.facts) or "–",
        )
        for check in item.checks
    ]
    heads = (
        say("Regel", "Rule"),
        say("Utfall", "Outcome"),
        say("Gränser", "Limits"),
        say("Uppgifter, källa, per", "Facts, source, as of"),
    )
    yield _table(heads, rows, (29, 21, 22, 28))


def _sources(paper: Paper, item: Checked) -> Iterable[str]:
    say = paper.say
    yield f"<h3>{say('Källor', 'Sources')}</h3>"
    rows = [(part.kind, part.source, part.as_of, part.fetched) for part in item.sources]
    heads = (say("Uppgift", "Fact"), say("Källa", "Source"), say("Uppgift per", "As of"), say("Hämtad", "Fetched"))
    yield (
        _table(heads, rows, (30, 36, 14, 20))
        if rows
        else f"<p>{say('Ingen källa har svarat om leverantören.', 'No source has answered about the supplier.')}</p>"
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int]) -> str:
    top = "".join(f"<th style='width:{width}%'>{escape(name)}</th>" for name, width in zip(heads, widths, strict=True))
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _judgement(paper: Paper) -> str:
    say = paper.say
    names = (
        say("Datum", "Date"),
        say("Underskrift", "Signature"),
        say("Namnförtydligande och befattning", "Name in print and position"),
    )
    cells = "".join(f"<td>{name}</td>" for name in names)
    return (
        f"<div class='end'><h3>{say('Leverantörens yttrande och handläggarens bedömning', 'Reply of the supplier, assessment of the officer')}</h3>"
        f"<div class='judgement'></div><table class='sign'><tr>{cells}</tr></table></div>"
    )
