"""`python -m server.jobs.archive register|retain|verify`: recordings read from a folder, removed when their time is
over and nothing holds them, and proved against their digests (VS-1)."""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from proctor.archive import queries, service
from proctor.archive.opening import open_store
from proctor.archive.store import Store
from proctor.cameras.queries import cameras_of
from proctor.rooms import pictures
from proctor.rooms.queries import room_sitting
from server import delivery
from server.core.errors import CatError, Invalid, NotFound, Unavailable
from server.core.roles import SYSTEM
from server.core.work import Platform, open_reading, open_work
from server.web.config import Config

MANIFEST = "recordings.csv"


def register(platform: Platform, store: Store, room_sitting_id: int, folder: Path) -> Iterator[str]:
    """Each line of the folder's recordings.csv is a recording in the archive; one sentence for each that is not."""
    with (folder / MANIFEST).open(encoding="utf-8-sig", newline="") as lines:
        for n, line in enumerate(csv.DictReader(lines), start=2):
            try:
                _register(platform, store, room_sitting_id, folder, line)
            except (CatError, OSError, KeyError) as error:
                yield f"line {n}: {error}"


def verify(platform: Platform, store: Store) -> Iterator[str]:
    """One sentence for each recording whose bytes are gone or are not what was recorded."""
    with open_reading(platform, SYSTEM) as work:
        kept = queries.kept_digests(work)
    for digest in sorted(kept):
        try:
            for _block in store.read(digest):
                pass
        except CatError as error:
            yield f"{digest}: {error.code}"


def retain(platform: Platform, store: Store) -> Iterator[str]:
    """Recordings, pictures and unfinished uploads whose time is over are gone; one sentence for what could not go."""
    acts: list[tuple[str, Callable[[], Sequence[object]]]] = [
        ("recordings", lambda: service.remove_due(platform, store)),
        ("pictures of the desk", lambda: pictures.remove_due(platform)),
        ("unfinished uploads", lambda: service.remove_stale(platform, store)),
    ]
    for name, act in acts:
        try:
            print(f"{len(act())} {name} removed")
        except Unavailable as error:  # the next run goes on
            yield f"{name}: {error}"


def _register(
    platform: Platform, store: Store, room_sitting_id: int, folder: Path, line: dict[str, str]
) -> None:
    source = (folder / line["file"]).resolve()
    if not source.is_relative_to(folder.resolve()) or not source.is_file():
        raise Invalid("file_outside_folder", file=line["file"])
    with open_reading(platform, SYSTEM) as work:
        room = room_sitting(work, room_sitting_id)
        if room is None:
            raise NotFound("not_found")
        zone = delivery.sitting_ref(work, room.sitting_id).zone
        known = {each.name: each.id for each in cameras_of(work, room.room_id)}
        range_ = [service.said_instant(line[name], zone) for name in ("begins", "ends")]
        new = service.NewRecording(known.get(line["camera"], 0), range_[0], range_[1], source.name)
        service.check_recording(work, room_sitting_id, new)
    stored = store.put(source, (line.get("sha256") or "").strip().lower())
    with open_work(platform, SYSTEM) as work:
        service.register(work, room_sitting_id, new, stored)


def main() -> int:
    """The command; every fault on a line of its own, exit code 1 if there is any."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.archive", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    adding = acts.add_parser("register", help="every recording of a folder with a recordings.csv")
    adding.add_argument("room_sitting", type=int)
    adding.add_argument("folder", type=Path)
    acts.add_parser("retain", help="removes what is past its day and not held, and stale uploads")
    acts.add_parser("verify", help="reads every recording against its digest")
    options = parser.parse_args()
    config = Config.from_env()
    if config.archive is None:
        parser.error("set SYNAK_ARCHIVE to the folder or bucket of recordings")
    platform, store, faults = config.make_platform(), open_store(config.archive), []
    if options.act == "register":
        faults = list(register(platform, store, options.room_sitting, options.folder))
    elif options.act == "verify":
        faults = list(verify(platform, store))
    else:
        faults = list(retain(platform, store))
    platform.database.close()
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
