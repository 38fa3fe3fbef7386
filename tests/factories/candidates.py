"""Programmes, lists and registrations for tests: valid by default."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from server import candidates
from server.candidates import RegistrationRef
from server.candidates.queries import AdmissionListRef
from server.core.regulation import Edition, load_edition
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Work
from tests.factories.accounts import a_staff_member, an_organisation

SUBJECTS = ("mathematics", "history", "kyrgyz", "russian")
HEADER = ("family_name", "given_name", "patronymic", "birth_date", "school", "language", "document_kind",
          "document_number", "subjects", "photo")
_serial = count(1)


def edition() -> Edition:
    """The edition of 2013."""
    return load_edition("kg-distinction", "2013")


def a_programme(work: Work, subjects: Sequence[str] = SUBJECTS, code: str | None = None) -> int:
    """A programme of 2026 with all four subjects, opened by the system whoever acts."""
    return open_programme(replace(work, actor=SYSTEM), subjects, code)


def open_programme(work: Work, subjects: Sequence[str] = SUBJECTS, code: str | None = None) -> int:
    """A programme opened by the actor of the work."""
    return candidates.create_programme(
        work,
        code=code or f"programme-{next(_serial)}",
        year=2026,
        titles={"ky": "Артыкчылык аттестат", "ru": "Аттестат с отличием", "en": "Distinction"},
        edition=edition(),
        order_no="417/1",
        subjects=subjects,
    )


def a_line(**wanted: str) -> dict[str, str]:
    """One line of an admission list, right unless told otherwise; each with its own document."""
    line = {
        "family_name": "Үсөнова", "given_name": "Айгүл", "patronymic": "Бакытовна",
        "birth_date": "2008-04-17", "school": "№ 61 мектеп", "language": "ky", "document_kind": "passport",
        "document_number": f"ID{7_000_000 + next(_serial)}", "subjects": "", "photo": "",
    }
    return {**line, **wanted}


def a_file(*lines: dict[str, str], header: Sequence[str] = HEADER, delimiter: str = ";") -> bytes:
    """An admission list as a CSV file in UTF-8."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows([line.get(name, "") for name in header] for line in lines or (a_line(),))
    return sheet.getvalue().encode()


def a_list(work: Work, *lines: dict[str, str], programme_id: int | None = None) -> AdmissionListRef:
    """A certified list of one new centre, with these lines or one of its own."""
    centre = an_organisation(work)
    staff = a_staff_member(work, Role.CENTRE, organisation_id=centre.id)
    manager = replace(work, actor=Actor(frozenset({Role.CENTRE}), staff, "Centre", centre.id))
    programme_id = programme_id or a_programme(work)
    return candidates.certify_admission_list(
        manager, programme_id=programme_id, file_name="list.csv", content=a_file(*lines)
    )


def a_registration(work: Work, **wanted: str) -> RegistrationRef:
    """One registered candidate."""
    made = a_list(work, a_line(**wanted))
    return candidates.registrations_of(work, made.programme_id, made.id)[0]
