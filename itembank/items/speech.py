"""A formula's tree as the plain text a voice reads, in Kyrgyz, Russian or English.
Decides what the parts are; the words for them stand in `tongues`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import ClassVar

from itembank.items import numerals
from itembank.items.formula import Element, Node, Tree, text_of
from itembank.items.tongues import TONGUES, Tongue

_ARROWS = {"→", "⃗"}
_BARS = {"―", "¯", "‾", "_", "ˉ"}
_PRIMES = {"′", "″"}
_APPLIED = frozenset("fghsvFGSV")
_DEGREE = {"∘", "°"}
_CLOSING = {"(": ")", "[": "]"}
_TIDY = re.compile(r"\s+(?=[,;.])")
_DOUBLE = re.compile(r",+(?=[,;.])|,+\s*$")


def speak(tree: Tree, language: str) -> str:
    """The formula in words of `language`."""
    said = _Voice(language).row(tree)
    return " ".join(_DOUBLE.sub("", _TIDY.sub("", said)).split())


class _Voice:
    """One language's way through a tree."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: Tongue = TONGUES[language]

    def row(self, nodes: Sequence[Node]) -> str:
        """Neighbours in order, with brackets, absolute values and mixed numbers seen as wholes."""
        said: list[str] = []
        at = 0
        while at < len(nodes):
            whole, at_next = self._whole(nodes, at)
            if whole is None:
                whole, at_next = self.node(nodes[at]), at + 1
            said.append(whole)
            at = at_next
        return " ".join(part for part in said if part)

    def node(self, node: Node) -> str:
        """One element."""
        if isinstance(node, str):
            return self._named(node)
        special = self._SPECIAL.get(str(node["t"]))
        return special(self, *_parts(node)) if special else self._plain(node)

    def _plain(self, node: Element) -> str:
        children = _parts(node)
        if node["t"] in ("mi", "mo"):
            return self._named(text_of(children))
        if node["t"] == "mspace":
            return ""
        return text_of(children) if node["t"] in ("mn", "mtext") else self.row(_flat(children))

    def _named(self, sign: str) -> str:
        return self.words.functions.get(sign) or self.words.names.get(sign) or sign

    def _whole(self, nodes: Sequence[Node], at: int) -> tuple[str | None, int]:
        sign, words = _sign(nodes[at]), self.words
        if sign in ("|", "∣"):
            end = next((i for i in range(at + 1, len(nodes)) if _sign(nodes[i]) == sign), None)
            if end is not None:
                return words.modulus.format(self.row(nodes[at + 1 : end])), end + 1
        if sign in _CLOSING:
            return self._bracket(nodes, at)
        if sign == "{" and at + 1 < len(nodes) and _tag(nodes[at + 1]) == "mtable":
            return self.node(nodes[at + 1]), at + 2
        if _is_integer(nodes[at]) and at + 1 < len(nodes):
            fraction = self._short_fraction(nodes[at + 1])
            if fraction is not None:
                return words.mixed.format(whole := text_of([nodes[at]]), fraction, _wholes(whole)), at + 2
        return self._applied(nodes, at)

    def _applied(self, nodes: Sequence[Node], at: int) -> tuple[str | None, int]:
        """f(x) as "f of x" where what it is applied to is one number or letter."""
        name = text_of([nodes[at]])
        if name[:1] not in _APPLIED or not all(mark in _PRIMES for mark in name[1:]):
            return None, at
        is_row = at + 1 < len(nodes) and _tag(nodes[at + 1]) == "mrow"
        rest = _flat(nodes[at + 1 : at + 2]) if is_row else list(nodes[at + 1 : at + 5])
        signs = [_sign(node) for node in rest]
        end = signs.index(")") if ")" in signs else 0
        argument: Node = {"t": "mrow", "a": {}, "c": rest[1:end]}
        if not rest[1:end] or signs[0] != "(" or not _is_short(argument) or (is_row and end + 1 < len(rest)):
            return None, at
        said = self.words.applied.format(self.node(nodes[at]), self.node(argument))
        return said, at + (2 if is_row else end + 2)

    def _bracket(self, nodes: Sequence[Node], at: int) -> tuple[str | None, int]:
        """A bracket to its end; a half-open interval says which bracket is round."""
        depth = 0
        for end in range(at, len(nodes)):
            depth += (_sign(nodes[end]) in ("(", "[")) - (_sign(nodes[end]) in (")", "]"))
            if depth == 0:
                break
        else:
            return None, at
        opening, closing = _sign(nodes[at]), _sign(nodes[end])
        said = [self._named(opening), self.row(nodes[at + 1 : end]), self._named(closing)]
        if _CLOSING[opening] != closing:
            said[0] = self.words.half_open[0] if opening == "(" else said[0]
            said[2] = self.words.half_open[1] if closing == ")" else said[2]
        return " ".join(said), end + 1

    def _fraction(self, over: Node, under: Node) -> str:
        short = self._short_fraction({"t": "mfrac", "a": {}, "c": [over, under]})
        if short is not None:
            return short
        pattern = self.words.fraction if _is_short(over) and _is_short(under) else self.words.long_fraction
        return pattern.format(self.node(over), self.node(under))

    def _short_fraction(self, node: Node) -> str | None:
        """A fraction of two whole numbers in words."""
        if isinstance(node, str) or node["t"] != "mfrac" or not all(map(_is_integer, _parts(node))):
            return None
        over, under = (text_of([part]) for part in _parts(node))
        if self.language == "en":
            return self.words.fraction.format(over, under)
        if len(over) > 4 or len(under) > 4:
            return None
        if self.language == "ru":
            return numerals.russian_fraction(int(over), int(under))
        part = numerals.kyrgyz_from(int(under))
        return f"{part} {numerals.kyrgyz(int(over)) or over}" if part else None

    def _power(self, base: Node, exponent: Node) -> str:
        sign, name = text_of([exponent]), text_of([base])
        if sign in _DEGREE and self.language == "ru" and _is_integer(base):
            return f"{name} {numerals.russian_degrees(int(name[-4:]))}"
        if sign in _DEGREE or (sign and set(sign) <= _PRIMES):
            return f"{self.node(base)} {self._named(sign)}"
        is_function = name in self.words.functions
        patterns = self.words.function_power if is_function else self.words.power
        if sign in ("2", "3"):
            return patterns[sign].format(self.node(base))
        pattern = patterns[""] if _is_short(exponent) else self.words.long_power
        return pattern.format(self.node(base), self.node(exponent))

    def _index(self, base: Node, index: Node) -> str:
        name = text_of([base])
        if name == "log":
            return self.words.logarithm.format(self.node(index))
        if name == "lim":
            return self.words.limit.format(self._named(name), self.node(index))
        return self.words.index.format(self.node(base), self.node(index))

    def _both(self, base: Node, low: Node, high: Node) -> str:
        name = text_of([base])
        if name in ("∫", "∑"):
            return self.words.between.format(self._named(name), self.node(low), self.node(high))
        if name in ("C", "A", "P"):
            return self.words.choose.format(name, self._from(low), self.node(high))
        return self._power({"t": "msub", "a": {}, "c": [base, low]}, high)

    def _from(self, node: Node) -> str:
        if self.language == "ky" and _is_integer(node) and len(text_of([node])) < 5:
            return numerals.kyrgyz_from(int(text_of([node]))) or self.node(node)
        return self.node(node)

    def _root(self, *inside: Node) -> str:
        return self._rooted(list(inside), "2")

    def _nth_root(self, inside: Node, degree: Node) -> str:
        return self._rooted([inside], text_of([degree]))

    def _rooted(self, inside: Tree, degree: str) -> str:
        is_short = len(inside) == 1 and _is_short(inside[0])
        patterns = self.words.root if is_short else self.words.long_root
        return patterns.get(degree, patterns[""]).format(self.row(_flat(inside)), self._named(degree))

    def _over(self, base: Node, mark: Node) -> str:
        sign = text_of([mark])
        pattern = self.words.vector if sign in _ARROWS else self.words.bar if sign in _BARS else "{0} {1}"
        return pattern.format(self.node(base), self.node(mark))

    def _table(self, *rows: Node) -> str:
        return self.words.system.format("; ".join(self.node(row) for row in rows))

    def _cells(self, *cells: Node) -> str:
        return ", ".join(self.node(cell) for cell in cells)

    _SPECIAL: ClassVar[dict[str, Callable[..., str]]] = {
        "mfrac": _fraction, "msup": _power, "msub": _index, "msubsup": _both, "munder": _index,
        "munderover": _both, "mover": _over, "msqrt": _root, "mroot": _nth_root, "mtable": _table,
        "mtr": _cells,
    }  # fmt: skip


def _parts(node: Element) -> Tree:
    children = node["c"]
    assert isinstance(children, list)
    return children


def _tag(node: Node) -> str:
    return "" if isinstance(node, str) else str(node["t"])


def _sign(node: Node) -> str:
    return text_of([node]) if _tag(node) == "mo" else ""


def _wholes(number: str) -> str:
    """The Russian for "whole" after a number."""
    return "целая" if number.endswith("1") and not number.endswith("11") else "целых"


def _flat(nodes: Sequence[Node]) -> Tree:
    """The parts of a lone row."""
    if len(nodes) == 1 and isinstance(nodes[0], dict) and nodes[0]["t"] == "mrow":
        return _parts(nodes[0])
    return list(nodes)


def _is_integer(node: Node) -> bool:
    return _tag(node) == "mn" and bool(re.fullmatch(r"[0-9]+", text_of([node])))


def _is_short(node: Node) -> bool:
    """A number or letter, a letter with its coefficient, or such with a minus: its end is heard."""
    leaves = _flat([node])
    if leaves and _sign(leaves[0]) == "−":
        leaves = leaves[1:]
    return len(leaves) <= 2 and all(_tag(leaf) in ("mn", "mi") for leaf in leaves)
