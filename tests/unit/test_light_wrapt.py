"""What stands in for `inspect` while wrapt is loaded, and what of it stays behind."""

from __future__ import annotations

import ast
import builtins
import functools
import inspect
import sys
import types

import pytest

from shim import light_wrapt


class Kinds:
    def method(self) -> None: ...

    @classmethod
    def of_class(cls) -> None: ...

    @staticmethod
    def static() -> None: ...

    def __call__(self) -> None: ...


async def coroutine() -> None: ...


def generator():
    yield


VALUES = {
    "function": generator,
    "lambda": lambda: None,
    "coroutine function": coroutine,
    "built-in": len,
    "built-in method": [].append,
    "method of a type": list.append,
    "slot": object().__str__,
    "method": Kinds().method,
    "unbound": Kinds.method,
    "class method": Kinds.of_class,
    "static": Kinds.static,
    "descriptor": vars(Kinds)["static"],
    "class": Kinds,
    "metaclass": type,
    "callable": Kinds(),
    "partial": functools.partial(len),
    "cached": functools.lru_cache()(generator),
    "getset": types.FunctionType.__dict__["__code__"],
    "module": sys,
    "none": None,
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("name", ["isbuiltin", "isfunction"])
def test_the_stand_in_says_what_inspect_says(name: str, kind: str) -> None:
    assert getattr(light_wrapt._Inspect(), name)(VALUES[kind]) is getattr(inspect, name)(VALUES[kind])


@pytest.mark.parametrize("name", ["isclass", "signature", "ismethod", "Parameter", "__file__"])
def test_the_stand_in_has_all_else_of_inspect(name: str) -> None:
    assert getattr(light_wrapt._Inspect(), name) is getattr(inspect, name)


def test_the_stand_in_lacks_what_inspect_lacks() -> None:
    assert not hasattr(light_wrapt._Inspect(), "no_such_name")


def test_only_inspect_is_stood_in_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "inspect")
    assert isinstance(light_wrapt._import("inspect"), light_wrapt._Inspect)
    assert "inspect" not in sys.modules
    assert light_wrapt._import("ast") is ast


@pytest.mark.parametrize("disabled", [None, "1"], ids=["C", "pure"])
def test_nothing_of_a_load_stays_in_sys_modules(monkeypatch: pytest.MonkeyPatch, disabled: str | None) -> None:
    monkeypatch.setattr(light_wrapt, "_loaded", {})
    monkeypatch.delenv("WRAPT_DISABLE_EXTENSIONS", raising=False)
    if disabled:
        monkeypatch.setenv("WRAPT_DISABLE_EXTENSIONS", disabled)
    before, import_before = dict(sys.modules), builtins.__import__
    loaded = light_wrapt._load()
    assert dict(sys.modules) == before
    assert builtins.__import__ is import_before
    assert hasattr(loaded.__call__, "__code__") is bool(disabled)


@pytest.mark.parametrize("disabled", [None, "1"], ids=["C", "pure"])
def test_a_wrapper_of_it_wraps(monkeypatch: pytest.MonkeyPatch, disabled: str | None) -> None:
    monkeypatch.setattr(light_wrapt, "_loaded", {})
    monkeypatch.setenv("WRAPT_DISABLE_EXTENSIONS", disabled or "")
    wrapper = light_wrapt._load()

    class Host:
        called = wrapper(lambda self, *args: args, lambda wrapped, instance, args, kwargs: (instance, wrapped(*args)))
        static = wrapper(staticmethod(lambda *args: args), lambda wrapped, instance, args, kwargs: wrapped(*args))

    host = Host()
    assert host.called(1, 2) == (host, (1, 2))
    assert host.static(1) == Host.static(1) == (1,)


def test_it_is_loaded_once() -> None:
    assert light_wrapt.function_wrapper() is light_wrapt.function_wrapper()
