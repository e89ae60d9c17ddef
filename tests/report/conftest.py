"""A month of a fictitious municipality in a real store: 34 suppliers, about 40 flags, and what could not be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config
from screening.identity import Identity, luhn, read
from screening.model import (
    BeneficialOwners,
    CompanyRecord,
    Contract,
    DocumentRequest,
    Fact,
    Finding,
    Judged,
    Officer,
    Officers,
    Origin,
    Owner,
    Provenance,
    RecordCheckAttestation,
    Severity,
    Spend,
    Status,
    Supplier,
    unknown,
)
from screening.report import build_sheets, write_reports
from screening.rules import Rule
from screening.rules.binding import Binding, Limits, Need
from screening.rules.table import RuleTable
from screening.store import Run, Store
from screening.store.rows import InputFile, Reject, RowOrigin

AS_OF = date(2026, 11, 30)
NOW = datetime(2026, 11, 30, 5, 30, tzinfo=UTC)

UNITS = [
    "Hemtjänst",
    "Personlig assistans",
    "HVB",
    "Skola & förskola",
    "Primärvård",
    "Bygg/anläggning",
    "IT",
    "Föreningsbidrag",
]
NAMES = [
    "Solgläntans Omsorg AB", "Björkliden HVB AB", "Mälarö Hemtjänst AB", "Tryggve Assistans AB", "Eken Förskolor ek. för.",
    "Norrskenets Vårdcentral AB", "Granit & Grus i Väst AB", "Kodverket Konsult AB", "Lagkraft Schakt HB", "Åsens Bygdegårdsförening",
    "Lärkan Städ AB", "Vintergatan Data AB", "Hjärtat Personlig Assistans AB", "Kronans Livsmedel AB", "Sjöbris Transport AB",
    "Ugglan Fritids AB", "Stenmurens Bygg AB", "Fyrens Behandlingshem AB", "Morgonrodnad Omsorg AB", "Tallbackens Skolor AB",
    "Ängens Rehab AB", "Bävern VVS AB", "Linnéans Catering HB", "Riddaren Bevakning AB", "Källan Vatten AB",
    "Humlan Trädgård AB", "Vågens Simklubb", "Korpen Elteknik AB", "Nova Språktjänst AB", "Ripan Hälsa AB",
]  # fmt: skip

RULES: dict[str, tuple[str, Severity, str, str]] = {
    "SKA-01": ("Skuld i allmänna mål hos Kronofogden", "high", "{public_debt_sek} i allmänna mål (gräns {limit_sek}); kan avse annat än skatt.", "public_debt_sek"),
    "SKA-02": ("Förfallet underskott på skattekontot", "medium", "Underskott på {deficit_sek} sedan {since_on}.", "deficit_sek"),
    "SKA-06": ("F-skatt saknas eller återkallad", "high", "F-skatten upphörde {ended_on}. Betalt {paid_sek} de senaste 90 dagarna.", ""),
    "REG-01": ("Sanningsförsäkran saknas eller är gammal", "medium", "Ingen sanningsförsäkran finns i akten.", ""),
    "REG-02": ("Intyg om registerkontroll saknas, lagkrav", "critical", "Inget intyg för {quarter} har kommit in.", ""),
    "REG-04": ("Ofullständig registerkontroll", "high", "{unchecked} av {in_scope} anställda är inte kontrollerade före start.", ""),
    "AGA-01": ("Täta styrelsebyten", "medium", "{count} byten i styrelsen på tolv månader.", ""),
    "AGA-02": ("Byte av ägare eller verklig huvudman", "medium", "Ny huvudman registrerad {on}, {days} dagar före tilldelning.", ""),
    "AGA-12": ("Konkurs, likvidation eller rekonstruktion", "critical", "Konkurs inledd {on} enligt Bolagsverket.", ""),
    "KRE-01": ("Låg eller indragen kreditvärdering", "medium", "Kreditvärdering {score} av 100 (gräns {limit}).", ""),
    "IDE-01": ("Namnet stämmer inte med registrets", "medium", "Numret hör enligt registret till {registered_name}.", ""),
}  # fmt: skip


def make_rule(name: str) -> Rule:
    """A rule with texts; its check is never called here."""
    title, severity, sentence, measure = RULES[name]
    both = {"sv": "Betald efter uttagsdatum; tvist om belopp.", "en": "Paid since the extract."}
    table = RuleTable.model_validate(
        {
            "id": name,
            "check": "enforcement_debt",
            "severity": severity,
            "measure": measure or None,
            "title": {"sv": title, "en": f"{title} (en)"},
            "condition": {"sv": "Flaggas när värdet når gränsen.", "en": "Flags at the limit."},
            "why": {"sv": "Kan tyda på bristande betalningsförmåga.", "en": "May show trouble."},
            "finding": {"sv": sentence, "en": sentence},
            "action": {
                "sv": "Verifiera uppgiften vid källan, begär skriftlig förklaring inom tio arbetsdagar och bedöm proportionaliteten.",
                "en": "Verify at the source.",
            },
            "caution": both,
            "resolves": both,
            "source": both,
            "basis": ["LOU (2016:1145) 13:2 andra stycket", "LOU 13:5"],
            "force": "får",
            "checked": date(2026, 3, 31),
            "max_age_days": 45,
        }
    )
    needs = (Need("debt", "enforcement_debt", "one", optional=False),) if name == "SKA-01" else ()
    binding = Binding("enforcement_debt", lambda: unknown("no_source"), needs, None, with_context=False, doc="")
    return Rule(table, binding, Limits(None, ()), f"{name}.toml", f'id = "{name}"\n')


def make_config(**report: Any) -> Config:
    """A municipality with one profile for all."""
    return Config.model_validate(
        {
            "organisation": {"name": "Granby kommun", "orgnr": "212000-0000"},
            "unit": [{"name": name, "risk_owner": f"Chef {name.lower()}"} for name in UNITS],
            "profile": [{"name": "alla", "rules": list(RULES)}],
            "report": report,
        }
    )


def orgnr(number: int) -> str:
    """A number of the fictitious 5599 series with a right check digit."""
    stem = f"5599{number:05d}"
    return next(f"{stem}{digit}" for digit in range(10) if luhn(f"{stem}{digit}"))


def identity_of(written: str) -> Identity:
    """The identity of a number that is right."""
    found = read(written).identity
    assert found is not None
    return found


def provenance(source: str, days: int = 5) -> Provenance:
    """An answer a few days before the run."""
    day = AS_OF - timedelta(days=days)
    at = datetime.combine(day, NOW.timetz())
    return Provenance(
        source=source, origin=Origin.AUTHORITY, as_of=day, fetched_at=at, raw_sha256="ab" * 32, simulated=True
    )


@dataclass
class Month:
    """The store, its run, and what made it."""

    store: Store
    run: Run
    config: Config
    rules: Mapping[str, Rule]
    ids: list[str]

    def build(self) -> Month:
        """The same with the sheets stored."""
        build_sheets(self.store, self.run, self.config, self.rules, {})
        return self


def finding(
    store: Store,
    supplier_id: str,
    rule: str,
    *,
    status: Status = "new",
    severity: Severity | None = None,
    first_seen: str = "2026-11",
    contracts: tuple[str, ...] = (),
    scope_key: str = "",
    **evidence: Any,
) -> Finding:
    """A finding as comparing leaves it."""
    closed = {"resolved": "clear", "ended": "not_applicable", "unverified": "unknown"}
    return Finding(
        finding_id=store.finding_id(rule, supplier_id, scope_key),
        supplier_id=supplier_id,
        rule=rule,
        scope_key=scope_key,
        outcome="flag",
        verdict=closed.get(status, "flag"),  # type: ignore[arg-type]
        severity=severity or RULES[rule][1],
        level="",
        status=status,
        occurrence=1,
        first_seen=first_seen,
        evidence=evidence,
        facts=({"kind": "enforcement_debt", "source": "kronofogden", "raw_sha256": "ab" * 32, "simulated": True},),
        source={"SKA": "kronofogden", "AGA": "bolagsverket_hvd", "KRE": "creditsafe"}.get(rule[:3], "akt"),
        as_of=AS_OF - timedelta(days=6),
        fetched_at=NOW,
        contracts=contracts,
        reason="source_down" if status == "unverified" else "",
        measure=evidence.get("public_debt_sek"),
    )


def unknowns(store: Store, ids: list[str]) -> list[Judged]:
    """Verdicts that could not be reached."""
    gaps = [
        (3, "SKA-01", "source_down", ("enforcement_debt",)),
        (4, "SKA-01", "source_down", ("enforcement_debt",)),
        (5, "SKA-02", "awaited", ("tax_account",)),
        (6, "SKA-02", "awaited", ("tax_account",)),
        (7, "SKA-02", "awaited", ("tax_account",)),
        (8, "KRE-01", "over_budget", ("credit",)),
        (9, "AGA-02", "short_history", ("beneficial_owners",)),
        (10, "REG-01", "too_old", ("declaration",)),
        (30, "SKA-01", "identity", ()),
        (30, "KRE-01", "identity", ()),
        (32, "SKA-01", "identity", ()),
    ]
    return [
        Judged(ids[place], rule, "", replace(unknown(reason), missing=missing))
        for place, rule, reason, missing in gaps
        if place < len(ids)
    ]


def suppliers(store: Store) -> list[Supplier]:
    """Thirty companies, one whose number is somebody else's, a foreign one, an unidentified one and a sole trader."""
    found = []
    for place, name in enumerate(NAMES):
        number = identity_of(orgnr(100 + place))
        found.append(
            Supplier(
                store.supplier_id("organisation", number, name),
                "organisation",
                number,
                name,
                (name,),
                (f"{4000 + place}",),
            )
        )
    wrong = identity_of(orgnr(900))
    found.append(
        Supplier(
            store.supplier_id("organisation", wrong, "Bokens Förlag"),
            "organisation",
            wrong,
            "Bokens Förlag AB",
            (),
            ("4900",),
        )
    )
    person = identity_of(person_number(0))
    found.append(
        Supplier(
            store.supplier_id("person", person, "Vera Testdotter"), "person", person, "Vera Testdotter", (), ("5001",)
        )
    )
    found.append(
        Supplier(
            store.supplier_id("unidentified", None, "Okänd Firma"), "unidentified", None, "Okänd Firma", (), ("5002",)
        )
    )
    clear = identity_of(person_number(1))
    found.append(Supplier(store.supplier_id("person", clear, "Ivar Prov"), "person", clear, "Ivar Prov", (), ("5003",)))
    return found


def person_number(place: int) -> str:
    """One of Skatteverket's published test numbers."""
    return ("194401012382", "196107293059")[place]


def contracts(place: int, supplier: Supplier) -> list[tuple[str, Contract]]:
    """One contract each, two for every fourth."""
    unit = UNITS[place % len(UNITS)]
    first = Contract(
        id=f"A-{100 + place}",
        title=f"Ramavtal {unit}",
        unit=unit,
        service=unit.lower(),
        phase="tender" if place % 9 == 0 else "contract",
        awarded_on=date(2026, 3, 1) + timedelta(days=place * 5),
        starts_on=date(2026, 5, 1) + timedelta(days=place * 5),
        ends_on=date(2027, 1, 31) + timedelta(days=place * 20),
        value_sek=Decimal(500_000 + place * 210_000),
        owner=("Anna Ek", "Bo Alm", "Cilla Ö")[place % 3],
    )
    found = [(supplier.id, first)]
    if place % 4 == 0:
        found.append((supplier.id, replace(first, id=f"A-{200 + place}", unit=UNITS[(place + 3) % len(UNITS)])))
    return found


def facts(place: int) -> list[Fact]:
    """What the registers said."""
    came = provenance("bolagsverket_hvd")
    found: list[Fact] = [CompanyRecord(provenance=came, state="registered", legal_form="AB")]
    chair = Officer("K-A", "Greta Provsson", "OF", "ordförande", date(2020, 1, 1))
    if place in (1, 6, 16):
        older = replace(came, as_of=date(2026, 9, 30), fetched_at=datetime(2026, 9, 30, 5, tzinfo=UTC))
        found.append(Officers(provenance=older, people=(chair, Officer("K-B", "Nils Övning", "LE", "ledamot"))))
        newer = Officer("K-C", "Mona Testman", "LE", "ledamot", date(2026, 10, 12))
        found.append(Officers(provenance=came, people=(chair, newer)))
    if place in (2, 6):
        older = replace(came, as_of=date(2026, 9, 30), fetched_at=datetime(2026, 9, 30, 5, tzinfo=UTC))
        found.append(
            BeneficialOwners(
                provenance=older,
                state="registered",
                owners=(Owner("K-A", "Greta Provsson", "SE", Decimal(1), Decimal(1)),),
            )
        )
        hidden = Owner(
            "K-D", "Hemlig", "SE", Decimal("0.51"), Decimal("0.75"), date(2026, 10, 20), anonymous=place == 6
        )
        found.append(BeneficialOwners(provenance=came, state="registered", owners=(hidden,)))
    if place % 8 in (0, 2, 3):
        states: dict[int, dict[str, Any]] = {
            0: {"state": "received", "in_scope": 24, "checked_before_start": 24, "pending": 0, "signed_on": date(2026, 10, 9), "signatory_role": "vd"},
            2: {"state": "none"},
            3: {"state": "received", "in_scope": 14, "checked_before_start": 11, "pending": 2, "too_old": 1, "signed_on": date(2026, 10, 2), "signatory_role": "verksamhetschef"},
        }  # fmt: skip
        found.append(
            RecordCheckAttestation(
                provenance=provenance("registerkontroll"),
                scope_key="2026Q3/hvb",
                quarter="2026Q3",
                area="hvb" if place % 8 == 2 else "school",
                **states[place % 8],
            )
        )
    if place == 5:
        found.append(
            DocumentRequest(
                provenance=provenance("akt"),
                scope_key="tax_account",
                requested_on=date(2026, 11, 18),
                for_kind="tax_account",
                reply_by_on=date(2026, 12, 2),
            )
        )
    return found


def flags(store: Store, ids: list[str]) -> list[Finding]:
    """About forty flags of every severity and status."""
    found = [
        finding(store, ids[0], "AGA-12", on=date(2026, 11, 19), contracts=("A-100",)),
        finding(store, ids[12], "AGA-12", status="remaining", first_seen="2026-10", on=date(2026, 10, 3)),
        finding(store, ids[6], "SKA-06", ended_on=date(2026, 11, 10), paid_sek=Decimal(412_300), contracts=("A-106",)),
        finding(store, ids[2], "REG-02", quarter="2026Q3", contracts=("A-102",)),
        finding(store, ids[3], "REG-04", unchecked=3, in_scope=14, status="worse"),
        finding(store, ids[1], "AGA-01", count=4),
        finding(store, ids[2], "AGA-02", on=date(2026, 10, 20), days=9, status="remaining", first_seen="2026-10"),
        finding(store, ids[30], "IDE-01", registered_name="Lyktan Redovisning AB"),
        finding(store, ids[31], "SKA-01", public_debt_sek=Decimal(34_500), limit_sek=Decimal(10_000)),
        finding(
            store, ids[23], "SKA-01", status="resolved", public_debt_sek=Decimal(51_000), limit_sek=Decimal(10_000)
        ),
        finding(store, ids[21], "KRE-01", status="ended", score=31, limit=40),
        finding(store, ids[22], "KRE-01", status="unverified", score=35, limit=40, first_seen="2026-09"),
    ]
    statuses: tuple[Status, ...] = ("new", "remaining", "worse")
    for place in range(0, 28, 2):
        debt = Decimal(12_000 + place * 7_350)
        status = statuses[place % 3]
        severity: Severity = "critical" if debt >= 100_000 and place == 18 else "high"
        first = "2026-11" if status == "new" else "2026-09"
        found.append(
            finding(store, ids[place], "SKA-01", status=status, severity=severity, first_seen=first, public_debt_sek=debt, limit_sek=Decimal(10_000))
        )  # fmt: skip
        if place % 4 == 0:
            found.append(finding(store, ids[place], "REG-01", status="remaining", severity="low", first_seen="2026-08"))
    found += [finding(store, ids[place], "KRE-01", score=28 + place, limit=40) for place in (7, 11, 15, 19)]
    return found


def fill_store(store: Store, config: Config, rules: Mapping[str, Rule]) -> Month:
    """One monthly run, judged and compared."""
    texts = {("rule", name): rule.text for name, rule in rules.items()} | {
        ("config", "screening.toml"): "[organisation]\n",
        ("connector", "akt"): 'role = "export"\ntitle = "Handlingar i akten"\n',
    }
    run = store.begin_run("monthly", "2026-11", AS_OF, started=NOW, version="0.1.0", texts=texts)
    store.begin_population(run.id)
    everyone = suppliers(store)
    ids = [item.id for item in everyone]
    store.put_suppliers(run.id, everyone)
    store.put_contracts(run.id, [pair for place, item in enumerate(everyone[:31]) for pair in contracts(place, item)])
    spends = []
    for place, item in enumerate(everyone):
        sek = Decimal(180_000 + (place * 7919 % 31) * 310_000)
        spends.append((item.id, Spend(sek, sek / 4, rows=40, by_unit=((UNITS[place % len(UNITS)], sek),))))
    store.put_spend(run.id, spends)
    name = "avtal_2026-11.xlsx"
    store.put_input(
        run.id,
        InputFile(
            name=name,
            sha256="c0" * 32,
            connector="avtal_eavrop",
            rows=44,
            accepted=40,
            merged=1,
            rejected=3,
            notes=("bladet Utgångna hoppades över",),
        ),
    )
    store.put_input(
        run.id, InputFile(name="reskontra_okand.csv", sha256="c1" * 32, error="okänd rubrikrad: Kol1, Kol2")
    )
    store.put_input(
        run.id,
        InputFile(
            name="reskontra_2026-11.csv",
            sha256="c2" * 32,
            connector="reskontra_nationell",
            rows=900,
            accepted=900,
            doubtful=True,
        ),
    )
    store.put_rejects(
        run.id,
        [
            Reject(file=name, sheet="Blad1", row=17, reason="Kontrollsiffran stämmer inte; en siffra kan vara fel eller två ha bytt plats.", code="check_digit", written="559910-4413", name='=HYPERLINK("http://x")', proposals=((orgnr(104), "Eken Förskolor ek. för.", 0.97), (orgnr(44), "", 0.0))),
            Reject(file=name, sheet="Blad1", row=23, reason="Raden saknar leverantör.", code="no_name", written="", name=""),
        ],
    )  # fmt: skip
    store.put_origins(
        run.id,
        [
            RowOrigin(ids[32], name, "Blad1", 31),
            RowOrigin(ids[32], name, "Blad1", 35),
            RowOrigin(ids[30], name, "Blad1", 38),
        ],
    )
    for place, supplier_id in enumerate(ids[:30]):
        for fact in facts(place):
            store.put_facts(run.id, supplier_id, [fact], fact.provenance.fetched_at)
    store.put_judged(run.id, unknowns(store, ids))
    store.put_findings(run.id, [*flags(store, ids), *_unknown_findings(store, ids)])
    store.put_coverage(run.id, {rule: {"flag": 3, "clear": 24, "unknown": 2, "not_applicable": 5} for rule in rules})
    return Month(store, run, config, rules, ids)


def _unknown_findings(store: Store, ids: list[str]) -> Iterator[Finding]:
    for item in unknowns(store, ids):
        flagged = finding(store, item.supplier_id, item.rule)
        yield replace(
            flagged, outcome="unknown", verdict="unknown", severity=None, reason=item.verdict.reason, facts=(), scope_key="?",
            finding_id=store.finding_id(item.rule, item.supplier_id, "?"),
        )  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A real store on disk."""
    opened = Store.open("sqlite:///store.db", tmp_path, organisation="2120000000")
    yield opened
    opened.close()


@pytest.fixture
def month(store: Store) -> Month:
    """The municipality's month, not yet reported."""
    return fill_store(store, make_config(), {name: make_rule(name) for name in RULES})


@pytest.fixture
def built(month: Month) -> Month:
    """The month with its sheets stored."""
    return month.build()


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Month, list[Path]]]:
    """A month with its reports written, for tests that only read them."""
    home = tmp_path_factory.mktemp("finished")
    opened = Store.open("sqlite:///store.db", home, organisation="2120000000")
    made = fill_store(opened, make_config(), {name: make_rule(name) for name in RULES}).build()
    yield made, write_reports(opened, made.run, made.config, home / "reports")
    opened.close()


@pytest.fixture
def rows(finished: tuple[Month, list[Path]]) -> Callable[[str], list[dict[str, Any]]]:
    """A stored sheet as one dict per row."""
    month, _paths = finished

    def read_sheet(name: str) -> list[dict[str, Any]]:
        columns, found = month.store.sheet(month.run.id, name)
        return [dict(zip(columns, row, strict=True)) for row in found]

    return read_sheet
