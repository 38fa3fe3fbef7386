"""`python -m benchmarks.calibration`: our estimator, girth and PyPI mirt on the same generated data in one run.

Each fit runs in a process of its own with one thread: CPU seconds of the fit alone (data, imports and a first small
fit are not counted), RMSE against the true parameters, peak memory of the whole process. The last line is one JSON
object; figures are medians over the seeds, `peak_mb` is the highest. Everyone at their defaults, but for the 3PL,
where mirt has the Beta prior on c of its documentation; ours has the same and its own on a. girth gives no standard
errors, mirt does: ours are timed without (`ours_cpu_s`, `girth_ratio`, `mirt_ratio`) and with (`mirt_se_ratio`)."""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.machine import ONE_THREAD, machine  # sets the number of threads, so before numpy

# isort: split
import numpy as np

from benchmarks.responses import Pretest, Responses, adaptive_pretest, dichotomous, graded, partial_credit
from irt.arrays import Floats

C_PRIOR = (5.0, 17.0)  # Beta on c, the one PyPI mirt's documentation gives; ours has the same
Estimates = tuple[Floats, Floats, Floats | None, dict[str, Any]]  # a (n,), b (n, thresholds), c (n,), notes
Fit = Callable[[], Estimates]


@dataclass(frozen=True)
class Case:
    """One row of the report: what is fitted to what, and by whom."""

    model: str
    n_persons: int
    fitters: tuple[str, ...]
    n_items: int = 60


FPC_PERSONS = 10_000
CASES = {
    "2pl_20000x60": Case("2PL", 20_000, ("ours", "ours_se", "girth", "mirt")),
    "3pl_5000x60": Case("3PL", 5_000, ("ours", "ours_se", "girth", "mirt")),
    "grm_5000x60": Case("GRM", 5_000, ("ours", "ours_se", "girth", "mirt")),
    "gpcm_5000x60": Case("GPCM", 5_000, ("ours", "ours_se", "girth", "mirt")),
    "2pl_1000000x60": Case("2PL", 1_000_000, ("ours",)),
    "fpc_2pl": Case("2PL", FPC_PERSONS, ("pretest", "pretest_se")),
    "fpc_3pl": Case("3PL", FPC_PERSONS, ("pretest", "pretest_se")),
}


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.calibration", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="data sets of each kind; the report has medians")
    parser.add_argument("--only", choices=CASES, action="append", help="this row only; may be repeated")
    parser.add_argument(
        "--fitter", choices=FITTERS, action="append", help="this fitter only; may be repeated"
    )
    parser.add_argument("--child", nargs=3, metavar=("CASE", "FITTER", "SEED"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        key, fitter, seed = options.child
        print(json.dumps(measured(key, fitter, int(seed))))
        return
    found: dict[str, Any] = {key: row(key, options.seeds, options.fitter) for key in options.only or CASES}
    found["machine"] = machine("girth", "mirt")
    found["seeds"] = options.seeds
    print(json.dumps(found))


def row(key: str, n_seeds: int, only: list[str] | None) -> dict[str, Any]:
    """Medians over the seeds of all the fitters of a case, and how many times faster we were."""
    figures: dict[str, Any] = {}
    for fitter in CASES[key].fitters:
        if only and fitter not in only:
            continue
        runs = []
        for seed in range(n_seeds):
            runs.append(in_a_process(key, fitter, seed))
            print(f"{key} {fitter} seed {seed}: {runs[-1]}", flush=True)
            if "error" in runs[-1]:
                break
        figures |= named(fitter, runs)
    # girth gives no standard errors and mirt does, so mirt is also held against our fit with them.
    for peer, fitter, ratio in (
        ("girth", "ours", "girth"),
        ("mirt", "ours", "mirt"),
        ("mirt", "ours_se", "mirt_se"),
    ):
        theirs, own = figures.get(f"{peer}_cpu_s"), figures.get(f"{fitter}_cpu_s")
        if theirs and own:
            figures[f"{ratio}_ratio"] = round(theirs / own, 1)
    return figures


def named(fitter: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Medians under the names of the report: `girth_cpu_s`, `mirt_rmse_a`; a pretest's figures without prefix."""
    prefix = {"pretest": "", "pretest_se": "se_"}.get(fitter, f"{fitter}_")
    figures: dict[str, Any] = {}
    for name in runs[-1]:
        values = [run[name] for run in runs if run.get(name) is not None]
        if name == "error":
            figures[f"{prefix}error"] = values[-1]
        elif name == "converged":
            figures[f"{prefix}converged"] = all(values)
        elif name == "peak_mb":
            figures["peak_mb" if fitter in ("ours", "pretest") else f"{prefix}peak_mb"] = max(values)
        elif values:
            figures[prefix + name] = round(statistics.median(values), 4)
    return figures


def in_a_process(key: str, fitter: str, seed: int) -> dict[str, Any]:
    """One fit measured in a new process; one that dies says so."""
    command = [sys.executable, "-m", "benchmarks.calibration", "--child", key, fitter, str(seed)]
    done = subprocess.run(command, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no message"])[-1]
        return {"error": f"exit {done.returncode}: {reason}"}
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def measured(key: str, fitter: str, seed: int) -> dict[str, Any]:
    """CPU seconds, RMSE and peak memory of one fit, in this process."""
    case = CASES[key]
    make = FITTERS[fitter]
    try:
        make(case.model, drawn(case, 300, seed=10**6))()  # imports and first-use tables are nobody's fit
        data = drawn(case, case.n_persons, seed)
        fit = make(case.model, data)
        started = time.process_time()
        a, b, c, notes = fit()
        cpu_s = time.process_time() - started
    except Exception as error:  # a peer may raise anything, and that is its result
        return {"error": f"{type(error).__name__}: {error}"}
    figures: dict[str, Any] = {"cpu_s": round(cpu_s, 4)}
    truth = (
        (data.new.a, data.new.b[:, None], data.new.c)
        if isinstance(data, Pretest)
        else (data.a, data.b, data.c)
    )
    figures |= {"rmse_a": rmse(a, truth[0]), "rmse_b": rmse(b, truth[1])}
    if c is not None:
        figures["rmse_c"] = rmse(c, truth[2])
    return figures | notes | {"peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}


def drawn(case: Case, n_persons: int, seed: int) -> Responses | Pretest:
    """The data of a seed; all fitters of a case get the same."""
    rng = np.random.default_rng(seed)
    guessing = case.model == "3PL"
    if "pretest" in case.fitters:
        return adaptive_pretest(rng, n_persons, guessing)
    if case.model == "GRM":
        return graded(rng, n_persons, case.n_items)
    if case.model == "GPCM":
        return partial_credit(rng, n_persons, case.n_items)
    # A million rows come as bytes, as a bank would keep them; the peers' sizes as floats.
    return dichotomous(rng, n_persons, case.n_items, guessing, np.int8 if n_persons > 100_000 else np.float64)


def rmse(estimate: Floats, truth: Floats) -> float:
    """Root mean squared error over what was estimated (nan was not)."""
    return round(float(np.sqrt(np.nanmean((estimate - truth) ** 2))), 5)


def ours(model: str, data: Responses | Pretest, *, standard_errors: bool = False) -> Fit:
    """irt.calibration."""
    from irt.calibration import Settings, calibrate

    settings = Settings(standard_errors=standard_errors)

    def fit() -> Estimates:
        return reported(calibrate(data.x, model, settings=settings), data.x.shape[1])

    return fit


def ours_se(model: str, data: Responses | Pretest) -> Fit:
    """irt.calibration with standard errors."""
    return ours(model, data, standard_errors=True)


def pretest(model: str, data: Responses | Pretest, *, standard_errors: bool = False) -> Fit:
    """Fixed-parameter calibration of the new items."""
    from irt.calibration import Settings, calibrate_pretest

    assert isinstance(data, Pretest)
    settings = Settings(standard_errors=standard_errors)

    def fit() -> Estimates:
        found = calibrate_pretest(data.x, data.known, model, settings=settings)
        a, b, c, notes = reported(found, data.x.shape[1])
        n_known = len(data.known)
        population = found.populations[0]
        notes |= {"mean": round(population.mean, 4), "sd": round(population.sd, 4)}
        return a[n_known:], b[n_known:], None if c is None else c[n_known:], notes

    return fit


def pretest_se(model: str, data: Responses | Pretest) -> Fit:
    """Fixed-parameter calibration with standard errors."""
    return pretest(model, data, standard_errors=True)


def reported(found: Any, n_items: int) -> Estimates:
    """A Calibration's estimates in the columns of x; nan for what was refused."""

    def column(name: str) -> Floats:
        values = np.full(n_items, np.nan)
        values[found.indices] = found.estimates[name]
        return values

    names = [name for name in found.estimates if name.startswith("b")]
    c = column("c") if "c" in found.estimates else None
    notes = {"converged": found.converged, "iterations": found.n_iterations, "refused": len(found.refused)}
    return column("a"), np.column_stack([column(name) for name in names]), c, notes


def girth(model: str, data: Responses | Pretest) -> Fit:
    """girth with its default of 25 iterations at most, through the module that tames it."""
    from irt._girth import estimate

    x = data.x.astype(np.intp)

    def fit() -> Estimates:
        found = estimate(x, model, max_iterations=25)
        return found.a, found.b, None, {"converged": found.converged, "iterations": found.n_iterations}

    return fit


def mirt(model: str, data: Responses | Pretest) -> Fit:
    """PyPI mirt at its defaults; its 3PL with the Beta prior on c that its documentation gives."""
    from mirt import fit_mirt
    from mirt.estimation.priors import BetaPrior

    x = data.x.astype(np.intp)
    extra = {"priors": {"guessing": BetaPrior(*C_PRIOR)}} if model == "3PL" else {}

    def fit() -> Estimates:
        found = fit_mirt(x, model, **extra)
        parameters = found.model.parameters
        b = next(parameters[name] for name in ("difficulty", "thresholds", "steps") if name in parameters)
        a = parameters["discrimination"].ravel()
        notes = {"converged": bool(found.converged), "iterations": int(found.n_iterations)}
        return a, np.asarray(b).reshape(a.size, -1), parameters.get("guessing"), notes

    return fit


FITTERS: dict[str, Callable[[str, Responses | Pretest], Fit]] = {
    "ours": ours,
    "ours_se": ours_se,
    "pretest": pretest,
    "pretest_se": pretest_se,
    "girth": girth,
    "mirt": mirt,
}


if __name__ == "__main__":
    main()
