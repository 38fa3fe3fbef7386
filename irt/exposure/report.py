"""What became of a pool's items: how often each was given, and how much the tests of two candidates share."""

from dataclasses import dataclass

import numpy as np

from irt.arrays import Floats, Ints


@dataclass(frozen=True, eq=False)
class Exposure:
    """What became of the items: `rates` (n_items,), and of two candidates' tests the part they share.

    chi_square: sum of (rate - L / n)^2 / (L / n), zero when all items are used alike (Chang & Ying 1999).
    """

    rates: Floats
    overlap: float
    chi_square: float

    @property
    def highest(self) -> float:
        """The highest rate."""
        return float(self.rates.max())

    @property
    def unused(self) -> float:
        """Part of the items nobody got."""
        return float((self.rates == 0).mean())


def exposure(indices: Ints, n_items: int) -> Exposure:
    """The exposure of tests given as rows of item numbers, (n_persons, length), -1 after the end of a test."""
    tests = np.asarray(indices)
    if tests.ndim != 2 or tests.shape[0] == 0 or tests.dtype.kind not in "iu":
        raise ValueError("tests must be rows of item numbers, at least one")
    if tests.size and not (tests.min() >= -1 and tests.max() < n_items):
        raise ValueError(f"item numbers must lie in -1 .. {n_items - 1}")
    counts = np.bincount(tests[tests >= 0], minlength=n_items)
    rates = np.asarray(counts / tests.shape[0], dtype=np.float64)
    even = float(rates.mean())
    uneven = float(((rates - even) ** 2).sum() / even) if even > 0 else 0.0
    return Exposure(rates, overlap(counts, tests.shape[0]), uneven)


def overlap(n_administered: Ints | Floats, n_candidates: int) -> float:
    """Mean number of items that two candidates share over the mean length; nan for fewer than two candidates.

    sum m (m - 1) / (N (N - 1)) counts the shared items of all pairs exactly, whatever the lengths.

    References
    ----------
    Chen, Ankenmann & Spray (2003), Journal of Educational Measurement 40, 129-145.
    """
    counts = np.asarray(n_administered, dtype=np.float64)
    total = float(counts.sum())
    if n_candidates < 2 or total == 0:
        return float("nan")
    shared = float((counts * (counts - 1)).sum()) / (n_candidates * (n_candidates - 1))
    return shared / (total / n_candidates)
