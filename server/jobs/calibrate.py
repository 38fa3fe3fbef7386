"""`python -m server.jobs.calibrate request SUBJECT SITTING…` asks for a calibration, which a worker makes;
`repeat RUN` makes the same once more, here and now, and says whether it came out equal."""

from __future__ import annotations

import argparse
import sys

from itembank.calibrations import jobs
from itembank.calibrations.queries import sameness, spec_of_run
from itembank.calibrations.spec import Spec
from server.core.roles import SYSTEM
from server.core.work import Platform, open_reading, open_work
from server.jobs import one_thread
from server.jobs.worker import HANDLERS, work_off
from server.web.config import Config

CALIBRATIONS = {jobs.KIND: HANDLERS[jobs.KIND]}


def request(platform: Platform, spec: Spec) -> int:
    """The calibration waits; the id of its task."""
    with open_work(platform, SYSTEM) as work:
        return jobs.request_calibration(work, spec)


def repeat(platform: Platform, run_id: int) -> list[str]:
    """What differs between a run and the same run made again now; nothing if it came out equal."""
    with open_reading(platform, SYSTEM) as work:
        spec = spec_of_run(work, run_id)
    task_id = request(platform, spec)
    while work_off(platform, CALIBRATIONS) not in (task_id, None):
        pass
    with open_reading(platform, SYSTEM) as work:
        return sameness(work, run_id, task_id)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m server.jobs.calibrate", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
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


def main() -> int:
    """The command."""
    options = _arguments()
    platform = Config.from_env().make_platform()
    try:
        if options.verb == "request":
            return _ask(platform, options)
        differences = repeat(platform, options.run)
        print("\n".join(differences) or "equal to the last bit")
        return 1 if differences else 0
    finally:
        platform.database.close()


if __name__ == "__main__":
    one_thread.insist()
    sys.exit(main())
