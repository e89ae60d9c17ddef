"""From the buyer's own files to a verdict: VAT, months, sub-suppliers and permits reach the rules that need them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from screening.config import Config, validate
from screening.exports import load_exports
from screening.identity import read
from screening.model import Origin, Provenance, TaxRegistration
from screening.rules import Judging, load
from screening.stages.derive import derive
from screening.stages.intake import intake
from screening.store import Run, Store

ROOT = Path(__file__).resolve().parents[2]
RULES, EXPORTS = load(ROOT / "rules"), load_exports(ROOT / "connectors")
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
CONFIG = validate(
    "screening.toml",
    {
        "organisation": {"name": "Provköpings kommun", "orgnr": "212000-1009"},
        "intake": [{"files": "in/*"}],
        "profile": [{"name": "vård", "rules": ["SKA-07", "SKA-08", "SKA-09", "REG-07"]}],
    },
    Config,
)
CONTRACTS = "Avtals-ID;Avtal;Leverantör;Organisationsnummer;Tjänst;Roll;Huvudavtal;Startdatum;Slutdatum"
MAIN = "A-1;Hemtjänst;Bygg AB;5599999991;hemtjänst;huvudleverantör;;2025-01-01;2027-12-31"
SUB = "U-1;Hemtjänst;Under AB;5599990107;hemtjänst;underleverantör;A-1;2025-01-01;2027-12-31"
LEDGER = "Vernr;Leverantör;Orgnr;Fakturadatum;Bokföringsdatum;Belopp exkl moms;Moms"
PAID = [f"{month};Bygg AB;5599999991;2026-{month}-05;2026-{month}-20;300000;75000" for month in ("08", "09", "10")]
MONTHS = "Leverantör;Organisationsnummer;Månad;Timmar;Arbetsgivaravgifter"
WORKED = [f"Bygg AB;559999-9991;2026-{month};800;9000" for month in ("08", "09", "10")]
REGISTER = "Tillståndshavare;Organisationsnummer;Verksamhetstyp;Status;Beslutsdatum;Tillstånd till"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="2120001009") as opened:
        yield opened


def judged(store: Store, home: Path, **files: list[str]) -> Mapping[str, tuple[str, object]]:
    """Rule -> outcome, and variant or reason, of the supplier whose register says that nothing is registered."""
    for name, rows in files.items():
        path = home / "in" / f"{name}.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    run: Run = store.begin_run("monthly", "2026-11", date(2026, 11, 30), NOON, "test", {})
    intake(store, run, CONFIG, EXPORTS, home, NOON)
    derive(store, run, CONFIG, RULES, EXPORTS, NOON)
    identity = read("5599999991").identity
    assert identity is not None
    supplier = store.find_supplier(identity)
    assert supplier is not None
    came = Provenance(source="scb", origin=Origin.AUTHORITY, as_of=date(2026, 11, 20), fetched_at=NOON)
    store.put_facts(run.id, supplier, [TaxRegistration(provenance=came, vat="never", employer="never")], NOON)
    judging = Judging(RULES, CONFIG, run.as_of)
    (dossier,) = store.dossiers(run.id, judging.kinds, run.as_of, {}, [supplier])
    found = judging.judge(dossier)
    assert {item.severity for item in found if item.rule == "SKA-07"} == {"high"}
    return {
        item.rule: (item.verdict.outcome, item.verdict.seen.get("variant") or item.verdict.reason) for item in found
    }


def test_what_the_files_say_is_flagged(store: Store, tmp_path: Path) -> None:
    """VAT without registration, much paid to no employer, wages that explain neither hours nor payments, no permit."""
    assert judged(
        store,
        tmp_path,
        avtal=[CONTRACTS, MAIN],
        reskontra=[LEDGER, *PAID],
        timmar=[MONTHS, *WORKED],
        ivo=[REGISTER, "Annan AB;559999-0065;Hemtjänst;Giltigt;2024-02-01;"],
    ) == {
        "SKA-07": ("flag", "never"),
        "SKA-08": ("flag", "never"),
        "SKA-09": ("flag", "both"),
        "REG-07": ("flag", "none"),
    }


def test_a_sub_supplier_softens_and_a_permit_clears(store: Store, tmp_path: Path) -> None:
    """The contract list names who may do the work; the register has the permit; without hours the payments are weighed."""
    assert judged(
        store,
        tmp_path,
        avtal=[CONTRACTS, MAIN, SUB],
        reskontra=[LEDGER, *PAID],
        timmar=[MONTHS, *(row.replace(";800;", ";;") for row in WORKED)],
        ivo=[REGISTER, "Bygg AB;559999-9991;Hemtjänst;Giltigt;2024-02-01;"],
    ) == {
        "SKA-07": ("flag", "never"),
        "SKA-08": ("flag", "never_with_subs"),
        "SKA-09": ("flag", "share"),
        "REG-07": ("clear", ""),
    }
