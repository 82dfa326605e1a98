"""A record of loguru's, cleaned in place before a function of the host's is handed it."""

from __future__ import annotations

from datetime import timedelta

from .convert import clean
from .policy import as_field, is_kept_logger
from .report import failed
from .scan import is_plain_at_once
from .shapes import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict

    from .patching import Patches
    from .settings import Settings

    Record = Dict[str, Any]

_FIELDS = 13


def plain_types(loguru: Any) -> frozenset[Any]:
    """What stands in a record that loguru makes, beside its one dict `extra`: nothing to be cleaned."""
    module = loguru._recattrs
    own = (module.RecordException, module.RecordFile, module.RecordLevel, module.RecordProcess, module.RecordThread)
    return LEAVES.union(own, (type(loguru._datetime.aware_now()), timedelta))


class RecordCleaner:
    """Cleans records, before the first function of the host's that is handed one and after each that may change it."""

    def __init__(self, types: frozenset[Any], patches: Patches, settings: Settings) -> None:
        self._plain, self._usual = types, types | {dict}
        self._patches, self._settings = patches, settings
        self._field = as_field(settings)
        self._recorder = patches.recorder
        self._observes = patches.recorder is not None and patches.recorder.observes

    def with_patcher(self, patcher: Any) -> Callable[[Record], None]:
        """The patcher of `configure`, or none, between two cleanings."""
        if patcher is None:
            return self.clean

        def enum_log_shim_patcher(record: Record) -> None:
            self.clean(record)
            patcher(record)
            if not self._observes:
                self.clean(record)

        return enum_log_shim_patcher

    def followed(self, patchers: Any) -> Any:
        """The patchers of a logger, with a cleaning after each: a list of them, or before 0.7 a single one."""
        if self._observes:  # what is met first is all that is counted
            return patchers
        if callable(patchers):
            return self.cleaned_after(patchers)
        return [either for patcher in patchers for either in (patcher, self.clean)]

    def cleaned_after(self, function: Any) -> Any:
        """A function that is handed a record, with a cleaning after it; what else stands in its place is itself."""
        if self._observes or not callable(function):
            return function

        def enum_log_shim_cleaned(record: Record) -> Any:
            returned = function(record)
            self.clean(record)
            return returned

        return enum_log_shim_cleaned

    def clean(self, record: Record) -> None:
        """Cleans in place what loguru takes from the host, and what else somebody has put into a record."""
        try:
            is_plain = len(record) == _FIELDS and self._usual.issuperset(map(type, record.values()))
            if (is_plain and is_plain_at_once(record["extra"])) or not self._patches.active:
                return  # as nearly all are: going through the fields costs 9 % of a line
            if not is_kept_logger(record["name"], self._settings):
                for name in list(record):
                    if type(record[name]) not in self._plain:
                        record[name] = self._cleaned(record[name], name, record)
        except Exception as error:  # a patcher of the host's may leave anything in it
            failed("a record is left as it was", error)

    def _cleaned(self, value: Any, name: str, record: Record) -> Any:
        cleaned = clean(value, self._field)
        if self._recorder is None:
            return cleaned
        return self._recorder.replaced(value, cleaned, str(name), "loguru", record["name"])
