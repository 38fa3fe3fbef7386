"""Lists of results on paper: the list or a part of it, the extract of one candidate, notices to candidates and parents.
Each printing is a reading (CS-5), and is journalled with the digest that stands on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from server.accounts import organisation_of
from server.core.errors import Invalid
from server.core.i18n import _, language, local_time, speaking
from server.core.paper import Paper, Printed, press
from server.core.paper.blocks import Block, Facts, Heading, NewPage, Points, Table, Text
from server.core.paper.foot import checked_foot
from server.core.work import Work
from server.delivery.returning import result_codes
from server.grading.lists.standing import Row
from server.grading.lists.views import Line, Shown, lines
from server.grading.queries import decision_text, reason_texts

MOST_ROWS, MOST_NOTICES = 3000, 500
KINDS = ("result_list", "result_extract", "result_notice")


def print_list(work: Work, seen: Shown, rows: Sequence[Row], part_of: int, tongue: str, origin: str) -> Printed:
    """The rows as a table, under the name of the office whose part they are, 0: of all; so many as can be set."""
    if len(rows) > MOST_ROWS:
        raise Invalid("list_paper_too_long", n=len(rows), maximum=MOST_ROWS)
    with speaking(tongue):
        part = ((_("Part of the list"), organisation_of(work, part_of).name(tongue)),) if part_of else ()
        blocks = (
            Facts((*_about(seen), *part, (_("Candidates"), str(len(rows))))),
            _table(seen, lines(seen.policy, rows)), *_signed(seen),
        )  # fmt: skip
        paper = _paper(seen, _("List of results"), blocks, origin, is_wide=True)
        return _printed(work, seen, "result_list", paper, rows)


def print_extract(work: Work, seen: Shown, row: Row, tongue: str, origin: str) -> Printed:
    """What the list says of one candidate, with the signatures that stand under the list."""
    with speaking(tongue):
        blocks = (Facts((*_whose(row), *_about(seen))), *told_blocks(seen, row), *_signed(seen))
        paper = _paper(seen, _("Extract from the list of results"), blocks, origin)
        return _printed(work, seen, "result_extract", paper, [row])


def print_notices(
    work: Work, seen: Shown, rows: Sequence[tuple[Row, datetime | None]], tongue: str, origin: str
) -> Printed:
    """A notice to each of these candidates and their parents, on a page of its own, with the day of receipt."""
    if len(rows) > MOST_NOTICES:
        raise Invalid("list_paper_too_long", n=len(rows), maximum=MOST_NOTICES)
    with speaking(tongue):
        blocks: list[Block] = []
        codes = result_codes(work, [row.session_id for row, _received in rows])
        for row, received in rows:
            told = (*_notice(seen, row, received), *_way_in(row, codes.get(row.session_id), origin))
            blocks += [*([NewPage()] if blocks else []), *told]
        paper = _paper(seen, _("Notice of results"), tuple(blocks), origin)
        return _printed(work, seen, "result_notice", paper, [row for row, _received in rows])


def _printed(work: Work, seen: Shown, kind: str, paper: Paper, rows: Sequence[Row]) -> Printed:
    printed = press(work.vault, paper)
    work.record("result:read", f"result_list:{seen.ref.id}", clause="CS-5",
                sessions=sorted(row.session_id for row in rows), paper=printed.digest)  # fmt: skip
    work.record("paper:printed", f"paper:{printed.digest}", kind=kind, language=language(), zone=seen.sitting.zone,
                list=seen.ref.id)  # fmt: skip
    return printed


def _paper(seen: Shown, title: str, blocks: tuple[Block, ...], origin: str, is_wide: bool = False) -> Paper:
    at = seen.ref.released_at or seen.ref.frozen_at
    head = " · ".join((seen.sitting.titles[language()], local_time(seen.sitting.starts_at, seen.sitting.zone)))
    return Paper(
        language=language(), title=title, head=head, foot=checked_foot(origin), stamp=int(at.timestamp()),
        blocks=blocks, is_wide=is_wide, mark="" if seen.ref.released_at else _("Not released"),
    )  # fmt: skip


def _about(seen: Shown) -> tuple[tuple[str, str], ...]:
    """What a reader must know of the list to trust a paper of it."""
    ref, zone = seen.ref, seen.sitting.zone
    return (
        (_("Sitting"), seen.sitting.titles[language()]),
        (_("Start"), local_time(seen.sitting.starts_at, zone)),
        (_("Order"), seen.sitting.order_no),
        (_("Regulation"), seen.sitting.edition.title[language()]),
        version(seen),
        (_("Why it was made"), ref.because),
        _released(seen),
        (_("Digest of the list"), ref.digest),
    )


def version(seen: Shown) -> tuple[str, str]:
    """To which list of the sitting a paper belongs."""
    return _("Version of the list"), str(seen.ref.version)


def _released(seen: Shown) -> tuple[str, str]:
    at = seen.ref.released_at
    return _("Released"), local_time(at, seen.sitting.zone) if at else _("Not released")


def _whose(row: Row) -> tuple[tuple[str, str], ...]:
    return (_("Candidate"), row.name), (_("Registration number"), row.registration_no), (_("School"), row.school)


def _table(seen: Shown, told: Sequence[Line]) -> Table:
    subjects = seen.policy.subject_titles(language())
    codes = [each for each in seen.sitting.subjects if any(each in line.grades for line in told)]
    whose = "\n".join((_("Registration number"), _("Name"), _("School")))
    head = (_("No."), whose, *(subjects[each] for each in codes), _("Right to the certificate"))
    rows = tuple(
        (str(n), "\n".join((line.row.registration_no, line.row.name, line.row.school)),
         *("\n".join(line.grades[each]) if each in line.grades else "–" for each in codes), _decision(line))
        for n, line in enumerate(told, start=1)
    )  # fmt: skip
    return Table(head, rows, (0, 4.4, *(3 for _each in codes), 3))


def _decision(line: Line) -> str:
    if line.row.is_eligible is None:
        return "\n".join((_("Held"), line.hold))
    clauses = sorted({str(each["clause"]) for each in line.row.reasons})
    return _("Confirmed") if line.row.is_eligible else "\n".join((_("Not confirmed"), ", ".join(clauses)))


def told_blocks(seen: Shown, row: Row) -> list[Block]:
    """Grades, the decision and its reasons, as every paper for one candidate tells them."""
    (line,) = lines(seen.policy, [row])
    if row.is_eligible is None:
        return [Heading(_("Result")), Text(line.hold)]
    subjects = seen.policy.subject_titles(language())
    grades = tuple((subjects[each], *line.grades[each]) for each in seen.sitting.subjects if each in line.grades)
    return [
        Heading(_("Grades by subject")),
        Table((_("Subject"), _("Percent of points"), _("Grade")), grades, (3, 2, 2)) if grades else Text(line.state),
        Heading(_("Right to the certificate")), Text(decision_text(row.is_eligible)),
        *([Points(tuple(reason_texts(seen.policy, {"facts": {"reasons": row.reasons}})))] if row.reasons else []),
        Text(seen.sitting.edition.label("DC-21", language()), "note"),
    ]  # fmt: skip


def _notice(seen: Shown, row: Row, received: datetime | None) -> list[Block]:
    zone, edition = seen.sitting.zone, seen.sitting.edition
    since = (
        _("The time to appeal counts from %(day)s.", day=local_time(received, zone, "d MMMM y"))
        if received
        else _("The time to appeal counts from the day on which your education department receives the results.")
    )
    return [
        Text(_("To the candidate and the parents.")),
        Facts((*_whose(row), *_about(seen)[:2], version(seen), _released(seen))),
        *told_blocks(seen, row),
        Heading(_("If you think the result is wrong")),
        Text(_("You may apply to the appeals commission through your education department or on your result page.")),
        Text(since), Text(edition.label("DC-25", language()), "note"),
        Text(_("Your result is shown to you, your school, your education department and the testing centre, and to "
               "nobody else. Every reading is recorded.")), Text(edition.label("CS-5", language()), "note"),
    ]  # fmt: skip


def _way_in(row: Row, code: str | None, origin: str) -> list[Block]:
    """Where whoever sat the test finds the result, the score report and the appeal, and under which code."""
    if code is None:
        return []
    return [
        Heading(_("Your result on its page")),
        Facts(((_("Address"), f"{origin}/exam"), (_("Registration number"), row.registration_no), (_("Code"), code))),
        Text(_("Sign in there with the number and this code, as often as you need: to the score report, to an appeal "
               "and to what is decided of it. Keep the code to yourself.")),
    ]  # fmt: skip


def _signed(seen: Shown) -> list[Block]:
    valid = [each for each in seen.signatures if each.is_valid]
    if not valid:
        return []
    zone = seen.sitting.zone
    rows = tuple((each.name, local_time(each.signed_at, zone, "d MMMM y, HH:mm:ss")) for each in valid)
    return [
        Heading(_("Signatures")), Table((_("Name"), _("When")), rows, (3, 2)),
        Text(_("Signed with a personal PIN under the digest of the list."), "note"),
    ]  # fmt: skip
