"""Ranges on one scale: a point within its range, long names in two lines, nothing drawn where there is no figure."""

from __future__ import annotations

from xml.etree import ElementTree

from server.core.charts import WIDTH, Mark
from server.core.ranges import Range, Ranges

LONG = "Кыргыздар XVI–XIX кылымдарда, Россия империясынын курамында, Кокон хандыгы"


def test_each_range_holds_its_point_and_a_long_name_stays_on_the_page() -> None:
    drawing = Ranges("r", "Title", "Said", (Range("A", "50", 50, 40, 70), Range(LONG, "few")), (Mark("x", 60, "Cut"),))
    root = ElementTree.fromstring(drawing.__html__())
    (dot,) = root.iter("circle")
    (bar,) = [each for each in root.iter("line") if each.get("stroke-width") == "12"]
    assert float(bar.get("x1", "")) < float(dot.get("cx", "")) < float(bar.get("x2", ""))
    said = [each.text or "" for each in root.iter("text")]
    assert sum(line in LONG and len(line) > 20 for line in said) == 2
    assert "few" in said
    assert all(0 <= float(each.get("x", "")) <= WIDTH for each in root.iter("text"))
