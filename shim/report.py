"""Lines on stderr: the one way in which the shim speaks to people."""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Set, Tuple

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


def is_foreign(error: Exception) -> bool:
    """Whether a signal handler has raised `error`, as RQ's and Celery's time limits do: told by its function.

    For where we call code of the host's, which may raise anything itself.
    """
    return not _handlers().isdisjoint(frame.f_code for frame in _frames(error))


def is_ours(error: Exception) -> bool:
    """Whether `error` was raised by our code or by the standard library's that we use, where we call none of the host's
    but a module loader's `get_source`. Any other only passes through us.
    """
    frames = _frames(error)
    if any(frame.f_code.co_name == "get_source" for frame in frames):
        return not is_foreign(error)
    file = frames[-1].f_code.co_filename
    return file.startswith((_FOLDER, _STANDARD_LIBRARY, "<frozen ")) and _may_be_ours(error)


def _may_be_ours(error: Exception) -> bool:
    return type(error).__module__ == "builtins" and not isinstance(error, TimeoutError)


def _frames(error: Exception) -> "List[Any]":
    """Those that it has passed, the innermost last."""
    trace, frames = error.__traceback__, []
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return frames


def _handlers() -> "Set[Any]":
    """The code of the signal handlers that are set: functions, methods or objects."""
    signal = sys.modules.get("signal")  # who has not imported it has set none
    handlers = [signal.getsignal(number) for number in signal.valid_signals()] if signal else []
    functions = [one if hasattr(one, "__code__") else getattr(type(one), "__call__", None) for one in handlers]  # noqa: B004
    return {getattr(function, "__code__", None) for function in functions} - {None}


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
