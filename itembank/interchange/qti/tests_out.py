"""An outline as an `assessmentTest` of QTI 3, its result the sum of what its items give, each by its weight."""

from __future__ import annotations

from collections.abc import Callable

from itembank.interchange.markup import el
from itembank.interchange.outline import Entry, Outline, Part, Section

WEIGHT = "W"
ItemFile = Callable[[str], str]


def written_test(outline: Outline, language: str, file_of: ItemFile, space: str) -> str:
    """The document; `file_of` gives the address of an item's file by its code."""
    declared = el("qti-outcome-declaration", identifier="SCORE", cardinality="single", base_type="float")
    total = el("qti-sum", el("qti-test-variables", variable_identifier="SCORE", weight_identifier=WEIGHT))
    processing = el("qti-outcome-processing", el("qti-set-outcome-value", total, identifier="SCORE"))
    return el(
        "qti-assessment-test", declared, _time(outline.time_s), *(_part(each, file_of) for each in outline.parts),
        processing, xmlns=space, identifier=outline.identifier, title=outline.title, xml__lang=language,
    )  # fmt: skip


def _part(part: Part, file_of: ItemFile) -> str:
    sections = (_section(each, file_of) for each in part.sections)
    return el("qti-test-part", _time(part.time_s), *sections, identifier=part.identifier,
              navigation_mode=part.navigation, submission_mode=part.submission)  # fmt: skip


def _section(section: Section, file_of: ItemFile) -> str:
    select = "" if section.select is None else el("qti-selection", select=str(section.select))
    ordering = el("qti-ordering", shuffle="true") if section.is_shuffled else ""
    members = (
        _entry(each, file_of) if isinstance(each, Entry) else _section(each, file_of)
        for each in section.parts
    )
    return el("qti-assessment-section", _time(section.time_s), select, ordering, *members,
              identifier=section.identifier, title=section.title,
              visible="true" if section.is_visible else "false")  # fmt: skip


def _entry(entry: Entry, file_of: ItemFile) -> str:
    weight = el("qti-weight", identifier=WEIGHT, value=_plain(entry.weight))
    return el("qti-assessment-item-ref", _time(entry.time_s), weight, identifier=entry.identifier,
              href=file_of(entry.item))  # fmt: skip


def _time(longest_s: float | None) -> str:
    return "" if longest_s is None else el("qti-time-limits", max_time=_plain(longest_s))


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
