"""Stage 1: the files of a run become suppliers, contracts, spend, dated facts and rows that a person should look at."""

from screening.stages.intake.stage import intake

__all__ = ["intake"]
