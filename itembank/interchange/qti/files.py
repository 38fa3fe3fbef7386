"""The figures and recordings that a document of a package stands on, taken only as the bank may keep them.
A file that is gone, elsewhere, or not what it is called is a problem of the item that wants it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from itembank.interchange.archive import Archive, beside, shown
from itembank.interchange.remarks import Slate
from itembank.interchange.xml import Node
from itembank.items.figures import NewFigure, read_picture
from itembank.items.refused import Refusal
from itembank.items.sound import NewRecording, read_sound

TYPES = {
    ".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp", ".wav": "audio/wav", ".ogg": "audio/ogg",
    ".opus": "audio/ogg", ".oga": "audio/ogg", ".mp3": "audio/mpeg",
}  # fmt: skip
ENDINGS = {"image/svg+xml": "svg", "image/png": "png", "image/webp": "webp", "audio/wav": "wav", "audio/ogg": "opus",
           "audio/mpeg": "mp3"}  # fmt: skip
ALSO = {"audio/x-wav": "audio/wav", "audio/wave": "audio/wav", "audio/mp3": "audio/mpeg", "audio/opus": "audio/ogg",
        "image/svg": "image/svg+xml"}  # fmt: skip
_NAME = re.compile(r"[a-z0-9-]{1,40}")


@dataclass
class Place:
    """A document of the package, and what its text may refer to."""

    archive: Archive
    file: str
    language: str
    slate: Slate
    catalogs: Mapping[str, Mapping[str, Node]] = field(default_factory=dict)

    def fetch(self, address: str) -> tuple[str, bytes] | None:
        """Name and bytes of the file at an address; None where it is a problem, which is noted."""
        name = beside(self.file, address)
        if name is None:
            self.slate.problem("qti_elsewhere", file=shown(self.file))
        elif name not in self.archive:
            self.slate.problem("qti_missing", file=shown(name))
        else:
            return name, self.archive.read(name)
        return None

    def at(self, file: str) -> Place:
        """Another document of the same item."""
        return Place(self.archive, file, self.language, self.slate)


def figure(place: Place, node: Node, figures: dict[str, NewFigure], description: str | None) -> str | None:
    """The name under which the picture of an `img` or `object` stands among the figures; None where it is refused."""
    fetched = place.fetch(node.attributes.get("src") or node.attributes.get("data") or "")
    if fetched is None:
        return None
    file, data = fetched
    try:
        picture = read_picture(data)
    except Refusal as error:
        place.slate.problem("qti_picture", file=shown(file), reason=str(error))
        return None
    if not _is_what_it_says(place, file, node.attributes.get("type"), picture.type):
        return None
    alternative = node.attributes.get("alt") or node.words
    if not alternative.strip():
        place.slate.note("qti_untold", file=shown(file))
    found = NewFigure(data, alternative, description)
    name = _name(node.attributes.get("data-figure"), file, found, figures)
    figures[name] = found
    return name


def recording(place: Place, node: Node, title: str, transcript: str, plays: int) -> NewRecording | None:
    """What is heard from an `audio` or `object`; None where it is refused."""
    sources = node.named("source")
    first = sources[0] if sources else node
    if len(sources) > 1:
        place.slate.note("qti_sources", n=len(sources))
    fetched = place.fetch(first.attributes.get("src") or first.attributes.get("data") or "")
    if fetched is None:
        return None
    file, data = fetched
    try:
        sound = read_sound(data)
    except Refusal as error:
        place.slate.problem("qti_sound", file=shown(file), reason=str(error))
        return None
    if not _is_what_it_says(place, file, first.attributes.get("type"), sound.type):
        return None
    if not transcript.strip() or not title.strip():
        place.slate.note("qti_unheard", file=shown(file))
    return NewRecording(data, title, transcript, plays)


def _is_what_it_says(place: Place, file: str, declared: str | None, found: str) -> bool:
    """Whether the bytes are of the type that the name and the document give them."""
    by_name = TYPES.get(posixpath.splitext(file)[1].lower())
    said = [ALSO.get(each, each) for each in (by_name, (declared or "").split(";")[0].strip().lower()) if each]
    wrong = [each for each in said if each != found]
    if wrong:
        place.slate.problem("qti_type", file=shown(file), declared=shown(wrong[0]), found=found)
    return not wrong


def _name(wanted: str | None, file: str, found: NewFigure, figures: Mapping[str, NewFigure]) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", posixpath.splitext(posixpath.basename(file))[0].lower()).strip("-")
    first = wanted if wanted and _NAME.fullmatch(wanted) else stem[:36] or "figure"
    names = [first, *(f"{first[:36]}-{n}" for n in range(2, 100))]
    return next(name for name in names if figures.get(name, found) == found)
