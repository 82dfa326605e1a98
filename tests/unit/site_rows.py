"""Rows as the shim records them, for the tests of what reads them."""

import json

ROW = {
    "enum_log_shim": "site",
    "run": "a1",
    "file": "/app/ws.py",
    "line": 42,
    "function": "receive",
    "logger": "app.ws",
    "place": "extra.ws_state",
    "class": "starlette.websockets:WebSocketState",
    "first": "2026-11-24T00:00:00.123Z",
    "last": "2026-11-24T00:00:05.000Z",
    "count": 3,
}


def record(**changes):
    """A row as an object; enum: its class. None leaves a field out."""
    changes = {"class" if name == "enum" else name: value for name, value in changes.items()}
    return {name: value for name, value in {**ROW, **changes}.items() if value is not None}


def line(**changes):
    return json.dumps(record(**changes))
