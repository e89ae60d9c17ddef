"""Letters to suppliers from the stored points: a template to merge, and one text per supplier. Nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

from screening.report.asking import POINTS
from screening.report.layout import Column, Layout
from screening.report.texts import Language
from screening.rules.texts import NO_BREAK

Row = Sequence[object]
WIDTH = 92

MERGE = Layout(
    "Leverantörer",
    (
        Column("Leverantör", width=28),
        Column("Orgnr", "orgnr", 13.5),
        Column("Leverantörsnr", width=14),
        Column("Antal punkter", "count", 10),
        Column("Svar senast", "date", 12),
        Column("Punkter", width=90),
        Column("Yttrande", width=60),
    ),
)
"""One row per supplier, for a word processor's mail merge with the template."""

_TEXT: Mapping[str, tuple[str, str]] = {
    "subject": ("Begäran om uppgifter", "Request for information"),
    "to": ("Till", "To"),
    "number": ("Organisationsnummer", "Organisation number"),
    "own": ("Vårt leverantörsnummer", "Our supplier number"),
    "why": (
        (
            "Vi går regelbundet igenom uppgifter om de leverantörer som vi har avtal med, köper av eller prövar i en upphandling."
            " Genomgången är densamma för alla och innebär inget ställningstagande. För att kunna slutföra den behöver vi"
            " följande av er senast den {day}:"
        ),
        (
            "We regularly go through information on the suppliers that we have contracts with, buy from or examine in a"
            " procurement. It is the same for everyone and implies no position. To finish it we need the following from you"
            " no later than {day}:"
        ),
    ),
    "about": ("Beteckning: {point}.", "Reference: {point}."),
    "contract": ("Avser avtal: {contracts}.", "Concerns contract: {contracts}."),
    "how": (
        (
            "Skriv punktens beteckning i svaret. Skicka inga personnummer, inga utdrag ur belastningsregistret och inget annat om"
            " enskilda personer än det som efterfrågas. Har ni redan lämnat en uppgift, eller stämmer något inte, säg det i"
            " svaret. Behöver ni mer tid, hör av er före den sista dagen."
        ),
        (
            "State each point's reference in the reply. Send no personal identity numbers, no criminal-record extracts and nothing"
            " else about individuals than what is asked for. If you have already given something, or something is not right,"
            " say so. If you need more time, tell us before the last day."
        ),
    ),
    "public": (
        "Svaret blir en allmän handling. Ange om ni anser att någon uppgift ska omfattas av sekretess och varför.",
        "The reply becomes a public record. State whether you hold that something in it is confidential, and why.",
    ),
    "signed": ("[Handläggare, telefon, e-post]", "[Officer, telephone, e-mail]"),
    "simulated": (
        "SIMULERADE KÄLLOR: uppgifterna är påhittade. Skicka inte brevet.",
        "SIMULATED SOURCES: the data are made up. Do not send this letter.",
    ),
    "heard": (
        (
            "{points} gäller en pågående upphandling. Ni får enligt {law} tillfälle att yttra er inom den angivna tiden, innan något"
            " beslut fattas."
        ),
        (
            "{points} concern an ongoing procurement. Under {law} you have the opportunity to comment within the time given, before"
            " any decision is made."
        ),
    ),
    "point": ("Punkt", "Point"),
    "and": ("och", "and"),
}
_LAW: Mapping[str, tuple[str, str]] = {
    "LOU 13:4": (
        "13 kap. 4 § lagen (2016:1145) om offentlig upphandling",
        "chapter 13, section 4 of the Public Procurement Act (2016:1145)",
    ),
    "LOU 19:17": (
        "19 kap. 17 § lagen (2016:1145) om offentlig upphandling",
        "chapter 19, section 17 of the Public Procurement Act (2016:1145)",
    ),
    "LUF 13:5": (
        "13 kap. 5 § lagen (2016:1146) om upphandling inom försörjningssektorerna",
        "chapter 13, section 5 of the Utilities Procurement Act (2016:1146)",
    ),
    "LUK 11:5": (
        "11 kap. 5 § lagen (2016:1147) om upphandling av koncessioner",
        "chapter 11, section 5 of the Concessions Procurement Act (2016:1147)",
    ),
}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, when, and in which language; whether the sources were made up."""

    organisation: str
    on: str
    language: Language
    simulated: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """One supplier with its rows of ``POINTS``."""

    name: str
    number: str
    own: str
    rows: tuple[Row, ...]

    @property
    def last_day(self) -> str:
        """The earliest of its points' last days: one letter has one."""
        return min(str(_cell(row, "Svar senast")) for row in self.rows)


def _cell(row: Row, name: str) -> object:
    return row[POINTS.names.index(name)]


def recipients(rows: Sequence[Row]) -> list[Recipient]:
    """The suppliers of the rows, in their order."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in rows:
        who = tuple(str(_cell(row, name) or "") for name in ("Leverantör", "Orgnr", "Leverantörsnr"))
        found.setdefault((who[0], who[1], who[2]), []).append(row)
    return [Recipient(*who, tuple(own)) for who, own in found.items()]


def merge_rows(rows: Sequence[Row], language: Language) -> Iterator[Row]:
    """A row per supplier with its points as one text."""
    for who in recipients(rows):
        numbered = "\n\n".join(_points(who, language))
        yield [who.name, who.number, who.own, len(who.rows), who.last_day, numbered, _hearing(who, language)]


def letter(who: Recipient, sender: Sender) -> list[str]:
    """The letter to one supplier, in lines."""
    number = "" if "*" in who.number else who.number  # a masked number says nothing to whoever has it
    head = _Head(who.name, number, who.own, who.last_day)
    return list(_letter(sender, head, _points(who, sender.language), _hearing(who, sender.language)))


def template(sender: Sender) -> list[str]:
    """The same letter with fields to merge from the list's sheet *Leverantörer*."""
    head = _Head("«Leverantör»", "«Orgnr»", "«Leverantörsnr»", "«Svar senast»")
    return list(_letter(sender, head, ["«Punkter»"], "«Yttrande»"))


@dataclass(frozen=True, slots=True)
class _Head:
    name: str
    number: str
    own: str
    last_day: str


def _letter(sender: Sender, head: _Head, points: Sequence[str], hearing: str) -> Iterator[str]:
    say = _Say(sender.language)
    if sender.simulated:
        yield from (say("simulated"), "")
    yield from (sender.organisation, sender.on, "", f"{say('to')} {head.name}")
    if head.number:
        yield f"{say('number')} {head.number}"
    if head.own:
        yield f"{say('own')} {head.own}"
    yield from ("", say("subject"), "", *_wrapped(say("why", day=head.last_day)), "")
    for point in points:
        yield from (*point.split("\n"), "")
    if hearing:
        yield from (*_wrapped(hearing), "")
    yield from (*_wrapped(say("how")), "", *_wrapped(say("public")), "", say("signed"))


def _points(who: Recipient, language: Language) -> list[str]:
    """Each point numbered, with what it is about."""
    say = _Say(language)
    found = []
    for number, row in enumerate(who.rows, start=1):
        text = f"{_cell(row, 'Vad som begärs')} {say('about', point=_cell(row, 'Punkt'))}"
        if contracts := str(_cell(row, "Avtal") or "").replace("\n", ", "):
            text += f" {say('contract', contracts=contracts)}"
        found.append("\n".join(_wrapped(f"{number}. {text}", "   ")))
    return found


def _hearing(who: Recipient, language: Language) -> str:
    """That the supplier may comment before a decision, for the points where a paragraph says so."""
    say = _Say(language)
    sentences = []
    for law in dict.fromkeys(str(_cell(row, "Yttrande enligt") or "") for row in who.rows):
        numbers = [
            str(number) for number, row in enumerate(who.rows, start=1) if law and _cell(row, "Yttrande enligt") == law
        ]
        if numbers:
            listed = f" {say('and')} ".join([part for part in (", ".join(numbers[:-1]), numbers[-1]) if part])
            sentences.append(say("heard", points=f"{say('point')} {listed}", law=_LAW[law][language == "en"]))
    return " ".join(sentences)


def _wrapped(text: str, indent: str = "") -> list[str]:
    """Lines of the letter's width; a field to merge is kept in one piece."""
    whole = _FIELD.sub(lambda field: field[0].replace(" ", NO_BREAK), text)
    lines = wrap(whole, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return [_FIELD.sub(lambda field: field[0].replace(NO_BREAK, " "), line) for line in lines]


_FIELD = re.compile("«[^»]*»")


@dataclass(frozen=True, slots=True)
class _Say:
    language: Language

    def __call__(self, name: str, **values: object) -> str:
        return _TEXT[name][self.language == "en"].format(**values)
