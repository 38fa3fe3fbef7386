"""`python -m server.jobs.demonstration [--serve] [--new]`: the demonstration is loaded, and served if asked for."""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import socket
import sys
import time
from pathlib import Path
from typing import Literal

from proctor.observers.slips import slips_of
from server.core import i18n
from server.core.clock import SystemClock
from server.core.regulation import RegulationError
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.delivery.service import issue_code
from server.jobs import one_thread
from server.jobs.demonstration import appeals, centre, past, sitting
from server.jobs.migrate import migrate
from server.web.config import Config

CANDIDATES = 30
SHOWN = 3
Past = Literal["none", "sealed", "graded"]


def prepare_environment(home: Path) -> None:
    """Settings that are missing get the demonstration's: a database and random keys in `home`."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ.setdefault("SYNAK_DATABASE_URL", f"sqlite:///{(home / 'synak.db').resolve()}")
    os.environ.setdefault("SYNAK_ARCHIVE", str((home / "archive").resolve()))
    for name in ("MASTER", "SECRET"):
        variable = f"SYNAK_{name}_KEY"
        if variable not in os.environ and f"{variable}_FILE" not in os.environ:
            path = home / f"{name.lower()}.key"
            if not path.exists():
                path.touch(mode=0o600)
                path.write_text(base64.b64encode(secrets.token_bytes(32)).decode())
            os.environ[f"{variable}_FILE"] = str(path.resolve())
    port = os.environ.get("SYNAK_PORT", "8000")
    os.environ.setdefault("SYNAK_PUBLIC_ORIGIN", f"http://127.0.0.1:{port}")
    os.environ["SYNAK_DEMONSTRATION"] = "1"


def load(
    config: Config, *, is_new: bool, count: int = CANDIDATES, rows: int = 5, columns: int = 6, past_is: Past = "none"
) -> int:
    """The demonstration stands in the configured database; the id of the room sitting to go to.

    A new one has a past if asked for: a sitting that is sealed, or has its grades too."""
    platform = config.make_platform()
    migrate(platform.database)
    if past_is != "none":
        past.ensure_past(platform, SYSTEM, _tell, count, rows, columns, is_graded=past_is == "graded")
    stands = centre.ensure_centre(platform, SYSTEM, _tell, count, rows, columns)
    appeals.ensure_commission(platform)
    room_sitting_id = sitting.ensure_sitting(platform, SYSTEM, stands, is_new=is_new)
    _welcome(platform, config, room_sitting_id)
    platform.database.close()
    return room_sitting_id


def _tell(what: str) -> None:
    print(f"  {what}", flush=True)


def _welcome(platform: Platform, config: Config, room_sitting_id: int) -> None:
    origin = config.public_origin
    print(
        f"\nSynak, demonstration\n  start page   {origin}/\n  console      {origin}/proctor/rooms/{room_sitting_id}"
    )
    print(f"\nStaff sign in at {origin}/sign-in with the password {centre.PASSWORD},")
    print(f"and sign with the PIN {centre.PIN}:")
    for login, name, _, roles in centre.STAFF:
        print(f"  {login:12} {name} ({', '.join(roles)})")
    print("Bank, journal and security want a second factor too: the page that asks for the code says what it is.")
    print(f"\nCandidates sign in at {origin}/exam:")
    with open_work(platform, SYSTEM) as work, i18n.speaking("en"):
        for slip in sitting.slips(work, room_sitting_id, SHOWN):
            code = issue_code(work, slip.session_id) or "used; the proctor gives a new one"
            print(f"  {slip.registration_no}   {code:10} seat {slip.seat}, passport {slip.passport}: {slip.name}")
        print("  … the others' codes: sign in as centre, open the sitting, print the slips.")
        print(f"\nObservers sign in at {origin}/observe:")
        for observer in slips_of(work, room_sitting_id):
            print(f"  {observer.number:16} {observer.code or 'used; the centre gives a new one'}")
    print(
        "\nIn another terminal, `make simulate` fills the other seats. Ctrl-C ends the server.\n", flush=True
    )


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.demonstration", description=__doc__)
    parser.add_argument("--serve", action="store_true", help="serve it afterwards")
    parser.add_argument("--new", action="store_true", help="a new sitting even if one can be gone on with")
    options = parser.parse_args()
    home = Path(os.environ.get("SYNAK_HOME", "var"))
    prepare_environment(home)
    port = int(os.environ.get("SYNAK_PORT", "8000"))
    if options.serve and _is_taken(port):
        sys.exit(f"Port {port} is in use. End what runs there, or choose another: SYNAK_PORT=8080 make run")
    started = time.monotonic()
    try:
        load(Config.from_env(), is_new=options.new, past_is="graded")
    except RegulationError as fault:
        sys.exit(f"{fault}\nThis demonstration was made under other regulations. Put {home}/ away and run it again.")
    print(
        f"  ready after {time.monotonic() - started:.1f} s of preparation; now {SystemClock().now():%H:%M:%S} UTC"
    )
    if options.serve:
        from server.jobs.serve import main as serve

        serve()


if __name__ == "__main__":
    one_thread.insist()
    main()
