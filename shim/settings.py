"""What the environment says, as `Settings`. Loaded at every start with the flag on, so it imports next to nothing."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, Collection, FrozenSet, List, Mapping, Optional, Tuple

ON = ("1", "true", "yes", "on")
OFF = ("", "0", "false", "no", "off")
STYLES = ("lower", "name", "value", "full")
NUMBERS = ("text", "keep")


class Settings:
    """What is converted, and into what; the defaults are those of an environment with nothing but the switch set.

    mode: "on", "off" or "observe". style: None is `lower` with an author's own `__str__` before it; "lower", "name",
    "value" or "full" pass over that. keep_classes and text_classes: "package.module:Class". keep_loggers: logger
    names, children included. skip: names of hooks. json_functions: "package.module:function".
    sites: where call sites are recorded: a folder, "stderr", "" for in memory alone, None for not at all.
    """

    __slots__ = (
        "debug", "json_functions", "keep_classes", "keep_loggers", "keep_numbers", "mode", "sites", "skip", "style",
        "text_classes",
    )  # fmt: skip

    def __init__(
        self,
        *,
        mode: str = "on",
        style: "Optional[str]" = None,
        keep_numbers: bool = False,
        keep_classes: "Collection[str]" = (),
        keep_loggers: "Collection[str]" = (),
        skip: "Collection[str]" = (),
        json_functions: "Collection[str]" = (),
        text_classes: "Collection[str]" = (),
        sites: "Optional[str]" = None,
        debug: bool = False,
    ) -> None:
        self.mode = mode
        self.style = style
        self.keep_numbers = keep_numbers
        self.keep_classes: "FrozenSet[str]" = frozenset(keep_classes)
        self.keep_loggers: "Tuple[str, ...]" = tuple(keep_loggers)
        self.skip: "FrozenSet[str]" = frozenset(skip)
        self.json_functions: "FrozenSet[str]" = frozenset(json_functions)
        self.text_classes: "Tuple[str, ...]" = tuple(text_classes)
        self.sites = sites
        self.debug = debug


def read(environ: "Mapping[str, str]", hooks: "Collection[str]") -> "Tuple[Settings, List[str]]":
    """The settings in `environ`, and a line of complaint for each variable that has a bad value and so its default.

    hooks: the names that ENUM_LOG_SHIM_SKIP may hold. Raises nothing.
    """
    reader = _Reader(environ)
    settings = Settings(
        mode=reader.mode("ENUM_LOG_SHIM"),
        style=reader.choice("ENUM_LOG_SHIM_STYLE", STYLES),
        keep_numbers=reader.choice("ENUM_LOG_SHIM_NUMBERS", NUMBERS) == "keep",
        skip=reader.entries("ENUM_LOG_SHIM_SKIP", lambda entry: entry in hooks, "hooks are " + ", ".join(hooks)),
        text_classes=reader.entries("ENUM_LOG_SHIM_TEXT", _is_dotted, "the form is package.module:Class"),
        json_functions=reader.entries("ENUM_LOG_SHIM_JSON", _is_dotted, "the form is package.module:function"),
        debug=reader.switch("ENUM_LOG_SHIM_DEBUG"),
    )
    kept = reader.entries("ENUM_LOG_SHIM_KEEP", _is_kept, "the forms are package.module:Class and logger:name")
    settings.keep_classes = frozenset(entry for entry in kept if not entry.startswith("logger:"))
    settings.keep_loggers = tuple(entry[len("logger:") :].strip() for entry in kept if entry.startswith("logger:"))
    settings.sites = reader.place("ENUM_LOG_SHIM_SITES") or ("stderr" if settings.mode == "observe" else None)
    return settings, reader.complaints


class _Reader:
    """Reads one variable after another and collects the complaints."""

    def __init__(self, environ: "Mapping[str, str]") -> None:
        self._environ = environ
        self.complaints: "List[str]" = []

    def mode(self, name: str) -> str:
        value = self._value(name).lower()
        if value == "observe":
            return value
        if value not in ON + OFF:
            self._complain(name, "accepted are %s; the shim stays off" % ", ".join((*ON, *OFF[1:], "observe")))
        return "on" if value in ON else "off"

    def switch(self, name: str) -> bool:
        value = self._value(name).lower()
        if value not in ON + OFF:
            self._complain(name, "accepted are %s; it stays off" % ", ".join(ON + OFF[1:]))
        return value in ON

    def choice(self, name: str, accepted: "Tuple[str, ...]") -> "Optional[str]":
        value = self._value(name).lower()
        if value and value not in accepted:
            self._complain(name, "accepted are %s; it is ignored" % ", ".join(accepted))
        return value if value in accepted else None

    def place(self, name: str) -> str:
        value = self._value(name)
        if value and value.lower() in (*ON, *OFF, "stdout"):
            self._complain(name, "accepted are stderr and a folder; nothing is recorded")
            return ""
        return "stderr" if value.lower() == "stderr" else value

    def entries(self, name: str, is_good: "Callable[[str], bool]", form: str) -> "List[str]":
        entries = [entry.strip() for entry in self._value(name).split(",") if entry.strip()]
        bad = [entry for entry in entries if not is_good(entry)]
        if bad:
            self._complain(name, "%s is unknown: %s; the whole list is ignored" % (_short(bad[0]), form))
        return [] if bad else entries

    def _value(self, name: str) -> str:
        return self._environ.get(name, "").strip()

    def _complain(self, name: str, what: str) -> None:
        self.complaints.append("%s=%s: %s" % (name, _short(self._value(name)), what))


def cut(value: str) -> str:
    """Its beginning, where it is long: somebody's secret may have ended up in the wrong variable."""
    return value if len(value) <= 40 else value[:37] + "..."


def _short(value: str) -> str:
    """`value` cut, quoted and escaped."""
    return repr(cut(value))


def _is_dotted(entry: str) -> bool:
    module, colon, path = entry.partition(":")
    return bool(colon) and all(part.isidentifier() for part in (module + "." + path).split("."))


def _is_kept(entry: str) -> bool:
    return (entry.startswith("logger:") and entry != "logger:") or _is_dotted(entry)
