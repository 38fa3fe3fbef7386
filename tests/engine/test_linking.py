"""Links against published constants, their own inverse, finite differences and Monte Carlo."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irt.ability import NotConvergedWarning
from irt.arrays import Floats
from irt.linking import (
    Link,
    Method,
    ThetaWeights,
    anchor_z,
    covariances,
    link,
    link_robustly,
    parameters,
    robust_z,
    with_jackknife,
    with_parameters,
)
from irt.mixed import ItemSet, Mixed, log_prob
from irt.models import Items
from irt.polytomous import Graded, PartialCredit

SPREAD = np.array([-0.1, 0.0, 0.1])
METHODS = ("mean_mean", "mean_sigma", "haebara", "stocking_lord")

# Kolen's program STUIRT, example 1 (Kolen & Brennan, table 6.5: a, b, c at D = 1.7), with its printed quadrature.
NEW_3PL = """.4551 -.7101 .2087  .5839 -.8567 .2038  .7544 .0212 .1600  .6633 .0506 .1240  1.0690 .9610 .2986
.9672 .1950 .0535  .3479 2.2768 .1489  1.4579 1.0241 .2453  1.8811 1.4062 .1992  .7020 2.2401 .0853
1.4080 1.5556 .0789  1.2993 2.1589 .1075"""
OLD_3PL = """.4416 -1.3349 .1559  .5730 -1.3210 .1913  .5987 -.7098 .1177  .6041 -.3539 .0818  .9902 .5320 .3024
.8081 -.1156 .0648  .4140 2.5538 .2410  1.3554 .5811 .2243  1.0417 .9392 .1651  .6336 1.8960 .0794
1.1347 1.0790 .0630  .9255 2.1337 .1259"""
POINTS = np.array([-4, -3.111, -2.222, -1.333, -0.4444, 0.4444, 1.333, 2.222, 3.111, 4])
ON_NEW = [0.0001008, 0.00276, 0.03021, 0.142, 0.3149, 0.3158, 0.1542, 0.03596, 0.003925, 0.0001862]
ON_OLD = [0.0001173, 0.003242, 0.03449, 0.1471, 0.3148, 0.311, 0.1526, 0.03406, 0.00251, 0.0001116]

# STUIRT, example 2: 3PL items and partial credit items (slope, location, deviations of the steps), D = 1.7.
NEW_MIXED = """.751335 -.897391 .244001  .955947 -.811477 .242883  .497206 -.858681 .260893  .724 -.123911 .243497
.8652 .205889 .319135  .658129 .555228 .277826  1.082118 .950549 .157979  .988294 1.377501 .084828
1.248923 1.614355 .181874  1.116682 2.353932 .246856  .438171 3.217965 .309243  1.082206 4.441864 .192339"""
OLD_MIXED = """.887276 -1.334798 .134406  1.184412 -1.129004 .237765  .609412 -1.464546 .151393
.923812 -.576435 .240097  .822776 -.476357 .192369  .707818 -.235189 .189557  1.306976 .242986 .165553
1.295471 .598029 .090557  1.366841 .923206 .172993  1.389624 1.380666 .238008  .293806 2.02807 .203448
.885347 3.152928 .195473"""
NEW_STEPS = [
    (0.269994, 0.003998, [1.097268, -1.097268]),
    (0.972506, 1.632662, [0.106514, -0.106514]),
    (0.378812, 3.464657, [2.102301, -2.102301]),
    (0.537706, 1.010053, [-0.476513, 1.081282, -0.604770]),
    (0.554506, 2.432938, [1.007525, -0.197767, -0.809758]),
]
OLD_STEPS = [
    (0.346324, -0.494115, [0.893232, -0.893232]),
    (1.252012, 0.856264, [0.099750, -0.099750]),
    (0.392282, 2.825801, [1.850498, -1.850498]),
    (0.660841, 0.342977, [-0.300428, 0.761846, -0.461417]),
    (0.669612, 1.643267, [1.001974, -0.107221, -0.894753]),
]


def three_pl(text: str) -> Items:
    a, b, c = np.array(text.split(), dtype=float).reshape(-1, 3).T
    return Items(1.7 * a, b, c, np.ones(a.size))


def steps(rows: list[tuple[float, float, list[float]]]) -> PartialCredit:
    return PartialCredit.from_lists(
        [1.7 * a for a, _, _ in rows], [[b - step for step in deviations] for _, b, deviations in rows]
    )


def mixed_test(n: int = 8, seed: int = 5) -> Mixed:
    rng = np.random.default_rng(seed)
    graded = Graded(rng.uniform(0.7, 2, n), np.sort(rng.normal(0, 1.2, (n, 3)), axis=1) + SPREAD)
    plain = Items(rng.uniform(0.7, 2, n), rng.normal(size=n), rng.uniform(0.1, 0.25, n), np.ones(n))
    partial = PartialCredit(rng.uniform(0.7, 2, n), rng.normal(size=(n, 2)))
    order = rng.permutation(3 * n)
    return Mixed([graded, plain, partial], [order[:n], order[n : 2 * n], order[2 * n :]])


@pytest.mark.parametrize(
    ("name", "slope", "intercept"),
    [
        ("mean_sigma", 1.168891, -0.515543),
        ("mean_mean", 1.217266, -0.557156),
        ("haebara", 1.067800, -0.471281),
        ("stocking_lord", 1.083417, -0.487619),
    ],
)
def test_three_pl_constants_are_those_of_stuirt(name: str, slope: float, intercept: float) -> None:
    method = Method(name, True, ThetaWeights(POINTS, ON_OLD), ThetaWeights(POINTS, ON_NEW))  # type: ignore[arg-type]
    found = link(three_pl(NEW_3PL), three_pl(OLD_3PL), method)
    assert found.converged
    np.testing.assert_allclose([found.link.slope, found.link.intercept], [slope, intercept], atol=2e-6)
    if name == "stocking_lord":
        assert found.loss == pytest.approx(0.009666, abs=5e-7)


@pytest.mark.parametrize(
    ("name", "slope", "intercept"),
    [
        ("mean_sigma", 0.887294, -0.560159),
        ("mean_mean", 0.875095, -0.543611),
        ("haebara", 0.805049, -0.446101),
        ("stocking_lord", 0.815445, -0.456487),
    ],
)
def test_mixed_format_constants_are_those_of_stuirt(name: str, slope: float, intercept: float) -> None:
    points = ThetaWeights.uniform(-3, 3, 25)
    new = Mixed([three_pl(NEW_MIXED), steps(NEW_STEPS)])
    old = Mixed([three_pl(OLD_MIXED), steps(OLD_STEPS)])
    found = link(new, old, Method(name, True, points, points))  # type: ignore[arg-type]
    np.testing.assert_allclose([found.link.slope, found.link.intercept], [slope, intercept], atol=1e-6)
    if name == "stocking_lord":
        assert found.loss == pytest.approx(0.057876, abs=5e-7)


@pytest.mark.parametrize(
    ("name", "intercept"), [("mean_mean", 0.068484), ("haebara", 0.06468396), ("stocking_lord", 0.05736233)]
)
def test_rasch_constants_are_those_of_sirt(name: str, intercept: float) -> None:
    # R sirt: equating.rasch(new, old, theta = seq(-4, 4, by = .05))
    new = [
        -3.188047976,
        1.031760328,
        0.819040914,
        -2.70694736,
        -0.094527077,
        0.689697135,
        -0.551837153,
        -0.359559276,
    ]
    old = [
        -3.074599226,
        1.01282435,
        0.868538408,
        -2.404483603,
        0.037402866,
        0.70074742,
        -0.602555046,
        -0.350426446,
    ]
    points = ThetaWeights.uniform(-4, 4, 161)
    method = Method(name, False, points, points, is_slope_free=False)  # type: ignore[arg-type]
    # sirt compares curves on the scale of the first set and gives the constant of the other direction.
    found = link(Items.from_lists([1] * 8, old), Items.from_lists([1] * 8, new), method)
    assert found.link.slope == 1.0
    assert found.link.intercept == pytest.approx(-intercept, abs=5e-6)


@pytest.mark.parametrize("name", METHODS)
@given(slope=st.floats(0.4, 2.5), intercept=st.floats(-2, 2))
@settings(max_examples=15, deadline=None)
def test_a_known_line_is_recovered(name: str, slope: float, intercept: float) -> None:
    new = mixed_test()
    found = link(new, Link(slope, intercept).items(new), Method(name))  # type: ignore[arg-type]
    assert found.converged
    np.testing.assert_allclose([found.link.slope, found.link.intercept], [slope, intercept], atol=1e-6)


@pytest.mark.parametrize("name", METHODS)
def test_linking_back_is_the_inverse(name: str) -> None:
    new, old = three_pl(NEW_3PL), three_pl(OLD_3PL)
    on_new, on_old = ThetaWeights(POINTS, ON_NEW), ThetaWeights(POINTS, ON_OLD)
    there = link(new, old, Method(name, True, on_old, on_new)).link  # type: ignore[arg-type]
    back = link(old, new, Method(name, True, on_new, on_old)).link  # type: ignore[arg-type]
    np.testing.assert_allclose(
        [back.slope, back.intercept], [there.inverse().slope, there.inverse().intercept], atol=1e-8
    )


def test_transformed_items_have_the_probabilities_they_had() -> None:
    line, items, theta = Link(1.3, -0.4), mixed_test(), np.linspace(-3, 3, 13)
    np.testing.assert_allclose(
        np.exp(log_prob(line.theta(theta), line.items(items))), np.exp(log_prob(theta, items)), atol=1e-12
    )


def test_links_compose_and_invert() -> None:
    first, second = (
        Link(1.3, -0.4, np.diag([0.01, 0.02])),
        Link(0.8, 0.5, np.array([[0.02, 0.01], [0.01, 0.03]])),
    )
    theta = np.linspace(-2, 2, 5)
    np.testing.assert_allclose(first.then(second).theta(theta), second.theta(first.theta(theta)))
    np.testing.assert_allclose(first.inverse().theta(first.theta(theta)), theta, atol=1e-14)
    again = first.inverse().inverse()
    np.testing.assert_allclose(again.covariance, first.covariance, rtol=1e-12, atol=1e-15)
    assert first.then(Link(1.0, 0.0)).se == pytest.approx(first.se)


def test_errors_of_thetas_and_items_are_those_of_draws() -> None:
    rng = np.random.default_rng(8)
    line = Link(1.2, 0.3, np.array([[0.0009, -0.0004], [-0.0004, 0.0016]]))
    items = Graded.from_lists([1.5], [[-0.5, 0.8]])
    slopes, intercepts = rng.multivariate_normal([line.slope, line.intercept], line.covariance, 40_000).T
    se = np.array([[0.05, 0.08, 0.1, np.nan, np.nan]])
    a, low, high = (
        rng.normal(value, error, 40_000) for value, error in zip([1.5, -0.5, 0.8], se[0], strict=False)
    )
    drawn = np.cov(np.stack((a / slopes, slopes * low + intercepts, slopes * high + intercepts)))
    np.testing.assert_allclose(line.item_covariance(items, se)[0, :3, :3], drawn, rtol=0.05, atol=1e-4)
    thetas = slopes * rng.normal(1.7, 0.02, 40_000) + intercepts
    assert line.theta_se(1.7, 0.02) == pytest.approx(thetas.std(), rel=0.02)


def numeric_covariance(new: ItemSet, old: ItemSet, method: Method, errors: tuple[Floats, Floats]) -> Floats:
    """Delta method by brute force: solve the link anew with each parameter moved."""
    total, step = np.zeros((2, 2)), 1e-4
    for side, known in enumerate(errors):
        sets = [new, old]
        table = parameters(sets[side])
        for item, column in np.argwhere(known > 0):
            ends = []
            for sign in (1, -1):
                moved = table.copy()
                moved[item, column] += sign * step
                sets[side] = with_parameters((new, old)[side], moved)
                found = link(sets[0], sets[1], method).link
                ends.append([found.slope, found.intercept])
            gradient = (np.array(ends[0]) - ends[1]) / (2 * step)
            total += np.outer(gradient, gradient) * known[item, column] ** 2
    return total


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize(("is_symmetric", "is_slope_free"), [(True, True), (False, True), (True, False)])
def test_delta_errors_are_those_of_solving_anew(name: str, is_symmetric: bool, is_slope_free: bool) -> None:
    new, old = three_pl(NEW_3PL)[:5], three_pl(OLD_3PL)[:5]
    rng = np.random.default_rng(3)
    errors = tuple(np.column_stack((rng.uniform(0.02, 0.2, (5, 3)), np.full(5, np.nan))) for _ in range(2))
    method = Method(name, is_symmetric, is_slope_free=is_slope_free)  # type: ignore[arg-type]
    found = link(new, old, method, errors=(errors[0], errors[1]))
    expected = numeric_covariance(new, old, method, (errors[0], errors[1]))
    assert found.error_source == "items"
    np.testing.assert_allclose(found.link.covariance, expected, rtol=1e-4, atol=1e-9)


@pytest.mark.parametrize("name", METHODS)
def test_delta_errors_hold_for_ordered_categories_too(name: str) -> None:
    rng = np.random.default_rng(4)
    old = mixed_test(2)
    table = parameters(old)
    errors = np.where(np.isnan(table), np.nan, rng.uniform(0.02, 0.1, table.shape))
    new = Link(0.9, 0.2).items(old)
    found = link(new, old, Method(name), errors=(errors, errors))  # type: ignore[arg-type]
    known = np.nan_to_num(errors) * (table != 1.0)  # d = 1 cannot be moved to both sides
    errors[table == 1.0] = np.nan
    found = link(new, old, Method(name), errors=(errors, errors))  # type: ignore[arg-type]
    np.testing.assert_allclose(
        found.link.covariance,
        numeric_covariance(new, old, Method(name), (known, known)),
        rtol=1e-3,
        atol=1e-8,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("name", ["mean_sigma", "stocking_lord"])
def test_delta_errors_are_the_spread_of_repeated_linking(name: str) -> None:
    rng = np.random.default_rng(1)
    old = Items(rng.uniform(0.8, 1.8, 20), rng.normal(size=20), np.full(20, 0.2), np.ones(20))
    new = Link(1.2, 0.3).inverse().items(old)
    errors = np.tile([0.1, 0.12, 0.03, np.nan], (20, 1))

    def noisy(items: ItemSet) -> ItemSet:
        return with_parameters(items, parameters(items) + rng.normal(size=(20, 4)) * np.nan_to_num(errors))

    found = [link(noisy(new), noisy(old), Method(name), errors=(errors, errors)).link for _ in range(60)]  # type: ignore[arg-type]
    spread = np.std([[one.slope, one.intercept] for one in found], axis=0, ddof=1)
    # 60 repetitions give a standard deviation to 9 %.
    np.testing.assert_allclose(np.mean([one.se for one in found], axis=0), spread, rtol=0.3)


def test_jackknife_of_equal_slopes_is_the_error_of_a_mean_difference() -> None:
    # With the slope held, B is a mean of differences, whose jackknife error is the textbook s / sqrt(n).
    rng = np.random.default_rng(1)
    old, new = rng.normal(size=12), rng.normal(size=12)
    ours, theirs = Items.from_lists([1] * 12, new), Items.from_lists([1] * 12, old)
    found = with_jackknife(link(ours, theirs, Method("mean_mean", is_slope_free=False)), ours, theirs)
    assert found.error_source == "jackknife"
    assert found.link.se[1] == pytest.approx((old - new).std(ddof=1) / np.sqrt(12))


@pytest.mark.parametrize("name", METHODS)
def test_drifted_anchors_are_left_out_and_do_not_move_the_link(name: str) -> None:
    rng = np.random.default_rng(2)
    old = Items(rng.uniform(0.8, 2, 30), rng.normal(size=30), np.full(30, 0.2), np.ones(30))
    clean = Link(1.25, -0.5).inverse().items(old)
    table = parameters(clean)
    table[:, 0] *= np.exp(rng.normal(0, 0.02, 30))
    table[:, 1] += rng.normal(0, 0.02, 30)
    table[[3, 11], 1] += 0.8
    table[[17, 20], 0] *= 1.8
    new = with_parameters(clean, table)
    found = link_robustly(new, old, Method(name), limit=3.5)  # type: ignore[arg-type]
    assert not found.used[[3, 11, 17, 20]].any()
    assert found.used.sum() >= 24
    careless = link(new, old, Method(name))  # type: ignore[arg-type]
    far, near = (np.hypot(one.link.slope - 1.25, one.link.intercept + 0.5) for one in (careless, found))
    assert near < 0.02
    assert far > 2 * near


def test_robust_z_is_its_definition_and_knows_perfect_anchors() -> None:
    values = np.array([0.1, -0.3, 0.25, 1.9, 0.0, np.nan])
    low, middle, high = np.percentile(values[:5], [25, 50, 75])
    np.testing.assert_allclose(robust_z(values), (values - middle) / (0.74 * (high - low)))
    assert robust_z(np.array([0.2, 0.2, 0.2, 0.2, 1.0])).tolist() == [0, 0, 0, 0, np.inf]


ONE = Items.from_lists([1.0], [0.0])
FOUR = Items.from_lists([1.0, 1.2, 0.8, 1.1], [-1.0, 0.0, 0.5, 1.0])
ORDERED = [kind.from_lists([1.0], [[0.0, 1.0]]) for kind in (Graded, PartialCredit)]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: link(ONE, ONE), "at least 2 anchors"),
        (lambda: link(FOUR, FOUR, use=np.zeros(4, dtype=bool)), "left out"),
        (lambda: link(FOUR, FOUR, use=[1, 1, 0, 0]), "one bool"),
        (lambda: link(FOUR, ONE), "cannot be compared"),
        (lambda: link(FOUR, Graded.from_lists([1] * 4, [[0, 1]] * 4)), "same models"),
        (lambda: link(FOUR, FOUR, Method("equipercentile")), "linking method"),  # type: ignore[arg-type]
        (lambda: link(FOUR, FOUR, errors=(np.ones((4, 2)), np.ones((4, 2)))), "shape"),
        (lambda: link(FOUR, FOUR, errors=(np.full((4, 4), np.inf), np.ones((4, 4)))), "infinite"),
        (
            lambda: link(Items.from_lists([1, 2], [1, 1]), FOUR[:2], Method("mean_sigma")),
            "different difficulty",
        ),
        (lambda: Link(0.0, 1.0), "positive slope"),
        (lambda: Link(1.0, np.nan), "finite intercept"),
        (lambda: Link(1e-200, 0.0), "positive slope"),
        (lambda: Link(1.0, 0.0, np.diag([-1.0, 0.0])), "not negative"),
        (lambda: Link(1.0, 0.0, np.array([[1.0, 5.0], [5.0, 1.0]])), "not negative"),
        (lambda: Link(1.0, 0.0, np.array([[1.0, 0.5], [0.0, 1.0]])), "symmetric"),
        (lambda: Link(1.0, 0.0).theta_se([0.0], [-1.0]), "se must not be negative"),
        (lambda: anchor_z(*ORDERED, 1.0), "same models"),
        (lambda: anchor_z(FOUR, FOUR, np.nan), "slope of a link"),
        (lambda: robust_z(np.array([0.0, np.inf])), "infinite"),
        (lambda: link(*(Mixed([items, FOUR]) for items in ORDERED)), r"different models: \[0\]"),
        (lambda: link(FOUR, FOUR, errors=(np.full((4, 4), 1e200), np.ones((4, 4)))), "nan where"),
        (lambda: ThetaWeights([1.0, 1.0], [1.0, 1.0]), "two different points"),
        (lambda: ThetaWeights([0.0, 1.0], [1.0, -1.0]), "negative"),
        (lambda: with_jackknife(link(FOUR[:2], FOUR[:2]), FOUR[:2], FOUR[:2]), "more than 2"),
        (lambda: link_robustly(FOUR, FOUR, limit=0.0), "limit"),
        (lambda: covariances(-np.ones((4, 4, 4)), parameters(FOUR), "e"), "negative variances"),
        (lambda: parameters([1, 2]), "must be Items"),  # type: ignore[arg-type]
    ],
)
def test_refusals_name_what_is_wrong(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        call()


def test_anchors_that_changed_their_number_of_categories_are_named() -> None:
    new = PartialCredit.from_lists([1, 1, 1], [[0, 1], [0, 1], [0]])
    old = PartialCredit.from_lists([1, 1, 1], [[0, 1], [0], [0]])
    with pytest.raises(ValueError, match=r"different models: \[1\]"):
        link(new, old)
    assert link(new, old, use=np.array([True, False, True])).converged


def test_a_mean_difference_has_its_error_whatever_the_difficulties() -> None:
    same = Items.from_lists([1.0, 1.0], [0.5, 0.5])
    errors = np.full((2, 4), 0.1)
    found = link(same, same, Method("mean_sigma", is_slope_free=False), errors=(errors, errors))
    np.testing.assert_allclose(found.link.se, [0.0, 0.1])  # of a difference of means of two, each of error .1 / sqrt 2


def test_most_anchors_moving_is_refused() -> None:
    b = np.linspace(-1, 1, 8)
    moved = b + np.array([0, 0, 0, 0, 1, -1, 2, -2])
    with pytest.raises(ValueError, match="stayed where they were"):
        link_robustly(
            Items.from_lists([1] * 8, moved), Items.from_lists([1] * 8, b), limit=0.1, least_share=0.9
        )


def test_no_minimum_is_said() -> None:
    # Items of the old scale lie where no weight is: nothing says which line is best.
    far = Items.from_lists([5.0, 5.0], [400.0, 401.0])
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = link(far, far, Method("haebara", False, ThetaWeights.uniform(-1, 1, 5)))
    assert not found.converged
    assert [one.category for one in caught] == [NotConvergedWarning]
