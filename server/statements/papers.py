"""The statement of the confirmed right on paper: what it says, what follows from it, its code and where it is checked.
The same statement gives the same bytes."""

from __future__ import annotations

from server.accounts import organisation_of
from server.core.i18n import _, language, local_time, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Foot, Heading, Points, Table, Text
from server.core.regulation import Edition
from server.core.work import Work
from server.grading.lists.views import lines
from server.grading.policy import Policy
from server.grading.queries import decision_text
from server.statements.codes import code_for
from server.statements.rules import CollegeBenefitRule, ExemptPapersRule, UniversityBenefitRule
from server.statements.said import COLLEGE, EXEMPT, UNIVERSITY, Said

CHECKED_AT = "/check#"  # behind the mark: what follows it no server and no log ever sees
DAY = "d MMMM y"


def print_statement(work: Work, said: Said, tongue: str, origin: str) -> Printed:
    """The statement in a language; the printing is a reading, and journalled with the digest on the paper."""
    with speaking(tongue):
        printed = press(work.vault, paper_of(work, said, origin))
    work.record("result:read", f"session:{said.ref.session_id}", clause="CS-5", paper=printed.digest)
    work.record("paper:printed", f"paper:{printed.digest}", kind="statement", language=tongue,
                zone=said.sitting.zone, statement=said.ref.id)  # fmt: skip
    return printed


def paper_of(work: Work, said: Said, origin: str) -> Paper:
    """The statement as a paper in the reader's language."""
    code = code_for(work.vault, said.ref.serial)
    said_of_code = _("Code: %(code)s. Digest: {digest}. Whether this statement is in force is told at:", code=code)
    foot = Foot(page=_("Page {n} of {all}"), check=said_of_code, address=f"{origin}{CHECKED_AT}{code}")
    head = " · ".join((said.sitting.titles[language()], local_time(said.sitting.starts_at, said.sitting.zone, DAY)))
    ended = {"revised": _("Replaced by a later statement"), "revoked": _("Revoked")}
    return Paper(
        language=language(), title=_("Statement of the confirmed right to the certificate with distinction"), head=head,
        foot=foot, stamp=int(said.ref.issued_at.timestamp()), blocks=tuple(_blocks(work, said)),
        mark=ended.get(said.ref.end or "", ""),
    )  # fmt: skip


def _blocks(work: Work, said: Said) -> list[Block]:
    policy, row, zone = Policy.of(said.sitting.edition), said.row, said.sitting.zone
    by = [organisation_of(work, each.organisation_id).name(language()) for each in (said.approval, said.ref)]
    (line,) = lines(policy, [row])
    subjects = policy.subject_titles(language())
    grades = tuple((subjects[each], *line.grades[each]) for each in said.sitting.subjects if each in line.grades)
    return [
        Facts((
            (_("Candidate"), row.name), (_("Registration number"), row.registration_no), (_("School"), row.school),
            (_("Regulation"), said.sitting.edition.title[language()]),
            (_("Results approved by order"), f"{said.approval.order_no}, "
                                             f"{local_time(said.approval.approved_at, zone, DAY)}"),
            (_("Results approved by"), by[0]),
            (_("Issued"), local_time(said.ref.issued_at, zone, DAY)), (_("Issued by"), by[1]),
        )),
        Table((_("Subject"), _("Percent of points"), _("Grade")), grades, (3, 2, 2)),
        Text(decision_text(is_eligible=True)), *rights_blocks(said.sitting.edition),
    ]  # fmt: skip


def rights_blocks(edition: Edition) -> list[Block]:
    """From what a confirmed candidate is exempt, and where they are admitted."""
    tongue = language()
    papers, tests = edition.get(EXEMPT, ExemptPapersRule), edition.get(UNIVERSITY, UniversityBenefitRule)
    excluded = edition.get(COLLEGE, CollegeBenefitRule).excluded_profiles
    left_out = ", ".join(each.title(tongue) for each in excluded)
    colleges = (
        _("Admitted without entrance exams to all colleges but these: %(left_out)s.", left_out=left_out)
        if excluded
        else _("Admitted without entrance exams to all colleges.")
    )
    return [
        Heading(_("Exempt from the state attestation in")), Points(tuple(each.title(tongue) for each in papers.papers)),
        Text(edition.label(EXEMPT, tongue), "note"),
        Heading(_("Exempt from these subject tests of the national university test, counted as the highest score")),
        Points(tuple(each.title(tongue) for each in tests.subjects)), Text(edition.label(UNIVERSITY, tongue), "note"),
        Heading(_("Colleges")), Text(colleges), Text(edition.label(COLLEGE, tongue), "note"),
    ]  # fmt: skip
