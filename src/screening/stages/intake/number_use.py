"""Names of one number that are not all spellings of one, with the supplier numbers they stand with: a fact per supplier."""

from __future__ import annotations

from itertools import combinations

from screening.identity import mask_text
from screening.model import NameUse, NumberUse, Origin, Provenance
from screening.names import is_hidden, likeness, normalise
from screening.stages.intake.desk import Desk
from screening.stages.intake.mentions import Party

SOURCE = "listor"
"""What the facts call the run's own lists together: no one file says this."""
MAX_NAMES = 12  # compared with each other; the most written first
ALIKE = 0.6  # above this two names are too alike for any rule to take them for two suppliers'


def number_use(desk: Desk, party: Party) -> NumberUse | None:
    """The names of a company's number, most rows first; ``None`` when all are alike, or it is no company."""
    if len(party.names) < 2 or party.kind not in ("organisation", "foreign"):
        return None
    names = [name for name in party.spellings if normalise(name) and not is_hidden(name)][:MAX_NAMES]
    keys = list(dict.fromkeys(map(normalise, names)))
    if len(keys) < 2 or all(likeness(one, two) >= ALIKE for one, two in combinations(keys, 2)):
        return None
    numbers: dict[str, dict[str, None]] = {}
    rows: dict[str, int] = {}
    for mention in party.mentions:
        name, _, own, _ = desk.mentions.written[mention]
        rows[name] = rows.get(name, 0) + desk.mentions.rows[mention]
        numbers.setdefault(name, {})
        if own:
            numbers[name][mask_text(own)] = None
    uses = [NameUse(mask_text(name), tuple(sorted(numbers.get(name, ()))), rows.get(name, 0)) for name in names]
    return NumberUse(
        provenance=Provenance(source=SOURCE, origin=Origin.FILE, as_of=desk.as_of, fetched_at=desk.at),
        uses=tuple(sorted(uses, key=lambda use: (-use.rows, use.name))),
    )
