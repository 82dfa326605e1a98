"""Formats that a coverage-guided search found to be read in ways of their own: each as CPython reads it."""

import json
from pathlib import Path

import pytest

from shim.arguments import clean_arguments

from . import percent_oracle
from .percent_oracle import MADE, PIECES, check, data_of, formatted, text_of

CORPUS = json.loads(Path(__file__).with_name("percent_corpus.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
def test_a_format(text):
    check(text)


def test_the_oracle_tells_a_wrong_reading(monkeypatch):
    """One that takes each argument as text, and so shows no number."""
    monkeypatch.setattr(percent_oracle, "clean_arguments", lambda args, text, replace: ("made",) * len(args))
    check("%s %r")
    for text in ("%d", "%s %5.1f", "%c", "%*s"):
        with pytest.raises(AssertionError):
            check(text)


def test_the_oracle_tells_a_wrong_reading_by_key(monkeypatch):
    monkeypatch.setattr(percent_oracle, "clean_arguments", lambda args, text, replace: dict.fromkeys(args, 65))
    check("%(a)d")
    with pytest.raises(AssertionError):
        check("%(a)s")


def test_a_text_is_the_same_from_its_data():
    for text in CORPUS:
        data = data_of(text)
        assert data is None or text_of(data) == text
    assert text_of(bytes(range(len(PIECES)))) == "".join(PIECES)


def test_what_the_oracle_compares():
    assert formatted("%d %s", clean_arguments((MADE, MADE), "%d %s", lambda member: "made")) == "65 made"
    assert formatted("%d", ()) is None
