"""A supplier's name taken apart: folded words, legal form, and the other names in it (bifirma, c/o, in brackets)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from screening.names.words import END_FORMS, FORMS, STOP, weight

_FOLD = str.maketrans({
    "æ": "a", "ø": "o", "ß": "ss", "ł": "l", "đ": "d", "þ": "t", "ð": "d", "&": " och ", "+": " och ",
    "å": "a", "ä": "a", "ö": "o", "é": "e", "ü": "u",  # what taking them apart would give, for nearly every name
})  # fmt: skip
_JUNK = re.compile(r"_x000d_", re.IGNORECASE)
_STATUS = re.compile(
    r"\b(?:i|under|försatt i|forsatt i)\s+(?:frivillig\s+)?(?:likvidation|konkurs|rekonstruktion|företagsrekonstruktion|avveckling)\b"
    r"|\b(?:dess\s+)?konkursbo(?:et)?\b|\bkb i konkurs\b|\bdödsbo(?:et)?(?: efter)?\b",
    re.IGNORECASE,
)
# Each with what must stand in a name (case-folded) for it to match: looking that up is ten times faster than the pattern.
_PHRASES = (
    ("ek", re.compile(r"\bek(?:onomisk)?[. ]*för(?:ening(?:en)?)?\b\.?|\bek\.? ?for\b\.?", re.IGNORECASE), " ekfor "),
    ("ekonomiska", re.compile(r"\bekonomiska föreningen\b", re.IGNORECASE), " ekfor "),
    ("ideell", re.compile(r"\bideell(?:a)?\s+för(?:ening(?:en)?)?\b\.?", re.IGNORECASE), " ideell "),
    (
        "enskild",
        re.compile(r"\benskild\s+(?:firma|näringsidkare|näringsverksamhet)\b", re.IGNORECASE),
        " enskildfirma ",
    ),
    ("filial", re.compile(r"\bsvensk\s+filial\b|\bfilial\s+(?:i\s+)?sverige\b", re.IGNORECASE), " filial "),
    ("z", re.compile(r"\bsp\.?\s*z\s*o\.?\s*o\b\.?", re.IGNORECASE), " gmbh "),
    ("a/s", re.compile(r"\ba/s\b", re.IGNORECASE), " asa "),
    ("b.", re.compile(r"\bb\.\s?v\b\.?", re.IGNORECASE), " bv "),
    ("b.", re.compile(r"\ba\.?\s?b\.(?=\W|$)", re.IGNORECASE), " ab "),
)
_OTHER_NAME = re.compile(
    r"(?:\bc/o\b|\bt/a\b|\btrading as\b|\bbifirma(?:n)?\b|\bsärskilt företagsnamn\b|\bf\.?\s?d\b\.?|\bfd\b|\btidigare\b|\bnuvarande\b|\s/\s)[ :,]*",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"[\W_]*(?:x{3,}|[xX\W_]*[*•●█][xX\W_]*|(?:kan (?:innehålla|vara) )?(?:känslig(?:a)? )?personuppgift(?:er|erna)?(?: \w+)?|"
    r"(?:uppgiften? (?:är )?)?(?:maskera(?:d|t|de)|anonymisera(?:d|t|de)|borttage[nt]|dold|sekretess(?:belag[dt]|märkt)?)"
    r"(?: (?:uppgift(?:er)?|person|namn))?|skydda(?:d|de) (?:identitet|person(?:uppgifter)?|uppgift(?:er)?)|"
    r"(?:privat|fysisk )person(?:er)?|gdpr)[\W_]*",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]?")
_WORD = re.compile(r"[a-z0-9]+\.?")
_SOUNDS = (("aa", "a"), ("ae", "a"), ("oe", "o"))


@dataclass(frozen=True, slots=True)
class Name:
    """One name: ``words`` without legal form and small words; ``dotted`` those written with a full stop after them.

    ``whole`` is every word in one string, legal form too, by which a cut name is known.
    """

    words: tuple[str, ...]
    forms: frozenset[str]
    dotted: frozenset[str]
    whole: str

    @property
    def joined(self) -> str:
        """The words without spaces: a name that a PDF split reads the same."""
        return "".join(self.words)

    @property
    def weight(self) -> float:
        """How much the words say together."""
        return sum(map(weight, self.words))


@dataclass(frozen=True, slots=True)
class Parts:
    """``main`` is the name itself; ``others`` are what stands in brackets, after c/o, bifirma and the like."""

    main: Name
    others: tuple[Name, ...] = ()


def fold(text: str) -> str:
    """Lower case a-z and 0-9 with å, ä, ö as a, a, o, however they were written (also aa, ae, oe)."""
    text = text.casefold().translate(_FOLD)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in text if not unicodedata.combining(char))
    for written, meant in _SOUNDS:
        text = text.replace(written, meant)
    return text


@lru_cache(maxsize=16_384)
def parts(text: str) -> Parts:
    """A name as it stands in an export or a register, taken apart."""
    text = unicodedata.normalize("NFC", _JUNK.sub(" ", text))
    text = _STATUS.sub(" ", text)
    folded = text.casefold()
    for needed, pattern, meant in _PHRASES:
        if needed in folded:
            text = pattern.sub(meant, text)
    in_brackets = [other for inside in _BRACKETS.findall(text) for other in _OTHER_NAME.split(inside)]
    first, *after = _OTHER_NAME.split(_BRACKETS.sub(" ", text))
    main = _name(first)
    others = [_name(other) for other in (*after, *in_brackets)]
    if not main.words and after:
        main = others[0]
    return Parts(main, tuple([other for other in others if other.words]))


def normalise(text: str) -> str:
    """A stable key of a name: the folded words of the main name, without legal form, status, small words and bifirma."""
    return " ".join(parts(text).main.words) or " ".join(_WORD.findall(fold(text)))


def _name(text: str) -> Name:
    found = _WORD.findall(fold(text))
    every = [word.rstrip(".") for word in found]
    forms = {FORMS[word] for word in every if word in FORMS}
    words = [word for word in every if word not in FORMS]
    while len(words) > 1 and words[-1] in END_FORMS:
        forms.add(END_FORMS[words.pop()])
    kept = [word for word in words if word not in STOP] or words or every
    dotted = frozenset(word.rstrip(".") for word in found if word.endswith("."))
    return Name(tuple(kept), frozenset(forms), dotted, "".join(every))


def is_hidden(name: str) -> bool:
    """Whether the publisher took the name away: ``[Kan innehålla personuppgifter]``, ``*****``, ``Skyddad identitet``."""
    return _HIDDEN.fullmatch(name) is not None
