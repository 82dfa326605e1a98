"""Start-up agents that run the next sitecustomize, in the two ways in which the known ones do it."""

from __future__ import annotations

from pathlib import Path

# As New Relic's does: the next one is executed in this module, because load_module takes the one in sys.modules.
NEW_RELIC = """
'''The agent's own.'''
import os, sys
boot_directory = os.path.dirname(os.path.abspath(__file__))
print("agent " + os.path.basename(boot_directory))
path = [entry for entry in sys.path if entry != boot_directory]
before = None
before = dict(globals())
from importlib.machinery import PathFinder
module_spec = PathFinder.find_spec("sitecustomize", path=path)
if module_spec is not None:
    module_spec.loader.load_module("sitecustomize")
leaked = set(globals()) - set(before) - {"PathFinder", "module_spec"}
print("leaked", sorted(leaked), "lost", sorted(set(before) - set(globals())))
changed = [name for name in before if name[:2] != "__" and name != "before" and globals()[name] is not before[name]]
print("changed", sorted(changed), __doc__)
"""

# As ddtrace's does: its own folder goes, the next one is imported as if it were the first, and its own comes back.
DDTRACE = """
import os, sys
print("agent " + os.path.basename(os.path.dirname(os.path.abspath(__file__))))
import logging
bootstrap_dir = os.path.abspath(os.path.dirname(__file__))
abs_paths = [os.path.abspath(entry) for entry in sys.path]
if bootstrap_dir in abs_paths:
    index = abs_paths.index(bootstrap_dir)
    del sys.path[index]
    ours = sys.modules.pop("sitecustomize")
    try:
        import sitecustomize
    except ImportError:
        sys.modules["sitecustomize"] = ours
    finally:
        sys.path.insert(index, bootstrap_dir)
"""
AGENTS = {"new-relic": NEW_RELIC, "ddtrace": DDTRACE}


class Folders:
    """Folders with a sitecustomize.py each."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __call__(self, name: str, text: str) -> Path:
        folder = self.place / name
        folder.mkdir()
        (folder / "sitecustomize.py").write_text(text)
        return folder
