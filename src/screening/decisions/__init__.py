"""What people decided: read back from the workbooks that they filled in, and what it means for a finding on a day.

Reading workbooks is loaded when one is read: a run that compares findings with decisions needs none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from screening.decisions.seal import Seal, opened, sealed
from screening.decisions.standing import (
    ACCEPTED,
    DONE,
    FALSE_HIT,
    handled,
    in_time,
    late_reply,
    pair_of,
    standing,
    unhandled,
    worse,
)

if TYPE_CHECKING:
    from screening.config import Config
    from screening.decisions.answer import Result
    from screening.store import Store

__all__ = [
    "ACCEPTED",
    "DONE",
    "FALSE_HIT",
    "Seal",
    "handled",
    "import_files",
    "import_inbox",
    "in_time",
    "late_reply",
    "opened",
    "pair_of",
    "sealed",
    "standing",
    "unhandled",
    "worse",
]


def import_inbox(store: Store, config: Config, home: Path, by: str, at: datetime) -> Result:
    """Reads every workbook in ``[decisions] inbox``; see ``decisions.importing``."""
    from screening.decisions import importing  # noqa: PLC0415 - see above

    return importing.import_inbox(store, config, home, by, at)


def import_files(store: Store, config: Config, files: Sequence[Path], by: str, at: datetime) -> Result:
    """Reads what people wrote in workbooks; see ``decisions.importing``."""
    from screening.decisions import importing  # noqa: PLC0415 - see above

    return importing.import_files(store, config, files, by, at)
