"""Lines on stderr: the one way in which the shim speaks to people."""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set, Tuple

_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
_STANDARD_LIBRARY = os.path.dirname(os.__file__) + os.sep
_MOST = 100
_said: "Set[str]" = set()
_failures: "Set[Tuple[str, str]]" = set()
_tells_failures = False


def say(line: str) -> None:
    """Writes one line to stderr, the same one once in a process and no more than 100 in all; raises nothing."""
    if line in _said or len(_said) >= _MOST:
        return
    _said.add(line)
    write("enum-log-shim: " + line + "\n")


def tell_failures(is_wanted: bool) -> None:
    """Whether `failed` says anything: ENUM_LOG_SHIM_DEBUG."""
    global _tells_failures
    _tells_failures = is_wanted


def failed(what: str, error: Exception) -> None:
    """Tells what became of a failure that the host must not see; each kind once in a process, not at every call.

    Raises nothing.
    """
    try:
        kind = (what, type(error).__name__)
        if _tells_failures and kind not in _failures:
            _failures.add(kind)
            say("%s: %s: %s%s" % (what, type(error).__name__, error, _origin(error)))
    except Exception:  # the error's text is the host's code
        pass


def is_ours(error: Exception) -> bool:
    """Whether `error` was raised by our code, or by what that asked for: one that only passes through it goes on.

    A signal handler's (RQ's and Celery's time limits) comes from a function of the host's, and one that another thread
    sets (`PyThreadState_SetAsyncExc`) has a class of the host's.
    """
    trace, file = error.__traceback__, ""
    names: "Set[str]" = set()
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        names.add(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    is_known = file.startswith((_FOLDER, _STANDARD_LIBRARY, "<frozen ")) or "get_source" in names  # a loader's
    return is_known and type(error).__module__ == "builtins"


def _origin(error: BaseException) -> str:
    """Where it came from, as " (convert.py:12)"."""
    trace, line = error.__traceback__, ""
    while trace is not None:
        line = " (%s:%d)" % (os.path.basename(trace.tb_frame.f_code.co_filename), trace.tb_lineno)
        trace = trace.tb_next
    return line


def write(text: str) -> None:
    """Writes to stderr, and raises nothing.

    Past the buffer: what can't be written there is tried again at exit, and makes the host's exit code 120.
    """
    try:
        if sys.stderr is sys.__stderr__ and sys.stderr is not None:
            os.write(sys.stderr.fileno(), text.encode(sys.stderr.encoding, "backslashreplace"))
        else:  # a host's own object
            sys.stderr.write(text)
    except Exception:  # stderr is None, closed or full: nobody is there to be told
        pass
