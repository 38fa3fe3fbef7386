"""XML from outside as a tree of nodes, read by expat with nothing declared and nothing looked up elsewhere.
A document type is refused at its first word, so no entity exists: neither a file is fetched nor a laugh multiplied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.parsers import expat

from server.core.errors import Invalid

LARGEST = 4 * 1024 * 1024
MOST_ELEMENTS = 100_000
DEEPEST = 100
XML = "http://www.w3.org/XML/1998/namespace"
SEPARATOR = "\n"  # no name and no address of a namespace can hold one
_KEBAB = re.compile(r"-([a-z0-9])")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Node:
    """An element: `tag` without prefix, in QTI 2 words; `attributes` likewise; children are nodes and strings."""

    tag: str
    space: str
    attributes: Mapping[str, str]
    line: int
    children: list[Node | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Node]:
        """The children that are elements."""
        return [child for child in self.children if isinstance(child, Node)]

    def named(self, *tags: str) -> list[Node]:
        """The children that have one of these names."""
        return [child for child in self.elements if child.tag in tags]

    def walk(self) -> Iterator[Node]:
        """The element and all below it, in the order of the document."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.elements)

    def all(self, *tags: str) -> list[Node]:
        """The elements at or below it that have one of these names."""
        return [node for node in self.walk() if node.tag in tags]

    @property
    def text(self) -> str:
        """Every character below it."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def words(self) -> str:
        """Its characters with single spaces."""
        return " ".join(self.text.split())


class Ill(Invalid):
    """The file is not well-formed: the fault of one file, and no danger."""


def parse(data: bytes, file: str, largest: int = LARGEST, most: int = MOST_ELEMENTS) -> Node:
    """The tree of a document; Invalid says why it is not read, Ill that it is merely broken."""
    if len(data) > largest:
        raise Invalid("xml_large", file=file, most=largest // 1024 // 1024)
    builder = _Builder(file, most)
    try:
        builder.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = error.lineno if isinstance(error, expat.ExpatError) else 1
        raise Ill("xml_broken", file=file, line=line) from error
    return builder.root


def tags(listed: str) -> frozenset[str]:
    """A set of names written in a row."""
    return frozenset(listed.split())


def is_writable(text: str) -> bool:
    """Whether XML can hold every character of it."""
    return _FORBIDDEN.search(text) is None


class _Builder:
    """Collects nodes while expat reads, and stops it at the first thing that no package needs."""

    def __init__(self, file: str, most: int) -> None:
        self.file, self.most = file, most
        self.root = Node("", "", {}, 1)
        self._open: list[Node] = []
        self._n = 0
        self.parser = expat.ParserCreate(namespace_separator=SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._declared
        self.parser.EntityDeclHandler = self._declared
        self.parser.ExternalEntityRefHandler = self._declared
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _declared(self, *_what: object) -> int:
        raise Invalid("xml_declares", file=self.file, line=self.parser.CurrentLineNumber)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._n += 1
        if self._n > self.most or len(self._open) >= DEEPEST:
            raise Invalid("xml_huge", file=self.file, line=self.parser.CurrentLineNumber)
        space, _, tag = name.rpartition(SEPARATOR)
        named = {_attribute(each): value for each, value in attributes.items()}
        node = Node(_plain(tag), space, named, self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)

    def _end(self, _name: str) -> None:
        self._open.pop()

    def _characters(self, text: str) -> None:
        self._open[-1].children.append(text)


@lru_cache(maxsize=4096)
def _plain(tag: str) -> str:
    """QTI 3 writes `qti-choice-interaction` where QTI 2 wrote `choiceInteraction`; here all is read as QTI 2."""
    return _camel(tag.removeprefix("qti-")) if tag.startswith("qti-") else tag


@lru_cache(maxsize=4096)
def _attribute(qualified: str) -> str:
    space, _, name = qualified.rpartition(SEPARATOR)
    if space == XML:
        return f"xml:{name}"
    if space or name.startswith(("data-", "aria-")):
        return name
    return _camel(name)


def _camel(name: str) -> str:
    return _KEBAB.sub(lambda found: found[1].upper(), name)
