"""The way in for agents that look for entry points, where their sitecustomize is in front of ours and runs no other.

Installed as `enum_log_shim`, beside `shim`: whoever loads an entry point imports it by its name, and a host may well
have a module called `shim`. Valid from Python 3.6 on, because an error here would end that agent's own start.
"""

import importlib.util
import os
import sys

# The door's name for the package, which is then the same one whoever is first.
_NAME = "_enum_log_shim"
_OFF = ("", "0", "false", "no", "off")


def enter() -> None:
    """Installs the shim if ENUM_LOG_SHIM is on, as the door does. Raises nothing: it is one line on stderr instead.

    Called by opentelemetry-instrumentation for each entry point in its group `opentelemetry_pre_instrument`; what that
    raises would end its own work.
    """
    if os.environ.get("ENUM_LOG_SHIM", "").strip().lower() in _OFF:
        return
    try:
        if sys.version_info < (3, 8):
            raise RuntimeError("needs Python 3.8 or newer, and this is %d.%d" % sys.version_info[:2])
        if _NAME not in sys.modules:
            _load()
        sys.modules[_NAME].install()
    except Exception as error:  # the border to the agent
        _say("not installed: %s: %s" % (type(error).__name__, error))


def _load() -> None:
    place = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "shim", "__init__.py")
    spec = importlib.util.spec_from_file_location(_NAME, place)
    if spec is None or spec.loader is None:
        raise ImportError("%s can't be loaded" % place)
    sys.modules[_NAME] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)


def _say(line: str) -> None:
    try:  # past the buffer, as the door does
        os.write(sys.stderr.fileno(), ("enum-log-shim: " + line + "\n").encode("ascii", "backslashreplace"))
    except Exception:  # stderr may be None, closed or full: nobody is there to be told
        pass
