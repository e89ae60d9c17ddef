"""The stories for readers: a table for people, and expectations for the end-to-end test."""

from __future__ import annotations

from collections.abc import Mapping

from generator.contracts import number_in_files
from generator.firms import Firm
from generator.stories import STORIES, Expect

EXPECTED_HEAD = """\
# What the reports of September, October and November 2026 should say. Made by make_sample.py from generator/stories.py.
#
# number    as in the buyer's files (a personal number for a sole trader; the wrong one where that is the story; empty: none)
# outcome   flag | clear | unknown | not_applicable; quiet: anything but a flag; empty: only the status is told
# severity, status, reason   only where the story decides them
#
# An outcome that is not listed is not expected to be anything in particular; but a firm without a story is in order, and
# in every month at least `in_order_share` of the suppliers in scope have no flag.
in_order_share = 0.70
"""
STORIES_HEAD = """\
# The stories of Sjövika

Made by `make_sample.py` from `generator/stories.py`. Every supplier that is not here is in order in all three months.
`+` flag, `-` clear, `?` not possible to judge, `.` does not apply, `(-)` anything but a flag. The same expectations stand in
`expected.toml`, which the end-to-end test reads.

| supplier | what happens | September | October | November |
|---|---|---|---|---|
"""
MARKS = {"flag": "+", "clear": "-", "unknown": "?", "not_applicable": ".", "quiet": "(-)", "": ""}


def as_toml(firms: Mapping[str, Firm]) -> str:
    """``expected.toml``."""
    parts = [EXPECTED_HEAD]
    for story in STORIES:
        parts.append(f"\n# {story.firm}: {story.tells}")
        for expect in story.expects:
            pairs = {"supplier": story.firm, "number": number_in_files(firms[story.firm]), "period": expect.period}
            pairs |= {"rule": expect.rule, "outcome": expect.outcome}
            pairs |= {key: value for key in ("severity", "status", "reason") if (value := getattr(expect, key))}
            parts.append("[[expect]]")
            parts += [f'{key} = "{value}"' for key, value in pairs.items()]
    return "\n".join(parts) + "\n"


def as_markdown(firms: Mapping[str, Firm]) -> str:
    """``STORIES.md``."""
    lines = [STORIES_HEAD.rstrip("\n")]
    for story in STORIES:
        cells = [", ".join(_cell(e) for e in story.expects if e.period.endswith(month)) for month in ("09", "10", "11")]
        firm = firms[story.firm]
        shown = f"{firm.name} ({firm.service})"
        lines.append(f"| {shown} | {story.tells} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(expect: Expect) -> str:
    more = " ".join(filter(None, (expect.severity, expect.status, expect.reason)))
    return f"{MARKS[expect.outcome]}{expect.rule}" + (f" ({more})" if more else "")
