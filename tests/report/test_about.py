from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from screening.adapters.source import Adapter, Answer, Session, Source
from screening.connectors import Connector, SourceTable
from screening.model import CompanyRecord, Origin
from screening.report import build_sheets
from screening.rules import load_rule
from screening.rules.binding import Limits
from screening.rules.table import Text


def _never(_session: Session) -> Source:
    """Nobody asks it."""
    raise AssertionError


def connector(name: str, address: str) -> Connector:
    """A source by its title."""
    adapter = Adapter(gives=frozenset({"company_record"}), origin=Origin.AUTHORITY, open=_never, stub_path="/x")
    table = SourceTable(role="source", adapter="x", title=name.upper(), address=address)
    return Connector(name, table, adapter, "")


def sheet(month: Any, name: str) -> list[dict[str, Any]]:
    """Rows as dicts."""
    columns, rows = month.store.sheet(month.run.id, name)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_sources_are_counted_with_their_price(month: Any) -> None:
    """Each by its title; made-up answers are said to be."""
    at = month.run.started
    intent = month.store.intend(month.run.id, "dyr", month.ids[0], 1200, at)
    month.store.settle(intent, "answered", at)
    from_month = month.store.current(month.ids[0], "company_record")
    assert isinstance(from_month, CompanyRecord)
    fact = replace(from_month, provenance=replace(from_month.provenance, source="gratis", simulated=False))
    month.store.put_answer(month.run.id, "gratis", Answer(supplier_id=month.ids[0], facts=(fact,)), at)
    sources = {"dyr": connector("dyr", "stub:"), "gratis": connector("gratis", "https://example.invalid")}
    build_sheets(month.store, month.run, month.config, month.rules, sources)
    found = {row["Post"]: row for row in sheet(month, "Körning") if row["Avsnitt"] == "Källor"}
    assert "12\u00a0kr" in found["DYR"]["Detalj"]
    assert found["DYR"]["Detalj"].endswith("simulerad")
    assert "utan kostnad" in found["GRATIS"]["Detalj"]
    assert sheet(month, "Körning")[0]["Post"] == "DYR, kronofogden"


def test_without_made_up_answers_nothing_is_said_of_them(month: Any) -> None:
    """The marker stands only where it is true."""
    found = [replace(item, facts=()) for item in month.store.findings(month.run.id)]
    month.store.put_findings(month.run.id, found)
    month.build()
    assert sheet(month, "Körning")[0]["Avsnitt"] == "Körning"


def test_limits_in_force_and_a_rule_without_a_paragraph(month: Any) -> None:
    """Limits as people write them, one a line; where no law is named the reason stands."""
    rule = month.rules["KRE-01"]
    labels = {"limit_sek": Text(sv="gräns", en="limit")}
    table = rule.table.model_copy(update={"basis": (), "no_basis": rule.table.why, "labels": labels})
    limits = Limits(type("P", (), {}), ((date(2024, 1, 1), {"limit_sek": 10_000, "areas": ("hvb", "school")}),))
    month.rules = {**month.rules, "KRE-01": replace(rule, table=table, limits=limits)}
    month.build()
    row = next(row for row in sheet(month, "Regler") if row["Regel-ID"] == "KRE-01")
    assert row["Gränser i kraft"] == "gräns: 10\u00a0000\u00a0kr\nareas: HVB, skola och förskola"
    assert row["Lagrum"] == "Kan tyda på bristande betalningsförmåga."


def test_a_rule_outside_every_profile_is_not_listed(month: Any) -> None:
    """The list is of what is checked."""
    profile = month.config.profile[0].model_copy(update={"rules": ("SKA-01",)})
    month.config = month.config.model_copy(update={"profile": (profile,)})
    month.build()
    assert [row["Regel-ID"] for row in sheet(month, "Regler")] == ["SKA-01"]


def test_a_row_told_as_refused_is_not_told_twice(month: Any) -> None:
    """The reject already names the row that made the supplier without a number."""
    from screening.store.rows import Reject

    rows = [
        Reject(file="avtal_2026-11.xlsx", sheet="Blad1", row=number, reason="Numret är fel.", name="Okänd Firma")
        for number in (31, 35)
    ]
    month.store.put_rejects(month.run.id, rows)
    month.build()
    found = [row["Rad"] for row in sheet(month, "Indatafel") if row["Leverantör"] == "Okänd Firma"]
    assert found == [31, 35]


def test_a_persons_proposed_number_is_masked(month: Any) -> None:
    """A proposal is a person's number as well."""
    from screening.store.rows import Reject

    month.store.put_rejects(
        month.run.id, [Reject(file="f", sheet="", row=1, reason="x", proposals=(("194401012382", "", 0.0),))]
    )
    month.build()
    assert "19440101-****" in [row["Förslag"] for row in sheet(month, "Indatafel")]


def test_a_profiles_own_limit_is_shown(month: Any) -> None:
    """The same treatment of all alike can be seen, and where it differs by choice."""
    rule = load_rule(Path(__file__).parents[2] / "rules" / "ska_01_allmanna_mal.toml")
    profile = month.config.profile[0].model_copy(update={"limits": {"SKA-01": {"limit_sek": Decimal(5_000)}}})
    month.config = month.config.model_copy(update={"profile": (profile,)})
    month.rules = {**month.rules, "SKA-01": rule}
    month.build()
    row = next(row for row in sheet(month, "Regler") if row["Regel-ID"] == "SKA-01")
    assert "gräns: 10\u00a0000\u00a0kr" in row["Gränser i kraft"].splitlines()
    assert "gräns (alla): 5\u00a0000\u00a0kr" in row["Gränser i kraft"].splitlines()


def test_one_fault_in_several_files_is_told_once(month: Any) -> None:
    """The same name with the same number, however it is written: one decision settles them all."""
    from screening.store.rows import Reject

    def reject(file: str, row: int, name: str, written: str, code: str = "identity.check_digit") -> Reject:
        return Reject(file=file, sheet="", row=row, reason="Fel.", code=code, written=written, name=name)

    rows = [
        reject("in/a.xlsx", 3, "Glas AB", "5599958464"),
        reject("in/b.csv", 7, "GLAS AB", "559995-8464"),
        reject("in/c.csv", 9, "Glas AB", "559995-8472"),
        reject("in/d.csv", 4, "Glas AB", "5599958464", code="row.empty"),
    ]
    month.store.put_rejects(month.run.id, rows)
    month.build()
    found = [row for row in sheet(month, "Indatafel") if row["Leverantör"] == "Glas AB"]
    assert [(row["Fil"], row["Rad"], row["Fel"]) for row in found] == [
        ("a.xlsx", 3, "Fel. Står också i b.csv rad 7."),
        ("c.csv", 9, "Fel."),
        ("d.csv", 4, "Fel."),
    ]


def test_what_was_noted_of_a_file_is_told_once_with_its_columns_on_one_line(month: Any) -> None:
    """Two sheets of one file say much the same; the format is named by its title, as findings from it are."""
    from screening.store.rows import InputFile

    notes = ("rubrikrad: rad 1", "kolumn Lev → supplier_name", "kolumn Orgnr → supplier_id", "rubrikrad: rad 1")
    item = InputFile(name="in/akt.csv", sha256="ab" * 32, connector="akt", rows=1, accepted=1, notes=notes)
    month.store.put_input(month.run.id, item)
    month.build()
    row = next(row for row in sheet(month, "Körning") if row["Post"] == "in/akt.csv")
    assert row["Resultat"].startswith("1 rad: 1 godtagna")
    assert row["Detalj"].splitlines() == [
        "Handlingar i akten (akt)",
        "rubrikrad: rad 1",
        "Kolumner: Lev → supplier_name, Orgnr → supplier_id",
        "SHA-256 " + "ab" * 32,
    ]
