"""The world file: every firm as the registers and bureaus know it, its story laid on top, as TOML for people to read."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from generator import tax
from generator.firms import SNI, SWAPPED_STRANGER, Firm
from generator.roll import People, Person, dice, words
from generator.stories import STORIES, Story

UNREGISTERED = ("Utredarna Nystanet AB",)
PUBLIC = ("Sjövika Hamnbolag AB",)  # owned by the municipality
ASSOCIATIONS = ("I", "S", "BRF")
NEXT_AUDITOR = "@auditor"  # whoever audits the firm after the ordinary one
STREETS = words(
    "Ankarstigen Bryggvägen Fyrbacken Havregatan Klockargränd Lindallén Mastvägen Repslagargatan Segelgränd Tegelvägen"
)
SIGNATORIES = (
    "Firman tecknas av styrelsen",
    "Firman tecknas av ledamöterna var för sig",
    "Firman tecknas av två i förening av ledamöterna",
)
HEAD = """\
# The world of Sjövika: what the registers, the bureau and the authorities know of the sample's suppliers, day by day.
# Made by make_sample.py; the schema is told in docs/world-file.md. Everything is fictitious: firms, persons, addresses.
# Company numbers are Luhn-valid numbers beginning with 55999, whatever the legal form, since no other series is known
# to be unused; personal numbers are Skatteverket's published test numbers (test_personnummer.txt).
"""


@dataclass(slots=True)
class Known:
    """One firm in the world: what stands in the file, and the persons of its own."""

    company: dict[str, Any]
    events: list[dict[str, Any]] = field(default_factory=list)
    persons: dict[str, Person] = field(default_factory=dict)
    tells: str = ""


def build(firms: Mapping[str, Firm], people: People) -> dict[str, Known]:
    """Every firm that a Swedish register knows, by the name in the buyer's files."""
    auditors = [people.take() for _ in range(8)]
    stories = {story.firm: story for story in STORIES}
    if missing := stories.keys() - firms.keys():
        raise KeyError(f"stories of firms that are not in the table: {sorted(missing)}")
    world: dict[str, Known] = {}
    for firm in firms.values():
        if firm.country == "SE" and firm.name not in UNREGISTERED:
            known = _ordinary(firm, people, auditors[firm.index % len(auditors)])
            known.persons[NEXT_AUDITOR] = auditors[(firm.index + 1) % len(auditors)]
            _tell(known, stories.get(firm.name), firms, people)
            world[firm.name] = known
    world["Kvasthammars Åkeri AB"] = _stranger(people)
    return world


def _ordinary(firm: Firm, people: People, auditor: Person) -> Known:
    """A firm in good order: old boards, old owners, registered for tax, no debts, a decent rating."""
    chance = dice("world", firm.name)
    persons = {"@1": firm.owner} if firm.owner else {}
    born = date(chance.randrange(2001, 2023), chance.randrange(1, 13), chance.randrange(1, 28))
    company: dict[str, Any] = {
        "number": firm.number,
        "name": firm.name,
        "form": firm.form,
        "registered_on": born,
        "address": _address(chance),
        "sni": [list(SNI[firm.service])],
        "description": f"Bolaget ska bedriva verksamhet inom {firm.service}."
        if firm.form == "AB"
        else SNI[firm.service][1],
    }
    known = Known(company, persons=persons)
    if firm.form not in ("I", "BRF"):
        company["f_tax"] = {"from_on": born + timedelta(days=14)}
        company["vat"] = {"from_on": born + timedelta(days=14)}
    if firm.form not in ("E", "I", "BRF"):
        company["employer"] = {"from_on": born + timedelta(days=30)}
    _board(known, firm, (people, auditor), born)
    _owners(known, firm, chance, born)
    if firm.form in ("AB", "EK", "S"):
        company["accounts"] = _accounts(chance)
    if not firm.is_person and firm.form != "I":
        score = chance.randrange(52, 95)
        company["credit"] = {
            "score": score,
            "limit_sek": chance.randrange(100, 4_000) * 1_000,
            "previous_score": max(51, score - chance.randrange(0, 4)),
            "changed_on": date(2025, chance.randrange(1, 8), chance.randrange(1, 28)),
        }
    if firm.service in tax.SERVICES and firm.name not in (*tax.HANDED_IN, *tax.SILENT):
        company["tax_account"] = _tax_account(firm, date(2026, 7, 31) if firm.name in tax.PLANS else date(2026, 11, 30))
        known.events += [
            {"on": day, "note": "skattekontot", "set": {"tax_account": _tax_account(firm, day)}}
            for day in (tax.steps(firm) if firm.name in tax.PLANS else ())
        ]
    return known


def _tax_account(firm: Firm, day: date) -> dict[str, Any]:
    """The account as the ombud sees it on a day."""
    plan = tax.plan(firm)
    rows = [list(row) for row in plan.rows(day) if row[0] >= date(2026, 8, 1) or firm.name in tax.PLANS]
    return {"ombud": True, "balance_sek": plan.balance(day), "transactions": rows}


def _address(chance: Random) -> dict[str, str]:
    street = f"{chance.choice(STREETS)} {chance.randrange(1, 90)}"
    return {"street": street, "postcode": f"999 {chance.randrange(10, 99)}", "city": "Sjövika"}


def _accounts(chance: Random) -> dict[str, Any]:
    turnover = chance.randrange(6_000, 90_000) * 1_000
    return {
        "period_to_on": date(2025, 12, 31),
        "registered_on": date(2026, chance.randrange(4, 8), chance.randrange(1, 28)),
        "turnover_sek": turnover,
        "equity_sek": turnover // chance.randrange(5, 15),
        "employees": turnover // 900_000 + 1,
    }


def _board(known: Known, firm: Firm, seats: tuple[People, Person], born: date) -> None:
    """Who has which role since when; nobody new since the summer of 2025."""
    chance, (people, auditor) = dice("board", firm.name), seats
    if firm.is_person or firm.form == "I":  # sole traders and most associations have no board in the register
        return
    first, second = (known.persons.setdefault(f"@{n}", people.take()) for n in (1, 2))
    later = min(born + timedelta(days=chance.randrange(0, 2_000)), date(2024, 6, 17))
    if firm.form in ("HB", "KB"):
        roles = [("KPL" if firm.form == "KB" else "BOLM", first, born), ("BOLM", second, later)]
    elif firm.index % 4 == 0 and firm.form == "AB":
        roles = [("LE", first, born), ("SU", second, later)]
    else:
        third = known.persons.setdefault("@3", people.take())
        roles = [("OF", first, born), ("LE", second, later), ("VD", third, later)]
    if firm.form in ("AB", "EK", "S", "BRF"):
        roles.append(("REV", auditor, later))
    known.company["officers"] = [{"person": who.id, "role": role, "from_on": day} for role, who, day in roles]
    known.company["signatory"] = SIGNATORIES[firm.index % len(SIGNATORIES)]


def _owners(known: Known, firm: Firm, chance: Random, born: date) -> None:
    """Beneficial owners, or why there are none."""
    if firm.is_person or firm.name in PUBLIC:
        known.company["owners"] = {"state": "exempt"}
    elif firm.form in (*ASSOCIATIONS, "EK"):
        reason = "Ingen fysisk person har mer än 25 procent av rösterna"
        known.company["owners"] = {"state": "none_exists", "none_reason": reason, "registered_on": date(2018, 1, 22)}
    else:
        since = max(born, date(2017, 9, 1))
        rows = [("@1", "0.75", "1")] if chance.random() < 0.6 else [("@1", "0.5", "0.75"), ("@2", "0.25", "0.5")]
        known.company["owners"] = {
            "state": "registered",
            "registered_on": since,
            "rows": [
                {"person": known.persons[who].id, "share_from": low, "share_to": high, "since_on": born}
                for who, low, high in rows
            ],
        }


def _tell(known: Known, story: Story | None, firms: Mapping[str, Firm], people: People) -> None:
    """Lay the story on the ordinary firm."""
    if story is None:
        return
    known.tells = story.tells
    start = _with_auditor(copy.deepcopy(story.start), known)
    if born := start.get("registered_on"):
        _born_again(known.company, born)
    for who, days in start.pop("prohibition", {}).items():
        people.prohibitions[known.persons[who].id] = days
    known.company = _merge(known.company, _named(start, known, people))
    for on, note, change in story.events:
        told = _with_auditor(copy.deepcopy(change), known)
        happens = _respelt(known, people) if "respell" in told else _named(told, known, people)
        if "successor" in happens:
            happens["successor"] = firms[happens["successor"]].number
        known.events.append({"on": date.fromisoformat(on), "note": note, "set": happens})
    known.events.sort(key=lambda event: event["on"])


def _with_auditor(told: dict[str, Any], known: Known) -> dict[str, Any]:
    """A new board keeps the auditor; ``auditor``: (who, from when) instead of the ordinary one, ``None``: nobody."""
    if "officers" not in told and "auditor" not in told:
        return told
    now = known.company.get("officers", [])
    rows = told.get("officers", [row for row in now if row["role"] != "REV"])
    auditors = [row for row in now if row["role"] == "REV"]
    if "auditor" in told:
        who = told.pop("auditor")
        auditors = [{"person": who[0], "role": "REV", "from_on": who[1]}] if who else []
    return told | {"officers": [*rows, *auditors]}


def _born_again(company: dict[str, Any], born: date) -> None:
    """Everything that began when the company was registered begins then."""
    for key in ("f_tax", "vat", "employer"):
        company[key] = {"from_on": born}
    company["officers"] = [row | {"from_on": born} for row in company["officers"]]
    company["owners"]["registered_on"] = born
    company["owners"]["rows"] = [row | {"since_on": born} for row in company["owners"]["rows"]]
    del company["accounts"]
    company["credit"] = {"score": 55, "previous_score": None, "changed_on": born}


def _respelt(known: Known, people: People) -> dict[str, Any]:
    """The firm's first person under another spelling of the same name."""
    before = known.persons["@1"]
    after = people.respelt(before, f"{before.first_name[0]}h{before.first_name[1:]}")
    swap = {before.id: after.id}
    return {
        "officers": [row | {"person": swap.get(row["person"], row["person"])} for row in known.company["officers"]],
        "owners": {
            "rows": [
                row | {"person": swap.get(row["person"], row["person"])} for row in known.company["owners"]["rows"]
            ]
        },
    }


def _named(value: Any, known: Known, people: People) -> Any:
    """``@n`` as the id of the firm's nth person, who is made when first named."""
    if isinstance(value, dict):
        return {key: _named(item, known, people) for key, item in value.items()}
    if isinstance(value, list):
        return [_named(item, known, people) for item in value]
    if isinstance(value, str) and value.startswith("@"):
        if value not in known.persons:
            known.persons[value] = people.take()
        return known.persons[value].id
    return value


def _merge(base: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in change.items():
        old = merged.get(key)
        merged[key] = _merge(old, value) if isinstance(old, dict) and isinstance(value, Mapping) else value
    return merged


def _stranger(people: People) -> Known:
    """The innocent owner of the number that two swapped digits make."""
    who = people.take()
    born = date(2009, 5, 4)
    company = {
        "number": SWAPPED_STRANGER,
        "name": "Kvasthammars Åkeri AB",
        "form": "AB",
        "registered_on": born,
        "address": {"street": "Fjärrvägen 8", "postcode": "998 40", "city": "Bergnäset"},
        "sni": [["49410", "Vägtransport, godstrafik"]],
        "f_tax": {"from_on": born},
        "vat": {"from_on": born},
        "employer": {"from_on": born},
        "officers": [{"person": who.id, "role": "LE", "from_on": born}],
        "owners": {
            "state": "registered",
            "registered_on": date(2017, 11, 2),
            "rows": [{"person": who.id, "share_from": "0.75", "share_to": "1", "since_on": born}],
        },
        "credit": {"score": 12, "previous_score": 14, "changed_on": date(2025, 6, 2)},
        "debts": {"public_sek": 310_000, "public_cases": 11, "last_case_on": date(2026, 8, 24)},
    }
    return Known(
        company,
        persons={"@1": who},
        tells="never a supplier: the stranger whose number the exports give for Elfången Installation AB",
    )


# --- as TOML ----------------------------------------------------------------------------------------------------------
def as_toml(world: Mapping[str, Known], people: People) -> str:
    """The file's text."""
    parts = [
        HEAD,
        f'title = "{len(world)} organisations and sole traders in and around Sjövika"',
        "",
        *_people(people),
    ]
    for name, known in world.items():
        parts += ["", "", f"# {name}: {known.tells or 'in order'}", "[[company]]"]
        parts += [f"{key} = {_value(value)}" for key, value in known.company.items() if value is not None]
        for event in known.events:
            parts += ["", "[[company.event]]", *(f"{key} = {_value(event[key])}" for key in ("on", "note", "set"))]
    return "\n".join(parts) + "\n"


def _people(people: People) -> list[str]:
    rows = (
        {"id": who.id, "number": who.number, "first_name": who.first_name, "last_name": who.last_name}
        | {"prohibition": people.prohibitions.get(who.id)}
        for who in people.all.values()
    )
    return ["person = [", *(f"  {_value(row)}," for row in rows), "]"]


_DECIMALS = ("share_from", "share_to")


def _value(value: Any, key: str = "") -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {_value(v, k)}" for k, v in value.items() if v is not None) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int) or key in _DECIMALS:
        return str(value)
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
