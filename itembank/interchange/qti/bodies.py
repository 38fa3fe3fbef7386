"""Each interaction that the bank has a type for, as one language of an item, right ones first.
What it is called and what it lacks is decided here; text and files are read in `prose`, keys in `keys`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from itembank.interchange.qti.files import Place
from itembank.interchange.qti.keys import NUMBERS, Key, Keys
from itembank.interchange.qti.prose import Prose
from itembank.interchange.source import Mark, written
from itembank.interchange.xml import Node
from itembank.items.figures import NewFigure
from itembank.items.keys import read_number
from itembank.items.written import Words

BLANK = "_____"
BELOW = "synak-below"  # the class of a field that stands beneath the stem, as ours do
_LIMITS = ("minChoices", "minStrings", "maxStrings", "patternMask", "base")


@dataclass
class Body:
    """One language of an item as it is gathered from its interaction."""

    kind: str = ""
    options: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    menus: tuple[tuple[str, ...], ...] = ()
    figures: dict[str, NewFigure] = field(default_factory=dict)
    picture: str | None = None
    areas: tuple[str, ...] = ()
    number: str | None = None
    tolerance: str | None = None
    n_right: int = 1
    words: Words = (None, None)
    shuffle: bool = True


@dataclass
class Reader:
    """What an interaction is read with."""

    place: Place
    keys: Keys
    body: Body

    def prose(self) -> Prose:
        """Text without gaps or fields in it."""
        return Prose(self.place, self.body.figures, {})

    def key(self, interaction: Node) -> Key | None:
        """The key of what the interaction answers."""
        for limit in _LIMITS:
            if interaction.attributes.get(limit, "0") not in ("", "0", "1", "10"):
                self.place.slate.note("qti_limit", attribute=limit)
        return self.keys.of(interaction.attributes.get("responseIdentifier", ""))

    def order(self, interaction: Node, choices: Sequence[Node], right: Sequence[str]) -> list[Node] | None:
        """The choices, right ones first, as authors of ours hand them in; None if the key names others."""
        by_name = {each.attributes.get("identifier", ""): each for each in choices}
        if any(name not in by_name for name in right) or len(by_name) != len(choices):
            self.place.slate.problem("qti_key_unknown", line=interaction.line)
            return None
        if any(each.attributes.get("fixed") == "true" for each in choices):
            self.place.slate.note("qti_fixed")
        self.body.shuffle = interaction.attributes.get("shuffle") == "true"
        return [by_name[name] for name in right] + [node for name, node in by_name.items() if name not in right]


def choice(reader: Reader, node: Node) -> None:
    """One of several, or several of them."""
    key = reader.key(node)
    choices = node.all("simpleChoice")
    if key is None:
        return
    is_several = key.cardinality != "single"
    reader.body.kind = "multiple_choice" if is_several else "choice"
    most = node.attributes.get("maxChoices", "1")
    if is_several and most not in ("0", str(len(choices))):
        reader.place.slate.note("qti_limit", attribute="maxChoices")
    # The choices keep their places among themselves: what is right may not follow from the order in the key.
    right = [each.attributes.get("identifier", "") for each in choices
             if each.attributes.get("identifier") in key.values]  # fmt: skip
    found = reader.order(node, choices, right if len(right) == len(key.values) else key.values)
    if found is not None:
        reader.body.options = tuple(map(reader.prose().inline, found))
        reader.body.n_right = len(key.values)


def ordering(reader: Reader, node: Node) -> None:
    """All of them, in their right order."""
    key = reader.key(node)
    choices = node.all("simpleChoice")
    if key is None:
        return
    if len(key.values) != len(choices):
        reader.place.slate.problem("qti_order_part")
        return
    reader.body.kind = "ordering"
    found = reader.order(node, choices, key.values)
    reader.body.options = tuple(map(reader.prose().inline, found or ()))


def matching(reader: Reader, node: Node) -> None:
    """Each prompt of the left set has one partner of its own in the right set."""
    key = reader.key(node)
    sets = node.all("simpleMatchSet")
    if key is None or len(sets) != 2:
        return
    left, right = (each.all("simpleAssociableChoice") for each in sets)
    pairs = _pairs(key, [each.attributes.get("identifier", "") for each in left])
    if pairs is None:
        reader.place.slate.problem("qti_pairs")
        return
    reader.body.kind = "matching"
    found = reader.order(node, right, pairs)
    reader.body.prompts = tuple(map(reader.prose().inline, left))
    reader.body.options = tuple(map(reader.prose().inline, found or ()))


def gap_match(reader: Reader, node: Node) -> None:
    """Words to be put into the gaps of the text, each into one."""
    key = reader.key(node)
    gaps = [each.attributes.get("identifier", "") for each in node.all("gap")]
    words = node.all("gapText", "gapImg")
    if key is None:
        return
    if any(each.tag == "gapImg" for each in words):
        reader.place.slate.problem("qti_element", element="gapImg", line=node.line)
    swapped = Key(tuple(" ".join(reversed(each.split())) for each in key.values), key.base, key.cardinality)
    pairs = _pairs(swapped, gaps)
    if pairs is None:
        reader.place.slate.problem("qti_pairs")
        return
    reader.body.kind = "gap_match"
    found = reader.order(node, words, pairs)
    reader.body.options = tuple(map(reader.prose().inline, found or ()))


def inline_choices(reader: Reader, nodes: Sequence[Node]) -> None:
    """Drop-downs in the text, the right one of each first."""
    reader.body.kind = "inline_choice"
    shuffles = {each.attributes.get("shuffle") == "true" for each in nodes}
    for node in nodes:
        key = reader.key(node)
        found = reader.order(node, node.all("inlineChoice"), key.values[:1]) if key else None
        reader.body.menus += (tuple(map(reader.prose().inline, found or ())),)
    reader.body.shuffle = shuffles == {True}


def text_entry(reader: Reader, node: Node) -> None:
    """A number with what it may be off by, or the answers that are taken."""
    reader.body.kind = "text_entry"
    key = reader.key(node)
    if key is None:
        return
    if key.base in NUMBERS:
        is_same = key.written and read_number(key.written) == read_number(key.values[0])
        reader.body.number = key.written if is_same else key.values[0]
        reader.body.tolerance = reader.keys.tolerance(key.values[0])
    else:
        reader.body.accepted = key.values


def extended_text(reader: Reader, node: Node) -> None:
    """A task for a text of one's own; its rubric stands elsewhere in the item."""
    reader.body.kind = "extended_text"
    least, most = (node.attributes.get(f"data-words-{end}", "") for end in ("least", "most"))
    reader.body.words = int(least) if least.isdecimal() else None, int(most) if most.isdecimal() else None
    for given in ("expectedLength", "expectedLines"):
        if given in node.attributes and not most:
            reader.place.slate.note("qti_limit", attribute=given)


def hotspot(reader: Reader, node: Node) -> None:
    """Areas on a picture, in its own units."""
    key = reader.key(node)
    pictures = node.named("img", "object")
    if key is None or not pictures:
        return
    reader.body.kind = "hotspot"
    prose = reader.prose()
    [name] = [run.text for run in prose.special(pictures[0]) if isinstance(run, Mark)] or [""]
    choices = node.all("hotspotChoice")
    right = [each.attributes.get("identifier", "") for each in choices
             if each.attributes.get("identifier") in key.values]  # fmt: skip
    found = reader.order(node, choices, right if len(right) == len(key.values) else key.values)
    reader.body.shuffle = True
    if not name or found is None:
        return
    reader.body.picture, reader.body.n_right = name, len(key.values)
    areas = [area(each) for each in found]
    if None in areas:
        reader.place.slate.problem("qti_area", line=found[areas.index(None)].line)
    reader.body.areas = tuple(each for each in areas if each)
    labels = [each.attributes.get("data-label") or written([each.attributes.get("hotspotLabel", "")]) for each in found]
    if not all(labels):
        reader.place.slate.note("qti_unnamed")
    reader.body.options = tuple(label or str(choices.index(each) + 1)
                                for label, each in zip(labels, found, strict=True))  # fmt: skip


def area(node: Node) -> str | None:
    """The shape as the bank writes it; None for one it does not have."""
    try:
        at = [round(float(each)) for each in node.attributes.get("coords", "").replace(",", " ").split()]
    except (ValueError, OverflowError):
        return None
    shape = node.attributes.get("shape")
    if shape == "rect" and len(at) == 4:
        return f"rect {at[0]} {at[1]} {at[2] - at[0]} {at[3] - at[1]}"
    if shape == "circle" and len(at) == 3:
        return " ".join(map(str, ("circle", *at)))
    if shape == "poly" and len(at) >= 6:
        closed = at[:-2] if at[:2] == at[-2:] else at
        return " ".join(map(str, ("polygon", *closed)))
    return None


def _pairs(key: Key, first: Sequence[str]) -> tuple[str, ...] | None:
    """For each of `first` its partner; None unless each has one and no partner serves two."""
    pairs = [each.split() for each in key.values]
    found = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    if len(found) != len(pairs) or set(found) != set(first) or len(set(found.values())) != len(found):
        return None
    return tuple(found[each] for each in first)


SINGLE: dict[str, Callable[[Reader, Node], None]] = {
    "choiceInteraction": choice, "orderInteraction": ordering, "matchInteraction": matching,
    "gapMatchInteraction": gap_match, "textEntryInteraction": text_entry, "extendedTextInteraction": extended_text,
    "hotspotInteraction": hotspot,
}  # fmt: skip
