"""Swedish and foreign identities: normalise, classify, propose, mask.

``read`` turns what stood in a cell into an ``Identity`` or a ``Problem`` and never raises; ``propose`` lists what a wrong
number may have been meant to be; ``mask_text`` hides personal numbers in free text. A person's digits leave an
``Identity`` through ``reveal`` and ``reveal_twelve`` alone.
"""

from screening.identity.masking import mask_json, mask_text
from screening.identity.number import Identity, Kind, from_stored, luhn
from screening.identity.proposals import Proposal, propose
from screening.identity.reading import Reading, read
from screening.identity.words import Caution, Problem

__all__ = [
    "Caution",
    "Identity",
    "Kind",
    "Problem",
    "Proposal",
    "Reading",
    "from_stored",
    "luhn",
    "mask_json",
    "mask_text",
    "propose",
    "read",
]
