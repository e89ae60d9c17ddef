"""Which source is asked for which kind of fact about whom: precedence, legal form, privacy, freshness. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from screening.config import Config
from screening.connectors import Connector
from screening.errors import ConfigError
from screening.model import KINDS, Supplier

LETTER_FORMS: frozenset[str] = frozenset({"HB", "KB", "E"})
"""Forms for which a credit report sends the persons behind a copy (omfrågekopia), beside sole traders."""


@dataclass(frozen=True, slots=True)
class Routing:
    """Sources per kind of fact, first choice first, as configured or by wave, price and name."""

    precedence: Mapping[str, tuple[str, ...]]
    connectors: Mapping[str, Connector]
    cross_check: frozenset[str]
    credit_on_persons: bool

    def candidates(self, kind: str) -> Sequence[Connector]:
        """The sources that can give ``kind``, in order of precedence; empty when nothing is configured."""
        return [self.connectors[name] for name in self.precedence.get(kind, ())]

    def refusal(self, connector: Connector, supplier: Supplier, legal_form: str | None) -> str | None:
        """Why ``connector`` may not be asked about ``supplier``: a reason of ``model.REASONS``, or ``None`` when it may."""
        if supplier.identity is None:
            return "identity"
        if supplier.kind == "foreign":
            return None if connector.adapter.foreign else "no_source"
        if supplier.kind == "person":
            if not connector.table.persons:
                return "no_source"
            if "credit" in connector.adapter.gives and not self.credit_on_persons:
                return "not_allowed"
        forms = connector.table.forms
        return "no_source" if forms and legal_form is not None and legal_form not in forms else None

    def sends_letter(self, connector: Connector, supplier: Supplier, legal_form: str | None) -> bool:
        """Whether asking sends a disclosure letter to a person."""
        return connector.table.disclosure_letters and (supplier.kind == "person" or legal_form in LETTER_FORMS)


def routing(config: Config, connectors: Mapping[str, Connector]) -> Routing:
    """Routes as ``[sources]`` says; kinds it does not name go to every connector that gives them, cheapest first.

    Raises:
        ConfigError: ``[sources]`` names a kind or a connector that is not there, or one that does not give the kind.
    """
    precedence: dict[str, tuple[str, ...]] = {}
    for kind, names in config.sources.items():
        if kind not in KINDS:
            message = (
                f"screening.toml: sources.{kind}: no such kind of fact; expected one of {', '.join(sorted(KINDS))}"
            )
            raise ConfigError(message)
        for name in names:
            if name not in connectors:
                message = (
                    f"screening.toml: sources.{kind}: no connector {name!r}; expected one of {', '.join(connectors)}"
                )
                raise ConfigError(message)
            if not connectors[name].table.enabled:
                message = (
                    f"screening.toml: sources.{kind}: connector {name!r} is not enabled; set enabled = true in its file"
                )
                raise ConfigError(message)
            if kind not in connectors[name].adapter.gives:
                given = ", ".join(sorted(connectors[name].adapter.gives))
                message = f"screening.toml: sources.{kind}: connector {name!r} does not give it; it gives {given}"
                raise ConfigError(message)
        precedence[kind] = tuple(names)
    enabled = [item for item in connectors.values() if item.table.enabled]
    ordered = sorted(enabled, key=lambda item: (item.wave, item.table.price_sek, item.name))
    for kind in KINDS:
        if kind not in precedence and (names := tuple(item.name for item in ordered if kind in item.adapter.gives)):
            precedence[kind] = names
    return Routing(precedence, connectors, frozenset(config.cross_check), config.privacy.credit_on_persons)
