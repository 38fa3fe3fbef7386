"""A draft of a blueprint with its rehearsal, a task that waits, and linear forms: what their pages need."""

from __future__ import annotations

from itembank.blueprints.drafts.law import this_year
from itembank.blueprints.drafts.service import begin_draft
from itembank.blueprints.models import Pool
from itembank.forms import service as forms
from itembank.rehearsals import service as rehearsals
from itembank.rehearsals.plan import Plan
from server.core import tasks
from server.core.roles import SYSTEM
from server.core.tasks import TaskRef
from server.core.work import Platform, open_work


def a_rehearsed_draft(platform: Platform, pool_id: int) -> dict[str, int]:
    """Ids of a draft begun like the pool's blueprint, of its rehearsal, of one that waits, and of two forms."""
    with open_work(platform, SYSTEM) as work:
        pool = work.db.get_one(Pool, pool_id)
        blueprint_id, run_id = pool.blueprint_id, pool.calibration_run_id
        draft_id = begin_draft(work, pool.subject, this_year(work))
        subject = rehearsals.Subject(run_id, draft_id=draft_id)
        task_id = rehearsals.ask_rehearsal(work, subject, Plan(100, "standard", 1))
        rehearsals.ask_rehearsal(work, subject, Plan(100, "standard", 2))
        arguments = dict(tasks.task_view(work, task_id).arguments)
    rehearsed = rehearsals.rehearse(platform, TaskRef(task_id, rehearsals.KIND, arguments, "staff:1"), _quiet)
    wanted = {"pool_id": pool_id, "n": 2, "least": 0, "most": 0, "purpose": "paper", "is_fresh": False}
    assembled = forms.assemble(platform, TaskRef(task_id, forms.KIND, wanted, "staff:1"), _quiet)
    with open_work(platform, SYSTEM) as work:
        rehearsal_id, form_set_id = rehearsed(work), assembled(work)
    return {"draft_id": draft_id, "blueprint_id": blueprint_id, "rehearsal_id": rehearsal_id,
            "form_set_id": form_set_id}  # fmt: skip


def _quiet(_done: int, _total: int, _stage: str | None = None, /) -> None:
    """Nobody looks on."""
