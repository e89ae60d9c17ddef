"""A changed rule on stored history: every finished month judged twice, as of its day; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from screening.config import Config
from screening.errors import UsageError
from screening.identity import mask_text
from screening.model import Dossier, Judged, Severity
from screening.rules import Judging, Rule
from screening.rules.trial import Difference, Month
from screening.store import Decision, Run, Store

ALWAYS = "9999-12"
"""A period after every other: the newest decision of all."""


def months(store: Store, first: str | None, last: str | None) -> list[Run]:
    """The finished monthly runs of the periods, oldest first.

    Raises:
        UsageError: there is none.
    """
    finished = [run for run in store.runs(kind="monthly") if run.finished is not None and run.replaced_by is None]
    found = [run for run in reversed(finished) if (first or "") <= run.period <= (last or ALWAYS)]
    if not found:
        have = ", ".join(run.period for run in reversed(finished)) or "inga"
        message = f"ingen klar månadskörning i de perioderna; klara: {have}"
        raise UsageError(message)
    return found


def trial(
    store: Store,
    config: Config,
    rules: Mapping[str, Rule],
    changed: Rule,
    precedence: Mapping[str, tuple[str, ...]],
    runs: list[Run],
) -> Iterator[Month]:
    """Each run's suppliers judged by the rule as it is and as changed, on the facts known on the run's day.

    Both sides use today's profiles and rules, so that only the change tells them apart.

    Raises:
        UsageError: no profile expects the rule.
    """
    return _judged_twice(store, _narrowed(config, rules, changed), rules, changed, precedence, runs)


def _judged_twice(
    store: Store,
    narrow: Config,
    rules: Mapping[str, Rule],
    changed: Rule,
    precedence: Mapping[str, tuple[str, ...]],
    runs: list[Run],
) -> Iterator[Month]:
    decisions = store.newest_decisions(ALWAYS)
    for run in runs:
        month = Month(run.id, run.period, run.as_of)
        as_is, as_changed = (Judging(own, narrow, run.as_of) for own in (rules, {**rules, changed.id: changed}))
        for dossier in store.dossiers(run.id, as_is.kinds | as_changed.kinds, run.as_of, precedence):
            before, after = (_of(judging.judge(dossier), changed.id) for judging in (as_is, as_changed))
            month.flags_before += sum(item.verdict.outcome == "flag" for item in before.values())
            month.flags_after += sum(item.verdict.outcome == "flag" for item in after.values())
            for key in sorted(before.keys() | after.keys()):
                _compare(store, month, dossier, before.get(key), after.get(key), changed, decisions)
        yield month


def _narrowed(config: Config, rules: Mapping[str, Rule], changed: Rule) -> Config:
    """The profiles with this rule alone, and those that stop it or raise its severity."""
    if not any(changed.id in profile.rules for profile in config.profile):
        message = f"{changed.id}: ingen profil i screening.toml förväntar regeln; lägg till den i en profils rules och pröva igen"
        raise UsageError(message)
    raisers = changed.table.raised_by.rules if changed.table.raised_by else ()
    kept = {changed.id, *raisers, *(name for name, rule in rules.items() if rule.table.stops_others)}
    return config.for_rules(kept)


def _of(judged: list[Judged], rule: str) -> dict[str, Judged]:
    return {item.scope_key: item for item in judged if item.rule == rule}


def _compare(
    store: Store,
    month: Month,
    dossier: Dossier,
    before: Judged | None,
    after: Judged | None,
    rule: Rule,
    decisions: Mapping[str, Decision],
) -> None:
    was, becomes = _state(before), _state(after)
    if was == becomes:
        return
    item = after if after is not None and after.verdict.outcome == "flag" else before or after
    assert item is not None
    flagged = [side is not None and side.verdict.outcome == "flag" for side in (before, after)]
    if not any(flagged):
        return  # what cannot be judged, or does not concern, is no finding that comes or goes
    finding_id = store.finding_id(rule.id, dossier.supplier.id, item.scope_key)
    supplier = dossier.supplier
    difference = Difference(
        finding_id=finding_id,
        supplier=mask_text(supplier.name),
        number=supplier.identity.display if supplier.identity is not None else "",
        before=was,
        after=becomes,
        amount_sek=item.measure if (rule.table.measure or "").endswith("_sek") else None,
        bought_sek=dossier.spend.last_12_months_sek,
        decision=decided.assessment if (decided := decisions.get(finding_id)) is not None else "",
    )
    (month.altered if all(flagged) else month.came if flagged[1] else month.went).append(difference)


def _state(item: Judged | None) -> Severity | str:
    if item is None:
        return "not_applicable"
    return item.severity or item.verdict.outcome
