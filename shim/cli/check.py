"""`python -m shim check`: is the shim on where the app is started, and if not, why?"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..hooks import HOOKS
from ..settings import cut, read
from . import diagnosis, on_path, summary

_DESCRIPTION = """\
Starts Python as the app would be started, logs an enum there, and tells whether it came out as a string; if not,
why, and what to do. It also tries JSON made in a log call. Run it in the app's container, with the app's environment.
Exit code: 0 if the logged enum came out converted, 1 if not, 2 where that Python can't be started.
"""
_EPILOG = """\
examples:
  python -m shim check
  python -m shim check -- python3.9
  python -m shim check -- opentelemetry-instrument python
"""
# Not a script: that would put its folder on the path, and with it the names of the modules in it.
_EXECUTE = "import sys; exec(compile(open(sys.argv[1]).read(), sys.argv[1], 'exec'))"
_SECONDS = 60


def main(argv: Sequence[str]) -> int:
    options = _options(argv)
    command = options.command or [sys.executable]
    try:
        report = look(command)
    except (OSError, ValueError) as error:
        print(f"python -m shim check: {' '.join(command)}: {error}", file=sys.stderr)
        return 2
    found = diagnosis.findings(report, _folder())
    report = {**report, "environ": _shown(report["environ"])}
    if options.json:
        ok = diagnosis.is_converted(report)
        print(json.dumps({"ok": ok, "findings": [finding._asdict() for finding in found], "report": report}, indent=2))
    else:
        summary.show(report, found)
    return 0 if diagnosis.is_converted(report) else 1


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m shim check",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", action="store_true", help="write the report as JSON")
    parser.add_argument(
        "command", metavar="PYTHON", nargs="*", help="how the app's Python is started; default: this one"
    )
    return parser.parse_args(argv)


def look(command: Sequence[str]) -> diagnosis.Report:
    """What the probe saw in the Python that `command` starts, and what that wrote to stderr.

    Raises OSError where it can't be started, ValueError where no report came of it.
    """
    with _folder_to_write() as folder:
        target = Path(folder) / "report.json"
        probe = Path(__file__).with_name("probe.py")
        code, stderr = _run([*command, "-c", _EXECUTE, str(probe), str(target)], folder)
        if not target.exists():
            raise ValueError(_silent(code, stderr))
        report: diagnosis.Report = json.loads(target.read_text())
    report["stderr"] = stderr
    return report


def _shown(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` with what is no value of a variable of ours cut, as the shim itself shows it."""
    _, complaints = read(environ, HOOKS)
    bad = {line.partition("=")[0] for line in complaints}
    return {name: cut(value) if name in bad else value for name, value in environ.items()}


def _silent(code: int, stderr: str) -> str:
    if code < 0:
        why = f"was killed by signal {-code}: the shim's folder may be incomplete, make it anew"
    else:
        why = f"did not run `-c ...`, which is added to it; exit code {code}"
    return f"{why}\n{stderr}".rstrip()


def _folder_to_write() -> tempfile.TemporaryDirectory[str]:
    """Where Python looks for one, else in memory: a hardened container's file system is read-only."""
    try:
        return tempfile.TemporaryDirectory()
    except FileNotFoundError as error:
        if os.path.isdir("/dev/shm") and os.access("/dev/shm", os.W_OK):
            return tempfile.TemporaryDirectory(dir="/dev/shm")
        raise ValueError(f"{error.strerror}: set TMPDIR to a folder that can be written") from None


def _run(command: Sequence[str], folder: str) -> tuple[int, str]:
    nothing = subprocess.DEVNULL
    # A file and no pipe: what an agent has started goes on after that Python, and would hold it open.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace", dir=folder) as stderr:
        process = subprocess.Popen(
            command, env=_environment(), stdin=nothing, stdout=nothing, stderr=stderr, start_new_session=True
        )
        try:
            process.wait(_SECONDS)
        except subprocess.TimeoutExpired:
            raise ValueError(f"no answer in {_SECONDS} seconds") from None
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        stderr.seek(0)
        return process.returncode, stderr.read()


def _environment() -> dict[str, str]:
    """What this process was started with: an agent may have changed PYTHONPATH since, for its children."""
    try:
        given = Path("/proc/self/environ").read_bytes().split(b"\0")
    except OSError:  # no Linux
        return dict(os.environ)
    pairs = (os.fsdecode(entry).partition("=") for entry in given if b"=" in entry)
    return {name: value for name, _, value in pairs}


def _folder() -> str:
    """What to put on PYTHONPATH: a copy in site-packages is not for it."""
    is_installed = on_path.ROOT.name in on_path.SITE
    return "DIR (made with `python -m shim bundle DIR`)" if is_installed else str(on_path.ROOT)
