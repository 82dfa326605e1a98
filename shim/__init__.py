"""Turns every enum that reaches a log call into a string, with no change to the source of the app that logs it.

Switched on from outside: this folder's parent on PYTHONPATH, and ENUM_LOG_SHIM=1 in the environment.
"""

import os
import sys

from .settings import Settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional

    from .sites import Site

__all__ = ["Settings", "install", "installed", "recorded", "uninstall"]


def install(settings: "Optional[Settings]" = None) -> bool:
    """Wraps what the host has imported, and what it will import later. Returns whether the shim is installed then,
    be it to convert or to observe.

    Without `settings` the environment is read, and ENUM_LOG_SHIM may be unset but not off. A bad value there is one
    line on stderr. A second call changes nothing, whatever its settings. Raises nothing: a library that can't be
    wrapped is one line on stderr, and so is a missing wrapt, or whatever else fails: nothing stays wrapped then.
    """
    try:
        return installed() or _install(settings or _from_environment())
    except Exception as error:  # the border: the host starts
        _tell("not installed", error)
        uninstall()
        return False


def _from_environment() -> Settings:
    from .hooks import HOOKS
    from .report import say
    from .settings import read

    settings, complaints = read({"ENUM_LOG_SHIM": "1", **os.environ}, HOOKS)
    for line in complaints:
        say(line)
    return settings


def _install(settings: Settings) -> bool:
    from . import hooks, patching
    from .report import tell_failures

    if settings.mode == "off":
        return False
    tell_failures(settings.debug)
    patches = patching.Patches()
    if settings.mode == "observe" or settings.sites is not None:
        patches.recorded = settings
    patching.EnumLogShimFinder(hooks.by_module(patches, settings), patches).start()
    return True


def _tell(what: str, error: Exception) -> None:
    try:
        line = "%s: %s: %s" % (what, type(error).__name__, error)
        try:
            from .report import say
        except Exception:  # it may be the very module that is broken
            os.write(sys.stderr.fileno(), ("enum-log-shim: %s\n" % line).encode("ascii", "backslashreplace"))
        else:
            say(line)
    except Exception:  # nobody is there to be told, or the error's text is the host's code
        pass


def uninstall() -> None:
    """Puts back exactly what was there, where it is still ours; what somebody put over ours stays. Raises nothing."""
    try:
        finder = _finder()
        if finder is not None:
            finder.stop()
    except Exception as error:  # the border: what is wrapped still goes on as it did
        _tell("not wholly uninstalled", error)


def installed() -> bool:
    """Whether the shim is installed in this process, by this copy of it or by another one. Raises nothing."""
    return _finder() is not None


def recorded() -> "Dict[Site, int]":
    """How often each call site was seen in this process: (file, line, function, logger, place, class) -> calls.

    Empty where nothing is recorded. Raises nothing.
    """
    try:
        recorder = installed() and _finder().patches.recorder
        return recorder.sites.recorded() if recorder else {}
    except Exception as error:  # the border
        _tell("what is recorded can't be told", error)
        return {}


def _finder() -> "Any":
    """The finder in `sys.meta_path`, told by its name: another copy of this package has a class of its own."""
    return next((finder for finder in sys.meta_path if type(finder).__name__ == "EnumLogShimFinder"), None)
