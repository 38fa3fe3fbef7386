"""DIF statistics against published figures, direct formulas, and what they promise in simulated samples."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import chi2 as chi2_distribution

from irt.ability import NotConvergedWarning
from irt.arrays import Bools, Floats
from irt.dif import category_of, logistic_dif, lord_dif, mantel_haenszel, theta_strata
from irt.linking import Link, parameters
from irt.mixed import log_prob
from irt.models import Items, prob
from irt.polytomous import Graded, PartialCredit


def simulated(
    n: int, seed: int, *, shift: float = 0.0, slope: float = 1.0, impact: float = 0.0, a: float | None = None
) -> tuple[Floats, Bools, Floats]:
    """Answers of n persons; the last item is harder by `shift` and steeper by `slope` for the focal group."""
    rng = np.random.default_rng(seed)
    items = Items.from_lists(
        rng.uniform(0.8, 1.6, 20) if a is None else [a] * 20, [*np.linspace(-1.5, 1.5, 19), 0.0]
    )
    focal = np.arange(n) % 2 == 1
    theta = rng.normal(size=n) - impact * focal
    p = prob(theta, items)
    p[focal, -1] = expit(slope * items.a[-1] * (theta[focal] - shift))
    return (rng.random(p.shape) < p).astype(float), focal, theta


def test_penicillin_and_rabbits() -> None:
    # Agresti (1990), p. 231; R: mantelhaen.test(Rabbits) gives X2 = 3.928571, odds ratio 7, 1.026713 to 47.725133.
    cells = [(0, 6, 0, 5), (3, 3, 0, 6), (6, 0, 2, 4), (5, 1, 6, 0), (2, 0, 5, 0)]
    rows = [
        (cured, delayed, level, count)
        for level, (a, b, c, d) in enumerate(cells)
        for count, delayed, cured in ((a, False, 1), (b, False, 0), (c, True, 1), (d, True, 0))
    ]
    cured, delayed, level, count = map(np.array, zip(*rows, strict=True))
    found = mantel_haenszel(cured[:, None], delayed, level, weights=count)
    assert found.chi2[0] == pytest.approx(3.928571, abs=1e-6)
    assert math.exp(found.log_odds[0]) == pytest.approx(7)
    ends = np.exp(found.log_odds[0] + np.array([-1, 1]) * 1.959964 * found.se[0])
    np.testing.assert_allclose(ends, [1.026713, 47.725133], rtol=1e-6)


def test_ordered_categories_by_loops_over_pairs() -> None:
    rng = np.random.default_rng(24)
    male = np.arange(300) % 4 == 0
    ability = rng.normal(size=(300, 1)) + 0.3 * male[:, None]
    answers = (ability + rng.logistic(size=(300, 8)) > 0.0).astype(float)
    answers += (answers > 0) & (ability + rng.logistic(size=(300, 8)) > 0.5)
    item, score = 4, answers.sum(axis=1)
    distance = variance = up = down = gap = 0.0
    pairs = []
    for stratum in np.unique(score):
        ours, theirs = (answers[(score == stratum) & (male == group), item] for group in (False, True))
        n = ours.size + theirs.size
        if ours.size == 0 or theirs.size == 0:
            continue
        both = np.concatenate((ours, theirs))
        distance += ours.sum() - ours.size * both.mean()
        variance += ours.size * theirs.size / n * both.var(ddof=1)
        up += sum(max(y - z, 0) for y in ours for z in theirs) / n
        down += sum(max(z - y, 0) for y in ours for z in theirs) / n
        gap += theirs.size * (theirs.mean() - ours.mean())
        pairs.append((ours, theirs, n))
    noise = 0.0
    for ours, theirs, n in pairs:
        h = np.array([[max(y - z, 0) - up / down * max(z - y, 0) for z in theirs] for y in ours])
        noise += (
            sum(
                h[i, j] * h[k, m]
                for i, j in np.ndindex(h.shape)
                for k, m in np.ndindex(h.shape)
                if i == k or j == m
            )
            / n**2
        )
    found = mantel_haenszel(answers, male)
    assert found.chi2[item] == pytest.approx(distance**2 / variance)
    assert found.log_odds[item] == pytest.approx(math.log(up / down))
    assert found.se[item] == pytest.approx(math.sqrt(noise) / up)
    assert found.smd[item] == pytest.approx(gap / sum(theirs.size for _, theirs, _ in pairs))


def test_two_categories_scored_as_three_keep_their_odds() -> None:
    x, focal, _ = simulated(800, 1, shift=0.4)
    plain = mantel_haenszel(x, focal, continuity=False)
    stratum = x.sum(axis=1)
    wider = np.vstack(
        (np.column_stack((x[:, -1],)), [[2.0]])
    )  # one person of a stratum of his own has the third
    found = mantel_haenszel(wider, np.append(focal, False), np.append(stratum, 99).astype(int))
    assert found.chi2[0] == pytest.approx(plain.chi2[-1])
    assert found.log_odds[0] == pytest.approx(plain.log_odds[-1])
    assert found.se[0] == pytest.approx(plain.se[-1], rel=0.03)  # two estimates of one error


def test_a_row_counted_twice_is_two_rows() -> None:
    x, focal, _ = simulated(300, 2, shift=0.5)
    counts = np.random.default_rng(0).integers(0, 3, 300)
    twice = np.repeat(np.arange(300), counts)
    for ours, theirs in (
        (mantel_haenszel(x, focal, weights=counts).chi2, mantel_haenszel(x[twice], focal[twice]).chi2),
        (logistic_dif(x, focal, weights=counts).both.chi2, logistic_dif(x[twice], focal[twice]).both.chi2),
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-7)


def test_exchanging_the_groups_turns_the_sign() -> None:
    x, focal, _ = simulated(600, 3, shift=0.5)
    one, other = mantel_haenszel(x, focal), mantel_haenszel(x, ~focal)
    np.testing.assert_allclose(one.log_odds, -other.log_odds)
    np.testing.assert_allclose(one.chi2, other.chi2)
    ours, theirs = logistic_dif(x, focal), logistic_dif(x, ~focal)
    np.testing.assert_allclose(ours.group, -theirs.group, atol=1e-6)
    np.testing.assert_allclose(ours.interaction, -theirs.interaction, atol=1e-6)


def test_logistic_coefficients_are_where_the_likelihood_is_highest() -> None:
    x, focal, theta = simulated(500, 4, shift=0.6, slope=1.7)
    x[:, -1][np.arange(500) % 7 == 0] = np.nan
    seen = ~np.isnan(x[:, -1])
    found = logistic_dif(x, focal, theta)
    design = np.column_stack((np.ones(500), theta, focal, theta * focal))[seen]

    def loss(beta: Floats) -> float:
        eta = design[:, : beta.size] @ beta
        return float(np.logaddexp(0, eta).sum() - x[seen, -1] @ eta)

    best = [minimize(loss, np.zeros(k), method="BFGS", options={"gtol": 1e-7}) for k in (2, 3, 4)]
    assert found.group[-1] == pytest.approx(best[1].x[2], abs=1e-4)
    assert found.interaction[-1] == pytest.approx(best[2].x[3], abs=1e-4)
    assert found.both.chi2[-1] == pytest.approx(2 * (best[0].fun - best[2].fun), abs=1e-5)
    p = expit(design @ best[2].x)
    errors = np.sqrt(np.diag(np.linalg.inv(design.T * (p * (1 - p)) @ design)))
    assert found.interaction_se[-1] == pytest.approx(errors[3], rel=1e-3)


def test_type_one_error_is_nominal() -> None:
    # 60 samples x 20 items: the share below .05 has a standard error of .006. Equal slopes, so that the score
    # is sufficient and impact leaves no trace (Zwick 1990).
    mh, both = [], []
    for seed in range(60):
        x, focal, _ = simulated(500, seed, impact=0.8, a=1.0)
        mh.append(mantel_haenszel(x, focal).p_value < 0.05)
        both.append(logistic_dif(x, focal).both.p_value < 0.05)
    assert 0.02 < np.mean(mh) < 0.065  # the continuity correction holds it below .05
    assert 0.03 < np.mean(both) < 0.08


def test_type_one_error_of_ordered_categories_is_nominal() -> None:
    rng = np.random.default_rng(9)
    items = PartialCredit.from_lists([1.0] * 10, rng.normal(0, 1, (10, 3)))
    focal = np.arange(800) < 300
    chi2, wald = [], []
    for _ in range(60):  # 600 tests: a standard error of .009
        cumulative = np.exp(log_prob(rng.normal(size=800) - 0.5 * focal, items)).cumsum(axis=2)[..., :-1]
        found = mantel_haenszel((rng.random((800, 10, 1)) > cumulative).sum(axis=2), focal)
        chi2.append(found.p_value < 0.05)
        wald.append(np.abs(found.log_odds / found.se) > 1.96)
    assert 0.02 < np.mean(chi2) < 0.08
    assert 0.02 < np.mean(wald) < 0.08


def test_power_grows_with_the_effect_and_kind_is_told() -> None:
    uniform, crossing, missed = [], [], []
    for seed in range(25):
        x, focal, _ = simulated(1000, seed, shift=0.6)
        uniform.append(
            [mantel_haenszel(x, focal).p_value[-1] < 0.05, logistic_dif(x, focal).uniform.p_value[-1] < 0.05]
        )
        x, focal, _ = simulated(1000, seed, slope=2.5)
        crossing.append(logistic_dif(x, focal).nonuniform.p_value[-1] < 0.05)
        missed.append(mantel_haenszel(x, focal).p_value[-1] < 0.05)
    assert np.mean(uniform, axis=0).min() > 0.9
    assert np.mean(crossing) > 0.85
    assert np.mean(missed) < 0.4  # crossing curves cancel out in a common odds ratio


def test_purification_clears_the_items_that_only_bore_the_others() -> None:
    rng = np.random.default_rng(9)
    focal = np.arange(3000) % 2 == 1
    theta = rng.normal(size=3000)
    b = np.linspace(-1.2, 1.2, 20) + np.where(np.arange(20) < 6, 0.9, 0.0) * focal[:, None]
    x = (rng.random((3000, 20)) < expit(theta[:, None] - b)).astype(float)
    plain, pure = mantel_haenszel(x, focal), mantel_haenszel(x, focal, purify_at=0.05)
    clean = np.arange(20) >= 6
    assert pure.converged
    assert not pure.anchors[:6].any()
    assert (plain.p_value[clean] < 0.05).mean() > 0.5
    assert (pure.p_value[clean] < 0.05).mean() < 0.3
    assert abs(pure.delta[clean].mean()) < 0.25 < abs(plain.delta[clean].mean())
    logistic = logistic_dif(x, focal, purify_at=0.01, purify_by="uniform")
    assert not logistic.anchors[:6].any()


def test_adaptive_answers_are_matched_on_theta() -> None:
    # Everyone sees the ten items nearest his theta: the number right is about half for all, and says nothing.
    rng = np.random.default_rng(10)
    n, items = 6000, Items.from_lists([1.3] * 60, np.linspace(-2.5, 2.5, 60))
    focal = np.arange(n) % 2 == 1
    theta = rng.normal(size=n)
    x = (rng.random((n, 60)) < prob(theta, items)).astype(float)
    studied = (rng.random(n) < expit(theta - 0.7 * focal)).astype(float)
    near = np.abs(items.b - theta[:, None] + rng.normal(0, 0.3, (n, 60))).argsort(axis=1)[:, 10:]
    np.put_along_axis(x, near, np.nan, axis=1)
    nodes = np.linspace(-4, 4, 81)
    right, wrong = np.log(prob(nodes, items)).T, np.log1p(-prob(nodes, items)).T
    mass = np.exp(np.nan_to_num(x) @ right + (~np.isnan(x) - np.nan_to_num(x)) @ wrong - nodes**2 / 2)
    eap = mass @ nodes / mass.sum(axis=1)
    found = mantel_haenszel(np.column_stack((x, studied)), focal, theta_strata(eap))
    assert found.category[-1] != "A"
    assert found.delta[-1] == pytest.approx(-2.35 * 0.7, abs=0.45)
    assert np.mean(found.p_value[:-1] < 0.05) < 0.15
    with pytest.raises(ValueError, match="match on theta"):
        mantel_haenszel(x, focal)


def test_theta_strata_are_quantiles_and_keep_ties_together() -> None:
    theta = np.random.default_rng(0).normal(size=1000)
    strata = theta_strata(theta, 10)
    assert np.bincount(strata).tolist() == [100] * 10
    assert (np.diff(strata[theta.argsort()]) >= 0).all()
    assert set(theta_strata(np.zeros(50))) == {19}


@pytest.mark.parametrize(
    ("delta", "se", "p", "category"),
    [
        (0.9, 0.1, 0.0001, "A"),
        (1.4, 0.9, 0.12, "A"),
        (1.4, 0.3, 0.001, "B"),
        (-1.7, 0.6, 0.005, "B"),
        (1.7, 0.3, 0.001, "C"),
        (-2.2, 0.4, 0.001, "C"),
    ],
)
def test_ets_categories(delta: float, se: float, p: float, category: str) -> None:
    assert category_of(delta, se, p) == category


def test_lord_is_the_quadratic_form_and_link_invariant() -> None:
    focal = Items.from_lists([1.1, 0.9], [0.3, -0.5], [0.2, 0.15])
    reference = Items.from_lists([1.4, 1.0], [0.0, -0.4], [0.25, 0.15])
    rng = np.random.default_rng(1)
    roots = rng.normal(0, 0.1, (2, 2, 3, 3))
    known = np.zeros((2, 2, 4, 4))
    known[:, :, :3, :3] = roots @ roots.transpose(0, 1, 3, 2)
    found = lord_dif(focal, reference, known[0], known[1])
    for item in range(2):
        d = (parameters(focal) - parameters(reference))[item, :3]
        s = (known[0] + known[1])[item, :3, :3]
        assert found.chi2[item] == pytest.approx(d @ np.linalg.inv(s) @ d)
        assert found.p_value[item] == pytest.approx(chi2_distribution.sf(found.chi2[item], 3))
    line = Link(1.3, -0.2)
    elsewhere = line.inverse().items(focal)
    moved = line.inverse().item_covariance(focal, known[0])
    np.testing.assert_allclose(lord_dif(elsewhere, reference, moved, known[1], line).chi2, found.chi2)
    assert found.df.tolist() == [3, 3]


def test_lord_keeps_its_level_and_counts_the_error_of_the_link() -> None:
    rng = np.random.default_rng(5)
    true = Graded(
        rng.uniform(0.8, 1.6, 400), np.sort(rng.normal(0, 1, (400, 2)), axis=1) + np.array([-0.2, 0.2])
    )
    se = np.column_stack((np.full((400, 3), 0.05), np.full((400, 2), np.nan)))
    ours = Graded(true.a + rng.normal(0, 0.05, 400), true.b + rng.normal(0, 0.05, (400, 2)))
    theirs = Graded(true.a + rng.normal(0, 0.05, 400), true.b + rng.normal(0, 0.05, (400, 2)))
    found = lord_dif(ours, theirs, se, se)
    assert found.df.tolist() == [3] * 400
    assert 0.02 < (found.p_value < 0.05).mean() < 0.09
    unsure = lord_dif(ours, theirs, se, se, Link(1.0, 0.0, np.diag([0.01, 0.01])))
    assert (unsure.chi2 < found.chi2).all()


def test_lord_names_what_it_cannot_test() -> None:
    items = Graded.from_lists([1, 1, 1], [[0, 1], [0, 1], [0]])
    other = Graded.from_lists([1, 1, 1], [[0, 1], [0, 1], [0, 1]])
    errors = np.zeros((3, 5, 5))
    errors[0, :2, :2] = 0.04  # a and b of item 0 are one quantity
    found = lord_dif(items, other, errors, errors)
    assert found.status == ("singular", "no_errors", "other_model")
    assert np.isnan(found.chi2).all()
    assert np.isnan(found.p_value).all()


def test_items_without_an_estimate_are_named_and_the_others_stand() -> None:
    x, focal, theta = simulated(400, 6)
    x[:, 0] = 1
    x[focal, 1] = 0
    x[:, 2] = theta > 0
    x[focal, 3] = np.nan
    found = logistic_dif(x, focal, theta)
    assert found.status[:4] == ("one_response", "one_response", "separated", "one_group")
    assert set(found.status[4:]) == {""}
    assert np.isnan(found.both.p_value[:4]).all()
    assert found.both.categories()[:4] == ("", "", "", "")
    assert np.isfinite(found.both.p_value[4:]).all()
    mantel = mantel_haenszel(x, focal, theta_strata(theta, 5))
    assert (mantel.status[0], mantel.status[1], mantel.status[3]) == (
        "no_overlap",
        "odds_unbounded",
        "no_overlap",
    )
    assert mantel.chi2[1] > 50
    assert mantel.log_odds[1] == math.inf
    assert mantel.category[0] == mantel.category[1] == ""
    alike = logistic_dif(x[:, 4:], focal, np.where(focal, 1.0, theta))
    assert set(alike.status) == {"one_match"}


def test_purification_that_leaves_no_anchor_is_flagged() -> None:
    x, focal, _ = simulated(2000, 7)
    x[focal, ::2], x[~focal, 1::2] = 1.0, 1.0
    with pytest.warns(NotConvergedWarning):
        assert not mantel_haenszel(x, focal, purify_at=0.5).converged


X, FOCAL, THETA = simulated(60, 8)
ORDERED = [kind.from_lists([1.0], [[0.0, 1.0]]) for kind in (Graded, PartialCredit)]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: mantel_haenszel(X, FOCAL.astype(int)), "one bool for each row"),
        (lambda: mantel_haenszel(X, np.zeros(60, dtype=bool)), "both groups"),
        (lambda: mantel_haenszel(X[:1], FOCAL[:1]), "both groups"),
        (lambda: mantel_haenszel(X[:0], FOCAL[:0]), "at least one person"),
        (lambda: mantel_haenszel(X + 0.5, FOCAL), "whole numbers"),
        (lambda: mantel_haenszel(np.where(X > 0, np.inf, X), FOCAL), "whole numbers"),
        (lambda: mantel_haenszel(X, FOCAL, THETA), "stratum of each person"),
        (lambda: mantel_haenszel(X, FOCAL, np.full(60, np.nan)), "finite"),
        (lambda: mantel_haenszel(X, FOCAL, anchors=np.zeros(20, dtype=bool)), "true for at least one"),
        (lambda: mantel_haenszel(X, FOCAL, purify_at=1.5), "between 0 and 1"),
        (lambda: mantel_haenszel(X, FOCAL, theta_strata(THETA), purify_at=0.05), "match anew"),
        (lambda: logistic_dif(X * 2, FOCAL), "right or wrong"),
        (lambda: logistic_dif(X, FOCAL, THETA, purify_at=0.05), "match anew"),
        (lambda: logistic_dif(X, FOCAL, purify_at=0.05, purify_by="a"), "purify_by is"),  # type: ignore[arg-type]
        (lambda: logistic_dif(X, FOCAL, weights=-np.ones(60)), "negative"),
        (lambda: theta_strata([]), "finite vector"),
        (lambda: theta_strata([0.0], 0), "at least 1"),
        (
            lambda: lord_dif(
                Items.from_lists([1], [0]), Items.from_lists([1, 1], [0, 0]), [[0] * 4], [[0] * 4]
            ),
            "cannot be compared",
        ),
        (lambda: theta_strata([0.0, 1.0], 1.5), "whole number"),  # type: ignore[arg-type]
        (lambda: mantel_haenszel(np.where(X > 0, 1e9, 0), FOCAL), "scores above 100"),
        (lambda: lord_dif(ORDERED[0], ORDERED[1], np.ones((1, 5)), np.ones((1, 5))), "same models"),
        (lambda: lord_dif(ORDERED[0], ORDERED[0], np.full((1, 5), 1e200), np.ones((1, 5))), "nan where"),
    ],
)
def test_refusals_name_what_is_wrong(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        call()


def test_a_function_matches_anew_from_the_anchors() -> None:
    x, focal, _ = simulated(1500, 11, shift=1.2)
    asked = []

    def match(anchors: Bools) -> Floats:
        asked.append(anchors)
        return x[:, anchors].sum(axis=1)

    found = mantel_haenszel(x, focal, match, purify_at=0.001)
    assert found.converged
    assert not found.anchors[-1]
    assert asked[0].all()
    assert (asked[-1] == found.anchors).all()
