"""The stacks whose records leave the thread, the process or the machine, each over something real on loopback."""

from __future__ import annotations

from stacks import Stack

QUEUE_LISTENER = """
import logging.handlers
handler = logging.StreamHandler(out)
handler.setFormatter(HomeMade())
records = queue.SimpleQueue()
logging.handlers.QueueListener(records, handler).start()
attach(logging.handlers.QueueHandler(records))
"""

# The listener is another process of the same host: it has the shim too, and the host's modules.
PROCESS_QUEUE = """
import logging.handlers, multiprocessing
context = multiprocessing.get_context("spawn")
records, lines = context.Queue(), context.Queue()
context.Process(target=listen, args=(records, lines), daemon=True).start()
pump(iter(lines.get, None))
attach(logging.handlers.QueueHandler(records))
"""

# A log server knows nothing of the host: neither its modules nor the shim.
LOG_SERVER = """
import json, logging, pickle, socket, struct, sys, traceback
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
stream = listener.accept()[0].makefile("rb")
standard = {*vars(logging.makeLogRecord({})), "message", "taskName"}
while header := stream.read(4):
    pickled = stream.read(*struct.unpack(">L", header))
    try:
        record = logging.makeLogRecord(pickle.loads(pickled))
        extra = {name: value for name, value in vars(record).items() if name not in standard}
        print(json.dumps({"message": record.getMessage(), **extra}), flush=True)
    except Exception:
        traceback.print_exc()
"""
SOCKET_HANDLER = f"""
import logging.handlers, subprocess
code = {LOG_SERVER!r}
server = subprocess.Popen([sys.executable, "-I", "-c", code], stdout=subprocess.PIPE, encoding="utf-8")
port = int(server.stdout.readline())
pump(server.stdout)
attach(logging.handlers.SocketHandler("127.0.0.1", port))
"""

LOGSTASH_UDP = """
import logstash, socket
receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
receiver.bind(("127.0.0.1", 0))
pump(datagram + b"\\n" for datagram in iter(lambda: receiver.recv(65536), b""))
attach(logstash.UDPLogstashHandler("127.0.0.1", receiver.getsockname()[1], version=0))
"""
LOGSTASH_TCP = """
import logstash, socket
listener = socket.create_server(("127.0.0.1", 0))
attach(logstash.TCPLogstashHandler("127.0.0.1", listener.getsockname()[1], version=1))
in_background(lambda: pump(listener.accept()[0].makefile("rb")))
"""

OTLP = """
import gzip
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor

def plain(value):
    kind = value.WhichOneof("value")
    if kind == "kvlist_value":
        return by_key(value.kvlist_value.values)
    if kind == "array_value":
        return [plain(item) for item in value.array_value.values]
    return getattr(value, kind) if kind else None

def by_key(pairs):
    return {pair.key: plain(pair.value) for pair in pairs}

def lines_of(body, headers):
    request = ExportLogsServiceRequest.FromString(body)
    for resource in request.resource_logs:
        for scope in resource.scope_logs:
            for record in scope.log_records:
                yield {"body": plain(record.body), "attributes": by_key(record.attributes)}

provider = LoggerProvider(shutdown_on_exit=False)
exporter = OTLPLogExporter(endpoint=f"http://{http_server(lines_of)}/v1/logs")
provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
"""

SENTRY = """
import gzip, sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.integrations.logging import LoggingIntegration

def lines_of(body, headers):
    plain = gzip.decompress(body) if headers["Content-Encoding"] == "gzip" else body
    for item in Envelope.deserialize(plain).items:
        sent = json.loads(item.get_bytes())
        if item.type == "event":
            yield {"logentry": sent["logentry"], "extra": sent["extra"]}
        elif item.type == "log":
            for each in sent["items"]:
                yield {"body": each["body"], **{name: typed["value"] for name, typed in each["attributes"].items()}}

def end():
    log.info(END)
    sentry_sdk.flush(20)

sentry_sdk.init(
    f"http://key@{http_server(lines_of)}/1", default_integrations=False, auto_enabling_integrations=False,
    enable_logs=%r, integrations=[LoggingIntegration(level=None, event_level=%s, sentry_logs_level=%s)],
)
"""

AFAR = (
    Stack("QueueHandler and QueueListener", (), QUEUE_LISTENER),
    Stack("QueueHandler to another process", (), PROCESS_QUEUE),
    Stack("SocketHandler", (), SOCKET_HANDLER),
    Stack("python-logstash, V0 over UDP", ("python-logstash",), LOGSTASH_UDP, message=("@message",)),
    Stack("python-logstash, V1 over TCP", ("python-logstash",), LOGSTASH_TCP),
    Stack(
        "OpenTelemetry's LoggingHandler, SDK",
        ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http"),
        OTLP + "from opentelemetry.sdk._logs import LoggingHandler\nattach(LoggingHandler(logger_provider=provider))",
        message=("body",),
    ),
    Stack(
        "OpenTelemetry's LoggingHandler",
        ("opentelemetry-sdk", "opentelemetry-exporter-otlp-proto-http", "opentelemetry-instrumentation-logging"),
        OTLP
        + "from opentelemetry.instrumentation.logging.handler import LoggingHandler\n"
        + "attach(LoggingHandler(logger_provider=provider))",
        message=("body",),
    ),
    Stack("Sentry, events", ("sentry-sdk",), SENTRY % (False, "logging.INFO", None), message=("logentry", "formatted")),
    Stack("Sentry, logs", ("sentry-sdk",), SENTRY % (True, None, "logging.INFO"), message=("body",)),
)
