"""Nearly equal items are found by sketches; the sketches and what is answered tell of no word."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from itembank import add_item
from itembank.authoring import likeness, service
from itembank.authoring.models import ItemSketch, Manuscript
from itembank.items.content import NewItem
from itembank.items.parts import NewText
from server.core.clock import FrozenClock
from server.core.vault import Vault
from server.core.work import Work
from tests.conftest import MASTER
from tests.factories import itembank as factory

STEM = (
    "Ысык-Көл деңиз деңгээлинен кайсы бийиктикте жайгашкан жана анын эң терең жери канча метрге жетет, ошондой эле "
    "ага канча дарыя куят деген суроого географтар илгертен бери жооп издеп келишкен"
)
NUMBERS = ("бир", "эки", "үч", "төрт", "беш", "алты", "жети", "сегиз", "тогуз", "он", "жүз", "миң")
WORDS = st.lists(st.sampled_from(NUMBERS), min_size=4, max_size=80)


def item(code: str, stem: str, **changes: object) -> NewItem:
    return factory.new_item(code, texts={"ky": NewText(stem, (f"туура {code}", "калп", "ката"))}, **changes)


def begun(work: Work, new: NewItem) -> Manuscript:
    return work.db.get_one(Manuscript, service.begin(work, new, "ky"))


def test_a_text_with_a_word_changed_is_found_and_another_is_not(work: Work) -> None:
    add_item(work, item("GEO-1", STEM))
    add_item(work, item("GEO-2", "Кыргызстандын борбору кайсы шаар жана ал качан негизделген деп тарыхта жазылган"))
    near = begun(work, item("GEO-3", STEM.replace("илгертен", "байыртан")))
    [found] = likeness.alike(work, near)
    assert (found.code, found.language) == ("GEO-1", "ky")
    assert found.share > 0.6


def test_the_same_words_in_capitals_and_with_other_spaces_are_the_same(work: Work) -> None:
    add_item(work, item("GEO-1", STEM))
    [found] = likeness.alike(work, begun(work, item("GEO-3", "  " + STEM.upper().replace(" ", "  "))))
    assert found.code == "GEO-1"


def test_an_item_is_not_like_its_own_next_version(work: Work) -> None:
    version_id = add_item(work, item("GEO-1", STEM))
    again = work.db.get_one(Manuscript, service.revise(work, version_id, None))
    assert likeness.alike(work, again) == []


def test_items_of_another_subject_are_not_compared(work: Work) -> None:
    add_item(work, item("HIS-1", STEM, subject="history"))
    assert likeness.alike(work, begun(work, item("GEO-3", STEM))) == []


def test_an_item_is_found_in_a_long_text_that_was_leaked(work: Work) -> None:
    add_item(work, item("GEO-1", STEM))
    add_item(work, item("GEO-2", "Кыргызстандын борбору кайсы шаар жана ал качан негизделген деп тарыхта жазылган"))
    leaked = "Бүгүнкү тесттен: " + STEM + " — туура GEO-1, калп, ката. " + "Дагы башка сөздөр. " * 300
    assert [each.code for each in likeness.find(work, leaked)] == ["GEO-1"]
    assert likeness.find(work, leaked, subjects=["history"]) == []
    assert likeness.find(work, "") == []


def test_a_sketch_follows_the_text(work: Work) -> None:
    manuscript = begun(work, item("GEO-1", STEM))
    other = begun(work, item("GEO-2", STEM))
    assert likeness.alike(work, other) != []
    likeness.keep_sketches(work, manuscript, {"ky": {"stem": "Башка", "options": [], "prompts": [], "menus": []}})
    assert likeness.alike(work, other) == []


def test_without_the_secret_key_a_sketch_says_nothing(work: Work) -> None:
    begun(work, item("GEO-1", STEM))
    kept = work.db.execute(select(ItemSketch)).scalar_one()
    stranger = replace(work, vault=Vault(MASTER, b"another secret, 32 bytes or more....."))
    guess = likeness.hashes(stranger, STEM)
    assert not set(guess.tolist()) & set(np.frombuffer(kept.least, "<u8").tolist())


@given(WORDS, WORDS)
def test_the_resemblance_told_is_that_of_all_runs_to_within_chance(one: list[str], other: list[str]) -> None:
    vault = Vault(MASTER, b"s" * 32)
    work = Work(None, FrozenClock.__new__(FrozenClock), None, vault)  # type: ignore[arg-type]
    first, second = (likeness.hashes(work, " ".join(words)) for words in (one, other))
    true = len(np.intersect1d(first, second)) / len(np.union1d(first, second))
    told = likeness._resemblance(first[: likeness.LEAST], second[: likeness.LEAST])
    assert abs(told - true) < 0.25
    if len(np.union1d(first, second)) <= likeness.LEAST:
        assert told == true
