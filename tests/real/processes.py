"""Real processes: started with an environment of their own, bounded in time, and ended with all that they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]


class Run(NamedTuple):
    code: int
    stdout: str
    stderr: str


def environment(path: Iterable[object] = (), measured: bool = True, **variables: object) -> dict[str, str]:
    """This environment with `variables` in it, and without what would change what a test sees.

    path: PYTHONPATH. measured: False keeps coverage out, which imports modules of its own. A variable that is None is
    left out.
    """
    unwanted: tuple[str, ...] = ("ENUM_LOG_SHIM", "PYTHON") if measured else ("ENUM_LOG_SHIM", "PYTHON", "COVERAGE_")
    kept = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    env = {name: value for name, value in os.environ.items() if name in kept or not name.startswith(unwanted)}
    joined = os.pathsep.join(map(str, path))
    if joined:
        env["PYTHONPATH"] = joined
    for name, value in variables.items():
        env.pop(name, None)
        if value is not None:
            env[name] = str(value)
    return env


def run(command: Iterable[object], *, env: dict[str, str], cwd: Path, timeout: float = 60, **more: Any) -> Run:
    """Runs `command` to its end, and raises subprocess.TimeoutExpired where that does not come in time."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
    process = subprocess.Popen(
        [str(part) for part in command], env=env, cwd=cwd, encoding="utf-8", start_new_session=True, **pipes
    )
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    finally:
        if process.poll() is None:  # its group has its number for as long as we have not waited for it
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            for pipe in filter(None, (process.stdout, process.stderr)):
                pipe.close()
    return Run(process.returncode, stdout, stderr)


@contextlib.contextmanager
def running(command: Iterable[object], *, env: dict[str, str], cwd: Path, **more: Any) -> Iterator[Any]:
    """A server, its output in files in `cwd`; asked to end with SIGTERM, and made to if it does not."""
    with (cwd / "stdout.log").open("wb") as stdout, (cwd / "stderr.log").open("wb") as stderr:
        process = subprocess.Popen(
            [str(part) for part in command],
            env=env,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
            **more,
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()


class Host:
    """A host: a real interpreter in an empty working directory, with the checkout on PYTHONPATH."""

    def __init__(self, cwd: Path, python: Path | str = sys.executable) -> None:
        self.cwd = cwd
        self.python = python

    def __call__(
        self,
        *args: object,
        flag: str | None = "1",
        path: Iterable[object] = (ROOT,),
        measured: bool = True,
        timeout: float = 60,
        pipes: dict[str, Any] | None = None,
        **variables: object,
    ) -> Run:
        """Runs the interpreter with `args`. variables: ENUM_LOG_SHIM_… without that prefix, any other by its name."""
        own = ("STYLE", "NUMBERS", "KEEP", "SKIP", "TEXT", "JSON", "SITES", "DEBUG")
        named = {f"ENUM_LOG_SHIM_{name}" if name in own else name: value for name, value in variables.items()}
        env = environment(path, measured, ENUM_LOG_SHIM=flag, **named)
        return run([self.python, *args], env=env, cwd=self.cwd, timeout=timeout, **(pipes or {}))


def without_frames_of(run: Run, file: Path) -> Run:
    """`run` without the lines in which `file`, and the import system, stand in a traceback on stderr."""
    lines, is_ours = [], False
    for line in run.stderr.splitlines(keepends=True):
        is_frame = line.startswith('  File "')
        is_ours = str(file) in line if is_frame else is_ours and line.startswith("    ")
        frozen = is_frame and '"<frozen importlib' in line
        if not is_ours and not frozen:
            lines.append(line)
    return Run(run.code, run.stdout, "".join(lines))
