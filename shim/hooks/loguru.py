"""loguru: arguments are clean when they are formatted, and records when a patcher, filter or handler sees them."""

from __future__ import annotations

from functools import partial, wraps
from sys import _getframe
from types import FunctionType

from ..braces import Template
from ..convert import clean
from ..loguru_record import RecordCleaner, plain_types
from ..members import as_enum
from ..policy import as_argument, as_field, is_kept_logger
from ..report import failed
from ..scan import is_plain_at_once
from ..shapes import LEAVES, renders_itself, shape_of
from ..views import seen_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..patching import Patches
    from ..settings import Settings

    Function = Callable[..., Any]

_NEW = ("self", "level", "from_decorator", "options", "message", "args", "kwargs")
_OLD = ("self", "level_id", "static_level_no", *_NEW[2:])  # before 0.7
_OPTIONS = 9
_NUMBER = 2  # in what Core.levels_lookup holds
_CALLER = 4  # frames from `_Calls._cleaned` to the caller of `Logger.info` and the like
_PLAIN_LEVELS = frozenset({str, int, type(None)})


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps the package `loguru`; returns why not, or an empty string.

    Raises ImportError without wrapt, AttributeError where its inside has changed.

    `Logger._log` counts the frames up to its caller, and how many of them a wrapt wrapper is depends on whether wrapt
    has its C extension: a plain function is one.
    """
    logger_class, handler_class = module._logger.Logger, module._handler.Handler
    if not _is_known(logger_class._log, handler_class.emit, module.logger._options):
        return "its inside has changed"
    records = RecordCleaner(plain_types(module), patches, settings)
    calls = _Calls(module._logger.context, records, patches, settings)
    watch = _watch(handler_class, records, patches)
    patches.wrap(module._logger.Colorizer, "prepare_message", _prepare_message_wrapper)
    patches.wrap(handler_class, "__init__", _init_wrapper(watch))
    for handler in list(module.logger._core.handlers.values()):
        watch(handler)
    patches.put(logger_class, "_log", _log(logger_class, calls.prepared))
    return ""


def _is_known(log: Any, emit: Any, options: Any) -> bool:
    names = {"_core", "get_frame", "handlers", "patcher", "format"}
    names.update(["levels_lookup"] if _parameters(log) == _NEW else [])
    return (
        _parameters(log) in (_NEW, _OLD)
        and names.issubset(log.__code__.co_names)
        and {"_filter", "_formatter"}.issubset(emit.__code__.co_names)
        and type(options) is tuple
        and len(options) == _OPTIONS
    )


def _parameters(method: Any) -> tuple[str, ...]:
    code = method.__code__
    return code.co_varnames[: code.co_argcount]  # type: ignore[no-any-return]


def _log(logger_class: Any, prepared: Function) -> Function:
    """`Logger._log`, with parameters of the same names: New Relic's wrapper calls it with keywords."""
    original = vars(logger_class)["_log"]
    bound = original.__get__  # it may be somebody else's wrapper; binding a function would cost 0.6 % of a line
    is_function = isinstance(original, FunctionType)

    @wraps(original)
    def enum_log_shim_log(
        self: Any, level: Any, from_decorator: Any, options: Any, message: Any, args: Any, kwargs: Any
    ) -> Any:
        core = self._core
        try:
            is_off = core.levels_lookup[level][_NUMBER] < core.min_level
        except Exception:  # a number, or what is no level
            is_off = False
        if not is_off:  # without asking, a disabled call would cost 2.6 times
            try:
                self, level, options, message = prepared(self, level, options, message, args, kwargs)
            except Exception as error:
                options = _left(options, error)
        if is_function:
            return original(self, level, from_decorator, options, message, args, kwargs)
        return bound(self, logger_class)(level, from_decorator, options, message, args, kwargs)

    @wraps(original)
    def enum_log_shim_old_log(
        self: Any, level_id: Any, static_level_no: Any, from_decorator: Any, options: Any, message: Any, args: Any,
        kwargs: Any,
    ) -> Any:  # fmt: skip
        try:
            self, static_level_no, options, message = prepared(self, static_level_no, options, message, args, kwargs)
        except Exception as error:
            options = _left(options, error)
        return bound(self, logger_class)(level_id, static_level_no, from_decorator, options, message, args, kwargs)

    return enum_log_shim_log if _parameters(original) == _NEW else enum_log_shim_old_log


def _left(options: Any, error: Exception) -> Any:
    """`options` with one frame more to go back, and what went wrong told."""
    failed("a log call is left as it was", error)
    return (options[0], options[1] + 1, *options[2:])


def _prepare_message_wrapper(wrapped: Any, instance: Any, args: Any, kwargs: Any) -> Any:
    """`opt(colors=True)`: loguru formats the message by itself there."""
    try:
        if len(args) == 3 and not kwargs and type(args[0]) is Template:
            args = args[0].resolved(*args[1:])
    except Exception as error:  # the host's attributes and items, which raise again
        failed("a message is left as it was", error)
    return wrapped(*args, **kwargs)


def _init_wrapper(watch: Callable[[Any], None]) -> Function:
    def enum_log_shim_init(wrapped: Any, handler: Any, args: Any, kwargs: Any) -> None:
        wrapped(*args, **kwargs)
        try:
            watch(handler)
        except Exception as error:  # the border: the host has its handler
            failed("a handler is left as it was", error)

    return enum_log_shim_init


def _watch(handler_class: Any, records: RecordCleaner, patches: Patches) -> Callable[[Any], None]:
    """Once a handler has a filter or format function of the host's, which may change a record: 5 % of a line."""
    views = {name: seen_by("emit", name, records.cleaned_after) for name in ("_filter", "_formatter")}

    def watch(handler: Any) -> None:
        for name, view in views.items():
            function = vars(handler).get(name)
            if callable(function) and not _is_own(function):
                patches.put(handler_class, name, view)

    return watch


def _is_own(function: Any) -> bool:
    if isinstance(function, partial):
        function = function.func
    return getattr(function, "__module__", None) == "loguru._filters"


class _Calls:
    """What a log call was given, made ready for loguru to log it."""

    def __init__(self, context: Any, records: RecordCleaner, patches: Patches, settings: Settings) -> None:
        self._records, self._patches, self._settings = records, patches, settings
        self._field, self._argument = as_field(settings), as_argument(settings)
        self._recorder = patches.recorder
        self.prepared = self._prepared(context.get)

    def _prepared(self, context: Function) -> Function:
        cleaned = self._cleaned

        def prepared(logger: Any, level: Any, options: Any, message: Any, args: Any, kwargs: Any) -> Any:
            """The same with one frame more to go back, and without enums; nothing more is done for a plain one."""
            exception, depth, record, lazy, colors, raw, capture, patchers, extra = options
            core = logger._core
            try:
                is_plain = type(message) is str and type(level) in _PLAIN_LEVELS and core.patcher is None
                is_plain = is_plain and not patchers and is_plain_at_once(args, kwargs, extra, core.extra, context())
            except Exception:  # another thread changes one of them, or a class's metaclass can't be hashed
                is_plain = False
            if not is_plain:
                logger, level, options, message = cleaned(logger, level, options, message, args, kwargs)
                patchers = options[7]
            return logger, level, (exception, depth + 1, record, lazy, colors, raw, capture, patchers, extra), message

        return prepared

    def _cleaned(self, logger: Any, level: Any, options: Any, message: Any, args: Any, kwargs: Any) -> Any:
        """Nothing of arguments and extra is looked at yet: the level may be disabled, and lazy ones are not there."""
        given = logger, level, options, message
        try:
            _, depth, record, *_, patchers, extra = options
            if not self._patches.active or (self._settings.keep_loggers and self._is_kept(_getframe(depth + _CALLER))):
                return given
            if self._recorder is not None:
                self._recorder.replaced(args, clean(args, self._argument), "args", "loguru")
                if self._recorder.observes:
                    return self._seen_first(logger), level, options, message
            level, message = self._level(level), message if type(message) is str else self._message(message)
            may_need_cleaning = record or not LEAVES.issuperset(map(type, (*args, *kwargs.values())))
            if may_need_cleaning and isinstance(message, str) and type(message).format is str.format:
                message = Template(message, self._argument)
            patchers = self._records.followed(patchers) if patchers else patchers
            options = (*options[:7], patchers, extra)
            return self._seen_first(logger), level, options, message
        except Exception as error:  # what fails in us leaves them as they were
            failed("a log call is left as it was", error)
            return given

    def _seen_first(self, logger: Any) -> Any:
        """`logger` for one call, with a patcher of ours that gets the record before anybody else does."""
        core, seen = object.__new__(type(logger._core)), object.__new__(type(logger))
        core.__dict__.update(logger._core.__dict__, patcher=self._records.with_patcher(logger._core.patcher))
        seen.__dict__.update(logger.__dict__, _core=core)
        return seen

    def _is_kept(self, caller: Any) -> bool:
        return is_kept_logger(caller.f_globals.get("__name__"), self._settings)

    def _level(self, level: Any) -> Any:
        member = as_enum(level)
        return int.__pos__(member) if isinstance(member, int) and self._argument(member) is not member else level

    def _message(self, message: Any) -> Any:
        member = as_enum(message)
        if isinstance(member, str):
            return message  # a catalogue's format: its arguments have to fit
        if member is not None:
            new = self._argument(member)
            return message if new is member else new
        is_container = shape_of(type(message), own_types_only=False) and not renders_itself(type(message))
        return clean(message, self._field) if is_container else message
