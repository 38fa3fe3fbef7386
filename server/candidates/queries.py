"""What other features may know of programmes, lists and registrations: frozen facts, never rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased, contains_eager, selectinload

from server.candidates.documents import document_mac
from server.candidates.models import AdmissionList, Candidate, Programme, Registration, RegistrationSubject
from server.candidates.registration_no import serial_of
from server.core.db import batches
from server.core.errors import NotFound
from server.core.regulation import Edition, load_edition
from server.core.vault import same
from server.core.work import Work

FIRST = 1  # the attempt by which a candidate enters a programme


@dataclass(frozen=True)
class ProgrammeRef:
    """A year's programme; `subjects` in the order in which they are sat."""

    id: int
    code: str
    year: int
    titles: Mapping[str, str]
    edition: Edition = field(repr=False)
    order_no: str
    subjects: tuple[str, ...]

    def title(self, language: str) -> str:
        """Its title in that language, or the one it has."""
        return self.titles.get(language) or next(iter(self.titles.values()), self.code)


@dataclass(frozen=True)
class AdmissionListRef:
    """A certified list: what was certified, when and by whom."""

    id: int
    programme_id: int
    centre_id: int
    file_name: str
    digest: str
    n_candidates: int
    certified_by: int
    certified_at: datetime


@dataclass(frozen=True)
class RegistrationRef:
    """A candidate in a programme, as the rooms and the results know them."""

    id: int
    registration_no: str
    name: str
    school: str
    language: str
    birth_date: date
    document_kind: str
    has_photo: bool
    subjects: tuple[tuple[str, str], ...]
    school_id: int | None = None


def programme_ref(work: Work, programme_id: int) -> ProgrammeRef:
    """The programme, with the edition it pins; a changed edition file is refused."""
    row = work.db.get(Programme, programme_id)
    if row is None:
        raise NotFound("programme_unknown")
    return _programme(row)


def programmes(work: Work) -> list[ProgrammeRef]:
    """Every programme, the newest first."""
    rows = work.db.execute(select(Programme).order_by(Programme.year.desc(), Programme.id.desc())).scalars()
    return [_programme(row) for row in rows]


def admission_list(work: Work, list_id: int) -> AdmissionListRef:
    """The certified list of that id."""
    row = work.db.get(AdmissionList, list_id)
    if row is None:
        raise NotFound("admission_list_unknown")
    return list_ref(row)


def admission_lists(work: Work, centre_id: int) -> list[AdmissionListRef]:
    """The lists that an organisation certified, the newest first."""
    found = select(AdmissionList).where(AdmissionList.centre_id == centre_id)
    rows = work.db.execute(found.order_by(AdmissionList.id.desc())).scalars()
    return [list_ref(row) for row in rows]


def registrations(work: Work, ids: Iterable[int]) -> list[RegistrationRef]:
    """The registrations of these ids, in their order; NotFound if one does not exist."""
    wanted = list(ids)
    found = {
        row.id: reference(row)
        for some in batches(wanted)
        for row in work.db.execute(_rows().where(Registration.id.in_(some))).scalars()
    }
    if not found.keys() >= set(wanted):
        raise NotFound("registration_unknown")
    return [found[each] for each in wanted]


def subjects_of(work: Work, ids: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The subjects for which each of these is registered; NotFound if one does not exist."""
    wanted = list(ids)
    found: dict[int, tuple[str, ...]] = {}
    for some in batches(wanted):
        rows = select(Registration.id, RegistrationSubject.subject).outerjoin(Registration.subjects)
        for id_, subject in work.db.execute(rows.where(Registration.id.in_(some)).order_by(RegistrationSubject.id)):
            found[id_] = (*found.get(id_, ()), *([subject] if subject else []))
    if not found.keys() >= set(wanted):
        raise NotFound("registration_unknown")
    return found


def registrations_of(
    work: Work, programme_id: int, admission_list_id: int | None = None
) -> list[RegistrationRef]:
    """The registrations of a programme, or of one of its lists, by registration number."""
    query = _rows().where(Registration.programme_id == programme_id)
    if admission_list_id is not None:
        query = query.where(Registration.admission_list_id == admission_list_id)
    rows = work.db.execute(query.order_by(Registration.registration_no)).scalars()
    return [reference(row) for row in rows]


def document_matches(work: Work, registration_id: int, kind: str, number: str) -> bool:
    """Whether this is the document the candidate was listed with, however it is typed."""
    listed = candidate_of(work, registration_id).document_mac
    return same(listed, document_mac(work.vault, kind, number))


def holder_of_document(work: Work, kind: str, number: str) -> list[int] | None:
    """The registrations of the person whose document this is; None where nobody was listed with it."""
    listed = select(Candidate.id).where(Candidate.document_mac == document_mac(work.vault, kind, number))
    holder = work.db.execute(listed).scalar_one_or_none()
    return None if holder is None else _registrations_of(work, holder)


def registrations_of_person(work: Work, registration_id: int) -> list[int]:
    """Every registration of the person who has this one, itself among them."""
    return _registrations_of(work, candidate_of(work, registration_id).id)


def registrations_of_people(work: Work, registration_ids: Sequence[int]) -> dict[int, tuple[int, ...]]:
    """The same of many at once: each registration → every one of its person."""
    own, other = aliased(Registration), aliased(Registration)
    found: dict[int, list[int]] = {each: [] for each in registration_ids}
    for some in batches(found):
        pairs = select(own.id, other.id).join(other, other.candidate_id == own.candidate_id).where(own.id.in_(some))
        for mine, each in work.db.execute(pairs.order_by(other.id)):
            found[mine].append(each)
    return {mine: tuple(every) for mine, every in found.items()}


@dataclass(frozen=True)
class Entry:
    """A registration by its number: which one, in which programme."""

    id: int
    programme_id: int


def registration_of(work: Work, registration_no: str) -> Entry | None:
    """The registration of that number, as people type it; None where there is none."""
    found = select(Registration.id, Registration.programme_id)
    row = work.db.execute(found.where(Registration.registration_no == registration_no.strip().upper())).first()
    return None if row is None else Entry(row.id, row.programme_id)


def centre_of(work: Work, registration_id: int) -> int:
    """The organisation whose certified list the candidate came by."""
    found = select(AdmissionList.centre_id).join(Registration, Registration.admission_list_id == AdmissionList.id)
    return int(work.db.execute(found.where(Registration.id == registration_id)).scalar_one())


def _registrations_of(work: Work, candidate_id: int) -> list[int]:
    found = select(Registration.id).where(Registration.candidate_id == candidate_id).order_by(Registration.id)
    return list(work.db.execute(found).scalars())


def photo(work: Work, registration_id: int) -> tuple[str, bytes] | None:
    """Media type and bytes of the candidate's photograph, if there is one."""
    row = candidate_of(work, registration_id)
    if row.photo_type is None or row.photo_sealed is None:
        return None
    key = work.vault.unwrap(row.data_key, row.place)
    return row.photo_type, work.vault.open(key, row.photo_sealed, f"{row.place}:photo")


def candidate_of(work: Work, registration_id: int) -> Candidate:
    """The candidate of a registration; for this feature alone."""
    found = select(Candidate).join(Registration, Registration.candidate_id == Candidate.id)
    row = work.db.execute(found.where(Registration.id == registration_id)).scalar_one_or_none()
    if row is None:
        raise NotFound("registration_unknown")
    return row


def sexes(work: Work, registration_ids: Sequence[int]) -> dict[int, str]:
    """The sex of those registrations whose list says it; for the comparison of groups alone (EM-7)."""
    found: dict[int, str] = {}
    for some in batches(registration_ids):
        query = select(Registration.id, Registration.sex).where(Registration.id.in_(some))
        found |= {id_: sex for id_, sex in work.db.execute(query) if sex is not None}
    return found


def registrations_of_school(work: Work, school_id: int) -> frozenset[int]:
    """The registrations of a school's own pupils, of every programme."""
    found = select(Registration.id).where(Registration.school_id == school_id)
    return frozenset(work.db.execute(found).scalars())


def reference(row: Registration) -> RegistrationRef:
    """What others see of the row."""
    person = row.candidate
    return RegistrationRef(
        row.id, row.registration_no, person.name, row.school, row.language, person.birth_date,
        person.document_kind, person.photo_type is not None,
        tuple((subject.subject, subject.language) for subject in row.subjects), row.school_id,
    )


def list_ref(row: AdmissionList) -> AdmissionListRef:
    """What others see of the row."""
    return AdmissionListRef(
        row.id, row.programme_id, row.centre_id, row.file_name, row.digest, row.n_candidates,
        row.certified_by, row.certified_at,
    )


def _programme(row: Programme) -> ProgrammeRef:
    edition = load_edition(row.edition_code, row.edition_version, digest=row.edition_digest)
    subjects = tuple(subject.subject for subject in row.subjects)
    return ProgrammeRef(row.id, row.code, row.year, dict(row.titles), edition, row.order_no, subjects)


def _rows() -> Select[Registration]:
    joined = select(Registration).join(Registration.candidate)
    return joined.options(contains_eager(Registration.candidate), selectinload(Registration.subjects))


def rows_of_list(work: Work, list_id: int) -> list[Registration]:
    """The rows registered by a list; for this feature alone. What a case added later, the list never certified."""
    found = _rows().where(Registration.admission_list_id == list_id, Registration.attempt == FIRST)
    return list(work.db.execute(found).scalars())


def last_serial(work: Work, prefix: str) -> int:
    """The highest serial among the numbers that begin so; 0 if there is none."""
    numbers = select(func.max(Registration.registration_no)).where(Registration.registration_no.startswith(prefix))
    last = work.db.execute(numbers).scalar_one_or_none()
    return serial_of(last) if last else 0
