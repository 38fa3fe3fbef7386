"""`python -m server.jobs.calibrate`: makes the calibrations that were asked for, as the web process's worker does.

`request` asks for one, `repeat RUN` asks for the same once more and says whether it came out equal."""

from __future__ import annotations

import argparse
import os
import sys
import time

from itembank.calibrations import jobs
from itembank.calibrations.queries import sameness, spec_of_run
from itembank.calibrations.spec import Spec
from server.core.roles import SYSTEM
from server.core.work import Platform, open_reading, open_work
from server.jobs.calibrating import work_once
from server.web.config import Config

WAIT_S = 5.0
THREADS = "OPENBLAS_NUM_THREADS"
NICE = 10  # a test in progress comes first


def request(platform: Platform, spec: Spec) -> int:
    """The job waits; its id."""
    with open_work(platform, SYSTEM) as work:
        return jobs.request_calibration(work, spec)


def repeat(platform: Platform, run_id: int) -> list[str]:
    """What differs between a run and the same run made again now; nothing if it came out equal."""
    with open_reading(platform, SYSTEM) as work:
        spec = spec_of_run(work, run_id)
    job_id = request(platform, spec)
    while work_once(platform) not in (job_id, None):
        pass
    with open_reading(platform, SYSTEM) as work:
        return sameness(work, run_id, job_id)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m server.jobs.calibrate", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end when nothing waits")
    verbs = parser.add_subparsers(dest="verb")
    asked = verbs.add_parser("request", help="ask for a calibration")
    asked.add_argument("subject")
    asked.add_argument("sittings", type=int, nargs="+")
    asked.add_argument("--design", choices=("fixed", "concurrent"), default="fixed")
    asked.add_argument("--reference", type=int, help="the run to whose scale it is tied")
    asked.add_argument("--keep-moved", action="store_true", help="anchors that moved stay as they are")
    asked.add_argument("--seed", type=int, default=1)
    again = verbs.add_parser("repeat", help="make a run again and compare")
    again.add_argument("run", type=int)
    return parser.parse_args()


def _ask(platform: Platform, options: argparse.Namespace) -> int:
    spec = Spec(
        subject=options.subject, sittings=tuple(options.sittings), until=platform.clock.now(), design=options.design,
        reference_run_id=options.reference, releases=not options.keep_moved, seed=options.seed,
    )  # fmt: skip
    print(request(platform, spec))
    return 0


def _work(platform: Platform, *, is_once: bool) -> int:
    os.nice(NICE)
    while True:
        if work_once(platform) is None:
            if is_once:
                return 0
            time.sleep(WAIT_S)


def main() -> int:
    """The command."""
    if os.environ.get(THREADS) != "1":
        os.environ[THREADS] = "1"  # before numpy reads it: one thread makes the same sums in the same order
        command = [sys.executable, "-m", "server.jobs.calibrate", *sys.argv[1:]]
        os.execv(sys.executable, command)  # noqa: S606  no shell, our own arguments
    options = _arguments()
    platform = Config.from_env().make_platform()
    try:
        if options.verb == "request":
            return _ask(platform, options)
        if options.verb == "repeat":
            differences = repeat(platform, options.run)
            print("\n".join(differences) or "equal to the last bit")
            return 1 if differences else 0
        return _work(platform, is_once=options.once)
    finally:
        platform.database.close()


if __name__ == "__main__":
    sys.exit(main())
