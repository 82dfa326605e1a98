"""A program and the interpreter that runs it, made ready: what it imports is installed, its bytecode is cached."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import NamedTuple

import interpreters
from cases import CASES, ROWS, SHIM, WALK, Case
from processes import environment, run
from programs import program

_LIBRARIES = ("python-json-logger", "google-cloud-logging", "structlog", "loguru")


class Setting(NamedTuple):
    """A Python version, the requirement for wrapt, and whether wrapt may use its C extension."""

    python: str = "3.11"
    wrapt: str = interpreters.LIGHT_WRAPT
    extension: bool = True

    @property
    def title(self) -> str:
        which = "the newest wrapt" if self.wrapt == interpreters.NEWEST_WRAPT else self.wrapt.replace("==", " ")
        return f"Python {self.python}, {which}" + (" with its C extension" if self.extension else " in pure Python")


USUAL = Setting()


class Key(NamedTuple):
    """What is measured: a case in a row, under a setting."""

    setting: Setting
    case: str
    row: str

    def __str__(self) -> str:
        return f"{self.setting.title}: {self.case}: {ROWS[self.row].title}"


class Job(NamedTuple):
    key: Key
    case: Case
    folder: Path
    command: tuple[object, ...]
    env: dict[str, str]


def make(key: Key, shim: Path, cache: Path) -> Job:
    """Raises RuntimeError where the program fails, or misses an enum that its row is to find."""
    folder = Path(tempfile.mkdtemp(dir=cache))
    file = folder / "host.py"
    file.write_text(program(CASES[key.case], key.row), encoding="utf-8")
    job = Job(key, CASES[key.case], folder, (python(key.setting), file), _environment(key, shim, cache))
    _rehearse(job)
    return job


def python(setting: Setting) -> Path:
    return interpreters.venv(setting.python, setting.wrapt, *_LIBRARIES)


def versions(setting: Setting) -> dict[str, str]:
    """What is in the environment of `setting`, exactly."""
    names = ("wrapt", *_LIBRARIES)
    code = f"import platform as p, importlib.metadata as m; print(p.python_version(), *map(m.version, {names}))"
    done = run([python(setting), "-c", code], env=environment(measured=False), cwd=Path(tempfile.gettempdir()))
    return dict(zip(("python", *names), done.stdout.split()))


def _environment(key: Key, shim: Path, cache: Path) -> dict[str, str]:
    variables: dict[str, object] = {"ENUM_LOG_SHIM": 1} if key.row == SHIM else {}
    if not key.setting.extension:
        variables["WRAPT_DISABLE_EXTENSIONS"] = 1
    more = {"PYTHONDONTWRITEBYTECODE": None, "PYTHONPYCACHEPREFIX": cache / "bytecode", "PYTHONHASHSEED": 0}
    return environment([shim] if key.row in (SHIM, WALK) else [], measured=False, **variables, **more)


def _rehearse(job: Job) -> None:
    """Runs it once, which caches the bytecode, and looks at what it logs."""
    done = run([*job.command, "show"], env=job.env, cwd=job.folder)
    is_found = job.case.has_enum and job.case.place in ROWS[job.key.row].reaches
    is_right = ("connected" in done.stdout and "CONNECTED" not in done.stdout) or not is_found
    if done.code or "Traceback" in done.stderr or not is_right:
        raise RuntimeError(f"{job.key}: exit code {done.code}\n{done.stdout}{done.stderr}")
