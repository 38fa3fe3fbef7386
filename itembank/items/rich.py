"""Authoring text to a tree of nodes: paragraphs, `_emphasis_`, `**strong**`, `$formula$`; never markup.
A backslash takes the meaning from `$ _ * [ {` and itself; at a line's end it breaks the line; `[[1]]` is a gap,
`![map]` a figure, `[_ter_]` emphasis within a word. `$formula${as it is said}` says it in the author's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from itembank.items import formula
from itembank.items.formula import Element, FormulaError, Node, Tree, element
from itembank.items.speech import speak

__all__ = ["TAGS", "FormulaError", "Node", "Tree", "check", "gaps", "inline", "paragraphs", "spoken", "words"]

PROSE = frozenset({"p", "em", "strong", "br", "gap", "figure"})
ATTRIBUTES = {**formula.ATTRIBUTES, "gap": {"id"}, "figure": {"id"}}
TAGS = PROSE | formula.MATHML

MARK = re.compile(
    r"\\(?P<escaped>[\\$_*\[{])"
    r"|\$(?P<formula>[^$]*)\$(?:\{(?P<said>[^{}$]*)\})?"
    r"|!\[(?P<figure>[a-z0-9-]{1,40})\]"
    r"|\*\*(?=\S)(?P<strong>(?:[^*]|\*(?!\*))+?)(?<=\S)\*\*"
    r"|\[_(?=\S)(?P<part>(?:(?!_\]|\[_)[\s\S])+)(?<=\S)_\]"
    r"|(?<![\w_])_(?=[^\s_])(?P<em>[^_]*[^\s_])_(?![\w_])"
    r"|\[\[(?P<gap>\d{1,2})\]\]"
    r"|(?P<br>\\\n)"
    r"|(?P<lone>\$)"
)
_BEFORE_STOP = re.compile(r" (?=[.,;:?!])")
_SPACES = re.compile(r"[ \t\r\n]+")


def paragraphs(text: str, language: str) -> Tree:
    """A tree of one `p` for each paragraph; FormulaError names a formula that cannot be shown."""
    parts = re.split(r"\n[ \t]*\n\s*", text.strip())
    return [element("p", inline(part, language)) for part in parts if part]


def inline(text: str, language: str) -> Tree:
    """A tree without paragraphs, for options."""
    return list(_joined(_inline(text.strip(), language)))


def spoken(tree: Tree, language: str, alternatives: Mapping[str, str] | None = None) -> str:
    """The tree as a voice reads it: words as they stand, formulas spelt out in `language`, figures by their
    text alternatives."""
    pieces = (_spoken(node, language, alternatives or {}) for node in tree)
    return _BEFORE_STOP.sub("", " ".join("".join(pieces).split()))


def words(tree: Tree) -> str:
    """The characters of a tree, its formulas included."""
    return formula.text_of(tree)


def has_formula(tree: Tree) -> bool:
    """True if some part of it is mathematics."""
    return any(isinstance(n, dict) and (n["t"] == "math" or has_formula(_children(n))) for n in tree)


def gaps(tree: Tree) -> list[str]:
    """The names of the gaps, in the order of the text."""
    return _named("gap", tree)


def figures(tree: Tree) -> list[str]:
    """The names of the figures, in the order of the text."""
    return _named("figure", tree)


def check(tree: Tree) -> None:
    """ValueError unless every tag and attribute is on the allow-list."""
    for node in tree:
        if isinstance(node, str):
            continue
        tag, attributes = str(node["t"]), node["a"]
        if set(node) != {"t", "a", "c"} or tag not in TAGS or not isinstance(attributes, dict):
            raise ValueError(f"{tag} is not allowed in rich text")
        if not set(attributes) <= ATTRIBUTES.get(tag, set()):
            raise ValueError(f"{tag} may not carry {sorted(attributes)}")
        check(_children(node))


def _inline(text: str, language: str) -> Iterator[Node]:
    end = 0
    for found in MARK.finditer(text):
        yield _SPACES.sub(" ", text[end : found.start()])
        end = found.end()
        kind = found.lastgroup
        body = found[kind] if kind else ""
        if kind == "escaped":
            yield body
        elif kind in ("formula", "said"):
            yield _math(found["formula"], language, found["said"])
        elif kind == "figure":
            yield element("figure", [], id=body)
        elif kind == "br":
            yield element("br", [])
        elif kind == "gap":
            yield element("gap", [], id=body)
        elif kind == "lone":
            raise FormulaError(text[found.start() : found.start() + 40], "a dollar sign without its pair")
        else:
            yield element("strong" if kind == "strong" else "em", list(_joined(_inline(body, language))))
    yield _SPACES.sub(" ", text[end:])


def _math(latex: str, language: str, said: str | None) -> Element:
    tree = formula.math(latex)
    if said is not None and not said.strip():
        raise FormulaError(latex, "nothing is said for it")
    words_for = " ".join(said.split()) if said else speak(_children(tree), language)
    return {**tree, "a": {"display": "inline", "alttext": words_for}}


def _joined(nodes: Iterator[Node]) -> Iterator[Node]:
    """Neighbouring strings become one, empty ones vanish."""
    text = ""
    for node in nodes:
        if isinstance(node, str):
            text += node
            continue
        if text:
            yield text
        text = ""
        yield node
    if text:
        yield text


def _spoken(node: Node, language: str, alternatives: Mapping[str, str]) -> str:
    if isinstance(node, str):
        return node
    if node["t"] == "math":
        return f" {_attributes(node).get('alttext') or speak(_children(node), language)} "
    if node["t"] == "figure":
        return f" {alternatives.get(_attributes(node)['id'], '')} "
    inside = "".join(_spoken(child, language, alternatives) for child in _children(node))
    return inside + "\n" if node["t"] in ("p", "br") else inside


def _named(tag: str, tree: Tree) -> list[str]:
    found: list[str] = []
    for node in tree:
        if isinstance(node, dict):
            found += [_attributes(node)["id"]] if node["t"] == tag else _named(tag, _children(node))
    return found


def _attributes(node: Element) -> dict[str, str]:
    attributes = node["a"]
    assert isinstance(attributes, dict)
    return attributes


def _children(node: Element) -> Tree:
    children = node["c"]
    assert isinstance(children, list)
    return children
