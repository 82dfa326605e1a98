"""Puts wrappers in place, remembers them and undoes them; and runs a hook as soon as the host has imported a module."""

import sys

from .report import failed, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from .recorder import Recorder
    from .settings import Settings

    Hook = Callable[[ModuleType], None]

_MISSING = object()


class Patches:
    """What was put in place, in order. `active` turns False with the undo: a wrapper that somebody else's wrapper
    still holds goes on being called, and from then on only passes through.

    fields: by its name, what cleans a record's field that a wrapped library takes in a way of its own.
    recorded: the settings under which call sites are recorded, or None; set before anything is wrapped.
    """

    def __init__(self) -> None:
        self.active = True
        self.fields: "Dict[str, Callable[[Any], Any]]" = {}
        self.recorded: "Optional[Settings]" = None
        self._recorder: "Optional[Recorder]" = None
        self._done: "List[Tuple[Any, str, Any, Any]]" = []

    @property
    def recorder(self) -> "Optional[Recorder]":
        """What is told of each enum that a wrapper meets; made for the first wrapper, as most processes have none."""
        if self._recorder is None and self.recorded is not None:
            settings, self.recorded = self.recorded, None
            try:
                from .recorder import Recorder

                self._recorder = Recorder(settings)
            except Exception as error:  # enums are converted all the same, or left alone where that was asked for
                self.active = settings.mode == "on"
                say("call sites are not recorded: %s: %s" % (type(error).__name__, error))
        return self._recorder

    def wrap(self, owner: "Any", name: str, wrapper: "Callable[..., Any]") -> None:
        """Wraps the attribute `name` of a class or module with wrapt, as `wrapper(wrapped, instance, args, kwargs)`.

        Raises ImportError without wrapt, AttributeError where there is no such attribute.
        """
        from .light_wrapt import function_wrapper

        self.put(owner, name, function_wrapper()(_static(owner, name), wrapper))

    def put(self, owner: "Any", name: str, value: "Any") -> None:
        """Sets an attribute of a class or module, once and while active: what is ours already stays."""
        old = vars(owner).get(name, _MISSING)
        if not self.active or any(old is ours for _, _, _, ours in self._done):
            return
        self._done.append((owner, name, old, value))  # first: what is not remembered would stay for ever
        try:
            setattr(owner, name, value)
        except BaseException:
            self._done.pop()
            raise

    def names(self) -> "List[str]":
        """What is wrapped now, as "logging.Logger.makeRecord"."""
        return ["%s.%s" % (_name(owner), name) for owner, name, _, _ in self._done]

    def undo(self) -> None:
        """Puts back what was there, the latest first, and only where what stands there is still ours."""
        self.active = False
        while self._done:
            owner, name, old, ours = self._done[-1]
            if vars(owner).get(name) is ours:
                if old is _MISSING:
                    delattr(owner, name)
                else:
                    setattr(owner, name, old)
            self._done.pop()  # last: where it fails, the next call goes on with it


def _name(owner: "Any") -> str:
    module, name = getattr(owner, "__module__", None), getattr(owner, "__qualname__", None)
    return "%s.%s" % (module, name) if name else str(owner.__name__)


def _static(owner: "Any", name: str) -> "Any":
    """The attribute as it stands in the class's or a base's `__dict__`, so that descriptors are not resolved."""
    for place in getattr(owner, "__mro__", (owner,)):
        if name in vars(place):
            return vars(place)[name]
    raise AttributeError("%r has no %s" % (owner, name))


class EnumLogShimFinder:
    """A meta path finder that finds nothing itself: it runs hooks after the import of the modules that they name.

    It is what there is of the shim in a process, so that a second copy of these modules (another folder on the path,
    or an agent that unloads modules) sees by `sys.meta_path` that the first one has wrapped.
    """

    def __init__(self, hooks: "Dict[str, List[Hook]]", patches: Patches) -> None:
        self.patches = patches
        self._hooks = hooks
        self._package = sys.modules[__package__]
        self._searching: "List[str]" = []

    def start(self) -> None:
        sys.meta_path.insert(0, self)
        for name in self._hooks:
            module = sys.modules.get(name)
            if module is not None:
                self.imported(module)

    def stop(self) -> None:
        self.patches.undo()  # first: where it fails, the next call finds us and goes on with it
        sys.meta_path[:] = [finder for finder in sys.meta_path if finder is not self]
        if self.patches.recorder is not None:
            self.patches.recorder.flush()

    def find_spec(self, name: str, path: "Any" = None, target: "Any" = None) -> "Any":
        """The spec that the other finders have for a module with a hook, its loader followed by the hook."""
        if name not in self._hooks or name in self._searching:
            return None
        try:
            return self._followed(name, path, target)
        except Exception as error:  # a finder of the host's raises it again: it is the next one to be asked
            failed("%s will not be wrapped" % name, error)
            return None

    def _followed(self, name: str, path: "Any", target: "Any") -> "Any":
        self._searching.append(name)  # other agents' finders ask all finders in turn, and so this one again
        try:
            spec = find_spec_elsewhere(self, name, path, target)
        finally:
            self._searching.remove(name)
        if spec is not None and spec.loader is not None:
            _follow(spec, self)
        return spec

    def imported(self, module: "ModuleType") -> None:
        """Runs the hooks of a module that has just been executed; they raise nothing."""
        if sys.modules.get(module.__name__) is not module:
            return  # executed aside, while the real one may not even be imported
        sys.modules.setdefault(__package__, self._package)  # ddtrace unloads what was imported before it
        for hook in self._hooks.get(module.__name__, ()):
            hook(module)


def find_spec_elsewhere(asking: object, name: str, path: "Any" = None, target: "Any" = None) -> "Any":
    """The spec that the first finder but `asking` has for a module, or None. Raises what a finder raises."""
    for finder in list(sys.meta_path):
        find_spec = getattr(finder, "find_spec", None)
        if finder is not asking and find_spec is not None:
            spec = find_spec(name, path, target)
            if spec is not None:
                return spec
    return None


def _follow(spec: "Any", finder: EnumLogShimFinder) -> None:
    """Has the spec's loader call the finder after it executed the module.

    A file's loader is that module's alone, and stays what it is for whoever asks for the spec; any other one (a zip's
    serves all modules in it) is stood in for.
    """
    lazy = getattr(sys.modules.get("importlib.util"), "LazyLoader", ())
    while isinstance(spec.loader, lazy):  # a host's finder, which asked us among others and makes it lazy again
        spec.loader = spec.loader.loader
    loader = spec.loader
    if type(loader).__module__ != "_frozen_importlib_external" or not hasattr(loader, "path"):
        spec.loader = _Loader(loader, finder)
        return

    before, original = loader.__dict__.get("exec_module"), loader.exec_module

    def exec_module(module: "ModuleType") -> None:
        loader.__dict__.pop("exec_module", None)
        if before is not None:  # another agent's hook, by the same way
            loader.exec_module = before
        original(module)
        _run_hooks(finder, module)

    loader.exec_module = exec_module


def _run_hooks(finder: EnumLogShimFinder, module: "ModuleType") -> None:
    try:
        finder.imported(module)
    except Exception as error:  # the border: the host's import statement goes on
        failed("%s is not wrapped" % module.__name__, error)


class _Loader:
    """Stands in for a module's loader for one import, and is gone from the module before its first line runs."""

    def __init__(self, loader: "Any", finder: EnumLogShimFinder) -> None:
        self._loader = loader
        self._finder = finder

    def __getattr__(self, name: str) -> "Any":
        if name == "_loader":  # a copy that has none yet
            raise AttributeError(name)
        return getattr(self._loader, name)

    def create_module(self, spec: "Any") -> "Any":
        create = getattr(self._loader, "create_module", None)
        return create(spec) if create is not None else None

    def exec_module(self, module: "ModuleType") -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        if hasattr(self._loader, "exec_module"):
            self._loader.exec_module(module)
        else:  # zipimporter before 3.10
            exec(self._loader.get_code(module.__name__), vars(module))
        _run_hooks(self._finder, module)
