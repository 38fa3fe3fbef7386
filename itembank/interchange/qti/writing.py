"""Items as a QTI 3 package: a file for each language of an item, passages and media kept once, and a manifest.
The same items give the same bytes."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from itembank.interchange.markup import HEAD, el
from itembank.interchange.outline import Outline
from itembank.interchange.qti.body_out import BodyWriter
from itembank.interchange.qti.files import ENDINGS
from itembank.interchange.qti.lom import metadata
from itembank.interchange.qti.manifest import FILE
from itembank.interchange.qti.names import identifier
from itembank.interchange.qti.prose import flow
from itembank.interchange.qti.tests_out import written_test
from itembank.interchange.source import read_blocks
from itembank.items.content import NewItem
from itembank.items.figures import NewFigure, read_picture
from itembank.items.parts import NewText
from itembank.items.sound import NewRecording, read_sound

ASI = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
CP = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
ITEM, STIMULUS, MEDIA = "imsqti_item_xmlv3p0", "imsqti_stimulus_xmlv3p0", "webcontent"
TEST = "imsqti_test_xmlv3p0"
FIRST_DAY = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say: no package tells when it was made


@dataclass(frozen=True)
class Written:
    """A resource of the package: its file and what it needs."""

    identifier: str
    type: str
    file: str
    data: bytes
    needs: tuple[str, ...] = ()
    metadata: str = ""


class PackageWriter:
    """Gathers resources, each once."""

    def __init__(self) -> None:
        self._found: dict[str, Written] = {}

    def add(self, item: NewItem) -> None:
        """Puts every language of the item in."""
        for language, text in sorted(item.texts.items()):
            document = _Document(self, language)
            data = document.item(item, text)
            name = f"{identifier(item.code)}-{language}"
            needs = tuple(dict.fromkeys(document.needs))
            self.put(Written(name, ITEM, f"items/{name}.xml", data, needs, metadata(item, language)))

    def add_test(self, outline: Outline, language: str) -> None:
        """Puts a test in, in one language; its items have been."""
        entries = {entry.item: f"{identifier(entry.item)}-{language}" for entry in outline.entries()}
        name = f"{identifier(outline.identifier, 't')}-{language}"
        data = written_test(outline, language, lambda code: f"../items/{entries[code]}.xml", ASI)
        self.put(Written(name, TEST, f"tests/{name}.xml", (HEAD + data).encode(), tuple(entries.values())))

    def put(self, resource: Written) -> None:
        """Puts a resource in."""
        self._found[resource.identifier] = resource

    def media(self, data: bytes, kind: str) -> Written:
        """The picture or sound, in the package once however often it is used."""
        name = hashlib.sha256(data).hexdigest()[:20]
        found = Written(f"m-{name}", MEDIA, f"media/{name}.{ENDINGS[kind]}", data)
        self.put(found)
        return found

    def stimulus(self, name: str, language: str, text: NewText) -> Written:
        """The passage as a file of its own, once for all items with that wording and those pictures."""
        document = _Document(self, language)
        body = document.flow(text.passage or "", text)
        catalog = document.catalogs()
        digest = hashlib.sha256((body + catalog).encode()).hexdigest()[:8]
        known = f"{identifier(name, 's')}-{language}-{digest}"
        root = el("qti-assessment-stimulus", el("qti-stimulus-body", body), catalog, xmlns=ASI, identifier=known,
                  title=name, xml__lang=language)  # fmt: skip
        found = Written(known, STIMULUS, f"stimuli/{known}.xml", (HEAD + root).encode(), tuple(document.needs))
        self.put(found)
        return found

    def package(self) -> bytes:
        """The zip."""
        resources = "".join(_resource(each) for each in self._found.values())
        about = el("metadata", el("schema", "QTI Package"), el("schemaversion", "3.0.0"))
        manifest = el("manifest", about, el("organizations"), el("resources", resources), xmlns=CP, identifier="synak")
        kept = io.BytesIO()
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in [(FILE, (HEAD + manifest).encode()), *((e.file, e.data) for e in self._found.values())]:
                archive.writestr(zipfile.ZipInfo(name, FIRST_DAY), data, zipfile.ZIP_DEFLATED)
        return kept.getvalue()


def write_qti(items: Sequence[NewItem], outlines: Mapping[str, Outline] | None = None) -> bytes:
    """A QTI 3 package of these items in all their languages; Invalid names an item that cannot be written.

    With `outlines` also the test that they make, in each of these languages."""
    writer = PackageWriter()
    for item in items:
        writer.add(item)
    for language, outline in sorted((outlines or {}).items()):
        writer.add_test(outline, language)
    return writer.package()


class _Document:
    """One file that refers to others: what it needs, and the catalogue of what is told at length."""

    def __init__(self, writer: PackageWriter, language: str) -> None:
        self.writer, self.language = writer, language
        self.needs: list[str] = []
        self._cards: list[tuple[str, str]] = []

    def item(self, item: NewItem, text: NewText) -> bytes:
        """The item file in its language."""
        parts = BodyWriter(item, text, self.language, lambda name: self.image(name, text)).parts()
        heard = self._recording(text.recording) if text.recording else ""
        rubric = el("qti-rubric-block", el("qti-content-body", self.flow(text.rubric, text)), view="scorer",
                    use="scoring") if text.rubric.strip() else ""  # fmt: skip
        outcome = el("qti-outcome-declaration", identifier="SCORE", cardinality="single", base_type="float")
        heard_key = el("qti-response-declaration", identifier="HEARD", cardinality="single", base_type="integer")
        root = el(
            "qti-assessment-item", parts.declarations, heard_key if heard else "", outcome, self._passage(item, text),
            el("qti-item-body", heard, parts.body, rubric), self.catalogs(), parts.processing,
            xmlns=ASI, identifier=f"{identifier(item.code)}-{self.language}", title=item.code, adaptive="false",
            time_dependent="false", xml__lang=self.language,
        )  # fmt: skip
        return (HEAD + root).encode()

    def flow(self, source: str, text: NewText) -> str:
        """Paragraphs with the figures of a text."""
        def image(name: str) -> str:
            return self.image(name, text)

        return flow(read_blocks(source), self.language, {"figure": image, "gap": lambda name: f"[[{name}]]"})

    def image(self, name: str, text: NewText) -> str:
        """The figure of that name; one that the text does not have stays a word."""
        found: NewFigure | None = text.figures.get(name)
        if found is None:
            return f"![{name}]"
        media = self.writer.media(found.data, read_picture(found.data).type)
        self.needs.append(media.identifier)
        told = self._card("long-description", found.description) if found.description else None
        return el("img", src=f"../{media.file}", alt=found.alternative, data_figure=name, data_catalog_idref=told)

    def catalogs(self) -> str:
        """The catalogue of the document, if anything in it is told at length."""
        cards = (
            el("qti-catalog", el("qti-card", el("qti-html-content", content), support=support), id=f"catalog-{n}")
            for n, (support, content) in enumerate(self._cards, start=1)
        )
        return el("qti-catalog-info", *cards) if self._cards else ""

    def _card(self, support: str, source: str) -> str:
        place = {"figure": lambda name: f"![{name}]", "gap": lambda name: f"[[{name}]]"}
        card = support, flow(read_blocks(source), self.language, place)
        if card not in self._cards:
            self._cards.append(card)
        return f"catalog-{self._cards.index(card) + 1}"

    def _recording(self, recording: NewRecording) -> str:
        sound = read_sound(recording.data)
        media = self.writer.media(recording.data, sound.type)
        self.needs.append(media.identifier)
        told = self._card("transcript", recording.transcript) if recording.transcript.strip() else None
        audio = el("audio", el("source", src=f"../{media.file}", type=sound.type), title=recording.title,
                   data_catalog_idref=told)  # fmt: skip
        return el("qti-media-interaction", audio, response_identifier="HEARD", autostart="false", loop="false",
                  max_plays=str(recording.plays))  # fmt: skip

    def _passage(self, item: NewItem, text: NewText) -> str:
        if text.passage is None:
            return ""
        found = self.writer.stimulus(item.passage or item.code, self.language, text)
        self.needs.append(found.identifier)
        return el("qti-assessment-stimulus-ref", identifier=found.identifier, href=f"../{found.file}",
                  title=item.passage or item.code)  # fmt: skip


def _resource(found: Written) -> str:
    needs = "".join(el("dependency", identifierref=each) for each in found.needs)
    about = el("metadata", found.metadata) if found.metadata else ""
    return el("resource", about, el("file", href=found.file), needs, identifier=found.identifier, type=found.type,
              href=found.file)  # fmt: skip
