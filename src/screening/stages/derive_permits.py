"""Who has no permit, where a register of permits was read: "we looked and there is none" is a fact."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime

from screening.model import CarePermit, Dossier, Fact, Origin, Provenance
from screening.rules import Judging
from screening.store import InputFile, Run, Store

PERMIT = CarePermit.kind


def permits_missing(
    store: Store, run: Run, judging: Judging, files: Collection[InputFile], at: datetime
) -> Iterator[tuple[str, Fact]]:
    """For each supplier that a permit is looked for: that the register read in this run has none, or a former one no more.

    Where every register that was read is doubtful (it shrank), the gap says so instead.

    Args:
        store: holds the run's population, and the permits that intake read.
        run: the run.
        judging: of whom a permit is expected.
        files: the registers that were read in this run, well read ones first.
        at: the run's clock.
    """
    if not files or PERMIT not in judging.kinds:
        return
    file = next(iter(files))
    sources = {item.connector for item in files}
    came = Provenance(
        source=file.connector,
        origin=Origin.AUTHORITY,
        as_of=run.as_of,
        fetched_at=at,
        request_ref=file.name,
        raw_sha256=file.sha256,
    )
    for dossier in store.dossiers(run.id, judging.register_kinds | {PERMIT}, run.as_of, {}):
        if dossier.supplier.kind == "unidentified" or not _is_looked_for(judging, dossier):
            continue
        earlier = [fact for fact in _of(dossier, sources) if not _seen_in(run, fact)]
        read = any(_seen_in(run, fact) for fact in _of(dossier, sources))
        if file.doubtful:
            if not read:
                store.put_gap(run.id, dossier.supplier.id, PERMIT, file.connector, "doubtful", "", at)
            continue
        for fact in earlier:
            if fact.state in ("valid", "pending"):
                yield dossier.supplier.id, replace(fact, provenance=came, state="ended")
        if not read:
            yield dossier.supplier.id, CarePermit(provenance=came, state="none")


def _is_looked_for(judging: Judging, dossier: Dossier) -> bool:
    """Whether some rule expected of the supplier uses permits, for a contract."""
    return any(
        PERMIT in expected.rule.binding.kinds and expected.contracts and expected.concerned
        for expected in judging.expectation(dossier).rules.values()
    )


def _of(dossier: Dossier, sources: Collection[str]) -> Iterator[CarePermit]:
    """The newest of each service that a register told."""
    newest: dict[tuple[str, str], CarePermit] = {}
    for kind, rows in dossier.facts.items():
        if kind.partition("@")[0] == PERMIT:
            for fact in rows:
                if isinstance(fact, CarePermit) and fact.provenance.source in sources:
                    newest[fact.provenance.source, fact.scope_key] = fact
    return iter(newest.values())


def _seen_in(run: Run, fact: CarePermit) -> bool:
    """Whether a file of this run told it: a note that there is none was made by us, not told."""
    came = fact.provenance
    return fact.state != "none" and max(came.fetched_at, came.confirmed_at or came.fetched_at) >= run.started
