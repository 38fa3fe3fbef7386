"""The demonstration's organisations, staff, programme, candidates and room: made once, found again later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from itembank.blueprints.drafts.commission import commission_of, name_commission
from itembank.blueprints.drafts.law import this_year
from itembank.demonstration.load import demonstration_bank
from proctor.cameras.queries import cameras_of
from proctor.cameras.service import add_camera
from proctor.rooms import service as rooms
from proctor.rooms.models import Room
from proctor.rooms.seating import grid
from server import accounts, candidates
from server.accounts import second_factor, signing
from server.accounts.models import Organisation, Staff
from server.accounts.queries import find_organisation
from server.accounts.second_factor.codes import code_of, step_at
from server.candidates.models import Programme, Registration
from server.core.regulation import Edition, load_edition
from server.core.roles import STRONG_ROLES, Actor, Role
from server.core.work import Platform, Work, open_work
from server.jobs.demonstration.people import admission_list, people
from server.jobs.demonstration.portraits import portrait

PASSWORD = "synak-demonstration"  # noqa: S105  printed at every start; no other database ever gets it
PIN = "730418"
PROGRAMME = "demonstration"
LANGUAGE = "ky"
STAFF = (
    ("proctor", "Айнура Бекова", "centre", (Role.PROCTOR,)),
    ("proctor2", "Сергей Ким", "centre", (Role.PROCTOR,)),
    ("centre", "Марат Садыков", "centre", (Role.CENTRE,)),
    ("office", "Гүлнара Исаева", "ntc", (Role.OFFICE,)),
    ("bank", "Жылдыз Асанбекова", "ntc", (Role.COMMISSION, Role.PSYCHOMETRICIAN)),
    ("writer", "Назгүл Токтогулова", "ntc", (Role.WRITER,)),
    ("writer2", "Виктор Соколов", "ntc", (Role.WRITER,)),
    ("reviewer", "Елена Пак", "ntc", (Role.REVIEWER,)),
    ("editor", "Чынара Мамбетова", "ntc", (Role.EDITOR,)),
    ("commission2", "Бакыт Осмонов", "ntc", (Role.COMMISSION,)),
    ("commission3", "Наталья Громова", "ntc", (Role.COMMISSION,)),
    ("security", "Тимур Жумабаев", "ntc", (Role.SECURITY,)),
    ("security2", "Асель Турдубекова", "ministry", (Role.SECURITY,)),
    ("auditor", "Ольга Ли", "ministry", (Role.AUDITOR,)),
    ("office2", "Канат Абдраимов", "ntc", (Role.OFFICE,)),
    ("department", "Светлана Ким", "bishkek", (Role.OFFICE,)),
    ("department2", "Алмаз Исаков", "chuy", (Role.OFFICE,)),
    ("centre2", "Лилия Хан", "centre2", (Role.CENTRE,)),
    ("proctor3", "Нургүл Орозова", "centre2", (Role.PROCTOR,)),
    ("school", "Бактыгүл Ниязова", "school-61", (Role.OFFICE,)),
    ("ministry", "Эркин Мамбеталиев", "ministry", (Role.OFFICE,)),
    ("marker", "Айжан Сулайманова", "ntc", (Role.MARKER,)),
    ("marker2", "Пётр Ильин", "ntc", (Role.MARKER,)),
    ("marker3", "Зарина Каримова", "ntc", (Role.MARKER,)),
    ("appeals", "Рахат Бейшенова", "ministry", (Role.APPEALS,)),
    ("appeals2", "Андрей Цой", "ntc", (Role.APPEALS,)),
    ("appeals3", "Мирлан Жакыпов", "ntc", (Role.APPEALS,)),
    ("appeals4", "Гүлмира Эсенова", "ntc", (Role.APPEALS,)),
    ("appeals5", "Людмила Орлова", "ministry", (Role.APPEALS,)),
)
COMMISSION = ("bank", "commission2", "commission3")
ORGANISATIONS = (
    ("ministry", "ministry", None, "Билим берүү министрлиги", "Министерство образования", "Ministry of Education"),
    ("ntc", "ntc", "ministry", "Улуттук тест борбору", "Национальный центр тестирования", "National Testing Centre"),
    ("department", "bishkek", "ministry", "Бишкек билим берүү башкармалыгы", "Управление образования Бишкека",
     "Bishkek education department"),
    ("centre", "centre", "bishkek", "№ 7 тест борбору, Бишкек", "Центр тестирования № 7, Бишкек",
     "Test centre No. 7, Bishkek"),
    ("department", "chuy", "ministry", "Чүй облустук билим берүү башкармалыгы",
     "Управление образования Чуйской области", "Chüy education department"),
    ("centre", "centre2", "chuy", "№ 12 тест борбору, Токмок", "Центр тестирования № 12, Токмок",
     "Test centre No. 12, Tokmok"),
    ("school", "school-5", "bishkek", "№ 5 гимназия, Бишкек", "Гимназия № 5, Бишкек", "Gymnasium No. 5, Bishkek"),
    ("school", "school-13", "bishkek", "№ 13 орто мектеп, Бишкек", "Средняя школа № 13, Бишкек",
     "School No. 13, Bishkek"),
    ("school", "school-61", "bishkek", "№ 61 физика-математика лицейи, Бишкек",
     "Физико-математический лицей № 61, Бишкек", "Lyceum No. 61, Bishkek"),
    ("school", "school-24", "bishkek", "№ 24 мектеп-гимназия, Бишкек", "№ 24 школа-гимназия, Бишкек",
     "School No. 24, Bishkek"),
    ("school", "school-70", "bishkek", "№ 70 орто мектеп, Бишкек", "Средняя школа № 70, Бишкек",
     "School No. 70, Bishkek"),
    ("school", "school-tokmok-2", "chuy", "№ 2 орто мектеп, Токмок", "Средняя школа № 2, Токмок",
     "School No. 2, Tokmok"),
    ("school", "school-kant-4", "chuy", "№ 4 орто мектеп, Кант", "Средняя школа № 4, Кант", "School No. 4, Kant"),
)  # fmt: skip
ROWS, COLUMNS = 5, 6
CAMERAS = (("K1", "эшиктин үстүндө"), ("K2", "терезе жактан"))
EDITION = ("kg-distinction", "2013")
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Centre:
    """What a sitting of the demonstration needs to know."""

    edition: Edition
    programme_id: int
    centre_id: int
    room_id: int
    proctor_ids: tuple[int, ...]
    registration_ids: tuple[int, ...]
    pools: dict[str, int]


def ensure_centre(
    platform: Platform, system: Actor, tell: Tell, count: int, rows: int, columns: int
) -> Centre:
    """The demonstration centre with `count` registered candidates and a room of rows × columns stands."""
    edition = load_edition(*EDITION)
    with open_work(platform, system) as work:
        tell("item bank: four subjects, sealed and published as pools")
        pools = demonstration_bank(work, edition=edition)
    with open_work(platform, system) as work:
        staff = _staff(work)
        programme_id = _programme(work, edition)
        centre, ntc = find_organisation(work, "centre"), find_organisation(work, "ntc")
    with open_work(platform, Actor(frozenset({Role.OFFICE}), staff["office"], "office", ntc.id)) as work:
        _commission(work, staff)
    manager = Actor(frozenset({Role.CENTRE}), staff["centre"], "centre", centre.id)
    with open_work(platform, manager) as work:
        registered = _registered(work, programme_id, count, tell)
        name = f"{rows} × {columns}" if (rows, columns) != (ROWS, COLUMNS) else "12"
        room_id = ensure_room(work, centre.id, name, edition, rows, columns)
    proctors = (staff["proctor"], staff["proctor2"])
    return Centre(edition, programme_id, centre.id, room_id, proctors, registered, pools)


def _staff(work: Work) -> dict[str, int]:
    found = {code: id_ for id_, code in work.db.execute(select(Organisation.id, Organisation.code))}
    for kind, code, parent, ky, ru, en in ORGANISATIONS:
        if code not in found:
            above = found[parent] if parent else None
            names = {"ky": ky, "ru": ru, "en": en}
            found[code] = accounts.create_organisation(work, kind, code, names, above).id
    known = {login: id_ for id_, login in work.db.execute(select(Staff.id, Staff.login))}
    for login, name, organisation, roles in STAFF:
        if login not in known:
            known[login] = accounts.create_staff(
                work, login=login, name=name, password=PASSWORD, language=LANGUAGE,
                organisation_id=found[organisation], roles=roles,
            )  # fmt: skip
            signing.set_pin(work, known[login], PIN)
            if not STRONG_ROLES.isdisjoint(roles):
                _bind_authenticator(work, known[login])
    return known


def _commission(work: Work, staff: dict[str, int]) -> None:
    """The commission of the year is named, as the ministry's order does it."""
    year = this_year(work)
    if commission_of(work, year) is None:
        members = [staff[login] for login in COMMISSION]
        name_commission(work, year, "DEMO-2", members, members[0])


def _bind_authenticator(work: Work, staff_id: int) -> None:
    """Nobody has a telephone at hand who tries the demonstration: its page shows the code of the moment."""
    secret = second_factor.begin(work, staff_id, "").raw
    second_factor.confirm(work, staff_id, "", code_of(secret, step_at(work.now) - 1))


def _programme(work: Work, edition: Edition) -> int:
    known = work.db.execute(select(Programme.id).where(Programme.code == PROGRAMME)).scalar_one_or_none()
    if known is not None:
        return known
    return candidates.create_programme(
        work, code=PROGRAMME, year=work.now.year,
        titles={"ky": "Артыкчылык аттестаты үчүн тест сынагы", "ru": "Тестирование на аттестат с отличием",
                "en": "Test for the certificate with distinction"},
        edition=edition, order_no="DEMO-1", subjects=("mathematics", "history", "kyrgyz", "russian"),
    )  # fmt: skip


def _registered(work: Work, programme_id: int, count: int, tell: Tell) -> tuple[int, ...]:
    query = select(Registration.id).where(Registration.programme_id == programme_id).order_by(Registration.id)
    known = tuple(work.db.execute(query).scalars())
    if len(known) < count:
        tell(f"{count - len(known)} invented candidates, from an admission list")
        persons = people(count)[len(known) :]
        candidates.certify_admission_list(
            work, programme_id=programme_id, file_name="demonstration.csv", content=admission_list(persons)
        )
        everybody = tuple(work.db.execute(query).scalars())
        for n, registration_id in enumerate(everybody[len(known) :], start=len(known)):
            candidates.set_photo(work, registration_id, portrait(n))
        known = everybody
    return known[:count]


def ensure_room(work: Work, centre_id: int, name: str, edition: Edition, rows: int, columns: int) -> int:
    """The centre's room of that name stands, with rows × columns seats and its cameras; its id."""
    known = select(Room.id).where(Room.centre_id == centre_id, Room.name == name)
    room_id = work.db.execute(known).scalar_one_or_none()
    seats = grid(rows, columns, across_m=1.5, along_m=1.5)
    room_id = room_id or rooms.plan_room(work, centre_id, name, seats, edition)
    if not cameras_of(work, room_id):
        for camera, place in CAMERAS:
            add_camera(work, room_id, camera, place)
    return room_id
