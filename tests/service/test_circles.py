"""Whose results an office reads and acts on: the country's, those of its centres, of its pupils, of nobody (CS-5)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from sqlalchemy import update

from server import candidates, delivery
from server.accounts.models import Organisation
from server.core.errors import Denied, NotFound, Refused
from server.core.regulation import load_edition
from server.core.roles import Actor, Role
from server.core.work import Work
from server.delivery import SessionRef
from server.delivery import service as delivering
from server.grading import access
from tests.factories.accounts import a_staff_member, an_organisation
from tests.factories.candidates import a_file, a_line, a_programme
from tests.factories.delivery import a_sitting

EDITION = load_edition("kg-distinction", "2013")


@dataclass(frozen=True)
class Country:
    """Two departments with a centre each, a school in either that bears the same name, and a pupil of each."""

    work: Work
    places: dict[str, int]
    sessions: dict[str, SessionRef]

    def as_office(self, place: str) -> Work:
        return replace(self.work, actor=Actor(frozenset({Role.OFFICE}), 1, "office", self.places[place]))

    def seen_by(self, place: str) -> set[str]:
        circle = access.circle_of(self.as_office(place), EDITION)
        return {name for name, session in self.sessions.items() if circle.has(session)}


def _under(work: Work, kind: str, parent: int | None, name: str = "") -> int:
    made = an_organisation(work, kind)
    names = {"ky": name, "ru": f"{name} ru"} if name else dict(made.names)
    work.db.execute(update(Organisation).where(Organisation.id == made.id).values(parent_id=parent, names=names))
    return made.id


def _register(work: Work, programme: int, centre: int, *schools: str) -> list[int]:
    staff = a_staff_member(work, Role.CENTRE, organisation_id=centre)
    manager = replace(work, actor=Actor(frozenset({Role.CENTRE}), staff, "centre", centre))
    made = candidates.certify_admission_list(
        manager, programme_id=programme, file_name="a.csv", content=a_file(*[a_line(school=each) for each in schools])
    )
    return [each.id for each in candidates.registrations_of(work, programme, made.id)]


@pytest.fixture
def country(work: Work) -> Country:
    places = {"ntc": _under(work, "ntc", None), "ministry": _under(work, "ministry", None)}
    sitting = a_sitting(work, subjects=["history"])
    sessions: dict[str, SessionRef] = {}
    for side in ("north", "south"):
        places[side] = _under(work, "department", None)
        places[f"{side} centre"] = _under(work, "centre", places[side])
        places[f"{side} school"] = _under(work, "school", places[side], "№ 5 Мектеп")
        ids = _register(work, sitting.programme_id, places[f"{side} centre"], "№ 5  мектеп", "another school")
        for name, registration in zip((f"{side} pupil", f"{side} other"), ids, strict=True):
            made = delivering.prepare_session(work, sitting.id, registration, places[f"{side} centre"])
            sessions[name] = delivery.session_ref(work, made)
    return Country(work, places, sessions)


def test_CS_5_each_office_has_its_circle(country: Country) -> None:
    everybody = set(country.sessions)
    assert country.seen_by("ntc") == country.seen_by("ministry") == everybody
    assert country.seen_by("north") == {"north pupil", "north other"}
    assert country.seen_by("south") == {"south pupil", "south other"}
    assert country.seen_by("north school") == {"north pupil"}
    assert country.seen_by("south school") == {"south pupil"}


def test_an_office_of_a_centre_is_a_third_party(country: Country) -> None:
    with pytest.raises(Refused, match="third_party"):
        access.circle_of(country.as_office("north centre"), EDITION)


def test_who_works_nowhere_reads_nothing(country: Country) -> None:
    nobody = replace(country.work, actor=Actor(frozenset({Role.OFFICE}), 1, "office"))
    with pytest.raises(Denied, match="not_allowed"):
        access.circle_of(nobody, EDITION)


@pytest.mark.parametrize("place", ["south", "south school"])
def test_others_learn_only_that_nothing_is_here(country: Country, place: str) -> None:
    for judge in (access.require_session, access.require_act):
        with pytest.raises(NotFound, match="not_found"):
            judge(country.as_office(place), EDITION, country.sessions["north pupil"])


def test_a_school_reads_its_pupils_and_acts_on_none(country: Country) -> None:
    school, pupil = country.as_office("north school"), country.sessions["north pupil"]
    assert access.require_session(school, EDITION, pupil).kind == "school"
    with pytest.raises(Refused, match="office_reads"):
        access.require_act(school, EDITION, pupil)
    with pytest.raises(Denied, match="not_allowed"):
        access.require_whole(school, EDITION)


@pytest.mark.parametrize("place", ["ntc", "ministry", "north"])
def test_departments_and_the_centre_act(country: Country, place: str) -> None:
    access.require_act(country.as_office(place), EDITION, country.sessions["north pupil"])


def test_of_two_schools_of_one_name_in_a_department_neither_gets_the_pupil(work: Work) -> None:
    department = _under(work, "department", None)
    centre = _under(work, "centre", department)
    for _ in range(2):
        _under(work, "school", department, "№ 5 мектеп")
    (registration,) = _register(work, a_programme(work), centre, "№ 5 мектеп")
    (made,) = candidates.registrations(work, [registration])
    assert (made.school, made.school_id) == ("№ 5 мектеп", None)


def test_a_list_of_the_department_itself_finds_its_schools(work: Work) -> None:
    department = _under(work, "department", None)
    school = _under(work, "school", department, "№ 5 мектеп")
    (registration,) = _register(work, a_programme(work), department, "№ 5 мектеп ru")
    assert candidates.registrations(work, [registration])[0].school_id == school


def test_a_centre_without_a_department_finds_none(work: Work) -> None:
    _under(work, "school", None, "№ 5 мектеп")
    (registration,) = _register(work, a_programme(work), _under(work, "centre", None), "№ 5 мектеп")
    assert candidates.registrations(work, [registration])[0].school_id is None
