"""The stub over a socket: for training and trial outside this process, and for tests in a thread beside it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from screening.errors import UsageError

HOST: Final = "127.0.0.1"
_START_S: Final = 10.0


def serve(app: ASGIApp, port: int) -> None:
    """Serve until interrupted.

    Raises:
        UsageError: the port is taken.
    """
    with _socket(port) as listening:
        _server(app).run(sockets=[listening])


@contextmanager
def running(app: ASGIApp) -> Iterator[str]:
    """Serve in a thread on a free port; gives the address, and stops at the end."""
    with _socket(0) as listening:
        server = _server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            deadline = time.monotonic() + _START_S
            while not server.started:
                if time.monotonic() > deadline or not thread.is_alive():
                    message = "the stub did not start; expected a free local port"
                    raise UsageError(message)
                time.sleep(0.01)
            yield f"http://{HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def _socket(port: int) -> socket.socket:
    # asyncio turns Nagle's algorithm off only where the protocol is named; with it on, each answer waits 40 ms
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    try:
        listening.bind((HOST, port))
    except OSError as error:
        listening.close()
        message = f"--port {port}: cannot be listened on ({error.__class__.__name__}); expected a free port"
        raise UsageError(message) from None
    return listening


def _server(app: ASGIApp) -> uvicorn.Server:
    """Quiet: access logs would hold numbers. Its dates follow the stub's day, so uvicorn adds none."""
    config = uvicorn.Config(
        app, log_config=None, log_level="critical", access_log=False, date_header=False, lifespan="off"
    )
    return uvicorn.Server(config)
