from __future__ import annotations

from typing import Callable

import pytest

_FIGURE = "measured figure"


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Notes a measured figure, under a name; all are shown at the end of the run, whatever became of their tests."""

    def note(name: str, value: str) -> None:
        # With the report it gets from the process that runs the test to the one that shows it.
        request.node.user_properties.append((_FIGURE, (name, value)))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for each in terminalreporter.stats.values() for report in each]
    figures = [
        figure
        for report in reports
        if getattr(report, "when", None) == "teardown"
        for kind, figure in report.user_properties
        if kind == _FIGURE
    ]
    if figures:
        terminalreporter.section("measured figures")
        width = max(len(name) for name, _ in figures)
        for name, value in figures:
            terminalreporter.write_line(f"{name:<{width}}  {value}")
