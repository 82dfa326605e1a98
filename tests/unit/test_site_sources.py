"""A container's path is found in the checkout, and nothing outside of the checkout is ever read."""

import os

import pytest

from shim.cli.sites.checkout import Checkout
from shim.cli.sites.rows import Site

SOURCE = "one\ntwo\n\tthree\n"


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "checkout"
    for path in ("ws.py", "app/ws.py", "src/app/db.py", "starlette/websockets.py", "events.py", "é/ü.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(SOURCE)
    return root


def site(file, line=2):
    return Site(file, line, "f", "", "", "")


@pytest.mark.parametrize(
    ("file", "path"),
    [
        ("/srv/app/ws.py", "app/ws.py"),
        ("/app/ws.py", "app/ws.py"),
        ("app/ws.py", "app/ws.py"),
        ("/code/ws.py", "ws.py"),
        ("/code/src/app/db.py", "src/app/db.py"),
        ("//code/.//src/app/db.py", "src/app/db.py"),
        ("C:\\code\\app\\ws.py", "app/ws.py"),
        ("/code/é/ü.py", "é/ü.py"),
        ("/code/db.py", None),
        ("/code/app", None),
        ("", None),
        ("/", None),
        ("<string>", None),
        ("/venv/lib/python3.11/site-packages/starlette/websockets.py", "starlette/websockets.py"),
        ("/venv/lib/python3.11/site-packages/other/ws.py", None),
        ("/usr/lib/python3/dist-packages/other/ws.py", None),
        ("/usr/lib/python3.11/asyncio/events.py", None),
        ("/usr/lib/python3.11/site-packages", None),
        ("/code\0/ws.py", None),
        ("x" * 5000 + "/y.py", None),
    ],
)
def test_the_longest_end_that_is_in_the_checkout(root, file, path):
    checkout = Checkout(root)
    assert checkout.path(file) == path
    assert checkout.line(site(file)) == ("two" if path else None)


@pytest.mark.parametrize("file", ["../secret.py", "/app/../../secret.py", "app/../ws.py", "/..", "..\\secret.py"])
def test_no_path_leads_upwards(root, file):
    (root.parent / "secret.py").write_text(SOURCE)
    assert Checkout(root).path(file) is None


def test_a_link_that_leads_out_is_not_followed(root):
    (root.parent / "secret.py").write_text(SOURCE)
    (root / "link.py").symlink_to("../secret.py")
    (root / "folder").symlink_to("..")
    (root / "loop.py").symlink_to("loop.py")
    (root / "inside.py").symlink_to("app/ws.py")
    checkout = Checkout(root)
    for file in ("link.py", "/x/folder/secret.py", "loop.py"):
        assert checkout.path(file) is None
    assert checkout.path("/x/inside.py") == "inside.py"


def test_a_root_that_is_a_link_is_a_checkout(root, tmp_path):
    (tmp_path / "link").symlink_to(root)
    assert Checkout(tmp_path / "link").path("/app/ws.py") == "app/ws.py"


def test_what_is_no_python_source_is_not_read(root):
    (root / ".env").write_text("SECRET=1\n")
    (root / "notes.txt").write_text("SECRET=1\n")
    (root / "binary.py").write_bytes(b"\x7fELF\0\0\n\n\n")
    (root / "nul.py").write_bytes(b"one\0\ntwo\n")
    (root / "latin.py").write_bytes(b"one\ntw\xf6\n")
    (root / "large.py").write_text("one\n" * 1_100_000)
    (root / "folder.py").mkdir()
    os.mkfifo(str(root / "pipe.py"))
    checkout = Checkout(root)
    for name in (".env", "notes.txt", "binary.py", "nul.py", "latin.py", "large.py", "folder.py", "pipe.py"):
        assert (name, checkout.path(f"/app/{name}")) == (name, None)


def test_other_encodings_and_scripts_are_read(root):
    (root / "latin.py").write_bytes(b"# coding: latin-1\ntw\xf6\n")
    (root / "manage").write_text("#!/usr/bin/env python3\ntwo\n")
    (root / "run").write_text("#!/bin/sh\ntwo\n")
    checkout = Checkout(root)
    assert checkout.line(site("/app/latin.py")) == "twö"
    assert checkout.line(site("/app/manage")) == "two"
    assert checkout.line(site("/app/run")) is None


@pytest.mark.parametrize(("line", "text"), [(0, None), (1, "one"), (3, "\tthree"), (4, None), (10**9, None)])
def test_a_line_that_the_file_does_not_have(root, line, text):
    assert Checkout(root).line(site("/app/ws.py", line)) == text


@pytest.mark.parametrize(
    ("line", "lines", "first"), [(1, ["one", "two"], 1), (2, ["one", "two", "\tthree"], 1), (3, ["two", "\tthree"], 2)]
)
def test_the_source_around_a_line(root, line, lines, first):
    assert Checkout(root).excerpt(site("/app/ws.py", line), 1, 1) == (lines, first, line)
