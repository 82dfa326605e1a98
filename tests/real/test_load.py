"""Many clients at once: no connection breaks off, no line is lost or torn, and what a message takes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Callable

import pytest
from processes import ROOT
from servers import START_SECONDS, Server, serve
from websockets.asyncio.client import ClientConnection, connect

CLIENTS, MESSAGES, WORKERS, ROUNDS = 200, 100, 2, 10
LABELS = "logging.googleapis.com/labels"
VARIANTS = {
    "without the shim, no enums": (None, "0"),
    "with the shim, no enums": ("1", "0"),
    "with the shim, enums": ("1", "1"),
}


class Clients:
    """All clients of one server, their latencies in seconds and how they were closed."""

    def __init__(self, server: Server) -> None:
        self._url = f"ws://127.0.0.1:{server.port}/ws"
        self._open: list[ClientConnection] = []
        self.latencies: list[float] = []

    async def connect(self) -> None:
        """As many to each worker: which one takes a connection is luck, and the busier one makes the latency."""
        workers: Counter[object] = Counter()
        while len(self._open) < CLIENTS:
            client = await connect(self._url, open_timeout=START_SECONDS, compression=None, ping_interval=None)
            worker = await client.recv()
            if workers[worker] < CLIENTS / WORKERS:
                workers[worker] += 1
                self._open.append(client)
            else:
                await client.close()

    async def round(self, number: int) -> None:
        await asyncio.gather(*(self._send(client, at, number) for at, client in enumerate(self._open)))

    async def _send(self, client: ClientConnection, at: int, number: int) -> None:
        for message in range(number * MESSAGES // ROUNDS, (number + 1) * MESSAGES // ROUNDS):
            sent, start = f"{at}/{message}", perf_counter()
            await client.send(sent)
            assert await client.recv() == sent
            self.latencies.append(perf_counter() - start)

    async def close(self) -> Counter[int | None]:
        await asyncio.gather(*(client.close() for client in self._open))
        return Counter(client.close_code for client in self._open)


async def load(servers: list[Server]) -> list[tuple[Clients, Counter[int | None]]]:
    """The rounds of all servers in turn, so that what else the machine does strikes them alike."""
    crowds = [Clients(server) for server in servers]
    for clients in crowds:
        await clients.connect()
    for number in range(ROUNDS):
        for clients in crowds:
            await clients.round(number)
    return [(clients, await clients.close()) for clients in crowds]


def check_lines(server: Server) -> int:
    """Each log call has one line, which is whole and holds the state as text; returns their number."""
    lines = [
        line for line in map(json.loads, server.stdout().splitlines()) if "message" in line
    ]  # one is the library's
    calls = Counter(tuple(line["message"].split()) for line in lines)
    sent = [f"{at}/{message}" for at in range(CLIENTS) for message in range(MESSAGES)]
    bare = [(kind, one) for kind in ("labels", "json_fields") for one in sent]
    assert calls == Counter(bare + [(kind, one, "connected") for kind in ("arguments", "f-string") for one in sent])
    labels = [line[LABELS] for line in lines if line["message"].startswith("labels")]
    assert {label["state"] for label in labels} == {"connected"}
    assert len({label["pid"] for label in labels}) == WORKERS
    fields = [line for line in lines if line["message"].startswith("json_fields")]
    assert all(line["state"] == "connected" and line["states"] == ["connected", {"a": "connected"}] for line in fields)
    return len(lines)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_load(tmp_path: Path, figure: Callable[[str, str], None]) -> None:
    with contextlib.ExitStack() as stack:
        servers = []
        for at, (flag, has_enums) in enumerate(VARIANTS.values()):
            folder = tmp_path / str(at)
            folder.mkdir()
            shutil.copy(ROOT / "tests" / "real" / "load_app.py", folder)
            options = ("--workers", str(WORKERS), "--log-level", "warning", "--ws-ping-interval", "300")
            servers.append(
                stack.enter_context(serve("uvicorn", "load_app:app", folder, flag, *options, LOAD_ENUMS=has_enums))
            )
        results = asyncio.run(load(servers))
    base = [median(results[0][0].latencies), quantiles(results[0][0].latencies, n=100)[98]]
    for name, server, (clients, codes) in zip(VARIANTS, servers, results):
        assert codes == {1000: CLIENTS}
        assert "Traceback" not in server.stderr()
        count = check_lines(server)
        found = [median(clients.latencies), quantiles(clients.latencies, n=100)[98]]
        times = ", ".join(f"{one * 1000:.0f} ms ({one / other:.2f})" for one, other in zip(found, base))
        figure(
            f"load, {name}", f"{count:,} lines of {4 * CLIENTS * MESSAGES:,}, 0 abnormal closes; median, p99: {times}"
        )
