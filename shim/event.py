"""An event dict as structlog hands it on: its values and keys, and arguments that are yet to be filled in."""

from __future__ import annotations

from .arguments import clean_arguments
from .convert import clean
from .members import as_enum
from .shapes import MAPPINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable

    Replace = Callable[[Any], Any]


def clean_event(event_dict: Any, field: Replace, argument: Replace) -> Any:
    """`event_dict`, or a copy of it without its enums; a last processor may have made a tuple for the logger of it."""
    new = clean(event_dict, field)
    args = event_dict.get("positional_args") if new is not event_dict and isinstance(new, dict) else None
    if args:
        event = event_dict.get("event")
        new["positional_args"] = clean_positional(args, event, argument)
        if isinstance(as_enum(event), str):
            new["event"] = event  # a format, of which structlog takes the text in its way and `logging` in another
    return new


def clean_positional(args: Any, event: Any, argument: Replace) -> Any:
    """`args` for `event % args`, or for `event % args[0]` where that is a mapping."""
    if not isinstance(event, str):
        return args
    event = str.__str__(event)  # what `%` formats, whatever `__str__` the class has
    if len(args) == 1 and type(args[0]) in MAPPINGS:
        return (clean_arguments(args[0], event, argument),)
    return clean_arguments(args, event, argument)
