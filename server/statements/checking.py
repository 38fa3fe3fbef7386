"""Whether a statement is in force, for whoever has its code; nothing for anybody else, and nothing to be guessed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from server.core.errors import Invalid, NotFound
from server.core.work import Work
from server.statements import queries
from server.statements.codes import digest_of, is_whole
from server.statements.said import is_genuine, said_of

State = Literal["in_force", "revised", "revoked", "broken"]
A_MINUTE, MINUTE = 20, timedelta(minutes=1)
REMEMBERED = 10_000
END = len("008-2")  # four digits of a registration number, with the dash that stands among them


@dataclass(frozen=True)
class Verdict:
    """What somebody with the code is told: enough to compare with the paper in hand, too little to learn a name."""

    state: State
    initials: str
    number_hidden: str
    number_end: str
    titles: dict[str, str]
    order_no: str
    issued_at: datetime
    ended_at: datetime | None
    zone: str


class Asked:
    """How often each address asked within the last minute; it forgets the addresses that were silent the longest."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def counts(self, address: str, now: datetime) -> bool:
        """True, and counted, if the address may ask once more."""
        with self._lock:
            recent = [at for at in self._times.pop(address, []) if now - at < MINUTE]
            allowed = len(recent) < A_MINUTE
            self._times[address] = [*recent, now] if allowed else recent
            while len(self._times) > REMEMBERED:
                self._times.popitem(last=False)
            return allowed


def check(work: Work, code: str) -> Verdict:
    """Whether the statement with this code is in force; NotFound for every other code."""
    if not is_whole(code):
        raise Invalid("statement_code_incomplete")
    try:
        said = said_of(work, queries.statement_with(work, digest_of(code)))
    except NotFound as unknown:
        raise NotFound("statement_unknown") from unknown
    if not is_genuine(work, said):
        work.record("statement:broken", f"session:{said.ref.session_id}", clause="DC-33", statement=said.ref.id)
        state: State = "broken"
    else:
        state = "in_force" if said.ref.end is None else ("revised" if said.ref.end == "revised" else "revoked")
    initials = " ".join(f"{part[0]}." for part in said.row.name.split())
    number = said.row.registration_no
    hidden = "".join("•" if each.isdigit() else each for each in number[:-END])
    return Verdict(
        state, initials, hidden, number[-END:], dict(said.sitting.titles), said.approval.order_no,
        said.ref.issued_at, said.ref.ended_at, said.sitting.zone,
    )  # fmt: skip
