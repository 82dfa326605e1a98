from __future__ import annotations

from typing import Callable

import pytest

_figures = pytest.StashKey["list[tuple[str, str]]"]()


@pytest.fixture
def figure(pytestconfig: pytest.Config) -> Callable[[str, str], None]:
    """Notes a measured figure, under a name; all are shown at the end of the run, whatever became of their tests."""

    def note(name: str, value: str) -> None:
        pytestconfig.stash.setdefault(_figures, []).append((name, value))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    figures = config.stash.get(_figures, [])
    if figures:
        terminalreporter.section("measured figures")
        width = max(len(name) for name, _ in figures)
        for name, value in figures:
            terminalreporter.write_line(f"{name:<{width}}  {value}")
