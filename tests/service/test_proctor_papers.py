"""The papers of a room (DC-10, DC-11, DC-15, DC-16, EM-5): read from the PDF, in Kyrgyz and Russian."""

from __future__ import annotations

import io
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select

from proctor.irregularities import service as irregularities
from proctor.irregularities.rules import ViolationsRule
from proctor.monitoring.wire import WarnAsk
from proctor.rooms import papers, service
from proctor.rooms.papers.seating import scale_for
from server import delivery
from server.candidates.cases.models import CaseTakingBack
from server.core.clock import FrozenClock
from server.core.journal import JournalEntry
from server.core.roles import SYSTEM, Role
from server.core.work import Platform, open_work
from server.delivery import service as sessions
from server.delivery.absences.queries import Absence
from server.delivery.service import absences, sealing
from tests.factories.cases import a_granted_case, offices_of
from tests.factories.proctor import Day, a_check, a_day, a_protocol, a_removal, the_edition, write_and_sign

ClientAs = Callable[..., FlaskClient]
KINDS = sorted(papers.AT_CENTRE)


@pytest.fixture
def day(platform: Platform, clock: FrozenClock) -> Day:
    """A planned room with four candidates, ten minutes before the hour."""
    day = a_day(platform, clock, 4)
    day.at(-600)
    return day


@pytest.fixture
def manager(day: Day, client_as: ClientAs) -> FlaskClient:
    """The browser of the centre's manager."""
    return client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)


def read(reply_data: bytes) -> str:
    pages = PdfReader(io.BytesIO(reply_data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def paper(client: FlaskClient, day: Day, path: str, lang: str = "ky") -> str:
    """The text of a paper of the centre."""
    reply = client.get(f"/centre/room-sittings/{day.scene.room}/{path}?lang={lang}")
    assert (reply.status_code, reply.mimetype) == (200, "application/pdf"), reply.text[:300]
    return read(reply.data)


def refs(day: Day) -> list[delivery.SessionRef]:
    with open_work(day.platform, SYSTEM) as work:
        return delivery.session_refs(work, day.scene.sessions)


@pytest.mark.parametrize("lang", ["ky", "ru", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_names_everybody_in_each_language(day: Day, manager: FlaskClient, kind: str, lang: str) -> None:
    text = paper(manager, day, f"papers/{kind}", lang)
    titles = {"ky": "бет", "ru": "Страница 1 из", "en": "Page 1 of"}
    assert titles[lang] in text
    if kind != "instruction":
        for ref in refs(day):
            assert ref.registration_no in text
            assert " ".join(ref.name.split()) in text


def test_slips_bear_the_codes_and_are_the_centres_alone(
    day: Day, manager: FlaskClient, client_as: ClientAs
) -> None:
    with open_work(day.platform, SYSTEM) as work:
        codes = [sessions.issue_code(work, each) for each in day.scene.sessions]
    text = paper(manager, day, "papers/slips", "ru")
    assert all(code and code in text for code in codes)
    assert not any(code and code in paper(manager, day, f"papers/{kind}") for code in codes
                   for kind in KINDS if kind != "slips")  # fmt: skip
    proctor = client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre)
    assert proctor.get(f"/proctor/rooms/{day.scene.room}/papers/slips").status_code == 404
    for kind in sorted(papers.AT_DESK):
        assert proctor.get(f"/proctor/rooms/{day.scene.room}/papers/{kind}").data.startswith(b"%PDF")


def test_an_unknown_paper_is_not_found(day: Day, manager: FlaskClient) -> None:
    before = len(printings(day))
    assert manager.get(f"/centre/room-sittings/{day.scene.room}/papers/diploma").status_code == 404
    assert manager.get(
        f"/centre/room-sittings/{day.scene.room}/sessions/{day.scene.sessions[0]}/protocol"
    ).status_code == 404
    assert len(printings(day)) == before


def printings(day: Day) -> list[JournalEntry]:
    with day.platform.database.reading() as db:
        found = select(JournalEntry).where(JournalEntry.act == "paper:printed").order_by(JournalEntry.seq)
        return list(db.execute(found).scalars())


def test_each_printing_is_in_the_journal_by_the_digest_on_the_paper(day: Day, manager: FlaskClient) -> None:
    address = f"/centre/room-sittings/{day.scene.room}/papers/door?lang=ru"
    one, other = manager.get(address).data, manager.get(address).data
    assert one == other
    first, second = printings(day)
    assert first.subject == second.subject
    digest = first.subject.removeprefix("paper:")
    assert digest in read(one)
    assert first.actor == f"staff:{day.scene.manager.id}"
    manager.environ_base["HTTP_ACCEPT"] = "text/html"
    manager.set_cookie("synak_lang", "en")
    page = manager.get(f"/papers?digest= {digest.upper()} ").text
    assert "This paper was printed here" in page
    assert "Door list" in page
    assert not any(ref.name in page or ref.registration_no in page for ref in refs(day))
    assert "No such paper was printed here" in manager.get("/papers?digest=0123456789abcdef").text


def test_a_paper_is_checked_at_the_configured_origin_whatever_the_request_says(day: Day, manager: FlaskClient) -> None:
    reply = manager.get(f"/centre/room-sittings/{day.scene.room}/papers/door", headers={"Host": "evil.example"})
    assert "http://localhost/papers?digest=" in read(reply.data).replace(" ", "")
    assert "evil" not in read(reply.data)


def test_DC_18_a_seat_whose_place_was_taken_back_is_of_nobody_who_stayed_away(day: Day, manager: FlaskClient) -> None:
    gone = day.scene.sessions[-1]
    with open_work(day.platform, SYSTEM) as work:
        by = offices_of(work, gone)
        ruling = day.scene.edition.rule("DC-16").judge_absence(has_valid_reason=True)
        work.db.add(
            CaseTakingBack(
                case_id=a_granted_case(work, "make_up", gone, by), order_number="12/min", decided_on=work.now.date(),
                next_registration_id=delivery.session_ref(work, gone).registration_id, words_sealed=b"",
                ruling=ruling.to_json(), taken_by=by.ministry.id, taken_from=by.ministry.organisation_id,
                taken_at=work.now,
            )
        )  # fmt: skip
        assert sessions.close_absent(work, [gone], ruling) == 1
    text = paper(manager, day, "papers/attendance", "ru")
    assert "место отменено решением" in text
    assert "не явился" not in text


def test_DC_16_the_attendance_sheet_tells_who_was_late_refused_and_absent(day: Day, manager: FlaskClient) -> None:
    on_time, late, refused, absent = day.scene.sessions
    with open_work(day.platform, SYSTEM) as work:
        absences.record_reason(work, absent, Absence("illness", "hospital_certificate", "Справка 118", "401-к"))
    before = paper(manager, day, "papers/attendance", "ru")
    assert "Паспорт" not in before
    day.do(service.open_room)
    day.let_in(on_time)
    day.do(service.check_identity, refused, a_check(day.scene, refused, is_photo_like=False))
    day.at(0)
    day.do(service.start_room)
    day.at(725)
    day.let_in(late)
    day.at(30_000)
    delivery.expire_due_sessions(day.platform)
    day.do(service.close_room)
    text = paper(manager, day, "papers/attendance", "ru")
    assert "опоздание 12:05" in text
    assert "Паспорт: отказано" in text
    assert text.count("не явился") == 2
    assert text.count("не явился, причина уважительная") == 1
    for count in ("Рассажено претендентов 4", "Допущено 2", "Допущено с опозданием 1", "Отказано при допуске 1"):
        assert count in text
    assert "DC-16" in text
    report = paper(manager, day, "papers/report", "ky")
    assert "Аудитория али жабыла элек" not in report
    assert "30 мүнөттүн" in report  # the room was opened at the hour: the briefing had not its time (DC-11)
    with open_work(day.platform, SYSTEM) as work:
        digests = sealing.seal_digests(work, [on_time, late, absent])
    assert set(digests) == {on_time, late}
    assert all(each in report.replace(" ", "") for each in digests.values())


def test_the_report_tells_a_pause_of_the_whole_room_in_one_line(day: Day, manager: FlaskClient) -> None:
    day.run(*day.scene.sessions)
    day.do(service.pause, "Өрт коңгуроосу")
    day.clock.advance(90)
    day.do(service.resume, "Баары кайтып келди")
    text = paper(manager, day, "papers/report", "ru")
    assert "отчёт не окончательный" in text
    assert text.count("Өрт коңгуроосу") == text.count("Баары кайтып келди") == 1
    assert "4 претендента" in text


@pytest.mark.parametrize("lang", ["ky", "ru"])
def test_DC_15_the_protocol_has_act_witnesses_statement_and_signatures(
    day: Day, manager: FlaskClient, client_as: ClientAs, lang: str
) -> None:
    one, other = day.scene.sessions[:2]
    day.run(*day.scene.sessions)
    day.do(irregularities.warn, one, WarnAsk(violation="disorder"))
    day.do(irregularities.remove, one, a_removal())
    unwritten = paper(manager, day, f"sessions/{one}/protocol", lang)
    write_and_sign(day, one, statement="#Апам чалды, *кечириңиз*")
    text = paper(manager, day, f"sessions/{one}/protocol", lang)
    by_hand = {"ky": "тест өткөрүүчүнүн алдында терилген аты", "ru": "имя набрано у проктора"}[lang]
    assert (unwritten.count(by_hand), text.count(by_hand)) == (0, 2)
    assert "PIN" in text
    assert day.clock.now().astimezone(ZoneInfo("Asia/Bishkek")).strftime("%H:%M:%S") in text
    rule = day.scene.edition.get("DC-15", ViolationsRule)
    acts = {each.code: each.title(lang) for each in rule.violations}
    name = next(ref.name for ref in refs(day) if ref.id == one)
    for said in ("DC-15", acts["phone"], acts["disorder"], "Бекова Айсулуу", "Ким Виктор", name,
                 "#Апам чалды, *кечириңиз*", a_protocol().narrative):
        assert said in text, said
    forfeits = {"ky": "аттестатка болгон укугун жоготот", "ru": "теряет право на аттестат"}
    assert text.count(forfeits[lang]) == 1
    proctor = client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre)
    desk = proctor.get(f"/proctor/rooms/{day.scene.room}/sessions/{one}/protocol?lang={lang}")
    assert read(desk.data) == text
    assert proctor.get(f"/proctor/rooms/{day.scene.room}/sessions/{other}/protocol").status_code == 404
    assert '"session": ' in printings(day)[-1].facts


def test_DC_15_another_edition_writes_no_consequence_it_does_not_know(
    platform: Platform, clock: FrozenClock, client_as: ClientAs
) -> None:
    day = a_day(platform, clock, edition=the_edition("zz-trial", "2030"))
    day.run(*day.scene.sessions)
    rule = day.scene.edition.get("DC-15", ViolationsRule)
    act = next(each.code for each in rule.violations if each.consequence == "removal")
    day.do(irregularities.remove, day.scene.sessions[0], a_removal(act))
    manager = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
    text = paper(manager, day, f"sessions/{day.scene.sessions[0]}/protocol", "ru")
    assert "теряет право" not in text
    assert "не может вернуться" not in text


def test_DC_11_EM_5_another_edition_gives_another_script(
    platform: Platform, clock: FrozenClock, client_as: ClientAs
) -> None:
    said = {}
    for name in (("kg-distinction", "2013"), ("zz-trial", "2030")):
        day = a_day(platform, clock, edition=the_edition(*name))
        manager = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
        said[name[0]] = paper(manager, day, "papers/instruction", "ru")
        for tool in day.scene.edition.get("DC-15", ViolationsRule).forbidden_tools:
            assert tool.ru in said[name[0]]
    law, trial = said["kg-distinction"], said["zz-trial"]
    for text in ("08:30: начинается инструктаж. Он длится 30 мин.", "До начала в 09:00", "до 09:30",
                 "1 предупреждение", "теряет право на аттестат", "считается неверным ответом", "не сдвигается"):
        assert text in law, text
        assert text not in trial, text
    for text in ("09:55: начинается инструктаж. Он длится 20 мин.", "до 10:25", "3 предупреждения", "возмещается"):
        assert text in trial, text


@pytest.mark.parametrize(
    ("width", "depth", "scale"), [(5.2, 2.6, 20), (10, 6.6, 50), (13.3, 4, 60), (9_999, 1, 37_876)]
)
def test_DC_10_the_plan_has_the_largest_scale_that_fits(width: float, depth: float, scale: int) -> None:
    assert scale_for(width, depth) == scale


def test_the_proctors_page_leads_to_each_paper_and_protocol(day: Day, client_as: ClientAs) -> None:
    one = day.scene.sessions[0]
    day.run(*day.scene.sessions)
    day.do(irregularities.remove, one, a_removal())
    proctor = client_as(Role.PROCTOR, id=day.scene.proctor.id, organisation_id=day.scene.centre)
    proctor.environ_base["HTTP_ACCEPT"] = "text/html"
    here = f"/proctor/rooms/{day.scene.room}"
    page = proctor.get(here + "/papers").text
    assert f"{here}/sessions/{one}/protocol?lang=ky" in page
    assert all(f"{here}/papers/{kind}?lang=ru" in page for kind in papers.AT_DESK)
    assert f'href="{here}/papers"' in proctor.get("/proctor").text
    manager = client_as(Role.CENTRE, id=day.scene.manager.id, organisation_id=day.scene.centre)
    manager.environ_base["HTTP_ACCEPT"] = "text/html"
    centre = f"/centre/room-sittings/{day.scene.room}"
    page = manager.get(centre).text
    assert all(f"{centre}/papers/{kind}?lang=ky" in page for kind in papers.AT_CENTRE)
    assert f"{centre}/sessions/{one}/protocol?lang=ru" in page
