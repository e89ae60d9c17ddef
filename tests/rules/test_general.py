from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.checks import General, Params
from screening.checks._condition import before
from screening.config import Config, Profile
from screening.errors import ConfigError
from screening.model import Accounts, Fact, Verdict, clear
from screening.rules import Rule, load_rule, own_limits, verify
from screening.rules.binding import declaration
from screening.rules.cases import run_cases
from screening.rules.texts import condition as condition_of
from screening.rules.texts import shown

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


# --- older_than -----------------------------------------------------------------------------------------------------------
def dated(field: str) -> str:
    return f"accounts = {{ {field} as_of = 2026-11-20 }}"


@pytest.mark.parametrize(
    ("limits", "at", "older"),
    [
        ("months = 9", "2026-02-28", "2026-02-27"),
        ("months = 0\ndays = 10", "2026-11-20", "2026-11-19"),
        ("months = 1\ndays = 1", "2026-10-29", "2026-10-28"),
    ],
)
def test_a_date_older_than_its_limit(tmp_path: Path, limits: str, at: str, older: str) -> None:
    """On the day of the limit it is clear; nine months before the last of November is the last of February."""
    cases = (
        case("at", dated(f"period_to_on = {at},"), "clear")
        + case("older", dated(f"period_to_on = {older},"), "flag", f'says = ["Slut {older}"]')
        + case("not given", dated(""), "unknown", 'reason = "partial"')
    )
    params = f'kind = "accounts"\nfield = "period_to_on"\n{limits}'
    made = rule(tmp_path, "older_than", params, cases, finding="Slut {period_to_on}, {age_days} dagar, gräns {months}")
    assert list(run_cases(made)) == []


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ('kind = "accounts"\nfield = "equity_sek"\nmonths = 1', r"params.field: 'equity_sek' of accounts; expected"),
        ('kind = "accounts"\nfield = "period_to_on"\ndays = 1', r"params.months: missing; expected a whole number"),
    ],
)
def test_what_is_older_is_verified(tmp_path: Path, params: str, told: str) -> None:
    """Only dates grow old, and the limit is said."""
    with pytest.raises(ConfigError, match=told):
        rule(tmp_path, "older_than", params)


# --- all_of ---------------------------------------------------------------------------------------------------------------
def of(*conditions: str) -> str:
    return f"of = [{', '.join(f'{{ {item} }}' for item in conditions)}]"


WEAK = 'kind = "accounts", field = "equity_sek", below = 0'
BIG = 'kind = "spend", field = "last_12_months_sek", at_least = 1_000'


def test_all_conditions_must_hold(tmp_path: Path) -> None:
    """One that does not hold makes it clear, also where another cannot be judged; else it is unknown."""
    spend = "spend = { last_12_months_sek = SEK }"
    cases = (
        case(
            "both",
            accounts("equity_sek = -1,"),
            "flag",
            spend.replace("SEK", "1_000"),
            'says = ["1 000 kr (1 000 kr)"]',
        )
        + case("one", accounts("equity_sek = -1,"), "clear", spend.replace("SEK", "999"))
        + case("the other", accounts("equity_sek = 0,"), "clear", spend.replace("SEK", "1_000"))
        + case("not given", accounts(""), "unknown", spend.replace("SEK", "1_000"), 'reason = "partial"')
        + case("not given, but small", accounts(""), "clear", spend.replace("SEK", "999"))
    )
    made = rule(
        tmp_path,
        "all_of",
        of(WEAK, BIG),
        cases,
        finding="{equity_sek} {last_12_months_sek} ({at_least_last_12_months_sek})",
        condition="under {below_equity_sek}",
    )
    assert list(run_cases(made)) == []
    assert made.kinds == {"accounts"}


@pytest.mark.parametrize(
    ("condition", "field", "outcomes"),
    [
        ("at_least = 5", "employees", {"4": "clear", "5": "flag"}),
        ("below = 5", "employees", {"4": "flag", "5": "clear"}),
        ("at_least = 5, below = 7", "employees", {"4": "clear", "5": "flag", "6": "flag", "7": "clear"}),
        ("older_than_months = 1", "registered_on", {"2026-10-30": "clear", "2026-10-29": "flag"}),
        ("older_than_days = 10", "registered_on", {"2026-11-20": "clear", "2026-11-19": "flag"}),
        ("younger_than_months = 1", "registered_on", {"2026-10-31": "flag", "2026-10-30": "clear"}),
        ("younger_than_days = 10", "registered_on", {"2026-11-21": "flag", "2026-11-20": "clear"}),
        (
            "older_than_days = 10, younger_than_months = 1",
            "registered_on",
            {"2026-10-30": "clear", "2026-10-31": "flag", "2026-11-19": "flag", "2026-11-20": "clear"},
        ),
    ],
)
def test_each_limit_has_two_sides(tmp_path: Path, condition: str, field: str, outcomes: dict[str, str]) -> None:
    """Inside, and one step outside."""
    cases = "".join(case(value, dated(f"{field} = {value},"), outcome) for value, outcome in outcomes.items())
    made = rule(tmp_path, "all_of", of(f'kind = "accounts", field = "{field}", {condition}'), cases)
    assert list(run_cases(made)) == []


def test_conditions_on_words_and_on_the_contract(tmp_path: Path) -> None:
    """Several facts, the word of one, and the value of the contract that is judged: one verdict per contract."""
    head = HEAD.replace("severity", 'scope = "contract"\nseverity').replace("CHECK", "all_of")
    conditions = of(
        'kind = "tax_registration", field = "vat", one_of = ["ended"]',
        WEAK,
        'kind = "contract", field = "value_sek", at_least = 500',
    )
    path = tmp_path / "kre_90_x.toml"
    facts = "tax_registration = { vat = 'ended', as_of = 2026-11-20 }\ngiven.accounts = { equity_sek = -1, as_of = 2026-06-30 }"
    contracts = "contract = [{ id = 'A', value_sek = 500 }, { id = 'B', value_sek = 499 }, { id = 'C' }]"
    cases = "".join(
        case(key, facts, outcome, contracts, f'scope_key = "{key}"')
        for key, outcome in {"A": "flag", "B": "clear", "C": "unknown"}.items()
    )
    words = WORDS.replace("FINDING", "{value_sek}").replace("under {limit}", "{one_of_vat}")
    path.write_text(f"{head}{words}\n[[params]]\nfrom = 2024-01-01\n{conditions}\n{cases}", encoding="utf-8")
    made = load_rule(path)
    assert list(run_cases(made)) == []
    assert made.kinds == {"tax_registration", "accounts"}
    assert condition_of(made, date(2026, 11, 30)) == "ended"


@pytest.mark.parametrize(
    ("params", "told"),
    [
        (of(BIG), "params.of: of: no condition on a fact; expected at least one"),
        (
            of('kind = "accounts", field = "equity", below = 0'),
            r"condition 1.field: 'equity' of accounts; expected one of .*equity_sek",
        ),
        (
            of('kind = "account", field = "equity_sek", below = 0'),
            r"condition 1.kind: 'account'; expected one of accounts.*spend",
        ),
        (of('kind = "accounts", field = "equity_sek"'), "condition 1: no limit; expected limits of one type"),
        (of(WEAK + ", one_of = ['x']"), "condition 1: below, one_of; expected limits of one type"),
        (of('kind = "accounts", field = "equity_sek", older_than_days = 1'), "condition 1.field: 'equity_sek'"),
        (of(WEAK, WEAK), "condition 2: equity_sek twice; expected each field once"),
        (
            of(WEAK, 'kind = "contract", field = "value_sek", at_least = 1'),
            'condition 2: a field of the contract; expected scope = "contract"',
        ),
        (
            of(WEAK.replace("below", "beneath")),
            "condition 1: beneath: unknown; expected one of kind, field, at_least, below, one_of, older_than_days",
        ),
        (of(WEAK.replace("0", '"0"')), "condition 1: below: .*expected a number"),
        ("x = 1", "params.of: missing; expected a list of conditions"),
        (f"{of(WEAK)}\n[[params]]\nfrom = 2027-01-01\n{of(BIG, WEAK)}", "params.of: other fields; expected the same"),
    ],
)
def test_conditions_are_verified_when_the_rule_is_loaded(tmp_path: Path, params: str, told: str) -> None:
    """A condition that can never hold would find nothing, and say that all is well."""
    with pytest.raises(ConfigError, match=told):
        rule(tmp_path, "all_of", params, condition="x")


def test_conditions_change_from_a_day_on_and_for_a_profile(tmp_path: Path) -> None:
    """Their limits, never what they are about."""
    later = of(WEAK.replace("0", "100"), BIG)
    made = rule(tmp_path, "all_of", f"{of(WEAK, BIG)}\n[[params]]\nfrom = 2027-01-01\n{later}", condition="x")
    days = (date(2026, 12, 31), date(2027, 1, 1))
    assert [shown(made.limits.values(day) or {})["below_equity_sek"] for day in days] == [0, 100]

    def profile(*conditions: dict[str, object]) -> Profile:
        return Profile.model_validate(
            {"name": "p", "rules": ["KRE-90"], "limits": {"KRE-90": {"of": list(conditions)}}}
        )

    weak: dict[str, object] = {"kind": "accounts", "field": "equity_sek", "below": 7}
    big: dict[str, object] = {"kind": "spend", "field": "last_12_months_sek", "at_least": 1}
    own = own_limits(profile(weak, big), made)
    assert shown(made.limits.values(days[0], own) or {})["below_equity_sek"] == 7
    with pytest.raises(ConfigError, match=r"profile p: limits.KRE-90.of: other fields; expected the same"):
        own_limits(profile(weak), made)


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 60))
def test_months_before_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    """Never in another month than the one meant."""
    earlier = before(day, months)
    assert (earlier.year * 12 + earlier.month) == (day.year * 12 + day.month) - months
    assert earlier.day == day.day or (earlier.day < day.day and (earlier + timedelta(days=1)).day == 1)
