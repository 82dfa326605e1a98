"""The real start-up agents: how each is had and started, and a host that tells what is in force in its processes."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import re
import threading
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import interpreters
from processes import Run, environment, run

# Defines, for an agent NAME: NAME_work, a context in which the agent is at work; NAME_facts, what must be the same with
# and without us; NAME_sent, what the agent itself makes of the record, in which the enums have to be strings.
DDTRACE = """
@contextlib.contextmanager
def ddtrace_work(role):
    from ddtrace import tracer
    with tracer.trace("host-" + role):
        yield
    tracer.flush()
def ddtrace_facts(record):
    from ddtrace import _monkey, config, tracer
    started = "ddtrace.bootstrap.preload" in sys.modules
    return [started, tracer.enabled, config._logs_injection, sorted(_monkey._get_patched_modules())]
def ddtrace_sent(record):
    injected = " {dd.service}" if hasattr(record, "dd.service") else ""
    return logging.Formatter("{message} {state}" + injected, style="{").format(record)
"""

NEW_RELIC = """
@contextlib.contextmanager
def new_relic_work(role):
    import newrelic.agent
    application = newrelic.agent.register_application(timeout=30)
    with newrelic.agent.BackgroundTask(application, "host-" + role):
        yield
def new_relic_facts(record):
    import newrelic.agent, newrelic.config
    from newrelic.core.config import global_settings
    transaction, settings = newrelic.agent.current_transaction(), global_settings()
    metadata = newrelic.agent.get_linking_metadata()
    return [
        newrelic.config._configuration_done, newrelic.agent.application().active, settings.developer_mode,
        transaction.name, transaction.enabled, len(list(transaction._log_events.samples)), metadata,
    ]
def new_relic_sent(record):
    import newrelic.agent
    (event,) = newrelic.agent.current_transaction()._log_events.samples
    return [event.message, *[str(value) for key, value in event.attributes.items() if "state" in str(key)]]
"""

OPENTELEMETRY = """
@contextlib.contextmanager
def opentelemetry_work(role):
    from opentelemetry import _logs, trace
    class Sink:
        def on_emit(self, data):
            if data.log_record.body is not None and "is " in str(data.log_record.body):
                OPENTELEMETRY_SENT.append(data.log_record)
        emit = on_emit
        def shutdown(self):
            pass
        def force_flush(self, timeout_millis=0):
            return True
    provider = _logs.get_logger_provider()
    if hasattr(provider, "add_log_record_processor"):
        provider.add_log_record_processor(Sink())
    with trace.get_tracer("host").start_as_current_span("host-" + role):
        yield
OPENTELEMETRY_SENT = []
def opentelemetry_facts(record):
    from opentelemetry import _logs, metrics, trace
    from opentelemetry.instrumentation.logging import LoggingInstrumentor
    span = trace.get_current_span()
    providers = _logs.get_logger_provider(), metrics.get_meter_provider(), trace.get_tracer_provider()
    resource = getattr(providers[2], "resource", None)
    return [
        "opentelemetry.instrumentation.auto_instrumentation._load" in sys.modules,
        *[type(provider).__module__ + "." + type(provider).__name__ for provider in providers],
        LoggingInstrumentor().is_instrumented_by_opentelemetry, span.is_recording(), getattr(span, "name", None),
        resource and resource.attributes.get("service.name"), len(OPENTELEMETRY_SENT),
    ]
def opentelemetry_sent(record):
    return [[str(emitted.body), str(emitted.attributes.get("state"))] for emitted in OPENTELEMETRY_SENT]
"""

ELASTIC = """
@contextlib.contextmanager
def elastic_work(role):
    import elasticapm
    client = elasticapm.Client()
    client.begin_transaction("work")
    with elasticapm.capture_span("host-" + role):
        yield
    client.end_transaction("host-" + role)
    client.close()
def elastic_facts(record):
    import elasticapm, urllib3
    from elasticapm.instrumentation import register
    instrumented = sorted(type(each).__name__ for each in register.get_instrumentation_objects() if each.instrumented)
    pool, config = urllib3.connectionpool.HTTPConnectionPool, elasticapm.get_client().config
    return [elasticapm._activation_method, instrumented, layers(pool.urlopen), config.service_name]
def elastic_sent(record):
    (handler,) = logging.getLogger().handlers
    line = json.loads(handler.format(record))
    return [line["message"], str(line["state"]), line.get("trace.id") or line.get("trace")]
"""

HOST = """
import contextlib, enum, io, json, logging, multiprocessing, os, re, subprocess, sys
import starlette.applications, starlette.websockets
OURS = {os.environ["OURS"], os.environ["EMPTY"], "EnumLogShimFinder", "enum_log_shim_make_record"}
class State(enum.Enum):
    UP = 1
class Kept(logging.Handler):
    def emit(self, record):
        self.record = record
def layers(function):
    names = []
    while hasattr(function, "__wrapped__"):
        wrapper = getattr(function, "_self_wrapper", function)
        names.append(getattr(wrapper, "__name__", type(wrapper).__name__))
        function = function.__wrapped__
    return names
def name_of(finder):
    return getattr(finder, "__name__", type(finder).__name__)
def theirs(names):
    return [name for name in names if name not in OURS]
def in_force(record):
    plain = vars(logging.LogRecord("", 0, "", 0, "", (), None))
    application = vars(starlette.applications.Starlette)
    return {
        "record": {name: value for name, value in vars(record).items() if name not in {*plain, "state", "message"}},
        "factory": [name_of(logging.getLogRecordFactory()), layers(logging.getLogRecordFactory())],
        "handlers": [type(handler).__name__ for handler in logging.getLogger().handlers],
        "logger": {name: theirs(layers(value)) for name, value in vars(logging.Logger).items()},
        "starlette": {name: layers(value) for name, value in application.items()},
        "loaders": [type(module.__spec__.loader).__name__ for module in (logging, starlette.websockets)],
        "finders": theirs(map(name_of, sys.meta_path)),
        "path": theirs(sys.path),
        "PYTHONPATH": theirs(filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))),
    }
def report(role):
    logging.basicConfig(stream=io.StringIO())
    kept, log = Kept(), logging.getLogger("host")
    log.addHandler(kept)
    with contextlib.ExitStack() as stack:
        for work, _, _ in AGENTS:
            stack.enter_context(work(role))
        log.warning("is %s", State.UP, extra={"state": {State.UP: [State.UP]}})
        record = kept.record
        told = {
            "role": role,
            "seen": [record.getMessage(), repr(record.state), f"{starlette.websockets.WebSocketState.CONNECTED}"],
            "wrappers": layers(vars(logging.Logger)["makeRecord"]).count("enum_log_shim_make_record"),
            "finders": list(map(name_of, sys.meta_path)).count("EnumLogShimFinder"),
            "sent": [sent(record) for _, _, sent in AGENTS],
            "facts": [in_force(record), *[facts(record) for _, facts, _ in AGENTS]],
        }
    text = re.sub("[0-9a-f]{16,}", lambda found: "ID" if found.group().strip("0") else "0", json.dumps(told))
    print(text, flush=True)
def main(role):
    report(role)
    if role == "plain":
        child = subprocess.run([sys.executable, __file__, "child"], stdin=subprocess.DEVNULL)
        spawned = multiprocessing.get_context("spawn").Process(target=report, args=("spawn",))
        spawned.start()
        spawned.join()
        print(json.dumps({"role": "exits", "codes": [child.returncode, spawned.exitcode]}), flush=True)
        os.execv(sys.executable, [sys.executable, __file__, "exec"])
"""

MAIN = """
AGENTS = [%s]
if __name__ == "__main__":
    main(sys.argv[1])
"""


class Agent(NamedTuple):
    """packages: what is installed. folder: its sitecustomize.py's, below site-packages. launcher: its command."""

    name: str
    packages: tuple[str, ...]
    folder: str
    launcher: tuple[str, ...]
    variables: dict[str, str]
    code: str


# What is sent goes to `receiver`: ddtrace waits for seconds at its end where nobody answers.
KNOWN = (
    Agent(
        "ddtrace",
        ("ddtrace",),
        "ddtrace/bootstrap",
        ("ddtrace-run",),
        {
            "DD_TRACE_AGENT_URL": "{url}",
            "DD_SERVICE": "host",
            "DD_LOGS_INJECTION": "true",
            "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false",
            "DD_REMOTE_CONFIGURATION_ENABLED": "false",
            "DD_CRASHTRACKING_ENABLED": "false",
            "DD_TRACE_STARTUP_LOGS": "false",
        },
        DDTRACE,
    ),
    Agent(
        "new_relic",
        ("newrelic",),
        "newrelic/bootstrap",
        ("newrelic-admin", "run-program"),
        {
            "NEW_RELIC_CONFIG_FILE": "{cwd}/newrelic.ini",
            "NEW_RELIC_PYTHON_PREFIX": "{prefix}",
            "NEW_RELIC_PYTHON_VERSION": interpreters.CURRENT,
        },
        NEW_RELIC,
    ),
    Agent(
        "opentelemetry",
        # Older ones, which 3.9 has, complain in other words, and take themselves from the PYTHONPATH of children.
        ("opentelemetry-distro>=0.66b0", "opentelemetry-instrumentation-logging>=0.66b0"),
        "opentelemetry/instrumentation/auto_instrumentation",
        ("opentelemetry-instrument",),
        {
            "OTEL_TRACES_EXPORTER": "none",
            "OTEL_METRICS_EXPORTER": "none",
            "OTEL_LOGS_EXPORTER": "none",
            "OTEL_SERVICE_NAME": "host",
            "OTEL_PYTHON_LOG_CORRELATION": "true",
            "OTEL_PYTHON_LOG_FORMAT": "%(name)s: %(message)s",
        },
        OPENTELEMETRY,
    ),
    Agent(
        "elastic",
        ("elastic-apm",),
        "elasticapm/instrumentation/wrapper",
        ("elasticapm-run",),
        {
            "ELASTIC_APM_SERVICE_NAME": "host",
            "ELASTIC_APM_SERVER_URL": "{url}",
            "ELASTIC_APM_CLOUD_PROVIDER": "none",
            "ELASTIC_APM_CENTRAL_CONFIG": "false",
            "ELASTIC_APM_LOG_ECS_REFORMATTING": "override",
        },
        ELASTIC,
    ),
)
AGENTS = {agent.name: agent for agent in KNOWN}
PREFIXES = ("DD_", "_DD_", "NEW_RELIC_", "OTEL_", "ELASTIC_APM_")  # who runs these tests may be watched himself
PROCESSES = ("plain", "child", "spawn", "exec")
NEW_RELIC_INI = """
[newrelic]
license_key = 0000000000000000000000000000000000000000
app_name = host
developer_mode = true
application_logging.forwarding.context_data.enabled = true
"""


class Told(NamedTuple):
    """What a run of the host told: its processes by their role, the rest of what it wrote, the spans that it sent."""

    run: Run
    reports: dict[str, Any]
    spans: list[str]

    @classmethod
    def by(cls, done: Run, spans: list[str]) -> Told:
        lines = done.stdout.splitlines()
        told = [json.loads(line) for line in lines if line.startswith('{"role": ')]
        rest = [line for line in lines if not line.startswith('{"role": ')]
        return cls(done._replace(stdout="\n".join(rest)), {report.pop("role"): report for report in told}, spans)

    def of(self, process: str) -> Any:
        assert process in self.reports, self.run.stderr
        return self.reports[process]


@contextlib.contextmanager
def receiver() -> Iterator[tuple[str, list[str]]]:
    """Where agents send their spans, and the names of those of the host that came."""
    spans: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            spans.extend(found.decode() for found in re.findall(rb"host-[a-z]+", body))
            self.answer()

        def answer(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_PUT, do_GET = do_POST, answer

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield "http://127.0.0.1:%d" % server.server_port, spans
        finally:
            server.shutdown()
            thread.join()


class Party:
    """One or more agents in an environment of theirs, and a host; its working directory is the same for each run."""

    def __init__(self, names: Iterable[str], cwd: Path, *more: str, first: str = "") -> None:
        self.agents = [AGENTS[name] for name in names]
        self.cwd = cwd
        self._packages = (*(package for agent in self.agents for package in agent.packages), *more)
        functions = ", ".join("({0}_work, {0}_facts, {0}_sent)".format(agent.name) for agent in self.agents)
        codes = (first, HOST, *(agent.code for agent in self.agents), MAIN % functions)
        (cwd / "host.py").write_text("".join(codes))
        (cwd / "newrelic.ini").write_text(NEW_RELIC_INI)
        self._empty = cwd / "empty"
        self._empty.mkdir()

    def python(self) -> Path:
        return interpreters.venv_or_skip("setuptools<81", *self._packages)

    def __call__(self, path: Iterable[str], launchers: Iterable[str], flag: str | None, bundle: Path) -> Told:
        """Starts the host with these folders on PYTHONPATH and under these launchers: agents, `ours` and `empty`."""
        command = [part for name in launchers for part in self._launcher(name)]
        with receiver() as (url, spans):
            env = self.environment(path, url, flag, bundle)
            done = run([*command, self.python(), "host.py", "plain"], env=env, cwd=self.cwd, timeout=240)
        return Told.by(done, sorted(spans))

    def environment(self, path: Iterable[str], url: str, flag: str | None, bundle: Path) -> dict[str, str]:
        """With these folders on PYTHONPATH, and settings with which the agents send to `url` and nowhere else."""
        known = {"cwd": self.cwd, "prefix": self.python().parents[1].resolve()}
        variables: dict[str, Any] = dict.fromkeys(name for name in os.environ if name.startswith(PREFIXES))
        for agent in self.agents:
            variables.update((name, value.format(url=url, **known)) for name, value in agent.variables.items())
        variables.update(OURS=bundle, EMPTY=self._empty, TMPDIR=self.cwd)  # ddtrace leaves files there
        folders = [self._folder(name, bundle) for name in path]
        return environment(folders, measured=False, ENUM_LOG_SHIM=flag, **variables)

    def _folder(self, name: str, bundle: Path) -> Path:
        if name not in AGENTS:
            return bundle if name == "ours" else self._empty
        (site_packages,) = self.python().parents[1].glob("lib/python3*/site-packages")
        folder: Path = site_packages / AGENTS[name].folder
        assert (folder / "sitecustomize.py").is_file()
        return folder

    def _launcher(self, name: str) -> list[object]:
        if name not in AGENTS:
            return ["sh", "-c", f'PYTHONPATH="${name.upper()}:$PYTHONPATH" exec "$@"', "sh"]
        command, *arguments = AGENTS[name].launcher
        python = self.python()  # named, because the command's first line names the folder in which it was put at first
        return [python, python.parent / command, *arguments]
