"""A package of the standard as items of the bank: the files of one item are its languages.
The whole package is judged before its first item is read; then each item is read by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from itembank.interchange.archive import Archive, shown
from itembank.interchange.complete import look
from itembank.interchange.outline import Outlined
from itembank.interchange.qti import document, manifest
from itembank.interchange.qti.document import Written
from itembank.interchange.qti.files import Place
from itembank.interchange.qti.manifest import Resource
from itembank.interchange.qti.names import code, language
from itembank.interchange.qti.tests import ROOT, SECTION, read_tests
from itembank.interchange.remarks import Defaults, Outcome, Remark, Slate
from itembank.interchange.xml import Ill, parse
from itembank.items.content import TIERS, NewItem
from server.core.errors import Invalid
from server.core.terms import LANGUAGES

ITEMS = "assessmentItem"
MOST_TESTS = 30
OLD = "questestinterop"
ALIKE = ("kind", "number", "tolerance", "n_right", "words", "areas", "shuffle")


@dataclass(frozen=True)
class _File:
    """A file of an item: where it is, what is said of it, and its language; or why it cannot be read."""

    resource: Resource
    language: str
    title: str = ""
    trouble: Remark | None = None


class Package:
    """The items of a package, in their order; `tests` are the outlines of its tests."""

    def __init__(self, data: bytes, defaults: Defaults) -> None:
        self._archive = Archive(data)
        self._defaults = defaults
        self._items: dict[str, list[_File]] = {}
        self._remarks: list[Remark] = []
        self._tests: list[tuple[str, str]] = []
        self._sections: list[str] = []
        resources, n_unlisted = manifest.resources(self._archive)
        for resource in resources:
            self._sort(resource)
        if n_unlisted:
            self._remarks.append(Remark("package_unlisted", {"n": n_unlisted}))
        if not self._items:
            raise Invalid("package_no_items")
        self.tests: tuple[Outlined, ...] = self._outlined()

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Outcome]:
        return (self.outcome(at) for at in range(len(self)))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What is said of the package as a whole."""
        return tuple(self._remarks)

    def outcome(self, at: int) -> Outcome:
        """What becomes of the item at that place."""
        name, files = list(self._items.items())[at]
        slate = Slate()
        source = ", ".join(shown(each.resource.file) for each in files)
        read = {each.language: found for each in files if (found := self._read(each, slate)) is not None}
        seen = [each.language for each in files if each.trouble is None]
        for twice in sorted({each for each in seen if seen.count(each) > 1}):
            slate.problem("qti_twice", item=name, language=twice)
        self._differences(read, slate)
        item = None if slate.problems or not read else self._item(name, files, read, slate)
        if item is not None:
            look(item, slate)
        is_taken = item is not None and not slate.problems
        return Outcome(source, name, item if is_taken else None, tuple(slate.problems), tuple(slate.notes))

    def _sort(self, resource: Resource) -> None:
        """An item's file is put to its item, a test to the tests; other files are read when an item wants them."""
        if resource.file not in self._archive:
            if resource.type.startswith("imsqti_item"):
                self._trouble(resource, Remark("qti_missing", {"file": shown(resource.file)}))
            return
        if not resource.file.lower().endswith((".xml", ".qti")) and not resource.type.startswith("imsqti"):
            return
        try:
            root = parse(self._archive.read(resource.file), shown(resource.file))
        except Ill as error:
            if not resource.type.startswith(("webcontent", "associatedcontent")):
                self._trouble(resource, Remark(error.code, error.facts))
            return
        if root.tag == OLD:
            raise Invalid("package_old")
        # Some say it of the body alone.
        said = [tag for each in (root, *root.named("itemBody")) if (tag := each.attributes.get("xml:lang"))]
        spoken = language(said[0] if said else "") or resource.language or self._defaults.language
        if root.tag == ROOT:
            self._tests.append((resource.file, spoken if spoken in LANGUAGES else self._defaults.language))
        elif root.tag == SECTION:
            self._sections.append(resource.file)
        elif root.tag == ITEMS:
            name = resource.code or code(root.attributes.get("identifier") or resource.identifier) or "item"
            self._items.setdefault(name, []).append(_File(resource, spoken, root.attributes.get("title", "")))

    def _outlined(self) -> tuple[Outlined, ...]:
        """The tests, and a remark on sections that stand in none of them."""
        items = {file.resource.file: name for name, files in self._items.items() for file in files}
        if len(self._tests) > MOST_TESTS:
            self._remarks.append(Remark("qti_tests", {"n": len(self._tests), "most": MOST_TESTS}))
        found, met = read_tests(self._archive, self._tests[:MOST_TESTS], items)
        alone = sorted(set(self._sections) - met)
        self._remarks += [Remark("qti_test", {"file": shown(each)}) for each in alone]
        places = {name: at for at, name in enumerate(self._items)}
        return tuple(replace(test, places=_named(test, places)) for test in found)

    def _trouble(self, resource: Resource, remark: Remark) -> None:
        name = resource.code or code(resource.identifier) or "item"
        self._items.setdefault(name, []).append(_File(resource, "", trouble=remark))

    def _read(self, file: _File, slate: Slate) -> Written | None:
        if file.trouble is not None:
            slate.problem(file.trouble.code, **file.trouble.facts)
            return None
        if file.language not in LANGUAGES:
            slate.problem("qti_language", language=file.language[:20], file=shown(file.resource.file))
            return None
        place = Place(self._archive, file.resource.file, file.language, slate)
        try:
            return document.read(place, parse(self._archive.read(place.file), shown(place.file)))
        except Invalid as error:
            slate.failed(error)
            return None

    def _differences(self, read: Mapping[str, Written], slate: Slate) -> None:
        for part in ALIKE:
            if len({_alike(getattr(each.body, part)) for each in read.values()}) > 1:
                slate.problem("qti_differ", part=part)

    def _item(self, name: str, files: list[_File], read: Mapping[str, Written], slate: Slate) -> NewItem:
        said = {key: value for each in reversed(files) for key, value in each.resource.said.items()}
        unkept = {part for each in files for part in each.resource.unkept}
        if any(each.title and each.title != name for each in files):
            unkept.add("title")
        if unkept:
            slate.note("qti_metadata", names=", ".join(sorted(unkept)))
        body = next(iter(read.values())).body
        passage = said.get("passage") or (None if files[0].resource.code else _passage(read))
        tier: Any = said.get("tier") if said.get("tier") in TIERS else self._defaults.tier
        kind: Any = body.kind
        return NewItem(
            code=name, subject=said.get("subject") or self._defaults.subject, tier=tier,
            area=said.get("area") or self._defaults.area, type=kind,
            texts={spoken: each.text for spoken, each in sorted(read.items())},
            family=said.get("family") or None, passage=passage, number=body.number, tolerance=body.tolerance,
            n_right=body.n_right, words=body.words, areas=body.areas,
            shuffle=said.get("shuffle", "").lower() != "false" if "shuffle" in said or not _can_shuffle(kind)
            else body.shuffle,
            is_demonstration=said.get("demonstration") == "true",
        )  # fmt: skip


def _named(test: Outlined, places: Mapping[str, int]) -> dict[str, int]:
    """The places of the items that the test names."""
    items = {entry.item for outline in test.outlines.values() for entry in outline.entries()}
    return {name: places[name] for name in sorted(items) if name}


def _passage(read: Mapping[str, Written]) -> str | None:
    """The name of the text that the item is read beside, as the package has it."""
    return next((code(each.passage) for each in read.values() if each.passage), None)


def _can_shuffle(kind: str) -> bool:
    return kind not in ("text_entry", "extended_text", "hotspot")


def _alike(value: object) -> object:
    """The value as it is compared: 0,5 is 0.5."""
    try:
        return Decimal(value.replace(",", ".")) if isinstance(value, str) else value
    except InvalidOperation:
        return value
