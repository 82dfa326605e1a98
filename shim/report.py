"""Lines on stderr: the one way in which the shim speaks to people."""

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
    try:
        sys.stderr.write("enum-log-shim: " + line + "\n")
    except Exception:  # stderr is None under pythonw and may be closed in a daemon: nobody is there to be told
        pass
