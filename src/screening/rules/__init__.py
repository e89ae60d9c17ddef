"""Rules: a check with dated limits, severity, law, texts and its own cases; loaded, bound, judged and explained here."""

from screening.rules.assessment import Overall, assess
from screening.rules.engine import Judging, legal_form
from screening.rules.profiles import Expectation, Expected, Profiles, kinds_needed
from screening.rules.ranking import NEVER_DECIDES, Rank, formula, rank
from screening.rules.rule import Law, Rule, load, load_rule, of_text, own_limits, verify
from screening.rules.weighing import Call, weigh

__all__ = [
    "NEVER_DECIDES",
    "Call",
    "Expectation",
    "Expected",
    "Judging",
    "Law",
    "Overall",
    "Profiles",
    "Rank",
    "Rule",
    "assess",
    "formula",
    "kinds_needed",
    "legal_form",
    "load",
    "load_rule",
    "of_text",
    "own_limits",
    "rank",
    "verify",
    "weigh",
]
