"""A bundle on disk: written whole or not at all, sealed, and verified without the store that it came from."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

from screening import audit
from screening.errors import InputError, UsageError
from screening.report.evidence.gather import Evidence
from screening.report.evidence.papers import NOTE, Papers
from screening.report.place import HALF_MADE, digest, unwritable

FORMAT = "screening-evidence/1"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of a bundle found.

    Attributes:
        subject: the flag or supplier that it is about.
        seal: covers every file but the page for the file, on which it is printed.
        manifest_sha256: covers all; the audit log has it.
        files: how many there are, beside the manifest.
        problems: what was changed, added or removed, one sentence each; empty when nothing was.
    """

    subject: str
    seal: str
    manifest_sha256: str
    files: int
    problems: tuple[str, ...]


# --- writing ------------------------------------------------------------------------------------------------------------
def write(evidence: Evidence, papers: Papers, folder: Path, *, version: str, in_clear: bool = False) -> Verified:
    """The bundle in ``folder``, which must not hold anything before.

    Raises:
        UsageError: the folder is not empty, or is a file.
        StoreError: it cannot be written; nothing is left half-made.
    """
    _is_free(folder)
    files = {path: data for path, (data, _what) in papers.files.items()}
    manifest = _manifest(evidence, papers, version, in_clear=in_clear)
    seal = _seal(manifest)
    page = papers.note(seal)
    files[NOTE] = page
    manifest["seal"] = seal
    manifest["files"] = [*manifest["files"], _entry(NOTE, page, "page")]
    files[MANIFEST] = _dump(manifest)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=HALF_MADE, dir=folder.parent) as half_made:
            made = Path(half_made) / "bundle"
            for path, data in files.items():
                _put(made / path, data)
            if folder.exists():
                folder.rmdir()  # it is empty; a folder is not replaced by another on Windows
            made.replace(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    return Verified(evidence.subject, seal, sha256(files[MANIFEST]).hexdigest(), len(files) - 1, ())


def _is_free(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        message = f"{folder}: är ingen mapp; ange en ny mapp för bevisen"
        raise UsageError(message)
    if folder.is_dir() and any(folder.iterdir()):
        message = f"{folder}: mappen är inte tom och skrivs inte över; ange en ny mapp för bevisen"
        raise UsageError(message)


def _put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    path.chmod(0o600)


def _manifest(evidence: Evidence, papers: Papers, version: str, *, in_clear: bool) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "subject": evidence.subject,
        "organisation": evidence.past.config.organisation.name,
        "run_id": evidence.run.id,
        "as_of": evidence.run.as_of.isoformat(),
        "version": version,
        "personal_numbers": "in raw answers" if in_clear else "masked",
        "raw": [{"sha256": item.sha256, "state": item.state, "size": item.size} for item in papers.raw],
        "files": [_entry(path, data, what) for path, (data, what) in papers.files.items()],
    }


def _entry(path: str, data: bytes, what: str) -> dict[str, Any]:
    return {"path": path, "sha256": sha256(data).hexdigest(), "size": len(data), "what": what}


def _dump(manifest: Mapping[str, Any]) -> bytes:
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def _seal(manifest: Mapping[str, Any]) -> str:
    """Over everything that the manifest says, but the seal itself and the page that it is printed on."""
    files = [entry for entry in manifest["files"] if entry["path"] != NOTE]
    covered = {name: value for name, value in manifest.items() if name not in ("seal", "files")} | {"files": files}
    text = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


# --- verifying ----------------------------------------------------------------------------------------------------------
def verify(folder: Path, seal: str | None = None) -> Verified:
    """Whether any byte of a bundle was changed, added or removed since it was written. Reads nothing but the folder.

    Args:
        folder: the bundle.
        seal: the seal on the signed page, or the manifest's hash in the audit log: one of them must be this bundle's.

    Raises:
        InputError: it is no bundle, or cannot be read.
    """
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError as error:
        message = f"{folder}: är ingen bevismapp ({MANIFEST} kan inte läsas: {error.strerror}); ange mappen som `screening evidence` skrev"
        raise InputError(message) from error
    manifest = _read(folder, content)
    problems = list(_manifest_problems(manifest, content))
    listed = {str(entry["path"]): entry for entry in manifest["files"]}
    found = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if not _is_folder(path)}
    for path, entry in listed.items():
        problems += _file_problems(folder, path, entry, found)
    problems += [f"{path}: har lagts till" for path in found if path not in listed and path != MANIFEST]
    problems += _log_problems(found.get("audit.jsonl"))
    sealed = str(manifest["seal"])
    whole = sha256(content).hexdigest()
    if seal is not None and "".join(seal.split()).lower() not in (sealed, whole):
        problems.append("sigillet är ett annat än det som angavs: mappen är inte den som undertecknades")
    return Verified(str(manifest["subject"]), sealed, whole, len(listed), tuple(problems))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _read(folder: Path, content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content)
        known = manifest["format"] == FORMAT and isinstance(manifest["subject"], str)
        whole = all({"path", "sha256", "size", "what"} <= set(entry) for entry in manifest["files"])
        usable = known and whole and isinstance(manifest["seal"], str)
    except (ValueError, KeyError, TypeError):
        usable = False
    if not usable:
        message = f"{folder}: {MANIFEST} är ändrad eller av ett format som den här versionen inte känner ({FORMAT})"
        raise InputError(message)
    return dict(manifest)


def _manifest_problems(manifest: Mapping[str, Any], content: bytes) -> Iterator[str]:
    if _dump(manifest) != content or _seal(manifest) != manifest["seal"]:
        yield f"{MANIFEST}: har ändrats (sigillet stämmer inte med innehållet)"
    paths = [str(entry["path"]) for entry in manifest["files"]]
    if len(set(paths)) != len(paths) or NOTE not in paths:
        yield f"{MANIFEST}: har ändrats (fel lista över filer)"


def _file_problems(folder: Path, path: str, entry: Mapping[str, Any], found: Mapping[str, Path]) -> Iterator[str]:
    if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts or "\\" in path:
        yield f"{MANIFEST}: har ändrats (pekar utanför mappen)"
    elif path not in found:
        yield f"{path}: saknas"
    elif found[path].is_symlink():
        yield f"{path}: är ersatt av en länk"
    else:
        try:
            if digest(folder / path) != entry["sha256"] or found[path].stat().st_size != entry["size"]:
                yield f"{path}: har ändrats"
        except OSError as error:
            yield f"{path}: kan inte läsas ({error.strerror})"


def _log_problems(path: Path | None) -> Iterator[str]:
    """Lines of the audit log whose own hash does not hold."""
    if path is None or path.is_symlink():
        return
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        broken = [line["id"] for line in lines if not audit.holds(SimpleNamespace(**line))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        yield "audit.jsonl: kan inte läsas"
        return
    for number in broken:
        yield f"audit.jsonl: rad {number} i revisionsloggen stämmer inte med sin egen hash"
