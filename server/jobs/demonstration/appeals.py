"""The appeals commission of the demonstration, named for each of its programmes by the ministry."""

from __future__ import annotations

from sqlalchemy import select

from server.accounts.models import Organisation, Staff
from server.appeals.commission import Seat, commission_of, name_commission
from server.candidates.queries import programmes
from server.core.roles import Actor, Role
from server.core.work import Platform, open_work

ORDER = "DEMO-3"
SEATS = (
    ("appeals", "chair", "ministry"), ("appeals2", "deputy_chair", "ntc"), ("appeals3", "secretary", "ntc"),
    ("appeals4", "member", "methodological_commission"), ("appeals5", "member", "ministry"),
)  # fmt: skip


def ensure_commission(platform: Platform) -> None:
    """Every programme has a commission that can judge its appeals."""
    with open_work(platform, _ministry(platform)) as work:
        staff = {login: id_ for id_, login in work.db.execute(select(Staff.id, Staff.login))}
        seats = [Seat(staff[login], role, body) for login, role, body in SEATS]
        for programme in programmes(work):
            if commission_of(work, programme.id) is None:
                today = work.now.astimezone(programme.edition.zone).date()
                name_commission(work, programme.id, ORDER, today, seats)


def _ministry(platform: Platform) -> Actor:
    """Somebody of the ministry, which approves who sits in the commission (DC-24)."""
    with platform.database.reading() as db:
        place = db.execute(select(Organisation.id).where(Organisation.code == "ministry")).scalar_one()
        who = db.execute(select(Staff.id).where(Staff.login == "ministry")).scalar_one()
    return Actor(frozenset({Role.OFFICE}), who, "office", place)
