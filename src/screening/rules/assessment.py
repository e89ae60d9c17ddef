"""Weighs a supplier's flags together: when several signals call for a deeper look (``[assessment]``)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from screening.config import Assessment
from screening.model import SEVERITIES, Severity
from screening.rules.table import Language, Text

State = Literal["deep", "flagged", "not_checked", "clear"]
Because = Literal["critical", "high", "high_medium", "many", "flagged", "settled", "not_checked", "clear"]

HEADINGS: Mapping[State, Text] = {
    "deep": Text(sv="Fördjupad kontroll", en="Deeper check"),
    "flagged": Text(sv="Iakttagelser", en="Observations"),
    "not_checked": Text(sv="Inte helt kontrollerad", en="Not fully checked"),
    "clear": Text(sv="Utan anmärkning", en="Nothing found"),
}
_ONE_OF_MANY: Mapping[str, tuple[Text, Text]] = {
    "critical": (
        Text(sv="1 kritisk iakttagelse", en="1 critical observation"),
        Text(sv="{n} kritiska iakttagelser", en="{n} critical observations"),
    ),
    "high": (
        Text(sv="1 allvarlig iakttagelse", en="1 serious observation"),
        Text(sv="{n} allvarliga iakttagelser", en="{n} serious observations"),
    ),
    "medium": (
        Text(sv="1 medelallvarlig", en="1 medium one"),
        Text(sv="{n} medelallvarliga", en="{n} medium ones"),
    ),
    "all": (Text(sv="1 iakttagelse", en="1 observation"), Text(sv="{n} iakttagelser", en="{n} observations")),
    "families": (Text(sv="1 slag", en="1 kind"), Text(sv="{n} slag", en="{n} kinds")),
    "settled": (Text(sv="1 iakttagelse", en="1 observation"), Text(sv="{n} iakttagelser", en="{n} observations")),
    "unknown": (Text(sv="1 regel", en="1 rule"), Text(sv="{n} regler", en="{n} rules")),
}
_SENTENCES: Mapping[Because, Text] = {
    "critical": Text(
        sv="{critical} kan utgöra skäl för fördjupad kontroll; en handläggare bedömer.",
        en="{critical} may be reason for a deeper check; a person decides.",
    ),
    "high": Text(
        sv="{high} tillsammans kan utgöra skäl för fördjupad kontroll; en handläggare bedömer.",
        en="{high} together may be reason for a deeper check; a person decides.",
    ),
    "high_medium": Text(
        sv="{high} och {medium} tillsammans kan utgöra skäl för fördjupad kontroll; en handläggare bedömer.",
        en="{high} and {medium} together may be reason for a deeper check; a person decides.",
    ),
    "many": Text(
        sv="{all} av {families} kan tillsammans utgöra skäl för fördjupad kontroll; en handläggare bedömer.",
        en="{all} of {families} together may be reason for a deeper check; a person decides.",
    ),
    "flagged": Text(
        sv="{all}, under gränsen för fördjupad kontroll.",
        en="{all}, below what calls for a deeper check.",
    ),
    "settled": Text(
        sv="{settled}, godtagen av en handläggare eller falsk träff; väger inte in.",
        en="{settled}, accepted by a person or a false hit; not weighed.",
    ),
    "not_checked": Text(
        sv="Ingen iakttagelse, men {unknown} kunde inte bedömas.",
        en="No observation, but {unknown} could not be judged.",
    ),
    "clear": Text(
        sv="Alla förväntade regler är bedömda utan iakttagelse.",
        en="Every expected rule was judged without an observation.",
    ),
}


@dataclass(frozen=True, slots=True)
class Overall:
    """A supplier's overall state with the sentence that explains it. The number never decides; a person does."""

    state: State
    because: Because
    counts: Mapping[str, int]

    def heading(self, language: Language = "sv") -> str:
        """The state in words."""
        return HEADINGS[self.state].of(language)

    def sentence(self, language: Language = "sv") -> str:
        """Why it is so, in neutral words."""
        words = {
            name: (one if self.counts[name] == 1 else many).of(language).format(n=self.counts[name])
            for name, (one, many) in _ONE_OF_MANY.items()
        }
        return _SENTENCES[self.because].of(language).format_map(words)


def assess(standing: Iterable[tuple[str, Severity]], unknown: int, limits: Assessment, *, settled: int = 0) -> Overall:
    """Weighs the flags that stand (not those accepted as explained, nor false hits).

    A rule counts once, at its worst: the same gap in three contracts is one signal, not three.

    Args:
        standing: (rule id, severity) of each standing flag.
        unknown: how many expected rules could not be judged.
        limits: the combination rule.
        settled: how many flags besides are accepted or false hits; a supplier with one is never without observation.
    """
    worst: dict[str, Severity] = {}
    for rule, severity in standing:
        if rule not in worst or SEVERITIES.index(severity) < SEVERITIES.index(worst[rule]):
            worst[rule] = severity
    by_severity = Counter(worst.values())
    families = len({rule[:3] for rule in worst})
    counts: dict[str, int] = {severity: by_severity[severity] for severity in SEVERITIES}
    counts |= {"all": len(worst), "families": families, "unknown": unknown, "settled": settled}
    high, medium = by_severity["high"], by_severity["medium"]
    with_high, with_medium = limits.high_with_medium
    if by_severity["critical"] >= limits.critical:
        return Overall("deep", "critical", counts)
    if high >= limits.high:
        return Overall("deep", "high", counts)
    if high >= with_high and medium >= with_medium:
        return Overall("deep", "high_medium", counts)
    if len(worst) >= limits.medium_low and families >= limits.families:
        return Overall("deep", "many", counts)
    if worst or settled:
        return Overall("flagged", "flagged" if worst else "settled", counts)
    return Overall("not_checked", "not_checked", counts) if unknown else Overall("clear", "clear", counts)
