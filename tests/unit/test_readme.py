"""What the README says that can be read by a program: its table of strings, its settings, its commands."""

import enum
import http
import pathlib
import re

import pytest

from shim.hooks import HOOKS
from shim.settings import read
from shim.text import text

ROOT = pathlib.Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
STYLES = (None, "lower", "name", "value", "full")


def rows(header):
    """The cells of the table that begins with `header`, without their backticks."""
    body = README.split(header, 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    for line in body:
        cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
        yield [cell.strip().strip("`").replace("\\|", "|") for cell in cells]


def namespace():
    """The names that the table's expressions use: the enums of the code block above it, and two that exist."""
    names = {"Enum": enum.Enum, "Flag": enum.Flag, "HTTPStatus": http.HTTPStatus}
    names["WebSocketState"] = enum.Enum("WebSocketState", "CONNECTED")
    code = next(block for block in re.findall(r"```python\n(.*?)```", README, re.DOTALL) if "DARK_RED" in block)
    exec(code, names)
    return names


TABLE = list(rows("| logged |"))


def test_the_table_of_strings_is_there():
    assert len(TABLE) == 9


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_a_member_becomes_what_the_table_says(row):
    member = eval(row[0], namespace())
    assert [text(member, style) for style in STYLES] == row[1:]


def test_every_variable_that_is_read_is_in_the_table_of_settings():
    class Environment(dict):
        def get(self, name, default=""):
            self[name] = default
            return default

    environment = Environment()
    read(environment, HOOKS)
    assert {row[0] for row in rows("| variable |")} == set(environment)


def test_the_hooks_that_can_be_skipped_are_named():
    row = next(row for row in rows("| variable |") if row[0] == "ENUM_LOG_SHIM_SKIP")
    assert re.findall(r"[a-z_-]+", row[1].replace("list of", "")) == list(HOOKS)


@pytest.mark.parametrize("extra", ["cli", "demo", "test"])
def test_the_commands_name_an_extra_that_exists(extra):
    assert f'pip install "./.package[{extra}]"' in README
    assert f"\n{extra} =\n" in (ROOT / "setup.cfg").read_text(encoding="utf-8")
