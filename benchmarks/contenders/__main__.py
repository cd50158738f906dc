"""Runs one contender and prints what it took: python -m benchmarks.contenders NAME ARGUMENT...

Time and CPU are those of the work alone, all threads together, after the imports; the peak is that of the whole process.
"""

import json
import resource
import sys
import time
from importlib import import_module


def main() -> None:
    """Import, run, tell."""
    name, *arguments = sys.argv[1:]
    contender = import_module(f"benchmarks.contenders.{name}")
    began, spent = time.perf_counter(), time.process_time()
    facts = contender.run(*arguments)
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"wall": wall, "cpu": cpu, "peak": peak, "facts": facts}))


if __name__ == "__main__":
    main()
