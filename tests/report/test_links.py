from typing import Any

from screening.report.layout import FLAGS, SUPPLIERS
from screening.report.links import Links, Place

WHO = ["Leverantör", "Orgnr", "Leverantörsnr"]


def row(name: str, number: str = "1", own: str = "7") -> list[object]:
    """Who a row is about."""
    return [name, number, own]


def test_a_flag_leads_to_its_supplier_and_a_supplier_to_its_first_flag() -> None:
    """By name, number and the buyer's own number, whatever the order of the rows."""
    flags = Place("Flaggor", ["Flagg-ID", *WHO], [["F-2", *row("B")], ["F-1", *row("A")], ["F-3", *row("B")]])
    suppliers = Place("Leverantörer", WHO, [row("A"), row("B")])
    links = Links({"Flaggor": [flags], "Leverantörer": [suppliers]})
    to_supplier = links.finder(["Flagg-ID", *WHO], SUPPLIERS.name)
    to_flag = links.finder(WHO, FLAGS.name)
    assert to_supplier is not None
    assert to_flag is not None
    assert to_supplier(["F-1", *row("A")]) == "internal:'Leverantörer'!A2"
    assert to_flag(row("B")) == "internal:'Flaggor'!A2"
    assert to_flag(row("C")) is None


def test_a_flag_and_its_evidence_lead_to_each_other_by_the_flags_id() -> None:
    """Also when the rows of a list go on in the next sheet."""
    parts = [Place("Flaggor", ["Flagg-ID"], [["F-1"]]), Place("Flaggor (2)", ["Flagg-ID"], [["F-2"]])]
    to_flag = Links({"Flaggor": parts}).finder(["Flagg-ID"], "Flaggor")
    assert to_flag is not None
    assert [to_flag([name]) for name in ("F-1", "F-2")] == ["internal:'Flaggor'!A2", "internal:'Flaggor (2)'!A2"]


def test_two_suppliers_that_look_the_same_are_not_linked_to() -> None:
    """Rather no link than one to somebody else."""
    place = Place("Leverantörer", WHO, [row("A", "", ""), row("A", "", ""), row("B")])
    to = Links({"Leverantörer": [place]}).finder(WHO, "Leverantörer")
    assert to is not None
    assert to(row("A", "", "")) is None
    assert to(row("B")) == "internal:'Leverantörer'!A4"


def test_without_the_sheet_or_the_columns_there_is_nothing_to_lead_to() -> None:
    """An older run, or one unit's workbook."""
    place = Place("Leverantörer", ["Namn"], [["A"]])
    assert Links({}).finder(WHO, "Leverantörer") is None
    assert Links({"Leverantörer": [place]}).finder(WHO, "Leverantörer") is None
    assert Links({"Flaggor": [place]}).finder(["Annat"], "Flaggor") is None


def test_every_link_of_the_workbook_leads_to_the_row_it_names(finished: Any) -> None:
    """Flags, suppliers and evidence, and the first page's arrows."""
    import openpyxl

    book = openpyxl.load_workbook(finished[1][0])
    flags, suppliers, evidence = book["Flaggor"], book["Leverantörer"], book["Underlag"]
    columns = {str(cell.value): int(cell.column or 0) for cell in flags[1]}
    for cells in flags.iter_rows(min_row=2):
        name = cells[columns["Leverantör"] - 1].value
        assert follow(book, cells[columns["Orgnr"] - 1])[0].value == name
        assert follow(book, cells[0])[0].value == cells[0].value
    assert follow(book, evidence["A2"])[0].value == evidence["A2"].value
    counted = next(cell for cell in suppliers["M"][1:] if cell.hyperlink)
    assert isinstance(counted.value, int)
    assert follow(book, counted)[columns["Leverantör"] - 1].value == suppliers.cell(counted.row, 1).value
    arrows = [cell for row in book["Sammanfattning"].iter_rows() for cell in row if cell.value == "→"]
    assert arrows
    assert all(follow(book, cell)[0].value.count("-") >= 2 for cell in arrows)


def follow(book: Any, cell: Any) -> Any:
    """The row that a cell's link leads to."""
    sheet, _, place = cell.hyperlink.location.partition("!")
    return book[sheet.strip("'")][book[sheet.strip("'")][place].row]
