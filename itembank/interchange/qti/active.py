"""What runs, calls elsewhere or belongs to another language has no place in an item: it is refused by name.
An item with such a thing is not taken, even where the rest of it could be read."""

from __future__ import annotations

import re

from itembank.interchange.mathml import MATHML
from itembank.interchange.remarks import Slate
from itembank.interchange.xml import Node

_RUNS = {
    "script", "iframe", "frame", "embed", "applet", "form", "input", "button", "textarea", "select", "link", "meta",
    "base", "style", "customInteraction", "portableCustomInteraction", "customOperator", "canvas", "template", "portal",
}  # fmt: skip
_SPACES = re.compile(
    r"|http://www\.imsglobal\.org/.*|https?://(www\.)?(purl\.)?(imsglobal|1edtech)\.org/.*"
    r"|http://www\.w3\.org/(1999/xhtml|1998/Math/MathML)"
)
_SCHEME = re.compile(r"\s*(javascript|data|vbscript|file)\s*:", re.IGNORECASE)
_ADDRESSES = {"href", "src", "data", "action", "formaction", "poster", "background", "cite", "longdesc", "template"}


def look(root: Node, slate: Slate) -> None:
    """Notes as problems what runs and what is foreign in a document."""
    for node in root.walk():
        if node.tag in _RUNS and node.space != MATHML:
            slate.problem("qti_active", element=node.tag, line=node.line)
        elif not _SPACES.fullmatch(node.space):
            slate.problem("qti_foreign", element=node.tag[:40], line=node.line)
        for name, value in node.attributes.items():
            is_run = name.lower().startswith("on") and len(name) > 2
            if is_run or (name.lower() in _ADDRESSES and _SCHEME.match(value)):
                slate.problem("qti_active", element=name[:40], line=node.line)
