"""A room as SVG: well-formed, to scale, everything in it at its place, nothing of anybody's text taken for markup."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from proctor.rooms.drawing import Link, Sheet, Spot
from proctor.rooms.geometry import SIDES, Obstacle, Outline, Rect


def a_sheet(board: str = "front", door: str = "back") -> Sheet:
    outline = Outline(width_mm=6000, depth_mm=8000, board=board, door=door, door_at_mm=500, door_mm=900,  # type: ignore[arg-type]
                      obstacles=(Obstacle("pillar", Rect(1000, 2000, 300, 400)),))
    spots = [Spot(7, "1", 0.45, 1.95, 'Seat 1, "<Bek>"', "<R1>", 70, is_kept=True),
             Spot(8, "2", 1.45, 1.95, "Seat 2, free")]
    return Sheet(title="Room <1>", description="From above", metre="1 m", width_m=6.0, depth_m=8.0, spots=spots,
                 outline=outline, links=[Link("1", "2", "0,95 m")])  # fmt: skip


def drawn(sheet: Sheet) -> ET.Element:
    text = sheet.__html__()
    for name in ("data-door", "data-board", "data-kept"):  # HTML knows names without values, XML does not
        text = text.replace(f" {name} ", f' {name}="" ')
    return ET.fromstring(text)


def find(svg: ET.Element, name: str, value: str | None = None) -> ET.Element:
    return next(each for each in svg.iter() if name in each.attrib and value in (None, each.attrib[name]))


def test_DC_10_one_unit_is_a_centimetre() -> None:
    svg = drawn(a_sheet())
    walls = next(each for each in svg if each.tag == "rect")
    assert (walls.attrib["width"], walls.attrib["height"]) == ("600", "800")
    pillar = find(svg, "data-obstacle", "pillar")
    assert [pillar.attrib[each] for each in ("x", "y", "width", "height")] == ["100", "200", "30", "40"]
    desk = next(iter(find(svg, "data-seat", "7")))
    assert [desk.attrib[each] for each in ("x", "y", "width", "height")] == ["10", "170", "70", "50"]


def test_DC_10_a_broken_pair_is_joined_and_measured() -> None:
    svg = drawn(a_sheet())
    line = find(svg, "data-link", "1 2")
    assert [line.attrib[each] for each in ("x1", "y1", "x2", "y2")] == ["45", "195", "145", "195"]
    assert "0,95 m" in [each.text for each in svg.iter("text")]


def test_what_the_keyboard_and_the_reader_need_is_there() -> None:
    svg = drawn(a_sheet())
    taken, free = find(svg, "data-seat", "7"), find(svg, "data-seat", "8")
    assert (taken.attrib["data-session"], taken.attrib["data-words"]) == ("70", 'Seat 1, "<Bek>"')
    assert "data-kept" in taken.attrib
    assert not {"data-session", "data-kept"} & set(free.attrib)
    assert [each.text for each in taken.iter("text")] == ["1 ✱", "<R1>"]
    assert next(svg.iter("title")).text == "Room <1>"


@pytest.mark.parametrize("side", SIDES)
def test_board_and_door_lie_on_their_walls(side: str) -> None:
    svg = drawn(a_sheet(board=side, door=side))
    board = find(svg, "data-board").attrib["d"]
    starts = {"front": "M180 0h240", "back": "M180 800h240", "left": "M0 280v240", "right": "M600 280v240"}
    assert board == starts[side]
    door = find(svg, "data-door").attrib
    floors = {"front": ("50", "0"), "back": ("50", "700"), "left": ("0", "50"), "right": ("500", "50")}
    assert (door["x"], door["y"]) == floors[side]


def test_a_room_in_plain_rows_has_neither_door_nor_board() -> None:
    plain = Sheet(title="", description="", metre="1 m", width_m=3.0, depth_m=3.0, spots=[])
    assert not any({"data-door", "data-board"} & set(each.attrib) for each in drawn(plain).iter())
