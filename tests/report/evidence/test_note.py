"""The page for the file: one A4 whatever comes from outside, nothing fetched, nothing run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from screening.model import Contract, Finding, Value
from screening.report.evidence import Evidence
from screening.report.evidence.note import _SIZES, ROOM, _body, page
from screening.store import Decision

Gathered = Callable[..., Evidence]
LONG = "Långa leden på en väldigt vindlande väg som aldrig tar slut " * 40


def long_words(evidence: Mapping[str, Value]) -> dict[str, Value]:
    """Every plain text as long as it may come; what is written as JSON stays."""
    return {
        name: LONG if isinstance(value, str) and not value.startswith(("[", "{")) else value
        for name, value in evidence.items()
    }


def worst(evidence: Evidence) -> Evidence:
    """The evidence with everything as long and as much as it may come."""
    decision = Decision(finding_id="x", by=LONG, assessment=LONG, reason=LONG, until=date(2027, 1, 1), diary=LONG, at=datetime(2026, 12, 1, tzinfo=UTC))  # fmt: skip
    supplier = replace(evidence.supplier, name=LONG, supplier_numbers=(LONG, LONG))
    contracts = tuple(Contract(id=f"{number} {LONG}", title=LONG, diary_number=LONG) for number in range(30))
    findings = tuple(
        replace(item, evidence=long_words(item.evidence), scope_key=LONG, contracts=())
        for item in evidence.findings * 9
    )
    return replace(
        evidence,
        supplier=supplier,
        contracts=contracts,
        findings=findings,
        decisions=(decision,) * 9,
        facts=evidence.facts * 9,
    )


@pytest.fixture
def evidence(gathered: Gathered, flags: list[Finding]) -> Evidence:
    """Of the supplier with most flags."""
    ids = [item.supplier_id for item in flags]
    return gathered(max(ids, key=ids.count))


def test_it_fits_one_page_whatever_comes(evidence: Evidence, gathered: Gathered, flags: list[Finding]) -> None:
    """Texts are cut until it does."""
    for one in (evidence, worst(evidence), worst(gathered(flags[0].finding_id))):
        assert min(_body(one, one.words, size, LONG).lines for size in _SIZES) <= ROOM
        assert len(page(one, "0" * 64, case=LONG)) < 12_000


def test_one_flag_is_told_whole(gathered: Gathered, flags: list[Finding]) -> None:
    """What was seen, source and date, law, action, what else it may be due to, seal, and where to sign."""
    found = gathered(flags[0].finding_id)
    text = re.sub(r"<[^>]+>", " ", page(found, "f" * 64, case="KS 2026/17"))
    for part in ("KS 2026/17", "Sett", "Källa", "Lagrum", "Föreslagen åtgärd", "Kan bero på", "Underskrift", "f" * 64, "M-2026-11-1"):  # fmt: skip
        assert part in text, part


def test_nothing_is_run_or_fetched(evidence: Evidence) -> None:
    """Whatever a name says."""
    nasty = '<script>alert(1)</script><img src="http://x/y.png" onerror=alert(1)>&amp;"\''
    found = replace(evidence, supplier=replace(evidence.supplier, name=nasty))
    text = page(found, "0" * 64, case=nasty)
    assert "&lt;script&gt;" in text
    assert not re.search(r"<(script|img|a|link|iframe|object|svg)\b", text)
    assert not re.search(r'(src|href|style)\s*=\s*["\']?\s*(http|//|data:|javascript:)', text)
    assert "url(" not in text
    assert "@import" not in text


def test_a_supplier_without_flags_facts_or_number(evidence: Evidence) -> None:
    """Says so, with a line for the diary number."""
    plain = replace(
        evidence, findings=(), facts=(), unknowns=(), supplier=replace(evidence.supplier, identity=None), run=replace(evidence.run, case="")
    )  # fmt: skip
    text = page(plain, "0" * 64)
    assert "Inga flaggor stod" in text
    assert "okänt nummer" in text
    assert "_____" in text


def test_english(evidence: Evidence) -> None:
    """By the run's own language."""
    config: Any = evidence.past.config
    english = config.model_copy(update={"report": config.report.model_copy(update={"language": "en"})})
    text = page(replace(evidence, past=replace(evidence.past, config=english)), "0" * 64, in_clear=True)
    assert '<html lang="en">' in text
    assert "Official note" in text
    assert "Raw answers may hold" in text
