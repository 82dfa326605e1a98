"""Starlette: `WebSocketState` renders as its string, because the text of an f-string is made before the log call."""

from __future__ import annotations

from .. import rendering

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from ..patching import Patches
    from ..settings import Settings


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps `starlette.websockets`. Raises ImportError without wrapt, AttributeError where there is no such class."""
    return rendering.wrap(module, "WebSocketState", patches, settings)
