"""JSON that is made while a log call's argument is evaluated has an enum's string; all other JSON raises as before."""

import pytest

from .log_call_forms import AWAITING, NEGATIVE, PLACES, POSITIVE, module

RAISED = "Object of type State is not JSON serializable"


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", POSITIVE)
def test_json_in_an_argument(start, tmp_path, code, place):
    start()
    found = module(tmp_path / "forms.py", code, place)
    found.run()
    logged = [line for line in found.lines if line != "end"]
    assert logged
    assert all("connected" in line for line in logged)


@pytest.mark.parametrize("code", AWAITING)
def test_json_in_an_argument_with_an_await(start, tmp_path, code):
    test_json_in_an_argument(start, tmp_path, code, "coroutine")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("code", NEGATIVE)
def test_json_elsewhere(start, tmp_path, code, place):
    start()
    with pytest.raises(TypeError) as caught:
        module(tmp_path / "forms.py", code, place).run()
    assert str(caught.value) == RAISED
    assert caught.value.__context__ is None or place == "error path"
