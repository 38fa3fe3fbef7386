"""How far the anchors of a run are from where they were."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irt.arrays import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Moved:
    """Anchors that were looked at, (n,): the columns, what they are now (n, 2), how far that is, and which moved."""

    columns: Ints
    now: Floats
    distance: Floats
    curve: Floats
    p: Floats
    has_moved: Bools

    @classmethod
    def none(cls) -> Moved:
        """No anchor had enough answers."""
        empty = np.empty(0)
        return cls(np.empty(0, np.intp), np.empty((0, 2)), empty, empty, empty, np.empty(0, np.bool_))
