"""Packages as other systems make them, written by hand for tests: in the words of QTI 2, and turned into QTI 3's."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

from itembank.interchange.qti.package import Package
from itembank.interchange.remarks import Defaults, Outcome
from itembank.interchange.xml import tags

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8ffff3f0005fe02fe0def46b80000"
    "000049454e44ae426082"
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200"><rect x="1" y="1" width="9" height="9"/></svg>'
SPACES = {
    "2.0": "http://www.imsglobal.org/xsd/imsqti_v2p0",
    "2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1", "2.2": "http://www.imsglobal.org/xsd/imsqti_v2p2",
    "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0",
}  # fmt: skip
TYPES = {version: f"imsqti_item_xmlv{version.replace('.', 'p')}" for version in SPACES}
OF_QTI = tags(
    "assessmentItem responseDeclaration correctResponse value mapping mapEntry outcomeDeclaration itemBody "
    "responseProcessing choiceInteraction simpleChoice prompt orderInteraction matchInteraction simpleMatchSet "
    "simpleAssociableChoice gapMatchInteraction gapText gap inlineChoiceInteraction inlineChoice "
    "textEntryInteraction extendedTextInteraction hotspotInteraction hotspotChoice rubricBlock equal variable "
    "correct responseCondition responseIf setOutcomeValue baseValue mediaInteraction associateInteraction "
    "feedbackBlock infoControl modalFeedback templateDeclaration assessmentStimulusRef assessmentStimulus stimulusBody "
    "contentBody "
    "catalogInfo catalog card htmlContent customInteraction feedbackInline stylesheet "
)
DEFAULTS = Defaults("geography", "north", "medium", "ky")


def item(body: str, declarations: str = "", processing: str = "", version: str = "2.1", **attributes: str) -> str:
    """An item file; everything is written in the words of QTI 2 and turned into those of QTI 3 where that is asked."""
    named = {"identifier": "Q-1", "title": "Q-1", "adaptive": "false", "timeDependent": "false", "xml:lang": "ky"}
    given = " ".join(f'{name}="{value}"' for name, value in {**named, **attributes}.items())
    text = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<assessmentItem xmlns="{SPACES[version]}" {given}>{declarations}'
        f'<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        f"<itemBody>{body}</itemBody>{processing}</assessmentItem>"
    )
    return to_three(text) if version == "3.0" else text


def to_three(text: str) -> str:
    """The same document in the words of QTI 3."""
    def tag(found: re.Match[str]) -> str:
        attributes = re.sub(r'([a-z]+(?:[A-Z][a-z]+)+)="', lambda name: f'{kebab(name[1])}="', found[3])
        name = f"qti-{kebab(found[2])}" if found[2] in OF_QTI else found[2]
        return f"<{found[1]}{name}{attributes}>"

    return re.sub(r"<(/?)([A-Za-z]+)([^<>]*)>", tag, text)


def kebab(name: str) -> str:
    """`responseIdentifier` as `response-identifier`."""
    return re.sub(r"([A-Z])", lambda found: f"-{found[1].lower()}", name)


def declared(*values: str, cardinality: str = "single", base: str = "identifier", name: str = "RESPONSE") -> str:
    """A response with its right values."""
    right = "".join(f"<value>{value}</value>" for value in values)
    return (
        f'<responseDeclaration identifier="{name}" cardinality="{cardinality}" baseType="{base}">'
        f"<correctResponse>{right}</correctResponse></responseDeclaration>"
    )


def package(items: Mapping[str, str | bytes], files: Mapping[str, str | bytes] | None = None, version: str = "2.1",
            about: str = "") -> bytes:  # fmt: skip
    """A package of these item files by their names, and of other files."""
    resources = "".join(
        f'<resource identifier="R{n}" type="{TYPES[version]}" href="{name}">{about}<file href="{name}"/></resource>'
        for n, name in enumerate(items)
    ) + "".join(f'<resource identifier="F{n}" type="webcontent" href="{name}"><file href="{name}"/></resource>'
                for n, name in enumerate(files or {}))  # fmt: skip
    manifest = (
        '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="M"><organizations/>'
        f"<resources>{resources}</resources></manifest>"
    )
    return zipped({"imsmanifest.xml": manifest, **items, **(files or {})})


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """The files as a zip."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return kept.getvalue()


def imported(document: str | bytes, files: Mapping[str, str | bytes] | None = None, version: str = "2.1") -> Outcome:
    """What becomes of a package with this one item."""
    [outcome] = Package(package({"items/q.xml": document}, files, version), DEFAULTS)
    return outcome
