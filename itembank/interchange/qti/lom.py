"""What the manifest says of an item in the words of learning object metadata: code, language, place in the bank.
Each thing the bank knows is a classification whose source begins with `synak:`."""

from __future__ import annotations

from itembank.interchange.markup import el, escaped
from itembank.interchange.qti.names import CATALOG, PREFIX
from itembank.items.content import NewItem

LOM = "http://ltsc.ieee.org/xsd/LOM"
VOCABULARY = "LOMv1.0"
HARD = {"basic": "easy", "medium": "medium", "raised": "difficult"}


def metadata(item: NewItem, language: str) -> str:
    """The metadata of one language of the item."""
    entry = el("identifier", el("catalog", CATALOG), el("entry", escaped(item.code)))
    general = el("general", entry, el("language", language))
    difficulty = el("difficulty", el("source", VOCABULARY), el("value", HARD[item.tier]))
    said = {
        "subject": item.subject, "area": item.area, "tier": item.tier, "family": item.family, "passage": item.passage,
        "demonstration": "true" if item.is_demonstration else None, "shuffle": None if item.shuffle else "false",
    }  # fmt: skip
    classified = (_classification(name, value) for name, value in said.items() if value)
    return el("lom", general, el("educational", difficulty), *classified, xmlns=LOM)


def _classification(name: str, value: str) -> str:
    purpose = el("purpose", el("source", VOCABULARY), el("value", "discipline"))
    source = el("source", el("string", PREFIX + name, language="en"))
    taxon = el("taxon", el("entry", el("string", escaped(value), language="en")))
    return el("classification", purpose, el("taxonPath", source, taxon))
