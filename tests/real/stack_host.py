"""A host that logs through one stack: copied beside the other modules of a host, it tells what became of each log call.

The stack's set-up and the calls run in this module's namespace. A set-up attaches handlers to `log` or replaces it, and
lets each line that is written arrive in `out`.
"""

from __future__ import annotations

import contextlib
import enum
import io
import json
import logging
import queue
import sys
import threading
from collections.abc import Iterable, Iterator
from http import HTTPStatus  # noqa: F401  the calls use it, and WebSocketState
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Callable

from starlette.websockets import WebSocketState  # noqa: F401

END = "end of place"


class WS(enum.Enum):
    CONNECTED = 1


class Lines:
    """Where each stack's lines arrive, from whichever thread they come."""

    def __init__(self) -> None:
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._unfinished = ""

    def write(self, text: str | bytes) -> None:
        joined = self._unfinished + (text if isinstance(text, str) else text.decode())
        *lines, self._unfinished = joined.split("\n")
        for line in lines:
            self._lines.put(line)

    def flush(self) -> None:
        pass

    def until(self, mark: str) -> Iterator[str]:
        """The lines before the one with `mark` in it. Raises queue.Empty where that does not come in time."""
        while True:
            line = self._lines.get(timeout=20)
            if mark in line:
                return
            yield line


out = Lines()
log: Any = logging.getLogger("host")
log.setLevel(logging.INFO)
log.propagate = False


def fields(values: dict[str, Any]) -> dict[str, Any]:
    """`values` as this stack wants them in `extra=`."""
    return values


def end() -> None:
    """Logs the line that tells that all before it has been written."""
    log.info(END)


def attach(handler: logging.Handler, formatter: logging.Formatter | None = None) -> None:
    if formatter is not None:
        handler.setFormatter(formatter)
    log.addHandler(handler)


def written_by(formatter: logging.Formatter) -> None:
    attach(logging.StreamHandler(out), formatter)


@contextlib.contextmanager
def filtered(values: dict[str, Any]) -> Iterator[None]:
    """Lets a filter of the host's add `values` to each record."""

    def add(record: logging.LogRecord) -> bool:
        vars(record).update(fields(values))
        return True

    log.addFilter(add)
    try:
        yield
    finally:
        log.removeFilter(add)


class HomeMade(logging.Formatter):
    """What people write by hand."""

    standard = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        extra = {name: value for name, value in vars(record).items() if name not in self.standard}
        message = record.msg if isinstance(record.msg, dict) else record.getMessage()
        return json.dumps({"message": message, **extra})


def in_background(work: Callable[[], object]) -> None:
    threading.Thread(target=work, daemon=True).start()


def pump(source: Iterable[str | bytes]) -> None:
    """Lets what `source` yields arrive in `out`, as it comes."""

    def copy() -> None:
        for text in source:
            out.write(text)

    in_background(copy)


def http_server(lines_of: Callable[[bytes, Any], Iterable[Any]]) -> str:
    """The address of a loopback server whose requests arrive in `out`, as `lines_of(body, headers)`."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            for line in lines_of(body, self.headers):
                out.write(json.dumps(line) + "\n")
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    in_background(server.serve_forever)
    return f"127.0.0.1:{server.server_port}"


def listen(records: Any, lines: Any) -> None:
    """The other process of a host that logs through a queue: writes the records that come."""
    stream: Any = io.StringIO()
    stream.write = lines.put
    handler = logging.StreamHandler(stream)
    handler.setFormatter(HomeMade())
    while True:
        handler.handle(records.get())


def main() -> None:
    """Sets up the stack and makes the calls that the first argument holds, and prints what each wrote, raised and left
    on stderr.
    """
    given, told = json.loads(sys.argv[1]), {}
    exec(given["set_up"], globals())
    for place, call in given["calls"].items():
        raised, stderr = "", io.StringIO()
        with contextlib.redirect_stderr(stderr):
            try:
                exec(call, globals())
            except Exception as error:
                raised = type(error).__name__
            end()
            lines = list(out.until(END))
        told[place] = {"lines": lines, "raised": raised, "stderr": stderr.getvalue()}
    print(json.dumps(told))
