"""The unit tests under every interpreter that is found, with the oldest and the newest wrapt that setup.cfg allows."""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator
from pathlib import Path

import interpreters
import pytest
from processes import ROOT, Run, environment, run
from suites import Suites, tail

ENDS = (interpreters.OLDEST_WRAPT, interpreters.NEWEST_WRAPT)
# The oldest interpreter and those in which most has changed have all of the tests, with one end or the other; the rest
# have those that see wrapt. With this interpreter and the newest wrapt it is this run itself that has them all.
WHOLE = {
    ("3.8", interpreters.OLDEST_WRAPT),
    ("3.12", interpreters.OLDEST_WRAPT),
    ("3.13", interpreters.NEWEST_WRAPT),
    ("3.14", interpreters.NEWEST_WRAPT),
}
MATRIX = [
    *((version, wrapt) for version in interpreters.SUPPORTED for wrapt in ENDS),
    ("3.11", interpreters.LIGHT_WRAPT),
]
LIBRARIES = (
    *interpreters.TESTING,
    "aenum",
    "loguru",
    "orjson",
    "simplejson",
    "structlog",
)  # that the unit tests import
# One kind of error is enough to see that each border is one there too.
UNIT = (
    *("-q", "--tb=line", "-p", "no:cacheprovider", "--hypothesis-profile", "few"),
    *("-k", "not (faults and (MemoryError or RecursionError))"),
)
SEES_WRAPT = ("light_wrapt", "install", "rendering", "hostile", "host", "between", "records", "reentrance", "matrix")
SEES_BYTECODE = ("json_in_log_calls", "repr_in_log_calls", "log_call_source", "log_call_harm")


@pytest.fixture(scope="module")
def unit_runs(request: pytest.FixtureRequest) -> Iterator[Suites]:
    """All of the matrix that this run of pytest has selected, started at once."""
    suites = Suites(os.cpu_count() or 1)
    for item in request.session.items:
        if item.module is request.module and hasattr(item, "callspec"):
            version, wrapt = item.callspec.params["version"], item.callspec.params["wrapt"]
            if interpreters.find(version) is not None:
                suites.start((version, wrapt), functools.partial(unit_tests, version, wrapt))
    yield suites
    suites.close()


def unit_tests(version: str, wrapt: str) -> Run:
    python = interpreters.venv(version, wrapt, *LIBRARIES)
    folder = python.parents[1] / "hypothesis"  # not in the checkout, where the other suites have theirs
    env = environment(measured=False, HYPOTHESIS_STORAGE_DIRECTORY=folder)
    names = (*SEES_WRAPT, *SEES_BYTECODE) if wrapt == interpreters.OLDEST_WRAPT else SEES_WRAPT
    some = [f"tests/unit/test_{name}.py" for name in names]
    files = ["tests/unit"] if (version, wrapt) in WHOLE else some
    return run([python, "-m", "pytest", *files, *UNIT], env=env, cwd=ROOT, timeout=400)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("version", "wrapt"), MATRIX, ids=["-".join(pair) for pair in MATRIX])
def test_unit_tests(unit_runs: Suites, version: str, wrapt: str) -> None:
    interpreters.found(version)
    done = unit_runs.outcome((version, wrapt))
    if done.code != 0:
        pytest.fail(tail(done))  # an assertion would show all of its output
    (passed,) = re.findall(r"(\d+) passed", done.stdout)
    assert int(passed) > 100


def test_the_newest_wrapt_is_what_setup_cfg_allows() -> None:
    (line,) = re.findall(r"^ +(wrapt .*)$", (ROOT / "setup.cfg").read_text(), re.MULTILINE)
    assert line.replace(" ", "") == interpreters.NEWEST_WRAPT


def test_an_interpreter_is_asked_for_its_version(tmp_path: Path) -> None:
    launcher = tmp_path / "python3.99"
    launcher.write_text("#!/bin/sh\nprintf 'CPython 3.98'\n")
    launcher.chmod(0o755)
    assert not interpreters.is_cpython(launcher, "3.99")
    assert not interpreters.is_cpython(tmp_path / "absent", "3.99")
    assert interpreters.is_cpython(interpreters.found(interpreters.CURRENT), interpreters.CURRENT)
