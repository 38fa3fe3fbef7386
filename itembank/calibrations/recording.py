"""What a run found is recorded: parameters of every live item, the figures of each, and where all of it comes from."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

from sqlalchemy import insert

from itembank.calibrations.analysis import Column, Found, Known, Options, Whole
from itembank.calibrations.decisions import parameters_in_use
from itembank.calibrations.models import CalibrationItem, CalibrationReport, CalibrationRun
from itembank.calibrations.policy import load_policy
from itembank.calibrations.service import NewRun, Parameters, record_calibration
from itembank.calibrations.spec import Spec
from itembank.items.content import OPTION_IDS
from itembank.items.models import Item, ItemVersion, KeyVersion
from itembank.items.service import OWN_KEYS, open_version, read
from itembank.withdrawals.queries import in_force
from server.core.errors import NotFound
from server.core.work import Work

OWN_SCALE = "own scale, theta ~ N(0, 1), D = 1"
SOFTWARE = ("numpy", "scipy", "girth")


def options_of(spec: Spec) -> Options:
    """How the run is to be made."""
    return Options(spec.design, spec.seed, spec.releases)


def columns_for(work: Work, spec: Spec, item_version_ids: set[int]) -> tuple[Column, ...]:
    """The versions that were seen, and the anchors of the reference run; not written tasks, nor what is withdrawn."""
    known = {} if spec.reference_run_id is None else parameters_in_use(work, spec.reference_run_id)
    # Who knew an item answers another one: a withdrawn one is neither estimated nor an anchor.
    withdrawn = {each.item_id for each in in_force(work)}
    columns = []
    for version_id in sorted(item_version_ids | set(known)):
        item_version = work.db.get_one(ItemVersion, version_id)
        item = work.db.get_one(Item, item_version.item_id)
        if item.subject != spec.subject or item.type == "extended_text" or item.id in withdrawn:
            continue
        n_options, key = _options(work, item, item_version)
        row = known.get(version_id)
        columns.append(Column(
            version_id, item.area, n_options, key, n_options > 0,
            None if row is None else Known(row.a, row.b, row.c, row.se_a, row.se_b),
        ))  # fmt: skip
    # The keys were opened for the letters of the options alone; no word of an item is in a run.
    work.record("calibration_opened", f"calibration:{spec.subject}", clause="DC-7", n_items=len(columns))
    return tuple(columns)


def _options(work: Work, item: Item, item_version: ItemVersion) -> tuple[int, int]:
    """How many options there are and which is right, where one is chosen; 0, 0 otherwise."""
    if item.type not in ("choice", "hotspot"):
        return 0, 0
    key_version = work.db.execute(OWN_KEYS.where(KeyVersion.item_version_id == item_version.id)).scalar_one()
    content, key = map(read, open_version(work, item_version, key_version))
    if key["kind"] != "option":
        return 0, 0
    letters = list(content["option_ids"])
    return len(letters), letters.index(key["correct"])


def option_number(letter: object, n_options: int) -> float:
    """The number of the option that was chosen; `n_options`, which stands for a blank, if none was."""
    at = OPTION_IDS.find(letter) if isinstance(letter, str) and len(letter) == 1 else -1
    return float(at if 0 <= at < n_options else n_options)


def record_run(work: Work, spec: Spec, found: Whole, left_out: dict[str, int]) -> int:
    """The run stands with all that it found; returns its id."""
    reference = None if spec.reference_run_id is None else work.db.get(CalibrationRun, spec.reference_run_id)
    if spec.reference_run_id is not None and reference is None:
        raise NotFound("not_found")
    is_linked = reference is not None and (spec.design == "fixed" or "link" in found.figures)
    is_invented = is_linked and reference is not None and reference.source == "demonstration"
    models = sorted({each.model for each in found.items if each.outcome in ("new", "released")}) or ["3PL"]
    run_id = record_calibration(work, NewRun(
        subject=spec.subject, source="demonstration" if is_invented else "estimated", is_on_invented_scale=is_invented,
        model=models[0] if len(models) == 1 else "mixed",
        scale=reference.scale if is_linked and reference is not None else OWN_SCALE,
        n_persons=found.n_persons, sigma=found.sigma,
        parameters=[_parameters(each, found.sigma is not None) for each in found.items
                    if each.figures["b"] is not None],
    ))  # fmt: skip
    work.db.add(CalibrationReport(
        run_id=run_id, reference_run_id=spec.reference_run_id, design=spec.design, digest=found.digest, seed=spec.seed,
        lineage=lineage(spec), figures={**found.figures, "left_out": {**found.figures["left_out"], **left_out}},
    ))  # fmt: skip
    work.db.execute(insert(CalibrationItem), [
        {"run_id": run_id, "item_version_id": each.item_version_id, "outcome": each.outcome, "model": each.model,
         "n": each.n, "figures": each.figures, "flags": each.flags}
        for each in found.items
    ])  # fmt: skip
    return run_id


def lineage(spec: Spec) -> dict[str, Any]:
    """All that the answers themselves do not say and a repetition needs."""
    policy = load_policy(spec.policy)
    software = {name: version(name) for name in SOFTWARE} | {"python": platform.python_version()}
    return {"spec": spec.to_json(), "policy": policy.code, "policy_digest": policy.digest, "software": software,
            "machine": platform.machine()}  # fmt: skip


def _parameters(found: Found, is_timed: bool) -> Parameters:
    figures = found.figures
    times = figures["times"] if is_timed else {"alpha": None, "beta": None}
    return Parameters(
        found.item_version_id, figures["a"], figures["b"], figures["c"], figures["se_a"], figures["se_b"],
        figures["se_c"], times["alpha"], times["beta"],
    )  # fmt: skip
