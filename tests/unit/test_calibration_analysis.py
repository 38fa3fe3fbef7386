"""Calculations of a calibration run on arrays: whole designs with their second opinion and link; what cannot be."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from irt.models import Items, prob
from itembank.calibrations.analysis import Column, Known, Material, Options, calculate
from itembank.calibrations.analysis.flags import flags_of
from itembank.calibrations.analysis.material import Unfit
from itembank.calibrations.policy import load_policy

POLICY = load_policy()
N_ITEMS = 16


def truth() -> Items:
    rng = np.random.default_rng(1)
    return Items.from_lists(
        np.clip(rng.lognormal(0.2, 0.25, N_ITEMS), 0.7, 2).tolist(), np.linspace(-1.6, 1.6, N_ITEMS).tolist()
    )


def linear(n: int, seed: int = 2, known: dict[int, Known] | None = None, *, mean: float = 0.0) -> Material:
    """Everybody saw every item; typed answers, so no guessing."""
    rng = np.random.default_rng(seed)
    x = (rng.random((n, N_ITEMS)) < prob(rng.normal(mean, 1.0, n), truth())).astype(np.float64)
    known = known or {}
    columns = tuple(Column(at + 1, ("south", "north")[at % 2], known=known.get(at)) for at in range(N_ITEMS))
    nowhere = np.full_like(x, np.nan)
    return Material(columns, x, np.where(x == 1, 1.0, 2.0), nowhere, {"language": ("ky",) * n})


def silent(_stage: str, _done: int, _total: int) -> None:
    """Nobody listens."""


def test_a_linear_pretest_is_recovered_and_confirmed_by_the_second_program() -> None:
    found = calculate(linear(1500), POLICY, Options("concurrent", 3), silent)
    live = [each for each in found.items if each.outcome == "new"]
    assert len(live) == N_ITEMS
    z = [(each.figures["b"] - truth().b[at]) / each.figures["se_b"] for at, each in enumerate(live)]
    assert np.sqrt(np.mean(np.square(z))) < 1.6
    assert found.figures["second"]["asked"]
    assert found.figures["second"]["n_beyond"] == 0
    assert found.figures["second"]["correlation"]["b"] > 0.999
    assert "link" not in found.figures
    assert found.figures["dimensions"]["n_factors"] == 1
    assert {"sx2_p", "rmsd"} <= set(live[0].figures["fit"])
    assert 0.6 < found.figures["reliability"] < 0.95


def test_a_whole_design_is_linked_and_an_anchor_that_moved_is_released() -> None:
    scale = {at: Known(float(truth().a[at]), float(truth().b[at]), 0.0, 0.05, 0.05) for at in range(10)}
    scale[4] = replace(scale[4], b=scale[4].b + 1.2)
    found = calculate(linear(1500, known=scale, mean=0.7), POLICY, Options("concurrent", 3), silent)
    outcomes = [each.outcome for each in found.items]
    assert outcomes[4] == "released"
    assert outcomes.count("anchored") >= 7
    assert set(outcomes[10:]) == {"new"}
    assert "moved" in {flag["code"] for flag in found.items[4].flags}
    assert found.figures["population"]["mean"] == pytest.approx(0.7, abs=0.15)
    away = [found.items[at].figures["b"] - truth().b[at] for at in range(10, N_ITEMS)]
    assert abs(np.mean(away)) < 0.12


def test_the_same_answers_give_the_same_digest_and_one_changed_answer_another() -> None:
    material = linear(60)
    other = material.x.copy()
    other[3, 5] = 1 - other[3, 5]
    assert linear(60).digest() == material.digest()
    assert replace(material, x=other).digest() != material.digest()
    known = (replace(material.columns[0], known=Known(1.0, 0.0, 0.0)), *material.columns[1:])
    assert replace(material, columns=known).digest() != material.digest()


@pytest.mark.parametrize(
    ("n", "known", "design", "code"),
    [(300, 3, "fixed", "calibration_few_anchors"), (0, 9, "fixed", "calibration_no_answers"),
     (30, 0, "concurrent", "calibration_few_items"), (200, 3, "concurrent", "calibration_few_anchors")],
)  # fmt: skip
def test_answers_that_allow_no_run_say_why(n: int, known: int, design: str, code: str) -> None:
    scale = {at: Known(1.0, float(truth().b[at]), 0.0) for at in range(known)}
    with pytest.raises(Unfit) as caught, warnings.catch_warnings():
        calculate(linear(n, known=scale), POLICY, Options(design, 1), silent)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_the_practice_says_which_model_so_many_answers_bear() -> None:
    assert [POLICY.typed.model(n) for n in (49, 50, 99, 100)] == [None, "1PL", "1PL", "2PL"]
    assert [POLICY.guessed.model(n) for n in (49, 50)] == [None, "3PL"]
    with pytest.raises(KeyError):
        load_policy("../practice-1")


def test_flags_say_what_the_figures_show() -> None:
    plain = {"n": 300, "p": 0.5, "r": 0.4, "blank": 0.0, "a": 1.0, "b": 0.0, "c": 0.2, "se_b": 0.1, "is_known": False,
             "can_guess": True}  # fmt: skip
    assert flags_of("new", plain, POLICY) == []
    share = [[0.3, 0.3, 0.3, 0.1, 0.0]] * 4 + [[0.3, 0.6, 0.1, 0.0, 0.0]]
    options = {"key": 0, "n": [100, 120, 80, 2, 0], "share": share, "rivals": []}
    dif = [{"factor": "language", "reference": "ky", "focal": "ru", "delta": 1.8, "class": "C"}]
    loud = plain | {"options": options, "dif": dif, "a": 0.2, "c": 0.45, "b": 4.0, "se_b": 0.9, "p": 0.99, "r": 0.02,
                    "blank": 0.3, "fit": {"is_flagged": True, "rmsd": 0.1}, "second": {"is_beyond": True, "z": 2.0},
                    "drift": {"has_moved": True, "distance": 0.4}}  # fmt: skip
    found = flags_of("new", loud, POLICY)
    codes = [flag["code"] for flag in found]
    assert codes[:4] == ["strongest_choose", "misfit", "dif_c", "moved"]
    assert {"dead_option", "weak", "guessed", "far", "uncertain", "too_easy", "no_relation", "blank",
            "second_differs"} == set(codes[4:])  # fmt: skip
    assert found[0] == {"code": "strongest_choose", "option": "B", "key": "A"}
    assert found[2]["harmed"] == "ky"
    assert [flag["code"] for flag in flags_of("not_enough", plain | {"n": 12, "a": None}, POLICY)] == ["not_enough"]
