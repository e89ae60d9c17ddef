"""Words that say little about which company it is, folded to a-z: forms, trades, places, names of people.

Adding a word lowers its weight; a word in none of the lists weighs 1.
"""

from __future__ import annotations

VAGUE = 0.1
GENERIC = 0.25
PLACE = 0.5
PERSON = 0.6
OWN = 1.0
NUMBER = 0.6
INITIAL = 0.3

# Legal forms: words that mean the same form have the same class. Removed wherever they stand.
FORMS = {
    "ab": "ab", "aktiebolag": "ab", "aktiebolaget": "ab", "aktieb": "ab", "publ": "ab",
    "hb": "hb", "handelsbolag": "hb", "handelsbolaget": "hb",
    "kb": "kb", "kommanditbolag": "kb", "kommanditbolaget": "kb",
    "brf": "brf", "bostadsrattsforening": "brf", "bostadsrattsforeningen": "brf",
    "stiftelse": "stiftelse", "stiftelsen": "stiftelse",
    "ekfor": "ek", "ideell": "ideell", "enskildfirma": "ef", "gmbh": "abroad", "oyj": "abroad", "oy": "abroad",
    "ltd": "abroad", "limited": "abroad", "aps": "abroad", "asa": "abroad", "llc": "abroad", "plc": "abroad",
    "inc": "abroad", "sarl": "abroad", "srl": "abroad", "bv": "abroad", "uab": "abroad", "filial": "filial",
    "sverigefilial": "filial",
}  # fmt: skip
# Legal forms that are also ordinary words or letters: removed at the end of a name alone.
END_FORMS = {"as": "abroad", "ag": "abroad", "kg": "abroad", "nv": "abroad", "sa": "abroad", "se": "abroad", "sia": "abroad",
             "ou": "abroad", "spa": "abroad", "sl": "abroad", "ef": "ef", "ek": "ek", "corp": "abroad", "co": "abroad"}  # fmt: skip

STOP = frozenset(
    ["och", "o", "and", "und", "og", "ja", "i", "av", "pa", "for", "med", "the", "of", "de", "den", "det", "till", "at"]
)

_GENERIC = """
    bygg byggnads byggnad byggare byggen byggservice bygge anlaggning anlaggnings entreprenad entreprenader mark
    schakt gravning grav betong tak plat platslageri snickeri snickerier maleri malare golv glas mur mureri ror
    rormokeri vvs el elektriska elektronik elteknik elinstallation installation installationer teknik teknisk tekniska
    ventilation kyla varme energi vatten avlopp rivning stallning hiss las sakerhet bevakning larm brand skydd vakt
    fastighet fastigheter fastighets forvaltning bostad bostader hus villa lokal lokaler park tradgard skog lantbruk
    gard gardens natur miljo atervinning avfall transport transporter akeri logistik frakt flytt buss bussar taxi
    trafik bil bilar motor dack verkstad maskin maskiner verktyg service tjanst tjanster konsult konsulter konsulting
    consulting konsultbyra radgivning management invest investment kapital finans ekonomi redovisning revision juridik
    advokat advokatbyra byra bemanning rekrytering personal utbildning utbildningar skola skolan skolor forskola
    forskolan forskolor pedagogik kurs omsorg omsorgen hemtjanst hemvard hemservice vard varden vardbolaget sjukvard
    vardcentral vardcentralen halsa halso assistans personlig behandlingshem hvb boende stod familjehem tandvard
    tandlakare lakare klinik rehab stad stadning stadservice stadtjanst stadbolag stadfirma renhallning hygien tvatt
    textil klader mat livsmedel restaurang catering kok cafe bageri kafe hotell konferens resor resebyra event kultur
    musik teater film foto media reklam kommunikation design tryck tryckeri grafisk digital data it ict system systems
    software solutions solution losningar losning teknologi tech net web webb mobil tele telecom kontor kontors papper
    mobler mobel inredning interior handel handels import export trading shop butik butiken sport fritid idrott
    idrottsforening forening foreningen forbund forbundet klubb klubben sallskap kommunal kommun region lan distrikt
    partner partners center centrum centralen huset internationella produkter produktion industri industrier
    industries material medical medicin labor laboratorium analys projekt utveckling plus pro total allt hem hemma
    svensk svenska skandinaviska nordisk nordiska norden europe europa european global world nya ny gamla stora lilla
    spar sparrad anvands ej avd avdelning enheten faktura fakturor ost vast norr soder syd nord ostra vastra norra
    sodra mellan ovre nedre hand kraft kvalitet expert experten experterna proffs team kooperativ kooperativet
    samfallighet samfallighetsforening ekonomisk drift underhall leverans leverantor produkt allservice anno barn
    ungdom aldre liv sociala social trygg trygga god goda montage psykologi terapi larande lara kunskap sprak tolk
    tolkar tolkformedling oversattning
"""
_VAGUE = """
    sverige sweden swedish scandinavia scandinavian scandinavien skandinavien nordic group gruppen grupp koncern bolag
    bolaget company companies foretag foretaget firma international holding
"""
_PLACES = """
    stockholm stockholms goteborg goteborgs malmo lund uppsala vasteras orebro linkoping helsingborg jonkoping norrkoping
    umea gavle boras sodertalje eskilstuna halmstad vaxjo karlstad sundsvall lulea trollhattan ostersund borlange tumba
    kalmar falun skovde karlskrona kristianstad skelleftea uddevalla lidingo motala landskrona nykoping ornskoldsvik varberg
    trelleborg alingsas hassleholm sandviken pitea katrineholm enkoping kungsbacka huddinge nacka solna sundbyberg taby
    sollentuna haninge botkyrka jarfalla tyreso varmdo osteraker norrtalje sigtuna knivsta strangnas arboga koping sala
    kiruna boden kramfors harnosand hudiksvall bollnas soderhamn ludvika mora leksand rattvik avesta hedemora kumla hallsberg
    lindesberg degerfors karlskoga filipstad arvika saffle kristinehamn mariestad lidkoping falkoping skara vara ulricehamn
    tranas vetlanda eksjo nassjo varnamo gislaved ljungby alvesta almhult nybro oskarshamn vastervik vimmerby visby gotland
    oland ronneby karlshamn solvesborg ystad simrishamn eslov hoor horby kavlinge lomma staffanstorp svedala vellinge
    skane blekinge smaland halland vastergotland ostergotland sodermanland varmland dalarna gastrikland halsingland
    medelpad angermanland jamtland harjedalen vasterbotten norrbotten lappland uppland narke vastmanland bohuslan dalsland
    bergslagen malardalen roslagen norrland svealand gotaland dalarnas skanes varmlands smalands oresund
"""
_PEOPLE = """
    andersson johansson karlsson nilsson eriksson larsson olsson persson svensson gustafsson pettersson jonsson jansson
    hansson bengtsson jonsson lindberg jakobsson magnusson olofsson lindstrom lindqvist lindgren axelsson berg bergstrom
    lundberg lind lundgren lundqvist mattsson berglund fredriksson sandberg henriksson forsberg sjoberg wallin engstrom
    eklund danielsson lundin hakansson bjork bergman gunnarsson holm wikstrom samuelsson isaksson fransson
    anders karl erik lars per nils jan johan mikael peter hans lennart gunnar sven stefan mats bengt bo magnus thomas tomas
    fredrik daniel andreas niklas marcus marie maria anna eva karin kristina lena kerstin birgitta sara emma ali mohamed
    ahmed mohammad hassan
"""

WEIGHTS: dict[str, float] = {
    **dict.fromkeys(_PEOPLE.split(), PERSON),
    **dict.fromkeys(_PLACES.split(), PLACE),
    **dict.fromkeys(_GENERIC.split(), GENERIC),
    **dict.fromkeys(_VAGUE.split(), VAGUE),
}


def weight(word: str) -> float:
    """How much a folded word says: 1 for a word of its own, less for a common one or one made of two common ones."""
    known = WEIGHTS.get(word, WEIGHTS.get(word.removesuffix("s")))
    if known is not None:
        return known
    if any(char.isdigit() for char in word):
        return NUMBER
    if len(word) == 1:
        return INITIAL
    cuts = range(3, len(word) - 2)
    if any(WEIGHTS.get(word[:cut]) == GENERIC and WEIGHTS.get(word[cut:].removeprefix("s")) == GENERIC for cut in cuts):
        return GENERIC + 0.15
    return OWN
