"""What the import of decisions says to a person: one catalogue of sentences, Swedish first, English on request."""

from __future__ import annotations

HEADS: dict[str, tuple[str, str]] = {
    "numbers": ("Godtagna nummer", "Numbers accepted"),
    "taken": ("Togs emot", "Taken"),
    "known": ("Redan inlästa", "Read in before"),
    "noted": ("Utan åtgärd här", "Nothing to do here"),
    "refused": ("Togs inte emot", "Not taken"),
    "more": ("och {count} till; se svarsarbetsboken", "and {count} more; see the answer workbook"),
    "nothing": ("Inga beslut hittades.", "No decisions were found."),
}

SAID: dict[str, tuple[str, str]] = {
    # a whole file or sheet
    "file_refused": ("kunde inte läsas: {why}", "could not be read: {why}"),
    "no_file": ("filen finns inte", "the file does not exist"),
    "not_a_file": ("är en mapp och inte en fil", "is a folder, not a file"),
    "locked": ("kunde inte öppnas", "could not be opened"),
    "unreadable": ("kunde inte läsas ({detail})", "could not be read ({detail})"),
    "open_elsewhere": (
        "är öppen i Excel eller LibreOffice; det som inte är sparat skulle gå förlorat",
        "is open in Excel or LibreOffice; what is not saved would be lost",
    ),
    "too_big": (
        "är större än {mb} MB; en ifylld avvikelserapport är mindre",
        "is larger than {mb} MB; a report is not",
    ),
    "not_a_workbook": (
        "kunde inte läsas som arbetsbok",
        "could not be read as a workbook",
    ),
    "no_sheet": (
        "inget blad känns igen; väntade rubrikerna i Flaggor, Ej bedömbara, Indatafel eller Stickprov",
        "no sheet is recognised; expected the headers of Flaggor, Ej bedömbara, Indatafel or Stickprov",
    ),
    "column_twice": (
        "kolumnen {column} finns två gånger; bladet läses inte",
        "the column {column} occurs twice; the sheet is not read",
    ),
    "column_gone": (
        "kolumnerna {columns} finns inte; bladet läses inte",
        "the columns {columns} are missing; the sheet is not read",
    ),
    # whose row
    "no_check": (
        "den dolda kolumnen Kontroll saknas eller är tom, så raden kan inte jämföras med det som skrevs",
        "the hidden column Kontroll is missing or empty, so the row cannot be compared with what was written",
    ),
    "other_organisation": (
        "arbetsboken är {organisation}s, inte {own}s",
        "the workbook belongs to {organisation}, not to {own}",
    ),
    "unknown_run": (
        "arbetsboken skrevs av en körning som inte finns här ({run})",
        "the workbook was written by a run that is not here ({run})",
    ),
    "unknown_id": ("{id} finns inte i körningen {run}", "{id} is not in run {run}"),
    "mixed_row": (
        "Flagg-ID är {id}, men den dolda kontrollen hör till {sealed}: rader och kolumner har förskjutits",
        "Flagg-ID is {id}, but the hidden check value is of {sealed}: rows and columns have shifted",
    ),
    "own_changed": (
        "{column} var {was!r} och är nu {now!r}: raden kan inte säkert hänföras till rätt flagga",
        "{column} was {was!r} and is now {now!r}: whose row it is is not certain",
    ),
    "cell_changed": (
        "{column} var {was!r} och är nu {now!r}; ändringen lästes inte",
        "{column} was {was!r} and is now {now!r}; the change was not read",
    ),
    "seal_broken": (
        "raden är inte som den skrevs, och vad som stod där har gallrats",
        "the row is not as it was written, and what stood there has been purged",
    ),
    # what was written
    "formula": (
        "{column} är en formel; värdet som sparats med den lästes: {value!r}",
        "{column} is a formula; the value saved with it was read: {value!r}",
    ),
    "no_word": ("{column} är tom", "{column} is empty"),
    "unknown_word": ("{column} {value!r} finns inte i listan", "{column} {value!r} is not in the list"),
    "no_reason": ("{word} kräver en motivering", "{word} needs a reason"),
    "no_until": ("{word} kräver ett datum: Gäller t.o.m. är tom", "{word} needs a date: Gäller t.o.m. is empty"),
    "not_a_day": ("{column} {value!r} är inget datum", "{column} {value!r} is not a date"),
    "far_day": ("{column} {day} ligger utanför 2000–2099", "{column} {day} is outside 2000–2099"),
    "past_day": (
        "Gäller t.o.m. {day} hade redan passerat när arbetsboken skrevs ({as_of})",
        "Gäller t.o.m. {day} had passed when the workbook was written ({as_of})",
    ),
    "long_day": (
        "Gäller t.o.m. {day} är mer än två år bort; den tas om innan dess om uppgifterna blir sämre",
        "Gäller t.o.m. {day} is more than two years away; it ends before that if the facts get worse",
    ),
    "month_day": ("{column} {value!r} lästes som {day}", "{column} {value!r} was read as {day}"),
    "backwards": ("{later} {second} ligger före {earlier} {first}", "{later} {second} is before {earlier} {first}"),
    "future_day": ("{column} {day} ligger i framtiden", "{column} {day} is in the future"),
    "cleared": (
        "det som stod ifyllt är borttaget; ett beslut tas inte tillbaka så",
        "what was filled in has been removed; a decision is not taken back in that way",
    ),
    "no_who": (
        "{column} är tom; {by}, som läste in filen, står som ansvarig",
        "{column} is empty; {by}, who read the file in, stands for it",
    ),
    "masked": (
        "{column} innehöll något som liknar ett personnummer; det maskerades innan det sparades",
        "{column} held something like a personal number; it was masked before it was stored",
    ),
    "offence": (
        "{column} nämner brott eller misstanke; rapporten är en allmän handling och sådant ska inte antecknas här",
        "{column} speaks of offences or suspicion; the report is a public record and such things do not belong here",
    ),
    # against other rows and what is stored
    "merged": ("samma beslut står också i {place}", "the same decision also stands in {place}"),
    "conflict": ("beslutet skiljer sig från {place} ({written})", "the decision differs from {place} ({written})"),
    "other_row_refused": (
        "en annan rad om samma sak kunde inte tas emot ({place})",
        "another row about the same thing could not be taken ({place})",
    ),
    "decided_since": (
        "{by} beslutade {assessment!r} efter att den här arbetsboken skrevs ({where})",
        "{by} decided {assessment!r} after this workbook was written ({where})",
    ),
    "replaces": ("ersätter {by}s tidigare {assessment!r}", "replaces {by}'s earlier {assessment!r}"),
    "agreed": ("{by} har redan beslutat detsamma", "{by} has decided the same already"),
    "known": ("redan inläst", "read in before"),
    "known_overtaken": (
        "redan inläst; ett senare beslut av {by} gäller: {assessment}",
        "read in before; a later decision by {by} holds: {assessment}",
    ),
    "changed_since": (
        "flaggan har blivit värre sedan arbetsboken skrevs: {was} då, {now} i {period}",
        "the flag has got worse since the workbook was written: {was} then, {now} in {period}",
    ),
    "other_since": (
        "flaggan gäller något annat än när arbetsboken skrevs",
        "the flag is about something else than when the workbook was written",
    ),
    "changed_not_worse": (
        "uppgifterna har ändrats sedan arbetsboken skrevs, men inte till det sämre",
        "the facts have changed since the workbook was written, but not for the worse",
    ),
    "closed_since": (
        "flaggan står inte längre i {period}; beslutet sparas och gäller om den kommer tillbaka",
        "the flag no longer stands in {period}; the decision is kept and holds if it returns",
    ),
    "number_accepted": (
        "numret godtas för det namnet från och med nästa körning",
        "the number is accepted for that name from the next run",
    ),
    # Indatafel
    "number_left": ("{verdict}", "{verdict}"),
    "number_known": ("{number}", "{number}"),
    "number_taken": ("{number}", "{number}"),
    "number_wrong": (
        "Rätt orgnr {written!r} kan inte godtas; {why}",
        "Rätt orgnr {written!r} cannot be accepted; {why}",
    ),
    "no_name": (
        "Leverantör är tom; ett nummer godtas för ett namn",
        "Leverantör is empty; a number is accepted for a name",
    ),
    "hidden_number": (
        "det skrivna numret är en persons och står inte här",
        "the number as written is a person's and does not stand here",
    ),
    "hidden_name": ("namnet är maskerat och kan stå för flera", "the name is masked and may be several"),
    "numbers_differ": ("flera rader anger olika nummer", "several rows give different numbers"),
    # Stickprov
    "unknown_sample": ("stickprovet {sample} finns inte här", "the sample {sample} is not here"),
    "not_drawn": ("leverantören ingår inte i stickprovet {sample}", "the supplier is not in the sample {sample}"),
}

_RESTORE = (
    "Skriv beslutet i en orörd kopia av rapporten (screening report skriver en ny).",
    "Write the decision in an untouched copy of the report (screening report writes a new one).",
)
_AGREE = ("Kom överens och skriv samma sak, eller ta bort det ena.", "Agree and write the same, or remove one of them.")
_FIX = ("Rätta cellen och läs in filen igen.", "Correct the cell and import the file again.")

TO_DO: dict[str, tuple[str, str]] = {
    "no_file": ("Kontrollera sökvägen.", "Check the path."),
    "not_a_file": ("Ange filen.", "Name the file."),
    "locked": (
        "Stäng den i Excel, och se till att du har rätt att läsa den.",
        "Close it in Excel, and see that you may read it.",
    ),
    "unreadable": ("Kontrollera sökvägen och försök igen.", "Check the path and try again."),
    "open_elsewhere": (
        "Spara och stäng den och läs in den igen. Har ingen den öppen: ta bort filen som börjar med ~$ eller .~lock.",
        "Save and close it and import it again. If nobody has it open, remove the file that begins with ~$ or .~lock.",
    ),
    "not_a_workbook": ("Spara den som .xlsx och försök igen.", "Save it as .xlsx and try again."),
    "no_sheet": ("Läs in en avvikelserapport som ni har fyllt i.", "Import a report that you have filled in."),
    "column_twice": ("Ta bort eller byt namn på den ena.", "Remove or rename one of them."),
    "column_gone": _RESTORE,
    "no_check": _RESTORE,
    "other_organisation": ("Läs in den i rätt arbetsyta (--home).", "Import it in the right workspace (--home)."),
    "unknown_run": _RESTORE,
    "unknown_id": _RESTORE,
    "mixed_row": _RESTORE,
    "own_changed": _RESTORE,
    "seal_broken": _RESTORE,
    "no_word": ("Välj ett ord i listan: {words}.", "Choose a word in the list: {words}."),
    "unknown_word": ("Välj ett av: {words}.", "Choose one of: {words}."),
    "no_reason": ("Skriv varför i Motivering.", "Write why in Motivering."),
    "formula": ("Skriv värdet i stället för formeln.", "Write the value instead of the formula."),
    "no_until": ("Skriv den sista dagen, till exempel 2027-06-30.", "Write the last day, for example 2027-06-30."),
    "not_a_day": ("Skriv datumet som 2027-06-30.", "Write the date as 2027-06-30."),
    "far_day": _FIX,
    "past_day": ("Skriv en senare dag, eller gör en ny bedömning.", "Write a later day, or assess again."),
    "backwards": _FIX,
    "future_day": _FIX,
    "cleared": (
        "Skriv den bedömning som gäller i stället, till exempel Under utredning.",
        "Write what holds instead, for example Under utredning.",
    ),
    "offence": ("Skriv om sakligt, utan uppgifter om brott.", "Write it again without such words."),
    "conflict": _AGREE,
    "other_row_refused": ("Rätta den raden först.", "Correct that row first."),
    "decided_since": (
        "Kom överens; den som ändrar skriver i en rapport som visar det senaste beslutet.",
        "Agree; whoever changes it writes in a report that shows the newest decision.",
    ),
    "changed_since": ("Ta ställning i rapporten för {period}.", "Decide in the report for {period}."),
    "other_since": ("Ta ställning i den senaste rapporten.", "Decide in the newest report."),
    "number_wrong": _FIX,
    "no_name": _FIX,
    "hidden_number": ("Rätta det i källsystemet.", "Correct it in the source system."),
    "hidden_name": ("Rätta det i källsystemet.", "Correct it in the source system."),
    "numbers_differ": ("Välj ett.", "Choose one."),
    "unknown_sample": ("Läs in arbetsboken där stickprovet drogs.", "Import it where the sample was drawn."),
    "not_drawn": ("Granska dem som protokollet anger.", "Review those that the protocol names."),
}
