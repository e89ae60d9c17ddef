"""What reading a file says to a person: one catalogue of sentences, Swedish first, English on request."""

from __future__ import annotations

from screening.errors import InputError

SENTENCES: dict[str, tuple[str, str]] = {
    # a whole file is refused
    "empty": ("filen är tom", "the file is empty"),
    "no_rows": ("filen har en rubrikrad men inga datarader", "the file has a header but no data rows"),
    "locked": (
        "filen kan inte öppnas; den är troligen öppen i Excel. Stäng den och kör igen",
        "the file cannot be opened; it is probably open in Excel. Close it and run again",
    ),
    "unreadable": ("filen kan inte läsas ({detail})", "the file cannot be read ({detail})"),
    "no_files": (
        "inga filer: mönstret {pattern} i screening.toml passar ingen fil",
        "no files: the pattern {pattern} in screening.toml matches nothing",
    ),
    "password": (
        "arbetsboken är lösenordsskyddad. Spara den utan lösenord och lägg in den igen",
        "the workbook is protected by a password. Save it without one and hand it in again",
    ),
    "damaged": (
        "arbetsboken är skadad och kan inte läsas. Öppna den i Excel och spara om den",
        "the workbook is damaged and cannot be read. Open it in Excel and save it again",
    ),
    "html": (
        "filen innehåller en webbsida (HTML) och inte en tabell. Exportera den på nytt som CSV eller XLSX",
        "the file holds a web page (HTML), not a table. Export it again as CSV or XLSX",
    ),
    "xml": (
        "filen innehåller XML eller RDF och inte en tabell. Hämta den på nytt som CSV eller XLSX",
        "the file holds XML or RDF, not a table. Fetch it again as CSV or XLSX",
    ),
    "json": (
        "filen innehåller JSON och inte en tabell. Hämta den på nytt som CSV eller XLSX",
        "the file holds JSON, not a table. Fetch it again as CSV or XLSX",
    ),
    "pdf": (
        "filen är en PDF. Exportera listan som CSV eller XLSX",
        "the file is a PDF. Export the list as CSV or XLSX",
    ),
    "packed": (
        "filen är ett packat arkiv. Packa upp den först",
        "the file is a packed archive. Unpack it first",
    ),
    "binary": (
        "filen innehåller binära data och inte text eller en arbetsbok",
        "the file holds binary data, neither text nor a workbook",
    ),
    "too_big": (
        "filen blir orimligt stor när den packas upp ({detail}); den öppnas inte",
        "the file grows beyond reason when unpacked ({detail}); it is not opened",
    ),
    "no_header": (
        "ingen rubrikrad känns igen. Kolumner i filen: {columns}. Närmaste connector: {nearest}",
        "no header is recognised. Columns in the file: {columns}. Nearest connector: {nearest}",
    ),
    "not_this_connector": (
        (
            "rubrikraden passar inte {connector}, som saknar {missing}. Kolumner i filen: {columns}. "
            "Närmaste connector: {nearest}"
        ),
        (
            "the header does not fit {connector}, which lacks {missing}. Columns in the file: {columns}. "
            "Nearest connector: {nearest}"
        ),
    ),
    "no_connector": (
        'connector = "{connector}" finns inte; det finns {known}',
        'connector = "{connector}" does not exist; there are {known}',
    ),
    "no_supplier_column": (
        "filen har ingen kolumn för leverantör. Kolumner i filen: {columns}. Närmaste connector: {nearest}",
        "the file has no column for the supplier. Columns in the file: {columns}. Nearest connector: {nearest}",
    ),
    "buyers_number": (
        "kolumnen {column} innehåller köparens eget organisationsnummer och inte leverantörens",
        "the column {column} holds the buyer's own organisation number, not the supplier's",
    ),
    "no_date": (
        "filen har ingen datumkolumn och ingen månad i filnamnet; beloppen kan inte placeras i tiden",
        "the file has no date column and no month in its name; its amounts cannot be placed in time",
    ),
    # notes about a file
    "column_mapped": ("kolumn {column} → {field}", "column {column} → {field}"),
    "column_ignored": ("kolumner som inte används: {columns}", "columns not used: {columns}"),
    "column_unknown": (
        "okända kolumner, inte lästa: {columns}",
        "unknown columns, not read: {columns}",
    ),
    "column_twice": (
        "kolumnen {column} finns flera gånger; kolumn {place} används",
        "the column {column} occurs more than once; column {place} is used",
    ),
    "column_unnamed": (
        "kolumner utan rubrik efter den sista har inte lästs",
        "columns without a header after the last one were not read",
    ),
    "number_column": (
        "organisationsnummer tas ur kolumn {place} ({column}): {why}",
        "organisation numbers are taken from column {place} ({column}): {why}",
    ),
    "why_name": (
        "rubriken är leverantörens enligt {connector}",
        "the header is the supplier's according to {connector}",
    ),
    "why_buyer": (
        "den andra kolumnen med samma rubrik innehåller köparens nummer",
        "the other column of the same name holds the buyer's number",
    ),
    "number_none": (
        "filen har inget organisationsnummer; leverantörerna känns igen på leverantörsnummer eller blir oidentifierade",
        "the file has no organisation number; suppliers are known by supplier number or stay unidentified",
    ),
    "number_internal": (
        "kolumnen {column} innehåller inga organisationsnummer utan interna nummer; den läses som leverantörsnummer",
        "the column {column} holds internal numbers, not organisation numbers; it is read as supplier number",
    ),
    "header_row": ("rubrikrad: rad {row}", "header: row {row}"),
    "connector": ("läst med {connector}", "read with {connector}"),
    "encoding": ("teckenkodning {encoding}, avgränsare {delimiter}", "encoding {encoding}, delimiter {delimiter}"),
    "replaced": (
        "filen innehåller tecken som redan var förstörda (�) när den skapades",
        "the file holds characters that were already lost (�) when it was made",
    ),
    "sheet_hidden": ("bladet {sheet} är dolt och har inte lästs", "the sheet {sheet} is hidden and was not read"),
    "sheet_no_header": (
        "bladet {sheet} har ingen rubrikrad som känns igen och har inte lästs",
        "the sheet {sheet} has no header that is recognised and was not read",
    ),
    "sheet_empty": ("bladet {sheet} är tomt", "the sheet {sheet} is empty"),
    "sheet_read": (
        "bladet {sheet}: läst med {connector}, datarader: {rows}",
        "the sheet {sheet}: read with {connector}, {rows} rows",
    ),
    "sheet_expired": ("bladet {sheet} innehåller utgångna avtal", "the sheet {sheet} holds expired contracts"),
    "skipped": (
        "rader som inte är data: {blank} tomma, {title} mellanrubriker, {header} upprepade rubriker, {total} summor",
        "rows that are not data: {blank} blank, {title} headings, {header} repeated headers, {total} totals",
    ),
    "value_unknown": (
        "okänt ord i kolumnen {column} (rader: {count}); läst som {meaning}",
        "unknown word in the column {column} ({count} rows); read as {meaning}",
    ),
    "same_file": ("samma innehåll som {file}; räknas inte igen", "same content as {file}; not counted again"),
    "lock_file": ("Excels låsfil {file} har hoppats över", "Excel's lock file {file} was skipped"),
    "shrunk": (
        "{now} datarader mot {before} förra perioden; filen kan vara ofullständig",
        "{now} rows against {before} last period; the file may be incomplete",
    ),
    "after": (
        "rader daterade efter {day} räknas inte i perioden: {count}",
        "rows dated after {day} are not counted in the period: {count}",
    ),
    "year_only": (
        "bara året är känt ur filnamnet; summan för 90 dagar kan vara för hög",
        "only the year is known from the file name; the sum of 90 days may be too high",
    ),
    "list_only": (
        "leverantörslistan är urvalet, eftersom inga avtal eller inköp lästes",
        "the supplier list is the population, since no contracts or purchases were read",
    ),
    "conflict": (
        "avtal {contract} finns flera gånger med olika uppgifter ({fields}); den fylligaste raden gäller",
        "contract {contract} occurs more than once with other values ({fields}); the fullest row holds",
    ),
    "attestation_conflict": (
        "intyget för {scope} finns flera gånger med olika uppgifter; det senast undertecknade gäller",
        "the attestation for {scope} occurs more than once with other values; the one signed last holds",
    ),
    "number_conflict": (
        "leverantörsnr {number} står för flera organisationsnummer och används inte för att känna igen leverantörer",
        "supplier number {number} stands for several organisation numbers and is not used to know suppliers by",
    ),
    "more": ("och {count} till", "and {count} more"),
    # a row is rejected
    "supplier_missing": (
        "Raden har varken leverantörens namn eller nummer.",
        "The row has neither the supplier's name nor number.",
    ),
    "amount_missing": ("Belopp saknas.", "The amount is missing."),
    "amount_wrong": ("Beloppet kan inte läsas som ett tal.", "The amount cannot be read as a number."),
    "service_missing": ("Verksamhet saknas.", "The service is missing."),
    "date_missing": ("Datum saknas.", "The date is missing."),
    "date_wrong": ("Datumet i kolumnen {column} kan inte läsas.", "The date in the column {column} cannot be read."),
    "too_many_cells": (
        "Raden har fler kolumner än rubriken; avgränsaren står troligen inne i en text.",
        "The row has more columns than the header; the delimiter probably stands inside a text.",
    ),
    "expired_without_end": (
        "Avtalet står bland utgångna avtal men saknar slutdatum.",
        "The contract is among the expired ones but has no end date.",
    ),
    "document_unknown": ("Handlingen är av okänt slag.", "The kind of document is unknown."),
    "reply_before_request": (
        "Svaret är daterat {received_on}, före begäran {dated_on}. Rätta det ena datumet; raden räknas inte förrän dess.",
        "The reply is dated {received_on}, before the request {dated_on}. Correct either day; the row does not count until then.",
    ),
    "finding_unknown": (
        "{finding_id} är inget Flagg-ID i denna arbetsyta. Kopiera det ur Flaggor eller begäran.",
        "{finding_id} is no Flagg-ID of this workspace. Copy it from Flaggor or the list of requests.",
    ),
    "quarter_wrong": (
        "Kvartalet kan inte läsas; väntat är till exempel 2026Q3.",
        "The quarter cannot be read; expected e.g. 2026Q3.",
    ),
    "area_wrong": ("Lagområdet är okänt.", "The law area is unknown."),
    "refused_personal_number": (
        "Raden innehåller något som liknar ett personnummer. Den har inte lästs och inget av den visas.",
        "The row holds what looks like a personal number. It was not read and nothing of it is shown.",
    ),
    "refused_offence_word": (
        "Raden innehåller ord om brott eller belastning. Den har inte lästs och inget av den visas.",
        "The row holds words about offences. It was not read and nothing of it is shown.",
    ),
    "refused_free_text": (
        "Raden innehåller fri text där bara antal, datum och ord ur listan får stå. Den har inte lästs.",
        "The row holds free text where only counts, dates and listed words may stand. It was not read.",
    ),
    "refused_unknown_column": (
        "Raden har uppgifter i en kolumn som inte får finnas. Den har inte lästs.",
        "The row has values in a column that may not be there. It was not read.",
    ),
    "refused_issue_age": (
        "Raden säger hur gammalt ett utdrag i skola eller förskola var. Där får bara noteras att det visats. Den har inte lästs.",
        "The row says how old an extract in school or preschool was. Only that it was shown may be noted. It was not read.",
    ),
    # a row is accepted, and a person should look at its number
    "number_missing": ("Organisationsnummer saknas.", "The organisation number is missing."),
    "number_wrong": ("{problem}", "{problem}"),
    "number_by_supplier_no": (
        "{problem} Leverantörsnr {number} står för {identity} i {file}, och raderna har förts dit.",
        "{problem} Supplier number {number} stands for {identity} in {file}, and the rows were put there.",
    ),
    "masked_person": (
        "Namn och nummer är maskerade som för privatpersoner och kontrolleras inte (rader: {count}): {amount} kr på tolv månader.",
        "Name and number are masked as for private persons and not checked (rows: {count}): {amount} kr in twelve months.",
    ),
    "rows_concerned": (" Gäller {count} rader.", " Concerns {count} rows."),
}


def say(code: str, language: str = "sv", /, **values: object) -> str:
    """The sentence of ``code`` in ``language`` (``sv`` or ``en``) with its values filled in."""
    swedish, english = SENTENCES[code]
    return (english if language == "en" else swedish).format(**values)


class Refused(InputError):  # noqa: N818 - what happened to the file, not a fault of ours
    """A file or row that is not read, with the code of its sentence so that it can be said in either language."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(say(code, **values))
        self.code = code
        self.values = values

    def say(self, language: str) -> str:
        """The reason in ``language``."""
        return say(self.code, language, **self.values)
