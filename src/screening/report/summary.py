"""The first page as blocks: what is new or worse, what could not be checked and why, what is overdue; and three charts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

from screening.model import SEVERITIES
from screening.report import texts
from screening.report.desk import Desk
from screening.report.layout import FLAGS, NOTICES, SUMMARY_COLUMNS, UNKNOWNS
from screening.report.notice import SOON_DAYS
from screening.report.ruletexts import because
from screening.report.tally import Late, Line, Tally, What
from screening.report.trend import Counts, Trend
from screening.report.working import Row, money

MOST_REASONS, MOST_LINES, MOST_LATE, MOST_UNITS, MOST_SOURCES = 6, 7, 6, 8, 9


def blocks(desk: Desk, tally: Tally, trend: Trend, unit: str = "") -> Iterator[Row]:
    """The page of the whole organisation, or of one unit."""
    for kind, *cells in _page(desk, tally, trend, unit):
        yield [unit, kind, *cells, *[None] * (len(SUMMARY_COLUMNS) - 2 - len(cells))]


def _page(desk: Desk, tally: Tally, trend: Trend, unit: str) -> Iterator[Sequence[object]]:
    say = desk.say
    title = say("Avvikelserapport", "Exception report")
    who = f"{desk.config.organisation.name}, {unit}" if unit else desk.config.organisation.name
    yield (
        "title",
        f"{title} {texts.month(desk.run.period, desk.language)}",
        say(
            f"{who}. Läget per {desk.today}. Ett underlag: en handläggare bedömer och leverantören ska höras före beslut.",
            f"{who}. As of {desk.today}. A basis: a person decides, and the supplier is heard before a decision.",
        ),
    )
    if tally.simulated:
        yield (
            "simulated",
            say(
                f"SIMULERADE KÄLLOR ({tally.simulated}): svaren är påhittade och gäller inga verkliga företag",
                f"SIMULATED SOURCES ({tally.simulated}): the answers are made up and concern no real company",
            ),
        )
    yield from _tiles(desk, tally)
    yield from _new_or_worse(desk, tally)
    yield from _not_checked(desk, tally)
    yield from _overdue(desk, tally)
    yield ("heading", say("Alla stående flaggor i diagram", "All standing flags in charts"), FLAGS.name)
    yield from _months(desk, tally, trend.get(unit, ()))
    yield from _units(desk, tally)
    yield from _sources(desk, tally)
    yield from _severities(desk, tally)


def _tiles(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    """The three answers in a figure each, and how much there is in all."""
    say = desk.say
    sek = sum({line.supplier_id: line.sek for line in tally.fresh}.values(), Decimal(0))
    note = say(
        f"flaggor; köpt för {texts.kronor_short(sek, 'sv')} av dem de gäller",
        f"flags; {texts.kronor_short(sek, 'en')} went to whom they concern",
    )
    yield ("tile", say("1  Nytt eller värre", "1  New or worse"), tally.new_or_worse, note, "")
    left = tally.in_scope - tally.checked - tally.outside
    note = say(
        f"leverantörer; {tally.checked} av {tally.in_scope} är helt kontrollerade",
        f"suppliers; {tally.checked} of {tally.in_scope} are fully checked",
    )
    yield ("tile", say("2  Kunde inte kontrolleras", "2  Could not be checked"), left, note, "")
    note = say("flaggor och begärda handlingar vars dag har passerat", "flags and documents past their day")
    yield ("tile", say("3  Försenat", "3  Overdue"), tally.late_flags, note, "warning" if tally.late_flags else "")
    critical = sum(tally.by_severity["critical", fresh] for fresh in (True, False))
    note = say(
        f"varav {critical} {texts.SEVERITY['critical'][0]}; {tally.settled} godtagna; {tally.ended} avslutade nu",
        f"of them {critical} {texts.SEVERITY['critical'][1]}; {tally.settled} accepted; {tally.ended} closed now",
    )
    yield ("tile", say("Alla stående flaggor", "All standing flags"), tally.standing, note, "")


# --- 1. new or worse --------------------------------------------------------------------------------------------------
def _new_or_worse(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    say = desk.say
    yield (
        "heading",
        say("1  Vad är nytt eller värre? Störst belopp först", "1  What is new or worse? Most money first"),
        FLAGS.name,
    )
    yield ("text", _money(desk, tally))
    by_supplier: defaultdict[str, list[Line]] = defaultdict(list)
    for line in sorted(tally.fresh, key=lambda line: line.weight):
        by_supplier[line.supplier_id].append(line)
    if not by_supplier:
        yield ("text", say("Inget är nytt eller värre sedan förra gången.", "Nothing is new or worse since last time."))
        return
    yield (
        "news_head",
        say("Leverantör", "Supplier"),
        say("Iakttagelse", "Observation"),
        say("Enhet", "Unit"),
        say("Köpt 12 mån", "Bought 12 m"),
    )
    order = sorted(by_supplier.values(), key=lambda lines: (-lines[0].sek, lines[0].weight))
    for lines in order[:MOST_LINES]:
        first = lines[0]
        unit = ", ".join(sorted({name for line in lines for name in line.unit.split(", ")}))
        yield ("news", first.supplier, _said(desk, lines), unit, money(first.sek), first.finding.finding_id)
    if (more := len(order) - MOST_LINES) > 0:
        yield (
            "text",
            say(
                f"… och {more} {'leverantör' if more == 1 else 'leverantörer'} till i bladet {FLAGS.name}, Status Ny eller Värre.",
                f"… and {more} more {'supplier' if more == 1 else 'suppliers'} in the sheet {FLAGS.name}.",
            ),
        )


def _money(desk: Desk, tally: Tally) -> str:
    """The share of the money that was checked, and how many flags can be acted on soon."""
    share = texts.share(tally.checked_sek, tally.sek)
    sentence = desk.say(
        f"De fullständigt kontrollerade leverantörerna står för {share} av de {texts.kronor_short(tally.sek, 'sv')} som köpts på 12 månader.",
        f"The suppliers fully checked stand for {share} of the {texts.kronor_short(tally.sek, 'en')} bought in 12 months.",
    )
    if (soon := len(tally.soon)) > 0:
        one = soon == 1
        sentence += desk.say(
            f" ► {soon} flaggad{'' if one else 'e'} leverantör{'' if one else 'er'} har avtal som slutar eller option att besluta inom {SOON_DAYS} dagar: filtrera {NOTICES.name} på Avtal.",
            f" ► {soon} flagged supplier{'' if one else 's'} {'has' if one else 'have'} a contract that ends, or an option due, within {SOON_DAYS} days: filter {NOTICES.name} on Contract.",
        )
    return sentence


def _said(desk: Desk, lines: Sequence[Line]) -> str:
    """The worst flag of a supplier, how many more there are, and what makes it urgent."""
    first = lines[0]
    text = (
        f"{texts.SYMBOL[first.severity]} {texts.word(texts.SEVERITY, first.severity, desk.language)}: {first.observed}"
    )
    if more := len(lines) - 1:
        text += desk.say(f" Och {more} till.", f" And {more} more.")
    if first.newcomer:
        text += f" ★ {texts.word(texts.NOTICE, 'new_supplier', desk.language)}."
    soon = list(dict.fromkeys(item for line in lines for item in line.soon))
    if soon:
        text += f" ► {soon[0]}{' …' if len(soon) > 1 else '.'}"
    return text


# --- 2. what could not be checked -------------------------------------------------------------------------------------
def _not_checked(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    say = desk.say
    heading = say("2  Vad kunde inte kontrolleras, och varför?", "2  What could not be checked, and why?")
    yield ("heading", heading, UNKNOWNS.name)
    left = tally.in_scope - tally.checked - tally.outside
    outside = ""
    if tally.outside:
        outside = say(
            f" Därutöver omfattas {tally.outside} av ingen profil.", f" Besides, {tally.outside} are under no profile."
        )
    if not left:
        text = say("Alla leverantörer är fullständigt kontrollerade.", "Every supplier is fully checked.")
        yield ("text", text + outside)
        return
    one = left == 1
    sek = texts.kronor_short(tally.sek - tally.checked_sek, desk.language)
    yield (
        "text",
        say(
            f"{left} {'leverantör' if one else 'leverantörer'} ({sek}) är inte fullständigt kontrollerad{'' if one else 'e'}. "
            f"De kan ha brister som ingen har sett och räknas aldrig som godkända.{outside}",
            f"{left} {'supplier is' if one else 'suppliers are'} ({sek}) not fully checked. "
            f"They may have flags nobody has seen; they never count as clean.{outside}",
        ),
    )
    yield (
        "why_head",
        say("Saknas", "Missing"),
        say("Leverantörer", "Suppliers"),
        say("Köpt 12 mån", "Bought 12 m"),
        say("Varför, och vad som ska göras", "Why, and what to do"),
    )
    order = sorted(tally.why_not.items(), key=lambda item: (-len(item[1]), item[0]))
    for (thing, reason), suppliers in order[:MOST_REASONS]:
        yield (
            "why",
            texts.word(texts.KIND, thing, desk.language),
            len(suppliers),
            money(sum(suppliers.values(), Decimal(0))),
            " ".join(because(reason, desk.language)),
        )
    if rest := order[MOST_REASONS:]:
        everyone = {key: sek for _reason, suppliers in rest for key, sek in suppliers.items()}
        more = say(f"{len(rest)} skäl till; se bladet.", f"{len(rest)} more reasons; see the sheet.")
        yield ("why", say("Övrigt", "Other"), len(everyone), money(sum(everyone.values(), Decimal(0))), more)


# --- 3. what is overdue -----------------------------------------------------------------------------------------------
LATE: dict[What, tuple[str, str, str, str]] = {
    "overdue": ("flagga skulle ha handlagts", "flaggor skulle ha handlagts", "flag past its day", "flags past their day"),
    "reply_overdue": ("svar från leverantör har inte kommit", "svar från leverantörer har inte kommit", "reply late", "replies late"),
    "expired": ("godkännande har gått ut", "godkännanden har gått ut", "acceptance expired", "acceptances expired"),
    "document": ("begärd handling har inte kommit", "begärda handlingar har inte kommit", "document late", "documents late"),
}  # fmt: skip


def _overdue(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    say = desk.say
    yield ("heading", say("3  Vad är försenat?", "3  What is overdue?"), FLAGS.name)
    counts = Counter(item.what for item in tally.late)
    if not counts:
        yield ("text", say("Inget är försenat.", "Nothing is overdue."))
        return
    english = desk.language == "en"
    parts = [f"{counts[what]} {LATE[what][2 * english + (counts[what] != 1)]}" for what in LATE if counts[what]]
    yield ("text", f"{', '.join(parts)}.")
    yield (
        "late_head",
        say("Leverantör", "Supplier"),
        say("Vad", "What"),
        say("Enhet", "Unit"),
        say("Senast", "Due"),
    )
    chosen = sorted(tally.late, key=lambda item: item.weight)
    for item in chosen[:MOST_LATE]:
        finding_id = item.line.finding.finding_id if item.line else None
        yield ("late", item.supplier, _late(desk, item), item.unit, item.due.isoformat(), finding_id)
    if (more := len(chosen) - MOST_LATE) > 0:
        word = texts.word(texts.NOTICE, "overdue", desk.language)
        yield (
            "text",
            say(f"… och {more} till: filtrera {NOTICES.name} på {word}.", f"… and {more} more: filter {NOTICES.name}."),
        )


def _late(desk: Desk, item: Late) -> str:
    if item.line is None:
        return desk.say("Handling: ", "Document: ") + texts.word(texts.KIND, item.text, desk.language)
    level = texts.word(texts.SEVERITY, item.line.severity, desk.language)
    why = "" if item.what == "overdue" else f"{texts.word(texts.NOTICE, item.what, desk.language)}. "
    return f"{texts.SYMBOL[item.line.severity]} {level}: {why}{item.text}"


# --- what the charts read ---------------------------------------------------------------------------------------------
def _months(desk: Desk, tally: Tally, before: Sequence[tuple[str, Counts]]) -> Iterator[Sequence[object]]:
    """Standing flags by severity, month by month, this one last."""
    words = [texts.word(texts.SEVERITY, severity, desk.language) for severity in SEVERITIES]
    yield ("month", desk.say("Månad", "Month"), *words, desk.say("Flaggor per månad", "Flags by month"))
    now: Counts = {
        severity: sum(tally.by_severity[severity, fresh] for fresh in (True, False)) for severity in SEVERITIES
    }
    for period, counts in [*before, (desk.run.period, now)]:
        yield ("month", period, *(counts[severity] for severity in SEVERITIES))


def _units(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    say = desk.say
    totals: Counter[str] = Counter()
    for (unit, _fresh), count in tally.by_unit.items():
        totals[unit] += count
    yield ("unit", say("Enhet", "Unit"), *_figures(desk), None, say("Flaggor per enhet", "Flags by unit"))
    order = sorted(totals, key=lambda unit: (-totals[unit], unit))
    shown, rest = order[:MOST_UNITS], order[MOST_UNITS:]
    for unit in shown:
        yield ("unit", unit, totals[unit], tally.by_unit[unit, True], tally.by_unit[unit, False])
    if rest:
        fresh, old = (sum(tally.by_unit[unit, new] for unit in rest) for new in (True, False))
        yield ("unit", say("Övriga enheter", "Other units"), fresh + old, fresh, old)


def _sources(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    """Of the suppliers whose rules need a source: how many it gave something to judge by."""
    say = desk.say
    yield (
        "source",
        say("Källa eller handling", "Source or document"),
        say("Behövs för", "Needed for"),
        say("Underlag finns", "Answered"),
        say("Underlag saknas", "Missing"),
        None,
        say("Täckning per källa", "Coverage by source"),
    )
    order = sorted(tally.needed, key=lambda name: (-tally.missing[name], -tally.needed[name], name))
    shown, rest = order[:MOST_SOURCES], order[MOST_SOURCES:]
    for name in shown:
        yield ("source", name, tally.needed[name], tally.needed[name] - tally.missing[name], tally.missing[name])
    if rest:
        needed, missing = (sum(counts[name] for name in rest) for counts in (tally.needed, tally.missing))
        yield ("source", say("Övriga källor", "Other sources"), needed, needed - missing, missing)


def _severities(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    """Also what later months read their trend from."""
    say = desk.say
    yield ("severity", say("Allvarlighet", "Severity"), *_figures(desk), None, say("Flaggor per allvarlighet", "Flags by severity"))  # fmt: skip
    for severity in SEVERITIES:
        fresh, old = tally.by_severity[severity, True], tally.by_severity[severity, False]
        yield ("severity", texts.word(texts.SEVERITY, severity, desk.language), fresh + old, fresh, old)


def _figures(desk: Desk) -> tuple[str, str, str]:
    return desk.say("Alla", "All"), desk.say("Nya/värre", "New/worse"), desk.say("Kvarstår", "Remaining")
