"""Lines on stderr: the one way in which the shim speaks to people."""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Set

_MOST = 100
_said: "Set[str]" = set()


def say(line: str) -> None:
    """Writes one line to stderr, the same one once in a process and no more than 100 in all; raises nothing."""
    if line in _said or len(_said) >= _MOST:
        return
    _said.add(line)
    write("enum-log-shim: " + line + "\n")


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
