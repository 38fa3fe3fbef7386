"""Papers: what goes in as data comes out as it is, and the same data makes the same file."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from server.core.paper import Paper, digest_of, press
from server.core.paper.blocks import (
    Block,
    Facts,
    Foot,
    Heading,
    Lines,
    NewPage,
    Place,
    Plan,
    Points,
    Signatures,
    Slip,
    Slips,
    Table,
    Text,
)
from server.core.vault import Vault

VAULT = Vault(bytes(32), bytes(range(32)))
FOOT = Foot("Page {n} of {all}", "Digest {digest}", "https://synak.example/papers?digest={digest}")
HOSTILE = (
    '#panic("x")', "$a$ *b* _c_", "back\\slash \\u{41}", "'one' \"two\"", "@ref <label>", "= Heading", "#let x = 1",
    "// no comment", "/* nor this */", "{n} {all} {digest}", "%(n)s", "]]}})", "https://evil.example", "~ -- --- ...",
)  # fmt: skip


def a_paper(*blocks: Block, **changes: object) -> Paper:
    paper = Paper("ky", "Катышуу барагы", "Мектеп 12 · 204", FOOT, 1_778_554_800, blocks)
    return replace(paper, **changes)


def a_slip(name: str = "Үсөнова Айгүл", scanned: str = "26-001-00008-1") -> Slips:
    return Slips((Slip(name, (("Орун", "7"),), "Код", "NWXT-P4VX", scanned, "QR"),))


def read(paper: Paper) -> str:
    """The text of all pages, white space made plain."""
    pages = PdfReader(io.BytesIO(press(VAULT, paper).pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).replace("\u200b", "").split())


def everywhere(name: str) -> tuple[Block, ...]:
    return (
        Heading(name), Text(name), Text(name, "said"), Facts(((name, name),)), Points((name,)),
        Table((name,), ((name,),), (1,)), Signatures(((name, name),), name), a_slip(name, name),
        Plan((Place(1, 1, "1", (name,)),), 2, 2, (1, 1), 50, name, "1 m"), NewPage(), Lines(2),
    )  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_read_as_markup(name: str) -> None:
    squeezed = "".join(read(a_paper(*everywhere(name), title=name, head=name)).split())
    # 14 times in the blocks, in the heading of the paper, and at the top of each of its pages with the title.
    assert squeezed.count("".join(name.split())) >= 14


@pytest.mark.parametrize("name", ["ңөүҢӨҮ", "Үсөнова Айгүл Бакытовна", "Ёлкина-Щукарёва Ъ.", "O'Brien–Łoś", "שלום"])
def test_letters_of_our_languages_and_others_are_there(name: str) -> None:
    pdf = press(VAULT, a_paper(Text(name), a_slip(name))).pdf
    assert name in read(a_paper(Text(name)))
    assert b"pdfuaid" in pdf


def test_a_name_in_letters_that_no_font_here_has_still_gives_a_paper() -> None:
    pdf = press(VAULT, a_paper(Text("李雷"), Text("Үсөнова"))).pdf
    assert b"pdfuaid" not in pdf
    assert "Үсөнова" in PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


def test_what_would_turn_or_hide_the_text_around_it_is_left_out() -> None:
    assert "Adminabc" in read(a_paper(Text("Admin\u202eabc\u2066\x07\ud800")))


def test_a_very_long_name_breaks_and_loses_nothing() -> None:
    long = "ы" * 700 + "ң"
    text = "".join(read(a_paper(Table(("А", "Б"), ((long, "конец"),), (1, 1)), a_slip())).split())
    assert long in text
    assert text.index("конец") > 0


def test_the_same_data_makes_the_same_bytes_and_other_data_another_digest() -> None:
    one, other = a_paper(*everywhere("Айгүл")), a_paper(*everywhere("Айгуль"))
    first, again = press(VAULT, one), press(VAULT, one)
    assert first == again
    assert first.digest in read(one)
    assert press(VAULT, other).digest != first.digest
    assert digest_of(Vault(bytes(32), bytes(range(1, 33))), one) != first.digest


def test_the_file_says_its_language_title_and_is_tagged() -> None:
    reader = PdfReader(io.BytesIO(press(VAULT, a_paper(Text("Мисал"))).pdf))
    root = reader.trailer["/Root"]
    assert reader.metadata is not None
    assert (root["/Lang"], reader.metadata.title) == ("ky", "Катышуу барагы")
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_each_page_has_its_number_and_what_paper_it_is() -> None:
    pages = PdfReader(io.BytesIO(press(VAULT, a_paper(Text("one"), NewPage(), Text("two"))).pdf)).pages
    for n, page in enumerate(pages, 1):
        text = page.extract_text().replace("\u200b", "")  # where a long word may break
        assert f"Page {n} of 2" in text
        assert "Мектеп 12 · 204" in text


def test_a_mark_stands_across_every_page_and_changes_the_digest() -> None:
    plain = a_paper(Text("one"), NewPage(), Text("two"))
    marked = replace(plain, mark="Асанова AAAA-2222")
    printed = press(VAULT, marked)
    for page in PdfReader(io.BytesIO(printed.pdf)).pages:
        assert "".join(page.extract_text().split()).count("AAAA-2222") > 20
    assert printed.digest != press(VAULT, plain).digest
