"""The plot of an effect: how many candidates change by how much."""

from __future__ import annotations

from server.core.charts import Chart, Mark, Series
from server.core.i18n import _, ngettext, number
from server.grading.rescoring.queries import EffectRef


def plot_of(effect: EffectRef | None) -> Chart | None:
    """Bars of half a percent each; None where nobody changes."""
    if effect is None or not effect.summary["bars"]:
        return None
    summary = effect.summary
    x, y = [each[0] for each in summary["bars"]], [float(each[1]) for each in summary["bars"]]
    said = _(
        "%(up)s rise and %(down)s fall; the changes lie between %(lowest)s and %(highest)s percent.",
        up=number(summary["n_up"]), down=number(summary["n_down"]),
        lowest=number(summary["lowest"], 1), highest=number(summary["highest"], 1),
    )  # fmt: skip
    return Chart(
        "effect", _("By how much the percent changes"), said, _("Change of the percent"), _("Candidates"),
        (Series(ngettext("%(n)s candidate", "%(n)s candidates", sum(map(int, y))), x, y, kind="bars"),),
        marks=(Mark("x", 0.0, ""),), y_bounds=(0.0, 1.0), least_y_step=1,
    )  # fmt: skip
