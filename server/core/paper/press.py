"""Sets a paper with typst, which nobody else imports. Same paper, same bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import typst

from server.core.paper.blocks import Paper
from server.core.paper.booklet import Booklet, Figure
from server.core.qr import qr_svg
from server.core.vault import Vault

HERE = Path(__file__).parent
PAGE, BOOKLET = "page.typ", "booklet.typ"
SHORT = 16
DOTS_A_MM = 4  # of a picture on paper
# What no printer shows, and what would turn the text around it: a name must read as it is written.
UNPRINTABLE = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


@dataclass(frozen=True)
class Printed:
    """A paper as PDF and the digest that stands on it."""

    pdf: bytes
    digest: str


def digest_of(vault: Vault, paper: Paper) -> str:
    """The short digest that stands on the paper; keyed, so that nobody makes one or guesses a code from it."""
    said = json.dumps(asdict(paper), ensure_ascii=False, sort_keys=True, default=_bytes_said)
    return vault.mac("paper", said.encode("utf-8", "replace")).hex()[:SHORT]


def press(vault: Vault, paper: Paper) -> Printed:
    """The paper as a tagged PDF (PDF/UA-1 wherever the fonts have all its letters)."""
    digest = digest_of(vault, paper)
    foot = replace(paper.foot, check=paper.foot.check.replace("{digest}", digest),
                   address=paper.foot.address.replace("{digest}", digest))  # fmt: skip
    whole = asdict(replace(paper, foot=foot, blocks=()))
    whole["blocks"] = [_drawable(block) for block in paper.blocks]
    whole["codes"] = {text: qr_svg(text) for text in (foot.address, *_scanned(whole))}
    return Printed(_set(PAGE, whole, paper.stamp), digest)


def _bytes_said(value: object) -> str:
    """A picture as the digest of a paper covers it."""
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    raise TypeError(f"{type(value)} stands on no paper")


def press_booklet(booklet: Booklet) -> bytes:
    """The test as a tagged PDF, every copy one behind the other."""
    whole = asdict(replace(booklet, blocks=()))
    whole["blocks"] = [_drawable(block) for block in booklet.blocks]
    return _set(BOOKLET, whole, booklet.stamp)


def _drawable(block: Any) -> dict[str, Any]:
    """The block with its pictures as numbers, which is how JSON carries bytes, and how wide each is on paper."""
    if not hasattr(block, "figures"):
        return asdict(block)
    figures: Mapping[str, Figure] = block.figures
    return asdict(replace(block, figures={})) | {"figures": {
        name: {"data": list(each.data), "type": each.type, "alternative": each.alternative,
               "width_mm": each.width / DOTS_A_MM}
        for name, each in figures.items()
    }}  # fmt: skip


def _set(source: str, whole: dict[str, Any], stamp: int) -> bytes:
    inputs = {"paper": json.dumps(_printable(whole), ensure_ascii=False)}
    try:
        return _compile(source, inputs, stamp, ["ua-1"])
    except typst.TypstError:
        # A letter that no font here has is shown as a box, which PDF/UA forbids: then tagged, but not certified.
        return _compile(source, inputs, stamp, [])


def _compile(source: str, inputs: dict[str, str], stamp: int, standards: list[typst.PDFStandard]) -> bytes:
    compiler = typst.Compiler(_source(source), root=str(HERE), sys_inputs=inputs, ignore_system_fonts=True)
    pdf = compiler.compile(format="pdf", pdf_standards=standards, timestamp=stamp)
    if not isinstance(pdf, bytes):
        raise TypeError("a paper is one file")
    return pdf


@cache
def _source(name: str) -> bytes:
    return (HERE / name).read_bytes()


def _scanned(whole: dict[str, Any]) -> list[str]:
    return [slip["scanned"] for block in whole["blocks"] for slip in block.get("slips", ())]


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value)
    if isinstance(value, dict):
        return {_printable(key): _printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(each) for each in value]
    return value
