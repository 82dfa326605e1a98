"""A host that logs for a long time, everything anew each time: `soak_host.py RECORDS`. Prints in JSON what it holds."""

import enum
import gc
import json
import logging
import os
import sys
import threading
import time

RECORDS, PER_THREAD = int(sys.argv[1]), 500


class Count(logging.Handler):
    """Formats each record as JSON, and counts: what is converted, and what is not, at the end."""

    lines = plain = 0

    def emit(self, record):
        line = json.dumps([record.getMessage(), record.state, record.inner], default=lambda value: "?")
        Count.lines += 1
        Count.plain += "?" not in line and "State" not in line


def log_anew(log, number):
    """Log calls with enum classes and containers that nobody holds afterwards."""
    state = enum.Enum("State%d" % number, "CONNECTING CONNECTED", module=__name__)
    number_state = enum.IntEnum("IntState%d" % number, "ONE TWO", module=__name__)
    own = type("Own%d" % number, (dict,), {})
    for turn in range(20):
        inner = {"a": [state.CONNECTED]}
        if turn % 5 == 0:  # dear, and there are a million records
            inner = {"a": [state.CONNECTED, {"b": (number_state.TWO,)}], "own": own(c=state.CONNECTING)}
        log.info("event %s %d", state.CONNECTED, number_state.ONE, extra={"state": state.CONNECTING, "inner": inner})
        log.info("event", extra={"state": [number] * 5, "inner": {"key%d" % number: {number}.__class__.__name__}})


def in_a_thread(start):
    log = logging.getLogger("soak.%d" % (start % 7))
    for number in range(start, start + PER_THREAD // 40):
        log_anew(log, number)


def held():
    gc.collect()
    time.sleep(0.5)  # a thread that has been waited for is not yet gone from the list
    with open("/proc/self/statm") as statm:
        pages = int(statm.read().split()[1])
    return {
        "bytes": pages * os.sysconf("SC_PAGE_SIZE"),
        "files": len(os.listdir("/proc/self/fd")),
        "threads": len(os.listdir("/proc/self/task")),
        "records": Count.lines,
    }


def main():
    logging.basicConfig(level=logging.INFO, handlers=[Count()])
    marks, start = [], 0
    for part in (RECORDS // 10, RECORDS):  # what is made once is there after the first tenth
        while Count.lines < part:
            thread = threading.Thread(target=in_a_thread, args=(start,))
            thread.start()
            thread.join()
            start += PER_THREAD
        marks.append(held())
    print(json.dumps({"before": marks[0], "after": marks[1], "plain": Count.plain}))


if __name__ == "__main__":
    main()
