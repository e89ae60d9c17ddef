"""Whether two names are of the same supplier: legal form, å/ä/ö, bifirma, initials, word order and cut names aside.

``likeness`` gives 0-1; at ``SAME`` and above two names are taken for the same. ``docs/name-likeness.md`` says how the
limit was tuned and how often it errs.
"""

from screening.names.likeness import SAME, Ranked, best, likeness, rank
from screening.names.parts import fold, is_hidden, normalise

__all__ = ["SAME", "Ranked", "best", "fold", "is_hidden", "likeness", "normalise", "rank"]
