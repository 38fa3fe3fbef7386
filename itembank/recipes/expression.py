"""Arithmetic as authors of recipes write it: exact, bounded, and nothing else. `2*a + b`, `gcd(a, b) = 1`.
Read with Python's own parser, evaluated over fractions by the node types named here; whatever else is refused."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

Value = Fraction | bool
LONGEST = 200
MOST_NODES = 80
LARGEST_POWER = 12
LARGEST = 10**12
_EQUALS = re.compile(r"(?<![<>=!])=(?!=)")
_READ_AS = str.maketrans({"≠": "!=", "≤": "<=", "≥": ">=", "−": "-", "·": "*", "×": "*", "^": "**", ":": "/"})


class Unreadable(ValueError):
    """The text is no expression of this language; the message is the part that is not understood."""


class Impossible(ArithmeticError):
    """The expression has no value for these parameters: a division by zero, a root that is not exact."""


@dataclass(frozen=True)
class Expression:
    """An expression that was read; `names` are the parameters it needs."""

    text: str
    tree: ast.expr
    names: frozenset[str]

    def value(self, given: Mapping[str, Fraction]) -> Value:
        """Its value; Impossible if there is none, KeyError if a parameter is not given."""
        return _value(self.tree, given)

    def number(self, given: Mapping[str, Fraction]) -> Fraction:
        """Its value where it is a number; Impossible where it says true or false."""
        found = self.value(given)
        if isinstance(found, bool):
            raise Impossible(self.text)
        return found

    def holds(self, given: Mapping[str, Fraction]) -> bool:
        """Whether it is true; one that has no value is not."""
        try:
            return self.value(given) is True
        except Impossible:
            return False


def read(text: str) -> Expression:
    """The expression; Unreadable names what it cannot be."""
    if not text.strip() or len(text) > LONGEST:
        raise Unreadable(text[:LONGEST])
    written = _EQUALS.sub("==", text.strip().translate(_READ_AS))
    try:
        tree = ast.parse(written, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(text) from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES:
        raise Unreadable(text)
    for node in nodes:
        _check(node, text)
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    names = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called}
    return Expression(text.strip(), tree, frozenset(names))


def _check(node: ast.AST, text: str) -> None:
    if isinstance(node, ast.Constant):
        is_known = type(node.value) in (int, float) and abs(node.value) <= LARGEST  # type: ignore[arg-type]
    elif isinstance(node, ast.Call):
        is_known = isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS and not node.keywords
    else:
        is_known = isinstance(node, ALLOWED)
    if not is_known:
        raise Unreadable(text)


def _value(node: ast.expr, given: Mapping[str, Fraction]) -> Value:
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    if isinstance(node, ast.Name):
        return given[node.id]
    if isinstance(node, ast.BoolOp):
        judged = (_truth(each, given) for each in node.values)
        return all(judged) if isinstance(node.op, ast.And) else any(judged)
    if isinstance(node, ast.UnaryOp):
        return not _truth(node.operand, given) if isinstance(node.op, ast.Not) else _signed(node, given)
    if isinstance(node, ast.Compare):
        return _compared(node, given)
    if isinstance(node, ast.BinOp):
        return _bounded(ARITHMETIC[type(node.op)](_number(node.left, given), _number(node.right, given)))
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    return _bounded(FUNCTIONS[node.func.id](*(_number(each, given) for each in node.args)))


def _compared(node: ast.Compare, given: Mapping[str, Fraction]) -> bool:
    sides = [_number(each, given) for each in (node.left, *node.comparators)]
    pairs = zip(node.ops, sides, sides[1:], strict=False)
    return all(COMPARISONS[type(op)](left, right) for op, left, right in pairs)


def _signed(node: ast.UnaryOp, given: Mapping[str, Fraction]) -> Fraction:
    value = _number(node.operand, given)
    return -value if isinstance(node.op, ast.USub) else value


def _number(node: ast.expr, given: Mapping[str, Fraction]) -> Fraction:
    value = _value(node, given)
    if isinstance(value, bool):
        raise Impossible("true and false are no numbers")
    return value


def _truth(node: ast.expr, given: Mapping[str, Fraction]) -> bool:
    value = _value(node, given)
    if not isinstance(value, bool):
        raise Impossible("a number is neither true nor false")
    return value


def _bounded(value: Fraction) -> Fraction:
    if abs(value.numerator) > LARGEST or value.denominator > LARGEST:
        raise Impossible("too large")
    return value


def _divided(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise Impossible("division by zero")
    return left / right


def _remainder(left: Fraction, right: Fraction) -> Fraction:
    if right == 0:
        raise Impossible("division by zero")
    return left % right


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > LARGEST_POWER or (base == 0 and exponent < 0):
        raise Impossible("a power that is not whole or too large")
    return Fraction(base ** int(exponent))


def _sqrt(value: Fraction) -> Fraction:
    if value < 0:
        raise Impossible("a root of a negative number")
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top != value.numerator or bottom * bottom != value.denominator:
        raise Impossible("a root that is not exact")
    return Fraction(top, bottom)


def _gcd(*values: Fraction) -> Fraction:
    if any(value.denominator != 1 for value in values):
        raise Impossible("gcd of what is not whole")
    return Fraction(math.gcd(*(int(value) for value in values)))


def _whole(value: Fraction) -> Fraction:
    return Fraction(math.floor(value))


def _one(act: Callable[[Fraction], Fraction]) -> Callable[..., Fraction]:
    """The function of exactly one number; Impossible for another number of them."""

    def called(*values: Fraction) -> Fraction:
        if len(values) != 1:
            raise Impossible("one number is expected")
        return act(values[0])

    return called


def _some(act: Callable[..., Fraction]) -> Callable[..., Fraction]:
    def called(*values: Fraction) -> Fraction:
        if not values:
            raise Impossible("a number is expected")
        return act(*values)

    return called


FUNCTIONS: Mapping[str, Callable[..., Fraction]] = {
    "gcd": _some(_gcd), "sqrt": _one(_sqrt), "abs": _one(abs), "floor": _one(_whole),
    "min": _some(lambda *values: min(values)), "max": _some(lambda *values: max(values)),
}  # fmt: skip
ARITHMETIC: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: _divided, ast.Mod: _remainder,
    ast.Pow: _power,
}  # fmt: skip
COMPARISONS: Mapping[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}  # fmt: skip
ALLOWED = (
    ast.Name, ast.Load, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.And, ast.Or, ast.Not, ast.USub, ast.UAdd,
    *ARITHMETIC, *COMPARISONS,
)  # fmt: skip
