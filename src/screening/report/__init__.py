"""What a run leaves: rows of every sheet as data, workbooks, findings.jsonl, the manifest, and the card of a check.

The writer of workbooks is loaded when one is written: a card needs none of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from screening.config import Config
    from screening.connectors import Connector
    from screening.rules import Rule
    from screening.store import Run, Store

__all__ = ["build_sheets", "sweep", "write_reports"]


def build_sheets(
    store: Store, run: Run, config: Config, rules: Mapping[str, Rule], sources: Mapping[str, Connector]
) -> None:
    """Builds and stores the finished rows of every sheet, and whom findings.jsonl names; see ``report.sheets``."""
    from screening.report import jsonl, sheets  # noqa: PLC0415 - see above

    sheets.build_sheets(store, run, config, rules, sources)
    jsonl.keep_names(store, run)


def write_reports(
    store: Store,
    run: Run,
    config: Config,
    folder: Path,
    tell: Callable[[str], None] | None = None,
) -> list[Path]:
    """Renders what the run stored into ``folder/<period>``; see ``report.files``."""
    from screening.report import files  # noqa: PLC0415 - see above

    return files.write_reports(store, run, config, folder, tell)


def sweep(folder: Path) -> None:
    """Takes away what a killed run left half-made in the reports folder; see ``report.files``."""
    from screening.report import files  # noqa: PLC0415 - see above

    files.sweep(folder)
