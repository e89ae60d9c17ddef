"""A supplier that lately turned to care, staffing or building, or whose business is foreign to what it is contracted for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from screening.checks._services import spelled
from screening.checks._timing import Timing, near
from screening.checks._window import at_latest, known_from
from screening.errors import ConfigError
from screening.model import CompanyRecord, Context, Event, History, Industry, Verdict, clear, events, flag, unknown
from screening.model.changes import same_name


@dataclass(frozen=True, slots=True, kw_only=True)
class P(Timing):
    """Sensitive branches (how codes begin), the window, when SCB re-codes, and which codes fit which service."""

    may_be_zero = Timing.may_be_zero | {"window_days"}  # before there is a history: what stands that day

    sensitive: tuple[str, ...]
    window_days: int
    recoding_from_on: date
    recoding_to_on: date
    expected: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raises ConfigError for an expectation that is not ``service = codes``."""
        for line in self.expected:
            service, _is, codes = line.partition("=")
            if not (service.strip() and all(part.strip().isdigit() for part in codes.split(","))):
                message = f'expected: {line!r}; expected "service = 88, 87": a service, and how its codes begin'
                raise ConfigError(message)

    @property
    def by_service(self) -> Mapping[str, tuple[str, ...]]:
        """Service, as it is compared -> how the codes that fit it begin."""
        found = {}
        for line in self.expected:
            service, _is, codes = line.partition("=")
            found[spelled(service)] = tuple(part.strip() for part in codes.split(","))
        return found

    def services_known(self) -> Mapping[str, tuple[str, ...]]:
        """See ``Params``."""
        return {"expected": tuple(self.by_service)}


def check(industry: History[Industry], record: CompanyRecord | None, c: Context, p: P) -> Verdict:
    """Flags ``changed`` within ``window_days`` to a sensitive branch, or ``foreign`` to the service of a contract."""
    now = industry.latest
    if not now.codes:
        return unknown("partial")
    first_day = c.today - timedelta(days=p.window_days)
    born = record.registered_on if record is not None else None
    turned = [item for item in _turned(industry, p) if item.on >= first_day]
    foreign = _foreign(now, c, p)
    if turned or foreign:
        shown = turned[-1:]
        at = near([item.on for item in shown], c, p)
        code, text = now.codes[0]
        return flag(
            now,
            *(fact for item in shown for fact in item.facts[1:]),
            level=at.level,
            variant="changed" if turned else "foreign",
            industry_before=shown[0].before if shown else None,
            industry_now=f"{code} {text}".strip(),
            changed_on=shown[0].on if shown else None,
            changed_after_on=shown[0].after_day if shown and at_latest(shown[0]) else None,
            foreign_contracts="; ".join(foreign) or None,
            contracts_timing=at.timing,
            as_of_on=now.provenance.held_on,
        )
    if not known_from(industry.observed_from_on, first_day, born):
        return unknown("short_history", observed_from_on=industry.observed_from_on)
    return clear(now, industry_now=" ".join(now.codes[0]).strip())


def _turned(industry: History[Industry], p: P) -> list[Event]:
    """Changes of code into a sensitive branch from outside it; a new version of the code list is no change."""
    found = []
    known = events("industry", industry.versions)
    described = [item for item in known if item.what == "description"]
    for item in known:
        after, before = (fact for fact in item.facts if isinstance(fact, Industry))
        if item.what != "industry" or not _entered(before, after, p) or _recoded(before, after, item, described, p):
            continue
        found.append(item)
    return found


def _entered(before: Industry, after: Industry, p: P) -> bool:
    was, now = (any(code.startswith(p.sensitive) for code, _text in row.codes) for row in (before, after))
    return now and not was


def _recoded(before: Industry, after: Industry, item: Event, described: list[Event], p: P) -> bool:
    """Whether the codes may be the same business under a new list: by version, by text, or by the days of re-coding.

    While SCB re-codes, a new code counts only together with a new description of the business.
    """
    if before.version is not None and after.version is not None and before.version != after.version:
        return True
    if any(same_name(old, new) for _code, old in before.codes for _new, new in after.codes[:1]):
        return True
    recoding = item.earliest <= p.recoding_to_on and item.on >= p.recoding_from_on
    return recoding and not any(other.earliest <= item.on and other.on >= item.earliest for other in described)


def _foreign(now: Industry, c: Context, p: P) -> list[str]:
    """Contracts whose service has expected codes, none of which the supplier has: ``A-1 (hemtjänst)``."""
    expected = p.by_service
    found = []
    for contract in c.contracts:
        prefixes = expected.get(spelled(contract.service))
        if prefixes and not any(code.startswith(prefixes) for code, _text in now.codes):
            found.append(f"{contract.id} ({contract.service})")
    return found
