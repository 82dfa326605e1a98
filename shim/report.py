"""Lines on stderr: the one way in which the shim speaks to people."""

import sys


def say(line: str) -> None:
    """Writes one line to stderr; raises nothing."""
    try:
        sys.stderr.write("enum-log-shim: " + line + "\n")
    except Exception:  # stderr is None under pythonw and may be closed in a daemon: nobody is there to be told
        pass
