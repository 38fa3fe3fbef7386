"""The script of the briefing (DC-11, EM-5), made from the sitting's edition: another edition gives another script."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from proctor.irregularities.rules import ViolationsRule
from proctor.rooms.papers.setting import Setting
from proctor.rooms.rules import IdentityRule
from server.candidates.rules import SubjectsRule
from server.core.i18n import _, language, ngettext
from server.core.paper import Paper
from server.core.paper.blocks import Block, Facts, Heading, Points, Signatures, Table, Text
from server.core.terms import Named
from server.core.work import Work
from server.delivery.rules import LatenessRule, SealRule, SectionTimeRule, StartRule, WorkingAreaRule
from server.delivery.service.planning import session_end

MINUTE = 60


def script(work: Work, setting: Setting) -> Paper:
    """What the proctor prepares, reads aloud and does, in the order of the day."""
    return setting.paper(
        _("Instruction for the briefing"),
        Facts(setting.facts()),
        Text(_("Read aloud what stands beside a bar, word for word. The rest is for you."), "note"),
        *_before(setting),
        *_timetable(setting),
        *_forbidden(setting),
        *_working(setting),
        *_late_and_end(setting),
        Heading(_("Held by")),
        Signatures(setting.proctors(), _("signature, date")),
    )


def _before(setting: Setting) -> tuple[Block, ...]:
    edition, starts_at = setting.sitting.edition, setting.sitting.starts_at
    rule = edition.get("DC-11", StartRule)
    documents = edition.get("DC-9", IdentityRule).documents
    steps = (
        _("%(at)s: the briefing begins. It takes %(minutes)s minutes.",
          at=setting.clock(rule.briefing_at(starts_at)), minutes=rule.briefing_s // MINUTE),
        _("Let in only with one of these documents: %(documents)s.", documents=_named(documents)),
        _("Each candidate sits at the seat of the slip and signs in with the code on it."),
        _("Nobody sees a task before the start at %(at)s.", at=setting.clock(starts_at)),
    )  # fmt: skip
    return Heading(_cited(setting, "DC-11")), Points(steps, is_numbered=True)


def _timetable(setting: Setting) -> tuple[Block, ...]:
    sitting = setting.sitting
    times = sitting.edition.get("DC-12", SectionTimeRule)
    titles = {each.code: each.title(language()) for each in sitting.edition.get("DC-3", SubjectsRule).subjects}
    rows, at = [], sitting.starts_at
    for n, (subject, limit_s) in enumerate(zip(sitting.subjects, sitting.limits_s, strict=True), 1):
        until = at + timedelta(seconds=limit_s)
        rows.append((str(n), titles[subject], _min(limit_s), _span(setting, at, until)))
        at = until + timedelta(seconds=times.break_s)
    end = session_end(times, list(sitting.limits_s), sitting.starts_at)
    said = [
        _("The subjects come in this order, each with its own time. The clock on your screen decides."),
        _("Between two subjects there is a break of %(minutes)s minutes.", minutes=times.break_s // MINUTE),
        _("A task you do not reach counts as a wrong answer.") if times.not_reached == "wrong"
        else _("A task you do not reach is not counted."),
        _("All is over at %(at)s if the test starts on time.", at=setting.clock(end)),
    ]  # fmt: skip
    if len(sitting.subjects) == 1:
        del said[:2]
    head = (_("No."), _("Subject"), _("Minutes"), _("If started on time"))
    table = Table(head, tuple(rows), (0, 3, 0, 2))
    return Heading(_cited(setting, "DC-12")), table, *(Text(each, "said") for each in said)


def _forbidden(setting: Setting) -> tuple[Block, ...]:
    rule = setting.sitting.edition.get("DC-15", ViolationsRule)
    removed = tuple(each.title(language()) for each in rule.violations if each.consequence == "removal")
    warned = tuple(each.title(language()) for each in rule.violations if each.consequence == "warning")
    said: list[Block] = [
        Text(_("Put away and leave with the proctor: %(tools)s.", tools=_named(rule.forbidden_tools)), "said"),
        Text(_("Whoever does one of the following is removed from the test, with a protocol:"), "said"),
        Points(removed),
    ]
    if warned:
        said += [Text(_warning(rule), "said"), Points(warned)]
    if not rule.may_reenter:
        said.append(Text(_("Whoever is removed may not come back."), "said"))
    if rule.forfeits_certificate:
        said.append(Text(_("Whoever is removed loses the right to the certificate."), "said"))
    witnesses = ngettext(
        "A protocol needs %(n)s witness and the candidate's statement, which may be declined.",
        "A protocol needs %(n)s witnesses and the candidate's statement, which may be declined.",
        rule.witnesses_min,
    )
    return Heading(_cited(setting, "DC-15")), *said, Text(witnesses, "note")


def _warning(rule: ViolationsRule) -> str:
    return ngettext(
        "For these acts there is %(n)s warning; the next one is followed by removal:",
        "For these acts there are %(n)s warnings; the next one is followed by removal:",
        rule.warnings_max,
    )


def _working(setting: Setting) -> tuple[Block, ...]:
    edition = setting.sitting.edition
    said = [
        _("Each answer is saved as soon as you give it. If the network fails, go on working."),
        _("If something does not work or you feel ill, raise your hand. Tasks are not explained."),
    ]
    if "DC-13" in edition.clauses:
        rule = edition.get("DC-13", WorkingAreaRule)
        known = edition.get("DC-3", SubjectsRule).subjects
        here = [each for each in known if each.code in rule.subjects and each.code in setting.sitting.subjects]
        if here:
            said.insert(0, _("Write out your solution beside the task in: %(subjects)s.", subjects=_named(here)))
    return Heading(_("While you work")), *(Text(each, "said") for each in said)


def _late_and_end(setting: Setting) -> tuple[Block, ...]:
    edition, starts_at = setting.sitting.edition, setting.sitting.starts_at
    late = edition.get("DC-16", LatenessRule)
    until = setting.clock(late.admits_until(starts_at))
    steps = [
        _("Latecomers are let in until %(at)s, if the test starts on time.", at=until),
        _("A latecomer is given the lost time back.") if late.extra_time
        else _("A latecomer works within the remaining time; the end does not move."),
        _("Whoever has not come is recorded as absent when the room is closed."),
    ]  # fmt: skip
    if edition.get("DC-14", SealRule).required:
        steps.append(_("When a test ends, the centre's key seals its answers; unsealed answers are not marked."))
    steps.append(_("Close the room on the console, then print and sign its report."))
    return Heading(_cited(setting, "DC-16")), Points(tuple(steps), is_numbered=True)


def _cited(setting: Setting, clause: str) -> str:
    return setting.sitting.edition.label(clause, language())


def _named(entries: Iterable[Named]) -> str:
    return "; ".join(each.title(language()) for each in entries)


def _min(seconds: int) -> str:
    return str(seconds // MINUTE)


def _span(setting: Setting, since: datetime, until: datetime) -> str:
    return f"{setting.clock(since)} – {setting.clock(until)}"
