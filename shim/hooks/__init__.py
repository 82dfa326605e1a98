"""One file a wrapped library: what of it is wrapped, and by what. Each has `wrap(module, patches, settings)`."""

import os

from ..report import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Callable, Dict, List, Optional

    from ..patching import Hook, Patches
    from ..settings import Settings

    # Returns why nothing was wrapped, or an empty string.
    Wrap = Callable[[ModuleType, Patches, Settings], str]


def _logging(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import stdlib_logging

    return stdlib_logging.wrap(module, patches, settings)


def _json(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import json

    return json.wrap(module, patches, settings)


def _structlog(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import structlog

    return structlog.wrap(module, patches, settings)


def _loguru(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import loguru

    return loguru.wrap(module, patches, settings)


def _google_cloud_logging(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import google_cloud_logging

    return google_cloud_logging.wrap(module, patches, settings)


def _powertools(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import powertools

    return powertools.wrap(module, patches, settings)


def _starlette(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    from . import starlette

    return starlette.wrap(module, patches, settings)


def _family(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
    """`enum` or `aenum` is imported for the first time, or again after somebody unloaded it."""
    metaclass = vars(module).get("EnumMeta")
    if not (isinstance(metaclass, type) and isinstance(vars(module).get("Enum"), metaclass)):
        return "a module of the host's own by that name"
    from .. import families

    if "add" in vars(families):  # else it is just importing `enum` itself
        families.add(module)
    return ""


# The name for ENUM_LOG_SHIM_SKIP -> the modules after whose import it is wrapped, and what wraps it. The files are
# imported then and not before: most processes of a container are a shell's small helpers, and import no such library.
HOOKS = {
    "logging": ("logging", _logging),
    "json": ("json.encoder simplejson.encoder", _json),
    "structlog": ("structlog", _structlog),
    "loguru": ("loguru", _loguru),
    "google-cloud-logging": ("google.cloud.logging_v2.client google.cloud.logging.client", _google_cloud_logging),
    "powertools": ("aws_lambda_powertools.logging.formatter", _powertools),
    "starlette": ("starlette.websockets", _starlette),
    "aenum": ("aenum", _family),
}


def by_module(patches: "Patches", settings: "Settings") -> "Dict[str, List[Hook]]":
    """The hooks to run after the import of each module: those that are not skipped, and ENUM_LOG_SHIM_TEXT's."""
    found: "Dict[str, List[Hook]]" = {}
    for name, (modules, wrap) in HOOKS.items():
        if name in settings.skip:
            if settings.debug:
                say("%s is not wrapped: ENUM_LOG_SHIM_SKIP names it" % name)
            continue
        for module in modules.split():
            found.setdefault(module, []).append(_guarded(name, wrap, patches, settings, settings.debug))
    found.setdefault("enum", []).append(_guarded("enum", _family, patches, settings, False))
    for entry in settings.text_classes:
        module, _, path = entry.partition(":")
        found.setdefault(module, []).append(_guarded(entry, _text_class(path), patches, settings, settings.debug))
        look = _look_for(entry, module, patches)
        for end in (at for at, character in enumerate(module) if character == "."):
            found.setdefault(module[:end], []).append(look)
    return found


def _text_class(path: str) -> "Wrap":
    def wrap(module: "ModuleType", patches: "Patches", settings: "Settings") -> str:
        from .. import rendering

        return rendering.wrap(module, path, patches, settings)

    return wrap


def _look_for(entry: str, module: str, patches: "Patches") -> "Callable[..., None]":
    """Tells of a module that is not there: as soon as a package is imported that it would lie in, and else at the end
    of the process, because the path on which it lies may be made at any time.
    """
    import atexit

    from ..lookup import missing, start_folder

    process, folder = os.getpid(), start_folder()

    def look(package: "Optional[ModuleType]" = None) -> None:
        if not patches.active or (package is None and os.getpid() != process):
            return  # of a server's workers, each has its end
        try:
            lost = missing(module, folder)
        except Exception:  # a host's own finder, which is asked for what the host does not import
            return
        if lost:
            say("ENUM_LOG_SHIM_TEXT names %s, and there is no module %s" % (entry, lost))

    atexit.register(look)
    return look


def _guarded(name: str, wrap: "Wrap", patches: "Patches", settings: "Settings", is_told: bool) -> "Hook":
    """`wrap` as a hook that raises nothing: it runs inside the host's import statement, and would make that fail.

    is_told: it says what it did, and not only where that failed.
    """

    def hook(module: "ModuleType") -> None:
        try:
            reason = wrap(module, patches, settings)
            if is_told:
                say("%s is not wrapped: %s" % (name, reason) if reason else "%s is wrapped" % name)
        except Exception as error:
            try:
                say(_failure(name, error))
            except Exception:  # the error's text is the host's code
                pass

    return hook


def _failure(name: str, error: Exception) -> str:
    if isinstance(error, ImportError) and error.name == "wrapt":
        return "wrapt is not installed for this Python, so enums stay as they are: pip install wrapt"
    return "%s is not wrapped: %s: %s" % (name, type(error).__name__, error)
