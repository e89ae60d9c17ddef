"""What is gathered behind a flag and about a supplier: the run's own rules, facts, law, decisions and log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from screening.errors import UsageError
from screening.model import Finding
from screening.report.evidence import Evidence
from screening.store import Decision
from screening.workspace import Workspace

Gathered = Callable[..., Evidence]
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)


def test_a_flag_has_the_facts_of_its_own_verdict(gathered: Gathered, flags: list[Finding]) -> None:
    """Every flag that stands: the facts that it names, with the same hashes."""
    for flag in flags:
        found = gathered(flag.finding_id)
        assert found.finding == flag
        assert {fact.provenance.raw_sha256 for fact, _ids in found.facts} == {
            str(item["raw_sha256"]) for item in flag.facts
        }
        assert all(ids == (flag.finding_id,) for _fact, ids in found.facts)
        assert found.run.id == "M-2026-11-1"
        assert found.lives[flag.finding_id][-1][1] == flag


def test_a_confirmed_fact_names_the_answer_that_confirmed_it(gathered: Gathered, flags: list[Finding]) -> None:
    """An equal answer of a later month has a hash of its own."""
    confirmed = [gathered(item.finding_id) for item in flags if any(fact["confirmed_at"] for fact in item.facts)]
    digests = [digest for found in confirmed for own in found.confirming.values() for digest in own]
    assert digests
    assert all(len(digest) == 64 for digest in digests)


def test_a_resolved_flag_has_what_raised_it_and_what_resolved_it(sample: Workspace, gathered: Gathered) -> None:
    """Two verdicts, one in each run."""
    resolved = [item for item in sample.store.findings("M-2026-11-1") if item.status == "resolved"]
    assert resolved
    for item in resolved:
        found = gathered(item.finding_id)
        days = {fact.provenance.held_on for fact, _ids in found.facts}
        assert len(days) > 1
        assert found.finding is not None
        assert found.finding.status == "resolved"


def test_an_older_state_is_told_as_it_was(gathered: Gathered, flags: list[Finding]) -> None:
    """With --run, nothing later is known."""
    old = next(item for item in flags if item.first_seen == "2026-09")
    found = gathered(old.finding_id, "M-2026-09-1")
    assert (found.run.id, found.finding and found.finding.status) == ("M-2026-09-1", "new")
    assert [run.id for run, _state in found.lives[old.finding_id]] == ["M-2026-09-1"]


def test_a_supplier_has_all_its_flags_and_every_fact_looked_at(gathered: Gathered, flags: list[Finding]) -> None:
    """And which rules were expected of it."""
    flag = flags[0]
    by_id = gathered(flag.supplier_id)
    assert by_id.finding is None
    assert flag in by_id.findings
    assert len(by_id.facts) > len(flag.facts)
    assert flag.rule in by_id.expected
    assert gathered(by_id.subject).facts == by_id.facts


def test_the_texts_are_those_of_the_run(sample: Workspace, gathered: Gathered, flags: list[Finding]) -> None:
    """Not what stands in rules/ today."""
    found = gathered(flags[0].finding_id)
    assert found.past.texts == sample.store.texts("M-2026-11-1")
    assert found.past.unread == ()
    assert found.words.title(flags[0].rule) == sample.rules[flags[0].rule].title["sv"]


def test_decisions_and_their_lines_in_the_log_come_along(
    sample: Workspace, gathered: Gathered, flags: list[Finding]
) -> None:
    """By the hash of the workbook that they were read from; other lines stay out."""
    flag = flags[1]
    store = sample.store
    wrote = Decision(finding_id=flag.finding_id, by="Kim", assessment="Under utredning", at=NOON, file_sha="cd" * 32)
    store.put_decision(wrote)
    store.audit("kim", "decisions import", NOON, {"file": "a.xlsx", "sha256": "cd" * 32})
    store.audit("kim", "evidence", NOON, {"subject": flag.finding_id, "run": "M-2026-11-1"})
    found = gathered(flag.finding_id)
    assert found.decisions == (wrote,)
    assert [line.action for line in found.log].count("decisions import") == 1
    assert "evidence" not in {line.action for line in found.log}
    assert {"run"} < {line.action for line in found.log}


@pytest.mark.parametrize("subject", ["SKA-01-00000000", "559999-0001", "inget"])
def test_an_unknown_subject_is_a_sentence(gathered: Gathered, subject: str) -> None:
    """No flag, no supplier of any run, no number."""
    with pytest.raises(UsageError):
        gathered(subject)


def test_a_run_without_the_subject_is_a_sentence(gathered: Gathered, flags: list[Finding]) -> None:
    """It names the runs that have it."""
    with pytest.raises(UsageError, match="M-2026-11-1"):
        gathered(flags[0].finding_id, "M-1999-01-1")
    with pytest.raises(UsageError, match="finns inte i körningen M-1999-01-1"):
        gathered(flags[0].supplier_id, "M-1999-01-1")
