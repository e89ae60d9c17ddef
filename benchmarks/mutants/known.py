"""What is kept of a run: the figures of each module, and the survivors with the reason that each may live."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

BAR = 0.95
FOLDER = Path(__file__).resolve().parent
FIGURES = FOLDER / "figures.csv"
SURVIVORS = FOLDER / "survivors.toml"


class Survivor(NamedTuple):
    """One mutant, known again when lines have moved: module, function, and the code with its change."""

    module: str
    where: str
    what: str


class Figures(NamedTuple):
    """How many mutants of one module there are, and who noticed them."""

    module: str
    mutants: int
    cases: int
    boundaries: int
    evidence: int
    tests: int
    nobody: int

    def with_one(self, by: str) -> Figures:
        """One more, noticed by ``by``."""
        return self._replace(mutants=self.mutants + 1, **{by: getattr(self, by) + 1})

    @property
    def killed(self) -> int:
        """Those that somebody noticed."""
        return self.mutants - self.nobody

    @property
    def share(self) -> float:
        """Killed of all; 1 of none."""
        return self.killed / self.mutants if self.mutants else 1.0


def survivors() -> Mapping[Survivor, str]:
    """The known ones with the reason; several changes of one place may share it."""
    found: dict[Survivor, str] = {}
    for item in tomllib.loads(SURVIVORS.read_text(encoding="utf-8")).get("survivor", []):
        for what in item["what"]:
            found[Survivor(item["module"], item["where"], what)] = item["reason"]
    return found


def read() -> Mapping[str, Figures]:
    """The figures kept, by module."""
    if not FIGURES.is_file():
        return {}
    with FIGURES.open(encoding="utf-8", newline="") as file:
        rows = [Figures(row[0], *map(int, row[1:])) for row in list(csv.reader(file))[1:]]
    return {row.module: row for row in rows}


def keep(figures: Mapping[str, Figures]) -> None:
    """Writes them, in order of module."""
    with FIGURES.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(Figures._fields)
        writer.writerows(figures[name] for name in sorted(figures))
