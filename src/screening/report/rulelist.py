"""Rules in one workspace: which profiles expect each, with which limits of their own, in lines to print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from screening.config import Config
from screening.report.ruletexts import RuleTexts
from screening.report.texts import SEVERITY, word
from screening.rules import Rule


def rule_lines(config: Config, rules: Mapping[str, Rule]) -> Iterator[str]:
    """Every rule: id, severity, title, and how many profiles expect it."""
    language = config.report.language
    for rule in rules.values():
        expecting = _expecting(config, rule)
        english = language == "en"
        none = "no profile expects it" if english else "ingen profil förväntar den"
        told = f"{len(expecting)} {'profiles' if english else 'profiler'}" if expecting else none
        yield f"{rule.id}  {word(SEVERITY, rule.severity, language):<8}  {rule.title[language]} ({told})"


def rule_here(config: Config, rule: Rule, today: date) -> Iterator[str]:
    """What of a rule is this workspace's own: limits in force today, the profiles that expect it and their own limits."""
    language = config.report.language
    english = language == "en"
    yield "## In this workspace" if english else "## I den här arbetsytan"
    yield ""
    expecting = _expecting(config, rule)
    names = ", ".join(expecting) or ("none" if english else "ingen")
    yield f"{'Expected by the profiles' if english else 'Förväntas av profilerna'}: {names}."
    words = RuleTexts({rule.id: rule}, today, language)
    limits = words.limits(rule, [profile for profile in config.profile if profile.name in expecting])
    if limits:
        yield f"{'Limits in force' if english else 'Gränser i kraft'} {today}:"
        yield from (f"  {line}" for line in limits.split("\n"))


def _expecting(config: Config, rule: Rule) -> list[str]:
    return [profile.name for profile in config.profile if rule.id in profile.rules]
