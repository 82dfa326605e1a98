"""structlog's processors, with a cleaning where it is needed: which of them look at a value."""

from __future__ import annotations

from types import FunctionType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Processor = Callable[[Any, Any, Any], Any]

# structlog's own processors that look at no value of the host's: what is to be clean is what the next one gets.
_BLIND = frozenset(
    {
        "CallsiteParameterAdder",
        "ExceptionRenderer",
        "ExtraAdder",
        "MaybeTimeStamper",
        "StackInfoRenderer",
        "TimeStamper",
        "add_log_level",
        "add_log_level_number",
        "add_logger_name",
        "filter_by_level",
        "format_exc_info",
        "merge_contextvars",
        "merge_threadlocal",
        "merge_threadlocal_context",
        "remove_processors_meta",
        "set_exc_info",
    }
)


def interleaving(cleaning: Processor, is_last: bool = True) -> Callable[[Any], Any]:
    """The processors with a cleaning before each that may look at a value, and for the logger after the host's own.

    is_last: nothing of ours looks at what they give.
    """

    def interleaved(processors: Any) -> Any:
        if processors is None:
            return None
        chain, is_rendered = [], False
        for processor in processors:
            is_own, is_blind = _kind(processor)
            chain += [processor] if is_blind else [cleaning, processor]
            is_rendered = is_own and not is_blind
        return chain if is_rendered or not is_last else [*chain, cleaning]

    return interleaved


def _kind(processor: Any) -> tuple[bool, bool]:
    """Whether it is one of structlog's own, and one of those that look at nothing."""
    named = processor if isinstance(processor, FunctionType) else type(processor)
    is_own = str(named.__module__).partition(".")[0] == "structlog"
    return is_own, is_own and named.__name__ in _BLIND


def preceding(cleaning: Processor) -> Callable[[Any], Any]:
    return lambda processor: lambda logger, name, event: processor(logger, name, cleaning(logger, name, event))


def before_last(cleaning: Processor) -> Callable[[Any], Any]:
    """The processors with one cleaning: where everything has been added, and the last one is yet to render it."""
    return lambda processors: [*processors[:-1], cleaning, *processors[-1:]] if processors else processors
