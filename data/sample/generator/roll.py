"""Numbers and people: Luhn-valid numbers of a series nobody has, and persons with published test numbers."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from pathlib import Path

SEED = "Sjövika 2026"
TOP = 559_999_999  # the highest prefix of ten-digit numbers beginning with 55999; taken from the top and down
STEP = 61
YOUNGEST, OLDEST = 2003, 1955


def words(text: str) -> list[str]:
    """The words of a line."""
    return text.split()


WOMEN = words(
    "Alva Asta Barbro Berit Boel Dagny Disa Ebba Edla Elsy Embla Engla Ester Freja Gerda Greta Gun Harriet Hedda Hedvig "
    "Hillevi Idun Ingegerd Iris Jorun Kajsa Karin Kerstin Liv Lovisa Maj Malin Märta Nora Ottilia Petra Ragna Rut Saga "
    "Signe Siri Solveig Stina Svea Sylvia Tekla Thyra Tuva Ulrika Vendela Vera Viola Ylva Åsa"
)
MEN = words(
    "Albin Algot Arvid Axel Birger Bo Bror Edvin Egil Einar Elof Emil Evert Folke Frej Georg Gunnar Harald Helge Henning "
    "Hilding Holger Inge Isak Ivar Jarl Johan Karl Kjell Knut Lage Loke Ludvig Malte Melker Nils Olle Orvar Oskar Ove "
    "Ragnar Rune Sigge Sixten Sten Sture Svante Tage Tor Truls Ulf Valter Vidar Viggo Yngve Åke Örjan"
)
STEMS = words(
    "Alm Barr Björnmoss Ek Fjärd Flod Grankotts Hammar Hjortron Islands Klöver Kråk Ljungmo Lom Löv Mård Näver Ort Pors "
    "Rall Rimfrost Rönn Sjöbod Skarv Slån Snår Spång Strand Sälg Tall Torv Tran Utter Varg Vass Vide Ängs Ärt Ört"
)
ENDS = words("backe berg dal gren hult kvist lid lund mark myr näs ros skär stam ström vall vik ås")


def luhn(digits: str) -> int:
    """The check digit that makes ``digits`` + digit valid."""
    doubled = (int(digit) * (2 - index % 2) for index, digit in enumerate(digits))
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def with_check(prefix: str | int) -> str:
    """Ten digits from nine."""
    return f"{prefix}{luhn(str(prefix))}"


def dashed(number: str) -> str:
    """``NNNNNN-NNNN`` from ten digits."""
    return f"{number[:6]}-{number[6:]}"


def dice(*names: object) -> random.Random:
    """A generator of its own for each thing, so that adding one firm does not shake the others."""
    return random.Random(":".join((SEED, *map(str, names))))


@dataclass(frozen=True, slots=True)
class Person:
    """One fictitious person."""

    id: str
    number: str
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        """First name and surname."""
        return f"{self.first_name} {self.last_name}"


class People:
    """Hands out persons, each with a number of its own from the published list, in a fixed order."""

    def __init__(self, numbers: Path) -> None:
        lines = numbers.read_text(encoding="utf-8").splitlines()
        listed = [line for line in lines if line.isdecimal() and OLDEST <= int(line[:4]) <= YOUNGEST]
        self._of_this_century = [number for number in listed if number.startswith("2001")]
        self._free = [number for number in listed if not number.startswith("2001")]
        dice("people").shuffle(self._free)
        self.all: dict[str, Person] = {}
        self._names: set[str] = set()
        self.prohibitions: dict[str, dict[str, date]] = {}  # by id: trading prohibitions

    def take(self, *, zero_first: bool = False) -> Person:
        """The next person; ``zero_first``: born in 2001, so that the ten-digit form begins with a zero."""
        number = (self._of_this_century if zero_first else self._free).pop(0)
        first, last = self._name(number)
        person = Person(f"p{len(self.all) + 1:03d}", number, first, last)
        self.all[person.id] = person
        return person

    def respelt(self, person: Person, first_name: str) -> Person:
        """The same person (same number) with another spelling of the first name."""
        twin = Person(f"{person.id}b", person.number, first_name, person.last_name)
        self.all[twin.id] = twin
        return twin

    def _name(self, number: str) -> tuple[str, str]:
        """A name that nobody else in the sample has; the ninth digit of a personal number is odd for men."""
        chance = dice("name", number)
        while True:
            first = chance.choice(MEN if int(number[10]) % 2 else WOMEN)
            last = f"{chance.choice(STEMS)}{chance.choice(ENDS)}"
            if f"{first} {last}" not in self._names:
                self._names.add(f"{first} {last}")
                return first, last
