"""`python -m server.jobs.keeper --beside PID`: beside that process a worker runs, and another one if it dies."""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import time
from collections.abc import Sequence

WAIT_S = 1.0
log = logging.getLogger("synak")


def keep(beside: int) -> None:
    """One worker after another. The last one sees by itself that nobody is beside it, and ends its task first."""
    while os.getppid() == beside:
        worker = subprocess.Popen([sys.executable, "-m", "server.jobs.worker", "--beside", str(os.getpid())])
        while worker.poll() is None and os.getppid() == beside:
            time.sleep(WAIT_S)
        if worker.returncode is not None:
            log.error("the worker ended with %d; another one begins", worker.returncode)
            time.sleep(WAIT_S)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.keeper", description=__doc__)
    parser.add_argument("--beside", type=int, required=True, help="end when this process is not the parent any more")
    keep(parser.parse_args(arguments).beside)


if __name__ == "__main__":
    main()
