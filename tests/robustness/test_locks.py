"""Two monthly runs exclude each other; a check never waits for one."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

RUN = ("run", "--period", "2026-09", "--as-of", "2026-09-30")


def test_runs_exclude_each_other_and_a_check_does_not_wait(small: Any, tmp_path: Path) -> None:
    """While the first is held at a paid call: the second run and a new report end with 4, a check ends with its card."""
    home = small.copy(tmp_path / "home")
    held, goes_on = threading.Event(), threading.Event()

    def at(call: int, moment: str) -> None:
        if (call, moment) == (30, "asked"):
            held.set()

    small.provider.at = at
    small.provider.gate = (30, goes_on)
    first = small.start(home, *RUN)
    assert held.wait(20)
    try:
        second = small.start(home, *RUN)
        said = second.communicate(timeout=20)[1]
        assert second.returncode == 4
        assert said.startswith("Fel: en annan månadskörning använder arbetsytan; vänta tills den är klar")
        planned = small.start(home, "plan", *RUN[1:])
        assert "en annan månadskörning" in planned.communicate(timeout=20)[1]
        assert planned.returncode == 4
        check = small.start(home, "check", "559996-7055", "--as-of", "2026-09-30")
        card, complaint = check.communicate(timeout=20)
        assert check.returncode in (0, 3), complaint
        assert "Grusåsmyrans Bygg AB" in card
        assert first.poll() is None, "the run ended before the check did"
    finally:
        goes_on.set()
        first.communicate(timeout=30)
    assert first.returncode == 0
