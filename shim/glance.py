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
    from typing import Any, Container, Tuple, Union

    # The index of an argument or the name of an extra field, and the member.
    Met = Tuple[Union[int, str], Any]


def glance(record: LogRecord, extra: Any, known: Container[int], met: list[Met] | None = None) -> bool:
    """Cleans a record that the standard library's own makeRecord and factory just made with this `extra`, and returns
    True; or returns False, where that takes a closer look.

    known: of `policy.PlainNames`. met: is added to, one for each member that was there. It calls none of the host's
    code. Raises RuntimeError where another thread changes `extra`, TypeError for a class whose metaclass can't be
    hashed.
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
            if met is not None:
                met += [(at, value) for at, value in enumerate(args) if value is not new[at]]
    return not extra or _fields(record.__dict__, extra, known, met)


def _fields(fields: dict[str, Any], extra: Any, known: Container[int], met: list[Met] | None) -> bool:
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
            if met is not None:
                met.append((name, value))
        elif cls not in BULK or not is_plain(value):
            return False
    return True
