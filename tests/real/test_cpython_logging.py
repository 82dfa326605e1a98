"""CPython's own tests of logging: with the shim in the process, each has the outcome that it has without."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from pathlib import Path

import interpreters
import pytest
from processes import ROOT, Run, environment, run
from suites import Suites, tail

# Writes each test's outcome to a file of its own: what the tests of logging log goes to stderr, among unittest's lines.
RUNNER = """
import json, sys, unittest
outcomes = {}
class Outcomes(unittest.TextTestResult):
    def note(self, test, outcome):
        outcomes.setdefault(test.id(), []).append(outcome)
    def addSuccess(self, test):
        super().addSuccess(test); self.note(test, "ok")
    def addSkip(self, test, reason):
        super().addSkip(test, reason); self.note(test, "skip")
    def addFailure(self, test, error):
        super().addFailure(test, error); self.note(test, "fail")
    def addError(self, test, error):
        super().addError(test, error); self.note(test, "error")
    def addSubTest(self, test, subtest, error):
        super().addSubTest(test, subtest, error); self.note(subtest, "ok" if error is None else "fail")
    def addExpectedFailure(self, test, error):
        super().addExpectedFailure(test, error); self.note(test, "expected")
    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test); self.note(test, "unexpected")
if __name__ == "__main__":
    import logging
    wrapped = hasattr(logging.Logger.makeRecord, "__wrapped__")
    runner = unittest.TextTestRunner(resultclass=Outcomes, verbosity=0)
    unittest.main("test.test_logging", argv=["test_logging"], testRunner=runner, exit=False)
    with open(sys.argv[1], "w") as file:
        json.dump({"wrapped": wrapped, "outcomes": outcomes}, file)
"""


@pytest.fixture(scope="module")
def logging_runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Suites]:
    """Both modes under each interpreter that this run of pytest has selected, all at once: they mostly wait."""
    suites = Suites(2 * len(interpreters.SUPPORTED))
    for item in request.session.items:
        if item.module is request.module:
            version = item.callspec.params["version"]
            for flag in ("0", "1"):
                if interpreters.find(version) is not None:
                    folder = tmp_path_factory.mktemp(f"logging-{version}-{flag}")
                    suites.start((version, flag), functools.partial(logging_tests, version, flag, folder))
    yield suites
    suites.close()


def logging_tests(version: str, flag: str, folder: Path) -> "tuple[Run, Path]":
    python = interpreters.venv(version, interpreters.NEWEST_WRAPT)
    (folder / "outcomes_of.py").write_text(RUNNER)
    # Not measured by coverage: these tests count what is imported, and fork.
    env = environment([ROOT], measured=False, ENUM_LOG_SHIM=flag)
    return run([python, "outcomes_of.py", "outcomes.json"], env=env, cwd=folder, timeout=400), folder / "outcomes.json"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("version", interpreters.SUPPORTED)
def test_logging_has_the_outcomes_that_it_has_without_the_shim(logging_runs: Suites, version: str) -> None:
    base = interpreters.found(version)
    has_tests = run([base, "-c", "import test.test_logging"], env=environment(measured=False), cwd=ROOT)
    if has_tests.code != 0:
        pytest.skip(f"this CPython {version} came without test.test_logging")
    found = {}
    for flag in ("0", "1"):
        done, file = logging_runs.outcome((version, flag))
        assert file.exists(), tail(done)
        found[flag] = json.loads(file.read_text())
        assert found[flag]["wrapped"] is (flag == "1")
        assert "enum-log-shim" not in done.stderr
    without, with_shim = found["0"]["outcomes"], found["1"]["outcomes"]
    assert len(without) > 150
    outcomes = {name: (outcome, with_shim.get(name)) for name, outcome in without.items()}
    assert {name: pair for name, pair in outcomes.items() if pair[0] != pair[1]} == {}
    assert with_shim.keys() == without.keys()
