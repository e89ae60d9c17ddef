"""screening.toml: typed, checked, and explained when it is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from screening.errors import ConfigError

NAME = "screening.toml"
M = TypeVar("M", bound=BaseModel)
Cadence = Literal["monthly", "quarterly", "yearly", "award"]
LawArea = Literal["school", "hvb", "lss_child", "child_other", "home_care", "other"]


class Strict(BaseModel):
    """Unknown keys are errors: a misspelt key must not be a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Organisation(Strict):
    """The buyer. ``kind`` decides which law applies to offence data and which duties are shown."""

    name: str
    orgnr: str
    kind: Literal["kommun", "region", "kommunalt_bolag", "kommunalforbund"] = "kommun"


class Store(Strict):
    """Where facts are kept; a relative SQLite path is relative to the workspace."""

    url: str = "sqlite:///.screening/store.db"


class Intake(Strict):
    """Files to read. ``{period}`` is replaced by ``YYYY-MM``; a pattern without it is read in every run."""

    files: str
    connector: str | None = None


class Unit(Strict):
    """A unit that owns contracts. ``match`` are the spellings in exports (case and space do not matter)."""

    name: str
    match: tuple[str, ...] = ()
    risk_owner: str = ""


class Match(Strict):
    """What a profile concerns: every key given must hold; a list holds when one of its words does."""

    unit: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    legal_form: tuple[str, ...] = ()  # register codes; "person" and "foreign" name kinds of supplier
    role: tuple[str, ...] = ()
    min_value_sek: Decimal | None = None
    min_spend_sek: Decimal | None = None


class Profile(Strict):
    """Which rules are expected of which suppliers and contracts. The first that matches a contract is its profile.

    ``rules`` are rule ids; ``limits`` overrides limits per rule id, on every day or in blocks with ``from``; ``record_check`` names the law area of
    record checks, ``record_check_by`` whether statute or contract demands them. ``cadence`` says how often sources are
    asked about these suppliers (``cadence_months`` in which months); between, they are judged on what is stored.
    """

    name: str
    match: Match = Match()
    rules: tuple[str, ...]
    limits: dict[str, dict[str, Any] | tuple[dict[str, Any], ...]] = Field(default_factory=dict)
    record_check: LawArea | None = None
    record_check_by: Literal["statute", "contract"] | None = None
    cadence: Cadence = "monthly"
    cadence_months: tuple[Annotated[int, Field(ge=1, le=12)], ...] = ()


class Population(Strict):
    """Who is in scope: contracts in force (or in tender), and whoever was paid lately."""

    contracts: Literal["in_force", "all", "none"] = "in_force"
    paid_within_months: int = 12
    min_spend_sek: Decimal = Decimal(0)
    exclude_forms: tuple[str, ...] = ()
    include_sub_suppliers: bool = True


RiskField = Literal[
    "organisation", "unit", "process", "risk", "description", "cause", "effect", "likelihood", "consequence", "value",
    "control", "action", "owner", "date", "due", "status", "comment", "suppliers", "id",
]  # fmt: skip
RISK_COLUMNS: dict[str, RiskField] = {
    "Organisation": "organisation",
    "Enhet": "unit",
    "Risk": "risk",
    "Beskrivning": "description",
    "Sannolikhet": "likelihood",
    "Konsekvens": "consequence",
    "Åtgärd": "action",
    "Ansvarig": "owner",
    "Datum": "date",
    "Extern-ID": "id",
}
LONGEST_LIST, LONGEST_HEADER = 255, 255  # characters that Excel takes in a drop-down list and in a column's name


class Report(Strict):
    """Where reports go, in which language results are told, and what the risk register's columns are called.

    ``risk_columns``: the name of each column of *Riskregister*, in order, and what it holds; ``risk_likelihood`` and
    ``risk_consequence``: the words of its two scales. The usual municipal scales are from memory, not from a source.
    """

    folder: str = "reports"
    language: Literal["sv", "en"] = "sv"
    risk_columns: Annotated[dict[str, RiskField], Field(min_length=1)] = Field(default_factory=lambda: {**RISK_COLUMNS})
    risk_likelihood: tuple[str, ...] = ("1 osannolik", "2 mindre sannolik", "3 möjlig", "4 sannolik")
    risk_consequence: tuple[str, ...] = ("1 försumbar", "2 lindrig", "3 kännbar", "4 allvarlig")

    @field_validator("risk_columns")
    @classmethod
    def _columns(cls, columns: dict[str, RiskField]) -> dict[str, RiskField]:
        """Names that Excel takes as headers of a table."""
        names = [name.strip().casefold() for name in columns]
        if not all(names) or len(set(names)) < len(names) or max(map(len, names)) > LONGEST_HEADER:
            message = f"expected names that differ by more than case, none empty, at most {LONGEST_HEADER} characters"
            raise ValueError(message)
        return columns

    @field_validator("risk_likelihood", "risk_consequence")
    @classmethod
    def _scale(cls, words: tuple[str, ...]) -> tuple[str, ...]:
        """Words that Excel takes as a drop-down list."""
        if any("," in word or not word.strip() for word in words) or len(",".join(words)) > LONGEST_LIST:
            message = f"expected words without commas, at most {LONGEST_LIST} characters together"
            raise ValueError(message)
        return words


class Assessment(Strict):
    """The combination rule: what leads to *fördjupad kontroll* (after EBM's checklist logic), and the steps of money."""

    critical: int = 1
    high: int = 2
    high_with_medium: tuple[int, int] = (1, 2)
    medium_low: int = 4
    families: int = 2
    worse_share: Decimal = Decimal("0.25")
    money_sek: tuple[Decimal, Decimal, Decimal] = (Decimal(100_000), Decimal(1_000_000), Decimal(10_000_000))

    @field_validator("money_sek")
    @classmethod
    def _rising(cls, steps: tuple[Decimal, Decimal, Decimal]) -> tuple[Decimal, Decimal, Decimal]:
        if not 0 < steps[0] < steps[1] < steps[2]:
            message = "expected three rising sums above nothing"
            raise ValueError(message)
        return steps


class Decisions(Strict):
    """Workbooks laid in ``inbox`` are read at the start of each run."""

    inbox: str | None = None


class Retention(Strict):
    """Days are kept as choices; nothing is deleted until ``decision`` names the archive decision."""

    decision: str = ""
    raw_days: int = 90
    findings_days: int = 1826
    unflagged_persons_days: int = 30


class Budget(Strict):
    """Never exceeded, also after a crash. ``max_minutes``: how long one run may go on asking; what is left is unknown."""

    max_sek: Decimal | None = None
    max_letters: int | None = None
    max_minutes: Annotated[float, Field(gt=0)] | None = None


class Privacy(Strict):
    """Credit reports on natural persons are off unless the organisation turns them on."""

    credit_on_persons: bool = False


class Stub(Strict):
    """The world that the embedded provider answers from, for connectors with ``address = "stub:"``."""

    world: str = "data/sample/world.toml"


class Config(Strict):
    """One workspace."""

    organisation: Organisation
    store: Store = Store()
    intake: tuple[Intake, ...] = ()
    unit: tuple[Unit, ...] = ()
    profile: Annotated[tuple[Profile, ...], Field(min_length=1)]
    population: Population = Population()
    sources: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    cross_check: tuple[str, ...] = ()  # kinds for which every source is asked, not only the first that answers
    report: Report = Report()
    assessment: Assessment = Assessment()
    decisions: Decisions = Decisions()
    retention: Retention = Retention()
    budget: Budget = Budget()
    privacy: Privacy = Privacy()
    stub: Stub = Stub()

    def for_rules(self, names: Collection[str]) -> Self:
        """The same workspace in which the profiles expect these rules alone."""
        profiles = tuple(
            item.model_copy(update={"rules": tuple(name for name in item.rules if name in names)})
            for item in self.profile
        )
        return self.model_copy(update={"profile": profiles})


def load(home: Path) -> Config:
    """The workspace's configuration.

    Raises:
        ConfigError: missing, unreadable, not TOML, an unknown key or a wrong value; names the file and the key.
    """
    path = home / NAME
    if not path.is_file():
        message = f"{path}: finns inte; gör en arbetsyta med `screening init {home}`"
        raise ConfigError(message)
    return parse_toml(path, Config)


def parse_toml(path: Path, model: type[M]) -> M:
    """A typed model from a TOML file, with an error that names file, key and what was expected."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        message = f"{path.name}: cannot be read; {error.__class__.__name__}"
        raise ConfigError(message) from error
    except tomllib.TOMLDecodeError as error:
        message = f"{path.name}: not TOML; {error}"
        raise ConfigError(message) from error
    return validate(path.name, document, model)


def validate(where: str, document: object, model: type[M]) -> M:
    """``document`` as ``model``; ConfigError with every wrong key on its own line."""
    try:
        return model.model_validate(document)
    except ValidationError as error:
        lines = [
            f"{where}: {'.'.join(str(part) for part in item['loc']) or 'document'}: {item['msg']}"
            for item in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigError("\n".join(lines)) from None
