"""Flow content of a package as the author's source, and the other way.
What has no place in our text is said: a change of looks as a note, a loss of meaning as a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from itembank.interchange import mathml
from itembank.interchange.markup import el, escaped
from itembank.interchange.qti.files import TYPES, Place, figure
from itembank.interchange.source import BREAK, Mark, Run, is_exact, joined, trimmed, written, written_blocks
from itembank.interchange.xml import Node, tags
from itembank.items.bounds import LONGEST_BLOCK
from itembank.items.figures import NewFigure
from server.core.errors import Invalid

Handler = Callable[[Node], Sequence["Run | None"]]
_EMPHASIS = {"em": "em", "i": "em", "strong": "strong", "b": "strong"}
_PLAIN = tags("span abbr acronym cite dfn bdo bdi label time html body")
_STYLED = tags("a u s ins del small big tt code kbd samp var font mark q ruby rb rt rp")
_BLOCKS = tags(
    "p div blockquote pre address section article aside header footer main figure figcaption prompt htmlContent li dd "
    "dt itemBody stimulusBody contentBody"
)
_HEADINGS = tags("h1 h2 h3 h4 h5 h6 caption")
_LISTS = tags("ul ol dl")
_FEEDBACK = tags("feedbackInline feedbackBlock modalFeedback templateInline templateBlock")
_NOTHING = tags("hr colgroup col wbr head title")
LONGEST_READ = 4 * LONGEST_BLOCK  # characters of a file, of which white space and markup of formulas fall away
_RAISED = dict(zip("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ", strict=True))
_LOWERED = dict(zip("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎", strict=True))


class Prose:
    """Reads the text of one document; figures are gathered as they are met."""

    def __init__(self, place: Place, figures: dict[str, NewFigure], handlers: Mapping[str, Handler]) -> None:
        self.place = place
        self.figures = figures
        self.handlers = handlers

    def blocks(self, *nodes: Node) -> str:
        """The paragraphs of these elements."""
        if not self._is_held(*nodes):
            return ""
        found = [block for node in nodes for block in self._blocks(node)]
        self._look(found)
        return written_blocks(found)

    def inline(self, node: Node) -> str:
        """One paragraph; if the element holds several, a new line begins where they did."""
        if not self._is_held(node):
            return ""
        found: list[Run] = []
        for block in self._blocks(node):
            found += [BREAK, *block] if found else block
        self._look([found])
        return written(found)

    def _is_held(self, *nodes: Node) -> bool:
        """Whether the text is no longer than the bank keeps; a longer one is a problem, and is not read."""
        is_held = sum(len(node.text) for node in nodes) <= LONGEST_READ
        if not is_held:
            self.place.slate.problem("import_long", part=nodes[0].tag[:40], most=LONGEST_BLOCK)
        return is_held

    def _look(self, found: Sequence[Sequence[Run]]) -> None:
        if not all(map(is_exact, found)):
            self.place.slate.note("qti_emphasis")

    def _blocks(self, node: Node) -> list[list[Run]]:
        blocks: list[list[Run]] = [[]]
        for run in self.stream(node):
            if run is None:
                blocks.append([])
            else:
                blocks[-1].append(run)
        return [kept for block in blocks if (kept := trimmed(block))]

    def stream(self, node: Node) -> Iterator[Run | None]:
        """The runs below an element; None where a paragraph ends."""
        for child in node.children:
            if isinstance(child, str):
                yield child
            else:
                yield from self._element(child)

    def _element(self, node: Node) -> Iterator[Run | None]:
        tag, slate = node.tag, self.place.slate
        if node.attributes.get("data-role") == "tooltip-content":  # shown by a script, and no part of the text
            slate.note("qti_part", element="tooltip")
            return
        if "style" in node.attributes or "visually-hidden" in node.attributes.get("class", ""):
            slate.note("qti_style", element=tag)
        if tag in self.handlers:
            yield from self.handlers[tag](node)
        elif tag in _EMPHASIS:
            runs = tuple(run for run in self.stream(node) if run is not None)
            yield Mark("em" if _EMPHASIS[tag] == "em" else "strong", runs)
        elif tag in _PLAIN or tag in _STYLED:
            if tag in _STYLED:
                slate.note("qti_style", element=tag)
            yield from self.stream(node)
        elif tag in _BLOCKS or tag in _HEADINGS or tag in _LISTS:
            yield from self._block(node)
        else:
            yield from self.special(node)

    def _block(self, node: Node) -> Iterator[Run | None]:
        yield None
        if node.tag in _LISTS:
            self.place.slate.note("qti_list")
            for n, item in enumerate(node.elements, start=1):
                yield None
                yield f"{n}. " if node.tag == "ol" else "– " if node.tag == "ul" else ""
                yield from self.stream(item)
        elif node.tag in _HEADINGS:
            yield Mark("strong", tuple(run for run in self.stream(node) if run is not None))
        else:
            yield from self.stream(node)
        yield None

    def special(self, node: Node) -> Iterator[Run | None]:
        """The runs of an element that is neither text around text nor a block."""
        if node.tag == "br":
            yield BREAK
        elif node.tag == "math":
            try:
                yield mathml.read(node, self.place.language)
            except Invalid as error:
                self.place.slate.failed(error)
        elif node.tag in _FEEDBACK:
            self.place.slate.note("qti_feedback", element=node.tag)
        elif node.tag == "infoControl":
            self.place.slate.note("qti_part", element=node.tag)
        elif node.tag == "img" or (node.tag == "object" and node.attributes.get("type", "").startswith("image/")):
            name = figure(self.place, shown_of(node), self.figures, self.described(node))
            if name:
                yield Mark("figure", text=name)
        elif node.tag in ("sub", "sup"):
            yield self._script(node)
        elif node.tag not in _NOTHING:
            self.place.slate.problem("qti_element", element=node.tag, line=node.line)

    def described(self, node: Node) -> str | None:
        """The long description that a catalogue of the document has for a picture."""
        card = self.place.catalogs.get(node.attributes.get("data-catalog-idref", ""), {}).get("long-description")
        return Prose(self.place, {}, {}).blocks(card) or None if card else None

    def _script(self, node: Node) -> Run:
        """Digits that stand high or low have signs of their own; anything else is a small formula."""
        signs = _RAISED if node.tag == "sup" else _LOWERED
        text = "".join(node.text.split())
        if all(c in signs for c in text):
            return "".join(signs[c] for c in text)
        self.place.slate.note("qti_style", element=node.tag)
        return node.words


def shown_of(node: Node) -> Node:
    """The picture that is shown: of one within another, which stands for it where it cannot be, the first of ours."""
    while node.tag == "object" and node.attributes.get("type") not in TYPES.values():
        within = node.named("object", "img")
        if not within:
            break
        node = within[0]
    return node


def flow(blocks: Sequence[Sequence[Run]], language: str, place: Mapping[str, Callable[[str], str]]) -> str:
    """Paragraphs as they stand in an item body; `place` writes figures and gaps by their names."""
    return "".join(el("p", phrase(block, language, place)) for block in blocks)


def phrase(runs: Sequence[Run], language: str, place: Mapping[str, Callable[[str], str]]) -> str:
    """Runs as they stand in an option or a paragraph."""
    pieces = []
    for run in joined(runs):
        if isinstance(run, str):
            pieces.append(escaped(run))
        elif run.kind in ("em", "strong"):
            pieces.append(el(run.kind, phrase(run.runs, language, place)))
        elif run.kind == "formula":
            pieces.append(mathml.markup(run, language))
        else:
            pieces.append(el("br") if run.kind == "br" else place[run.kind](run.text))
    return "".join(pieces)
