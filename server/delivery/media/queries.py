"""The files that belong to what a candidate has before them: those of the open step, and of no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from itembank.items.service import open_media
from server.core.errors import NotFound
from server.core.work import Work
from server.delivery.bench import BENCHES
from server.delivery.models import ExamSession, Section, Step
from server.delivery.pretests.queries import plan_of
from server.delivery.queries import clock_of, held


@dataclass(frozen=True)
class OpenItem:
    """The item a candidate has before them: its version, its place in its pool, and the language it is read in."""

    step: Step
    section: Section


@dataclass(frozen=True)
class File:
    """A picture as it is sent."""

    data: bytes
    type: str


def has_recordings(work: Work, sitting_id: int, pools: Mapping[str, int]) -> bool:
    """True if something is to be heard in the pools of these subjects, or in what the sitting tries out beside them."""
    benches = [BENCHES.get(work, pool_id, plan_of(work, sitting_id, subject)) for subject, pool_id in pools.items()]
    contents = (each for bench in benches for each in bench.contents)
    return any(text["recording"] is not None for each in contents for text in each.data["texts"].values())


def figure(work: Work, name: str) -> File:
    """The figure with that digest, if it stands in the item that is open; NotFound for any other."""
    item = open_item(work, held(work))
    if item is not None:
        content = BENCHES.of(work, item.section).content(item.step.item_index)
        found = content.figure(item.section.language, name)
        if found is not None:
            return File(open_media(work, item.step.item_version_id, name), found["type"])
    raise NotFound("not_found")


def open_item(work: Work, session: ExamSession) -> OpenItem | None:
    """The item that is open now; none between sections, in a pause and after the end."""
    return item_before(work, session) if clock_of(work, session).phase == "running" else None


def item_before(work: Work, session: ExamSession) -> OpenItem | None:
    """The item that is open, or will be again when the clock goes on."""
    section = next((each for each in session.sections if each.state == "running"), None)
    if section is None:
        return None
    here = (Step.section_id == section.id) & (Step.seq == section.answered + 1)
    step = work.db.execute(select(Step).where(here)).scalar_one_or_none()
    return None if step is None else OpenItem(step, section)
