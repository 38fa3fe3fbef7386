"""A package that wants more than to be read is refused with the reason, and a broken one breaks nothing."""

from __future__ import annotations

import io
import random
import stat
import struct
import zipfile
import zlib

import pytest

from itembank.interchange.archive import Archive, beside
from itembank.interchange.qti.package import Package
from itembank.interchange.qti.writing import write_qti
from itembank.interchange.xml import parse
from server.core.errors import CatError, Invalid
from tests.factories.itembank import new_item
from tests.factories.packages import DEFAULTS, PNG, SVG, declared, imported, item, package, zipped

CHOICES = '<simpleChoice identifier="A">a</simpleChoice><simpleChoice identifier="B">b</simpleChoice>'
CHOICE = f'<choiceInteraction responseIdentifier="RESPONSE" maxChoices="1">{CHOICES}</choiceInteraction>'
GOOD = item(f"<p>?</p>{CHOICE}", declared("A"))


def refusal(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        Package(data, DEFAULTS)
    return refused.value.code


def problems(document: str | bytes, **files: str | bytes) -> list[str]:
    outcome = imported(document, {name.replace("__", "/").replace("_", "."): data for name, data in files.items()})
    assert outcome.item is None
    return [each.code for each in outcome.problems]


@pytest.mark.parametrize("name", ["../evil.xml", "a/../../evil.xml", "/etc/passwd", "C:/x.xml", "a\\b.xml", "a//b.xml"])
def test_a_name_that_leads_out_of_the_package(name: str) -> None:
    assert refusal(zipped({"imsmanifest.xml": "<manifest/>", name: "x"})) == "package_path"


@pytest.mark.parametrize("address", ["../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "http://evil/x.png", "",
                                     "%2e%2e/%2e%2e/x", "\\\\host\\x", "data:image/png;base64,AA"])  # fmt: skip
def test_an_address_that_leads_out_of_the_package(address: str) -> None:
    assert beside("items/q.xml", address) is None


def test_a_resource_outside_the_package() -> None:
    manifest = '<manifest><resources><resource type="imsqti_item_xmlv2p1" href="../q.xml"/></resources></manifest>'
    assert refusal(zipped({"imsmanifest.xml": manifest})) == "package_path"


def test_a_link() -> None:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        link = zipfile.ZipInfo("items/q.xml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert refusal(kept.getvalue()) == "package_link"


def test_a_bomb() -> None:
    assert refusal(zipped({"imsmanifest.xml": "<manifest/>", "x.bin": bytes(8_000_000)})) == "package_bomb"


def test_a_file_that_lies_in_another() -> None:
    data = bytearray(zipped({"imsmanifest.xml": "<manifest/>", "a": PNG, "b": PNG}))
    first, second = (data.rfind(b"PK\x01\x02", 0, at) for at in (data.rfind(b"PK\x01\x02"), len(data)))
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert refusal(bytes(data)) == "package_bomb"


def test_a_size_that_is_not_the_one_declared() -> None:
    data = bytearray(zipped({"imsmanifest.xml": "<manifest/>" + " " * 200}))
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 50)
    assert refusal(bytes(data)) == "package_file_broken"


def test_a_name_given_twice() -> None:
    assert refusal(zipped({"imsmanifest.xml": "<manifest/>", "A.xml": "1", "a.XML": "2"})) == "package_twice"


def test_a_locked_file() -> None:
    data = bytearray(zipped({"imsmanifest.xml": "<manifest/>"}))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == "package_locked"


@pytest.mark.parametrize(("data", "code"), [
    (b"", "package_no_zip"), (b"GIF89a", "package_no_zip"), (b"PK\x03\x04 and nothing else", "package_broken"),
    (zipped({"other.xml": "<a/>"}), "package_no_manifest"),
    (zipped({"imsmanifest.xml": "<html/>"}), "package_no_manifest"),
    (zipped({"imsmanifest.xml": "<manifest>"}), "xml_broken"),
    (zipped({"imsmanifest.xml": "<manifest/>"}), "package_no_items"),
    (package({"q.xml": "<questestinterop/>"}), "package_old"),
])  # fmt: skip
def test_what_is_no_package(data: bytes, code: str) -> None:
    assert refusal(data) == code


XXE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem>&x;</assessmentItem>'
MORE = "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdef", "bcdefg", strict=True))
LAUGHS = f"<!DOCTYPE a [<!ENTITY a 'ha'>{MORE}]><a>&g;</a>"
DTD = '<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>'


@pytest.mark.parametrize("document", [XXE, LAUGHS, DTD, XXE.encode("utf-16")])
def test_whoever_declares_entities_is_refused_with_the_whole_package(document: str | bytes) -> None:
    assert refusal(package({"good.xml": GOOD, "q.xml": document})) == "xml_declares"
    assert refusal(zipped({"imsmanifest.xml": document})) == "xml_declares"


def test_a_thousand_elements_in_each_other() -> None:
    assert refusal(package({"q.xml": "<a>" * 1000 + "</a>" * 1000})) == "xml_huge"


def test_more_elements_than_any_item_has() -> None:
    with pytest.raises(Invalid) as refused:
        parse(b"<a>" + b"<b/>" * 100_001 + b"</a>", "q.xml")
    assert refused.value.code == "xml_huge"


def test_a_broken_file_costs_its_own_item_alone() -> None:
    outcomes = list(Package(package({"good.xml": GOOD, "q.xml": "<assessmentItem><p></assessmentItem>"}), DEFAULTS))
    assert [(each.item is not None, [p.code for p in each.problems]) for each in outcomes] == [
        (True, []), (False, ["xml_broken"]),
    ]  # fmt: skip


@pytest.mark.parametrize(("body", "code"), [
    ("<script>alert(1)</script>", "qti_active"),
    ('<p onclick="alert(1)">?</p>', "qti_active"),
    ('<p><a href=" JavaScript:alert(1)">?</a></p>', "qti_active"),
    ('<p><img src="data:image/png;base64,AA" alt="x"/></p>', "qti_active"),
    ('<iframe src="http://evil.example"/>', "qti_active"),
    ('<customInteraction responseIdentifier="R"/>', "qti_active"),
    ('<p><svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg></p>', "qti_foreign"),
    ('<include xmlns="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>', "qti_foreign"),
    ('<p><img src="http://evil.example/x.png" alt="x"/></p>', "qti_elsewhere"),
    ('<p><img src="../../../etc/passwd" alt="x"/></p>', "qti_elsewhere"),
    ('<p><img src="gone.png" alt="x"/></p>', "qti_missing"),
    ("<table><tr><td>1</td></tr></table>", "qti_element"),
    ('<object type="application/x-shockwave-flash" data="a.swf"/>', "qti_element"),
])  # fmt: skip
def test_what_runs_or_calls_elsewhere_has_no_place_in_an_item(body: str, code: str) -> None:
    assert code in problems(item(body + CHOICE, declared("A")))


IMAGE = item('<p><img src="{}" alt="x"/></p>' + CHOICE, declared("A"))


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return PNG[:8] + struct.pack(">I", len(head)) + chunk + struct.pack(">I", zlib.crc32(chunk)) + PNG[33:]


@pytest.mark.parametrize(("name", "data", "code"), [
    ("x.png", png(60_000, 60_000), "qti_picture"),
    ("x.png", SVG, "qti_type"),
    ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><script>1</script></svg>', "qti_picture"),
    ("x.svg", b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="x()"/>', "qti_picture"),
    ("x.svg", b'<!DOCTYPE svg [<!ENTITY x "y">]><svg xmlns="http://www.w3.org/2000/svg"/>', "qti_picture"),
    ("x.png", PNG + b"<script>", "qti_picture"),
    ("x.png", b"MZ" + bytes(64), "qti_picture"),
    ("x.jpg", b"\xff\xd8\xff\xe0" + bytes(64), "qti_picture"),
])  # fmt: skip
def test_a_picture_that_is_not_what_the_bank_keeps(name: str, data: bytes, code: str) -> None:
    outcome = imported(IMAGE.format(name), {f"items/{name}": data})
    assert [each.code for each in outcome.problems] == [code]


def test_no_remark_holds_a_word_of_the_item() -> None:
    body = '<p>Жашыруун</p><table/><p onclick="Жашыруун()">x</p><math><mi>Жашыруун</mi><mfrac/></math>'
    outcome = imported(item(body + CHOICE.replace(">a<", ">Жашыруун<"), declared("Жашыруун")))
    assert outcome.problems
    assert "Жашыруун" not in repr((outcome.problems, outcome.notes))


def test_a_package_with_a_byte_changed_anywhere_is_read_or_refused_and_never_breaks_the_reader() -> None:
    data = write_qti([new_item(), new_item("GEO-2", type="text_entry", number="1", texts={})])
    draw = random.Random(5)
    for _ in range(400):
        changed = bytearray(data)
        for _ in range(draw.choice((1, 1, 3))):
            changed[draw.randrange(len(changed))] = draw.randrange(256)
        try:
            list(Package(bytes(changed[: draw.choice((len(data), draw.randrange(len(data))))]), DEFAULTS))
        except CatError:
            continue


def test_an_item_changed_anywhere_is_read_or_refused_and_never_breaks_the_reader() -> None:
    archive = Archive(write_qti([new_item()]))
    files = {name: archive.read(name) for name in archive.names}
    draw = random.Random(6)
    for _ in range(400):
        name = draw.choice(list(files))
        words = files[name].split(b" ")
        at, other = draw.randrange(len(words)), draw.randrange(len(words))
        words[at] = draw.choice((b"", words[other], words[at][::-1], words[at] + words[other]))
        try:
            list(Package(zipped({**files, name: b" ".join(words)}), DEFAULTS))
        except CatError:
            continue
