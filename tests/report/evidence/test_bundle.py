"""A bundle: deterministic, whole or not at all, and any changed, added or removed byte is told in plain words."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from screening.errors import InputError, StoreError, UsageError
from screening.model import Finding
from screening.report.evidence import Evidence, Verified, papers, verify, write
from screening.report.evidence.bundle import MANIFEST, _dump, _seal
from screening.report.evidence.papers import NOTE
from screening.workspace import Workspace

Gathered = Callable[..., Evidence]


def made(sample: Workspace, evidence: Evidence, folder: Path, *, in_clear: bool = False) -> Verified:
    """A bundle in ``folder``."""
    bundle = papers(sample.store, evidence, case="KS 2026/17", in_clear=in_clear)
    return write(evidence, bundle, folder, version="0.1.0", in_clear=in_clear)


@pytest.fixture(scope="package")
def kept(sample: Workspace, gathered: Gathered, flags: list[Finding], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle to copy."""
    folder = tmp_path_factory.mktemp("bundle") / "b"
    made(sample, gathered(flags[0].finding_id), folder)
    return folder


@pytest.fixture
def bundle(kept: Path, tmp_path: Path) -> Path:
    """A bundle of one flag that a test may change."""
    return Path(shutil.copytree(kept, tmp_path / "b"))


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_flag_and_its_supplier_makes_a_bundle_that_verifies(
    sample: Workspace, gathered: Gathered, flags: list[Finding], tmp_path: Path
) -> None:
    """With the rule as it was, the facts, and the raw answers byte for byte as the store has them."""
    for number, subject in enumerate([*(item.finding_id for item in flags), flags[0].supplier_id]):
        folder = tmp_path / str(number)
        sealed = made(sample, gathered(subject), folder)
        assert verify(folder) == sealed
        assert verify(folder, sealed.seal).problems == ()
        assert verify(folder, sealed.manifest_sha256.upper()).problems == ()
        for fact in json.loads((folder / "facts.json").read_text(encoding="utf-8")):
            if fact["raw_state"] == "as_stored":
                assert (folder / fact["raw_file"]).read_bytes() == sample.store.raw(fact["raw_sha256"])
        for finding in json.loads((folder / "findings.json").read_text(encoding="utf-8")):
            stored = sample.store.texts(finding["run_id"])["rule", finding["rule"]]
            assert (folder / "rules" / f"{finding['rule']}.toml").read_text(encoding="utf-8") == stored
            assert all(law["basis"] or law["no_basis"] for law in finding["law"])
            assert finding["observed"]


def test_the_same_store_gives_the_same_bytes(
    sample: Workspace, gathered: Gathered, flags: list[Finding], tmp_path: Path
) -> None:
    """Also after a line about the first bundle has come into the audit log."""
    first = made(sample, gathered(flags[2].finding_id), tmp_path / "one")
    sample.store.audit("kim", "evidence", flags[2].fetched_at, {"subject": flags[2].finding_id, "run": "M-2026-11-1"})  # type: ignore[arg-type]
    second = made(sample, gathered(flags[2].finding_id), tmp_path / "two")
    assert first == second
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_the_seal_stands_on_the_page_for_the_file(bundle: Path) -> None:
    """So that a signed print binds the bundle."""
    assert verify(bundle).seal in (bundle / NOTE).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["findings.json", "run.json", NOTE, "LASMIG.txt"])
def test_one_changed_byte_is_told(bundle: Path, name: str) -> None:
    """By the file's name."""
    path = bundle / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert verify(bundle).problems == (f"{name}: har ändrats",)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_byte_of_any_file_counts(kept: Path, tmp_path: Path, data: st.DataObject) -> None:
    """Whatever file, whatever place, whatever change: cut, turned or added."""
    folder = tmp_path / "any"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder)
    path = data.draw(st.sampled_from(sorted(item for item in folder.rglob("*") if item.is_file())))
    content = path.read_bytes()
    place = data.draw(st.integers(0, len(content) - 1))
    how = data.draw(st.sampled_from(["turn", "cut", "add"]))
    other = {
        "turn": content[:place] + bytes([content[place] ^ 0x20]) + content[place + 1 :],
        "cut": content[:place],
        "add": content[:place] + b" " + content[place:],
    }[how]
    path.write_bytes(other)
    try:
        problems = verify(folder).problems
    except InputError:
        assert path.name == MANIFEST
    else:
        assert problems


def test_an_added_and_a_removed_file_are_told(bundle: Path) -> None:
    """Both by name; also one in a folder of its own."""
    (bundle / "raw" / "nytt.txt").write_text("x", encoding="utf-8")
    (bundle / "contracts.json").unlink()
    assert set(verify(bundle).problems) == {"raw/nytt.txt: har lagts till", "contracts.json: saknas"}


@pytest.mark.skipif(sys.platform == "win32", reason="symbolic links need a privilege on Windows")
def test_a_link_in_the_place_of_a_file_is_told(bundle: Path, tmp_path: Path) -> None:
    """The bytes may be the same today."""
    shutil.move(bundle / "contracts.json", tmp_path / "elsewhere.json")
    (bundle / "contracts.json").symlink_to(tmp_path / "elsewhere.json")
    assert verify(bundle).problems == ("contracts.json: är ersatt av en länk",)
    (bundle / "audit.jsonl").unlink()
    (bundle / "audit.jsonl").symlink_to(tmp_path / "nowhere")
    assert "audit.jsonl: är ersatt av en länk" in verify(bundle).problems


def test_a_manifest_made_to_fit_a_changed_file_breaks_the_seal(bundle: Path) -> None:
    """And with a new seal it is no longer the one that was signed."""
    before = verify(bundle)
    (bundle / "contracts.json").write_bytes(b"[]\n")
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    entry = next(item for item in manifest["files"] if item["path"] == "contracts.json")
    from hashlib import sha256

    entry |= {"sha256": sha256(b"[]\n").hexdigest(), "size": 3}
    (bundle / MANIFEST).write_bytes(_dump(manifest))
    assert verify(bundle).problems == (f"{MANIFEST}: har ändrats (sigillet stämmer inte med innehållet)",)
    (bundle / MANIFEST).write_bytes(_dump(manifest | {"seal": _seal(manifest)}))
    assert verify(bundle).problems == ()
    assert "undertecknades" in verify(bundle, before.seal).problems[0]


def test_a_forged_line_of_the_log_is_told(bundle: Path) -> None:
    """Its own hash does not hold, whatever the manifest says."""
    path = bundle / "audit.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"run"', '"fun"', 1), encoding="utf-8", newline="\n")
    assert any("revisionsloggen stämmer inte" in problem for problem in verify(bundle).problems)
    path.write_text("inte json\n", encoding="utf-8")
    assert "audit.jsonl: kan inte läsas" in verify(bundle).problems


@pytest.mark.parametrize("path", ["../ute.txt", "/etc/passwd", "a\\..\\b"])
def test_a_manifest_cannot_point_outside(bundle: Path, path: str) -> None:
    """Nothing but the folder is read."""
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"].append({"path": path, "sha256": "0" * 64, "size": 1, "what": ""})
    (bundle / MANIFEST).write_bytes(_dump(manifest))
    assert f"{MANIFEST}: har ändrats (pekar utanför mappen)" in verify(bundle).problems


def test_a_manifest_without_the_page_or_with_a_file_twice_is_told(bundle: Path) -> None:
    """The page is not covered by the seal, so its being listed is checked by itself."""
    manifest = json.loads((bundle / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"] = [item for item in manifest["files"] if item["path"] != NOTE]
    (bundle / MANIFEST).write_bytes(_dump(manifest))
    assert f"{MANIFEST}: har ändrats (fel lista över filer)" in verify(bundle).problems


@pytest.mark.parametrize(
    "content", [b"", b"[]", b'{"format": "other"}', b"\xff", b'{"format": "screening-evidence/1"}']
)
def test_what_is_no_manifest_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    """No traceback."""
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(InputError, match="ändrad eller av ett format"):
        verify(tmp_path)


def test_a_folder_without_a_manifest_is_a_sentence(tmp_path: Path) -> None:
    """Nor is one that is not there."""
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="är ingen bevismapp"):
            verify(folder)


def test_nothing_is_ever_written_over(
    sample: Workspace, gathered: Gathered, flags: list[Finding], tmp_path: Path
) -> None:
    """A folder with anything in it, or a file; an empty folder is taken."""
    evidence = gathered(flags[0].finding_id)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "work.docx").write_bytes(b"work")
    (tmp_path / "file").write_bytes(b"work")
    for name in ("full", "file"):
        with pytest.raises(UsageError, match="ange en ny mapp"):
            made(sample, evidence, tmp_path / name)
    assert contents(tmp_path) == {"full/work.docx": b"work", "file": b"work"}
    (tmp_path / "empty").mkdir()
    assert made(sample, evidence, tmp_path / "empty").files > 5


def limited(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes meanwhile: what a full disk looks like."""
    import resource
    import signal

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, old)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_full_disk_leaves_nothing(
    sample: Workspace, gathered: Gathered, flags: list[Finding], tmp_path: Path
) -> None:
    """Whole or not at all, and a sentence."""
    evidence = gathered(flags[0].finding_id)
    bundle = papers(sample.store, evidence)
    for _ in limited(500):
        with pytest.raises(StoreError, match="kunde inte skrivas"):
            write(evidence, bundle, tmp_path / "b", version="0.1.0")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_a_bundle_is_its_owners_alone(bundle: Path, kept: Path) -> None:
    """Flags are not for everybody on the machine."""
    assert {path.stat().st_mode & 0o777 for path in kept.rglob("*") if path.is_file()} == {0o600}


@pytest.mark.skipif(
    sys.platform == "win32" or os.name == "nt" or os.geteuid() == 0, reason="needs a user that modes bind"
)
def test_an_unreadable_file_is_told(bundle: Path) -> None:
    """By name."""
    (bundle / "run.json").chmod(0)
    assert any(problem.startswith("run.json: kan inte läsas") for problem in verify(bundle).problems)


def test_raw_answers_with_personal_numbers_only_on_request(
    sample: Workspace, gathered: Gathered, flags: list[Finding], tmp_path: Path
) -> None:
    """Masked by default, also in everything else; as stored when asked for, and the page says so."""
    from hashlib import sha256

    evidence = gathered(flags[0].finding_id)
    person = b'{"kontakt": "19440101-2382"}'
    number = re.compile(rb"440101-?2382")  # four digits alone may stand in any hash
    digest = sha256(person).hexdigest()
    from screening.adapters.source import Answer

    store, (fact, ids) = sample.store, evidence.facts[0]
    store.put_answer(
        evidence.run.id, "kronofogden", Answer(supplier_id=evidence.supplier.id, raw=person), evidence.run.started
    )
    held = replace(fact, provenance=replace(fact.provenance, raw_sha256=digest, request_ref="19440101-2382.csv#3"))
    evidence = replace(evidence, facts=((held, ids),), confirming={})
    made(sample, evidence, tmp_path / "masked")
    assert not [name for name, data in contents(tmp_path / "masked").items() if number.search(data)]
    assert (
        json.loads((tmp_path / "masked" / "manifest.json").read_text(encoding="utf-8"))["personal_numbers"] == "masked"
    )
    made(sample, evidence, tmp_path / "raw", in_clear=True)
    assert (tmp_path / "raw" / "raw" / f"{digest[:16]}.json").read_bytes() == person
    assert "kan innehålla personnummer" in (tmp_path / "raw" / NOTE).read_text(encoding="utf-8")
    others = {name: data for name, data in contents(tmp_path / "raw").items() if not name.startswith("raw/")}
    assert not [name for name, data in others.items() if number.search(data)]
