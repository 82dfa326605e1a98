"""An enum class whose members render as their string in `str()`, f-strings and `format()` too, and in `repr()` where an
argument of a log call is evaluated: that is what a container shows in an f-string.
"""

from __future__ import annotations

from . import families
from .callers import renderer
from .log_calls.members import Members
from .policy import is_kept, named
from .report import failed, is_ours
from .text import author_str, has_author_format, text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from .patching import Patches
    from .settings import Settings


def wrap(module: ModuleType, path: str, patches: Patches, settings: Settings) -> str:
    """Wraps the enum class at `path` ("Class" or "Outer.Class") in `module`; returns why not, or an empty string.

    Raises AttributeError where there is no such class, TypeError where it is no enum's, ImportError without wrapt.
    """
    cls = named(f"{module.__name__}:{path}")
    if cls is None:
        raise AttributeError(f"{module.__name__} has no {path}")
    if not isinstance(cls, families.METACLASSES):
        raise TypeError(f"{path} is no enum class")
    if is_kept(cls, settings):
        return "ENUM_LOG_SHIM_KEEP names it"
    if settings.style is not None or author_str(cls) is None:
        patches.wrap(cls, "__str__", _str_wrapper(patches, settings.style))
    if not has_author_format(cls):
        patches.wrap(cls, "__format__", _format_wrapper(patches, settings.style))
    patches.wrap(cls, "__repr__", _repr_wrapper(patches, settings))
    return ""


def _str_wrapper(patches: Patches, style: str | None) -> Callable[..., Any]:
    recorder = patches.recorder

    def enum_log_shim_str(wrapped: Any, member: Any, args: Any, kwargs: Any) -> Any:
        rendered = wrapped(*args, **kwargs)
        if not patches.active:
            return rendered
        try:
            new = text(member, style or "lower")
            return new if recorder is None else recorder.rendered(member, rendered, new)
        except Exception as error:  # the border: the host has its text
            failed("an enum's text is left as it was", error)
            return rendered

    return enum_log_shim_str


def _format_wrapper(patches: Patches, style: str | None) -> Callable[..., Any]:
    recorder = patches.recorder

    def enum_log_shim_format(wrapped: Any, member: Any, args: Any, kwargs: Any) -> Any:
        rendered = wrapped(*args, **kwargs)
        if not patches.active:
            return rendered
        try:
            new = format(text(member, style), *args, **kwargs)
            return new if recorder is None else recorder.rendered(member, rendered, new)
        except ValueError:  # a spec for numbers (`:d`), which the member took and its string doesn't
            return rendered
        except Exception as error:  # the border: the host has its text
            failed("an enum's text is left as it was", error)
            return rendered

    return enum_log_shim_format


def _repr_wrapper(patches: Patches, settings: Settings) -> Callable[..., Any]:
    members = Members(patches, settings)

    def enum_log_shim_repr(wrapped: Any, member: Any, args: Any, kwargs: Any) -> Any:
        rendered = wrapped(*args, **kwargs)
        try:
            new = members.in_repr(member, renderer()) if patches.active else None
        except Exception as error:
            if not is_ours(error):
                raise
            failed("an enum's text is left as it was", error)
            new = None
        return rendered if new is None else new

    return enum_log_shim_repr
