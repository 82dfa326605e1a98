"""What the look for a log call does not do to a host: keep things alive, run its code, take its exceptions, grow."""

import copy
import gc
import json
import logging
import os
import pickle
import signal
import sys
import threading
import weakref

import pytest

import shim
from shim.log_calls import decisions

from .bench import Log
from .log_call_forms import PRELUDE, load

BEFORE = "Object of type State is not JSON serializable"


class Held:
    """Can be referred to weakly."""


@pytest.fixture
def host(tmp_path):
    def host(code):
        (tmp_path / "host.py").write_text(PRELUDE + code, encoding="utf-8")
        return load(tmp_path / "host.py")

    return host


@pytest.mark.parametrize("name", ["log", "quiet", "game"])
def test_a_local_variable_is_let_go(start, host, name):
    """Up to 3.12 a frame keeps what `f_locals` gave once, and all values in it."""
    start()
    found = host(
        "def run(box, refer, log=log, quiet=quiet, game=game):\n    held = box.pop()\n    gone = refer(held)\n"
        "    try:\n        %s.info(json.dumps(ctx))\n    except TypeError:\n        pass\n"
        "    held = None\n    return gone()\n" % name
    )
    assert found.run([Held()], weakref.ref) is None


def test_a_dict_of_locals_that_the_host_keeps_is_left_as_it_is(start, host):
    start()
    found = host(
        "def run(quiet=quiet):\n    mine = locals()\n    before = dict(mine)\n    quiet.info(json.dumps(ctx))\n"
        "    return before, {name: mine[name] for name in before}\n"
    )
    before, after = found.run()
    assert before == after
    assert found.lines


def test_nothing_of_a_call_is_kept(start, host):
    start()
    found = host(
        "def run(held):\n    log.info(json.dumps({'state': State.CONNECTED, 'held': str(held)}))\n    return 1\n"
    )
    held = Held()
    gone = weakref.ref(held)
    assert found.run(held) == 1
    del held
    assert gone() is None
    code = weakref.ref(found.run.__code__)
    found.run = None
    gc.collect()
    assert code() is None


def test_what_is_remembered_is_bounded(start, tmp_path):
    start()
    (tmp_path / "host.py").write_text(PRELUDE, encoding="utf-8")
    names = vars(load(tmp_path / "host.py"))
    alive = []
    for number in range(2500):
        exec(compile("def run():\n    log.info(json.dumps(ctx))\n", "<%d>" % number, "exec"), names)
        alive.append(names["run"])
        with pytest.raises(TypeError):
            names["run"]()
    assert len(decisions._known) <= 1000


def test_an_exception_that_passes_through_goes_on(start, host):
    """As RQ's and Celery's time limits do, raised by a signal handler wherever the program is."""

    class TimeLimit(Exception):
        pass

    def limit(*_):
        raise TimeLimit

    start()
    code = "def run(start):\n    start()\n    for _ in range(100_000):\n        child.debug(json.dumps(ctx))\n"
    before = signal.signal(signal.SIGUSR1, limit)  # not SIGALRM, which is pytest-timeout's
    lost = 0
    try:
        for number in range(60):
            found = host(code)  # a new one makes its decision anew
            timer = threading.Timer(0.001 + 0.0002 * (number % 20), os.kill, (os.getpid(), signal.SIGUSR1))
            try:
                found.run(timer.start)
                lost += 1
            except TimeLimit:
                pass
            timer.join()
            found.lines.clear()
            found.quiet.info("after")
            assert found.lines == ["after"]
    finally:
        signal.signal(signal.SIGUSR1, before)
    found = host("def run():\n    log.info(json.dumps(ctx))\n")
    found.run()
    assert found.lines == ['{"state": "connected", "n": 1}']
    assert lost <= 2  # Python itself loses what is raised in the callback of a weak reference


def test_an_exception_at_any_line_of_ours_goes_on_and_leaves_nothing_behind(start, host):
    """Struck at each line of ours in turn, in the first decision of a location."""

    class Struck(Exception):
        pass

    start()
    lines, at = set(), None

    def trace(frame, event, _):
        nonlocal at
        file = frame.f_code.co_filename
        if "log_calls" not in file and not file.endswith("hooks/json.py"):
            return None
        place = (file, frame.f_lineno)
        if event == "line" and at is None and place not in lines:
            at = place
            lines.add(place)
            sys.settrace(None)
            raise Struck
        return trace

    for _ in range(1000):
        at = None
        found = host("def run():\n    quiet.info(json.dumps(ctx))\n")
        sys.settrace(trace)
        try:
            found.run()
        except Struck:
            pass
        finally:
            sys.settrace(None)
        if at is None:
            break
        found.lines.clear()
        found.run()
        assert found.lines == ['{"state": "connected", "n": 1}']
    assert 100 < len(lines) < 1000


@pytest.mark.parametrize("name", ["VaultError", "ValueError"])
def test_a_loader_that_fails_in_a_way_of_its_own(start, tmp_path, name):
    start()
    code = PRELUDE + "class VaultError(Exception): pass\n"
    code += (
        "class Loader:\n    def get_source(self, name): raise %s\ndef run():\n    game.info(json.dumps(ctx))\n" % name
    )
    names = {"__name__": "log_call_sealed"}
    exec(compile(code, str(tmp_path / "nowhere.py"), "exec"), names)
    names["__loader__"] = names["Loader"]()
    with pytest.raises(TypeError, match=BEFORE):
        names["run"]()


def test_a_file_that_is_a_pipe_is_not_read(start, tmp_path):
    start()
    os.mkfifo(tmp_path / "pipe.py")
    names = {"__name__": "log_call_piped"}
    exec(compile(PRELUDE + "def run():\n    log.info(json.dumps(ctx))\n", str(tmp_path / "pipe.py"), "exec"), names)
    with pytest.raises(TypeError, match=BEFORE):
        names["run"]()


LOCALS = """
def deleted(game=game):
    mine = locals(); del mine["game"]; later = 5
    try: game.debug(json.dumps(ctx))
    except TypeError: pass
    return list(mine) == []
def changed(game=game, one=2):
    mine = locals(); mine["one"] = "changed"
    try: game.debug(json.dumps(ctx))
    except TypeError: pass
    return mine["one"] == "changed"
def executed(game=game):
    exec("y = 5")
    try: game.debug(json.dumps(ctx))
    except TypeError: pass
    return locals().get("y") == (5 if sys.version_info < (3, 13) else None)
"""


@pytest.mark.parametrize("name", ["deleted", "changed", "executed"])
def test_locals_that_the_host_has_asked_for(start, host, name):
    start()
    assert getattr(host("import sys\n" + LOCALS), name)()


def test_the_encoders_metaclass_is_asked_for_nothing(start, host):
    start()
    found = host(
        "class Meta(type):\n    def __getattribute__(cls, name):\n        asked.append(name)\n"
        "        return super().__getattribute__(name)\n"
        "class Own(JSONEncoder, metaclass=Meta): pass\n"
        "def run():\n    encoder = Own()\n    asked.clear()\n    log.info(encoder.encode(ctx))\n"
    )
    found.run()
    assert found.asked == []
    assert len(found.lines) == 1


def test_threads_that_come_to_a_line_at_once(start, host):
    start()
    code = "".join("def run%d():\n    log.info(json.dumps(ctx))\n" % number for number in range(50))
    found, failures = host(code), []

    def work():
        try:
            for number in range(50):
                getattr(found, "run%d" % number)()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    finally:
        sys.setswitchinterval(interval)
    assert failures == []
    assert found.lines == ['{"state": "connected", "n": 1}'] * 400


def test_near_the_limit_of_recursion_it_raises_as_before(start, host):
    start()
    found = host("def run(depth):\n    if depth:\n        return run(depth - 1)\n    log.info(json.dumps(ctx))\n")
    limit = sys.getrecursionlimit()
    seen = set()
    for depth in range(limit - 150, limit):
        try:
            found.run(depth)
        except (TypeError, RecursionError) as error:
            seen.add(type(error))
    assert RecursionError in seen
    found.run(1)
    assert found.lines[-1] == '{"state": "connected", "n": 1}'


def test_default_stays_what_it_was_for_who_looks(start):
    before = json.JSONEncoder.default
    start()
    now = json.JSONEncoder.default
    assert (now.__name__, now.__qualname__, now.__module__, now.__doc__) == (
        before.__name__, before.__qualname__, before.__module__, before.__doc__,
    )  # fmt: skip
    assert pickle.loads(pickle.dumps(now)) is now
    assert copy.deepcopy(now) is now
    shim.uninstall()
    assert json.JSONEncoder.default is before


def test_uninstalled_it_raises_again(start, host):
    start()
    found = host("def run():\n    log.info(json.dumps(ctx))\n")
    found.run()
    shim.uninstall()
    with pytest.raises(TypeError):
        found.run()


@pytest.mark.parametrize("settings", [{"skip": ["json"]}, {"keep_classes": ["log_call_kept:State"]}])
def test_settings_leave_it_as_it_was(start, host, settings, monkeypatch):
    start(**settings)
    found = host("def run():\n    log.info(json.dumps(ctx))\n")
    monkeypatch.setitem(sys.modules, "log_call_kept", found)
    with pytest.raises(TypeError):
        found.run()


@pytest.mark.parametrize(("style", "text"), [("name", "CONNECTED"), ("value", "1"), ("full", "State.CONNECTED")])
def test_styles(start, host, style, text):
    start(style=style)
    found = host("def run():\n    log.info(json.dumps(ctx))\n")
    found.run()
    assert json.loads(found.lines[0])["state"] == text


def test_a_value_that_is_no_enum_raises(start):
    start()
    log = Log()
    with pytest.raises(TypeError, match="Object of type object"):
        log.info(json.dumps({"a": object()}))


def test_an_enum_class(start):
    start()
    log = Log()
    log.info(json.dumps({"a": logging.Formatter is None, "b": __import__("http").HTTPStatus}))
    assert log.line == '{"a": false, "b": "HTTPStatus"}'
