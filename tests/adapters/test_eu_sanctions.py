from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from screening.adapters import eu_sanctions
from screening.adapters.eu_sanctions import ADAPTER, Unreadable, newest, parse
from screening.adapters.source import Answer
from screening.errors import ConfigError, SourceUnavailable
from screening.model import Sanctions

NUMBER = "5599990008"


def entity(
    name: str,
    *more: str,
    ref: str = "EU.9901.1",
    subject: str = "enterprise",
    strong: str = "true",
    countries: tuple[str, ...] = (),
) -> str:
    aliases = "".join(f'<nameAlias wholeName="{item}" strong="{strong}"/>' for item in (name, *more))
    places = "".join(f'<address countryIso2Code="{code}"/>' for code in countries)
    return (
        f'<sanctionEntity euReferenceNumber="{ref}" logicalId="77"><regulation numberTitle="2026/9901" programme="TEST" '
        f'publicationDate="2026-03-02"/><subjectType code="{subject}"/>{aliases}{places}</sanctionEntity>'
    )


def export(*entities: str, day: str = "2026-11-20") -> bytes:
    head = f'<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="{day}T10:00:00.000+01:00">'
    return f"<?xml version='1.0' encoding='UTF-8'?>{head}{''.join(entities)}</export>".encode()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "sanktioner"
    folder.mkdir()
    return folder


def ask(bench: Any, inbox: Path, *names: str) -> Answer:
    request = replace(bench.request(NUMBER, "sanctions"), name=names[0], names=names)
    answer: Answer = bench.stubbed(ADAPTER, inbox=inbox).one(request)
    return answer


def looks(answer: Answer) -> list[Sanctions]:
    return [fact for fact in answer.facts if isinstance(fact, Sanctions)]


def test_a_name_like_a_listed_one_is_a_hit_with_what_a_person_needs(bench: Any, inbox: Path) -> None:
    """The look as a whole, and the hit by itself, with the list's date and hash."""
    (inbox / "lista.xml").write_bytes(export(entity("KVARNHOLM REDERI", countries=("BY", "00"))))
    look, hit = looks(ask(bench, inbox, "Kvarnholms Rederi AB"))
    assert (look.scope_key, hit.scope_key) == ("", "EU.9901.1")
    assert look.hits == hit.hits
    (found,) = look.hits
    assert (found.name, found.own_name, found.strong_alias) == ("KVARNHOLM REDERI", "Kvarnholms Rederi AB", True)
    assert (found.subject, found.country, found.regulation) == ("enterprise", "BY", "2026/9901")
    assert (found.programme, found.listed_on) == ("TEST", date(2026, 3, 2))
    assert found.score > 0.9
    assert look.list_on == date(2026, 11, 20)
    assert look.list_sha256 == hit.list_sha256
    assert len(look.list_sha256) == 64


def test_the_evidence_is_the_lists_own_entry(bench: Any, inbox: Path) -> None:
    """And for whoever has no hit, only which list was looked through: the same bytes for all of them."""
    (inbox / "lista.xml").write_bytes(export(entity("KVARNHOLM REDERI", "KVR"), entity("Annan", ref="EU.9902.1")))
    raw = json.loads(ask(bench, inbox, "Kvarnholm Rederi").raw)
    assert [item["id"] for item in raw["entries"]] == ["EU.9901.1"]
    assert [item["name"] for item in raw["entries"][0]["names"]] == ["KVARNHOLM REDERI", "KVR"]
    clean = [ask(bench, inbox, name).raw for name in ("Granliden Omsorg AB", "Tallmora Åkeri AB")]
    assert clean[0] == clean[1]
    assert json.loads(clean[0])["entries"] == []
    assert json.loads(clean[0])["entities"] == 2


def test_nobody_like_a_listed_one_is_a_look_without_hits(bench: Any, inbox: Path) -> None:
    """We looked, and there is none: a fact."""
    (inbox / "lista.xml").write_bytes(export(entity("KVARNHOLM REDERI")))
    (look,) = looks(ask(bench, inbox, "Granliden Omsorg AB"))
    assert look.hits == ()


def test_every_name_of_the_supplier_is_looked_for(bench: Any, inbox: Path) -> None:
    """Also a former one that only the register has; a name that says nothing, or is masked, is none."""
    (inbox / "lista.xml").write_bytes(export(entity("Kvarnholm Rederi")))
    look, *_ = looks(ask(bench, inbox, "Granliden Omsorg AB", "", "*****", "Kvarnholm Rederi AB"))
    assert look.hits[0].own_name == "Kvarnholm Rederi AB"


def test_the_likest_alias_stands_for_the_entity_and_a_strong_one_before_a_weak(bench: Any, inbox: Path) -> None:
    """One hit per entity, however many of its names are alike."""
    weak = entity("Kvarnholm", strong="false")
    both = weak.replace("</sanctionEntity>", '<nameAlias wholeName="Kvarnholm AB" strong="true"/></sanctionEntity>')
    unsaid = entity("Kvarnholm", ref="EU.9902.1").replace(' strong="true"', "")
    (inbox / "lista.xml").write_bytes(export(both, unsaid))
    look, *each = looks(ask(bench, inbox, "Kvarnholm AB"))
    assert len(each) == 2
    assert [(hit.entity_id, hit.strong_alias) for hit in look.hits] == [("EU.9901.1", True), ("EU.9902.1", None)]


def test_names_are_found_by_the_beginning_of_a_word(bench: Any, inbox: Path) -> None:
    """With sounds that are written in two ways as one; a name of common words alone by all of them."""
    (inbox / "lista.xml").write_bytes(
        export(entity("Kristoffersons Varv"), entity("Bygg och Mark", ref="EU.9902.1"), entity("Zaj", ref="EU.9903.1"))
    )
    look, *_ = looks(ask(bench, inbox, "Cristoffersons Varv AB", "Bygg & Mark AB"))
    assert {hit.entity_id for hit in look.hits} == {"EU.9901.1", "EU.9902.1"}


def test_the_suppliers_own_country_is_told_where_the_list_has_several(bench: Any, inbox: Path) -> None:
    """A person compares; a country that fits must not be hidden by one that comes first."""
    (inbox / "lista.xml").write_bytes(export(entity("Kvarnholm", countries=("BY", "SE"), subject="other")))
    look, *_ = looks(ask(bench, inbox, "Kvarnholm AB"))
    assert (look.hits[0].country, look.hits[0].subject) == ("SE", None)


def test_a_person_is_listed_by_parts_of_the_name(bench: Any, inbox: Path) -> None:
    """Where the whole name is not written."""
    node = (
        '<sanctionEntity logicalId="12"><subjectType code="person"/><nameAlias firstName="Alva" middleName="" '
        'lastName="Kvarnholm" strong="true"/><nameAlias wholeName=" "/></sanctionEntity>'
    )
    (inbox / "lista.xml").write_bytes(export(node, "<sanctionEntity/>"))
    look, *_ = looks(ask(bench, inbox, "Alva Kvarnholm"))
    (hit,) = look.hits
    assert (hit.entity_id, hit.name, hit.subject) == ("logicalId 12", "Alva Kvarnholm", "person")
    assert (hit.regulation, hit.listed_on, hit.country) == (None, None, None)


def test_at_most_ten_hits_the_likest_first(bench: Any, inbox: Path) -> None:
    """A word that half the list has must not fill the report."""
    (inbox / "lista.xml").write_bytes(export(*(entity("Kvarnholm", ref=f"EU.99{n:02}.1") for n in range(12))))
    look, *each = looks(ask(bench, inbox, "Kvarnholm"))
    assert len(look.hits) == len(each) == eu_sanctions.MAX_HITS


def test_the_newest_list_counts_and_none_from_the_future(inbox: Path) -> None:
    """By the list's own date, whatever the file is called."""
    (inbox / "a.xml").write_bytes(export(entity("Ett"), day="2026-11-20"))
    (inbox / "b.xml").write_bytes(export(entity("Två"), day="2026-10-01"))
    (inbox / "c.xml").write_bytes(export(entity("Tre"), day="2026-12-24"))
    (inbox / "läs.txt").write_text("x", encoding="utf-8")
    assert newest(inbox, date(2026, 11, 30)).entities[0].aliases[0].name == "Ett"
    with pytest.raises(SourceUnavailable, match="daterad efter"):
        newest(inbox, date(2026, 9, 1))


def test_no_list_means_that_nobody_was_looked_for(inbox: Path, tmp_path: Path) -> None:
    """Never clear: the source stops, and says what to do."""
    with pytest.raises(SourceUnavailable, match=r"ingen XML-fil.*XML 1\.1"):
        newest(inbox, date(2026, 11, 30))
    with pytest.raises(SourceUnavailable, match="ingen XML-fil"):
        newest(tmp_path / "finns-inte", date(2026, 11, 30))
    (inbox / "trasig.xml").write_bytes(b"<export")
    with pytest.raises(SourceUnavailable, match=r"trasig.xml: filen är inte XML"):
        newest(inbox, date(2026, 11, 30))
    (inbox / "mapp.xml").mkdir()
    with pytest.raises(SourceUnavailable, match=r"mapp.xml kan inte öppnas"):
        newest(inbox, date(2026, 11, 30))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><export/>", "entiteter"),
        (b"<export/>", "generationDate"),
        (b"<other generationDate='2026-11-20'/>", "generationDate"),
        (export(), "inga poster"),
    ],
)
def test_what_is_not_the_list_is_refused(content: bytes, why: str) -> None:
    """With the reason, and nothing expanded."""
    with pytest.raises(Unreadable, match=why):
        parse(content)


def test_an_encoding_does_not_hide_a_declaration() -> None:
    """UTF-16 is XML, too: nothing is expanded."""
    bomb = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]><export>&a;</export>'
    with pytest.raises(Unreadable, match="entiteter"):
        parse(bomb.encode("utf-16"))


# --- the two kinds of file ------------------------------------------------------------------------------------------------
COLUMNS = "fileGenerationDate;Entity_LogicalId;Entity_SubjectType;NameAlias_WholeName"


def sample(bench: Any, suffix: str) -> bytes:
    content: bytes = (bench.samples / f"eu_sanctions{suffix}").read_bytes()
    return content


def test_the_csv_says_the_same_as_the_xml_but_for_what_is_strong(bench: Any) -> None:
    """118 columns and seven rows for two entities; which names are strong is not known there."""
    xml, csv = (parse(sample(bench, suffix), suffix) for suffix in (".xml", ".csv"))
    assert csv.list_on == xml.list_on == date(2026, 11, 20)
    assert len(csv.entities) == 2
    for one, other in zip(csv.entities, xml.entities, strict=True):
        assert one == replace(other, aliases=tuple(replace(alias, strong=None) for alias in other.aliases))
    assert {alias.strong for alias in xml.entities[0].aliases} == {True, False}


def test_a_csv_column_for_strong_names_is_read_where_there_is_one() -> None:
    """The first row that says so decides, whatever the order of rows."""
    rows = ["2026-11-20;7;E;Kvarnholm;", "2026-11-20;7;E;Kvarnholm;FALSE", "2026-11-20;7;E;Rederiet;true", "", ";;;;"]
    found = parse("\n".join([COLUMNS + ";NameAlias_Strong", *rows]).encode(), ".CSV")
    (entity,) = found.entities
    assert [(alias.name, alias.strong) for alias in entity.aliases] == [("Kvarnholm", False), ("Rederiet", True)]
    assert (entity.id, entity.subject, entity.listed_on) == ("logicalId 7", "enterprise", None)


def test_of_two_files_of_one_day_the_xml_counts(bench: Any, inbox: Path) -> None:
    """It tells strong names from weak ones; another file of the folder is none of ours."""
    for suffix in (".csv", ".xml"):
        (inbox / f"lista{suffix}").write_bytes(sample(bench, suffix))
    look, *_ = looks(ask(bench, inbox, "Kvarnholm Shipping AB"))
    assert look.hits[0].strong_alias is False


def test_a_csv_gives_hits(bench: Any, inbox: Path) -> None:
    """As the XML does."""
    (inbox / "20261120-FULL.csv").write_bytes(sample(bench, ".csv"))
    look, hit = looks(ask(bench, inbox, "Kvarnholms Rederi AB"))
    assert hit.hits[0].regulation == "2026/9901 (OJ L99)"
    assert (look.list_on, hit.hits[0].country, hit.hits[0].strong_alias) == (date(2026, 11, 20), "BY", None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "fileGenerationDate saknas"),
        (b"<!doctype html><html><body>403</body></html>", "webbsida"),
        (b"namn;land\nKvarnholm;BY\n", "fileGenerationDate saknas"),
        (COLUMNS.encode() + b"\n", "inga poster"),
        (COLUMNS.encode() + b"\n20/11/2026;1;E;\n", "inga poster"),
        (COLUMNS.encode() + b"\n20/11/2026;1;E;Ett\n20/11/2026;2;E\n", r"rad 3 har 3 kolumner av 4"),
        (COLUMNS.encode() + b"\n20/11/2026;1;E;Ett\n21/11/2026;2;E;Tv", "fileGenerationDate"),
        (COLUMNS.encode() + b"\n31/02/2026;1;E;Ett\n", "fileGenerationDate"),
        (COLUMNS.encode() + b"\n20/11/2026;;E;Ett\n", "Entity_LogicalId"),
        (COLUMNS.encode() + b'\n20/11/2026;1;E;"Ett\n', "avhuggen"),
        (COLUMNS.encode("utf-16"), "UTF-8"),
    ],
)
def test_a_csv_that_is_not_the_whole_list_is_refused(inbox: Path, content: bytes, why: str) -> None:
    """Empty, a web page, cut in a row or in a name, two lists in one: the source stops, and nobody is clear."""
    (inbox / "lista.csv").write_bytes(content)
    with pytest.raises(SourceUnavailable, match=why):
        newest(inbox, date(2026, 11, 30))


def test_half_a_list_that_reads_well_is_no_list(bench: Any, inbox: Path) -> None:
    """Cut between two rows: with far fewer entities than last time, or than the connector says, nobody is looked for."""
    request = replace(bench.request(NUMBER, "sanctions"), name="Granliden Omsorg AB")
    rows = [f"20/11/2026;{n};E;Rederi {n}" for n in range(10)]
    (inbox / "lista.csv").write_text("\n".join([COLUMNS, *rows]), encoding="utf-8")
    state: dict[str, str] = {}
    assert bench.stubbed(ADAPTER, inbox=inbox, state=state).one(request).facts
    assert state == {"entities": "10"}
    with pytest.raises(SourceUnavailable, match="väntat minst 4000"):
        bench.stubbed(ADAPTER, inbox=inbox, options={"least_entities": 4000}).one(request)
    (inbox / "lista.csv").write_text("\n".join([COLUMNS, *rows[:6]]), encoding="utf-8")
    with pytest.raises(SourceUnavailable, match="har 6 poster, väntat minst 7"):
        bench.stubbed(ADAPTER, inbox=inbox, state=state).one(request)
    assert state == {"entities": "10"}
    assert bench.stubbed(ADAPTER, inbox=inbox, state=state, options={"least_entities": 5}).one(request).facts


def test_a_list_older_than_the_connector_allows_is_told(bench: Any, inbox: Path) -> None:
    """The source stops with what to do; on the last day that is allowed it is used."""
    request = replace(bench.request(NUMBER, "sanctions"), name="Granliden Omsorg AB")
    (inbox / "lista.csv").write_bytes(sample(bench, ".csv"))
    assert bench.stubbed(ADAPTER, inbox=inbox, options={"max_age_days": 10}).one(request).facts
    with pytest.raises(SourceUnavailable, match="från 2026-11-20 och äldre än 9 dagar; hämta en ny"):
        bench.stubbed(ADAPTER, inbox=inbox, options={"max_age_days": 9}).one(request)


def test_a_file_that_is_too_large_is_not_read(inbox: Path) -> None:
    """The list is some twenty megabytes."""
    with (inbox / "stor.xml").open("wb") as file:
        file.truncate(eu_sanctions.MAX_BYTES + 1)  # a hole: takes no room on the disk
    with pytest.raises(SourceUnavailable, match="större än 200 MB"):
        newest(inbox, date(2026, 11, 30))


def test_a_connector_without_a_folder_is_a_configuration_error(bench: Any) -> None:
    """It says what was expected."""
    with pytest.raises(ConfigError, match="inbox: missing"):
        bench.stubbed(ADAPTER).ask(bench.request(NUMBER, "sanctions"))
