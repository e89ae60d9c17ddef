"""What reviewers wrote in *Stickprov* of the suppliers that were drawn."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from screening.decisions.answer import Answer, Outcome, Remark, remark
from screening.decisions.columns import NOTE, RESULT, RESULTS, REVIEWED, REVIEWER
from screening.decisions.flags import Known
from screening.decisions.wishes import Wish, merged, together
from screening.errors import StoreError
from screening.store import SampleResult


class _Samples:
    """Who was drawn in which sample, and what was found of them so far."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self._drawn: dict[str, frozenset[str] | None] = {}
        self._results: dict[str, list[SampleResult]] = {}

    def drawn(self, sample_id: str) -> frozenset[str] | None:
        """Those drawn; ``None`` when there is no such sample."""
        if sample_id not in self._drawn:
            store = self.known.store
            try:
                store.sample(sample_id)
            except StoreError:
                self._drawn[sample_id] = None
            else:
                self._drawn[sample_id] = frozenset(
                    item.supplier_id for item in store.sample_members(sample_id, drawn=True)
                )
        return self._drawn[sample_id]

    def found(self, sample_id: str, supplier_id: str) -> list[SampleResult]:
        """What was found of one of them, oldest first."""
        if sample_id not in self._results:
            self._results[sample_id] = self.known.store.sample_results(sample_id)
        return [item for item in self._results[sample_id] if item.supplier_id == supplier_id]


def review(known: Known, wishes: Sequence[Wish]) -> tuple[list[SampleResult], list[Answer]]:
    """What to store, and what to answer of each row."""
    samples = _Samples(known)
    by_supplier: dict[tuple[str, ...], list[Wish]] = defaultdict(list)
    for item in wishes:
        by_supplier[item.key].append(item)
    results: list[SampleResult] = []
    answers: list[Answer] = []
    for rows in by_supplier.values():
        weighed = [
            (item, (*item.problems, *against, *_invalid(samples, item, known.at.date())))
            for item, against in merged(rows)
        ]
        if any(problems for _item, problems in weighed):
            answers += [_answer(item, "refused", problems) for item, problems in weighed]
            continue
        made = _made(known, together(rows))
        outcome, said = _against(made, samples.found(made.sample_id, made.supplier_id))
        results += [made] if outcome == "taken" else []
        who = () if rows[0].text(REVIEWER) or outcome != "taken" else (remark("no_who", column=REVIEWER, by=known.by),)
        answers += [_answer(item, outcome, (*said, *who, *item.remarks)) for item in rows]
    return results, answers


def _invalid(samples: _Samples, item: Wish, today: date) -> Iterator[Remark]:
    sample_id, _, supplier_id = item.key[1].partition(" ")
    drawn = samples.drawn(sample_id)
    if drawn is None:
        yield remark("unknown_sample", sample=sample_id)
    elif supplier_id not in drawn:
        yield remark("not_drawn", sample=sample_id)
    if not item.text(RESULT) and not item.problems:
        yield remark("no_word", column=RESULT, words=", ".join(RESULTS))
    day = item.day(REVIEWED)
    if day is not None and day > max(today, item.run.as_of):
        yield remark("future_day", column=REVIEWED, day=day.isoformat())


def _made(known: Known, item: Wish) -> SampleResult:
    sample_id, _, supplier_id = item.key[1].partition(" ")
    return SampleResult(
        sample_id=sample_id,
        supplier_id=supplier_id,
        result=item.text(RESULT),
        reviewed_on=item.day(REVIEWED),
        reviewer=item.text(REVIEWER) or known.by,
        note=item.text(NOTE),
        at=known.at,
        place=item.place.said(),
        file_sha=item.sha,
    )


def _against(made: SampleResult, stored: Sequence[SampleResult]) -> tuple[Outcome, tuple[Remark, ...]]:
    """Another reviewer's other result stands; the same reviewer may change her own."""
    if any(_content(item) == _content(made) for item in stored):
        return "known", (remark("known"),)
    if not stored or stored[-1].result == made.result:
        return "taken", ()
    last = stored[-1]
    if last.reviewer.casefold() == made.reviewer.casefold():
        return "taken", (remark("replaces", by=last.reviewer, assessment=last.result),)
    return "refused", (remark("decided_since", by=last.reviewer, assessment=last.result, where=last.place),)


def _content(item: SampleResult) -> tuple[object, ...]:
    return (item.result, item.reviewed_on, item.note)


def _answer(item: Wish, outcome: Outcome, remarks: Sequence[Remark]) -> Answer:
    return Answer(outcome, item.place, item.key[1].partition(" ")[0], item.supplier, item.written(), tuple(remarks))
