"""Nämndrapport: the figures for board and internal control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from screening.decisions import FALSE_HIT
from screening.decisions.columns import ASSESSMENTS
from screening.model import SEVERITIES
from screening.report import sample as samples
from screening.report import texts
from screening.report.desk import Desk
from screening.report.tally import AGES, Tally
from screening.report.trend import Trend
from screening.report.working import Row


def board(desk: Desk, tally: Tally, trend: Trend) -> Iterator[Row]:
    """Checked, flagged, decided, open by age, hits per rule, coverage by source, earlier months and samples."""
    yield from _checked(desk, tally)
    yield from _flagged(desk, tally)
    yield from _handled(desk, tally)
    yield from _rules(desk)
    yield from _sources(desk, tally)
    yield from _months(desk, trend)
    yield from samples.board(desk)


def _checked(desk: Desk, tally: Tally) -> Iterator[Row]:
    say = desk.say
    area = say("Kontrollerat", "Checked")
    whole = texts.kronor_short(tally.sek, desk.language)
    yield [area, say("Leverantörer i omfattningen", "Suppliers in scope"), tally.in_scope, say(f"köpt för {whole} på 12 månader", f"{whole} bought in 12 months")]  # fmt: skip
    share, money = texts.share(tally.checked, tally.in_scope), texts.share(tally.checked_sek, tally.sek)
    yield [
        area,
        say("Fullständigt kontrollerade", "Fully checked"),
        tally.checked,
        say(f"{share} av leverantörerna, {money} av det som köpts", f"{share} of suppliers, {money} of money spent"),
    ]
    left = tally.in_scope - tally.checked - tally.outside
    yield [area, say("Ej fullständigt kontrollerade", "Not fully checked"), left, ""]
    if tally.outside:
        yield [area, say("Utanför alla profiler", "Under no profile"), tally.outside, ""]


def _flagged(desk: Desk, tally: Tally) -> Iterator[Row]:
    say = desk.say
    area = say("Flaggor", "Flags")
    for severity in SEVERITIES:
        fresh, old = tally.by_severity[severity, True], tally.by_severity[severity, False]
        comment = say(f"{fresh} nya eller värre, {old} kvarstår", f"{fresh} new or worse, {old} remaining")
        yield [area, texts.word(texts.SEVERITY, severity, desk.language), fresh + old, comment]
    yield [area, say("Avslutade sedan förra körningen", "Closed since the last run"), tally.ended, ""]
    deep = say("Leverantörer som kan ge skäl för fördjupad kontroll", "Suppliers that may call for a deeper check")
    yield [area, deep, tally.states["deep"], say("flaggorna vägda tillsammans", "the flags weighed together")]


def _handled(desk: Desk, tally: Tally) -> Iterator[Row]:
    """What people have decided, what is open and how old it is, and what is overdue."""
    say = desk.say
    area = say("Bedömt", "Decided")
    decided = sum(tally.decided.values())
    comment = say(
        f"{texts.share(decided, tally.standing)} av stående flaggor", f"{texts.share(decided, tally.standing)} of standing flags"
    )  # fmt: skip
    yield [area, say("Stående flaggor med bedömning", "Standing flags with an assessment"), decided, comment]
    for assessment in ASSESSMENTS:
        if tally.decided[assessment]:
            yield [area, assessment, tally.decided[assessment], ""]
    area = say("Öppna efter ålder", "Open by age")
    since = 0
    for group, most in enumerate(AGES):
        yield [area, say(f"{since}–{most} dagar", f"{since}–{most} days"), tally.ages[group], ""]
        since = most + 1
    yield [area, say(f"Mer än {AGES[-1]} dagar", f"More than {AGES[-1]} days"), tally.ages[len(AGES)], ""]
    area = say("Försenat", "Overdue")
    yield [
        area,
        say("Flaggor vars dag för handläggning har passerat", "Flags past their day"),
        tally.overdue("overdue"),
        "",
    ]
    yield [area, say("Svar från leverantörer som inte har kommit", "Replies late"), tally.overdue("reply_overdue"), ""]
    yield [area, say("Godkännanden som har gått ut", "Acceptances expired"), tally.overdue("expired"), ""]
    yield [area, say("Begärda handlingar som inte har kommit", "Documents late"), tally.overdue("document"), ""]


def _rules(desk: Desk) -> Iterator[Row]:
    """Hits of those judged, and how many of those that people have decided on were no hits."""
    say = desk.say
    decided: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for finding_id, decision in desk.decisions.items():
        rule = finding_id.rsplit("-", 1)[0]
        decided[rule] += bool(decision.assessment)
        false[rule] += decision.assessment == FALSE_HIT
    for name, counts in sorted(desk.store.coverage(desk.run.id).items()):
        hits = counts.get("flag", 0)
        share = texts.share(hits, hits + counts.get("clear", 0))
        comment = say(
            f"{share} av {hits + counts.get('clear', 0)} bedömda", f"{share} of {hits + counts.get('clear', 0)} judged"
        )
        if unknown := counts.get("unknown", 0):
            comment += say(f"; {unknown} ej bedömbara", f"; {unknown} not assessable")
        if decided[name]:
            comment += say(
                f"; {false[name]} av {decided[name]} handlagda var falsk träff",
                f"; {false[name]} of {decided[name]} handled were false hits",
            )
        yield [say("Träffar per regel", "Hits per rule"), f"{name} {desk.words.title(name)}", hits, comment]


def _sources(desk: Desk, tally: Tally) -> Iterator[Row]:
    for name in sorted(tally.needed):
        needed, missing = tally.needed[name], tally.missing[name]
        comment = desk.say(
            f"{texts.share(needed - missing, needed)} av {needed} leverantörer som behöver den",
            f"{texts.share(needed - missing, needed)} of {needed} suppliers that need it",
        )
        yield [desk.say("Täckning per källa", "Coverage by source"), name, needed - missing, comment]


def _months(desk: Desk, trend: Trend) -> Iterator[Row]:
    for period, counts in trend.get("", ()):
        parts = [f"{counts[severity]} {texts.word(texts.SEVERITY, severity, desk.language)}" for severity in SEVERITIES]
        area = desk.say("Stående flaggor tidigare", "Standing flags before")
        yield [area, texts.month(period, desk.language), sum(counts.values()), ", ".join(parts)]
