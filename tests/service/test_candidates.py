"""Candidates on a real database: a list is certified whole or not at all, its seal shows any change."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from server import candidates
from server.candidates import photos, service
from server.candidates.held import hold, release
from server.candidates.models import AdmissionList, Candidate, Registration
from server.candidates.queries import AdmissionListRef
from server.candidates.registration_no import is_registration_no
from server.candidates.service import FaultyList
from server.core.errors import Invalid, NotFound, Refused
from server.core.roles import Actor, Role
from server.core.work import Work
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.candidates import (
    a_file,
    a_line,
    a_list,
    a_programme,
    a_registration,
    edition,
    open_programme,
)

PNG, JPEG = b"\x89PNG\r\n\x1a\n" + bytes(64), b"\xff\xd8\xff\xe0" + bytes(64)


@pytest.fixture
def manager(work: Work) -> Work:
    """A work of a centre's manager."""
    centre = an_organisation(work)
    staff = a_staff_member(work, Role.CENTRE, organisation_id=centre.id)
    return replace(work, actor=Actor(frozenset({Role.CENTRE}), staff, "Centre", centre.id))


def certify(work: Work, programme_id: int, *lines: dict[str, str]) -> AdmissionListRef:
    return candidates.certify_admission_list(
        work, programme_id=programme_id, file_name="list.csv", content=a_file(*lines)
    )


def count(work: Work) -> tuple[int, ...]:
    return tuple(
        work.db.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (AdmissionList, Candidate, Registration)
    )


def test_DC_9_a_certified_list_registers_everybody_under_a_seal(manager: Work) -> None:
    made = certify(manager, a_programme(manager), a_line(), a_line(language="ru", birth_date="1.2.2009"))
    assert made.n_candidates == 2
    found = candidates.registrations_of(manager, made.programme_id, made.id)
    centre = manager.actor.organisation_id
    assert [ref.registration_no[:-2] for ref in found] == [f"26-{centre:03d}-00001", f"26-{centre:03d}-00002"]
    assert all(is_registration_no(ref.registration_no) for ref in found)
    assert [ref.language for ref in found] == ["ky", "ru"]
    assert found[1].subjects[0] == ("mathematics", "ru")
    assert candidates.verify_admission_list(manager, made.id)


def test_numbers_go_on_in_the_next_list(manager: Work) -> None:
    programme = a_programme(manager)
    certify(manager, programme)
    certify(manager, a_programme(manager))
    made = certify(manager, programme)
    assert "-00003-" in candidates.registrations_of(manager, programme, made.id)[0].registration_no
    assert len(candidates.registrations_of(manager, programme)) == 2


def test_a_change_behind_the_seal_shows(manager: Work) -> None:
    made = certify(manager, a_programme(manager))
    manager.db.execute(update(Candidate).values(family_name="Башка"))
    manager.db.expire_all()
    assert not candidates.verify_admission_list(manager, made.id)
    assert not candidates.verify_admission_list(manager, 0)


def test_somebody_slipped_into_a_list_shows(manager: Work) -> None:
    programme = a_programme(manager)
    first, second = certify(manager, programme), certify(manager, programme)
    moved = update(Registration).where(Registration.admission_list_id == second.id)
    manager.db.execute(moved.values(admission_list_id=first.id))
    manager.db.expire_all()
    assert not candidates.verify_admission_list(manager, first.id)


def test_one_fault_and_nothing_is_written(manager: Work) -> None:
    programme = a_programme(manager)
    before = count(manager)
    with pytest.raises(FaultyList) as refused:
        certify(manager, programme, a_line(), a_line(birth_date="soon"))
    assert [fault.line for fault in refused.value.reading.faults] == [3]
    assert [row.line for row in refused.value.reading.rows] == [2]
    assert count(manager) == before


def test_who_is_registered_already_is_named_by_number(manager: Work) -> None:
    programme, line = a_programme(manager), a_line()
    made = certify(manager, programme, line)
    number = candidates.registrations_of(manager, programme, made.id)[0].registration_no
    spaced = {**line, "document_number": line["document_number"].replace("ID", "id ")}
    found = service.check_admission_list(manager, programme, a_file(a_line(), spaced))
    assert [(fault.code, fault.line, fault.facts) for fault in found.faults] == [
        ("list_already_registered", 3, {"number": number})]


def test_next_year_the_same_person_is_known_again(manager: Work) -> None:
    line = a_line(school="№ 1")
    first = certify(manager, a_programme(manager), line)
    again = certify(manager, a_programme(manager), {**line, "school": "№ 2"})
    assert count(manager)[1:] == (1, 2)
    assert candidates.registrations_of(manager, again.programme_id)[0].school == "№ 2"
    assert candidates.verify_admission_list(manager, first.id)
    renamed = a_file({**line, "given_name": "Бегимай"})
    other = service.check_admission_list(manager, a_programme(manager), renamed)
    assert [fault.code for fault in other.faults] == ["list_document_of_other"]


def test_the_document_is_sealed_and_still_compared(manager: Work) -> None:
    made = certify(manager, a_programme(manager), a_line(document_number="AN 7654321"))
    ref = candidates.registrations_of(manager, made.programme_id)[0]
    assert candidates.document_matches(manager, ref.id, "passport", "an-7654321")
    assert candidates.document_matches(manager, ref.id, "passport", "АН7654321".replace("Н", "N"))
    assert not candidates.document_matches(manager, ref.id, "passport", "AN7654322")
    assert not candidates.document_matches(manager, ref.id, "birth_certificate", "AN7654321")
    row = manager.db.execute(select(Candidate)).scalar_one()
    assert b"7654321" not in row.document_sealed
    key = manager.vault.unwrap(row.data_key, row.place)
    assert manager.vault.open(key, row.document_sealed, f"{row.place}:document") == b"AN 7654321"


@pytest.mark.parametrize(("content", "media"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
def test_a_photograph_is_kept_sealed(work: Work, content: bytes, media: str) -> None:
    ref = a_registration(work)
    assert candidates.photo(work, ref.id) is None
    candidates.set_photo(work, ref.id, content)
    work.db.flush()
    assert candidates.photo(work, ref.id) == (media, content)
    assert candidates.registrations(work, [ref.id])[0].has_photo
    assert candidates.verify_admission_list(work, work.db.execute(select(AdmissionList.id)).scalar_one())


@pytest.mark.parametrize(("content", "code"), [
    (b"", "photo_not_a_picture"), (b"<svg/>", "photo_not_a_picture"), (b"GIF89a", "photo_not_a_picture"),
    (PNG + bytes(2 * 1024 * 1024), "photo_too_large"),
])
def test_what_is_no_photograph_is_refused(work: Work, content: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        candidates.set_photo(work, a_registration(work).id, content)


def test_photographs_find_their_owners_by_number_or_name(work: Work) -> None:
    ref = a_registration(work, photo="IMG_0017.JPG")
    list_id = work.db.execute(select(AdmissionList.id)).scalar_one()
    owners = photos.photo_owners(work, list_id)
    assert owners[photos.stem("C:\\photos\\img_0017.jpeg")] == ref.id
    assert owners[photos.stem(f"{ref.registration_no}.png")] == ref.id


def test_DC_3_a_programme_names_enough_known_subjects(work: Work) -> None:
    with pytest.raises(Refused) as refused:
        a_programme(work, ("mathematics", "history", "kyrgyz"))
    assert refused.value.ruling.clause == "DC-3"
    with pytest.raises(Refused):
        a_programme(work, ("mathematics", "history", "kyrgyz", "physics"))
    a_programme(work, code="one")
    with pytest.raises(Invalid, match="programme_code_taken"):
        a_programme(work, code="one")


def test_DC_1_only_an_organiser_opens_a_programme(work: Work) -> None:
    for kind, may in (("ntc", True), ("ministry", True), ("centre", False), ("school", False)):
        place = an_organisation(work, kind)
        officer = replace(work, actor=Actor(frozenset({Role.OFFICE}), 1, "Officer", place.id))
        if may:
            open_programme(officer)
        else:
            with pytest.raises(Refused) as refused:
                open_programme(officer)
            assert refused.value.ruling.clause == "DC-1"


def test_a_programme_is_read_with_its_edition(work: Work) -> None:
    ref = candidates.programme_ref(work, a_programme(work))
    assert (ref.edition.digest, ref.subjects[0], ref.title("ru")) == (
        edition().digest, "mathematics", "Аттестат с отличием")
    with pytest.raises(NotFound):
        candidates.programme_ref(work, 0)


def test_registrations_come_in_the_order_asked_for(work: Work) -> None:
    made = a_list(work, *(a_line() for _ in range(5)))
    ids = [ref.id for ref in candidates.registrations_of(work, made.programme_id)][::-1]
    assert [ref.id for ref in candidates.registrations(work, ids)] == ids
    with pytest.raises(NotFound):
        candidates.registrations(work, [*ids, 0])
    assert candidates.registrations(work, []) == []


def test_a_held_list_opens_only_for_who_held_it(work: Work) -> None:
    box = hold(work.vault, "3:1:1", b"list" * 1000)
    assert release(work.vault, "3:1:1", box) == b"list" * 1000
    for place, held in (("4:1:1", box), ("3:1:1", box[:-8]), ("3:1:1", ""), ("3:1:1", "ж")):
        with pytest.raises(Invalid, match="held_list_broken"):
            release(work.vault, place, held)


CELL = st.one_of(st.text(max_size=8), st.sampled_from(["ru", "2008-01-01", "ID 1234", "passport"]))
COLUMN = st.sampled_from(
    ["family_name", "birth_date", "language", "document_kind", "document_number", "subjects"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(COLUMN, CELL, max_size=2), min_size=1, max_size=4))
def test_a_list_is_written_whole_or_not_at_all(manager: Work, changes: list[dict[str, str]]) -> None:
    lines = [a_line(**change) for change in changes]
    programme, before = a_programme(manager), count(manager)
    content = a_file(*lines)
    try:
        candidates.certify_admission_list(
            manager, programme_id=programme, file_name="x.csv", content=content
        )
    except FaultyList:
        assert count(manager) == before
    else:
        grown = [now - then for now, then in zip(count(manager), before, strict=True)]
        assert grown[0] == 1
        assert grown[2] == len(candidates.registrations_of(manager, programme)) >= 1
