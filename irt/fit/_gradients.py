"""How the category probabilities of an item move with each of the item's parameters."""

import numpy as np
from scipy.special import expit

from irt.arrays import Floats
from irt.mixed import ItemSet, Mixed, Part, log_prob
from irt.models import Items
from irt.polytomous import Graded, PartialCredit


def prob_gradients(nodes: Floats, items: ItemSet) -> list[Floats]:
    """For each item the derivatives of P(x = k | theta), (n_params, n_nodes, m), the slope's first.

    An asymptote of a dichotomous item counts as a parameter where it is not at its end (c > 0, d < 1).
    """
    if not isinstance(items, Mixed):
        return _of_part(nodes, items)
    gradients = [np.empty((0, nodes.size, 2))] * len(items)
    for part, places in items.placed:
        for place, of_item in zip(places, _of_part(nodes, part), strict=True):
            gradients[place] = of_item
    return gradients


def expected_score_gradients(nodes: Floats, items: ItemSet) -> list[Floats]:
    """For each item the derivatives of E[x | theta], (n_params, n_nodes), in the same order."""
    return [of_item @ np.arange(of_item.shape[2]) for of_item in prob_gradients(nodes, items)]


def _of_part(nodes: Floats, part: Part) -> list[Floats]:
    if isinstance(part, Items):
        return [_logistic(nodes, part, item) for item in range(len(part))]
    if isinstance(part, Graded):
        return [_graded(nodes, part, item) for item in range(len(part))]
    p = np.exp(log_prob(nodes, part))
    return [_partial_credit(nodes, part, item, p[:, item, :m]) for item, m in enumerate(part.n_categories)]


def _logistic(nodes: Floats, items: Items, item: int) -> Floats:
    a, b, c, d = items.a[item], items.b[item], items.c[item], items.d[item]
    rising, falling = expit(a * (nodes - b)), expit(a * (b - nodes))
    slope = (d - c) * rising * falling
    rows = [slope * (nodes - b), -a * slope]
    rows += [falling] if c > 0 else []
    rows += [rising] if d < 1 else []
    right = np.array(rows)
    return np.stack([-right, right], axis=2)


def _graded(nodes: Floats, items: Graded, item: int) -> Floats:
    """Differences of the derivatives of P(x >= k), which are 0 for k = 0 and k = m."""
    a, b = items.a[item], items.b[item, : items.n_categories[item] - 1]
    n_thresholds = b.size
    distance = nodes[:, None] - b
    density = expit(a * distance) * expit(-a * distance)
    at_least = np.zeros((1 + n_thresholds, nodes.size, n_thresholds + 2))
    at_least[0, :, 1:-1] = density * distance
    k = np.arange(n_thresholds)
    at_least[1 + k, :, 1 + k] = -a * density.T
    return at_least[..., :-1] - at_least[..., 1:]


def _partial_credit(nodes: Floats, items: PartialCredit, item: int, p: Floats) -> Floats:
    """P_k times the derivative of its exponent less the mean of these derivatives (an exponential family)."""
    k = np.arange(p.shape[1])
    steps = nodes[:, None] - items.b[item, : k.size - 1]
    by_slope = np.hstack([np.zeros((nodes.size, 1)), np.cumsum(steps, axis=1)])
    by_step = -items.a[item] * (k >= k[1:, None]).astype(np.float64)
    exponents = np.concatenate([by_slope[None], np.repeat(by_step[:, None], nodes.size, axis=1)])
    centred: Floats = p * (exponents - (p * exponents).sum(axis=2, keepdims=True))
    return centred
