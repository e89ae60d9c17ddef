from __future__ import annotations

from typing import Literal

import pytest

from screening.identity import Caution, Problem


@pytest.mark.parametrize("item", [*Problem, *Caution])
def test_every_problem_and_remark_has_a_sentence_in_both_languages(item: Problem | Caution) -> None:
    """Sentences, and not the same one."""
    swedish, english = item.text(), item.text("en")
    assert swedish.endswith(".")
    assert english.endswith(".")
    assert swedish != english


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_says_what_to_do(problem: Problem) -> None:
    """A second sentence, or a part after a colon or semicolon, in the imperative."""
    verbs = ("Hämta", "rätta", "Bekräfta", "Kontrollera", "Exportera", "Dela", "Fyll", "Skriv", "Ange", "Välj")
    assert any(verb in problem.text() for verb in verbs)


@pytest.mark.parametrize("problem", Problem)
@pytest.mark.parametrize("language", ["sv", "en"])
def test_what_was_typed_has_no_cell_or_row(problem: Problem, language: Literal["sv", "en"]) -> None:
    """At a command there is no export to go back to."""
    if problem not in (Problem.FOREIGN_FORM, Problem.FOREIGN_PERSON):
        said = problem.typed(language).casefold()
        assert not any(word in said for word in ("cell", "raden", "the row", "kolumn", "column", "export", "kalkyl"))


def test_a_remark_is_its_own_swedish_sentence() -> None:
    """So that it may be shown as it is."""
    assert str(Caution.TEST_NUMBER) == Caution.TEST_NUMBER.text()
