from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pytest

from screening.checks import Params
from screening.errors import ConfigError
from screening.model import Accounts, Context, Credit, EnforcementDebt, History, Officers, Verdict, clear
from screening.rules import load, of_text
from screening.rules.binding import Binding, Need, bind, declaration, limits, typed


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """Limits of every type."""

    limit_sek: Decimal
    days: int
    on: bool
    word: str
    how: Literal["a", "b"]
    words: tuple[str, ...]
    day: date


def check(debt: EnforcementDebt, credit: Credit | None, officers: History[Officers], c: Context, p: P) -> Verdict:
    """A check that declares every shape."""
    return clear(debt, seen=f"{credit} {officers} {c} {p}")


VALUES: dict[str, Any] = {
    "limit_sek": 10_000,
    "days": 3,
    "on": True,
    "word": "x",
    "how": "a",
    "words": ["KK", "LI"],
    "day": date(2026, 1, 1),
}
FROM = {"from": date(2024, 1, 1)}


@pytest.fixture
def binding() -> Binding:
    return declaration("rule", "name", check)


def test_the_signature_is_the_declaration(binding: Binding) -> None:
    """Needed and optional facts, one or the history, context and limits are read from the annotations."""
    assert binding.needs == (
        Need("debt", "enforcement_debt", "one", optional=False),
        Need("credit", "credit", "one", optional=True),
        Need("officers", "officers", "history", optional=False),
    )
    assert binding.params is P
    assert binding.with_context


def test_a_tuple_is_one_fact_per_scope_key() -> None:
    """``tuple[X, ...]`` asks for every current fact of the kind."""

    def several(all_of: tuple[Accounts, ...] | None) -> Verdict:
        return clear(*all_of or ())

    assert declaration("rule", "several", several).needs == (Need("all_of", "accounts", "each", optional=True),)


def _no_fact(c: Context) -> Verdict:
    return clear(seen=c.today)


def _params_first(p: P, debt: EnforcementDebt) -> Verdict:
    return clear(debt, seen=p.word)


def _untyped(debt) -> Verdict:  # type: ignore[no-untyped-def]  # noqa: ANN001 - that is the mistake
    return clear(debt)


def _pair(debt: tuple[EnforcementDebt, EnforcementDebt]) -> Verdict:
    return clear(*debt)


def _either(debt: EnforcementDebt | Credit) -> Verdict:
    return clear(debt)


def _bool(debt: EnforcementDebt) -> bool:
    return bool(debt)


@pytest.mark.parametrize("wrong", [_no_fact, _params_first, _untyped, _pair, _either, _bool])
def test_a_signature_that_declares_nothing_usable_is_refused(wrong: Any) -> None:
    """The error says what a check may take."""
    with pytest.raises(ConfigError, match=r"rule: .*(expected|return Verdict)"):
        declaration("rule", "wrong", wrong)


def test_a_check_that_does_not_exist_is_named() -> None:
    """The message says which file was expected."""
    with pytest.raises(ConfigError, match=r"no such check; expected a module src/screening/checks/nothing.py"):
        bind("nothing")


def test_a_module_without_check_is_refused() -> None:
    """A helper is no check."""
    with pytest.raises(ConfigError, match="no function check"):
        bind("_quarters")


def test_an_import_error_inside_a_check_is_not_hidden() -> None:
    """Only the check's own absence is a configuration error; a broken import inside is a fault of ours."""
    with pytest.raises(ModuleNotFoundError):
        bind("check", package="no_such_package")


# --- limits -------------------------------------------------------------------------------------------------------------
def test_limits_take_their_types(binding: Binding) -> None:
    """Whole numbers become money where money is declared; lists become tuples."""
    found = limits("r.toml", binding, ({**FROM, **VALUES},)).params(date(2026, 1, 1))
    assert isinstance(found, P)
    assert found.limit_sek == Decimal(10_000)
    assert found.words == ("KK", "LI")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("limit_sek", "10000", "a number"),
        ("limit_sek", True, "a number"),
        ("days", Decimal("1.5"), "a whole number"),
        ("days", True, "a whole number"),
        ("on", 1, "true or false"),
        ("word", 7, "a text"),
        ("how", "c", "one of a, b"),
        ("words", "KK", "a list of a text"),
        ("words", [1], "a list of a text"),
        ("day", "2026-01-01", "a date"),
    ],
)
def test_a_wrong_type_names_key_and_what_was_expected(binding: Binding, key: str, value: Any, expected: str) -> None:
    """A text is never read as a number, nor a yes as one."""
    with pytest.raises(ConfigError, match=rf"r.toml: params.{key}: .*; expected {expected}"):
        limits("r.toml", binding, ({**FROM, **VALUES, key: value},))


def test_a_misspelt_limit_is_an_error(binding: Binding) -> None:
    """It names the file, the key and the limits that there are."""
    with pytest.raises(ConfigError, match=r"r.toml: params.limit_sk: unknown; expected one of day, days"):
        limits("r.toml", binding, ({**FROM, **VALUES, "limit_sk": 1},))


def test_a_missing_limit_is_an_error(binding: Binding) -> None:
    """No limit has a hidden default."""
    with pytest.raises(ConfigError, match=r"params.days: missing; expected a whole number"):
        limits("r.toml", binding, ({**FROM, **{key: VALUES[key] for key in VALUES if key != "days"}},))


def test_no_limits_at_all_is_an_error(binding: Binding) -> None:
    """A check with limits needs them dated."""
    with pytest.raises(ConfigError, match=r"params: missing; expected \[\[params\]\] with from"):
        limits("r.toml", binding, ())


@pytest.mark.parametrize("start", [None, "2024-01-01", 2024])
def test_limits_without_a_date_are_an_error(binding: Binding, start: object) -> None:
    """Every limit has a valid-from date."""
    with pytest.raises(ConfigError, match=r"params.from: .*; expected the date"):
        limits("r.toml", binding, ({**VALUES, "from": start},))


def test_a_check_without_limits_takes_none() -> None:
    """Limits that nobody reads would mislead."""

    def bare(debt: EnforcementDebt) -> Verdict:
        return clear(debt)

    bound = declaration("rule", "bare", bare)
    assert limits("r.toml", bound, ()).values(date(2026, 1, 1)) == {}
    assert limits("r.toml", bound, ()).params(date(2026, 1, 1)) is None
    with pytest.raises(ConfigError, match="has no limits"):
        limits("r.toml", bound, (FROM,))


def test_a_later_block_says_only_what_changes(binding: Binding) -> None:
    """Raising one limit from the new year is two lines; the others stay."""
    found = limits("r.toml", binding, ({**FROM, **VALUES}, {"from": date(2027, 1, 1), "limit_sek": 20_000}))
    old, new = found.params(date(2026, 12, 31)), found.params(date(2027, 1, 1))
    assert isinstance(old, P)
    assert isinstance(new, P)
    assert (int(old.limit_sek), int(new.limit_sek), new.days) == (10_000, 20_000, 3)
    assert found.params(date(2023, 12, 31)) is None


def test_a_check_may_ask_for_the_limits_of_another_day(binding: Binding) -> None:
    """``p.at(contract.starts_on)``: the limits then, and the first ones for days before them all."""
    found = limits("r.toml", binding, ({**FROM, **VALUES}, {"from": date(2027, 1, 1), "limit_sek": 20_000}))
    now = found.params(date(2027, 6, 1))
    assert isinstance(now, P)
    assert now.at(date(2026, 6, 1)).limit_sek == 10_000
    assert now.at(date(2027, 6, 1)).limit_sek == 20_000
    assert now.at(date(2000, 1, 1)).limit_sek == 10_000


def test_blocks_stand_oldest_first(binding: Binding) -> None:
    """Two blocks of one day would leave it to chance which holds."""
    with pytest.raises(ConfigError, match="expected blocks oldest first"):
        limits("r.toml", binding, ({**FROM, **VALUES}, FROM))


def test_an_override_holds_for_every_date(binding: Binding) -> None:
    """A profile's own limit stands whatever the dated one was."""
    override = typed("screening.toml", binding, {"days": 9})
    found = limits("r.toml", binding, ({**FROM, **VALUES},)).params(date(2026, 1, 1), override)
    assert isinstance(found, P)
    assert found.days == 9
    assert found.at(date(2025, 1, 1)).days == 9


@pytest.mark.parametrize(
    ("rule", "given", "why"),
    [
        ("SKA-01", {"limit_sek": 0}, "limit_sek: 0; expected a sum above 0"),
        ("SKA-01", {"limit_sek": Decimal("-0.01")}, "limit_sek: -0.01; expected a sum above 0"),
        ("SKA-01", {"large_share": 150}, "large_share: 150; expected a share above 0 and at most 1"),
        ("SKA-01", {"large_share": 0}, "large_share: 0; expected a share"),
        ("SAN-01", {"min_weighed_share": 2}, "min_weighed_share: 2; expected a share"),
        ("AGA-14", {"share": Decimal("1.01")}, "share: 1.01; expected a share"),
        ("AGA-01", {"window_days": -365}, "window_days: -365; expected a number of days from 1"),
        ("AGA-01", {"window_days": 36_526}, "window_days: 36526; expected a number of days from 1 to 36525"),
        ("AGA-01", {"near_days": -1}, "near_days: -1; expected a number of days from 1"),
        ("AGA-01", {"changes": 0}, "changes: 0; expected a number of at least 1"),
    ],
)
def test_a_limit_that_turns_a_rule_off_or_flags_everyone_is_refused(rule: str, given: dict[str, Any], why: str) -> None:
    """In a rule's file, a profile and a trial alike: told by the key, with what was expected."""
    shipped = load(Path(__file__).resolve().parents[2] / "rules")[rule]
    with pytest.raises(ConfigError, match="^here\\." + re.escape(why)):
        typed("here", shipped.binding, given)


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        ("SKA-01", {"limit_sek": Decimal("0.01"), "large_share": 1}),
        ("AGA-01", {"window_days": 1, "near_days": 0, "changes": 1}),
        ("AGA-09", {"window_days": 0}),
    ],
)
def test_limits_at_the_edge_of_what_is_lawful_are_taken(rule: str, given: dict[str, Any]) -> None:
    """The least sum, the whole share, one day; a window of none where the history has not begun."""
    shipped = load(Path(__file__).resolve().parents[2] / "rules")[rule]
    assert typed("here", shipped.binding, given) == given


def test_a_rule_from_before_a_limit_was_brought_is_still_read() -> None:
    """With what it meant then; a limit that has no such value is told with where to find this version's rule."""
    path = Path(__file__).resolve().parents[2] / "rules" / "aga_12_insolvens.toml"
    text = path.read_text(encoding="utf-8")
    older = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("other_codes"))
    assert of_text(path.name, older).limits.versions[0][1]["other_codes"] == ()
    without = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("critical_codes"))
    with pytest.raises(ConfigError, match=r"params\.critical_codes: missing; .* `screening init` in an empty folder"):
        of_text(path.name, without)
