from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.identity import propose
from screening.names import SAME, best, likeness, rank
from screening.rules.rule import load_rule

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("export", "register"),
    [
        ("Svensson Bygg AB", "Svensson Bygg Aktiebolag"), ("AB Svalört", "Svalört Aktiebolag (publ)"), ("BRF Granen", "Bostadsrättsföreningen Granen"),
        ("Solrosens Förskola Ek. för.", "Solrosens Förskola ekonomisk förening"), ("Nordfjell AS", "Nordfjell A/S"),
        ("Lindgrens Rör AB i likvidation", "Lindgrens Rör AB"), ("Lindgrens Rör", "Lindgrens Rör AB i konkurs"),
        ("Haellmyra Aakeri AB", "Hällmyra Åkeri AB"), ("Hallmyra Akeri", "HÄLLMYRA ÅKERI AB"),
        ("Tussilago", "Backåkra Vård AB (bifirma Tussilago)"), ("Backåkra Vård AB t/a Tussilago Hemtjänst", "Tussilago Hemtjänst"),
        ("Grenverket AB c/o Oxtorgets Ekonomibyrå", "Grenverket AB"), ("A. Svensson Bygg", "Anders Svensson Bygg"), ("J&K Städ", "JK Städ AB"),
        ("Svensson Bygg AB, Karl", "Karl Svensson Bygg AB"), ("Siv & Sten Måleri", "Siv och Sten Måleri"),
        ("Södra Dalarnas Byggnads och Anl", "Södra Dalarnas Byggnads och Anläggnings AB"), ("Klarälvens Åkeri AB_x000D_", "Klarälvens Åkeri AB"),
        ("Grenver ket S verig e AB", "Grenverket Sverige AB"), ("Grenverket", "Grenverket Sverige AB"), ("NKC", "Norra Kvarnbygdens Construction AB"),
        ("Grindstorps El", "Gridstorps El AB"), ("Lövnäs Förvaltn. AB", "Lövnäs Förvaltning AB"), ("Kompaniet Lyckan Byggtjänst", "Lyckan Bygg Tjänst Kompaniet"),
    ],
)  # fmt: skip
def test_spellings_of_one_name_reach_the_limit(export: str, register: str) -> None:
    """Form, status, å/ä/ö, bifirma, initials, word order, cut, split and misspelt names."""
    assert likeness(export, register) >= SAME


@pytest.mark.parametrize(
    ("export", "register"),
    [
        ("Nordisk Omsorg AB", "Nordisk Hemtjänst AB"), ("Bygg & Anläggning i Malmö AB", "Bygg & Anläggning i Lund AB"),
        ("Svensson Bygg AB", "Svensson Måleri AB"), ("Hansson El", "Jansson El"), ("BRF Granen 1", "BRF Granen 2"), ("Alva AB", "Alvaprint AB"),
        ("Svensson AB (Malmö)", "Andersson AB (Malmö)"), ("Bygg & Anläggning i", "Bygg & Anläggning i Malmö AB"),
        ("Stockholms Städservice AB", "Göteborgs Städservice AB"), ("Karl Svensson", "Anders Svensson"), ("A. Mårdbrink Bygg", "Bo Mårdbrink Bygg"),
        ("NKC", "Nordens Konst och Scen AB"), ("JK Städ", "JL Städ"), ("El AB", "VVS AB"), ("X", "Y"),
    ],
)  # fmt: skip
def test_names_with_only_common_words_in_common_stay_below(export: str, register: str) -> None:
    """Trade, place, surname and number do not make one company of two."""
    assert likeness(export, register) < SAME


def test_another_legal_form_weighs_against() -> None:
    """Not enough alone: exports write AB of anything."""
    assert likeness("Vassbo Kvarn AB", "Vassbo Kvarn HB") < likeness("Vassbo Kvarn", "Vassbo Kvarn HB") == 1


@pytest.mark.parametrize("empty", ["", "   ", "()", "–", "_x000D_"])
def test_an_empty_name_is_like_nothing(empty: str) -> None:
    """Not even another empty one."""
    assert likeness(empty, "Svalört AB") == 0
    assert likeness(empty, empty) == 0


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_is_a_symmetric_share(one: str, other: str) -> None:
    """Between 0 and 1, the same both ways."""
    score = likeness(one, other)
    assert 0 <= score <= 1
    assert score == likeness(other, one)


@given(st.text(alphabet="abcdeåäöÅÄÖ &.()1", min_size=1, max_size=40))
def test_a_name_is_wholly_like_itself(name: str) -> None:
    """Whenever it has a word."""
    assert likeness(name, name) in (0, 1)


def test_the_best_candidate_is_named_with_its_likeness() -> None:
    """The first of equals; nothing of nothing."""
    assert best("Tussilago AB", ["Backåkra Vård AB", "Tussilago", "Tussilago AB"]) == ("Tussilago", 1.0)
    assert best("Tussilago", []) == ("", 0.0)


def test_proposals_are_ranked_by_the_registers_names() -> None:
    """Numbers that the register does not know are left out."""
    proposals = propose("5599999018")
    numbers = [proposal.identity.compact for proposal in proposals]
    registered = {numbers[0]: "Tallmora Åkeri AB", "5599999017": "Grenverket Sverige AB", numbers[3]: "Grenhuset AB"}
    ranked = rank(proposals, "Grenverket", registered)
    assert [item.proposal.identity.compact for item in ranked] == ["5599999017", numbers[0], numbers[3]]
    assert ranked[0].registered == "Grenverket Sverige AB"
    assert ranked[0].score >= SAME > ranked[1].score


def figures(part: str) -> tuple[float, float]:
    """Precision and recall of the labelled pairs."""
    with (ROOT / "benchmarks" / f"name_pairs_{part}.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            (row["same"] == "yes", likeness(row["export"], row["register"]) >= SAME)
            for row in csv.DictReader(file, delimiter=";")
        ]
    both = sum(same and taken for same, taken in rows)
    return both / sum(taken for _, taken in rows), both / sum(same for same, _ in rows)


@pytest.mark.parametrize(("part", "precision", "recall"), [("train", 1.0, 1.0), ("holdout", 0.98, 0.93)])
def test_the_labelled_names_come_out_as_the_documentation_says(part: str, precision: float, recall: float) -> None:
    """A change that makes it worse must say so in docs/name-likeness.md."""
    found = figures(part)
    assert found[0] >= precision
    assert found[1] >= recall


def test_the_rule_uses_the_tuned_limit() -> None:
    """IDE-01 and whoever compares names elsewhere agree."""
    values = load_rule(ROOT / "rules" / "ide_01_namn.toml").limits.versions[-1][1]
    assert values["min_likeness_share"] == Decimal(str(SAME)).quantize(Decimal("0.01"))
