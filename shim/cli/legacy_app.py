"""The legacy app that `python -m shim demo` serves: it logs its websockets' state, and knows nothing of the shim."""

import logging
import sys

from fastapi import FastAPI, WebSocket
from google.cloud.logging.handlers import StructuredLogHandler

log = logging.getLogger("legacy")
log.setLevel(logging.INFO)
log.addHandler(StructuredLogHandler(project_id="legacy", stream=sys.stdout))  # type: ignore[no-untyped-call]

app = FastAPI()


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
