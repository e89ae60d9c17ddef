from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from screening.model import Contract, DocumentRequest, Origin, Provenance
from screening.report import notice
from screening.report.desk import lay_out
from screening.report.texts import notices
from screening.store import Decision

DAY = date(2026, 11, 30)
Said = Callable[..., list[str]]


@pytest.fixture
def said(month: Any) -> Said:
    """What is noticed about a contract."""
    desk = lay_out(month.store, month.run, month.config, month.rules, {})

    def of(ends: int | None = None, option: int | None = None) -> list[str]:
        days = [None if item is None else DAY + timedelta(days=item) for item in (ends, option)]
        return list(notice.soon(desk, Contract(id="A-1", ends_on=days[0], option_until_on=days[1])))

    return of


@pytest.mark.parametrize(
    ("ends", "option", "expected"),
    [
        (90, None, ["Avtal A-1 slutar 2027-02-28"]),
        (91, None, []),
        (0, None, ["Avtal A-1 slutar 2026-11-30"]),
        (-1, None, []),
        (30, 395, ["Avtal A-1: option att besluta före 2026-12-30"]),
        (30, 30, ["Avtal A-1 slutar 2026-12-30"]),
        (None, 10, ["Avtal A-1: sista optionsdag 2026-12-10"]),
        (200, 10, []),
        (None, None, []),
    ],
)
def test_a_contract_that_can_be_acted_on_within_90_days(
    said: Said, ends: int | None, option: int | None, expected: list[str]
) -> None:
    """It ends, or an option has to be decided on before it does."""
    assert said(ends, option) == expected


def test_a_supplier_that_was_not_there_last_month_is_new(month: Any, store: Any) -> None:
    """In Flaggor and in Leverantörer; of a first run nobody can say."""
    month.build()
    assert "Ny leverantör" not in repr(list(month.store.sheet(month.run.id, "Leverantörer")[1]))
    month.store.finish_run(month.run.id, "done", month.run.started, 0, {})
    later = store.begin_run("monthly", "2026-12", date(2026, 12, 31), started=month.run.started, version="1", texts={})
    everyone = list(store.suppliers(month.run.id))
    store.begin_population(later.id)
    store.put_suppliers(later.id, everyone)
    earlier = store.begin_run(
        "monthly", "2026-10", date(2026, 10, 31), started=month.run.started, version="1", texts={}
    )
    store.begin_population(earlier.id)
    store.put_suppliers(earlier.id, [item for item in everyone if item.id != month.ids[0]])
    store.finish_run(earlier.id, "done", month.run.started, 0, {})
    assert store.newcomers(month.run.id, earlier.id) == {month.ids[0]}
    assert store.newcomers(later.id, month.run.id) == frozenset()
    month.build()
    columns, rows = month.store.sheet(month.run.id, "Flaggor")
    new = [row for row in (dict(zip(columns, row, strict=True)) for row in rows) if "Ny leverantör" in row["Observera"]]
    assert {row["Leverantör"] for row in new} == {"Solgläntans Omsorg AB"}


def test_what_is_overdue_or_expired_is_told_in_the_row(month: Any) -> None:
    """Handling, the supplier's reply, and an acceptance that has run out; decisions stand in the columns to fill in."""
    flags = list(month.store.findings(month.run.id))
    chosen = next(item for item in flags if item.rule == "AGA-12" and item.status == "remaining")
    month.store.put_findings(month.run.id, [replace(chosen, handled="expired")])
    month.store.put_decision(
        Decision(
            finding_id=chosen.finding_id,
            by="Anna Ek",
            assessment="Godtagen förklaring",
            reason="Rekonstruktion godkänd",
            until=date(2026, 11, 1),
            diary="KS 2026/1",
            reply_by=date(2026, 11, 10),
            at=month.run.started,
            period="2026-10",
        )
    )
    month.build()
    columns, rows = month.store.sheet(month.run.id, "Flaggor")
    row = next(
        row for row in (dict(zip(columns, row, strict=True)) for row in rows) if row["Flagg-ID"] == chosen.finding_id
    )
    assert row["Observera"].split("\n") == [
        "Handläggningen är försenad", "Svaret är försenat", "Godkännandet har gått ut",
    ]  # fmt: skip
    assert [row[name] for name in ("Leverantörens svar senast", "Handläggare", "Bedömning", "Gäller t.o.m.")] == [
        "2026-11-10", "Anna Ek", "Godtagen förklaring", "2026-11-01",
    ]  # fmt: skip
    late = [cells[2:] for cells in month.store.sheet(month.run.id, "Sammanfattning")[1] if cells[1] == "late"]
    assert any("Godkännandet har gått ut" in str(cells[1]) for cells in late)


def test_a_flag_that_the_supplier_has_explained_says_when(month: Any) -> None:
    """In the row of that flag alone; a request that is open says nothing there."""
    answered, waiting, *_rest = (item for item in month.store.findings(month.run.id) if item.status == "remaining")
    for finding, received in ((answered, date(2026, 11, 12)), (waiting, None)):
        came = Provenance(
            source="akt", origin=Origin.FILE, as_of=received or date(2026, 11, 2), fetched_at=month.run.started
        )
        request = DocumentRequest(
            provenance=came,
            scope_key=f"explanation/{finding.finding_id}",
            requested_on=date(2026, 11, 2),
            for_kind="explanation",
            received_on=received,
        )
        month.store.put_facts(month.run.id, finding.supplier_id, [request], month.run.started)
    month.build()
    _columns, rows = month.store.sheet(month.run.id, "Flaggor")
    told = {row[0] for row in rows if "Leverantören förklarade sig 2026-11-12 (begärt 2026-11-02)" in str(row)}
    assert told == {answered.finding_id}
    assert not any("förklarade sig" in str(row) for row in rows if row[0] != answered.finding_id)


def test_notices_are_known_again_in_both_languages() -> None:
    """The renderer reads them from the stored row."""
    assert notices("Ny leverantör\nAvtal A-1 slutar 2026-12-31") == {"new_supplier", "contract"}
    assert notices("Handling is overdue") == {"overdue"}
    assert notices("") == frozenset()
