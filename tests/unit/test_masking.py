"""What a candidate writes reaches who judges it without what tells who they are (CS-14.2)."""

from __future__ import annotations

import pytest

from server.delivery.masking import MASK, masked

NAMES = ["Асанова Гүлнара Бакытовна"]
EXACT = ["№ 5 орто мектеп", "26-001-00012-4", "0000-0173"]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Мен Асанова Гүлнарамын", f"Мен {MASK} {MASK}"),
        ("Прошу Асановой Гүлнаре ответить", f"Прошу {MASK} {MASK} ответить"),
        ("АСАНОВА, гүлнара", f"{MASK}, {MASK}"),
        ("№ 5  ОРТО  МЕКТЕП окуучусу", f"{MASK} окуучусу"),
        ("номер 26-001-00012-4, место B-14", f"номер {MASK}, место {MASK}"),
        ("мой сосед 26-002-00007-3", f"мой сосед {MASK}"),
        ("бланк 0000-0173", f"бланк {MASK}"),
        ("Ответ 14 верен, в задании 3 сказано 26-001", "Ответ 14 верен, в задании 3 сказано 26-001"),
        ("", ""),
    ],
)  # fmt: skip
def test_CS_14_2_words_without_a_name(said: str, read: str) -> None:
    assert masked(said, NAMES, EXACT, "B-14") == read


def test_an_empty_seat_masks_nothing() -> None:
    assert masked("a b", [], ["", " "]) == "a b"


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("7", "7"),
        ("x = 7, y = 0,7; 7-тапшырма; в задании 7", "x = 7, y = 0,7; 7-тапшырма; в задании 7"),
        ("Ордум 7, место № 7, на парте 7", f"Ордум {MASK}, место № {MASK}, на парте {MASK}"),
        ("7-орунда отурдум, 7 место", f"{MASK}-орунда отурдум, {MASK} место"),
        ("место 77, 17 орун", "место 77, 17 орун"),
    ],
)
def test_an_answer_is_not_a_seat_because_it_is_its_number(said: str, read: str) -> None:
    assert masked(said, NAMES, EXACT, "7") == read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Мен № 61 лицейденмин, 61-мектеп", f"Мен № {MASK} лицейденмин, {MASK}-мектеп"),
        ("я из школы № 61, из 61-й школы, лицей 61", f"я из школы № {MASK}, из {MASK}-й школы, лицей {MASK}"),
        ("61-физика-математика лицейи; School No. 61", f"{MASK}-физика-математика лицейи; School No. {MASK}"),
        ("задание № 61: x = 61, 61 %; школа № 5", "задание № 61: x = 61, 61 %; школа № 5"),
    ],
)
def test_CS_14_2_a_school_is_not_told_by_its_number_beside_the_word(said: str, read: str) -> None:
    assert masked(said, [], [], school="№ 61 физика-математика лицейи, Бишкек") == read
