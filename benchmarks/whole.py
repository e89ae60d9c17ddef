# ruff: noqa: PLC0415 - what is imported is part of what is measured
"""Judging by the whole catalogue, streamed from a store with a year of history: time against suppliers and against rules.

    python -m benchmarks.whole [--suppliers 10000 100000 1000000] [--rules 5 10 20 30] [--folder DIR]

The store holds a labelled world (organisations only) that has lived twelve months through the real stages, copied inside
the database until there are enough; each copy has its own suppliers, contracts, spend, facts and gaps. Left out is the
log of equal answers, which only judging an earlier day reads. Every rule is expected of every supplier. Each
measurement runs in a process of its own; times are of its processor, since others use the machine; memory is the peak above what the imports took.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from benchmarks.process import Figures, above, mib, peak_mib, run

TEMPLATE = 1_000
MONTHS = 12
EVENTFUL = 0.10  # share of suppliers with something planted, as a municipality may have
FREE = 2_000_000  # of the series of numbers: what the worlds themselves do not use
BAR_MIB = 150
NAME = "whole.db"


class Line(NamedTuple):
    """A straight line through measurements: seconds = ``start`` + ``slope`` times what was varied, and how well it fits."""

    start: float
    slope: float
    r_squared: float


def fit(points: Sequence[tuple[float, float]]) -> Line:
    """The least-squares line and its R²."""
    count = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread
    start = mean_y - slope * mean_x
    left = sum((y - start - slope * x) ** 2 for x, y in points)
    whole = sum((y - mean_y) ** 2 for _, y in points)
    return Line(start, slope, 1 - left / whole if whole else 1.0)


def fill(
    folder: Path, suppliers: int, *, template: int = TEMPLATE, months_lived: int = MONTHS, seed: int = 1
) -> Figures:
    """A store in ``folder`` with so many suppliers and a year of history."""
    from benchmarks.judge_store import copied
    from benchmarks.worlds import months, world

    from screening.store import Store

    started = time.perf_counter()
    made = [
        life
        for life in world.grown(seed, min(template, suppliers), months_lived, share=EVENTFUL)
        if life.kind == "organisation"
    ]
    catalogue = months.rules()
    with Store.open(f"sqlite:///{NAME}", folder, organisation=months.OWNER) as store:
        for _said in months.live(made, catalogue, store=store):
            pass
        last = store.runs(kind="monthly")[0]
        ids = [supplier.id for supplier in store.suppliers(last.id)]
        for round_, start in enumerate(range(len(ids), suppliers, len(ids)), start=1):
            copied(store, last, ids[: suppliers - start], round_, FREE + start)
    return {"seconds": time.perf_counter() - started}


def judged(folder: Path, count: int | None) -> Figures:
    """The stage as a run does it, by the first ``count`` rules of the catalogue (spread over the families), or by all."""
    from benchmarks.worlds import months

    from screening.stages.judge import judge
    from screening.store import Store

    catalogue = months.rules()
    chosen = spread(tuple(catalogue), count)
    config = months.configured({name: catalogue[name] for name in chosen})
    with Store.open(f"sqlite:///{NAME}", folder, organisation=months.OWNER) as store:
        last = store.runs(kind="monthly")[0]
        before = peak_mib()
        started, used = time.perf_counter(), time.process_time()
        tally = judge(store, last, config, catalogue, {})
        seconds, cpu = time.perf_counter() - started, time.process_time() - used
    verdicts = sum(sum(counts.values()) for counts in tally.coverage.values())
    return {
        "seconds": seconds,
        "cpu": cpu,
        "mib": above(before),
        "verdicts": verdicts,
        "rules": len(chosen),
        "suppliers": tally.in_scope,
    }


def spread(names: tuple[str, ...], count: int | None) -> tuple[str, ...]:
    """So many of the names, evenly over all; those that a rule needs to be raised by may be left out."""
    if count is None or count >= len(names):
        return names
    return tuple(names[place * len(names) // count] for place in range(count))


def main() -> None:
    """Measures and prints line by line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--suppliers", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rules", type=int, nargs="*", default=[5, 10, 20, 30])
    parser.add_argument("--folder", type=Path, help="where stores are made and kept; temporary ones by default")
    parser.add_argument("--only", choices=("fill", "judge"))
    given = parser.parse_args()
    if given.only == "fill":
        print(json.dumps(fill(given.folder, given.suppliers[0])))
    elif given.only == "judge":
        print(json.dumps(judged(given.folder, given.rules[0] if given.rules else None)))
    else:
        _measure(given.suppliers, given.rules, given.folder)


def _measure(sizes: Sequence[int], counts: Sequence[int], where: Path | None) -> None:
    points: list[tuple[float, float]] = []
    for size in sizes:
        with _folder(where, size) as folder:
            built = None
            if not (folder / NAME).exists():
                built = run("whole", "--only", "fill", "--folder", folder, "--suppliers", size)
            found = run("whole", "--only", "judge", "--folder", folder, "--rules")
            points.append((found["suppliers"], found["cpu"]))
            print(_told(found, built), flush=True)
            if size == sizes[0]:
                _by_rules(folder, counts, found)
    if len(points) > 1:
        line = fit(points)
        print(f"suppliers: {line.start:.1f} s + {line.slope * 1e6:.0f} µs each; R² {line.r_squared:.5f}")


@contextmanager
def _folder(where: Path | None, size: int) -> Iterator[Path]:
    """A folder for one store: kept when the caller named a place."""
    if where is not None:
        folder = where / str(size)
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary)


def _by_rules(folder: Path, counts: Sequence[int], whole: Figures) -> None:
    points = [(float(whole["rules"]), float(whole["cpu"]))]
    for count in counts:
        found = run("whole", "--only", "judge", "--folder", folder, "--rules", count)
        points.append((found["rules"], found["cpu"]))
        print(_told(found, None), flush=True)
    if not counts:
        return
    line = fit(points)
    print(f"rules: {line.start:.2f} s + {line.slope:.3f} s each; R² {line.r_squared:.4f}", flush=True)


def _told(found: Figures, built: Figures | None) -> str:
    each = found["cpu"] / found["suppliers"] * 1e6
    more = "" if built is None else f", built in {built['seconds']:.0f} s"
    return (
        f"{found['suppliers']:>10,} suppliers, {found['rules']:>2} rules: {found['cpu']:8.2f} s of processor time, "
        f"{found['seconds']:8.2f} s in all, {each:6.0f} µs each, {found['verdicts']:,} verdicts, "
        f"{mib(found['mib'])} above imports (bar {BAR_MIB}){more}"
    )


if __name__ == "__main__":
    main()
