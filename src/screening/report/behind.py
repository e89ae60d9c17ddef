"""Rows of Underlag: behind every standing flag the values seen, and each answer with its source, times and hash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from screening.identity import mask_text
from screening.model import Finding
from screening.report import texts
from screening.report.desk import Case, Desk
from screening.report.working import Row
from screening.rules import texts as rule_texts
from screening.rules import words


def behind(desk: Desk, case: Case, finding: Finding) -> Iterator[Row]:
    """One row per answer behind the flag; one in all where it rests on none."""
    for number, fact in enumerate(finding.facts or ({},)):
        yield [
            finding.finding_id,
            finding.rule,
            case.name,
            case.number,
            case.own_numbers,
            "\n".join(desk.by_unit(case, finding.contracts)),
            _values(desk, finding) if number == 0 else "",
            texts.word(texts.KIND, _text(fact, "kind"), desk.language),
            mask_text(words.key(_text(fact, "scope_key"), desk.language)),
            _source(desk, fact),
            texts.word(texts.ORIGIN, _text(fact, "origin"), desk.language),
            _text(fact, "as_of")[:10] or None,
            _moment(fact, "fetched_at"),
            _moment(fact, "confirmed_at"),
            mask_text(_text(fact, "request_ref")),
            _text(fact, "raw_sha256"),
        ]


def _values(desk: Desk, finding: Finding) -> str:
    rule = desk.words.rules.get(finding.rule)
    lines = sorted(
        f"{words.field(name, desk.language, rule.table if rule else None)}: {rule_texts.written(name, value, desk.language)}"
        for name, value in finding.evidence.items()
        if name != "variant"
    )
    return mask_text("\n".join(lines))


def _source(desk: Desk, fact: Mapping[str, object]) -> str:
    title = desk.source(_text(fact, "source"))
    return f"{title} {desk.say('(simulerad)', '(simulated)')}" if fact.get("simulated") else title


def _text(fact: Mapping[str, object], name: str) -> str:
    return str(fact.get(name) or "")


def _moment(fact: Mapping[str, object], name: str) -> str:
    """``2026-11-30T05:30:00+00:00`` as ``2026-11-30 05:30``; the column says that it is UTC."""
    return _text(fact, name)[:16].replace("T", " ")
