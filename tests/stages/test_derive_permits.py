"""Permits that a register does not have, or has no more: known only where a register was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from screening.config import Config, validate
from screening.identity import from_stored
from screening.model import CarePermit, Contract, Origin, Provenance, Supplier
from screening.rules import Judging, load
from screening.stages.derive_permits import permits_missing
from screening.store import InputFile, Run, Store

RULES = load(Path(__file__).resolve().parents[2] / "rules")
DOCUMENT = {
    "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
    "profile": [
        {"name": "vård", "match": {"service": ["hvb"]}, "rules": ["REG-07"]},
        {"name": "annat", "rules": ["AGA-12"]},
    ],
}
CONFIG = validate("screening.toml", DOCUMENT, Config)
HVB = Contract(id="H", service="hvb", starts_on=date(2025, 1, 1))
IVO = InputFile(name="ivo.xlsx", sha256="cc" * 32, connector="ivo_tillstand")


def noon(day: str) -> datetime:
    """Noon, UTC."""
    return datetime.combine(date.fromisoformat(day), time(12), UTC)


class Desk:
    """A store with one supplier, and the runs made in it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.identity = from_stored("orgnr", "SE", "5599999017")
        self.supplier_id = store.supplier_id("organisation", self.identity, "Exempel AB")

    def run(
        self, day: str, *files: InputFile, contract: Contract = HVB, permits: tuple[CarePermit, ...] = ()
    ) -> tuple[str, ...]:
        """Reads the permits of a day's register and derives; what REG-07 then says, and the derived states."""
        run = self.store.begin_run("monthly", day[:7], date.fromisoformat(day), noon(day), "1.0", {})
        self.store.begin_population(run.id)
        supplier = Supplier(self.supplier_id, "organisation", self.identity, "Exempel AB")
        self.store.put_suppliers(run.id, [supplier])
        self.store.put_contracts(run.id, [(self.supplier_id, contract)])
        self.store.put_facts(run.id, self.supplier_id, permits, noon(day))
        judging = Judging(RULES, CONFIG, run.as_of)
        found = list(permits_missing(self.store, run, judging, files, noon(day)))
        self.store.put_all_facts(run.id, found, noon(day))
        return tuple(fact.state for _id, fact in found if isinstance(fact, CarePermit))

    def verdict(self, run_day: str) -> tuple[str, str]:
        """Outcome, and variant or reason."""
        run = self.newest()
        judging = Judging(RULES, CONFIG, date.fromisoformat(run_day))
        (dossier,) = self.store.dossiers(run.id, judging.kinds, run.as_of, {})
        (found,) = [item for item in judging.judge(dossier) if item.rule == "REG-07"]
        return found.verdict.outcome, str(found.verdict.seen.get("variant", found.verdict.reason))

    def newest(self) -> Run:
        """The run that was last made."""
        return max(self.store.runs(), key=lambda run: run.started)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """An empty store with one supplier."""
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        yield Desk(store)


def permit(
    day: str, state: str = "valid", source: str = "ivo_tillstand", origin: Origin = Origin.AUTHORITY
) -> CarePermit:
    """A permit for homes for children, as it was read on a day."""
    came = Provenance(source=source, origin=origin, as_of=date(2024, 2, 1), fetched_at=noon(day))
    fact = CarePermit(provenance=came, scope_key="hvb", state="valid", service="hvb")
    return fact if state == "valid" else replace(fact, state="pending")


def test_without_a_register_nobody_has_looked(desk: Desk) -> None:
    """Unknown, not a flag."""
    assert desk.run("2026-11-30") == ()
    assert desk.verdict("2026-11-30") == ("unknown", "not_found")


def test_who_is_not_in_the_register_has_none(desk: Desk) -> None:
    """Only where a permit is looked for."""
    assert desk.run("2026-11-30", IVO) == ("none",)
    assert desk.verdict("2026-11-30") == ("flag", "none")
    assert desk.run("2026-12-31", IVO, contract=replace(HVB, service="städ")) == ()


def test_who_is_in_it_has_one(desk: Desk) -> None:
    """Month after month, also when the answer is equal."""
    assert desk.run("2026-10-31", IVO, permits=(permit("2026-10-31"),)) == ()
    assert desk.run("2026-11-30", IVO, permits=(permit("2026-11-30"),)) == ()
    assert desk.verdict("2026-11-30") == ("clear", "")


def test_who_is_in_it_no_more_had_one(desk: Desk) -> None:
    """The permit has ended, and comes back when the register has it again."""
    desk.run("2026-10-31", IVO, permits=(permit("2026-10-31"),))
    assert desk.run("2026-11-30", IVO) == ("ended", "none")
    assert desk.verdict("2026-11-30") == ("flag", "ended")
    assert desk.run("2026-12-31", IVO, permits=(permit("2026-12-31"),)) == ()
    assert desk.verdict("2026-12-31") == ("clear", "")


def test_a_copy_on_file_does_not_stand_against_the_register(desk: Desk) -> None:
    """The register goes before it, where it has been read."""
    on_file = permit("2026-11-30", source="akt", origin=Origin.FILE)
    assert desk.run("2026-11-30", permits=(on_file,)) == ()
    assert desk.verdict("2026-11-30") == ("clear", "")
    assert desk.run("2026-12-31", IVO, permits=(on_file,)) == ("none",)
    assert desk.verdict("2026-12-31") == ("flag", "none")


def test_a_register_that_shrank_accuses_nobody(desk: Desk) -> None:
    """The gap says that it is doubtful; who is in it is judged."""
    half = replace(IVO, doubtful=True)
    assert desk.run("2026-11-30", half) == ()
    gap = desk.store.gap(desk.supplier_id, "care_permit", "ivo_tillstand")
    assert gap is not None
    assert gap.reason == "doubtful"
    assert desk.run("2026-12-31", half, permits=(permit("2026-12-31", state="pending"),)) == ()
    assert desk.verdict("2026-12-31") == ("flag", "pending")
