"""EM steps, extrapolated by SQUAREM and never below the log posterior that plain EM had already reached."""

from dataclasses import dataclass

import numpy as np

from irt.arrays import Floats
from irt.calibration._expectation import Expectation
from irt.calibration._family import ROUNDING
from irt.calibration._priors import Reason
from irt.calibration._problem import Point, Problem

_STRETCH = 4.0


@dataclass(frozen=True, eq=False)
class Ascent:
    """Where the EM stopped.

    Attributes
    ----------
    change : float
        Largest change of a free parameter in the last plain EM step; below the tolerance when `converged`.
    n_iterations : int
        E-steps taken.
    refused : dict
        Items (numbers of the layout) taken out on the way, with the reason.
    """

    problem: Problem
    point: Point
    expectation: Expectation
    converged: bool
    change: float
    n_iterations: int
    refused: dict[int, Reason]


class _Climb:
    """One ascent's bookkeeping: E-steps counted, values compared."""

    def __init__(self, problem: Problem, point: Point, tolerance: float) -> None:
        self.problem, self.tolerance = problem, tolerance
        self.n_iterations, self.change = 0, np.inf
        self.longest = 1.0
        self.move(point)

    def expect(self, point: Point) -> tuple[Expectation, float]:
        """The expectation at a point and the log posterior there."""
        self.n_iterations += 1
        with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
            expectation = self.problem.expectation(point)
        return expectation, expectation.log_likelihood + self.problem.log_prior(point)

    def move(self, point: Point) -> None:
        """Stand at this point."""
        self.point = point
        self.expectation, self.value = self.expect(point)

    def step(self) -> Floats:
        """Move by one EM step; returns the change of the free parameters."""
        point = self.problem.maximised(self.point, self.expectation)
        change = self.problem.vector(point) - self.problem.vector(self.point)
        self.change = float(np.abs(change).max(initial=0.0))
        self.move(point)
        return change

    @property
    def is_done(self) -> bool:
        """Whether the last EM step changed nothing that matters."""
        return self.change < self.tolerance

    def cycle(self) -> None:
        """Two EM steps and, from where they lead, the squared extrapolation (Varadhan & Roland 2008, S3)."""
        start = self.problem.vector(self.point)
        first = self.step()
        if self.is_done:
            return
        second_point = self.problem.maximised(self.point, self.expectation)
        second = self.problem.vector(second_point) - self.problem.vector(self.point)
        self.change = float(np.abs(second).max(initial=0.0))
        bend = second - first
        length = float(np.linalg.norm(first)) / max(float(np.linalg.norm(bend)), np.finfo(float).tiny)
        if self.is_done or length <= 1.0:
            self.move(second_point)
            return
        length = min(length, self.longest)
        if length == self.longest:
            self.longest *= _STRETCH
        far = self.problem.point(start + 2 * length * first + length**2 * bend, self.point)
        expectation, value = self.expect(far)
        if value >= self.value - ROUNDING * abs(self.value):
            self.point, self.expectation, self.value = far, expectation, value
            return
        self.longest = max(1.0, length / _STRETCH)
        self.move(second_point)


def ascend(problem: Problem, point: Point, tolerance: float, max_iterations: int) -> Ascent:
    """The maximum of the log posterior, or the best point reached after about max_iterations E-steps.

    An item that runs away is taken out as soon as it is seen to; one whose final estimate cannot be reported
    (a <= 0) at the end, after which the ascent goes on without it.
    """
    refused: dict[int, Reason] = {}
    n_iterations = 0
    while True:
        climb = _Climb(problem, point, tolerance)
        lost: dict[int, Reason] = {}
        suspects: dict[int, Reason] = {}
        while not climb.is_done and n_iterations + climb.n_iterations < max_iterations and not lost:
            climb.cycle()
            # Twice in a row, for a slope on its way through zero makes b large for a moment.
            found = problem.refusals(climb.point)
            lost = {item: why for item, why in found.items() if why == "runaway" == suspects.get(item)}
            suspects = found
        n_iterations += climb.n_iterations
        lost = lost or problem.refusals(climb.point)
        if not lost:
            break
        refused |= lost
        problem, point = problem.without(list(lost), climb.point)
    return Ascent(problem, climb.point, climb.expectation, climb.is_done, climb.change, n_iterations, refused)
