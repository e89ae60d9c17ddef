"""The drawing protocol: everything by which an auditor can draw the same sample again, as text, page and workbook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from html import escape
from pathlib import Path
from typing import Any

from screening.config import Config
from screening.report import sample as samples
from screening.report import texts
from screening.report.files import Target
from screening.report.layout import SAMPLE, SUMMARY_COLUMNS, Column, Layout
from screening.report.place import beside, to_disk
from screening.report.texts import Language
from screening.report.workbook import Book, Page
from screening.sampling import rank
from screening.store import Member, Run, Sample, Store

Row = list[object]
Line = tuple[str, str]

PROTOCOL = Layout("Protokoll", (Column("Post", width=34), Column("Uppgift", width=110)), frozen=0)
POPULATION = Layout(
    "Population",
    (
        Column("Id", width=18),
        Column("Stratum", width=34),
        Column("Rang (SHA-256)", width=68),
        Column("Dragen", "count", 10),
    ),
)
_STYLE = (
    "body{font:11pt/1.4 Arial,sans-serif;margin:2.5cm;color:#1f2937}h1{font-size:16pt}h2{font-size:12pt}"
    "table{border-collapse:collapse}td,th{border:1px solid #b8c0cc;padding:2px 6px;text-align:left;vertical-align:top}"
    "td.h{font:8pt monospace}.sign{border-top:1px solid #000;width:9cm;margin-top:2cm}@media print{body{margin:0}}"
)


def write(store: Store, sample: Sample, config: Config, folder: Path) -> tuple[list[Path], list[str]]:
    """The protocol as ``stickprov-<id>.txt``, ``.html`` and ``.xlsx``; the workbook is where reviewers fill in.

    Returns:
        The files written, and a sentence for a workbook that holds work and was not replaced.

    Raises:
        StoreError: the folder cannot be written.
    """
    run, language = store.run(sample.run_id), config.report.language
    members = store.sample_members(sample.id)
    told = list(lines(sample, config))
    name = f"stickprov-{sample.id}"
    text, page = folder / run.period / f"{name}.txt", folder / run.period / f"{name}.html"
    for path, content in (
        (text, "\n".join(_text(told, sample, members, language))),
        (page, "".join(_html(told, sample, members, language))),
    ):
        with beside(path) as made:
            made.write_text(f"{content}\n", encoding="utf-8", newline="\n")
            to_disk(made)
            made.replace(path)
    target = Target(store, run, folder / run.period, language)
    target.workbook(f"{name}.xlsx", _book(store, sample, run, config, told, members))
    return [*target.paths, text, page], target.kept


def lines(sample: Sample, config: Config) -> Iterator[Line]:
    """What stands in the protocol, as (heading, text)."""
    method, english = sample.method, config.report.language == "en"

    def say(swedish: str, in_english: str) -> str:
        return in_english if english else swedish

    yield say("Stickprov", "Sample"), sample.id
    yield say("Organisation", "Organisation"), f"{config.organisation.name} ({config.organisation.orgnr})"
    yield say("Körning", "Run"), f"{sample.run_id}, {say('läget per', 'as of')} {method['as_of']}"
    yield say("Draget av och när", "Drawn by and when"), f"{sample.by}, {sample.at:%Y-%m-%d %H:%M} UTC"
    yield say("Population", "Population"), _who(method, english=english)
    yield say("Populationens SHA-256", "SHA-256 of the population"), str(method["population_sha256"])
    yield say("Frö", "Seed"), str(method["seed"])
    yield say("Storlek", "Size"), _size(method, english=english)
    yield say("Urval", "Selection"), _selection(method, english=english)
    for name, (count, drawn) in _strata(method).items():
        if method["stratified"]:
            yield say("Stratum", "Stratum"), say(f"{name}: {drawn} av {count}", f"{name}: {drawn} of {count}")
    for step in ALGORITHM:
        yield say("Så dras det", "How it is drawn"), step[english]


ALGORITHM = (
    (
        (
            "1. Sortera populationen efter id (teckenvis, UTF-8). Skriv en rad per leverantör: id, tabb, stratum, radmatning "
            "(LF). SHA-256 av raderna ska vara populationens SHA-256."
        ),
        (
            "1. Sort the population by id (byte by byte, UTF-8). Write a line each: id, tab, stratum, line feed (LF). "
            "SHA-256 of the lines must be that of the population."
        ),
    ),
    (
        (
            "2. Räkna för varje leverantör ut rangen: SHA-256, hexadecimalt med små bokstäver, av fröet, ett kolon och "
            "leverantörens id, kodat som UTF-8. Exempel: printf '%s' 'FRÖ:ID' | sha256sum"
        ),
        (
            "2. Work out the rank of each: SHA-256, in lower-case hexadecimal, of the seed, a colon and the id, as UTF-8. "
            "For example: printf '%s' 'SEED:ID' | sha256sum"
        ),
    ),
    (
        (
            "3. Sortera varje stratum efter rang, lägst först, och ta så många som anges ovan. Utan strata är hela "
            "populationen ett stratum med tomt namn."
        ),
        (
            "3. Sort each stratum by rank, lowest first, and take as many as stated above. Without strata the whole "
            "population is one stratum with an empty name."
        ),
    ),
    (
        "4. De dragna numreras stratum för stratum (i teckenordning) och inom stratum efter rang.",
        "4. Those drawn are numbered stratum by stratum (in order of characters), and by rank within it.",
    ),
)


def _strata(method: Mapping[str, object]) -> Mapping[str, tuple[int, int]]:
    found: Any = method["strata"]
    return {name: (int(counts[0]), int(counts[1])) for name, counts in found.items()}


def _who(method: Mapping[str, object], *, english: bool) -> str:
    count, unchecked = method["population"], method["not_fully_checked"]
    if english:
        who = "every supplier in scope" if method["everyone"] else "suppliers in scope without a standing flag"
        return f"{count}: {who}; {unchecked} of them not fully checked"
    who = (
        "alla leverantörer i omfattningen" if method["everyone"] else "leverantörer i omfattningen utan stående flagga"
    )
    return f"{count}: {who}; {unchecked} av dem inte fullständigt kontrollerade"


def _size(method: Mapping[str, object], *, english: bool) -> str:
    sure, share = (_per_cent(method[name]) for name in ("confidence", "deviation"))
    if method["given_size"] is not None:
        drawn = method["drawn"]
        return f"{drawn} (the size was given)" if english else f"{drawn} (storleken är angiven)"
    if english:
        why = (
            f"the fewest by which at least one deviation is met with {sure} if {share} or more deviate: "
            f"hypergeometric, without replacement, C(N-D, n)/C(N, n) <= 1 - {method['confidence']}, D rounded up"
        )
        return f"{method['drawn']} ({method['wanted']}: {why}; {method['endless']} in an endless population)"
    why = (
        f"det minsta antal med vilket minst en avvikelse träffas med {sure} sannolikhet om {share} eller mer avviker: "
        f"hypergeometriskt, utan återläggning, C(N-D, n)/C(N, n) <= 1 - {method['confidence']}, D avrundat uppåt"
    )
    return f"{method['drawn']} ({method['wanted']}: {why}; {method['endless']} ur en oändlig population)"


def _per_cent(value: object) -> str:
    return f"{float(str(value)) * 100:g}\u00a0%".replace(".", ",")


def _selection(method: Mapping[str, object], *, english: bool) -> str:
    if not method["stratified"]:
        return "simple random" if english else "enkelt slumpmässigt"
    if english:
        return (
            "stratified by service and by what was bought in twelve months; in proportion, left-over places to the largest "
            "remainders (then by name), at least one of each stratum"
        )
    return (
        "stratifierat efter tjänst och köpt belopp på tolv månader; proportionellt, överblivna platser till de största "
        "resterna (sedan efter namn), minst en ur varje stratum"
    )


# --- text and page ----------------------------------------------------------------------------------------------------
def _title(language: Language) -> str:
    return "Drawing protocol" if language == "en" else "Dragningsprotokoll"


def _text(told: Sequence[Line], sample: Sample, members: Sequence[Member], language: Language) -> Iterator[str]:
    yield _title(language)
    yield ""
    yield from (f"{head}: {text}" for head, text in told)
    yield ""
    yield "Dragna:" if language == "sv" else "Drawn:"
    drawn = sorted((item for item in members if item.drawn is not None), key=lambda item: item.drawn or 0)
    seed = str(sample.method["seed"])
    yield from (f"{item.drawn}\t{item.public_id}\t{item.stratum}\t{rank(seed, item.public_id)}" for item in drawn)
    yield ""
    yield "Population (id, stratum):"
    yield from (f"{item.public_id}\t{item.stratum}" for item in members)


def _html(told: Sequence[Line], sample: Sample, members: Sequence[Member], language: Language) -> Iterator[str]:
    english = language == "en"
    title = f"{_title(language)} {sample.id}"
    yield f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
    yield f"<style>{_STYLE}</style></head><body><h1>{escape(title)}</h1><table>"
    yield from (f"<tr><th>{escape(head)}</th><td>{escape(text)}</td></tr>" for head, text in told)
    yield f"</table><h2>{'Population and ranks' if english else 'Population och rang'}</h2><table>"
    heads = ("Id", "Stratum", "Rank (SHA-256)", "Drawn") if english else ("Id", "Stratum", "Rang (SHA-256)", "Dragen")
    yield f"<tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>"
    seed = str(sample.method["seed"])
    for item in members:
        cells = f"<td>{escape(item.public_id)}</td><td>{escape(item.stratum)}</td>"
        yield f'<tr>{cells}<td class="h">{rank(seed, item.public_id)}</td><td>{item.drawn or ""}</td></tr>'
    sign = "Drawn by, name and date" if english else "Draget av, namn och datum"
    yield f'</table><p class="sign">{sign}</p></body></html>'


# --- workbook ---------------------------------------------------------------------------------------------------------
def _book(
    store: Store, sample: Sample, run: Run, config: Config, told: Sequence[Line], members: Sequence[Member]
) -> Book:
    """The rows to fill in, the protocol, and the population with every rank."""
    language = config.report.language
    seed = str(sample.method["seed"])
    title = f"{_title(language)} {sample.id}"
    month = texts.month(run.period, language)
    empty = [None] * (len(SUMMARY_COLUMNS) - 4)
    summary: list[Row] = [["", "title", title, f"{config.organisation.name}, {month}", *empty]]
    summary += [["", "text", f"{head}: {text}", None, *empty] for head, text in told]
    drawn = list(samples.rows(store, sample, sample.run_id, language))
    population: list[Row] = [[item.public_id, item.stratum, rank(seed, item.public_id), item.drawn] for item in members]
    pages = [
        Page(SAMPLE, SAMPLE.names, drawn),
        Page(PROTOCOL, PROTOCOL.names, [list(line) for line in told]),
        Page(POPULATION, POPULATION.names, population),
    ]
    created = datetime.combine(run.as_of, time(12), sample.at.tzinfo)
    return Book(title, config.organisation.name, sample.run_id, created, language, False, summary, pages)  # noqa: FBT003
