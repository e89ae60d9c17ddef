"""What suppliers and officers hand in: attestations of record checks, the case file, skattekonto extracts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from generator import tax
from generator.contracts import END_OF, YOUTH, Contract, written
from generator.files import Cell, write_ods, write_text, write_xlsx
from generator.firms import Firm
from generator.roll import dashed, dice
from generator.stories import ALL, NOV, OCT, SEP
from generator.world import Known

AREAS = {
    "personlig assistans": "LSS barn",
    "hvb": "HVB",
    "skola": "skola",
    "förskola": "skola",
    "pedagogisk omsorg": "skola",
    "hemtjänst": "hemtjänst",
    "föreningsbidrag": "övrigt barn",
}
SIGNED_BY = {  # whose role is a story; all others sign in one that may
    ("Rönnskatans Assistans AB", "2026Q3"): "verksamhetschef",
    **{("Havsörnsgårdens HVB AB", quarter): "verksamhetschef" for quarter in ("2026Q1", "2026Q2", "2026Q3")},
    **{("Stiftelsen Videkullens Friskola", quarter): "rektor" for quarter in ("2026Q1", "2026Q2", "2026Q3")},
}
ATTESTATION_HEADER = (
    "Leverantör", "Organisationsnummer", "Leverantörsnr", "Kvartal", "Lagområde", "Antal i omfattning",
    "Kontrollerade före start", "Pågående", "För gamla", "Undertecknat", "Undertecknarens roll",
)  # fmt: skip
SIGNED = {"2026Q1": date(2026, 4, 14), "2026Q2": date(2026, 7, 10), "2026Q3": date(2026, 10, 9)}
ENDS = {"2026Q1": date(2026, 3, 31), "2026Q2": date(2026, 6, 30), "2026Q3": date(2026, 9, 30)}
MISSING = {
    ("Strandskatans HVB AB", "2026Q3"),
    ("Svartmyrans Friskola AB", "2026Q2"),
    ("Tranmossens Omsorg AB", "2026Q3"),
    ("Sidensvansens Skola AB", "2026Q3"),  # comes late, in November, with a remark
}
COUNTS = {
    ("Uttersjöns HVB AB", "2026Q3"): (16, 15, 1, 0),
    ("Blåmesbackens Förskola AB", "2026Q2"): (22, 21, 1, 0),
    ("Havsörnsgårdens HVB AB", "2026Q3"): (11, 11, 0, 2),
}


@dataclass(frozen=True, slots=True)
class Signing:
    """Who may sign, by the world, and a test personal number that should not have been written."""

    world: Mapping[str, Known]
    secret: str

    def role(self, firm: Firm, quarter: str = "") -> str:
        """The role of whoever signs for a firm: one that the register shows, unless it is a story."""
        if (firm.name, quarter) in SIGNED_BY:
            return SIGNED_BY[firm.name, quarter]
        if firm.is_person:
            return "innehavare"
        company = self.world[firm.name].company if firm.name in self.world else {}
        held = {row["role"] for row in company.get("officers", ())}
        if "VD" in held and firm.index % 2:
            return "VD"
        if "OF" in held and "var för sig" in company["signatory"]:
            return "styrelseordförande"
        return {"KB": "komplementär", "HB": "bolagsman"}.get(firm.form, "firmatecknare")


def attestations(firms: Mapping[str, Firm], made: Sequence[Contract], signing: Signing, home: Path) -> None:
    """One file a quarter, and a late one."""
    owed = _owed(made)
    for quarter in ENDS:
        rows = [
            _attestation(firm, quarter, (area, signing.role(firm, quarter)), turn)
            for turn, (firm, area) in enumerate(owed[quarter])
        ]
        if quarter == "2026Q2":
            rows = [
                [*row[:-1], f"VD. Obs: {signing.secret} är dömd för misshandel"]
                if row[0] == "Fjällvråkens Behandlingshem AB"
                else row
                for row in rows
            ]
        if quarter == "2026Q3":
            lines = [[str(cell) if cell is not None else "" for cell in row] for row in [ATTESTATION_HEADER, *rows]]
            write_text(
                home / OCT / f"registerkontroll-{quarter}.csv", lines, delimiter=";", encoding="cp1252", newline="\r\n"
            )
        else:
            title: list[Sequence[Cell]] = [(f"Intyg om registerkontroll {quarter}",), ()]
            write_xlsx(
                home / SEP / f"registerkontroll-{quarter}.xlsx", [("Intyg", [*title, ATTESTATION_HEADER, *rows])]
            )
    siskin = firms["Sidensvansens Skola AB"]
    late = _attestation(siskin, "2026Q3", ("skola", signing.role(siskin)), 1)
    late[9] = date(2026, 11, 5)
    rows = [[*late, "En anställd är åtalad men arbetar kvar"]]
    write_xlsx(
        home / NOV / "registerkontroll-2026Q3-sena.xlsx", [("Intyg", [[*ATTESTATION_HEADER, "Anmärkning"], *rows])]
    )


def _owed(made: Sequence[Contract]) -> dict[str, list[tuple[Firm, str]]]:
    """Who owes an attestation of which area for each quarter: contracts that ran before its end and demand it."""
    owed: dict[str, dict[tuple[str, str], Firm]] = {quarter: {} for quarter in ENDS}
    for contract in made:
        area = AREAS.get(contract.service)
        if area is None or not contract.clause or contract.phase == "anbud" or contract.starts is None:
            continue
        for quarter, last in ENDS.items():
            if contract.starts <= last and (contract.firm.name, quarter) not in MISSING:
                owed[quarter][contract.firm.name, area] = contract.firm
    return {quarter: [(firm, area) for (_, area), firm in rows.items()] for quarter, rows in owed.items()}


def _attestation(firm: Firm, quarter: str, told: tuple[str, str], turn: int) -> list[Cell]:
    """A row; ``told``: the area and the role of whoever signs."""
    area, role = told
    people = dice("attestation", firm.name, area).randrange(2, 5 if firm.name in YOUTH or firm.is_person else 40)
    counts = COUNTS.get((firm.name, quarter), (people, people, 0, 0))
    signed = SIGNED[quarter] + timedelta(days=firm.index % 12)
    return [firm.name, written(firm, turn % 2, cells=False), firm.supplier_no, quarter, area, *counts, signed, role]


# --- the case file ----------------------------------------------------------------------------------------------------
DOCUMENT_HEADER = (
    "Leverantör", "Organisationsnummer", "Leverantörsnr", "Handling", "Datum", "Giltig till", "Undertecknarens roll",
    "Kontrollerad av", "Uppgift",
)  # fmt: skip
DECLARED = {
    "Ljungpiparens Personliga Assistans AB": date(2025, 10, 20),
    "Trollsländans Förskola AB": date(2026, 2, 10),
    "Kattugglans HVB AB": date(2025, 5, 19),
    "Vindögas Hemvård AB": date(2026, 8, 25),
    "Rödhakeängens Förskola AB": date(2026, 6, 1),
    "Lodjursbackens Omsorg AB": date(2026, 8, 20),
    "Nyponbuskens Förskola AB": date(2026, 9, 28),
}
UNDECLARED = ("Lärkmyrens Äldreomsorg AB", "Smådoppingens Hemtjänst AB")
DECLARING = (*AREAS, "primärvård", "bygg och anläggning")  # services whose profile expects a declaration
PERMITS = ("hemtjänst", "personlig assistans", "hvb")


def documents(firms: Mapping[str, Firm], world: Mapping[str, Known], home: Path) -> None:
    """The whole case file as it stood at the end of each period; the last one comes from another system, as CSV."""
    rows = sorted(
        (row for firm in firms.values() for row in _documents(firm, world)), key=lambda row: (str(row[4]), str(row[2]))
    )
    for period in ALL:
        then = [row for row in rows if isinstance(row[4], date) and row[4] <= END_OF[period]]
        if period == NOV:
            lines = [["" if cell is None else str(cell) for cell in row] for row in [DOCUMENT_HEADER, *then]]
            write_text(home / period / "akt.csv", lines, delimiter="\t", encoding="utf-8-sig", newline="\r\n")
        else:
            write_ods(home / period / "akt.ods", "Handlingar", [DOCUMENT_HEADER, *then])


def _documents(firm: Firm, world: Mapping[str, Known]) -> list[list[Cell]]:
    chance = dice("documents", firm.name)
    found: list[tuple[str, date, date | None, str, str]] = []
    role = Signing(world, "").role(firm)
    if (
        firm.service in DECLARING
        and firm.service != "föreningsbidrag"
        and firm.name not in UNDECLARED
        and firm.country == "SE"
    ):
        day = DECLARED.get(firm.name, date(2026, 1, 12) + timedelta(days=chance.randrange(0, 150)))
        found.append(("sanningsförsäkran", day, None, role, ""))
    if firm.service in PERMITS:
        found.append(("tillstånd", date(2021, 3, 1) + timedelta(days=chance.randrange(0, 900)), None, "", firm.service))
    found += STORIED.get(firm.name, ())
    if firm.name in NAMED_IN_BID:
        known = world[NAMED_IN_BID[firm.name]].persons
        found.append(("huvudman i anbud", date(2026, 8, 31), None, role, known["@1"].name))
    number = written(firm, 0, cells=False)
    return [
        [
            firm.name,
            number,
            firm.supplier_no,
            what,
            day,
            until,
            signed,
            "Upphandlare" if what != "tillstånd" else "Handläggare",
            detail,
        ]
        for what, day, until, signed, detail in found
    ]


STORIED: Mapping[str, tuple[tuple[str, date, date | None, str, str], ...]] = {
    "Ljungpiparens Personliga Assistans AB": (("sanningsförsäkran", date(2026, 11, 5), None, "VD", ""),),
    "Kattugglans HVB AB": (("sanningsförsäkran bekräftad", date(2026, 8, 20), None, "VD", ""),),
    "Grusåsmyrans Bygg AB": (
        ("betalningsplan", date(2026, 10, 12), date(2027, 4, 30), "", "Beslut från Skatteverket"),
    ),
    "Torvtaks Anläggning AB": (
        ("betalningsplan", date(2026, 4, 20), date(2026, 11, 15), "", "Beslut från Skatteverket"),
    ),
    "Igelkärrets Assistans AB": (("kontoutdrag begärt", date(2026, 9, 2), date(2026, 9, 16), "", ""),),
    "Mossflods Vård och Omsorg AB": (("kontoutdrag inkommet", date(2026, 6, 15), None, "", ""),),
    "Stiftelsen Videkullens Friskola": (("fullmakt", date(2026, 1, 15), date(2027, 1, 14), "rektor", ""),),
    "Havsörnsgårdens HVB AB": (("fullmakt", date(2026, 2, 2), date(2026, 12, 31), "verksamhetschef", ""),),
}
NAMED_IN_BID = {  # bidder: whose first person the bid names
    "Sprängkullens Berg AB": "Sprängkullens Berg AB",
    "Ventilationsmakarna Drakvind AB": "Kvasthammars Åkeri AB",
}


# --- skattekonto extracts ---------------------------------------------------------------------------------------------
EXTRACT_DAYS = (date(2026, 9, 14), date(2026, 10, 14), date(2026, 11, 16))
EXTRACTS_OF = {
    "Mossflods Vård och Omsorg AB": (date(2026, 6, 15),),
    "Stenskvättans Ungdomshem AB": EXTRACT_DAYS[:2],
}


def extracts(firms: Mapping[str, Firm], folder: Path) -> None:
    """What suppliers sent from Skatteverket's e-service: JSON for every second firm, CSV for the others."""
    for turn, name in enumerate(tax.HANDED_IN):
        firm, plan = firms[name], tax.plan(firms[name])
        for day in EXTRACTS_OF.get(name, EXTRACT_DAYS):
            path = folder / f"skattekonto {dashed(firm.number)} {day.isoformat()}"
            if turn % 2:
                _json_extract(firm, plan, day, path.with_name(f"{path.name}.json"))
            else:
                _csv_extract(firm, plan, day, path.with_name(f"{path.name}.csv"))


def _json_extract(firm: Firm, plan: tax.Plan, day: date, path: Path) -> None:
    """The shape of Skattekonto API v2, with the number beside it."""
    rows = [
        {
            "transaktionsidentitet": str(index + 1),
            "transaktionsdatum": on.isoformat(),
            "transaktionstext": text,
            "beloppSkatteverket": amount,
        }
        for index, (on, text, amount) in enumerate(plan.rows(day))
    ]
    saldo = {
        "nastaAvstamningsdatum": _first_saturday_after(day).isoformat(),
        "senastUppdaterad": day.isoformat(),
        "informationstext": [],
        "saldoSkatteverket": plan.balance(day),
        "saldoKronofogden": 0,
        "rantaSkatteverket": 0,
        "rantaKronofogden": 0,
    }
    document = {
        "identitet": f"16{firm.number}",
        "saldo": saldo,
        "transaktioner": {"tidigareTransaktioner": rows, "kommandeTransaktioner": []},
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def _csv_extract(firm: Firm, plan: tax.Plan, day: date, path: Path) -> None:
    """Labels first, then a table: the e-service's list as people save it."""
    rows: list[Sequence[Cell]] = [
        ("Skattekonto",),
        ("Organisationsnummer", dashed(firm.number)),
        ("Utdragsdatum", day.isoformat()),
        ("Period", f"2026-02-01 - {day.isoformat()}"),
        ("Saldo", f"{plan.balance(day):,}".replace(",", " ")),
        ("Saldo hos Kronofogden", "0"),
        (),
        ("Datum", "Text", "Belopp"),
    ]
    rows += [(on.isoformat(), text, f"{amount:,}".replace(",", " ")) for on, text, amount in plan.rows(day)]
    write_text(path, rows, delimiter=";", encoding="cp1252", newline="\r\n")


def _first_saturday_after(day: date) -> date:
    first = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return first + timedelta(days=(5 - first.weekday()) % 7)
