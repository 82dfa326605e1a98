"""AWS Lambda Powertools: the keys that its formatter keeps, past any record, are clean in each line."""

from __future__ import annotations

from ..convert import clean
from ..policy import as_field, is_kept_logger
from ..report import failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable

    from ..patching import Patches
    from ..settings import Settings


def wrap(module: ModuleType, patches: Patches, settings: Settings) -> str:
    """Wraps `aws_lambda_powertools.logging.formatter`; returns why not, or an empty string.

    Raises ImportError without wrapt.

    What `append_keys` is given stays as it is, for `get_current_keys` shows it to the host again. All keys pass the one
    method that collects a line's, before anything serialises them.
    """
    # By its older name in every release, and there since 1.10.
    formatter = vars(module).get("JsonFormatter")
    if not hasattr(formatter, "_extract_log_keys"):
        return "its inside has changed: no formatter with _extract_log_keys"
    patches.wrap(formatter, "_extract_log_keys", _extract_log_keys_wrapper(patches, settings))
    return ""


def _extract_log_keys_wrapper(patches: Patches, settings: Settings) -> Callable[..., Any]:
    field = as_field(settings)
    recorder = patches.recorder

    def enum_log_shim_extract_log_keys(wrapped: Any, formatter: Any, args: Any, kwargs: Any) -> Any:
        line = wrapped(*args, **kwargs)
        try:
            if not patches.active or is_kept_logger(_logger_name(args, kwargs), settings):
                return line
            cleaned = clean(line, field)
            return cleaned if recorder is None else recorder.replaced(line, cleaned, "keys", "aws_lambda_powertools")
        except Exception as error:  # the border: the host has its line
            failed("a line is left as it was", error)
            return line

    return enum_log_shim_extract_log_keys


def _logger_name(args: Any, kwargs: Any) -> Any:
    return getattr(args[0] if args else kwargs.get("log_record"), "name", None)
