"""A coverage-guided search for a `%` format that is read in another way than CPython reads it.

`python -m unit.fuzz_percent -max_total_time=SECONDS FOLDER`, in `tests`; the options are libFuzzer's.
"""

import sys

import atheris

with atheris.instrument_imports(include=["shim.percent", "shim.arguments"]):
    import shim.arguments
    import shim.percent  # noqa: F401

from .percent_oracle import check, text_of


def test_one(data):
    check(text_of(data))


if __name__ == "__main__":
    atheris.Setup(sys.argv, test_one)
    atheris.Fuzz()
