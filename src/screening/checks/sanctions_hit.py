"""One possible hit in the sanctions list: likeness of names, weighed with the strength of the alias, country and form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from screening.checks import Params
from screening.model import Context, Sanctions, SanctionsHit, Value, Verdict, clear, flag, not_applicable, unknown

_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Params):
    """From which weighed likeness (0-1) a hit is shown, what each doubt multiplies it with, and how old the list may be.

    ``weak_alias_share``: the list itself marks the alias as weak. ``other_country_share``: the list names another country
    than the supplier's. ``other_form_share``: the list has a person and the supplier is none, or the other way round.
    ``same_name_share``: from which likeness a name that the list does not call weak weighs in full in spite of the country.
    """

    min_weighed_share: Decimal
    weak_alias_share: Decimal
    other_country_share: Decimal
    other_form_share: Decimal
    same_name_share: Decimal
    list_max_age_days: int


def check(look: Sanctions, c: Context, p: P) -> Verdict:
    """Flags a hit whose weighed likeness reaches the limit: for a person to compare, never a finding of identity."""
    if look.list_on < c.today - timedelta(days=p.list_max_age_days):
        return unknown("too_old", list_on=look.list_on)
    if not look.scope_key and look.hits:
        return not_applicable("judged_per_hit")
    if not look.hits:
        return clear(look, list_on=look.list_on)
    hit = look.hits[0]
    weighed, other_country, other_form = _weigh(hit, c, p)
    seen: dict[str, Value] = {
        "listed_name": hit.name,
        "own_name": hit.own_name or c.supplier.name,
        "likeness_share": Decimal(str(hit.score)),
        "weighed_share": weighed,
        "entity_id": hit.entity_id,
        "listed_country": hit.country,
        "regulation": hit.regulation,
        "programme": hit.programme,
        "listed_on": hit.listed_on,
        "list_on": look.list_on,
        "list_sha": look.list_sha256[:12] or None,
    }
    if weighed < p.min_weighed_share:
        return clear(look, **seen)
    same = hit.strong_alias is True and Decimal(str(hit.score)) >= p.same_name_share
    level = (
        "weak_alias" if hit.strong_alias is False else "doubtful" if other_form or (other_country and not same) else ""
    )
    return flag(look, level=level, variant=level or ("other_country" if other_country else ""), **seen)


def _weigh(hit: SanctionsHit, c: Context, p: P) -> tuple[Decimal, bool, bool]:
    """The likeness times what each doubt leaves of it, and whether country and form speak against."""
    supplier = c.supplier
    person = supplier.kind == "person"
    other_country = hit.country is not None and hit.country != supplier.country
    other_form = hit.subject is not None and (hit.subject == "person") != person
    weighed = Decimal(str(hit.score))
    if hit.strong_alias is False:
        weighed *= p.weak_alias_share
    if other_country:
        weighed *= p.other_country_share
    if other_form:
        weighed *= p.other_form_share
    return weighed.quantize(_PLACES), other_country, other_form
