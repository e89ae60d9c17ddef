"""Errors, sorted by what happens next.

::

    ScreeningError
    ├── ConfigError         nothing runs: a file of ours is wrong (file, key, what was expected)       exit 2
    ├── UsageError          nothing runs: the command's own arguments are wrong                        exit 2
    ├── InputError          this file or row is rejected and shown; the rest goes on                   exit 3
    ├── SupplierFailed      this supplier at this source: recorded with its reason; the rest goes on
    ├── SourceUnavailable   this source stops; its suppliers become unknown; the rest goes on          exit 3
    └── StoreError          stop at once, nothing half-written; the same command continues             exit 4
        └── Locked          another monthly run holds the workspace                                    exit 4

A message reads ``where: what is wrong; what was expected``. It never holds a personal number, a secret or a raw answer.
"""

from __future__ import annotations


class ScreeningError(Exception):
    """Anything a user is told in one sentence, without a traceback."""


class ConfigError(ScreeningError):
    """A file of the workspace (screening.toml, a rule, a connector, a world) is wrong; nothing runs."""


class UsageError(ScreeningError):
    """The arguments of a command are wrong; nothing runs."""


class InputError(ScreeningError):
    """One input file or row cannot be used; it is rejected with this reason and shown."""


class SupplierFailed(ScreeningError):  # noqa: N818 - an outcome that is recorded, not a fault of ours
    """One source gave no usable answer about one supplier.

    Args:
        reason: one of ``screening.model.REASONS``.
        detail: a sentence for the report; no personal number, no raw answer.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


class SourceUnavailable(ScreeningError):  # noqa: N818 - the state of a source rather than a fault of ours
    """A source cannot be used for the rest of this run (dead, wrong credentials, not subscribed).

    Args:
        message: why, for the report.
        passes: whether it may be well again soon, so that it is worth one more try when everything else is done.
    """

    def __init__(self, message: str, *, passes: bool = False) -> None:
        super().__init__(message)
        self.passes = passes


class StoreError(ScreeningError):
    """The store cannot be read or written; nothing was half-written, and the same command continues."""


class Locked(StoreError):  # noqa: N818 - a state of the workspace rather than a fault
    """Another monthly run is using this workspace."""
