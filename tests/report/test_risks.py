from typing import Any

import pytest

from screening.config import Report, Strict, validate
from screening.errors import ConfigError
from screening.report.risks import COLUMNS, risk_layout


def test_the_columns_are_those_that_the_buyers_register_takes(month: Any) -> None:
    """Their names, order and number come from the settings."""
    columns = {
        "Rubrik": "risk",
        "Nämnd": "unit",
        "Antal": "suppliers",
        "Klart": "due",
        "Nyckel": "id",
        "S": "likelihood",
    }
    report = Report.model_validate({"risk_columns": columns})
    month.config = month.config.model_copy(update={"report": report})
    month.build()
    header, rows = month.store.sheet(month.run.id, "Riskregister")
    assert header == list(columns)
    found = {row[4]: row for row in rows}
    assert found["SKA-06/IT"][:4] == ["F-skatt saknas eller återkallad", "IT", 1, "2026-12-07"]
    layout = risk_layout(report)
    assert layout.unit == "Nämnd"
    assert layout.column("S").choices == ("1 osannolik", "2 mindre sannolik", "3 möjlig", "4 sannolik")
    assert layout.column("Klart").kind == "date"


def test_every_field_has_a_value_or_is_filled_in(month: Any) -> None:
    """Nothing that a register asks for is silently empty."""
    report = Report.model_validate({"risk_columns": {column.name: what for what, column in COLUMNS.items()}})
    month.config = month.config.model_copy(update={"report": report})
    month.build()
    header, rows = month.store.sheet(month.run.id, "Riskregister")
    filled = {column.name for column in risk_layout(report).columns if column.fill}
    row = dict(zip(header, next(iter(rows)), strict=True))
    assert {name for name, value in row.items() if value in (None, "")} <= filled | {"Slutdatum"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"risk_columns": {"Risk": "risker"}}, "report.risk_columns.Risk"),
        ({"risk_columns": {"Risk": "risk", "RISK": "id"}}, "differ by more than case"),
        ({"risk_columns": {" ": "risk"}}, "none empty"),
        ({"risk_columns": {}}, "at least 1"),
        ({"risk_likelihood": ["1, låg"]}, "without commas"),
        ({"risk_consequence": ["x" * 300]}, "at most 255"),
    ],
)
def test_columns_that_excel_or_the_program_cannot_take_are_refused(settings: dict[str, Any], said: str) -> None:
    """When the settings are read, with the key."""
    with pytest.raises(ConfigError, match=said):
        validate("screening.toml", {"report": settings}, _Only)


class _Only(Strict):
    report: Report
