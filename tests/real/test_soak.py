"""A long run of ever new enum classes, containers and threads: nothing grows."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Callable

import pytest
from processes import ROOT, Host

SOAK = ROOT / "tests" / "real" / "soak_host.py"
MOST_BYTES = 10_000_000
RUNS = {"converted": (1_000_000, None), "recorded": (100_000, "sites")}


@pytest.mark.slow
@pytest.mark.timeout(500)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="what a process holds is read from /proc")
@pytest.mark.parametrize("name", RUNS)
def test_soak(name: str, host: Host, tmp_path: Path, figure: Callable[[str, str], None]) -> None:
    records, sites = RUNS[name]
    folder = sites and tmp_path / sites
    done = host(SOAK, records, measured=False, timeout=480, DEBUG="1", SITES=folder)
    said = ["json is wrapped", "logging is wrapped"]
    said += ["more than 2000 places log an enum: no more are recorded"] if sites else []
    assert (done.code, done.stderr) == (0, "".join(f"enum-log-shim: {line}\n" for line in said))
    found = json.loads(done.stdout)
    before, after = found["before"], found["after"]
    grown = after["bytes"] - before["bytes"]
    assert after["records"] == found["plain"] >= records
    assert grown < MOST_BYTES
    assert (after["files"], after["threads"]) == (before["files"], before["threads"])
    figure(
        f"soak, {name}",
        f"{after['records']:,} records: {grown / 1e6:+.1f} MB, files {before['files']} -> {after['files']}, "
        f"threads {before['threads']} -> {after['threads']}",
    )
