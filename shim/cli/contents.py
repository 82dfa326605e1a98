"""What a bundle holds: the door, the shim with a private wrapt inside, its second way in, and their metadata."""

from __future__ import annotations

import base64
import configparser
import csv
import hashlib
import importlib.metadata
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from . import doors

# The last wrapt that is light to import, and that runs on every Python from 3.8 on.
WRAPT = "1.17.3"
ROOT = Path(__file__).resolve().parents[2]
FIELDS = ("Name", "Version", "Summary", "License", "Requires-Python")
_IGNORED = shutil.ignore_patterns("__pycache__", "*.py[cod]")


_PLUGIN = "enum_log_shim_pytest.egg-info"


class Failed(Exception):
    """The bundle can't be made; the text says why, and what to do."""


class Metadata(NamedTuple):
    fields: dict[str, str]
    entry_points: str
    license: str


def write(folder: Path) -> None:
    """Writes a bundle into `folder`, which is empty. Raises Failed, or OSError where it can't be written."""
    metadata = _metadata()
    shutil.copy(_door(), folder / "sitecustomize.py")
    shutil.copytree(ROOT / "shim", folder / "shim", ignore=_IGNORED)
    shutil.copytree(ROOT / "shim" / "entry", folder / "enum_log_shim", ignore=_IGNORED)
    shutil.copytree(_plugin(), folder / _PLUGIN)
    if not (folder / "shim" / "wrapt").is_dir():  # one bundle made from another has it
        _add_wrapt(folder / "shim" / "wrapt")
    _add_metadata(folder, metadata)
    _compile(folder)
    _open_to_all(folder)


def _door() -> Path:
    """Ours: in site-packages another distribution's may have taken its place, and the package holds a second one.

    Raises Failed where there is none.
    """
    for file in (ROOT / "sitecustomize.py", ROOT / "shim" / "entry" / "door.py"):
        if doors.read(str(file)).is_ours:
            return file
    raise Failed(f"{ROOT} holds no sitecustomize.py of the shim: run this from a checkout, or install it anew")


def _plugin() -> Path:
    """The distribution that holds pytest's entry point, and why it is one of its own: see .package/backend.py.

    Raises Failed where there is none.
    """
    for folder in (ROOT / _PLUGIN, ROOT / ".package" / "pytest"):
        if folder.is_dir():
            return folder
    raise Failed(f"{ROOT} holds no {_PLUGIN}: run this from a checkout, or install it anew")


def strangers(folder: Path) -> Iterator[Path]:
    """What lies in `folder` and no bundle put there; bytecode may have come from any interpreter since."""
    recorded = {Path(row[0]) for record in folder.glob("enum_log_shim-*.dist-info/RECORD") for row in _rows(record)}
    known = recorded.union(*(file.parents for file in recorded))
    for path in folder.rglob("*"):
        name = path.relative_to(folder)
        is_bytecode = name.parent.name == "__pycache__" and path.suffix == ".pyc" and name.parent.parent in known
        is_for_it = name.name == "__pycache__" and name.parent in known
        if name not in known and not is_bytecode and not is_for_it:
            yield path


def has_extension(folder: Path) -> bool:
    """Whether the bundle holds wrapt's C extension for this interpreter."""
    return any((folder / "shim" / "wrapt").glob(f"_wrappers.*{sys.implementation.cache_tag}*"))


def _rows(record: Path) -> Iterator[list[str]]:
    with record.open(encoding="utf-8", newline="") as file:
        yield from (row for row in csv.reader(file) if row)


def _metadata() -> Metadata:
    """That of the running copy, be it a checkout, an installation or a bundle. Raises Failed where there is none."""
    if (ROOT / "setup.cfg").is_file():
        return _metadata_of_checkout()
    for found in importlib.metadata.Distribution.discover(name="enum-log-shim", path=[str(ROOT)]):
        fields = {name: found.metadata[name] for name in FIELDS}
        license_text = found.read_text("LICENSE") or found.read_text("licenses/LICENSE") or ""
        return Metadata(fields, found.read_text("entry_points.txt") or "", license_text)
    raise Failed(f"{ROOT} has no setup.cfg and no dist-info: run this from a checkout or from an installed copy")


def _metadata_of_checkout() -> Metadata:
    config = configparser.ConfigParser()
    config.read(ROOT / "setup.cfg", encoding="utf-8")
    own, options = config["metadata"], config["options"]
    fields = {name.capitalize(): own[name] for name in ("name", "version", "license")}
    fields.update({"Summary": own["description"], "Requires-Python": options["python_requires"]})
    groups = (f"[{group}]{entries}\n" for group, entries in config["options.entry_points"].items())
    return Metadata(fields, "\n".join(groups), (ROOT / "LICENSE").read_text("utf-8"))


def _add_wrapt(folder: Path) -> None:
    """The environment's wrapt if it is the right one, else what pip gets. Raises Failed."""
    for found in importlib.metadata.Distribution.discover(name="wrapt"):
        package = Path(str(found.locate_file("wrapt")))
        if found.version == WRAPT and (package / "wrappers.py").is_file():
            _copy_wrapt(package, found, folder)
            return
    print(f"getting wrapt {WRAPT} with pip ...", file=sys.stderr)
    with tempfile.TemporaryDirectory() as temporary:
        _get_wrapt(temporary)
        found = next(iter(importlib.metadata.Distribution.discover(name="wrapt", path=[temporary])))
        _copy_wrapt(Path(temporary) / "wrapt", found, folder)


def _get_wrapt(folder: str) -> None:
    options = ["--quiet", "--no-deps", "--no-compile", "--disable-pip-version-check", "--target", folder]
    command = [sys.executable, "-m", "pip", "install", *options, f"wrapt=={WRAPT}"]
    env = {**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}  # they forbid what --target asks for
    done = subprocess.run(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    )
    if done.returncode:
        raise Failed(
            f"{done.stdout.strip()}\n"
            f"pip could not get wrapt {WRAPT}: run this where pip reaches an index, or with a Python that has it "
            f"({sys.executable} -m pip install wrapt=={WRAPT})"
        )


def _copy_wrapt(package: Path, found: importlib.metadata.Distribution, folder: Path) -> None:
    shutil.copytree(package, folder, ignore=_IGNORED)
    license_text = found.read_text("LICENSE") or found.read_text("licenses/LICENSE")
    (folder / "LICENSE").write_text(license_text or "", encoding="utf-8")


def _add_metadata(folder: Path, metadata: Metadata) -> None:
    info = folder / f"enum_log_shim-{metadata.fields['Version']}.dist-info"
    info.mkdir()
    # No Requires-Dist: wrapt comes along, and an image without any has to pass `pip check`.
    head = "".join(f"{name}: {metadata.fields[name]}\n" for name in FIELDS)
    (info / "METADATA").write_text("Metadata-Version: 2.1\n" + head, encoding="utf-8")
    (info / "INSTALLER").write_text("enum-log-shim bundle\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(metadata.entry_points, encoding="utf-8")
    (info / "LICENSE").write_text(metadata.license, encoding="utf-8")
    rows = [_row(folder, path) for path in sorted(folder.rglob("*")) if path.is_file()]
    with (info / "RECORD").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([*rows, (f"{info.name}/RECORD", "", "")])


def _row(folder: Path, file: Path) -> tuple[str, str, int]:
    """A file's row in RECORD. Source: PyPA's specification of recorded installations."""
    content = file.read_bytes()
    digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
    return file.relative_to(folder).as_posix(), f"sha256={digest}", len(content)


def _compile(folder: Path) -> None:
    """Bytecode for this interpreter, told by the source's hash: a copy has other times, and may be read-only."""
    for file in folder.rglob("*.py"):
        name = file.relative_to(folder).as_posix()
        mode = py_compile.PycInvalidationMode.CHECKED_HASH
        py_compile.compile(str(file), dfile=name, doraise=True, invalidation_mode=mode)


def _open_to_all(folder: Path) -> None:
    """Who makes a bundle is seldom who runs the app."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
