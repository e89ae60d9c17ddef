"""Every command as a user gives it: what it says, what it writes, and how it ends."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from screening.cli import run_command
from screening.workspace import open_workspace

Screening = Callable[..., tuple[int, str, str]]
DAY = ("--as-of", "2026-11-30")
HEAVY = ("pandas", "openpyxl", "xlsxwriter")


def imported(*arguments: str) -> set[str]:
    """Which heavy libraries a command line loads, in a process of its own."""
    code = (
        "import sys; from screening.cli import run_command; "
        f"code = run_command({list(arguments)!r}); print('loaded', *(m for m in {HEAVY!r} if m in sys.modules)); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_help_is_quick() -> None:
    """--help loads neither pandas nor openpyxl."""
    assert imported("--help") == set()


def test_a_check_loads_no_spreadsheets(lived: Path) -> None:
    """Nor does a check before a contract."""
    assert imported("--home", str(lived), "--quiet", "check", "559999-9991", *DAY) == set()


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    """The commands of the contract."""
    assert run_command(["--help"]) == 0
    said = capsys.readouterr().out
    for name in (
        "init",
        "plan",
        "run",
        "check",
        "report",
        "history",
        "explain",
        "rules",
        "connectors",
        "stub",
        "decisions",
        "purge",
    ):
        assert name in said


def test_no_command_shows_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    """And ends with 2."""
    assert run_command([]) == 2
    said = capsys.readouterr()
    assert "Usage" in said.out + said.err


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    """Named, without a traceback."""
    assert run_command(["run", "--perid", "2026-11"]) == 2
    assert "--perid" in capsys.readouterr().err


def test_outside_a_workspace_it_says_how_to_make_one(tmp_path: Path, screening: Screening) -> None:
    """Exit 2, and the command that helps."""
    code, _, said = screening(tmp_path, "rules", "list")
    assert code == 2
    assert "screening init" in said


def test_init_makes_a_workspace_that_runs(tmp_path: Path, screening: Screening) -> None:
    """Own settings, rules, connectors and a world for training; a second time it refuses."""
    folder = tmp_path / "minkommun"
    code, said, _ = screening(folder, "init", str(folder))
    assert code == 0
    assert "screening.toml" in said
    assert screening(folder, "rules", "check")[0] == 0
    code, _, said = screening(folder, "init", str(folder))
    assert code == 2
    assert "finns redan" in said


def test_plan_asks_nothing(workspace: Path, screening: Screening) -> None:
    """At least and at most, per source; nothing is stored as asked."""
    code, said, _ = screening(workspace, "plan", "--period", "2026-09")
    assert code == 0
    assert "Minst – högst" in said
    assert "Inget har frågats" in said
    code, said, _ = screening(workspace, "plan", "--period", "2026-09", "--json")
    plan = json.loads(said)
    assert code == 0
    assert plan["sources"]["bolagsverket_hvd"]["calls_at_least"] >= 120
    assert plan["sources"]["creditsafe"]["calls_at_least"] == 0
    assert plan["sek_at_most"] > 0


def test_run_json_is_the_manifest(lived: Path, screening: Screening) -> None:
    """And the exit code is in it."""
    code, said, _ = screening(lived, "run", "--period", "2026-11", *DAY, "--json")
    assert json.loads(said)["exit"] == code == 0


@pytest.mark.parametrize(("level", "code"), [("kritisk", 1), ("high", 1), ("låg", 1)])
def test_fail_on_ends_with_one(lived: Path, screening: Screening, level: str, code: int) -> None:
    """In either language."""
    assert screening(lived, "run", "--period", "2026-11", *DAY, "--fail-on", level)[0] == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "--period", "2026-13"),
        ("run", "--period", "november"),
        ("run", "--period", "2026-11", "--as-of", "2026-10-01"),
        ("run", "--fail-on", "mycket"),
        ("check", "5599999999"),
        ("check", "hej"),
        ("rules", "show", "XXX-99"),
        ("explain", "SKA-01-AAAAAAAA"),
        ("history", "5599990099"),
    ],
)
def test_wrong_arguments_end_with_two_and_a_sentence(
    lived: Path, screening: Screening, arguments: tuple[str, ...]
) -> None:
    """One line that says what is wrong and what was expected; no traceback."""
    code, _, said = screening(lived, *arguments)
    assert code == 2
    assert said.startswith("Fel: ")
    assert "Traceback" not in said


def test_check_gives_a_card(lived: Path, screening: Screening) -> None:
    """Severity, what was seen, sources and dates, what could not be checked."""
    code, said, _ = screening(lived, "check", "SE559996705501", *DAY, "--case", "KS-2026-117")
    assert code == 0
    assert "KS-2026-117" in said
    assert "SKA-05" in said
    assert "Underlag" in said
    assert "SIMULERADE KÄLLOR" in said


def test_check_of_a_company_that_no_export_has(lived: Path, screening: Screening) -> None:
    """A bidder is judged as a tenderer, under the register's name; who bid stays out of the month's figures."""
    before = screening(lived, "explain", "559999-9991")[1]
    stranger = "5599950127"
    code, said, _ = screening(lived, "check", stranger, *DAY, "--json")
    assert code in (0, 3)
    (supplier,) = json.loads(said)["suppliers"]
    assert supplier["supplier_id"] == stranger
    assert screening(lived, "explain", "559999-9991")[1] == before
    assert screening(lived, "report")[0] == 0


def test_check_writes_papers(lived: Path, tmp_path: Path, screening: Screening) -> None:
    """A page to print and a workbook, with the bidders side by side."""
    page, book = tmp_path / "intyg.html", tmp_path / "intyg.xlsx"
    ids = ("5599999991", "5599967055")
    assert screening(lived, "check", *ids, *DAY, "--html", str(page), "--xlsx", str(book))[0] == 0
    text = page.read_text(encoding="utf-8")
    assert "Skarvhamra" in text
    assert "<script" not in text
    assert "http" not in text
    opened = openpyxl.load_workbook(book)
    header = [cell.value for cell in opened["Kontroll"][5]]
    assert sum("5599" in str(value) for value in header) == 2
    opened.close()


def test_report_again_is_the_same_to_the_byte(lived: Path, screening: Screening) -> None:
    """Rebuilt from what the run stored; nothing is judged."""
    path = lived / "reports" / "2026-11" / "avvikelserapport-2026-11.xlsx"
    before = path.read_bytes()
    path.unlink()
    code, said, _ = screening(lived, "report")
    assert code == 0
    assert "avvikelserapport-2026-11.xlsx" in said
    assert path.read_bytes() == before


def test_a_workbook_with_work_in_it_is_kept(lived: Path, screening: Screening) -> None:
    """The new one gets -2, and the message says why."""
    path = lived / "reports" / "2026-11" / "avvikelserapport-2026-11.xlsx"
    path.write_bytes(path.read_bytes() + b"work")
    kept = path.read_bytes()
    code, said, _ = screening(lived, "report")
    assert code == 0
    assert path.read_bytes() == kept
    assert "avvikelserapport-2026-11-2.xlsx" in said
    assert "arbete" in said


def test_history_and_explain_tell_of_a_supplier(lived: Path, screening: Screening) -> None:
    """By number in any spelling, by finding id, and for a clear one too."""
    code, said, _ = screening(lived, "history", "16559999-9991")
    assert code == 0
    assert "Skuldsaldo" in said
    code, said, _ = screening(lived, "explain", "559999-9991")
    assert code == 0
    assert "SKA-01" in said
    lines = (lived / "reports" / "2026-11" / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    flag = next(item for item in map(json.loads, lines) if item["outcome"] == "flag")
    code, said, _ = screening(lived, "explain", flag["finding_id"])
    assert code == 0
    assert flag["finding_id"] in said
    assert "2026-11:" in said
    code, _, said = screening(lived, "explain", "SKA-01-XXXXXXXX")
    assert code == 2
    assert "ingen sådan flagga" in said


def test_rules_and_connectors_can_be_listed(lived: Path, screening: Screening) -> None:
    """Every rule, their cases pass, and each connector says where, how fresh and at what price."""
    rules = len(list((lived / "rules").glob("*.toml")))
    code, said, _ = screening(lived, "rules", "list")
    assert (code, len(said.splitlines())) == (0, rules)
    code, said, _ = screening(lived, "rules", "check")
    assert code == 0
    assert f"{rules} regler" in said
    assert ", 0 fel" in said
    assert "LOU" in screening(lived, "rules", "show", "ska-01")[1]
    code, said, _ = screening(lived, "connectors", "list")
    assert code == 0
    assert "creditsafe: stub:" in said
    assert "12 kr per anrop" in said
    assert "läses om varje gång" in said
    assert "-1 dagar" not in said


def test_rules_are_checked_with_advice_that_can_be_made_an_error(workspace: Path, screening: Screening) -> None:
    """A case that does not hold is an error; a rule that could show more is advised."""
    code, said, _ = screening(workspace, "rules", "check", "--strict")
    assert (code, said.splitlines()[-1].endswith("0 fel, 0 råd.")) == (0, True)
    path = workspace / "rules" / "ska_01_allmanna_mal.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("false_positive = true", ""), encoding="utf-8")
    code, said, _ = screening(workspace, "rules", "check")
    assert code == 0
    assert "råd: ska_01_allmanna_mal.toml: case: none has false_positive" in said
    assert screening(workspace, "rules", "check", "--strict")[0] == 2
    path.write_text(text.replace("limit_sek       = 10_000", "limit_sek       = 10_001", 1), encoding="utf-8")
    code, said, _ = screening(workspace, "rules", "check")
    assert code == 2
    assert "a debt at the limit is flagged" in said


def test_a_changed_rule_is_tried_on_stored_history(lived: Path, screening: Screening) -> None:
    """Per period what would come and go; wrong words are told with what was expected, and nothing is printed before."""
    code, said, _ = screening(lived, "rules", "try", "ska-01", "--set", "limit_sek=60_000", "--from", "2026-10")
    assert code == 0
    assert "2026-11 (M-2026-11-1" in said
    assert "2026-09 (" not in said
    assert "Försvinner" in said
    for arguments, why in (
        (("SKA-01", "--set", "limit=1"), "ingen sådan gräns"),
        (("SKA-01", "--set", "limit_sek=1", "--from", "oktober"), "är ingen månad"),
        (("SKA-01",), "--set saknas"),
        (("XYZ-01", "--set", "a=1"), "ingen sådan regel"),
    ):
        code, said, complaint = screening(lived, "rules", "try", *arguments)
        assert (code, said) == (2, "")
        assert why in complaint


def test_the_run_makes_the_list_of_what_to_ask_for(lived: Path) -> None:
    """One letter per supplier, none of which names a person's number."""
    folder = lived / "reports" / "2026-11" / "begaran"
    letters = sorted((folder / "brev").glob("*.txt"))
    assert letters
    book = openpyxl.load_workbook(folder / "begaran-2026-11.xlsx")
    asked = {row[1] for row in book["Begäran"].iter_rows(min_row=2, values_only=True)}
    assert len(letters) == len(asked)
    assert "SIMULERADE" in letters[0].read_text(encoding="utf-8")


def test_a_number_accepted_in_the_workbook_is_used_next_month(lived: Path, screening: Screening) -> None:
    """Rätt orgnr and Beslut in Indatafel are read, remembered, and the supplier gets a number."""
    path = lived / "reports" / "2026-11" / "avvikelserapport-2026-11.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Indatafel"]
    at, header = next((n, row) for n, row in enumerate(sheet.iter_rows(), start=1) if row[0].value == "Fil")
    names = {str(cell.value): place for place, cell in enumerate(header, start=1)}
    proposed = names["Förslag"]
    row = next(r for r in range(at + 1, sheet.max_row) if "Glasverandan" in str(sheet.cell(r, proposed).value))
    number = str(sheet.cell(row, proposed).value).split()[0]
    sheet.cell(row, names["Rätt orgnr"]).value = number
    sheet.cell(row, names["Beslut"]).value = "Godta nummer"
    filled = lived / "ifylld.xlsx"
    book.save(filled)
    book.close()
    code, said, _ = screening(lived, "decisions", "import", str(filled))
    assert code == 0
    assert "Godtagna nummer: 1" in said
    assert number.replace("-", "") in screening(lived, "decisions", "list")[1].replace("-", "")
    before = json.loads((lived / "reports" / "2026-11" / "manifest.json").read_text(encoding="utf-8"))
    assert screening(lived, "run", "--period", "2026-11", *DAY)[0] == 0
    after = json.loads((lived / "reports" / "2026-11" / "manifest.json").read_text(encoding="utf-8"))
    assert after["suppliers"]["unidentified"] < before["suppliers"]["unidentified"]


def test_purge_only_shows_until_a_decision_is_named(lived: Path, screening: Screening) -> None:
    """Nothing is removed without [retention] decision."""
    code, said, _ = screening(lived, "purge", "--dry-run")
    assert code == 0
    code, said, _ = screening(lived, "purge")
    assert code == 0
    assert "gallringsbeslutets beteckning" in said


def test_debug_shows_where_but_no_values(lived: Path, screening: Screening) -> None:
    """A traceback without locals, only when asked for."""
    code, _, said = screening(lived, "--debug", "check", "hej")
    assert code == 2
    assert "Traceback" in said


def test_a_second_monthly_run_is_told_to_wait(lived: Path, screening: Screening) -> None:
    """Exit 4 while another holds the lock; a check does not wait."""
    from filelock import FileLock

    with FileLock(lived / ".screening" / "run.lock"):
        code, _, said = screening(lived, "run", "--period", "2026-11", *DAY)
        assert code == 4
        assert "en annan månadskörning" in said
        assert screening(lived, "check", "559999-9991", *DAY)[0] == 0


def test_english_is_a_setting(lived: Path, screening: Screening) -> None:
    """Results follow the language; sheet and column names do not."""
    path = lived / "screening.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('language = "sv"', 'language = "en"'), encoding="utf-8")
    assert "fully checked" in screening(lived, "run", "--period", "2026-11", *DAY)[1]
    book = openpyxl.load_workbook(lived / "reports" / "2026-11" / "avvikelserapport-2026-11.xlsx", read_only=True)
    assert "Flaggor" in book.sheetnames
    book.close()


def test_evidence_of_a_flag_verifies_without_the_workspace(lived: Path, tmp_path: Path, screening: Screening) -> None:
    """Written once, logged with its seal, and proved unchanged from anywhere."""
    lines = (lived / "reports" / "2026-11" / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    flag = next(item for item in map(json.loads, lines) if item["outcome"] == "flag")
    bundle = tmp_path / "bevis"
    code, said, _ = screening(lived, "evidence", flag["finding_id"], "--out", str(bundle), "--case", "KS 2026/17")
    assert code == 0
    seal = next(line.split()[-1] for line in said.splitlines() if line.startswith("Sigill"))
    with open_workspace(lived) as workspace:
        entry = workspace.store.audit_log()[-1]
    assert (entry.action, json.loads(entry.detail)["seal"], json.loads(entry.detail)["raw"]) == (
        "evidence",
        seal,
        False,
    )
    nowhere = tmp_path / "no-workspace"
    assert screening(nowhere, "evidence", "verify", str(bundle), "--seal", seal)[0] == 0
    code, said, _ = screening(nowhere, "evidence", "verify", str(bundle), "--seal", "0" * 64)
    assert code == 2
    (bundle / "findings.json").write_bytes(b"[]")
    code, said, _ = screening(nowhere, "evidence", "verify", str(bundle))
    assert code == 2
    assert "INTE som den skrevs" in said
    assert "findings.json: har ändrats" in said


def test_evidence_asks_for_what_it_lacks(lived: Path, tmp_path: Path, screening: Screening) -> None:
    """A folder to write in, a folder to verify, a subject that is known, a place that is free."""
    for arguments in (
        ("559999-9991",),
        ("559999-9991", str(tmp_path / "x")),
        ("verify",),
        ("verify", str(tmp_path)),
        ("SKA-01-00000000", "--out", str(tmp_path / "x")),
        ("559999-9991", "--out", str(lived)),
    ):
        code, _, said = screening(lived, "evidence", *arguments)
        assert code == 2, arguments
        assert said.startswith("Fel: "), arguments
    assert list(tmp_path.iterdir()) == [lived]


def test_papers_of_a_check_never_replace_work(lived: Path, tmp_path: Path, screening: Screening) -> None:
    """Ours unchanged gives way; a page with notes in it, or somebody else's file, is left and the new one gets -2."""
    page = tmp_path / "kontroll.html"
    command = ("check", "5599999991", *DAY, "--html", str(page))
    assert screening(lived, *command)[0] in (0, 3)
    assert screening(lived, *command)[0] in (0, 3)
    assert [path.name for path in tmp_path.glob("kontroll*")] == ["kontroll.html"]
    page.write_text("anteckningar", encoding="utf-8")
    _, said, _ = screening(lived, *command)
    assert page.read_text(encoding="utf-8") == "anteckningar"
    assert (tmp_path / "kontroll-2.html").is_file()
    assert "arbete" in said
    with open_workspace(lived) as workspace:
        entry = workspace.store.audit_log()[-1]
    assert (entry.action, json.loads(entry.detail)["file"]) == ("check paper", "kontroll-2.html")


def test_a_wrong_name_for_a_paper_is_told_before_anything_is_asked(
    lived: Path, tmp_path: Path, screening: Screening
) -> None:
    """A folder, another ending, a folder that is a file: a sentence, and no run."""
    (tmp_path / "fil").write_text("x", encoding="utf-8")
    for arguments, told in (
        (("--html", str(tmp_path)), "är en mapp"),
        (("--html", str(tmp_path / "kontroll.docx")), "ska sluta på .html"),
        (("--xlsx", str(tmp_path / "kontroll.xls")), "ska sluta på .xlsx"),
        (("--xlsx", str(tmp_path / "fil" / "kontroll.xlsx")), "kunde inte skrivas"),
    ):
        code, _, said = screening(lived, "check", "5599999991", *DAY, *arguments)
        assert code in (2, 4), said
        assert told in said
    with open_workspace(lived) as workspace:
        assert workspace.store.runs(kind="case") == []


def test_json_of_a_check_stays_json_beside_a_paper(lived: Path, tmp_path: Path, screening: Screening) -> None:
    """What was written is told on standard error."""
    _, said, told = screening(lived, "check", "5599999991", *DAY, "--json", "--html", str(tmp_path / "a.html"))
    assert json.loads(said)["suppliers"]
    assert "Skriven" in told


def test_decisions_made_in_the_workbook_hold_in_the_next_run(lived: Path, screening: Screening) -> None:
    """Filled in, imported with an answer, listed; laid in the inbox they are read by the run itself, once."""
    path = lived / "reports" / "2026-11" / "avvikelserapport-2026-11.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["Flaggor"]
    names = {str(cell.value): place for place, cell in enumerate(sheet[1], start=1)}
    flag = str(sheet.cell(2, 1).value)
    rows = [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value == flag]
    for row in rows:
        sheet.cell(row, names["Bedömning"]).value = "Godtagen förklaring"
        sheet.cell(row, names["Motivering"]).value = "Betalningsplan finns"
        sheet.cell(row, names["Gäller t.o.m."]).value = "30 juni 2027"
        sheet.cell(row, names["Handläggare"]).value = "Anna Ek"
    other = next(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value != flag)
    sheet.cell(other, names["Bedömning"]).value = "Falsk träff"
    filled = lived / "ifylld.xlsx"
    book.save(filled)
    book.close()
    code, said, _ = screening(lived, "decisions", "import", str(filled))
    assert code == 3
    assert f"Togs emot: {len(rows)}" in said
    assert "Falsk träff kräver en motivering. Skriv varför i Motivering." in said
    assert (lived / "svar-ifylld.xlsx").is_file()
    assert (
        f"{flag}  Godtagen förklaring t.o.m. 2027-06-30: räknas från nästa körning"
        in screening(lived, "decisions", "list")[1]
    )
    inbox = lived / "data" / "sample" / "beslut"
    inbox.mkdir(parents=True, exist_ok=True)
    filled.replace(inbox / "ifylld.xlsx")
    code, said, _ = screening(lived, "run", "--period", "2026-11", "--as-of", "2026-11-30")
    assert code == 0
    assert f"Redan inlästa: {len(rows)}" in said
    lines = (lived / "reports" / "2026-11" / "findings.jsonl").read_text(encoding="utf-8").splitlines()
    (found,) = [item for item in map(json.loads, lines) if item["finding_id"] == flag]
    assert found["status"] == "remaining"
    assert f"{flag}  Godtagen förklaring t.o.m. 2027-06-30: gäller" in screening(lived, "decisions", "list")[1]


def test_a_sample_is_drawn_with_its_protocol(lived: Path, screening: Screening) -> None:
    """The same seed draws the same; per cent are read as people write them; nonsense is refused."""
    arguments = ("sample", "--seed", "2026", "--deviation", "10 %", "--stratified")
    code, said, _ = screening(lived, *arguments)
    assert code == 0
    assert said.startswith("S-2026-11-1-1: ")
    for ending in ("xlsx", "html", "txt"):
        assert (lived / "reports" / "2026-11" / f"stickprov-S-2026-11-1-1.{ending}").is_file()
    assert screening(lived, *arguments)[1] == said
    assert screening(lived, "sample", "--size", "5", "--all")[1].startswith("S-2026-11-1-2: 5 av ")
    code, _, complaint = screening(lived, "sample", "--confidence", "säker")
    assert (code, "skriv procent" in complaint) == (2, True)


def test_a_log_that_was_tampered_with_is_told(lived: Path, screening: Screening) -> None:
    """Whole at first; then a line is changed, one is cut from the end, and a hash kept elsewhere is missed."""
    code, said, _ = screening(lived, "audit", "verify")
    assert (code, "Ingen rad är ändrad" in said) == (0, True)
    kept = said.splitlines()[-2].split()[-1]
    assert screening(lived, "audit", "verify", kept)[0] == 0
    connection = sqlite3.connect(lived / ".screening" / "store.db")
    for action in ("update", "delete"):
        connection.execute(f"DROP TRIGGER audit_no_{action}")
    connection.execute("DELETE FROM audit WHERE id = (SELECT MAX(id) FROM audit)")
    connection.commit()
    code, said, _ = screening(lived, "audit", "verify", kept)
    assert code == 2
    assert "borttagna i slutet" in said
    assert f"hashen {kept}" in said
    connection.execute("UPDATE audit SET who = 'annan' WHERE id = 2")
    connection.commit()
    connection.close()
    code, said, _ = screening(lived, "audit", "verify")
    assert (code, "Rad 2 är ändrad" in said) == (2, True)


def test_what_a_purge_removed_stands_in_the_log(lived: Path, screening: Screening) -> None:
    """Per table, with the decision and the limits that it went by."""
    text = (lived / "screening.toml").read_text(encoding="utf-8")
    text = re.sub(r'(?m)^decision( *)= ""', 'decision = "KS 2026/99"', text)
    (lived / "screening.toml").write_text(re.sub(r"(?m)^raw_days( *)= \d+", "raw_days = 1", text), encoding="utf-8")
    code, said, _ = screening(lived, "purge")
    assert code == 0
    with open_workspace(lived) as workspace:
        entry = workspace.store.audit_log()[-1]
    detail = json.loads(entry.detail)
    assert (entry.action, detail["decision"], detail["limits"]["raw_days"]) == ("purge", "KS 2026/99", 1)
    assert detail["rows"] == sum(detail["tables"].values())
    assert detail["tables"]["raw"] > 0
    assert f"{detail['tables']['raw']} rader i raw" in said
