"""The door under the interpreters that are too old for the shim, and read it at every start all the same."""

from __future__ import annotations

from pathlib import Path

import interpreters
import pytest
from agents import DDTRACE, Folders
from processes import ROOT, Host, Run, without_frames_of


@pytest.fixture(params=interpreters.TOO_OLD)
def old_host(request: pytest.FixtureRequest, cwd: Path) -> Host:
    return Host(cwd, interpreters.found(request.param))


OLD: dict[str, str] = {"PYTHONDONTWRITEBYTECODE": "1"}  # 2.7 would write its beside the file
TELLS = "import sys, logging; logging.warning('host'); sys.exit('sitecustomize' not in sys.modules)"


def test_an_old_interpreter_is_silent_with_the_flag_off(old_host: Host, folder: Folders) -> None:
    behind = folder("behind", "print('behind')")
    assert old_host("-c", TELLS, flag="0", **OLD) == Run(0, "", "WARNING:root:host\n")
    assert old_host("-c", TELLS, flag=None, path=[ROOT, behind], **OLD) == Run(0, "behind\n", "WARNING:root:host\n")


def test_an_old_interpreter_says_one_line_with_the_flag_on(
    old_host: Host, folder: Folders, ours_twice: dict[str, list[str]]
) -> None:
    behind = folder("behind", "print('behind')")
    for path in ([ROOT], *ours_twice.values()):
        run = old_host("-c", TELLS, path=[*path, behind], **OLD)
        line, rest = run.stderr.split("\n", 1)
        assert Run(run.code, run.stdout, rest) == Run(0, "behind\n", "WARNING:root:host\n"), path
        assert line.startswith("enum-log-shim: needs Python 3.8 or newer")


@pytest.mark.parametrize("text", ["raise ValueError('1')", "import no_such_module", "raise SystemExit(3)", "1 / 0"])
def test_an_old_interpreter_reports_the_error_of_the_one_behind(
    old_host: Host, folder: Folders, flag: str, text: str
) -> None:
    behind = folder("behind", f"print('behind')\n{text}")
    plain = old_host("-c", TELLS, flag=flag, path=[behind], **OLD)
    run = old_host("-c", TELLS, flag=flag, path=[ROOT, behind], **OLD)
    kept = [line for line in run.stderr.splitlines(keepends=True) if not line.startswith("enum-log-shim: needs Python")]
    assert without_frames_of(Run(run.code, run.stdout, "".join(kept)), ROOT / "sitecustomize.py") == without_frames_of(
        plain, ROOT / "sitecustomize.py"
    )


@pytest.mark.parametrize("order", ["agent ours behind", "ours agent behind", "ours agent"])
def test_an_old_interpreters_agent_chains(old_host: Host, folder: Folders, flag: str, order: str) -> None:
    places = {"ours": ROOT, "agent": folder("agent", DDTRACE), "behind": folder("behind", "print('behind')")}
    run = old_host("-c", TELLS, flag=flag, path=[places[name] for name in order.split()], **OLD)
    assert (run.code, run.stderr.count("\n")) == (0, 1 + int(flag))
    assert sorted(run.stdout.splitlines()) == sorted(
        f"{name} {name}" if name == "agent" else name for name in order.split() if name != "ours"
    )
