"""Commands on programmes and registrations: a programme is opened, a list certified (DC-3, DC-9)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select

from server import accounts
from server.candidates import queries
from server.candidates.admission_list import ListedCandidate, Reading, read_admission_list
from server.candidates.documents import document_mac
from server.candidates.models import (
    AdmissionList,
    Candidate,
    Programme,
    ProgrammeSubject,
    Registration,
    RegistrationSubject,
)
from server.candidates.queries import AdmissionListRef, ProgrammeRef
from server.candidates.registration_no import make_registration_no, prefix_of
from server.candidates.rules import OrganiserRule, SubjectsRule
from server.candidates.schools import schools_named
from server.candidates.text_table import Fault
from server.core.db import batches
from server.core.errors import Invalid
from server.core.regulation import Edition
from server.core.terms import local_day
from server.core.vault import digest, verify_signature
from server.core.work import Work


class FaultyList(Invalid):
    """The list cannot be certified; `reading` names every fault."""

    def __init__(self, reading: Reading) -> None:
        super().__init__("list_has_faults", count=len(reading.faults))
        self.reading = reading


def create_programme(
    work: Work, *, code: str, year: int, titles: Mapping[str, str], edition: Edition, order_no: str,
    subjects: Sequence[str],
) -> int:
    """The year's programme is open under an edition and an order, its subjects in the order they are sat."""
    if work.actor.organisation_id is not None:
        kind = accounts.organisation_of(work, work.actor.organisation_id).kind
        edition.get("DC-1", OrganiserRule).judge(kind).or_refuse()
    ruling = edition.get("DC-3", SubjectsRule).judge_programme(subjects).or_refuse()
    if work.db.execute(select(Programme.id).where(Programme.code == code)).first():
        raise Invalid("programme_code_taken", programme=code)
    row = Programme(
        code=code, year=year, titles=dict(titles), edition_code=edition.code, order_no=order_no,
        edition_version=edition.version, edition_digest=edition.digest,
        subjects=[ProgrammeSubject(position=n, subject=each) for n, each in enumerate(subjects)],
    )
    work.db.add(row)
    work.db.flush()  # the caller gets the id
    work.record("create_programme", f"programme:{row.id}", clause=ruling.clause, code=code, order=order_no)
    return row.id


def check_admission_list(work: Work, programme_id: int, content: bytes) -> Reading:
    """The list as read by the programme's edition, with a fault for whoever is registered already."""
    programme = queries.programme_ref(work, programme_id)
    today = local_day(work.now, programme.edition.zone)
    reading = read_admission_list(content, programme.edition, offered=programme.subjects, today=today)
    macs = {document_mac(work.vault, row.document_kind, row.document_number): row for row in reading.rows}
    faults = list(reading.faults)
    for person in _known(work, list(macs)):
        row = macs[person.document_mac]
        if _identity(person) != _identity(row):
            faults.append(Fault("list_document_of_other", row.line, "document_number"))
        number = _number_in(work, programme_id, person.id)
        if number is not None:
            facts = {"number": number}
            faults.append(Fault("list_already_registered", row.line, "document_number", facts))
    faults.sort(key=lambda fault: fault.line or 0)
    faulty = {fault.line for fault in faults}
    return Reading(tuple(row for row in reading.rows if row.line not in faulty), tuple(faults))


def certify_admission_list(
    work: Work, *, programme_id: int, file_name: str, content: bytes
) -> AdmissionListRef:
    """Everybody on the list is registered, the list sealed by the actor's organisation; or FaultyList."""
    centre_id, staff_id = work.actor.organisation_id, work.actor.id
    if centre_id is None or staff_id is None:
        raise ValueError("a list is certified by a staff member for their organisation")
    # Lock before reading: of two lists at once, the second must see the first one's people and numbers.
    work.db.execute(select(Programme.id).order_by(Programme.id).with_for_update())
    reading = check_admission_list(work, programme_id, content)
    if reading.faults:
        raise FaultyList(reading)
    programme = queries.programme_ref(work, programme_id)
    made = _registrations(work, programme, centre_id, reading.rows)
    summary = _digest(made)
    statement = AdmissionList(
        programme_id=programme_id, centre_id=centre_id, file_name=_printable(file_name), digest=summary,
        n_candidates=len(made), certified_by=staff_id, certified_at=work.now,
    )
    message = _sealed_message(work, statement)
    statement.seal, _ = accounts.sealing(work, centre_id, message)
    work.db.add(statement)
    work.db.flush()  # registrations refer to the list
    for registration in made:
        registration.admission_list_id = statement.id
    work.db.add_all(made)
    work.record(
        "certify_list", f"admission_list:{statement.id}", clause="DC-9", digest=summary, candidates=len(made),
        programme=programme.code, file_digest=digest(content),
    )
    return queries.list_ref(statement)


def verify_admission_list(work: Work, list_id: int) -> bool:
    """Whether what is registered is still what was certified, under the organisation's seal."""
    statement = work.db.get(AdmissionList, list_id)
    if statement is None:
        return False
    found = queries.rows_of_list(work, list_id)
    key = accounts.organisation_of(work, statement.centre_id).seal_key
    return (
        key is not None
        and _digest(found) == statement.digest
        and verify_signature(key, statement.seal, _sealed_message(work, statement))
    )


def is_list_whole(work: Work, registration_id: int) -> bool:
    """Whether the list by which a candidate is registered is still what was certified."""
    return verify_admission_list(work, work.db.get_one(Registration, registration_id).admission_list_id)


def _printable(file_name: str) -> str:
    return "".join(c for c in file_name if c.isprintable())[-200:] or "-"


def _known(work: Work, macs: Sequence[bytes]) -> Iterable[Candidate]:
    for some in batches(macs):
        yield from work.db.execute(select(Candidate).where(Candidate.document_mac.in_(some))).scalars()


def _identity(person: Candidate | ListedCandidate) -> tuple[object, ...]:
    names = (person.family_name, person.given_name, person.patronymic)
    return (*(name.casefold() for name in names), person.birth_date)


def _number_in(work: Work, programme_id: int, candidate_id: int) -> str | None:
    found = select(Registration.registration_no).where(
        Registration.programme_id == programme_id, Registration.candidate_id == candidate_id
    )
    return work.db.execute(found).scalars().first()


def _registrations(
    work: Work, programme: ProgrammeRef, centre_id: int, rows: Sequence[ListedCandidate]
) -> list[Registration]:
    prefix = prefix_of(programme.year, centre_id)
    serial = queries.last_serial(work, prefix)
    macs = [document_mac(work.vault, row.document_kind, row.document_number) for row in rows]
    known = {person.document_mac: person for person in _known(work, macs)}
    schools = schools_named(work, centre_id, {row.school for row in rows})
    return [
        Registration(
            programme_id=programme.id, candidate=known.get(mac) or _candidate(work, row, mac),
            registration_no=make_registration_no(programme.year, centre_id, serial + n),
            school=row.school, school_id=schools.get(row.school), language=row.language, sex=row.sex,
            photo_name=row.photo_name, attempt=1,
            subjects=[RegistrationSubject(subject=name, language=tongue) for name, tongue in row.subjects],
        )
        for n, (row, mac) in enumerate(zip(rows, macs, strict=True), start=1)
    ]


def _candidate(work: Work, row: ListedCandidate, mac: bytes) -> Candidate:
    person = Candidate(
        family_name=row.family_name, given_name=row.given_name, patronymic=row.patronymic,
        birth_date=row.birth_date, document_kind=row.document_kind, document_mac=mac,
    )
    key, person.data_key = work.vault.new_key(person.place)
    person.document_sealed = work.vault.seal(key, row.document_number.encode(), f"{person.place}:document")
    return person


def _digest(made: Sequence[Registration]) -> str:
    lines = [_certified(row) for row in sorted(made, key=lambda each: each.registration_no)]
    return digest(json.dumps(lines, ensure_ascii=False).encode())


def _certified(row: Registration) -> list[object]:
    person = row.candidate
    return [
        row.registration_no, person.family_name, person.given_name, person.patronymic,
        person.birth_date.isoformat(), row.school, row.language, person.document_kind,
        person.document_mac.hex(), sorted([each.subject, each.language] for each in row.subjects),
        *([row.sex] if row.sex else []),
    ]


def _sealed_message(work: Work, statement: AdmissionList) -> bytes:
    facts = {
        "statement": "synak admission list 1",
        "programme": queries.programme_ref(work, statement.programme_id).code,
        "organisation": accounts.organisation_of(work, statement.centre_id).code,
        "digest": statement.digest,
        "candidates": statement.n_candidates,
        "certified_by": statement.certified_by,
        "certified_at": statement.certified_at.isoformat(timespec="microseconds"),
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()
