"""What `--enum-log-sites` does in a run of pytest, and in each of pytest-xdist's workers."""

from __future__ import annotations

import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from . import _NAME, _load

_KEY = "enum_log_sites"
_FAIL, _SUFFIX = "fail", ".jsonl"


def plugin(config: pytest.Config, wanted: str) -> Any:
    """The plugin to register, with the shim at work from now on.

    wanted: "", "fail" or a file. Raises pytest.UsageError for another one, which may be a path of tests that came
    behind the option.
    """
    if wanted not in ("", _FAIL):
        file = Path(os.path.expanduser(wanted))
        if file.suffix != _SUFFIX or not file.absolute().parent.is_dir():
            raise pytest.UsageError(
                f"--enum-log-sites={wanted}: neither fail nor the name of a {_SUFFIX} file in a folder that exists. "
                "Put what is to be tested in front of --enum-log-sites"
            )
    recorder, is_own = _recorder()
    if hasattr(config, "workerinput"):
        return _Worker(recorder, is_own)
    return _Main(recorder, is_own, wanted)


def _recorder() -> tuple[Any, bool]:
    """What counts sites in this process, and whether it was started here. Where the shim is on already, it stays on."""
    if _NAME not in sys.modules:
        _load()
    shim = sys.modules[_NAME]
    finder = shim._finder()
    found = None if finder is None else finder.patches.recorder
    if found is not None:
        return found, False
    if finder is not None:
        finder.stop()
    hooks, settings_of = importlib.import_module(_NAME + ".hooks"), importlib.import_module(_NAME + ".settings")
    settings, _ = settings_of.read(os.environ, hooks.HOOKS)
    settings.mode = "on" if settings.mode == "on" else "observe"
    settings.sites = ""
    shim.install(settings)
    return shim._finder().patches.recorder, True


def _rows(recorder: Any) -> list[str]:
    rows: list[str] = []
    row = importlib.import_module(_NAME + ".site_rows").row
    recorder.sites.each(lambda *seen: rows.append(row(*seen)))
    return rows


class _Worker:
    """Hands its rows to the process that prints them."""

    def __init__(self, recorder: Any, is_own: bool) -> None:
        self.recorder, self._is_own = recorder, is_own
        self.rows: list[str] = []

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        session.config.workeroutput[_KEY] = _rows(self.recorder)  # type: ignore[attr-defined]

    def pytest_unconfigure(self) -> None:
        if self._is_own:
            sys.modules[_NAME].uninstall()


class _Main(_Worker):
    """Prints what all processes of the run have seen."""

    def __init__(self, recorder: Any, is_own: bool, wanted: str) -> None:
        super().__init__(recorder, is_own)
        self._wanted = wanted

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        self.rows += getattr(node, "workeroutput", {}).get(_KEY, [])  # a worker that crashed has none

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.rows += _rows(self.recorder)
        if self._wanted == _FAIL and self.rows and session.exitstatus in (0, pytest.ExitCode.NO_TESTS_COLLECTED):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any, config: pytest.Config) -> None:
        totals = _totals(self.rows)
        is_failure = bool(totals) and self._wanted == _FAIL
        title = f"{len(totals)} {'place logs' if len(totals) == 1 else 'places log'} an enum"
        terminalreporter.section(title, red=is_failure, bold=is_failure)
        for total in totals:
            terminalreporter.line(_line(total, config.rootpath))
        if self._wanted not in ("", _FAIL):
            self._write(Path(os.path.expanduser(self._wanted)), terminalreporter)

    def _write(self, file: Path, terminalreporter: Any) -> None:
        try:
            file.write_text("".join(self.rows), encoding="utf-8")
        except OSError as error:
            terminalreporter.line(f"{file} can't be written: {error.strerror}", red=True)


def _totals(rows: list[str]) -> list[Any]:
    """One for each site, by file and line."""
    tally = importlib.import_module(_NAME + ".cli.sites.tally").Tally()
    row = importlib.import_module(_NAME + ".cli.sites.rows").row
    for text in rows:
        tally.add(row(json.loads(text)))
    return sorted(tally.totals(), key=lambda total: total.site)


def _line(total: Any, root: Path) -> str:
    site = total.site
    file = Path(site.file)
    shown = file.relative_to(root) if root in file.parents else file
    calls = "1 call" if total.calls == 1 else f"{total.calls} calls"
    return f"{shown}:{site.line}: in {site.function}: {site.place} is {site.enum}, {calls}"
