"""What suppliers are asked for: each point once, never while it is open, with the hearing that the law prescribes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pytest

from screening.config import Config, validate
from screening.exports import load_exports
from screening.identity import read
from screening.model import (
    Contract,
    DocumentRequest,
    Judged,
    Origin,
    Provenance,
    Supplier,
    TaxAccount,
    Verdict,
    flag,
    unknown,
)
from screening.report import asking, build_sheets, write_reports
from screening.report.asking import HANDLING, OPEN, POINTS, Point, points
from screening.report.desk import KINDS, lay_out
from screening.report.letters import Sender, letter, recipients
from screening.report.ruletexts import RuleTexts
from screening.rules import load
from screening.rules.table import AskedFor
from screening.store import Decision, Run, Store

ROOT = Path(__file__).resolve().parents[2]
RULES = load(ROOT / "rules")
DAY = date(2026, 11, 30)
NOON = datetime.combine(DAY, time(12), UTC)


def came(on: date = DAY, source: str = "akt") -> Provenance:
    return Provenance(source=source, origin=Origin.FILE, as_of=on, fetched_at=NOON)


DEBT = TaxAccount(provenance=came(), balance_sek=Decimal(-40_000))
SEEN: Mapping[str, Any] = {
    "public_debt_sek": Decimal(40_000),
    "as_of_on": DAY,
    "limit_sek": Decimal(10_000),
    "overdue_sek": Decimal(40_000),
    "quarter": "2026Q3",
}
LACKS = Verdict("unknown", reason="not_found", missing=("tax_account",))


@dataclass
class Office:
    """A month with suppliers, what was judged of each, and what has been asked for."""

    store: Store
    config: Config
    run: Run = field(init=False)
    ids: dict[str, str] = field(default_factory=dict)
    suppliers: list[Supplier] = field(default_factory=list)
    contracts: list[tuple[str, Contract]] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)

    def add(self, number: str, name: str, *contracts: Contract) -> str:
        identity = read(number).identity
        assert identity is not None
        kind: Any = "person" if identity.is_person else "organisation"
        supplier_id = self.store.supplier_id(kind, identity, name)
        self.suppliers.append(Supplier(supplier_id, kind, identity, name, (name,), ("1001",)))
        self.contracts += [(supplier_id, item) for item in contracts]
        return supplier_id

    def judge(self, supplier_id: str, rule: str, verdict: Verdict, key: str = "", *contracts: str) -> None:
        severity = RULES[rule].severity if verdict.outcome == "flag" else None
        self.judged.append(Judged(supplier_id, rule, key, verdict, severity, contracts=contracts))

    def finish(self) -> None:
        """Compares what was judged, so that there are findings."""
        from screening.stages.compare import compare

        self.store.begin_population(self.run.id)
        self.store.put_suppliers(self.run.id, self.suppliers)
        self.store.put_contracts(self.run.id, self.contracts)
        self.store.put_judged(self.run.id, sorted(self.judged, key=lambda item: (item.supplier_id, item.rule)))
        compare(self.store, self.run, Decimal("0.25"))

    def asked(
        self, supplier_id: str, kind: str, point: str = "", received: date | None = None, sent: date = DAY
    ) -> None:
        request = DocumentRequest(
            provenance=came(received or sent),
            scope_key=f"{kind}/{point}" if point else kind,
            requested_on=sent,
            for_kind=kind,
            received_on=received,
        )
        self.store.put_facts(self.run.id, supplier_id, [request], NOON)

    def finding_id(self, rule: str, supplier_id: str, key: str = "") -> str:
        return self.store.finding_id(rule, supplier_id, key)

    def points(self) -> list[Point]:
        """Every supplier's points."""
        desk = lay_out(self.store, self.run, self.config, RULES, {})
        return [point for case in desk.cases(KINDS) for point in points(desk, case)]

    def keys(self) -> list[str]:
        return [point.key for point in self.points()]

    def rows(self, of: Any = asking.rows) -> list[list[object]]:
        desk = lay_out(self.store, self.run, self.config, RULES, {})
        return [row for case in desk.cases(KINDS) for row in of(desk, case)]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    document = {
        "organisation": {"name": "Fjärdvik", "orgnr": "5599999009"},
        "profile": [{"name": "alla", "rules": list(RULES)}],
    }
    with Store.open("sqlite:///.screening/store.db", tmp_path, organisation="5599999009") as store:
        made = Office(store, validate("screening.toml", document, Config))
        made.run = store.begin_run("monthly", "2026-11", DAY, NOON, "1.0", {})
        yield made


OWN, OTHER, PERSON = "5599990008", "5599990016", "194012239101"
TENDER = Contract(id="U-1", unit="Hemtjänst", phase="tender")
RUNNING = Contract(id="A-1", unit="Hemtjänst")


def test_a_flag_is_asked_about_with_its_own_words(office: Office) -> None:
    """The point has the flag's id, the amount and the day; nothing says what we suspect."""
    supplier = office.add(OWN, "Granliden AB", RUNNING)
    office.judge(supplier, "SKA-01", flag(DEBT, **SEEN), "", "A-1")
    office.finish()
    (point,) = office.points()
    assert point.id == point.about == office.finding_id("SKA-01", supplier)
    assert "40 000 kr" in point.what
    assert "2026-11-30" in point.what
    assert (point.heard, point.rules, list(point.contracts)) == ("", ["SKA-01"], ["A-1"])


@pytest.mark.parametrize(("level", "asked"), [("watch", ["payment_agreement"]), ("", [])])
def test_a_decision_on_file_that_runs_on_is_not_asked_for(office: Office, level: str, asked: list[str]) -> None:
    """Only where it is not documented or soon ends: the rule says at which of its levels it asks."""
    supplier = office.add(OWN, "Granliden AB", RUNNING)
    seen: Mapping[str, Any] = {
        "debt_sek": Decimal(40_000),
        "agreement_to_on": DAY,
        "variant": "undocumented" if level else "respite",
    }
    office.judge(supplier, "SKA-05", flag(DEBT, level=level, **seen), "", "A-1")
    office.finish()
    assert office.keys() == asked
    for point in office.points():
        assert "vilken skuld det omfattar (enligt uppgift till 2026-11-30)" in point.what
        assert point.days == 10


def test_a_document_that_several_rules_lack_is_one_point(office: Office) -> None:
    """By kind; the rules are listed, and one that misses something else has no part in it."""
    supplier = office.add(OWN, "Granliden AB", RUNNING)
    office.judge(supplier, "REG-02", flag(DEBT, **SEEN), "2026Q3/hvb")
    office.judge(supplier, "REG-03", flag(DEBT, **SEEN), "2026Q3/hvb")
    office.judge(supplier, "SKA-02", LACKS)
    office.judge(supplier, "REG-01", Verdict("unknown", reason="not_found", missing=("officers",)), "A-1")
    office.finish()
    found = {point.key: point for point in office.points()}
    assert set(found) == {"record_check_attestation/2026Q3/hvb", "tax_account"}
    assert found["record_check_attestation/2026Q3/hvb"].rules == ["REG-02", "REG-03"]
    assert "för 2026Q3" in found["record_check_attestation/2026Q3/hvb"].what
    assert found["tax_account"].id.startswith("BEG-")


def test_a_reason_that_the_supplier_can_do_nothing_about_is_no_point(office: Office) -> None:
    """A source that was down is our own matter; one that is awaited has been asked."""
    supplier = office.add(OWN, "Granliden AB")
    office.judge(supplier, "SKA-02", Verdict("unknown", reason="source_down", missing=("tax_account",)))
    office.judge(supplier, "SKA-01", unknown("identity"))
    office.finish()
    assert office.keys() == []


def test_an_open_request_is_not_made_again(office: Office) -> None:
    """Whether it names the point or only the kind, and also when it is late."""
    supplier = office.add(OWN, "Granliden AB")
    office.judge(supplier, "SKA-02", LACKS)
    office.judge(supplier, "REG-02", flag(DEBT, **SEEN), "2026Q3/hvb")
    office.judge(supplier, "SKA-01", flag(DEBT, **SEEN))
    office.finish()
    assert len(office.keys()) == 3
    office.asked(supplier, "tax_account", sent=date(2026, 9, 1))
    office.asked(supplier, "record_check_attestation")
    office.asked(supplier, "explanation", office.finding_id("SKA-01", supplier))
    assert office.keys() == []
    late, *inside = office.rows(asking.open_rows)
    assert [late[OPEN.names.index(name)] for name in ("Begäran", "Skickad", "Svar senast", "Läge")] == [
        "kontoutdrag begärt",
        "2026-09-01",
        "2026-10-01",
        "Försenad",
    ]
    assert {row[OPEN.names.index("Läge")] for row in inside} == {"Inom svarstiden"}


def test_an_answered_request_is_let_be_for_a_while(office: Office) -> None:
    """A document that came lately is not asked for again, an old one is; an explanation once given is."""
    supplier = office.add(OWN, "Granliden AB")
    office.judge(supplier, "SKA-02", LACKS)
    office.judge(supplier, "SKA-01", flag(DEBT, **SEEN))
    office.finish()
    office.asked(supplier, "tax_account", received=date(2026, 11, 20), sent=date(2026, 11, 2))
    explanation = office.finding_id("SKA-01", supplier)
    office.asked(supplier, "explanation", explanation, received=date(2026, 6, 1), sent=date(2026, 5, 2))
    assert office.keys() == []
    assert office.rows(asking.open_rows) == []
    office.asked(supplier, "tax_account", received=date(2026, 9, 20), sent=date(2026, 9, 2))
    office.store.put_facts(
        office.run.id,
        supplier,
        [
            DocumentRequest(
                provenance=came(DAY),
                scope_key="tax_account",
                requested_on=date(2026, 9, 2),
                for_kind="tax_account",
                received_on=date(2026, 9, 20),
            )
        ],
        NOON,
    )
    assert office.keys() == ["tax_account"]


@pytest.mark.parametrize("assessment", sorted(asking.LEAVE_ALONE))
def test_a_flag_that_people_have_dealt_with_is_left_alone(office: Office, assessment: str) -> None:
    """Also one handled apart: the supplier must not be warned."""
    supplier = office.add(OWN, "Granliden AB")
    office.judge(supplier, "SKA-01", flag(DEBT, **SEEN))
    decision = Decision(
        finding_id=office.finding_id("SKA-01", supplier), by="AB", assessment=assessment, at=NOON, period="2026-11"
    )
    office.store.put_decision(decision)
    office.finish()
    assert office.keys() == []


@pytest.mark.parametrize(
    ("regime", "phase", "heard"),
    [
        ("LOU", "tender", "LOU 13:4"),
        ("LOU_annex2", "tender", "LOU 19:17"),
        ("LUF", "tender", "LUF 13:5"),
        ("LUK", "tender", "LUK 11:5"),
        ("LOV", "tender", ""),
        ("LOU", "contract", ""),
    ],
)
def test_hearing_is_cited_where_the_law_has_it(office: Office, regime: Any, phase: Any, heard: str) -> None:
    """In a procurement that the flag may exclude from, and nowhere else."""
    supplier = office.add(OWN, "Granliden AB", Contract(id="U-1", regime=regime, phase=phase))
    office.judge(supplier, "SKA-01", flag(DEBT, **SEEN), "", "U-1")
    office.finish()
    (point,) = office.points()
    assert point.heard == heard
    for who in recipients(office.rows()):
        text = "\n".join(letter(who, Sender("Fjärdvik", "2026-11-30", "sv", simulated=False)))
        assert ("tillfälle att yttra er" in text) == bool(heard)


def test_the_words_of_the_list_are_those_of_the_case_file() -> None:
    """What is sent is read back as it stands."""
    akt = load_exports(ROOT / "connectors")["akt"]
    assert {akt.meanings["document"][word] for word in HANDLING.values()} == {
        f"{k}_requested" for k in get_args(AskedFor)
    }
    known = set(akt.spellings) | akt.ignored
    from screening.adapters.cells import header_key

    assert {header_key(name) for name in POINTS.names} <= known


# --- what is written -------------------------------------------------------------------------------------------------
def written(office: Office, folder: Path) -> dict[str, Path]:
    build_sheets(office.store, office.run, office.config, RULES, {})
    paths = write_reports(office.store, office.run, office.config, folder)
    return {path.relative_to(folder / "2026-11").as_posix(): path for path in paths}


def filled(office: Office) -> tuple[str, str]:
    company, person = office.add(OWN, "=Granliden AB", TENDER, RUNNING), office.add(PERSON, "Lövnäs Keramik")
    office.judge(company, "SKA-01", flag(DEBT, **SEEN), "", "U-1", "A-1")
    office.judge(company, "SKA-02", LACKS)
    office.judge(person, "SKA-01", flag(DEBT, **SEEN))
    office.finish()
    return company, person


def test_a_list_a_template_and_a_letter_each_are_written(office: Office, tmp_path: Path) -> None:
    """The list first, for mail merge, and nothing in it is a formula."""
    company, _ = filled(office)
    files = written(office, tmp_path / "ut")
    names = {name for name in files if name.startswith("begaran/")}
    assert names == {
        "begaran/begaran-2026-11.xlsx",
        "begaran/brevmall.txt",
        "begaran/brev/=Granliden AB 1001.txt",
        "begaran/brev/Lövnäs Keramik 1001.txt",
    }
    book = openpyxl.load_workbook(files["begaran/begaran-2026-11.xlsx"])
    assert book.sheetnames == ["Begäran", "Leverantörer", "Begärda"]
    cells = [[cell.value for cell in row] for row in book["Begäran"].iter_rows()]
    assert cells[0] == POINTS.names
    assert len(cells) == 4
    assert all(cell.data_type != "f" for row in book["Begäran"].iter_rows() for cell in row)
    merged = [[cell.value for cell in row] for row in book["Leverantörer"].iter_rows()]
    assert [row[3] for row in merged[1:]] == [2, 1]
    assert "avvikelserapport-2026-11.xlsx" in files
    assert "Begäran" not in openpyxl.load_workbook(files["avvikelserapport-2026-11.xlsx"]).sheetnames
    letter = files["begaran/brev/=Granliden AB 1001.txt"].read_text(encoding="utf-8")
    assert office.finding_id("SKA-01", company) in letter
    assert "13 kap. 4 § lagen (2016:1145) om offentlig upphandling" in " ".join(letter.split())
    assert "senast den 2026-12-14" in " ".join(letter.split())  # ten working days


def test_a_letter_to_a_sole_trader_has_no_number(office: Office, tmp_path: Path) -> None:
    """And cites no hearing that no procurement calls for."""
    filled(office)
    letter = written(office, tmp_path / "ut")["begaran/brev/Lövnäs Keramik 1001.txt"].read_text(encoding="utf-8")
    assert "1940" not in letter
    assert "Organisationsnummer" not in letter
    assert "Vårt leverantörsnummer 1001" in letter
    assert "yttra" not in letter


LOADED = ("misstank", "misstänk", "brott", "fusk", "uteslut", "bedräg", "oseriös", "varning", "anklag", "skyldig till")


def test_the_letters_are_neutral(office: Office, tmp_path: Path) -> None:
    """Nothing of suspicion in a letter, the template or what any rule asks for."""
    filled(office)
    told = [
        path.read_text(encoding="utf-8")
        for name, path in written(office, tmp_path / "ut").items()
        if name.endswith(".txt")
    ]
    told += [ask.what.sv for rule in RULES.values() for ask in rule.table.ask]
    for text in told:
        assert not [word for word in LOADED if word in text.casefold().replace("belastningsregist", "")]


def test_the_template_has_the_fields_of_the_list(office: Office, tmp_path: Path) -> None:
    """Every field to merge is a column of the sheet Leverantörer."""
    import re

    filled(office)
    files = written(office, tmp_path / "ut")
    fields = set(re.findall("«(.+?)»", files["begaran/brevmall.txt"].read_text(encoding="utf-8")))
    header = [cell.value for cell in openpyxl.load_workbook(files["begaran/begaran-2026-11.xlsx"])["Leverantörer"][1]]
    assert fields <= set(header)
    assert len(fields) == 6


def test_written_again_it_is_the_same_and_a_letter_with_work_in_it_is_kept(office: Office, tmp_path: Path) -> None:
    """As workbooks: the new one stands beside it."""
    filled(office)
    files = written(office, tmp_path / "ut")
    before = {name: path.read_bytes() for name, path in files.items() if name.startswith("begaran")}
    worked_in = files["begaran/brev/Lövnäs Keramik 1001.txt"]
    assert {
        name: path.read_bytes() for name, path in written(office, tmp_path / "ut").items() if name in before
    } == before
    worked_in.write_text("Hej", encoding="utf-8")
    again = written(office, tmp_path / "ut")
    assert worked_in.read_text(encoding="utf-8") == "Hej"
    assert "begaran/brev/Lövnäs Keramik 1001-2.txt" in again


def test_a_letter_that_is_not_to_be_sent_any_more_is_taken_away(office: Office, tmp_path: Path) -> None:
    """Unless somebody has worked in it."""
    company, _ = filled(office)
    files = written(office, tmp_path / "ut")
    office.asked(company, "tax_account")
    office.asked(company, "explanation", office.finding_id("SKA-01", company))
    again = written(office, tmp_path / "ut")
    assert not files["begaran/brev/=Granliden AB 1001.txt"].exists()
    assert "begaran/brev/Lövnäs Keramik 1001.txt" in again


def test_nothing_to_ask_for_writes_nothing(office: Office, tmp_path: Path) -> None:
    """No empty list, no template."""
    office.add(OWN, "Granliden AB")
    office.finish()
    assert not [name for name in written(office, tmp_path / "ut") if name.startswith("begaran")]


def test_english_and_made_up_sources(office: Office, tmp_path: Path) -> None:
    """The letter follows the language, and says when it must not be sent."""
    from screening.report.letters import Recipient, Sender, letter

    filled(office)
    rows = tuple(row for row in office.rows() if "Granliden" in str(row[1]))
    told = "\n".join(
        letter(Recipient("Granliden AB", "559999-0008", "", rows[:2]), Sender("F", "2026-11-30", "en", simulated=True))
    )
    assert told.startswith("SIMULATED SOURCES")
    assert "Organisation number 559999-0008" in told
    assert "section 4 of the Public Procurement Act" in " ".join(told.split())


def test_the_limits_of_every_rule_can_be_written() -> None:
    """Also those that are lists of lists."""
    words = RuleTexts(RULES, DAY, "sv")
    for rule in RULES.values():
        assert rule.limits.versions == () or words.limits(rule)
