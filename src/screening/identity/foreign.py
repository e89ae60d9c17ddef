"""Foreign registration and VAT numbers: which country, which form, and the check digits of the neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from screening.identity.number import Identity, Kind
from screening.identity.words import Caution, Problem

_FORMS: dict[str, str] = {
    # national registration number or VAT number, without country code and separators
    "AT": r"U[0-9]{8}|FN[0-9]{5,6}[A-Z]",
    "BE": r"[01]?[0-9]{9}",
    "BG": r"[0-9]{9,10}",
    "CH": r"E?[0-9]{9}",
    "CY": r"[0-9]{8}[A-Z]",
    "CZ": r"[0-9]{8,10}",
    "DE": r"[0-9]{9}|HR[AB][0-9]{1,6}",
    "DK": r"[0-9]{8}",
    "EE": r"[0-9]{8,9}",
    "ES": r"[A-Z0-9][0-9]{7}[A-Z0-9]",
    "FI": r"[0-9]{7,8}",
    "FR": r"(?:[A-Z0-9]{2})?[0-9]{9}|[0-9]{14}",
    "GB": r"[0-9]{8,9}|[0-9]{12}|[A-Z]{2}[0-9]{6}",
    "GR": r"[0-9]{9}",
    "HR": r"[0-9]{11}",
    "HU": r"[0-9]{8}|[0-9]{11}",
    "IE": r"[0-9][A-Z0-9][0-9]{5}[A-Z]{1,2}|[0-9]{5,6}",
    "IS": r"[0-9]{5,6}|[4-7][0-9]{9}",
    "IT": r"[0-9]{11}",
    "LT": r"[0-9]{9}|[0-9]{12}",
    "LU": r"[0-9]{8}|B[0-9]{4,6}",
    "LV": r"[459][0-9]{10}",
    "MT": r"[0-9]{8}|C[0-9]{4,6}",
    "NL": r"[0-9]{9}B[0-9]{2}|[0-9]{8}",
    "NO": r"[0-9]{9}",
    "PL": r"[0-9]{9,10}",
    "PT": r"[0-9]{9}",
    "RO": r"[0-9]{6,10}",
    "SI": r"[0-9]{8}",
    "SK": r"[0-9]{8}|[0-9]{10}",
    "US": r"[0-9]{9}",
}
_PERSON_FORMS: dict[str, str] = {
    "DK": r"[0-3][0-9][01][0-9]{7}",
    "EE": r"[1-8][0-9]{2}[01][0-9]{7}",
    "FI": r"[0-3][0-9][01][0-9]{3}[-+A-FU-Y]?[0-9]{3}[0-9A-Y]",
    "IS": r"[0-3][0-9][01][0-9]{7}",
    "LT": r"[1-8][0-9]{2}[01][0-9]{7}",
    "LV": r"[0-3][0-9][01][0-9]{8}",
    "NO": r"[0-7][0-9][0-9]{9}",
    "PL": r"[0-9]{11}",
}
_ANY_FORM = re.compile(r"(?=(?:[A-Z]*[0-9]){5})[A-Z]{0,3}[0-9][0-9A-Z]{4,13}")
_OTHERS = "AE AL AU AX BA BR BY CA CN FO GL HK IL IN JP KR LI MC MD ME MK MX NZ RS RU SG SM TH TR TW UA ZA"
_OTHER_COUNTRIES = frozenset(_OTHERS.split())
_SAME_COUNTRY = {"EL": "GR", "UK": "GB", "XI": "GB", "AX": "FI", "CHE": "CH"}
_TAIL = re.compile(r"(?:MVA|MWST|TVA|IVA|VAT)$")
_SEPARATORS = re.compile(r"[ .\-/]")

_NAMES = {
    "SE": "se swe sverige sweden svensk svenskt",
    "NO": "no nor norge norway noreg norsk",
    "DK": "dk dnk danmark denmark dansk",
    "FI": "fi fin finland suomi",
    "DE": "de deu tyskland germany deutschland",
    "GB": "gb gbr uk storbritannien england skottland united_kingdom great_britain",
    "NL": "nl nld nederländerna holland netherlands",
    "PL": "pl pol polen poland polska",
    "EE": "ee est estland estonia",
    "LV": "lv lva lettland latvia",
    "LT": "lt ltu litauen lithuania",
    "IE": "ie irl irland ireland",
    "FR": "fr fra frankrike france",
    "BE": "be bel belgien belgium",
    "AT": "at aut österrike austria",
    "CH": "ch che schweiz switzerland",
    "ES": "es esp spanien spain",
    "IT": "it ita italien italy",
    "PT": "pt prt portugal",
    "IS": "is isl island iceland",
    "LU": "lu lux luxemburg luxembourg",
    "CZ": "cz cze tjeckien czechia",
    "US": "us usa united_states",
    "CA": "ca can kanada canada",
    "GR": "gr grc el grekland greece",
}
_COUNTRY = {word: code for code, words in _NAMES.items() for word in words.split()}

_WEIGHTS: dict[str, tuple[tuple[int, ...], int]] = {
    # weights of all digits, the check digit's last; the weighted sum is a multiple of the modulus
    "DK": ((2, 7, 6, 5, 4, 3, 2, 1), 11),
    "FI": ((7, 9, 10, 5, 8, 4, 2, 1), 11),
    "NO": ((3, 2, 7, 6, 5, 4, 3, 2, 1), 11),
    "PL": ((6, 5, 7, 2, 3, 4, 5, 6, 7, -1), 11),
}


@dataclass(frozen=True, slots=True)
class Foreign:
    """What a text says as a foreign number. ``usual`` tells whether it has a form known for its country."""

    identity: Identity | None
    problem: Problem | None = None
    cautions: tuple[Caution, ...] = ()
    usual: bool = False


def country_code(country: str | None) -> str | None:
    """ISO alpha-2 of what stands in a country column; ``None`` when it is empty or no country that is known."""
    word = "_".join((country or "").split()).lower()
    if found := _COUNTRY.get(word):
        return found
    code = word.upper()
    code = _SAME_COUNTRY.get(code, code)
    return code if code in _FORMS or code in _OTHER_COUNTRIES else None


def split_country(text: str) -> tuple[str | None, str]:
    """The country code that a number begins with, and the rest; ``None`` when it begins with none."""
    upper = text.upper()
    if upper.startswith(("HRA", "HRB")):  # the German trade register, not Croatia
        return None, text
    for length in (3, 2):
        code, rest = upper[:length], upper[length:].lstrip(" .:-")
        known = length == 2 or code == "CHE"
        code = _SAME_COUNTRY.get(code, code)
        if (
            known
            and (code == "SE" or code in _FORMS or code in _OTHER_COUNTRIES)
            and any(c.isdigit() for c in rest[:5])
        ):
            return code, rest
    return None, text


def foreign(code: str, rest: str) -> Foreign:
    """The number ``rest`` (without country code) of the country ``code``."""
    marked = rest.upper().strip()
    compact = _SEPARATORS.sub("", marked)
    if (person := _PERSON_FORMS.get(code)) and re.fullmatch(person, marked.replace(" ", "")):
        return Foreign(None, Problem.FOREIGN_PERSON)
    if person and re.fullmatch(person, compact):
        return Foreign(None, Problem.FOREIGN_PERSON)
    compact = _TAIL.sub("", compact)
    if code == "CH":
        compact = compact.removeprefix("E")
    form = _FORMS.get(code)
    usual = form is not None and re.fullmatch(form, compact) is not None
    if not usual and not _ANY_FORM.fullmatch(compact):
        return Foreign(None, Problem.FOREIGN_FORM)
    if code == "FI" and usual:
        compact = compact.zfill(8)
    identity = Identity(Kind.FOREIGN, code, compact)
    if form is not None and not usual:
        return Foreign(identity, cautions=(Caution.FOREIGN_UNUSUAL,))
    if not _checks(code, compact):
        return Foreign(identity, cautions=(Caution.FOREIGN_CHECK_DIGIT,), usual=True)
    return Foreign(identity, usual=usual)


def _checks(code: str, compact: str) -> bool:
    """Whether the check digit fits, for the countries and lengths whose rule is known; true for the others."""
    if code == "DE" and len(compact) == 9 and compact.isdigit():
        return _modulus_11_10(compact)
    weights, modulus = _WEIGHTS.get(code, ((), 1))
    if len(weights) != len(compact) or not compact.isdigit():
        return True
    return sum(weight * int(digit) for weight, digit in zip(weights, compact, strict=True)) % modulus == 0


def _modulus_11_10(digits: str) -> bool:
    """ISO 7064 modulus 11,10, of German VAT numbers."""
    check = 5
    for digit in digits[:-1]:
        check = ((check or 10) * 2 % 11 + int(digit)) % 10
    return ((check or 10) * 2 % 11 + int(digits[-1])) % 10 == 1
