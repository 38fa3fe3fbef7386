"""Figures and hotspots at the bank: told in every language, sealed with their item, of one piece with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, text

from itembank import add_item
from itembank.items.content import ItemContent, NewItem
from itembank.items.figures import NewFigure
from itembank.items.keys import score_answer
from itembank.items.models import ItemMedia
from itembank.items.parts import NewText
from itembank.items.service import open_media
from itembank.items.sound import NewRecording
from server.core.errors import Invalid
from server.core.vault import Tampered, digest
from server.core.work import Work
from tests.factories import itembank as factory
from tests.service.test_itembank import opened
from tests.unit.test_sound import wav

PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 60"><text>Talas</text></svg>'
MAP = NewFigure(PICTURE, "a map")
AREAS = ("circle 50 45 10", "rect 0 0 20 20", "rect 80 0 20 20")


def figure_item(**changes: Any) -> NewItem:
    """A choice with a figure in its stem."""
    known: dict[str, Any] = {"options": ("1", "2"), "figures": {"map": MAP}}
    one = NewText("Look:\n\n![map]", **{**known, **changes})
    return factory.new_item(texts={"ky": one, "ru": one})


def hotspot(n_right: int = 1, areas: tuple[str, ...] = AREAS, **changes: Any) -> NewItem:
    known: dict[str, Any] = {"options": ("middle", "left", "right"), "figures": {"map": MAP}, "picture": "map"}
    one = NewText("Where?", **{**known, **changes})
    return factory.new_item(type="hotspot", texts={"ky": one, "ru": one}, n_right=n_right, areas=areas)


def test_the_bytes_are_sealed_once_and_the_content_names_their_digest(work: Work) -> None:
    version_id = add_item(work, figure_item())
    content, _ = opened(work, version_id)
    [row] = work.db.scalars(select(ItemMedia).where(ItemMedia.item_version_id == version_id))
    assert content["texts"]["ru"]["figures"]["map"]["digest"] == row.digest == digest(PICTURE)
    assert b"Talas" not in row.sealed
    assert open_media(work, version_id, row.digest) == PICTURE
    view = ItemContent(content).view("ky")["figures"]["map"]
    assert (view["type"], view["width"], view["height"]) == ("image/svg+xml", 100, 60)


def test_a_file_that_was_changed_exchanged_or_taken_away_is_refused(work: Work) -> None:
    first, second = add_item(work, figure_item()), add_item(work, figure_item())
    name = digest(PICTURE)
    work.db.flush()
    lift = {"sqlite": "DROP TRIGGER item_media_no_update"}
    postgres = "DROP TRIGGER item_media_append_only ON item_media"
    work.db.execute(text(lift.get(work.db.get_bind().dialect.name, postgres)))
    other = work.db.scalars(select(ItemMedia.sealed).where(ItemMedia.item_version_id == second)).one()
    move = text("UPDATE item_media SET sealed = :sealed WHERE item_version_id = :at")
    work.db.execute(move, {"sealed": other, "at": first})
    for version_id, wanted in ((first, name), (second, "0" * 64)):
        with pytest.raises(Tampered, match="media"):
            open_media(work, version_id, wanted)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"figures": {"map": replace(MAP, alternative=" ")}}, "item_figure_untold"),
        ({"figures": {"map": replace(MAP, description=" ")}}, "item_figure_untold"),
        ({"figures": {"map": replace(MAP, alternative="x" * 301)}}, "item_figure_untold"),
        ({"figures": {"map": NewFigure(b"<svg onload='x'/>", "a map")}}, "item_figure"),
        ({"figures": {}}, "item_incomplete"),
        ({"figures": {"map": MAP, "other": MAP}}, "item_incomplete"),
        ({"options": ("![map]", "2"), "figures": {"map": replace(MAP, description="long")}}, "item_incomplete"),
        ({"picture": "map"}, "item_incomplete"),
    ],
)
def test_a_figure_without_its_words_or_its_place_is_refused(work: Work, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as caught:
        add_item(work, figure_item(**changes))
    assert caught.value.code == code


def test_an_option_may_be_a_figure_and_is_heard_by_its_alternative(work: Work) -> None:
    content, _ = opened(work, add_item(work, figure_item(options=("![map]", "2"))))
    assert [each["spoken"] for each in ItemContent(content).view("ky")["options"]].count("a map") == 1


def test_a_hotspot_names_its_areas_in_the_order_of_the_picture(work: Work) -> None:
    content, key = opened(work, add_item(work, hotspot()))
    view = ItemContent(content).view("ky")
    assert [option["content"] for option in view["options"]] == [["left"], ["right"], ["middle"]]
    assert view["options"][2]["area"] == {"shape": "circle", "at": [50, 45, 10]}
    assert (view["picture"], view["is_several"], content["shuffle"]) == ("map", False, False)
    assert [score_answer(key, "ky", {"kind": "option", "option": each}) for each in "abc"] == [0, 0, 1]


def test_a_hotspot_of_several_is_right_as_a_whole(work: Work) -> None:
    content, key = opened(work, add_item(work, hotspot(n_right=2)))
    assert ItemContent(content).view("ky")["is_several"]
    given = [["a", "c"], ["a"], ["a", "b", "c"], []]
    assert [score_answer(key, "ky", {"kind": "options", "options": each}) for each in given] == [1, 0, 0, 0]


@pytest.mark.parametrize(
    "changes",
    [
        {"areas": AREAS[:2]},
        {"areas": (*AREAS[:2], "rect 90 0 20 20")},
        {"areas": (*AREAS[:2], "star 1 2")},
        {"areas": ()},
        {"n_right": 3},
        {"picture": None, "figures": {}},
        {"picture": "other"},
    ],
)
def test_a_hotspot_that_does_not_fit_its_picture_is_refused(work: Work, changes: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="item_incomplete"):
        add_item(work, hotspot(**changes))


def test_areas_are_of_hotspots_alone(work: Work) -> None:
    with pytest.raises(Invalid, match="item_incomplete"):
        add_item(work, factory.new_item(areas=AREAS))


SPOKEN = NewRecording(wav(), "A notice", "The bus leaves at noon.", 2)


def heard(recording: NewRecording | None, other: NewRecording | None = SPOKEN) -> NewItem:
    """A choice with a recording in each language."""
    one = NewText("When?", ("1", "2"))
    return factory.new_item(texts={"ky": replace(one, recording=recording), "ru": replace(one, recording=other)})


def test_a_recording_is_sealed_and_its_transcript_stays_out_of_the_view(work: Work) -> None:
    version_id = add_item(work, heard(SPOKEN))
    content = ItemContent(opened(work, version_id)[0])
    found = content.recording("ky")
    assert found is not None
    assert (found["type"], found["duration_ms"], found["plays"]) == ("audio/wav", 1000, 2)
    assert open_media(work, version_id, found["digest"]) == SPOKEN.data
    assert "noon" in str(found["transcript"])
    assert "noon" not in str(content.view("ky"))


@pytest.mark.parametrize(
    ("recording", "code"),
    [
        (replace(SPOKEN, title=" "), "item_recording_untold"),
        (replace(SPOKEN, transcript=" "), "item_recording_untold"),
        (replace(SPOKEN, plays=0), "item_recording_untold"),
        (replace(SPOKEN, plays=6), "item_recording_untold"),
        (replace(SPOKEN, data=b"x"), "item_recording"),
        (replace(SPOKEN, plays=1), "item_incomplete"),
        (None, "item_incomplete"),
    ],
)
def test_a_recording_without_its_words_or_unlike_in_two_languages_is_refused(
    work: Work, recording: NewRecording | None, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        add_item(work, heard(recording))
    assert caught.value.code == code
