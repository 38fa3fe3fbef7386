"""Corrected keys: asked for, made by one and confirmed by another, sealed, in no pool, and counted once applied."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from itembank.items import correcting
from itembank.items.content import ItemContent
from itembank.items.keys import score_answer
from itembank.items.models import KeyVersion
from itembank.items.rekeying import NewKey, corrected
from server import grading
from server.accounts import signing
from server.core.errors import CatError, Denied, Invalid, NotFound
from server.core.roles import Role
from server.core.work import Work
from server.grading import rescoring
from server.grading.rescoring import service
from server.grading.rescoring.service import Cause
from tests.factories.accounts import PIN, a_staff_member
from tests.factories.delivery import right, wrong
from tests.factories.rescoring import SUBJECT, a_scene, compute_now, right_of


def a_member(work: Work, name: str) -> int:
    staff = a_staff_member(work, Role.COMMISSION, name=name)
    signing.set_pin(work, staff, PIN)
    work.db.flush()
    return staff


def typed(work: Work, staff: int, pin: str = PIN) -> signing.PinAttempt:
    return signing.check_pin(work, staff, pin)


def both(**said: object) -> NewKey:
    return replace(NewKey(letters="abcd", keeps=True, reason="Every answer can be defended"), **said)  # type: ignore[arg-type]


def a_key(work: Work, item_version_id: int) -> int:
    """Confirmed by two: every letter is right."""
    request_id = correcting.ask_key(work, item_version_id, "Doubted by an appeal", "order 17")
    key_id = correcting.correct_key(work, request_id, both(), typed(work, a_member(work, "First")))
    assert isinstance(key_id, int), key_id
    assert correcting.confirm_key(work, request_id, key_id, typed(work, a_member(work, "Second"))) is None
    return key_id


def test_DC_28_a_corrected_key_counts_for_all_who_met_the_item(work: Work) -> None:
    scene = a_scene(work, (wrong, wrong, right))
    before = grading.grades_of(work, list(scene.sessions))
    key_id = a_key(work, scene.item_version_id)
    run_id = service.propose(scene.office.works(0), Cause(
        kind="key_corrected", item_version_id=scene.item_version_id, key_version_id=key_id, reason="Doubted",
        decided_by="order:17",
    ))  # fmt: skip
    compute_now(work, run_id)
    scene.sign(run_id, 0, 1)
    rescoring.apply(work, run_id)
    after = grading.grades_of(work, list(scene.sessions))
    for session_id in scene.sessions:
        was, now = (found[session_id][SUBJECT].exact_percent for found in (before, after))
        had_it = right_of(work, session_id, scene.item_version_id)
        assert (now > was) == (had_it is False), session_id  # who was wrong is right now; who was right stays


def test_a_key_of_one_person_corrects_nothing(work: Work) -> None:
    scene = a_scene(work, (wrong,))
    request_id = correcting.ask_key(work, scene.item_version_id, "Doubted", "order 17")
    staff = a_member(work, "Alone")
    key_id = correcting.correct_key(work, request_id, both(), typed(work, staff))
    assert isinstance(key_id, int)
    with pytest.raises(Denied, match="key_own"):
        correcting.confirm_key(work, request_id, key_id, typed(work, staff))
    with pytest.raises(Invalid, match="key_unconfirmed"):
        service.propose(scene.office.works(0), Cause(
            kind="key_corrected", item_version_id=scene.item_version_id, key_version_id=key_id, reason="Doubted",
            decided_by="order:17",
        ))  # fmt: skip


def test_a_wrong_pin_makes_no_key_and_is_counted(work: Work) -> None:
    scene = a_scene(work, (wrong,))
    request_id = correcting.ask_key(work, scene.item_version_id, "Doubted", "order 17")
    refusal = correcting.correct_key(work, request_id, both(), typed(work, a_member(work, "First"), "111222"))
    assert isinstance(refusal, CatError)
    assert refusal.code == "pin_wrong"
    assert correcting.corrected_keys(work, scene.item_version_id) == []


def test_an_item_is_opened_only_while_its_key_is_asked_for(work: Work) -> None:
    scene = a_scene(work, (wrong,))
    with pytest.raises(NotFound):
        correcting.open_for_correction(work, 10**6)
    request_id = correcting.ask_key(work, scene.item_version_id, "Doubted", "order 17")
    assert correcting.ask_key(work, scene.item_version_id, "Doubted again", "order 18") == request_id
    correcting.open_for_correction(work, request_id)
    assert [each.act for each in work._acts].count("item_opened") == 1
    a_key(work, scene.item_version_id)
    with pytest.raises(Denied, match="key_request_closed"):
        correcting.open_for_correction(work, request_id)


def test_a_corrected_key_is_sealed_and_the_published_one_stays(work: Work) -> None:
    scene = a_scene(work, (wrong,))
    published = work.db.get_one(KeyVersion, correcting.published_key(work, scene.item_version_id)).key_sealed
    key_id = a_key(work, scene.item_version_id)
    rows = work.db.scalars(select(KeyVersion).where(KeyVersion.item_version_id == scene.item_version_id)).all()
    assert {row.version: row.id for row in rows}[2] == key_id
    assert next(row for row in rows if row.version == 1).key_sealed == published
    assert b"defended" not in next(row for row in rows if row.version == 2).key_sealed
    assert correcting.open_key(work, key_id)["reason"] == "Every answer can be defended"


VIEW = {"slots": [{"id": "1", "option_ids": ["a", "b"]}, {"id": "2", "option_ids": ["b", "c"]}]}


class AnItem(ItemContent):
    """Four letters, two slots."""

    def view(self, _language: str) -> dict[str, object]:
        return VIEW


ITEM = AnItem({"option_ids": ["a", "b", "c", "d"], "texts": {"ky": {}, "ru": {}}})
OPTION, NUMBER = {"kind": "option", "correct": "a"}, {"kind": "number", "value": "3", "tolerance": "0"}
TEXT = {"kind": "text", "accepted": {"ky": ["он"], "ru": ["десять"]}}


def said(**changes: object) -> NewKey:
    return replace(NewKey(keeps=False, reason="Doubted"), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("before", "new", "key"), [
    (OPTION, said(letters=["b"]), {"kind": "option", "correct": "b"}),
    (OPTION, said(letters=["b"], keeps=True), {"kind": "any", "of": [OPTION, {"kind": "option", "correct": "b"}]}),
    ({"kind": "options", "correct": ["a"]}, said(letters=["d", "b"]), {"kind": "options", "correct": ["b", "d"]}),
    ({"kind": "order", "correct": ["a", "b", "c", "d"]}, said(letters=["d", "c", "b", "a"]),
     {"kind": "order", "correct": ["d", "c", "b", "a"]}),
    ({"kind": "places", "correct": {"1": "a", "2": "b"}}, said(places={"1": "b", "2": "c"}),
     {"kind": "places", "correct": {"1": "b", "2": "c"}}),
    (NUMBER, said(number="3,5", tolerance="0,1"), {"kind": "number", "value": "3.5", "tolerance": "0.1"}),
    (TEXT, said(accepted={"ky": [" он  эки "], "ru": ["двенадцать", ""]}),
     {"kind": "text", "accepted": {"ky": ["он эки"], "ru": ["двенадцать"]}}),
])  # fmt: skip
def test_what_a_form_says_is_a_key_of_the_items_own_kind(
    before: dict[str, object], new: NewKey, key: dict[str, object]
) -> None:
    assert corrected(ITEM, before, new) == key


@pytest.mark.parametrize(("before", "new"), [
    (OPTION, said(letters=["z"])), (OPTION, said()), (NUMBER, said(number="three")), (NUMBER, said(number="1e99")),
    (TEXT, said(accepted={"ky": ["он"]})), (TEXT, said(accepted={"ky": ["он"], "ru": ["x" * 300]})),
    ({"kind": "order", "correct": ["a", "b", "c", "d"]}, said(letters=["a", "a", "b", "c"])),
    ({"kind": "places", "correct": {"1": "a", "2": "b"}}, said(places={"1": "c", "2": "b"})),
])  # fmt: skip
def test_a_key_that_no_answer_fits_is_refused(before: dict[str, object], new: NewKey) -> None:
    with pytest.raises(Invalid, match="key_malformed"):
        corrected(ITEM, before, new)


def test_two_right_answers_are_both_right_and_no_other() -> None:
    key = corrected(ITEM, OPTION, said(letters=["c"], keeps=True))
    given = {letter: score_answer(key, "ky", {"kind": "option", "option": letter}) for letter in "abcd"}
    assert given == {"a": 1, "b": 0, "c": 1, "d": 0}
    assert score_answer(key, "ky", None) == 0
