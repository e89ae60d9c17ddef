"""Services that profiles match, held against the lists of services in the limits of their rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from screening.config import Config, Profile
from screening.rules.rule import Rule, own_limits

Lists = Mapping[tuple[str, str], frozenset[str]]
"""(rule, limit) -> the services that it lists."""


def unlisted(config: Config, rules: Mapping[str, Rule]) -> Iterator[str]:
    """A sentence for each service that a profile matches and its rules do not know, by the newest limits.

    A list that knows none of a profile's services is for other services; one that knows some of them should know all.
    A service that no list knows is told where the profile's rules have lists: it would pass by them unjudged.
    """
    for profile in config.profile:
        lists = _lists(profile, rules)
        own = {_key(service): service for service in profile.match.service}
        where = f"screening.toml: profile {profile.name}: match.service"
        unknown = [
            service for key, service in own.items() if lists and not any(key in known for known in lists.values())
        ]
        for service in unknown:
            named = ", ".join(f"{rule} ({limit})" for rule, limit in lists)
            yield f"{where}: {service!r} is in no list of {named}; expected it in one, spelled as in the contracts"
        for (rule, limit), known in lists.items():
            if known.isdisjoint(own):
                continue
            for key, service in own.items():
                if key not in known and service not in unknown:
                    yield (
                        f"{where}: {service!r} is not in params.{limit} of {rules[rule].file}, which has others of the"
                        " profile; expected all of them there, or a profile of its own"
                    )


def _lists(profile: Profile, rules: Mapping[str, Rule]) -> Lists:
    """The lists of the profile's rules, as they are after every dated change."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for name in profile.rules:
        params = rules[name].limits.params(date.max, own_limits(profile, rules[name]))
        if params is not None:
            found |= {(name, limit): frozenset(map(_key, known)) for limit, known in params.services_known().items()}
    return found


def _key(text: str) -> str:
    return " ".join(text.casefold().split())
