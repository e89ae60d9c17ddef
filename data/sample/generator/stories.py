"""What happens to some of the firms: how the world differs from the ordinary, and what the reports should say of it.

Persons are named ``@1`` (the firm's first own person), ``@2`` …; new ones are made as they are first named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

SEP, OCT, NOV = "2026-09", "2026-10", "2026-11"
ALL = (SEP, OCT, NOV)


def d(text: str) -> date:
    """A day from ISO text."""
    return date.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Expect:
    """What one rule should say of one supplier in one period."""

    period: str
    rule: str
    outcome: str  # flag, clear, unknown, not_applicable; "quiet": anything but a flag
    severity: str = ""
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """One firm's story: ``start`` is laid on the ordinary firm, ``events`` follow on their days."""

    firm: str
    tells: str
    start: dict[str, Any] = field(default_factory=dict)
    events: tuple[tuple[str, str, dict[str, Any]], ...] = ()
    expects: tuple[Expect, ...] = ()


def flags(rule: str, severity: str, *periods: str, first: str = "new") -> tuple[Expect, ...]:
    """A flag in each period: ``first`` in the first of them, then remaining."""
    return tuple(
        Expect(period, rule, "flag", severity, "remaining" if index else first) for index, period in enumerate(periods)
    )


def stays(rule: str, outcome: str, *periods: str, reason: str = "") -> tuple[Expect, ...]:
    """The same outcome in each period."""
    return tuple(Expect(period, rule, outcome, reason=reason) for period in periods)


def debt(public: int, cases: int, last: str, **more: object) -> dict[str, Any]:
    """Claims in allmänna mål, all of it tax unless said."""
    return {"debts": {"public_sek": public, "public_cases": cases, "tax_sek": public, "last_case_on": d(last), **more}}


NO_DEBT = {"debts": {"public_sek": 0, "public_cases": 0, "tax_sek": 0, "private_sek": 0, "private_cases": 0}}


def turnover(sek: int) -> dict[str, Any]:
    """The latest accounts' turnover."""
    return {"accounts": {"turnover_sek": sek}}


def seat(person: str, role: str, since: str) -> dict[str, Any]:
    """A person in a role."""
    return {"person": person, "role": role, "from_on": d(since)}


def owner(person: str, low: str, high: str, since: str) -> dict[str, Any]:
    """A beneficial owner with more than ``low`` and at most ``high``."""
    return {"person": person, "share_from": low, "share_to": high, "since_on": d(since)}


def owned(registered: str, *rows: dict[str, Any]) -> dict[str, Any]:
    """What the beneficial-owner register says."""
    return {"owners": {"state": "registered", "registered_on": d(registered), "rows": list(rows)}}


STORIES = (
    # --- debts at Kronofogden -----------------------------------------------------------------------------------------
    Story(
        "Skarvhamra Hemtjänst AB",
        "a tax debt is referred in September, has grown past 100 000 in October, and is paid in November",
        turnover(42_600_000),
        (
            ("2026-09-14", "referred to Kronofogden", debt(64_300, 2, "2026-09-14")),
            ("2026-10-13", "two more claims", debt(118_500, 4, "2026-10-13")),
            ("2026-11-16", "paid in full", NO_DEBT),
        ),
        (
            Expect(SEP, "SKA-01", "flag", "high", "new"),
            Expect(OCT, "SKA-01", "flag", "critical", "worse"),
            Expect(NOV, "SKA-01", "clear", "", "resolved"),
        ),
    ),
    Story(
        "Grusåsmyrans Bygg AB",
        "a large debt in September; a payment plan is decided in October, and the decision is put in the case file",
        turnover(31_200_000) | debt(145_000, 5, "2026-06-15"),
        (),
        (
            Expect(SEP, "SKA-01", "flag", "critical", "new"),
            *stays("SKA-01", "quiet", OCT, NOV),
            *flags("SKA-05", "low", OCT, NOV),
        ),
    ),
    Story(
        "Torvtaks Anläggning AB",
        "a payment plan that ends on 15 November without the debt being paid",
        turnover(18_400_000) | debt(52_000, 3, "2026-03-16"),
        (),
        (
            Expect(SEP, "SKA-05", "flag", "low", "new"),
            Expect(OCT, "SKA-05", "flag", "medium"),
            *stays("SKA-01", "quiet", SEP, OCT),
            Expect(NOV, "SKA-01", "flag", "high", "new"),
            *stays("SKA-05", "quiet", NOV),
        ),
    ),
    Story(
        "Putsmyran Städ AB",
        "a debt of exactly the limit, 10 000",
        turnover(8_100_000) | debt(10_000, 1, "2026-08-17"),
        (),
        flags("SKA-01", "high", *ALL),
    ),
    Story(
        "Rentorps Lokalvård AB",
        "a debt of 9 999, one krona below the limit: nothing",
        turnover(14_900_000) | debt(9_999, 1, "2026-08-17"),
        (),
        stays("SKA-01", "clear", *ALL),
    ),
    Story(
        "Budbilarna Snabbvesslan AB",
        "a tiny debt, unpaid congestion charges: nothing",
        debt(612, 1, "2026-09-07", tax_sek=0),
        (),
        stays("SKA-01", "clear", *ALL),
    ),
    Story(
        "Charken i Fläskbäcken AB",
        "private claims alone (enskilda mål): not a matter for SKA-01",
        {"debts": {"private_sek": 85_000, "private_cases": 2, "applications": 1, "applications_sek": 14_200}},
        (),
        stays("SKA-01", "clear", *ALL),
    ),
    Story(
        "Takfotens Plåt AB",
        "a debt of 45 000 that is large beside a turnover of 3.2 million (1 % is 32 000)",
        turnover(3_200_000) | debt(45_000, 2, "2026-07-13"),
        (),
        flags("SKA-01", "critical", *ALL),
    ),
    Story(
        "Stensättarlaget Rullgrus HB",
        "an old debt that stays as it is",
        debt(31_000, 2, "2026-02-16"),
        (),
        flags("SKA-01", "high", *ALL),
    ),
    Story(
        "Snickare Hyvelspånet",
        "a sole trader with a debt: not asked for as long as the source would put the personal number in an address",
        debt(23_400, 2, "2026-08-10"),
        (),
        stays("SKA-01", "unknown", *ALL, reason="not_allowed"),
    ),
    Story(
        "Flyttlaget Bärhand AB",
        "a debt that is new in November",
        turnover(11_700_000),
        (("2026-11-11", "referred to Kronofogden", debt(18_400, 1, "2026-11-11")),),
        (*stays("SKA-01", "clear", SEP, OCT), Expect(NOV, "SKA-01", "flag", "high", "new")),
    ),
    # --- skattekonto --------------------------------------------------------------------------------------------------
    Story(
        "Tjäderlids Assistans AB",
        "a deficit on the tax account in September, past two reconciliations in October, paid in November",
        {},
        (),
        (
            Expect(SEP, "SKA-02", "flag", "medium", "new"),
            Expect(OCT, "SKA-02", "flag", "high", "worse"),
            Expect(NOV, "SKA-02", "clear", "", "resolved"),
        ),
    ),
    Story(
        "Flodhamras Assistans AB",
        "a small deficit, 2 600, that has stood since February, past every reconciliation: low limit after long non-payment",
        {},
        (),
        flags("SKA-02", "high", *ALL),
    ),
    Story(
        "Bävertorpa Hemvård HB",
        "a young deficit of 9 400 in October, below the limit, gone in November: nothing",
        {},
        (),
        stays("SKA-02", "clear", *ALL),
    ),
    Story(
        "Igelkärrets Assistans AB",
        "no extract of the tax account handed in, though asked for on 2 September: not checked, never clear",
        {},
        (),
        stays("SKA-02", "unknown", *ALL),
    ),
    Story(
        "Järpkullens Omsorg KB",
        "no extract of the tax account, and nobody has asked for one",
        {},
        (),
        stays("SKA-02", "unknown", *ALL),
    ),
    Story(
        "Mossflods Vård och Omsorg AB",
        "the only extract is from June: too old to judge by",
        {},
        (),
        stays("SKA-02", "unknown", *ALL, reason="too_old"),
    ),
    Story(
        "Stenskvättans Ungdomshem AB",
        "extracts for September and October, none for November: October's is then too old",
        {},
        (),
        (*stays("SKA-02", "clear", SEP, OCT), *stays("SKA-02", "unknown", NOV, reason="too_old")),
    ),
    # --- F-skatt ------------------------------------------------------------------------------------------------------
    Story(
        "Rördragaren i Sjövika AB",
        "F-skatt is revoked on 8 October while invoices keep coming",
        {},
        (("2026-10-08", "revoked", {"f_tax": {"to_on": d("2026-10-08"), "end_reason": "Återkallad, misskötsamhet"}}),),
        (*stays("SKA-06", "clear", SEP), *flags("SKA-06", "high", OCT, NOV)),
    ),
    Story(
        "Trädfällaren Sågklyvan",
        "a sole trader who never had F-skatt, and is paid",
        {"f_tax": {"from_on": None}, "vat": {"from_on": None}},
        (),
        flags("SKA-06", "high", *ALL),
    ),
    Story(
        "Arkitekt Linjalvide AB",
        "F-skatt ended in February, but nothing has been paid since January: nothing to withhold from",
        {"f_tax": {"to_on": d("2026-02-28"), "end_reason": "På egen begäran"}},
        (),
        stays("SKA-06", "quiet", *ALL),
    ),
    Story(
        "Kodsiskan IT AB",
        "unknown to SCB's register: F-skatt cannot be judged",
        {"unknown_to": ["scb_foretagsregister"]},
        (),
        stays("SKA-06", "unknown", *ALL),
    ),
    # --- declarations and record checks -------------------------------------------------------------------------------
    Story(
        "Lärkmyrens Äldreomsorg AB",
        "no sworn declaration in the case file",
        {},
        (),
        flags("REG-01", "medium", *ALL),
    ),
    Story(
        "Ljungpiparens Personliga Assistans AB",
        "the declaration turns a year old in October and is renewed in November",
        {},
        (),
        (
            *stays("REG-01", "clear", SEP),
            Expect(OCT, "REG-01", "flag", "medium", "new"),
            Expect(NOV, "REG-01", "clear", "", "resolved"),
        ),
    ),
    Story(
        "Trollsländans Förskola AB",
        "the declaration was signed in February; a new director joins in October",
        {"officers": [seat("@1", "OF", "2019-04-11"), seat("@2", "LE", "2019-04-11"), seat("@3", "LE", "2021-09-02")]},
        (
            (
                "2026-10-05",
                "a director is replaced",
                {
                    "officers": [
                        seat("@1", "OF", "2019-04-11"),
                        seat("@2", "LE", "2019-04-11"),
                        seat("@4", "LE", "2026-10-05"),
                    ]
                },
            ),
        ),
        (*stays("REG-01", "clear", SEP), *flags("REG-01", "medium", OCT, NOV)),
    ),
    Story(
        "Kattugglans HVB AB",
        "a declaration from last year, used again and confirmed in August (LOU 15:2): nothing",
        {},
        (),
        stays("REG-01", "clear", *ALL),
    ),
    Story(
        "Smådoppingens Hemtjänst AB",
        "bids for home care without a declaration in September and October; does not win",
        {},
        (),
        flags("REG-01", "high", SEP, OCT),
    ),
    Story(
        "Lodjursbackens Omsorg AB",
        "bids for home care in order, wins in October, delivers from mid-November; owes no attestation for July to September",
        {},
        (),
        (*stays("REG-01", "clear", *ALL), *stays("REG-03", "quiet", *ALL)),
    ),
    Story(
        "Strandskatans HVB AB",
        "no attestation of record checks for the third quarter, in a home for children",
        {},
        (),
        (*stays("REG-02", "clear", SEP), *flags("REG-02", "critical", OCT, NOV)),
    ),
    Story(
        "Svartmyrans Friskola AB",
        "a school without an attestation for the second quarter; the third is in order",
        {},
        (),
        (Expect(SEP, "REG-02", "flag", "high", "new"),),
    ),
    Story(
        "Tranmossens Omsorg AB",
        "home care whose contract (since April) demands record checks: none attested for the third quarter",
        {},
        (),
        (*stays("REG-03", "clear", SEP), *flags("REG-03", "medium", OCT, NOV)),
    ),
    Story(
        "Sothönans Hemtjänst AB",
        "home care under a contract from 2024 without that clause: owes no attestation",
        {},
        (),
        stays("REG-03", "not_applicable", *ALL),
    ),
    Story(
        "Uttersjöns HVB AB",
        "in the third quarter one of sixteen began before the check was done",
        {},
        (),
        (*stays("REG-04", "clear", SEP), *flags("REG-04", "high", OCT, NOV)),
    ),
    Story(
        "Blåmesbackens Förskola AB",
        "21 of 22 checked in the second quarter; all in the third",
        {},
        (),
        (Expect(SEP, "REG-04", "flag", "high", "new"),),
    ),
    Story(
        "Fjällvråkens Behandlingshem AB",
        "the second quarter's attestation holds a personal number and what an employee was sentenced for: refused, not echoed",
        {},
        (),
        flags("REG-06", "high", *ALL),
    ),
    Story(
        "Sidensvansens Skola AB",
        "none for the third quarter in October; in November a late one with a remark about a prosecution in a column that may not be there: refused, not echoed",
        {},
        (),
        (Expect(OCT, "REG-02", "flag", "high", "new"), Expect(NOV, "REG-06", "flag", "high", "new")),
    ),
    # --- board and owners ---------------------------------------------------------------------------------------------
    Story(
        "Vindögas Hemvård AB",
        "three changes in the board within two months, after the declaration in August; bids for more in the meantime",
        {
            "officers": [
                seat("@1", "OF", "2014-03-03"),
                seat("@2", "LE", "2014-03-03"),
                seat("@3", "LE", "2016-01-18"),
                seat("@7", "LE", "2016-01-18"),
                seat("@8", "LE", "2019-05-06"),
                seat("@9", "VD", "2019-05-06"),
                seat("@10", "LE", "2022-05-09"),
            ]
        },
        (
            (
                "2026-10-19",
                "a director and the managing director are replaced",
                {
                    "officers": [
                        seat("@1", "OF", "2014-03-03"),
                        seat("@2", "LE", "2014-03-03"),
                        seat("@3", "LE", "2016-01-18"),
                        seat("@7", "LE", "2016-01-18"),
                        seat("@10", "LE", "2022-05-09"),
                        seat("@4", "LE", "2026-10-07"),
                        seat("@5", "VD", "2026-10-19"),
                    ]
                },
            ),
            (
                "2026-11-11",
                "another director is replaced",
                {
                    "officers": [
                        seat("@1", "OF", "2014-03-03"),
                        seat("@2", "LE", "2014-03-03"),
                        seat("@3", "LE", "2016-01-18"),
                        seat("@10", "LE", "2022-05-09"),
                        seat("@4", "LE", "2026-10-07"),
                        seat("@5", "VD", "2026-10-19"),
                        seat("@6", "LE", "2026-11-11"),
                    ]
                },
            ),
        ),
        (
            *stays("AGA-01", "quiet", SEP, OCT),
            Expect(NOV, "AGA-01", "flag", "medium"),
            *stays("REG-01", "clear", SEP),
            Expect(OCT, "REG-01", "flag", "high", "new"),
            Expect(NOV, "REG-01", "flag", "medium"),
        ),
    ),
    Story(
        "Hällkistans Mark och Entreprenad AB",
        "the whole board and the owner are replaced on 6 October; in November a debt follows",
        turnover(9_300_000),
        (
            (
                "2026-10-06",
                "new owner, new board",
                {"officers": [seat("@4", "LE", "2026-10-06"), seat("@5", "SU", "2026-10-06")]}
                | owned("2026-10-09", owner("@4", "0.75", "1", "2026-10-06")),
            ),
            ("2026-11-10", "referred to Kronofogden", debt(76_000, 3, "2026-11-10")),
        ),
        (
            *stays("AGA-01", "quiet", SEP),
            *stays("AGA-02", "clear", SEP),
            *flags("AGA-01", "medium", OCT, NOV),
            *flags("AGA-02", "medium", OCT, NOV),
            *flags("REG-01", "medium", OCT, NOV),
            Expect(NOV, "SKA-01", "flag", "high", "new"),
        ),
    ),
    Story(
        "Rödhakeängens Förskola AB",
        "a meeting of members in October replaces two of five: no pattern, but the declaration is from before it",
        {
            "officers": [
                seat("@1", "OF", "2017-05-18"),
                seat("@2", "LE", "2017-05-18"),
                seat("@3", "LE", "2019-05-20"),
                seat("@7", "LE", "2021-05-20"),
                seat("@8", "LE", "2021-05-20"),
            ]
        },
        (
            (
                "2026-10-20",
                "two members are replaced",
                {
                    "officers": [
                        seat("@1", "OF", "2017-05-18"),
                        seat("@2", "LE", "2017-05-18"),
                        seat("@3", "LE", "2019-05-20"),
                        seat("@5", "LE", "2026-10-20"),
                        seat("@6", "LE", "2026-10-20"),
                    ]
                },
            ),
        ),
        (*stays("AGA-01", "quiet", *ALL), *stays("REG-01", "clear", SEP), *flags("REG-01", "medium", OCT, NOV)),
    ),
    Story(
        "Ripdalas Omsorgsgrupp AB",
        "changes owner 40 days after the award",
        owned("2026-08-28", owner("@4", "0.75", "1", "2026-08-24")),
        (),
        flags("AGA-02", "high", *ALL),
    ),
    Story(
        "Barrskogsro Stödboende AB",
        "changed owner 57 days before the award",
        owned("2026-05-08", owner("@4", "0.5", "0.75", "2026-05-04"), owner("@1", "0.25", "0.5", "2015-02-02")),
        (),
        flags("AGA-02", "high", *ALL),
    ),
    Story(
        "Bitgranens Systemutveckling AB",
        "changed owner in January, far from the award",
        owned("2026-01-27", owner("@4", "0.75", "1", "2026-01-20")),
        (),
        flags("AGA-02", "medium", *ALL),
    ),
    Story(
        "Måsklippans Vårdcentral AB",
        "changes owner in November",
        {},
        (("2026-11-09", "sold", owned("2026-11-13", owner("@4", "0.75", "1", "2026-11-09"))),),
        (*stays("AGA-02", "clear", SEP, OCT), Expect(NOV, "AGA-02", "flag", "medium", "new")),
    ),
    Story(
        "Skogsduvans Förskolor AB",
        "changed owner in June 2025, more than a year ago: nothing",
        owned("2025-06-16", owner("@4", "0.75", "1", "2025-06-10")),
        (),
        stays("AGA-02", "clear", *ALL),
    ),
    Story(
        "Knipholmens Friskola AB",
        "the owner's first name is spelt otherwise from October; the same person: nothing",
        {},
        (("2026-10-15", "the register corrects a spelling", {"respell": "@1"}),),
        stays("AGA-02", "clear", *ALL),
    ),
    Story(
        "Kvarnfallsbyns Bygg AB",
        "no beneficial owner was ever filed; filed in November, owner since 2016, so not a change of owner",
        {"owners": {"state": "none_registered", "registered_on": None, "rows": []}},
        (("2026-11-04", "filed at last", owned("2026-11-04", owner("@1", "0.75", "1", "2016-09-01"))),),
        (
            *flags("AGA-03", "high", SEP, OCT),
            Expect(NOV, "AGA-03", "clear", "", "resolved"),
            *stays("AGA-02", "quiet", NOV),
        ),
    ),
    Story(
        "Brudborstens Omsorg AB",
        "filed that the beneficial owner cannot be established; someone on the board is under a trading prohibition from 12 October",
        {
            "owners": {"state": "unknown_filed", "rows": []},
            "prohibition": {"@1": {"from_on": d("2026-10-12"), "to_on": d("2031-10-12")}},
        },
        (),
        (*flags("AGA-03", "high", *ALL), *stays("AGA-05", "clear", SEP), *flags("AGA-05", "critical", OCT, NOV)),
    ),
    Story(
        "Ventilationsmakarna Drakvind AB",
        "the bid named another owner than the register does",
        {},
        (),
        flags("AGA-03", "high", *ALL),
    ),
    Story(
        "Sprängkullens Berg AB",
        "the bid named the same owner as the register: nothing",
        {},
        (),
        stays("AGA-03", "clear", *ALL),
    ),
    Story(
        "Mejeriet Gräddlunden Ekonomisk förening",
        "spread ownership, filed as having no beneficial owner: lawful, nothing",
        {
            "owners": {
                "state": "none_exists",
                "none_reason": "Ingen fysisk person har mer än 25 procent av rösterna",
                "rows": [],
            }
        },
        (),
        stays("AGA-03", "clear", *ALL),
    ),
    Story(
        "Nyponbuskens Förskola AB",
        "a new supplier in November, registered in March: a first board and a first owner are not changes",
        {"registered_on": d("2026-03-10")},
        (),
        (*stays("AGA-01", "quiet", NOV), *stays("AGA-02", "quiet", NOV)),
    ),
    # --- insolvency and rating ----------------------------------------------------------------------------------------
    Story(
        "Kyltransport Frostnäbben AB",
        "the rating is withdrawn for a bankruptcy petition in September; the bankruptcy opens on 14 October",
        {"credit": {"score": None, "no_rating": -29, "previous_score": 47, "changed_on": d("2026-09-22")}},
        (("2026-10-14", "bankruptcy", {"proceedings": [{"code": "KK", "from_on": d("2026-10-14")}]}),),
        (
            *flags("KRE-01", "high", *ALL),
            *stays("AGA-12", "clear", SEP),
            *flags("AGA-12", "critical", OCT, NOV),
        ),
    ),
    Story(
        "Timmerrännans Snickeri AB",
        "a reconstruction since July",
        {"proceedings": [{"code": "FR", "from_on": d("2026-07-06")}]},
        (),
        flags("AGA-12", "high", *ALL),
    ),
    Story(
        "Kommunikationsbyrån Ordmyran AB",
        "goes into liquidation on 21 September",
        {},
        (("2026-09-21", "liquidation", {"proceedings": [{"code": "LI", "from_on": d("2026-09-21")}]}),),
        flags("AGA-12", "critical", *ALL),
    ),
    Story(
        "Serverhyllan i Sjövika AB",
        "merges into Molnmyrens Data AB: struck off on 20 October, and the report names who took over",
        {"proceedings": [{"code": "FUOL", "from_on": d("2026-08-17")}]},
        (
            (
                "2026-10-20",
                "the merger is completed",
                {
                    "proceedings": [{"code": "FUOL", "from_on": d("2026-08-17"), "ended_on": d("2026-10-20")}],
                    "deregistered_on": d("2026-10-20"),
                    "deregistration_reason": "FUAV",
                    "successor": "Molnmyrens Data AB",
                },
            ),
        ),
        (*stays("AGA-12", "clear", SEP), *flags("AGA-12", "high", OCT, NOV)),
    ),
    Story(
        "Journalsländans System AB",
        "the rating falls two bands, from 82 to 44, in October",
        {"credit": {"score": 82, "previous_score": 79, "changed_on": d("2025-04-14")}},
        (
            (
                "2026-10-05",
                "new accounts",
                {"credit": {"score": 44, "previous_score": 82, "changed_on": d("2026-10-05")}},
            ),
        ),
        (*stays("KRE-01", "clear", SEP), *flags("KRE-01", "medium", OCT, NOV)),
    ),
    Story(
        "Fönsterlyftet Glimmer AB",
        "a rating of 33 all the time",
        {"credit": {"score": 33, "previous_score": 36, "changed_on": d("2025-02-10")}},
        (),
        flags("KRE-01", "medium", *ALL),
    ),
    Story(
        "Miljökonsult Porsmosse AB",
        "a rating of exactly 40: nothing",
        {"credit": {"score": 40, "previous_score": 42, "changed_on": d("2025-03-03")}},
        (),
        stays("KRE-01", "clear", *ALL),
    ),
    Story(
        "Skärmdungen AB",
        "a low rating in September; its contract ends that month and nothing was ever called off: ended, not resolved",
        {"credit": {"score": 28, "previous_score": 31, "changed_on": d("2025-05-12")}},
        (),
        (Expect(SEP, "KRE-01", "flag", "medium", "new"), Expect(OCT, "KRE-01", "", "", "ended")),
    ),
    # --- identity -----------------------------------------------------------------------------------------------------
    Story(
        "Pixelmossen Webb AB",
        "changes name to Bildmossens Webb AB in October while the exports keep the old one: shown, never an alarm",
        {},
        (
            (
                "2026-10-02",
                "new name",
                {
                    "name": "Bildmossens Webb AB",
                    "names": [
                        {
                            "name": "Pixelmossen Webb AB",
                            "kind": "former",
                            "from_on": d("2014-01-15"),
                            "to_on": d("2026-10-01"),
                        }
                    ],
                },
            ),
        ),
        stays("IDE-01", "clear", *ALL),
    ),
    Story(
        "Kaffehuset Rostlunden AB",
        "known to everyone by its special name (bifirma); the company itself is called something else: nothing",
        {
            "name": "Sjövikabönan Handels AB",
            "names": [{"name": "Kaffehuset Rostlunden", "kind": "special", "from_on": d("2018-02-01")}],
        },
        (),
        stays("IDE-01", "clear", *ALL),
    ),
    Story(
        "Elfången Installation AB",
        "two digits swapped in every export: a valid number of a stranger, who has debts; found by the name alone",
        {},
        (),
        (*flags("IDE-01", "medium", *ALL), *stays("SKA-01", "unknown", *ALL, reason="identity")),
    ),
    Story(
        "Utredarna Nystanet AB",
        "the number in the exports is well formed but not registered",
        {},
        (),
        (*flags("IDE-01", "medium", *ALL), *stays("SKA-01", "unknown", *ALL, reason="identity")),
    ),
    Story(
        "Glasverandan Glasmästeri AB", "one digit wrong in every export: the check digit tells; a number is proposed"
    ),
    Story("Lantmäteribyrån Råstenen AB", "no number in any export"),
    Story("Båttrafik Skärlänken AB", "`n/n` where the number should be"),
    Story(
        "Åkare Hjulspåret",
        "a personal number that begins with zero, as a number in Excel: the zero is lost; a number is proposed",
    ),
    Story(
        "Elektriker Gnistbäcken",
        "a sole trader with three registered businesses under one number",
        {
            "names": [
                {"name": "Gnistbäckens Solceller", "kind": "special", "from_on": d("2019-03-01")},
                {"name": "Gnistbäckens Hyrmaskiner", "kind": "special", "from_on": d("2022-09-15")},
            ]
        },
        (),
        stays("IDE-01", "clear", *ALL),
    ),
    Story(
        "Familjedaghemmet Lyckliga Grodan",
        "a sole trader with protected identity: name and address are never given out, asked for or printed",
        {"protected": True},
    ),
    # --- auditor, address, industry, remarks --------------------------------------------------------------------------
    Story(
        "Asfaltbäckens Väg AB",
        "the auditor resigns on 9 October, far from any annual meeting, and another is appointed",
        {},
        (("2026-10-09", "another auditor", {"auditor": ("@auditor", d("2026-10-09"))}),),
        (*stays("AGA-10", "clear", SEP), *flags("AGA-10", "medium", OCT, NOV)),
    ),
    Story(
        "Norrskensbergets Betong AB",
        "another auditor since the annual meeting in June: normal rotation, nothing",
        {},
        (("2026-06-11", "another auditor", {"auditor": ("@auditor", d("2026-06-11"))}),),
        stays("AGA-10", "clear", *ALL),
    ),
    Story(
        "Bropelarens Konstruktion AB",
        "no auditor, and so small that it need not have one: nothing",
        {"auditor": None, "accounts": {"turnover_sek": 2_400_000, "equity_sek": 310_000, "employees": 2}},
        (),
        stays("AGA-10", "clear", *ALL),
    ),
    Story(
        "Näktergalsvikens Assistans AB",
        "registered at a box, and nowhere else",
        {"address": {"street": "Box 214", "postcode": "999 21"}},
        (),
        flags("AGA-09", "low", *ALL),
    ),
    Story(
        "Älvdungens Hemtjänst Ekonomisk förening",
        "registered c/o its accountant, at a street address: told, at the lowest severity",
        {"address": {"care_of": "Sifferdungen", "street": "Bryggvägen 14", "postcode": "999 30"}},
        (),
        flags("AGA-09", "low", *ALL),
    ),
    Story(
        "Gransångarens Hemtjänst AB",
        "its one industry code is for restaurants, foreign to home care",
        {"sni": [["56100", "Restaurangverksamhet"]]},
        (),
        flags("AGA-13", "low", *ALL),
    ),
    Story(
        "Dalripegårdens HVB AB",
        "an industry code for a hostel beside that for homes of care: nothing",
        {"sni": [["55201", "Vandrarhem m.m."], ["87901", "Heldygnsvård med boende för barn och ungdomar"]]},
        (),
        stays("AGA-13", "clear", *ALL),
    ),
    Story(
        "Murbruksgården i Sjövika AB",
        "three payment remarks; the registration for VAT ends in September (the register does not say which day), and invoices go on with VAT",
        turnover(11_600_000) | {"debts": {"remarks": 3, "remarks_sek": 64_000, "last_case_on": d("2026-08-14")}},
        (("2026-10-01", "no longer registered for VAT", {"vat": {"to_on": d("2026-09-30")}}),),
        (
            *flags("KRE-03", "low", *ALL),
            *stays("SKA-07", "clear", SEP),
            *stays("SKA-07", "unknown", OCT, reason="partial"),  # the register says that it has ended, but not when
            Expect(NOV, "SKA-07", "flag", "high", "new"),
        ),
    ),
    Story(
        "Grävlingslyans Schakt AB",
        "a single payment remark: nothing",
        turnover(19_200_000) | {"debts": {"remarks": 1, "remarks_sek": 4_100, "last_case_on": d("2026-05-20")}},
        (),
        stays("KRE-03", "clear", *ALL),
    ),
    Story(
        "Golvläggarna Ekspån KB",
        "registered for VAT since 20 July, with VAT on invoices from June while the registration was pending: nothing",
        {"vat": {"from_on": d("2026-07-20")}},
        (),
        stays("SKA-07", "clear", *ALL),
    ),
    Story(
        "Hjortronholma Hemtjänst AB",
        "a trading prohibition of someone on the board that ended in March: nothing",
        {"prohibition": {"@1": {"from_on": d("2021-03-02"), "to_on": d("2026-03-01")}}},
        (),
        stays("AGA-05", "clear", *ALL),
    ),
    # --- contributions and hours, successive referrals ----------------------------------------------------------------
    Story(
        "Storlomsuddens Assistans AB",
        "employer contributions that imply a fourth of what is paid as wages, 85 kronor for an hour delivered",
        {},
        (),
        flags("SKA-09", "medium", *ALL),
    ),
    Story(
        "Ekorrdalens Assistanskooperativ Ekonomisk förening",
        "low contributions in August alone, a month of holidays: nothing",
        {},
        (),
        stays("SKA-09", "clear", *ALL),
    ),
    Story(
        "Ejderbo Rehabmottagning AB",
        "a tax debt is referred in October and another in November, together below the limit of SKA-01",
        {},
        (
            ("2026-10-19", "referred to Kronofogden", debt(4_100, 1, "2026-10-19")),
            ("2026-11-16", "another one", debt(9_800, 2, "2026-11-16")),
        ),
        (
            *stays("SKA-04", "unknown", SEP, reason="short_history"),
            *stays("SKA-04", "clear", OCT),
            Expect(NOV, "SKA-04", "flag", "high", "new"),
            *stays("SKA-01", "clear", *ALL),
        ),
    ),
    Story(
        "Doktorerna vid Tångrännan AB",
        "a tax debt is referred in October and paid in November: once, so nothing",
        {},
        (("2026-10-12", "referred to Kronofogden", debt(5_200, 1, "2026-10-12")), ("2026-11-09", "paid", NO_DEBT)),
        stays("SKA-04", "clear", OCT, NOV),
    ),
    # --- permits, attestations, the EU list ---------------------------------------------------------------------------
    Story(
        "Snöripans Behandlingshem AB",
        "the permit from IVO ends on 31 October and is not renewed; placements go on",
        {},
        (),
        (*stays("REG-07", "clear", SEP, OCT), Expect(NOV, "REG-07", "flag", "critical", "new")),
    ),
    Story(
        "Lavskrikans Assistans HB",
        "the register calls the permitted service by another word: nothing",
        {},
        (),
        stays("REG-07", "clear", *ALL),
    ),
    Story(
        "Rönnskatans Assistans AB",
        "the third quarter's attestation is signed by a manager of operations without a power of attorney",
        {},
        (),
        (*stays("REG-08", "quiet", SEP), *flags("REG-08", "low", OCT, NOV)),
    ),
    Story(
        "Havsörnsgårdens HVB AB",
        "signed by a manager of operations, too, but with a power of attorney in the case file: nothing",
        {},
        (),
        stays("REG-08", "clear", OCT, NOV),
    ),
    Story(
        "Nebelwiesen Softwarehaus GmbH",
        "from 12 October the (made-up) EU list has a company of that name, in another country: for a person to compare",
        {},
        (),
        (*stays("SAN-01", "clear", SEP), *flags("SAN-01", "high", OCT, NOV)),
    ),
    Story(
        "Tvättmyrans Textil AB",
        "the (made-up) EU list has a name that begins alike and is another: nothing",
        {},
        (),
        stays("SAN-01", "clear", *ALL),
    ),
)
