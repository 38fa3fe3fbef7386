"""What does not make sense is refused with ValueError at the border of the measurement core."""

from collections.abc import Callable

import numpy as np
import pytest

from irt.ability import Grid, LogLikTable, eap, map_, mle, posterior_moments, wle
from irt.assembly import Assembly, Constraints, Quota, violations
from irt.domain import domain_score, expected_score
from irt.draws import Draws
from irt.models import Items, info, log_prob, prob
from irt.selection import InfoTable, Rule, information, next_item
from irt.simulate import Design
from irt.stopping import StoppingRule, stop

NAN, INF = float("nan"), float("inf")
ITEMS = Items.from_lists([1.0, 1.2, 0.8], [0.0, 0.5, -0.5])
GRID = Grid()
TABLE = LogLikTable.of(ITEMS, GRID)
MASS = np.exp(GRID.log_prior)
ALL = np.ones(3, dtype=bool)


@pytest.mark.parametrize(
    ("a", "b", "c", "d"),
    [
        ([0.0], [0.0], [0.0], [1.0]),
        ([-1.0], [0.0], [0.0], [1.0]),
        ([NAN], [0.0], [0.0], [1.0]),
        ([1.0], [INF], [0.0], [1.0]),
        ([1.0], [0.0], [-0.1], [1.0]),
        ([1.0], [0.0], [0.5], [0.5]),
        ([1.0], [0.0], [0.0], [1.1]),
        ([1.0, 1.0], [0.0], [0.0], [1.0]),
        ([[1.0]], [[0.0]], [[0.0]], [[1.0]]),
        (["1"], [0.0], [0.0], [1.0]),
        ([None], [0.0], [0.0], [1.0]),
        ([1 + 2j], [0.0], [0.0], [1.0]),
    ],
)
def test_items(a: list[float], b: list[float], c: list[float], d: list[float]) -> None:
    with pytest.raises(ValueError):
        Items.from_lists(a, b, c, d)


@pytest.mark.parametrize("function", [prob, log_prob, info, expected_score])
@pytest.mark.parametrize("theta", [NAN, INF, [0.0, NAN], [[0.0]]])
def test_theta(function: Callable[..., object], theta: float) -> None:
    with pytest.raises(ValueError):
        function(theta, ITEMS)


@pytest.mark.parametrize("function", [eap, map_, mle, wle])
@pytest.mark.parametrize(
    ("indices", "scores"),
    [
        ([0, 0], [1, 1]),
        ([3], [1]),
        ([-1], [1]),
        ([0.0], [1]),
        ([True], [1]),
        ([None], [1]),
        ([[0]], [[1]]),
        ([0], []),
        ([0], [1, 0]),
        ([0], [2]),
        ([0], [0.5]),
        ([0], [-1]),
        ([0], [INF]),
        ([0], ["1"]),
        ([0], [object()]),
    ],
)
def test_responses(function: Callable[..., object], indices: list[int], scores: list[float]) -> None:
    with pytest.raises(ValueError):
        function(TABLE if function is eap else ITEMS, indices, scores)


@pytest.mark.parametrize("function", [mle, wle])
@pytest.mark.parametrize("bounds", [(1.0, 1.0), (2.0, -2.0), (NAN, 1.0), (-INF, INF)])
def test_bounds(function: Callable[..., object], bounds: tuple[float, float]) -> None:
    with pytest.raises(ValueError):
        function(ITEMS, [0], [1], bounds)


@pytest.mark.parametrize(
    "wrong",
    [
        {"lower": 6.0},
        {"mean": 7.0},
        {"sd": 0.0},
        {"sd": -1.0},
        {"sd": 0.1},
        {"sd": NAN},
        {"n_nodes": 2},
        {"upper": INF},
    ],
)
def test_grid(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError):
        Grid(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("wrong", [{"criterion": "random"}, {"randomesque": 0}, {"randomesque": 1.5}])
def test_rule(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Rule(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "eligible"),
    [
        (np.ones(2), ALL),
        (np.array([1.0, NAN, 1.0]), ALL),
        (np.array([1.0, INF, 1.0]), ALL),
        (np.array([1.0, -1.0, 1.0]), ALL),
        (np.ones(3), np.ones(3)),
        (np.ones((1, 3)), ALL[None]),
        (np.empty(0), np.empty(0, dtype=bool)),
    ],
)
def test_selection(values: np.ndarray, eligible: np.ndarray) -> None:
    with pytest.raises(ValueError):
        next_item(values, eligible, Draws(1, 1), Rule())


@pytest.mark.parametrize(("seed", "step"), [(-1, 0), (0, -1)])
def test_draws(seed: int, step: int) -> None:
    with pytest.raises(ValueError):
        Draws(seed, step)


@pytest.mark.parametrize(("minimum", "maximum"), [(-1, 2), (3, 2)])
def test_quota(minimum: int, maximum: int) -> None:
    with pytest.raises(ValueError):
        Quota("raised", minimum, maximum, ALL)


@pytest.mark.parametrize("members", [np.array([0, 1, 2]), np.ones((1, 3), dtype=bool)])
def test_quota_members(members: np.ndarray) -> None:
    with pytest.raises(ValueError):
        Quota("raised", 0, 1, members)


@pytest.mark.parametrize(
    "wrong",
    [
        {"n_items": 0, "length": 1},
        {"n_items": 3, "length": 0},
        {"n_items": 4, "length": 2, "quotas": (Quota("raised", 0, 1, ALL),)},
        {"n_items": 3, "length": 2, "enemies": (np.array([0, 3]),)},
        {"n_items": 3, "length": 2, "enemies": (np.array([1, 1]),)},
    ],
)
def test_constraints(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Constraints(**wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("indices", [[0, 0], [3], [-1], [0.5], ["0"]])
def test_administered(indices: list[int]) -> None:
    constraints = Constraints(3, 2)
    for ask in (Assembly.of(constraints).eligible, Assembly.of(constraints).is_met):
        with pytest.raises(ValueError):
            ask(indices)
    with pytest.raises(ValueError):
        violations(constraints, indices)


@pytest.mark.parametrize("mass", [MASS[1:], np.full(61, NAN), np.full(61, 1.0), np.linspace(-1, 1, 61)])
def test_domain_mass(mass: np.ndarray) -> None:
    with pytest.raises(ValueError):
        domain_score(GRID, mass, ITEMS)


@pytest.mark.parametrize("cut", [-1.0, 101.0, NAN])
def test_domain_cuts(cut: float) -> None:
    with pytest.raises(ValueError):
        domain_score(GRID, MASS, ITEMS, [cut])


def test_empty_reference_form() -> None:
    with pytest.raises(ValueError):
        expected_score(0.0, ITEMS[:0])


def test_mass_of_another_grid() -> None:
    with pytest.raises(ValueError):
        posterior_moments(GRID, MASS[1:])
    with pytest.raises(ValueError):
        information(InfoTable.of(ITEMS, GRID), MASS[1:], Rule())


def test_design() -> None:
    with pytest.raises(ValueError):
        Design(ITEMS, Constraints(4, 2))
    with pytest.raises(ValueError):
        Design(ITEMS, Constraints(3, 2), stopping=StoppingRule(1, 3))


@pytest.mark.parametrize(("minimum", "maximum", "se"), [(0, 3, None), (4, 3, None), (1, 3, 0.0), (1, 3, NAN)])
def test_stopping_rule(minimum: int, maximum: int, se: float | None) -> None:
    with pytest.raises(ValueError):
        StoppingRule(minimum, maximum, se)


@pytest.mark.parametrize(("n_administered", "se"), [(-1, 0.3), (1, NAN)])
def test_stop(n_administered: int, se: float) -> None:
    with pytest.raises(ValueError):
        stop(StoppingRule(1, 3), n_administered, se, True)
