"""The pool that a psychometrician asks for: the items that may enter, the rehearsal that speaks for it."""

from __future__ import annotations

from collections.abc import Sequence

from itembank.blueprints.choice import entries
from itembank.blueprints.drafts.law import in_force
from itembank.blueprints.models import Blueprint
from itembank.blueprints.service import NewPool, publish_pool
from itembank.blueprints.spec import Spec
from itembank.rehearsals.models import Rehearsal
from server.core.errors import Invalid, NotFound
from server.core.work import Work


def publish_chosen(
    work: Work,
    blueprint_id: int,
    run_id: int,
    *,
    languages: Sequence[str],
    written: Sequence[str],
    rehearsal_id: int,
    left_out: int,
) -> int:
    """The pool of all items of the run that may enter stands; `left_out` is how many were shown as left out.

    Invalid if they are others by now, or if no rehearsal of this blueprint on these items lies before it."""
    blueprint = work.db.get(Blueprint, blueprint_id)
    if blueprint is None:
        raise NotFound("not_found")
    spec = Spec.from_json(blueprint.spec)
    rehearsal = work.db.get(Rehearsal, rehearsal_id)
    if rehearsal is None or rehearsal.calibration_run_id != run_id or rehearsal.spec != spec.to_json():
        raise Invalid("pool_not_rehearsed")
    if not languages:
        raise Invalid("pool_no_language")
    found = entries(work, run_id)
    fit = [each.version_id for each in found if each.fault(spec.areas, languages) is None]
    if len(found) - len(fit) != left_out:
        raise Invalid("pool_left_out", n=len(found) - len(fit))
    new = NewPool(
        blueprint_id=blueprint_id, calibration_run_id=run_id, languages=tuple(languages), written=tuple(written),
        versions=tuple(fit), rehearsal=(rehearsal.id, rehearsal.digest),
    )  # fmt: skip
    return publish_pool(work, new, in_force())
