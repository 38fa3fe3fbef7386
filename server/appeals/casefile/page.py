"""One task of the case file as its page and its paper show it: the task itself, the working, the reason in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from itembank.blueprints.rules import TiersRule
from server.appeals.casefile import telling
from server.appeals.casefile.case import ANSWERS, DRAWINGS, WORKING, CaseFile, Task
from server.appeals.casefile.opening import Opened, is_open
from server.appeals.casefile.reasons import Chosen, reason_of
from server.appeals.casefile.shown import Shown, shown
from server.core.i18n import _, language
from server.grading import walk

TYPED = frozenset({"text", "extended"})


@dataclass(frozen=True)
class TaskPage:
    """A task of the file. `shown` is None where its content is not opened; `writing` and `drawing` are what stood
    beside it, as far as they count in the subject (DC-26); `kept_back` names what stood there and does not."""

    task: Task
    shown: Shown | None
    reason: tuple[str, ...]
    funnel: tuple[tuple[str, int], ...]
    writing: str
    drawing: tuple[str, ...]
    kept_back: tuple[str, ...]
    previous: int | None
    following: int | None


def task_page(found: Opened, task: Task) -> TaskPage:
    """The task as the reader has it before them."""
    file = found.file
    reason = reason_of(file.bench, file.section, task.step)
    writing, drawing, kept_back = _beside(found, task)
    return TaskPage(
        task=task,
        shown=_shown(found, task) if is_open(file, task) else None,
        reason=telling.told(reason, titles_of(file), task.change),
        funnel=telling.funnel(reason.funnel) if isinstance(reason, Chosen) else (),
        writing=writing, drawing=drawing, kept_back=kept_back,
        previous=file.beside(task.seq, -1), following=file.beside(task.seq, 1),
    )  # fmt: skip


def titles_of(file: CaseFile) -> telling.Titles:
    """How tiers and areas are called in the reader's language."""
    tiers = {tier.code: tier.title(language()) for tier in file.edition.get("DC-8", TiersRule).tiers}
    areas = {code: titles.get(language(), code) for code, titles in file.bench.pool.spec.area_titles.items()}
    return telling.Titles(tiers, areas)


def materials() -> Mapping[str, str]:
    """On what an appeal is judged (DC-26)."""
    return {ANSWERS: _("the answers"), WORKING: _("the written working"), DRAWINGS: _("the drawings")}


def _shown(found: Opened, task: Task) -> Shown:
    """The task; in words that the candidate typed nothing tells who they are."""
    whole = shown(found.file.bench, found.file.section, task.step)
    if task.step.given is None or task.step.given["kind"] not in TYPED:
        return whole
    return replace(whole, answer=tuple(map(found.mask, whole.answer)))


def _beside(found: Opened, task: Task) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    working = walk.working_beside(found.file.workings.get(task.seq), task.step)
    if working is None or not task.reviewed.allowed:
        return "", (), ()
    held = {WORKING: bool(working.text.strip()), DRAWINGS: bool(working.paths)}
    counts = {kind: found.file.material[kind].allowed for kind in held}
    kept_back = tuple(materials()[kind] for kind in held if held[kind] and not counts[kind])
    writing = found.mask(working.text) if counts[WORKING] else ""
    return writing, working.paths if counts[DRAWINGS] else (), kept_back
