# The door: run by `site` at the start of every Python process that has this folder on PYTHONPATH. Flag off, it only
# runs the sitecustomize that it shadows; flag on, it installs the shim first. Whatever happens in ours, the other runs.
#
# Every Python of a container reads this file, so it is valid and silent from 2.7 on. Another agent may execute it in a
# module of its own: it leaves no name behind, and this is a comment because a docstring would overwrite that module's.


def _enum_log_shim_door():
    # type: () -> None
    import os
    import sys

    file = os.path.abspath(sys._getframe().f_code.co_filename)
    folder = os.path.dirname(file)

    def say(line):
        # type: (str) -> None
        try:  # past the buffer, which is written again at exit and turns the exit code into 120 if it can't be
            os.write(sys.stderr.fileno(), ("enum-log-shim: " + line + "\n").encode("ascii", "backslashreplace"))
        except Exception:  # stderr may be None, closed or full: nobody is there to be told
            pass

    def install():
        # type: () -> None
        if sys.version_info < (3, 8):
            if len(done) == 1:  # said once, however many copies of this folder are on the path
                say("needs Python 3.8 or newer, and this is %d.%d: nothing is wrapped" % sys.version_info[:2])
            return
        # Under a name of its own, because a host may well have a module called `shim`.
        name = "_enum_log_shim"
        if name not in sys.modules:
            external = sys.modules["_frozen_importlib_external"]  # importing importlib costs 7 % of a bare start
            path = os.path.join(folder, "shim", "__init__.py")
            spec = external.spec_from_file_location(name, path)
            sys.modules[name] = module = sys.modules["_frozen_importlib"].module_from_spec(spec)
            spec.loader.exec_module(module)
        sys.modules[name].install()

    def executed():
        # type: () -> set[str]
        # The files that a door further out on the stack has executed: an agent that we run may run us again.
        frame = sys._getframe(2)  # type: object
        while frame is not None:
            if frame.f_code.co_name == "_enum_log_shim_door":  # type: ignore[attr-defined]
                return frame.f_locals["done"]  # type: ignore[attr-defined, no-any-return]
            frame = frame.f_back  # type: ignore[attr-defined]
        return set()

    def shadowed():
        # type: () -> list[str]
        # What comes behind us on the path. In front of us are those who run us.
        own = [index for index, entry in enumerate(sys.path) if entry == folder]
        if not own:
            real = os.path.realpath(folder)
            own = [index for index, entry in enumerate(sys.path) if os.path.realpath(entry) == real]
        return sys.path[own[0] + 1 :] if own else []

    def follow(entry):
        # type: (str) -> bool
        # Executes the sitecustomize in that folder as `site` would: its errors go through, and `site` reports them.
        spec = sys.modules["_frozen_importlib_external"].PathFinder.find_spec("sitecustomize", [entry])
        if spec is None or spec.loader is None or not is_new(spec.origin):
            return False
        if hasattr(spec.loader, "exec_module"):
            sys.modules["sitecustomize"] = module = sys.modules["_frozen_importlib"].module_from_spec(spec)
            spec.loader.exec_module(module)
        else:  # zipimporter before 3.10
            del sys.modules["sitecustomize"]
            spec.loader.load_module("sitecustomize")
        return True

    def follow_before_3(entry):
        # type: (str) -> bool
        import imp  # type: ignore[import-not-found, unused-ignore]

        try:
            found = imp.find_module("sitecustomize", [entry])
        except ImportError:
            return False
        if not is_new(found[1]):
            return False
        us = sys.modules.pop("sitecustomize")  # this reference keeps our globals alive until we are done
        imp.load_module("sitecustomize", *found)  # type: ignore[arg-type, unused-ignore]
        return us is not None

    def is_new(path):
        # type: (str) -> bool
        real = os.path.realpath(path)
        return real not in done and not done.add(real)  # type: ignore[func-returns-value]

    done = executed()
    is_new(file)
    if os.environ.get("ENUM_LOG_SHIM", "").strip().lower() not in ("", "0", "false", "no", "off"):
        try:
            install()
        except Exception as error:
            say("not installed: %s: %s" % (type(error).__name__, error))
    any(map(follow if sys.version_info >= (3,) else follow_before_3, shadowed()))


try:
    _enum_log_shim_door()
finally:
    del _enum_log_shim_door
