"""What is said where answers do not allow a calibration; the reader is a psychometrician who chose the sittings."""

from __future__ import annotations

from server.web.messages.marking import N_

CALIBRATIONS = {
    "calibration_no_answers": N_(
        "There are no answers to calculate from: no session of these sittings is finished and sealed."
    ),
    "calibration_few_anchors": N_(
        "Only %(n)s items with known parameters were answered; at least %(least)s are needed to keep the scale. "
        "Choose another reference, or more sittings."
    ),
    "calibration_few_items": N_(
        "Only %(n)s items have enough answers; at least %(least)s are needed. Choose more sittings."
    ),
    "calibration_not_converged": N_(
        "The estimates did not settle. Look whether the design suits the answers, or choose more sittings."
    ),
    "calibration_no_link": N_(
        "Of the %(n)s common items too many have moved, so no link to the reference can be trusted."
    ),
    "calibration_nothing_left": N_("No item has parameters: there was nothing to record."),
}
