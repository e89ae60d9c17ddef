"""First-run alert share: a municipality of 3,000 suppliers, judged for the first time, with no history.

    python -m benchmarks.worlds.municipality [--suppliers 3000] [--seed 1]

What is planted are the suppliers that a first run should alarm on; everything else is what a ledger holds anyway. Counted
are suppliers with a finding at HÖG or above that nothing planted explains. Each is judged twice: under the profiles of the
sample workspace, and with every rule expected of everyone, which no buyer does.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from benchmarks.process import ROOT
from benchmarks.worlds.base import lives
from benchmarks.worlds.life import Life
from benchmarks.worlds.months import Said, configured, live, rules
from benchmarks.worlds.rates import NATURAL, PLANTED

from screening.config import Config, load
from screening.model import SEVERITIES, Contract

DAY = date(2026, 11, 30)
SERIOUS = SEVERITIES[:2]
CONTRACTED = 0.35
"""Share of suppliers with a contract; the others are only paid. An assumption: most small purchases are direct."""
AWARDED_DAYS = 1_460
"""Awards are spread over four years, the usual life of a framework agreement."""
BAR = 0.15


class Share(NamedTuple):
    """How many suppliers have a finding at HÖG or above.

    Attributes:
        suppliers: all.
        planted: how many have something planted.
        found: how many of those have a serious finding.
        beyond: how many of the others do.
        by_rule: serious findings of those others, by rule.
        flags: any flags, by rule.
    """

    suppliers: int
    planted: int
    found: int
    beyond: int
    by_rule: Mapping[str, int]
    flags: Mapping[str, int]


def town(seed: int, count: int) -> list[Life]:
    """The suppliers, with what the rates say."""
    random = Random(f"town-{seed}")
    made = list(lives(seed, count, (DAY,)))
    for life in made:
        if random.random() >= CONTRACTED:
            life.contracts, life.area, life.papers = [], "", []
        life.contracts = [_awarded(contract, random.randrange(AWARDED_DAYS)) for contract in life.contracts]
    for rate in (*NATURAL, *PLANTED):  # what is planted comes last: nothing undoes it
        fitting = [life for life in made if rate.fits(life)]
        for life in random.sample(fitting, round(rate.share * len(fitting))):
            rate.befalls(life)
            life.planted.append((rate.rule, "planted" if rate in PLANTED else "alike", rate.befalls.__name__))
    return made


def _awarded(contract: Contract, days_ago: int) -> Contract:
    awarded = DAY - timedelta(days=days_ago)
    return replace(contract, awarded_on=awarded, starts_on=awarded + timedelta(days=30))


def profiles(*, all_rules: bool) -> Config:
    """The sample workspace's profiles, or one with every rule."""
    mine = configured(rules())
    return mine if all_rules else load(ROOT).model_copy(update={"organisation": mine.organisation})


def share(made: Sequence[Life], said: Said) -> Share:
    """What the first run says of the town."""
    by_rule: Counter[str] = Counter()
    flags: Counter[str] = Counter()
    found = beyond = planted = 0
    for life in made:
        verdicts = said.get(life.tag, {})
        serious = {
            rule for (rule, _key), (word, severity) in verdicts.items() if word == "flag" and severity in SERIOUS
        }
        flags.update({rule for (rule, _key), (word, _severity) in verdicts.items() if word == "flag"})
        bad = any(sort == "planted" for _rule, sort, _name in life.planted)
        planted += bad
        found += bad and bool(serious)
        if serious and not bad:
            beyond += 1
            by_rule.update(serious)
    return Share(len(made), planted, found, beyond, by_rule, flags)


def measured(seed: int, count: int, *, all_rules: bool) -> Share:
    """A town of its own, judged once."""
    made = town(seed, count)
    catalogue = rules()
    (said,) = live(made, catalogue, config=profiles(all_rules=all_rules))
    return share(made, said)


def told(found: Share) -> Iterator[str]:
    """The figures in lines."""
    whole = found.suppliers
    yield f"  {found.found:,} of {found.planted:,} with something planted have a finding at HÖG or above"
    yield f"  {found.beyond:,} of the others: {found.beyond / whole:.1%} of {whole:,} suppliers (bar {BAR:.0%})"
    for rule in sorted(found.flags):
        serious = found.by_rule.get(rule, 0)
        yield f"    {rule}: {found.flags[rule] / whole:6.2%} flagged; {serious / whole:6.2%} HÖG or above, not planted"


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suppliers", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    for all_rules, head in ((False, "profiles of the sample workspace"), (True, "every rule expected of everyone")):
        print(head)
        for line in told(measured(given.seed, given.suppliers, all_rules=all_rules)):
            print(line)


if __name__ == "__main__":
    main()
