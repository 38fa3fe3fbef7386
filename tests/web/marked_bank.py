"""A bank in which every word of every content bears a mark: items on their whole way, and what is made of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from unittest import mock

from sqlalchemy import select

from itembank import add_item
from itembank.authoring import access, commission, reviewing, service
from itembank.authoring.commission import minutes
from itembank.authoring.models import CommissionSession, Manuscript, ManuscriptMedia, Review
from itembank.blueprints.drafts.commission import name_commission
from itembank.calibrations import decisions
from itembank.exports import service as exports
from itembank.exports.models import ExportRequest
from itembank.interchange import Defaults, write_qti
from itembank.interchange.service import receive
from itembank.items.content import NewItem
from itembank.items.figures import NewFigure
from itembank.items.models import ItemMedia
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording
from itembank.recipes import service as recipes
from itembank.recipes.recipe import Recipe
from itembank.withdrawals import service as withdrawals
from server.accounts import signing
from server.core.roles import SYSTEM, Actor, Role
from server.core.work import Platform, open_work
from server.delivery.models import ExamSession
from server.jobs.worker import work_off
from tests.factories import accounts, packages
from tests.factories import itembank as bank
from tests.factories.blueprints import a_rehearsed_draft
from tests.factories.calibrating import a_report
from tests.factories.delivery import a_plan
from tests.factories.proctor import SUBJECT, Day, a_scene
from tests.unit.test_sound import wav

MARK = "qamchybel"  # in every word of every part of what is below, and nowhere else
PICTURE = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>{MARK}</text></svg>'.encode()
LEASE = 3
PARTS = (
    "stem", "option", "wrong", "passage", "alternative", "description", "title", "transcript", "rubric", "accepted",
    "comment", "reason", "note", "decision", "recipe", "asks", "mistake", "file",
)  # fmt: skip


@dataclass
class Bank:
    """Who has to do with the items, the ids of all that was made of them, and what `<name>` may stand for."""

    platform: Platform
    place: int
    insiders: dict[str, Actor]
    ids: dict[str, list[int]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def manuscript_id(self) -> int:
        """The manuscript that is read just now."""
        return self.ids["manuscript_id"][0]

    def by(self, who: str) -> Any:
        """A unit of work of one of those who have to do with the items."""
        return open_work(self.platform, self.insiders[who])


def word(part: str) -> str:
    """A word of that part, with the mark."""
    assert part in PARTS
    return f"{MARK}{part}"


def asked(code: str) -> str:
    """A stem, with so many words that another one like it is found to be like it."""
    return f"{word('stem')}: which of the words below stands here, in {code}, as the only one that nobody may read?"


def marked(code: str = "GEO-1", languages: tuple[str, ...] = ("ky", "ru"), **changes: Any) -> NewItem:
    """A choice whose stem, options, passage, picture and recording all bear the mark."""
    figure = NewFigure(PICTURE, word("alternative"), word("description"))
    sound = NewRecording(wav(), word("title"), word("transcript"), 2)
    one = NewText(
        f"{asked(code)}\n\n![map]", (word("option"), word("wrong")), passage=word("passage"),
        figures={"map": figure}, recording=sound,
    )  # fmt: skip
    whole = {"subject": "geography", "tier": "basic", "area": "north", "type": "choice", "passage": f"text {code}"}
    return NewItem(code=code, texts=dict.fromkeys(languages, one), **{**whole, **changes})


def plain(code: str, kind: str) -> NewItem:
    """A short answer or a written task with the mark where its key is."""
    text = NewText(word("stem"), accepted=(word("accepted"),))
    if kind == "extended_text":
        text = NewText(word("stem"), rubric=word("rubric"))
    return NewItem(code=code, subject="geography", tier="basic", area="north", type=kind,
                   texts={"ky": text, "ru": text})  # fmt: skip


RECIPE = Recipe(
    code="", title=word("recipe"), subject="geography", area="north", tier="basic", type="choice",
    parameters="a = 2..9", given="", key="a", check="answer = a",
    mistakes="\n".join(f"a + {n} | {word('mistake')}" for n in (1, 2, 3)),
    stems=dict.fromkeys(("ky", "ru", "en"), f"{word('asks')} @(a)?"),
)  # fmt: skip


def a_marked_bank(platform: Platform, clock: Any) -> Bank:
    """All of it; a room is at work on a pool of such items."""
    with mock.patch("tests.factories.itembank.new_item", marked), \
         mock.patch("tests.factories.delivery.new_item", marked):  # fmt: skip
        made = _people(platform)
        _frozen(made)
        _written(made)
        _decided(made)
        _calculated(made)
        _given(made, clock)
        _brought_in_and_out(made)
    with platform.database.reading() as db:
        made.names["file"] = db.scalars(
            select(ManuscriptMedia.digest).where(ManuscriptMedia.manuscript_id == made.manuscript_id)).first() or ""
        made.names["media"] = db.scalars(select(ItemMedia.digest)).first() or ""
    return made


def _people(platform: Platform) -> Bank:
    roles = {
        "author": Role.WRITER, "reader": Role.REVIEWER, "editor": Role.EDITOR, "asker": Role.COMMISSION,
        "officer": Role.SECURITY, "analyst": Role.PSYCHOMETRICIAN,
        **dict.fromkeys(("chair", "second", "third"), Role.COMMISSION),
    }  # fmt: skip
    with open_work(platform, SYSTEM) as work:
        place = accounts.an_organisation(work, "ntc").id
        insiders = {}
        for name, role in roles.items():
            id_ = accounts.a_staff_member(work, role, organisation_id=place, name=f"The {name}")
            signing.set_pin(work, id_, accounts.PIN)
            insiders[name] = Actor(frozenset({role}), id_, name, place)
        members = [insiders[each].id or 0 for each in ("chair", "second", "third")]
        name_commission(replace(work, actor=insiders["chair"]), work.now.year, "417", members, members[0])
    return Bank(platform, place, insiders)


def _frozen(made: Bank) -> None:
    """Items that stand frozen, one of them withdrawn, and a published pool of such."""
    with open_work(made.platform, SYSTEM) as work:
        made.ids["item_version_id"] = [add_item(work, each) for each in (
            marked("GEO-1"), plain("GEO-2", "text_entry"), plain("GEO-3", "extended_text"))]  # fmt: skip
        add_item(work, marked("GEO-6"), state="calibrated")
        made.ids["pool_id"] = [bank.published_pool(work, subject=SUBJECT, prefix="HIS")]
        withdrawals.withdraw(work, ["GEO-2"], withdrawals.Decision(cause="lost", reason="a picture"))
    made.names["code"] = "GEO-1"


def _written(made: Bank) -> None:
    """A text that the editor reads, with a comment; one that came back with a reason; a recipe and a draft of it."""
    ids = []
    for code in ("GEO-4", "GEO-5"):
        with made.by("author") as work:
            id_ = service.begin(work, marked(code), "ky")
            service.submit(work, id_, work.db.get_one(Manuscript, id_).revision)
            ids.append(id_)
    with made.by("reader") as work:
        first, second = work.db.execute(select(Review).order_by(Review.id)).scalars().all()
        access.opened(work, ids[0])
        reviewing.comment(work, ids[0], "ky.options.1", word("comment"))
        reviewing.pass_review(work, first.id, first.revision)
        access.opened(work, ids[1])
        reviewing.return_review(work, second.id, second.revision, word("reason"))
    made.ids |= {"manuscript_id": ids, "review_id": [first.id, second.id]}
    with made.by("author") as work:
        recipe_id = recipes.keep(work, RECIPE)
        kept = recipes.find(work, recipe_id)
        made.ids["manuscript_id"] += recipes.make(work, kept, 1, recipes.ready(kept))
        made.ids["recipe_id"] = [recipe_id]


def _decided(made: Bank) -> None:
    """Minutes that are signed, with a note and the reason of a decision; and a session that is open, with a note."""
    members, sessions = [made.insiders[each].id or 0 for each in ("chair", "second", "third")], []
    for code in ("GEO-6", "GEO-3"):
        with made.by("chair") as work:
            sessions.append(id_ := commission.open_session(work, "geography", work.now.date(), "7", members))
            commission.put_item_on_agenda(work, id_, code)
        with made.by("second") as work:
            commission.confirm_presence(work, id_)
            commission.add_note(work, id_, None, word("note"))
    with made.by("chair") as work:
        agenda = work.db.scalars(select(Manuscript.id).where(Manuscript.state == "calibrated")).all()
        commission.decide(work, sessions[0], agenda, "rework", word("decision"))
        commission.close(work, sessions[0], work.db.get_one(CommissionSession, sessions[0]).revision)
        frozen = select(Manuscript.id).where(Manuscript.item_version_id == made.ids["item_version_id"][2])
        made.ids["manuscript_id"].append(work.db.scalars(frozen).one())  # on the agenda of the open session
    made.ids["meeting_id"] = sessions
    for who in ("chair", "second", "third"):
        with made.by(who) as work:
            document = minutes.document_of(work, work.db.get_one(CommissionSession, sessions[0]))
            attempt = signing.check_pin(work, work.actor.id or 0, accounts.PIN)
            assert commission.sign(work, sessions[0], document.digest, attempt) is None


def _brought_in_and_out(made: Bank) -> None:
    """A file with a report on each of its items, one that waits to be read; a file that was taken out."""
    chosen = Defaults("geography", "north", "basic", "ky")
    one = packages.item(f"<p>{word('asks')}</p><p><img src='{MARK}.png' alt='{word('alternative')}'/></p>")
    files = {f"{word('file')}.xml": one, f"{word('file')}2.xml": one.replace("<p>", f"<{MARK}>", 1)}
    with made.by("author") as work:
        made.ids["import_id"] = [receive(work, packages.package(files, {f"{MARK}.png": packages.PNG}), chosen)]
        receive(work, write_qti([marked("IN-1", type="choice"), marked("IN-2", area="nowhere")]), chosen)
    while work_off(made.platform):  # a rehearsal and a calibration wait, too
        pass
    with made.by("author") as work:
        made.ids["import_id"].append(receive(work, write_qti([marked("IN-3")]), chosen))
    with made.by("asker") as work:
        made.ids["request_id"] = [exports.ask(work, ["GEO-1"], "qti", "a booklet") for _n in range(2)]
    with made.by("officer") as work:
        for id_ in made.ids["request_id"]:
            exports.decide(work, id_, work.db.get_one(ExportRequest, id_).revision, is_approved=True, reason="x")
    with made.by("asker") as work:
        assert isinstance(exports.take(work, made.ids["request_id"][1]), exports.Taken)


def _calculated(made: Bank) -> None:
    """A pretest plan, a calibration's report with a decision, a draft with its rehearsal, linear forms."""
    [pool_id] = made.ids["pool_id"]
    with open_work(made.platform, SYSTEM) as work:
        made.ids["plan_id"] = [a_plan(work, pool_id)]
        found = a_report(work, pool_id)
        decisions.decide(work, found["run_id"], found["item_version_id"], "rejected", "not clear", None)
    found |= a_rehearsed_draft(made.platform, pool_id)
    made.ids["item_version_id"].insert(0, found.pop("item_version_id"))
    made.ids |= {name: [id_] for name, id_ in found.items()}


def _given(made: Bank, clock: Any) -> None:
    """A room at work on the pool: a candidate with an open item, and one who is not there yet."""
    with open_work(made.platform, SYSTEM) as work:
        scene = a_scene(work, 2, pools={SUBJECT: made.ids["pool_id"][0]})
    Day(made.platform, clock, scene).run(scene.sessions[0])
    with open_work(made.platform, SYSTEM) as work:
        work.db.get_one(ExamSession, scene.sessions[0]).lease = LEASE
    made.insiders |= {"proctor": scene.proctor, "manager": scene.manager,
                      "candidate": Actor(frozenset({Role.CANDIDATE}), scene.sessions[0], "candidate", None, LEASE)}
    made.ids |= {"room_id": [scene.room], "room_sitting_id": [scene.room], "session_id": list(scene.sessions),
                 "sitting_id": [scene.sitting], "staff_id": [scene.proctor.id or 0]}  # fmt: skip
