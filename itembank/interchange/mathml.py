"""A formula from the author's LaTeX to MathML that keeps it, and from anybody's MathML to LaTeX.
What the bank cannot show it does not take: Invalid names the element."""

from __future__ import annotations

import re
from functools import lru_cache

from itembank.interchange.markup import el, escaped
from itembank.interchange.source import Mark
from itembank.interchange.xml import Node
from itembank.items import formula
from itembank.items.formula import Element, FormulaError, Tree
from itembank.items.rich import inline
from server.core.errors import Invalid

MATHML = "http://www.w3.org/1998/Math/MathML"
TEX = ("application/x-tex", "tex", "latex", "application/x-latex", "text/x-latex", "snuggletex")
_AROUND = re.compile(r"^\s*(?:\\\[|\\\(|\$\$?)(.*?)(?:\\\]|\\\)|\$\$?)\s*$", re.DOTALL)
SPOKEN = "text/plain"
_ROWS = {"mrow", "math", "mstyle", "mpadded", "semantics", "merror"}
_COMMANDS = {
    "·": r"\cdot", "⋅": r"\cdot", "×": r"\times", "÷": r"\div", "±": r"\pm", "≤": r"\le", "≥": r"\ge", "⩽": r"\le",
    "⩾": r"\ge", "≠": r"\ne", "≈": r"\approx", "≡": r"\equiv", "∈": r"\in", "∉": r"\notin", "⊂": r"\subset",
    "∪": r"\cup", "∩": r"\cap", "∅": r"\emptyset", "∞": r"\infty", "→": r"\to", "⇒": r"\Rightarrow",
    "⇔": r"\Leftrightarrow", "∠": r"\angle", "△": r"\triangle", "⊥": r"\perp", "∥": r"\parallel", "∼": r"\sim",
    "∘": r"\circ", "°": r"^{\circ}", "%": r"\%", "′": "'", "∫": r"\int", "∑": r"\sum", "∏": r"\prod", "{": r"\{",
    "}": r"\}", "…": r"\ldots", "⋯": r"\cdots", "−": "-", "–": "-", "∗": "*", "∣": "|", "#": r"\#", "&": r"\&",
    "α": r"\alpha", "β": r"\beta", "γ": r"\gamma", "δ": r"\delta", "ε": r"\varepsilon", "ϵ": r"\epsilon",
    "η": r"\eta", "θ": r"\theta", "λ": r"\lambda", "μ": r"\mu", "ξ": r"\xi", "π": r"\pi", "ρ": r"\rho",
    "σ": r"\sigma", "τ": r"\tau", "φ": r"\varphi", "ϕ": r"\phi", "ψ": r"\psi", "ω": r"\omega", "Δ": r"\Delta",
    "Σ": r"\Sigma", "Φ": r"\Phi", "Ω": r"\Omega", "ℝ": r"\mathbb{R}", "ℤ": r"\mathbb{Z}", "ℕ": r"\mathbb{N}",
    "ℚ": r"\mathbb{Q}", "\u2061": "", "\u2062": "", "\u2063": "", "\u2064": "",
}  # fmt: skip
_FUNCTIONS = {
    "sin", "cos", "tan", "cot", "arcsin", "arccos", "arctan", "log", "lg", "ln", "max", "min", "lim", "exp",
}  # fmt: skip
_OVER = {"¯": r"\overline", "‾": r"\overline", "―": r"\overline", "_": r"\overline", "ˉ": r"\overline",
         "→": r"\vec", "⃗": r"\vec", "^": r"\hat", "ˆ": r"\hat"}  # fmt: skip
_PLAIN = re.compile(r"[0-9A-Za-zА-Яа-яЁёҢңӨөҮү.,;:!?+\-*/=<>()\[\]|' ]+")
_FALLBACK = re.compile(r"[\\${}#&%_^~]")


def markup(mark: Mark, language: str) -> str:
    """The formula as MathML: how it is said, and beside it the LaTeX it was written in."""
    try:
        [tree] = [node for node in inline(_source(mark), language) if isinstance(node, dict)]
    except FormulaError as error:
        raise Invalid("interchange_formula", reason=error.reason) from error
    attributes, children = tree["a"], tree["c"]
    assert isinstance(attributes, dict)
    assert isinstance(children, list)
    own = el("annotation", escaped(" ".join(mark.said.split())), encoding=SPOKEN) if mark.said else ""
    latex = el("annotation", escaped(mark.text), encoding=TEX[0])
    shown = el("mrow", *map(_shown, children))
    return el("math", el("semantics", shown, latex, own), xmlns=MATHML, alttext=attributes["alttext"])


def read(math: Node, language: str) -> Mark:
    """The formula that a `math` element shows; Invalid if the bank could not show it."""
    latex, own = _annotation(math, *TEX), _annotation(math, SPOKEN)
    is_kept = latex is not None and _is_shown(latex)
    if latex is None or not is_kept:
        latex = " ".join(_row(_presented(math)).split())
        if not _is_shown(latex):
            raise Invalid("interchange_formula_unread", element="math", line=math.line)
    said = own if own or is_kept else math.attributes.get("alttext")
    said = " ".join(re.sub(r"[{}$]", " ", said).split()) if said else None
    is_usual = not own and said is not None and said == _said(latex, language)
    return Mark("formula", text=latex, said=None if is_usual else said or None)


def _source(mark: Mark) -> str:
    return f"${mark.text}$" + (f"{{{mark.said}}}" if mark.said else "")


def _said(latex: str, language: str) -> str:
    [tree] = [node for node in inline(f"${latex}$", language) if isinstance(node, dict)]
    attributes = tree["a"]
    assert isinstance(attributes, dict)
    return str(attributes["alttext"])


@lru_cache(maxsize=4096)
def _is_shown(latex: str) -> bool:
    if "$" in latex:
        return False
    try:
        formula.math(latex)
    except FormulaError:
        return False
    return True


def _shown(node: str | Element) -> str:
    if isinstance(node, str):
        return escaped(node)
    attributes, children = node["a"], node["c"]
    assert isinstance(attributes, dict)
    assert isinstance(children, list)
    inside: Tree = children
    return el(str(node["t"]), *map(_shown, inside), **attributes)


def _annotation(math: Node, *encodings: str) -> str | None:
    found = [_AROUND.sub(r"\1", each.text).strip() for each in math.all("annotation")
             if each.attributes.get("encoding", "").lower() in encodings]  # fmt: skip
    return next((each for each in found if each), None)


def _presented(math: Node) -> list[Node]:
    return [node for node in math.elements if node.tag not in ("annotation", "annotation-xml")]


def _row(nodes: list[Node]) -> str:
    return "".join(map(_latex, nodes))


def _group(node: Node) -> str:
    return f"{{{_latex(node)}}}"


def _latex(node: Node) -> str:
    parts = _presented(node)
    if node.tag in _ROWS:
        return _row(parts)
    if node.tag in ("mi", "mn", "mo"):
        return _sign(node)
    if node.tag == "mtext":
        plain = _FALLBACK.sub(" ", node.words)
        return f"\\text{{ {plain} }}" if plain else ""
    if node.tag in ("mspace", "mphantom"):
        return r"\ "
    if node.tag in ("msqrt", "mfenced", "mtable"):
        return _enclosed(node, parts)
    need = formula.CHILDREN.get(node.tag)
    if need is None or len(parts) != need:
        raise Invalid("interchange_formula_unread", element=node.tag, line=node.line)
    return _built(node.tag, parts)


def _enclosed(node: Node, parts: list[Node]) -> str:
    if node.tag == "msqrt":
        return f"\\sqrt{{{_row(parts)}}}"
    if node.tag == "mfenced":
        left, right = node.attributes.get("open", "("), node.attributes.get("close", ")")
        return _characters(left) + ",".join(map(_latex, parts)) + _characters(right)
    rows = [[_row(_presented(cell)) for cell in row.elements] for row in parts]
    if not rows or any(row.tag != "mtr" for row in parts):
        raise Invalid("interchange_formula_unread", element=node.tag, line=node.line)
    body = r" \\ ".join(" & ".join(row) for row in rows)
    return f"\\begin{{matrix}} {body} \\end{{matrix}}"


def _built(tag: str, parts: list[Node]) -> str:
    base = _latex(parts[0])
    if tag == "mfrac":
        return f"\\frac{{{base}}}{_group(parts[1])}"
    if tag == "mroot":
        return f"\\sqrt[{_latex(parts[1])}]{{{base}}}"
    if tag == "mover" and (command := _OVER.get(parts[1].words)):
        return f"{command}{{{base}}}"
    held = base if len(parts[0].words) == 1 or parts[0].words in _FUNCTIONS else f"{{{base}}}"
    if tag == "msup" and parts[1].words in ("′", "'"):
        return f"{held}'"
    if tag in ("msub", "munder"):
        return f"{held}_{_group(parts[1])}"
    if tag in ("msup", "mover"):
        return f"{held}^{_group(parts[1])}"
    return f"{held}_{_group(parts[1])}^{_group(parts[2])}"


def _sign(node: Node) -> str:
    text = node.words
    if text in _FUNCTIONS:
        return f"\\{text} "
    if node.tag == "mn":
        return text.replace(",", "{,}")
    return _characters(text)


def _characters(text: str) -> str:
    pieces = [_COMMANDS.get(c, c) for c in text]
    if any(c not in _COMMANDS and not _PLAIN.fullmatch(c) for c in text):
        raise Invalid("interchange_formula_unread", element="mo", line=0)
    return "".join(f"{piece} " if piece[-1:].isalpha() and piece.startswith("\\") else piece for piece in pieces)
