"""What axe looks at of calibrations: one that waits, the form that asks for one, and one that is done."""

from __future__ import annotations

from sqlalchemy import func, select

from itembank.blueprints.models import Pool, PoolItem
from server.core.roles import SYSTEM
from server.core.work import open_work
from tests.e2e.findings import Findings
from tests.factories.calibrating import a_report
from tests.live import LiveServer


def look_at_calibrations(live: LiveServer, pages: Findings) -> None:
    """The list, the form, the page of a job, a report with its technical part, and a card, by who is signed in."""
    with open_work(live.platform, SYSTEM) as work:
        largest = select(PoolItem.pool_id).group_by(PoolItem.pool_id).order_by(func.count().desc()).limit(1)
        pool_id = work.db.execute(largest).scalar_one()
        made, subject = a_report(work, pool_id), work.db.get_one(Pool, pool_id).subject
    run = f"/bank/calibrations/{made['run_id']}"
    for path in ("/bank/calibrations", "/bank/calibrations/new", f"/bank/calibrations/new?subject={subject}",
                 f"/bank/calibrations/jobs/{made['task_id']}", run):
        pages.visit(path)
    pages.visit(f"{run}/technical", "main svg")
    pages.visit(f"{run}/items/{made['item_version_id']}", "main svg")
