"""Export connectors: loaded strictly, recognised by header, and the nearest one suggested."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from screening.adapters.table import Row
from screening.errors import ConfigError
from screening.exports import FIELDS, MEANINGS, NEEDS, closest, header_guess, load_exports, nearest, recognise

ROOT = Path(__file__).resolve().parents[1]
EXPORTS = load_exports(ROOT / "connectors")


def head(*rows: Sequence[object]) -> list[Row]:
    """Rows numbered from 1."""
    return [Row(number, row) for number, row in enumerate(rows, 1)]


def write(folder: Path, text: str) -> Path:
    """A folder with one connector."""
    (folder / "mitt.toml").write_text(text, encoding="utf-8")
    return folder


GOOD = """
role = "export"
kind = "suppliers"
[columns]
supplier_name = ["Namn"]
supplier_id = ["Nummer"]
"""


def test_sources_and_other_files_are_left_alone(tmp_path: Path) -> None:
    """Only TOML files whose role is export are loaded."""
    (tmp_path / "a.toml").write_text('role = "source"\nadapter = "x"\n', encoding="utf-8")
    (tmp_path / "README.md").write_text("role", encoding="utf-8")
    assert list(load_exports(write(tmp_path, GOOD))) == ["mitt"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace("supplier_name", "suplier_name"), "suplier_name: not a field of suppliers"),
        (GOOD.replace('supplier_id = ["Nummer"]', ""), "expected one of supplier_id, supplier_no"),
        (GOOD + '[options]\nignore = ["namn"]\n', "also a spelling of supplier_name"),
        (GOOD + "[options]\nfile_month = '('\n", "not a regular expression"),
        (GOOD + "[option]\n", "option"),
        (
            GOOD.replace('"suppliers"', '"contracts"') + 'title = ["Avtal"]\n[values.regime]\n"LOU" = "LOI"\n',
            "values.regime.LOU: LOI",
        ),
        (GOOD + "x = ", "not TOML"),
    ],
)
def test_a_wrong_connector_names_file_key_and_what_was_expected(tmp_path: Path, wrong: str, told: str) -> None:
    """Nothing runs on a misspelt connector."""
    with pytest.raises(ConfigError, match=r"mitt\.toml") as caught:
        load_exports(write(tmp_path, wrong))
    assert told in str(caught.value)


def test_a_connector_that_is_not_utf8_is_told(tmp_path: Path) -> None:
    """By its name."""
    (tmp_path / "mitt.toml").write_bytes(b'role = "export"\n# \xe5\n')
    with pytest.raises(ConfigError, match=r"mitt\.toml: cannot be read"):
        load_exports(tmp_path)


@pytest.mark.parametrize("name", EXPORTS)
def test_every_connector_recognises_its_own_first_spellings(name: str) -> None:
    """A file with the first spelling of each field is taken by the connector, or by one with the very same names."""
    export = EXPORTS[name]
    headers = [spellings[0] for spellings in export.table.columns.values()]
    found = recognise(EXPORTS, head(["Uttag 2026"], [], headers, ["x"] * len(headers)))
    assert found is not None
    assert found.header == 3
    assert found.export.kind == export.kind
    assert set(found.places) == set(export.table.columns) or found.export.name != name


def test_every_field_is_of_a_known_kind() -> None:
    """Needs and meanings speak of fields that exist."""
    for kind, groups in NEEDS.items():
        assert all(name in FIELDS[kind] for group in groups for name in group)
    every = {name for fields in FIELDS.values() for name in fields}
    assert set(MEANINGS) <= every


@pytest.mark.parametrize(
    ("header", "connector"),
    [
        (
            "kopare_id kopare verifikationsnummer leverantor leverantor_id konto_nr konto_text bokforingsdatum forvaltning fakturanummer nettobelopp grund avtal kommun_id s_kod_nr",
            "reskontra_nationell",
        ),
        (
            "kopare_id kopare verifikationsnummer leverantor leverantor_id konto_nr konto_text belopp datum forvaltning",
            "reskontra_boras",
        ),
        ("RN1/FÖRVALTNING|LEVERANTÖR|ORGANISATIO|FAKT NR|KONTO|UTFALL", "reskontra_orebro"),
        ("datum|forvaltning|leverantor|leverantor_id|faktura_nr|konto|belopp|", "reskontra_orebro"),
        ("Förvaltning|Leverantör|Organisationsnummer|Fakturanr|Konto|Kontotext|Belopp", "reskontra_goteborg_aldre"),
        ("Lev.nr(T)|Organisationsnr.|Belopp|Period|Ver.datum", "reskontra_huddinge"),
        ("Leverantör|Orgnr|Avtal|Fr.o.m.|T.o.m.", "avtal_huddinge"),
        ("Organisation|Diarie|Kategori|Varugrupp|Avtalsform|Leverantör|Orgnr|Fr.o.m.|T.o.m.", "avtal_eavrop"),
        ("Avtal|Leverantör|Avtalstyp|Avtalsperiod", "avtal_mercell"),
        (
            "Leverantörsnamn_Original|Leverantör_Organisationsnummer_Original|Startdatum_Avtal|Slutdatum_Avtal|Slutdatum_Avtal_Max",
            "avtal_goteborg",
        ),
        ("Leverantörsnr|Leverantör|Organisationsnummer|Postort", "leverantorsregister"),
    ],
)
def test_the_dialects_in_the_wild_are_told_apart(header: str, connector: str) -> None:
    """By names alone."""
    found = recognise(EXPORTS, head(header.split("|" if "|" in header else " ")))
    assert found is not None
    assert found.export.name == connector


def test_a_cut_header_is_recognised_unless_it_is_a_word_of_its_own() -> None:
    """ORGANISATION is short for the number; Leverantör is not short for Leverantörsnr."""
    found = recognise(EXPORTS, head(["Avtals-ID", "Leverantör", "Organisationsnu", "Startdatum"]))
    assert found is not None
    assert set(found.places) == {"contract_id", "supplier_name", "supplier_id", "starts_on"}


def test_a_header_with_line_breaks_is_recognised() -> None:
    """As Excel writes them, escaped or not."""
    found = recognise(
        EXPORTS, head(["Avtals-ID", "Leverantör", "Krav på_x000D_\nregisterkontroll", "Avtals-\nvärde (kr)", ""])
    )
    assert found is not None
    assert {"record_check", "value_sek"} <= set(found.places)
    assert len(found.headers) == 4


def test_an_unknown_contract_list_is_not_taken_for_a_supplier_list() -> None:
    """A name and a number are not enough when most columns are strange: its contracts would be lost."""
    strange = ["Leverantör", "Organisationsnummer", "Giltigt fr", "Giltigt tom", "Objekt"]
    assert recognise(EXPORTS, head(strange)) is None


def test_one_like_word_is_no_header() -> None:
    """Nor is an empty sheet."""
    assert recognise(EXPORTS, head(["Leverantör", "x"], [])) is None
    assert recognise(EXPORTS, []) is None


def test_the_nearest_connector_is_suggested() -> None:
    """Two headers like its own; none for a stranger."""
    found = nearest(EXPORTS, ["Leverantörens namm", "Organisationsnumer", "Slut datum", "Startdatumet", "Avtalsområde"])
    assert found is not None
    assert found.kind == "contracts"
    assert nearest(EXPORTS, ["Kaffe", "Te"]) is None
    assert nearest({}, ["Leverantör"]) is None


def test_the_header_that_fits_a_named_connector_best_says_what_it_lacks() -> None:
    """For the message to whoever wrote the connector's name."""
    export = EXPORTS["reskontra_nationell"]
    found = closest(export, head(["leverantor", "kopare", "grund"]), EXPORTS)
    assert found is not None
    assert found.missing() == (("amount_sek",),)
    assert closest(export, head(["a", "b"]), EXPORTS) is None


def test_the_guessed_header_holds_no_data() -> None:
    """The widest row of words; a row with numbers in it is none."""
    rows = head(["Titel"], ["Namn", "Ort", "Antal"], ["Åkeriet", "Umeå", "19850101-1234", "x"])
    assert header_guess(rows) == ("Namn", "Ort", "Antal")
    assert header_guess(head(["2026-01-01", "1234"])) == ()
