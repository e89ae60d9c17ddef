"""Contracts, and the registers they are exported from: five dialects with the traps that real ones have."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from generator.files import Cell, write_text, write_xls, write_xlsx
from generator.firms import BUYER, LOST_ZERO, SWAPPED_STRANGER, UNITS, WITHOUT_CONTRACT, Firm
from generator.roll import dashed, dice
from generator.stories import ALL, NOV, OCT, SEP

END_OF = {SEP: date(2026, 9, 30), OCT: date(2026, 10, 31), NOV: date(2026, 11, 30)}
TITLES = {
    "hemtjänst": ("Hemtjänst i valfrihetssystem", "Trygghetslarm och nattpatrull"),
    "personlig assistans": ("Personlig assistans enligt LSS", "Ledsagning och avlösning"),
    "hvb": ("Ramavtal HVB barn och unga", "Stödboende 16-20 år"),
    "skola": ("Fristående skola, köp av plats", "Fritidshem"),
    "förskola": ("Förskola, köp av plats", "Öppen förskola"),
    "pedagogisk omsorg": ("Pedagogisk omsorg, köp av plats",),
    "primärvård": ("Vårdval primärvård", "Läkarinsatser i särskilt boende"),
    "bygg och anläggning": ("Ramavtal byggarbeten", "Mark- och anläggningsarbeten", "Underhåll av fastigheter"),
    "it": ("Systemförvaltning", "Drift och support", "Licenser och utveckling"),
    "konsult": ("Ramavtal konsulttjänster", "Utredningsuppdrag"),
    "lokalhyra": ("Lokalhyra",),
    "transport": ("Persontransporter", "Godstransporter och flytt"),
    "städ": ("Lokalvård", "Storstädning och sanering"),
    "livsmedel": ("Livsmedel till kök", "Kolonialvaror"),
    "föreningsbidrag": ("Verksamhetsbidrag",),
}
REGIMES = {
    "hemtjänst": "LOV",
    "primärvård": "LOV",
    "personlig assistans": "LOU bilaga 2",
    "hvb": "LOU bilaga 2",
    "skola": "LOU bilaga 2",
    "förskola": "LOU bilaga 2",
    "pedagogisk omsorg": "direktupphandling",
    "föreningsbidrag": "direktupphandling",
    "lokalhyra": "direktupphandling",
    "transport": "LOU",
}
OWNERS = ("Avtalscontroller 1", "Avtalscontroller 2", "Enhetschef", "Inköpssamordnare", "Upphandlare 3")
OWN_REGISTER_BUILDERS = (  # the builders whose contracts stand in the own register; the others' in the technical office's
    "Grusåsmyrans Bygg AB",
    "Torvtaks Anläggning AB",
    "Hällkistans Mark och Entreprenad AB",
    "Norrskensbergets Betong AB",
    "Kvarnfallsbyns Bygg AB",
    "Timmerrännans Snickeri AB",
    "Asfaltbäckens Väg AB",
    "Rördragaren i Sjövika AB",
    "Takfotens Plåt AB",
    "Stensättarlaget Rullgrus HB",
    "Elfången Installation AB",
    "Glasverandan Glasmästeri AB",
    "Snickare Hyvelspånet",
    "Elektriker Gnistbäcken",
    "Trädfällaren Sågklyvan",
)
SUBS = {  # sub-supplier: (main supplier, role)
    "Armeringsgruppen Järnvide AB": ("Norrskensbergets Betong AB", "underleverantör"),
    "Ställningsfabriken Högfot AB": ("Grusåsmyrans Bygg AB", "underleverantör"),
    "Kranbilarna Lyftmossen AB": ("Hällkistans Mark och Entreprenad AB", "underleverantör"),
    "Stensättarlaget Rullgrus HB": ("Torvtaks Anläggning AB", "underleverantör"),
    "Gransångarens Hemtjänst AB": ("Ripdalas Omsorgsgrupp AB", "underleverantör"),
    "Isoleringslaget Varmull AB": ("Grusåsmyrans Bygg AB", "underleverantör"),
    "Elektriker Gnistbäcken": ("Timmerrännans Snickeri AB", "underleverantör"),
    "Grävlingslyans Schakt AB": ("Asfaltbäckens Väg AB", "konsortium"),
    "Norrskensbergets Betong AB": ("Asfaltbäckens Väg AB", "åberopat företag"),
}
BIDS = {  # bidders: (what is tendered for, the periods in which it is open)
    "Vindögas Hemvård AB": ("Hemtjänst Norra skärgården", (SEP, OCT)),
    "Smådoppingens Hemtjänst AB": ("Hemtjänst Norra skärgården", (SEP, OCT)),
    "Lodjursbackens Omsorg AB": ("Hemtjänst Norra skärgården", (SEP, OCT)),
    "Ventilationsmakarna Drakvind AB": ("Ombyggnad av Strandskolan", ALL),
    "Sprängkullens Berg AB": ("Ombyggnad av Strandskolan", ALL),
}
ONLY_BIDS = ("Smådoppingens Hemtjänst AB", "Lodjursbackens Omsorg AB", "Sprängkullens Berg AB")
ONLY_SUBS = ("Armeringsgruppen Järnvide AB", "Ställningsfabriken Högfot AB", "Kranbilarna Lyftmossen AB")
SECOND_SERVICE = {  # one supplier, two kinds of contract: two profiles
    "Hjortronholma Hemtjänst AB": "personlig assistans",
    "Rönnskatans Assistans AB": "hemtjänst",
    "Knipholmens Friskola AB": "förskola",
    "Stiftelsen Ormvråksgården": "föreningsbidrag",
}
CLAUSE_FROM = date(2026, 3, 1)  # home-care contracts from this day on demand record checks (2026:43)
CLAUSE = (
    "Tranmossens Omsorg AB",
    "Skarvhamra Hemtjänst AB",
    "Kråkbärsnäs Omsorg och Service AB",
    "Ripdalas Omsorgsgrupp AB",
)
YOUTH = (  # associations whose grant demands record checks of leaders of children
    "Idrottsföreningen Tallstrunten",
    "Scoutkåren Månharen",
    "Simsällskapet Plasket i Sjövika",
    "Fotbollsklubben Sjövika Gröna",
)
AWARDED = {
    "Ripdalas Omsorgsgrupp AB": date(2026, 7, 15),
    "Barrskogsro Stödboende AB": date(2026, 6, 30),
    "Tranmossens Omsorg AB": date(2026, 3, 11),
    "Skarvhamra Hemtjänst AB": date(2026, 3, 11),
    "Kråkbärsnäs Omsorg och Service AB": date(2026, 3, 25),
    "Sothönans Hemtjänst AB": date(2024, 2, 14),
    "Nyponbuskens Förskola AB": date(2026, 10, 12),
}
OPTION_SOON = ("Takfotens Plåt AB", "Brudborstens Omsorg AB", "Journalsländans System AB", "Putsmyran Städ AB")
WORTH = {
    "hemtjänst": (4_000, 38_000), "personlig assistans": (5_000, 30_000), "hvb": (2_000, 14_000),
    "skola": (8_000, 40_000), "förskola": (3_000, 15_000), "pedagogisk omsorg": (400, 900),
    "primärvård": (15_000, 60_000), "bygg och anläggning": (900, 45_000), "it": (300, 9_000), "konsult": (200, 3_000),
    "lokalhyra": (600, 4_000), "transport": (1_500, 25_000), "städ": (500, 8_000), "livsmedel": (800, 12_000),
    "föreningsbidrag": (30, 400),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Contract:
    """One contract and the register it stands in: own, catalogue, eavrop, mercell or technical."""

    id: str
    title: str
    firm: Firm
    service: str
    register: str
    regime: str
    phase: str = "avtal"
    role: str = "huvudleverantör"
    main: str = ""
    awarded: date | None = None
    starts: date | None = None
    ends: date | None = None
    option_until: date | None = None
    value: int | None = None
    clause: bool | None = None
    owner: str = ""
    diary: str = ""
    periods: tuple[str, ...] = ALL

    @property
    def unit(self) -> str:
        """The unit that owns it."""
        return UNITS[self.service]


def contracts(firms: Mapping[str, Firm]) -> list[Contract]:
    """Every contract of every period."""
    made: list[Contract] = []
    mains: dict[str, str] = {}
    for firm in firms.values():
        if firm.name not in (*WITHOUT_CONTRACT, *ONLY_BIDS, *ONLY_SUBS):
            for contract in _of(firm, len(made)):
                mains.setdefault(firm.name, contract.id)
                made.append(contract)
    for name, (title, periods) in BIDS.items():
        made.append(_bid(firms[name], title, periods, len(made)))
    winner = _bid(firms["Lodjursbackens Omsorg AB"], "Hemtjänst Norra skärgården", (NOV,), len(made))
    made.append(
        replace(
            winner,
            phase="avtal",
            awarded=date(2026, 10, 28),
            starts=date(2026, 11, 16),
            ends=date(2028, 11, 15),
            clause=True,
        )
    )
    for name, (main, role) in SUBS.items():
        base = next(contract for contract in made if contract.id == mains[main])
        made.append(
            replace(
                base, id=f"SJK-U-{len(made):03d}", firm=firms[name], role=role, main=base.id, clause=False,
                value=(base.value or 0) // 6, title=f"{base.title}, {role}",
            )
        )  # fmt: skip
    return made


def _of(firm: Firm, count: int) -> Iterator[Contract]:
    """A firm's contracts: one or two, the second perhaps of another kind."""
    chance = dice("contract", firm.name)
    services = [firm.service] * (2 if firm.service in ("bygg och anläggning", "it") or chance.random() < 0.45 else 1)
    if firm.name in SECOND_SERVICE:
        services = [firm.service, SECOND_SERVICE[firm.name]]
    if firm.service in ("föreningsbidrag", "pedagogisk omsorg", "lokalhyra") or firm.name in (
        "Skärmdungen AB",
        "Nyponbuskens Förskola AB",
    ):
        services = services[:1]
    for number, service in enumerate(services):
        yield _one(firm, service, number, count + number)


def _one(firm: Firm, service: str, number: int, count: int) -> Contract:
    chance = dice("contract", firm.name, number)
    awarded = date(chance.randrange(2023, 2026), chance.randrange(1, 7), chance.randrange(1, 28))
    if number == 0:
        awarded = AWARDED.get(firm.name, awarded)
    starts = date(awarded.year + awarded.month // 12, awarded.month % 12 + 1, 1)
    ends = date(starts.year + 3 if starts.year < 2024 else starts.year + 2, 12, 31)
    ends = max(ends, date(2027, chance.choice((3, 6, 8, 12)), 28))
    option = date(ends.year + 2, 12, 31) if chance.random() < 0.5 else None
    periods: tuple[str, ...] = ALL
    if firm.name in OPTION_SOON and number == 0:
        ends, option = date(2026, 12, 31), date(2028, 12, 31)
    if firm.name == "Skärmdungen AB":
        ends, option, periods = date(2026, 9, 30), None, (SEP,)
    if firm.name == "Nyponbuskens Förskola AB":
        starts, ends, periods = date(2026, 11, 2), date(2029, 6, 30), (NOV,)
    if firm.name == "Kulturföreningen Lyktgubben":
        ends, option, periods = date(2026, 10, 31), None, (SEP, OCT)
    low, high = WORTH[service]
    value = chance.randrange(low, high) * 1_000
    register = _register(firm, service, number)
    year = awarded.year
    return Contract(
        id={
            "own": f"SJK-{year}-{count:03d}",
            "catalogue": f"AK-{1_000 + count}",
            "technical": f"SBF-{year % 100}-{count:03d}",
        }.get(register, f"KS {year}/{count:04d}"),
        title=TITLES[service][number % len(TITLES[service])],
        firm=firm,
        service=service,
        register=register,
        regime=REGIMES.get(service)
        or ("LOU" if value > 2_000_000 else "LOU under tröskelvärdet" if value > 700_000 else "direktupphandling"),
        phase="löpande betalning" if service == "föreningsbidrag" else "avtal",
        awarded=awarded,
        starts=starts,
        ends=ends,
        option_until=option,
        value=value,
        clause=_clause(firm, service, starts),
        owner=OWNERS[firm.index % len(OWNERS)],
        diary=f"KS {year}/{200 + count:04d}",
        periods=periods,
    )


def _clause(firm: Firm, service: str, starts: date) -> bool:
    """Whether the contract itself demands record checks."""
    if service == "hemtjänst":
        return starts >= CLAUSE_FROM
    return firm.name in YOUTH or service in ("personlig assistans", "hvb", "skola", "förskola", "pedagogisk omsorg")


def _register(firm: Firm, service: str, number: int) -> str:
    if service == "bygg och anläggning":
        return "own" if (firm.name in OWN_REGISTER_BUILDERS and number == 0) or firm.is_person else "technical"
    if service == "konsult":
        return "eavrop"
    return "catalogue" if service in ("it", "städ", "livsmedel", "transport", "lokalhyra") else "own"


def _bid(firm: Firm, title: str, periods: Sequence[str], count: int) -> Contract:
    home_care = firm.service == "hemtjänst"
    return Contract(
        id=f"SJK-2026-{count:03d}" if periods != (NOV,) else "SJK-2026-AVT",
        title=title,
        firm=firm,
        service=firm.service,
        register="own",
        regime="LOU bilaga 2" if home_care else "LOU",
        phase="anbud",
        value=9_600_000 if home_care else 23_000_000,
        clause=home_care,
        owner=OWNERS[1],
        diary="KS 2026/0611" if home_care else "KS 2026/0587",
        periods=tuple(periods),
    )


# --- the numbers as people write them ---------------------------------------------------------------------------------
WRONG = {
    "Elfången Installation AB": SWAPPED_STRANGER,
    "Lantmäteribyrån Råstenen AB": "",
    "Båttrafik Skärlänken AB": "n/n",
}


def number_in_files(firm: Firm) -> str:
    """The number that the buyer's files have, in its plainest form: right but for the firms whose story it is."""
    if firm.name in WRONG:
        return WRONG[firm.name]
    if firm.name == "Glasverandan Glasmästeri AB":
        return firm.number[:6] + str((int(firm.number[6]) + 3) % 10) + firm.number[7:]
    if firm.name == LOST_ZERO:
        return firm.number[2:].lstrip("0")
    return firm.number


def written(firm: Firm, form: int, *, cells: bool = True) -> Cell:
    """The number in one of the spellings of the wild; ``cells``: the file can hold numbers, not texts alone."""
    number = number_in_files(firm)
    if firm.country != "SE":
        return f"{firm.country} {number}" if form % 2 else f"{firm.country}{number}"
    if firm.name == LOST_ZERO:
        return int(number) if cells else number
    if firm.is_person:
        return (f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}", number)[form % 3]
    if len(number) != 10:
        return number
    spelling = dashed(number)
    forms: tuple[Cell, ...] = (
        spelling,
        number,
        int(number) if cells else number,
        f"16{number}",
        f"SE{number}01",
        f"{number[:6]} {number[6:]}",
        f" {spelling}\N{NO-BREAK SPACE}",
        f"{number}.0",
        spelling,
        f"16{spelling}",
        spelling.replace("-", "\N{EN DASH}"),
        f"{number[:6]}\N{NO-BREAK SPACE}-\N{NO-BREAK SPACE}{number[6:]}",
    )
    return forms[form % len(forms)]


# --- the exports ------------------------------------------------------------------------------------------------------
OWN_HEADER = (
    "Avtals-ID", "Avtal", "Leverantör", "Organisationsnummer", "Leverantörsnr", "Enhet", "Tjänst", "Regelverk", "Fas",
    "Roll", "Huvudavtal", "Tilldelat", "Startdatum", "Slutdatum", "Option\nt.o.m.", "Avtalsvärde\n(kr)",
    "Krav på\nregisterkontroll", "Avtalsansvarig", "Diarienr",
)  # fmt: skip
UNIT_SPELLINGS = {
    "Äldreförvaltningen": ("Äldreförvaltningen", "ÄLDREFÖRVALTNINGEN", "Aldreforvaltningen", "ÄF"),
    "Barn- och utbildningsförvaltningen": ("Barn- och utbildningsförvaltningen", "BUF", "Barn & utbildning"),
    "Samhällsbyggnadsförvaltningen": ("Samhällsbyggnadsförvaltningen", "SBF", "Samhällsbyggnad"),
}


def spelt(unit: str, turn: int) -> str:
    """A unit as different people write it."""
    spellings = UNIT_SPELLINGS.get(unit, (unit,))
    return spellings[turn % len(spellings)]


def export(firms: Mapping[str, Firm], made: Sequence[Contract], period: str, folder: Path) -> None:
    """The contract registers and the supplier list of one period."""
    now = [contract for contract in made if period in contract.periods]
    _own_register([c for c in now if c.register == "own"], period, folder / "avtalsregister.xlsx")
    over = [c for c in made if c.register == "catalogue" and c.periods == (SEP,)] if period != SEP else []
    _catalogue([c for c in now if c.register == "catalogue"], over, folder / "avtalskatalog.xlsx")
    _eavrop([c for c in now if c.register == "eavrop"], period, folder / "eavrop-avtalsstatistik.xls")
    _technical([c for c in now if c.register == "technical"], folder / "avtal-samhallsbyggnad.xlsx")
    _mercell(firms, period, folder / "mercell.xlsx")
    _suppliers(firms, period, folder / "leverantorer.csv")


def _own_register(rows: Sequence[Contract], period: str, path: Path) -> None:
    """Three title rows, header cells with line breaks, a repeated header below a line of prose, a hidden sheet."""
    lines: list[Sequence[Cell]] = [
        (f"{BUYER} - avtalsregister",),
        ("Uttaget", END_OF[period]),
        ("Välfärd, bygg och bidrag. Frågor: inkopsenheten@sjovika.example",),
        OWN_HEADER,
    ]
    turn = len(rows) * 2 // 3
    for index, c in enumerate(rows):
        if index == turn:
            lines += [(), ("Nedan: avtal som förts in efter omläggningen",), OWN_HEADER]
        lines.append(
            (
                c.id, c.title, c.firm.name, written(c.firm, c.firm.index), int(c.firm.supplier_no), spelt(c.unit, index), c.service,
                c.regime, c.phase, c.role, c.main, c.awarded, c.starts, c.ends, c.option_until, c.value,
                "" if c.clause is None else "ja" if c.clause else "nej", c.owner, c.diary,
            )
        )  # fmt: skip
    lookup = [("Regelverk", "Fas"), ("LOU", "anbud"), ("LOV", "avtal"), ("LUF", "löpande betalning")]
    write_xlsx(path, [("Avtal", lines), ("Listor", lookup)], hidden=["Listor"])


def _catalogue(now: Sequence[Contract], over: Sequence[Contract], path: Path) -> None:
    """Blad1 in force, Blad2 expired; numbers as numeric cells; line ends that became `_x000D_`."""
    header = (
        "Avtalsnummer",
        "Avtalsnamn",
        "Leverantör",
        "Orgnr",
        "Fr.o.m.",
        "T.o.m.",
        "Förvaltning",
        "Kategori",
        "Information",
    )

    def row(c: Contract, index: int) -> Sequence[Cell]:
        comment = "Se ramavtal._x000D_\nAvrop görs i beställningssystemet" if index % 7 == 0 else ""
        from_, to = (day.isoformat() if day else "" for day in (c.starts, c.ends))
        return c.id, c.title, c.firm.name, written(c.firm, 2), from_, to, c.unit, c.service, comment

    old = [
        replace(c, id=f"AK-{500 + i}", starts=date(2019, 1 + i % 12, 1), ends=date(2023, 1 + i % 12, 28))
        for i, c in enumerate(now[::3])
    ]
    sheets = [
        ("Blad1", [header, *(row(c, i) for i, c in enumerate(now))]),
        ("Blad2", [header, *(row(c, i) for i, c in enumerate([*old, *over]))]),
    ]
    write_xlsx(path, sheets)


def _eavrop(rows: Iterable[Contract], period: str, path: Path) -> None:
    """Three title rows, header on row 4, `0.0` as filler, the rank told in a comment."""
    lines: list[Sequence[Cell]] = [
        ("Avtalsstatistik",),
        (f"Organisation: {BUYER}",),
        (f"Uttag {END_OF[period].isoformat()}",),
        (
            "Organisation",
            "Diarie",
            "Avtal",
            "Leverantör",
            "Orgnr",
            "Kategori",
            "Varugrupp",
            "Avtalsform",
            "Fr.o.m.",
            "T.o.m.",
            "Rangordning",
        ),
    ]
    for index, c in enumerate(rows):
        form = "Ramavtal" if index % 2 else "Direktupphandling"
        comment: Cell = "Rangordning 2 av 3" if index % 5 == 1 else 0.0
        lines.append(
            (c.unit, c.id, c.title, c.firm.name, written(c.firm, 0), c.service, 0.0, form, c.starts, c.ends, comment)
        )
    write_xls(path, "Statistik", lines)


def _technical(rows: Iterable[Contract], path: Path) -> None:
    """Göteborg's columns: dates as text with a time, empty rows at the end."""
    header = (
        "Avtalsnummer", "Avtalsnamn", "Leverantörsnamn_Original", "Leverantör_Organisationsnummer_Original", "Förvaltning",
        "Rangordning", "Startdatum_Avtal", "Slutdatum_Avtal", "Slutdatum_Avtal_Max",
    )  # fmt: skip
    lines: list[Sequence[Cell]] = [header]
    for index, c in enumerate(rows):
        days = [
            datetime.combine(day, datetime.min.time()).isoformat(" ") if day else ""
            for day in (c.starts, c.ends, c.option_until or c.ends)
        ]
        lines.append((c.id, c.title, c.firm.name, written(c.firm, 0), spelt(c.unit, index), index % 3 + 1, *days))
    lines += [[" "] * len(header)] * 4
    write_xlsx(path, [("Blad1", lines)])


MERCELL = (
    "Nätknutens Fiber AB",
    "Städlaget Kvastlunden AB",
    "Grönsaksboden Kålmyren AB",
    "Skolskjutsarna Vägvisaren AB",
)


def _mercell(firms: Mapping[str, Firm], period: str, path: Path) -> None:
    """Two sheets, the second with the table; header on row 2, no organisation number, both dates in one cell."""
    lines: list[Sequence[Cell]] = [
        (f"Mercell Commerce - uttaget {END_OF[period]:%Y%m%d}",),
        ("Avtal", "Leverantör", "Avtalstyp", "Avtalsperiod"),
    ]
    lines += [
        (f"E-handel {firms[name].service}", name, "Ramavtal", f"2024-0{index + 2}-01 - 2027-0{index + 2}-28")
        for index, name in enumerate(MERCELL)
    ]
    write_xlsx(path, [("Blad1", [("Sökurval: aktiva avtal",)]), ("Blad2", lines)])


def _suppliers(firms: Mapping[str, Firm], period: str, path: Path) -> None:
    """The ledger system's list of suppliers, in cp1252 with semicolons."""
    lines: list[Sequence[Cell]] = [("Leverantörsnr", "Leverantör", "Organisationsnummer", "Land")]
    lines += [
        (firm.supplier_no, firm.name, written(firm, firm.index % 2, cells=False), firm.country)
        for firm in firms.values()
        if firm.name != "Nyponbuskens Förskola AB" or period == NOV
    ]
    write_text(path, lines, delimiter=";", encoding="cp1252", newline="\r\n")
