"""The plot of the case file: the percent of marks after each task that counts, with its error."""

from __future__ import annotations

from collections.abc import Sequence

from server.appeals.casefile.case import CaseFile, Task
from server.core.charts import Chart, Mark, Series
from server.core.i18n import _, language, number
from server.grading.plots import SHAPES, invented


def percent_plot(file: CaseFile) -> Chart | None:
    """The way of the percent; None where the evidence bears no score."""
    counted = [task for task in file.tasks if task.change is not None and counts(task)]
    after = [task.change.after for task in counted if task.change is not None]
    if not after:
        return None
    last, title = after[-1], file.policy.subject_titles(language())[file.subject]
    return Chart(
        f"percent-{file.subject}",
        _("%(subject)s: percent of the marks after each task, with its error", subject=title)
        + invented(file.bench.pool.is_demonstration),
        _("After the last task it is %(percent)s with an error of %(sd)s. The table below has every task.",
          percent=number(last.reached, 1), sd=number(last.percent_sd, 1)),
        _("Task"), _("Percent"),
        (Series(title, [task.seq for task in counted], [each.percent for each in after],
                spread=_within([(each.percent, each.percent_sd) for each in after]),
                shapes=[SHAPES.get(task.outcome, "square") for task in counted]),),
        tuple(Mark("y", float(band.min_percent), band.title(language())) for band in file.policy.cuts.grades
              if band.min_percent),
        x_bounds=(0, len(file.tasks)), y_bounds=(0, 100),
    )  # fmt: skip


def counts(task: Task) -> bool:
    """Whether the task bears on the score of the adaptive part."""
    return not (task.is_written or task.step.is_pretest)


def _within(figures: Sequence[tuple[float, float]]) -> list[float]:
    """The errors, so far as they stay between 0 and 100 percent."""
    return [min(sd, percent, 100.0 - percent) for percent, sd in figures]
