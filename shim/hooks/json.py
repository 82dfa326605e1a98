"""json and simplejson: where an encoder is about to raise, it writes an enum's string if that is for a log call.

Nearly every process imports `json`, also those that log nothing. So this is all that is loaded with it.
"""

from __future__ import annotations

from functools import wraps
from sys import _getframe

from ..report import failed, is_ours

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..patching import Patches
    from ..settings import Settings


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps `JSONEncoder.default` of `module`; returns an empty string. Raises KeyError where there is none."""
    encoder = vars(module)["JSONEncoder"]
    patches.put(encoder, "default", _default(vars(encoder)["default"], patches, settings))
    return ""


def _default(original: Callable[..., Any], patches: Patches, settings: Settings) -> Callable[..., Any]:
    written: Any = None

    @wraps(original)
    def default(self: Any, o: Any) -> Any:
        nonlocal written
        try:
            if written is None:
                written = _writer(patches, settings)
            new = written(self, o, _getframe(1)) if patches.active else None
        except Exception as error:
            if not is_ours(error):
                raise
            new = None
            failed("json raises as before", error)
        return original(self, o) if new is None else new

    return default


def _writer(patches: Patches, settings: Settings) -> Callable[..., Any]:
    from ..log_calls.members import Members

    return Members(patches, settings).in_json
