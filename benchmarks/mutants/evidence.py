"""What every case of a rule says, with all its evidence, as text: made by the tool, read as a diff.

    python -m benchmarks.mutants.evidence [RULE …]

writes ``tests/checks/evidence/`` again. A case says what the verdict is; this says also which facts and values it shows.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from benchmarks.process import ROOT

from screening.model import Judged, Value
from screening.rules.case_table import Case
from screening.rules.cases import judge_case
from screening.rules.rule import Rule, load

FOLDER = ROOT / "tests" / "checks" / "evidence"
GENERAL = ROOT / "tests" / "checks" / "general"
"""Rules of the tests' own: the general checks have none in ``rules/`` until a controller writes one."""


def every_rule() -> Mapping[str, Rule]:
    """The catalogue and the tests' own rules, by id."""
    return {**load(ROOT / "rules"), **load(GENERAL)}


@cache
def boundaries() -> Mapping[str, tuple[Case, ...]]:
    """Rule -> cases too fine for its own file."""
    document = tomllib.loads((FOLDER.parent / "boundaries.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    found: dict[str, list[Case]] = {}
    for given in document["case"]:
        case = {key: value for key, value in given.items() if key != "rule"}
        found.setdefault(given["rule"], []).append(Case.model_validate(case))
    return {name: tuple(cases) for name, cases in found.items()}


def told(rule: Rule) -> str:
    """Case by case: each verdict on a line, then what it shows."""
    return "".join(f"{line}\n" for line in _lines(rule))


def changed(rule: Rule) -> list[str]:
    """The names of cases that show something else than what is kept; a case that is new, or gone, is no change."""
    if not path_of(rule).exists():
        return []
    kept, now = _by_case(path_of(rule).read_text(encoding="utf-8")), _by_case(told(rule))
    return [name for name in now if name in kept and now[name] != kept[name]]


def _by_case(text: str) -> dict[str, str]:
    parts = (part.partition("\n") for part in text.split("# ")[1:])
    return {name: shown for name, _line, shown in parts}


def path_of(rule: Rule) -> Path:
    """Where it is kept."""
    return FOLDER / f"{Path(rule.file).stem}.txt"


def _lines(rule: Rule) -> Iterator[str]:
    for case in (*rule.cases, *boundaries().get(rule.id, ())):
        yield f"# {case.name}"
        for item in judge_case(rule, case):
            yield "  ".join(part for part in _verdict(item) if part)
            for name, value in sorted(item.verdict.seen.items()):
                if value is not None:
                    yield f"    {name} = {_value(value)}"


def _verdict(item: Judged) -> Iterator[str]:
    verdict = item.verdict
    yield verdict.outcome
    yield item.scope_key
    yield item.severity or ""
    yield verdict.level and f"level {verdict.level}"
    yield verdict.reason
    yield "" if item.measure is None else f"measure {_value(item.measure)}"
    yield (
        verdict.facts
        and "from "
        + ", ".join(
            f"{fact.kind} {fact.scope_key} {fact.provenance.as_of}".replace("  ", " ") for fact in verdict.facts
        )
    ) or ""
    yield (verdict.missing and "without " + ", ".join(verdict.missing)) or ""


def _value(value: Value) -> str:
    """A number to eight places, so that two ways to the same share read the same."""
    if isinstance(value, Decimal):
        return f"{value:.8f}".rstrip("0").rstrip(".")
    return str(value)


def main() -> None:
    """Writes the files of these rules; of all when none is named."""
    FOLDER.mkdir(exist_ok=True)
    for rule in every_rule().values():
        if len(sys.argv) == 1 or rule.id in sys.argv[1:]:
            path_of(rule).write_text(told(rule), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
