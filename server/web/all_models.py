"""Every table, imported once, for migrations and for the tests that compare them with the models."""

import itembank.authoring.models
import itembank.blueprints.drafts.models
import itembank.blueprints.models
import itembank.calibrations.models
import itembank.exports.models
import itembank.forms.models
import itembank.interchange.models
import itembank.inventory.models
import itembank.items.models
import itembank.pretests.models
import itembank.recipes.models
import itembank.rehearsals.models
import itembank.withdrawals.models
import proctor.archive.models
import proctor.calls.models
import proctor.cameras.models
import proctor.incidents.models
import proctor.irregularities.models
import proctor.monitoring.models
import proctor.observers.models
import proctor.rooms.models
import server.accounts.models
import server.appeals.models
import server.candidates.cases.models
import server.candidates.models
import server.core.events
import server.core.journal
import server.core.machine
import server.core.tasks.models
import server.delivery.absences.models
import server.delivery.additional.models
import server.delivery.claims.models
import server.delivery.media.models
import server.delivery.models
import server.delivery.pretests.models
import server.delivery.seb.models
import server.grading.control.models
import server.grading.lists.models
import server.grading.models
import server.grading.outcomes.models
import server.grading.rescoring.models
import server.marking.models
import server.statements.models
from server.core.db import Base

metadata = Base.metadata
