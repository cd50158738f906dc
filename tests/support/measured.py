"""`load` in a process of its own, to see how much memory it takes: python -m tests.support.measured HOME INPUT..."""

import subprocess
import sys
from pathlib import Path

import msgspec

from kakehashi.pipeline.load import load
from kakehashi.pipeline.report import LoadReport
from tests.support.making import maker_at


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What a load did, and the most memory that it had at once, in bytes."""

    report: LoadReport
    peak: int


def measured(home: Path, *inputs: Path) -> Measured:
    """Load in a process of its own. One that hangs is ended, which fails the test."""
    command = [sys.executable, "-m", "tests.support.measured", *map(str, (home, *inputs))]
    done = subprocess.run(command, capture_output=True, check=True, timeout=250)
    return msgspec.json.decode(done.stdout, type=Measured)


def _peak() -> int:
    """The kernel's own count; that of `getrusage` would begin with the parent's memory."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    found = load(maker_at(Path(sys.argv[1])), [Path(one) for one in sys.argv[2:]])
    sys.stdout.buffer.write(msgspec.json.encode(Measured(report=found, peak=_peak())))
