"""What holds for every source in connectors/, whichever it is."""

from __future__ import annotations

import logging
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from screening.connectors import Connector, load_sources
from screening.errors import SourceUnavailable
from screening.model import REASONS
from screening.stub.world import Fault

SOURCES = load_sources(Path(__file__).parents[2] / "connectors")
WEB = [name for name, source in SOURCES.items() if source.adapter.stub_path]
BREAKING = ("down", "error", "html", "truncated", "unauthorized", "forbidden", "throttled", "partial", "slow", "drop")
KNOWN, UNKNOWN, OWING = "5599999017", "5599999009", "5599999025"

Bench = Any  # the class stands in conftest.py, which a test cannot import


def world(bench: Bench) -> list[dict[str, Any]]:
    full = {
        "registered_on": "2019-04-01",
        "address": {"street": "Storgatan 1", "postcode": "11122", "city": "Stockholm"},
        "sni": [["43120", "Mark- och grundarbeten"]],
        "f_tax": {"from_on": "2019-04-01"},
        "vat": {"from_on": "2019-04-01"},
        "officers": [{"person": "anna", "role": "LE", "from_on": "2019-04-01"}],
        "signatory": "Firman tecknas av styrelsen",
        "owners": {"state": "registered", "rows": [{"person": "anna", "share_from": "0.25", "share_to": "0.5"}]},
        "accounts": {"period_to_on": "2025-12-31", "turnover_sek": 18400000, "employees": 11},
        "credit": {"score": 62, "limit_sek": 900000},
        "tax_account": {"ombud": True, "balance_sek": -100, "at_enforcement_sek": 0},
    }
    return [
        {"number": KNOWN, "name": "Exempel Mark AB", **full},
        {"number": OWING, "name": "Exempel Bygg AB", **full, "debts": {"public_sek": 70000, "public_cases": 3}},
        {"number": bench.person, "name": "Exempels Firma", "form": "E", **full},
    ]


def desk(bench: Bench, connector: Connector, **more: Any) -> Any:
    people = [{"id": "anna", "number": bench.person, "first_name": "Anna", "last_name": "Exempel"}]
    table = connector.table
    return bench.stubbed(
        connector.adapter,
        *world(bench),
        people=people,
        options=table.options,
        limits=connector.limits,
        price_sek=table.price_sek,
        concurrent=table.limits.concurrent,
        **more,
    )


def requests(bench: Bench, connector: Connector) -> list[Any]:
    kinds = sorted(connector.adapter.gives)
    asked = (bench.request(number, *kinds, legal_form="AB") for number in (KNOWN, UNKNOWN, OWING, bench.person))
    return [replace(request, first=request.kinds) for request in asked]


def test_there_are_sources() -> None:
    """The folder is read, and what the tests below go over is not empty."""
    assert len(WEB) >= 3


@pytest.mark.parametrize("name", WEB)
def test_every_wanted_kind_is_a_fact_or_has_a_reason(bench: Bench, name: str) -> None:
    """One answer per supplier; no kind is left out silently, none is both, and provenance is whole."""
    connector = SOURCES[name]
    asked = requests(bench, connector)
    answers = desk(bench, connector).ask(*asked)
    assert sorted(answer.supplier_id for answer in answers) == sorted(request.supplier_id for request in asked)
    for answer in answers:
        given = {fact.kind for fact in answer.facts}
        assert given | set(answer.missing) == connector.adapter.gives
        assert not given & set(answer.missing)
        assert {reason for reason, _ in answer.missing.values()} <= set(REASONS) - {"not_needed"}
        for fact in answer.facts:
            provenance = fact.provenance
            assert provenance.source == "test"
            assert provenance.origin is connector.adapter.origin
            assert provenance.simulated
            assert provenance.as_of <= bench.day
            assert provenance.fetched_at.tzinfo is not None
            assert provenance.historic == (provenance.historic and provenance.as_of < bench.day)
            assert provenance.raw_sha256 == sha256(answer.raw).hexdigest()
            assert answer.raw
    assert any(answer.facts for answer in answers)


@pytest.mark.parametrize("name", WEB)
def test_no_personal_number_in_an_address_a_log_or_what_is_kept(
    bench: Bench, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither the supplier's own nor those of the people behind it, in any spelling, whatever is logged."""
    caplog.set_level(logging.DEBUG)
    connector = SOURCES[name]
    one = desk(bench, connector)
    answers = one.ask(*requests(bench, connector))
    kept = [answer.raw.decode("utf-8") for answer in answers] + [repr(answers), repr(one.state), caplog.text]
    told = [str(request.url) for request in one.sent]
    digits = bench.person[2:]
    for spelling in (digits, f"{digits[:6]}-{digits[6:]}"):
        assert not any(spelling in text for text in [*kept, *told])


@pytest.mark.parametrize("fault", BREAKING)
@pytest.mark.parametrize("name", WEB)
def test_a_source_in_trouble_makes_nobody_clean(bench: Bench, name: str, fault: str) -> None:
    """Whatever goes wrong: facts as a well source gives them, a field less where a part failed, or none with a reason."""
    connector = SOURCES[name]
    asked = requests(bench, connector)
    well = {answer.supplier_id: answer for answer in desk(bench, connector).ask(*asked)}
    trouble = Fault(source=connector.table.adapter, kind=fault, seconds=3600)
    sick = desk(bench, connector, faults=[trouble])
    try:
        answers = sick.ask(*asked)
    except SourceUnavailable:
        answers = getattr(sick, "got", [])
    for answer in answers:
        expected = {fact.kind: fact for fact in well[answer.supplier_id].facts}
        for fact in answer.facts:
            well_known = _content(expected[fact.kind])
            for field, value in _content(fact).items():
                assert value is None or value == well_known[field]
        assert {fact.kind for fact in answer.facts} | set(answer.missing) == connector.adapter.gives


def _content(fact: Any) -> dict[str, Any]:
    """A fact without its provenance; a list of failed sections is about the answer, too."""
    skipped = {"provenance", "failed_sections"}
    return {name: getattr(fact, name) for name in fact.__dataclass_fields__ if name not in skipped}


@pytest.mark.parametrize("name", WEB)
def test_a_passing_fault_is_got_over(bench: Bench, name: str) -> None:
    """A source that is down for two calls answers in the end, unless each call costs money."""
    connector = SOURCES[name]
    if connector.table.price_sek > 0:
        pytest.skip("a paid call is not repeated by itself")
    trouble = Fault(source=connector.table.adapter, kind="down", first=2)
    answers = desk(bench, connector, faults=[trouble]).ask(*requests(bench, connector))
    assert any(answer.facts for answer in answers)
    assert not any(reason == "source_down" for answer in answers for reason, _ in answer.missing.values())


@pytest.mark.parametrize("name", WEB)
def test_the_declared_limits_keep_inside_the_providers(bench: Bench, name: str) -> None:
    """Asked in bulk at the connector's own rate, no provider ever has to refuse a call."""
    connector = SOURCES[name]
    one = desk(bench, connector, imitate_limits=True)
    one.ask(*requests(bench, connector) * 10)
    assert 429 not in {call.status for call in one.ledger}
