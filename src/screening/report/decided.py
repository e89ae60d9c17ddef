"""Rows of *Körning* about decisions: how many hold, have run out or were outgrown, and those that match no flag any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from screening.decisions import in_time
from screening.decisions.listing import WORDS, State
from screening.report.desk import Desk

Row = list[object]
MOST = 50
ORDER: tuple[State, ...] = ("accepted", "false_hit", "open", "not_done", "expired", "outgrown", "closed", "gone")
KINDS: dict[State, tuple[str, str]] = {
    "accepted": ("Godtagna förklaringar", "Accepted explanations"),
    "false_hit": ("Falska träffar", "False hits"),
    "open": ("Övriga beslut", "Other decisions"),
    "not_done": ("Åtgärdade", "Put right"),
    "expired": ("Godtagna eller falska", "Accepted or false"),
    "outgrown": ("Godtagna eller falska", "Accepted or false"),
    "closed": ("Beslut om avslutade flaggor", "Decisions on closed flags"),
    "gone": ("Beslut utan flagga", "Decisions without a flag"),
}


def rows(desk: Desk) -> Iterator[Row]:
    """A count for each state, then every acceptance in force that matches no flag of this run."""
    flags = {flag.finding_id: flag for flags in desk.flags.values() for flag in flags}
    ended = {flag.finding_id for flags in desk.ended.values() for flag in flags}
    counts: Counter[State] = Counter()
    gone = []
    for finding_id, decision in sorted(desk.decisions.items()):
        flag = flags.get(finding_id)
        if flag is not None:
            counts[flag.handled] += 1
        elif finding_id in ended:
            counts["closed"] += 1
        else:
            counts["gone"] += 1
            gone += [decision] if in_time(decision, desk.run.as_of) else []
    head, english = desk.say("Beslut", "Decisions"), desk.language == "en"
    for state in ORDER:
        if counts[state]:
            yield [head, KINDS[state][english], str(counts[state]), WORDS[state][english]]
    for decision in gone[:MOST]:
        until = f"{desk.say('t.o.m.', 'until')} {decision.until}" if decision.until else ""
        told = " ".join(filter(None, (decision.assessment, until, decision.by, decision.diary)))
        yield [head, decision.finding_id, WORDS["gone"][english], told]
    if len(gone) > MOST:
        more = desk.say(f"och {len(gone) - MOST} till: screening decisions list", f"and {len(gone) - MOST} more")
        yield [head, "…", WORDS["gone"][english], more]
