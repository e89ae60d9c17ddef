"""The tables. Times and dates are ISO text, money is integer öre or exact JSON numbers, hashes of answers are 32 bytes."""

from __future__ import annotations

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData()


def _text(name: str, *, null: bool = False, default: str | None = None) -> Column[str]:
    return Column(name, Text, nullable=null, server_default=default)


def _number(name: str, *, null: bool = False, default: str | None = None) -> Column[int]:
    return Column(name, Integer, nullable=null, server_default=default)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _ref(name: str, target: str, *, null: bool = False) -> Column[object]:
    return Column(name, ForeignKey(target), nullable=null)


SCHEMA_VERSION = Table("schema_version", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))
META = Table("meta", METADATA, Column("name", Text, primary_key=True), _text("value"))

# --- who --------------------------------------------------------------------------------------------------------------
SUPPLIERS = Table(  # the only place where a personal number stands, beside raw answers as they were received
    "suppliers",
    METADATA,
    Column("id", Text, primary_key=True),
    _text("kind", null=True),  # identity.Kind; null for unidentified
    _text("country"),
    _text("digits", null=True),
    _text("name"),
    _text("name_key"),  # names.normalise(name)
    UniqueConstraint("digits", "kind", "country"),
    Index("suppliers_by_name", "name_key"),
)
ACCEPTED = Table(
    "accepted_numbers",
    METADATA,
    _id(),
    _text("name_key"),
    _text("written_key"),  # keyed hash of the digits as written: they may be a person's
    _ref("supplier_id", "suppliers.id"),
    _text("by_whom"),
    _text("at"),
    _text("source_sha256"),
)

# --- runs -------------------------------------------------------------------------------------------------------------
RUNS = Table(
    "runs",
    METADATA,
    Column("id", Text, primary_key=True),
    _text("kind"),
    _text("period"),
    _number("number"),
    _text("as_of"),
    _text("state"),
    _text("stage"),
    _text("started"),
    _text("finished", null=True),
    _text("version"),
    _text("case_ref"),
    _number("exit", null=True),
    _text("manifest"),
    _ref("replaced_by", "runs.id", null=True),
    UniqueConstraint("kind", "period", "number"),
)
TEXTS = Table("texts", METADATA, Column("sha256", Text, primary_key=True), _text("body"))
RUN_TEXTS = Table(
    "run_texts",
    METADATA,
    _ref("run_id", "runs.id"),
    _text("kind"),
    _text("name"),
    _ref("sha256", "texts.sha256"),
    PrimaryKeyConstraint("run_id", "kind", "name"),
)
INPUTS = Table(
    "inputs",
    METADATA,
    _id(),
    _ref("run_id", "runs.id"),
    _text("name"),
    _text("sha256"),
    _text("connector"),
    _number("sheet_count"),
    _number("rows"),
    _number("accepted"),
    _number("merged"),
    _number("rejected"),
    _text("error"),
    _number("doubtful"),
    _text("notes"),
    Index("inputs_by_run", "run_id"),
)
REJECTS = Table(
    "rejects",
    METADATA,
    _id(),
    _ref("run_id", "runs.id"),
    _text("file"),
    _text("sheet"),
    _number("row"),
    _text("reason"),
    _text("code"),
    _text("written"),
    _text("name"),
    _text("proposals"),
    Index("rejects_by_run", "run_id"),
)
PROPOSALS = Table(  # what a supplier's doubtful number may have been meant to be
    "proposals",
    METADATA,
    _ref("run_id", "runs.id"),
    _ref("supplier_id", "suppliers.id"),
    _text("proposals"),
    PrimaryKeyConstraint("run_id", "supplier_id"),
)
ORIGINS = Table(
    "origins",
    METADATA,
    _id(),
    _ref("run_id", "runs.id"),
    _ref("supplier_id", "suppliers.id"),
    _text("file"),
    _text("sheet"),
    _number("row"),
    Index("origins_by_supplier", "run_id", "supplier_id"),
)
RUN_SUPPLIERS = Table(
    "run_suppliers",
    METADATA,
    _ref("run_id", "runs.id"),
    _ref("supplier_id", "suppliers.id"),
    _text("kind"),
    _text("name"),
    _text("names", null=True),  # JSON; null when empty
    _text("supplier_numbers", null=True),
    _text("country"),
    _number("identity_accepted"),
    PrimaryKeyConstraint("run_id", "supplier_id"),
)
CONTRACTS = Table(
    "contracts",
    METADATA,
    _id(),
    _ref("run_id", "runs.id"),
    _ref("supplier_id", "suppliers.id"),
    _text("contract_id"),
    _number("value_ore", null=True),
    _text("payload"),
    Index("contracts_by_supplier", "run_id", "supplier_id"),
)
SPEND = Table(
    "spend",
    METADATA,
    _ref("run_id", "runs.id"),
    _ref("supplier_id", "suppliers.id"),
    _number("last_12_months_ore"),
    _text("payload"),
    PrimaryKeyConstraint("run_id", "supplier_id"),
)

# --- evidence ---------------------------------------------------------------------------------------------------------
RAW = Table(
    "raw",
    METADATA,
    _id(),
    Column("sha256", LargeBinary, nullable=False, unique=True),  # of the uncompressed bytes
    _number("size"),
    Column("data", LargeBinary, nullable=True),  # zlib; null when purged
    _text("at"),  # when it was last received
)
FACTS = Table(
    "facts",
    METADATA,
    _id(),
    _ref("supplier_id", "suppliers.id"),
    _text("kind"),
    _text("source"),
    _text("scope_key"),
    _text("place"),  # where in the history it stands: fetched_at; as_of, a date, for documents and historic answers
    _number("tie", default="0"),  # which of several at the same place
    _text("last_place"),  # of its newest observation
    _text("as_of"),
    _text("fetched_at"),
    _text("confirmed_at", null=True),
    _text("observed_at"),  # when it was last met, whether or not that confirmed it
    _text("superseded_at", null=True),
    _text("payload"),
    Column("payload_hash", LargeBinary, nullable=False),
    _ref("raw_id", "raw.id", null=True),
    Column("raw_sha256", LargeBinary, nullable=True),
    _text("origin"),
    _text("request_ref"),
    _number("simulated"),
    _ref("run_id", "runs.id", null=True),
    _number("void", default="0"),  # 1: about a number that was later corrected
    Index("facts_by_supplier", "supplier_id", "kind", "source", "scope_key", "place", "tie"),
    Index("facts_by_source", "source", "kind", "observed_at", "supplier_id"),
    Index("facts_by_raw", "raw_id"),
)
OBSERVATIONS = Table(  # later answers equal to a fact; the first one is the fact's own row
    "observations",
    METADATA,
    _id(),
    _ref("fact_id", "facts.id"),
    _text("place"),
    _number("tie", default="0"),
    _text("observed_at"),
    _text("as_of"),
    _text("confirms", null=True),  # the time for which it shows that the fact still holds
    _ref("raw_id", "raw.id", null=True),
    Column("raw_sha256", LargeBinary, nullable=True),
    _text("request_ref"),
    _number("simulated"),
    _ref("run_id", "runs.id", null=True),
    Index("observations_by_fact", "fact_id", "observed_at"),
    Index("observations_by_raw", "raw_id"),
)
GAPS = Table(
    "gaps",
    METADATA,
    _id(),
    _ref("supplier_id", "suppliers.id"),
    _text("kind"),
    _text("source"),
    _text("reason"),
    _text("detail"),
    _text("at"),  # the run's newest attempt
    _text("closed_at", null=True),  # when a fact answered
    _ref("run_id", "runs.id"),
    UniqueConstraint("supplier_id", "kind", "source", "run_id"),
    Index("gaps_by_run", "run_id"),
)

# --- asking -----------------------------------------------------------------------------------------------------------
INTENTS = Table(
    "intents",
    METADATA,
    _id(),
    _ref("run_id", "runs.id"),
    _text("source"),
    _text("supplier_id"),
    _number("price_ore"),
    _text("state"),
    _text("owner"),  # which opening of the store made it
    _text("at"),
    _text("settled_at", null=True),
    _number("letter", default="0"),  # the person is sent a copy
    Index("intents_by_run", "run_id", "source"),
    Index("intents_by_supplier", "supplier_id", "source"),
)
ASKS = Table(
    "asks",
    METADATA,
    _ref("run_id", "runs.id"),
    _text("source"),
    _text("supplier_id"),
    _text("outcome"),  # answered | failed | awaited
    PrimaryKeyConstraint("run_id", "source", "supplier_id"),
)
RUN_SOURCES = Table(
    "run_sources",
    METADATA,
    _ref("run_id", "runs.id"),
    _text("source"),
    _number("from_store"),
    _number("calls"),
    PrimaryKeyConstraint("run_id", "source"),
)
TICKETS = Table(
    "tickets",
    METADATA,
    _id(),
    _ref("run_id", "runs.id"),
    _text("source"),
    _text("ref"),
    _text("kinds"),
    _text("submitted_at"),
    _text("due_on", null=True),
    _text("closed_at", null=True),
    UniqueConstraint("source", "ref"),
)
TICKET_SUPPLIERS = Table(
    "ticket_suppliers",
    METADATA,
    _ref("ticket_id", "tickets.id"),
    _text("supplier_id"),
    _number("answered"),
    PrimaryKeyConstraint("ticket_id", "supplier_id"),
)
SHAPES = Table(  # what a run's answers from a source looked like, to compare later runs with
    "shapes",
    METADATA,
    _ref("run_id", "runs.id"),
    _text("source"),
    _text("kind"),
    _text("measure"),
    _text("form"),
    _number("answers"),
    _number("filled"),
    _number("known"),
    _number("lost"),
    _number("doubtful"),
    PrimaryKeyConstraint("run_id", "source", "kind", "measure", "form"),
    Index("shapes_by_source", "source"),
)
PARTS = Table(  # paid parts of an answer that is not whole yet; without personal numbers
    "parts",
    METADATA,
    _id(),
    _text("source"),
    _text("supplier_id"),
    _text("part"),
    Column("data", LargeBinary, nullable=False),  # zlib
    _text("at"),
    UniqueConstraint("source", "supplier_id", "part"),
)
SOURCE_STATE = Table(
    "source_state", METADATA, _text("source"), _text("name"), _text("value"), PrimaryKeyConstraint("source", "name")
)

# --- judging and reporting --------------------------------------------------------------------------------------------
JUDGED = Table(
    "judged",
    METADATA,
    _ref("run_id", "runs.id"),
    _ref("supplier_id", "suppliers.id"),
    _text("rule"),
    _text("scope_key"),
    _text("outcome"),
    _text("severity", null=True),
    _text("body"),
    PrimaryKeyConstraint("run_id", "supplier_id", "rule", "scope_key"),
)
COVERAGE = Table(
    "coverage",
    METADATA,
    _ref("run_id", "runs.id"),
    _text("rule"),
    _text("outcome"),
    _number("suppliers"),
    PrimaryKeyConstraint("run_id", "rule", "outcome"),
)
FINDINGS = Table(
    "findings",
    METADATA,
    _ref("run_id", "runs.id"),
    _text("finding_id"),
    _ref("supplier_id", "suppliers.id"),
    _text("rule"),
    _text("scope_key"),
    _text("outcome"),
    _text("verdict"),
    _text("severity", null=True),
    _text("level"),
    _text("status"),
    _number("occurrence"),
    _text("first_seen"),
    _text("source"),
    _text("as_of", null=True),
    _text("fetched_at", null=True),
    _text("reason"),
    _text("body"),
    PrimaryKeyConstraint("run_id", "finding_id"),
    Index("findings_by_id", "finding_id", "run_id"),
    Index("findings_by_supplier", "supplier_id"),
)
FINDING_RAW = Table(  # which raw answers stand behind a finding: these are kept as long as it
    "finding_raw",
    METADATA,
    _text("finding_id"),
    Column("raw_sha256", LargeBinary, nullable=False),
    PrimaryKeyConstraint("finding_id", "raw_sha256"),
)
SHEETS = Table(
    "sheets",
    METADATA,
    _ref("run_id", "runs.id"),
    _text("name"),
    _number("position"),
    _text("columns"),
    PrimaryKeyConstraint("run_id", "name"),
)
SHEET_ROWS = Table(
    "sheet_rows",
    METADATA,
    _ref("run_id", "runs.id"),
    _text("name"),
    _number("row"),
    _text("cells"),
    PrimaryKeyConstraint("run_id", "name", "row"),
)
WORKBOOKS = Table(
    "workbooks",
    METADATA,
    _id(),
    _ref("run_id", "runs.id"),
    _text("path"),
    _text("sha256"),
    Index("workbooks_by_path", "path"),
)
DECISIONS = Table(
    "decisions",
    METADATA,
    _id(),
    _text("finding_id"),
    _text("by_whom"),
    _text("assessment"),
    _text("reason"),
    _text("until", null=True),
    _text("diary"),
    _text("at"),
    _text("file_sha256"),
    _text("reply_by", null=True),
    _text("run_id", default=""),  # whose workbook it was written in; empty before version 3
    _text("period", default=""),  # of that run: the decision holds from there on
    _text("place", default=""),  # file, sheet and row
    _text("severity", null=True),  # of the finding in that run, as are the next four
    _text("measure", null=True),
    _number("occurrence", default="1"),
    _text("pair", default=""),
    Index("decisions_by_finding", "finding_id"),
)
FOLLOW_UPS = Table(  # what people wrote in *Ej bedömbara*: added, never changed
    "follow_ups",
    METADATA,
    _id(),
    _text("supplier_id"),
    _text("thing"),  # the kind of fact that is missing, or identity
    _text("requested_on", null=True),
    _text("reply_by", null=True),
    _text("by_whom"),
    _text("comment"),
    _text("at"),
    _text("run_id"),
    _text("period"),
    _text("place"),
    _text("file_sha256"),
    Index("follow_ups_by_supplier", "supplier_id"),
)
SAMPLES = Table(
    "samples",
    METADATA,
    Column("id", Text, primary_key=True),
    _ref("run_id", "runs.id"),
    _number("number"),
    _text("method"),  # JSON: how it was drawn
    _text("by_whom"),
    _text("at"),
    UniqueConstraint("run_id", "number"),
)
SAMPLE_MEMBERS = Table(  # the whole population that a sample was drawn from
    "sample_members",
    METADATA,
    _ref("sample_id", "samples.id"),
    _text("supplier_id"),
    _text("public_id"),
    _text("stratum"),
    _number("drawn", null=True),  # its place among the drawn; null: not drawn
    PrimaryKeyConstraint("sample_id", "supplier_id"),
)
SAMPLE_RESULTS = Table(  # added, never changed: the newest one holds
    "sample_results",
    METADATA,
    _id(),
    _ref("sample_id", "samples.id"),
    _text("supplier_id"),
    _text("result"),
    _text("reviewed_on", null=True),
    _text("reviewer"),
    _text("note"),
    _text("at"),
    _text("place"),
    _text("file_sha256"),
    Index("sample_results_by_sample", "sample_id"),
)
AUDIT = Table(
    "audit",
    METADATA,
    _id(),
    _text("at"),
    _text("who"),
    _text("action"),
    _text("detail"),
    _text("previous_sha256"),
    _text("sha256"),
)
