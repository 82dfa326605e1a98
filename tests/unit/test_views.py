"""An attribute that one method sees otherwise, with no wrapper on the stack."""

import copy
import pickle
import sys

import pytest

from shim.views import seen_by


class Chain:
    def __init__(self, items):
        self.items = items

    def run(self):
        return list(self.items)

    def look(self):
        return self.items


@pytest.fixture
def views(monkeypatch):
    """How often each value was looked at."""
    made = []

    def view(items):
        made.append(items)
        return [item * 10 for item in items]

    monkeypatch.setattr(Chain, "items", seen_by("run", "items", view), raising=False)
    return made


def test_only_that_method_sees_it(views):
    own = [1, 2]
    chain = Chain(own)
    assert chain.run() == [10, 20]
    assert chain.look() is own
    assert chain.items is own
    assert vars(chain) == {"items": own}


def test_a_view_is_made_once_for_a_value(views):
    chain = Chain([1])
    chain.run()
    chain.run()
    assert len(views) == 1


def test_a_list_that_changed_is_looked_at_again(views):
    own = [1]
    chain = Chain(own)
    chain.run()
    own[:] = [2]
    assert chain.run() == [20]


def test_two_objects_with_a_value_each(views):
    one, other = Chain([1]), Chain([2])
    assert [one.run(), other.run(), one.run()] == [[10], [20], [10]]


def test_a_view_that_raises_leaves_the_value(views):
    with pytest.raises(TypeError, match="not iterable"):
        Chain(None).run()
    assert Chain(None).look() is None


def test_it_can_be_set_and_deleted(views):
    chain = Chain([1])
    chain.items = [3]
    assert chain.run() == [30]
    del chain.items
    for forbidden in (lambda: chain.items, lambda: delattr(chain, "items")):
        with pytest.raises(AttributeError, match="items"):
            forbidden()


def test_copies_and_pickles_hold_the_value(views):
    chain = Chain([1])
    assert vars(copy.copy(chain)) == {"items": [1]}
    assert pickle.loads(pickle.dumps(chain)).look() == [1]


def test_no_frame_is_left_on_the_stack(monkeypatch):
    frames = []
    monkeypatch.setattr(Chain, "items", seen_by("run", "items", lambda items: iter(items)), raising=False)

    def items():
        frames.append(sys._getframe(1).f_code.co_name)
        yield 1

    Chain(items()).run()
    assert frames == ["run"]
