from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from screening.adapters.file_exchange import layout, received
from screening.adapters.file_exchange.facts import facts
from screening.adapters.skatteverket_etransport import ADAPTER
from screening.model import Origin, Provenance, TaxRegistration

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)


def test_the_sample_in_the_shipped_layout(bench: Any) -> None:
    """Four numbers: registered, ended, a sole trader without any, one that is not known."""
    shipped = layout.load(ROOT / "connectors" / "layouts" / "skatteverket_foretagsuppgifter.toml", ADAPTER.gives)
    content = (bench.samples / "skatteverket_etransport.SvarsFil").read_bytes()
    file = received.File("SJVK-261118-001.SvarsFil", content, "")
    found = received.answer(shipped, file, "SJVK-261118-001", DAY)
    said = {}
    for number, rows in found.rows.items():
        provenance = Provenance(source="test", origin=Origin.AUTHORITY, as_of=found.day, fetched_at=NOW)
        given, missing = facts(shipped, found.name, rows, ADAPTER.gives, provenance)
        kinds = {fact.kind: fact for fact in given}
        said[number.reveal()] = kinds.get("tax_registration", missing.get("tax_registration"))
    ended = said["5599999025"]
    assert isinstance(ended, TaxRegistration)
    assert (ended.f_tax, ended.f_tax_to_on, ended.vat, ended.employer) == (
        "ended",
        date(2026, 8, 31),
        "never",
        "active",
    )
    assert said["5599999009"] == ("not_found", "SJVK-261118-001.SvarsFil: numret är inte känt där")
    assert (len(said), found.day) == (4, date(2026, 11, 20))
