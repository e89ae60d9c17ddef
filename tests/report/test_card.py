import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from screening.report.card import card_json, card_lines


def of(month: Any, name: str, language: Any = "sv") -> str:
    """The card of one supplier, out of those of the run."""
    cards = "\n".join(card_lines(month.store, month.run, month.config, month.rules, language)).split("-" * 60)
    return next(text for text in cards if name in text)


def kinds(month: Any) -> Any:
    """The month with rules that look at what the store holds."""
    from screening.rules.binding import Binding, Need

    needs = (Need("record", "company_record", "one", optional=False),)
    binding = Binding("enforcement_debt", lambda: None, needs, None, with_context=False, doc="")  # type: ignore[arg-type, return-value]
    month.rules = {name: replace(rule, binding=binding) for name, rule in month.rules.items()}
    return month


def test_a_flagged_supplier(month: Any) -> None:
    """Severity first, then each flag with what was seen, by whom, when, and what to do."""
    text = of(kinds(month), "Granit & Grus i Väst AB")
    head, verdict = text.strip().splitlines()[:2]
    assert head.startswith("Granit & Grus i Väst AB  559900-")
    assert verdict.startswith("▲ HÖG: Fördjupad kontroll.")
    assert "Allt kunde inte kontrolleras." in text
    assert "▲ HÖG  SKA-06 F-skatt saknas eller återkallad" in text
    assert "F-skatten upphörde 2026-11-10." in text
    assert "Källa: kronofogden, uppgift per 2026-11-24" in text
    assert "Lagrum: LOU (2016:1145) 13:2 andra stycket; LOU 13:5 (får)" in text
    assert "? Kontoutdrag från skattekontot (SKA-02)" in text
    assert "Bolagsverkets grunduppgifter: bolagsverket_hvd, uppgift per 2026-11-25, hämtad 2026-11-25" in text
    assert "SIMULERADE KÄLLOR" in text


def test_a_clear_supplier(month: Any) -> None:
    """OK is said only where everything was checked."""
    text = of(kinds(month), "Kronans Livsmedel AB")
    assert "OK: Utan anmärkning." in text
    assert "Kunde inte kontrolleras" not in text


def test_no_answer_is_never_ok(month: Any) -> None:
    """A supplier about whom nobody has answered is not assessable."""
    text = of(month, "Kronans Livsmedel AB")
    assert "? EJ BEDÖMBAR: Ingen källa har svarat om leverantören." in text
    assert "OK" not in text.replace("LOU", "")


def test_unknown_is_said_first(month: Any) -> None:
    """No flag, but not everything known."""
    text = of(kinds(month), "Norrskenets Vårdcentral AB")
    assert "? EJ BEDÖMBAR: Inte helt kontrollerad." in text


def test_a_person_and_an_unidentified_supplier(month: Any) -> None:
    """Masked, and without a number."""
    assert "Vera Testdotter  19440101-****" in of(month, "Vera Testdotter")
    assert "Okänd Firma  okänt nummer" in of(month, "Okänd Firma")


def test_english(month: Any) -> None:
    """The same card in English, with the case it belongs to."""
    month.run = replace(month.run, case="KS 2026/17")
    text = of(kinds(month), "Granit & Grus i Väst AB", "en")
    assert "▲ HIGH: Deeper check." in text
    assert "Checked 2026-11-30, case KS 2026/17. Run M-2026-11-1." in text
    assert "Could not be checked" in text
    assert "SIMULATED SOURCES" in text


def test_as_data(month: Any) -> None:
    """The same as JSON: findings under their public keys, what was missing, what was looked at."""
    document: Any = card_json(month.store, month.run, kinds(month).config, month.rules)
    assert len(document["suppliers"]) == 34
    flagged = next(item for item in document["suppliers"] if item["supplier"] == "Granit & Grus i Väst AB")
    assert (flagged["overall"], flagged["fully_checked"]) == ("deep", False)
    assert {item["rule"] for item in flagged["findings"]} == {"SKA-01", "SKA-06"}
    assert flagged["not_checked"] == [{"rule": "SKA-02", "missing": "tax_account", "reason": "awaited"}]
    assert flagged["looked_at"][0]["simulated"] is True


@pytest.mark.parametrize("module", ["pandas", "openpyxl", "xlsxwriter"])
def test_a_card_loads_no_reader_or_writer_of_workbooks(module: str) -> None:
    """An answer before signing comes in seconds."""
    code = f"import sys, screening.report, screening.report.card, screening.report.manifest; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
