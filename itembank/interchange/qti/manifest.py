"""What a package says of itself: its resources with the metadata that we understand, and its tests.
Metadata is learning object metadata (LOM), whatever its namespace; ours stands in classifications and a catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from itembank.interchange.archive import MOST_FILES, Archive, beside, shown
from itembank.interchange.qti.names import CATALOG, PREFIX, language
from itembank.interchange.xml import Node, parse
from server.core.errors import Invalid

FILE = "imsmanifest.xml"
DIFFICULTY = {
    "very easy": "basic", "easy": "basic", "medium": "medium", "difficult": "raised", "very difficult": "raised",
}  # fmt: skip
_UNDERSTOOD = {"identifier", "language", "classification", "difficulty"}


@dataclass(frozen=True)
class Resource:
    """A file of the package that is more than a picture, and what is said about it."""

    identifier: str
    type: str
    file: str
    code: str | None
    language: str | None
    said: Mapping[str, str]
    unkept: tuple[str, ...]


def resources(archive: Archive) -> tuple[list[Resource], int]:
    """The resources that name a file, each file once, and how many files none names; Invalid if this is no package."""
    if FILE not in archive:
        raise Invalid("package_no_manifest", file=FILE)
    root = parse(archive.read(FILE), FILE)
    if root.tag != "manifest":
        raise Invalid("package_no_manifest", file=FILE)
    found = []
    for node in root.all("resource"):
        address = node.attributes.get("href") or next(
            (file.attributes.get("href", "") for file in node.named("file")), ""
        )
        name = beside(FILE, address) if address else None
        if address and name is None:
            raise Invalid("package_path", file=shown(address))
        if name:
            found.append(_resource(node, name))
    if len(found) > MOST_FILES:
        raise Invalid("package_many", most=MOST_FILES)
    return list({each.file: each for each in reversed(found)}.values())[::-1], _unlisted(archive, root)


def _unlisted(archive: Archive, root: Node) -> int:
    listed = {beside(FILE, node.attributes["href"]) for node in root.all("resource", "file")
              if node.attributes.get("href")}  # fmt: skip
    return sum(name not in listed and not name.endswith(".xsd") for name in archive.names if name != FILE)


def _resource(node: Node, file: str) -> Resource:
    loms = node.all("lom")
    entries = {_first(each, "catalog"): _first(each, "entry")
               for lom in loms for each in lom.all("identifier") if each.elements}  # fmt: skip
    languages = [each.words for lom in loms for general in lom.named("general") for each in general.named("language")]
    said = {name: value for lom in loms for name, value in _classified(lom)}
    hard = [DIFFICULTY.get(_first(each, "value")) for lom in loms for each in lom.all("difficulty")]
    return Resource(
        node.attributes.get("identifier", ""), node.attributes.get("type", ""), file, entries.get(CATALOG) or None,
        language(languages[0]) if languages and languages[0] else None,
        ({"tier": hard[0]} if hard and hard[0] else {}) | said, _unkept(loms),
    )  # fmt: skip


def _classified(lom: Node) -> list[tuple[str, str]]:
    """What our own classifications say: name and value."""
    found = []
    for path in lom.all("taxonPath"):
        source = _first(path, "source")
        if source.startswith(PREFIX):
            found.append((source.removeprefix(PREFIX), "".join(_texts(path, "entry")).strip()))
    return found


def _unkept(loms: Sequence[Node]) -> tuple[str, ...]:
    """Names of metadata that has no place in the bank."""
    names = set()
    for lom in loms:
        for part in lom.elements:
            if part.tag != "classification":
                names |= {each.tag for each in part.elements} - _UNDERSTOOD
        for each in lom.named("classification"):
            paths = each.all("taxonPath")
            if not paths or any(not _first(path, "source").startswith(PREFIX) for path in paths):
                names.add("classification")
    return tuple(sorted(name[:40] for name in names))


def _first(node: Node, tag: str) -> str:
    return next((each.words for each in node.all(tag)), "")


def _texts(node: Node, tag: str) -> list[str]:
    return [each.text for each in node.all(tag)][:1]
