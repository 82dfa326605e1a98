"""Faults: an error raised at the start of a function of the shim's, or in place of a built-in that it calls."""

import sys
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import shim

_FOLDER = str(Path(shim.__file__).parent)
_NEVER = (str(Path(_FOLDER, "cli")),)  # the commands, which run in no host


class Fault(Exception):
    """A mistake of ours, as any other."""


def _site(frame, event, callee):
    """(file, function, its line, what is called in it or None for its start), or None for what is not ours."""
    file = frame.f_code.co_filename
    if event not in ("call", "c_call") or not file.startswith(_FOLDER) or file.startswith(_NEVER):
        return None
    called = None if event == "call" else getattr(callee, "__qualname__", repr(callee))
    return file[len(_FOLDER) + 1 :], frame.f_code.co_name, frame.f_code.co_firstlineno, called


@contextmanager
def _profiled(profiler):
    before = sys.getprofile()
    sys.setprofile(profiler)
    try:
        yield
    finally:
        sys.setprofile(before)


def calls(function):
    """How often what of the shim ran in a call of `function`."""
    counts = Counter()

    def profiler(frame, event, callee):
        site = _site(frame, event, callee)
        if site is not None:
            counts[site] += 1

    with _profiled(profiler):
        function()
    return counts


@contextmanager
def fault(site, number, error):
    """Raises an `error` when `site` is reached for the `number`th time; yields a list that says whether it was."""
    reached = []
    left = number

    def profiler(frame, event, callee):
        nonlocal left
        if not reached and _site(frame, event, callee) == site:
            left -= 1
            if left == 0:
                reached.append(frame.f_code)
                raise error("injected")  # and CPython takes the profiler out

    with _profiled(profiler):
        yield reached
