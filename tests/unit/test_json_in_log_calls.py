"""JSON that is made while a log call's argument is evaluated has an enum's string; all other JSON raises as before."""

import pytest

from .log_call_forms import AWAITING, NEGATIVE, PLACES, POSITIVE, executed

RAISED = "Object of type State is not JSON serializable"


@pytest.mark.parametrize("code", POSITIVE)
def test_json_in_an_argument(start, tmp_path, code):
    start()
    for place in PLACES:
        assert is_logged(executed(tmp_path, code, place)), place


@pytest.mark.parametrize("code", AWAITING)
def test_json_in_an_argument_with_an_await(start, tmp_path, code):
    start()
    assert is_logged(executed(tmp_path, code, "coroutine"))


def is_logged(found):
    found.run()
    logged = [line for line in found.lines if line != "end"]
    return logged and all("connected" in line for line in logged)


@pytest.mark.parametrize("code", NEGATIVE)
def test_json_elsewhere(start, tmp_path, code):
    start()
    for place in PLACES:
        with pytest.raises(TypeError) as caught:
            executed(tmp_path, code, place).run()
        assert str(caught.value) == RAISED, place
        assert caught.value.__context__ is None or place == "error path"
