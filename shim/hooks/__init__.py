"""One file a wrapped library: what of it is wrapped, and by what. Each has `wrap(module, patches, settings)`."""

from ..report import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Callable, Dict, List

    from ..patching import Hook, Patches
    from ..settings import Settings

    # Returns why nothing was wrapped, or an empty string.
    Wrap = Callable[[ModuleType, Patches, Settings], str]


def _logging(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import stdlib_logging

    return stdlib_logging.wrap(module, patches, settings)


def _loguru(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import loguru

    return loguru.wrap(module, patches, settings)


def _starlette(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import starlette

    return starlette.wrap(module, patches, settings)


def _structlog(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import structlog

    return structlog.wrap(module, patches, settings)


# The name for ENUM_LOG_SHIM_SKIP -> the module after whose import it is wrapped, and what wraps it. The files are
# imported then and not before: most processes of a container are a shell's small helpers, and import no such library.
HOOKS = {
    "logging": ("logging", _logging),
    "loguru": ("loguru", _loguru),
    "starlette": ("starlette.websockets", _starlette),
    "structlog": ("structlog", _structlog),
}


def by_module(patches: "Patches", settings: "Settings") -> "Dict[str, List[Hook]]":
    """The hooks to run after the import of each module: those that are not skipped, and ENUM_LOG_SHIM_TEXT's."""
    found: "Dict[str, List[Hook]]" = {}
    for name, (module, wrap) in HOOKS.items():
        if name in settings.skip:
            if settings.debug:
                say("%s is not wrapped: ENUM_LOG_SHIM_SKIP names it" % name)
        else:
            found.setdefault(module, []).append(_guarded(name, wrap, patches, settings))
    found.setdefault("enum", []).append(_add_family)
    for entry in settings.text_classes:
        module, _, path = entry.partition(":")
        found.setdefault(module, []).append(_guarded(entry, _text_class(path), patches, settings))
    return found


def _add_family(module: "ModuleType") -> None:
    """`enum` is imported for the first time, or again after somebody unloaded it."""
    if "EnumMeta" not in vars(module):
        return  # a module of the host's own by that name
    try:
        from .. import families

        if "add" in vars(families):  # else it is just importing `enum` itself
            families.add(module)
    except Exception as error:  # it runs inside the host's import statement
        say("enums of %r are not known: %s: %s" % (module, type(error).__name__, error))


def _text_class(path: str) -> "Wrap":
    def wrap(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
        from .. import rendering

        return rendering.wrap(module, path, patches, settings)

    return wrap


def _guarded(name: str, wrap: "Wrap", patches: "Patches", settings: "Settings") -> "Hook":
    """`wrap` as a hook that raises nothing: it runs inside the host's import statement, and would make that fail."""

    def hook(module: "ModuleType") -> None:
        try:
            reason = wrap(module, patches, settings)
        except Exception as error:
            say(_failure(name, error))
        else:
            if settings.debug:
                say("%s is not wrapped: %s" % (name, reason) if reason else "%s is wrapped" % name)

    return hook


def _failure(name: str, error: Exception) -> str:
    if isinstance(error, ImportError) and error.name == "wrapt":
        return "wrapt is not installed for this Python, so enums stay as they are: pip install wrapt"
    return "%s is not wrapped: %s: %s" % (name, type(error).__name__, error)
