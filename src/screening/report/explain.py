"""Why a finding stands, or why a supplier was or was not flagged: judged again from what the store held on that day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from screening.config import Config
from screening.errors import UsageError
from screening.identity import mask_text
from screening.model import Finding
from screening.report.past import past
from screening.report.ruletexts import titles
from screening.report.texts import SEVERITY, STATUS, Language, word
from screening.rules import Judging, Rule
from screening.rules.explain import Explained, explain
from screening.rules.reasoning import lines_of, outside_every_profile
from screening.store import Decision, Run, Store

_FINDING = re.compile(r"[A-Za-z]{3}-\d{2}-\w+")
_LAST = ("flag", "unknown", "clear", "not_applicable")
"""The order in which a supplier's verdicts are told: what stands first, why not last."""


def explain_lines(
    store: Store,
    config: Config,
    rules: Mapping[str, Rule],
    precedence: Mapping[str, tuple[str, ...]],
    subject: str,
    supplier_of: Callable[[str], str],
) -> list[str]:
    """The reasoning about a finding id, or about every expected rule of a supplier, in its newest run.

    A check before a contract is told only where no monthly run knows the finding or supplier. Rules and profiles are those
    that the run used, as far as this version can still read them.

    Args:
        store: holds runs and facts.
        config: the workspace.
        rules: as they are now; stand in for those of the run that cannot be read any more.
        precedence: kind -> sources, first choice first.
        subject: a finding id such as ``SKA-01-7F3K9Q2M``, or a supplier in any spelling.
        supplier_of: the internal id of a supplier that a user named.

    Raises:
        UsageError: no such finding or supplier.
    """
    teller = _Teller(store, config, rules, precedence)
    states = store.finding(subject.strip().upper())
    states = [item for item in states if item[0].kind == "monthly"] or states  # who has bid is secret until award
    if states:
        return list(teller.finding(states))
    if _FINDING.fullmatch(subject.strip()):
        message = f"{subject}: ingen sådan flagga finns; ange ett Flagg-ID ur en rapport eller ett organisationsnummer"
        raise UsageError(message)
    supplier_id = supplier_of(subject)
    for run in (*store.runs(kind="monthly"), *store.runs(kind="case")):
        if run.state != "running" and (found := list(teller.supplier(run, supplier_id))):
            return found
    message = f"{subject}: finns inte i någon klar körning; ange ett Flagg-ID ur en rapport eller en leverantör i den"
    raise UsageError(message)


_HANDLED: Mapping[str, tuple[str, str]] = {
    "open": ("Under handläggning.", "Being handled."),
    "accepted": ("Förklaringen är godtagen och gäller: flaggan väger inte.", "The explanation is accepted and holds: it does not weigh."),
    "false_hit": ("Bedömd som falsk träff: flaggan väger inte.", "Judged a false hit: it does not weigh."),
    "expired": ("Bedömningen har löpt ut.", "The assessment has run out."),
    "outgrown": ("Uppgifterna är andra eller allvarligare än när den bedömdes.", "The facts are others, or worse, than when it was assessed."),
    "not_done": ("Skulle vara åtgärdad, men visas fortfarande.", "Was said to be put right, and is still seen."),
}  # fmt: skip
"""What the newest decision means for a finding."""


class _Teller:
    """Tells of one store, in the workspace's language."""

    def __init__(
        self, store: Store, config: Config, rules: Mapping[str, Rule], precedence: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.store, self.config, self.rules, self.precedence = store, config, rules, precedence
        self.language: Language = config.report.language

    def say(self, swedish: str, english: str) -> str:
        return english if self.language == "en" else swedish

    def finding(self, states: list[tuple[Run, Finding]]) -> Iterator[str]:
        """One finding: the reasoning in its newest run, its life over the runs, and what people decided."""
        run, finding = states[-1]
        sources = titles(self.store.texts(run.id))
        yield finding.finding_id
        yield from self._used(run)
        for name, items in self._explained(run, finding.supplier_id, finding.rule, finding.scope_key):
            yield from (name, "")
            for item in items:
                yield from lines_of(item, self.language, sources)
        yield from ("", self.say("Per körning:", "Per run:"))
        for period, state in states:
            if not period.replaced_by:
                severity = word(SEVERITY, state.severity, self.language) if state.severity else ""
                yield f"  {period.period}: {severity} {word(STATUS, state.status, self.language)}".replace(":  ", ": ")
        yield from self._decided(finding.finding_id, finding)

    def supplier(self, run: Run, supplier_id: str) -> Iterator[str]:
        """Every expected rule of a supplier: what stands, what could not be judged, and why not the rest."""
        sources = titles(self.store.texts(run.id))
        for name, items in self._explained(run, supplier_id):
            yield from (f"{run.id}, {run.as_of}", *self._used(run), "", name)
            counts = [sum(item.outcome == outcome for item in items) for outcome in _LAST]
            said = self.say(
                "{} flaggas, {} kan inte bedömas, {} utan anmärkning, {} ej aktuella.",
                "{} flagged, {} not assessable, {} clear, {} not applicable.",
            )
            yield said.format(*counts)
            if not items:
                yield outside_every_profile(self.language)
            for item in sorted(items, key=lambda item: _LAST.index(item.outcome)):
                yield ""
                yield from lines_of(item, self.language, sources)
                finding_id = self.store.finding_id(item.rule.id, supplier_id, item.scope_key)
                if item.outcome == "flag":
                    yield f"  Flagg-ID: {finding_id}"
                yield from (f"  {line}" for line in self._decided(finding_id))

    def _explained(
        self, run: Run, supplier_id: str, rule: str | None = None, scope_key: str | None = None
    ) -> Iterator[tuple[str, list[Explained]]]:
        """(name and number, reasoning) of the supplier in the run; nothing when the run does not have it."""
        used = past(self.store, run, self.config)
        judging = Judging({**self.rules, **used.rules}, used.config, run.as_of)
        for dossier in self.store.dossiers(
            run.id, judging.kinds, run.as_of, self.precedence, supplier_ids=[supplier_id]
        ):
            identity = dossier.supplier.identity
            shown = f"{mask_text(dossier.supplier.name)}  {identity.display if identity is not None else ''}".strip()
            yield shown, explain(judging, dossier, self.language, rule, scope_key)

    def _used(self, run: Run) -> list[str]:
        """Which of the run's own files could not be read any more, so that today's stand in for them."""
        unread = past(self.store, run, self.config).unread
        if not unread:
            return []
        said = self.say("Dagens version används för", "Today's version is used for")
        return [f"{said}: {', '.join(unread)}"]

    def _decided(self, finding_id: str, finding: Finding | None = None) -> Iterator[str]:
        """What people wrote about the finding, oldest first, and what the newest of it means now."""
        decisions = self.store.decisions(finding_id)
        if decisions:
            yield self.say("Beslut:", "Decisions:")
        for decision in decisions:
            yield f"  {self._decision(decision)}"
        if finding is not None and finding.handled:
            yield f"  {_HANDLED[finding.handled][self.language == 'en']}"

    def _decision(self, decision: Decision) -> str:
        parts = [f"{decision.at.date()} {mask_text(decision.by)}: {decision.assessment}".strip()]
        if decision.until is not None:
            parts.append(f"{self.say('gäller t.o.m.', 'until')} {decision.until}")
        if decision.reply_by is not None:
            parts.append(f"{self.say('svar senast', 'reply by')} {decision.reply_by}")
        if decision.reason:
            parts.append(mask_text(decision.reason))
        if decision.diary:
            parts.append(f"{self.say('dnr', 'ref.')} {mask_text(decision.diary)}")
        return "; ".join(parts)
