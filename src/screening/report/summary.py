"""The first page as blocks: how much was checked and why not the rest, what cannot wait, what is new, and by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from screening.model import SEVERITIES
from screening.report import texts
from screening.report.desk import Desk
from screening.report.layout import FLAGS, SUMMARY_COLUMNS, UNKNOWNS
from screening.report.ruletexts import because
from screening.report.tally import Line, Tally
from screening.report.working import Row, money

MOST_REASONS, MOST_LINES, MOST_UNITS = 6, 7, 8


def blocks(desk: Desk, tally: Tally, unit: str = "") -> Iterator[Row]:
    """The page of the whole organisation, or of one unit."""
    for kind, *cells in _page(desk, tally, unit):
        yield [unit, kind, *cells, *[None] * (len(SUMMARY_COLUMNS) - 2 - len(cells))]


def _page(desk: Desk, tally: Tally, unit: str) -> Iterator[Sequence[object]]:
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
    yield from _checked(desk, tally)
    heading = say(
        "Kan inte vänta: före nästa betalningsfil eller tilldelning",
        "Cannot wait: before the next payment file or award",
    )
    nothing = say(
        "Inga stående flaggor som måste hanteras före nästa betalning.",
        "No standing flag has to be handled before the next payment.",
    )
    yield from _lines(desk, "urgent", heading, nothing, tally.urgent)
    heading = say("I övrigt nytt eller värre, störst belopp först", "Otherwise new or worse, most money first")
    nothing = say(
        "Inget i övrigt är nytt eller värre sedan förra körningen.", "Nothing else is new or worse since the last run."
    )
    by_money = sorted(tally.fresh, key=lambda line: (-line.sek, line.weight))
    yield from _lines(desk, "news", heading, nothing, by_money, ordered=True)
    yield ("heading", say("Alla stående flaggor", "All standing flags"), FLAGS.name)
    yield from _small_tables(desk, tally)


def _tiles(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    say = desk.say
    of = say(f"{tally.checked} av {tally.in_scope}", f"{tally.checked} of {tally.in_scope}")
    note = say(
        f"leverantörer; de står för {texts.share(tally.checked_sek, tally.sek)} av det som köpts",
        f"suppliers; {texts.share(tally.checked_sek, tally.sek)} of the money",
    )
    yield ("tile", say("Fullständigt kontrollerade", "Fully checked"), of, note, "")
    tone = "warning" if tally.urgent else ""
    note = say("konkurs, F-skatt eller annat kritiskt", "bankruptcy, F-tax or else critical")
    yield ("tile", say("Kan inte vänta", "Cannot wait"), len(tally.urgent), note, tone)
    note = say(
        f"av {tally.standing} stående flaggor; {tally.ended} {'avslutad' if tally.ended == 1 else 'avslutade'}",
        f"of {tally.standing} standing flags; {tally.ended} closed",
    )
    yield ("tile", say("Nya eller värre", "New or worse"), tally.new_or_worse, note, "")
    tone = "warning" if tally.overdue else ""
    note = say("flaggor vars sista dag har passerat", "flags past their last day")
    yield ("tile", say("Borde redan vara handlagda", "Overdue"), tally.overdue, note, tone)


def _checked(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    say = desk.say
    yield (
        "heading",
        say("Vad som inte kunde kontrolleras, och varför", "What could not be checked, and why"),
        UNKNOWNS.name,
    )
    left = tally.in_scope - tally.checked - tally.outside
    outside = ""
    if tally.outside:
        outside = say(
            f" Därutöver omfattas {tally.outside} av ingen profil.", f" Besides, {tally.outside} are under no profile."
        )
    if not left:
        yield (
            "text",
            say(
                "Alla leverantörer i profilerna är fullständigt kontrollerade.",
                "Every supplier in the profiles is fully checked.",
            )
            + outside,
        )
        return
    one = left == 1
    yield (
        "text",
        say(
            f"{left} {'leverantör är inte fullständigt kontrollerad' if one else 'leverantörer är inte fullständigt kontrollerade'}. "
            f"De kan ha brister som ingen har sett och räknas aldrig som godkända.{outside}",
            f"{left} {'supplier is' if one else 'suppliers are'} not fully checked. "
            f"They may have flags nobody has seen; they never count as clean.{outside}",
        ),
    )
    yield (
        "why_head",
        say("Saknas", "Missing"),
        say("Leverantörer", "Suppliers"),
        say("Varför, och vad som ska göras", "Why, and what to do"),
    )
    order = sorted(tally.why_not.items(), key=lambda item: (-len(item[1]), item[0]))
    for (thing, reason), suppliers in order[:MOST_REASONS]:
        yield (
            "why",
            texts.word(texts.KIND, thing, desk.language),
            len(suppliers),
            " ".join(because(reason, desk.language)),
        )
    if rest := order[MOST_REASONS:]:
        everyone = set().union(*(suppliers for _key, suppliers in rest))
        yield (
            "why",
            say("Övrigt", "Other"),
            len(everyone),
            say(f"{len(rest)} skäl till; se bladet.", f"{len(rest)} more reasons; see the sheet."),
        )


def _lines(
    desk: Desk, kind: str, heading: str, nothing: str, lines: Iterable[Line], *, ordered: bool = False
) -> Iterator[Sequence[object]]:
    say = desk.say
    chosen = list(lines) if ordered else sorted(lines, key=lambda line: line.weight)
    yield ("heading", heading, FLAGS.name)
    if not chosen:
        yield ("text", nothing)
        return
    yield (
        f"{kind}_head",
        say("Leverantör", "Supplier"),
        say("Iakttagelse", "Observation"),
        say("Enhet", "Unit"),
        say("Köpt 12 mån", "Bought 12 m"),
    )
    for line in chosen[:MOST_LINES]:
        mark = "★ " if line.fresh and kind == "urgent" else ""
        level = texts.word(texts.SEVERITY, line.severity, desk.language)
        said = f"{mark}{texts.SYMBOL[line.severity]} {level}: {line.observed}"
        yield (kind, line.supplier, said, line.unit, money(line.sek))
    if (more := len(chosen) - MOST_LINES) > 0:
        yield (
            "text",
            say(f"… och {more} till i bladet {FLAGS.name}.", f"… and {more} more in the sheet {FLAGS.name}."),
        )


def _small_tables(desk: Desk, tally: Tally) -> Iterator[Sequence[object]]:
    say = desk.say
    figures = (say("Alla", "All"), say("Nya/värre", "New/worse"), say("Kvarstår", "Remaining"))
    yield (
        "severity",
        say("Allvarlighet", "Severity"),
        *figures,
        None,
        say("Flaggor per allvarlighet", "Flags by severity"),
    )
    for severity in SEVERITIES:
        fresh, old = tally.by_severity[severity, True], tally.by_severity[severity, False]
        yield ("severity", texts.word(texts.SEVERITY, severity, desk.language), fresh + old, fresh, old)
    totals: Counter[str] = Counter()
    for (unit, _fresh), count in tally.by_unit.items():
        totals[unit] += count
    yield ("unit", say("Enhet", "Unit"), *figures, None, say("Flaggor per enhet", "Flags by unit"))
    order = sorted(totals, key=lambda unit: (-totals[unit], unit))
    shown, rest = order[:MOST_UNITS], order[MOST_UNITS:]
    for unit in shown:
        yield ("unit", unit, totals[unit], tally.by_unit[unit, True], tally.by_unit[unit, False])
    if rest:
        fresh, old = (sum(tally.by_unit[unit, new] for unit in rest) for new in (True, False))
        yield ("unit", say("Övriga enheter", "Other units"), fresh + old, fresh, old)
