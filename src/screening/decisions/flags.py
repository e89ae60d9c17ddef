"""Decisions on flags: what is asked for in *Flaggor*, set against what is stored and what the flag is today."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from screening.decisions.answer import Answer, Remark, remark
from screening.decisions.columns import DIARY, REPLY_BY, UNTIL, WHAT, WHO, WHY
from screening.decisions.seal import plain
from screening.decisions.standing import ACCEPTED, FALSE_HIT, pair_of, worse
from screening.decisions.wishes import Wish, merged, together
from screening.model import Finding
from screening.store import Decision, Run, Store

LONG = timedelta(days=731)
WRONG_NAME = "IDE-01"
CLOSED = frozenset({"resolved", "ended"})


@dataclass(slots=True)
class Known:
    """What the store knows when decisions are read in: read once, however many rows there are."""

    store: Store
    by: str
    at: datetime
    worse_share: Decimal
    decisions: Mapping[str, list[Decision]] = field(default_factory=dict)
    newest: Run | None = None
    _states: dict[str, dict[str, Finding]] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store, by: str, at: datetime, worse_share: Decimal) -> Known:
        """Everything decided so far, and the newest finished run."""
        found: dict[str, list[Decision]] = defaultdict(list)
        for item in store.decisions():
            found[item.finding_id].append(item)
        finished = (run for run in store.runs(kind="monthly") if run.state != "running" and run.replaced_by is None)
        return cls(store, by, at, worse_share, found, next(finished, None))

    def state(self, run: Run, finding_id: str) -> Finding | None:
        """The finding as a run left it."""
        if run.id not in self._states:
            self._states[run.id] = {item.finding_id: item for item in self.store.findings(run.id)}
        return self._states[run.id].get(finding_id)


def decide(known: Known, wishes: Sequence[Wish]) -> tuple[list[Decision], list[Answer]]:
    """What to store, and what to answer of each row."""
    by_finding: dict[tuple[str, ...], list[Wish]] = defaultdict(list)
    decisions: list[Decision] = []
    answers: list[Answer] = []
    for item in wishes:
        earlier = _earlier(known, item)
        if earlier is None:
            by_finding[item.key].append(item)
        else:
            answers += _answers([item], _Said(remarks=(_overtaken(known, earlier),), known=True))
    for rows in by_finding.values():
        weighed = list(merged(rows))
        if any(against or item.problems for item, against in weighed):
            answers += [_refused(item, (*item.problems, *against)) for item, against in weighed]
            continue
        decision, said = _decide(known, together(rows))
        decisions += [decision] if decision else []
        answers += _answers(rows, said)
    return decisions, answers


@dataclass(frozen=True, slots=True)
class _Said:
    """What came of rows that agree."""

    problems: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    known: bool = False


def _answers(rows: Iterable[Wish], said: _Said) -> Iterator[Answer]:
    first = min(item.place for item in rows)
    for item in rows:
        if said.problems:
            yield _refused(item, said.problems)
            continue
        also = (remark("merged", place=first),) if item.place != first else ()
        remarks = (*said.remarks, *also, *item.remarks)
        yield Answer(
            "known" if said.known else "taken", item.place, item.key[1], item.supplier, item.written(), remarks
        )


def _refused(item: Wish, problems: Sequence[Remark]) -> Answer:
    told = [*problems, *(note for note in item.remarks if note not in problems)]
    return Answer("refused", item.place, item.key[1], item.supplier, item.written(), tuple(told))


def _decide(known: Known, item: Wish) -> tuple[Decision | None, _Said]:
    """One finding's decision, or why there is none."""
    finding_id = item.key[1]
    then = known.state(item.run, finding_id)
    if then is None:
        return None, _Said((remark("unknown_id", id=finding_id, run=item.run.id),))
    decision = _made(known, item, then)
    stored = known.decisions.get(finding_id, [])
    if problems := tuple(_invalid(item)):
        return None, _Said(problems)
    since = next((other for other in reversed(stored) if other.id > then.decision), None)
    problems, remarks = _against_stored(decision, since)
    found, told = _against_today(known, item.run, then)
    if problems := (*problems, *found):
        return None, _Said(problems)
    if since is not None and _core(since) == _core(decision) and since.by != decision.by:
        told = (*told, remark("agreed", by=since.by))
        if not _adds(decision, since):
            return None, _Said(remarks=told, known=True)
    return decision, _Said(remarks=(*remarks, *told, *_notes(known, item)))


def _made(known: Known, item: Wish, then: Finding) -> Decision:
    return Decision(
        finding_id=then.finding_id,
        by=item.text(WHO) or known.by,
        assessment=item.text(WHAT),
        reason=item.text(WHY),
        until=item.day(UNTIL),
        diary=item.text(DIARY),
        reply_by=item.day(REPLY_BY),
        at=known.at,
        file_sha=item.sha,
        place=item.place.said(),
        run_id=item.run.id,
        period=item.run.period,
        severity=then.severity,
        measure=then.measure,
        occurrence=then.occurrence,
        pair=pair_of(then),
    )


def _invalid(item: Wish) -> Iterator[Remark]:
    """What a decision lacks."""
    word, until = item.text(WHAT), item.day(UNTIL)
    if not word:
        yield remark("no_word", column=WHAT, words=", ".join(item.form.words))
    if word in (ACCEPTED, FALSE_HIT):
        if not item.text(WHY):
            yield remark("no_reason", word=word)
        if until is not None and until < item.run.as_of:
            yield remark("past_day", day=until.isoformat(), as_of=item.run.as_of.isoformat())
    if word == ACCEPTED and until is None:
        yield remark("no_until", word=word)


def _notes(known: Known, item: Wish) -> Iterator[Remark]:
    """What should be known of a decision that was taken."""
    until = item.day(UNTIL)
    if not item.text(WHO):
        yield remark("no_who", column=WHO, by=known.by)
    if until is not None and until - item.run.as_of > LONG:
        yield remark("long_day", day=until.isoformat())
    if item.text(WHAT) == FALSE_HIT and item.key[1].startswith(WRONG_NAME):
        yield remark("number_accepted")


# --- against what is stored -------------------------------------------------------------------------------------------
def _core(item: Decision) -> tuple[str, date | None]:
    return (item.assessment, item.until)


def _adds(decision: Decision, since: Decision) -> bool:
    """Whether somebody who decided the same wrote a reason, a diary number or a day of one's own: that is kept, too."""
    return any(
        said and said != before
        for said, before in (
            (decision.reason, since.reason),
            (decision.diary, since.diary),
            (decision.reply_by, since.reply_by),
        )
    )


def _earlier(known: Known, item: Wish) -> Decision | None:
    """The decision that the row was read in as before: stored from the same run, and saying all that the row says."""
    if item.problems:
        return None
    said = {WHO: "by", WHAT: "assessment", WHY: "reason", UNTIL: "until", DIARY: "diary", REPLY_BY: "reply_by"}
    for other in known.decisions.get(item.key[1], ()):
        if other.run_id == item.run.id and all(_says(other, said[name], item.values[name]) for name in item.values):
            return other
    return None


def _says(decision: Decision, name: str, value: str | date) -> bool:
    stored = getattr(decision, name)
    return bool(value == stored) or (name == "by" and value in str(stored).split(", "))


def _overtaken(known: Known, earlier: Decision) -> Remark:
    newest = known.decisions[earlier.finding_id][-1]
    if newest.id == earlier.id:
        return remark("known")
    return remark("known_overtaken", by=newest.by, assessment=newest.assessment)


def _against_stored(decision: Decision, since: Decision | None) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """Problems and remarks: a decision stored after the workbook was written stands, unless the same person changes it."""
    if since is None or _core(since) == _core(decision):
        return (), ()
    if since.by.casefold() == decision.by.casefold():
        return (), (remark("replaces", by=since.by, assessment=since.assessment),)
    return (remark("decided_since", by=since.by, assessment=since.assessment, where=since.place or since.period),), ()


def _against_today(known: Known, run: Run, then: Finding) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """Problems and remarks: a flag that has got worse, or is about something else, is decided on anew."""
    newest = known.newest
    if newest is None or newest.id == run.id or newest.period < run.period:
        return (), ()
    now = known.state(newest, then.finding_id)
    if now is None or now.status in CLOSED:
        return (), (remark("closed_since", period=newest.period),)
    as_then = Decision(finding_id="", by="", assessment="", at=known.at, severity=then.severity, measure=then.measure)
    if worse(as_then, now.severity, now.measure, known.worse_share):
        was, became = _seen(then), _seen(now)
        return (remark("changed_since", was=was, now=became, period=newest.period),), ()
    if pair_of(now) != pair_of(then):
        return (remark("other_since"),), ()
    same = (now.severity, now.measure, now.evidence) == (then.severity, then.measure, then.evidence)
    return (), () if same else (remark("changed_not_worse"),)


def _seen(finding: Finding) -> str:
    amount = "" if finding.measure is None else f" {plain(finding.measure)}"
    return f"{finding.severity or '–'}{amount}"
