"""Charts: axes that hold everything, names that do not meet, text alternatives, gaps where there is nothing."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import i18n
from server.core.bars import Bar, Bars
from server.core.charts import LEFT, LETTER, WIDTH, Chart, Mark, Series, Shape, drawn, standalone, ticks


def root_of(chart: Chart) -> ET.Element:
    return ET.fromstring(drawn(chart))


def labels(root: ET.Element) -> dict[str, tuple[float, float]]:
    return {each.text or "": (float(each.get("x", "0")), float(each.get("y", "0"))) for each in root.iter("text")}


numbers = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20)


@given(numbers)
def test_ticks_are_round_and_enclose_everything(values: list[float]) -> None:
    found = ticks(values)
    assert found[0] <= min(values) + 1e-6 * (found[1] - found[0])
    assert found[-1] >= max(values) - 1e-6 * (found[1] - found[0])
    assert 2 <= len(found) <= 9
    steps = np.diff(found)
    assert steps.max() - steps.min() <= 1e-6 * steps.max()
    mantissa = steps[0] / 10.0 ** math.floor(math.log10(steps[0]) + 1e-9)
    assert min(abs(mantissa - round_one) for round_one in (1, 2, 5, 10)) < 1e-3


@given(numbers, st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=20))
def test_any_figures_and_any_words_make_a_document_within_its_frame(y: list[float], text: str) -> None:
    series = (
        Series(text, list(range(len(y))), [*y[:-1], math.nan]),
        Series("bars", list(range(len(y))), y, "bars"),
    )
    chart = Chart("any", text, text, text, text, series, (Mark("x", 0, text), Mark("y", y[0], text)))
    root = ET.fromstring(drawn(chart))
    title = root.find("title")
    assert title is not None
    assert (title.text or "") == text
    height = float(root.get("viewBox", "").split()[3])
    for rect in root.iter("rect"):
        assert -30 <= float(rect.get("x", "0")) <= WIDTH
        assert 0 <= float(rect.get("y", "0")) <= height
        assert float(rect.get("height", "0")) >= 0


def test_what_is_not_there_breaks_the_line() -> None:
    chart = Chart("n", "t", "d", "x", "y", (Series("s", [0, 1, 2, 3, 4], [1.0, 2.0, math.nan, 2.0, 1.0]),))
    (line,) = [
        path.get("d", "") for path in ET.fromstring(drawn(chart)).iter("path")
        if path.get("class") == "s0"
    ]  # fmt: skip
    assert (line.count("M"), line.count("L")) == (2, 2)


@pytest.mark.parametrize("at", [(50, 60, 75), (50, 51, 52), (0, 1, 99, 100), (10, 11, 80, 81, 82, 83)])
def test_names_of_marks_meet_neither_each_other_nor_the_line_of_another(at: tuple[int, ...]) -> None:
    names = [f"Канааттандырарлык {value}" for value in at]
    marks = tuple(Mark("x", value, name) for value, name in zip(at, names, strict=True))
    root = root_of(Chart("n", "t", "d", "x", "y", (Series("s", [0, 100], [0, 1]),), marks))
    found = {name: place for name, place in labels(root).items() if name in names}
    places = [(x, x + LETTER * len(name), y) for name, (x, y) in found.items()]
    for one in range(len(places)):
        start, end, y = places[one]
        assert start >= 0
        assert end <= WIDTH + 1e-6
        for other in range(one):
            assert places[other][2] != y or places[other][1] < start or end < places[other][0]
    lines = [line for line in root.iter("line") if line.get("stroke-dasharray")]
    assert len(lines) == len(at)
    if at[-1] < 80:  # further right names are moved to the left, over lines that reach higher
        for line in lines:
            x, top = float(line.get("x1", "0")), float(line.get("y1", "0"))
            assert not any(start + 5 < x < end and y > top for start, end, y in places)


def test_names_of_levels_stand_apart_in_a_margin_of_their_own() -> None:
    names = ["Канааттандырарлык", "Жакшы", "Эң жакшы"]
    marks = tuple(Mark("y", 0.5 + 0.01 * n, name) for n, name in enumerate(names))
    root = root_of(Chart("n", "t", "d", "x", "y", (Series("s", [0, 100], [0, 1]),), marks))
    found = [labels(root)[name] for name in names]
    heights = sorted(y for _, y in found)
    assert min(np.diff(heights)) >= 16
    right = max(float(line.get("x2", "0")) for line in root.iter("line"))
    assert all(x > right and x + LETTER * len(name) <= WIDTH for name, (x, _) in zip(names, found, strict=True))


def test_a_mark_beyond_the_figures_is_within_the_axes() -> None:
    root = root_of(Chart("n", "t", "d", "x", "y", (Series("s", [0, 1], [0, 0.1]),), (Mark("y", 0.25, "limit"),)))
    (line,) = [line for line in root.iter("line") if line.get("stroke-dasharray")]
    levels = [float(each.get("y1", "0")) for each in root.iter("line") if each.get("class") == "faint"]
    assert min(levels) <= float(line.get("y1", "0")) <= max(levels)


def test_a_legend_takes_as_many_rows_as_its_names_need_and_one_series_needs_none() -> None:
    series = [Series("Көрсөтүлгөн стандарттык ката " * 2 + str(n), [0, 1], [0, 1]) for n in range(3)]
    found = labels(root_of(Chart("n", "t", "d", "x", "y", tuple(series))))
    assert len({found[each.name][1] for each in series}) == 3
    assert series[0].name not in labels(root_of(Chart("n", "t", "d", "x", "y", tuple(series[:1]))))


def test_a_legend_shows_points_as_they_are_drawn() -> None:
    kinds: tuple[tuple[str, Shape], ...] = (("same", "full"), ("other", "open"), ("none", "square"))
    series = tuple(Series(name, [1.0], [float(at)], shapes=[shape]) for at, (name, shape) in enumerate(kinds))
    root = root_of(Chart("c", "t", "d", "x", "y", series))
    circles = [(each.get("color"), each.get("fill")) for each in root.iter("circle") if each.get("r") == "5"]
    assert len(circles) == 4
    assert circles[:2] == circles[2:], "a point of the plot is not the one in its legend"
    assert len(root.findall("rect")) == 2


def test_all_figures_of_an_axis_have_the_same_decimals() -> None:
    with i18n.speaking("ky"):
        found = labels(root_of(Chart("n", "t", "d", "x", "y", (Series("s", [0, 10], [-0.3, 0.4]),))))
    assert {"−0,4", "−0,2", "0,0", "0,2", "0,4"} <= set(found)


@pytest.mark.parametrize("counts", [[0, 0], [0, 1], [2, 1], [3, 4], [5, 0], [6, 13], [250, 3]])
def test_an_axis_that_counts_has_no_figure_between_two_whole_numbers(counts: list[float]) -> None:
    series = (Series("s", [1, 2], counts, "bars"),)
    with i18n.speaking("ky"):
        found = labels(root_of(Chart("n", "t", "d", "", "", series, y_bounds=(0, 1), least_y_step=1)))
    beside = [words for words, (x, _) in found.items() if words and x < LEFT]
    assert len(beside) >= 2
    assert all(words.isdigit() for words in beside)


def test_spread_and_shapes_stand_at_their_points() -> None:
    series = Series("s", [1, 2, 3], [0.0, 1.0, 2.0], spread=[0.5, 0.5, 3.0], shapes=["full", "open", "square"])
    root = root_of(Chart("n", "t", "d", "x", "y", (series,)))
    bars = [line for line in root.iter("line") if line.get("stroke-width") == "3"]
    centres = [float(each.get("cy", "0")) for each in root.iter("circle")]
    for bar, centre in zip(bars, centres, strict=False):
        assert float(bar.get("y1", "0")) < centre < float(bar.get("y2", "0"))
    height = float(root.get("viewBox", "").split()[3])
    assert all(0 <= float(bar.get(end, "-1")) <= height for bar in bars for end in ("y1", "y2"))
    assert [each.get("fill") for each in root.iter("circle")] == ["currentColor", "#ffffff"]


def test_a_chart_in_a_page_has_no_style_and_one_in_a_file_has_both_schemes() -> None:
    chart = Chart("n", "a < b", "d", "x", "y", (Series("s", [0, 1], [0, 1]),))
    assert "style" not in chart.__html__()
    file = standalone(drawn(chart))
    assert "prefers-color-scheme: dark" in file
    assert ET.fromstring(file)[0].text == "a < b"


@given(st.lists(st.tuples(st.text(st.characters(codec="utf-8", categories=("L", "P")), max_size=30),
                          st.integers(0, 10**6)), max_size=6))  # fmt: skip
def test_bars_are_in_proportion_and_keep_room_for_their_figures(counts: list[tuple[str, int]]) -> None:
    bars = tuple(Bar(name, n, f"{n} (100,0 %)") for name, n in counts)
    root = ET.fromstring(Bars("b", "t", "d", (("one", bars), ("two", bars))).__html__())
    rects = list(root.iter("rect"))
    assert len(rects) == 2 * len(bars)
    most = max((n for _, n in counts), default=0)
    longest = max((float(rect.get("width", "0")) for rect in rects), default=0.0)
    for rect, bar in zip(rects, bars * 2, strict=True):
        start, width = float(rect.get("x", "0")), float(rect.get("width", "0"))
        assert width == pytest.approx(longest * bar.value / (most or 1), abs=0.11)
        assert start + width + 8 + LETTER * len(bar.figure) <= WIDTH
    height = float(root.get("viewBox", "").split()[3])
    assert all(float(rect.get("y", "0")) + float(rect.get("height", "0")) <= height for rect in rects)


def test_a_point_alone_is_a_dot_since_a_line_needs_two() -> None:
    y = [math.nan, 1.0, math.nan, 2.0, 3.0, math.nan, 4.0]
    root = root_of(Chart("n", "t", "d", "x", "y", (Series("s", list(range(7)), y),)))
    (line,) = [path.get("d", "") for path in root.iter("path") if path.get("class") == "s0"]
    dots = [(float(each.get("cx", "0")), float(each.get("cy", "0"))) for each in root.iter("circle")]
    assert len(dots) == 2
    assert all(f"M{x} {y}" in line for x, y in dots)


def test_where_there_is_nothing_nothing_is_drawn_around_it() -> None:
    nothing = float("nan")
    shapes: tuple[Any, ...] = ("full", "open", "square")
    series = Series("s", (0, 1, 2), (1.0, nothing, 2.0), spread=(0.1, nothing, nothing), shapes=shapes)
    drawing = drawn(Chart("c", "t", "d", "x", "y", (series,)))
    assert "nan" not in drawing
    assert drawing.count('stroke-opacity=".4"') == 1
