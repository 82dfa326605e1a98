"""In the text of a log call a container shows the string of a WebSocketState or TEXT class."""

import sys

import pytest

from .log_call_forms import PLACES, executed

SHOWN, BEFORE = "'connected'", "<State.CONNECTED: 1>"

POSITIVE = (
    'log.info(f"{ctx}")',
    'log.info(f"{ctx!r}")',
    'log.info(f"{ctx=}")',
    "log.info(f\"{ctx['state']!r}\")",
    'log.info(f"{[ctx]} and {many!s:>80}")',
    'log.info("ctx: " + str(ctx))',
    'log.info("ctx: %s" % ctx)',
    'log.info("ctx: %r" % (ctx,))',
    'log.info("ctx: {}".format(ctx))',
    'log.info(repr(ctx))',
    'log.info("%s", repr(ctx))',
    'log.info("x", extra={"ctx": f"{ctx}"})',
    'log.info(", ".join(map(str, many)))',
    'log.info(", ".join(f"{one}" for one in many))',
    'log.info("%s", (lambda: f"{ctx}")())',
    'quiet.info(f"{ctx}")',
    'log.info(f"{collections.OrderedDict(ctx)}")',
    'log.info(f"{collections.Counter([State.CONNECTED])}")',
    'log.info(f"{collections.deque([State.CONNECTED])}")',
    'log.info(f"{collections.ChainMap(ctx)}")',
    'log.info(f"{Pair(State.CONNECTED, 1)}")',
    'log.info(f"{ctx.values()}")',
    'log.info(pprint.pformat(ctx))',
    'log.info(json.dumps(str(ctx)))',
    'child.debug(f"{ctx}"), lines.append("\'connected\'")',
)  # fmt: skip

NEGATIVE = (
    'game.info(f"{ctx}")',
    'game.send(repr(ctx))',
    'text = f"{ctx}"; game.send(text); log.info(text)',
    'game.send(described(ctx)); log.info(described(ctx))',
    'log.info(f"{Shown()}"); game.send(lines[-1])',
    'make = lambda: f"{ctx}"\nlog.info(make()); game.send(lines[-1])',
    'log.info("x"), game.send(f"{ctx}")',
    '{repr(State.CONNECTED): game.send(repr(State.CONNECTED))}',
)  # fmt: skip

MORE = """
import collections, pprint
from log_call_states import State
ctx = {"state": State.CONNECTED, "n": 1}
many = [ctx, {"other": State.CONNECTED}]
Pair = collections.namedtuple("Pair", "one two")
def described(value): return f"{value}"
class Shown:
    def __repr__(self): return f"<{State.CONNECTED!r}>"
"""


@pytest.fixture
def run(start, tmp_path, monkeypatch):
    def run(code, place):
        found = executed(tmp_path, code, place, MORE)
        found.run()
        return found

    (tmp_path / "log_call_states.py").write_text("import enum\nclass State(enum.Enum):\n    CONNECTED = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    start(text_classes=["log_call_states:State"])
    yield run
    sys.modules.pop("log_call_states", None)


@pytest.mark.parametrize("code", POSITIVE)
def test_repr_in_an_argument(run, code):
    for place in PLACES:
        logged = [line for line in run(code, place).lines if line != "end"]
        assert logged, place
        assert all(SHOWN in line and BEFORE not in line for line in logged), place


@pytest.mark.parametrize("code", NEGATIVE)
def test_repr_elsewhere(run, code):
    for place in PLACES:
        sent = run(code, place).sent
        assert sent, place
        assert all(BEFORE in str(each) for each in sent), place
