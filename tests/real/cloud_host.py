"""A host that logs with google-cloud-logging's own API to a server of its own, and prints what that server received.

For the tests of `test_google_cloud`, under every release of the library: `cloud_host.py http|grpc`.
"""

import enum
import json
import logging
import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer

import google.cloud.logging as library
from google.auth.credentials import AnonymousCredentials

RECEIVED = []


class State(enum.Enum):
    CONNECTED = 1


class Level(enum.IntEnum):
    NOTICE = 300


class Role(str, enum.Enum):
    ADMIN = "Admin-User"


class Color(enum.Enum):
    RED = 1

    def __str__(self):
        return "the color Red"


class Mode(enum.Flag):
    READ = 1
    EXEC = 4


class Severity(enum.Enum):
    ERROR = 1
    LOUD = "warning"
    HIGH = 800
    STRANGE = "strange"


class Method(str, enum.Enum):
    GET = "GET"


MEMBERS = {
    "enum": State.CONNECTED,
    "int": Level.NOTICE,
    "str": Role.ADMIN,
    "author": Color.RED,
    "flag": Mode.EXEC | Mode.READ,
    "class": State,
}


def http_server():
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            RECEIVED.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return "http://127.0.0.1:%d" % server.server_port


def http_client():
    options = {"api_endpoint": http_server()}
    return library.Client(project="p", credentials=AnonymousCredentials(), _use_grpc=False, client_options=options)


def grpc_parts():
    """The gRPC transport, its client and the library's own class over it, and the protocol's two messages."""
    try:
        from google.cloud.logging_v2 import _gapic, types
        from google.cloud.logging_v2.services.logging_service_v2 import LoggingServiceV2Client, transports

        request = type(types.WriteLogEntriesRequest.pb(types.WriteLogEntriesRequest()))
        response = type(types.WriteLogEntriesResponse.pb(types.WriteLogEntriesResponse()))
        return transports.LoggingServiceV2GrpcTransport, LoggingServiceV2Client, _gapic, request, response
    except ImportError:  # before 2.0
        from google.cloud.logging import _gapic
        from google.cloud.logging_v2.gapic.logging_service_v2_client import LoggingServiceV2Client
        from google.cloud.logging_v2.gapic.transports import logging_service_v2_grpc_transport as transports
        from google.cloud.logging_v2.proto import logging_pb2 as pb

        transport = transports.LoggingServiceV2GrpcTransport
        return transport, LoggingServiceV2Client, _gapic, pb.WriteLogEntriesRequest, pb.WriteLogEntriesResponse


def grpc_client():
    import grpc
    from google.protobuf.json_format import MessageToDict

    transport, api, gapic, request, response = grpc_parts()

    def write(message, context):
        RECEIVED.append(MessageToDict(message))
        return response()

    method = grpc.unary_unary_rpc_method_handler(write, request.FromString, response.SerializeToString)
    service = grpc.method_handlers_generic_handler("google.logging.v2.LoggingServiceV2", {"WriteLogEntries": method})
    server = grpc.server(ThreadPoolExecutor(1))
    server.add_generic_rpc_handlers((service,))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    client = library.Client(project="p", credentials=AnonymousCredentials(), _use_grpc=True)
    channel = grpc.insecure_channel("127.0.0.1:%d" % port)
    client._logging_api = gapic._LoggingAPI(api(transport=transport(channel=channel)), client)
    client._server = server  # its threads end with it
    return client


def entry(log):
    """The one entry that `log()` writes, or what it raised."""
    del RECEIVED[:]
    try:
        log()
    except Exception as error:
        return "raised " + type(error).__name__
    entries = [one for request in RECEIVED for one in request["entries"]]
    own = [one for one in entries if "diagnostic" not in json.dumps(one)]  # the library's own first entry, from 3.0 on
    assert len(own) == 1, RECEIVED
    for request in RECEIVED:  # a batch's defaults
        own[0].update({"default " + name: request[name] for name in ("labels", "resource") if name in request})
    return own[0]


class Ways:
    """Each way to write an entry: at once, or in a batch."""

    def __init__(self, logger):
        self.logger = logger

    def __call__(self, method, *args, **kwargs):
        return entry(lambda: getattr(self.logger, method)(*args, **kwargs))

    def batch(self, method, *args, **kwargs):
        def log():
            with self.logger.batch() as batch:
                getattr(batch, method)(*args, **kwargs)

        return entry(log)


def cells(client):
    logger = client.logger("app.main")
    now = Ways(logger)
    for way, write in (("now", now), ("batch", now.batch)):
        for name, member in MEMBERS.items():
            info = {"a": member, "b": [1, {"c": [member]}]}
            yield f"{way} value {name}", write("log_struct", info)
            yield f"{way} key {name}", write("log_struct", {member: {member: 1}})
            yield f"{way} text {name}", write("log_text", member)
            if hasattr(logger, "log"):
                yield f"{way} log {name}", write("log", member)
                yield f"{way} log struct {name}", write("log", {"a": member})
            yield f"{way} label {name}", write("log_text", "x", labels={"a": member})
            yield f"{way} method {name}", write("log_text", "x", http_request={"requestMethod": member})
        for member in (*Severity, Level.NOTICE):
            yield f"{way} severity {member.name}", write("log_text", "x", severity=member)
        request = {"status": HTTPStatus.NOT_FOUND, "requestMethod": Method.GET}
        yield f"{way} status", write("log_text", "x", http_request=request)
        yield f"{way} status of a plain enum", write("log_text", "x", http_request={"status": State.CONNECTED})
        yield f"{way} status that is none", write("log_text", "x", http_request={"status": Severity.STRANGE})
        yield f"{way} plain", write("log_struct", {"a": 1}, severity="INFO", labels={"a": "b"})

    logger.labels = {"a": State.CONNECTED}
    yield "now default label", now("log_text", "x")
    yield "batch default label", now.batch("log_text", "x")
    yield "handler", entry(lambda: through_a_handler(client))
    if "google-cloud-logging" in os.environ.get("ENUM_LOG_SHIM_SKIP", ""):
        return  # the status would be text, and the entries lost
    for name, status in {"status": HTTPStatus.NOT_FOUND, "status of a plain enum": State.CONNECTED}.items():
        request = {"status": status, "requestMethod": Method.GET}
        yield f"handler {name}", entry(lambda request=request: through_a_handler(client, http_request=request))


def through_a_handler(client, **extra):
    """A record of the standard library's, in the background thread as it is by default."""
    try:
        from google.cloud.logging_v2.handlers import CloudLoggingHandler
    except ImportError:  # before 2.0
        from google.cloud.logging.handlers import CloudLoggingHandler

    handler = CloudLoggingHandler(client)
    log = logging.getLogger("stdlib")
    log.handlers = [handler]
    log.warning("state %s", State.CONNECTED, extra=extra)
    handler.transport.flush()
    handler.transport.worker.stop()


if __name__ == "__main__":
    os.environ["NO_GCE_CHECK"] = "true"  # else the library looks for a metadata server
    # Kept alive up to the end: the server is an attribute of it.
    client = {"http": http_client, "grpc": grpc_client}[sys.argv[1]]()
    print(json.dumps(dict(cells(client))))
