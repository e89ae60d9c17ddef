"""What people wrote in *Ej bedömbara*: when something was asked for, by when the answer is due, and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from screening.decisions.answer import Answer, Outcome, Remark, remark
from screening.decisions.columns import ANSWER_BY, ASKED, COMMENT, WHO
from screening.decisions.flags import Known
from screening.decisions.wishes import Wish, merged, together
from screening.store import FollowUp


def follow_up(known: Known, wishes: Sequence[Wish]) -> tuple[list[FollowUp], list[Answer]]:
    """What to store, and what to answer of each row."""
    by_thing: dict[tuple[str, ...], list[Wish]] = defaultdict(list)
    for item in wishes:
        by_thing[item.key].append(item)
    stored = {_content(item) for item in known.store.written_follow_ups()}
    items: list[FollowUp] = []
    answers: list[Answer] = []
    for rows in by_thing.values():
        weighed = [(item, (*item.problems, *against, *_backwards(item))) for item, against in merged(rows)]
        if any(problems for _item, problems in weighed):
            answers += [_answer(item, "refused", problems) for item, problems in weighed]
            continue
        made = _made(known, together(rows))
        if _content(made) in stored:
            answers += [_answer(item, "known", (remark("known"),)) for item in rows]
            continue
        items.append(made)
        answers += [_answer(item, "taken", item.remarks) for item in rows]
    return items, answers


def _backwards(item: Wish) -> tuple[Remark, ...]:
    asked, due = item.day(ASKED), item.day(ANSWER_BY)
    if asked is None or due is None or asked <= due:
        return ()
    return (remark("backwards", later=ANSWER_BY, second=str(due), earlier=ASKED, first=str(asked)),)


def _made(known: Known, item: Wish) -> FollowUp:
    supplier_id, _, thing = item.key[1].partition(" ")
    return FollowUp(
        supplier_id=supplier_id,
        thing=thing,
        requested_on=item.day(ASKED),
        reply_by=item.day(ANSWER_BY),
        by=item.text(WHO) or known.by,
        comment=item.text(COMMENT),
        at=known.at,
        run_id=item.run.id,
        period=item.run.period,
        place=item.place.said(),
        file_sha=item.sha,
    )


def _content(item: FollowUp) -> tuple[object, ...]:
    return (item.run_id, item.supplier_id, item.thing, item.requested_on, item.reply_by, item.comment)


def _answer(item: Wish, outcome: Outcome, remarks: Sequence[Remark]) -> Answer:
    thing = item.key[1].partition(" ")[2]
    return Answer(outcome, item.place, thing, item.supplier, item.written(), tuple(remarks))
