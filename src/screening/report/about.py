"""Rows about the run itself: Indatafel, Stickprov, Regler, Körning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from hashlib import sha256

from screening.identity import mask_text, read
from screening.names import normalise
from screening.report import decided, texts
from screening.report import sample as samples
from screening.report.desk import Case, Desk
from screening.report.layout import INPUT_ERRORS
from screening.report.ruletexts import WRONG_NAME
from screening.report.tally import Tally
from screening.report.working import Row, iso, sealed
from screening.rules import NEVER_DECIDES, formula
from screening.rules import texts as rule_texts
from screening.store.rows import Reject


# --- Indatafel --------------------------------------------------------------------------------------------------------
def input_errors(desk: Desk, doubtful: list[Case]) -> Iterator[Row]:
    """Files refused whole, rows refused, and suppliers whose number is missing, wrong or of somebody else."""
    for item in desk.store.inputs(desk.run.id):
        if item.error:
            yield _error(desk, item.name, desk.say("Filen lästes inte: ", "The file was not read: ") + item.error)
        elif item.doubtful:
            why = desk.say(
                "Filen är mycket mindre än förra månadens; kontrollera att uttaget är helt.",
                "The file is much smaller than last month's; check that the export is whole.",
            )
            yield _error(desk, item.name, why)
    told = set()
    for rows in _alike(desk.store.rejects(desk.run.id)):
        told |= {(row.file, row.sheet, row.row) for row in rows}
        row = rows[0]
        yield _error(
            desk,
            row.file,
            row.reason + _elsewhere(desk, rows[1:]),
            sheet=row.sheet,
            row=row.row,
            name=mask_text(row.name),
            written=row.written,
            proposed="\n".join(_proposal(*proposal) for proposal in row.proposals),
        )
    for case in doubtful:
        yield from _doubtful(desk, case, told)


def _alike(rejects: Iterable[Reject]) -> Iterable[list[Reject]]:
    """Rows with the same fault in the same number for the same name, told once: one decision settles them all."""
    groups: dict[tuple[object, ...], list[Reject]] = {}
    for row in rejects:
        digits = "".join(char for char in row.written if char.isdigit() or char == "*")
        of_number = row.code.startswith("identity.") and row.name
        key = (row.code, normalise(row.name), digits) if of_number else (row.file, row.sheet, row.row)
        groups.setdefault(key, []).append(row)
    return groups.values()


def _elsewhere(desk: Desk, rows: Sequence[Reject]) -> str:
    """Where else the fault stands: file and first row."""
    if not rows:
        return ""
    word = desk.say("rad", "row")
    places = ", ".join(dict.fromkeys(f"{_file_name(row.file)} {word} {row.row}" for row in rows))
    return desk.say(f" Står också i {places}.", f" Also in {places}.")


def _file_name(path: str) -> str:
    """The file without its folders, which stand in *Körning*."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _doubtful(desk: Desk, case: Case, told: set[tuple[str, str, int]]) -> Iterator[Row]:
    """A supplier whose number has to be confirmed: the first row that made it stands for the others."""
    origins = list(desk.store.origins(desk.run.id, case.supplier.id))
    unheard = [item for item in origins if (item.file, item.sheet, item.row) not in told]
    if origins and (not unheard or (case.supplier.kind == "unidentified" and len(unheard) < len(origins))):
        return
    mismatch = [flag for flag in case.flags if flag.rule == WRONG_NAME]
    if case.supplier.kind == "unidentified":
        why = desk.say(
            "Organisationsnummer saknas eller går inte att läsa.", "The organisation number is missing or unreadable."
        )
    else:
        why = desk.words.observed(mismatch[0])
    if more := len(unheard) - 1 if unheard else 0:
        rows = desk.say("rad till" if more == 1 else "rader till", "more row" if more == 1 else "more rows")
        why += desk.say(f" Gäller {more} {rows}.", f" Concerns {more} {rows}.")
    proposed = [_proposal(*item) for item in desk.store.proposals(desk.run.id).get(case.supplier.id, ())]
    yield _error(
        desk,
        unheard[0].file if unheard else "",
        why,
        sheet=unheard[0].sheet if unheard else "",
        row=unheard[0].row if unheard else None,
        name=case.name,
        written=case.number,
        own=case.own_numbers,
        proposed="\n".join(proposed),
    )


def _proposal(number: str, name: str, likeness: float) -> str:
    """A proposed number with its dash (masked when it is a person's), and the register's name with its likeness."""
    identity = read(number).identity
    shown = identity.display if identity is not None else mask_text(number)
    return f"{shown}  {mask_text(name)} ({100 * likeness:.0f}\u00a0%)" if name else shown


def _error(
    desk: Desk,
    file: str,
    why: str,
    *,
    sheet: str = "",
    row: int | None = None,
    name: str = "",
    written: str = "",
    own: str = "",
    proposed: str = "",
) -> Row:
    return sealed(
        desk,
        INPUT_ERRORS,
        [_file_name(file), sheet, row, name, written, own, why, proposed, None, None, None, None],
        "rad",
    )


# --- Stickprov --------------------------------------------------------------------------------------------------------
def sample(desk: Desk, tally: Tally) -> Iterator[Row]:
    """Those drawn, with what reviewers found; see ``report.sample``."""
    yield from samples.sheet(desk, tally.states["clear"])


# --- Regler -----------------------------------------------------------------------------------------------------------
def rules(desk: Desk) -> Iterator[Row]:
    """Every rule that some profile expects, with what it flags, by which limits and law, and how it came out."""
    coverage = desk.store.coverage(desk.run.id)
    wanted = {name for profile in desk.config.profile for name in profile.rules}
    for name, rule in sorted(desk.words.rules.items()):
        if name not in wanted:
            continue
        table = rule.table
        yield [
            name,
            table.title.of(desk.language),
            texts.word(texts.SEVERITY, table.severity, desk.language),
            rule_texts.condition(rule, desk.run.as_of, desk.language),
            desk.words.limits(rule, desk.config.profile),
            "; ".join(table.basis) or (table.no_basis.of(desk.language) if table.no_basis else ""),
            texts.word(texts.FORCE, table.force, desk.language),
            table.action.of(desk.language),
            table.caution.of(desk.language),
            outcomes(desk, coverage.get(name, {})),
            iso(table.checked),
        ]


def outcomes(desk: Desk, counts: Mapping[str, int]) -> str:
    """``3 flaggade · 80 utan anmärkning · 2 ej bedömbara``."""
    order = ("flag", "clear", "unknown", "not_applicable")
    return " · ".join(
        f"{counts[name]} {texts.word(texts.OUTCOME, name, desk.language)}" for name in order if counts.get(name)
    )


# --- Körning ----------------------------------------------------------------------------------------------------------
FILES = {
    "rule": ("Regelfil", "Rule file"),
    "connector": ("Anslutningsfil", "Connector file"),
    "config": ("Inställningar", "Settings"),
}


def run(desk: Desk, tally: Tally) -> Iterator[Row]:
    """What the run used, asked and cost, so that it can be repeated and defended."""
    yield from _itself(desk, tally)
    yield from _inputs(desk)
    yield from _sources(desk)
    yield from decided.rows(desk)
    for name, verdicts in sorted(desk.store.coverage(desk.run.id).items()):
        yield [desk.say("Täckning", "Coverage"), f"{name} {desk.words.title(name)}", outcomes(desk, verdicts), ""]
    for (kind, name), text in sorted(desk.store.texts(desk.run.id).items()):
        yield [texts.word(FILES, kind, desk.language), name, "", f"SHA-256 {sha256(text.encode()).hexdigest()}"]


def _itself(desk: Desk, tally: Tally) -> Iterator[Row]:
    say, own = desk.say, desk.run
    head = say("Körning", "Run")
    if tally.simulated:
        made_up = say(
            "Svaren är påhittade och gäller inga verkliga företag.",
            "The answers are made up and concern no real company.",
        )
        yield [say("SIMULERADE KÄLLOR", "SIMULATED SOURCES"), tally.simulated, made_up, ""]
    yield [head, say("Körnings-ID", "Run id"), own.id, ""]
    yield [head, say("Organisation", "Organisation"), desk.config.organisation.name, desk.config.organisation.orgnr]
    yield [head, "Period", own.period, say(f"läget per {own.as_of}", f"as of {own.as_of}")]
    yield [head, say("Programversion", "Program version"), own.version, ""]
    scope = say(
        f"{tally.checked} fullständigt kontrollerade, {tally.unidentified} utan användbart nummer, "
        f"{tally.outside} utanför alla profiler, {tally.persons_not_listed} enskilda näringsidkare utan iakttagelse (listas inte)",
        f"{tally.checked} fully checked, {tally.unidentified} without a usable number, "
        f"{tally.outside} outside every profile, {tally.persons_not_listed} sole traders with nothing found (not listed)",
    )
    yield [say("Omfattning", "Scope"), say("Leverantörer", "Suppliers"), str(tally.in_scope), scope]
    order = formula(desk.config.assessment, desk.language)
    yield [say("Ordning", "Order"), say("Läs i ordning", "Read in order"), NEVER_DECIDES.of(desk.language), order]


MAPPED = " → "
"""Between a column of the file and the field that it was read as, in a note of the intake."""


def _inputs(desk: Desk) -> Iterator[Row]:
    for item in desk.store.inputs(desk.run.id):
        rows = desk.say("rad" if item.rows == 1 else "rader", "row" if item.rows == 1 else "rows")
        counts = desk.say(
            f"{item.rows} {rows}: {item.accepted} godtagna, {item.merged} sammanslagna, {item.rejected} avvisade",
            f"{item.rows} {rows}: {item.accepted} accepted, {item.merged} merged, {item.rejected} rejected",
        )
        read_as = [f"{desk.source(item.connector)} ({item.connector})"] if item.connector else []
        notes = "\n".join((*read_as, *_notes(desk, item.notes), f"SHA-256 {item.sha256}"))
        yield [desk.say("Indata", "Input"), item.name, item.error or counts, notes]


def _notes(desk: Desk, notes: Sequence[str]) -> list[str]:
    """What was noted when a file was read, one a line, with the columns that were mapped on one."""
    notes = tuple(dict.fromkeys(notes))  # two sheets of a file say much the same
    mapped = [note.partition(" ")[2] for note in notes if MAPPED in note]
    columns = [f"{desk.say('Kolumner', 'Columns')}: {', '.join(mapped)}"] if mapped else []
    return [note for note in notes if MAPPED not in note] + columns


def _sources(desk: Desk) -> Iterator[Row]:
    say = desk.say
    for name, counts in sorted(desk.store.calls(desk.run.id).items()):
        cost = texts.kronor(Decimal(counts.cost_ore) / 100) if counts.cost_ore else say("utan kostnad", "free")
        connector = desk.sources.get(name)
        made_up = say("; simulerad", "; simulated") if connector is not None and connector.simulated else ""
        asked = say(
            f"{counts.asked} frågade, {counts.answered} svar, {counts.failed} utan svar; {counts.from_store} hade färska svar sedan tidigare",
            f"{counts.asked} asked, {counts.answered} answered, {counts.failed} without answer; {counts.from_store} had fresh answers from before",
        )
        calls = say(
            f"{counts.calls} anrop, {cost}{f', {counts.in_doubt} köp utan säkert svar' if counts.in_doubt else ''}{made_up}",
            f"{counts.calls} calls, {cost}{f', {counts.in_doubt} in doubt' if counts.in_doubt else ''}{made_up}",
        )
        yield [say("Källor", "Sources"), desk.source(name), asked, calls]
