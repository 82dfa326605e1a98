"""JSON in log calls of other libraries, simplejson's, functions that ENUM_LOG_SHIM_JSON names, and what is recorded."""

import importlib.util
import json
import sys

import pytest

import shim

from .log_call_forms import PRELUDE, load

CONVERTED = '{"state": "connected", "n": 1}'


@pytest.fixture
def host(tmp_path, monkeypatch):
    def host(code):
        (tmp_path / "log_call_host.py").write_text(PRELUDE + code, encoding="utf-8")
        found = load(tmp_path / "log_call_host.py")
        monkeypatch.setitem(sys.modules, "log_call_host", found)
        return found

    return host


LOGURU = """
from loguru import logger as central
central.remove()
central.add(lambda message: lines.append(str(message).rstrip()), format="{message}", level=0)
anonymous = central
def run():
    %s
"""


@pytest.mark.parametrize(
    "code",
    [
        "central.debug(json.dumps(ctx))",
        "central.trace(json.dumps(ctx)); central.success(json.dumps(ctx))",
        "anonymous.bind(a=1).info(json.dumps(ctx))",
        "anonymous.opt(depth=1, colors=False).info(json.dumps(ctx))",
        "anonymous.opt(lazy=True).info('{}', lambda: json.dumps(ctx))",
        "anonymous.info('{}', json.dumps(ctx))",
        "anonymous.info('{a}', a=json.dumps(ctx))",
        "anonymous.log(30, json.dumps(ctx))",
        "anonymous.patch(lambda record: None).info(json.dumps(ctx))",
        "anonymous.exception(json.dumps(ctx))",
    ],
)
def test_loguru(start, host, code):
    pytest.importorskip("loguru")
    start()
    found = host(LOGURU % code)
    found.run()
    assert found.lines
    assert all(line.startswith(CONVERTED) for line in found.lines)


@pytest.mark.parametrize("code", ["anonymous.bind(a=json.dumps(ctx))", "anonymous.level(json.dumps(ctx))"])
def test_other_methods_of_logurus_logger(start, host, code):
    pytest.importorskip("loguru")
    start()
    with pytest.raises(TypeError, match="not JSON serializable"):
        host(LOGURU % code).run()


STRUCTLOG = """
import structlog
def keep(logger, method, event):
    lines.append(event["event"])
    raise structlog.DropEvent
structlog.configure(processors=[keep], wrapper_class=structlog.make_filtering_bound_logger(0))
events = structlog.get_logger()
bound = events.bind(a=1)
standard = structlog.wrap_logger(logging.Logger("x"), processors=[keep], wrapper_class=structlog.stdlib.BoundLogger)
async def main():
    %s
def run(): asyncio.run(main())
"""


@pytest.mark.parametrize(
    "code",
    [
        "events.info(json.dumps(ctx)); bound.info(json.dumps(ctx)); bound.msg(json.dumps(ctx))",
        "await bound.ainfo(json.dumps(ctx)); await bound.adebug(json.dumps(ctx)); await bound.aerror(json.dumps(ctx))",
        "bound.new(b=2).bind(c=3).warning(json.dumps(ctx)); bound.err(json.dumps(ctx)) if hasattr(bound, 'err') else 0",
        "standard.info(json.dumps(ctx)); standard.bind().critical(json.dumps(ctx))",
        "structlog.get_logger().info(json.dumps(ctx))",
        "structlog.stdlib.get_logger().info(json.dumps(ctx))",
    ],
)
def test_structlog(start, host, code):
    pytest.importorskip("structlog", minversion="23")
    start()
    found = host(STRUCTLOG % code)
    found.run()
    assert found.lines
    assert set(found.lines) == {CONVERTED}


SIMPLEJSON = (
    "import simplejson\nclass Own(simplejson.JSONEncoder):\n    def default(self, o): return super().default(o)\n"
)


@pytest.mark.parametrize(
    "code",
    [
        "simplejson.dumps(ctx)",
        "simplejson.dumps(ctx, indent=1)",
        "simplejson.dumps(ctx, cls=Own, sort_keys=True)",
        "''.join(simplejson.JSONEncoder().iterencode(ctx))",
        "simplejson.JSONEncoderForHTML().encode(ctx)",
    ],
)
def test_simplejson(start, host, code):
    pytest.importorskip("simplejson")
    start()
    found = host(SIMPLEJSON + "def run():\n    log.info(%s)\ndef send():\n    game.send(%s)\n" % (code, code))
    found.run()
    assert json.loads(found.lines[0])["state"] == "connected"
    with pytest.raises(TypeError, match="Object of type State is not JSON serializable"):
        found.send()
    shim.uninstall()
    with pytest.raises(TypeError):
        found.run()


FUNCTIONS = """
class Texts:
    def of(self, value): return json.dumps(value)
    @classmethod
    def klass(cls, value): return json.dumps(value)
    @staticmethod
    def static(value): return [json.dumps(one) for one in [value]][0]
class Others:
    def of(self, value): return json.dumps(value)
@functools.lru_cache(maxsize=None)
def cached(_): return json.dumps(ctx)
def wrapped(function):
    @functools.wraps(function)
    def call(*args): return function(*args)
    return call
@wrapped
def decorated(value): return json.dumps(value)
async def coroutine(value): return json.dumps(value)
def around(value): return to_json(value)
"""
NAMED = ["to_json", "Texts.of", "Texts.klass", "Texts.static", "cached", "decorated", "coroutine"]


@pytest.mark.parametrize(
    "call",
    [
        "to_json(ctx)", "Texts().of(ctx)", "Texts.klass(ctx)", "Texts.static(ctx)", "cached(1)", "decorated(ctx)",
        "', '.join(map(to_json, [ctx]))",
    ],
)  # fmt: skip
def test_a_function_that_the_setting_names_is_part_of_the_argument(start, host, call):
    start(json_functions=["log_call_host:" + name for name in NAMED])
    found = host(FUNCTIONS + "def run():\n    log.info(%s)\ndef send():\n    game.send(%s)\n" % (call, call))
    with pytest.raises(TypeError, match="not JSON serializable"):
        found.send()
    found.run()
    assert found.lines == [CONVERTED]


def test_a_coroutine_that_the_setting_names(start, host):
    start(json_functions=["log_call_host:coroutine"])
    found = host(FUNCTIONS + "async def main():\n    log.info(await coroutine(ctx))\ndef run(): asyncio.run(main())\n")
    found.run()
    assert found.lines == [CONVERTED]


@pytest.mark.parametrize("call", ["around(ctx)", "Others().of(ctx)"])
def test_other_functions_raise(start, host, call):
    start(json_functions=["log_call_host:" + name for name in NAMED])
    found = host(FUNCTIONS + "def run():\n    log.info(%s)\n" % call)
    with pytest.raises(TypeError, match="not JSON serializable"):
        found.run()


CATCHING = """
class Safe(JSONEncoder):
    def default(self, o):
        try:
            return super().default(o)
        except TypeError:
            return "mine"
class Later(JSONEncoder):
    def default(self, o):
        try:
            len(o)
        except TypeError:
            pass
        return super().default(o)
class Suppressing(JSONEncoder):
    def default(self, o):
        with contextlib.suppress(TypeError):
            return super().default(o)
        return "mine"
def safe(o):
    many = [1 if o else 2, *(one for one in [1])]
    try:
        return JSONEncoder().default(o)
    except TypeError:
        return "mine"
"""


@pytest.mark.parametrize(
    ("option", "text"),
    [("cls=Safe", "mine"), ("cls=Later", "connected"), ("cls=Suppressing", "mine"), ("default=safe", "mine")],
)
def test_a_default_of_the_hosts_that_catches_the_error_comes_first(start, host, option, text):
    start()
    found = host("import contextlib\n" + CATCHING + "def run():\n    log.info(json.dumps(ctx, %s))\n" % option)
    found.run()
    assert json.loads(found.lines[0])["state"] == text


def test_a_default_that_the_host_put_in_the_place_of_jsons_comes_first(start, host, monkeypatch):
    found = host("def run():\n    log.info(json.dumps(ctx))\n")

    def default(self, o):
        return "mine"

    monkeypatch.setattr(json.JSONEncoder, "default", default)
    start()
    found.run()
    assert json.loads(found.lines[0])["state"] == "mine"
    assert json.JSONEncoder.default is default


class Living:
    @property
    def __dict__(self):
        raise RuntimeError("working outside of context")


def test_a_name_that_leads_to_the_hosts_code_runs_none(start, host, tmp_path, monkeypatch):
    (tmp_path / "log_call_lazy.py").write_text("raise ImportError('imported')")
    monkeypatch.syspath_prepend(str(tmp_path))
    spec = importlib.util.find_spec("log_call_lazy")
    spec.loader = importlib.util.LazyLoader(spec.loader)
    lazy = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "log_call_lazy", lazy)
    spec.loader.exec_module(lazy)
    monkeypatch.setitem(sys.modules, "log_call_living", Living())
    start(
        json_functions=["log_call_lazy:f", "log_call_living:f"], keep_classes=["log_call_lazy:C", "log_call_living:C"]
    )
    with pytest.raises(TypeError, match="not JSON serializable"):
        host("def run():\n    game.info(json.dumps(ctx))\n").run()


def test_a_function_that_is_written_as_the_named_one_raises(start, host, tmp_path, monkeypatch):
    twin = "import json\ndef dump(value): return json.dumps(value)\nclass Client:\n    def dump(self, value):\n"
    twin += "        return json.dumps(value)\n"
    for name in ("log_call_one", "log_call_two"):
        (tmp_path / (name + ".py")).write_text(twin)
        monkeypatch.setitem(sys.modules, name, load(tmp_path / (name + ".py")))
    start(json_functions=["log_call_one:dump"])
    found = host("import sys\ndef run(name, *inner):\n    dump = sys.modules[name].dump\n    log.info(dump(ctx))\n")
    found.run("log_call_one")
    with pytest.raises(TypeError, match="not JSON serializable"):
        found.run("log_call_two")
    found = host("import log_call_one\ndef run():\n    log.info(log_call_one.Client().dump(ctx))\n")
    with pytest.raises(TypeError, match="not JSON serializable"):
        found.run()


RECORDED = """
def plain():
    log.debug(f"x {json.dumps(ctx)}")
def below_the_level():
    child.debug(json.dumps(ctx))
def over_lines():
    quiet.bind if 0 else log.info(
        "%s",
        [
            json.dumps(one)
            for one in many
        ],
    )
def chained():
    bound_logger.bind(
        a=1
    ).info(
        json.dumps(ctx)
    )
"""
# By function: the line of the log call, counted from the function's, and how often it logs an enum.
LINES = {
    "plain": (1, 1),
    "below_the_level": (1, 1),
    "over_lines": (1, 2),
    "chained": (3 if sys.version_info >= (3, 10) else 1, 1),
}


@pytest.mark.parametrize("mode", ["on", "observe"])
@pytest.mark.parametrize("name", LINES)
def test_the_log_call_is_recorded(start, host, name, mode):
    start(mode=mode, sites="")
    found = host(RECORDED)
    function, (line, calls) = getattr(found, name), LINES[name]
    if mode == "observe":
        for _ in range(calls):
            with pytest.raises(TypeError):
                function()
    else:
        function()
        if name in ("plain", "over_lines"):
            assert {record.lineno for record in found.kept} == {function.__code__.co_firstlineno + line}
    site = (found.__file__, function.__code__.co_firstlineno + line, name, "", "json", "log_call_host:State")
    assert shim.recorded() == {site: calls}


def test_observe_changes_nothing(start, host):
    start(mode="observe", sites="")
    found = host("def run():\n    game.info(json.dumps(ctx))\n")
    with pytest.raises(TypeError) as caught:
        found.run()
    assert str(caught.value) == "Object of type State is not JSON serializable"
    assert shim.recorded() == {}
