"""The other end of a file exchange: takes batches from an outbox and lays receipt, answer and error file in an inbox, from the world."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fnmatch import translate
from pathlib import Path
from typing import Final

from screening.adapters.file_exchange.layout import Came, Layout, Place
from screening.stub.app import plain
from screening.stub.world import Company, DebtRow, Registration, World

FAULTS: Final[Mapping[str, str]] = {
    "rejected": "the receipt says rejected, and an error file why: the first number, then the whole batch",
    "missing": "a receipt, and no answer",
    "short": "an answer without the last of the numbers that were asked about",
    "damaged": "an answer that breaks off in the middle",
    "stranger": "an answer that also has rows about a number that nobody asked about",
    "twice": "the same answer under two names",
}
STRANGER: Final = "165599998993"  # of the fictitious series


@dataclass(frozen=True, slots=True)
class Answering:
    """One exchange as its receiver sees it."""

    layout: Layout
    outbox: Path
    inbox: Path
    world: World
    day: date

    def answer(self, fault: str = "") -> list[str]:
        """Answers every batch in the outbox and takes it away, as a mailbox does.

        Returns:
            The references of the batches, in order.
        """
        names = self.layout.names
        pattern = re.compile(translate(names.request.format(ref="*")), re.IGNORECASE)
        batches = [path for path in sorted(self.outbox.glob("*")) if path.is_file() and pattern.fullmatch(path.name)]
        self.inbox.mkdir(parents=True, exist_ok=True)
        done = []
        for path in batches:
            ref, numbers = self._asked(path.read_bytes().decode(self.layout.encoding).splitlines())
            self._respond(ref, numbers, fault)
            path.unlink()
            done.append(ref)
        return done

    def _respond(self, ref: str, numbers: Sequence[str], fault: str) -> None:
        layout, names = self.layout, self.layout.names
        rejected = fault == "rejected"
        word = (layout.receipt.rejected if rejected else layout.receipt.accepted)[0]
        text = "Filen avvisas" if rejected else "Filen godtas"
        places = [(layout.receipt.status, word), *([(layout.receipt.text, text)] if layout.receipt.text else [])]
        self._lay(names.receipt, ref, [self._line(layout.receipt.record, places)])
        if rejected:
            self._lay(names.errors, ref, list(self._errors(numbers)))
        elif fault != "missing":
            told = numbers[:-1] if fault == "short" else [*numbers, STRANGER] if fault == "stranger" else numbers
            lines = self._answer(ref, told)
            self._lay(names.answer, ref, lines[: len(lines) // 2] if fault == "damaged" else lines)
            if fault == "twice":
                self._lay(f"{names.answer.replace('*', '')}.1", ref, lines)

    def _errors(self, numbers: Sequence[str]) -> Iterator[str]:
        errors = self.layout.errors
        for number, code, text in ((numbers[0], "20", "Ogiltigt nummer"), ("", "90", "Filen avvisas i sin helhet")):
            places = [(errors.number, number)]
            places += [(place, said) for place, said in ((errors.code, code), (errors.text, text)) if place is not None]
            yield self._line(errors.record, places)

    def _asked(self, lines: Sequence[str]) -> tuple[str, list[str]]:
        """Our reference and the numbers of a batch, read back by the layout."""
        ref, numbers = "", []
        for line in lines:
            sent = next(item for item in self.layout.request if item.record == self._at(line, self.layout.type))
            for cell in sent.fields:
                if cell.write == "ref":
                    ref = self._at(line, cell)
                elif cell.write in ("number10", "number12"):
                    numbers.append(self._at(line, cell))
        return ref, numbers

    def _answer(self, ref: str, numbers: Sequence[str]) -> list[str]:
        companies = self.world.at(self.day)
        rows: list[str] = []
        for number in numbers:
            ten = plain(number)
            company = companies.get(ten) or companies.get(f"19{ten}") or companies.get(f"20{ten}")
            rows += self._rows(number, company)
        start = self._came("start", {"ref": ref, "day": f"{self.day:%Y%m%d}"})
        end = self._came("end", {"rows": f"{len(rows)}", "subjects": f"{len(numbers)}"})
        return [*start, *rows, *end]

    def _rows(self, number: str, company: Company | None) -> Iterator[str]:
        words = self.layout.words
        if company is None or "file_exchange" in company.unknown_to:
            yield from self._came("subject", {"number": number, "status": _first(words.not_found)})
            return
        debts, about = company.debts, {"number": number}
        yield from self._came("subject", {**about, "status": _first(words.found)})
        for kind, amount, cases in _public(debts, _first(words.tax)):
            for case in range(cases):
                share = amount / cases if case else amount - amount / cases * (cases - 1)
                day = f"{debts.last_case_on:%Y%m%d}" if debts.last_case_on else ""
                yield from self._came("public_debt", {**about, "kind": kind, "day": day, "amount": self._money(share)})
        if debts.private_sek:
            said = {"cases": str(debts.private_cases), "amount": self._money(debts.private_sek)}
            yield from self._came("private_debt", {**about, **said})
        if debts.applications:
            said = {"cases": str(debts.applications), "amount": self._money(debts.applications_sek)}
            yield from self._came("application", {**about, **said})
        registers = {"f_tax": company.f_tax, "vat": company.vat, "employer": company.employer}
        fields = {key: said for name, one in registers.items() for key, said in self._register(name, one).items()}
        yield from self._came("registration", {**about, **fields})
        if self._state(company.employer) == "active":
            for back in (3, 2, 1):
                month = (self.day.replace(day=1) - timedelta(days=31 * back - 15)).strftime("%Y%m")
                yield from self._came("contribution", {**about, "month": month, "amount": self._money(Decimal(31420))})

    def _register(self, name: str, registration: Registration) -> dict[str, str]:
        said = {name: _first(getattr(self.layout.words, self._state(registration)))}
        for end, day in (("from", registration.from_on), ("to", registration.to_on)):
            said[f"{name}_{end}"] = f"{day:%Y%m%d}" if day else ""
        return said

    def _state(self, registration: Registration) -> str:
        if registration.from_on is None:
            return "never"
        if registration.from_on > self.day:
            return "future"
        ended = registration.to_on is not None and registration.from_on <= registration.to_on <= self.day
        return "ended" if ended else "active"

    def _money(self, amount: Decimal) -> str:
        return str(int(amount * 100)) if self.layout.amounts == "ore" else str(int(amount))

    # --- files ----------------------------------------------------------------------------------------------------------
    def _lay(self, name: str, ref: str, lines: Sequence[str]) -> None:
        content = "".join(f"{line}\r\n" for line in lines).encode(self.layout.encoding)
        (self.inbox / name.replace("*", "").format(ref=ref)).write_bytes(content)

    def _came(self, means: str, said: Mapping[str, str]) -> list[str]:
        """A record of a meaning, where the layout has one."""
        kind: Came | None = next((item for item in self.layout.answer if item.means == means), None)
        if kind is None:
            return []
        return [self._line(kind.record, [(place, said.get(name, "")) for name, place in kind.fields.items()])]

    def _line(self, record: str, places: Sequence[tuple[Place, str]]) -> str:
        cells = [(self.layout.type, record), *places]
        if self.layout.delimiter:
            row = [""] * max(place.at for place, _ in cells)
            for place, text in cells:
                row[place.at - 1] = text
            return self.layout.delimiter.join(row)
        line = ""
        for place, text in sorted(cells, key=lambda item: item[0].at):
            line = line.ljust(place.at - 1) + text[: place.width].ljust(place.width or 0)
        return line

    def _at(self, line: str, place: Place) -> str:
        if self.layout.delimiter:
            return line.split(self.layout.delimiter)[place.at - 1]
        return line[place.at - 1 : place.at - 1 + (place.width or 0)].strip()


def _public(debts: DebtRow, tax: str) -> Iterator[tuple[str, Decimal, int]]:
    """(kind, sum, cases) of public claims: tax apart where the world says how much it is."""
    taxes = debts.tax_sek or Decimal(0)
    rest = debts.public_sek - taxes
    if taxes:
        yield tax, taxes, max(1, debts.public_cases - bool(rest))
    if rest:
        yield "ALM", rest, max(1, debts.public_cases - (max(1, debts.public_cases - 1) if taxes else 0))


def _first(words: Sequence[str]) -> str:
    return words[0] if words else ""
