"""Differential item functioning by logistic regression: does the group add to what the match predicts?"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
from scipy.special import log_expit
from scipy.stats import chi2 as chi2_distribution

from irt._responses import Matrix, Weights
from irt.arrays import Bools, Floats, Ints
from irt.dif._regression import Fit, fit
from irt.dif.matching import Match, Sample

Kind: TypeAlias = Literal["uniform", "nonuniform", "both"]
_CELLS = 2_000_000  # persons x items worked on at once, so memory does not grow with the test


@dataclass(frozen=True, eq=False)
class Comparison:
    """One regression against a smaller one; all arrays (n_items,).

    Attributes
    ----------
    chi2, p_value
        Of the likelihood ratio.
    df : int
    r2_change
        Of Nagelkerke's R2.
    """

    chi2: Floats
    df: int
    r2_change: Floats
    p_value: Floats = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "p_value", chi2_distribution.sf(self.chi2, self.df))

    def categories(
        self, moderate: float = 0.035, large: float = 0.07, level: float = 0.05
    ) -> tuple[str, ...]:
        """ "A" negligible or not significant, "B" moderate, "C" large, "" without estimate, for each item.

        The limits of Jodoin & Gierl (2001), Applied Measurement in Education 14, 329-349; .13 and .26 are
        those of Zumbo (1999) and find much less.
        """
        return tuple(
            "" if np.isnan(p) else "A" if p >= level or change < moderate else "B" if change < large else "C"
            for p, change in zip(self.p_value, self.r2_change, strict=True)
        )


@dataclass(frozen=True, eq=False)
class LogisticDif:
    """DIF of each item; all arrays (n_items,).

    Attributes
    ----------
    both, uniform, nonuniform : Comparison
        Group and interaction together (2 df), the group alone, the interaction beyond the group.
    group, group_se
        Log odds ratio of focal to reference group among persons alike, in the model without interaction;
        below 0 it is against the focal group.
    interaction, interaction_se
        Slope of the focal group on the match less that of the reference group.
    status
        "" or why there is no estimate: "one_group", "one_response" (in a group all answered alike),
        "one_match" (all persons of a group match alike), "separated" (the match or the group tells right
        from wrong without error, so no maximum exists).
    anchors : (n_items,) of bool
    converged
        False: purification did not settle.
    """

    both: Comparison
    uniform: Comparison
    nonuniform: Comparison
    group: Floats
    group_se: Floats
    interaction: Floats
    interaction_se: Floats
    status: tuple[str, ...]
    anchors: Bools
    converged: bool


def logistic_dif(
    x: Matrix,
    focal: npt.ArrayLike,
    match: Match = None,
    *,
    anchors: npt.ArrayLike | None = None,
    weights: Weights = None,
    purify_at: float | None = None,
    purify_by: Kind = "both",
) -> LogisticDif:
    """DIF of each right-or-wrong item: logit P = b0 + b1 match + b2 focal + b3 match focal.

    Parameters
    ----------
    x : (n_persons, n_items)
        0 or 1; nan where not seen (then `match` must be given).
    focal : (n_persons,) of bool
    match : (n_persons,), or function of the anchors giving it, optional
        What persons are matched on, for adaptive data theta (EAP from the operational items). Without it the
        sum score over the anchors and the studied item.
    anchors, weights, purify_at
        As for `mantel_haenszel`; `purify_by` says which comparison purifies.

    References
    ----------
    Swaminathan & Rogers (1990), Journal of Educational Measurement 27, 361-370; Zumbo (1999), A handbook on
    the theory and methods of differential item functioning; Nagelkerke (1991), Biometrika 78, 691-692.
    """
    sample = Sample.of(x, focal, match, weights)
    if (sample.responses.x > 1).any():  # nan is not
        raise ValueError("logistic DIF is for right or wrong: scores must be 0, 1 or nan")
    start = sample.anchors(anchors)
    if purify_at is None:
        return _examined(sample, start, True)
    if purify_by not in get_args(Kind):
        raise ValueError(f"purify_by is one of {', '.join(get_args(Kind))}")

    def p_values(mask: Bools) -> Floats:
        comparison: Comparison = getattr(_examined(sample, mask, True), purify_by)
        return comparison.p_value

    pure, converged = sample.purified(start, purify_at, p_values)
    return _examined(sample, pure, converged)


def _examined(sample: Sample, anchors: Bools, converged: bool) -> LogisticDif:
    n_rows, n_items = sample.responses.seen.shape
    matched = sample.matched_on(anchors)
    at_once = max(1, _CELLS // n_rows)
    blocks = [
        _block(sample, np.arange(start, min(start + at_once, n_items)), matched, anchors)
        for start in range(0, n_items, at_once)
    ]
    log_lik = np.concatenate([block[0] for block in blocks], axis=1)
    estimates = np.concatenate([block[1] for block in blocks], axis=1)
    status = np.concatenate([block[2] for block in blocks])
    n = sample.responses.weights @ sample.responses.seen
    r2 = (1 - np.exp(2 * (log_lik[0] - log_lik[1:]) / n)) / (1 - np.exp(2 * log_lik[0] / n))
    none, group, full = 2 * log_lik[1:]
    group_effect, group_se, interaction, interaction_se = estimates
    return LogisticDif(
        Comparison(np.maximum(full - none, 0.0), 2, r2[2] - r2[0]),
        Comparison(np.maximum(group - none, 0.0), 1, r2[1] - r2[0]),
        Comparison(np.maximum(full - group, 0.0), 1, r2[2] - r2[1]),
        group_effect,
        group_se,
        interaction,
        interaction_se,
        tuple(status.tolist()),
        anchors,
        converged,
    )


def _block(
    sample: Sample, items: Ints, matched: Floats, anchors: Bools
) -> tuple[Floats, Floats, npt.NDArray[np.str_]]:
    """Log-likelihoods (4, n) of the models without match to full, estimates (4, n), status (n,), of these items."""
    n = items.size
    y, match, counts, focal = _design(sample, items, matched, anchors)
    right = (counts * y).sum(axis=0) / counts.sum(axis=0)
    status = _status(y, match, counts, focal)
    usable = np.flatnonzero(status == "")
    log_lik, estimates = np.full((4, n), np.nan), np.full((4, n), np.nan)
    if usable.size == 0:
        return log_lik, estimates, status
    match, counts, y, right = match[:, usable], counts[:, usable], y[:, usable], right[usable]
    centre = (counts * match).sum(axis=0) / counts.sum(axis=0)
    spread = np.sqrt((counts * (match - centre) ** 2).sum(axis=0) / counts.sum(axis=0))
    fits = [fit(y, (match - centre) / spread, counts, focal, n_terms) for n_terms in (2, 3, 4)]
    logit = np.log(right) - np.log1p(-right)
    n_seen = counts.sum(axis=0)
    log_lik[0, usable] = n_seen * (right * log_expit(logit) + (1 - right) * log_expit(-logit))
    log_lik[1:, usable] = [one.log_lik for one in fits]
    estimates[:, usable] = _estimates(fits[1], fits[2], spread)
    found = np.logical_and.reduce([one.converged for one in fits])
    lost = usable[~found]
    log_lik[:, lost], estimates[:, lost], status[lost] = np.nan, np.nan, "separated"
    return log_lik, estimates, status


def _design(
    sample: Sample, items: Ints, matched: Floats, anchors: Bools
) -> tuple[Floats, Floats, Floats, Bools]:
    """Answers, match and counts (n_rows, n) and group (n_rows,): persons, or the cells of like persons if fewer."""
    responses = sample.responses
    levels = np.unique(matched)
    if sample.match is None:
        levels = np.arange(levels[0], levels[-1] + 2)
    if 4 * levels.size >= responses.n_rows:
        match = np.stack([sample.matched_for(int(item), matched, anchors) for item in items], axis=1)
        seen = responses.seen[:, items]
        y = np.where(seen, responses.x[:, items], 0.0)
        return y, match, responses.weights[:, None] * seen, sample.focal
    counts = np.stack(
        [
            sample.table(
                int(item),
                np.searchsorted(levels, sample.matched_for(int(item), matched, anchors)).astype(np.intp),
                levels.size,
            ).ravel()
            for item in items
        ],
        axis=1,
    )
    y = np.tile([0.0, 1.0], 2 * levels.size)[:, None] * np.ones(items.size)
    match = np.repeat(levels, 4)[:, None] * np.ones(items.size)
    return y, match, counts, np.tile([False, False, True, True], levels.size)


def _estimates(group: Fit, full: Fit, spread: Floats) -> Floats:
    """Group effect and interaction with their standard errors, in the units of the match, (4, n)."""
    return np.stack((group.beta[:, 2], group.se[:, 2], full.beta[:, 3] / spread, full.se[:, 3] / spread))


def _status(y: Floats, match: Floats, counts: Floats, focal: Bools) -> npt.NDArray[np.str_]:
    """Why an item cannot be estimated, or "", (n_items,)."""
    status = np.full(y.shape[1], "", dtype="<U12")
    for group in (focal, ~focal):
        n = counts[group].sum(axis=0)
        right = (counts[group] * y[group]).sum(axis=0)
        seen = counts[group] > 0
        lowest = np.where(seen, match[group], np.inf).min(axis=0)
        highest = np.where(seen, match[group], -np.inf).max(axis=0)
        status[(status == "") & (highest - lowest <= 1e-9 * np.abs(highest))] = "one_match"
        status[(right == 0) | (right == n)] = "one_response"
        status[n == 0] = "one_group"
    return status
