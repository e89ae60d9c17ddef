"""Makes the generated pages: the rule catalogue and the command reference. ``--check`` only says whether they are in step."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from mutants import page as mutants
from papers import papers

from screening.cli import app
from screening.rules import load
from screening.rules.catalogue import index, page
from screening.stub.catalogue import page as faults

DOCS = Path(__file__).resolve().parent
NOTE = "<!-- Made by docs/generate.py; change the rule or the command instead. -->\n"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page: where, and what it says."""
    rules = load(DOCS.parent / "rules")
    yield DOCS / "rules" / "README.md", NOTE + index(rules.values())
    for rule in rules.values():
        yield DOCS / "rules" / f"{rule.id}.md", NOTE + page(rule)
    yield DOCS / "faults.md", NOTE + faults()
    yield DOCS / "commands.md", NOTE + "".join(commands(typer.main.get_command(app), "screening"))


def all_pages() -> Iterator[tuple[Path, str]]:
    """Generated pages, and papers whose tables are."""
    yield from pages()
    yield from papers()
    yield mutants()


def commands(command: Any, path: str) -> Iterator[str]:
    """``--help`` of a command and all below it, as Markdown."""
    if path == "screening":
        yield "# Commands\n"
    context = command.make_context(path, [], resilient_parsing=True, terminal_width=100, max_content_width=100)
    yield f"\n## `{path}`\n\n```\n{command.get_help(context)}\n```\n"
    if hasattr(command, "list_commands"):
        for name in command.list_commands(context):
            yield from commands(command.get_command(context, name), f"{path} {name}")


def main(arguments: list[str]) -> int:
    """Writes the pages, or with ``--check`` names those that are out of step and returns 1."""
    made = dict(all_pages())
    stale = [path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    stale += [path for path in (DOCS / "rules").glob("*.md") if path not in made]
    if "--check" in arguments:
        for path in stale:
            print(f"{path.relative_to(DOCS.parent)}: out of step; run `python docs/generate.py`", file=sys.stderr)
        return 1 if stale else 0
    (DOCS / "rules").mkdir(exist_ok=True)
    for path in stale:
        if path in made:
            path.write_text(made[path], encoding="utf-8", newline="\n")
        else:
            path.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
