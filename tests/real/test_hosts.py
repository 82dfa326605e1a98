"""Real libraries' handlers, filters and formatters: their lines without the shim, and what becomes of them with it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from processes import Host, Run

STATE = (
    "import enum, http\nclass State(enum.Enum):\n    UP = 1\n    DOWN = 2\nclass Level(enum.IntEnum):\n    LOW = 1\n"
)

GOOGLE = """
import logging, sys
from google.cloud.logging.handlers import StructuredLogHandler
log = logging.getLogger("host")
log.setLevel(logging.INFO)
log.propagate = False
log.addHandler(StructuredLogHandler(project_id="p", stream=sys.stdout))
"""


@pytest.fixture
def library_host(host: Host) -> Host:
    """The interpreter of this test run, which has the libraries."""
    return Host(host.cwd)


def logged(run: Run) -> Any:
    """The one line that the host's logger wrote; Google's handler writes one about itself."""
    assert (run.code, run.stderr) == (0, "")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    (line,) = [line for line in lines if "logging.googleapis.com/diagnostic" not in line]
    return line


LABELS = "logging.googleapis.com/labels"


@pytest.mark.parametrize(
    ("call", "keys", "expected"),
    [
        ("log.info('m', extra={'labels': {'state': State.UP}})", (LABELS, "state"), "up"),
        ("log.info('m', extra={'json_fields': {'state': State.UP}})", ("state",), "up"),
        ("log.info('m', extra={'json_fields': {'a': [{'b': (State.UP,)}]}})", ("a",), [{"b": ["up"]}]),
        ("log.info('m', extra={'json_fields': {'by': {State.UP: 1, State.DOWN: 2}}})", ("by",), {"up": 1, "down": 2}),
        ("log.info('m', extra={'http_request': {'state': State.UP}})", ("httpRequest", "state"), "up"),
        ("log.info({'state': State.UP, State.DOWN: 1})", ("state",), "up"),
        ("log.info({'state': State.UP, State.DOWN: 1})", ("down",), 1),
    ],
)
def test_google_cloud_logging(library_host: Host, call: str, keys: tuple[str, ...], expected: object) -> None:
    found = logged(library_host("-c", GOOGLE + STATE + call))
    for key in keys:
        found = found[key]
    assert found == expected
    without = library_host("-c", GOOGLE + STATE + call, flag="0")
    assert "TypeError" in without.stderr
    assert "up" not in without.stdout


def test_google_cloud_logging_of_a_percent_argument(library_host: Host) -> None:
    call = "log.info('%s %d %r', State.UP, Level.LOW, [State.DOWN])"
    assert logged(library_host("-c", GOOGLE + STATE + call))["message"] == "up 1 ['down']"


def test_google_cloud_logging_without_an_enum_writes_the_same(library_host: Host) -> None:
    code = GOOGLE + "log.info('m %s', 1, extra={'labels': {'a': 'b'}, 'json_fields': {'c': [1, None, {'d': 2.5}]}})"
    on, off = (logged(library_host("-c", code, flag=flag)) for flag in ("1", "0"))
    assert on == off
    assert on["c"] == [1, None, {"d": 2.5}]


def test_googles_filter_in_front_of_another_handler(library_host: Host) -> None:
    code = STATE + "import logging, sys\nfrom google.cloud.logging_v2.handlers import CloudLoggingFilter\n"
    handler = "h = logging.StreamHandler(sys.stdout)\nh.addFilter(CloudLoggingFilter(project='p'))\n"
    form = "h.setFormatter(logging.Formatter('%(message)s %(_labels_str)s'))\nlogging.getLogger().addHandler(h)\n"
    call = "logging.warning('m', extra={'labels': {'state': State.UP}})"
    assert library_host("-c", code + handler + form + call) == Run(
        0, 'm {"python_logger": "root", "state": "up"}\n', ""
    )
    without = library_host("-c", code + handler + form + call, flag="0")
    assert without.code == 1
    assert without.stderr.endswith("TypeError: Object of type State is not JSON serializable\n")


JSON = """
import logging, sys
from pythonjsonlogger.json import JsonFormatter
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(JsonFormatter("%(levelname)s %(message)s"))
logging.basicConfig(level="INFO", handlers=[handler])
"""


def test_python_json_logger(library_host: Host) -> None:
    fields = "{'state': State.UP, 'by': {State.DOWN: [State.UP]}, State.UP: 1, 'status': http.HTTPStatus.OK}"
    call = f"logging.info('is %s', State.UP, extra={fields})"
    line = logged(library_host("-c", JSON + STATE + call))
    assert line == {
        "levelname": "INFO",
        "message": "is up",
        "state": "up",
        "by": {"down": ["up"]},
        "up": 1,
        "status": "ok",
    }
    kept = logged(library_host("-c", JSON + STATE + call, NUMBERS="keep", STYLE="full"))
    assert (kept["status"], kept["state"], kept["message"]) == (200, "State.UP", "is State.UP")


def test_python_json_logger_of_a_dict_message(library_host: Host) -> None:
    call = "logging.info({'state': State.UP, 'nested': {'down': State.DOWN}})"
    line = logged(library_host("-c", JSON + STATE + call))
    assert (line["state"], line["nested"]) == ("up", {"down": "down"})


def test_python_json_logger_without_an_enum_writes_the_same_bytes(library_host: Host) -> None:
    code = JSON + "logging.info('is %s', 1, extra={'a': {'b': [1, 2.5, None, 'é']}, 'c': True})"
    on, off = (library_host("-c", code, flag=flag) for flag in ("1", "0"))
    assert on == off
    assert '"b": [1, 2.5, null' in on.stdout


QUEUE = """
import logging, logging.handlers, queue, sys
records = queue.Queue()
out = logging.StreamHandler(sys.stdout)
out.setFormatter(logging.Formatter("%(message)s %(state)s"))
listener = logging.handlers.QueueListener(records, out)
logging.getLogger().setLevel("INFO")
logging.getLogger().addHandler(logging.handlers.QueueHandler(records))
listener.start()
logging.info("is %s", State.UP, extra={"state": [State.DOWN]})
records.put(logging.makeLogRecord({"msg": "made %s", "args": (State.UP,), "state": State.DOWN}))
listener.stop()
"""


def test_queue_listener(library_host: Host) -> None:
    assert library_host("-c", STATE + QUEUE) == Run(0, "is up ['down']\nmade up down\n", "")


# The cookbook's receiver, for one connection: a record that comes as a pickled dict is handled by a logger again.
RECEIVER = """
import logging, logging.handlers, pickle, socketserver, struct, sys, threading
class Receiver(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            chunk = self.connection.recv(4)
            if len(chunk) < 4:
                break
            length = struct.unpack(">L", chunk)[0]
            chunk = b""
            while len(chunk) < length:
                chunk += self.connection.recv(length - len(chunk))
            print(b"State" in chunk)
            record = logging.makeLogRecord(pickle.loads(chunk))
            out.handle(record)
out = logging.StreamHandler(sys.stdout)
out.setFormatter(logging.Formatter("%(message)s %(state)s"))
server = socketserver.TCPServer(("127.0.0.1", 0), Receiver)
thread = threading.Thread(target=server.handle_request)
thread.start()
sender = logging.handlers.SocketHandler(*server.server_address)
logging.basicConfig(level="INFO", handlers=[sender])
logging.info("is %s", State.UP, extra={"state": {"at": State.DOWN}})
sender.close()
thread.join(30)
server.server_close()
"""


def test_socket_handler_sends_no_enum(library_host: Host) -> None:
    # SocketHandler's pickle would name the host's class, which the receiver may not have.
    assert library_host("-c", STATE + RECEIVER) == Run(0, "False\nis up {'at': 'down'}\n", "")
    without = library_host("-c", STATE + RECEIVER, flag="0").stdout
    assert without == "True\nis State.UP {'at': <State.DOWN: 2>}\n"


DICT_CONFIG = """
import logging, logging.config
class Tag(logging.Filter):
    def filter(self, record):
        record.state = State.DOWN
        return True
class Read(logging.Filter):
    def filter(self, record):
        record.seen = type(record.state).__name__
        return True
logging.config.dictConfig({
    "version": 1,
    "filters": {"tag": {"()": Tag}, "read": {"()": Read}},
    "formatters": {"line": {"format": "%(levelname)s %(state)s %(seen)s %(message)s"}},
    "handlers": {"out": {
        "class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "line", "filters": ["tag", "read"],
    }},
    "root": {"level": "INFO", "handlers": ["out"]},
})
logging.info("is %(state)s", {"state": State.UP})
logging.log(Level.LOW + 29, "%s", http.HTTPStatus.OK)
"""


def test_dict_config(library_host: Host) -> None:
    first, second = library_host("-c", STATE + DICT_CONFIG).stdout.splitlines()
    assert first == "INFO down str is up"
    assert second.startswith("WARNING down str ok")
    assert library_host("-c", STATE + DICT_CONFIG, flag="0").stdout.startswith("INFO State.DOWN State is State.UP\n")
