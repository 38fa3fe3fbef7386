"""Papers of appeals: the protocol by the code of the work, the notice to who appealed, the final list (DC-28)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from server import accounts, candidates, delivery
from server.accounts import signing
from server.appeals import protocols, telling, words
from server.appeals.cases import (
    TERMS,
    ahead_of,
    decision_of,
    due_at,
    hearing_of,
    number_of,
    open_case,
    sitting_of,
)
from server.appeals.filing import find
from server.appeals.models import Appeal, AppealHearing, AppealList
from server.core.errors import NotFound
from server.core.i18n import _, language, local_time, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, Table, Text
from server.core.paper.foot import checked_foot
from server.core.regulation import Edition
from server.core.work import Work
from server.grading import access
from server.grading.policy import Policy
from server.grading.rules import CodedWorkRule

CLAUSE = "DC-28"
SHORT = 16
Body = Mapping[str, Any]


def print_protocol(work: Work, appeal_id: int, tongue: str, origin: str) -> Printed:
    """The newest protocol of the case for a member of its commission; one not signed enough says so."""
    case = open_case(work, appeal_id)
    row = protocols.last_of(work, case.appeal)
    if row is None:
        raise NotFound("not_found")
    document = protocols.document_of(work, case.appeal, row)
    under = [each for each in signing.signatures_under(work, document) if each.is_valid]
    decision = decision_of(work, appeal_id)
    is_decided = decision is not None and decision.protocol_id == row.id
    with speaking(tongue):
        paper = _protocol(case.sitting.edition, document, under, is_decided, origin, row.drawn_at)
        printed = press(work.vault, paper)
    _note(work, printed, "appeal_protocol", tongue, case.sitting.edition, appeal=appeal_id)
    return printed


def print_notice(work: Work, appeal_id: int, tongue: str, origin: str) -> Printed:
    """The notice for the office in whose circle the candidate is; it names them, so it is a decoding (CS-14.2)."""
    appeal = find(work, appeal_id)
    session = delivery.session_ref(work, appeal.session_id)
    access.require_act(work, sitting_of(work, appeal).edition, session)
    return notice_paper(work, appeal, tongue, origin)


def notice_paper(work: Work, appeal: Appeal, tongue: str, origin: str) -> Printed:
    """The newest notice of a case, of its hearing or its decision; that the asker may have it was judged before."""
    sitting = sitting_of(work, appeal)
    is_decided = telling.notice_of(work, appeal.id) is not None
    hearing = ahead_of(work, [appeal]).get(appeal.id)
    if not is_decided and hearing is None:
        raise NotFound("not_found")
    ruling = sitting.edition.get("CS-14.2", CodedWorkRule).judge("office").or_refuse()
    with speaking(tongue):
        paper = _hearing_notice(work, appeal, hearing, origin) if hearing else _notice(work, appeal, origin)
        printed = press(work.vault, paper)
    work.record("work:decoded", f"session:{appeal.session_id}", clause=ruling.clause, reason=number_of(appeal.id))
    kind = "appeal_hearing_notice" if hearing else "appeal_notice"
    _note(work, printed, kind, tongue, sitting.edition, appeal=appeal.id)
    return printed


def print_list(work: Work, sitting_id: int, tongue: str, origin: str) -> Printed:
    """The final list as it stands, for the offices of the whole country."""
    sitting = delivery.sitting_ref(work, sitting_id)
    access.require_whole(work, sitting.edition)
    row = telling.last_list(work, sitting_id)
    if row is None:
        raise NotFound("not_found")
    with speaking(tongue):
        printed = press(work.vault, _list(work, row, sitting.edition, sitting.titles, origin))
    _note(work, printed, "appeal_list", tongue, sitting.edition, list=row.id)
    return printed


def _protocol(
    edition: Edition, document: signing.Document, under: Iterable[signing.SignatureRef], is_decided: bool,
    origin: str, drawn_at: datetime,
) -> Paper:  # fmt: skip
    body: Body = document.content
    titles = Policy.of(edition).subject_titles(language())
    not_yet = Text(_("This protocol is not a decision: the signatures are not enough yet."))
    return Paper(
        language=language(), title=_("Protocol of the appeals commission"),
        head=" · ".join((_("Appeals commission"), body["case"], titles[body["subject"]])), foot=checked_foot(origin),
        stamp=int(drawn_at.timestamp()),
        blocks=(
            *(() if is_decided else (not_yet,)), _head(edition, body, document.digest, titles),
            Heading(_("Who was there")), _people(edition, body["present"]), *_aside(body),
            Heading(_("Decision")), *_decision(edition, body),
            Heading(_("Votes")), *_votes(edition, body),
            Heading(_("Signatures")), *_signatures(edition, under),
        ),
    )  # fmt: skip


def _head(edition: Edition, body: Body, digest: str, titles: Mapping[str, str]) -> Facts:
    grounds, hearing = words.grounds(edition), body["hearing"]
    named = body["commission"]
    ordered_on = date.fromisoformat(named["ordered_on"]).strftime("%d.%m.%Y")
    order = _("No. %(no)s of %(day)s", no=named["order_no"], day=ordered_on)
    return Facts((
        (_("Case"), body["case"]), (_("Code of the work"), body["code"]), (_("Subject"), titles[body["subject"]]),
        (_("Filed by"), words.filers()[body["filed_by"]]),
        (_("Result received"), _at(edition, body["received_at"])), (_("Appeal filed"), _at(edition, body["filed_at"])),
        (_("What is appealed"), ", ".join(grounds[each] for each in body["grounds"])),
        (_("Order on the commission"), order),
        (_("Heard"), f"{_at(edition, hearing['held_at'])}, {hearing['place']}"),
        (_("Result before"), grade_text(edition, body["before"])),
        (_("Regulation"), edition.title[language()]), (_("Digest of the protocol (SHA-256)"), digest),
    ))  # fmt: skip


def grade_text(edition: Edition, grade: Mapping[str, Any] | None) -> str:
    """A percent and its grade, or that there is none."""
    if not grade:
        return _("no grade")
    title = Policy.of(edition).grade_titles(language())[grade["grade"]]
    return _("%(percent)s %%, %(grade)s", percent=grade["percent"], grade=title)


def _people(edition: Edition, people: Iterable[Body]) -> Table:
    roles, bodies = words.roles(edition), words.bodies(edition)
    rows = tuple((each["name"], roles[each["role"]], bodies.get(each["body"], each["body"])) for each in people)
    return Table((_("Name"), _("Role"), _("Comes from")), rows, (3, 2, 4))


def _aside(body: Body) -> Iterable[Block]:
    """Who stood aside; why would tell the school or the room of the candidate (CS-14.2)."""
    for each in body["aside"]:
        yield Text(_("Stood aside: %(name)s.", name=each["name"]))


def _decision(edition: Edition, body: Body) -> Iterable[Block]:
    said = words.outcomes()
    rows = tuple((str(each["seq"]), _outcome(said, each)) for each in body["tasks"])
    if body["is_unchanged"]:
        yield Text(_("The result stays as it is."))
    if rows:
        yield Table((_("Task"), _("Decision")), rows, (0, 1))
    if body["not_reviewed"]:
        named = ", ".join(map(str, body["not_reviewed"]))
        yield Text(_("Not reviewed, because nothing was answered (DC-27): %(tasks)s.", tasks=named))
    yield Text(_("Reason: %(reason)s", reason=body["reason"]))
    if not body["is_unchanged"]:
        yield Text(_("What is decided of a task holds for everybody who had it; their results are computed anew."),
                   "note")  # fmt: skip


def _outcome(said: Mapping[str, str], task: Body) -> str:
    if task["outcome"] == "marks_changed":
        return _("%(outcome)s: points %(points)s", outcome=said["marks_changed"], points=task["points"])
    return said[task["outcome"]]


def _votes(edition: Edition, body: Body) -> Iterable[Block]:
    roles, said, facts = words.roles(edition), words.choices(), body["ruling"]["facts"]
    rows = tuple((each["name"], roles[each["role"]], said[each["choice"]]) for each in body["votes"])
    yield Table((_("Name"), _("Role"), _("Voted")), rows, (3, 2, 2))
    yield Text(_("For: %(n)s, against: %(m)s, abstained: %(k)s.", n=facts["for"], m=facts["against"],
                 k=facts["abstain"]))  # fmt: skip


def _signatures(edition: Edition, under: Iterable[signing.SignatureRef]) -> Iterable[Block]:
    roles = words.roles(edition)
    rows = tuple(
        (roles.get(each.role.removeprefix(protocols.AS), each.role), each.name, _("PIN"),
         _at(edition, each.signed_at.isoformat()), each.digest[:SHORT])
        for each in under
    )  # fmt: skip
    if rows:
        yield Table((_("Role"), _("Name"), _("Signed by"), _("Time"), _("Digest")), rows, (2, 3, 0, 2, 0))
    else:
        yield Text(_("Nobody has signed yet."))


def _hearing_notice(work: Work, appeal: Appeal, hearing: AppealHearing, origin: str) -> Paper:
    """When and where the case is heard, and by when it is decided (DC-25, DC-28)."""
    edition = sitting_of(work, appeal).edition
    until = due_at(edition, appeal, {})
    assert until is not None  # what is heard is not decided
    return Paper(
        language=language(), title=_("Notice of the hearing of an appeal"),
        head=" · ".join((_("Appeals commission"), number_of(appeal.id))), foot=checked_foot(origin),
        stamp=int(hearing.called_at.timestamp()),
        blocks=(
            Facts((
                *_appellant(work, appeal),
                (_("Hearing"), _at(edition, hearing.held_at.isoformat())), (_("Place"), hearing.place),
                (_("To be decided by"), _at(edition, until.isoformat())),
            )),
            Text(edition.label(TERMS, language()), "note"),
        ),
    )  # fmt: skip


def _appellant(work: Work, appeal: Appeal) -> tuple[tuple[str, str], ...]:
    """Whose case it is, in what."""
    sitting, session = sitting_of(work, appeal), delivery.session_ref(work, appeal.session_id)
    (who,) = candidates.registrations(work, [session.registration_id])
    return (
        (_("Candidate"), who.name), (_("Registration number"), who.registration_no),
        (_("Test"), sitting.titles[language()]),
        (_("Subject"), Policy.of(sitting.edition).subject_titles(language())[appeal.subject]),
        (_("Case"), number_of(appeal.id)), (_("Appeal filed"), _at(sitting.edition, appeal.filed_at.isoformat())),
    )  # fmt: skip


def _notice(work: Work, appeal: Appeal, origin: str) -> Paper:
    sitting, notice = sitting_of(work, appeal), telling.notice_of(work, appeal.id)
    decision = decision_of(work, appeal.id)
    assert notice is not None  # asked before the paper was begun
    assert decision is not None
    edition, hearing = sitting.edition, hearing_of(work, appeal)
    changed = _("The result has changed.") if notice.is_changed else _("The result has not changed.")
    return Paper(
        language=language(), title=_("Notice of the decision on an appeal"),
        head=" · ".join((_("Appeals commission"), number_of(appeal.id))), foot=checked_foot(origin),
        stamp=int(notice.told_at.timestamp()),
        blocks=(
            Facts((
                *_appellant(work, appeal),
                (_("Heard"), f"{_at(edition, hearing.held_at.isoformat())}, {hearing.place}"),
                (_("Decided"), _at(edition, decision.decided_at.isoformat())),
            )),
            Text(changed),
            Facts((
                (_("Result before"), grade_text(edition, notice.before)),
                (_("Result now"), grade_text(edition, notice.after)),
                (_("Digest of the protocol (SHA-256)"), decision.digest),
            )),
            Text(_("The protocol was signed by the chair and members of the commission: %(clause)s.",
                   clause=edition.label(CLAUSE, language())), "note"),
        ),
    )  # fmt: skip


def _list(work: Work, row: AppealList, edition: Edition, titles: Mapping[str, str], origin: str) -> Paper:
    subjects, said = Policy.of(edition).subject_titles(language()), words.states()
    office = accounts.organisation_of(work, row.organisation_id)
    lines = tuple(
        (each["registration_no"], each["case"], subjects[each["subject"]], _ending(said, each),
         grade_text(edition, each["before"]) if each["before"] else "–",
         grade_text(edition, each["after"]) if each["after"] else "–")
        for each in sorted(row.rows, key=lambda one: (one["registration_no"], one["case"]))
    )  # fmt: skip
    seal = _("fits") if telling.is_genuine(work, row) else _("does not fit")
    return Paper(
        language=language(), title=_("Final list of appeals"), head=titles[language()], foot=checked_foot(origin),
        stamp=int(row.issued_at.timestamp()), is_wide=True,
        blocks=(
            Facts((
                (_("Version"), str(row.version)), (_("Issued"), _at(edition, row.issued_at.isoformat())),
                (_("Under the seal of"), office.name(language())), (_("Seal"), seal),
                (_("Digest of the list (SHA-256)"), row.digest),
            )),
            Table((_("Registration number"), _("Case"), _("Subject"), _("Decision"), _("Before"), _("Now")), lines,
                  (0, 0, 2, 2, 2, 2)),
        ),
    )  # fmt: skip


def _ending(said: Mapping[str, str], line: Body) -> str:
    if line["state"] != "decided":
        return said[line["state"]]
    return _("result changed") if line["is_changed"] else _("result unchanged")


def _at(edition: Edition, at: str) -> str:
    return local_time(datetime.fromisoformat(at), edition.zone.key, "d MMMM y, HH:mm")


def _note(work: Work, printed: Printed, kind: str, tongue: str, edition: Edition, **facts: int) -> None:
    work.record("paper:printed", f"paper:{printed.digest}", kind=kind, language=tongue, clause=CLAUSE,
                zone=edition.zone.key, **facts)  # fmt: skip


