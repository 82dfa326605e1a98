"""The `%` format reader beside CPython's own, in a coverage-guided search that begins where the last ones ended."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from typing import Callable

import pytest
from processes import ROOT, environment, run

SECONDS = 15
TESTS = ROOT / "tests"


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="there is no atheris for this Python")
def test_formats_are_read_as_cpython_reads_them(tmp_path: Path, figure: Callable[[str, str], None]) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    sys.path.insert(0, str(TESTS))
    try:
        from unit.percent_oracle import data_of
    finally:
        sys.path.remove(str(TESTS))
    for number, text in enumerate(json.loads((TESTS / "unit" / "percent_corpus.json").read_text())):
        data = data_of(text)
        if data is not None:
            (seeds / str(number)).write_bytes(data)
    options = (f"-max_total_time={SECONDS}", "-max_len=30", f"-artifact_prefix={tmp_path}/", "-print_final_stats=1")
    command = (sys.executable, "-m", "unit.fuzz_percent", *options, seeds)
    done = run(command, env=environment([ROOT], measured=False), cwd=TESTS, timeout=120)
    assert done.code == 0, done.stderr[-2000:]
    (count,) = re.findall(r"stat::number_of_executed_units: (\d+)", done.stderr)
    assert int(count) > 10_000
    figure("fuzzing, formats", f"{int(count):,} in {SECONDS} s, each read as CPython reads it")
