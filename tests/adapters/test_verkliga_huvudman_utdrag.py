from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from screening.adapters import verkliga_huvudman_utdrag
from screening.adapters.persons import person_key
from screening.adapters.source import Answer
from screening.adapters.verkliga_huvudman_utdrag import ADAPTER
from screening.errors import ConfigError
from screening.model import BeneficialOwners, Origin

NUMBER, NONE, NEVER, ODD, OTHER = "5599990008", "5599990016", "5599990024", "5599990032", "5599990040"
HEADER = "Organisationsnummer;Namn;Personnummer;Utdragsdatum"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def ask(bench: Any, inbox: Path, number: str = NUMBER, **more: Any) -> Answer:
    answer: Answer = bench.stubbed(ADAPTER, inbox=inbox, **more).one(bench.request(number, "beneficial_owners"))
    return answer


def owners(answer: Answer) -> BeneficialOwners:
    (fact,) = answer.facts
    assert isinstance(fact, BeneficialOwners)
    return fact


def gap(answer: Answer) -> tuple[str, str]:
    assert not answer.facts
    return answer.missing["beneficial_owners"]


def sample(bench: Any, inbox: Path) -> None:
    (inbox / "utdrag.csv").write_bytes((bench.samples / "verkliga_huvudman_utdrag.csv").read_bytes())


def test_an_extract_gives_owners_with_shares_and_pseudonyms(bench: Any, inbox: Path) -> None:
    """For the extract's day, from the authority; the same person has the same key as in every other source."""
    sample(bench, inbox)
    answer = ask(bench, inbox)
    fact = owners(answer)
    assert (fact.state, fact.registered_on) == ("registered", date(2024, 2, 1))
    assert (fact.provenance.as_of, fact.provenance.origin) == (date(2026, 11, 14), Origin.AUTHORITY)
    assert fact.provenance.request_ref == "utdrag.csv"
    anonymous, jane, siv = fact.owners
    assert (anonymous.name, anonymous.anonymous) == ("Anonym", True)
    assert (jane.name, jane.country, jane.share_from, jane.share_to) == (
        "Jane Exempel",
        "GB",
        Decimal("0.25"),
        Decimal(1),
    )
    assert (siv.country, siv.share_from, siv.share_to) == ("SE", Decimal("0.5"), Decimal("0.75"))
    assert siv.since_on == date(2024, 2, 1)
    pseudonym = lambda text: text  # noqa: E731 - what the key is made of
    assert siv.person_key != person_key(pseudonym, bench.person, "")
    assert bench.person[2:8] not in answer.raw.decode()
    assert "9101" not in answer.raw.decode()


def test_states_without_owners_are_told_apart(bench: Any, inbox: Path) -> None:
    """Filed as none, never filed, a status that says nothing, and a company that no file is about."""
    sample(bench, inbox)
    none = owners(ask(bench, inbox, NONE))
    assert (none.state, none.none_reason, none.owners) == ("none_exists", "Spritt ägande", ())
    assert owners(ask(bench, inbox, NEVER)).state == "none_registered"
    assert gap(ask(bench, inbox, ODD))[0] == "partial"
    assert gap(ask(bench, inbox, OTHER)) == ("not_found", "inget utdrag om verkliga huvudmän har lagts in")


def test_a_workbook_with_labels_above_and_a_row_per_owner(bench: Any, inbox: Path) -> None:
    """Names in two columns; dates as dates; the connector's own header."""
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (
        ["Organisationsnummer", 5599990008],
        ["Uppgift per:", date(2026, 11, 20)],
        [],
        ["Förnamn", "Efternamn", "Typ av kontroll"],
        ["Siv", "Ekdal", "100 %"],
    ):
        book.active.append(row)
    book.save(inbox / "utdrag.xlsx")
    fact = owners(ask(bench, inbox, options={"columns": {"share": ["Typ av kontroll"]}}))
    assert [(item.name, item.share_from) for item in fact.owners] == [("Siv Ekdal", Decimal(1))]
    assert fact.provenance.as_of == date(2026, 11, 20)


def test_json_in_the_shape_of_the_api(bench: Any, inbox: Path) -> None:
    """With the day of the extract beside it, or for a list of them all."""
    one = json.loads((bench.samples / "verkliga_huvudman.json").read_bytes())
    (inbox / "a.json").write_text(json.dumps({**one, "utdragsdatum": "2026-11-10"}), encoding="utf-8")
    assert len(owners(ask(bench, inbox)).owners) == len(one["verkligHuvudman"])
    many = {"utdragsdatum": "2026-11-12", "organisationer": [one]}
    (inbox / "b.json").write_text(json.dumps(many), encoding="utf-8")
    answer = ask(bench, inbox)
    assert owners(answer).provenance.as_of == date(2026, 11, 12)
    assert one["verkligHuvudman"][0]["identitet"]["identitetsbeteckning"] not in answer.raw.decode()


def test_the_newest_extract_that_has_been_counts(bench: Any, inbox: Path) -> None:
    """One dated ahead is never used, and told when there is no other."""
    (inbox / "b.csv").write_text(f"{HEADER}\n{NUMBER};Ny;;2026-12-24\n", encoding="utf-8")
    reason, why = gap(ask(bench, inbox))
    assert (reason, why) == ("rejected_input", "b.csv: utdraget är daterat 2026-12-24, som inte har varit")
    (inbox / "a.csv").write_text(f"{HEADER}\n{NUMBER};Gammal;;2026-10-01\n", encoding="utf-8")
    (inbox / "c.csv").write_text(f"{HEADER}\n{NUMBER};Senast;;2026-11-01\n", encoding="utf-8")
    assert owners(ask(bench, inbox)).owners[0].name == "Senast"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", f"{HEADER}\n5599990009;Siv;;2026-11-01\n", "rad 2 har inget giltigt organisationsnummer"),
        ("a.csv", f"{HEADER}\n194012239101;Siv;;2026-11-01\n", "rad 2 har inget giltigt organisationsnummer"),
        ("a.csv", f"{HEADER}\n{NUMBER};Siv;;\n", "för vilken dag"),
        ("a.csv", f"{HEADER}\n{NUMBER};Siv;;snart\n", "ett datum"),
        ("a.csv", f"{HEADER}\n{NUMBER};Siv;;2026-11-01\n{NUMBER};Ola;;2026-11-02\n", "olika om dag"),
        ("a.csv", f"{HEADER}\n;;;\n", "inga rader"),
        ("a.csv", "Namn;Belopp\nA;1\n", "ingen rad har rubriker"),
        ("a.csv", "", "filen är tom"),
        ("a.csv", "<html></html>", "webbsida"),
        ("a.json", "{", "inte JSON"),
        ("a.json", "[1]", "oväntad form"),
        ("a.json", '{"organisation": {"identitetsbeteckning": "5599990008"}}', "för vilken dag"),
        ("a.json", '{"organisation": {"identitetsbeteckning": "5599990008"}, "utdragsdatum": "x"}', "datum kan inte"),
        ("a.json", '{"utdragsdatum": "2026-11-01"}', "inget giltigt organisationsnummer"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(bench: Any, inbox: Path, name: str, content: str, why: str) -> None:
    """With its name and what is wrong, and no number; nobody is answered by it."""
    (inbox / name).write_text(content, encoding="utf-8")
    reason, said = gap(ask(bench, inbox))
    assert reason == "not_found"
    assert f"1 filer kan inte läsas: {name}: " in said
    assert why in said
    assert "4012239101" not in said


def test_too_much_is_not_read(bench: Any, inbox: Path) -> None:
    """Too many rows, too many bytes."""
    rows = "\n".join(f"{NUMBER};Siv {n};;2026-11-01" for n in range(verkliga_huvudman_utdrag.MAX_ROWS + 1))
    (inbox / "a.csv").write_text(f"{HEADER}\n{rows}\n", encoding="utf-8")
    assert "fler än 50000 rader" in gap(ask(bench, inbox))[1]
    with (inbox / "a.csv").open("wb") as file:
        file.truncate(verkliga_huvudman_utdrag.MAX_BYTES + 1)  # a hole: takes no room on the disk
    assert "större än 20 MB" in gap(ask(bench, inbox))[1]


def test_settings_that_are_not_understood_are_errors(bench: Any, inbox: Path) -> None:
    """No folder, or a column of no field."""
    with pytest.raises(ConfigError, match="inbox: missing"):
        bench.stubbed(ADAPTER).ask(bench.request(NUMBER, "beneficial_owners"))
    with pytest.raises(ConfigError, match=r"options\.columns\.agare"):
        ask(bench, inbox, options={"columns": {"agare": ["Ägare"]}})
