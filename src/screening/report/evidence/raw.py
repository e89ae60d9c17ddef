"""Raw answers in a bundle: as stored where they hold no personal number, else masked or left out, and always named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from screening.identity import mask_text

State = Literal["as_stored", "masked", "withheld", "purged", "not_stored"]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8"))


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """One raw answer as the bundle gives it.

    Attributes:
        sha256: of the bytes as stored.
        state: ``as_stored`` (the same bytes), ``masked`` (a readable copy without the last digits of personal numbers),
            ``withheld`` (may hold one and cannot be masked), ``purged``, ``not_stored`` (a file of the buyer's own).
        size: in bytes, as stored; 0 when nothing was.
        content: what the bundle holds; empty for the last three.
        ending: of the file's name: never one that a program opens as anything but text.
    """

    sha256: str
    state: State
    size: int = 0
    content: bytes = b""
    ending: str = "bin"


def given(
    sha256: str, data: bytes | None, size: int | None, shows_number: Callable[[str], bool], *, in_clear: bool
) -> RawAnswer:
    """What the bundle holds of one answer.

    Args:
        sha256: of the bytes as stored.
        data: the bytes; ``None`` when there are none any more, or never were.
        size: how many they are, or were; ``None`` when nothing was ever stored.
        shows_number: whether a text holds the supplier's own personal number, however it is split.
        in_clear: give the bytes as stored whatever they hold.
    """
    if data is None:
        return RawAnswer(sha256, "not_stored" if size is None else "purged", size or 0)
    read = _text(data)
    if read is None:
        return RawAnswer(sha256, "as_stored" if in_clear else "withheld", len(data), data if in_clear else b"")
    text, encoding = read
    ending = "json" if _document(text) is not None else "txt"
    if in_clear:
        return RawAnswer(sha256, "as_stored", len(data), data, ending)
    hidden = _masked(text)
    if shows_number(hidden):
        return RawAnswer(sha256, "withheld", len(data))
    if hidden == text:
        return RawAnswer(sha256, "as_stored", len(data), data, ending)
    return RawAnswer(sha256, "masked", len(data), hidden.encode(encoding), ending)


def _text(data: bytes) -> tuple[str, str] | None:
    """The answer as text with its encoding; ``None`` when it is not text."""
    named = next((encoding for mark, encoding in _BOMS if data.startswith(mark)), None)
    for encoding in (named,) if named is not None else ("utf-8", "cp1252", "latin-1"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else (text, encoding)
    return None


def _document(text: str) -> Any:
    """The JSON that the text is; ``None`` when it is none."""
    if not text.lstrip("\ufeff \t\r\n").startswith(("{", "[")):
        return None
    try:
        return json.loads(text.lstrip("\ufeff"))
    except ValueError:
        return None


def _masked(text: str) -> str:
    """The text without personal numbers; JSON stays JSON, also where it writes them with escapes or as numbers."""
    hidden = mask_text(text)
    document = _document(text)
    if document is None:
        return hidden
    left = _document(hidden)
    if left is not None and _hide(left) == left:
        return hidden
    return json.dumps(_hide(document), ensure_ascii=False, indent=1)


def _hide(value: object) -> object:
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, dict):
        return {mask_text(str(name)): _hide(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_hide(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and mask_text(str(value)) != str(value):
        return mask_text(str(value))
    return value
