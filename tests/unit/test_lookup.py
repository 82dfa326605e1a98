"""Whether a module is there, found out without importing it."""

import importlib.util
import sys

import pytest

from shim.lookup import missing as missing_from
from shim.lookup import start_folder


def missing(name):
    return missing_from(name, "/nowhere")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder on the path with modules in it, each of which raises when it is imported."""
    for name in ("app_one/__init__", "app_one/states", "app_one/inner/__init__", "app_single", "app_space/states"):
        file = tmp_path / (name + ".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("raise AssertionError('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    return tmp_path


@pytest.mark.parametrize(
    "name", ["app_one", "app_one.states", "app_single", "app_space", "app_space.states", "json.decoder", "sys", "this"]
)
def test_there(folder, name):
    assert missing(name) == ""


@pytest.mark.parametrize("name", ["app_one.nothing", "app_single.states", "app_space.nothing.more"])
def test_what_lies_in_a_package_that_is_not_imported_is_not_looked_for(folder, name):
    assert missing(name) == ""


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("app_nothing", "app_nothing"),
        ("app_nothing.states.more", "app_nothing"),
        ("xml.nothing", "xml.nothing"),
        ("xml.nothing.more", "xml.nothing"),
        ("sys.nothing", "sys.nothing"),
        ("sys.json", "sys.json"),  # and not the top level's
        ("pytest.nothing.more", "pytest.nothing"),
    ],
)
def test_not_there(folder, name, lost):
    __import__("xml")
    assert missing(name) == lost


def test_a_package_that_is_imported_is_looked_through(folder, monkeypatch):
    package = importlib.util.module_from_spec(importlib.util.find_spec("app_one"))
    monkeypatch.setitem(sys.modules, "app_one", package)
    assert missing("app_one.states") == missing("app_one.inner.anything") == ""
    assert missing("app_one.stats") == missing("app_one.stats.inner") == "app_one.stats"


@pytest.mark.parametrize("stand_in", [5, object()])
def test_what_stands_in_sys_modules_is_there_whatever_it_is(stand_in, monkeypatch):
    monkeypatch.setitem(sys.modules, "app_odd", stand_in)
    assert missing("app_odd") == ""
    assert missing("app_odd.states") == "app_odd.states"


def test_what_the_host_does_without_is_not_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "app_odd", None)
    assert missing("app_odd") == missing("app_odd.states") == ""


def test_the_folder_it_was_started_in_counts_for_what_is_not_on_the_path(folder, monkeypatch):
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry not in ("", str(folder))])
    assert missing("app_one.states") == "app_one"
    monkeypatch.chdir(folder)
    start = start_folder()
    monkeypatch.chdir("/")
    assert missing_from("app_one.states", start) == missing_from("app_space", start) == ""
    assert missing_from("pytest.app_single", start) == "pytest.app_single"


def test_a_working_directory_that_is_gone(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert start_folder() == ""
    assert missing_from("app_nothing", "") == "app_nothing"


def test_what_a_hosts_finder_raises_goes_through(monkeypatch):
    class Finder:
        @staticmethod
        def find_spec(name, path=None, target=None):
            if name == "app_raises":
                raise RuntimeError("the host's")

    monkeypatch.setattr(sys, "meta_path", [Finder, *sys.meta_path])
    with pytest.raises(RuntimeError):
        missing("app_raises")
