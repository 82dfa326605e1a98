"""The switch and the settings, as real interpreters read them; and that the host starts whatever is wrong with ours."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from processes import ROOT, Host, Run

# What a host does: it logs an enum, and ends with a code of its own.
STATES = "import enum\nclass State(enum.Enum):\n    UP = 1\n"
LOG = f"{STATES}\nimport logging, sys\nlogging.warning('%s', State.UP)\nsys.exit(7)"
CONVERTED = Run(7, "", "WARNING:root:up\n")
UNTOUCHED = Run(7, "", "WARNING:root:State.UP\n")
OURS = """
import os, sys
files = {name: getattr(module, "__file__", None) or "" for name, module in sys.modules.items()}
print([name for name, file in files.items() if os.path.realpath(file).startswith(os.path.join(%r, "shim") + os.sep)])
"""

# Lies beside the host, so that a hook for starlette runs in an interpreter that has none.
STARLETTE_LIKE = "import enum\nclass WebSocketState(enum.Enum):\n    CONNECTING = 0\n    CONNECTED = 1\n"


@pytest.mark.parametrize("value", [None, "", "  ", "0", "False", " off ", "NO", "no", "oFF\n"])
def test_off_imports_nothing_of_the_shim_and_says_nothing(host: Host, value: str | None) -> None:
    assert host("-c", OURS % str(ROOT), flag=value) == Run(0, "[]\n", "")
    assert host("-c", LOG, flag=value) == UNTOUCHED


def test_off_reads_no_other_setting(host: Host) -> None:
    assert host("-c", LOG, flag="0", STYLE="loud", NUMBERS="no", KEEP=":", SKIP="?", TEXT="?", DEBUG="?") == UNTOUCHED


@pytest.mark.parametrize("value", ["1", " TRUE ", "true", "yes", "Yes", "On", "on\t"])
def test_on_converts(host: Host, value: str) -> None:
    assert host("-c", LOG, flag=value) == CONVERTED


def test_on_loads_the_checkouts_shim(host: Host) -> None:
    run = host("-c", OURS % str(ROOT))
    assert (run.code, run.stderr) == (0, "")
    assert "_enum_log_shim" in run.stdout


def test_any_interpreter_is_off_and_on(any_host: Host) -> None:
    assert any_host("-c", LOG, flag="0") == UNTOUCHED
    assert any_host("-c", LOG) == CONVERTED


def one_line_then(run: Run, expected: Run) -> str:
    """The one line that the shim wrote in front of what the host wrote."""
    line, _, rest = run.stderr.partition("\n")
    assert Run(run.code, run.stdout, rest) == expected
    assert line.startswith("enum-log-shim: ")
    return line


@pytest.mark.parametrize("value", ["ture", "2", "on on", "enabled", "é", "\udcff"])
def test_misspelt_switch_is_off_and_one_line(host: Host, value: str) -> None:
    line = one_line_then(host("-c", LOG, flag=value, PYTHONIOENCODING="utf-8"), UNTOUCHED)
    assert line.startswith(f"enum-log-shim: ENUM_LOG_SHIM={ascii(value) if value > 'é' else repr(value)}")
    for accepted in ("1", "true", "yes", "on", "0", "false", "no", "off", "observe"):
        assert accepted in line.replace(",", " ").replace(";", " ").split()


def test_misspelt_switch_is_one_line_on_an_ascii_terminal(host: Host) -> None:
    line = one_line_then(host("-c", LOG, flag="é", PYTHONIOENCODING="ascii"), UNTOUCHED)
    assert "'\\xe9'" in line


BAD = {
    "STYLE": ("upper", "lower name value full"),
    "NUMBERS": ("plain", "text keep"),
    "KEEP": ("AuditKind", "package.module:Class logger:name"),
    "SKIP": ("loging", "logging starlette"),
    "TEXT": ("app.State", "package.module:Class"),
    "JSON": ("to_json", "package.module:function"),
    "DEBUG": ("maybe", "1 true yes on 0 false no off"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_value_of_a_setting_is_one_line_and_its_default(host: Host, name: str) -> None:
    value, accepted = BAD[name]
    line = one_line_then(host("-c", LOG, **{name: value}), CONVERTED)
    assert f"ENUM_LOG_SHIM_{name}=" in line
    assert repr(value) in line
    assert set(accepted.split()) <= set(line.replace(",", " ").replace(";", " ").split())


@pytest.mark.parametrize("value", ["app:", ":State", "app:State:Other", "app:1State", "logger:", "a b:C", "app/x:C"])
def test_malformed_entry_of_keep_is_one_line(host: Host, value: str) -> None:
    one_line_then(host("-c", LOG, KEEP=value), CONVERTED)


def test_all_bad_settings_are_a_line_each(host: Host) -> None:
    run = host("-c", LOG, **{name: value for name, (value, _) in BAD.items()})
    lines = run.stderr.splitlines()
    assert (run.code, lines.pop()) == (7, "WARNING:root:up")
    assert sorted(line.split("=")[0].split("SHIM_")[-1] for line in lines) == sorted(BAD)


def host_modules(cwd: Path) -> None:
    (cwd / "starlette").mkdir()
    (cwd / "starlette" / "__init__.py").touch()
    (cwd / "starlette" / "websockets.py").write_text(STARLETTE_LIKE)


@pytest.mark.parametrize("more", ["", "import starlette.websockets;", "import logging, starlette.websockets;"])
def test_missing_wrapt_is_one_line_and_the_host_runs(cwd: Path, python_without_wrapt: Path, more: str) -> None:
    host_modules(cwd)
    line = one_line_then(Host(cwd, python_without_wrapt)("-c", more + LOG), UNTOUCHED)
    assert "wrapt" in line


def test_missing_wrapt_is_of_no_interest_to_who_imports_nothing(cwd: Path, python_without_wrapt: Path) -> None:
    assert Host(cwd, python_without_wrapt)("-c", "raise SystemExit(7)") == Run(7, "", "")
    assert Host(cwd, python_without_wrapt)("-c", LOG, flag="0") == UNTOUCHED


def test_broken_wrapt_is_a_line_and_the_host_runs(cwd: Path, python_without_wrapt: Path) -> None:
    (cwd / "wrapt").mkdir()
    (cwd / "wrapt" / "__init__.py").touch()
    (cwd / "wrapt" / "wrappers.py").write_text("raise OSError('no wrapt today')")
    line = one_line_then(Host(cwd, python_without_wrapt)("-c", LOG), UNTOUCHED)
    assert "no wrapt today" in line


def test_another_module_called_wrapt_is_a_line_and_the_host_gets_it(cwd: Path, python_without_wrapt: Path) -> None:
    (cwd / "wrapt.py").write_text("HOSTS = True")
    line = one_line_then(Host(cwd, python_without_wrapt)("-c", LOG + "\nimport wrapt; assert wrapt.HOSTS"), UNTOUCHED)
    assert "wrapt.py is not the package wrapt" in line


def test_a_host_that_imports_wrapt_first(any_host: Host) -> None:
    assert any_host("-c", "import wrapt\n" + LOG) == CONVERTED


# From 2.2 on wrapt imports asyncio and logging: the hook may run while wrapt, or what it needs, is half imported.
@pytest.mark.parametrize("name", ["asyncio", "concurrent.futures", "multiprocessing", "wrapt"])
def test_make_record_is_wrapped_whoever_imports_logging(host: Host, name: str) -> None:
    code = f"import {name}, logging, sys; sys.exit(hasattr(logging.Logger.makeRecord, '__wrapped__'))"
    assert host("-c", code) == Run(1, "", "")


MODULES = ["__init__", "settings", "report", "patching", "hooks/__init__", "hooks/stdlib_logging", "record", "text"]


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize("text", ["def f(:\n", "raise RuntimeError('broken')\n", "import no_such_module_at_all\n"])
def test_error_inside_the_shim_is_one_line(host: Host, project_copy: Path, module: str, text: str) -> None:
    (project_copy / "shim" / f"{module}.py").write_text(text)
    one_line_then(host("-c", LOG, path=[project_copy]), UNTOUCHED)
    assert host("-c", LOG, path=[project_copy], flag="0") == UNTOUCHED


def test_door_without_its_shim_is_one_line(host: Host, project_copy: Path) -> None:
    for file in (project_copy / "shim").rglob("*.py"):
        file.unlink()
    one_line_then(host("-c", LOG, path=[project_copy]), UNTOUCHED)


@pytest.mark.parametrize("option", ["-I", "-E", "-S"])
def test_interpreter_that_skips_pythonpath_or_site_runs_without_the_shim(host: Host, option: str) -> None:
    assert host(option, "-c", LOG) == UNTOUCHED
    assert host(option, "-c", OURS % str(ROOT)) == Run(0, "[]\n", "")


@pytest.mark.parametrize(
    "options",
    [("-s",), ("-O",), ("-OO",), ("-W", "error"), ("-X", "dev"), ("-bb",), ("-B",), ("-X", "utf8"), ("-u",)],
    ids=" ".join,
)
def test_interpreters_options_change_nothing(any_host: Host, options: tuple[str, ...]) -> None:
    assert any_host(*options, "-c", LOG) == CONVERTED


def test_stderr_that_is_none(host: Host) -> None:
    code = f"{STATES}\nimport sys, logging\nassert sys.stderr is None\nlogging.warning('%s', State.UP)\nprint(State.UP)"
    closed = {"preexec_fn": lambda: os.close(2), "stderr": None}
    for flag in ("1", "ture"):
        assert host("-c", code, flag=flag, DEBUG="1", STYLE="?", pipes=closed) == Run(0, "State.UP\n", None)


def test_stderr_that_the_host_has_closed(host: Host, python_without_wrapt: Path) -> None:
    code = "import sys; sys.stderr.close(); import logging; print(1)"
    assert host("-c", code, DEBUG="1") == Run(0, "1\n", "")
    assert Host(host.cwd, python_without_wrapt)("-c", code, DEBUG="1") == Run(0, "1\n", "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a disk without room")
def test_stderr_without_room_leaves_the_hosts_exit_code(host: Host) -> None:
    with open("/dev/full", "w") as full:
        assert host("-c", "print(1)", flag="ture", pipes={"stderr": full}) == Run(0, "1\n", None)


def test_stderr_of_a_reader_that_has_gone(host: Host) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    try:
        assert host("-c", "print(1)", flag="ture", pipes={"stderr": writer}) == Run(0, "1\n", None)
    finally:
        os.close(writer)


DEBUG_HOST = "import logging, starlette.websockets"


def debug_lines(run: Run) -> list[str]:
    assert (run.code, run.stdout) == (0, "")
    lines = run.stderr.splitlines()
    assert all(line.startswith("enum-log-shim: ") for line in lines)
    return [line[len("enum-log-shim: ") :] for line in lines]


def test_debug_tells_what_is_wrapped(host: Host) -> None:
    wrapped = ["json is wrapped", "logging is wrapped", "starlette is wrapped"]  # Starlette imports json
    assert sorted(debug_lines(host("-c", DEBUG_HOST, DEBUG="1"))) == wrapped
    assert debug_lines(host("-c", "import logging", DEBUG=" YES ")) == ["logging is wrapped"]
    assert debug_lines(host("-c", DEBUG_HOST, DEBUG="0")) == []


def test_debug_tells_of_a_library_that_is_skipped(host: Host) -> None:
    lines = debug_lines(host("-c", DEBUG_HOST, DEBUG="1", SKIP="logging"))
    assert len(lines) == 3
    assert [line for line in lines if line.startswith("logging is not wrapped")]
    assert "starlette is wrapped" in lines


def test_debug_tells_of_a_class_that_is_kept(host: Host) -> None:
    lines = debug_lines(host("-c", DEBUG_HOST, DEBUG="1", KEEP="starlette.websockets:WebSocketState"))
    assert len(lines) == 3
    assert [line for line in lines if line.startswith("starlette is not wrapped")]


def test_debug_tells_of_a_class_that_is_not_there(host: Host) -> None:
    (host.cwd / "app_states.py").write_text(STATES)
    run = host("-c", "import app_states", TEXT="app_states:State,app_states:Other", DEBUG="1")
    first, second = debug_lines(run)  # and none about wrapt, which may import logging on its way
    assert first == "app_states:State is wrapped"
    assert second.startswith("app_states:Other is not wrapped: AttributeError")


def test_folder_that_cannot_be_written_to(any_host: Host, project_copy: Path) -> None:
    # A file where the bytecode's folder would be: root may write to a folder whatever its mode is.
    for folder in (project_copy, project_copy / "shim", project_copy / "shim" / "hooks"):
        (folder / "__pycache__").touch()
        folder.chmod(0o555)
    try:
        for dont_write in (None, "1"):
            run = any_host("-c", LOG, path=[project_copy], PYTHONDONTWRITEBYTECODE=dont_write)
            assert run == CONVERTED
    finally:
        for folder in (project_copy, project_copy / "shim", project_copy / "shim" / "hooks"):
            folder.chmod(0o755)


def test_dont_write_bytecode_is_obeyed(host: Host, project_copy: Path) -> None:
    assert host("-c", LOG, path=[project_copy], PYTHONDONTWRITEBYTECODE="1") == CONVERTED
    assert list(project_copy.rglob("__pycache__")) == []


def test_children_of_the_host_have_the_shim(host: Host) -> None:
    (host.cwd / "log.py").write_text(LOG)
    start = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, 'log.py']))"
    assert host("-c", start) == CONVERTED
    assert host("-c", "import os, sys; os.execv(sys.executable, [sys.executable, 'log.py'])") == CONVERTED
    fork = "import os, sys\nif os.fork(): sys.exit(os.wait()[1] >> 8)\n"
    assert host("-c", fork + LOG) == CONVERTED
