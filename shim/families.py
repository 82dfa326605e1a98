"""The modules that define what an enum is: the standard library's, any other copy of it in this process, and aenum.

Below 4.13 ddtrace unloads `enum` where gevent is installed, and the host's classes then come from a second one. aenum's
Enum is a subclass of the standard library's in some of its versions, and in others it is none.
"""

from __future__ import annotations

import enum
from weakref import ref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Read as attributes of this module, because they are replaced by longer ones.
BASES: frozenset[type] = frozenset({enum.Enum, enum.EnumMeta})
ENUMS: tuple[type, ...] = (enum.Enum,)
METACLASSES: tuple[type, ...] = (enum.EnumMeta,)
FLAGS: tuple[type, ...] = (enum.Flag,)
PACKAGES: frozenset[str] = frozenset({"enum"})
# By their ids, classes met so far whose objects are neither enums nor containers, nor can they claim to be.
OTHERS: dict[int, ref[type]] = {}


def add(module: Any) -> None:
    """What derives from the classes of `module` counts as an enum from now on."""
    global BASES, ENUMS, METACLASSES, FLAGS, PACKAGES
    if module.Enum not in ENUMS:
        BASES |= {module.Enum, module.EnumMeta}
        ENUMS += (module.Enum,)
        METACLASSES += (module.EnumMeta,)
        if hasattr(module, "Flag"):  # aenum has flags from 2.0 on
            FLAGS += (module.Flag,)
        PACKAGES |= {module.__name__}
        OTHERS.clear()


def wrote(method: Any) -> bool:
    """Whether one of the modules wrote `method` of an enum class, and not the class's author."""
    module = getattr(method, "__module__", None)
    return isinstance(module, str) and module.partition(".")[0] in PACKAGES  # aenum's is `aenum._enum` in some versions
