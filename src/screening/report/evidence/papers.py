"""The files of a bundle: JSON for whoever checks, a page for the file, and the rules, sources and answers as they were."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from screening.identity import mask_text
from screening.model import Contract, Fact, Finding, Judged, to_payload
from screening.report.evidence import note
from screening.report.evidence.gather import Evidence
from screening.report.evidence.raw import RawAnswer, given
from screening.report.jsonl import masked, plain, record
from screening.report.place import safe_name
from screening.report.ruletexts import RuleTexts, because
from screening.report.texts import KIND, word
from screening.rules import own_limits
from screening.rules import texts as rules_texts
from screening.store import Store

NOTE = "tjansteanteckning.html"


@dataclass(frozen=True, slots=True)
class Papers:
    """What a bundle holds, before it is sealed.

    Attributes:
        files: path in the bundle -> (its bytes, what it is).
        raw: the raw answers, also those that are not given.
        note: makes the page for the file when the bundle's seal is known.
    """

    files: Mapping[str, tuple[bytes, str]]
    raw: tuple[RawAnswer, ...]
    note: Callable[[str], bytes]


def papers(store: Store, evidence: Evidence, *, case: str = "", in_clear: bool = False) -> Papers:
    """The files of the bundle; the same store gives the same bytes.

    Args:
        store: holds the raw answers.
        evidence: what was gathered.
        case: the diary number of the case, if the caller names one.
        in_clear: give raw answers as stored also where they hold personal numbers.
    """
    answers = _answers(store, evidence, in_clear=in_clear)
    words = evidence.words
    say = _sayer(words)
    files: dict[str, tuple[bytes, str]] = {
        "findings.json": (_json([_finding(evidence, words, item) for item in evidence.findings]), say(
            "flaggorna: vad som sågs, gränser, lagrum per avtal, status i varje körning",
            "the flags: what was seen, limits, law per contract, status in every run",
        )),
        "facts.json": (_json([_fact(evidence, item, ids, answers) for item, ids in evidence.facts]), say(
            "uppgifterna bakom: fält, källa, källans datum, hämtningstid, råsvarets hash",
            "the facts behind: fields, source, the source's own date, time of fetching, hash of the raw answer",
        )),
        "contracts.json": (_json([_contract(item) for item in evidence.contracts]), say(
            "avtalen enligt körningens filer", "the contracts as the run's files say")),
        "decisions.json": (_json([_decision(item) for item in evidence.decisions]), say(
            "beslut som människor har skrivit", "decisions that people wrote")),
        "run.json": (_json(_run(store, evidence)), say(
            "körningen: dag, version, filer in med hash", "the run: day, version, files in with their hashes")),
        "audit.jsonl": (_lines(_audit(evidence)), say(
            "raderna ur revisionsloggen som gäller körningarna och besluten, med kedjans hashar",
            "the lines of the audit log on the runs and decisions, with the hashes of the chain",
        )),
    }  # fmt: skip
    if evidence.finding is None:
        files["not_assessable.json"] = (_json([_unknown(item, words) for item in evidence.unknowns]), say(
            "vad som inte kunde kontrolleras och varför", "what could not be checked, and why"))  # fmt: skip
        files["expected.json"] = (_json(_expected(evidence, words)), say(
            "reglerna som gällde leverantören och vad var och en gav", "the rules expected of the supplier, and what each gave"
        ))  # fmt: skip
    files |= _used(evidence, say)
    files |= {
        path: (answer.content, say("råsvar", "raw answer")) for answer in answers.values() if (path := _path(answer))
    }
    files["LASMIG.txt"] = (
        _readme(files, answers.values(), words, say),
        say("vad mappen innehåller", "what the folder holds"),
    )
    return Papers(
        dict(sorted(files.items())),
        tuple(answers[digest] for digest in sorted(answers)),
        lambda seal: note.page(evidence, seal, case=case, in_clear=in_clear).encode(),
    )


# --- raw answers --------------------------------------------------------------------------------------------------------
def _answers(store: Store, evidence: Evidence, *, in_clear: bool) -> dict[str, RawAnswer]:
    """Hash -> raw answer, for every answer that some fact rests on."""
    digests = {fact.provenance.raw_sha256 for fact, _ids in evidence.facts}
    digests |= {digest for confirming in evidence.confirming.values() for digest in confirming}
    digests -= {""}
    return {
        digest: given(
            digest,
            store.raw(digest),
            store.raw_size(digest),
            lambda text: store.shows_number(evidence.supplier.id, text),
            in_clear=in_clear,
        )
        for digest in sorted(digests)
    }


def _path(answer: RawAnswer | None) -> str:
    """Where the bundle has it; empty where it has not. Never an ending that Excel or a browser takes for its own."""
    if answer is None or answer.state in ("withheld", "purged", "not_stored"):
        return ""
    masked = "-maskerad" if answer.state == "masked" else ""
    return f"raw/{answer.sha256[:16]}{masked}.{answer.ending}"


# --- documents ----------------------------------------------------------------------------------------------------------
def _finding(evidence: Evidence, words: RuleTexts, item: Finding) -> dict[str, Any]:
    rule = evidence.past.rules.get(item.rule)
    profile = evidence.expected.get(item.rule)
    own = None if profile is None or rule is None else own_limits(profile, rule)
    limits = None if rule is None else rule.limits.values(evidence.run.as_of, own)
    organisation = evidence.past.config.organisation.name
    return {
        **record(item, evidence.supplier, evidence.run, organisation),
        "observed": words.observed(item),
        "title": words.title(item.rule),
        "limits": rules_texts.shown(limits or {}, words.language),
        "profile": profile.name if profile else None,
        "law": [_law(words, item, contract) for contract in evidence.concerned(item) or (None,)],
        "caution": words.caution(item),
        "raised_by": list(item.raised_by),
        "could_not_weigh": list(item.missing),
        "life": [
            {
                "run_id": run.id,
                "as_of": run.as_of,
                "status": state.status,
                "verdict": state.verdict,
                "severity": state.severity,
                "occurrence": state.occurrence,
            }
            for run, state in evidence.lives[item.finding_id]
        ],
    }


def _law(words: RuleTexts, item: Finding, contract: Contract | None) -> dict[str, Any]:
    law = words.law(item, contract)
    return {
        "contract": contract.id if contract else None,
        "regime": contract.regime if contract else None,
        "phase": contract.phase if contract else None,
        "basis": list(law.basis) if law else [],
        "no_basis": words.no_basis(item.rule) if law and not law.basis else None,
        "force": law.force if law else None,
        "action": words.action(item, contract),
    }


def _fact(evidence: Evidence, fact: Fact, ids: Iterable[str], answers: Mapping[str, RawAnswer]) -> dict[str, Any]:
    words = evidence.words
    came = fact.provenance
    answer = answers.get(came.raw_sha256)
    return {
        "kind": fact.kind,
        "called": word(KIND, fact.kind, words.language),
        "scope_key": fact.scope_key,
        "values": json.loads(to_payload(fact)),
        "source": came.source,
        "source_title": words.source(came.source),
        "origin": came.origin.value,
        "as_of": came.as_of,
        "fetched_at": came.fetched_at,
        "confirmed_at": came.confirmed_at,
        "request_ref": came.request_ref,
        "simulated": came.simulated,
        "raw_sha256": came.raw_sha256 or None,
        "raw_state": answer.state if answer else "derived",
        "raw_file": _path(answer) or None,
        "confirmed_by": [
            {"raw_sha256": digest, "raw_state": answers[digest].state, "raw_file": _path(answers[digest]) or None}
            for digest in evidence.confirming.get(fact, ())
        ],
        "findings": list(ids),
    }


def _contract(item: Contract) -> dict[str, Any]:
    names = (
        "id", "title", "unit", "service", "regime", "phase", "role", "awarded_on", "starts_on", "ends_on", "option_until_on",
        "value_sek", "record_check", "owner", "diary_number",
    )  # fmt: skip
    return {name: getattr(item, name) for name in names}


def _decision(item: Any) -> dict[str, Any]:
    return {
        "finding_id": item.finding_id,
        "by": item.by,
        "assessment": item.assessment,
        "reason": item.reason,
        "until": item.until,
        "diary_number": item.diary,
        "at": item.at,
        "file_sha256": item.file_sha or None,
    }


def _unknown(item: Judged, words: RuleTexts) -> dict[str, Any]:
    why, to_do = because(item.verdict.reason, words.language)
    return {
        "rule": item.rule,
        "title": words.title(item.rule),
        "scope_key": item.scope_key,
        "missing": words.missing(item),
        "reason": item.verdict.reason,
        "why": why,
        "to_do": to_do,
    }


def _expected(evidence: Evidence, words: RuleTexts) -> list[dict[str, Any]]:
    """A rule without a flag or an unknown was judged clear or did not concern the supplier: only those two are kept."""
    flagged = {item.rule for item in evidence.findings if item.verdict == "flag"}
    unknown = {item.rule for item in evidence.unknowns}
    return [
        {
            "rule": name,
            "title": words.title(name),
            "profile": profile.name,
            "outcome": "flag" if name in flagged else "unknown" if name in unknown else "clear or not applicable",
        }
        for name, profile in evidence.expected.items()
    ]


def _run(store: Store, evidence: Evidence) -> dict[str, Any]:
    run = evidence.run
    return {
        "run_id": run.id,
        "kind": run.kind,
        "period": run.period,
        "case": run.case or None,
        "as_of": run.as_of,
        "started": run.started,
        "finished": run.finished,
        "version": run.version,
        "organisation": evidence.past.config.organisation.name,
        "supplier": {
            "supplier_id": evidence.supplier.public_id,
            "name": mask_text(evidence.supplier.name),
            "kind": evidence.supplier.kind,
            "own_numbers": list(evidence.supplier.supplier_numbers),
        },
        "inputs": [
            {"name": item.name, "sha256": item.sha256, "connector": item.connector, "rows": item.rows}
            for item in store.inputs(run.id)
        ],
        "rows": [
            {"file": item.file, "sheet": item.sheet, "row": item.row}
            for item in store.origins(run.id, evidence.supplier.id)
        ],
        "not_readable_by_this_version": list(evidence.past.unread),
    }


def _audit(evidence: Evidence) -> list[dict[str, Any]]:
    names = ("id", "at", "who", "action", "detail", "previous_sha256", "sha256")
    return [{name: getattr(line, name) for name in names} for line in evidence.log]


def _used(evidence: Evidence, say: Callable[[str, str], str]) -> dict[str, tuple[bytes, str]]:
    """The texts of the rules, connectors and configuration that the run used, as they were."""
    rules = {item.rule for item in evidence.findings} or set(evidence.expected)
    sources = {fact.provenance.source for fact, _ids in evidence.facts}
    found = {}
    for (kind, name), text in evidence.past.texts.items():
        if (kind == "rule" and name in rules) or (kind == "connector" and name in sources) or kind == "config":
            folder = {"rule": "rules/", "connector": "connectors/"}.get(kind, "")
            what = {
                "rule": say("regeln som den löd i körningen", "the rule as it was in the run"),
                "connector": say("källans koppling som den var i körningen", "the source's connector as it was"),
            }.get(kind, say("inställningarna som de var i körningen", "the settings as they were in the run"))
            path = name if kind == "config" else f"{folder}{safe_name(name)}.toml"
            found[path] = (mask_text(text).encode(), what)
    return found


# --- readable ------------------------------------------------------------------------------------------------------------
_STATES = {
    "as_stored": ("som det togs emot", "as received"),
    "masked": ("kopia med personnummer maskerade; originalet finns i lagret", "copy with personal numbers masked; the original is in the store"),
    "withheld": ("utelämnat: kan hålla personnummer och kan inte maskeras; originalet finns i lagret", "left out: may hold personal numbers that cannot be masked; the original is in the store"),
    "purged": ("gallrat; hashen finns kvar", "purged; its hash stays"),
    "not_stored": ("en fil ur er egen verksamhet, känd genom sin hash; se run.json och facts.json", "a file of your own, known by its hash; see run.json and facts.json"),
}  # fmt: skip


def _readme(
    files: Mapping[str, tuple[bytes, str]],
    answers: Iterable[RawAnswer],
    words: RuleTexts,
    say: Callable[[str, str], str],
) -> bytes:
    lines = [
        say("BEVISMAPP", "BUNDLE OF EVIDENCE"),
        "",
        say(
            "Mappen är myndighetens underlag till en flagga eller en leverantör. Kontrollera att inget är ändrat:",
            "The folder is the authority's evidence for a flag or a supplier. Check that nothing was changed:",
        ),
        "    screening evidence verify .",
        say(
            "Kontrollen behöver varken nät eller lager. Jämför sigillet den skriver ut med det på tjänsteanteckningen.",
            "The check needs neither network nor store. Compare the seal that it prints with the one on the page for the file.",
        ),
        say("Öppna råsvar i en textläsare, inte i Excel.", "Open raw answers in a text editor, not in Excel."),
        "",
        f"{NOTE}: {say('en sida att skriva ut och underteckna', 'a page to print and sign')}",
        f"manifest.json: {say('SHA-256 för varje fil', 'SHA-256 of every file')}",
        *(f"{path}: {what}" for path, (_data, what) in sorted(files.items()) if not path.startswith("raw/")),
        "",
        say("Råsvar:", "Raw answers:"),
        *(
            f"{_path(item) or item.sha256[:16]}: {word(_STATES, item.state, words.language)}, {item.size} byte, SHA-256 {item.sha256}"
            for item in answers
        ),
    ]
    return ("\n".join(lines) + "\n").encode()


def _sayer(words: RuleTexts) -> Callable[[str, str], str]:
    return lambda swedish, english: english if words.language == "en" else swedish


def _json(value: object) -> bytes:
    return (json.dumps(masked(value), ensure_ascii=False, indent=2, default=plain) + "\n").encode()


def _lines(values: Iterable[object]) -> bytes:
    """JSON lines; the audit log masks what it is given, and its hashes hold for the very text."""
    return "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in values).encode()
