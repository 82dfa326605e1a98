"""Real servers for the tests' applications, on a port that nobody else has, and the ends of their clients."""

from __future__ import annotations

import contextlib
import http.client
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from processes import ROOT, environment, running
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

# Cold, grpc and protobuf alone take seconds to import on a small machine.
START_SECONDS = 60


class Server(NamedTuple):
    port: int
    folder: Path

    def stdout(self) -> str:
        return (self.folder / "stdout.log").read_text()

    def stderr(self) -> str:
        return (self.folder / "stderr.log").read_text()

    def get(self, path: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_SECONDS)
        with contextlib.closing(connection):
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read().decode()

    def close_code(self, path: str) -> int:
        """How the server closes a websocket on which nothing is sent; 1006 is a connection that just broke off."""
        with socket.create_connection(("127.0.0.1", self.port)) as sock:
            with contextlib.suppress(TimeoutError):
                try:
                    with connect(f"ws://127.0.0.1:{self.port}{path}", sock=sock, open_timeout=START_SECONDS) as client:
                        client.recv(timeout=20)
                except ConnectionClosed as closed:
                    return closed.rcvd.code if closed.rcvd else 1006
        raise AssertionError(f"{path} stayed open, or sent a message")


@contextlib.contextmanager
def serve(kind: str, app: str, folder: Path, flag: str | None, *options: str, **variables: str) -> Iterator[Server]:
    """`app` ("module:name", the module in `folder`) under uvicorn or hypercorn; both write their logs at their default.

    The socket listens before the server runs and is handed over: nobody can take the port in between, and the first
    client waits. flag: None is the plain server, without even the door. options: the server's own.
    """
    env = environment([] if flag is None else [ROOT], ENUM_LOG_SHIM=flag, **variables)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        command = {
            "uvicorn": ["uvicorn", app, "--fd", str(number)],
            "hypercorn": ["hypercorn", "--workers", "0", app, "--bind", f"fd://{number}"],
        }[kind]
        with running([sys.executable, "-m", *command, *options], env=env, cwd=folder, pass_fds=[number]):
            port = listener.getsockname()[1]
            listener.close()
            yield Server(port, folder)
