"""The second estimator: girth 0.8, an independent program, on complete data. No other module imports girth.

It transposes, renames and decides convergence, which girth does not report; what girth cannot do is refused by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from irt.arrays import Bools, Floats, Ints, score_matrix

_NO_GUESSING = (
    "girth cannot confirm a 3PL: its threepl_mml raises on numpy 2.4 and later; confirm the 2PL instead"
)
_NO_PCM = "girth has no PCM with equal slopes: its pcm_mml frees them; confirm the GPCM"
_A_BOUNDS = {"1PL": (0.25, 10.0), "2PL": (0.2, 5.0), "GRM": (0.2, 5.0), "GPCM": (0.25, 4.0)}
_B_BOUNDS = (-6.0, 6.0)
_NEAR = 1e-2  # nearer to a bound of girth's than this, an estimate is the bound's and not the data's


@dataclass(frozen=True, eq=False)
class GirthEstimates:
    """What girth makes of complete data, theta ~ N(0, 1), logistic metric (D = 1).

    Attributes
    ----------
    a, b : (n_items,), (n_items, max_categories - 1)
        Slopes, and thresholds or step difficulties; nan where an item has fewer categories, or girth gave no number.
    held : (n_items,)
        Items whose slope or difficulty girth left at one of its bounds, or for which it gave no number.
    converged : bool
        girth stopped by its own rule (no slope moved by 1e-3) and gave a number for every parameter.
    n_iterations : int
        Passes over all items; 0 for the 1PL, which is one line search.
    """

    model: str
    a: Floats
    b: Floats
    held: Bools
    converged: bool
    n_iterations: int


class _CountedDensity(npt.NDArray[np.float64]):
    """A density on girth's nodes that counts how often girth weights it: once an iteration, and once at the end."""

    n_uses = 0

    def __mul__(self, weights: Floats) -> Floats:  # type: ignore[override]  # girth has floats only
        self.n_uses += 1
        weighted: Floats = np.asarray(self) * weights
        return weighted


def estimate(x: npt.ArrayLike, model: str, max_iterations: int = 200) -> GirthEstimates:
    """girth's marginal maximum likelihood estimates from complete data.

    Parameters
    ----------
    x : (n_persons, n_items)
        Categories 0 .. m - 1. Nothing may be missing: girth takes the missing as unrelated to ability, which
        adaptive data never are.
    model : {"1PL", "2PL", "GRM", "GPCM"}
        "1PL" has one slope, estimated.

    Raises
    ------
    ValueError
        Missing or impossible answers, an item with an empty category (girth would renumber the rest), a model that
        girth does not have or cannot run.

    References
    ----------
    Sanchez (2021), girth: G. Item Response Theory, version 0.8.0.
    """
    fit = _program(model)
    data = _complete(x, model)
    n_categories = data.max(axis=0) + 1
    options = {"max_iteration": max_iterations, "distribution": _counted_normal}
    with np.errstate(all="ignore"):  # an underflow inside girth comes out as nan, which is looked for below
        found = fit(np.ascontiguousarray(data.T), options=options)
    a = np.broadcast_to(np.asarray(found["Discrimination"], dtype=np.float64), n_categories.shape).copy()
    b = np.asarray(found["Difficulty"], dtype=np.float64).reshape(a.size, -1)
    exists = np.arange(b.shape[1]) < n_categories[:, None] - 1
    b = np.where(exists, b, np.nan)
    n_iterations = found["LatentPDF"].null_distribution.n_uses - 1 if "LatentPDF" in found else 0
    held = _held(a, _A_BOUNDS[model]) | (_held(b, _B_BOUNDS) & exists).any(axis=1)
    numbers = bool(np.isfinite(a).all() and np.isfinite(b[exists]).all())
    return GirthEstimates(model, a, b, held, numbers and n_iterations < max_iterations, n_iterations)


def _program(model: str) -> Callable[..., dict[str, Any]]:
    """girth's function for a model. Imported here, so that the engine needs no girth until it is asked for."""
    if model == "3PL":
        raise ValueError(_NO_GUESSING)
    if model == "PCM":
        raise ValueError(_NO_PCM)
    if model not in _A_BOUNDS:
        raise ValueError(f"girth can confirm {', '.join(_A_BOUNDS)}, not {model!r}")
    import girth  # type: ignore[import-untyped]  # it has no stubs

    programs: dict[str, Callable[..., dict[str, Any]]] = {
        "1PL": girth.onepl_mml,
        "2PL": girth.twopl_mml,
        "GRM": girth.grm_mml,
        "GPCM": girth.pcm_mml,
    }
    return programs[model]


def _complete(x: npt.ArrayLike, model: str) -> Ints:
    """`x` as categories without a gap (n_persons, n_items), or a refusal that says what is wrong and where."""
    raw = score_matrix(x)
    if 0 in raw.shape:
        raise ValueError("x must have at least one person and one item")
    n_missing = int(np.isnan(raw).sum()) if raw.dtype.kind == "f" else 0
    if n_missing:
        raise ValueError(
            f"girth needs complete data and {n_missing} answers are missing: it takes missing answers as unrelated"
            " to ability, so it is unusable on adaptive data"
        )
    if (raw < 0).any():
        raise ValueError("answers must be categories 0, 1, 2, ...")
    if raw.max() > 1 and model in ("1PL", "2PL"):
        raise ValueError(f"answers must be 0 or 1 under model {model!r}")
    data = raw.astype(np.intp)
    gaps = [i for i, column in enumerate(data.T) if np.bincount(column, minlength=2).min() == 0]
    if gaps:
        raise ValueError(f"items {gaps} have a category that nobody chose: girth would renumber the others")
    return data


def _counted_normal(theta: Floats) -> Floats:
    density: Floats = norm.pdf(theta).view(_CountedDensity)
    return density


def _held(values: Floats, bounds: tuple[float, float]) -> Bools:
    """Where a value lies at a bound or is no number."""
    lower, upper = bounds
    inside: Bools = (values > lower + _NEAR) & (values < upper - _NEAR)
    return ~inside
