import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from screening.report.jsonl import lines, plain, record

KEYS = [
    "finding_id", "organisation", "period", "run_id", "supplier_id", "supplier", "rule", "scope_key", "outcome", "verdict",
    "severity", "level", "status", "occurrence", "first_seen", "evidence", "source", "as_of", "fetched_at", "contracts", "reason",
]  # fmt: skip


def test_keys_are_those_of_the_contract(month: Any) -> None:
    """Exactly these, on every line."""
    found = [json.loads(line) for line in lines(month.store, month.run, month.config)]
    assert {tuple(item) for item in found} == {tuple(KEYS)}
    assert len(found) == len(list(month.store.findings(month.run.id)))


def test_values_of_a_flag(month: Any) -> None:
    """Money is a number, dates are text, and the facts stand in the evidence."""
    found = [json.loads(line) for line in lines(month.store, month.run, month.config)]
    flag = next(item for item in found if item["rule"] == "SKA-06" and item["outcome"] == "flag")
    assert flag["evidence"]["paid_sek"] == 412_300
    assert flag["evidence"]["ended_on"] == "2026-11-10"
    assert flag["evidence"]["facts"][0]["source"] == "kronofogden"
    assert (flag["severity"], flag["status"], flag["reason"]) == ("high", "new", None)
    assert flag["supplier_id"].startswith("5599")
    unknown = next(item for item in found if item["outcome"] == "unknown")
    assert unknown["severity"] is None
    assert unknown["reason"] is not None


def test_a_person_is_a_keyed_hash(month: Any) -> None:
    """No digits of a personal number leave through the file."""
    text = re.sub(
        r"[0-9a-f]{16,}", "", "\n".join(lines(month.store, month.run, month.config))
    )  # hashes hold any digits
    assert "2382" not in text
    person = next(item for item in map(json.loads, text.splitlines()) if item["supplier"] == "Vera Testdotter")
    assert person["supplier_id"].startswith("P-")


def test_a_supplier_that_is_gone_keeps_its_id(month: Any) -> None:
    """An ended flag is written without a name."""
    finding = next(iter(month.store.findings(month.run.id)))
    gone = record(finding, None, month.run, "Granby kommun")
    assert (gone["supplier_id"], gone["supplier"]) == (finding.supplier_id, "")


def test_values_as_json_knows_them() -> None:
    """Dates, money and sets; anything else is an error of ours."""
    assert plain(date(2026, 1, 2)) == "2026-01-02"
    assert plain(datetime(2026, 1, 2, tzinfo=UTC)) == "2026-01-02T00:00:00+00:00"
    assert plain(Decimal("12.00")) == 12
    assert plain(Decimal("12.50")) == 12.5
    assert plain(frozenset({"a"})) == ["a"]
    with pytest.raises(TypeError, match="object"):
        plain(object())
