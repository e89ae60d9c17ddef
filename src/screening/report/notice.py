"""What makes a row urgent or new, in words: a new supplier, a contract that soon ends, and what is overdue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from screening.decisions import late_reply, unhandled
from screening.model import Contract, DocumentRequest, Finding
from screening.report import texts
from screening.report.desk import Case, Desk
from screening.report.workdays import deadline
from screening.rules.evidence import current

SOON_DAYS = 90
"""A contract that ends, or whose option is to be decided on, within so many days is one that can be acted on."""


def of_flag(desk: Desk, case: Case, finding: Finding, contracts: Iterable[Contract]) -> list[str]:
    """The notices of one row of *Flaggor*, one a line."""
    found = of_supplier(desk, case)
    found += [line for contract in contracts for line in soon(desk, contract)]
    decision = desk.decisions.get(finding.finding_id)
    if unhandled(finding, decision, deadline(finding, desk.run), desk.today):
        found.append(_word(desk, "overdue"))
    if late_reply(finding, decision, desk.today):
        found.append(_word(desk, "reply_overdue"))
    if finding.handled in ("expired", "outgrown", "not_done"):
        found.append(_word(desk, finding.handled))
    return [*found, *_answered(desk, case, finding)]


def _answered(desk: Desk, case: Case, finding: Finding) -> Iterator[str]:
    """When the supplier's explanation of the flag came in."""
    for kind, rows in case.dossier.facts.items():
        for row in current(rows) if kind.partition("@")[0] == DocumentRequest.kind else ():
            if (
                isinstance(row, DocumentRequest)
                and row.scope_key == f"explanation/{finding.finding_id}"
                and row.received_on is not None
            ):
                yield desk.say(
                    f"Leverantören förklarade sig {row.received_on} (begärt {row.requested_on})",
                    f"The supplier explained on {row.received_on} (asked on {row.requested_on})",
                )


def of_supplier(desk: Desk, case: Case) -> list[str]:
    """Whether it was not there last time; of a first run nobody can say."""
    return [_word(desk, "new_supplier")] if case.supplier.id in desk.newcomers else []


def of_contracts(desk: Desk, case: Case) -> list[str]:
    """The contracts of a flagged supplier that can be acted on soon."""
    return [line for contract in case.dossier.contracts for line in soon(desk, contract)] if case.flags else []


def late_document(desk: Desk, reply_by: object) -> str:
    """The notice of a row of *Ej bedömbara* whose last day to reply (ISO, or nothing) has passed."""
    return _word(desk, "reply_overdue") if reply_by and str(reply_by) < desk.today.isoformat() else ""


def soon(desk: Desk, contract: Contract) -> Iterator[str]:
    """What happens to a contract within ``SOON_DAYS``: it ends, or an option is to be decided on."""
    ends, option, word = contract.ends_on, contract.option_until_on, _word(desk, "contract")
    if ends is not None and _within(desk.today, ends):
        if option is not None and option > ends:
            yield desk.say(
                f"{word} {contract.id}: option att besluta före {ends}",
                f"{word} {contract.id}: option due before {ends}",
            )
        else:
            yield desk.say(f"{word} {contract.id} slutar {ends}", f"{word} {contract.id} ends {ends}")
    elif ends is None and option is not None and _within(desk.today, option):
        yield desk.say(
            f"{word} {contract.id}: sista optionsdag {option}", f"{word} {contract.id}: last option {option}"
        )


def _within(today: date, day: date) -> bool:
    return today <= day <= today + timedelta(days=SOON_DAYS)


def _word(desk: Desk, code: str) -> str:
    return texts.word(texts.NOTICE, code, desk.language)
