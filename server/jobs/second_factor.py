"""`python -m server.jobs.second_factor LOGIN`: takes the authenticator off an account, for one who lost theirs.

Whoever may run it on the server is asked for a reason, which the journal keeps; the next sign-in binds another."""

from __future__ import annotations

import argparse
import sys

from server.accounts import second_factor
from server.accounts.queries import staff_of_login
from server.core.roles import SYSTEM
from server.core.work import Platform, open_work
from server.web.config import Config


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.second_factor", description=__doc__)
    parser.add_argument("login")
    parser.add_argument("--reason", required=True, help="who asked for it, and how you know that it was they")
    options = parser.parse_args()
    platform = Config.from_env().make_platform()
    try:
        print(take_off(platform, options.login, options.reason))
    except LookupError as error:
        sys.exit(str(error))
    finally:
        platform.database.close()


def take_off(platform: Platform, login: str, reason: str) -> str:
    """What was done, in a sentence; LookupError where there is nothing to take off."""
    with open_work(platform, SYSTEM) as work:
        staff_id = staff_of_login(work, login)
        if staff_id is None or not second_factor.remove(work, staff_id, reason):
            raise LookupError(f"{login!r} has no authenticator bound.")
    return f"The authenticator of {login!r} is off; they bind another when they sign in next."


if __name__ == "__main__":
    main()
