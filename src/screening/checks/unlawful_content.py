"""A handed-in row held what may not be held; it was refused unread, and its content is shown nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from screening.checks import Params
from screening.checks._quarters import end
from screening.model import Context, RecordCheckAttestation, Verdict, clear, flag, not_applicable


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """How long after the quarter a refused row is still shown."""

    max_days: int


def check(attestation: RecordCheckAttestation, c: Context, p: P) -> Verdict:
    """Flags a refused row by what kind of content it held, never by the content."""
    if attestation.state != "refused":
        return clear(attestation, quarter=attestation.quarter)
    if (c.today - end(attestation.quarter)).days > p.max_days:
        return not_applicable("aged_out", quarter=attestation.quarter)
    return flag(
        attestation,
        variant=attestation.refused_for or "other",
        quarter=attestation.quarter,
        refused_for=attestation.refused_for,
        file_ref=attestation.provenance.request_ref or None,
    )
