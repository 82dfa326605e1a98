"""Ways in which code makes JSON while it logs, or near to it; and the places in which such a line may stand.

In each of them `ctx` holds an enum, for which `json` raises; what is logged goes to `lines`.
"""

from __future__ import annotations

import functools
import importlib.util
import itertools
import sys
import types

_numbers = itertools.count()

PRELUDE = '''\
import asyncio, enum, functools, io, json, logging, types
from json import dumps, dumps as to_text, JSONEncoder

class State(enum.Enum):
    CONNECTED = 1

lines, kept = [], []

class Handler(logging.Handler):
    def emit(self, record):
        kept.append(record)
        ctx = vars(record).get("ctx", "")
        lines.append(self.format(record) + (ctx if isinstance(ctx, str) else ""))

log = logger = LOG = _log = requestLogger = central_logger = logging.Logger("forms")
log.addHandler(Handler())
child = logging.Logger("forms.child", logging.ERROR)  # a level that is off
adapter = logging.LoggerAdapter(log, {})
quiet = log  # not named as a logger is, but one by its class
ctx = {"state": State.CONNECTED, "n": 1}
many = [ctx, {"other": State.CONNECTED}]
sent, asked = [], []

class Encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, set):
            return sorted(o)
        return super().default(o)

class Wide(json.JSONEncoder):
    def encode(self, o):
        return super().encode(o)
    def iterencode(self, o, _one_shot=False):
        for chunk in super().iterencode(o, _one_shot):
            yield chunk
    def default(self, o):
        return self.fallback(o)
    def fallback(self, o):
        return super().default(o)

class Game:
    """Has methods called as a logger's are, and is none."""
    def debug(self, *args, **kwargs): sent.append(args)
    info = send_json = send = emit = error = log = debug
    def __getattr__(self, name):
        asked.append(name)
        return game

class Bound:
    def bind(self, **kwargs): return self
    opt = bind
    def info(self, *args, **kwargs): lines.append(args[0] + str(args[1:]))
    debug = info

class Slotted:
    __slots__ = ("events", "empty")
    def __init__(self): self.events = log

class Service:
    events = log
    def __init__(self):
        self.logger = self._log = self.inner = log
        self.__private = log
        self.game = Game()
    @property
    def computed(self):
        asked.append("computed")
        return log

class OwnLogger(logging.Logger):
    pass

own = OwnLogger("own")
own.addHandler(Handler())
bound_logger = Bound()
game = catalog = dialog = blog = analog = Game()
simple = types.SimpleNamespace(events=log, inner=types.SimpleNamespace(events=log))
service, slotted = Service(), Slotted()
class Holder: logs = service

def get_logger(name=None): return log
def to_json(value): return json.dumps(value)
def own_default(o): raise TypeError("Object of type State is not JSON serializable")
def bound(function, decorated): function(ctx); return decorated
def bound_to(): return lambda decorated: decorated
def is_on(*args): return True
async def each(values):
    for value in values: yield value
async def later(value): return value
'''

POSITIVE = (
    'log.debug(f"auth attempt: {json.dumps(ctx, indent=2)}")',
    'log.info("ctx: %s", json.dumps(ctx))',
    'log.info(json.dumps(ctx))',
    'log.info("ctx: " + json.dumps(ctx) + "!")',
    'log.info("ctx: {}".format(json.dumps(ctx)))',
    'log.info("ctx: %s" % json.dumps(ctx))',
    'log.info("ctx: %(a)s" % {"a": json.dumps(ctx)})',
    'log.info("x", extra={"ctx": json.dumps(ctx)})',
    'log.info("x", extra=dict(ctx=json.dumps(ctx)))',
    'log.info(msg=json.dumps(ctx))',
    'log.info(*[json.dumps(ctx)])',
    'log.info(**{"msg": json.dumps(ctx)})',
    'log.info(json.dumps(ctx) if ctx else "none")',
    'log.info("none" if not ctx else json.dumps(ctx))',
    'log.info(ctx and json.dumps(ctx))',
    'log.info("%s", [json.dumps(one) for one in many])',
    'log.info("%s", {json.dumps(one) for one in many})',
    'log.info("%s", {json.dumps(one): 1 for one in many})',
    'log.info(", ".join(json.dumps(one) for one in many))',
    'log.info("%s", list(map(json.dumps, many)))',
    'log.info("%s", (lambda: json.dumps(ctx))())',
    'log.info("%s", (lambda value: [json.dumps(one) for one in value])(many))',
    'log.info("%s", sorted(many, key=lambda one: json.dumps(one)) and json.dumps(ctx))',
    'log.info("%s", functools.partial(json.dumps, ctx)())',
    'log.info("".join(json.JSONEncoder().iterencode(ctx)))',
    'log.info("".join(chunk for chunk in JSONEncoder(indent=1).iterencode(ctx)))',
    'log.info(json.JSONEncoder(indent=1).encode(ctx))',
    'log.info("%s", json.dump(ctx, io.StringIO()) or "connected")',
    'log.info(json.dumps(ctx, cls=Encoder))',
    'log.info(json.dumps(ctx, cls=Wide))',
    'log.info(json.dumps(ctx, cls=Wide, indent=1))',
    'log.info(Wide().encode(ctx))',
    'log.info("".join(Wide().iterencode(ctx)))',
    'log.info(dumps(ctx))',
    'log.info(to_text(ctx, sort_keys=True, indent=3))',
    'log.info(json.dumps(ctx, sort_keys=True, check_circular=False, ensure_ascii=False))',
    'log.info(f"{json.dumps(ctx)!r:>5} and {json.dumps(ctx)}")',
    'log.info(f"""first\n  {json.dumps(ctx)}\n  {ctx["n"]}""")',
    'log.info(f"""first\n  {", ".join(json.dumps(one) for one in many)}\n  {(lambda: 1)()}""")',
    'log.info("one "\n    f"{json.dumps(ctx)} "\n    "two")',
    'log.info(\n    "x %s %s",\n    is_on(),\n    json.dumps(\n        ctx,\n        indent=2,\n    ),\n)',
    'log.info(  # why\n\n    json.dumps(ctx)  # what\n)',
    'log.debug("%s", json.dumps(ctx)) if is_on() else game.send(1)',
    'is_on() and log.debug("%s", json.dumps(ctx))',
    '[log.info(json.dumps(one)) for one in many]',
    'list(log.info(json.dumps(one)) for one in many)',
    '(lambda value: log.info(json.dumps(value)))(ctx)',
    'is_on(log.info(json.dumps(ctx)))',
    'log.info("%s connected", is_on(log.info(json.dumps(ctx))))',
    'log.info(str(json.loads(json.dumps(ctx))))',
    'log.log(logging.INFO, json.dumps(ctx))',
    'log.warning(json.dumps(ctx)); log.error(json.dumps(ctx))',
    'log.critical(json.dumps(ctx)); log.fatal(json.dumps(ctx))',
    'log.exception(json.dumps(ctx), exc_info=False)',
    'log.error("x %s", json.dumps(ctx), exc_info=True)',
    'child.debug(json.dumps(ctx)), lines.append("connected")',
    'adapter.info(json.dumps(ctx))',
    'logger.info(json.dumps(ctx)); LOG.info(json.dumps(ctx)); _log.info(json.dumps(ctx))',
    'requestLogger.info(json.dumps(ctx)); central_logger.info(json.dumps(ctx))',
    'quiet.info(json.dumps(ctx))',
    'quiet.getChild("a").info(json.dumps(ctx)), log.info("connected")',
    'own.info(json.dumps(ctx))',
    'service.logger.info(json.dumps(ctx)); service._log.info(json.dumps(ctx)); service.inner.info(json.dumps(ctx))',
    'service.events.info(json.dumps(ctx)); Service.events.info(json.dumps(ctx))',
    'Holder.logs.events.info(json.dumps(ctx))',
    'slotted.events.info(json.dumps(ctx))',
    'get_logger(__name__).info(json.dumps(ctx))',
    'logging.getLogger("root").debug(json.dumps(ctx)), log.info("connected")',
    'bound_logger.bind(a=1).info(json.dumps(ctx))',
    'bound_logger.bind(\n    a=1\n).opt(\n).debug(\n    json.dumps(ctx)\n)',
    'bound_logger.info("lazy", *map(lambda make: make(), [lambda: json.dumps(ctx)]))',
    'log.info("%s %s", is_on(game), json.dumps(ctx), extra={"a": [1, {"b": is_on()}]})',
    'log.info(r"\\d" "%s", json.dumps(ctx))',
    'log.info("%s", json.dumps({"s": "é", **ctx})) or game.send("é")',
    'log.info("%s %s", *map(json.dumps, many))',
    'log.info("%s", *(json.dumps(one) for one in [ctx]))',
    'log.info("%(a)s", *[{"a": json.dumps(ctx)}])',
    'names = [quiet for quiet in "ab"]; quiet.info(json.dumps(ctx))',
    'simple.events.info(json.dumps(ctx)); simple.inner.events.info(json.dumps(ctx))',
    '(log if ctx else logger).info(json.dumps(ctx)); (log or logger).info(json.dumps(ctx))',
    '(found_log := log).info(json.dumps(ctx))',
    '@functools.partial(bound, lambda value: log.info(json.dumps(value)))\ndef one(): pass',
    '@functools.partial(\n    bound,\n    lambda value: log.info(json.dumps(value))\n)\n@bound_to()\nclass One: pass',
)  # fmt: skip

# In coroutines alone.
AWAITING = (
    'log.info(f"{await later(1)} {json.dumps(ctx)}")',
    'x = 1; log.info("%s", json.dumps(await later(ctx)))',
    'log.info("%s", [json.dumps(one) async for one in each(many)])',
    'log.info("%s %s", [one async for one in each("ab")], json.dumps(ctx))',
    'log.info("%s", await later(json.dumps(ctx)))',
    'await later(log.info(json.dumps(ctx)))',
    'async for one in each(many): log.info(json.dumps(one))',
)  # fmt: skip

NEGATIVE = (
    'json.dumps(ctx)',
    'game.send_json(json.dumps(ctx))',
    'game.debug(json.dumps(ctx))',
    'game.info(f"{json.dumps(ctx)}")',
    'catalog.debug(json.dumps(ctx))',
    'dialog.info(json.dumps(ctx))',
    'blog.info(json.dumps(ctx))',
    'analog.error(json.dumps(ctx))',
    'service.game.info(json.dumps(ctx))',
    'service.computed.info(json.dumps(ctx))',  # a property, which may do anything
    'game.missing.info(json.dumps(ctx))',
    'text = json.dumps(ctx); log.info(text)',
    'text = json.dumps(ctx)\nlog.info(text)',
    'log.info(to_json(ctx))',
    'log.info("%s", [to_json(one) for one in many])',
    'log.info("before"); json.dumps(ctx); log.info("after")',
    'log.info("x"), json.dumps(ctx)',
    '[json.dumps(one) for one in many]; log.info("x")',
    'log.setLevel(json.dumps(ctx))',
    'log.isEnabledFor(json.dumps(ctx)) and log.info("x")',
    'log.handlers.append(json.dumps(ctx))',
    'get_logger(json.dumps(ctx)).info("x")',
    'bound_logger.bind(a=json.dumps(ctx)).info("x")',
    'make = lambda: json.dumps(ctx)\nlog.info(make())',
    'make = lambda: [json.dumps(one) for one in many]\nlog.info("%s", make())',
    'log.info("x", extra={"ctx": lambda: json.dumps(ctx)}); kept[-1].ctx()',
    'log.info("x", extra={"ctx": lambda: [json.dumps(one) for one in many]})\nkept[-1].ctx()',
    'log.info("x") if json.dumps(ctx) else None',
    'log.info("x") or json.dumps(ctx)',
    'game.send(log.info("x"), json.dumps(ctx))',
    'debug = log.debug; debug(json.dumps(ctx))',
    'functools.partial(log.debug, json.dumps(ctx))()',
    'getattr(log, "debug")(json.dumps(ctx))',
    'log.debug[json.dumps(ctx)]',
    'for chunk in JSONEncoder(indent=1).iterencode(ctx): log.info(chunk)',
    'with open(json.dumps(ctx)) as file: log.info("x")',
    'while json.dumps(ctx): log.info("x")',
    'assert json.dumps(ctx), log.info("x")',
    'log.info(json.dumps(ctx, default=own_default))',
)  # fmt: skip


def _indented(code: str, by: str) -> str:
    return by + code.replace("\n", "\n" + by)


PLACES = {
    "module": "def prepare(): pass\nif True:\n{4}\ndef run(): pass\n",
    "top": "{0}\ndef run(): pass\n",
    "function": "def run():\n{4}\n",
    "locals": (
        "def run(log=log, ctx=ctx, many=many, quiet=quiet, service=service, game=game):\n    state = 1\n{4}\n"
        "    return log, ctx, many, state\n"
    ),
    "closure": (
        "def outer(log, ctx, many, quiet, game):\n    def inner():\n{8}\n    return inner\n"
        "run = outer(log, ctx, many, quiet, game)\n"
    ),
    "method": "class Case:\n    def run(self):\n{8}\nrun = Case().run\n",
    "decorated": (
        "def same(function):\n    @functools.wraps(function)\n    def call(*args):\n        return function(*args)\n"
        "    return call\n@same\n@functools.lru_cache(\n    maxsize=None\n)\ndef run(\n):\n{4}\n"
    ),
    "error path": (
        "def run():\n    try:\n        raise ValueError\n    except ValueError:\n        if ctx:\n"
        "            try:\n{16}\n            finally:\n                log.info('end')\n"
    ),
    "finally": "def run():\n    for one in [1, 2]:\n        try:\n            pass\n        finally:\n{12}\n",
    "with": "def run():\n    with io.StringIO() as a, io.StringIO():\n{8}\n        return a\n",
    "coroutine": "async def main():\n{4}\n    await later(1)\ndef run(): asyncio.run(main())\n",
    "generator": "def steps():\n    yield 1\n{4}\n    yield 2\ndef run(): list(steps())\n",
    "strings": (
        'def run():\n    """A text\n"with quotes"\n"""\n    sql = """\nselect 1\n  from two\n"""\n{4}\n'
        '    other = """\nend\n"""\n    return sql, other\n'
    ),
    "class body": "def run():\n    class Case:\n{8}\n",
}


def placed(code, place):
    """`code` in one of PLACES."""
    text = PLACES[place]
    for width in (0, 4, 8, 12, 16):
        text = text.replace("{%d}" % width, _indented(code, " " * width))
    return text


@functools.lru_cache(maxsize=None)
def _prelude():
    """Made once for all forms and places, which are thousands together."""
    names = {"__name__": "forms"}
    exec(compile(PRELUDE, "<prelude>", "exec"), names)
    return names


def executed(folder, code, place, more=""):
    """What is left of a module with `code` in one of PLACES, in a file of its own; its function is still to run."""
    names = dict(_prelude())
    for name in ("lines", "kept", "sent", "asked"):
        names[name].clear()
    path = folder / ("forms%d.py" % next(_numbers))
    path.write_text(more + placed(code, place), encoding="utf-8")
    exec(compile(path.read_bytes(), str(path), "exec"), names)
    return types.SimpleNamespace(**{name: names[name] for name in ("run", "lines", "sent")})


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    found = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = found
    try:
        spec.loader.exec_module(found)
    finally:
        del sys.modules[path.stem]
    return found
