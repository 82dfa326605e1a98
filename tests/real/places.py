"""The places in which an enum can stand in a log call, for each library's way to log, and how its line is read."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """shown: how the enum is found in the line, see `cells.py`. calls: the code for each way to log. expected: what
    stands there with the shim.
    """

    name: str
    shown: str
    calls: dict[str, str]
    expected: str = "connected"


def _in_each(call: str) -> dict[str, str]:
    return dict.fromkeys(("logging", "structlog", "loguru"), call)


PLACES = (
    Place(
        "argument",
        "text",
        {
            "logging": "log.info('is %s', WS.CONNECTED)",
            "structlog": "log.info('is %s', WS.CONNECTED)",
            "loguru": "log.info('is {}', WS.CONNECTED)",
        },
    ),
    Place(
        "number",
        "text",
        {
            "logging": "log.info('is %d', HTTPStatus.OK)",
            "structlog": "log.info('is %d', HTTPStatus.OK)",
            "loguru": "log.info('is {:d}', HTTPStatus.OK)",
        },
        "200",
    ),
    Place("message", "message", _in_each("log.info(WS.CONNECTED)")),
    Place(
        "value in a dict message",
        "value",
        _in_each("log.info({'state': WS.CONNECTED})"),
    ),
    Place(
        "key of a dict message",
        "key",
        _in_each("log.info({WS.CONNECTED: 'here'})"),
    ),
    Place(
        "field",
        "value",
        {
            "logging": "log.info('m', extra=fields({'state': WS.CONNECTED}))",
            "structlog": "log.info('m', state=WS.CONNECTED)",
            "loguru": "log.info('m', state=WS.CONNECTED)",
        },
    ),
    Place(
        "in a dict",
        "value",
        {
            "logging": "log.info('m', extra=fields({'ctx': {'ws': {'state': WS.CONNECTED}}}))",
            "structlog": "log.info('m', ctx={'ws': {'state': WS.CONNECTED}})",
            "loguru": "log.info('m', ctx={'ws': {'state': WS.CONNECTED}})",
        },
    ),
    Place(
        "in a list",
        "item",
        {
            "logging": "log.info('m', extra=fields({'states': [WS.CONNECTED]}))",
            "structlog": "log.info('m', states=[WS.CONNECTED])",
            "loguru": "log.info('m', states=[WS.CONNECTED])",
        },
    ),
    Place(
        "key",
        "key",
        {
            "logging": "log.info('m', extra=fields({'by': {WS.CONNECTED: 'here'}}))",
            "structlog": "log.info('m', by={WS.CONNECTED: 'here'})",
            "loguru": "log.info('m', by={WS.CONNECTED: 'here'})",
        },
    ),
    Place(
        "filter",
        "value",
        {
            "logging": "with filtered({'state': WS.CONNECTED}): log.info('m')",
            "structlog": "with processed(state=WS.CONNECTED): log.info('m')",
            "loguru": "log.patch(lambda record: record['extra'].update(state=WS.CONNECTED)).info('m')",
        },
    ),
    Place(
        "bound",
        "value",
        {
            "logging": "logging.LoggerAdapter(log, fields({'state': WS.CONNECTED})).info('m')",
            "powertools": "log.append_keys(state=WS.CONNECTED); log.info('m'); log.remove_keys(['state'])",
            "structlog": "log.bind(state=WS.CONNECTED).info('m')",
            "loguru": "log.bind(state=WS.CONNECTED).info('m')",
        },
    ),
    Place(
        "bound key",
        "key",
        {
            "logging": "logging.LoggerAdapter(log, fields({'by': {WS.CONNECTED: 'here'}})).info('m')",
            "powertools": "log.append_keys(by={WS.CONNECTED: 'here'}); log.info('m'); log.remove_keys(['by'])",
            "structlog": "log.bind(by={WS.CONNECTED: 'here'}).info('m')",
            "loguru": "log.bind(by={WS.CONNECTED: 'here'}).info('m')",
        },
    ),
    Place(
        "context",
        "value",
        {
            "powertools": "with log.append_context_keys(state=WS.CONNECTED): log.info('m')",
            "structlog": "with structlog.contextvars.bound_contextvars(state=WS.CONNECTED): log.info('m')",
            "loguru": "with log.contextualize(state=WS.CONNECTED): log.info('m')",
        },
    ),
    Place(
        "f-string",
        "text",
        _in_each("log.info(f'is {WebSocketState.CONNECTED}')"),
    ),
)


def calls_of(api: str) -> dict[str, str]:
    """The code of each place that there is in this way to log; powertools' is logging's but for its bound keys."""
    fallback = "logging" if api == "powertools" else api
    found = {place.name: place.calls.get(api, place.calls.get(fallback)) for place in PLACES}
    return {name: call for name, call in found.items() if call is not None}
