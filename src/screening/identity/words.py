"""Why a number was not accepted, or accepted with a remark: sentences that say what to do, in Swedish and English."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

Language = Literal["sv", "en"]


class Problem(StrEnum):
    """Why a cell gave no identity. The value is a stable code; ``text`` is the sentence for the report."""

    EMPTY = "empty"
    CHECK_DIGIT = "check_digit"
    LENGTH = "length"
    LOST_ZERO = "lost_zero"
    PREFIX = "prefix"
    IMPOSSIBLE_DATE = "impossible_date"
    MANGLED = "mangled"
    MASKED = "masked"
    SEVERAL = "several"
    FILLER = "filler"
    ODD_CHARACTERS = "odd_characters"
    NOT_A_NUMBER = "not_a_number"
    FOREIGN_PERSON = "foreign_person"
    FOREIGN_FORM = "foreign_form"
    BUYER = "buyer"  # never from ``read``: whoever knows the buyer's own number says so

    def text(self, language: Language = "sv") -> str:
        """The sentence that says what is wrong and what to do."""
        swedish, english = _PROBLEMS[self]
        return swedish if language == "sv" else english

    def typed(self, language: Language = "sv") -> str:
        """The same of what someone has typed: there is no cell, row or export to go back to."""
        swedish, english = _TYPED.get(self, _PROBLEMS[self])
        return swedish if language == "sv" else english


class Caution(StrEnum):
    """A remark on a number that was accepted. The value is the Swedish sentence."""

    TEST_NUMBER = "Numret är ett av Bolagsverkets testnummer; kontrollsiffran stämmer inte."
    VAT_WITHOUT_SE = "Numret är läst som ett momsregistreringsnummer utan SE."
    VAT_SUFFIX = "Momsregistreringsnumret slutar inte på 01; organisationsnumret i det är använt."
    DASH_PLACE = "Bindestrecket står inte före de fyra sista siffrorna."
    UNKNOWN_BIRTHDAY = "Samordningsnumret saknar känd födelsedag."
    VERY_OLD = "Personnumret hör till någon som är äldre än 110 år; kontrollera århundradet."
    SWEDISH_DESPITE_COUNTRY = "Numret är svenskt trots att landet är ett annat; det är läst som svenskt."
    OTHER_COUNTRY = "Landskoden i numret är en annan än den i landskolumnen; den i numret är använd."
    FOREIGN_CHECK_DIGIT = "Kontrollsiffran stämmer inte med det landets regel; kontrollera numret."
    FOREIGN_UNUSUAL = "Numret har inte den form som är vanlig i det landet; det är använt som det står."

    def text(self, language: Language = "sv") -> str:
        """The sentence in the language asked for."""
        return self.value if language == "sv" else _CAUTIONS_EN[self]


_PROBLEMS: dict[Problem, tuple[str, str]] = {
    Problem.EMPTY: (
        "Organisationsnummer saknas. Hämta det från avtalet eller en faktura och fyll i det.",
        "The organisation number is missing. Take it from the contract or an invoice and fill it in.",
    ),
    Problem.CHECK_DIGIT: (
        "Kontrollsiffran stämmer inte: minst en siffra är fel eller två har bytt plats. Jämför med avtalet eller en faktura och rätta.",
        "The check digit is wrong: at least one digit is wrong or two have changed places. Compare with the contract or an invoice and correct it.",
    ),
    Problem.LENGTH: (
        "Numret har fel antal siffror. Ett organisationsnummer har 10 siffror (eller 12 med 16 först); jämför med avtalet och rätta.",
        "The number has the wrong count of digits. An organisation number has 10 (or 12 with 16 first); compare with the contract and correct it.",
    ),
    Problem.LOST_ZERO: (
        "Numret verkar ha förlorat en eller flera nollor i början, som när en cell är ett tal i stället för text. Bekräfta förslaget eller exportera kolumnen som text.",
        "The number seems to have lost one or more zeros at its start, as when a cell is a number instead of text. Confirm the proposal or export the column as text.",
    ),
    Problem.PREFIX: (
        "Tolv siffror, men de två första passar inte: 16 för organisationer, 18, 19 eller 20 för personer. Kontrollera numret och rätta.",
        "Twelve digits, but the first two do not fit: 16 for organisations, 18, 19 or 20 for persons. Check the number and correct it.",
    ),
    Problem.IMPOSSIBLE_DATE: (
        "Numret ser ut som ett personnummer, men datumet finns inte eller har inte varit än. Jämför med avtalet och rätta.",
        "The number looks like a personal number, but its date does not exist or has not come yet. Compare with the contract and correct it.",
    ),
    Problem.MANGLED: (
        "Kalkylprogrammet har avrundat numret (som 5,56E+09) eller visar bara #, så siffrorna är borta ur filen. Exportera på nytt med kolumnen som text.",
        "The spreadsheet has rounded the number (as 5.56E+09) or shows only #, so the digits are gone from the file. Export again with the column as text.",
    ),
    Problem.MASKED: (
        "Numret är maskerat i exporten. Hämta det från leverantörsregistret eller exportera utan maskering.",
        "The number is masked in the export. Take it from the supplier register or export without masking.",
    ),
    Problem.SEVERAL: (
        "Cellen innehåller flera nummer. Dela upp raden så att varje leverantör får en egen.",
        "The cell holds several numbers. Split the row so that each supplier has its own.",
    ),
    Problem.FILLER: (
        "Numret är en utfyllnad (som 9999999999), inte en leverantörs nummer. Fyll i det rätta numret.",
        "The number is a filler (as 9999999999), not a supplier's. Fill in the right number.",
    ),
    Problem.ODD_CHARACTERS: (
        "Numret innehåller tecken som liknar siffror men inte är vanliga siffror 0-9. Skriv om det med vanliga siffror.",
        "The number holds characters that look like digits but are not the ordinary 0-9. Type it with ordinary digits.",
    ),
    Problem.NOT_A_NUMBER: (
        "Cellen innehåller något annat än ett organisationsnummer. Kontrollera att rätt kolumn är vald och rätta raden.",
        "The cell holds something else than an organisation number. Check that the right column is chosen and correct the row.",
    ),
    Problem.FOREIGN_PERSON: (
        "Numret ser ut som ett utländskt personnummer. Ange företagets registreringsnummer i stället.",
        "The number looks like a foreign personal number. Give the company's registration number instead.",
    ),
    Problem.FOREIGN_FORM: (
        "Numret går inte att läsa som ett registreringsnummer i landet som anges. Kontrollera numret och landet.",
        "The number cannot be read as a registration number of the country given. Check the number and the country.",
    ),
    Problem.BUYER: (
        "Numret är köparens eget, inte leverantörens. Välj kolumnen med leverantörens nummer.",
        "The number is the buyer's own, not the supplier's. Choose the column with the supplier's number.",
    ),
}

_TYPED: dict[Problem, tuple[str, str]] = {
    Problem.EMPTY: (
        "Inget nummer är angivet. Ange ett organisationsnummer med tio siffror.",
        "No number is given. Give an organisation number of ten digits.",
    ),
    Problem.LOST_ZERO: (
        "Numret verkar sakna en eller flera nollor i början. Ange alla tio siffror.",
        "The number seems to lack one or more zeros at its start. Give all ten digits.",
    ),
    Problem.MANGLED: (
        "Det är ett avrundat tal (som 5,56E+09), inte ett nummer. Ange alla tio siffror.",
        "That is a rounded number (as 5.56E+09). Give all ten digits.",
    ),
    Problem.MASKED: (
        "Numret är maskerat. Ange alla siffror, eller leverantörens id som det står i rapporten.",
        "The number is masked. Give all its digits, or the supplier's id as the report shows it.",
    ),
    Problem.SEVERAL: (
        "Det är flera nummer i ett. Ange ett i taget, med mellanslag mellan.",
        "These are several numbers in one. Give one at a time, with a space between them.",
    ),
    Problem.NOT_A_NUMBER: (
        "Det är inget organisationsnummer, och inget id som finns i någon rapport. Ange tio siffror, eller ett id som det står i rapporten.",
        "That is no organisation number, and no id that stands in any report. Give ten digits, or an id as the report shows it.",
    ),
    Problem.BUYER: (
        "Det är köparens eget nummer. Ange leverantörens.",
        "That is the buyer's own number. Give the supplier's.",
    ),
}

_CAUTIONS_EN: dict[Caution, str] = {
    Caution.TEST_NUMBER: "The number is one of Bolagsverket's test numbers; its check digit is wrong.",
    Caution.VAT_WITHOUT_SE: "The number was read as a VAT number without SE.",
    Caution.VAT_SUFFIX: "The VAT number does not end in 01; the organisation number in it was used.",
    Caution.DASH_PLACE: "The hyphen does not stand before the last four digits.",
    Caution.UNKNOWN_BIRTHDAY: "The coordination number has no known day of birth.",
    Caution.VERY_OLD: "The personal number is of someone older than 110 years; check the century.",
    Caution.SWEDISH_DESPITE_COUNTRY: "The number is Swedish although the country is another; it was read as Swedish.",
    Caution.OTHER_COUNTRY: "The country code in the number differs from the country column; the number's was used.",
    Caution.FOREIGN_CHECK_DIGIT: "The check digit does not fit that country's rule; check the number.",
    Caution.FOREIGN_UNUSUAL: "The number does not have that country's usual form; it was used as it stands.",
}
