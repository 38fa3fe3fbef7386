"""Who is compared with whom: persons of both groups who are alike in what the test measures."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from irt._responses import Matrix, Responses, Weights, person_values, refuse
from irt.ability import NotConvergedWarning
from irt.arrays import Bools, Floats, Ints

MOST_MARKS = 100  # of one item: tables have a cell for each stratum, group and score

Match: TypeAlias = npt.NDArray[Any] | Callable[[Bools], npt.NDArray[Any]] | None


def theta_strata(theta: npt.ArrayLike, n_strata: int = 20) -> Ints:
    """Stratum 0 .. n_strata - 1 of each person by quantiles of theta, (n_persons,); equal thetas stay together.

    Notes
    -----
    Sum scores of an adaptive test mean nothing: everyone is near half, whatever his theta, because the test
    followed him. So persons are matched on their estimate from the operational items, EAP for it exists for
    every answer pattern. Twenty strata by quantiles are thin enough that abilities hardly differ within one
    and each holds many persons (Zwick, Thayer & Wingersky 1994, Applied Psychological Measurement 18, 121-140,
    matched on an expected true score from theta). EAPs shrink towards the prior mean: where the groups differ
    much and the test is short, score each group with its own prior, or some of the difference stays.
    """
    values = np.asarray(theta, dtype=np.float64)
    if values.ndim != 1 or values.size == 0 or not np.isfinite(values).all():
        raise ValueError("theta must be a finite vector")
    if type(n_strata) is not int or n_strata < 1:
        raise ValueError("n_strata must be a whole number of at least 1")
    edges = np.quantile(values, np.arange(1, n_strata) / n_strata)
    return np.searchsorted(edges, values, side="right")


@dataclass(frozen=True, eq=False)
class Sample:
    """Responses of two groups, checked once.

    Attributes
    ----------
    responses : Responses
    focal : (n_persons,) of bool
        The group asked about; all others are the reference group.
    match : array, function or None
        As `matched_on` explains.
    """

    responses: Responses
    focal: Bools
    match: Match

    @classmethod
    def of(cls, x: Matrix, focal: npt.ArrayLike, match: Match, weights: Weights) -> "Sample":
        """These data, checked; both groups must have somebody in them."""
        responses = Responses.of(x, weights)
        refuse(f"with scores above {MOST_MARKS}, too many to compare one by one", responses.max_scores > MOST_MARKS)
        group = np.asarray(focal)
        if group.dtype != np.bool_ or group.shape != (responses.n_rows,):
            raise ValueError("focal needs one bool for each row")
        if not (responses.weights[group].any() and responses.weights[~group].any()):
            raise ValueError("both groups must have somebody in them")
        if match is None and not responses.is_complete:
            raise ValueError("sum scores need complete data: where items are missing, match on theta")
        return cls(responses, group, match)

    def anchors(self, anchors: npt.ArrayLike | None) -> Bools:
        """The mask of anchors: the items of the matching score."""
        mask = np.ones(self.responses.n_items, dtype=np.bool_) if anchors is None else np.asarray(anchors)
        if mask.dtype != np.bool_ or mask.shape != (self.responses.n_items,) or not mask.any():
            raise ValueError("anchors needs one bool for each item, true for at least one")
        return mask

    def matched_on(self, anchors: Bools) -> Floats:
        """What the persons are matched on before any studied item is added, (n_persons,).

        The sum score on the anchors; or the `match` given; or what the function `match` says of these anchors
        (for instance thetas estimated from them).
        """
        if self.match is None:
            score: Floats = self.responses.x @ anchors.astype(np.float64)
            return score
        values = self.match(anchors) if callable(self.match) else self.match
        return person_values(values, self.responses.n_rows, "match")

    def matched_for(self, item: int, matched: Floats, anchors: Bools) -> Floats:
        """`matched` with the studied item in it, for sum scores whose anchors it is not among, (n_persons,).

        Without the studied item the score would find differences where the Rasch model has none (Holland &
        Thayer 1988, in Wainer & Braun, Test validity, 129-145).
        """
        return matched + self.responses.x[:, item] if self.match is None and not anchors[item] else matched

    def table(self, item: int, stratum: Ints, n_strata: int) -> Floats:
        """How many persons of each stratum and group have each score, (n_strata, 2, m); group 0 is the reference."""
        scores, seen, counts = self.responses.x[:, item], self.responses.seen[:, item], self.responses.weights
        focal = self.focal
        if not seen.all():
            scores, stratum, focal, counts = scores[seen], stratum[seen], focal[seen], counts[seen]
        m = max(int(scores.max()) + 1, 2)
        cell = (stratum * 2 + focal) * m + scores.astype(np.intp)
        found: Floats = np.bincount(cell, counts, n_strata * 2 * m).astype(np.float64)
        return found.reshape(n_strata, 2, m)

    def purified(
        self, anchors: Bools, level: float, p_values: Callable[[Bools], Floats], max_rounds: int = 20
    ) -> tuple[Bools, bool]:
        """Anchors without the items significant at `level`, and whether that settled; a warning where it did not.

        `p_values` takes a mask of anchors and gives the p-value of each item when persons are matched on them. Rounds
        end when the same items are significant twice running; a circle, or fewer than two anchors left, is not settled.
        """
        if not 0 < level < 1:
            raise ValueError("purify_at must lie between 0 and 1")
        if not (self.match is None or callable(self.match)):
            raise ValueError("purification must match anew: give no match, or a function of the anchors")
        current = anchors
        for _ in range(max_rounds):
            proposed = anchors & ~(p_values(current) < level)
            if (proposed == current).all():
                return current, True
            if proposed.sum() < 2:
                break
            current = proposed
        warnings.warn("purification did not settle", NotConvergedWarning, stacklevel=3)
        return current, False
