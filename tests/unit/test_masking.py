"""What an appellant writes reaches the commission without what tells who they are (CS-14.2)."""

from __future__ import annotations

import pytest

from server.appeals.masking import MASK, masked

NAMES = ["Асанова Гүлнара Бакытовна"]
EXACT = ["№ 5 орто мектеп", "26-001-00012-4", "B-14", "0000-0173"]


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
    assert masked(said, NAMES, EXACT) == read


def test_an_empty_seat_masks_nothing() -> None:
    assert masked("a b", [], ["", " "]) == "a b"
