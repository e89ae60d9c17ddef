"""What may go by ``[retention]``: shown first, deleted only when an archive decision is named."""

from __future__ import annotations

from screening.store.base import Base


class Purge(Base):
    """Hashes stay."""
