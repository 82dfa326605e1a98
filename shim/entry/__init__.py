"""The way in for agents that look for entry points, where their sitecustomize is in front of ours and runs no other.

Installed as `enum_log_shim`, beside `shim`: whoever loads an entry point imports it by its name, and a host may well
have a module called `shim`.
"""

from __future__ import annotations

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
        if _NAME not in sys.modules:
            _load()
        sys.modules[_NAME].install()
    except Exception as error:  # the border to the agent
        print(f"enum-log-shim: not installed: {type(error).__name__}: {error}", file=sys.stderr)


def _load() -> None:
    place = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "shim", "__init__.py")
    spec = importlib.util.spec_from_file_location(_NAME, place)
    if spec is None or spec.loader is None:
        raise ImportError(f"{place} can't be loaded")
    sys.modules[_NAME] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
