from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from screening.adapters.file_exchange import layout, received
from screening.adapters.file_exchange.facts import facts
from screening.adapters.kronofogden_fil import ADAPTER
from screening.model import EnforcementDebt, Origin, Provenance

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_the_sample_in_the_shipped_layout(bench: Any) -> None:
    """Four numbers: no debts, debts of three kinds, a sole trader, one that is not known."""
    shipped = layout.load(ROOT / "connectors" / "layouts" / "kronofogden_upphandling.toml", ADAPTER.gives)
    content = (bench.samples / "kronofogden_fil.UTFIL").read_bytes()
    file = received.File("SJVK-261118-001.UTFIL", content, "")
    found = received.answer(shipped, file, "SJVK-261118-001", DAY)
    said = {}
    for number, rows in found.rows.items():
        provenance = Provenance(source="test", origin=Origin.AUTHORITY, as_of=found.day, fetched_at=NOW)
        given, missing = facts(shipped, found.name, rows, ADAPTER.gives, provenance)
        said[number.reveal()] = given[0] if given else missing["enforcement_debt"][0]
    assert found.day == date(2026, 11, 20)
    owing = said["5599999025"]
    assert isinstance(owing, EnforcementDebt)
    assert [owing.public_debt_sek, owing.tax_debt_sek, owing.private_debt_sek] == [70001, 60000, 500]
    free = said["5599999017"]
    assert isinstance(free, EnforcementDebt)
    assert free.public_debt_sek == Decimal(0)
    assert said["5599999009"] == "not_found"
    assert len(said) == 4


def test_the_shipped_layout_says_that_it_is_not_verified() -> None:
    """Until somebody writes the description that it was checked against; and silence clears nobody meanwhile."""
    for path in (ROOT / "connectors" / "layouts").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        assert text.startswith("# NOT VERIFIED")
        assert "\nverified " in text
        assert '"unknown"' in text
