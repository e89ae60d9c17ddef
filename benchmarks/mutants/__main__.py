"""Which small changes of the checks nobody would notice.

    python -m benchmarks.mutants [MODULE …] [--write]

First the rules' own cases try each mutant, then what they show (``tests/checks/evidence``), then the tests that name the
module; a mutant that runs for more than ten seconds is killed. Survivors that are known, with the reason, stand in
``survivors.toml``: one that is not listed there, or a listed one that is killed, is told, and the exit code is 1.
``--write`` keeps the figures for ``docs/mutation.md``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from benchmarks.mutants.known import BAR, Figures, Survivor, keep, read, survivors
from benchmarks.mutants.places import mutants
from benchmarks.mutants.trying import BY, Worker, files_of
from benchmarks.mutants.worker import CHECKS, modules
from benchmarks.process import ROOT


def tried(module: str, *, with_tests: bool) -> Iterator[tuple[Survivor, int, str]]:
    """Every mutant of the module as (what it is, line, who noticed it).

    Raises:
        RuntimeError: the module as it is fails; whoever fails anyway notices nothing.
    """
    original = (CHECKS / f"{module}.py").read_text(encoding="utf-8")
    files = files_of(module) if with_tests else []
    with Worker() as worker:
        if (by := worker.noticed(module, original, files)) != "nobody":
            message = f"{module}: {by} fail with it as it is; expected them to pass before anything is changed"
            raise RuntimeError(message)
        for mutant in mutants(original):
            yield Survivor(module, mutant.where, mutant.what), mutant.line, worker.noticed(module, mutant.source, files)


def main() -> int:
    """Tries, and prints a line per module and per survivor."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("module", nargs="*", help="modules of src/screening/checks; all by default")
    parser.add_argument("--cases-only", action="store_true", help="do not try survivors with pytest")
    parser.add_argument("--write", action="store_true", help="keep the figures for docs/mutation.md")
    given = parser.parse_args()
    known = survivors()
    figures: list[Figures] = []
    untold = 0
    for module in given.module or modules():
        figure = Figures(module, 0, *(0 for _ in BY))
        alive: dict[Survivor, int] = {}
        for what, line, by in tried(module, with_tests=not given.cases_only):
            figure = figure.with_one(by)
            if by == "nobody":
                alive[what] = line
        figures.append(figure)
        print(f"{module:<28}{figure.mutants:>6} mutants, {figure.killed:>6} killed: {figure.share:.1%}", flush=True)
        for what, line in alive.items():
            reason = known.get(what)
            untold += reason is None
            print(f"    line {line}: {what.where}: {what.what}  [{reason or 'NOT LISTED'}]", flush=True)
        gone = [what for what in known if what.module == module and what not in alive]
        untold += len(gone)
        for what in gone:
            print(f"    LISTED, BUT NO SURVIVOR: {what.where}: {what.what}", flush=True)
    whole, killed = sum(item.mutants for item in figures), sum(item.killed for item in figures)
    print(f"{'all':<28}{whole:>6} mutants, {killed:>6} killed: {killed / max(whole, 1):.1%} (bar {BAR:.0%})")
    if given.write:
        keep({**read(), **{item.module: item for item in figures}})
        print(f"kept in {(ROOT / 'benchmarks/mutants').relative_to(ROOT)}; run docs/generate.py")
    return 1 if untold or killed < BAR * whole else 0


if __name__ == "__main__":
    sys.exit(main())
