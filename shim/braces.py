"""A `{}` format whose fields are clean: text where the format spec takes text, a plain number where it takes one."""

from __future__ import annotations

import re
from string import Formatter

from .convert import clean
from .members import as_enum
from .policy import plain_number
from .report import failed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Mapping, Sequence

    Replace = Callable[[Any], Any]

# A width, but no zero in front of it, and no precision but that of an `s`: these are for numbers.
_TEXT_SPEC = re.compile(r"(?:.?[<>^])?(?!0)[0-9]*(?:(?:\.[0-9]+)?s)?", re.DOTALL)
_ACCESS = re.compile(r"\{[^{}:!]*[.\[]")  # a field that looks into its argument
_DEEPEST = 1  # as in str.format: a spec may have fields, and theirs may not
_FORMATTER = Formatter()


class Template(str):
    """A format that cleans what it is given, at the time when it is formatted."""

    __slots__ = ("_argument",)
    _argument: Replace

    def __new__(cls, text: str, argument: Replace) -> Template:
        self = str.__new__(cls, str.__str__(text))
        self._argument = argument
        return self

    def format(self, /, *args: Any, **kwargs: Any) -> str:
        """Raises what `str.format` raises."""
        text = str.__str__(self)
        try:
            text, args, kwargs = self.resolved(args, kwargs)
        except Exception as error:  # attributes and items are the host's code, which is asked again
            failed("arguments are left as they were", error)
        return str.format(text, *args, **kwargs)

    def resolved(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The text, positional and keyword arguments to format in its place.

        An enum stays what it is for `{0.value}`, and only what a field finds in the end is cleaned. So these are a text
        that takes the fields' values in turn, and the values. Raises what the attributes and items raise that the
        fields look for.
        """
        text = str.__str__(self)
        if _ACCESS.search(text) is None and not _are_changed(args, kwargs, self._argument):
            return text, args, kwargs
        return _Fields(args, kwargs, self._argument).of(text)


def _are_changed(args: Sequence[Any], kwargs: Mapping[str, Any], argument: Replace) -> bool:
    return any(clean(value, argument, own_types_only=True) is not value for value in (*args, *kwargs.values()))


class _Fields:
    """Collects the values of a format's fields, cleaned."""

    def __init__(self, args: Sequence[Any], kwargs: Mapping[str, Any], argument: Replace) -> None:
        self._args, self._kwargs, self._argument = args, kwargs, argument
        self._values: list[Any] = []
        self._next = 0
        self._is_numbered = False

    def of(self, text: str) -> Any:
        return self._text(text, _DEEPEST), tuple(self._values), {}

    def _text(self, text: str, depth: int) -> str:
        if depth < 0:
            raise ValueError("nested too deep")
        parts = []
        for literal, name, spec, conversion in _FORMATTER.parse(text):
            parts.append(literal.replace("{", "{{").replace("}", "}}"))
            if name is not None:
                parts.append(self._field(name, spec or "", conversion or "", depth))
        return "".join(parts)

    def _field(self, name: str, spec: str, conversion: str, depth: int) -> str:
        value, _ = _FORMATTER.get_field(self._numbered(name), self._args, self._kwargs)
        if "{" in spec or "}" in spec:
            spec = str.format(self._text(spec, depth - 1), *self._values)
        kind = "!" + conversion if conversion else ""
        return "{%d%s:{%d}}" % (self._added(self._clean(value, spec, kind)), kind, self._added(spec))

    def _numbered(self, name: str) -> str:
        """`name` with its number, which Formatter itself gives to no `{.value}` or `{[0]}` before 3.14."""
        first = re.split(r"[.\[]", name, maxsplit=1)[0]
        if first and not first.isdigit():
            return name
        if first:
            self._is_numbered = True
        else:
            name = "%d%s" % (self._next, name)
            self._next += 1
        if self._next and self._is_numbered:
            raise ValueError("numbered in both ways")
        return name

    def _added(self, value: Any) -> int:
        self._values.append(value)
        return len(self._values) - 1

    def _clean(self, value: Any, spec: str, conversion: str) -> Any:
        new = clean(value, self._argument, own_types_only=True)
        member = as_enum(value)
        if new is value or member is None or not spec or conversion:
            return new
        return _for_spec(member, new, spec)


def _for_spec(member: Any, text: str, spec: str) -> Any:
    """What `spec` is for: the text, else the plain number, else the member (a date's `{:%Y}`)."""
    if hasattr(type(member), "__index__") or hasattr(type(member), "__float__"):
        is_for_text = _TEXT_SPEC.fullmatch(spec) is not None
    else:
        is_for_text = _takes_text(spec)
    if is_for_text:
        return text
    return plain_number(member) if isinstance(member, (int, float)) else member


def _takes_text(spec: str) -> bool:
    try:
        format("", spec)
    except ValueError:
        return False
    return True
