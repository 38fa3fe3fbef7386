"""Small banks for tests of what happens around items: as the demonstration's, at half the time it takes to load."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from itembank.demonstration.sources import Source, source_of
from itembank.items.content import NewItem

PLAIN = ("choice", "text_entry")
OF_A_KIND = 3  # exposure control leaves two fifths to a candidate, of whom there are a dozen


def few(subject: str) -> Source:
    """Some items of every tier and area, and one of each type that is not plain."""
    known = source_of(subject)
    others = {item.type: item for item in known.items if item.type not in PLAIN}
    return replace(known, items=(*_plain(known), *others.values()))


def plain(subject: str) -> Source:
    """The same where each item asks for one option or a text, so that keys chosen beforehand answer it."""
    known = source_of(subject)
    return replace(known, items=tuple(_plain(known)))


def _plain(source: Source) -> Iterator[NewItem]:
    seen: Counter[tuple[str, str]] = Counter()
    for item in source.items:
        kind = (item.tier, item.family or item.area)  # of a family a candidate is given one
        if item.type in PLAIN and seen[kind] < (2 if item.family else OF_A_KIND):
            seen[kind] += 1
            yield item
