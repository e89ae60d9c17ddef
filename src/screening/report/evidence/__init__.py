"""A bundle of evidence for the authority's own file: gathered from the store, written whole, verified without it."""

from screening.report.evidence.bundle import Verified, verify, write
from screening.report.evidence.gather import Evidence, gather
from screening.report.evidence.papers import papers

__all__ = ["Evidence", "Verified", "gather", "papers", "verify", "write"]
