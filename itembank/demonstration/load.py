"""The demonstration bank: four subjects sealed, given invented parameters, and published as pools."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from itembank.authoring.service import admit
from itembank.blueprints.models import Pool
from itembank.blueprints.rules import Approval
from itembank.blueprints.service import NewBlueprint, NewPool, publish_blueprint, publish_pool
from itembank.calibrations.models import CalibrationRun
from itembank.calibrations.service import NewRun, Parameters, record_calibration
from itembank.demonstration.parameters import invented
from itembank.demonstration.sources import SUBJECTS, Source, source_of
from itembank.items.content import NewItem
from server.core.regulation import Edition, load_edition
from server.core.terms import local_day
from server.core.work import Work

Progress = Callable[[str, int, int], None]

COMMISSION = (
    Approval("Жылдыз Асанбекова", True),
    Approval("Бакыт Осмонов", False),
    Approval("Наталья Громова", False),
)


def demonstration_bank(
    work: Work, progress: Progress | None = None, edition: Edition | None = None
) -> dict[str, int]:
    """A pool id per subject; a subject that already has its demonstration pool keeps it.

    `progress(subject, done, total)` is called after each item."""
    edition = edition or load_edition("kg-distinction", "2013")
    tell = progress or (lambda _subject, _done, _total: None)
    return {
        subject: _published(work, subject) or _publish(work, source_of(subject), edition, tell)
        for subject in SUBJECTS
    }


def _published(work: Work, subject: str) -> int | None:
    return work.db.scalar(
        select(Pool.id)
        .join(CalibrationRun, CalibrationRun.id == Pool.calibration_run_id)
        .where(Pool.subject == subject, CalibrationRun.source == "demonstration")
        .order_by(Pool.id.desc())
        .limit(1)
    )


def _publish(work: Work, source: Source, edition: Edition, tell: Progress) -> int:
    parameters = []
    for done, item in enumerate(source.items, start=1):
        parameters.append(Parameters(admit(work, item), *_invented(item)))
        tell(source.subject, done, len(source.items))
    run_id = record_calibration(
        work,
        NewRun(
            subject=source.subject,
            source="demonstration",
            model="3PL",
            scale="theta ~ N(0, 1), D = 1",
            n_persons=0,
            parameters=parameters,
        ),
    )
    blueprint = NewBlueprint(
        subject=source.subject,
        spec=source.spec,
        approvals=COMMISSION,
        commission_year=local_day(work.now, edition.zone).year,
        order_no="DEMO",
    )
    blueprint_id = publish_blueprint(work, blueprint, edition)
    for item in source.written:
        admit(work, item)
    for item in source.new:
        admit(work, item, "pretest")
    return publish_pool(work, NewPool(blueprint_id=blueprint_id, calibration_run_id=run_id,
                                      languages=source.languages, written=tuple(item.code for item in source.written)),
                        edition)  # fmt: skip


def _invented(item: NewItem) -> tuple[float, float, float]:
    # Chance finds one option of four, hardly ever several, an order or all places of an item.
    is_one = item.type in ("choice", "hotspot") and item.n_right == 1
    n_options = len(next(iter(item.texts.values())).options) if is_one else 0
    return invented(item.code, item.tier, n_options)
