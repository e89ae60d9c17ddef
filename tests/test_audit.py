from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from screening.audit import broken_at, is_cut, line
from screening.store import AuditEntry, Store


@pytest.fixture
def entries(tmp_path: Path) -> Iterator[list[AuditEntry]]:
    with Store.open("sqlite:///s.db", tmp_path) as store:
        for index, name in enumerate(("å", "b", "c")):
            detail = {"file": name, "day": date(2026, 9, 30), "sums": [Decimal("1.5"), 2], "more": {"a": 1, "b": 2}}
            store.audit("Kim", "import", datetime(2026, 9, 30, 12, index, tzinfo=UTC), detail)
        yield store.audit_log()


def test_an_untouched_chain_holds(entries: list[AuditEntry]) -> None:
    """Also an empty one."""
    assert broken_at(entries) is None
    assert broken_at([]) is None


@pytest.mark.parametrize("name", ["at", "who", "action", "detail", "previous_sha256", "sha256"])
def test_a_changed_line_breaks_the_chain_there(entries: list[AuditEntry], name: str) -> None:
    """Whatever part of it was changed."""
    changed = replace(entries[1], **{name: "{}"})  # type: ignore[arg-type]
    assert broken_at([entries[0], changed, entries[2]]) == entries[1].id


def test_a_removed_line_breaks_the_chain_after_it(entries: list[AuditEntry]) -> None:
    """The first as well as one between."""
    assert broken_at(entries[1:]) == entries[1].id
    assert broken_at([entries[0], entries[2]]) == entries[2].id


def test_a_line_reads_as_a_sentence(entries: list[AuditEntry]) -> None:
    """Time, person, action, details; dates and sums plain."""
    assert line(entries[0]) == (
        "2026-09-30 12:00:00  Kim  import  file: å; day: 2026-09-30; sums: 1.5, 2; more: a 1, b 2"
    )
    assert line(replace(entries[0], detail="{}")) == "2026-09-30 12:00:00  Kim  import"


def test_lines_cut_from_the_end_are_told() -> None:
    """The last line is not the one that was noted; nothing noted says nothing."""
    store = Store.open("sqlite://", Path())
    for number in range(3):
        store.audit("kim", "run", datetime(2026, 11, 30, tzinfo=UTC), {"number": number})
    lines = store.audit_log()
    assert store.audit_tail() == lines[-1].sha256
    assert not is_cut(lines, store.audit_tail())
    assert is_cut(lines[:-1], store.audit_tail())
    assert is_cut([], store.audit_tail())
    assert not is_cut([], None)
    store.close()
