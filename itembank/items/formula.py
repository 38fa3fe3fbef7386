"""One LaTeX formula as a tree of MathML presentation elements; anything outside the allow-list is refused.
latex2mathml forgives unclosed braces and unknown commands; here both are errors."""

from __future__ import annotations

import re
from html import unescape
from xml.etree.ElementTree import Element as Parsed

from latex2mathml import exceptions as latex_errors
from latex2mathml.converter import convert_to_element

Element = dict[str, object]
Node = str | Element
Tree = list[Node]

LONGEST = 1000
DEEPEST = 20

SIGNS = {"+", "-", "−", "±"}
CLOSING = {")", "]", "}", "|", "!", "°", "′", "%"}
CHILDREN = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2, "msubsup": 3, "munderover": 3,
}  # fmt: skip
MATHML = frozenset(CHILDREN) | {
    "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msqrt", "mtable", "mtr", "mtd",
}  # fmt: skip
ATTRIBUTES = {
    "math": {"display", "alttext"},
    "mo": {"stretchy", "fence", "form", "separator", "accent", "largeop", "movablelimits", "symmetric"},
    "mi": {"mathvariant"},
    "mspace": {"width"},
    "mfrac": {"linethickness"},
}
_LAYOUT_ONLY = {
    "xmlns", "columnalign", "rowspacing", "columnspacing", "displaystyle", "scriptlevel", "mathsize",
    "minsize", "maxsize", "lspace", "rspace",
}  # fmt: skip
_ERRORS: tuple[type[Exception], ...] = (
    LookupError, ValueError, TypeError, AttributeError, RuntimeError, StopIteration,
    *(e for e in vars(latex_errors).values() if isinstance(e, type) and issubclass(e, Exception)),
)  # fmt: skip


class FormulaError(ValueError):
    """The formula cannot be shown as written."""

    def __init__(self, formula: str, reason: str) -> None:
        super().__init__(f"formula {formula!r}: {reason}")
        self.formula = formula
        self.reason = reason


def element(tag: str, children: Tree, **attributes: str) -> Element:
    """A node of the tree with a tag."""
    return {"t": tag, "a": attributes, "c": children}


def math(latex: str) -> Element:
    """The formula as a `math` element; FormulaError says what is wrong with it."""
    _check_braces(latex)
    try:
        root = _element(convert_to_element(latex), latex)
    except FormulaError:
        raise
    except _ERRORS as error:
        raise FormulaError(latex, type(error).__name__) from error
    if not text_of([root]).strip():
        raise FormulaError(latex, "it is empty")
    return element("math", _unwrapped(_children(root)), display="inline")


def text_of(tree: Tree) -> str:
    """All characters of a tree, its formulas included, in order."""
    return "".join(node if isinstance(node, str) else text_of(_children(node)) for node in tree)


def _children(node: Element) -> Tree:
    children = node["c"]
    assert isinstance(children, list)
    return children


def _check_braces(latex: str) -> None:
    if len(latex) > LONGEST:
        raise FormulaError(latex[:40] + "…", f"longer than {LONGEST} characters")
    depth = 0
    for brace in re.sub(r"\\[\\{}]", "", latex):
        depth += {"{": 1, "}": -1}.get(brace, 0)
        if depth < 0:
            raise FormulaError(latex, "a closing brace without an opening one")
        if depth > DEEPEST:
            raise FormulaError(latex, "nested too deeply")
    if depth:
        raise FormulaError(latex, "an opening brace without a closing one")


def _element(source: Parsed, latex: str) -> Element:
    tag = source.tag
    if tag not in MATHML:
        raise FormulaError(latex, f"the element {tag} is not allowed")
    children: Tree = [_element(child, latex) for child in source]
    text = unescape(source.text or "").strip("\n")  # the converter writes signs as character references
    if "\\" in text:
        raise FormulaError(latex, f"unknown command {text}")
    if text.strip() or (tag == "mtext" and text):
        children.insert(0, text)
    if tag in ("mi", "mn", "mo") and not children:
        raise FormulaError(latex, "a part of it is empty")
    if tag in CHILDREN and len(children) != CHILDREN[tag]:
        raise FormulaError(latex, f"a part of {tag} is missing")
    if tag not in CHILDREN:
        children = [part for child in children for part in _flat(child)]
    return _tidied(element(tag, children, **_attributes(tag, source, latex)))


def _attributes(tag: str, source: Parsed, latex: str) -> dict[str, str]:
    kept = {}
    for name, value in source.attrib.items():
        if name in ATTRIBUTES.get(tag, ()):
            kept[name] = value
        elif name not in _LAYOUT_ONLY:
            raise FormulaError(latex, f"the attribute {name} of {tag} is not allowed")
    return kept


def _flat(child: Node) -> Tree:
    """A row with one element in it is that element."""
    if isinstance(child, str) or child["t"] != "mrow" or len(_children(child)) != 1:
        return [child]
    only = _children(child)[0]
    # `2{,}5` is a decimal comma: marked here, joined with its digits in `_tidied`.
    if isinstance(only, dict) and only["t"] == "mo" and _children(only) == [","]:
        return [element("mn", [","])]
    return [only]


def _tidied(node: Element) -> Element:
    """Separators are operators, a decimal comma joins its digits, and one-element rows are gone."""
    children = [_flat(child)[0] for child in _children(node)]
    if node["t"] == "mi" and children in ([";"], [":"], [","]):
        return element("mo", children, separator="true")
    joined: Tree = []
    for child in children:
        last = joined[-1] if joined else None
        if node["t"] not in CHILDREN and _is_digits(child) and _is_digits(last):
            digits, more = text_of([last or ""]), text_of([child])
            whole = digits + more if more == "," or digits.endswith(",") else None
            joined[-1:] = [element("mn", [whole])] if whole else [joined[-1], child]
        else:
            joined.append(_signed(child, last))
    return {**node, "c": joined}


def _signed(child: Node, before: Node | None) -> Node:
    """A sign at the start or after another operator belongs to its number: no gap behind it."""
    if not isinstance(child, dict) or child["t"] != "mo" or text_of([child]) not in SIGNS:
        return child
    is_first = before is None or (
        isinstance(before, dict) and before["t"] == "mo" and text_of([before]) not in CLOSING
    )
    return {**child, "a": {**_attributes_of(child), "form": "prefix"}} if is_first else child


def _attributes_of(node: Element) -> dict[str, str]:
    attributes = node["a"]
    assert isinstance(attributes, dict)
    return attributes


def _is_digits(node: Node | None) -> bool:
    return isinstance(node, dict) and node["t"] == "mn"


def _unwrapped(children: Tree) -> Tree:
    """The parts of a formula without the row that latex2mathml puts around them all."""
    if len(children) == 1 and isinstance(children[0], dict) and children[0]["t"] == "mrow":
        return _children(children[0])
    return children
