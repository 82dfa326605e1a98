"""A log call is found in the source of files, archives and notebooks, and in none that does not fit."""

import importlib
import linecache
import sys
import tokenize
import zipfile

import pytest

from shim.log_calls.loggers import is_logger_name
from shim.log_calls.statements import Statements

from .log_call_forms import PRELUDE, load

RUN = PRELUDE + 'def run(log, other, game):\n    log.info(f"x {json.dumps(ctx)}")\n'


def written(path, text, **more):
    path.write_text(text, **{"encoding": "utf-8", **more})
    return path


def runs(found):
    found.run(found.log, found.quiet, found.game)
    return found.lines


def raises(found):
    with pytest.raises(TypeError) as caught:
        runs(found)
    assert str(caught.value) == "Object of type State is not JSON serializable"


@pytest.mark.parametrize(
    "name", ["log", "logger", "logging", "LOG", "_log", "log_", "__log", "central_logger", "a_log"]
)
@pytest.mark.parametrize("change", [str, str.upper])
def test_names_of_loggers(name, change):
    assert is_logger_name(change(name))


@pytest.mark.parametrize(
    "name", ["requestLogger", "HTTPLogger", "accessLog", "auditLOG", "get_logger", "getLogger", "Log"]
)
def test_names_of_loggers_with_capitals(name):
    assert is_logger_name(name)


@pytest.mark.parametrize(
    "name",
    ["catalog", "dialog", "blog", "CATALOG", "analog", "logs", "login", "log_file", "logger2", "Catalog", "", "_"],
)
def test_other_names(name):
    assert not is_logger_name(name)


def test_a_source_that_was_deleted(start, tmp_path):
    start()
    found = load(written(tmp_path / "host.py", RUN))
    (tmp_path / "host.py").unlink()
    raises(found)


def test_code_that_never_had_a_source(start):
    start()
    names = {"__name__": "host"}
    exec(compile(RUN, "<string>", "exec"), names)
    with pytest.raises(TypeError):
        names["run"](names["log"], None, None)


LOGS = 'def run(log, other, game):\n    log.info(f"x {json.dumps(ctx)}")\n'
# What was loaded, and what the file says by the time that it is read.
EDITED = {
    "another receiver": ("game.info(json.dumps(ctx))", "log.info(json.dumps(ctx))"),
    "another one of the same length": (
        "game.send; log; oth.info(json.dumps(ctx))",
        "game.send; oth; log.info(json.dumps(ctx))",
    ),
    "another method of the same length": (
        "log.info('x'); log.kept(json.dumps(ctx))",
        "log.kept('x'); log.info(json.dumps(ctx))",
    ),
    "a send that became a log call": ("game.send(json.dumps(ctx))", "log.error(json.dumps(ctx))"),
    "a line more before it": ("game.send(\n        json.dumps(ctx))", "game.send(1)\n    log.info(json.dumps(ctx))"),
    "a bracket that closes later": ("log.info('x'), str(json.dumps(ctx))", "log.info('x' , str(json.dumps(ctx)))"),
    "a log call around it": ("other(json.dumps(ctx))", "log.info(other(json.dumps(ctx)))"),
}


@pytest.mark.parametrize("kind", EDITED)
def test_a_source_that_was_changed_after_it_was_loaded(start, tmp_path, kind):
    start()
    loaded, now = (
        PRELUDE + "oth, log.kept = game, sent.append\ndef run(log, other, game):\n    %s\n" % code
        for code in EDITED[kind]
    )
    found = load(written(tmp_path / "host.py", loaded))
    written(tmp_path / "host.py", now)
    raises(found)


def test_a_line_that_moved(start, tmp_path):
    start()
    found = load(written(tmp_path / "host.py", RUN))
    written(tmp_path / "host.py", "import sys\n" + RUN)
    raises(found)


def test_a_module_that_was_reloaded_after_a_change(start, tmp_path):
    start()
    path = written(tmp_path / "host.py", RUN)
    assert runs(load(path)) == ['x {"state": "connected", "n": 1}']
    written(path, "import sys\nimport os\n" + RUN.replace('"x ', '"again '))
    assert runs(load(path)) == ['again {"state": "connected", "n": 1}']


def test_a_module_in_an_archive(start, tmp_path, monkeypatch):
    start()
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as archive:
        archive.writestr("log_call_zipped.py", RUN)
    monkeypatch.syspath_prepend(str(tmp_path / "app.zip"))
    try:
        assert len(runs(importlib.import_module("log_call_zipped"))) == 1
    finally:
        sys.modules.pop("log_call_zipped", None)


@pytest.mark.parametrize("name", ["<ipython-input-1-abc>", "/tmp/ipykernel_1/1.py"])
def test_a_cell_of_a_notebook(start, name):
    start()
    cell = 'log.info(f"cell {json.dumps(ctx)}")\n[log.info(json.dumps(one)) for one in many]\n'
    cell += "def later():\n    quiet.info(json.dumps(ctx))\n"
    names = {"__name__": "__main__"}
    exec(compile(PRELUDE, "<prelude>", "exec"), names)
    linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
    try:
        exec(compile(cell, name, "exec"), names)
        names["later"]()
    finally:
        del linecache.cache[name]
    assert len(names["lines"]) == 4
    assert all("connected" in line for line in names["lines"])


TEXTS = {
    "CRLF": RUN.replace("\n", "\r\n"),
    "tabs": RUN.replace("    log", "\tlog").replace("    pass", "\tpass"),
    "a form feed": RUN.replace("def run(", "\f\ndef run("),
    "an escape without a meaning": RUN.replace('f"x', r'"\d\S\[" f"\d x'),
    "bytes with a name": RUN.replace('f"x', 'b"\\N" and f"x'),
    "no end of line": RUN.rstrip("\n"),
    "a backslash": RUN.replace("log.info(f", "log. \\\n  info(\\\n  f"),
    "a comment with a bracket": RUN.replace("(log, other, game):\n", "(log, other, game):\n    # it's (\n"),
}


@pytest.mark.filterwarnings("ignore")  # the host's own
@pytest.mark.parametrize("kind", TEXTS)
def test_texts_of_all_kinds(start, tmp_path, kind, recwarn):
    start()
    (tmp_path / "host.py").write_bytes(TEXTS[kind].encode())
    found = load(tmp_path / "host.py")
    recwarn.clear()
    assert len(runs(found)) == 1
    assert not recwarn


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8-sig", "utf-8", "cp1251"])
def test_encodings(start, tmp_path, encoding):
    start()
    text = (
        RUN.replace('f"x', '"\u00b5\u00a4" f"x') if encoding != "cp1251" else RUN.replace('f"x', '"\u0436\u0449" f"x')
    )
    head = "# -*- coding: %s -*-\n" % encoding if encoding != "utf-8-sig" else ""
    found = load(written(tmp_path / "host.py", head + text, encoding=encoding))
    assert len(runs(found)) == 1


@pytest.mark.parametrize("count", [200, 300])
def test_a_function_with_more_names_than_a_byte_counts(start, tmp_path, count):
    start()
    many = "    if not log: " + "; ".join("other.n%d" % number for number in range(count)) + "\n"
    text = (
        PRELUDE
        + "def run(log, other, game):\n%s    log.info(json.dumps(ctx))\n    quiet.info(json.dumps(ctx))\n" % many
    )
    assert len(runs(load(written(tmp_path / "host.py", text)))) == 2


def test_private_names(start, tmp_path):
    start()
    text = PRELUDE + (
        "class Own_:\n    def __init__(self):\n        self.__log = self.__events = log\n"
        "    def go(self):\n        self.__log.info(json.dumps(ctx))\n        self.__events.info(json.dumps(ctx))\n"
        "run = lambda *_: Own_().go()\n"
    )
    assert len(runs(load(written(tmp_path / "host.py", text)))) == 2


def test_a_loader_that_logs_in_the_same_way(start, tmp_path):
    """It is asked for the source while the decision is made."""
    start()
    text = PRELUDE + (
        "class Loader:\n    def get_source(self, name):\n        asked.append(name)\n"
        "        log.info(json.dumps(ctx))\n        return text\n"
        "def run(log, other, game):\n    log.info(json.dumps(ctx))\n"
    )
    names = {"__name__": "log_call_loaded", "text": text}
    exec(compile(text, str(tmp_path / "nowhere.py"), "exec"), names)
    names["__loader__"] = names["Loader"]()
    with pytest.raises(TypeError):
        names["run"](names["log"], None, None)
    assert len(names["asked"]) < 10


@pytest.mark.parametrize("name", ["json.encoder", "logging", "argparse", "typing", "enum", "inspect", "logging.config"])
def test_statements_end_where_the_tokenizer_says(name):
    with tokenize.open(importlib.import_module(name).__file__) as file:
        lines = file.readlines()
    statements, first = Statements(lines, 1), None
    for token in tokenize.generate_tokens(iter(lines).__next__):
        if token.type == tokenize.NEWLINE:
            assert statements.around(token.start[0]) == (first, token.start[0])
            first = None
        elif first is None and token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT):
            first = token.start[0]


def test_a_function_in_a_huge_file(start, tmp_path):
    start()
    many = "".join("def f%d(a):\n    return {'a': [a, %d]}\n" % (number, number) for number in range(2500))
    assert len(runs(load(written(tmp_path / "host.py", PRELUDE + many + RUN[len(PRELUDE) :])))) == 1
