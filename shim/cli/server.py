"""The legacy app under a real hypercorn, in a folder laid out as a container would be, and a client that visits it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from shim.cli.comparison import Visit

LEGACY_APP = Path(__file__).with_name("legacy_app.py")
_SHIM = Path(__file__).parents[1]
# Without workers hypercorn serves in the one process that we start, so that ending it ends everything.
_HYPERCORN = (sys.executable, "-m", "hypercorn", "--workers", "0", "legacy_app:app", "--bind")

# Cold, grpc and protobuf alone take seconds to import on a small machine.
_START_SECONDS = 60
_ANSWER_SECONDS = 10
_END_SECONDS = 10


class ServerFailed(Exception):
    """There is nothing to compare: the server did not start, or did not answer."""


@contextlib.contextmanager
def container() -> Iterator[Path]:
    """A temporary folder with the shim in `shim-folder` and the app, which does not know of it, in `app`."""
    with tempfile.TemporaryDirectory(prefix="shim-demo-") as name:
        folder = Path(name)
        for part in ("app", "shim-folder"):
            (folder / part).mkdir()
        shutil.copy(LEGACY_APP, folder / "app")
        shutil.copytree(_SHIM, folder / "shim-folder" / "shim", ignore=shutil.ignore_patterns("__pycache__"))
        door = _SHIM.with_name("sitecustomize.py")
        if not door.is_file():
            raise ServerFailed(f"{door} is missing: without it no interpreter loads the shim")
        shutil.copy(door, folder / "shim-folder")
        yield folder


def visit_all(folder: Path, switch: str, paths: Sequence[str]) -> list[Visit]:
    """Visit each path once, on a hypercorn that was started with ENUM_LOG_SHIM=`switch`."""
    logs = folder / f"stdout-{switch}.log", folder / f"stderr-{switch}.log"
    starts, codes = [], []
    with _hypercorn(folder, switch, logs) as port:
        for path in paths:
            starts.append([log.stat().st_size for log in logs])
            codes.append(_visit(port, path, logs[1]))
    stdout, stderr = (_pieces(log, sizes) for log, sizes in zip(logs, zip(*starts)))
    return [Visit(*visit) for visit in zip(paths, codes, stdout, stderr)]


def _pieces(log: Path, starts: Sequence[int]) -> list[str]:
    """The text, cut at `starts`. What came while the server started or ended belongs to the first or last piece."""
    text = log.read_bytes()
    cuts = [0, *starts[1:], len(text)]
    return [text[start:end].decode("utf-8", "replace") for start, end in zip(cuts, cuts[1:])]


@contextlib.contextmanager
def _hypercorn(folder: Path, switch: str, logs: Sequence[Path]) -> Iterator[int]:
    # The socket listens before the server runs, and is handed over: nobody can take the port in between, and the
    # first client waits in its backlog, where it is reset should the server die.
    with contextlib.ExitStack() as stack:
        stdout, stderr = (stack.enter_context(log.open("wb")) for log in logs)
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port: int = listener.getsockname()[1]
        process = subprocess.Popen(
            [*_HYPERCORN, f"fd://{listener.fileno()}"],
            cwd=folder / "app",
            env=_environment(folder, switch),
            pass_fds=[listener.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        stack.callback(_end, process)
        listener.close()
        yield port


def _environment(folder: Path, switch: str) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("ENUM_LOG_SHIM")}
    # Absolute, because the server has another working directory.
    inherited = [os.path.abspath(entry) for entry in env.get("PYTHONPATH", "").split(os.pathsep) if entry]
    env["PYTHONPATH"] = os.pathsep.join([str(folder / "shim-folder"), *inherited])
    env["ENUM_LOG_SHIM"] = switch
    return env


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        process.kill()  # does nothing when it has ended
        process.wait(_END_SECONDS)


def _visit(port: int, path: str, stderr: Path) -> int:
    """Connect, wait until the server closes, and give the close code; 1006 is a connection that just broke off."""
    try:
        # With a socket of our own no websockets version asks HTTP_PROXY for the way.
        with socket.create_connection(("127.0.0.1", port)) as sock:
            with connect(f"ws://127.0.0.1:{port}/{path}", sock=sock, open_timeout=_START_SECONDS) as client:
                client.recv(timeout=_ANSWER_SECONDS)
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else 1006
    except (OSError, EOFError, WebSocketException) as error:
        tail = "\n".join(stderr.read_text("utf-8", "replace").splitlines()[-15:])
        raise ServerFailed(f"hypercorn did not answer on /{path} ({error!r}). Its stderr ends:\n{tail}") from error
    raise ServerFailed(f"/{path} sent a message where a close was due")
