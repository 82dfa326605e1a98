"""`pytest --enum-log-sites`: pytest imports this where the shim is installed, and without the option nothing more."""

from __future__ import annotations

import pytest

OPTION = "--enum-log-sites"
_HELP = (
    "list the lines of the code under test that log an enum. =fail: it is an error if there is any; =FILE.jsonl: write "
    "them there too, for `python -m shim sites`. Nothing is converted, unless ENUM_LOG_SHIM=1"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("enum-log-shim", "enums that are logged")
    group.addoption(OPTION, nargs="?", const="", default=None, metavar="fail|FILE.jsonl", help=_HELP)


def pytest_configure(config: pytest.Config) -> None:
    wanted = config.getoption(OPTION)
    if wanted is not None:
        from . import pytest_sites

        config.pluginmanager.register(pytest_sites.plugin(config, wanted), "enum-log-sites")
