"""An SVG picture as the bank keeps it: still shapes and words, nothing that runs, moves or looks elsewhere.
What is not on the lists is refused by name; nothing is mended silently."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from itembank.items.refused import Refusal

MOST_ELEMENTS = 3000


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


ROOT = "{http://www.w3.org/2000/svg}"
ELEMENTS = _words(
    "svg g defs title desc symbol use path rect circle ellipse line polyline polygon text tspan marker clipPath "
    "linearGradient radialGradient stop pattern"
)
ATTRIBUTES = _words(
    "id class version viewBox preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy d points dx dy "
    "transform fill fill-opacity fill-rule clip-rule clip-path stroke stroke-width stroke-opacity stroke-linecap "
    "stroke-linejoin stroke-dasharray stroke-dashoffset stroke-miterlimit opacity color font-family font-size "
    "font-style font-weight text-anchor dominant-baseline alignment-baseline baseline-shift letter-spacing "
    "vector-effect visibility display overflow role offset stop-color stop-opacity gradientUnits gradientTransform "
    "spreadMethod patternUnits patternTransform patternContentUnits clipPathUnits marker-start marker-mid marker-end "
    "markerWidth markerHeight markerUnits orient refX refY href style lang"
)
NAMESPACES = ("", "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace")
_DECLARES = re.compile(rb"\0|<!\s*(DOCTYPE|ENTITY)|<\?(?!xml\s)|encoding\s*=\s*['\"](?!utf-8)", re.IGNORECASE)
_QUALIFIED = re.compile(r"(?:\{(?P<space>[^}]*)\})?(?P<name>.*)")
_ADDRESS = re.compile(r"url\(\s*(?!['\"]?#)|[a-z][a-z0-9+.-]*:\s*//|javascript:|data:|@|\\", re.IGNORECASE)


def size(data: bytes) -> tuple[int, int]:
    """Width and height of the picture in its own units; Refusal says what is wrong with it."""
    if _DECLARES.search(data):
        raise Refusal("a declaration or an instruction")
    try:
        root = ElementTree.fromstring(data)  # noqa: S314 - no entity can have been declared
    except ElementTree.ParseError as error:
        raise Refusal("it is no well-formed XML") from error
    if root.tag != f"{ROOT}svg":
        raise Refusal("it is no SVG")
    for number, element in enumerate(root.iter(), start=1):
        if number > MOST_ELEMENTS:
            raise Refusal(f"more than {MOST_ELEMENTS} elements")
        _check(element)
    return _size(root)


def _check(element: ElementTree.Element) -> None:
    tag = str(element.tag)
    if not tag.startswith(ROOT) or tag.removeprefix(ROOT) not in ELEMENTS:
        raise Refusal(f"the element {tag.removeprefix(ROOT)}")
    for qualified, value in element.attrib.items():
        found = _QUALIFIED.fullmatch(qualified)
        assert found is not None  # it matches every name
        if (found["space"] or "") not in NAMESPACES or found["name"] not in {*ATTRIBUTES, "space"}:
            raise Refusal(f"the attribute {found['name']}")
        if found["name"] == "href" and not value.startswith("#"):
            raise Refusal("a reference to another file")
        if _ADDRESS.search(value):
            raise Refusal(f"an address in {found['name']}")


def _size(root: ElementTree.Element) -> tuple[int, int]:
    """The picture's own units are those of its viewBox, which must begin at 0, 0."""
    try:
        left, top, width, height = (float(each) for each in re.split(r"[\s,]+", root.attrib["viewBox"].strip()))
    except (KeyError, ValueError) as error:
        raise Refusal("it has no viewBox") from error
    if (left, top) != (0, 0) or width != int(width) or height != int(height):
        raise Refusal("its viewBox must begin at 0 0 and have whole numbers")
    return int(width), int(height)
