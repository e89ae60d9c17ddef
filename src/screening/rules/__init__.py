"""Rules: a check with dated limits, severity, law, texts and its own cases; loaded, bound, judged and explained here."""

from screening.rules.assessment import Overall, assess
from screening.rules.engine import Call, Judging, legal_form, weigh
from screening.rules.profiles import Expectation, Expected, Profiles, kinds_needed
from screening.rules.rule import Law, Rule, load, load_rule, of_text, own_limits, verify

__all__ = [
    "Call",
    "Expectation",
    "Expected",
    "Judging",
    "Law",
    "Overall",
    "Profiles",
    "Rule",
    "assess",
    "kinds_needed",
    "legal_form",
    "load",
    "load_rule",
    "of_text",
    "own_limits",
    "verify",
    "weigh",
]
