"""Which object is an enum: a member, an enum class, or a proxy of one."""

from __future__ import annotations

from types import ModuleType

from . import families
from .report import failed, is_foreign

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def as_enum(value: Any) -> Any:
    """The enum member or class that `value` is, or that it claims to be as a proxy does; None for anything else."""
    try:
        cls = type(value)
        if not families.BASES.isdisjoint(cls.__mro__):
            return value
        if issubclass(cls, ModuleType):  # a lazy module is imported when it is asked for an attribute
            return None
        claimed = value.__class__
        if claimed is cls or families.BASES.isdisjoint(claimed.__mro__):
            return None
        return value if issubclass(claimed, families.METACLASSES) else _behind(value, claimed)
    except Exception as error:
        if is_foreign(error):
            raise
        # `__class__` and a metaclass's `__hash__` are the host's code: no enum raises there
        failed("an object doesn't say whether it is an enum", error)
        return None


def _behind(proxy: Any, cls: Any) -> Any:
    """The member of `cls` that `proxy` stands for; None for a mock of one, which has no member's name or value."""
    member = cls._member_map_.get(proxy._name_)
    return cls._value2member_map_.get(proxy._value_) if member is None else member
