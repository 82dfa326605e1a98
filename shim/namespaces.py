"""What an object holds, read past whatever its class or metaclass defines: no code of the host's runs."""

from __future__ import annotations

from types import GetSetDescriptorType, MemberDescriptorType, ModuleType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

mro: Any = vars(type)["__mro__"].__get__
of_class: Any = vars(type)["__dict__"].__get__
module_name: Any = vars(type)["__module__"].__get__
class_name: Any = vars(type)["__name__"].__get__
_of_module: Any = vars(ModuleType)["__dict__"].__get__


def is_class(value: Any) -> bool:
    return issubclass(type(value), type)


def of_instance(value: Any) -> Any:
    """The `__dict__` of a module or another object; an empty one where it has none that can be read so."""
    if issubclass(type(value), ModuleType):  # a lazy one imports when it is asked for an attribute
        return _of_module(value)
    for base in mro(type(value)):
        descriptor = of_class(base).get("__dict__")
        if type(descriptor) in (GetSetDescriptorType, MemberDescriptorType):  # SimpleNamespace has the latter
            own = descriptor.__get__(value)
            return own if type(own) is dict else {}
        if descriptor is not None:
            return {}  # a property of the host's
    return {}
