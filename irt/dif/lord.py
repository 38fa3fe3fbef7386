"""Lord's chi-square: do item parameters of two groups, on one scale, differ by more than their errors?"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2 as chi2_distribution

from irt.arrays import Floats, Ints
from irt.linking import Link, covariances, parameters
from irt.linking.parameters import same_models
from irt.mixed import ItemSet

_SINGULAR = 1e-12


@dataclass(frozen=True, eq=False)
class LordDif:
    """Difference of parameters, item by item.

    Attributes
    ----------
    chi2, p_value : (n_items,)
    df : (n_items,) of int
        Parameters that were estimated in at least one group.
    difference : (n_items, k)
        Focal (or new) less reference (or old), in the columns of `parameters`; nan where there is none.
    status : (n_items,)
        "" or why there is no test: "no_errors" (no parameter has an error), "singular" (the errors do not
        determine a test), "other_model" (the items do not have the same parameters).
    """

    chi2: Floats
    p_value: Floats
    df: Ints
    difference: Floats
    status: tuple[str, ...]


def lord_dif(
    focal: ItemSet,
    reference: ItemSet,
    focal_errors: npt.ArrayLike,
    reference_errors: npt.ArrayLike,
    link: Link | None = None,
) -> LordDif:
    """Wald test of equal parameters of each item in two calibrations.

    Parameters
    ----------
    focal, reference : items
        The same items in the same order; `link` puts the focal ones on the reference scale, and without it
        they are there already.
    focal_errors, reference_errors : (n_items, k) or (n_items, k, k)
        Standard errors or covariances, each on the scale of its own calibration, in the columns of
        `irt.linking.parameters`; nan or zero for what was fixed. Covariances are much the better: a and b, or
        b and c, of one item are never independent.

    Notes
    -----
    d' (S_focal + S_reference)^-1 d on as many df as parameters (Lord 1980, Applications of item response
    theory, ch. 14). The error of the link, if it has one, is in S_focal.
    """
    line = link or Link(1.0, 0.0)
    if len(focal) == 0:
        raise ValueError("both calibrations must be of the same items, at least one")
    same = same_models(focal, reference)
    ours, theirs = parameters(line.items(focal)), parameters(reference)
    difference = ours - theirs
    total = line.item_covariance(focal, focal_errors) + covariances(
        reference_errors, theirs, "reference_errors"
    )
    rows = [_wald(away, known, agrees) for away, known, agrees in zip(difference, total, same, strict=True)]
    chi2, df = np.array([row[0] for row in rows]), np.array([row[1] for row in rows], dtype=np.intp)
    p_value = np.where(df > 0, chi2_distribution.sf(chi2, np.maximum(df, 1)), np.nan)
    return LordDif(chi2, p_value, df, difference, tuple(row[2] for row in rows))


def _wald(difference: Floats, covariance: Floats, same: bool) -> tuple[float, int, str]:
    """Chi-square, df and status of one item."""
    if not same:
        return np.nan, 0, "other_model"
    free = np.flatnonzero(np.diag(covariance) > 0)
    if free.size == 0:
        return np.nan, 0, "no_errors"
    se = np.sqrt(np.diag(covariance)[free])
    correlation = covariance[np.ix_(free, free)] / np.outer(se, se)
    if np.linalg.eigvalsh(correlation)[0] < _SINGULAR:
        return np.nan, 0, "singular"
    away = difference[free] / se
    return float(away @ np.linalg.solve(correlation, away)), int(free.size), ""
