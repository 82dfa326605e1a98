"""The legacy app that `python -m shim demo` serves: it logs its websockets' state, and knows nothing of the shim."""

import json
import logging
import sys

import loguru
from fastapi import FastAPI, WebSocket
from google.cloud.logging.handlers import StructuredLogHandler

log = logging.getLogger("legacy")
log.setLevel(logging.DEBUG)
log.addHandler(StructuredLogHandler(project_id="legacy", stream=sys.stdout))  # type: ignore[no-untyped-call]

loguru.logger.remove()
loguru.logger.add(sys.stdout, serialize=True)
loguru.logger.level("DEBUG", icon="")  # loguru's own is an emoji, with which an ASCII stdout loses the line


class CentralLogger:
    def debug(self, message: str) -> None:
        loguru.logger.opt(depth=1).debug(message)


central_logger = CentralLogger()
app = FastAPI()


def authenticate(attempt: object) -> None:
    raise PermissionError("no token")


@app.websocket("/json")
async def json_in_log_call(ws: WebSocket) -> None:
    await ws.accept()
    attempt = {"client_state": ws.client_state}
    try:
        authenticate(attempt)
    except PermissionError:
        log.debug(f"auth attempt: {json.dumps(attempt, indent=2)}")
    await ws.close()


@app.websocket("/json_loguru")
async def json_in_log_call_over_loguru(ws: WebSocket) -> None:
    await ws.accept()
    attempt = {"client_state": ws.client_state}
    try:
        authenticate(attempt)
    except PermissionError:
        central_logger.debug(f"auth attempt: {json.dumps(attempt, indent=2)}")
    await ws.close()


@app.websocket("/labels")
async def labels(ws: WebSocket) -> None:
    await ws.accept()
    log.info("hello", extra={"labels": {"state": ws.client_state}})
    await ws.close()


@app.websocket("/json_fields")
async def json_fields(ws: WebSocket) -> None:
    await ws.accept()
    log.info("hello", extra={"json_fields": {"state": ws.client_state}})
    await ws.close()


@app.websocket("/key")
async def key(ws: WebSocket) -> None:
    await ws.accept()
    log.info("hello", extra={"json_fields": {"clients": {ws.client_state: 1}}})
    await ws.close()


@app.websocket("/percent")
async def percent(ws: WebSocket) -> None:
    await ws.accept()
    log.info("client is %s", ws.client_state)
    await ws.close()


@app.websocket("/fstring")
async def fstring(ws: WebSocket) -> None:
    await ws.accept()
    log.info(f"client is {ws.client_state}")
    await ws.close()
