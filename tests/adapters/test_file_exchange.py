from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from screening.adapters import kronofogden_fil, skatteverket_etransport
from screening.adapters.file_exchange import LATE_DAYS, layout, outgoing, received
from screening.adapters.source import Adapter, Answer, Request, Ticket
from screening.errors import ConfigError, SourceUnavailable
from screening.model import EmployerContributions, EnforcementDebt, TaxRegistration
from screening.stub.file_exchange import FAULTS, STRANGER, Answering
from screening.stub.world import World

ROOT = Path(__file__).parents[2]
FREE, OWING, OTHER, UNKNOWN, PERSON = "5599999017", "5599999025", "5599999033", "5599999009", "194012239101"
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
KFM = "connectors/layouts/kronofogden_upphandling.toml"
SKV = "connectors/layouts/skatteverket_foretagsuppgifter.toml"
WORLD = World.model_validate({
    "company": [
        {"number": FREE, "name": "Exempel Mark AB", "f_tax": {"from_on": "2019-04-01"}, "vat": {"from_on": "2019-04-01"}},
        {
            "number": OWING,
            "name": "Exempel Bygg AB",
            "f_tax": {"from_on": "2019-04-01", "to_on": "2026-08-31"},
            "employer": {"from_on": "2019-04-01"},
            "debts": {
                "public_sek": 70001, "public_cases": 3, "tax_sek": 60000, "private_sek": 500, "private_cases": 2,
                "applications": 1, "applications_sek": 900, "last_case_on": "2026-10-20",
            },
        },
        {"number": OTHER, "name": "Exempel Vård AB", "debts": {"public_sek": 900, "public_cases": 1}},
        {"number": PERSON, "name": "Exempels Firma", "form": "E", "debts": {"public_sek": 1200, "public_cases": 1}},
    ]
})  # fmt: skip


@dataclass
class Office:
    """An exchange with both ends: ours, with the tickets that the store would keep, and the receiver's."""

    bench: Any
    home: Path
    adapter: Adapter = kronofogden_fil.ADAPTER
    layout: str = KFM
    options: dict[str, Any] = field(default_factory=dict)
    at: datetime = START
    tickets: dict[str, Ticket] = field(default_factory=dict)
    state: dict[str, str] = field(default_factory=dict)
    number_of: dict[str, str] = field(default_factory=dict)
    forget_tickets: bool = False  # killed before the store took the ticket

    @property
    def inbox(self) -> Path:
        return self.home / "in"

    @property
    def outbox(self) -> Path:
        return self.home / "ut"

    def request(self, number: str, *kinds: str) -> Request:
        request: Request = self.bench.request(number, *(kinds or sorted(self.adapter.gives)))
        self.number_of[request.supplier_id] = number
        return request

    def run(self, *numbers: str) -> dict[str, Answer]:
        """A run that needs these suppliers; what came, by number."""
        waiting = {supplier_id for ticket in self.tickets.values() for supplier_id in ticket.supplier_ids}
        asked = [request for number in numbers if (request := self.request(number)).supplier_id not in waiting]
        return asyncio.run(self._run(asked))

    def desk(self) -> Any:
        """Our end."""
        options = {"layout": self.layout, "sender": "SJVK", **self.options}
        folders = {"inbox": self.inbox, "outbox": self.outbox, "files": self.home}
        return self.bench.stubbed(self.adapter, options=options, state=self.state, at=self.at, **folders)

    async def _run(self, requests: list[Request]) -> dict[str, Answer]:
        found = {}
        async with self.desk().session() as session:
            async for item in self.adapter.open(session).ask(requests, list(self.tickets.values())):
                if isinstance(item, Answer):
                    self._close(item)
                    found[self.number_of[item.supplier_id]] = item
                elif not self.forget_tickets:
                    self.tickets[item.ref] = item
        return found

    def _close(self, answer: Answer) -> None:
        if answer.ticket in self.tickets:
            ticket = self.tickets.pop(answer.ticket)
            if left := tuple(item for item in ticket.supplier_ids if item != answer.supplier_id):
                self.tickets[ticket.ref] = replace(ticket, supplier_ids=left)

    def respond(self, fault: str = "", world: World = WORLD) -> list[str]:
        """The receiver's turn."""
        loaded = layout.load(self.home / self.layout, self.adapter.gives)
        return Answering(loaded, self.outbox, self.inbox, world, self.at.date()).answer(fault)

    def later(self, days: int) -> None:
        """Days go by."""
        self.at += timedelta(days=days)

    def sent(self) -> list[str]:
        """Files in the outbox."""
        return sorted(path.name for path in self.outbox.iterdir() if path.is_file())

    def came(self, pattern: str) -> Path:
        """The one file in the inbox."""
        (path,) = self.inbox.glob(pattern)
        return path


@pytest.fixture
def office(bench: Any, tmp_path: Path) -> Office:
    for name in (KFM, SKV):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    return Office(bench, tmp_path)


def reasons(answers: dict[str, Answer]) -> dict[str, tuple[str, str]]:
    return {number: next(iter(item.missing.values())) for number, item in answers.items() if item.missing}


def debt(answer: Answer) -> EnforcementDebt:
    (fact,) = answer.facts
    assert isinstance(fact, EnforcementDebt)
    return fact


# --- there and back ---------------------------------------------------------------------------------------------------
def test_a_batch_is_handed_in_once_and_collected_later(office: Office) -> None:
    """One file, a ticket for everybody; nothing while there is no answer; then facts of the answer's own day."""
    assert office.run(FREE, OWING, PERSON) == {}
    (ticket,) = office.tickets.values()
    assert office.sent() == [f"{ticket.ref}.UTDRAG"]
    assert (len(ticket.supplier_ids), ticket.due_on) == (3, date(2026, 11, 12))
    assert office.run(FREE, OWING, PERSON) == {}
    assert len(office.sent()) == 1
    office.later(1)
    office.respond()
    office.later(1)
    answers = office.run(FREE, OWING, PERSON)
    assert office.tickets == {}
    assert office.sent() == []
    assert [debt(answers[number]).public_debt_sek for number in (FREE, PERSON)] == [0, 1200]
    owed = debt(answers[OWING])
    assert [owed.public_debt_sek, owed.public_cases, owed.tax_debt_sek] == [70001, 3, 60000]
    assert [owed.private_debt_sek, owed.private_cases, owed.applications, owed.applications_sek] == [500, 2, 1, 900]
    assert owed.last_case_on == date(2026, 10, 20)
    assert owed.provenance.as_of == date(2026, 11, 3)
    assert owed.provenance.request_ref == f"{ticket.ref}.UTFIL"
    evidence = json.loads(answers[OWING].raw)
    assert [row["means"] for row in evidence["rows"]][:2] == ["subject", "public_debt"]
    assert (evidence["asked"], evidence["number"], evidence["layout_verified"]) == (3, OWING, "")


def test_numbers_stand_in_the_files_alone(office: Office) -> None:
    """No name, note, state, evidence or reference holds a person's number; the batch itself does."""
    office.run(PERSON, FREE)
    batch = (office.outbox / office.sent()[0]).read_text(encoding="iso-8859-1")
    assert PERSON in batch
    assert f"16{FREE}" in batch
    office.respond()
    answers = office.run(PERSON)
    kept = [path.name for path in office.home.rglob("*")] + [repr(list(answers.values())), repr(office.state)]
    kept += [path.read_text(encoding="utf-8") for path in (office.outbox / outgoing.BESIDE).glob("*.json")]
    assert len(kept) > 5
    assert not any(PERSON[2:] in text for text in kept)
    assert json.loads(answers[PERSON].raw)["number"] is None


def test_the_tax_exchange_speaks_another_layout(office: Office) -> None:
    """Delimited; registrations that have ended, and decided employer contributions; debts are not its to tell."""
    office.adapter, office.layout = skatteverket_etransport.ADAPTER, SKV
    office.run(FREE, OWING, UNKNOWN)
    office.respond()
    answers = office.run()
    registration, contributions = sorted(answers[OWING].facts, key=lambda fact: fact.kind, reverse=True)
    assert isinstance(registration, TaxRegistration)
    assert (registration.f_tax, registration.f_tax_to_on) == ("ended", date(2026, 8, 31))
    assert (registration.vat, registration.employer) == ("never", "active")
    assert isinstance(contributions, EmployerContributions)
    assert [month for month, _ in contributions.months] == ["2026-08", "2026-09", "2026-10"]
    assert answers[FREE].missing["employer_contributions"][0] == "not_found"
    assert {reason for reason, _ in answers[UNKNOWN].missing.values()} == {"not_found"}


def test_each_supplier_is_told_what_was_asked_of_it(office: Office) -> None:
    """Kinds are kept with the batch; one that the layout does not give gives way to other sources."""
    office.adapter, office.layout = skatteverket_etransport.ADAPTER, SKV
    path = office.home / SKV
    only = path.read_text(encoding="utf-8").replace(
        '["tax_registration", "employer_contributions"]', '["tax_registration"]'
    )
    path.write_text(only, encoding="utf-8")
    asyncio.run(office._run([office.request(FREE, "tax_registration"), office.request(OWING)]))
    office.respond()
    answers = office.run()
    assert (len(answers[FREE].facts), answers[FREE].missing) == (1, {})
    assert answers[OWING].missing == {"employer_contributions": ("no_source", "")}


# --- what goes wrong --------------------------------------------------------------------------------------------------
def test_a_rejected_batch_is_told_and_the_refused_number_is_not_sent_again(office: Office) -> None:
    """The reason per supplier, and for the whole; the next batch holds the others alone, until the refusal is old."""
    office.run(FREE, OWING)
    office.respond("rejected")
    answers = office.run(FREE, OWING)
    told = reasons(answers)
    assert told[FREE][0] == "rejected_input"
    assert "20 Ogiltigt nummer" in told[FREE][1]
    assert told[OWING][0] == "source_down"
    assert "avvisades: Filen avvisas; 90 Filen avvisas i sin helhet" in told[OWING][1]
    assert office.tickets == {}
    assert reasons(office.run(FREE, OWING)) == {FREE: told[FREE]}
    (ticket,) = office.tickets.values()
    assert len(ticket.supplier_ids) == 1
    office.later(LATE_DAYS + 1)
    office.tickets.clear()
    office.run(FREE)
    assert any(len(item.supplier_ids) == 1 for item in office.tickets.values())
    assert office.state == {}


def test_an_answer_that_does_not_come_is_told_when_its_time_has_passed(office: Office) -> None:
    """Down, with what was asked when; then asked anew, unless the late answer has come."""
    office.run(FREE)
    office.respond("missing")
    office.later(10)
    assert office.run(FREE) == {}
    office.later(1)
    reason, why = reasons(office.run(FREE))[FREE]
    assert reason == "source_down"
    assert "inget svar på SJVK-261102-001 från 2026-11-02, väntat senast 2026-11-12" in why
    assert office.tickets == {}


def test_a_late_answer_is_used_in_place_of_a_new_question(office: Office) -> None:
    """While it is as good as a new one; an old one is not."""
    office.run(FREE)
    office.later(11)
    assert reasons(office.run(FREE))[FREE][0] == "source_down"
    office.respond()
    office.later(2)
    assert debt(office.run(FREE)[FREE]).provenance.as_of == date(2026, 11, 13)
    assert office.tickets == {}
    office.later(LATE_DAYS)
    assert office.run(FREE) == {}
    assert len(office.tickets) == 1


def test_who_has_no_row_is_unknown(office: Office) -> None:
    """Fewer rows than asked: told as partial, with how many were answered; never clean."""
    office.run(FREE, OWING)
    office.respond("short")
    answers = office.run()
    assert debt(answers[FREE]).public_debt_sek == 0
    assert reasons(answers)[OWING] == (
        "partial",
        "SJVK-261102-001.UTFIL har ingen rad om leverantören (1 av 2 besvarade)",
    )
    assert office.tickets == {}


def no_row_means_none(office: Office) -> None:
    """A layout where only those that owe something have rows."""
    path = office.home / KFM
    text = path.read_text(encoding="utf-8").replace('no_row   = "unknown"', 'no_row = "none"')
    start = text.index("[[answer]]                          # one for every")
    path.write_text(text[:start] + text[text.index('[[answer]]\nrecord = "01"') :], encoding="utf-8")


def test_no_row_is_no_debt_only_where_the_layout_says_so_and_everybody_was_answered(office: Office) -> None:
    """The end record says how many were; one fewer, and nobody without a row is known to owe nothing."""
    no_row_means_none(office)
    office.run(FREE, OWING)
    office.respond()
    answers = office.run()
    assert [debt(answers[number]).public_debt_sek for number in (FREE, OWING)] == [0, 70001]
    assert json.loads(answers[FREE].raw)["rows"] == []
    office.later(1)
    office.run(FREE, OWING)
    office.respond("short")
    answers = office.run()
    assert {reason for reason, _ in reasons(answers).values()} == {"partial"}
    assert set(answers) == {FREE, OWING}


def test_a_damaged_answer_is_not_believed_and_a_whole_one_may_follow(office: Office) -> None:
    """Told at once, and still waited for; never asked anew meanwhile."""
    office.run(FREE, OWING)
    office.respond("damaged")
    told = reasons(office.run(FREE, OWING))
    assert set(told) == {FREE, OWING}
    assert all(reason == "partial" and "är inte hel" in why for reason, why in told.values())
    assert (office.sent(), len(office.tickets)) == ([], 1)
    office.later(11)
    reason, why = reasons(office.run())[FREE]
    assert reason == "source_down"
    assert "är inte hel" in why


def test_a_whole_answer_after_a_damaged_one_counts(office: Office) -> None:
    """Each file is judged by itself."""
    office.run(FREE)
    office.respond("damaged")
    cut = office.came("*.UTFIL")
    ref = cut.name.removesuffix(".UTFIL")
    (office.outbox / f"{ref}.UTDRAG").write_bytes(_again(office, ref))
    cut.rename(cut.with_name(cut.name + ".0"))
    office.respond()
    assert debt(office.run()[FREE]).public_debt_sek == 0


def _again(office: Office, ref: str) -> bytes:
    """The batch as it was handed in."""
    loaded = layout.load(office.home / KFM, kronofogden_fil.ADAPTER.gives)
    out = outgoing.Outgoing(office.outbox, loaded, "SJVK", str)
    return out.content(ref, office.at.date(), [office.request(FREE).identity])


def test_the_same_answer_twice_is_one_and_two_that_differ_are_none(office: Office) -> None:
    """Also when one has been moved away to the folder for what is done."""
    office.run(FREE)
    office.respond("twice")
    first = next(office.inbox.glob("*.UTFIL"))
    (office.inbox / received.DONE).mkdir()
    first.rename(office.inbox / received.DONE / first.name)
    assert debt(office.run()[FREE]).public_debt_sek == 0
    office.later(1)
    office.run(OWING)
    office.respond("twice")
    second = office.came("SJVK-261103-001.UTFIL.1")
    second.write_bytes(second.read_bytes().replace(b"500  ", b"900  "))
    assert reasons(office.run())[OWING][0] == "doubtful"
    assert office.tickets == {}


def test_rows_about_others_are_not_read_and_told(office: Office) -> None:
    """The evidence says how many there were."""
    office.run(OWING)
    office.respond("stranger")
    answers = office.run()
    assert set(answers) == {OWING}
    assert "1 nummer som inte frågades" in debt(answers[OWING]).provenance.request_ref
    assert STRANGER[2:] not in answers[OWING].raw.decode()


def test_files_are_left_as_they_came(office: Office) -> None:
    """Nothing is moved, changed or deleted by reading; reading again says the same."""
    office.run(OWING)
    office.respond()
    before = {path.name: path.read_bytes() for path in office.inbox.iterdir()}
    tickets = dict(office.tickets)
    first = office.run()
    office.tickets = tickets  # killed before the store took the answer
    assert office.run()[OWING].facts == first[OWING].facts
    assert {path.name: path.read_bytes() for path in office.inbox.iterdir()} == before


# --- killed -----------------------------------------------------------------------------------------------------------
class Killed(Exception):  # noqa: N818 - what happened
    """The process ended here."""


@contextmanager
def killed_at(monkeypatch: pytest.MonkeyPatch, what: str, call: int) -> Iterator[None]:
    """Ends the process at the Nth time that a file is put in place."""
    real, calls = Path.replace, 0

    def replaced(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls == call and what == "before":
            raise Killed
        found = real(self, target)
        if calls == call:
            raise Killed
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replaced)
        with pytest.raises(Killed):
            yield


@pytest.mark.parametrize(
    ("what", "call", "handed_in"), [("before", 1, 0), ("after", 1, 0), ("before", 2, 0), ("after", 2, 1)]
)
def test_a_crash_while_handing_in_never_hands_in_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch, what: str, call: int, handed_in: int
) -> None:
    """Before or after the note, before or after the move: the next run finds what was begun, whether it was fetched or not."""
    with killed_at(monkeypatch, what, call):
        office.run(FREE, OWING)
    assert len(office.sent()) == handed_in
    if handed_in:
        (office.outbox / office.sent()[0]).rename(office.home / "fetched by the mailbox")
    office.run(FREE, OWING)
    assert len(office.sent()) == 1 - handed_in
    assert len(office.tickets) == 1
    assert not list((office.outbox / outgoing.BESIDE).glob("*.tmp"))
    office.run(FREE, OWING)
    assert len(office.sent()) == 1 - handed_in


def test_a_ticket_that_the_store_never_took_is_found_again(office: Office) -> None:
    """And answered at once when the answer has come meanwhile; then it is done, and the next question is a new one."""
    office.forget_tickets = True
    office.run(FREE, OWING)
    office.run(FREE)
    assert len(office.sent()) == 1
    office.respond()
    answers = office.run(FREE)
    assert {number for number, item in answers.items() if item.facts} == {FREE, OWING}
    office.forget_tickets = False
    assert office.run(FREE) == {}
    assert len(office.sent()) == 1


def test_a_note_that_is_gone_or_damaged_is_told(office: Office) -> None:
    """Without it nobody knows whom the answer is about: asked anew; a damaged one stops the source."""
    office.run(FREE)
    (note,) = (office.outbox / outgoing.BESIDE).glob("*.json")
    text = note.read_text(encoding="utf-8")
    note.unlink()
    assert reasons(office.run())[FREE][0] == "source_down"
    assert office.tickets == {}
    note.write_text(text[:40], encoding="utf-8")
    with pytest.raises(SourceUnavailable, match="är skadad"):
        office.run(FREE)


def test_another_run_that_is_handing_in_is_waited_for_and_then_told(office: Office) -> None:
    """Two runs at once never take each other's batches for lost."""
    office.run(FREE)

    async def impatient() -> None:
        async with office.desk().session() as session:
            source: Any = office.adapter.open(session)
            hurried = replace(source, outgoing=replace(source.outgoing, wait_s=0.05))
            async for item in hurried.ask([], []):
                raise AssertionError(item)

    with (
        FileLock(office.outbox / outgoing.BESIDE / ".lock"),
        pytest.raises(SourceUnavailable, match="en annan körning"),
    ):
        asyncio.run(impatient())


def test_a_folder_that_cannot_be_used_stops_the_source(office: Office) -> None:
    """With which settings to look at."""
    office.outbox.write_text("a file", encoding="utf-8")
    with pytest.raises(SourceUnavailable, match="inbox och outbox"):
        office.run(FREE)


# --- whom not to send -------------------------------------------------------------------------------------------------
def test_the_senders_quota_is_kept_and_the_first_in_line_are_sent(office: Office) -> None:
    """Over all batches of the time; the others are told, and sent when there is room."""
    office.options = {"quota": 2, "quota_days": 5}
    told = reasons(office.run(FREE, OWING, OTHER))
    assert told == {OTHER: ("over_budget", "avsändarens kvot är 2 nummer på 5 dagar")}
    assert set(reasons(office.run(OTHER))) == {OTHER}
    office.later(5)
    assert reasons(office.run(OTHER)) == {}
    assert len(office.tickets) == 2


def test_batches_of_one_day_have_names_of_their_own(office: Office) -> None:
    """Also when a note is gone and its batch still lies in the outbox."""
    office.run(FREE)
    next((office.outbox / outgoing.BESIDE).glob("*.json")).unlink()
    office.tickets.clear()
    office.run(OWING)
    office.run(OWING, OTHER)
    assert office.sent() == [f"SJVK-261102-{n:03}.UTDRAG" for n in (1, 2, 3)]


# --- what came is not what it should be -------------------------------------------------------------------------------
def changed(office: Office, old: bytes, new: bytes, number: str = OWING) -> tuple[str, str]:
    """What a run says of an answer with a change in it."""
    office.run(number)
    office.respond()
    path = office.came("*.UTFIL")
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    return reasons(office.run())[number]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"00SJVK-261102-001", b"00SJVK-261102-002", "hör till en annan fråga"),
        (b"20261102\r\n", b"20261103\r\n", "är daterad 2026-11-03"),
        (b"20261102\r\n", b"00000000\r\n", "ingen dag"),
        (b"20261102\r\n", b"20261399\r\n", "datum som inte kan läsas"),
        (b"\r\n01", b"\r\n77", "posttypen '77'"),
        (b"\r\n01", b"\r\n00", "inte hel"),
        (b"10165599999025", b"10165599999026", "nummer som inte kan läsas"),
        (b"10165599999025", b"10            ", "saknar number"),
        (b"10165599999025" + b"1", b"10165599999025" + b"7", "statuskoden '7'"),
        (b"\r\n996", b"\r\n995", "slutposten säger 5"),
        (b"\r\n996", b"\r\n99x", "kan inte läsas"),
        (b"10001", b"-1000", "belopp som inte kan läsas"),
        (b"10001", b"1000x", "belopp som inte kan läsas"),
        (b"20261020", b"2026102x", "datum som inte kan läsas"),
        (b"111655999990252    ", b"11165599999025x    ", "antal mål"),
    ],
)
def test_an_answer_with_something_that_is_not_understood_is_not_believed(
    office: Office, old: bytes, new: bytes, why: str
) -> None:
    """Nothing of it: one wrong row may mean that others are wrong, too."""
    reason, said = changed(office, old, new)
    assert reason == "partial"
    assert why in said


def test_counts_of_the_answered_must_agree(office: Office) -> None:
    """An end record that says other numbers than the rows do."""
    reason, said = changed(office, b"996        1", b"996        5")
    assert (reason, "svar om 1 nummer, men slutposten säger 5" in said) == ("partial", True)


def test_rows_without_the_record_that_says_answered_are_not_enough(office: Office) -> None:
    """A private claim alone must not say that there is no public one."""
    office.run(OWING)
    office.respond()
    path = office.came("*.UTFIL")
    lines = [line for line in path.read_bytes().split(b"\r\n") if line[:2] not in (b"10", b"01", b"12")]
    lines[-2] = b"991        0      "
    path.write_bytes(b"\r\n".join(lines))
    assert "ingen post som säger att den är besvarad" in reasons(office.run())[OWING][1]


def test_a_status_need_not_be_told(office: Office) -> None:
    """Where a layout has none, the record itself says that the number was answered."""
    path = office.home / KFM
    text = path.read_text(encoding="utf-8").replace(", status = { at = 15, width = 1 }", "")
    path.write_text(text, encoding="utf-8")
    office.run(FREE)
    office.respond()
    assert debt(office.run()[FREE]).public_debt_sek == 0


def test_protected_numbers_are_told_as_such(office: Office) -> None:
    """Handled by hand."""
    assert changed(office, b"10165599999025" + b"1", b"10165599999025" + b"3")[0] == "redacted"


def test_records_that_are_not_read_are_let_go(office: Office) -> None:
    """The layout names them; they count as rows."""
    office.run(OTHER)
    office.respond()
    path = office.came("*.UTFIL")
    path.write_bytes(path.read_bytes().replace(b"\r\n01", b"\r\n02whatever\r\n01").replace(b"\r\n992", b"\r\n993"))
    assert debt(office.run()[OTHER]).public_debt_sek == 900


def test_other_files_and_bytes_are_told(office: Office) -> None:
    """Too large, a folder, not text, a receipt that says nothing: nothing is believed, and the answer is still waited for."""
    office.run(FREE)
    office.respond("missing")
    receipt = office.came("*KVITTO")
    receipt.write_bytes(b"00??\r\n")
    assert "varken godtagen eller avvisad" in reasons(office.run())[FREE][1]
    ref = next(iter(office.tickets))
    (office.inbox / f"{ref}.UTFIL").mkdir()
    assert "kan inte öppnas" in reasons(office.run())[FREE][1]
    with (office.inbox / f"{ref}.FEL").open("wb") as file:
        file.truncate(received.MAX_BYTES + 1)  # a hole: takes no room on the disk
    assert "är större än" in reasons(office.run())[FREE][1]


def test_bytes_that_are_not_text_are_told(office: Office) -> None:
    """In an encoding that has bytes which are nothing."""
    path = office.home / KFM
    path.write_text(path.read_text(encoding="utf-8").replace('"iso-8859-1"', '"utf-8"'), encoding="utf-8")
    reason, said = changed(office, b"01", b"\xff1")
    assert (reason, "är inte text i utf-8" in said) == ("partial", True)


def test_an_error_file_without_a_receipt_and_without_words(office: Office) -> None:
    """About the whole batch, no reason given."""
    office.run(FREE)
    ref = next(iter(office.tickets))
    office.inbox.mkdir()
    (office.inbox / f"{ref}.FEL").write_bytes(b"91ignored\r\n90000000000000\r\n")
    assert reasons(office.run())[FREE] == ("source_down", f"{ref} avvisades: utan angivet skäl")


def test_a_number_refused_in_an_answered_batch_is_told(office: Office) -> None:
    """The others have their answers."""
    office.run(FREE, OWING)
    office.respond("short")
    ref = next(iter(office.tickets))
    (office.inbox / f"{ref}.FEL").write_bytes(f"9016{OWING}20 Ogiltigt\r\n".encode())
    answers = office.run()
    assert debt(answers[FREE]).public_debt_sek == 0
    assert reasons(answers)[OWING] == ("rejected_input", f"{ref}: numret avvisades (20 Ogiltigt)")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("REG;16" + OWING + ";9", "REG;16" + OWING + ";7", "partial"),
        (";202608;", ";2026xx;", "partial"),
        ("REG;", "REG;16" + OWING + ";1;;;1;;;1;;\r\nREG;", "partial"),
    ],
)
def test_registrations_that_are_not_understood(office: Office, old: str, new: str, reason: str) -> None:
    """An unknown code or month spoils the file; two rows that contradict each other, that supplier's answer."""
    office.adapter, office.layout = skatteverket_etransport.ADAPTER, SKV
    office.run(OWING)
    office.respond()
    path = office.came("*SvarsFil")
    text = path.read_text(encoding="iso-8859-1").replace(old, new, 1)
    count = len(text.splitlines()) - 2
    text = text[: text.rindex("SLUT")] + f"SLUT;{count};1\r\n"
    path.write_text(text, encoding="iso-8859-1", newline="")
    assert office.run()[OWING].missing["tax_registration"][0] == reason


def test_an_answer_without_registrations_is_partial(office: Office) -> None:
    """Neither a row, nor a row with nothing in it, says anything."""
    office.adapter, office.layout = skatteverket_etransport.ADAPTER, SKV
    for row in ("", f"REG;16{FREE};;;;;;;;;\r\n"):
        office.later(1)
        office.run(FREE)
        office.respond()
        path = office.came(f"*{office.at:%y%m%d}*SvarsFil")
        lines = path.read_text(encoding="iso-8859-1").splitlines()
        kept = [line for line in lines if not line.startswith(("REG", "SLUT"))]
        end = f"SLUT;{len(kept) - 1 + bool(row)};1\r\n"
        path.write_text("\r\n".join([*kept, ""]) + row + end, encoding="iso-8859-1", newline="")
        assert "ingen uppgift om registreringar" in office.run()[FREE].missing["tax_registration"][1]


def test_amounts_may_be_in_ore(office: Office) -> None:
    """As the layout says."""
    path = office.home / KFM
    path.write_text(path.read_text(encoding="utf-8").replace('"kronor"', '"ore"'), encoding="utf-8")
    office.run(OTHER)
    office.respond()
    assert debt(office.run()[OTHER]).public_debt_sek == Decimal(900)


def test_fields_that_must_say_something(office: Office) -> None:
    """An answer file of one line, and columns that are not there."""
    office.adapter, office.layout = skatteverket_etransport.ADAPTER, SKV
    office.run(FREE)
    ref = next(iter(office.tickets))
    office.inbox.mkdir()
    path = office.inbox / f"{ref}.SvarsFil.txt"
    for text, why in (
        (f"START;{ref};20261102", "är inte hel"),
        (f"START;{ref};20261102\r\nSVAR\r\nSLUT;1;1", "saknar number"),
        (f"START;{ref};20261102\r\nAGI;16{FREE};202610\r\nSLUT;1;0", "saknar amount"),
        (f"START;{ref};20261102\r\nSLUT;0;x", "kan inte läsas"),
    ):
        path.write_text(text, encoding="iso-8859-1")
        assert why in reasons(office.run())[FREE][1]


# --- settings ---------------------------------------------------------------------------------------------------------
def test_without_folders_or_with_an_odd_sender_nothing_is_opened(bench: Any, office: Office) -> None:
    """It says what was expected."""
    with pytest.raises(ConfigError, match="expected two folders"):
        bench.stubbed(kronofogden_fil.ADAPTER, options={"layout": KFM, "sender": "A"}).ask()
    office.options = {"sender": "../SJVK"}
    with pytest.raises(ConfigError, match=r"options\.sender"):
        office.run(FREE)


def test_a_number_that_does_not_fit_is_a_fault_of_the_layout(office: Office) -> None:
    """Nothing is cut off silently."""
    path = office.home / KFM
    path.write_text(
        path.read_text(encoding="utf-8").replace('width = 12, write = "number12"', 'width = 9, write = "number12"'),
        encoding="utf-8",
    )
    with pytest.raises(ConfigError, match="does not fit in 9 signs"):
        office.run(FREE)
    assert office.sent() == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title ", "titel ", "title"),
        ('gives    = ["enforcement_debt"]', 'gives = ["tax_registration"]', "expected some of enforcement_debt"),
        ('"iso-8859-1"', '"iso-8859-99"', "no such encoding"),
        ('request = "{ref}.UTDRAG"', 'request = "ALLA.UTDRAG"', "file name with"),
        ('means  = "start"', 'means  = "other"', r"fields\.day is not known"),
        (
            "fields = { rows = { at = 3, width = 9 }, subjects = { at = 12, width = 7 } }",
            "",
            r"fields\.rows is missing",
        ),
        ('record = "02"\nmeans  = "other"', 'record = "01"\nmeans  = "other"', "two meanings"),
        (
            'record = "02"\nmeans  = "other"',
            'record = "02"\nmeans  = "end"\nfields = { rows = { at = 1, width = 2 } }',
            "one record that means end",
        ),
        ("each   = true", "each   = false", "each = true"),
        ("amount = { at = 26, width = 11 }", "amount = { at = 26 }", "no width"),
        ('no_row   = "unknown"', 'no_row = "none"\n[x]', "x"),
        ('record = "10"\nmeans  = "subject"', 'record = "10"\nmeans  = "registration"', "fields.status is not known"),
    ],
)
def test_a_layout_is_verified_when_it_is_loaded(office: Office, old: str, new: str, said: str) -> None:
    """The file, the key and what was expected."""
    path = office.home / KFM
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        office.run(FREE)


def test_no_row_as_an_answer_needs_a_count_of_the_answered(office: Office) -> None:
    """Else a file that was cut in the middle and closed again would make people clean."""
    no_row_means_none(office)
    path = office.home / KFM
    text = path.read_text(encoding="utf-8").replace(", subjects = { at = 12, width = 7 }", "")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"fields\.subjects"):
        office.run(FREE)


def test_a_layout_that_is_not_there_is_told(office: Office) -> None:
    """With its name."""
    office.layout = "connectors/layouts/finns_inte.toml"
    with pytest.raises(ConfigError, match=r"finns_inte\.toml"):
        office.run(FREE)


def test_every_fault_of_the_stub_is_one_that_it_acts_out(office: Office) -> None:
    """Those of row 25 of the catalogue, and two more."""
    assert set(FAULTS) == {"rejected", "missing", "short", "damaged", "stranger", "twice"}
