from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import pytest

from screening.checks import Params
from screening.errors import ConfigError
from screening.model import Accounts, Context, Credit, EnforcementDebt, History, Officers, Verdict, clear
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
