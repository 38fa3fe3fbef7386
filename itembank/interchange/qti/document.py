"""One item file of a package as one language of an item: its body, text, passage, rubric and recording.
Whatever stands in the file and is not kept is said on the slate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from itembank.interchange.archive import shown
from itembank.interchange.qti import active, files
from itembank.interchange.qti.bodies import BELOW, BLANK, SINGLE, Body, Reader, inline_choices
from itembank.interchange.qti.files import Place
from itembank.interchange.qti.keys import Keys
from itembank.interchange.qti.prose import Prose
from itembank.interchange.source import Mark, Run
from itembank.interchange.xml import Node, parse
from itembank.items.bounds import MOST_FIGURES
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording
from server.core.errors import Invalid

INLINE = "inlineChoiceInteraction"
_INTERACTIONS = {*SINGLE, INLINE, "mediaInteraction"}
_KNOWN = {
    "responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "templateDeclaration",
    "templateProcessing", "assessmentStimulusRef", "catalogInfo", "modalFeedback", "stylesheet",
}  # fmt: skip
_PROMPTED = ("choiceInteraction", "orderInteraction", "matchInteraction", "extendedTextInteraction",
             "hotspotInteraction")  # fmt: skip
_CARDS = {"long-description", "transcript"}
DEFAULT_PLAYS = 2
MOST_NODES, MOST_CHARACTERS = 5000, 200_000  # elements and characters in the body of one item


@dataclass(frozen=True)
class Written:
    """One language of an item: what its file says, and the name of the passage it stands under."""

    body: Body
    text: NewText
    passage: str | None


def read(place: Place, root: Node) -> Written:
    """The item of the file in its language; what is wrong with it stands on the slate."""
    active.look(root, place.slate)
    place.catalogs = _catalogs(root)
    body = Body()
    keys = Keys(root, place.slate)
    keys.look()
    _note_the_rest(place, root)
    [node] = root.named("itemBody")[:1] or [Node("itemBody", "", {}, root.line)]
    if not _is_held(place, node):
        return Written(body, NewText(""), None)
    interactions = [each for each in node.walk() if each.tag.endswith("Interaction")]
    recording = _recording(place, node)
    reader = Reader(place, keys, body)
    _interact(reader, [each for each in interactions if each.tag != "mediaInteraction"])
    if not body.kind:
        return Written(body, NewText(""), None)  # it has been said why; its text would only add to it
    stem = _Stem(place, body, node).prose.blocks(node)
    passage, name = _passage(place, root, node, body)
    rubric = "\n\n".join(Prose(place, body.figures, {}).blocks(_content(each)) for each in _rubrics(node))
    text = NewText(
        stem, body.options, body.accepted, body.prompts, body.menus, passage, body.figures, body.picture,
        recording, rubric if body.kind == "extended_text" else "",
    )  # fmt: skip
    if rubric and body.kind != "extended_text":
        place.slate.note("qti_part", element="rubricBlock")
    return Written(body, text, name)


def _is_held(place: Place, body: Node) -> bool:
    """Whether the body is of a size that one item has; what is larger is not read at all."""
    nodes = list(body.walk())
    n_characters = len(body.text)
    n_pictures = sum(each.tag in ("img", "object") for each in nodes)
    if len(nodes) > MOST_NODES:
        place.slate.problem("qti_large", file=shown(place.file), most=MOST_NODES)
    if n_characters > MOST_CHARACTERS:
        place.slate.problem("import_long", part="itemBody", most=MOST_CHARACTERS)
    if n_pictures > MOST_FIGURES:
        place.slate.problem("import_long", part="figures", most=MOST_FIGURES)
    return len(nodes) <= MOST_NODES and n_characters <= MOST_CHARACTERS and n_pictures <= MOST_FIGURES


def _interact(reader: Reader, interactions: Sequence[Node]) -> None:
    """Reads the one interaction of the item, or its drop-downs; says why it cannot be one of our types."""
    kinds = {each.tag for each in interactions}
    slate = reader.place.slate
    strange = sorted(kinds - _INTERACTIONS)
    if strange:
        slate.problem("qti_interaction", element=strange[0])
    elif not interactions:
        slate.problem("qti_no_interaction")
    elif kinds == {INLINE}:
        inline_choices(reader, interactions)
    elif len(interactions) > 1:
        slate.problem("qti_several", n=len(interactions))
    else:
        SINGLE[interactions[0].tag](reader, interactions[0])


class _Stem:
    """Reads the stem: its gaps and drop-downs numbered, what is an interaction's own left out but for its prompt."""

    def __init__(self, place: Place, body: Body, root: Node) -> None:
        self._place = place
        # A field with a paragraph to itself stands beneath the text already.
        self._alone = {id(each.elements[0]) for each in root.walk() if len(each.elements) == 1 and not each.words}
        self._n_gaps = 0
        self.prose = Prose(place, body.figures, {
            INLINE: self._gap, "gap": self._gap, "textEntryInteraction": self._blank, "audio": self._nothing,
            "gapMatchInteraction": self._gapped, "mediaInteraction": self._nothing, "rubricBlock": self._rubric,
            "object": self._shared, **dict.fromkeys(_PROMPTED, self._prompt),
        })  # fmt: skip

    def _gap(self, _node: Node) -> list[Run | None]:
        self._n_gaps += 1
        return [Mark("gap", text=str(self._n_gaps))]

    def _blank(self, node: Node) -> list[Run | None]:
        if node.attributes.get("class") == BELOW or id(node) in self._alone:
            return []
        self._place.slate.note("qti_blank")
        return [BLANK]

    def _prompt(self, node: Node) -> list[Run | None]:
        return [None, *(run for each in node.named("prompt") for run in self.prose.stream(each)), None]

    def _gapped(self, node: Node) -> list[Run | None]:
        kept = [each for each in node.children if isinstance(each, str) or each.tag not in ("gapText", "gapImg")]
        return [None, *self.prose.stream(Node("div", node.space, {}, node.line, kept)), None]

    def _nothing(self, _node: Node) -> list[Run | None]:
        return []

    def _rubric(self, node: Node) -> list[Run | None]:
        is_shown = "candidate" in node.attributes.get("view", "").split()
        return [None, *self.prose.stream(_content(node)), None] if is_shown else []

    def _shared(self, node: Node) -> list[Run | None]:
        return [] if _is_passage(node) else list(self.prose.special(node))


def _rubrics(body: Node) -> list[Node]:
    return [each for each in body.all("rubricBlock") if "scorer" in each.attributes.get("view", "").split()]


def _content(rubric: Node) -> Node:
    """What a rubric says: in QTI 3 it may have styles and a catalogue of its own beside it."""
    return next(iter(rubric.named("contentBody")), rubric)


def _is_passage(node: Node) -> bool:
    """Whether an `object` is a page of text, as passages were kept before there were stimuli."""
    return node.attributes.get("type", "").split(";")[0] in ("text/html", "application/xhtml+xml")


def _passage(place: Place, root: Node, body: Node, found: Body) -> tuple[str | None, str | None]:
    """The text that the item is read beside, and its name."""
    texts, name = [], None
    for ref in [*root.named("assessmentStimulusRef"), *filter(_is_passage, body.all("object"))]:
        fetched = place.fetch(ref.attributes.get("href") or ref.attributes.get("data") or "")
        if fetched is None:
            continue
        there = place.at(fetched[0])
        try:
            stimulus = parse(fetched[1], shown(fetched[0]))
        except Invalid as error:
            place.slate.failed(error)
            continue
        active.look(stimulus, place.slate)
        there.catalogs = _catalogs(stimulus)
        bodies = stimulus.named("stimulusBody", "body") or [stimulus]
        texts.append(Prose(there, found.figures, {}).blocks(bodies[0]))
        name = name or stimulus.attributes.get("identifier") or ref.attributes.get("identifier") or fetched[0]
    if len(texts) > 1:
        place.slate.note("qti_passages", n=len(texts))
    return "\n\n".join(filter(None, texts)) or None, name


def _recording(place: Place, body: Node) -> NewRecording | None:
    media = body.all("mediaInteraction")
    heard = body.all("audio") or [each for node in media for each in node.named("object")
                                  if each.attributes.get("type", "").startswith("audio/")]  # fmt: skip
    for each in media:
        if not each.all("audio") and not (each.named("object") and heard):
            place.slate.problem("qti_element", element="video", line=each.line)
    if not heard:
        return None
    if len(heard) > 1:
        place.slate.problem("qti_recordings", n=len(heard))
    around = next((each for each in media if heard[0] in list(each.walk())), None)
    plays = (around.attributes.get("maxPlays", "") if around else "") or ""
    if not plays.isdecimal() or plays == "0":
        place.slate.note("qti_plays", n=DEFAULT_PLAYS)
        plays = str(DEFAULT_PLAYS)
    card = place.catalogs.get(heard[0].attributes.get("data-catalog-idref", ""), {}).get("transcript")
    title = heard[0].attributes.get("title") or (around.attributes.get("label", "") if around else "")
    transcript = Prose(place, {}, {}).blocks(card) if card else ""
    return files.recording(place, heard[0], title, transcript, int(plays[:4]))


def _catalogs(root: Node) -> dict[str, dict[str, Node]]:
    """The cards of each catalogue by what they support."""
    return {
        catalog.attributes.get("id", ""): {
            card.attributes.get("support", ""): card.all("htmlContent")[0]
            for card in catalog.named("card") if card.all("htmlContent")
        }
        for info in root.named("catalogInfo") for catalog in info.named("catalog")
    }  # fmt: skip


def _note_the_rest(place: Place, root: Node) -> None:
    for node in root.elements:
        if node.tag not in _KNOWN or node.tag == "stylesheet":
            place.slate.note("qti_part", element=node.tag[:40])
        elif node.tag == "modalFeedback":
            place.slate.note("qti_feedback", element=node.tag)
    for rubric in root.all("rubricBlock"):
        if not {"scorer", "candidate"} & set(rubric.attributes.get("view", "").split()):
            place.slate.note("qti_part", element="rubricBlock")
    supports = {card.attributes.get("support", "") for card in root.all("card")}
    for support in sorted(supports - _CARDS):
        place.slate.note("qti_card", support=support[:40])
