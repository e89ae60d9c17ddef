"""The firms of Sjövika: one line each. A line's place decides its number, so new firms go last in their part."""

from __future__ import annotations

from dataclasses import dataclass

from generator.roll import STEP, TOP, People, Person, with_check

BUYER = "Sjövika kommun"
BUYER_NUMBER = with_check(559_990_001)

UNITS = {
    "hemtjänst": "Äldreförvaltningen",
    "personlig assistans": "Funktionsstödsförvaltningen",
    "hvb": "Individ- och familjeomsorgen",
    "skola": "Barn- och utbildningsförvaltningen",
    "förskola": "Barn- och utbildningsförvaltningen",
    "pedagogisk omsorg": "Barn- och utbildningsförvaltningen",
    "primärvård": "Hälso- och vårdenheten",
    "bygg och anläggning": "Samhällsbyggnadsförvaltningen",
    "it": "IT-enheten",
    "konsult": "Kommunledningskontoret",
    "lokalhyra": "Kommunledningskontoret",
    "transport": "Serviceförvaltningen",
    "städ": "Serviceförvaltningen",
    "livsmedel": "Serviceförvaltningen",
    "föreningsbidrag": "Kultur- och fritidsförvaltningen",
}
SNI = {
    "hemtjänst": ("88101", "Öppna sociala insatser för äldre personer"),
    "personlig assistans": ("88102", "Öppna sociala insatser för personer med funktionsnedsättning"),
    "hvb": ("87901", "Heldygnsvård med boende för barn och ungdomar med sociala problem"),
    "skola": ("85201", "Grundskoleutbildning och förskoleklass"),
    "förskola": ("85100", "Förskoleutbildning"),
    "pedagogisk omsorg": ("88910", "Dagbarnvård"),
    "primärvård": ("86211", "Primärvårdsmottagningar med läkare"),
    "bygg och anläggning": ("42110", "Anläggning av vägar och motorvägar"),
    "it": ("62010", "Dataprogrammering"),
    "konsult": ("70220", "Konsultverksamhet avseende företags organisation"),
    "lokalhyra": ("68204", "Förvaltning av bostadsrättsföreningars fastigheter"),
    "transport": ("49390", "Övrig kollektivtrafik"),
    "städ": ("81210", "Lokalvård"),
    "livsmedel": ("46390", "Icke specialiserad partihandel med livsmedel"),
    "föreningsbidrag": ("94991", "Verksamhet i andra intresseorganisationer"),
}
# Name | form, where it is not AB.
TABLE = {
    "hemtjänst": """
        Skarvhamra Hemtjänst AB
        Tranmossens Omsorg AB
        Vindögas Hemvård AB
        Hjortronholma Hemtjänst AB
        Kråkbärsnäs Omsorg och Service AB
        Gransångarens Hemtjänst AB
        Lärkmyrens Äldreomsorg AB
        Bävertorpa Hemvård HB | HB
        Ripdalas Omsorgsgrupp AB
        Älvdungens Hemtjänst Ekonomisk förening | EK
        Mossflods Vård och Omsorg AB
        Sothönans Hemtjänst AB
        Järpkullens Omsorg KB | KB
        Lodjursbackens Omsorg AB
        Smådoppingens Hemtjänst AB
    """,
    "personlig assistans": """
        Rönnskatans Assistans AB
        Tjäderlids Assistans AB
        Ljungpiparens Personliga Assistans AB
        Näktergalsvikens Assistans AB
        Ekorrdalens Assistanskooperativ Ekonomisk förening | EK
        Storlomsuddens Assistans AB
        Flodhamras Assistans AB
        Igelkärrets Assistans AB
        Brudborstens Omsorg AB
        Lavskrikans Assistans HB | HB
    """,
    "hvb": """
        Uttersjöns HVB AB
        Fjällvråkens Behandlingshem AB
        Kattugglans HVB AB
        Stenskvättans Ungdomshem AB
        Havsörnsgårdens HVB AB
        Barrskogsro Stödboende AB
        Snöripans Behandlingshem AB
        Dalripegårdens HVB AB
        Strandskatans HVB AB
        Stiftelsen Ormvråksgården | S
    """,
    "skola": """
        Stiftelsen Videkullens Friskola | S
        Svartmyrans Friskola AB
        Knipholmens Friskola AB
        Sidensvansens Skola AB
        Gärdsmygens Fritidshem Ekonomisk förening | EK
    """,
    "förskola": """
        Blåmesbackens Förskola AB
        Förskolekooperativet Talgoxeboet Ekonomisk förening | EK
        Föräldrakooperativet Kottegömman Ekonomisk förening | EK
        Trollsländans Förskola AB
        Vattenödlans Förskola HB | HB
        Rödhakeängens Förskola AB
        Skogsduvans Förskolor AB
        Nyponbuskens Förskola AB
    """,
    "pedagogisk omsorg": """
        Dagbarnvårdare Stjärtmesen | E
        Familjedaghemmet Lyckliga Grodan | E
    """,
    "primärvård": """
        Måsklippans Vårdcentral AB
        Doktorerna vid Tångrännan AB
        Ejderbo Rehabmottagning AB
        Tärnvikens Vårdcentral AB
    """,
    "bygg och anläggning": """
        Grusåsmyrans Bygg AB
        Torvtaks Anläggning AB
        Hällkistans Mark och Entreprenad AB
        Norrskensbergets Betong AB
        Kvarnfallsbyns Bygg AB
        Timmerrännans Snickeri AB
        Asfaltbäckens Väg AB
        Rördragaren i Sjövika AB
        Takfotens Plåt AB
        Stensättarlaget Rullgrus HB | HB
        Murbruksgården i Sjövika AB
        Elfången Installation AB
        Ventilationsmakarna Drakvind AB
        Sprängkullens Berg AB
        Linjemålarna Vitkant AB
        Grävlingslyans Schakt AB
        Bropelarens Konstruktion AB
        Målarlaget Pensellunden HB | HB
        Golvläggarna Ekspån KB | KB
        Glasverandan Glasmästeri AB
        Armeringsgruppen Järnvide AB
        Ställningsfabriken Högfot AB
        Kranbilarna Lyftmossen AB
        Isoleringslaget Varmull AB
        Snickare Hyvelspånet | E
        Elektriker Gnistbäcken | E
        Trädfällaren Sågklyvan | E
    """,
    "it": """
        Molnmyrens Data AB
        Bitgranens Systemutveckling AB
        Nätknutens Fiber AB
        Kodsiskan IT AB
        Serverhyllan i Sjövika AB
        Skärmdungen AB
        Driftlärkan AB
        Journalsländans System AB
        Pixelmossen Webb AB
        Tangentlundens Support HB | HB
        Fjordlogikk AS | NO
        Nebelwiesen Softwarehaus GmbH | DE
        Hakkapilvi Ohjelmistot Oy | FI
    """,
    "konsult": """
        Rådgivarna Kvistögat AB
        Upphandlingsbyrån Lodsvik AB
        Juristlaget Vågskålen KB | KB
        Ekonomkraft Sifferdungen AB
        Kommunikationsbyrån Ordmyran AB
        Arkitekt Linjalvide AB
        Miljökonsult Porsmosse AB
        Rekryteringshuset Handfasta AB
        Utredarna Nystanet AB
        Lantmäteribyrån Råstenen AB
        Tolk och Text Språkrören | E
        Fotograf Slutarljuset | E
        Vindrosen Rådgivning ApS | DK
    """,
    "lokalhyra": """
        Bostadsrättsföreningen Sjöstugan nr 3 | BRF
        Bostadsrättsföreningen Hamnmagasinet i Sjövika | BRF
        Sjövika Strandhus Fastigheter AB
        Sjövika Hamnbolag AB
    """,
    "transport": """
        Skolskjutsarna Vägvisaren AB
        Kuststrandens Buss i Sjövika AB
        Taxi Backsvalan Ekonomisk förening | EK
        Färdtjänst Rullmyran AB
        Flyttlaget Bärhand AB
        Budbilarna Snabbvesslan AB
        Kyltransport Frostnäbben AB
        Båttrafik Skärlänken AB
        Åkare Hjulspåret | E
    """,
    "städ": """
        Putsmyran Städ AB
        Rentorps Lokalvård AB
        Fönsterlyftet Glimmer AB
        Sanerarna Vitmossa AB
        Golvblänk i Sjövika HB | HB
        Städlaget Kvastlunden AB
        Tvättmyrans Textil AB
        Entrémattan Grindstolpe AB
        Fönsterputsare Blankrutan | E
    """,
    "livsmedel": """
        Grönsaksboden Kålmyren AB
        Mejeriet Gräddlunden Ekonomisk förening | EK
        Bageriet Surdegsnäset AB
        Fiskrökeriet Strömmingsudden AB
        Skafferigrossisten Hyllvide AB
        Charken i Fläskbäcken AB
        Kaffehuset Rostlunden AB
        Äggpackeriet Hönsmyran AB
        Biodlare Ljunghonung | E
    """,
    "föreningsbidrag": """
        Sjövika Skärmflygares Idrottsförening | I
        Idrottsföreningen Tallstrunten | I
        Scoutkåren Månharen | I
        Ridklubben Hovslaget i Sjövika | I
        Kulturföreningen Lyktgubben | I
        Hembygdsföreningen Gammelladan | I
        Simsällskapet Plasket i Sjövika | I
        Musikföreningen Stämgaffelbäcken | I
        Orienteringsklubben Kottspåret | I
        Stiftelsen Sjövika Konstlada | S
        Teaterföreningen Ridåfallet | I
        Pensionärsgillet Kaffekvarnen | I
        Fotbollsklubben Sjövika Gröna | I
    """,
}
FOREIGN = {
    "Fjordlogikk AS": "300871402",  # Norwegian numbers begin with 8 or 9, so nobody has this one
    "Nebelwiesen Softwarehaus GmbH": "HRB 9998714",
    "Hakkapilvi Ohjelmistot Oy": "0000871-5",
    "Vindrosen Rådgivning ApS": "00087149",
}
SWAPPED_FIRM, SWAPPED_STRANGER = with_check(559_994_091), with_check(559_994_901)  # "09" and "90": both Luhn-valid
LOST_ZERO = "Åkare Hjulspåret"
WITHOUT_CONTRACT = (  # paid now and then, never under a contract in any register
    "Isoleringslaget Varmull AB",
    "Entrémattan Grindstolpe AB",
    "Rekryteringshuset Handfasta AB",
    "Fotograf Slutarljuset",
    "Biodlare Ljunghonung",
    "Äggpackeriet Hönsmyran AB",
    "Tangentlundens Support HB",
    "Sanerarna Vitmossa AB",
    "Fönsterputsare Blankrutan",
    "Linjemålarna Vitkant AB",
)


@dataclass(frozen=True, slots=True)
class Firm:
    """One supplier. ``number``: ten digits, a test personal number (form E), or a foreign registry's."""

    index: int
    name: str
    form: str
    service: str
    number: str
    country: str = "SE"
    owner: Person | None = None  # the sole trader

    @property
    def unit(self) -> str:
        """The unit that buys."""
        return UNITS[self.service]

    @property
    def supplier_no(self) -> str:
        """The buyer's own number for the supplier."""
        return str(10_001 + 7 * self.index)

    @property
    def is_person(self) -> bool:
        """A sole trader, whose number is a personnummer."""
        return self.form == "E"


def firms(people: People) -> dict[str, Firm]:
    """Every supplier by name, in the table's order."""
    result: dict[str, Firm] = {}
    for service, lines in TABLE.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            name, _, form = (part.strip() for part in line.partition("|"))
            result[name] = _firm(len(result), name, form or "AB", service, people)
    return result


def _firm(index: int, name: str, form: str, service: str, people: People) -> Firm:
    if name in FOREIGN:
        return Firm(index, name, "", service, FOREIGN[name], country=form)
    if form == "E":
        owner = people.take(zero_first=name == LOST_ZERO)
        return Firm(index, name, form, service, owner.number, owner=owner)
    if name == "Elfången Installation AB":
        return Firm(index, name, form, service, SWAPPED_FIRM)
    return Firm(index, name, form, service, with_check(TOP - STEP * index))
