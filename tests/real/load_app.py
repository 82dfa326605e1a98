"""An app under load: each message of a websocket leads to four log calls, in Google Cloud's JSON, on stdout.

LOAD_ENUMS=1: what is logged is the connection's state, an enum; else the same text, without one.
"""

import logging
import os
import sys

from google.cloud.logging.handlers import StructuredLogHandler
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

log = logging.getLogger("load")
log.setLevel(logging.INFO)
log.propagate = False
log.addHandler(StructuredLogHandler(stream=sys.stdout, project_id="p"))
HAS_ENUMS = os.environ["LOAD_ENUMS"] == "1"
PID = str(os.getpid())


def log_calls(ws, sent):
    state = ws.client_state if HAS_ENUMS else "connected"
    log.info("labels %s", sent, extra={"labels": {"state": state, "pid": PID}})
    log.info("json_fields %s", sent, extra={"json_fields": {"state": state, "states": [state, {"a": state}]}})
    log.info("arguments %s %s", sent, state)
    log.info(f"f-string {sent} {state}")


async def echo(ws):
    await ws.accept()
    await ws.send_text(PID)
    try:
        while True:
            sent = await ws.receive_text()
            log_calls(ws, sent)
            await ws.send_text(sent)
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", echo)])
