"""Notices of the approved results, a page for each candidate and the parents, to print and hand out (DC-29)."""

from __future__ import annotations

from collections.abc import Sequence

from server.core.errors import NotFound, Stale
from server.core.i18n import _, language, local_time, ngettext, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, NewPage, Points, Text
from server.core.paper.foot import checked_foot
from server.core.work import Work
from server.delivery import SessionRef, SittingRef
from server.grading.lists import papers as of_list
from server.grading.lists import queries as lists
from server.grading.lists.papers import told_blocks
from server.grading.lists.standing import Row
from server.grading.lists.views import Shown, seen_by_candidate
from server.grading.rules import ChoiceSubjectRule, NotConfirmedRule
from server.statements.papers import DAY, rights_blocks
from server.statements.queries import ApprovalRef, approval_of
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
    return _printed(work, final.approval, [each.row for each in people], tongue, origin)


def print_own(work: Work, session: SessionRef, tongue: str, origin: str) -> Printed:
    """To a candidate the newest notice in force: of the approved list, unless another was released since; else of
    the newest released one."""
    released = lists.newest_released(work, session.sitting_id)
    rows = lists.rows_with(work, released.id, [session.id]) if released else []
    if released is None or not rows:
        raise NotFound("not_found")
    given = approval_of(work, session.sitting_id)
    if given is not None and given.list_id == released.id:
        return _printed(work, given, rows, tongue, origin)
    told = [(row, lists.received_at(work, session.id)) for row in rows]
    return of_list.print_notices(work, seen_by_candidate(work, released), told, tongue, origin)


def _printed(work: Work, given: ApprovalRef, rows: Sequence[Row], tongue: str, origin: str) -> Printed:
    seen = seen_by_candidate(work, lists.list_ref(work, given.list_id))
    sitting = seen.sitting
    with speaking(tongue):
        without, before = spared(work, sitting, rows), no_longer_spared(work, sitting, rows)
        blocks: list[Block] = []
        for row in rows:
            why = (without.get(row.session_id), before.get(row.session_id))
            blocks += [*([NewPage()] if blocks else []), *notice_blocks(seen, given, row, *why)]
        paper = Paper(
            language=language(), title=_("Notice of the approved results"),
            head=f"{sitting.titles[language()]} · {local_time(sitting.starts_at, sitting.zone, DAY)}",
            foot=checked_foot(origin), stamp=int(given.approved_at.timestamp()), blocks=tuple(blocks),
        )  # fmt: skip
        printed = press(work.vault, paper)
    work.record("result:read", f"sitting:{sitting.id}", clause="CS-5", paper=printed.digest,
                sessions=sorted(row.session_id for row in rows))  # fmt: skip
    work.record("paper:printed", f"paper:{printed.digest}", kind=KIND, language=tongue, zone=sitting.zone,
                approval=given.id)  # fmt: skip
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
            of_list.version(seen),
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
