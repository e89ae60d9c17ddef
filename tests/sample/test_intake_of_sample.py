"""The sample's exports as the real intake reads them: every file recognised by its header, no row lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from screening import config
from screening.exports import load_exports
from screening.stages.intake import intake
from screening.store import Run, Store

ROOT = Path(__file__).resolve().parents[2]
PERIODS = {"2026-09": date(2026, 9, 30), "2026-10": date(2026, 10, 31), "2026-11": date(2026, 11, 30)}
CONNECTORS = {
    "avtalsregister.xlsx": "avtalsregister",
    "avtalskatalog.xlsx": "avtal_huddinge",
    "avtal-samhallsbyggnad.xlsx": "avtal_goteborg",
    "eavrop-avtalsstatistik.xls": "avtal_eavrop",
    "mercell.xlsx": "avtal_mercell",
    "leverantorer.csv": "leverantorsregister",
    "ivo-tillstand.xlsx": "ivo_tillstand",
    "manadsuppgifter.xlsx": "manadsuppgifter",
    **{f"reskontra-bygg-{period}.xlsx": "reskontra_moms" for period in PERIODS},
    "akt.ods": "akt",
    "akt.csv": "akt",
}
NEVER_IDENTIFIED = {
    "Glasverandan Glasmästeri AB",
    "Lantmäteribyrån Råstenen AB",
    "Båttrafik Skärlänken AB",
    "Åkare Hjulspåret",
}


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[str, Run]]]:
    """The three months read one after the other into a store."""
    settings = config.load(ROOT)
    store = Store.open("sqlite:///store.db", tmp_path_factory.mktemp("store"), organisation=settings.organisation.orgnr)
    exports = load_exports(ROOT / "connectors")
    runs = {}
    for period, day in PERIODS.items():
        at = datetime.combine(day, time(12), tzinfo=UTC)
        run = store.begin_run("monthly", period, day, at, "test", {})
        intake(store, run, settings, exports, ROOT, at)
        store.finish_run(run.id, "done", at, 0, {})
        runs[period] = run
    yield store, runs
    store.close()


@pytest.mark.parametrize("period", PERIODS)
def test_every_file_is_recognised_and_no_row_is_lost(read: tuple[Store, dict[str, Run]], period: str) -> None:
    """Each file has its connector, no error and no doubt, and rows = accepted + merged + rejected."""
    store, runs = read
    files = store.inputs(runs[period].id)
    assert len(files) >= 18
    for item in files:
        assert not item.error, item.name
        assert not item.doubtful, item.name
        assert item.rows == item.accepted + item.merged + item.rejected
        assert item.rows > 0
        if wanted := CONNECTORS.get(Path(item.name).name):
            assert item.connector == wanted


def test_overlapping_months_are_counted_once(read: tuple[Store, dict[str, Run]]) -> None:
    """The second August is merged whole, and the 25 rows that the next dialect repeats."""
    store, runs = read
    merged = {Path(item.name).name: item.merged for item in store.inputs(runs["2026-09"].id)}
    rows = {Path(item.name).name: item.rows for item in store.inputs(runs["2026-09"].id)}
    assert merged["leverantorsreskontra-2026-08-ny.csv"] == rows["leverantorsreskontra-2026-08-ny.csv"]
    assert merged["reskontra-2026-09.csv"] == 25


@pytest.mark.parametrize("period", PERIODS)
def test_the_suppliers_are_of_every_kind(read: tuple[Store, dict[str, Run]], period: str) -> None:
    """At least 120 organisations, nine sole traders, four foreign, and those that nobody can identify."""
    store, runs = read
    suppliers = list(store.suppliers(runs[period].id))
    kinds = Counter(supplier.kind for supplier in suppliers)
    assert kinds["organisation"] >= 120
    assert kinds["person"] == 9
    assert kinds["foreign"] == 4
    assert kinds["unidentified"] <= 12
    nameless = {name for supplier in suppliers if supplier.kind == "unidentified" for name in supplier.names}
    assert nameless >= NEVER_IDENTIFIED


@pytest.mark.parametrize("period", PERIODS)
def test_the_contracts_are_200_or_more_with_parties_and_phases(read: tuple[Store, dict[str, Run]], period: str) -> None:
    """Contracts of every register, in force or in tender, with the units that screening.toml names."""
    store, runs = read
    suppliers = list(store.suppliers(runs[period].id))
    contracts = [contract for supplier in suppliers for contract in store.contracts(runs[period].id, supplier.id)]
    running = [contract for contract in contracts if contract.phase == "tender" or contract.in_force(PERIODS[period])]
    assert len(running) >= 200
    assert {contract.role for contract in contracts} == {"main", "sub", "relied_on", "consortium"}
    assert {contract.phase for contract in contracts} == {"tender", "contract", "payment"}
    assert {contract.unit for contract in running} - {""} == {unit.name for unit in config.load(ROOT).unit}


def test_the_unlawful_rows_are_refused_without_echo(read: tuple[Store, dict[str, Run]]) -> None:
    """Two rows are refused, and nothing that a reject says holds what stood in them."""
    store, runs = read
    for period, code in (("2026-09", "refused_personal_number"), ("2026-11", "refused_offence_word")):
        rejects = [reject for reject in store.rejects(runs[period].id) if reject.code.startswith("refused_")]
        assert [reject.code for reject in rejects] == [code]
        assert not any(word in f"{reject}" for reject in rejects for word in ("dömd", "misshandel", "åtalad"))


def test_proposals_are_made_for_a_wrong_digit_and_a_lost_zero(read: tuple[Store, dict[str, Run]]) -> None:
    """The right number is among the proposals, and nothing was changed by itself."""
    store, runs = read
    found = {(reject.name.casefold(), reject.code): reject.proposals for reject in store.rejects(runs["2026-09"].id)}
    digit = found["glasverandan glasmästeri ab", "identity.check_digit"]
    assert "5599955464" in {proposal[0] for proposal in digit}
    assert found["åkare hjulspåret", "identity.lost_zero"]
