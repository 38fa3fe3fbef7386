"""Posteriors narrower than the nodes: what the error is, and that calibration sees it and takes denser nodes."""

import numpy as np
import pytest
from scipy import sparse

from benchmarks.responses import graded, partial_credit
from irt.arrays import Floats
from irt.calibration import Calibration, NotConvergedWarning, Settings, calibrate, calibrate_pretest
from irt.calibration import _errors as errors_module
from irt.calibration import _job as job_module
from irt.calibration._expectation import Table, blurred
from irt.calibration._rows import Rows
from irt.polytomous import PartialCredit

NODES = np.linspace(-6.0, 6.0, 61)
LONG = partial_credit(np.random.default_rng(1), 400, 150).x  # 150 items of five categories: posterior sds near .1


def quickly(nodes: Floats = NODES) -> Calibration:
    return calibrate(LONG, "GPCM", settings=Settings(nodes=nodes, tolerance=1e-5, standard_errors=False))


def apart(first: Calibration, second: Calibration) -> float:
    """Largest difference of any parameter."""
    return max(float(np.abs(first.estimates[name] - second.estimates[name]).max()) for name in first.estimates)


def test_nodes_too_far_apart_are_flagged_and_denser_ones_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = quickly(np.linspace(-6.0, 6.0, 481))
    assert exact.n_nodes == 481
    found = quickly()
    assert found.converged
    assert found.n_nodes > 61
    assert apart(found, exact) < 1e-4
    assert found.log_likelihood == pytest.approx(exact.log_likelihood, abs=0.01)
    monkeypatch.setattr(job_module, "MAX_NODES", 61)
    with pytest.warns(NotConvergedWarning, match="nodes"):
        coarse = quickly()
    assert coarse.doubts == ("nodes",)
    assert coarse.n_nodes == 61
    assert apart(coarse, exact) > 5e-3
    assert abs(coarse.log_likelihood - exact.log_likelihood) > 1.0


def test_operational_items_are_taken_to_the_denser_nodes() -> None:
    whole = quickly()
    known: PartialCredit = whole.items.take(range(149))
    settings = Settings(tolerance=1e-5, standard_errors=False)
    found = calibrate_pretest(LONG, known, "GPCM", settings=settings)
    exact = calibrate_pretest(
        LONG, known, "GPCM", settings=Settings(np.linspace(-6.0, 6.0, 481), 1e-5, standard_errors=False)
    )
    assert 61 < found.n_nodes < 481
    assert apart(found, exact) < 1e-4
    assert found.populations[0].sd == pytest.approx(exact.populations[0].sd, abs=1e-4)


def test_the_error_is_that_of_the_rectangle_rule() -> None:
    """Normal posteriors at all places between two nodes: the worst sum over nodes beside the bound."""
    spacing = NODES[1] - NODES[0]
    for sd in (0.5 * spacing, 0.6 * spacing, 0.8 * spacing):
        centres = np.linspace(0, spacing, 21)
        logs = -0.5 * ((NODES - centres[:, None]) / sd) ** 2
        sums = np.exp(logs).sum(axis=1) * spacing / (sd * np.sqrt(2 * np.pi))
        rows = Rows(np.eye(21, dtype=np.int8), np.ones(21), None)
        error, n = blurred(rows, Table(logs, np.zeros((1, NODES.size))), NODES)
        assert n == 21
        # The sd is read off the nodes too, so in a narrow posterior it is off by a tenth.
        assert np.abs(sums - 1).max() == pytest.approx(error / n, rel=0.35)
    on_one_node = np.where(logs == logs.max(axis=1, keepdims=True), 0.0, -1e3)[:10]
    alone = Rows(np.eye(10, dtype=np.int8), np.ones(10), None)
    assert blurred(alone, Table(on_one_node, np.zeros((1, NODES.size))), NODES).tolist() == [10, 10]


@pytest.mark.parametrize("n_items", [3, 40])
def test_missing_information_is_the_sum_of_posterior_covariances(n_items: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Louis's term person by person, where posteriors reach all nodes and where they reach few."""
    seen = []
    plain = errors_module.missing_information

    def noted(rows: Rows, table: Table, scores: errors_module.Scores) -> Floats:
        seen.append((rows, table, scores, plain(rows, table, scores)))
        return seen[-1][-1]

    monkeypatch.setattr(errors_module, "missing_information", noted)
    x = graded(np.random.default_rng(2), 300, n_items).x
    calibrate(x, "GRM", groups=np.arange(300) % 2, weights=np.tile([1.0, 2.0, 3.0], 100))
    ((rows, table, scores, found),) = seen
    y = rows.indicators.toarray() if sparse.issparse(rows.indicators) else rows.indicators.astype(float)
    by_node = np.stack([score.toarray()[:, :-1] for score in scores.by_node()])
    total = np.zeros_like(found)
    for answers, weight, group in zip(y, rows.weights, rows.groups, strict=True):
        log_mass = table.log_mass[group] + answers @ table.columns
        mass = np.exp(log_mass - log_mass.max())
        mass /= mass.sum()
        score = np.append(answers, np.arange(2) == group) @ by_node
        off = score - mass @ score
        total += weight * (off.T * mass) @ off
    np.testing.assert_allclose(found, total, rtol=1e-9, atol=1e-9 * np.abs(total).max())
