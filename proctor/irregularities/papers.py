"""The protocol of a violation (DC-15): who, what, when, the witnesses and the candidate's own words, each to sign."""

from __future__ import annotations

from proctor.irregularities.queries import IrregularityRef, open_irregularities
from proctor.irregularities.rules import Violation, ViolationsRule
from proctor.rooms.papers import note
from proctor.rooms.papers.setting import OpenRoom, Setting, Sitter, set_up
from server import accounts
from server.core.errors import NotFound
from server.core.i18n import _, language, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, Lines, NewPage, Signatures, Text
from server.core.terms import find
from server.core.work import Work

EMPTY_LINES = 4


def print_protocol(work: Work, room: OpenRoom, session_id: int, tongue: str, origin: str) -> Printed:
    """Every protocol on a candidate of the room, each on a page of its own; NotFound where there is none."""
    with speaking(tongue):
        setting = set_up(work, *room, origin)
        sitter = next((each for each in setting.sitters if each.session.id == session_id), None)
        found = open_irregularities(work, session_id) if sitter is not None else ()
        if sitter is None or not found:
            raise NotFound("not_found")
        printed = press(work.vault, protocol(work, setting, sitter, found))
    note(work, printed, "protocol", tongue, room[0].id, session=session_id)
    return printed


def protocol(work: Work, setting: Setting, sitter: Sitter, found: tuple[IrregularityRef, ...]) -> Paper:
    """The paper of these violations of one candidate."""
    staff = accounts.staff_names(work, {each.reported_by for each in found})
    blocks: list[Block] = []
    for each in found:
        blocks += [*([NewPage()] if blocks else []), *_page(setting, sitter, each, staff.get(each.reported_by, ""))]
    return setting.paper(_("Protocol of a violation"), *blocks)


def _page(setting: Setting, sitter: Sitter, found: IrregularityRef, reporter: str) -> list[Block]:
    rule = setting.sitting.edition.get("DC-15", ViolationsRule)
    act = find(rule.violations, found.violation)
    who = (
        (_("Candidate"), sitter.session.name), (_("Registration number"), sitter.number),
        (_("School"), sitter.school), (_("Seat"), sitter.seat.number),
    )  # fmt: skip
    when = setting.clock(found.reported_at, "d MMMM y, HH:mm:ss")
    what = (
        (_("When"), when), (_("Violation"), act.title(language()) if act else found.violation),
        (_("Severity"), _severity(act)), (_("Clause"), setting.sitting.edition.label("DC-15", language())),
    )  # fmt: skip
    return [
        Facts((*setting.facts(), *who)),
        Heading(_("What happened")), Facts(what),
        *([Text(found.narrative)] if found.narrative else [Lines(EMPTY_LINES)]),
        Heading(_("Consequence")), *(Text(each) for each in _consequences(rule, found)),
        Heading(_("The candidate's statement")), *_statement(found),
        Heading(_("Signatures")), _signatures(sitter, found, reporter, rule.witnesses_min),
    ]  # fmt: skip


def _severity(act: Violation | None) -> str:
    words = {"minor": _("minor"), "serious": _("serious"), "grave": _("grave")}
    return words[act.severity] if act else ""


def _consequences(rule: ViolationsRule, found: IrregularityRef) -> list[str]:
    if found.consequence == "warning":
        return [_("The candidate is warned.")]
    said = [_("The candidate is removed from the test; it ended at that moment.")]
    if not rule.may_reenter:
        said.append(_("Whoever is removed may not come back."))
    if rule.forfeits_certificate:
        said.append(_("Whoever is removed loses the right to the certificate."))
    return said


def _statement(found: IrregularityRef) -> list[Block]:
    if found.statement:
        return [Text(found.statement, "said")]
    if found.consequence == "removal":
        asked = _("A statement was asked for and was not given. It may be written here:")
        return [Text(asked, "note"), Lines(EMPTY_LINES)]
    return [Lines(EMPTY_LINES)]


def _signatures(sitter: Sitter, found: IrregularityRef, reporter: str, witnesses_min: int) -> Signatures:
    witnesses = found.witnesses or (("",) * witnesses_min if found.consequence == "removal" else ())
    signers = [(_("Proctor"), reporter), *((_("Witness"), name) for name in witnesses),
               (_("Candidate (or a note that signing was refused)"), sitter.session.name)]  # fmt: skip
    return Signatures(tuple(signers), _("signature, date"))
