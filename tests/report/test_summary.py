from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from screening.model import REASONS, Judged, unknown
from screening.report.summary import MOST_LINES, MOST_REASONS, MOST_UNITS
from screening.rules import load_rule
from screening.rules.binding import Need

Page = Callable[..., list[list[Any]]]


@pytest.fixture
def page(month: Any) -> Page:
    """The blocks of the first page, of one kind or all."""

    def build(kind: str = "", unit: str = "") -> list[list[Any]]:
        month.build()
        _columns, rows = month.store.sheet(month.run.id, "Sammanfattning")
        return [row[2:] for row in rows if row[0] == unit and kind in ("", row[1])]

    return build


def test_it_answers_three_questions_in_order(page: Page) -> None:
    """What is new or worse, what could not be checked, what is overdue; then charts."""
    assert [cells[0] for cells in page("heading")] == [
        "1  Vad är nytt eller värre? Störst belopp först",
        "2  Vad kunde inte kontrolleras, och varför?",
        "3  Vad är försenat?",
        "Alla stående flaggor i diagram",
    ]
    tiles = page("tile")
    assert [cells[1] for cells in tiles] == [21, 10, 6, 35]
    assert tiles[1][2] == "leverantörer; 24 av 34 är helt kontrollerade"


def test_it_tells_the_share_of_money_that_was_checked(page: Page) -> None:
    """Before anything is told of what was found."""
    assert page("text")[0][0].startswith("De fullständigt kontrollerade leverantörerna står för")
    assert "73\u00a0% av de 163\u00a0mkr" in page("text")[0][0]


def test_what_is_overdue_stands_worst_first(page: Page) -> None:
    """Severity first, then what has waited longest, with the day that has passed."""
    assert "flaggor skulle ha handlagts" in next(cells[0] for cells in page("text") if "skulle" in cells[0])
    late = page("late")
    ranks = [["KRITISK", "HÖG", "MEDEL", "LÅG"].index(cells[1].split()[1].rstrip(":")) for cells in late]
    assert ranks == sorted(ranks)
    assert all(cells[3] < "2026-11-30" for cells in late)


def test_what_is_new_is_ordered_by_money(page: Page) -> None:
    """Most kronor first; the rest is counted."""
    news = [cells[3] for cells in page("news")]
    assert news == sorted(news, reverse=True)
    assert len(news) == MOST_LINES
    assert "… och 11 leverantörer till i bladet Flaggor, Status Ny eller Värre." in [cells[0] for cells in page("text")]


def test_a_unit_sees_its_own_figures(page: Page) -> None:
    """Its suppliers, flags and money alone."""
    assert "av 34" not in page("tile", "HVB")[1][2]
    assert {cells[0] for cells in page("unit", "HVB")[1:]} == {"HVB"}


def test_more_reasons_and_units_than_fit_are_added_up(month: Any, page: Page) -> None:
    """Nothing falls off the page unsaid."""
    gaps = [reason for reason in REASONS if reason not in ("not_needed", "identity", "rejected_input")]
    judged = [
        Judged(month.ids[place], "KRE-01", "", replace(unknown(reason), missing=("credit",)))
        for place, reason in enumerate(gaps)
    ]
    month.store.put_judged(month.run.id, judged)
    contracts = [
        (month.ids[place], replace(contract, unit=f"Enhet {place}"))
        for place in range(28)
        for contract in month.store.contracts(month.run.id, month.ids[place])[:1]
    ]
    suppliers, spend = list(month.store.suppliers(month.run.id)), month.store.spend(month.run.id, month.ids[0])
    month.store.begin_population(month.run.id)
    month.store.put_suppliers(month.run.id, suppliers)
    month.store.put_contracts(month.run.id, contracts)
    month.store.put_spend(month.run.id, [(item.id, spend) for item in suppliers])
    why = page("why")
    assert len(why) == MOST_REASONS + 1
    assert why[-1][0] == "Övrigt"
    units = page("unit")
    assert len(units) == 1 + MOST_UNITS + 1
    assert units[-1][0] == "Övriga enheter"
    assert units[-1][1] == units[-1][2] + units[-1][3]


def test_a_month_in_which_all_was_checked_says_so(month: Any, page: Page) -> None:
    """Then there is nothing to explain."""
    month.store.put_judged(month.run.id, [])
    kept = [item for item in month.store.suppliers(month.run.id) if item.kind != "unidentified"]
    contracts = [(item.id, one) for item in kept for one in month.store.contracts(month.run.id, item.id)]
    month.store.begin_population(month.run.id)
    month.store.put_suppliers(month.run.id, [item for item in kept if item.id in dict(contracts)])
    month.store.put_contracts(month.run.id, contracts)
    assert "Alla leverantörer är fullständigt kontrollerade." in [cells[0] for cells in page("text")]


def test_suppliers_under_no_profile_are_counted_apart(month: Any, page: Page) -> None:
    """Nothing is expected of them, so they are neither checked nor unchecked."""
    profile = month.config.profile[0]
    only = profile.model_copy(update={"match": profile.match.model_copy(update={"unit": ("IT",)})})
    month.config = month.config.model_copy(update={"profile": (only,)})
    assert "av ingen profil" in " ".join(cells[0] for cells in page("text"))


def test_a_check_that_got_too_little_names_what_it_needs(month: Any, page: Page) -> None:
    """A rule that says only that the history is short means its own first fact; never a word of code."""
    need = Need("officers", "officers", "history", optional=False)
    rule = month.rules["AGA-01"]
    month.rules = {**month.rules, "AGA-01": replace(rule, binding=replace(rule.binding, needs=(need,)))}
    judged = [Judged(month.ids[9], rule, "", unknown("short_history")) for rule in ("AGA-01", "KRE-01")]
    month.store.put_judged(month.run.id, judged)
    assert [cells[0] for cells in page("why")] == ["Underlag", "Bekräftat organisationsnummer", "Styrelse och vd"]


def test_the_first_page_names_no_owners(month: Any) -> None:
    """It travels further than the list: persons are named where a flag is handled."""
    from screening.report.ruletexts import RuleTexts

    rule = load_rule(Path(__file__).parents[2] / "rules" / "aga_02_agarbyte.toml")
    words = RuleTexts({"AGA-02": rule}, month.run.as_of, "sv")
    evidence = {"variant": "changed", "changed_on": "2026-11-09", "owners_before": "Alva Ek", "owners_after": "Bo Lind"}
    finding = replace(
        month.store.finding(next(iter(month.store.findings(month.run.id))).finding_id)[0][1],
        rule="AGA-02",
        evidence=evidence,
        raised_by=(),
    )
    assert words.observed(finding) == "Verklig huvudman bytt 2026-11-09 från Alva Ek till Bo Lind."
    assert words.observed(finding, persons=False) == "Verklig huvudman bytt 2026-11-09."
