"""The attendance sheet: before the day a form to be filled in by hand, afterwards what the desk has on record."""

from __future__ import annotations

from proctor.rooms.desk import FINGERPRINT
from proctor.rooms.papers.setting import Setting, Sitter
from proctor.rooms.papers.signatures import closing_signatures
from proctor.rooms.rules import IdentityRule
from server.core.i18n import _, language
from server.core.paper import Paper
from server.core.paper.blocks import Facts, Signatures, Table, Text
from server.core.terms import find
from server.core.work import Work

MINUTE = 60
ROW_MM = 9.5


def sheet(work: Work, setting: Setting) -> Paper:
    """Every seat taken: number, name, document, arrival, two signatures."""
    head = (_("Seat"), _("Registration number"), _("Name"), _("Document seen"), _("Arrival"),
            _("Signature on entering"), _("Signature on leaving"))  # fmt: skip
    rows = tuple(
        (each.seat.number, each.number, named(each), document(setting, each), arrival(setting, each), "", "")
        for each in setting.sitters
    )
    note = _("Late is counted from the start of the test (DC-16). "
             "Absent is who had not come when the room was closed.")  # fmt: skip
    return setting.paper(
        _("Attendance sheet"),
        Facts(setting.facts()),
        Table(head, rows, (0, 0, 3, 2, 2, 2, 2), ROW_MM),
        Facts(counts(setting)),
        Text(note, "note"),
        *closing_signatures(work, setting),
        Signatures(setting.proctors(), _("signature, date")),
        is_wide=True,
    )


def named(sitter: Sitter) -> str:
    """The candidate's name, with the conditions that were decided (DC-12)."""
    return " · ".join((sitter.session.name, *sitter.conditions))


def document(setting: Setting, sitter: Sitter) -> str:
    """The document seen, whether refused, and the decision's fingerprint; nothing before the desk saw one."""
    if sitter.check is None:
        return ""
    known = find(setting.sitting.edition.get("DC-9", IdentityRule).documents, sitter.check.document_kind)
    kind = known.title(language()) if known else sitter.check.document_kind
    said = kind if sitter.check.verdict == "confirmed" else _("%(document)s: refused", document=kind)
    return f"{said} · {sitter.check.fingerprint[:FINGERPRINT]}"


def arrival(setting: Setting, sitter: Sitter) -> str:
    """When the candidate was let in and how late, or that they never were."""
    if sitter.session.state == "absent":
        return absent(sitter)
    if sitter.admission is None:
        return ""
    at = setting.clock(sitter.admission.admitted_at, "HH:mm:ss")
    if not sitter.admission.late_s:
        return at
    return _("%(at)s, %(late)s late", at=at, late=minutes(sitter.admission.late_s))


def absent(sitter: Sitter) -> str:
    """That the candidate did not come, and whether a valid reason is on record (DC-16); or was not to come."""
    if sitter.is_called_off:
        return _("the place was taken back")
    return _("absent, with a valid reason") if sitter.has_reason else _("absent")


def minutes(seconds: int) -> str:
    """Minutes and seconds as a clock shows them."""
    return f"{seconds // MINUTE}:{seconds % MINUTE:02d}"


def counts(setting: Setting) -> tuple[tuple[str, str], ...]:
    """How many were seated, admitted, late, refused at the desk, removed and absent."""
    sat = setting.sitters
    refused = [each for each in sat if each.check and each.check.verdict == "refused" and not each.admission]
    return (
        (_("Candidates seated"), str(len(sat))),
        (_("Admitted"), str(sum(each.admission is not None for each in sat))),
        (_("Admitted late"), str(sum(bool(each.admission and each.admission.late_s) for each in sat))),
        (_("Refused at the desk"), str(len(refused))),
        (_("Removed from the test"), str(sum(each.session.state == "removed" for each in sat))),
        (_("Absent"), str(sum(each.session.state == "absent" and not each.is_called_off for each in sat))),
    )
