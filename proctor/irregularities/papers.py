"""The protocol of a violation (DC-15): who, what, when, the candidate's own words, and who has signed it how."""

from __future__ import annotations

from proctor.irregularities.protocols import ProtocolRef, Signer, protocol_of
from proctor.irregularities.queries import IrregularityRef, open_irregularities
from proctor.irregularities.rules import Violation, ViolationsRule
from proctor.rooms.papers import note
from proctor.rooms.papers.setting import OpenRoom, Setting, Sitter, set_up
from proctor.rooms.papers.signatures import signature_table
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
        written = protocol_of(work, each.id)
        page = _page(setting, sitter, each, written, staff.get(each.reported_by, ""))
        blocks += [*([NewPage()] if blocks else []), *page]
    return setting.paper(_("Protocol of a violation"), *blocks)


def _page(
    setting: Setting, sitter: Sitter, found: IrregularityRef, written: ProtocolRef | None, reporter: str
) -> list[Block]:
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
        (_("Reported by"), reporter), *_version(setting, written),
    )  # fmt: skip
    narrative = written.narrative if written else found.narrative
    return [
        Facts((*setting.facts(), *who)),
        Heading(_("What happened")), Facts(what),
        *([Text(narrative)] if narrative else [Lines(EMPTY_LINES)]),
        Heading(_("Consequence")), *(Text(each) for each in _consequences(rule, found)),
        Heading(_("The candidate's statement")), *_statement(written),
        Heading(_("Signatures")), *_signed(setting, written),
        _to_sign(sitter, found, written, reporter, rule.witnesses_min),
    ]  # fmt: skip


def _version(setting: Setting, written: ProtocolRef | None) -> list[tuple[str, str]]:
    if written is None:
        return []
    lines = [(_("Written"), setting.clock(written.written_at, "d MMMM y, HH:mm:ss")),
             (_("Digest of the text"), written.digest)]  # fmt: skip
    if written.version > 1:
        why = _("%(version)s, corrected: %(reason)s", version=written.version, reason=written.reason)
        lines.append((_("Version"), why))
    return lines


def _severity(act: Violation | None) -> str:
    words = {"minor": _("minor"), "serious": _("serious"), "grave": _("grave")}
    return words[act.severity] if act else ""


def _consequences(rule: ViolationsRule, found: IrregularityRef) -> list[str]:
    if found.consequence == "warning":
        return [_("The candidate is warned.")]
    if found.consequence == "pause":
        return [_("The candidate is warned and the test is paused.")]
    said = [_("The candidate is removed from the test; it ended at that moment.")]
    if not rule.may_reenter:
        said.append(_("Whoever is removed may not come back."))
    if rule.forfeits_certificate:
        said.append(_("Whoever is removed loses the right to the certificate."))
    return said


def _statement(written: ProtocolRef | None) -> list[Block]:
    if written and written.statement:
        return [Text(written.statement, "said")]
    if written and written.is_statement_asked:
        return [Text(_("A statement was asked for; the candidate declined to give one."), "note")]
    return [Lines(EMPTY_LINES)]


def _signed(setting: Setting, written: ProtocolRef | None) -> list[Block]:
    if written is None:
        return []
    rows = [(_role(each), each.name, each.signature) for each in written.signers if each.signature]
    table = signature_table(setting, [(role, name, one) for role, name, one in rows if one])
    broken = _("Signatures that do not fit this text: %(n)s. They are not counted.", n=len(written.broken))
    return [*([table] if table else []), *([Text(broken, "note")] if written.broken else [])]


def _to_sign(
    sitter: Sitter, found: IrregularityRef, written: ProtocolRef | None, reporter: str, witnesses_min: int
) -> Signatures:
    """Lines for those who have not signed at the console, and always one for the candidate."""
    if written:
        open_ones = [(_role(each), each.name) for each in written.signers if not each.signature]
    else:
        wanted = witnesses_min if found.consequence == "removal" else 0
        open_ones = [(_("Proctor"), reporter), *((_("Witness"), "") for _n in range(wanted))]
    candidate = (_("Candidate (or a note that signing was refused)"), sitter.session.name)
    return Signatures((*open_ones, candidate), _("signature, date"))


def _role(signer: Signer) -> str:
    if signer.role == "reporter":
        return _("Proctor")
    return _("Witness") + (f", {signer.position}" if signer.position else "")
