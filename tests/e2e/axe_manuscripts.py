"""The item editor as axe sees it: a draft with a formula and a place where something is missing."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from itembank.authoring.service import begin
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from server.accounts.models import Staff
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import open_work
from tests.e2e.findings import Findings
from tests.live import LiveServer


def look_at_manuscripts(live: LiveServer, pages: Findings) -> None:
    """The writer, who is signed in, has a draft of theirs before them."""
    with open_work(live.platform, SYSTEM) as work:
        staff = work.db.execute(select(Staff).where(Staff.login == "writer")).scalar_one()
        actor = Actor(frozenset({Role.WRITER}), staff.id, staff.name, staff.organisation_id)
        texts = {each: NewText(f"$x^2$ {each}?", ("1", "2", "", "4")) for each in ("ky", "ru")}
        item = NewItem(code="", subject="mathematics", tier="basic", area="algebra", type="choice", texts=texts)
        path = f"/bank/manuscripts/{begin(replace(work, actor=actor), item, 'ky')}"
    pages.visit(path, ".preview__item")
