"""From the maximum to a `Calibration`: items in the order of their columns, errors by the delta method."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from irt.arrays import Floats, Ints
from irt.calibration._em import Ascent
from irt.calibration._errors import Covariance
from irt.calibration._priors import Refused
from irt.calibration._problem import Point, Problem
from irt.calibration._result import Calibration, Doubt, Population
from irt.mixed import Mixed
from irt.models import Items

EDGE_MASS = 1e-3  # a population with more than this on an end node runs off the nodes
MAX_BLUR = 1e-3  # error of quadrature above which parameters may be off by the tolerance


def nothing(refused: tuple[Refused, ...], n_groups: int, n_persons: float) -> Calibration:
    """The calibration in which every item was refused."""
    unknown = (Population(0.0, 1.0, np.nan, np.nan),) * n_groups
    none = np.empty(0, dtype=np.intp)
    return Calibration(None, none, (), {}, {}, unknown, refused, ("no_items",), 0, np.nan, np.nan, n_persons, 0)


def calibrated(
    ascent: Ascent,
    errors: Covariance | None,
    asked: tuple[Ints, Sequence[str]],
    refused: tuple[Refused, ...],
    n_persons: float,
) -> Calibration:
    """The calibration that ended at this ascent; `asked` are the column and the model of each item of its layout."""
    columns, models = asked
    parts = ascent.problem.parts
    if not parts:
        return nothing(refused, len(ascent.point.mean), n_persons)
    numbers = np.sort(np.concatenate([part.items for part in parts]))
    estimates, se = _by_name(ascent, errors, numbers)
    return Calibration(
        items=_items(ascent, numbers),
        indices=columns[numbers],
        models=tuple(models[number] for number in numbers),
        estimates=estimates,
        se=se,
        populations=_populations(ascent, errors),
        refused=refused,
        doubts=_doubts(ascent, errors),
        n_iterations=ascent.n_iterations,
        log_likelihood=ascent.expectation.log_likelihood,
        last_change=ascent.change,
        n_persons=n_persons,
        n_nodes=ascent.problem.nodes.size,
    )


def is_blurred(problem: Problem, point: Point) -> bool:
    """Whether posteriors are so narrow beside the spacing of the nodes that sums over these are wrong."""
    return problem.quadrature_error(point) > MAX_BLUR


def _doubts(ascent: Ascent, errors: Covariance | None) -> tuple[Doubt, ...]:
    """Why this ascent may not be believed; empty when it may."""
    found: dict[Doubt, bool] = {
        "iterations": not ascent.converged,
        "errors": errors is not None and not np.isfinite(errors.values).all(),
        "population": _runs_off(ascent),
        "nodes": is_blurred(ascent.problem, ascent.point),
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def _by_name(
    ascent: Ascent, errors: Covariance | None, numbers: Ints
) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Reported parameters and their standard errors, each (n_calibrated,) by name."""
    estimates: dict[str, Floats] = {}
    se: dict[str, Floats] = {}
    for index, (part, p) in enumerate(zip(ascent.problem.parts, ascent.point.parts, strict=True)):
        places = np.searchsorted(numbers, part.items)
        reported = part.family.report(p)
        deviations = np.full(reported.shape, np.nan)
        if errors is not None:
            jacobian = part.family.jacobian(p)
            variances = np.einsum("jrk,jkl,jrl->jr", jacobian, errors.of(errors.places[index]), jacobian)
            deviations = np.where(np.isfinite(reported), np.sqrt(variances), np.nan)
        for column, name in enumerate(part.family.names):
            for table, values in ((estimates, reported), (se, deviations)):
                table.setdefault(name, np.full(numbers.size, np.nan))[places] = values[:, column]
    return estimates, se


def _items(ascent: Ascent, numbers: Ints) -> Any:
    """The item set, in the order of the numbers."""
    pairs = zip(ascent.problem.parts, ascent.point.parts, strict=True)
    sets = [part.family.to_items(p) for part, p in pairs]
    places = [np.searchsorted(numbers, part.items) for part in ascent.problem.parts]
    if len(sets) == 1:
        return sets[0]
    if not all(isinstance(items, Items) for items in sets):
        return Mixed(sets, places)
    order = np.argsort(np.concatenate(places))
    return Items(*(np.concatenate([getattr(items, name) for items in sets])[order] for name in "abcd"))


def _populations(ascent: Ascent, errors: Covariance | None) -> tuple[Population, ...]:
    """The populations with standard errors, 0 where a moment was fixed."""
    free = np.stack([ascent.problem.free_mean, ascent.problem.free_sd], axis=1)
    se = np.where(free, np.nan, 0.0)
    if errors is not None:
        variances = np.diagonal(errors.of(errors.moments), axis1=1, axis2=2)
        se = np.where(free, np.sqrt(variances), 0.0)
    moments = zip(ascent.point.mean.tolist(), ascent.point.sd.tolist(), se.tolist(), strict=True)
    return tuple(Population(mean, sd, *deviations) for mean, sd, deviations in moments)


def _runs_off(ascent: Ascent) -> bool:
    """Whether a population has mass on an end node, or a free one is too narrow for the nodes."""
    mass, nodes = ascent.expectation.mass, ascent.problem.nodes
    ends = mass[:, [0, -1]].sum(axis=1) > EDGE_MASS * mass.sum(axis=1)
    narrow = ascent.point.sd <= (nodes[1] - nodes[0]) * (1 + 1e-9)
    return bool((ends | narrow & ascent.problem.free_sd).any())
