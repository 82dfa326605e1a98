"""What the environment says is only ever a word: nothing of it is run or imported, and no long value is shown."""

from __future__ import annotations

import pytest
from processes import Host

LOG = (
    "import enum, logging\nlogging.warning('%s %s', enum.Enum('State', 'UP').UP, __import__('sys').modules.get('trap'))"
)
TRAP = "import pathlib\npathlib.Path('trapped').touch()\nimport enum\nclass Kind(enum.Enum):\n    ONE = 1\n"
NAMES = ("", "STYLE", "NUMBERS", "KEEP", "SKIP", "TEXT", "DEBUG", "SITES")
CODE = (
    "__import__('trap')",
    "trap:Kind",
    "trap",
    "trap:Kind.ONE.value.__class__",
    "1; import trap",
    "trap:Kind,logger:trap",
    "$(touch trapped)",
    "`touch trapped`",
    "%(trap)s {trap}",
    "os.system('touch trapped')",
)


def with_variable(host: Host, name: str, value: str) -> tuple[str, str]:
    """What a host with that value writes to stdout and stderr; it has to run to its end."""
    (host.cwd / "trap.py").write_text(TRAP)
    run = host("-c", LOG, **({name: value} if name else {"flag": value}))
    assert run.code == 0
    return run.stdout, run.stderr


@pytest.mark.parametrize("value", CODE)
@pytest.mark.parametrize("name", NAMES)
def test_no_value_is_evaluated_or_imported(host: Host, name: str, value: str) -> None:
    _, stderr = with_variable(host, name, value)
    assert not (host.cwd / "trapped").exists()
    (line,) = [line for line in stderr.splitlines() if line.startswith("WARNING:")]
    assert line in ("WARNING:root:up None", "WARNING:root:State.UP None")


def test_a_class_is_imported_by_the_host_alone(host: Host) -> None:
    (host.cwd / "trap.py").write_text(TRAP)
    run = host("-c", "import trap; print(f'{trap.Kind.ONE}')", TEXT="trap:Kind", KEEP="trap:Kind")
    assert run.stdout == "Kind.ONE\n"
    assert host("-c", "import trap; print(f'{trap.Kind.ONE}')", TEXT="trap:Kind").stdout == "one\n"


@pytest.mark.parametrize("debug", ["0", "1"])
@pytest.mark.parametrize("name", [name for name in NAMES if name != "SITES"])
def test_a_long_value_is_not_shown(host: Host, name: str, debug: str) -> None:
    secret = "postgres://user:" + "s3cret" * 10 + "@host/db"
    run = host("-c", LOG, **{"DEBUG": debug, **({name: secret} if name else {"flag": secret})})
    assert "s3cret" * 5 not in run.stdout + run.stderr
    assert run.stderr.count("ENUM_LOG_SHIM") == 1


@pytest.mark.parametrize("command", ["check", "check --json"])
@pytest.mark.parametrize("name", ["ENUM_LOG_SHIM", "ENUM_LOG_SHIM_STYLE", "ENUM_LOG_SHIM_KEEP", "DATABASE_URL"])
def test_check_shows_no_long_value(host: Host, name: str, command: str) -> None:
    secret = "postgres://user:" + "s3cret" * 10 + "@host/db"
    run = host("-m", "shim", *command.split(), **{"flag" if name == "ENUM_LOG_SHIM" else name: secret})
    assert "s3cret" * 7 not in run.stdout + run.stderr
