"""One calibration from coded answers to a result: refuse what is hopeless, start, climb, find errors, report."""

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from irt.arrays import Bools, Floats, Ints
from irt.calibration._em import Ascent, ascend
from irt.calibration._errors import Covariance, covariance
from irt.calibration._family import Family
from irt.calibration._logistic import N_PARAMS, LogisticFamily, LogisticModel
from irt.calibration._polytomous import GradedFamily, PartialCreditFamily
from irt.calibration._priors import Priors, Reason, Refused
from irt.calibration._problem import ROWS_IN_A_SAMPLE, Part, Point, Problem
from irt.calibration._report import calibrated, is_blurred, nothing
from irt.calibration._result import Calibration, NotConvergedWarning
from irt.calibration._rows import Block, Layout, Rows, count, layout_of, prepare, split
from irt.calibration._settings import Settings

MODELS = (*N_PARAMS, "GRM", "GPCM", "PCM")
UNIT_SLOPE_MODELS = ("Rasch", "PCM")  # their slope of 1 sets the unit, so that the population's sd is free
MAX_NODES = 1000
_START_TOLERANCE = 0.02


@dataclass(frozen=True, eq=False)
class Job:
    """The calibration of the items in `columns` of the answers.

    Attributes
    ----------
    free_mean, free_sd : (n_groups,) bool
        Which moments of the populations are estimated.
    known : callable, optional
        Log-likelihood (n_rows, n_nodes) at these nodes of a block's answers to items that are not calibrated.
    """

    blocks: list[Block]
    models: Sequence[str]
    columns: Ints
    free_mean: Bools
    free_sd: Bools
    priors: Priors
    settings: Settings
    known: Callable[[Block, Floats], Floats] | None = None

    def run(self) -> Calibration:
        """The calibration, with a warning where it cannot be believed."""
        highest = max(int(block.codes.max(initial=1)) for block in self.blocks)
        counts = count(self.blocks, highest + 1)[self.columns]
        refused = _hopeless(counts, self.models, self.columns)
        kept = np.setdiff1d(np.arange(len(self.models)), list(refused))
        n_persons = float(sum(block.weights.sum() for block in self.blocks))
        if kept.size == 0:
            result = nothing(self._named(refused), len(self.free_mean), n_persons)
        else:
            problem, point = self._problem(kept, counts[kept])
            ascent, errors = self._climb(problem, point, self.columns[kept])
            refused |= {int(kept[item]): why for item, why in ascent.refused.items()}
            models = [self.models[index] for index in kept]
            result = calibrated(ascent, errors, (self.columns[kept], models), self._named(refused), n_persons)
        if result.doubts:
            message = f"the calibration has not converged: {', '.join(result.doubts)}"
            warnings.warn(message, NotConvergedWarning, stacklevel=3)
        return result

    def _named(self, refused: dict[int, Reason]) -> tuple[Refused, ...]:
        return tuple(Refused(int(self.columns[index]), refused[index]) for index in sorted(refused))

    def _problem(self, kept: Ints, counts: Floats) -> tuple[Problem, Point]:
        """The problem of these items, and where to start."""
        columns = self.columns[kept]
        n_categories = _n_categories(counts)
        layout = layout_of(self.blocks, n_categories, columns)
        n_groups = len(self.free_mean)
        parts, values = [], []
        models = np.array([self.models[index] for index in kept])
        for model in dict.fromkeys(models.tolist()):
            items = np.flatnonzero(models == model)
            family = _family(model, n_categories[items], self.priors)
            parts.append(Part(family, items))
            values.append(family.start(counts[items, : family.n_categories]))
        nodes, executor = self.settings.nodes, self.settings.executor
        rows = self._rows(layout, columns, nodes)
        problem = Problem(tuple(parts), layout, rows, nodes, self.free_mean, self.free_sd, executor)
        if self.known is not None:
            return problem, _placed(problem, values)
        return problem, Point(tuple(values), np.zeros(n_groups), np.ones(n_groups))

    def _rows(self, layout: Layout, columns: Ints, nodes: Floats) -> list[Rows]:
        """The answers to the items in these columns as the E-step wants them."""
        rows: list[Rows] = []
        for block in self.blocks:
            ready = prepare(block, layout, columns, len(self.free_mean))
            if self.known is not None:
                ready = replace(ready, offset=self.known(block, nodes))
            rows += split(ready, self.settings.n_partitions)
        return rows

    def _climb(self, problem: Problem, point: Point, columns: Ints) -> tuple[Ascent, Covariance | None]:
        """The maximum and its covariance, without the items that the answers do not determine."""
        settings = self.settings
        point = _near(problem, point)
        problem = self._sharp(problem, point, columns)
        refused: dict[int, Reason] = {}
        n_iterations = 0
        while True:
            ascent = ascend(problem, point, settings.tolerance, settings.max_iterations)
            problem, point = ascent.problem, ascent.point
            refused |= ascent.refused
            n_iterations += ascent.n_iterations
            ascent = replace(ascent, refused=refused, n_iterations=n_iterations)
            if not problem.parts:
                return ascent, None
            sharp = self._sharp(problem, point, columns) if ascent.converged else problem
            if sharp is not problem:
                problem = sharp
                continue
            errors = covariance(problem, point, ascent.expectation) if settings.standard_errors else None
            if errors is None or not errors.weak or not ascent.converged:
                return ascent, errors
            refused |= dict.fromkeys(errors.weak, "not_identified")
            problem, point = problem.without(errors.weak, point)

    def _sharp(self, problem: Problem, point: Point, columns: Ints) -> Problem:
        """The problem on nodes dense enough for the posteriors at this point, or as dense as they may be."""
        while problem.nodes.size <= MAX_NODES / 2 and is_blurred(problem, point):
            nodes: Floats = np.linspace(problem.nodes[0], problem.nodes[-1], 2 * problem.nodes.size - 1)
            rows = problem.rows if self.known is None else self._rows(problem.layout, columns, nodes)
            problem = replace(problem, nodes=nodes, rows=rows)
        return problem


def _placed(problem: Problem, values: list[Floats]) -> Point:
    """A start on the scale of the known items: populations as these alone tell them, items as these populations do."""
    nodes, n_groups = problem.nodes, len(problem.free_mean)
    middle, spread = np.full(n_groups, nodes.mean()), np.full(n_groups, np.ptp(nodes) / 12)
    ascent = ascend(replace(problem, parts=()), Point((), middle, spread), _START_TOLERANCE, 100)
    point = replace(ascent.point, parts=tuple(values))
    return problem.maximised(point, ascent.expectation, n_steps=10)


def _near(problem: Problem, point: Point) -> Point:
    """A better start: roughly where a systematic sample of the rows has its maximum."""
    n_rows = sum(len(rows.weights) for rows in problem.rows)
    if n_rows < 3 * ROWS_IN_A_SAMPLE:
        return point
    ascent = ascend(problem.sampled(), point, _START_TOLERANCE, 100)
    return point if ascent.refused else ascent.point


def _family(model: str, n_categories: Ints, priors: Priors) -> Family:
    """The family of items of one model."""
    if model == "GRM":
        return GradedFamily(n_categories, priors)
    if model in ("GPCM", "PCM"):
        return PartialCreditFamily(n_categories, priors, free_slope=model == "GPCM")
    return LogisticFamily(cast(LogisticModel, model), len(n_categories), priors)


def _n_categories(counts: Floats) -> Ints:
    """Number of categories of each item, by its highest answer, (n_items,)."""
    highest: Ints = counts.shape[1] - 1 - (counts[:, ::-1] > 0).argmax(axis=1)
    return np.maximum(highest + 1, 2)


def _hopeless(counts: Floats, models: Sequence[str], columns: Ints) -> dict[int, Reason]:
    """Items that no algorithm could calibrate, from the answers in each category, with the reason."""
    found: dict[int, Reason] = {}
    for index, (given, model, m) in enumerate(zip(counts, models, _n_categories(counts), strict=True)):
        n_params = N_PARAMS.get(cast(LogisticModel, model), m)
        if model in N_PARAMS and given[2:].any():
            raise ValueError(f"column {columns[index]} has answers beyond 0 and 1, which a {model} item cannot have")
        if not given.any():
            found[index] = "unseen"
        elif (given > 0).sum() == 1:
            found[index] = "one_category"
        elif not given[:m].all():
            found[index] = "empty_category"
        elif given.sum() < n_params:
            found[index] = "too_few"
    return found
