"""Tests of a package as outlines: parts, sections, the items they name. What an outline cannot hold is noted by line.
The files of one test are its languages: they have one identifier and differ in titles alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from itembank.interchange.archive import Archive, beside, shown
from itembank.interchange.outline import Entry, Outline, Outlined, Part, Section
from itembank.interchange.qti import active
from itembank.interchange.remarks import Slate
from itembank.interchange.xml import Node, parse
from server.core.errors import Invalid

ROOT, SECTION = "assessmentTest", "assessmentSection"
MOST_PARTS = 2000  # sections and items of one test; sections may be named by others again and again
DEEPEST = 20
LONGEST_TITLE, LONGEST_NAME = 200, 80
LONGEST_TIME_S = 7 * 24 * 3600
_RULES = {"preCondition", "branchRule", "templateDefault", "variableMapping", "itemSessionControl"}
_MEMBERS = {SECTION, "assessmentSectionRef", "assessmentItemRef"}
_KNOWN = {
    ROOT: {"timeLimits", "testPart", "outcomeDeclaration", "outcomeProcessing"},
    "testPart": {"timeLimits", SECTION, "assessmentSectionRef"},
    SECTION: {"timeLimits", "selection", "ordering", *_MEMBERS},
    "assessmentItemRef": {"timeLimits", "weight"},
}
_LIMITS = {"fixed": "true", "required": "true", "keepTogether": "false"}  # what is noted where it says so


class OutlineReader:
    """Reads the outline of one test file; `items` are the codes of the package's items by their files."""

    def __init__(self, archive: Archive, items: Mapping[str, str]) -> None:
        self._archive, self._items = archive, items
        self.slate = Slate()
        self.met: set[str] = set()
        self._n = self._depth = 0

    def read(self, file: str) -> Outline:
        """The outline; Invalid if the file cannot be read, what is wrong with it or is not kept on the slate."""
        root = self._root(file)
        self._note(root)
        _scoring(root, self.slate)
        parts = tuple(self._part(node, file) for node in root.named("testPart"))
        found = Outline(_name(root), _title(root), parts, self._time(root))
        if not found.entries():
            self.slate.problem("test_empty", file=shown(file))
        return found

    def _root(self, file: str) -> Node:
        root = parse(self._archive.read(file), shown(file))
        active.look(root, self.slate)
        return root

    def _part(self, node: Node, file: str) -> Part:
        self._note(node)
        sections = [each for each in self._members(node, file, ()) if isinstance(each, Section)]
        navigation, submission = (
            node.attributes.get("navigationMode", ""),
            node.attributes.get("submissionMode", ""),
        )
        return Part(
            _name(node), navigation if navigation in ("linear", "nonlinear") else "linear",
            submission if submission in ("individual", "simultaneous") else "individual", tuple(sections),
            self._time(node),
        )  # fmt: skip

    def _members(self, node: Node, file: str, trail: tuple[str, ...]) -> list[Section | Entry]:
        found: list[Section | Entry | None] = []
        for each in node.named(*_MEMBERS):
            self._n += 1
            if self._n > MOST_PARTS:
                raise Invalid("test_large", most=MOST_PARTS)
            if each.tag == SECTION:
                found.append(self._section(each, file, trail))
            elif each.tag == "assessmentItemRef":
                found.append(self._entry(each, file))
            else:
                found.append(self._elsewhere(each, file, trail))
        return [each for each in found if each is not None]

    def _section(self, node: Node, file: str, trail: tuple[str, ...]) -> Section:
        self._note(node)
        for attribute, noted in _LIMITS.items():
            if node.attributes.get(attribute) == noted:
                self.slate.note("test_limit", attribute=attribute, line=node.line)
        self._depth += 1
        if self._depth > DEEPEST:
            raise Invalid("test_large", most=MOST_PARTS)
        members = tuple(self._members(node, file, trail))
        self._depth -= 1
        selection, ordering = _first(node, "selection"), _first(node, "ordering")
        select = selection.attributes.get("select", "") if selection else ""
        if selection and (selection.attributes.get("withReplacement") == "true" or selection.elements):
            self.slate.note("test_rule", element="selection", line=selection.line)
        return Section(
            _name(node), _title(node), members, self._time(node),
            int(select) if select.isdecimal() and len(select) < 5 else None,
            ordering is not None and ordering.attributes.get("shuffle") == "true",
            node.attributes.get("visible", "true") != "false",
        )  # fmt: skip

    def _elsewhere(self, ref: Node, file: str, trail: tuple[str, ...]) -> Section | None:
        """A section that is a file of its own."""
        name = beside(file, ref.attributes.get("href", ""))
        if name is None or name not in self._archive or name in (file, *trail):
            self.slate.problem("test_section", file=shown(name or file), line=ref.line)
            return None
        self.met.add(name)
        root = self._root(name)
        if root.tag != SECTION:
            self.slate.problem("test_section", file=shown(name), line=ref.line)
            return None
        return self._section(root, name, (*trail, file))

    def _entry(self, node: Node, file: str) -> Entry:
        self._note(node)
        for attribute, noted in _LIMITS.items():
            if node.attributes.get(attribute) == noted:
                self.slate.note("test_limit", attribute=attribute, line=node.line)
        item = self._items.get(beside(file, node.attributes.get("href", "")) or "", "")
        if not item:
            self.slate.note("test_item", item=_name(node), line=node.line)
        weights = node.named("weight")
        if len(weights) > 1:
            self.slate.note("test_rule", element="weight", line=weights[1].line)
        weight = _number(weights[0].attributes.get("value", "")) if weights else 1.0
        return Entry(_name(node), item, 1.0 if weight is None else weight, self._time(node))

    def _time(self, node: Node) -> float | None:
        """The longest time, in seconds."""
        limits = _first(node, "timeLimits")
        if limits is None:
            return None
        if (
            limits.attributes.get("minTime", "0") not in ("", "0")
            or "allowLateSubmission" in limits.attributes
        ):
            self.slate.note("test_rule", element="timeLimits", line=limits.line)
        longest = _number(limits.attributes.get("maxTime", ""))
        return longest if longest is not None and 0 < longest <= LONGEST_TIME_S else None

    def _note(self, node: Node) -> None:
        """Says of each child that an outline has no place for it."""
        for child in node.elements:
            if child.tag not in _KNOWN[node.tag]:
                code = "test_rule" if child.tag in _RULES else "test_part"
                self.slate.note(code, element=child.tag[:40], line=child.line)


def read_tests(
    archive: Archive, files: Sequence[tuple[str, str]], items: Mapping[str, str]
) -> tuple[list[Outlined], set[str]]:
    """The tests in these files, each a name and a language; those alike but for their titles are one.

    And the files of sections that they name."""
    found: list[Outlined] = []
    met: set[str] = set()
    for file, language in files:
        reader = OutlineReader(archive, items)
        outlines = {}
        try:
            outlines = {language: reader.read(file)}
        except Invalid as error:
            reader.slate.failed(error)
        met |= reader.met
        problems, notes = tuple(reader.slate.problems), tuple(reader.slate.notes)
        _join(found, Outlined(shown(file), {} if problems else outlines, problems, notes))
    return found, met


def _join(found: list[Outlined], new: Outlined) -> None:
    """Puts a language to its test, or the test behind the others."""
    for at, known in enumerate(found):
        if (
            known.outlines
            and new.outlines
            and not set(known.outlines) & set(new.outlines)
            and _are_alike(known, new)
        ):
            notes = (*known.notes, *(each for each in new.notes if each not in known.notes))
            found[at] = replace(
                known,
                source=f"{known.source}, {new.source}",
                outlines={**known.outlines, **new.outlines},
                notes=notes,
            )
            return
    found.append(new)


def _are_alike(known: Outlined, new: Outlined) -> bool:
    one, other = (next(iter(each.outlines.values())) for each in (known, new))
    return one.identifier == other.identifier and one.skeleton() == other.skeleton()


def _scoring(root: Node, slate: Slate) -> None:
    """Notes scoring that is more than the sum of what the items give."""
    processing = root.named("outcomeProcessing")
    for each in (step for node in processing for step in node.elements):
        values = each.elements
        is_sum = each.tag == "setOutcomeValue" and len(values) == 1 and values[0].tag == "sum"
        if not is_sum or any(inner.tag != "testVariables" for inner in values[0].elements):
            slate.note("test_scoring", element=each.tag[:40], line=each.line)
    for node in root.named("outcomeDeclaration"):
        if node.attributes.get("identifier", "").upper() not in ("SCORE", "MAXSCORE"):
            slate.note("test_part", element="outcomeDeclaration", line=node.line)


def _first(node: Node, tag: str) -> Node | None:
    return next(iter(node.named(tag)), None)


def _name(node: Node) -> str:
    return " ".join(node.attributes.get("identifier", "").split())[:LONGEST_NAME]


def _title(node: Node) -> str:
    return " ".join(node.attributes.get("title", "").split())[:LONGEST_TITLE] or _name(node)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e9 else None
