"""Rich text as HTML for pages without a script: the tags that `rich` allows and no other, every word escaped."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from markupsafe import Markup

from itembank.items import rich
from itembank.items.formula import FormulaError, Node, Tree

FigureLink = Callable[[str], tuple[str, str] | None]  # name -> (address, text alternative)
BLOCKS = ("passage", "stem", "recording", "rubric")


def written(anchor: str, text: str, link: FigureLink) -> Markup:
    """What stands at a place; source that cannot be read as rich text is shown as it was typed."""
    language, part, *_rest = anchor.split(".")
    build = rich.paragraphs if part in BLOCKS else rich.inline
    try:
        tree = build(text, language)
    except FormulaError:
        return Markup("<code>%s</code>") % text
    return of_tree(tree, link)


def of_tree(tree: Tree, link: FigureLink) -> Markup:
    """The tree as HTML; figures by `link`, gaps as their numbers."""
    return Markup("").join(_node(node, link) for node in tree)


def _node(node: Node, link: FigureLink) -> Markup:
    if isinstance(node, str):
        return Markup("{}").format(node)
    tag, attributes, children = str(node["t"]), node["a"], node["c"]
    assert isinstance(attributes, Mapping)
    assert isinstance(children, list)
    if tag not in rich.TAGS or not set(attributes) <= rich.ATTRIBUTES.get(tag, set()):
        raise ValueError(f"{tag} is not allowed in rich text")
    if tag == "gap":
        return Markup("<strong>[%s]</strong>") % str(attributes["id"])
    if tag == "figure":
        found = link(str(attributes["id"]))
        return Markup('<img class="reading__figure" src="%s" alt="%s">') % found if found else Markup()
    if tag == "br":
        return Markup("<br>")
    said = Markup("").join(Markup(' %s="%s"') % (name, value) for name, value in attributes.items())
    return Markup("<%s%s>%s</%s>") % (tag, said, of_tree(children, link), tag)
