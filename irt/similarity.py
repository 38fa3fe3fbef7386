"""Whether two candidates gave the same answers more often than two who worked alone would.

A flag is a question to a human; what follows from it is not decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from irt.arrays import Bools, Floats, frozen_floats
from irt.mixed import ItemSet, log_prob

# Until wrong answers are seen, every second pair of them is taken to be the same.
_PRIOR_PAIRS, _PRIOR_SHARE = 10.0, 0.5


@dataclass(frozen=True)
class Matching:
    """Same answers among the tasks that two candidates share: how many, how many by chance, and the upper tail."""

    n_common: int
    n_same: int
    expected: float
    p: float


def same_wrong_share(counts: Sequence[int] | npt.NDArray[np.integer]) -> float:
    """The chance that two wrong answers to a task are the same one, from how often each wrong answer was given.

    Notes
    -----
    Pairs of different candidates who gave the same wrong answer, among all pairs: unbiased for sum of squared
    shares. Ten pairs, half of them the same, are added, so that a task hardly seen accuses nobody.
    """
    given = np.asarray(counts, dtype=np.float64)
    if given.ndim != 1 or not ((given >= 0) & (given == np.floor(given))).all():
        raise ValueError("how often each wrong answer was given are whole numbers from 0 on")
    total = float(given.sum())
    same = float((given * (given - 1)).sum())
    pairs = total * (total - 1) if total > 1 else 0.0
    return (same + _PRIOR_PAIRS * _PRIOR_SHARE) / (pairs + _PRIOR_PAIRS)


def match_chances(theta_a: float, theta_b: float, items: ItemSet, same_wrong: npt.ArrayLike) -> Floats:
    """The chance of the same answer to each common task for two who work alone, (n_items,).

    Parameters
    ----------
    theta_a, theta_b : float
        Their abilities, as estimated.
    items : ItemSet
        The common tasks.
    same_wrong : (n_items,)
        `same_wrong_share` of each.

    Notes
    -----
    Both earn all marks, or neither does and both fall for the same wrong answer. Full marks count as one answer.

    References
    ----------
    van der Linden & Sotaridona (2006), Journal of Educational and Behavioral Statistics 31, 283-304, for the exact
    test; the shares of wrong answers stand in the place of their nominal model.
    """
    shares = frozen_floats(same_wrong, "same_wrong")
    if shares.shape != (len(items),) or not ((shares >= 0) & (shares <= 1)).all():
        raise ValueError("one share between 0 and 1 is needed for each common task")
    logs = log_prob(np.array([theta_a, theta_b]), items)
    top = np.exp(np.take_along_axis(logs, (items.n_categories - 1)[None, :, None], axis=2)[..., 0])
    chances: Floats = top[0] * top[1] + (1 - top[0]) * (1 - top[1]) * shares
    return chances


def matching(chances: npt.ArrayLike, same: Bools) -> Matching:
    """The exact chance of at least so many same answers (Poisson-binomial upper tail).

    Parameters
    ----------
    chances : (n_items,)
        Of the same answer to each common task, as `match_chances`.
    same : (n_items,) of bool
        Whether the answers are the same.
    """
    p = frozen_floats(chances, "chances")
    if p.shape != same.shape or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("chances between 0 and 1 and answers must speak of the same tasks")
    at = np.zeros(p.size + 1)  # the chance of each number of same answers
    at[0] = 1.0
    for n, chance in enumerate(p):
        at[1 : n + 2] = at[1 : n + 2] * (1 - chance) + at[: n + 1] * chance
        at[0] *= 1 - chance
    n_same = int(np.count_nonzero(same))
    return Matching(p.size, n_same, float(p.sum()), min(1.0, float(at[n_same:].sum())))


def holm(p: npt.ArrayLike, rate: float) -> Bools:
    """Which of the p-values stand at this rate of any false alarm among all of them (Holm 1979).

    nan is no test. Holm, Scandinavian Journal of Statistics 6, 65-70.
    """
    values = np.asarray(p, dtype=np.float64)
    if values.ndim != 1 or not 0 < rate < 1:
        raise ValueError("p-values in a row and a rate strictly between 0 and 1 are needed")
    order = np.argsort(np.where(np.isnan(values), 2.0, values), kind="stable")
    n_tests = int(np.count_nonzero(~np.isnan(values)))
    stands = np.zeros(values.size, dtype=np.bool_)
    for rank, at in enumerate(order[:n_tests]):
        if values[at] > rate / (n_tests - rank):
            break
        stands[at] = True
    return stands
