"""The host's imports with the shim in them: what is wrapped when, and what the import system looks like."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import interpreters
import pytest
from processes import ROOT, Host, Run

STATES = "import enum\nclass State(enum.Enum):\n    UP = 1\n"
LOG = f"{STATES}\nimport logging\nlogging.warning('%s', State.UP)"
RENDER = """
from starlette.websockets import WebSocketState as WS
print(f"{WS.CONNECTED}", str(WS.CONNECTED), "%s" % WS.CONNECTED)
"""
RENDERED = Run(0, "connected connected connected\n", "")

# An agent in front of ours that imports what we wrap, and then lets us have our turn.
EARLY_AGENT = """
import sys, logging, starlette.websockets
del sys.modules["sitecustomize"]
sys.path.remove(__file__.rpartition("/")[0])
import sitecustomize
"""


@pytest.fixture
def early_agent(tmp_path: Path) -> Path:
    folder = tmp_path / "agent"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(EARLY_AGENT)
    return folder


def test_starlette_that_is_imported_after_the_install(any_host: Host) -> None:
    assert any_host("-c", RENDER) == RENDERED


def test_starlette_and_logging_that_were_imported_before_the_install(any_host: Host, early_agent: Path) -> None:
    assert any_host("-c", RENDER, path=[early_agent, ROOT]) == RENDERED
    assert any_host("-c", LOG, path=[early_agent, ROOT]) == Run(0, "", "WARNING:root:up\n")


def test_starlette_before_install_by_hand(any_host: Host) -> None:
    code = f"import starlette.websockets, logging, shim; shim.install()\n{RENDER}\n{LOG}"
    assert any_host("-c", code, flag=None) == Run(0, RENDERED.stdout, "WARNING:root:up\n")


def test_install_by_hand_and_its_undo(any_host: Host) -> None:
    code = f"import shim, logging; shim.install(); shim.install(); shim.uninstall()\n{RENDER}\n{LOG}"
    plain = any_host("-c", f"{RENDER}\n{LOG}", flag=None)
    assert any_host("-c", code, flag=None) == plain
    assert plain.stderr == "WARNING:root:State.UP\n"


def test_starlette_that_is_never_imported(host: Host) -> None:
    names = "print([n for n in sys.modules if n.partition('.')[0] in ('starlette', 'anyio')])"
    assert host("-c", f"{LOG}\nimport sys\n{names}") == Run(0, "[]\n", "WARNING:root:up\n")


def test_starlette_without_the_class_is_a_line_and_the_host_runs(host: Host) -> None:
    (host.cwd / "starlette").mkdir()
    (host.cwd / "starlette" / "__init__.py").touch()
    (host.cwd / "starlette" / "websockets.py").touch()
    run = host("-c", "import starlette.websockets; print(1)")
    assert (run.code, run.stdout) == (0, "1\n")
    assert run.stderr.startswith("enum-log-shim: starlette is not wrapped: AttributeError")
    assert run.stderr.count("\n") == 1


def test_a_start_imports_nothing_for_the_shims_sake(any_host: Host) -> None:
    code = "import sys; print(*sorted(sys.modules))"
    on, off = (set(any_host("-c", code, measured=False, flag=flag).stdout.split()) for flag in ("1", "0"))
    assert "_enum_log_shim" in on - off
    assert not (on - off) & {"wrapt", "logging", "asyncio", "starlette", "typing", "enum", "re"}


@pytest.mark.parametrize("flag", ["0", "1"])
def test_hosts_modules_that_are_called_like_ours(any_host: Host, flag: str) -> None:
    names = ("shim", "settings", "hooks", "patching", "record", "text", "convert", "report")
    for name in names:
        (any_host.cwd / f"{name}.py").write_text(f"whose = 'host {name}'")
    log = LOG.replace("%s", "%s " + " ".join(f"{{{name}.whose}}" for name in names))
    (any_host.cwd / "app.py").write_text(f"import {', '.join(names)}\n" + log.replace("'%s", "f'%s"))
    text = "up" if flag == "1" else "State.UP"
    expected = f"WARNING:root:{text} " + " ".join(f"host {name}" for name in names) + "\n"
    assert any_host("app.py", flag=flag) == Run(0, "", expected)
    assert any_host("-m", "app", flag=flag) == Run(0, "", expected)


def test_a_reloaded_logging_is_wrapped_again_and_once(any_host: Host) -> None:
    reload = "import importlib, logging\nfor _ in range(3): importlib.reload(logging)\n"
    once = "print(hasattr(logging.Logger.makeRecord.__wrapped__, '__wrapped__'))"
    assert any_host("-c", f"{reload}{LOG}\n{once}") == Run(0, "False\n", "WARNING:root:up\n")


def test_a_reloaded_module_of_classes_that_render(any_host: Host) -> None:
    (any_host.cwd / "app_states.py").write_text(STATES)
    code = "import app_states, importlib; importlib.reload(app_states); print(f'{app_states.State.UP}')"
    assert any_host("-c", code, TEXT="app_states:State") == Run(0, "up\n", "")
    assert any_host("-c", code) == Run(0, "State.UP\n", "")


@pytest.mark.parametrize("name", ["app.zip", "app.pyz"])
def test_a_class_of_a_zipped_application_renders(any_host: Host, name: str) -> None:
    with zipfile.ZipFile(any_host.cwd / name, "w") as application:
        application.writestr("app_states.py", STATES)
        application.writestr("package/__init__.py", "")
        application.writestr("package/states.py", STATES)
        main = "import app_states, package.states as inner\nprint(f'{app_states.State.UP} {inner.State.UP}')\n"
        shown = "for m in app_states, inner: print(m.__file__, type(m.__loader__), m.__loader__ is m.__spec__.loader)"
        application.writestr("__main__.py", main + shown)
    on = any_host(name, TEXT="app_states:State, package.states:State")
    off = any_host(name, flag="0")
    assert (on.code, on.stderr) == (off.code, off.stderr) == (0, "")
    assert on.stdout.splitlines()[0] == "up up"
    assert off.stdout.splitlines()[0] == "State.UP State.UP"
    assert on.stdout.splitlines()[1:] == off.stdout.splitlines()[1:]
    assert "zipimporter" in on.stdout


SHOW = """
import importlib.machinery, importlib.util, sys
def show(spec):
    loader = spec.loader
    print(spec.name, spec.origin, spec.cached, spec.has_location, spec.parent, spec.submodule_search_locations)
    print(loader.name, loader.get_filename(spec.name), len(loader.get_source(spec.name)), loader.is_package(spec.name))
"""


@pytest.mark.parametrize("name", ["logging", "starlette.websockets"])
def test_spec_and_loader_after_import_are_what_they_are_without_the_shim(any_host: Host, name: str) -> None:
    loaders = "print(type(module.__loader__), module.__loader__ is module.__spec__.loader, module.__file__)\n"
    rest = f"print(type(module.__spec__))\nshow(module.__spec__)\nshow(importlib.util.find_spec({name!r}))"
    code = f"{SHOW}import {name}\nmodule = sys.modules[{name!r}]\n{loaders}{rest}"
    on, off = (any_host("-c", code, flag=flag) for flag in ("1", "0"))
    assert off.code == 0, off.stderr
    assert on == off


def test_spec_before_import_is_what_it_is_without_the_shim(any_host: Host) -> None:
    code = f"{SHOW}show(importlib.util.find_spec('logging'))\nprint('logging' in sys.modules)"
    on, off = (any_host("-c", code, flag=flag) for flag in ("1", "0"))
    assert off.code == 0, off.stderr
    assert on == off


def test_loader_before_import_is_a_source_file_loader(host: Host) -> None:
    code = "import importlib.machinery as m, importlib.util as u\nloader = u.find_spec('logging').loader\n"
    told = "print(type(loader).__name__, isinstance(loader, m.SourceFileLoader))"
    assert host("-c", code + told) == Run(0, "SourceFileLoader True\n", "")


def test_a_lazily_loaded_module_is_wrapped_when_it_is_loaded(any_host: Host) -> None:
    (any_host.cwd / "app_states.py").write_text(STATES + "print('loaded')")
    lazy = """
import importlib.util, sys
spec = importlib.util.find_spec("app_states")
spec.loader = importlib.util.LazyLoader(spec.loader)
sys.modules["app_states"] = module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
print("not yet")
print(f"{module.State.UP}", type(module.__loader__).__name__)
"""
    on = any_host("-c", lazy, TEXT="app_states:State")
    assert on == Run(0, "not yet\nloaded\nup SourceFileLoader\n", "")
    assert any_host("-c", lazy, flag="0") == Run(0, "not yet\nloaded\nState.UP SourceFileLoader\n", "")


HOOK = """
import sys, importlib.machinery
class Finder:  # as some agents hook an import: in the module's own loader
    @staticmethod
    def find_spec(name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if name == "app_states":
            run = spec.loader.exec_module
            spec.loader.exec_module = lambda module: (run(module), print("hooked", module.State.UP))
        return spec
sys.meta_path.insert(1, Finder)
import app_states
print(app_states.State.UP, "exec_module" in vars(app_states.__loader__))
"""


def test_anothers_hook_in_the_loader_runs_as_well(any_host: Host) -> None:
    (any_host.cwd / "app_states.py").write_text(STATES)
    off, on = (any_host("-c", HOOK, flag=flag, TEXT="app_states:State") for flag in ("0", "1"))
    assert off == Run(0, "hooked State.UP\nState.UP True\n", "")
    assert on == Run(0, "hooked State.UP\nup True\n", "")


def test_a_module_that_raises_raises_what_it_did(any_host: Host) -> None:
    (any_host.cwd / "app_states.py").write_text("raise KeyError('host')")
    on, off = (any_host("-c", "import app_states", flag=flag, TEXT="app_states:State") for flag in ("1", "0"))
    assert on.code == off.code == 1
    assert on.stderr.splitlines()[-3:] == off.stderr.splitlines()[-3:]
    again = "try: import app_states\nexcept KeyError: pass\nimport sys; print('app_states' in sys.modules)"
    assert any_host("-c", again, TEXT="app_states:State") == Run(0, "False\n", "")


def test_a_module_that_is_not_there_is_not_found(any_host: Host) -> None:
    on, off = (any_host("-c", "import app_states", flag=flag, TEXT="app_states:State") for flag in ("1", "0"))
    line = "enum-log-shim: ENUM_LOG_SHIM_TEXT names app_states:State, and there is no module app_states\n"
    assert on == off._replace(stderr=off.stderr + line)
    assert "ModuleNotFoundError: No module named 'app_states'" in on.stderr


def test_a_module_of_classes_that_is_run_as_main(host: Host) -> None:
    (host.cwd / "app_states.py").write_text(STATES + "print(__name__, __spec__.name, type(__loader__).__name__)")
    on, off = (host("-m", "app_states", flag=flag, TEXT="app_states:State") for flag in ("1", "0"))
    assert on == off == Run(0, "__main__ app_states SourceFileLoader\n", "")


def test_threads_that_import_at_once(any_host: Host) -> None:
    code = f"""
import sys, threading
sys.setswitchinterval(1e-6)
def load():
    import logging
    import starlette.websockets as ws
    found.append((hasattr(logging.Logger.makeRecord, "__wrapped__"), f"{{ws.WebSocketState.CONNECTED}}"))
found = []
threads = [threading.Thread(target=load) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(set(found), len(found))
{LOG}
"""
    assert any_host("-c", code) == Run(0, "{(True, 'connected')} 8\n", "WARNING:root:up\n")


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_multiprocessing(host: Host, method: str) -> None:
    main = f"""
import multiprocessing
def work():
    import logging
    from starlette.websockets import WebSocketState
    logging.warning("%s %s", WebSocketState.CONNECTED, f"{{WebSocketState.CONNECTED}}")
if __name__ == "__main__":
    process = multiprocessing.get_context({method!r}).Process(target=work)
    process.start()
    process.join()
    raise SystemExit(process.exitcode)
"""
    (host.cwd / "app.py").write_text(main)
    assert host("app.py") == Run(0, "", "WARNING:root:connected connected\n")


def test_this_runs_under_the_interpreter_it_means_to(any_host: Host) -> None:
    run = any_host("-c", "import sys, wrapt; print('%d.%d' % sys.version_info[:2], wrapt.__version__)", flag="0")
    version, wrapt = run.stdout.split()
    assert any_host.python == interpreters.venv(version, interpreters.OLDEST_WRAPT)
    assert wrapt == interpreters.OLDEST_WRAPT.partition("==")[2]
    assert sys.executable != str(any_host.python)
