"""The tables of ``docs/mutation.md``: made from what ``python -m benchmarks.mutants --write`` keeps, and the survivors' reasons."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
KEPT = DOCS.parent / "benchmarks" / "mutants"
_BLOCK = re.compile(r"(<!-- (\w+): made by docs/generate\.py -->\n).*?(<!-- end -->)", re.DOTALL)


def page() -> tuple[Path, str]:
    """The page with its tables as they are now."""
    path = DOCS / "mutation.md"
    tables = {"figures": "".join(_figures()), "survivors": "".join(_survivors())}
    return path, _BLOCK.sub(lambda found: found[1] + tables[found[2]] + found[3], path.read_text(encoding="utf-8"))


def _figures() -> Iterator[str]:
    yield "| module | mutants | by cases | by boundaries | by what they show | by tests | alive | killed |\n"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|\n"
    with (KEPT / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = [(row[0], [int(cell) for cell in row[1:]]) for row in list(csv.reader(file))[1:]]
    for row in rows:
        yield _row(f"`{row[0]}`", row[1])
    whole = [sum(row[1][place] for row in rows) for place in range(6)]
    yield _row("**all**", whole)


def _row(name: str, counts: Sequence[int]) -> str:
    whole, alive = counts[0], counts[-1]
    share = f"{1 - alive / whole:.1%}" if whole else "–"
    return f"| {name} | {' | '.join(f'{count:,}' for count in counts)} | {share} |\n"


def _survivors() -> Iterator[str]:
    yield "| where | what is changed | why nobody can notice |\n|---|---|---|\n"
    kept: dict[str, list[dict[str, Any]]] = tomllib.loads((KEPT / "survivors.toml").read_text(encoding="utf-8"))
    for item in kept.get("survivor", []):
        place = f"{item['module']}.{item['where']}" if item["where"] else item["module"]
        changes = "<br>".join(f"`{what.replace('|', chr(92) + '|')}`" for what in item["what"])
        yield f"| `{place}` | {changes} | {item['reason']} |\n"
