"""A host that logs in several places at once: `concurrent_host.py SCENARIO`.

Each record has a number of its own and is a line "record PID NUMBER KINDS" on stdout; each process says at its end
how many it has logged: "logged PID NUMBER".
"""

import asyncio
import contextvars
import enum
import gc
import itertools
import logging
import os
import signal
import sys
import threading

State = enum.Enum("State", "CONNECTING CONNECTED", module=__name__)
ROUNDS = 40
numbers = itertools.count()
state_of_task = contextvars.ContextVar("state_of_task")


class Lines(logging.Handler):
    """Writes a record in one piece, past any buffer: of one that a child inherits, it would write the content again."""

    def emit(self, record):
        kinds = "".join(type(value).__name__[0] for value in (record.args[1], record.state, record.inner[0]))
        os.write(1, b"record %d %d %s\n" % (os.getpid(), record.args[0], kinds.encode()))


class TaskFilter(logging.Filter):
    def filter(self, record):
        record.state = state_of_task.get(State.CONNECTED)
        return True


log = logging.getLogger("concurrent")
log.setLevel(1)
log.addHandler(Lines())
log.addFilter(TaskFilter())


def tell(shared=None):
    extra = {"inner": [State.CONNECTED, shared, {"a": shared}]}
    log.info("event %d %s", next(numbers), State.CONNECTING, extra=extra)


def in_threads(functions):
    threads = [threading.Thread(target=function) for function in functions]
    for thread in threads:
        thread.start()
    return threads


def mutated():
    """8 threads log what 4 others change."""
    shared = {"state": State.CONNECTED, "list": [State.CONNECTED]}
    done = threading.Event()

    def change():
        for number in itertools.count():
            if done.is_set():
                return
            shared[number % 300] = [State.CONNECTED, {number: State.CONNECTED}]
            shared.pop((number * 7) % 300, None)
            shared["list"].append(State.CONNECTED)
            del shared["list"][:-20]

    def log_shared():
        for _ in range(ROUNDS):
            tell(shared)

    others = in_threads([change] * 4)
    for thread in in_threads([log_shared] * 8):
        thread.join()
    done.set()
    for thread in others:
        thread.join()


def tasks():
    """Each task has a state of its own, which a filter adds to the records."""

    async def one(state):
        state_of_task.set(state)
        for _ in range(ROUNDS // 4):
            tell()
            await asyncio.sleep(0)
            assert state_of_task.get() is state
        await asyncio.get_running_loop().run_in_executor(None, contextvars.copy_context().run, tell)

    async def main():
        await asyncio.gather(*(one(state) for state in [*State] * 50))

    asyncio.run(main())


def forks():
    """Children are made while two other threads are in the middle of a log call."""
    done = threading.Event()

    def log_on():
        while not done.is_set():
            tell()

    threads = in_threads([log_on] * 2)
    for _ in range(ROUNDS):
        child = os.fork()
        if not child:
            global numbers
            numbers = itertools.count()
            for _ in range(10):
                tell()
            finish()
            os._exit(0)
        assert os.waitpid(child, 0)[1] == 0
    done.set()
    for thread in threads:
        thread.join()


def signals():
    """A handler logs, wherever the main thread's log call is just then."""
    calls = itertools.count()

    def handler(number, frame):
        next(calls)
        tell()
        signal.setitimer(signal.ITIMER_REAL, 0.0003)

    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.0003)
    while next(calls) < 60 * ROUNDS:
        tell()
    signal.signal(signal.SIGALRM, signal.SIG_IGN)


def collected():
    """Objects log when they are deleted, and when the collector finds their cycle."""

    class Deleted:
        def __del__(self):
            tell()

    for _ in range(10 * ROUNDS):
        alone, cycle = Deleted(), Deleted()
        cycle.cycle = cycle
        tell(alone)
        del alone, cycle
    gc.collect()


def finish():
    os.write(1, b"logged %d %d\n" % (os.getpid(), next(numbers)))


if __name__ == "__main__":
    sys.setswitchinterval(1e-5)
    {"mutated": mutated, "tasks": tasks, "forks": forks, "signals": signals, "collected": collected}[sys.argv[1]]()
    finish()
