"""The distribution of the number of marks at each theta, of a whole test and with each item left out."""

import numpy as np

from irt.arrays import Floats
from irt.mixed import ItemSet, log_prob
from irt.models import Theta

MAX_CELLS = 50_000_000  # 400 MB of doubles


def sum_scores(theta: Theta, items: ItemSet) -> Floats:
    """Probability of each sum score 0 .. S at each theta, (n_theta, S + 1).

    References
    ----------
    Lord & Wingersky (1984), Applied Psychological Measurement 8, 453-461; Thissen, Pommerich, Billeaud & Williams
    (1995), same journal 19, 39-49, for more than two categories.
    """
    p = np.exp(log_prob(theta, items))
    n_scores = int((items.n_categories - 1).sum()) + 1
    scores = np.zeros((p.shape[0], n_scores))
    scores[:, 0] = 1.0
    for item in range(p.shape[1]):
        scores = _with_item(scores, p[:, item, : items.n_categories[item]])
    return scores


def sum_scores_without_each(theta: Theta, items: ItemSet) -> Floats:
    """`sum_scores` of the other items, for each item left out, (n_items, n_theta, S + 1).

    Each is built up from nothing: dividing an item out of the whole loses all digits where it is easy or hard.
    """
    p = np.exp(log_prob(theta, items))
    n_theta, n_items = p.shape[:2]
    n_scores = int((items.n_categories - 1).sum()) + 1
    if n_items * n_theta * n_scores > MAX_CELLS:
        raise ValueError("too many items and nodes for sum scores; use fewer of either")
    scores = np.zeros((n_items, n_theta, n_scores))
    scores[:, :, 0] = 1.0
    for item in range(n_items):
        others = np.arange(n_items) != item
        scores[others] = _with_item(scores[others], p[:, item, : items.n_categories[item]])
    return scores


def _with_item(scores: Floats, p: Floats) -> Floats:
    """The scores (.., n_theta, S + 1) after one more item of category probabilities p (n_theta, m)."""
    longer = scores * p[:, :1]
    for category in range(1, p.shape[1]):
        longer[..., category:] += scores[..., :-category] * p[:, category, None]
    return longer
