"""Whether answers go together with the ability they gave: a posterior predictive check that suits adaptive tests.

A flag is a question to a human; what follows from it is not decided here.
"""

import numpy as np
import numpy.typing as npt

from irt.ability import LogLikTable, posterior
from irt.arrays import Indices, answered

DRAWS = 1000


def predictive_p(
    table: LogLikTable, indices: Indices, scores: npt.ArrayLike, rng: np.random.Generator, draws: int = DRAWS
) -> float:
    """How often answers made by the model to the same tasks are as unlikely as these, 0 .. 1; small for misfit.

    Parameters
    ----------
    table : LogLikTable
        Of the pool.
    indices, scores : (n_administered,)
        As `ability.posterior` takes them; at least one answer.
    rng : numpy Generator
    draws : int
        Of ability from its posterior, and with each of new answers.

    Raises
    ------
    ValueError
        Without any answer, or for fewer than two draws.

    Notes
    -----
    The discrepancy is the log-likelihood, of the answers given and of the answers drawn, at the same ability drawn
    from the posterior; p = (1 + how often the drawn are no likelier) / (1 + draws). The tasks are held as they were
    given. It errs to the side of silence: under the model p is below .01 for fewer than one in a hundred.

    References
    ----------
    Meng (1994), Annals of Statistics 22, 1142-1160; Glas & Meijer (2003), Applied Psychological Measurement 27,
    217-233.
    """
    items, categories = answered(indices, np.asarray(scores), table.n_items, table.n_categories)
    if items.size == 0 or draws < 2:
        raise ValueError("a check needs at least one answer and two draws")
    nodes = rng.choice(table.grid.n_nodes, size=draws, p=posterior(table, items, categories))
    logs = table.values[items][:, :, nodes]  # (n_items, n_categories, draws)
    below = np.exp(logs).cumsum(axis=1)
    drawn = (rng.random((items.size, 1, draws)) * below[:, -1:, :] > below).sum(axis=1)
    given = np.take_along_axis(logs, categories[:, None, None].repeat(draws, axis=2), axis=1).sum(axis=(0, 1))
    made = np.take_along_axis(logs, drawn[:, None, :], axis=1).sum(axis=(0, 1))
    return (1 + int(np.count_nonzero(made <= given + 1e-12))) / (1 + draws)
