"""No test leaves anything behind: neither the shim, nor what it did to `logging`'s global state."""

import gc
import logging

import hypothesis
import pytest

import shim

from .bench import forget

hypothesis.settings.register_profile("unit", deadline=None, database=None)
# For all the interpreters but the first: the rules are the same there, and other interpreters find other examples.
hypothesis.settings.register_profile("few", hypothesis.settings.get_profile("unit"), max_examples=25)
hypothesis.settings.load_profile("unit")


def pytest_collection_finish():
    """Else each full collection, of which some tests ask for many, walks through thousands of tests as well."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _pristine():
    assert not shim.installed()
    factory, logger_class = logging.getLogRecordFactory(), logging.getLoggerClass()
    yield
    shim.uninstall()
    forget()
    logging.setLogRecordFactory(factory)
    logging.setLoggerClass(logger_class)


@pytest.fixture
def start():
    """Installs the shim under the settings given as keywords; `_pristine` takes it out."""

    def start(**settings):
        assert shim.install(shim.Settings(**settings))

    return start
