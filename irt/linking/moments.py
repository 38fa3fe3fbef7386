"""Links by the first two moments of the anchors' parameters: mean-mean and mean-sigma."""

import math

import numpy as np

from irt.arrays import Floats


def mean_mean(new: Floats, old: Floats) -> tuple[float, float]:
    """Slope and intercept that make the anchors' mean slope and mean difficulty equal (Loyd & Hoover 1980).

    Parameters
    ----------
    new, old : (n_anchors, k)
        Tables as from `parameters`; the difficulty is the mean of all boundaries, those of polytomous items
        counted one by one.

    References
    ----------
    Loyd & Hoover (1980), Journal of Educational Measurement 17, 179-193.
    """
    slope = float(new[:, 0].mean() / old[:, 0].mean())
    return slope, float(np.nanmean(old[:, 1:-2]) - slope * np.nanmean(new[:, 1:-2]))


def mean_sigma(new: Floats, old: Floats) -> tuple[float, float]:
    """Slope and intercept that make mean and sd of the anchors' difficulties equal (Marco 1977); as `mean_mean`.

    References
    ----------
    Marco (1977), Journal of Educational Measurement 14, 139-160.
    """
    spread_new, spread_old = (float(np.nanstd(table[:, 1:-2])) for table in (new, old))
    if min(spread_new, spread_old) < 1e-9:
        raise ValueError("mean-sigma needs anchors of different difficulty: their standard deviation is zero")
    slope = spread_old / spread_new
    return slope, float(np.nanmean(old[:, 1:-2]) - slope * np.nanmean(new[:, 1:-2]))


def moment_gradients(method: str, new: Floats, old: Floats, is_slope_free: bool) -> tuple[Floats, Floats]:
    """Derivatives of (slope, intercept) by each parameter of new and of old, each (n_anchors, k, 2).

    With n boundaries in all: dA/db = +- A (b - mean b) / (n sd^2) for mean-sigma, dA/da = +- A / sum a for
    mean-mean, and dB = d(mean b old) - A d(mean b new) - (mean b new) dA.
    """
    b_new, b_old = new[:, 1:-2], old[:, 1:-2]
    n, mean_new = int(np.isfinite(b_new).sum()), float(np.nanmean(b_new))
    slope = 1.0
    if is_slope_free:
        slope = (mean_sigma if method == "mean_sigma" else mean_mean)(new, old)[0]
    by_new, by_old = np.zeros((*new.shape, 2)), np.zeros((*old.shape, 2))
    if is_slope_free and method == "mean_mean":
        by_new[:, 0, 0] = slope / new[:, 0].sum()
        by_old[:, 0, 0] = -slope / old[:, 0].sum()
    elif is_slope_free:
        by_new[:, 1:-2, 0] = -slope * (b_new - mean_new) / (n * np.nanvar(b_new))
        by_old[:, 1:-2, 0] = slope * (b_old - np.nanmean(b_old)) / (n * np.nanvar(b_old))
    by_new[..., 1], by_old[..., 1] = -mean_new * by_new[..., 0], -mean_new * by_old[..., 0]
    by_new[:, 1:-2, 1] -= slope / n
    by_old[:, 1:-2, 1] += 1 / n
    return np.nan_to_num(by_new), np.nan_to_num(by_old)


def robust_z(differences: Floats) -> Floats:
    """Distance of each from the median in units of .74 interquartile ranges, same shape; nan stays nan.

    .74 IQR is the sd of a normal distribution, and unlike the sd does not grow with what lies outside. Where
    the IQR is zero, what equals the median has z = 0 and all else is infinitely far.

    References
    ----------
    Huynh & Meyer (2010), Practical Assessment, Research & Evaluation 15 (2).
    """
    if np.isinf(differences).any():
        raise ValueError("differences must not be infinite: give nan where there is none")
    if np.isnan(differences).all():
        return np.full_like(differences, math.nan)
    low, middle, high = np.nanpercentile(differences, [25, 50, 75])
    away = differences - middle
    scale = 0.74 * (high - low)
    # Equal up to rounding: a link's own arithmetic must not make perfect anchors look infinitely drifted.
    away = np.where(np.abs(away) <= 1e-9 * (1 + abs(middle)), 0.0, away)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(away == 0, 0.0 * differences, away / scale)
