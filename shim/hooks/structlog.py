"""structlog: an event dict is clean before each processor, also of what the processor before it has added."""

from __future__ import annotations

from functools import wraps
from gc import get_referents, is_tracked
from sys import _getframe, modules
from types import FunctionType

from ..event import clean_event, clean_positional
from ..policy import as_argument, as_field, is_kept_logger
from ..processors import before_last, interleaving, preceding
from ..report import failed
from ..scan import COLLECTOR_SEES_ALL, is_plain_at_once
from ..shapes import LEAVES
from ..views import seen_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..patching import Patches
    from ..settings import Settings

    Processor = Callable[[Any, Any, Any], Any]

_CHAINS = frozenset({"foreign_pre_chain", "processors", "processor"})  # the last one alone: before 21.3
_LEVELS = (0, 10, 20, 30, 40, 50)  # make_filtering_bound_logger returns one of six ready-made classes
_ARGUMENTS_LEFT = "arguments are left as they were"
_VARARGS = 4  # inspect.CO_VARARGS


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps the package `structlog`; returns why not, or an empty string.

    Raises AttributeError where its inside has changed.

    There is no wrapt here: structlog takes the first frame for its caller that is not in a module of its own, and so it
    would take a wrapper's for the host's code. What is replaced are the attributes in which the processors stand, as
    the methods see them that run the processors.
    """
    base, formatter = module._base.BoundLoggerBase, module.stdlib.ProcessorFormatter
    names = _CHAINS.intersection(_names_in(formatter.format))
    if "_processors" not in _names_in(base._process_event) or len(names) != 2:
        return "its inside has changed"
    cleaning = _cleaning_processor(patches, settings)
    observes = patches.recorder is not None and patches.recorder.observes
    view = before_last(cleaning) if observes else interleaving(cleaning)
    patches.put(base, "_processors", seen_by("_process_event", "_processors", view))
    views = {"processors": interleaving(cleaning), "processor": preceding(cleaning)}
    views["foreign_pre_chain"] = interleaving(cleaning, is_last=False)  # `processors` come after it
    for name in () if observes else names:  # a record is counted when it is made
        patches.put(formatter, name, seen_by("format", name, views[name]))
    make_class = vars(module).get("make_filtering_bound_logger")  # from 20.2 on
    classes = [make_class(level) for level in _LEVELS] if make_class else []
    _wrap_interpolation(classes, patches, settings)
    return ""


def _names_in(function: Any) -> tuple[str, ...]:
    return getattr(getattr(function, "__code__", None), "co_names", ())


def _cleaning_processor(patches: Patches, settings: Settings) -> Processor:
    field, argument = as_field(settings), as_argument(settings)
    recorder = patches.recorder

    def enum_log_shim_processor(logger: Any, method_name: str, event_dict: Any) -> Any:
        try:
            if COLLECTOR_SEES_ALL:  # `is_plain_at_once`, written out: the call costs 0.5 % of a line
                for part in get_referents(*get_referents(event_dict)):
                    if is_tracked(part):
                        break
                else:
                    return event_dict
            elif is_plain_at_once(event_dict):
                return event_dict
            if not patches.active:
                return event_dict
            if settings.keep_loggers and _is_kept(logger, _record(event_dict), settings):
                return event_dict
            cleaned = clean_event(event_dict, field, argument)
            if recorder is None:
                return cleaned
            return recorder.replaced(event_dict, cleaned, "event", "structlog", getattr(logger, "name", ""))
        except Exception as error:  # a host's own kind of event dict: it stays as it is
            failed("an event is left as it was", error)
            return event_dict

    return enum_log_shim_processor


def _record(event_dict: Any) -> Any:
    return event_dict.get("_record") if isinstance(event_dict, dict) else None


def _is_kept(logger: Any, record: Any, settings: Settings) -> bool:
    """By the name of the standard library's logger that it goes to or came from: structlog's own loggers have none.

    record: ProcessorFormatter's, which knows no logger of a record that is not structlog's.
    """
    return is_kept_logger(getattr(logger if record is None else record, "name", None), settings)


def _wrap_interpolation(classes: list[Any], patches: Patches, settings: Settings) -> None:
    """Where positional arguments are filled in before there is an event dict, as native loggers do from 22.2 on."""
    for cls in classes:
        for name, method in list(vars(cls).items()):
            if not isinstance(method, FunctionType) or not method.__code__.co_flags & _VARARGS:
                continue
            home = method.__globals__
            if _hands_on(home.get("_maybe_interpolate")):  # from 25.5 on
                patches.put(modules[home["__name__"]], "_maybe_interpolate", _interpolation(home, patches, settings))
                return
            if "event" in method.__code__.co_varnames and method.__name__ not in ("_nop", "_anop"):
                patches.put(cls, name, _method(method, patches, settings))


def _hands_on(interpolate: Any) -> bool:
    return interpolate is not None and interpolate("%s", ()) == "%s"


def _interpolation(home: dict[str, Any], patches: Patches, settings: Settings) -> Callable[..., Any]:
    original = home["_maybe_interpolate"]
    cleaned = _cleaned_positional(patches, settings)

    @wraps(original)
    def enum_log_shim_interpolate(event: Any, args: Any) -> Any:
        if not args:
            return event  # as the original does: calling it for that costs 0.5 % of a line, and a wrapt wrapper 8 %
        try:
            if not LEAVES.issuperset(map(type, args)):
                args = cleaned(_getframe(1).f_locals.get("self"), event, args)
        except Exception as error:  # a class whose metaclass can't be hashed
            failed(_ARGUMENTS_LEFT, error)
        return original(event, args)

    return enum_log_shim_interpolate


def _method(original: FunctionType, patches: Patches, settings: Settings) -> FunctionType:
    at = original.__code__.co_varnames.index("event")
    cleaned = _cleaned_positional(patches, settings)

    def enum_log_shim_method(*args: Any, **kwargs: Any) -> Any:
        try:
            if len(args) > at + 1 and not LEAVES.issuperset(map(type, args[at + 1 :])):
                args = args[: at + 1] + cleaned(args[0], args[at], args[at + 1 :])
        except Exception as error:  # a class whose metaclass can't be hashed
            failed(_ARGUMENTS_LEFT, error)
        return original(*args, **kwargs)

    # structlog looks for its caller past the frames of modules whose names begin with its own.
    own = {**globals(), "__name__": "structlog.enum_log_shim"}
    return FunctionType(enum_log_shim_method.__code__, own, original.__name__, None, enum_log_shim_method.__closure__)


def _cleaned_positional(patches: Patches, settings: Settings) -> Callable[..., Any]:
    argument = as_argument(settings)
    recorder = patches.recorder

    def cleaned_positional(bound_logger: Any, event: Any, args: Any) -> Any:
        try:
            if not patches.active or (settings.keep_loggers and _is_kept(bound_logger._logger, None, settings)):
                return args
            cleaned = clean_positional(args, event, argument)
            return cleaned if recorder is None else recorder.replaced(args, cleaned, "args", "structlog")
        except Exception as error:  # they stay as they are
            failed(_ARGUMENTS_LEFT, error)
            return args

    return cleaned_positional
