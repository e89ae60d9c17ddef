"""The limits of the catalogue of rules, as its text gives them. Labels go by these; ``rules/`` is never read for them."""

from __future__ import annotations

from decimal import Decimal

# --- SKA: tax
PUBLIC_CLAIMS_SEK = 10_000
LARGE_CLAIMS_SEK = 100_000
LARGE_CLAIMS_SHARE = Decimal("0.01")  # of turnover
CLAIMS_AGE_DAYS = 45
DEFICIT_SEK = 10_000
SMALL_DEFICIT_SEK = 2_000
SMALL_DEFICIT_DAYS = 180
AGREEMENT_ENDING_DAYS = 30
REFERRAL_SEK = 2_000
REFERRAL_DAYS = 365  # "12 months"
STAFF_SEK = 500_000

# --- REG: record checks and declarations
DECLARATION_DAYS = 365
ATTESTATION_DUE_DAYS = 30  # not in the catalogue: the buyer's own, a parameter

# --- AGA: ownership, board, register
BOARD_CHANGES = 3
BOARD_DAYS = 365  # "12 m"
OWNER_DAYS = 365
OWNER_NEAR_AWARD_DAYS = 90
OWNER_REPEAT = 2
OWNER_REPEAT_DAYS = 730  # "24 m"
FIRST_FILING_DAYS = 28  # "filing in progress": four weeks, from memory
FIRST_INVOICE_DAYS = 183  # "6 m"
COMPANIES = 10

# --- KRE
LOWEST_SCORE = 40
FALL_DAYS = 365
PRIVATE_SEK = 10_000  # not in the catalogue: a choice, as for public claims
PRIVATE_SMALL_SHARE = Decimal("0.001")
PRIVATE_LARGE_SHARE = Decimal("0.02")
REGISTER_AGE_DAYS = 90  # monthly sources: three months without an answer

# --- SAN
SANCTIONS_LIST_DAYS = 31  # not in the catalogue: a monthly run's own
