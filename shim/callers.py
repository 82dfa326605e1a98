"""Whose code called a logging library: the first frame outward that is neither the library's nor ours."""

from __future__ import annotations

import os
from sys import _getframe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Tuple

    Source = Tuple[str, int, str]

_FOLDER = os.path.dirname(os.path.abspath(__file__)) + os.sep
LIBRARIES = (
    "logging",
    "structlog",
    "loguru",
    "google.cloud.logging",
    "google.cloud.logging_v2",
    "aws_lambda_powertools",
)
# What runs or renders for somebody else.
_BETWEEN = frozenset({"wrapt", "threading", "concurrent", "asyncio", "contextlib", "functools", "json", "queue"})


def caller() -> tuple[Source, str]:
    """The file, line and function of the host's code, or "", 0 and "" where there is none on the stack, and the library
    that it called, or "".
    """
    library = ""
    frame: Any = _getframe(1)
    while frame is not None:
        if not is_ours(frame):
            module = _module(frame)
            found = library_of(module)
            if not found and module.partition(".")[0] not in _BETWEEN:
                return source(frame), library
            library = found or library
        frame = frame.f_back
    return ("", 0, ""), library


def renderer() -> Any:
    """The frame that asked for an enum's text: the innermost that is neither ours nor wrapt's."""
    frame: Any = _getframe(1)
    while frame is not None and (is_ours(frame) or _module(frame).partition(".")[0] == "wrapt"):
        frame = frame.f_back
    return frame


def is_logging(frame: Any) -> bool:
    """Whether a logging library is at work in `frame` or outward of it."""
    while frame is not None:
        if library_of(_module(frame)):
            return True
        frame = frame.f_back
    return False


def library_of(module: str) -> str:
    return next((name for name in LIBRARIES if module == name or module.startswith(name + ".")), "")


def source(frame: Any) -> Source:
    return frame.f_code.co_filename, frame.f_lineno or 0, frame.f_code.co_name


def is_ours(frame: Any) -> bool:
    return bool(frame.f_code.co_filename.startswith(_FOLDER))


def _module(frame: Any) -> str:
    name = frame.f_globals.get("__name__")
    return name if type(name) is str else ""
