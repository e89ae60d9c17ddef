"""Many suppliers at once: bounded, in any order, nothing lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from types import SimpleNamespace
from typing import Any, cast

import pytest

from screening.adapters.fanout import each
from screening.adapters.source import Answer, Request, Session
from screening.errors import SourceUnavailable, StoreError, SupplierFailed
from screening.identity import read


def requests(count: int) -> list[Request]:
    identity = read("5599999017").identity
    assert identity is not None
    return [
        Request(supplier_id=str(n), identity=identity, kinds=frozenset({"credit", "accounts"})) for n in range(count)
    ]


def session(concurrent: int) -> Session:
    return cast("Session", SimpleNamespace(concurrent=concurrent))


async def gathered(
    concurrent: int, asked: Sequence[Request], one: Callable[[Request], Awaitable[Answer]], got: list[Any] | None = None
) -> list[Answer]:
    found: list[Answer] = [] if got is None else got
    async for answer in each(session(concurrent), asked, one):
        found.append(answer)  # noqa: PERF401 - what came before an error is looked at, too
    return found


def test_every_request_has_an_answer_and_few_run_at_once() -> None:
    """A hundred suppliers, three at a time."""
    running = most = 0

    async def one(request: Request) -> Answer:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return Answer(supplier_id=request.supplier_id)

    answers = asyncio.run(gathered(3, requests(100), one))
    assert sorted(int(answer.supplier_id) for answer in answers) == list(range(100))
    assert most == 3


def test_nothing_asked_is_nothing_answered() -> None:
    """An empty batch ends."""

    async def one(request: Request) -> Answer:
        raise AssertionError

    assert asyncio.run(gathered(4, [], one)) == []


def test_a_failed_supplier_is_an_answer_with_reasons() -> None:
    """Every wanted kind is missing for the reason given, and the others go on."""

    async def one(request: Request) -> Answer:
        if request.supplier_id == "1":
            raise SupplierFailed("source_down", "källan svarade 503")
        return Answer(supplier_id=request.supplier_id)

    answers = {answer.supplier_id: answer for answer in asyncio.run(gathered(2, requests(3), one))}
    assert dict(answers["1"].missing) == dict.fromkeys(("accounts", "credit"), ("source_down", "källan svarade 503"))
    assert not answers["2"].missing


def test_a_source_that_stops_gives_what_it_had() -> None:
    """Calls under way are let finish; their answers come before the error, and nothing more is asked."""
    asked: list[str] = []

    async def one(request: Request) -> Answer:
        asked.append(request.supplier_id)
        if request.supplier_id == "1":
            await asyncio.sleep(0)
            raise SourceUnavailable("slut")
        for _ in range(5):
            await asyncio.sleep(0)
        return Answer(supplier_id=request.supplier_id)

    got: list[Answer] = []
    with pytest.raises(SourceUnavailable, match="slut"):
        asyncio.run(gathered(3, requests(50), one, got))
    assert {answer.supplier_id for answer in got} == {"0", "2"}
    assert asked == ["0", "1", "2"]


def test_an_error_of_ours_ends_everything() -> None:
    """A store that cannot write stops all workers at once."""
    ended: list[str] = []

    async def one(request: Request) -> Answer:
        if request.supplier_id == "0":
            raise StoreError("disk full")
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(request.supplier_id)
        raise AssertionError

    with pytest.raises(StoreError, match="disk full"):
        asyncio.run(gathered(3, requests(10), one))
    assert sorted(ended) == ["1", "2"]


def test_a_reader_that_leaves_takes_the_workers_along() -> None:
    """Closing the stream cancels what is under way and leaves no task behind."""

    async def one(request: Request) -> Answer:
        await asyncio.sleep(0 if request.supplier_id == "0" else 60)
        return Answer(supplier_id=request.supplier_id)

    async def work() -> int:
        stream = each(session(4), requests(20), one)
        async for _ in stream:
            break
        await stream.aclose()  # type: ignore[attr-defined]
        return len(asyncio.all_tasks())

    assert asyncio.run(work()) == 1


def test_the_reader_sets_the_pace() -> None:
    """Answers do not pile up ahead of who stores them: memory is bounded."""
    asked = 0

    async def one(request: Request) -> Answer:
        nonlocal asked
        asked += 1
        return Answer(supplier_id=request.supplier_id)

    async def work() -> int:
        stream = each(session(2), requests(1000), one)
        async for _ in stream:
            break
        for _ in range(100):
            await asyncio.sleep(0)
        seen = asked
        await stream.aclose()  # type: ignore[attr-defined]
        return seen

    assert asyncio.run(work()) <= 6
