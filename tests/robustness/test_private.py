"""No personal number leaves the store: not in output, errors, traces, logs or papers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from screening.stub.world import load

ROOT = Path(__file__).resolve().parents[2]
RUN = ("run", "--period", "2026-09", "--as-of", "2026-09-30")


def spellings() -> re.Pattern[str]:
    """Every test personal number in any spelling: with or without century, space, hyphen or plus."""
    text = (ROOT / "data" / "sample" / "test_personnummer.txt").read_text(encoding="utf-8")
    numbers = [word for word in text.split() if word.isdigit() and len(word) == 12]
    assert len(numbers) > 100
    found = {number[2:] for number in numbers}
    return re.compile("|".join(rf"{number[:6]}[-+ \u2013]?{number[6:]}" for number in sorted(found)))


def text_of(path: Path) -> str:
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    book = CalamineWorkbook.from_path(path)
    return "\n".join(str(row) for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python())


def test_no_command_tells_a_personal_number(
    small: Any, tmp_path: Path, screening: Callable[..., tuple[int, str, str]]
) -> None:
    """A run, a check, history, explain, errors with --debug, and all files."""
    home = small.copy(tmp_path / "home")
    traders = [
        company.number for company in load(ROOT / "data" / "sample" / "world.toml").company if company.form == "E"
    ][:2]
    spelt = traders[0][2:8] + "-" + traders[0][8:]
    wrong = traders[1][:-1] + str((int(traders[1][-1]) + 1) % 10)
    pattern = spellings()
    commands = [
        (("--debug", *RUN), {0}),
        (("check", spelt, "--as-of", "2026-09-30", "--case", "KS 1"), {0, 3}),
        (("check", traders[1], "--json", "--as-of", "2026-09-30"), {0, 3}),
        (("check", traders[1], "--html", str(tmp_path / "kort.html"), "--as-of", "2026-09-30"), {0, 3}),
        (("history", traders[0]), {0}),
        (("explain", spelt), {0}),
        (("--debug", "explain", traders[0][:8] + " " + traders[0][8:]), {0, 2}),
        (("--debug", "run", "--period", spelt), {2}),
        (("--debug", "run", spelt), {2}),
        (("--debug", "rules", "show", traders[0]), {2}),
        (("--debug", "report", "--run", traders[0]), {2}),
        (("--debug", "run", "--fail-on", traders[0]), {2}),
        (("--debug", "check", wrong), {2}),
        (("--debug", "history", wrong), {2}),
    ]
    for command, codes in commands:
        code, printed, said = screening(home, *command)
        assert pattern.search(printed) is None, command
        assert pattern.search(said) is None, command
        assert wrong not in printed + said, command
        assert code in codes, (command, said)
    for path in [*(home / "reports").rglob("*"), tmp_path / "kort.html"]:
        assert pattern.search(path.name) is None
        if path.is_file():
            assert pattern.search(text_of(path)) is None, path
