"""A record fresh from the standard library, cleaned at a glance: most hold nothing that takes a closer look."""

from __future__ import annotations

from operator import is_not

from . import families
from .policy import written
from .scan import BULK, is_plain
from .shapes import LEAVES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from logging import LogRecord
    from typing import Any, Container


def glance(record: LogRecord, extra: Any, known: Container[int]) -> bool:
    """Cleans a record that the standard library's own makeRecord and factory just made with this `extra`, and returns
    True; or returns False, where that takes a closer look.

    known: of `policy.PlainNames`. It calls none of the host's code. Raises RuntimeError where another thread changes
    `extra`, TypeError for a class whose metaclass can't be hashed.
    """
    if type(record.levelno) is not int or type(record.levelname) is not str:
        return False
    message: Any = record.msg
    if type(message) is not str and (type(message) is not dict or not is_plain(message)):
        return False
    args: Any = record.args
    if args:
        if type(args) is not tuple:
            return False
        new = []
        for value in args:
            if type(value) not in LEAVES:
                if id(type(value)) not in known:
                    return False
                value = written(value)
            new.append(value)
        if any(map(is_not, new, args)):
            record.args = tuple(new)
    return not extra or _fields(record.__dict__, extra, known)


def _fields(fields: dict[str, Any], extra: Any, known: Container[int]) -> bool:
    if type(extra) is not dict:
        return False
    for name, value in extra.items():
        cls = type(value)
        if type(name) is not str:
            return False
        if cls in LEAVES:
            continue
        if id(cls) in families.OTHERS:
            continue
        if id(cls) in known:
            fields[name] = written(value)
        elif cls not in BULK or not is_plain(value):
            return False
    return True
