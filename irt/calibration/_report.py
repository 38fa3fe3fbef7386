"""From the maximum to a `Calibration`: items in the order of their columns, errors by the delta method."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from irt.arrays import Floats, Ints
from irt.calibration._em import Ascent
from irt.calibration._errors import Covariance
from irt.calibration._priors import Refused
from irt.calibration._result import Calibration, Population
from irt.mixed import Mixed
from irt.models import Items

EDGE_MASS = 1e-3  # a population with more than this on an end node runs off the nodes


def nothing(refused: tuple[Refused, ...], n_groups: int, n_persons: float) -> Calibration:
    """The calibration in which every item was refused."""
    unknown = (Population(0.0, 1.0, np.nan, np.nan),) * n_groups
    none = np.empty(0, dtype=np.intp)
    return Calibration(None, none, (), {}, {}, unknown, refused, False, 0, np.nan, np.nan, n_persons)


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
    trusted = errors is None or bool(np.isfinite(errors.values).all())
    return Calibration(
        items=_items(ascent, numbers),
        indices=columns[numbers],
        models=tuple(models[number] for number in numbers),
        estimates=estimates,
        se=se,
        populations=_populations(ascent, errors),
        refused=refused,
        converged=ascent.converged and trusted and not _runs_off(ascent),
        n_iterations=ascent.n_iterations,
        log_likelihood=ascent.expectation.log_likelihood,
        last_change=ascent.change,
        n_persons=n_persons,
    )


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
    """Whether a free population has mass on an end node, or is too narrow for the nodes."""
    mass, nodes = ascent.expectation.mass, ascent.problem.nodes
    free = ascent.problem.free_mean | ascent.problem.free_sd
    ends = mass[:, [0, -1]].sum(axis=1) > EDGE_MASS * mass.sum(axis=1)
    narrow = ascent.point.sd <= (nodes[1] - nodes[0]) * (1 + 1e-9)
    return bool((free & (ends | narrow)).any())
