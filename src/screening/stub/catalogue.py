"""The fault catalogue: what real providers do to their callers, and by which faults of the stub each is acted out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType

from screening.errors import UsageError
from screening.stub.app import kinds_of, providers
from screening.stub.world import COMMON_FAULTS, Fault


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``kinds`` are ``provider:kind``; ``*:kind`` is every provider's; a note where the truth itself is the fault."""

    number: str
    title: str
    kinds: tuple[str, ...] = ()
    note: str = ""


CATALOGUE: tuple[Row, ...] = (
    Row("1", "unknown to the bureau's search: 200 without results", ("creditsafe_connect:unknown",)),
    Row("1b", "unknown connectId at the report", ("creditsafe_connect:gone_400", "creditsafe_connect:gone_404")),
    Row("2", "unknown to Creditsafe Sweden: 404 with code 15", ("creditsafe_se:unknown",)),
    Row("3", "unknown to the register: 200 with ORGANISATION_FINNS_EJ", ("bolagsverket_hvd:unknown",)),
    Row("4", "known to Bolagsverket, not to SCB", ("bolagsverket_hvd:unknown_to_scb", "scb_foretagsregister:unknown")),
    Row("5", "unknown to v4: 404 with a code", ("bolagsverket_v4:unknown", "verkliga_huvudman:unknown")),
    Row("6", "never registered: 404 as a fact", ("skattekonto_v2:unknown",)),
    Row("7", "no debts: 404 as a good result", ("debtor_summary:unknown",)),
    Row("8", "unknown to Roaring: 404, or 200 with status.code 1", ("roaring:unknown", "roaring:code_1")),
    Row("9", "the token ends in the middle of the batch", ("*:expired", "*:unauthorized", "*:bad_credentials")),
    Row("10", "not subscribed", ("*:forbidden",)),
    Row(
        "11",
        "throttled: with a time, without one, with nextAccessTime, prolonged by whoever is early",
        ("*:throttled", "*:throttled_silent", "*:throttled_next_access", "*:throttled_prolonged"),
    ),
    Row(
        "12",
        "5xx, a web page, a cut answer, a lost connection, a slow answer",
        ("*:error", "*:bad_gateway", "*:down", "*:gateway_timeout", "*:html", "*:truncated", "*:drop", "*:slow"),
    ),
    Row("13", "a partial report: failedSections", ("creditsafe_connect:partial",)),
    Row(
        "14",
        "one producer down",
        ("bolagsverket_hvd:producer_down", "bolagsverket_hvd:producer_timeout", "bolagsverket_hvd:register_down"),
    ),
    Row("15", "a registration that has ended, or is to begin", ("scb_foretagsregister:ended", "scb_foretagsregister:future")),
    Row("16", "a rejection code in a 200, with data and without", ("creditsafe_se:rejected", "creditsafe_se:rejected_bare")),
    Row("17", "no rating: a negative code", ("creditsafe_connect:no_rating", "creditsafe_se:no_rating")),
    Row(
        "18",
        "texts for numbers, lists for texts, times for dates, misspelt and unknown members",
        ("creditsafe_connect:odd", "bolagsverket_hvd:odd", "scb_foretagsregister:odd", "debtor_summary:odd",
         "creditsafe_se:odd", "yente:odd", "bolagsverket_v4:odd"),
    ),
    Row("19", "three businesses under one number", ("bolagsverket_hvd:three_businesses",)),
    Row("20", "a report too large: 302 to another host", ("creditsafe_connect:large",)),
    Row("21", "paging off by one: items lost between pages", ("creditsafe_connect:lost_page",)),
    Row("22", "asynchronous: accepted, and there later; a second time 409", ("creditsafe_connect:late_import",)),
    Row("23", "a row without its amount; `*` for what is not ordered", (
        "skattekonto_v2:without_amount", "scb_foretagsregister:not_ordered",
    )),
    Row("24", "the check digit is wrong: 400", ("bolagsverket_hvd:bad_digit",)),
    Row(
        "25",
        "a file service: receipt and answer; rejected with an error file; no answer; fewer rows than asked; a cut answer",
        note="`screening stub answer-files CONNECTOR --fault rejected`, `missing`, `short`, `damaged`",
    ),
    Row(
        "26",
        "the sanctions list is cut, empty, a web page or old; a batch too large; one question of a batch that fails",
        ("yente:small_batch", "yente:half_batch", "yente:no_answer", "yente:old_list", "yente:no_index"),
        note="and a file in the inbox: nobody is looked for",
    ),
    Row("27", "two sources disagree: active at the bureau, bankrupt in the register", ("bolagsverket_hvd:bankrupt",)),
    Row("28", "protected identity: no name, no address", ("*:protected",)),
    Row("29", "parts of an answer are not there", ("*:partial",)),
)  # fmt: skip
"""In the order of the rows."""


def kinds() -> Mapping[str, Mapping[str, str]]:
    """Provider -> kind of fault -> what the caller meets."""
    return {name: kinds_of(module) for name, module in providers().items()}


def scenarios(row: Row) -> Iterator[tuple[str, str]]:
    """(provider, kind) of every way to act out a row."""
    modules = providers()
    for item in row.kinds:
        provider, _, kind = item.partition(":")
        for name in modules if provider == "*" else (provider,):
            if acts(modules[name], kind):
                yield name, kind


def acts(module: ModuleType, kind: str) -> bool:
    """Whether a provider can act out a kind: a source without tokens has none that end."""
    without_token = kind in ("expired", "bad_credentials") and not getattr(module, "HAS_TOKENS", True)
    return kind in kinds_of(module) and not without_token


def faults(written: Iterable[str]) -> tuple[Fault, ...]:
    """Faults as a command line names them: ``PROVIDER:KIND[:NUMBER,NUMBER…]``; ``PROVIDER:KIND*3`` strikes three calls.

    Raises:
        UsageError: no such provider or kind; lists what there is.
    """
    known = kinds()
    found = []
    for text in written:
        provider, _, rest = text.partition(":")
        kind, _, numbers = rest.partition(":")
        kind, _, first = kind.partition("*")
        if provider not in known:
            message = f"--fault {text}: källan {provider!r} finns inte i stubben; ange en av {', '.join(known)}"
            raise UsageError(message)
        if kind not in known[provider]:
            message = f"--fault {text}: {provider} har inget fel {kind!r}; ange ett av {', '.join(known[provider])}"
            raise UsageError(message)
        if first and not first.isdecimal():
            message = f"--fault {text}: {first!r} är inget antal anrop; skriv till exempel {provider}:{kind}*3"
            raise UsageError(message)
        found.append(
            Fault(
                source=provider,
                kind=kind,
                numbers=tuple(numbers.split(",")) if numbers else (),
                first=int(first) if first else 1 if kind == "expired" else None,
                seconds=3600.0 if kind == "slow" else 0.0,
            )
        )
    return tuple(found)


def _ways(row: Row) -> str:
    """How a row is acted out: its faults, and what is no fault of the stub."""
    return "; ".join(part for part in (", ".join(f"`{kind}`" for kind in row.kinds), row.note) if part)


def page() -> str:
    """The catalogue as a page of documentation."""
    lines = [
        "# What providers do to their callers",
        "",
        "Made from `src/screening/stub/catalogue.py`. Each fault can be switched on for one source, in a world file",
        "(`[[fault]]`, `docs/world-file.md`) or on the command line:",
        "",
        "```sh",
        "screening stub serve --fault creditsafe_connect:partial --fault bolagsverket_hvd:down*3",
        "```",
        "",
        "`PROVIDER:KIND` strikes every call, `PROVIDER:KIND*3` the first three, `PROVIDER:KIND:5599999017` those about one number.",
        "",
        "| row | what happens | faults |",
        "|---|---|---|",
    ]
    lines += [f"| {row.number} | {row.title} | {_ways(row)} |" for row in CATALOGUE]
    lines += ["", "## Every provider", "", "| kind | what the caller meets |", "|---|---|"]
    lines += [f"| `{kind}` | {said} |" for kind, said in COMMON_FAULTS.items()]
    for name, module in providers().items():
        if own := getattr(module, "SCENARIOS", {}):
            lines += ["", f"## {name}", "", "| kind | what the caller meets |", "|---|---|"]
            lines += [f"| `{kind}` | {said} |" for kind, said in own.items()]
    return "\n".join(lines) + "\n"
