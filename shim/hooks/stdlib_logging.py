"""The standard library's logging: every record is clean when it is made, and again before a handler emits it."""

from __future__ import annotations

from functools import wraps
from types import FunctionType
from weakref import ref

from ..filters import OwnFilter
from ..passage import record_wrappers, stock
from ..record import Cleaner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..filters import Clean
    from ..patching import Patches
    from ..settings import Settings

    Wrapper = Callable[..., Any]


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps the module `logging`; returns an empty string: there is nothing that it would leave.

    Raises ImportError without wrapt, AttributeError where the inside of `logging` has changed.

    A record passes `Filterer.filter` once for its logger and once for each handler. Handlers and loggers get plain
    functions in its place, because a wrapt wrapper there doubles the shim's cost; and loggers only once one of them has
    a filter, because before that nobody reads the record there.
    """
    cleaner = Cleaner(settings, patches)
    make_record, filter_wrapper, distrust = record_wrappers(module, cleaner, patches)

    def meet(handler_class: Any) -> None:
        _wrap_own_filter(handler_class, module.Handler, cleaner.clean, patches)
        if not _is_stock_way(handler_class, module):
            distrust()

    patches.wrap(module.Logger, "makeRecord", make_record)
    patches.put(module.Handler, "filter", filter_wrapper)
    patches.put(module.Handler, "__init__", _init(module.Handler, meet))
    patches.put(module.Logger, "addFilter", _add_filter(module, patches, filter_wrapper))
    for reference in list(module._handlerList):  # the handlers that the host made before it was our turn
        if isinstance(reference, ref):
            meet(type(reference()))
    loggers = module.root, *module.Logger.manager.loggerDict.values()
    if any(getattr(logger, "filters", None) for logger in loggers):
        patches.put(module.Logger, "filter", filter_wrapper)
    return ""


def _add_filter(logging: Any, patches: Patches, filter_wrapper: Wrapper) -> Wrapper:
    """`Logger.addFilter`, after which loggers need a filter wrapper too."""

    @wraps(vars(logging.Filterer)["addFilter"])
    def enum_log_shim_add_filter(*args: Any, **kwargs: Any) -> Any:
        patches.put(logging.Logger, "filter", filter_wrapper)
        return logging.Filterer.addFilter(*args, **kwargs)

    return enum_log_shim_add_filter


def _init(handler_class: Any, meet: Callable[[Any], None]) -> Wrapper:
    """`Handler.__init__`, where the handler classes show up that go their own way, past `Handler.filter`."""
    original = _unbound(vars(handler_class)["__init__"])

    @wraps(vars(handler_class)["__init__"])
    def enum_log_shim_init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        meet(type(self))

    return enum_log_shim_init


def _is_stock_way(handler_class: Any, logging: Any) -> bool:
    """Whether a record goes from its Logger to such a handler's filters through the standard library's code alone."""
    try:
        if not (stock(logging.Logger, "handle", logging) and stock(logging.Logger, "callHandlers", logging)):
            return False
        return all("handle" not in vars(cls) or stock(cls, "handle", logging) for cls in handler_class.__mro__)
    except Exception:  # a metaclass of the host's
        return False


def _wrap_own_filter(cls: Any, handler_class: Any, clean: Clean, patches: Patches) -> None:
    try:
        for base in cls.__mro__:
            method = vars(base).get("filter")
            if base is not handler_class and isinstance(method, FunctionType) and issubclass(base, handler_class):
                patches.put(base, "filter", OwnFilter(method, clean))
    except Exception:  # a host's class that can't be changed: its records are as clean as they were made
        pass


def _unbound(method: Any) -> Wrapper:
    """`method` as a function of the instance and the rest; another agent's wrapper has to be bound to be itself."""
    if isinstance(method, FunctionType):
        return method
    return lambda self, *args, **kwargs: method.__get__(self, type(self))(*args, **kwargs)
