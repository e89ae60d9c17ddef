from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from screening.config import Config, parse_toml
from screening.errors import ConfigError
from screening.model import Contract, Spend, Supplier
from screening.rules import Profiles, Rule, kinds_needed

MILLION = Decimal(1_000_000)


@pytest.mark.parametrize(
    ("match", "contract", "spend", "form", "holds"),
    [
        ({}, Contract(id="A"), Spend(), None, True),
        ({"service": ["Hemtjänst"]}, Contract(id="A", service=" hemtjänst "), Spend(), None, True),
        ({"service": ["skola"]}, Contract(id="A", service="hemtjänst"), Spend(), None, False),
        ({"unit": ["Omsorg"]}, Contract(id="A", unit="omsorgsförv."), Spend(), None, True),
        ({"unit": ["Omsorg"]}, Contract(id="A", unit="Skola"), Spend(), None, False),
        ({"role": ["sub"]}, Contract(id="A", role="sub"), Spend(), None, True),
        ({"role": ["sub"]}, Contract(id="A"), Spend(), None, False),
        ({"legal_form": ["HB", "KB"]}, Contract(id="A"), Spend(), "KB", True),
        ({"legal_form": ["HB"]}, Contract(id="A"), Spend(), None, False),
        ({"legal_form": ["organisation"]}, Contract(id="A"), Spend(), None, True),
        ({"min_value_sek": MILLION}, Contract(id="A", value_sek=MILLION), Spend(), None, True),
        ({"min_value_sek": MILLION}, Contract(id="A", value_sek=MILLION - 1), Spend(), None, False),
        ({"min_value_sek": MILLION}, Contract(id="A"), Spend(), None, False),
        ({"min_spend_sek": MILLION}, Contract(id="A"), Spend(last_12_months_sek=MILLION), None, True),
        ({"min_spend_sek": MILLION}, Contract(id="A"), Spend(last_12_months_sek=MILLION - 1), None, False),
        ({"service": ["it"], "min_value_sek": 5}, Contract(id="A", service="it", value_sek=Decimal(4)), Spend(), None, False),
    ],
)  # fmt: skip
def test_every_key_of_a_match_must_hold(
    rules: Mapping[str, Rule], make: Any, match: Any, contract: Contract, spend: Spend, form: str | None, holds: bool
) -> None:
    """A list holds when one of its words does; a limit from its value; what is not known does not hold."""
    units = [{"name": "Omsorg", "match": ["Omsorgsförv."]}]
    profiles = Profiles(make.config({"rules": ["SKA-01"], "match": match}, unit=units), rules)
    found = profiles.expected(make.supplier(), (contract,), spend, form, make.today)
    if holds:
        assert [item.id for item, _profile in found.rules["SKA-01"].contracts] == ["A"]
    else:
        assert not any(item.contracts for item in found.rules.values())


def test_the_first_profile_that_matches_is_the_contracts(rules: Mapping[str, Rule], make: Any) -> None:
    """Order in screening.toml decides; the rules of a later match are not added."""
    config = make.config({"rules": ["SKA-01"], "match": {"service": ["hvb"]}}, {"rules": ["KRE-01"]})
    profiles = Profiles(config, rules)
    contracts = (Contract(id="A", service="hvb"), Contract(id="B", service="it"))
    found = profiles.expected(make.supplier(), contracts, Spend(), None, make.today).rules
    assert [item.id for item, _ in found["SKA-01"].contracts] == ["A"]
    assert [item.id for item, _ in found["KRE-01"].contracts] == ["B"]
    assert found["SKA-01"].profile.name == "p0"


def test_a_supplier_known_by_spend_alone_matches_by_spend_and_unit(rules: Mapping[str, Rule], make: Any) -> None:
    """What only a contract has cannot hold for it."""
    config = make.config(
        {"rules": ["KRE-01"], "match": {"service": ["it"]}},
        {"rules": ["SKA-06"], "match": {"unit": ["Skola"], "min_spend_sek": 100}},
    )
    profiles = Profiles(config, rules)
    spend = Spend(last_12_months_sek=Decimal(100), by_unit=(("skola", Decimal(100)),))
    found = profiles.expected(make.supplier(), (), spend, None, make.today).rules
    assert set(found) == {"SKA-06"}
    assert found["SKA-06"].contracts == ()
    less = Spend(last_12_months_sek=Decimal(99), by_unit=(("skola", Decimal(99)),))
    assert profiles.expected(make.supplier(), (), less, None, make.today).rules == {}


def test_contracts_that_match_nothing_leave_it_to_spend(rules: Mapping[str, Rule], make: Any) -> None:
    """A supplier with a contract outside every profile may still be expected for what is bought."""
    config = make.config(
        {"rules": ["KRE-01"], "match": {"role": ["sub"]}}, {"rules": ["SKA-06"], "match": {"min_spend_sek": 1}}
    )
    profiles = Profiles(config, rules)
    spend = Spend(last_12_months_sek=Decimal(5))
    found = profiles.expected(make.supplier(), (Contract(id="A"),), spend, None, make.today).rules
    assert [item.id for item, _ in found["SKA-06"].contracts] == ["A"]


def test_sub_suppliers_may_be_left_out(rules: Mapping[str, Rule], make: Any) -> None:
    """``include_sub_suppliers = false`` takes no notice of their contracts."""
    config = make.config({"rules": ["SKA-01"], "match": {"role": ["sub"]}}, population={"include_sub_suppliers": False})
    found = Profiles(config, rules).expected(
        make.supplier(), (Contract(id="A", role="sub"),), Spend(), None, make.today
    )
    assert found.rules == {}
    assert kinds_needed(found) == frozenset()


def test_optional_facts_may_be_left_out_of_what_is_needed(rules: Mapping[str, Rule], make: Any) -> None:
    """A plan can tell what must be asked from what would be good to know."""
    profiles = Profiles(make.config({"rules": ["SKA-01"]}), rules)
    found = profiles.expected(make.supplier(), (Contract(id="A"),), Spend(), None, make.today)
    assert kinds_needed(found, optional=False) == {"enforcement_debt"}
    assert kinds_needed(found) == {"enforcement_debt", "accounts", "payment_agreement"}


def test_profiles_are_verified_when_made(rules: Mapping[str, Rule], make: Any) -> None:
    """A profile with a misspelt rule expects nothing by mistake, so it is an error."""
    with pytest.raises(ConfigError, match="no rule SKA-1"):
        Profiles(make.config({"rules": ["SKA-1"]}), rules)


ROOT = Path(__file__).resolve().parents[2]
KINDS_OF_CONTRACT = {
    "hemtjänst": ("home_care", "contract"),
    "personlig assistans": ("lss_child", "statute"),
    "hvb": ("hvb", "statute"),
    "förskola": ("school", "statute"),
    "primärvård": (None, None),
    "föreningsbidrag": ("child_other", "contract"),
    "bygg och anläggning": (None, None),
    "städning": (None, None),
}


@pytest.mark.parametrize("file", ["screening.toml", "src/screening/template.toml"])
def test_every_kind_of_contract_has_a_profile(rules: Mapping[str, Rule], file: str) -> None:
    """The sample's workspace and the one that ``init`` makes: which law demands record checks, and by whom."""
    config = parse_toml(ROOT / file, Config)
    profiles = Profiles(config, rules)
    supplier = Supplier("S-1", "organisation", None, "Exempel AB")
    unit = "Samhällsbyggnadsförvaltningen"
    for service, law in KINDS_OF_CONTRACT.items():
        contract = Contract("A-1", service=service, unit=unit if service.startswith("bygg") else "")
        profile = profiles.profiles[profiles.place(contract, supplier, Spend(), "AB")]
        assert (profile.record_check, profile.record_check_by) == law, service
    sub = profiles.profiles[profiles.place(Contract("A-1", service="hemtjänst", role="sub"), supplier, Spend(), "AB")]
    assert sub.name == "underleverantör"
    assert profiles.profiles[profiles.place_of_spend(supplier, Spend(rows=1), "AB")].name == "standard"
