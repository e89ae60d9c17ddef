"""In which order suppliers are read: risk × money, 1-16. The number never decides; it says where to begin."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from screening.config import Assessment
from screening.model import Contract, Spend
from screening.rules.assessment import Overall
from screening.rules.table import Language, Text

NEVER_DECIDES = Text(
    sv="Talet säger bara i vilken ordning leverantörerna läses. Det avgör ingenting: en handläggare bedömer varje iakttagelse för sig, och leverantören får yttra sig först.",
    en="The number only says in which order suppliers are read. It decides nothing: a person weighs each observation, and the supplier is heard first.",
)
"""Said wherever the number is shown."""

FORMULA = Text(
    sv="Ordning = risk × pengar, 1–16. Risk: 4 kritisk iakttagelse; 3 annan fördjupad kontroll eller en allvarlig iakttagelse; 2 medelallvarlig; 1 lätt. Pengar: det större av köpt 12 månader och värdet av gällande avtal: 1 under {low} kr, 2 från {low}, 3 från {middle}, 4 från {high}. Lika tal: flest kritiska, allvarliga och medelallvarliga, mest pengar, namn.",
    en="Order = risk × money, 1-16. Risk: 4 a critical observation; 3 another deeper check, or a serious observation; 2 medium; 1 light. Money: the larger of what was bought in 12 months and the value of the contracts in force: 1 below SEK {low}, 2 from {low}, 3 from {middle}, 4 from {high}. Equal numbers: most critical, serious and medium ones, most money, name.",
)

Order = tuple[int, int, int, int, int, Decimal]


@dataclass(frozen=True, slots=True)
class Rank:
    """A supplier's place among those to read.

    Attributes:
        risk: 0 without a standing flag, else 1-4.
        money: 1-4.
        amount_sek: what ``money`` is from.
        order: sorts ascending; equal ones by name, then id.
    """

    risk: int
    money: int
    amount_sek: Decimal
    order: Order

    @property
    def points(self) -> int:
        """Risk × money: 0, or 1-16."""
        return self.risk * self.money

    def sentence(self, language: Language = "sv") -> str:
        """How the number came about."""
        text = Text(sv="Risk {r} av 4 × pengar {m} av 4 = {n}.", en="Risk {r} of 4 × money {m} of 4 = {n}.")
        return text.of(language).format(r=self.risk, m=self.money, n=self.points)


def rank(overall: Overall, contracts: Iterable[Contract], spend: Spend, today: date, limits: Assessment) -> Rank:
    """The place of one supplier.

    Args:
        overall: its flags weighed together; settled ones have no weight there.
        contracts: its contracts; those in force or in tender count.
        spend: what was bought of it.
        today: the day.
        limits: ``[assessment]``: where the steps of money are.
    """
    running = (item for item in contracts if item.phase != "contract" or item.in_force(today))
    worth = sum((item.value_sek for item in running if item.value_sek is not None), Decimal(0))
    amount = max(worth, spend.last_12_months_sek)
    money = 1 + bisect_right(limits.money_sek, amount)
    risk, counts = _risk(overall), overall.counts
    order = (-risk * money, -risk, -counts["critical"], -counts["high"], -counts["medium"], -amount)
    return Rank(risk, money, amount, order)


def _risk(overall: Overall) -> int:
    """4 critical, 3 a deeper check or serious, 2 medium, 1 light, 0 nothing that stands."""
    counts = overall.counts
    if counts["critical"]:
        return 4
    if overall.state == "deep" or counts["high"]:
        return 3
    return 2 if counts["medium"] else int(counts["all"] > 0)


def formula(limits: Assessment, language: Language = "sv") -> str:
    """The formula with its steps of money, for the page that shows the number."""
    low, middle, high = (
        f"{step:,.0f}".replace(",", "\u00a0" if language == "sv" else ",") for step in limits.money_sek
    )
    return FORMULA.of(language).format(low=low, middle=middle, high=high)
