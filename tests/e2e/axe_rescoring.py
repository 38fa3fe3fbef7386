"""Pages of rescoring for the office, and of corrected keys for the commission, each with something on it."""

from __future__ import annotations

from sqlalchemy import select

from itembank.blueprints.models import PoolItem
from itembank.items.correcting import ask_key
from server.core.roles import SYSTEM
from server.core.work import Work, open_work
from server.grading.rescoring import service
from server.grading.rescoring.service import Cause
from tests.e2e.findings import Findings
from tests.factories.rescoring import compute_now
from tests.live import LiveServer

WORKED_S = 60


def look_at_rescoring(live: LiveServer, pages: Findings) -> None:
    """Before anything was corrected, the form, and a correction with its effect; the office is signed in."""
    pages.visit("/office/rescoring")
    pages.visit("/office/rescoring/new")
    with open_work(live.platform, SYSTEM) as work:
        strike = Cause(kind="item_struck", item_version_id=_item(work), reason="Two answers", decided_by="order:17")
        run_id = service.propose(work, strike)
        compute_now(work, run_id)
    pages.browser.get(f"{pages.page.origin}/office/rescoring/{run_id}")
    pages.page.wait_until_gone("[data-task]", WORKED_S)  # the page comes anew when its task has ended
    pages.visit(f"/office/rescoring/{run_id}")
    pages.visit("/office/rescoring")


def look_at_keys(live: LiveServer, pages: Findings) -> None:
    """A key that the office asked for; one of the commission is signed in."""
    pages.visit("/bank/keys")
    with open_work(live.platform, SYSTEM) as work:
        asked_id = ask_key(work, _item(work), "Doubted by an appeal", "order 17")
    pages.visit(f"/bank/keys/{asked_id}")
    pages.visit("/bank/keys")


def _item(work: Work) -> int:
    """An item that stands in a pool."""
    return work.db.execute(select(PoolItem.item_version_id).order_by(PoolItem.id).limit(1)).scalar_one()
