"""What has happened so far to a pool's items, as counts that a database can keep."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from irt.arrays import Floats


@dataclass(frozen=True, eq=False)
class Counters:
    """What has happened so far. With theta groups every array has one more, leading, dimension.

    Attributes
    ----------
    n_candidates : () or (n_groups,)
        Candidates counted.
    n_administered, n_eligible : (n_items,) or (n_groups, n_items)
        Of these, to how many the item was given, and for how many it was eligible.
    """

    n_candidates: Floats
    n_administered: Floats
    n_eligible: Floats

    def __post_init__(self) -> None:
        for name in ("n_candidates", "n_administered", "n_eligible"):
            counts = np.array(getattr(self, name), dtype=np.float64)
            if not (np.isfinite(counts).all() and (counts >= 0).all()):
                raise ValueError(f"{name} must be finite and not negative")
            counts.setflags(write=False)
            object.__setattr__(self, name, counts)
        if self.n_administered.ndim < 1 or self.n_administered.shape != self.n_eligible.shape:
            raise ValueError("n_administered and n_eligible must have the same shape, items last")
        if self.n_candidates.shape != self.n_administered.shape[:-1]:
            raise ValueError("n_candidates must have one number for each theta group")
        most = self.n_candidates[..., None] * (1 + 1e-9)  # faded counts are not whole
        if (self.n_administered > most).any() or (self.n_eligible > most).any():
            raise ValueError(
                "no item can have been given, or eligible, more often than there were candidates"
            )

    @classmethod
    def none(cls, n_items: int, n_groups: int | None = None) -> "Counters":
        """The counters before the first candidate."""
        groups = () if n_groups is None else (n_groups,)
        return cls(np.zeros(groups), np.zeros((*groups, n_items)), np.zeros((*groups, n_items)))

    def after(self, n_candidates: npt.ArrayLike, administered: Floats, eligible: Floats,
              fading: float = 1.0) -> "Counters":  # fmt: skip
        """The counters when these more have been counted; earlier ones weigh `fading` (in (0, 1]) as much."""
        if not 0 < fading <= 1:
            raise ValueError("fading must lie in (0, 1]")
        return Counters(
            fading * self.n_candidates + np.asarray(n_candidates, dtype=np.float64),
            fading * self.n_administered + administered,
            fading * self.n_eligible + eligible,
        )

    @property
    def rates(self) -> Floats:
        """Exposure rate of each item, zero before the first candidate; shape of `n_administered`."""
        return ratio(self.n_administered, self.n_candidates[..., None])


def ratio(over: Floats, under: Floats) -> Floats:
    """over / under, and zero where `under` is zero."""
    shape = np.broadcast_shapes(over.shape, under.shape)
    return np.asarray(np.divide(over, under, out=np.zeros(shape), where=under > 0), dtype=np.float64)
