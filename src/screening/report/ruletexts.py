"""The words of rules for a reader: what was seen, the law for one contract, limits in force, what is missing."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from screening.config import Profile
from screening.model import Contract, Finding, Judged, Phase
from screening.report.texts import Language
from screening.rules import Law, Rule, own_limits, words
from screening.rules import texts as rules_texts
from screening.rules.table import Text

AREAS = {"SKA": "Skatt", "REG": "Registerkontroll", "AGA": "Ägare", "KRE": "Kredit"}
"""Family of rules -> the column of *Leverantörer* that shows it; the rest, and insolvency, stand under *Register*."""

INSOLVENCY = "AGA-12"
NO_F_TAX = "SKA-06"
WRONG_NAME = "IDE-01"
BEFORE_PAYMENT = frozenset({INSOLVENCY, NO_F_TAX})
"""Rules whose flags concern the next payment file: wrong payee, or tax to withhold."""


PERSONS = frozenset(
    {
        "owners_before",
        "owners_after",
        "holders_before",
        "holders_after",
        "changed_people",
        "only_in_register",
        "only_in_bid",
    }
)
"""Evidence that names owners and board members: told where a flag is handled, not on the page that travels."""

CONNECTORS = ("elsewhere", "told_by")
"""Values that are the name of a connector; people read its title."""


def area(rule: str) -> str:
    """The column of *Leverantörer* that the rule counts in."""
    return "Register" if rule == INSOLVENCY else AREAS.get(rule[:3], "Register")


@dataclass(frozen=True, slots=True)
class RuleTexts:
    """The rules' texts in one language on one day, and the titles of connectors.

    A rule that is no longer there is named by its id. ``without`` is the phase of a supplier without a contract.
    """

    rules: Mapping[str, Rule]
    today: date
    language: Language
    titles: Mapping[str, str] = field(default_factory=dict)
    without: Phase = "payment"

    def __post_init__(self) -> None:
        """Severities and ages are those of the day, too."""
        object.__setattr__(self, "rules", {name: rule.on(self.today) for name, rule in self.rules.items()})

    def source(self, name: str) -> str:
        """The title of a source or of a kind of export; its name where the run did not keep its file."""
        return self.titles.get(name) or name

    def missing(self, item: Judged) -> str:
        """The kind of fact behind an unknown verdict; ``identity`` when the number itself is in doubt.

        A check that finds what it got too little for (a short history) means the first fact that it needs.
        """
        if item.verdict.reason == "identity":
            return "identity"
        if item.verdict.missing:
            return item.verdict.missing[0]
        rule = self.rules.get(item.rule)
        return rule.binding.needs[0].kind if rule and rule.binding.needs else "basis"

    def title(self, rule_id: str) -> str:
        """The rule's name."""
        rule = self.rules.get(rule_id)
        return rule.table.title.of(self.language) if rule else rule_id

    def observed(self, finding: Finding, *, persons: bool = True) -> str:
        """What was seen, in a sentence with the values and limits of the finding; on request without names of persons."""
        rule = self.rules.get(finding.rule)
        if rule is None:
            return ""
        evidence = finding.evidence
        if not persons:
            evidence = {name: value for name, value in evidence.items() if name not in PERSONS}
        named = {name: self.source(str(evidence[name])) for name in CONNECTORS if evidence.get(name)}
        evidence = {**evidence, **named}
        sentence = rules_texts.finding(rule, evidence, self.language)
        if finding.raised_by:
            by = ", ".join(finding.raised_by)
            sentence += f" Höjd allvarlighet på grund av {by}." if self.language == "sv" else f" Raised by {by}."
        return sentence

    def law(self, finding: Finding, contract: Contract | None) -> Law | None:
        """Paragraphs, force and action for one contract, or for what is done without one."""
        rule = self.rules.get(finding.rule)
        return rule.law_of(contract, self.today, finding.evidence.get("variant"), self.without) if rule else None

    def laws(self, finding: Finding, contracts: Iterable[Contract]) -> list[tuple[Law, str]]:
        """Every law that the contracts rest on, each with its contracts in words; without words where there is one law."""
        rule = self.rules.get(finding.rule)
        if rule is None:
            return []
        found = rule.laws_of(contracts, self.today, finding.evidence.get("variant"), self.without)
        return [(law, f"{', '.join(ids)}: " if len(found) > 1 else "") for law, ids in found]

    def no_basis(self, rule_id: str) -> str:
        """Why the rule has no paragraph to name; empty where it has."""
        rule = self.rules.get(rule_id)
        return rule.table.no_basis.of(self.language) if rule and rule.table.no_basis else ""

    def action(self, finding: Finding, contract: Contract | None) -> str:
        """What to do next."""
        law = self.law(finding, contract)
        return self.filled(law.action, finding) if law else ""

    def filled(self, text: Text, finding: Finding) -> str:
        """A text of the finding's rule with the finding's values."""
        return rules_texts.fill(text.of(self.language), finding.evidence, self.language)

    def caution(self, finding: Finding) -> str:
        """What else it may be due to."""
        rule = self.rules.get(finding.rule)
        return rules_texts.fill(rule.table.caution.of(self.language), finding.evidence, self.language) if rule else ""

    def limits(self, rule: Rule, profiles: Iterable[Profile] = ()) -> str:
        """The limits in force today, one a line, and where a profile has its own."""
        values = rule.limits.values(self.today) or {}
        lines = [f"{name}: {told}" for name, told in self._told(rule, values)]
        for profile in profiles:
            dated = own_limits(profile, rule)
            names = {name for start, values in dated if start <= self.today for name in values}
            own = rule.limits.values(self.today, dated) or {}
            changed = {name: value for name, value in own.items() if name in names}
            lines += [f"{name} ({profile.name}): {told}" for name, told in self._told(rule, changed)]
        return "\n".join(lines)

    def _told(self, rule: Rule, values: Mapping[str, object]) -> list[tuple[str, str]]:
        shown = rules_texts.shown(values, self.language)
        return [
            (words.limit(name, self.language, rule.table), rules_texts.written(name, value, self.language))
            for name, value in shown.items()
        ]

    def amount_name(self, finding: Finding) -> str | None:
        """The name of the amount in the finding's evidence: the rule's measure, else the first sum that is no limit."""
        rule = self.rules.get(finding.rule)
        if rule is not None and (rule.table.measure or "").endswith("_sek"):
            return rule.table.measure
        limits = set(rule.limits.values(self.today) or {}) if rule else set()
        names = (name for name, value in finding.evidence.items() if name.endswith("_sek") and value is not None)
        return next((name for name in names if name not in limits and not name.startswith("limit")), None)


def titles(texts: Mapping[tuple[str, str], str]) -> dict[str, str]:
    """Title per connector file that a run used; ``texts`` are what the run kept."""
    files = {name: tomllib.loads(text) for (kind, name), text in texts.items() if kind == "connector"}
    return {name: str(table["title"]) for name, table in files.items() if table.get("title")}


def because(reason: str, language: Language) -> tuple[str, str]:
    """Why something is not known, and what to do about it: the two parts of the reason's sentence."""
    why, _, to_do = rules_texts.reason(reason, language).partition(". ")
    return f"{why.rstrip('.')}.", to_do
