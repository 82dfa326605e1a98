"""The standard library's logging: every record is clean when it is made, and again before a handler emits it."""

from __future__ import annotations

from functools import wraps
from types import FunctionType
from weakref import ref

from ..filters import OwnFilter
from ..passage import record_wrappers
from ..record import Cleaner
from ..report import failed
from ..stock import own_class, unbound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..filters import Clean
    from ..patching import Patches
    from ..settings import Settings

    Wrapper = Callable[..., Any]

_CLASS_LEFT = "a handler class is left as it was"


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps the module `logging`; returns an empty string: there is nothing that it would leave.

    Raises ImportError without wrapt, AttributeError where the inside of `logging` has changed.

    `Filterer.filter`, which every record passes once for the logger and once for each handler, is replaced by a plain
    function: a wrapt wrapper there doubles the shim's cost.
    """
    cleaner = Cleaner(settings, patches)
    make_record, filter_wrapper = record_wrappers(module, cleaner)

    def meet(handler_class: Any) -> None:
        _wrap_own_filter(handler_class, stock_handler, cleaner.clean, patches)

    stock_handler = own_class(module, "Handler")
    patches.wrap(own_class(module, "Logger"), "makeRecord", make_record)
    patches.put(own_class(module, "Filterer"), "filter", filter_wrapper)
    patches.put(stock_handler, "__init__", _init(stock_handler, meet))
    for reference in list(module._handlerList):  # the handlers that the host made before it was our turn
        if isinstance(reference, ref):
            meet(type(reference()))
    return ""


def _init(handler_class: Any, meet: Callable[[Any], None]) -> Wrapper:
    """`Handler.__init__`, where the handler classes show up that go their own way, past `Handler.filter`."""
    original = unbound(vars(handler_class)["__init__"])

    @wraps(vars(handler_class)["__init__"])
    def enum_log_shim_init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        try:
            meet(type(self))
        except Exception as error:  # the border: the host has its handler
            failed(_CLASS_LEFT, error)

    return enum_log_shim_init


def _wrap_own_filter(cls: Any, handler_class: Any, clean: Clean, patches: Patches) -> None:
    try:
        for base in cls.__mro__:
            method = vars(base).get("filter")
            if base is not handler_class and isinstance(method, FunctionType) and issubclass(base, handler_class):
                patches.put(base, "filter", OwnFilter(method, clean))
    except Exception as error:  # a host's class that can't be changed: its records are as clean as they were made
        failed(_CLASS_LEFT, error)
