# What `python -m shim check` executes in the app's interpreter: it looks around, logs an enum, and writes what it saw
# as JSON to the file that it is given. Valid from Python 2.7 on, because it has to say which Python is too old.
import json
import logging
import os
import subprocess
import sys

LIBRARIES = """starlette fastapi python-json-logger google-cloud-logging structlog loguru ecs-logging
aws-lambda-powertools json-log-formatter logstash-formatter python-logstash sentry-sdk aenum wrapt
ddtrace newrelic opentelemetry-instrumentation elastic-apm"""
SHOWN = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "PYTHONNODEBUGRANGES", "WRAPT_DISABLE_EXTENSIONS")
CHILD = "import sys; print([type(finder).__name__ for finder in sys.meta_path].count('EnumLogShimFinder'))"


def python():
    # type: () -> dict[str, object]
    return {
        "version": list(sys.version_info[:3]),
        "executable": sys.executable,
        "flags": [name for name in ("isolated", "ignore_environment", "no_site") if getattr(sys.flags, name, 0)],
        "optimize": sys.flags.optimize,
        "has_columns": any(None not in at for at in getattr(python.__code__, "co_positions", lambda: [()])()),
    }


def environ():
    # type: () -> dict[str, str]
    return {name: os.environ[name] for name in sorted(os.environ) if name.startswith("ENUM_LOG_SHIM") or name in SHOWN}


def doors():
    # type: () -> list[str]
    # Each sitecustomize on the path, in order. The working directory of `-c` was not on it yet when `site` looked.
    found = []  # type: list[str]
    for entry in sys.path:
        origin = sitecustomize_in(entry) if entry else None
        if origin and origin not in found:
            found.append(origin)
    return found


def sitecustomize_in(entry):
    # type: (str) -> str | None
    if sys.version_info < (3,):
        place = os.path.join(entry, "sitecustomize.py")
        return place if os.path.isfile(place) else None
    from importlib.machinery import PathFinder

    try:
        spec = PathFinder.find_spec("sitecustomize", [entry])
    except Exception:
        return None
    return None if spec is None else spec.origin


def namesakes():
    # type: () -> list[str]
    # The modules called `shim` on the path; only the first of them can be imported.
    found = []  # type: list[str]
    for entry in sys.path:
        for place in (os.path.join(entry, "shim", "__init__.py"), os.path.join(entry, "shim.py")):
            if entry and os.path.isfile(place) and place not in found:
                found.append(place)
    return found


def versions():
    # type: () -> dict[str, str]
    if sys.version_info < (3, 8):
        return {}
    from contextlib import suppress
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in LIBRARIES.split():
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def shim():
    # type: () -> dict[str, object]
    finders = [finder for finder in sys.meta_path if type(finder).__name__ == "EnumLogShimFinder"]
    if not finders:
        return {"finders": 0, "file": None, "wrapped": []}
    finder = finders[0]  # type: object
    package = sys.modules.get("_enum_log_shim") or finder._package  # type: ignore[attr-defined]
    folder = os.path.dirname(str(package.__file__))
    return {
        "finders": len(finders),
        "file": package.__file__,
        "wrapped": finder.patches.names(),  # type: ignore[attr-defined]
        "private_wrapt": os.path.isdir(os.path.join(folder, "wrapt")),
        "c_extension": not hasattr(type(vars(logging.Logger)["makeRecord"]).__call__, "__code__"),
        "json_default": getattr(getattr(json.JSONEncoder.default, "__code__", None), "co_filename", "?"),
        "compiles": compiles(os.path.join(folder, "record.py")),
    }


def compiles(source):
    # type: (str) -> bool
    # Whether each start compiles the shim anew: no bytecode for this Python, and nobody may write it.
    from importlib.util import cache_from_source

    cached = cache_from_source(source)
    places = (os.path.dirname(cached), os.path.dirname(source))
    is_writable = any(os.access(place, os.W_OK) for place in places if os.path.isdir(place))
    return not os.path.exists(cached) and (sys.dont_write_bytecode or not is_writable)


def entry_point():
    # type: () -> bool
    # Whether OpenTelemetry finds us, when it looks for what to run before its own work.
    if sys.version_info < (3, 8):
        return False
    from importlib.metadata import distributions

    points = (point for found in distributions(name="enum-log-shim") for point in found.entry_points)
    return any(point.group == "opentelemetry_pre_instrument" for point in points)


def make_record():
    # type: () -> list[str]
    # Who has wrapped Logger.makeRecord, the outermost first.
    layers, layer = [], vars(logging.Logger)["makeRecord"]  # type: tuple[list[str], object]
    while layer is not None and len(layers) < 50:
        wrapper = getattr(layer, "_self_wrapper", layer)
        layers.append("%s.%s" % (getattr(wrapper, "__module__", "?"), getattr(wrapper, "__name__", "?")))
        layer = getattr(layer, "__wrapped__", None)
    return layers


class JsonFormatter(logging.Formatter):
    def format(self, record):
        # type: (logging.LogRecord) -> str
        return json.dumps({"message": record.getMessage(), "state": getattr(record, "state", None)})


def logger(lines, formatter):
    # type: (list[str], logging.Formatter) -> logging.Logger
    log, handler = logging.getLogger("enum_log_shim_check"), logging.Handler()
    handler.emit = lambda record: lines.append(formatter.format(record))  # type: ignore[method-assign]
    log.propagate, log.disabled, log.handlers = False, False, [handler]
    logging.disable(logging.NOTSET)  # in this process alone: the app may have switched logging off
    log.setLevel(logging.CRITICAL)
    return log


def logged(in_json):
    # type: (bool) -> dict[str, object]
    # A live probe: an enum in a record, or in JSON made in the log call's argument, with what came out or was raised.
    from enum import Enum

    lines = []  # type: list[str]
    log = logger(lines, logging.Formatter() if in_json else JsonFormatter())
    State = Enum("State", "CONNECTED")
    try:
        if in_json:
            log.critical("client: " + json.dumps({"state": State.CONNECTED}))
        else:
            log.critical("client is %s", State.CONNECTED, extra={"state": State.CONNECTED})
    except Exception as error:
        return {"line": None, "error": "%s: %s" % (type(error).__name__, error)}
    return {"line": lines[0] if lines else None, "error": None}


def starlette():
    # type: () -> str | None
    # What an f-string of Starlette's enum gives, where there is Starlette.
    try:
        from starlette.websockets import WebSocketState
    except Exception:
        return None
    return "{}".format(WebSocketState.CONNECTED)


def child():
    # type: () -> int | None
    # Whether a Python that this one starts has the shim: an agent may have changed PYTHONPATH for it.
    try:
        with open(os.devnull, "r+") as nothing:
            output = subprocess.check_output([sys.executable, "-c", CHILD], stdin=nothing, stderr=nothing)
        return int(output.split()[-1])
    except Exception:
        return None


def main(target):
    # type: (str) -> None
    report = {"python": python(), "environ": environ(), "doors": doors(), "shims": namesakes(), "versions": versions()}
    if sys.version_info >= (3, 4):  # where there are enums
        report.update({"probe": logged(in_json=False), "json": logged(in_json=True), "starlette": starlette()})
        report.update({"make_record": make_record(), "shim": shim(), "child": child(), "entry_point": entry_point()})
    with open(target, "w") as file:
        json.dump(report, file)


main(sys.argv[-1])
