"""Words about offences: what attestations may not hold, and what people are warned about when they write a reason."""

from __future__ import annotations

import re

_OFFENCES = (
    r"(?:be|för)?dömd\w*|dömts?|döma\w*|dom(?:en|ar|stol\w*|slut)?|åtal\w*|misstänk\w*|misstank\w*|brott\w*|"
    r"straff\w*|fängelse\w*|skyddstillsyn\w*|dagsböter|böter|kriminal\w*|"
    r"kriminell\w*|misshandel\w*|stöld\w*|stulit|bedrägeri\w*|narkotika\w*|våldtäkt\w*|våldsbrott\w*|rån|rattfyll\w*|"
    r"häkta\w*|anhållen|gripen|polisanmäl\w*|sexual\w*|sexuell\w*|ofreda\w*|"
    r"olaga|snatteri\w*|utpressning\w*|förskingring\w*|mened|påföljd\w*"
)
_RECORDS = r"belastning\w*|belastad\w*|villkorlig\w*|prick(?:en|ar|ad|fri)?|anmärkning\w*"
_OFFENCE = re.compile(rf"(?i)\b(?:{_OFFENCES})\b")
_OFFENCE_OR_RECORD = re.compile(rf"(?i)\b(?:{_OFFENCES}|{_RECORDS})\b")


def speaks_of_offence(text: str) -> bool:
    """Whether a text has a word about an offence, a suspicion or a sentence."""
    return _OFFENCE.search(text) is not None


def speaks_of_record(text: str) -> bool:
    """The same, and words by which an extract from the register of convictions is told (``anmärkning``, ``prick``)."""
    return _OFFENCE_OR_RECORD.search(text) is not None
