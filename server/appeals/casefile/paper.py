"""The case file on paper, for the hearing: the verdict of the replay, the way of the score, and in full the tasks that
the appeal names, or all that are reviewed where it names none. Marked with who printed it; it bears a code, no name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from itembank.items.service import open_media
from server.accounts import staff_names
from server.appeals.casefile import opening, page
from server.appeals.casefile.case import CaseFile, Task
from server.appeals.casefile.opening import Opened
from server.appeals.casefile.plots import percent_plot
from server.appeals.casefile.shown import Shown
from server.appeals.words import instructions
from server.core.charts import drawn, standalone
from server.core.i18n import TONGUES, _, language, local_time, number, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import (
    Block,
    Choices,
    Facts,
    Formatted,
    Heading,
    NewPage,
    Pictures,
    Points,
    Table,
    Text,
)
from server.core.paper.booklet import Figure
from server.core.paper.foot import checked_foot
from server.core.work import Work
from server.delivery.working import SHEET
from server.grading import words
from server.grading.queries import percent_text

PURPOSE = "appeal_paper"
WIDE, DRAWN = 680, 440  # of a plot, and of a drawing, on paper, in dots
TYPES: dict[str, Literal["svg", "png", "webp"]] = {
    "image/svg+xml": "svg",
    "image/png": "png",
    "image/webp": "webp",
}


def print_file(work: Work, appeal_id: int, tongue: str, origin: str) -> Printed:
    """The paper; who printed it, and every task on it, stand in the journal (CS-5, DC-7)."""
    found = opening.open_file(work, appeal_id)
    who = staff_names(work, [work.actor.id or 0]).get(work.actor.id or 0, work.actor.label)
    tasks = in_full(found.file)
    with speaking(tongue):
        blocks = tuple(_blocks(work, found, tasks))
        printed = press(work.vault, _paper(work, found, f"{who}  {found.mark}", origin, blocks))
    opening.note(work, found, tasks, PURPOSE)
    work.record("paper:printed", f"paper:{printed.digest}", kind="case_file", language=tongue, clause="DC-26",
                case=found.case.number, zone=found.file.zone)  # fmt: skip
    return printed


def in_full(file: CaseFile) -> list[Task]:
    """The tasks that stand on the paper with their content: those the appeal names, else all that are reviewed."""
    shown = [task for task in file.tasks if opening.is_open(file, task)]
    named = [task for task in shown if task.is_disputed]
    return named or shown


def _paper(work: Work, found: Opened, mark: str, origin: str, blocks: tuple[Block, ...]) -> Paper:
    return Paper(
        language=language(), title=_("Case file %(number)s", number=found.case.number),
        head=f"{found.file.code} · {_title(found.file)}", mark=mark, stamp=int(work.now.timestamp()),
        foot=checked_foot(origin), blocks=blocks,
    )  # fmt: skip


def _blocks(work: Work, found: Opened, tasks: list[Task]) -> Iterator[Block]:
    file = found.file
    yield Facts(tuple(_facts(file)))
    yield Heading(_("What the appeal is judged on"))
    yield from _judged_on(file)
    yield Heading(_("Recomputed from what is stored"))
    yield from _verdict(file)
    plot = percent_plot(file)
    if plot is not None:
        yield Heading(plot.title)
        yield Pictures({"plot": Figure(standalone(drawn(plot)).encode(), WIDE, "svg", plot.description)})
    yield _table(file)
    for task in tasks:
        yield NewPage()
        yield from _task(work, found, page.task_page(found, task))


def _facts(file: CaseFile) -> Iterator[tuple[str, str]]:
    yield _("Code of the work"), file.code
    yield _("Subject"), _title(file)
    yield _("Sitting"), file.titles[language()]
    yield _("Start"), local_time(file.starts_at, file.zone)
    yield _("Language of the test"), TONGUES[file.section.language]
    if file.grade is not None:
        grades = file.policy.grade_titles(language())
        yield _("Grade"), f"{grades[file.grade.grade]}, {percent_text(file.grade.percent)}"
    yield _("Regulation"), file.edition.title[language()]


def _judged_on(file: CaseFile) -> Iterator[Block]:
    counts = [name for kind, name in page.materials().items() if file.material[kind].allowed]
    yield Points(tuple(f"{text} ({clause})" for clause, text in instructions(file.edition, file.subject)))
    yield Text(_("Counts in this subject: %(materials)s.", materials=", ".join(counts)), "note")


def _verdict(file: CaseFile) -> Iterator[Block]:
    if file.is_equal:
        yield Text(_("Every task, order, reason and score was computed again from what is stored and came out equal, "
                     "to the bit. The seal of the centre fits."))  # fmt: skip
        return
    if file.seal is not True:
        yield Text(_("The seal of the centre does not fit what is stored.") if file.seal is False
                   else _("There is no seal on this work."))  # fmt: skip
    if file.fault:
        yield Text(words.holds().get(file.fault, file.fault))
    said = words.differences()
    yield Points(tuple(
        ": ".join((_("Task %(n)s", n=each.seq) if each.seq else _title(file), said.get(each.what, each.what)))
        for each in file.all_differences
    ))  # fmt: skip


def _table(file: CaseFile) -> Table:
    head = (_("Task"), _("Level"), _("Outcome"), _("Answered at"), _("Seconds"), _("Percent before"),
            _("Percent after"), _("Recomputed"))  # fmt: skip
    return Table(head, tuple(_row(file, task) for task in file.tasks), (0, 2.6, 2.2, 1.8, 1.7, 1.7, 1.7, 2.3))


def _row(file: CaseFile, task: Task) -> tuple[str, ...]:
    step, tiers = task.step, page.titles_of(file).tiers
    before, after = ("–", "–") if task.change is None else (
        number(task.change.before.reached, 1), number(task.change.after.reached, 1)
    )  # fmt: skip
    return (
        str(task.seq), tiers.get(task.tier, task.tier), words.outcomes()[task.outcome],
        "–" if step.received_at is None else local_time(step.received_at, file.zone, "HH:mm:ss"),
        "–" if step.spent_ms is None else number(step.spent_ms / 1000, 1), before, after,
        _("differs") if task.differences else _("equal"),
    )  # fmt: skip


def _task(work: Work, found: Opened, row: page.TaskPage) -> Iterator[Block]:
    task, shown = row.task, row.shown
    yield Heading(_("Task %(n)s", n=task.seq))
    if shown is not None:
        yield from _content(_figures(work, task, shown), shown)
        yield Facts(tuple(_came_of_it(found.file, task, shown)))
        if shown.rubric is not None:
            yield Heading(_("Rubric"))
            yield Formatted(tuple(shown.rubric), is_framed=True)
    if row.writing:
        yield Heading(_("Written beside it"))
        yield Text(row.writing, "said")
    if row.drawing:
        yield Heading(_("Drawn beside it"))
        yield Pictures(
            {"drawing": Figure(_drawing(row.drawing), DRAWN, "svg", _("Drawing by the candidate"))}
        )
    yield Heading(_("Why the engine gave this task"))
    yield Points(row.reason)


def _content(figures: dict[str, Figure], shown: Shown) -> Iterator[Block]:
    if shown.passage:
        yield Formatted(tuple(shown.passage), figures, is_framed=True)
    if shown.recording is not None:
        yield Text(_("Heard: %(title)s", title=shown.recording.title))
        yield Formatted(tuple(shown.recording.transcript), is_framed=True)
    yield Formatted(tuple(shown.stem), figures)
    if shown.picture:
        yield Pictures({"picture": figures[shown.picture]})
    slots = [(f"{slot.name}.", tuple(slot.tree), "") for slot in shown.slots if slot.tree]
    if slots:
        yield Choices(tuple(slots), figures)
    if shown.options:
        yield Choices(tuple(
            (option.letter, tuple(option.tree), _note(is_given=option.is_given, is_right=option.is_right))
            for option in shown.options
        ), figures)  # fmt: skip


def _note(*, is_given: bool, is_right: bool) -> str:
    return ", ".join(said for said, holds in ((_("chosen"), is_given), (_("right"), is_right)) if holds)


def _came_of_it(file: CaseFile, task: Task, shown: Shown) -> Iterator[tuple[str, str]]:
    unreadable = _("does not open as it was sealed")
    answer, key = "\n".join(shown.answer), "\n".join(shown.key)
    if shown.is_by_letter:
        answer, key = shown.letters(right=False), shown.letters(right=True)
    yield _("Answer given"), unreadable if task.is_unreadable else answer or _("none")
    if shown.key:
        yield _("Key"), key + (f" ± {shown.tolerance}" if shown.tolerance else "")
    yield _("Outcome"), words.outcomes()[task.outcome]
    if task.mark is not None:
        yield _("Points"), _("%(points)s of %(maximum)s", points=task.mark.points, maximum=task.mark.maximum)
    if task.change is not None:
        yield _("Percent"), _("%(before)s before, %(after)s after", before=number(task.change.before.reached, 1),
                              after=number(task.change.after.reached, 1))  # fmt: skip
    yield _("Recomputed"), _("differs") if task.differences else _("equal to the bit")


def _figures(work: Work, task: Task, shown: Shown) -> dict[str, Figure]:
    return {
        name: Figure(open_media(work, task.step.item_version_id, each["digest"]), each["width"], TYPES[each["type"]],
                     each["alternative"])
        for name, each in shown.figures.items()
    }  # fmt: skip


def _drawing(paths: tuple[str, ...]) -> bytes:
    """What the candidate drew, as a picture of its own."""
    wide, high = SHEET
    lines = "".join(f'<path d="{path}"/>' for path in paths)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}">'
        f'<rect x="2" y="2" width="{wide - 4}" height="{high - 4}" fill="#fff" stroke="#888" stroke-width="3"/>'
        f'<g fill="none" stroke="#0a2a50" stroke-width="3" stroke-linecap="round">{lines}</g></svg>'
    ).encode()


def _title(file: CaseFile) -> str:
    return file.policy.subject_titles(language())[file.subject]
