"""What commands tell on the terminal: plan, run summary, connectors, live progress. Lines out; only the CLI prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from screening.connectors import bind
from screening.report.texts import KIND, REASON, SEVERITY, Language, word
from screening.stages.plan import Plan, SourcePlan
from screening.store import AuditEntry, Purged, Sample
from screening.workspace import Workspace

if TYPE_CHECKING:  # a plan and a run need none of it
    from screening.report.evidence import Verified
    from screening.report.evidence.raw import RawAnswer

PLAN_ROW = "{:<22}{:>8}{:>8}{:>12}{:>22}{:>10}{:>9}"
PLAN_COLUMNS = (
    ("källa", "behövs", "färska", "anrop", "kostnad", "brev", "tid"),
    ("source", "needed", "fresh", "calls", "cost", "letters", "time"),
)
STAGE_WORDS = {"intake": "läser exporter", "judge": "bedömer", "report": "skriver rapporter"}


def kronor(amount: Decimal | float) -> str:
    """``12 500 kr`` with ordinary spaces, whole kronor."""
    return f"{amount:,.0f} kr".replace(",", " ")


def plan_lines(plan: Plan, language: Language) -> list[str]:
    """The plan as a table of lines."""
    sv = language == "sv"
    swedish, english = PLAN_COLUMNS
    lines = [
        f"{plan.suppliers} leverantörer, varav {plan.unidentified} utan användbart nummer."
        if sv
        else f"{plan.suppliers} suppliers, {plan.unidentified} of them without a usable number.",
        "",
        PLAN_ROW.format(*(swedish if sv else english)),
    ]
    lines += [_plan_row(part) for part in plan.sources]
    total = f"{kronor(plan.sek_at_least)} – {kronor(plan.sek_at_most)}"
    lines += ["", f"Minst – högst: {total}" if sv else f"At least – at most: {total}"]
    if plan.budget_sek is not None:
        left = max(Decimal(0), plan.budget_sek - plan.spent_sek)
        lines.append(
            f"Budget: {kronor(plan.budget_sek)}, kvar i perioden {kronor(left)}."
            + (" Det räcker inte till allt: högst avtalsvärde går först." if plan.sek_at_most > left else "")
            if sv
            else f"Budget: {kronor(plan.budget_sek)}, left in the period {kronor(left)}."
            + (" Not enough for all: the highest contract value goes first." if plan.sek_at_most > left else "")
        )
    if any(part.letters > part.letters_at_least for part in plan.sources):
        bound = "" if plan.budget_letters is None else f" [budget] max_letters = {plan.budget_letters}."
        lines.append(
            f"Brev: den vars bolagsform registret ännu inte har lämnat räknas som handelsbolag.{bound}"
            if sv
            else f"Letters: whose legal form the register has not told yet counts as a partnership.{bound}"
        )
    for part in plan.sources:
        for reason, count in sorted(part.cannot.items()):
            why = word(REASON, reason, language)
            lines.append(
                f"{part.source}: {count} leverantörer kan inte frågas. {why}"
                if sv
                else f"{part.source}: {count} suppliers cannot be asked. {why}"
            )
    for kind, count in sorted(plan.without_source.items()):
        what = word(KIND, kind, language)
        lines.append(
            f"{what}: ingen källa inställd ({count} leverantörer); kommer från akten eller blir ej bedömbar."
            if sv
            else f"{what}: no source configured ({count} suppliers); comes from the case file or stays unknown."
        )
    lines.append("Inget har frågats." if sv else "Nothing was asked.")
    return lines


def _plan_row(part: SourcePlan) -> str:
    calls = _range(part.calls_at_least, part.calls_at_most)
    letters = _range(part.letters_at_least, part.letters)
    cost = "–" if not part.price_sek else f"{kronor(part.sek_at_least)} – {kronor(part.sek_at_most)}"
    minutes = f"{part.seconds / 60:.0f} min" if part.seconds >= 60 else f"{part.seconds:.0f} s"
    return PLAN_ROW.format(part.source, part.suppliers, part.fresh, calls, cost, letters, minutes)


def _range(least: int, most: int) -> str:
    return str(most) if least == most else f"{least} – {most}"


def plan_json(plan: Plan) -> dict[str, object]:
    """The plan as a document."""
    return {
        "suppliers": plan.suppliers,
        "unidentified": plan.unidentified,
        "sek_at_least": float(plan.sek_at_least),
        "sek_at_most": float(plan.sek_at_most),
        "budget_sek": None if plan.budget_sek is None else float(plan.budget_sek),
        "budget_letters": plan.budget_letters,
        "without_source": dict(plan.without_source),
        "sources": {
            part.source: {
                "wave": part.wave,
                "suppliers": part.suppliers,
                "fresh": part.fresh,
                "calls_at_least": part.calls_at_least,
                "calls_at_most": part.calls_at_most,
                "price_sek": float(part.price_sek),
                "sek_at_least": float(part.sek_at_least),
                "sek_at_most": float(part.sek_at_most),
                "letters_at_least": part.letters_at_least,
                "letters": part.letters,
                "seconds": round(part.seconds, 1),
                "cannot": dict(part.cannot),
            }
            for part in plan.sources
        },
    }


def run_lines(
    manifest: Mapping[str, Any], written: Sequence[Path], notes: Sequence[str], language: Language
) -> list[str]:
    """A run's summary: how many were fully checked first, then findings, then what fell short."""
    sv = language == "sv"
    suppliers, findings = manifest["suppliers"], manifest["findings"]
    counts = ", ".join(f"{word(SEVERITY, level, language)} {count}" for level, count in findings.items())
    cost = sum(item["cost_sek"] for item in manifest["connectors"].values())
    calls = sum(item["calls"] for item in manifest["connectors"].values())
    lines = [
        *notes,
        f"{manifest['period']}: {suppliers['fully_checked']} av {suppliers['in_scope']} leverantörer fullständigt kontrollerade"
        f" ({suppliers['unidentified']} utan användbart nummer)."
        if sv
        else f"{manifest['period']}: {suppliers['fully_checked']} of {suppliers['in_scope']} suppliers fully checked"
        f" ({suppliers['unidentified']} without a usable number).",
        f"Flaggor som står: {counts}." if sv else f"Standing flags: {counts}.",
        f"Frågor till källor: {calls}, köpta för {kronor(cost)}."
        if sv
        else f"Calls to sources: {calls}, bought for {kronor(cost)}.",
    ]
    if manifest["incomplete"]:
        lines.append("Allt hämtades inte som planerat:" if sv else "Not everything was had as planned:")
        lines += [f"  - {line}" for line in manifest["incomplete"]]
    if manifest["state"] == "waiting":
        lines.append(
            "Svar väntas; kör samma period igen när de har kommit." if sv else "Answers are awaited; run again."
        )
    lines += [f"Rapport: {path}" if sv else f"Report: {path}" for path in written if path.name.startswith("avvikelse")]
    return lines


def connector_lines(workspace: Workspace, secret_is_set: Callable[[str], bool]) -> list[str]:
    """Every connector: where, how fresh, at what price, when it last answered, which secrets are set (names only)."""
    lines = []
    for name, item in workspace.sources.items():
        table = item.table
        last = workspace.store.last_success(name)
        used = "" if item in workspace.in_use else " (används inte)"
        where = table.inbox or "mapp" if item.local else table.address
        lines.append(f"{name}: {where}{used}")
        lines.append(f"    ger {', '.join(word(KIND, kind, 'sv') for kind in sorted(item.adapter.gives))}")
        price = kronor(table.price_sek) + " per anrop" if table.price_sek else "kostnadsfri"
        fresh = f"färsk i {table.fresh_days} dagar" if table.fresh_days >= 0 else "läses om varje gång"
        lines.append(f"    {fresh}, {price}, senast svar {last.date() if last else 'aldrig'}")
        if item.adapter.secrets and not item.stubbed:
            lines += [
                f"    {variable}: {'satt' if secret_is_set(variable) else 'SAKNAS'}"
                for variable in (table.secrets.get(key, key) for key in item.adapter.secrets)
            ]
    for name, export in workspace.exports.items():
        lines.append(f"{name}: export ({export.kind})")
    return lines


def live_progress() -> Callable[[str, int, int], None]:
    """One moving line on a terminal."""
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.status import Status  # noqa: PLC0415 - only on a terminal

    status = Status("…", console=Console(stderr=True))
    status.start()

    def tell(what: str, done: int, total: int) -> None:
        status.update(f"{STAGE_WORDS.get(what, what)} {done}/{total}" if total else STAGE_WORDS.get(what, what))

    return tell


def served_addresses(base: str, adapters: Iterable[str]) -> list[str]:
    """What to write in a connector's file to reach the embedded provider over a socket, one line per adapter."""
    lines = []
    for name in adapters:
        adapter = bind(name)
        line = f'{name:<22} address = "{base}{adapter.stub_path}"'
        if adapter.stub_token_path:
            line += f'  token_address = "{base}{adapter.stub_token_path}"'
        lines.append(line)
    return [*lines, "Skriv också simulated = true i filen, och sätt dess miljövariabler till vad som helst."]


def bundle_lines(folder: Path, sealed: Verified, raw: Iterable[RawAnswer], language: Language) -> list[str]:
    """What a bundle of evidence holds and what it leaves out, and the seal to keep."""
    english = language == "en"
    lines = [
        f"Evidence for {sealed.subject}: {folder} ({sealed.files} files)."
        if english
        else f"Bevis för {sealed.subject}: {folder} ({sealed.files} filer).",
        f"Seal: {sealed.seal}" if english else f"Sigill: {sealed.seal}",
    ]
    counts: Counter[str] = Counter(item.state for item in raw)
    return lines + [f"  {told[english]}: {counts[state]}" for state, told in RAW_STATES.items() if counts[state]]


def audit_lines(entries: Sequence[AuditEntry], broken: int | None, missing: Iterable[str], *, cut: bool) -> list[str]:
    """Whether the audit log stands, in plain words, and the hash to keep elsewhere."""
    lines = [f"Revisionsloggen har {len(entries)} rader."]
    if broken is not None:
        lines.append(f"Rad {broken} är ändrad, eller en rad före den är borttagen.")
    if cut:
        lines.append("Rader är borttagna i slutet: den sista är inte den som noterades när den skrevs.")
    lines += [f"Ingen rad har hashen {item}: den som hade den är borttagen eller ändrad." for item in missing]
    if len(lines) == 1:
        lines.append("Ingen rad är ändrad, borttagen eller avskuren.")
    if entries:
        lines.append(
            f"Sista raden: {entries[-1].at[:19].replace('T', ' ')} {entries[-1].action}, hash {entries[-1].sha256}"
        )
        lines.append("Spara hashen utanför lagret; `screening audit verify HASH` visar då att raden finns kvar.")
    return lines


RAW_STATES = {
    "as_stored": ("råsvar som de togs emot", "raw answers as received"),
    "masked": (
        "råsvar med personnummer maskerade (--raw ger dem som de togs emot)",
        "raw answers with personal numbers masked (--raw gives them as received)",
    ),
    "withheld": (
        "råsvar utelämnade: kan hålla personnummer och kan inte maskeras (--raw ger dem)",
        "raw answers left out: may hold personal numbers that cannot be masked (--raw gives them)",
    ),
    "purged": ("råsvar gallrade; hasharna finns kvar", "raw answers purged; their hashes stay"),
    "not_stored": ("filer ur er egen verksamhet, kända genom sin hash", "files of your own, known by their hashes"),
}


def verified_lines(folder: Path, found: Verified) -> list[str]:
    """What a check of a bundle found, in plain words."""
    if found.problems:
        head = f"{folder}: bevismappen är INTE som den skrevs (avvikelser: {len(found.problems)}):"
        return [head, *(f"  - {problem}" for problem in found.problems)]
    return [
        f"{folder}: inget är ändrat, tillagt eller borttaget ({found.files} filer om {found.subject}).",
        f"Sigill: {found.seal}",
        f"Manifestets SHA-256: {found.manifest_sha256}",
        "Jämför sigillet med det på den undertecknade tjänsteanteckningen, och manifestets hash med revisionsloggen.",
    ]


def sample_lines(sample: Sample, written: Sequence[Path], language: Language) -> list[str]:
    """How many were drawn of how many, by which seed, and where the protocol is."""
    method, english = sample.method, language == "en"
    first = (
        f"{sample.id}: {method['drawn']} of {method['population']} drawn, seed {method['seed']}."
        if english
        else f"{sample.id}: {method['drawn']} av {method['population']} dragna, frö {method['seed']}."
    )
    digest = f"SHA-256 {'of the population' if english else 'av populationen'}: {method['population_sha256']}"
    return [first, digest, *(f"{'Written' if english else 'Skriven'}: {path}" for path in written)]


def decision_lines(workspace: Workspace) -> list[str]:
    """Every decision with its state, and the numbers that people have accepted."""
    from screening.decisions.listing import WORDS, listed  # noqa: PLC0415 - one command needs it

    language = workspace.config.report.language
    english = language == "en"
    lines = []
    for item in listed(workspace.store):
        decision = item.decision
        until = f" {'until' if english else 't.o.m.'} {decision.until}" if decision.until else ""
        what = f"{decision.finding_id}  {decision.assessment}{until}: {WORDS[item.state][english]}"
        lines.append("  ".join(filter(None, (what, item.supplier, decision.by, decision.diary))))
    accepted = workspace.store.accepted().listed()
    lines += [f"{name}: {identity}" for name, identity in accepted]
    nothing = "No decisions and no accepted numbers." if english else "Inga beslut och inga godtagna nummer."
    return lines or [nothing]


PURGE_WORDS = {
    "raw answers older than raw_days, behind no standing or decided finding": (
        "råsvar äldre än raw_days som ingen stående eller beslutad flagga vilar på"
    ),
    "parts of answers never made whole, older than raw_days": (
        "delar av betalda svar som aldrig blev hela, äldre än raw_days"
    ),
    "persons without a flag, older than unflagged_persons_days": (
        "uppgifter om personer utan flagga, äldre än unflagged_persons_days"
    ),
    "findings older than findings_days, closed or never flagged": (
        "flaggor äldre än findings_days, avslutade eller aldrig resta"
    ),
    "verdicts older than findings_days": "bedömningar äldre än findings_days",
    "rows of sheets older than findings_days": "rader i rapportblad äldre än findings_days",
    "sheets older than findings_days": "rapportblad äldre än findings_days",
    "rejected rows older than findings_days": "avvisade rader äldre än findings_days",
    "rows of files older than findings_days": "radhänvisningar äldre än findings_days",
    "decisions older than findings_days, on findings that are gone": "beslut äldre än findings_days om flaggor som är gallrade",
    "follow-ups older than findings_days": "uppföljningar äldre än findings_days",
    "facts not met for findings_days": "uppgifter som ingen källa har lämnat på findings_days",
}


def purge_lines(removed: Iterable[Purged], verb: str) -> list[str]:
    """What a purge takes, one line per table and reason."""
    return [f"{verb}: {item.rows} rader i {item.table} ({PURGE_WORDS.get(item.what, item.what)})" for item in removed]
