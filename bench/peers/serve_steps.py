"""A side of the training benchmark that stays alive: see bench/serve-steps.js, which is the same in JavaScript."""

import json
import resource
import sys
import time


def serve_steps(hello, step):
    """Says what this side is, then takes as many steps as each line of stdin asks for and answers with their time."""
    print(json.dumps(hello), flush=True)
    for line in sys.stdin:
        steps = json.loads(line)["steps"]
        start = time.perf_counter()
        for _ in range(steps):
            loss = step()
        seconds = time.perf_counter() - start
        print(json.dumps({"seconds": seconds, "loss": loss, "peakMiB": peak_memory_mib()}), flush=True)


def peak_memory_mib():
    """The most memory that this process has held at once."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
    except OSError:  # no Linux: macOS counts in bytes
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
