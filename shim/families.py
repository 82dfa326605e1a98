"""The modules that define what an enum is: the standard library's, and any other copy of it in this process.

Below 4.13 ddtrace unloads `enum` where gevent is installed, and the host's classes then come from a second one.
"""

from __future__ import annotations

import enum

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Read as attributes of this module, because they are replaced by longer ones.
BASES: frozenset[type] = frozenset({enum.Enum, enum.EnumMeta})
ENUMS: tuple[type, ...] = (enum.Enum,)
METACLASSES: tuple[type, ...] = (enum.EnumMeta,)
FLAGS: tuple[type, ...] = (enum.Flag,)


def add(module: Any) -> None:
    """What derives from the classes of `module` counts as an enum from now on."""
    global BASES, ENUMS, METACLASSES, FLAGS
    if module.Enum not in ENUMS:
        BASES |= {module.Enum, module.EnumMeta}
        ENUMS += (module.Enum,)
        METACLASSES += (module.EnumMeta,)
        FLAGS += (module.Flag,)
