"""The list of features that have pages, in the order of the pipeline."""

from __future__ import annotations

from flask import Blueprint

from itembank.authoring.editor.routes import bp as manuscripts
from itembank.authoring.routes import blueprints as authoring
from itembank.blueprints.drafts.routes import bp as drafts
from itembank.blueprints.pools.routes import bp as pools
from itembank.blueprints.routes import bp as bank
from itembank.calibrations.routes import bp as calibrations
from itembank.corrections.routes import bp as corrections
from itembank.exports.routes import bp as exports
from itembank.forms.routes import bp as forms
from itembank.interchange.routes import bp as interchange
from itembank.inventory.routes import bp as inventory
from itembank.outlines.routes import bp as outlines
from itembank.recipes.routes import bp as recipes
from itembank.rehearsals.routes import bp as rehearsals
from proctor.archive.routes import bp as archive
from proctor.calls.routes import bp as calls
from proctor.cameras.routes import bp as cameras
from proctor.incidents.routes import bp as incidents
from proctor.irregularities.routes import bp as irregularities
from proctor.monitoring.routes import bp as monitoring
from proctor.observers.routes import bp as observers
from proctor.rooms.routes import bp as rooms
from server.accounts.routes import bp as accounts
from server.accounts.second_factor.routes import bp as second_factor
from server.appeals.casefile.routes import bp as casefile
from server.appeals.routes.commission import bp as appeals
from server.appeals.routes.office import bp as appeals_office
from server.appeals.routes.own import bp as own_appeals
from server.candidates.routes import lists as candidates
from server.delivery.conditions.routes import bp as conditions
from server.delivery.media.routes import bp as media
from server.delivery.pretests.routes import bp as pretests
from server.delivery.routes import bp as delivery
from server.delivery.seb.routes import bp as seb
from server.delivery.tools.routes import bp as tools
from server.edge.tasks.routes import bp as tasks
from server.grading.cases.routes import additional, cases
from server.grading.control.routes import bp as control
from server.grading.lists.routes import bp as lists
from server.grading.rescoring.routes import bp as rescoring
from server.grading.routes import bp as grading
from server.marking.routes import desk as marking
from server.marking.routes import office as marking_office
from server.quality.calibrating.routes import bp as calibrating
from server.reports.analysis.routes import bp as analysis
from server.reports.leaks.routes import bp as leaks
from server.reports.outcome.routes import bp as outcome
from server.reports.readings.routes import bp as readings
from server.reports.routes import bp as reports
from server.reports.score.routes import bp as score
from server.statements.routes import bp as statements
from server.web.routes import bp as front


def blueprints() -> tuple[Blueprint, ...]:
    """Every blueprint of the product."""
    return (
        front, accounts, second_factor, candidates, conditions, bank, inventory, recipes, interchange,
        outlines, drafts, rehearsals, pools, forms, tasks, *authoring, manuscripts,
        delivery, media, pretests, seb, tools, rooms, observers, cameras, archive, calls, incidents, irregularities,
        monitoring, rescoring, marking, marking_office, grading, lists, cases, additional, control,
        appeals, appeals_office, own_appeals, casefile,
        corrections, exports, calibrations, calibrating, leaks, statements, readings, reports, score, analysis, outcome,
    )  # fmt: skip
