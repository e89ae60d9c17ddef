"""Every measurement of ``docs/performance.md`` in one table.

    python -m benchmarks [--quick]

The whole takes about half an hour on two cores, most of it filling a store with a million suppliers; ``--quick`` takes the
same measurements on a tenth of the rows and without the million, in a minute or two, to see that they run: fixed costs weigh more
there, so it says nothing of the bars. Nothing fails for being slow: the table says what is over its bar.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks import client, decisions, intake, judge, pace, process, sample, whole, workbook
from benchmarks.process import Figures, mib

ROW = "{:<46} {:>12} {:>12} {:>7} {:>10} {:>16}  {}"


class Line(NamedTuple):
    """One line of the table; ``fits`` is ``None`` where no bar is set."""

    what: str
    ours: str
    bare: str
    ratio: str
    memory: str
    bar: str
    fits: bool | None


def judging(suppliers: int, rounds: int) -> Iterator[Line]:
    """Ours and the pandas masks over one store."""
    with tempfile.TemporaryDirectory() as folder:
        mine, masks, named = judge.measured(Path(folder), suppliers, rounds)
    what = f"judge {suppliers:,} suppliers, {len(judge.SNAPSHOT)} rules"
    yield _against(what, mine, masks, 150)
    yield Line(f"  with {judge.NAMES}", f"{named['seconds']:.1f} s", "-", "-", mib(named["mib"]), "-", None)


def reading(rows: int, sheet_rows: int, rounds: int) -> Iterator[Line]:
    """Ours and bare pandas over one file."""
    with tempfile.TemporaryDirectory() as folder:
        made = intake.files(Path(folder), rows, sheet_rows, 9_000)
        for path, count in zip(made, (rows, sheet_rows), strict=True):
            script, read, whole = intake.measured(path, rounds)
            kind = path.suffix[1:].upper()
            yield _against(f"intake of {kind}, {count:,} rows: read and summed", read, script, None)
            yield _against(f"intake of {kind}, {count:,} rows: whole stage", whole, script, None)


def asking(calls: int) -> Iterator[Line]:
    """Ours and a bare loop over one transport."""
    for connections, bare, ours in client.measured(calls):
        share = ours / bare
        what = f"ask over {connections} connections"
        yield Line(
            what, f"{ours:.0f}/s", f"{bare:.0f}/s", f"{share:.2f}", "-", f">= {client.LEAST}", share >= client.LEAST
        )


def storing(suppliers: int) -> Iterator[Line]:
    """The whole stage with storing: what it takes in time, and in memory for ten times as many suppliers."""
    for count in (suppliers, 10 * suppliers):
        found = client.stored_in_turn(count, 8)
        yield Line(
            f"  and store, {count:,} suppliers", f"{found['rate']:.0f}/s", "-", "-", mib(found["mib"]), "-", None
        )


def pacing(suppliers: int) -> Iterator[Line]:
    """Three sources in three waves, against the bound that their limits set."""
    took, bound = pace.measured(suppliers)
    what = f"three waves of {suppliers:,} calls, {pace.RATE}/s"
    ratio = took / bound
    yield Line(what, f"{took:.1f} s", f"{bound:.1f} s", f"{ratio:.2f}", "-", f"<= {pace.MOST}", ratio <= pace.MOST)


def cataloguing(suppliers: int) -> Iterator[Line]:
    """Every rule over a year of history; larger stores by ``python -m benchmarks.whole``."""
    with tempfile.TemporaryDirectory() as folder:
        process.run("whole", "--only", "fill", "--folder", folder, "--suppliers", suppliers)
        found = process.run("whole", "--only", "judge", "--folder", folder, "--rules")
    what = f"{found['suppliers']:,} suppliers, a year, {found['rules']} rules"
    bar = f"< {whole.BAR_MIB} MiB"
    fits = found["mib"] is None or found["mib"] < whole.BAR_MIB
    yield Line(what, f"{found['seconds']:.1f} s", "-", "-", mib(found["mib"]), bar, fits)


def writing(flags: int, rounds: int) -> Iterator[Line]:
    """Ours with looks, links and checks, and the faster of two bare writes of the same cells."""
    ours, *bare = workbook.measured(flags, rounds)
    yield _against(f"workbook of {flags:,} flags", ours, min(bare, key=lambda item: float(item["seconds"])), None)


def deciding(flags: int) -> Iterator[Line]:
    """A workbook in which every flag has been decided on, against openpyxl reading its cells."""
    found = decisions.measured(flags)
    what, bare = f"read back {flags:,} decisions, with the answer", f"{found['bare']:.2f} s"
    seconds, again = float(found["seconds"]), float(found["again"])
    ratio = f"{seconds / float(found['bare']):.2f}"
    bar = f"< {decisions.BAR} s"
    yield Line(what, f"{seconds:.2f} s", bare, ratio, mib(found["mib"]), bar, seconds < decisions.BAR)
    yield Line("  the same file again", f"{again:.2f} s", "-", "-", "-", bar, again < decisions.BAR)


def months() -> Iterator[Line]:
    """The sample, as ``make run`` does it."""
    first, second = sample.measured()
    yield Line("sample, three months, first time", f"{first:.1f} s", "-", "-", "-", "-", None)
    yield Line("sample, three months, second time", f"{second:.1f} s", "-", "-", "-", "< 30 s", second < 30)


def _against(what: str, ours: Figures, bare: Figures, limit: int | None) -> Line:
    ratio = ours["seconds"] / bare["seconds"]
    fits = ratio <= 2 and (limit is None or ours["mib"] is None or ours["mib"] < limit)
    bar = "<= 2" if limit is None else f"<= 2, < {limit} MiB"
    return Line(
        what, f"{ours['seconds']:.2f} s", f"{bare['seconds']:.2f} s", f"{ratio:.2f}", mib(ours["mib"]), bar, fits
    )


def main() -> None:
    """Measures and prints line by line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows, one round, no million")
    quick = parser.parse_args().quick
    rounds = 1 if quick else 3
    print(ROW.format("measured", "ours", "bare", "ratio", "memory", "bar", ""))
    parts = [months(), asking(1_000 if quick else 3_000), storing(300 if quick else 3_000)]
    parts += [pacing(200 if quick else 2_000), cataloguing(1_000 if quick else 10_000)]
    parts += [reading(100_000, 10_000, rounds) if quick else reading(1_000_000, 100_000, rounds)]
    parts += [judging(10_000, rounds)] if quick else [judging(100_000, rounds), judging(1_000_000, 2)]
    parts += [writing(2_000 if quick else 20_000, rounds)]
    parts += [deciding(2_000 if quick else 20_000)]
    for part in parts:
        for line in part:
            verdict = "" if quick else {None: "", True: "within", False: "OVER"}[line.fits]
            print(ROW.format(*line[:-1], verdict), flush=True)


if __name__ == "__main__":
    main()
