"""Supplier due-diligence for Swedish public buyers: exports in, dated evidence kept, an Excel exception report out."""

__version__ = "0.1.0"
