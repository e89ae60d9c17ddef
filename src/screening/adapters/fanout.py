"""Asks about many suppliers at once, a bounded number at a time, and hands on each answer as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence

from screening.adapters.source import Answer, Request, Session
from screening.errors import SourceUnavailable, SupplierFailed

UNLIKE = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading an answer of an unexpected shape raises: the provider's fault, and one supplier's unknown, not a crash."""


def failed(request: Request, error: SupplierFailed) -> Answer:
    """The answer that a failed question gives: every wanted kind is missing, with the reason."""
    return Answer(
        supplier_id=request.supplier_id,
        missing=dict.fromkeys(sorted(request.kinds), (error.reason, error.detail)),
    )


async def each(
    session: Session, requests: Sequence[Request], one: Callable[[Request], Awaitable[Answer]]
) -> AsyncIterator[Answer]:
    """``one`` for every request, ``session.concurrent`` at a time, in the order in which they finish.

    A supplier that failed is an answer without facts. When the source stops, calls under way are let finish, and their
    answers come before the error. Memory does not grow with the number of requests, and a worker sends its next call only
    when the reader has dealt with its last answer: so calls whose answers are not yet stored never exceed the width.

    Raises:
        SourceUnavailable: after every answer that was had.
    """
    waiting = iter(requests)
    width = max(1, min(session.concurrent, len(requests)))
    ready: _Ready = asyncio.Queue(maxsize=width)
    stopped: list[SourceUnavailable] = []
    workers = [asyncio.create_task(_work(waiting, one, ready, stopped)) for _ in range(width)]
    try:
        running = width
        while running:
            item = await ready.get()
            if item is None:
                running -= 1
            elif isinstance(item, _Had):
                yield item.answer
                item.taken.set()
            else:
                raise item
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
    if stopped:
        raise stopped[0]


class _Had:
    """An answer, and whether the reader is done with it."""

    __slots__ = ("answer", "taken")

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.taken = asyncio.Event()


_Ready = asyncio.Queue[_Had | BaseException | None]  # answers, what no worker can handle, and each worker's end


async def _work(
    waiting: Iterator[Request],
    one: Callable[[Request], Awaitable[Answer]],
    ready: _Ready,
    stopped: list[SourceUnavailable],
) -> None:
    try:
        for request in waiting:
            if stopped:
                break
            had = _Had(await _asked(request, one))
            await ready.put(had)
            await had.taken.wait()
    except SourceUnavailable as error:
        stopped.append(error)
    except Exception as error:  # noqa: BLE001 - raised again by the reader, who ends the others
        await ready.put(error)
    await ready.put(None)


async def _asked(request: Request, one: Callable[[Request], Awaitable[Answer]]) -> Answer:
    try:
        return await one(request)
    except SupplierFailed as error:
        return failed(request, error)
    except UNLIKE as error:
        return failed(
            request, SupplierFailed("partial", f"källans svar ser inte ut som väntat ({type(error).__name__})")
        )
