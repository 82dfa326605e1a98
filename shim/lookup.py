"""Whether a module that a setting names is there to be imported, found out without importing it."""

import os
import sys

from .patching import find_spec_elsewhere

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def start_folder() -> str:
    """The working directory, or an empty string, which is as good on a path, where it is none any more."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def missing(name: str, folder: str) -> str:
    """The first part of the dotted `name` that no finder has, or an empty string: "app.stats" of "app.stats.states".

    folder: counts as if it were on the path. A script from elsewhere doesn't have the folder that it is started in on
    its path, and what is started there as an app has.

    What lies in a package that is not imported yet is not looked for: only its own code says where that is. Raises
    what a host's finder raises.
    """
    path: "Any" = None
    found = ""
    for one in name.split("."):
        inner = "%s.%s" % (found, one) if found else one
        if found and path is None:
            return inner  # what it would lie in is no package
        if inner not in sys.modules:
            return "" if find_spec_elsewhere(None, inner, path) or (not found and _is_in(folder, inner)) else inner
        module: "Any" = sys.modules[inner]
        if module is None:  # the host's way to have no such module
            return ""
        found, path = inner, getattr(module, "__dict__", {}).get("__path__")
    return ""


def _is_in(folder: str, name: str) -> bool:
    finder: "Any" = sys.modules["_frozen_importlib_external"]
    return finder.PathFinder.find_spec(name, [folder]) is not None
