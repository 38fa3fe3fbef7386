"""Whose right a sitting does not decide: who was exempted from the test, and who missed it with a valid reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from server.candidates import cases
from server.candidates.cases.queries import taken_back_of
from server.candidates.rules import ExemptionRule
from server.core.i18n import _, language
from server.core.work import Work
from server.delivery import SittingRef
from server.delivery.absences.queries import reasons
from server.grading.lists.standing import Row

EXEMPTION, MAKE_UP = "DC-17", "DC-18"
CLAUSES = {"exemption": EXEMPTION, "extension": "CS-12"}


@dataclass(frozen=True)
class Spared:
    """Why there is no result and no admission on papers either, in the reader's language, with the clause."""

    text: str
    clause: str


def spared(work: Work, sitting: SittingRef, rows: Sequence[Row]) -> Mapping[int, Spared]:
    """Session → why the sitting does not decide its right, of those on a list to whom that happened."""
    absent = [row for row in rows if row.state == "absent"]
    exempt = cases.exempt(work, [row.registration_id for row in absent])
    excused = reasons(work, [row.session_id for row in absent])
    edition, tongue = sitting.edition, language()
    found = {
        row.session_id: Spared(
            _("The candidate was absent with a valid reason: the right is decided by the additional test."),
            edition.label(MAKE_UP, tongue),
        )
        for row in absent if row.session_id in excused
    }  # fmt: skip
    whole = [_("The candidate is exempted from the test by the ministry's decision.")]
    if edition.get(EXEMPTION, ExemptionRule).sits_attestation:
        whole.append(_("Who is exempted takes the state attestation on general terms."))
    said = Spared(" ".join(whole), edition.label(EXEMPTION, tongue))
    return found | {row.session_id: said for row in absent if row.registration_id in exempt}


def no_longer_spared(work: Work, sitting: SittingRef, rows: Sequence[Row]) -> Mapping[int, Spared]:
    """Session → that the decision which spared its candidate was taken back, of those whom nothing spares now."""
    still = spared(work, sitting, rows)
    absent = {row.session_id: row.registration_id for row in rows if row.state == "absent"}
    taken = taken_back_of(work, set(absent.values()))
    edition, tongue = sitting.edition, language()
    return {
        session_id: Spared(_taken_back(*taken[who]), edition.label(CLAUSES.get(taken[who][0], MAKE_UP), tongue))
        for session_id, who in absent.items() if who in taken and session_id not in still
    }  # fmt: skip


def _taken_back(kind: str, order: str, day: date) -> str:
    said = {"order": order, "day": day.strftime("%d.%m.%Y")}
    if kind == "exemption":
        return _("The decision that exempted the candidate from the test was taken back: %(order)s, %(day)s.", **said)
    return _("The decision that excused the absence was taken back: %(order)s, %(day)s.", **said)
