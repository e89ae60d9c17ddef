"""The sample's three months, opened once: what evidence is gathered from."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from screening.model import Finding
from screening.pipeline import supplier_of
from screening.report.evidence import Evidence, gather
from screening.workspace import Workspace, open_workspace


@pytest.fixture(scope="package")
def sample(three_months: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A copy of the three months. What a test adds stays for the others of this folder."""
    home = Path(shutil.copytree(three_months, tmp_path_factory.mktemp("evidence") / "home"))
    with open_workspace(home) as workspace:
        yield workspace


@pytest.fixture(scope="package")
def flags(sample: Workspace) -> list[Finding]:
    """The flags that stand in November."""
    standing = ("new", "remaining", "worse")
    return [
        item
        for item in sample.store.findings("M-2026-11-1")
        if item.outcome == "flag" and item.verdict == "flag" and item.status in standing
    ]


@pytest.fixture(scope="package")
def gathered(sample: Workspace) -> Callable[..., Evidence]:
    """Evidence for a finding id or a supplier."""

    def of(subject: str, run_id: str | None = None) -> Evidence:
        return gather(sample.store, sample.config, subject, lambda text: supplier_of(sample.store, text), run_id)

    return of
