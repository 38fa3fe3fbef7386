"""Notices of the approved results, a page for each candidate and the parents, to print and hand out (DC-29)."""

from __future__ import annotations

from collections.abc import Sequence

from server.core.errors import NotFound, Stale
from server.core.i18n import _, language, local_time, ngettext, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, NewPage, Points, Text
from server.core.paper.foot import checked_foot
from server.core.work import Work
from server.delivery import SittingRef
from server.grading.lists import queries as lists
from server.grading.lists.papers import told_blocks
from server.grading.lists.standing import Row
from server.grading.lists.views import Shown, seen_by_candidate
from server.grading.rules import ChoiceSubjectRule, NotConfirmedRule
from server.statements.papers import DAY, rights_blocks
from server.statements.queries import ApprovalRef
from server.statements.service import ADMISSION, APPROVAL, CHOICE
from server.statements.spared import Spared, no_longer_spared, spared
from server.statements.views import Final, Person

KIND = "final_notice"


def print_notices(work: Work, final: Final, people: Sequence[Person], tongue: str, origin: str) -> Printed:
    """A notice to each of them, of what the ministry approved; each is a reading, and journalled."""
    if final.approval is None:
        raise Stale("not_approved")
    if not people:
        raise NotFound("not_found")
    seen = seen_by_candidate(work, lists.list_ref(work, final.approval.list_id))
    with speaking(tongue):
        rows = [each.row for each in people]
        without, before = spared(work, final.sitting, rows), no_longer_spared(work, final.sitting, rows)
        blocks: list[Block] = []
        for each in people:
            why = (without.get(each.row.session_id), before.get(each.row.session_id))
            blocks += [*([NewPage()] if blocks else []), *notice_blocks(seen, final.approval, each.row, *why)]
        day = local_time(final.sitting.starts_at, final.sitting.zone, DAY)
        paper = Paper(
            language=language(), title=_("Notice of the approved results"),
            head=f"{final.sitting.titles[language()]} · {day}", foot=checked_foot(origin),
            stamp=int(final.approval.approved_at.timestamp()), blocks=tuple(blocks),
        )  # fmt: skip
        printed = press(work.vault, paper)
    work.record("result:read", f"sitting:{final.sitting.id}", clause="CS-5", paper=printed.digest,
                sessions=sorted(each.row.session_id for each in people))  # fmt: skip
    work.record("paper:printed", f"paper:{printed.digest}", kind=KIND, language=tongue, zone=final.sitting.zone,
                approval=final.approval.id)  # fmt: skip
    return printed


def notice_blocks(
    seen: Shown, given: ApprovalRef, row: Row, why: Spared | None = None, before: Spared | None = None
) -> list[Block]:  # fmt: skip
    """The notice to one candidate and the parents, in the language that is spoken."""
    sitting = seen.sitting
    return [
        Text(_("To the candidate and the parents.")),
        Facts((
            (_("Candidate"), row.name), (_("Registration number"), row.registration_no), (_("School"), row.school),
            (_("Sitting"), sitting.titles[language()]), (_("Regulation"), sitting.edition.title[language()]),
            (_("Results approved by order"), f"{given.order_no}, {local_time(given.approved_at, sitting.zone, DAY)}"),
        )),
        Text(sitting.edition.label(APPROVAL, language()), "note"),
        *told_blocks(seen, row), *_what_follows(sitting, row, why, before),
    ]  # fmt: skip


def _what_follows(sitting: SittingRef, row: Row, why: Spared | None, before: Spared | None) -> list[Block]:
    """What a confirmed candidate has and still sits, or on which papers another is admitted; of one held nothing.

    Of one whose right the sitting does not decide: why; of one whom a decision had spared: that it was taken back."""
    edition, tongue = sitting.edition, language()
    if row.is_eligible is None:
        return []
    if row.is_eligible:
        n = edition.get(CHOICE, ChoiceSubjectRule).count
        return [
            *rights_blocks(edition), Heading(_("Subject of choice")),
            Text(ngettext("The right is confirmed: the candidate sits %(n)s subject of choice on general terms.",
                          "The right is confirmed: the candidate sits %(n)s subjects of choice on general terms.", n)),
            Text(edition.label(CHOICE, tongue), "note"),
        ]  # fmt: skip
    if why is not None:
        return [Heading(_("State attestation")), Text(why.text), Text(why.clause, "note")]
    papers = edition.get(ADMISSION, NotConfirmedRule).papers
    return [
        Heading(_("State attestation")),
        *([Text(before.text), Text(before.clause, "note")] if before is not None else []),
        Text(_("The right is not confirmed: the candidate is admitted to the attestation on these papers.")),
        Points(tuple(each.title(tongue) for each in papers)), Text(edition.label(ADMISSION, tongue), "note"),
    ]  # fmt: skip
