"""`python -m server.jobs.seb`: Safe Exam Browser of a sitting: its policy, configuration and Browser Exam Keys.

show 3 · policy 3 required · renew 3 · add-key 3 "Windows 3.9.0" 5f…; withdraw-key 3 5f… · check 3 room.seb"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from server.core.errors import CatError, Invalid
from server.core.roles import SYSTEM
from server.core.work import Platform, Work, open_work
from server.delivery import sitting_ref
from server.delivery.seb import queries
from server.delivery.seb.check import POLICIES
from server.delivery.seb.config_key import config_key, read_plist
from server.delivery.seb.container import unpack
from server.delivery.service import browsers
from server.web.config import Config
from server.web.messages import sentence


def run(platform: Platform, origin: str, ask: argparse.Namespace) -> list[str]:
    """What was asked is done, and how the sitting now stands."""
    with open_work(platform, SYSTEM) as work:
        if ask.act == "policy":
            browsers.set_policy(work, ask.sitting, ask.policy)
        elif ask.act == "renew":
            browsers.configure(work, ask.sitting, origin, anew=True)
        elif ask.act == "add-key":
            browsers.add_exam_key(work, ask.sitting, ask.client, ask.key)
        elif ask.act == "withdraw-key":
            browsers.withdraw_exam_key(work, ask.sitting, ask.key)
        elif ask.act == "check":
            return list(compared(work, ask.sitting, opened(ask.file, ask.password)))
        work.db.flush()  # what is shown is what was done
        return list(standing(work, ask.sitting))


def standing(work: Work, sitting_id: int) -> Iterator[str]:
    """The sitting's policy, configuration and keys, a line each."""
    yield f"policy {sitting_ref(work, sitting_id).seb_policy}"
    made = queries.configuration(work, sitting_id)
    if made is None:
        yield "no configuration yet: the first download at a centre makes it, or renew"
        return
    yield f"revision {made.revision} of {made.made_at.isoformat(timespec='seconds')} for {made.origin}"
    yield f"Config Key {made.config_key}"
    for each in queries.exam_keys(work, made.id):
        yield f"Browser Exam Key {each.exam_key} {each.client}"


def opened(path: Path, password: str) -> dict[str, Any]:
    """The settings in a .seb file; Invalid if it is none, or the password is not its own."""
    try:
        return read_plist(unpack(path.read_bytes(), password))
    except (OSError, ValueError) as error:
        raise Invalid("seb_file_unreadable") from error


def compared(work: Work, sitting_id: int, found: Mapping[str, Any]) -> Iterator[str]:
    """What a computer would send that was opened with these settings, and which of them are not the sitting's."""
    made = queries.configuration(work, sitting_id)
    key = config_key(found)
    yield f"Config Key {key}"
    if made is None:
        yield "the sitting has no configuration yet"
        return
    own = read_plist(made.settings)
    yield f"revision {made.revision} of the sitting {'has the same' if key == made.config_key else 'has another'}"
    for name in sorted(own.keys() | found.keys()):
        if own.get(name) != found.get(name):
            yield f"{name}: {found.get(name, 'missing')!r} in the file, {own.get(name, 'missing')!r} in the sitting"


def asked(words: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m server.jobs.seb", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    for name in ("show", "policy", "renew", "add-key", "withdraw-key", "check"):
        act = acts.add_parser(name)
        act.add_argument("sitting", type=int)
        if name == "policy":
            act.add_argument("policy", choices=POLICIES)
        if name == "add-key":
            act.add_argument("client", help='the version it belongs to, such as "Windows 3.9.0"')
        if name == "check":
            act.add_argument("file", type=Path, help="the .seb file that a computer was opened with")
            act.add_argument("--password", default="", help="the password of the file, if it has one")
        if name.endswith("-key"):
            act.add_argument("key", help="64 hexadecimal digits, as the configuration tool shows them")
    return parser.parse_args(words)


if __name__ == "__main__":
    config = Config.from_env()
    try:
        print("\n".join(run(config.make_platform(), config.public_origin, asked())))
    except CatError as error:
        sys.exit(sentence(error.code, error.facts))
