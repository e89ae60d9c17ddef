"""Sources that go quiet: seen, told, and not believed; well ones are left alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from math import comb
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.stages.doubt import ANSWER, SURE, Counted, Doubt, at_least, doubts_of, filled, most
from screening.store import Shape, Sighted

FULL = {"people": [["K-1", "A", "LE"]]}
Screening = Callable[..., tuple[int, str, str]]


def board(number: int, now: Any, before: Any, *, first: bool = False) -> Sighted:
    return Sighted(f"S-{number}", "officers", now, before, first)


def doubted(
    answers: list[Sighted], history: list[Shape] | None = None, expect: dict[str, float] | None = None
) -> list[Doubt]:
    forms = {f"S-{number}": "AB" if number % 2 else "HB" for number in range(1000)}
    return list(doubts_of("register", Counted.of(answers, forms), history or [], expect or {}))


# --- what an answer holds -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "payload", "held"),
    [
        ("officers", FULL, {ANSWER, "people"}),
        ("officers", {}, {ANSWER}),
        ("officers", None, set()),
        ("beneficial_owners", {"state": "none_registered"}, {ANSWER}),
        ("beneficial_owners", {"state": "exempt"}, {ANSWER, "state"}),
        ("enforcement_debt", {"public_debt_sek": 0, "private_debt_sek": 5}, {ANSWER, "private_debt_sek"}),
        ("company_record", {"state": "not_registered"}, {ANSWER}),
        ("company_record", {"state": "registered", "has_any_tax_registration": False}, {ANSWER, "state", "has_any_tax_registration"}),
    ],
)  # fmt: skip
def test_empty_zero_and_none_hold_nothing(kind: str, payload: Any, held: set[str]) -> None:
    """A "no" is an answer; that there is nothing may be a source in trouble."""
    assert filled(kind, payload) == held


# --- against its own history --------------------------------------------------------------------------------------------
def test_boards_that_vanish_are_suspicious() -> None:
    """Twenty of two hundred boards in one month."""
    answers = [board(number, None if number < 20 else FULL, FULL) for number in range(200)]
    (first, *_) = doubted(answers)
    assert (first.measure, first.form, first.missing, first.of) == (ANSWER, "", 20, 200)
    assert first.by_history
    assert "20 av 200 leverantörer som hade svar (officers) saknar det nu" in first.text()


def test_one_that_vanishes_is_not() -> None:
    """Companies end; and what never was there cannot vanish."""
    answers = [board(number, None if number < 2 else FULL, FULL) for number in range(200)]
    answers += [board(number, None, None) for number in range(200, 400)]
    assert not doubted(answers)


def test_what_history_says_is_usual_is_not_suspicious() -> None:
    """The same twenty, at a source where a tenth is lost every month."""
    answers = [board(number, None if number < 20 else FULL, FULL) for number in range(200)]
    history = [Shape("officers", measure, form, 200, 180, 200, 20)
               for measure in (ANSWER, "people") for form in ("", "AB", "HB") for _ in range(5)]  # fmt: skip
    assert not doubted(answers, history)


def test_one_legal_form_alone_can_be_suspicious() -> None:
    """Every limited company's board is gone, among many others that are there."""
    answers = [board(number, None if number % 2 and number < 40 else FULL, FULL) for number in range(40)]
    assert any(item.form == "AB" and item.missing == 20 for item in doubted(answers))


def test_debts_may_be_paid() -> None:
    """Few have them, and they come and go: a third paid in a month is no sign of trouble."""

    def debts(amount: int, before: int, number: int) -> Sighted:
        return Sighted(f"S-{number}", "enforcement_debt", {"public_debt_sek": amount}, {"public_debt_sek": before})

    answers = [debts(0 if number < 4 else 500, 500, number) for number in range(12)]
    answers += [debts(0, 0, number) for number in range(12, 400)]
    assert not doubted(answers)


# --- without history ----------------------------------------------------------------------------------------------------
def test_a_first_month_is_held_against_what_the_connector_declares() -> None:
    """Half of the boards where nearly all were expected."""
    answers = [board(number, FULL if number % 2 else None, None, first=True) for number in range(100)]
    assert not doubted(answers)
    (item, *_) = doubted(answers, expect={"officers": 0.9})
    assert (item.missing, item.of, item.by_history) == (50, 100, False)
    assert "50 av 100 leverantörer saknar svar (officers); högst" in item.text()
    assert not doubted(answers, expect={"officers": 0.5})


def test_a_declaration_may_be_of_one_form_and_field() -> None:
    """``officers.people@AB``."""
    answers = [board(number, {} if number % 2 else FULL, None, first=True) for number in range(100)]
    (item,) = doubted(answers, expect={"officers.people@AB": 0.95})
    assert (item.measure, item.form, item.missing, item.of) == ("people", "AB", 50, 50)
    assert "50 leverantörer med formen AB saknar uppgiften people" in item.text()
    assert item.concerns(answers[1], "AB")
    assert not item.concerns(answers[1], "HB")
    assert not item.concerns(answers[0], "AB")


def test_new_suppliers_are_held_against_all_earlier_answers() -> None:
    """Forty new ones of whom nothing is known, at a source that knows nearly everybody."""
    answers = [board(number, None, None, first=True) for number in range(40)]
    assert doubted(answers, [Shape("officers", ANSWER, "", 1000, 970, 900, 1)])
    assert not doubted(answers, [Shape("officers", ANSWER, "", 1000, 20, 20, 1)])
    assert not doubted(answers[:19], [Shape("officers", ANSWER, "", 1000, 970, 900, 1)])


# --- chance -------------------------------------------------------------------------------------------------------------
@given(st.integers(1, 60), st.floats(0.001, 0.999), st.data())
def test_the_chance_is_the_binomial_one(of: int, share: float, data: st.DataObject) -> None:
    """Against the sum written out."""
    count = data.draw(st.integers(0, of))
    exact = sum(comb(of, number) * share**number * (1 - share) ** (of - number) for number in range(count, of + 1))
    assert at_least(count, of, share) == pytest.approx(exact, rel=1e-6, abs=1e-12)


def test_the_edges_of_chance() -> None:
    """What always happens, and what never does."""
    assert at_least(3, 5, 1.0) == 1.0
    assert at_least(1, 5, 0.0) == 0.0
    assert at_least(most(1000, 0.01) + 1, 1000, 0.01) < SURE <= at_least(most(1000, 0.01), 1000, 0.01)


# --- a whole month ------------------------------------------------------------------------------------------------------
def fault(home: Path, source: str, kind: str) -> None:
    path = home / "data" / "sample" / "world.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        f'{text}\n[[fault]]\nsource = "{source}"\nkind = "{kind}"\nfrom_on = 2026-12-01\n', encoding="utf-8"
    )


def states(home: Path, rule: str) -> dict[str, int]:
    manifest = json.loads((home / "reports" / "2026-12" / "manifest.json").read_text(encoding="utf-8"))
    coverage: dict[str, int] = manifest["coverage"][rule]
    return coverage


@pytest.fixture
def december(lived: Path) -> Path:
    """The sample after its three months, with November's files once more for December."""
    folder = lived / "data" / "sample" / "in"
    (folder / "2026-11").rename(folder / "2026-12")
    return lived


DECEMBER = ("run", "--period", "2026-12", "--as-of", "2026-12-31")


def test_a_register_that_suddenly_knows_nobody_is_not_believed(december: Path, screening: Screening) -> None:
    """Exit 3 with a sentence; nobody is cleared or flagged by it, and what was known of owners stands."""
    home = december
    fault(home, "verkliga_huvudman", "unknown")
    with closing(sqlite3.connect(home / ".screening" / "store.db")) as database:
        known = database.execute(
            "SELECT count(*) FROM facts WHERE source = 'verkliga_huvudman' AND superseded_at IS NULL AND void = 0"
        )
        (before,) = known.fetchone()
        assert before
    code, printed, said = screening(home, *DECEMBER)
    assert code == 3, said
    assert "verkliga_huvudman: Svaret är tveksamt" in printed
    assert "saknar det nu" in printed
    with closing(sqlite3.connect(home / ".screening" / "store.db")) as database:
        known = database.execute(
            "SELECT count(*) FROM facts WHERE source = 'verkliga_huvudman' AND superseded_at IS NULL AND void = 0"
        )
        assert known.fetchone() == (before,)


def test_a_person_may_say_that_it_is_so(december: Path, screening: Screening) -> None:
    """The same command again, and the month is whole: earlier months are no longer compared with."""
    fault(december, "verkliga_huvudman", "unknown")
    assert screening(december, *DECEMBER)[0] == 3
    manifest = json.loads((december / "reports" / "2026-12" / "manifest.json").read_text(encoding="utf-8"))
    assert [name for name, counts in manifest["connectors"].items() if counts["doubtful"]] == ["verkliga_huvudman"]
    assert screening(december, "connectors", "accept", "verkliga_huvudmän")[0] == 2
    code, printed, _ = screening(december, "connectors", "accept", "verkliga_huvudman", "--period", "2026-12")
    assert code == 0
    assert "från och med 2026-12" in printed
    code, printed, _ = screening(december, *DECEMBER)
    assert code == 0, printed


def test_the_same_month_with_a_well_source_is_whole_again(december: Path, screening: Screening) -> None:
    """The doubtful answers were no facts: a free source is asked again, and believed."""
    home = december
    path = home / "data" / "sample" / "world.toml"
    well = path.read_text(encoding="utf-8")
    fault(home, "scb_foretagsregister", "unknown")
    assert screening(home, *DECEMBER)[0] == 3
    quiet = states(home, "SKA-06")
    path.write_text(well, encoding="utf-8")
    assert screening(home, *DECEMBER)[0] == 0
    assert states(home, "SKA-06").get("unknown", 0) <= quiet.get("unknown", 0)
