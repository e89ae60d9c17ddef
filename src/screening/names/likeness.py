"""How alike two names are: words matched one to one, weighed by how much they say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from screening.identity import Proposal
from screening.names.parts import Name, Parts, parts
from screening.names.words import GENERIC, INITIAL, OWN, WEIGHTS, weight

SAME = 0.70
"""At and above this two names are taken for the same; tuned in ``benchmarks/name_likeness.py``."""

ONE_SIDED = 0.5  # what a word costs that only one of the names has
CONFLICT = 1.5  # what a word costs when each name has one that the other lacks
CLOSE = 0.80  # from here on two words are taken for spellings of one
CUT = 13  # letters of a name that may have been cut by the system it came from
CUT_WORTH = 0.6  # what its whole words must say together: "Bygg och Anläggning i" may be anyone's
OTHER = 0.95  # a bifirma or the like is as good as the name itself, nearly
OTHER_FORM = 0.85  # a bank and a housing co-operative of one name are two suppliers
ACRONYM = 0.75


@dataclass(frozen=True, slots=True)
class Ranked:
    """A proposal with the name that the register has for it and how alike that is to the export's."""

    proposal: Proposal
    registered: str
    score: float


def likeness(a: str, b: str) -> float:
    """How alike two names are, 0-1; 0 when one of them is empty. The order of the two does not matter."""
    one, two = sorted((a, b))
    left, right = parts(one), parts(two)
    if not left.main.words or not right.main.words:
        return 0.0
    return round(max(_alike(left.main, right.main), _alike_by_other_name(left, right)), 4)


def best(name: str, candidates: Iterable[str]) -> tuple[str, float]:
    """The candidate most like the name and how alike; ``("", 0.0)`` without candidates. The first of equals wins."""
    return max(
        ((candidate, likeness(name, candidate)) for candidate in candidates),
        key=lambda pair: pair[1],
        default=("", 0.0),
    )


def rank(proposals: Iterable[Proposal], name: str, registered: Mapping[str, str]) -> tuple[Ranked, ...]:
    """The proposals that the register knows, the most alike name first; equals keep the order they came in.

    Args:
        proposals: from ``identity.propose``.
        name: the export's name.
        registered: compact number -> registered name, for the proposals that the register knows.
    """
    known = [
        Ranked(proposal, found, likeness(name, found))
        for proposal in proposals
        if (found := registered.get(proposal.identity.compact)) is not None
    ]
    return tuple(sorted(known, key=lambda item: -item.score))


def _alike_by_other_name(left: Parts, right: Parts) -> float:
    """The best of each one's other names against the other's main name; a place or trade in brackets does not count."""
    pairs = [(other, right.main) for other in left.others] + [(other, left.main) for other in right.others]
    return OTHER * max((_alike(other, main) for other, main in pairs if other.weight >= OWN), default=0.0)


def _alike(a: Name, b: Name) -> float:
    """Two names without their other names."""
    if a.joined == b.joined:
        score = 1.0
    else:
        score = max(_by_words(a, b), _misspelt(a, b), _cut(a, b), _acronym(a, b), _acronym(b, a))
    return score * OTHER_FORM if a.forms and b.forms and not a.forms & b.forms else score


def _by_words(a: Name, b: Name) -> float:
    """Words matched one to one, the closest first; what is left over on both sides counts hardest against."""
    left, right = _merged(a.words, b.words), _merged(b.words, a.words)
    dotted = a.dotted | b.dotted
    pairs = sorted(
        ((close, i, j) for i, x in enumerate(left) for j, y in enumerate(right) if (close := _close(x, y, dotted)) > 0),
        key=lambda pair: (-pair[0], abs(pair[1] - pair[2]), pair[1], pair[2]),
    )
    matched = slips = only_a = only_b = 0.0
    used_a: set[int] = set()
    used_b: set[int] = set()
    for close, i, j in pairs:
        if i in used_a or j in used_b:
            continue
        used_a.add(i)
        used_b.add(j)
        worth = (
            min(weight(left[i]), weight(right[j]))
            if 1 in (len(left[i]), len(right[j]))
            else (weight(left[i]) + weight(right[j])) / 2
        )
        matched += worth * close
        slips += worth * (1 - close)
    only_a += sum(weight(word) for i, word in enumerate(left) if i not in used_a)
    only_b += sum(weight(word) for j, word in enumerate(right) if j not in used_b)
    lost = slips + ONE_SIDED * max(only_a, only_b) + CONFLICT * min(only_a, only_b)
    return matched / (matched + lost) if matched > INITIAL else 0.0


def _close(x: str, y: str, dotted: frozenset[str]) -> float:
    """How alike two words are; 0 when they are two words rather than two spellings."""
    if x == y:
        return 1.0
    short, long = sorted((x, y), key=len)
    if any(char.isdigit() for char in x + y):
        return 0.0
    if len(short) >= 4 and long == f"{short}s":  # genitive: Lindgrens Bygg, Varvs AB
        return 0.97
    if long.startswith(short) and (
        len(short) == 1 or (len(short) >= 2 and (short in dotted or (len(short) >= 4 and weight(long) <= GENERIC)))
    ):
        return 0.9
    if len(short) < 4 or (x in WEIGHTS and y in WEIGHTS):  # two common words are two words
        return 0.0
    close: float = OSA.normalized_similarity(x, y)
    if x[0] != y[0] and {x[0], y[0]} not in ({"c", "k"}, {"v", "w"}):
        close -= 0.1
    return close**2 if close >= CLOSE or (len(long) == 4 and close >= 0.75) else 0.0


def _merged(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The words, with neighbours written together where the other name writes them so."""
    out: list[str] = []
    for word in words:
        if out and out[-1] + word in others:
            out[-1] += word
        else:
            out.append(word)
    return out


def _misspelt(a: Name, b: Name) -> float:
    """Names split otherwise: one slip per twelve letters over the whole, spaces aside; a digit is never a slip."""
    length = max(len(a.joined), len(b.joined))
    allowed = max(1, length // 12)
    if len(a.words) == len(b.words) or length < 8 or any(char.isdigit() for char in a.joined + b.joined):
        return 0.0
    slips = OSA.distance(a.joined, b.joined, score_cutoff=allowed)
    return 1 - slips / length if slips <= allowed else 0.0


def _cut(a: Name, b: Name) -> float:
    """A name that was cut: its letters begin the other, and what is left still has a word of its own."""
    short, long = sorted((a, b), key=lambda name: len(name.whole))
    last = short.words[-1]
    whole_words = sum(map(weight, short.words[:-1])) + (weight(last) if len(last) >= 5 else 0)
    if len(short.whole) >= CUT and long.whole.startswith(short.whole) and whole_words >= CUT_WORTH:
        return 0.95
    return 0.0


def _acronym(short: Name, long: Name) -> float:
    """Three letters or more that are the initials of the other's words."""
    if len(short.words) != 1 or not 3 <= len(short.words[0]) <= 6 or len(long.words) < 3:
        return 0.0
    return ACRONYM if short.words[0] == "".join(word[0] for word in long.words) else 0.0
