"""The table of promises can't go stale: each test that it names is one that pytest would run."""

import ast
import importlib.util
from functools import lru_cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
spec = importlib.util.spec_from_file_location("promises", TESTS / "promises.py")
promises = importlib.util.module_from_spec(spec)
spec.loader.exec_module(promises)


@lru_cache(maxsize=None)
def names_in(folder, name):
    tree = ast.parse((TESTS / folder / f"test_{name}.py").read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    classes = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return {name[len("test_") :] for name in functions if name.startswith("test_")} | {
        name for name in classes if name.startswith("Test")
    }


@pytest.mark.parametrize("promise", promises.PROMISES)
def test_a_promise_has_its_tests(promise):
    names = promises.PROMISES[promise]
    assert names
    assert len(set(names)) == len(names)
    for name in names:
        place, _, test = name.partition("::")
        assert test in names_in(*place.split("/")), name


def test_no_promise_is_there_twice():
    parts = (
        promises.SWITCH_AND_SETTINGS,
        promises.WHICH_VALUES,
        promises.WHICH_STRING,
        promises.WHICH_PLACES,
        promises.WHAT_NEVER_CHANGES,
    )
    assert sum(map(len, parts)) == len(promises.PROMISES)
