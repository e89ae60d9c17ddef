"""Swedish and foreign identities: normalise, classify, propose, mask."""
from __future__ import annotations
from dataclasses import dataclass

@dataclass(frozen=True, slots=True)
class Identity:
    """placeholder"""
    _digits: str
    @property
    def compact(self) -> str:
        """x"""
        return self._digits
