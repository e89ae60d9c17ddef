from __future__ import annotations

from pathlib import Path

import pytest

from screening.checks import General, Params
from screening.config import Config, Profile
from screening.errors import ConfigError
from screening.model import Accounts, Fact, Verdict, clear
from screening.rules import Rule, load_rule, verify
from screening.rules.binding import declaration
from screening.rules.cases import run_cases

WORDS = "\n".join(
    f'{key} = {{ sv = "{text}", en = "{text}" }}'
    for key, text in {
        "title": "t",
        "condition": "under {limit}",
        "why": "w",
        "finding": "FINDING",
        "action": "a",
        "caution": "c",
        "resolves": "r",
        "source": "s",
    }.items()
)
HEAD = """
id = "KRE-90"
check = "CHECK"
severity = "medium"
max_age_days = 400
checked = 2026-03-31
force = "signal"
basis = ["Avtalets villkor"]
"""


def rule(folder: Path, check: str, params: str, cases: str = "", finding: str = "f", condition: str = "under") -> Rule:
    """One TOML and no Python."""
    words = WORDS.replace("FINDING", finding).replace("under {limit}", condition)
    path = folder / "kre_90_x.toml"
    path.write_text(
        f"{HEAD.replace('CHECK', check)}{words}\n[[params]]\nfrom = 2024-01-01\n{params}\n{cases}", encoding="utf-8"
    )
    return load_rule(path)


def case(name: str, given: str, expect: str, *more: str) -> str:
    lines = [f'name = "{name}"', "today = 2026-11-30", f"given.{given}", f'expect = "{expect}"', *more]
    return "[[case]]\n" + "\n".join(lines) + "\n"


def accounts(field: str) -> str:
    return f"accounts = {{ period_to_on = 2025-12-31, {field} as_of = 2026-06-30 }}"


def test_a_field_below_its_limit(tmp_path: Path) -> None:
    """Negative equity: flagged below, clear at the limit, unknown where the source left the field out."""
    cases = (
        case(
            "a krona short",
            accounts("equity_sek = -1,"),
            "flag",
            "says = ['Eget kapital −1 kr per 2026-06-30 (gräns 0).']",
        )
        + case("at the limit", accounts("equity_sek = 0,"), "clear")
        + case("not given", accounts(""), "unknown", 'reason = "partial"')
    )
    made = rule(
        tmp_path,
        "field_below",
        'kind = "accounts"\nfield = "equity_sek"\nlimit = 0',
        cases,
        finding="Eget kapital {equity_sek} per {as_of_on} (gräns {limit}).",
    )
    assert list(run_cases(made)) == []
    assert made.kinds == {"accounts"}


def test_a_field_at_least_its_limit(tmp_path: Path) -> None:
    """At the limit is enough, a krona less is not, and what is not told is not zero."""
    debt = "enforcement_debt = {{ public_debt_sek = 0, {field} as_of = 2026-11-20 }}"
    cases = (
        case("at the limit", debt.format(field="private_debt_sek = 50_000,"), "flag")
        + case("a krona less", debt.format(field="private_debt_sek = 49_999,"), "clear")
        + case("not given", debt.format(field=""), "unknown", 'reason = "partial"')
        + case(
            "too old",
            debt.format(field="private_debt_sek = 50_000,").replace("2026-11-20", "2024-11-20"),
            "unknown",
            'reason = "too_old"',
        )
    )
    made = rule(
        tmp_path, "field_at_least", 'kind = "enforcement_debt"\nfield = "private_debt_sek"\nlimit = 50_000', cases
    )
    assert list(run_cases(made)) == []


def test_a_field_that_is_one_of_the_words(tmp_path: Path) -> None:
    """A word from the list flags, another does not."""
    tax = "tax_registration = {{ {field} as_of = 2026-11-20 }}"
    cases = (
        case("a word of the list", tax.format(field='vat = "ended",'), "flag")
        + case("another word", tax.format(field='vat = "active",'), "clear")
        + case("no word", tax.format(field=""), "unknown", 'reason = "partial"')
    )
    made = rule(tmp_path, "field_one_of", 'kind = "tax_registration"\nfield = "vat"\nwords = ["ended", "never"]', cases)
    assert list(run_cases(made)) == []


@pytest.mark.parametrize(
    ("check", "params", "told"),
    [
        (
            "field_below",
            'kind = "account"\nfield = "equity_sek"\nlimit = 0',
            r"params.kind: 'account'; expected one of accounts",
        ),
        (
            "field_below",
            'kind = "accounts"\nfield = "equity"\nlimit = 0',
            r"params.field: 'equity' of accounts; expected one of .*equity_sek",
        ),
        ("field_below", 'kind = "accounts"\nfield = "period_to_on"\nlimit = 0', "params.field: 'period_to_on'"),
        (
            "field_one_of",
            'kind = "accounts"\nfield = "equity_sek"\nwords = ["x"]',
            "params.field: 'equity_sek' of accounts; expected",
        ),
        (
            "field_below",
            'kind = ["accounts"]\nfield = "equity_sek"\nlimit = 0',
            r"params.kind: ..'accounts'..; expected one of",
        ),
        ("field_below", 'kind = "accounts"\nlimit = 0', "params.field: 0 of them; expected one"),
        ("field_below", 'kind = "accounts"\nfield = "equity_sek"\nlimit = "0"', "params.limit: '0'; expected a number"),
        (
            "field_below",
            'kind = "accounts"\nfield = "equity_sek"\nlimit = 0\n[[params]]\nfrom = 2025-01-01\nfield = "turnover_sek"',
            "params.field: 2 of them; expected one, the same for every date",
        ),
    ],
)
def test_kind_and_field_are_verified_when_the_rule_is_loaded(
    tmp_path: Path, check: str, params: str, told: str
) -> None:
    """A misspelt field is an error that names the fields there are, never a rule that finds nothing."""
    with pytest.raises(ConfigError, match=told):
        rule(tmp_path, check, params)


def test_a_limit_may_change_from_a_day_on_and_for_a_profile(tmp_path: Path) -> None:
    """What the rule is about may not."""
    made = rule(
        tmp_path,
        "field_below",
        'kind = "accounts"\nfield = "equity_sek"\nlimit = 0\n[[params]]\nfrom = 2027-01-01\nlimit = 1',
    )
    organisation = {"name": "A", "orgnr": "559990-0015", "kind": "kommun"}

    def config(**limits: object) -> Config:
        profile = Profile.model_validate({"name": "p", "rules": ["KRE-90"], "limits": {"KRE-90": limits}})
        return Config.model_validate({"organisation": organisation, "profile": [profile.model_dump()]})

    verify(config(limit=5), {"KRE-90": made})
    with pytest.raises(ConfigError, match=r"limits.KRE-90.field: what the rule is about; expected its limits alone"):
        verify(config(field="turnover_sek"), {"KRE-90": made})


class Plain(Params):
    """No kind, no field."""


def _without(fact: Fact, p: Plain) -> Verdict:
    return clear(fact)


def _named(fact: Accounts, p: General) -> Verdict:
    return clear(fact)


@pytest.mark.parametrize("check", [_without, _named])
def test_any_fact_and_general_limits_go_together(check: object) -> None:
    """A check of any fact has to be told which, and one of a certain fact must not be."""
    with pytest.raises(ConfigError, match="expected both or neither"):
        declaration("x", "x", check)  # type: ignore[arg-type]
