"""Requests that workbooks tell of, and replies that close exactly the points they answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, validate
from screening.identity import from_stored
from screening.model import (
    Declaration,
    DocumentRequest,
    Fact,
    Judged,
    Origin,
    Provenance,
    RecordCheckAttestation,
    Supplier,
    TaxAccount,
    flag,
)
from screening.rules import Judging, load
from screening.stages.compare import compare
from screening.stages.derive import derive
from screening.store import Decision, FollowUp, Run, Store

RULES = load(Path(__file__).resolve().parents[2] / "rules")


@dataclass(frozen=True)
class Export:
    """As much of an export connector as deriving looks at."""

    kind: str


EXPORTS: Mapping[str, Any] = {"akt": Export("documents")}


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


@dataclass
class Desk:
    """One supplier of whom REG-09 is expected, in a month."""

    store: Store
    config: Config
    run: Run = field(init=False)
    supplier_id: str = ""

    def begin(self, day: str = "2026-11-30") -> None:
        as_of = date.fromisoformat(day)
        self.run = self.store.begin_run("monthly", day[:7], as_of, noon(as_of), "1.0", {})
        self.store.begin_population(self.run.id)
        identity = from_stored("orgnr", "SE", "5599999017")
        self.supplier_id = self.store.supplier_id("organisation", identity, "Exempel AB")
        self.store.put_suppliers(self.run.id, [Supplier(self.supplier_id, "organisation", identity, "Exempel AB")])

    def put(self, *facts: Fact, at: str | None = None) -> None:
        self.store.put_facts(
            self.run.id, self.supplier_id, facts, noon(date.fromisoformat(at) if at else self.run.as_of)
        )

    def requests(self) -> dict[str, tuple[date, date | None]]:
        """Scope key -> (requested, received), after deriving."""
        derive(self.store, self.run, self.config, RULES, EXPORTS, noon(self.run.as_of))
        (dossier,) = self.store.dossiers(self.run.id, frozenset({"document_request"}), self.run.as_of, {})
        assert set(dossier.facts) <= {"document_request"}  # all from one source, whoever told of them
        rows = [row for row in dossier.facts.get("document_request", ()) if isinstance(row, DocumentRequest)]
        return {row.scope_key: (row.requested_on, row.received_on) for row in rows}

    def verdicts(self) -> dict[str, str]:
        judging = Judging(RULES, self.config, self.run.as_of)
        (dossier,) = self.store.dossiers(self.run.id, judging.kinds, self.run.as_of, {})
        return {item.scope_key: item.verdict.outcome for item in judging.judge(dossier)}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    document = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "profile": [{"name": "alla", "rules": ["REG-09"]}],
    }
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        made = Desk(store, validate("screening.toml", document, Config))
        made.begin()
        yield made


def came(day: str, fetched: str | None = None, source: str = "akt") -> Provenance:
    return Provenance(
        source=source,
        origin=Origin.FILE,
        as_of=date.fromisoformat(day),
        fetched_at=noon(date.fromisoformat(fetched or day)),
        request_ref="akt.csv#2",
        raw_sha256="aa" * 32,
    )


def asked(kind: str, day: str = "2026-11-02", point: str = "", until: str | None = "2026-11-16") -> DocumentRequest:
    return DocumentRequest(
        provenance=came(day),
        scope_key=f"{kind}/{point}" if point else kind,
        requested_on=date.fromisoformat(day),
        for_kind=kind,
        reply_by_on=date.fromisoformat(until) if until else None,
    )


def extract(day: str, fetched: str | None = None, balance: int = 0) -> TaxAccount:
    return TaxAccount(provenance=came(day, fetched, "utdrag"), balance_sek=Decimal(balance))


def attestation(quarter: str, state: Any = "received", day: str = "2026-11-10") -> RecordCheckAttestation:
    return RecordCheckAttestation(
        provenance=came(day, source="intyg"), scope_key=f"{quarter}/hvb", state=state, quarter=quarter, area="hvb"
    )


NOVEMBER_2 = date(2026, 11, 2)


def test_nothing_asked_is_nothing_owed(desk: Desk) -> None:
    """Not applicable, never unknown."""
    assert desk.requests() == {}
    assert desk.verdicts() == {"": "not_applicable"}


def test_a_document_of_the_kind_closes_the_request(desk: Desk) -> None:
    """Dated the day of the extract; the finding is gone with it."""
    desk.put(asked("tax_account"))
    assert desk.requests() == {"tax_account": (NOVEMBER_2, None)}
    assert desk.verdicts() == {"tax_account": "flag"}
    desk.put(extract("2026-11-12"))
    assert desk.requests() == {"tax_account": (NOVEMBER_2, date(2026, 11, 12))}
    assert desk.verdicts() == {"tax_account": "clear"}


def test_one_from_before_the_request_does_not(desk: Desk) -> None:
    """Unless it was handed in afterwards: then the day it was met counts."""
    desk.put(asked("tax_account"), extract("2026-10-20"))
    assert desk.requests()["tax_account"][1] is None
    desk.put(extract("2026-10-25", fetched="2026-11-30", balance=-100))
    assert desk.requests()["tax_account"][1] == date(2026, 11, 30)


def test_a_reply_closes_exactly_what_it_answers(desk: Desk) -> None:
    """An attestation for another quarter, or one refused, leaves the point open."""
    desk.put(
        asked("record_check_attestation", point="2026Q3/hvb"),
        asked("record_check_attestation", point="2026Q2/hvb"),
        asked("declaration"),
        attestation("2026Q2"),
        attestation("2026Q3", "refused"),
        Declaration(provenance=came("2026-11-20"), state="none"),
    )
    closed = {key: received is not None for key, (_, received) in desk.requests().items()}
    assert closed == {
        "record_check_attestation/2026Q2/hvb": True,
        "record_check_attestation/2026Q3/hvb": False,
        "declaration": False,
    }


def test_a_request_without_a_point_is_closed_by_any_of_its_kind(desk: Desk) -> None:
    """The file did not say which quarter."""
    desk.put(asked("record_check_attestation"), attestation("2026Q2"))
    assert desk.requests()["record_check_attestation"][1] == date(2026, 11, 10)


def test_a_reply_on_the_day_of_the_request_closes_it(desk: Desk) -> None:
    """And stands after it."""
    desk.put(asked("tax_account", "2026-11-12"), extract("2026-11-12"))
    assert desk.requests()["tax_account"] == (date(2026, 11, 12), date(2026, 11, 12))


def test_what_is_asked_again_is_open_again(desk: Desk) -> None:
    """The old reply does not answer the new request."""
    desk.put(asked("tax_account"), extract("2026-11-12"))
    desk.requests()
    desk.put(asked("tax_account", "2026-11-20", until=None))
    assert desk.requests()["tax_account"] == (date(2026, 11, 20), None)


def test_a_request_noted_in_ej_bedombara_is_one(desk: Desk) -> None:
    """By thing and supplier; what cannot be asked for, is not dated or lies ahead is none."""
    items = [("tax_account", NOVEMBER_2), ("credit", NOVEMBER_2), ("declaration", None)]
    items.append(("care_permit", date(2026, 12, 24)))
    desk.store.put_follow_ups(
        [
            FollowUp(
                supplier_id=desk.supplier_id,
                thing=thing,
                requested_on=day,
                reply_by=date(2026, 11, 16),
                at=noon(NOVEMBER_2),
                period="2026-11",
                place="bok.xlsx#Ej bedömbara#4",
            )
            for thing, day in items
        ]
    )
    assert desk.requests() == {"tax_account": (NOVEMBER_2, None)}
    assert desk.verdicts() == {"tax_account": "flag"}


def decided(finding_id: str, assessment: str, day: str, reply_by: str | None = None) -> Decision:
    return Decision(
        finding_id=finding_id,
        by="AB",
        assessment=assessment,
        reply_by=date.fromisoformat(reply_by) if reply_by else None,
        at=noon(date.fromisoformat(day)),
        period="2026-11",
        place="bok.xlsx#Flaggor#2",
    )


def test_a_statement_asked_for_in_flaggor_is_a_request_until_it_is_assessed(desk: Desk) -> None:
    """*Yttrande begärt* opens it; an assessment closes it, *Under utredning* does not."""
    verdict = flag(extract("2026-11-12"))
    desk.store.put_judged(desk.run.id, [Judged(desk.supplier_id, "SKA-02", "", verdict, "medium")])
    compare(desk.store, desk.run, Decimal("0.25"))
    (finding,) = desk.store.findings(desk.run.id)
    key = f"explanation/{finding.finding_id}"
    desk.store.put_decision(decided(finding.finding_id, "Yttrande begärt", "2026-11-05", "2026-11-19"))
    desk.store.put_decision(decided("SKA-01-AAAAAAAA", "Yttrande begärt", "2026-11-05"))  # of no finding here
    assert desk.requests() == {key: (date(2026, 11, 5), None)}
    assert desk.verdicts() == {key: "flag"}
    desk.store.put_decision(decided(finding.finding_id, "Under utredning", "2026-11-21"))
    assert desk.requests()[key][1] is None
    desk.store.put_decision(decided(finding.finding_id, "Godtagen förklaring", "2026-11-24"))
    assert desk.requests()[key] == (date(2026, 11, 5), date(2026, 11, 24))
