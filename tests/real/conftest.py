from __future__ import annotations

import shutil
import signal
import sys
from pathlib import Path

import interpreters
import processes
import pytest
from agents import Folders
from processes import ROOT, Host


def pytest_configure() -> None:
    """What a shell starts in the background ignores SIGINT, and so would all that the tests start."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def cwd(tmp_path: Path) -> Path:
    """The host's working directory, where its own modules lie."""
    folder = tmp_path / "host"
    folder.mkdir()
    return folder


@pytest.fixture
def host(cwd: Path) -> Host:
    """A host under this version's interpreter, with the newest wrapt and Starlette."""
    return Host(cwd, interpreters.venv(interpreters.CURRENT))


@pytest.fixture(params=interpreters.SUPPORTED)
def any_host(request: pytest.FixtureRequest, cwd: Path) -> Host:
    """A host under each interpreter that is found, with the oldest wrapt and Starlette."""
    return Host(cwd, interpreters.venv(request.param, interpreters.OLDEST_WRAPT))


@pytest.fixture(scope="session")
def python_without_wrapt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An interpreter with nothing but the standard library."""
    folder = tmp_path_factory.mktemp("without-wrapt")
    command = [interpreters.found(interpreters.CURRENT), "-m", "venv", "--without-pip", folder]
    done = processes.run(command, env=processes.environment(measured=False), cwd=folder)
    assert done.code == 0, done.stderr
    return folder / "bin" / "python"


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `python -m shim bundle` makes of the checkout, with this version's interpreter."""
    folder = tmp_path_factory.mktemp("bundle") / "enum-log-shim"
    command = [sys.executable, "-m", "shim", "bundle", folder]
    done = processes.run(command, env=processes.environment(), cwd=ROOT, timeout=200)
    assert done.code == 0, done.stderr
    return folder


@pytest.fixture
def project_copy(tmp_path: Path) -> Path:
    """A copy of the project's folder, for a test that breaks it or looks at what is written to it."""
    copy = tmp_path / "project"
    shutil.copytree(ROOT / "shim", copy / "shim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "sitecustomize.py", copy)
    return copy


@pytest.fixture
def ours_twice(tmp_path: Path, project_copy: Path) -> dict[str, list[str]]:
    """Ways in which this folder comes to be on PYTHONPATH once more."""
    link = tmp_path / "link"
    link.symlink_to(ROOT)
    files = tmp_path / "files"
    files.mkdir()
    (files / "sitecustomize.py").symlink_to(ROOT / "sitecustomize.py")
    root, copy = str(ROOT), str(project_copy)
    return {
        "twice": [root, root],
        "with a slash": [root + "/", root],
        "with dots": [root, f"{root}/shim/.."],
        "symlinked": [root, str(link)],
        "symlink first": [str(link), root],
        "only the symlink": [str(link)],
        "copied": [root, copy],
        "copy between": [root, copy, root, copy, str(link)],
        "the file symlinked": [root, str(files)],
        "relative": ["../project"],
    }


@pytest.fixture
def folder(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture(params=["0", "1"], ids=["off", "on"])
def flag(request: pytest.FixtureRequest) -> str:
    value: str = request.param
    return value
